//! What a researcher expects of clusters.

use super::*;
use crate::{Classifier, Response, Scratch};

fn corpus(responses: &[Response]) -> Corpus {
    let classifier = Classifier::builder().build().unwrap();
    let (mut corpus, mut scratch) = (Corpus::new(), Scratch::default());
    for response in responses {
        let coded = classifier.classify(response, &mut scratch);
        corpus.add(Answer::new(&classifier, response, &coded, &mut scratch));
    }
    corpus
}

fn responses(texts: &[&str]) -> Vec<Response> {
    let numbered = texts.iter().enumerate();
    numbered
        .map(|(i, text)| Response::new(format!("r{i}"), *text))
        .collect()
}

fn k(k: usize) -> Options {
    Options {
        k: Some(k),
        ..Options::default()
    }
}

const TEXTS: [&str; 16] = [
    "budget is low",
    "the road to the clinic is broken",
    "বাজেট কম",
    "ক্লিনিকের রাস্তা ভাঙা",
    "we have too little budget",
    "broken roads, the ambulance cannot come",
    "বাজেটের অভাব আছে",
    "রাস্তা খারাপ, গাড়ি চলে না",
    "the budget is not enough",
    "the road is bad in the rains",
    "আমাদের বাজেট খুব কম",
    "ভাঙা রাস্তায় গাড়ি আসে না",
    "budget khub kom",
    "rasta bhanga",
    "more budget is needed",
    "repair the road",
];

#[test]
fn answers_of_one_meaning_fall_together_whatever_their_language() {
    let found = corpus(&responses(&TEXTS)).cluster(&k(2));
    let of: Vec<Option<usize>> = found.assignments.iter().map(|a| a.1).collect();
    assert_eq!(of[0], of[2], "budget is low, বাজেট কম");
    assert_ne!(of[0], of[1], "{of:?}");
    assert_eq!(of[1], of[3], "the road is broken, রাস্তা ভাঙা");
    let money = &found.clusters[of[0].unwrap()];
    assert!(
        money.label[0].contains("budget") && money.label[0].contains("বাজেট"),
        "side by side: {:?}",
        money.label
    );
}

#[test]
fn the_same_answers_and_seed_give_the_same_clusters() {
    let corpus = corpus(&responses(&TEXTS));
    let density = Options {
        method: Method::Density,
        ..Options::default()
    };
    for options in [k(3), Options::default(), density] {
        let once = corpus.cluster(&options);
        assert_eq!(once, corpus.cluster(&options));
        for threads in [1, 2, 8] {
            let again = crate::parallel::on_threads(threads, || corpus.cluster(&options));
            assert_eq!(once, again, "{threads} threads");
        }
    }
}

#[test]
fn moderators_and_texts_without_words_are_in_no_cluster() {
    let mut all = responses(&[
        "budget is low",
        "",
        "?!",
        "What is the problem?",
        "Budget is low.",
    ]);
    all[3].moderator = true;
    let found = corpus(&all).cluster(&k(2));
    let of: Vec<Option<usize>> = found.assignments.iter().map(|a| a.1).collect();
    assert_eq!(of, [Some(0), None, None, None, Some(0)]);
    assert_eq!((found.clusters[0].size, found.distinct), (2, 1));
    assert_eq!(
        found.clusters[0].quotes.len(),
        1,
        "the same answer is quoted once"
    );
}

#[test]
fn few_equal_or_no_answers_give_fewer_clusters() {
    assert_eq!(corpus(&[]).cluster(&Options::default()).clusters, []);
    assert_eq!(corpus(&responses(&["", " "])).cluster(&k(5)).clusters, []);
    for options in [k(5), Options::default()] {
        let one = corpus(&responses(&["budget is low"])).cluster(&options);
        assert_eq!((one.clusters.len(), one.clusters[0].size), (1, 1));
        let equal = corpus(&responses(&["বাজেট কম"; 9])).cluster(&options);
        assert_eq!((equal.clusters.len(), equal.clusters[0].size), (1, 9));
        assert!(
            equal.too_few && !equal.clusters[0].stable,
            "it is one answer"
        );
        let two = corpus(&responses(&["budget is low", "broken road"])).cluster(&options);
        assert!(two.clusters.len() <= 2);
    }
    // Words of which nothing is known have no direction, and do no harm.
    let strange = corpus(&responses(&["обучение", "訓練", "7", "budget"])).cluster(&k(3));
    assert_eq!(strange.clusters.iter().map(|c| c.size).sum::<usize>(), 4);
}

#[test]
fn clusters_come_by_size_and_their_figures_are_shares() {
    let found = corpus(&responses(&TEXTS)).cluster(&k(4));
    assert!(found.clusters.is_sorted_by(|a, b| a.size >= b.size));
    assert_eq!(
        found.clusters.iter().map(|c| c.size).sum::<usize>(),
        TEXTS.len()
    );
    for cluster in &found.clusters {
        for share in [cluster.share_uncoded, cluster.stability, cluster.cohesion] {
            assert!((0.0..=1.0).contains(&share), "{cluster:?}");
        }
        assert!(!cluster.label.is_empty() && !cluster.quotes.is_empty());
    }
}

#[test]
fn what_the_taxonomy_missed_is_clustered_apart_from_what_it_names() {
    // Roads are no theme of `core`; budgets are.
    let mut texts = TEXTS.to_vec();
    let places = [
        "bazar", "school", "river", "mosque", "hat", "ghat", "bridge", "clinic",
    ];
    let roads = [
        "is broken at the",
        "was never built to the",
        "floods by the",
        "needs repair near the",
    ];
    let many: Vec<String> = places
        .iter()
        .flat_map(|place| roads.map(|what| format!("the road {what} {place}")))
        .collect();
    texts.extend(many.iter().map(String::as_str));
    texts.extend([
        "the bridge and the road are broken",
        "রাস্তা কাঁচা",
        "kacha rasta",
        "the road is a pond",
        "the road is a pond",
    ]);
    let corpus = corpus(&responses(&texts));
    let missed = corpus.missed(&crate::Taxonomy::core(), &k(2)).unwrap();
    let sizes: u64 = missed.clusters.iter().map(|c| c.size).sum();
    assert_eq!(sizes, missed.answers);
    assert!(missed.distinct < missed.answers, "one was given twice");
    for dot in &missed.map {
        assert_eq!(dot.themes.is_empty(), dot.cluster.is_some(), "{dot:?}");
        assert!((0.0..=1.0).contains(&dot.x) && (0.0..=1.0).contains(&dot.y));
    }
    let pond = missed
        .map
        .iter()
        .find(|d| d.said.text.contains("pond"))
        .unwrap();
    assert_eq!(pond.count, 2);
    // Which theme is nearest hangs on the coder; it is one that other answers name.
    let near = missed.clusters[0].near.as_ref().unwrap();
    assert!(missed.map.iter().any(|dot| dot.themes.contains(near)));
    // Nothing that names a theme is quoted.
    let quoted = missed.clusters.iter().flat_map(|c| &c.quotes);
    assert!(quoted.clone().count() > 0);
    assert!(quoted.clone().all(|q| !q.text.contains("budget")));
}

#[test]
fn few_answers_without_a_theme_are_in_no_group_and_said_to_be_few() {
    let core = crate::Taxonomy::core();
    let missed = |texts: &[&str]| corpus(&responses(texts)).missed(&core, &Options::default());
    let few = missed(&["budget is low", "hello", "রাস্তা ভাঙা"]).unwrap();
    assert!(few.too_few && few.clusters.is_empty() && few.map.is_empty());
    assert_eq!((few.answers, few.distinct), (2, 2));
    let more = missed(&TEXTS).unwrap();
    assert!(more.too_few && more.clusters.is_empty());
    assert_eq!(more.map.len(), TEXTS.len());
    assert!(more.map.iter().all(|dot| dot.cluster.is_none()));
    assert_eq!(missed(&["budget is low"]), None);
    assert_eq!(missed(&[]), None);
}

#[test]
fn nothing_is_stable_among_few_answers_or_with_few_of_its_own() {
    // Three answers of each of six matters come back whole whenever they are drawn.
    let few: Vec<String> = ["bribe", "flood", "bus", "lunch", "loan", "goat"]
        .iter()
        .flat_map(|what| {
            ["is seen here", "was there again", "they told us of"]
                .map(|said| format!("{what} {what} {said}"))
        })
        .collect();
    let few: Vec<&str> = few.iter().map(String::as_str).collect();
    for options in [k(6), k(2), Options::default()] {
        let found = corpus(&responses(&few)).cluster(&options);
        assert!(found.too_few && found.clusters.iter().all(|c| !c.stable));
    }
    let many: Vec<String> = (0..60)
        .map(|i| {
            format!(
                "{} {}",
                ["the road is broken at", "no water in"][i % 2],
                PLACES[i / 2]
            )
        })
        .collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push("the goats and hens died of fever");
    let found = corpus(&responses(&many)).cluster(&k(3));
    assert!(!found.too_few && found.clusters.iter().any(|c| c.stable));
    let small = |c: &&Cluster| c.distinct < Cluster::FEWEST;
    assert!(found.clusters.iter().filter(small).all(|c| !c.stable));
}

/// Thirty names.
const PLACES: [&str; 30] = [
    "Rangpur",
    "Bogura",
    "Sylhet",
    "Khulna",
    "Barishal",
    "Cumilla",
    "Feni",
    "Jashore",
    "Natore",
    "Pabna",
    "Sherpur",
    "Netrokona",
    "Gazipur",
    "Dinajpur",
    "Nilphamari",
    "Kurigram",
    "Lalmonirhat",
    "Gaibandha",
    "Joypurhat",
    "Naogaon",
    "Rajshahi",
    "Sirajganj",
    "Tangail",
    "Jamalpur",
    "Mymensingh",
    "Kishoreganj",
    "Narsingdi",
    "Munshiganj",
    "Faridpur",
    "Madaripur",
];

#[test]
fn answers_that_say_nearly_the_same_count_once() {
    let found = corpus(&responses(&[
        "training of field staff is needed",
        "Training of field staff is needed!",
        "is needed: training of field staffs",
        "trainng of field staff is needed",
        "no training of field staff is needed",
        "প্রশিক্ষণ দরকার",
    ]))
    .cluster(&k(1));
    assert_eq!(
        (found.clusters[0].size, found.distinct),
        (6, 3),
        "a denial says something else"
    );
}

#[test]
fn names_are_content_words() {
    let found = corpus(&responses(&TEXTS)).cluster(&k(2));
    let words = found.clusters.iter().flat_map(|c| &c.label);
    for word in words {
        for grammar in ["the", "is", "too", "have", "khub", "আমাদের", "না", "enough"]
        {
            assert!(!word.split(' ').any(|w| w == grammar), "{word}");
        }
    }
}

/// Answers on another domain, with their themes: rows of theme and answer.
fn meals() -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("../../tests/data/school-meals.tsv").lines();
    let rows = lines.filter(|l| !l.starts_with('#'));
    rows.filter_map(|l| l.split_once('\t')).collect()
}

#[test]
fn groups_of_another_domain_are_called_by_their_matter() {
    // What a researcher would take for each theme's name.
    const FITTING: [(&str, &[&str]); 6] = [
        ("menu", &["menu", "মেনু", "খিচুড়ি"]),
        ("water", &["water", "পানি", "নলকূপ"]),
        ("late", &["late", "দেরি"]),
        ("cook", &["cook", "রাঁধুনি"]),
        ("portion", &["portion", "পরিমাণ", "পেট ভরে"]),
        ("kitchen", &["kitchen", "রান্নাঘর"]),
    ];
    // What many of them speak of, what serves the grammar, and what only judges or counts names none.
    const WIDE: [&str; 8] = [
        "children",
        "বাচ্চা",
        "every",
        "the",
        "no",
        "নাই",
        "একই",
        "প্রতিদিন",
    ];
    let rows = meals();
    let texts: Vec<&str> = rows.iter().map(|r| r.1).collect();
    let responses = responses(&texts);
    let classifier = Classifier::builder().build().unwrap();
    let (mut corpus, mut scratch) = (Corpus::new(), Scratch::default());
    for response in &responses {
        corpus.add(Answer::without_themes(&classifier, response, &mut scratch));
    }
    let found = corpus.cluster(&k(7));
    let mut named = std::collections::BTreeSet::new();
    for (c, cluster) in found.clusters.iter().enumerate() {
        for term in &cluster.label {
            for form in term.split(" · ") {
                assert!(!WIDE.contains(&form), "{term} in {:?}", cluster.label);
            }
        }
        let members = found.assignments.iter().zip(&rows);
        let members: Vec<&str> = members
            .filter(|(a, _)| a.1 == Some(c))
            .map(|(_, r)| r.0)
            .collect();
        for (theme, fitting) in FITTING {
            let own = members.iter().filter(|t| **t == theme).count();
            let fits = |t: &String| fitting.iter().any(|f| t.contains(f));
            if own * 2 > members.len() && cluster.label.iter().any(fits) {
                named.insert(theme);
            }
        }
    }
    assert!(named.len() >= 5, "{named:?}: {:#?}", found.clusters);
}

/// Answers about ferries and about schools, which no theme of `core` covers.
const UNCODED: [&str; 18] = [
    "the ferry does not run in the rains",
    "ferry ghat is far",
    "no ferry at night",
    "ফেরি চলে না",
    "ফেরি ঘাট দূরে",
    "রাতে ফেরি নাই",
    "ferry ghat dure",
    "boats and ferry cross the river late",
    "নৌকা আর ফেরি নদী পার হয় দেরিতে",
    "children leave school early",
    "the school teacher is kind",
    "school has no toilet",
    "স্কুলে টয়লেট নাই",
    "স্কুলের শিক্ষক ভালো",
    "বাচ্চারা স্কুল ছাড়ে",
    "school er teacher bhalo",
    "girls walk to school",
    "মেয়েরা হেঁটে স্কুলে যায়",
];

#[test]
fn a_draft_of_suggestions_passes_the_check_and_codes_answers() {
    let taxonomy = Taxonomy::core();
    let found = corpus(&responses(&UNCODED)).suggest(&taxonomy, &Options::default());
    assert!(!found.themes.is_empty(), "{found:?}");
    let draft = crate::output::suggestions_toml(&found, &taxonomy, "core");
    let draft =
        Taxonomy::from_toml("draft.toml", &draft).unwrap_or_else(|e| panic!("{e}\n{draft}"));
    assert_eq!(draft.tops().count(), 5 + found.themes.len());
    let classifier = Classifier::builder().taxonomy(draft).build().unwrap();
    let mut scratch = Scratch::default();
    let coded = responses(&UNCODED)
        .iter()
        .filter(|r| !classifier.classify(r, &mut scratch).codings.is_empty())
        .count();
    assert!(coded >= UNCODED.len() / 2, "{coded} are coded: {found:?}");
    for theme in &found.themes {
        assert!(!theme.quotes.is_empty() && !theme.terms.is_empty());
        assert!((0.0..=1.0).contains(&theme.stability) && theme.distinct <= theme.answers);
    }
}

#[test]
fn nothing_few_or_equal_answers_bring_out_no_theme_and_no_panic() {
    let taxonomy = Taxonomy::core();
    let coded = ["budget is low", "slow internet", "no staff"];
    let equal = ["the ferry is late"; 7];
    let inputs: [&[&str]; 6] = [
        &[],
        &["", " ", "?!"],
        &["the ferry is late"],
        &coded,
        &equal,
        &["7", "訓練", "обучение"],
    ];
    for texts in inputs {
        for options in [Options::default(), k(1), k(99)] {
            let found = corpus(&responses(texts)).suggest(&taxonomy, &options);
            assert!(found.themes.len() <= 1, "{found:?}");
            let draft = crate::output::suggestions_toml(&found, &taxonomy, "core");
            assert!(Taxonomy::from_toml("draft.toml", &draft).is_ok(), "{draft}");
        }
    }
}

#[test]
fn a_word_that_goes_with_a_theme_is_proposed_as_its_term() {
    let with = (0..12).map(|i| {
        format!(
            "budget is low, {} the bhandar stays shut",
            ["so", "and", "again"][i % 3]
        )
    });
    let without = (0..40).map(|i| format!("slow internet in room {i}"));
    let texts: Vec<String> = with
        .enumerate()
        .map(|(i, t)| {
            format!(
                "{t} {}",
                "abcdefghijkl".chars().nth(i).unwrap().to_string().repeat(7)
            )
        })
        .chain(without)
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = corpus(&responses(&texts)).suggest(&Taxonomy::core(), &Options::default());
    let budget = Taxonomy::core().find("budget").unwrap();
    let term = found
        .terms
        .iter()
        .find(|a| a.theme == budget && a.term.term == "bhandar");
    assert!(
        term.is_some_and(|a| a.g2 > 15.0 && !a.quotes.is_empty()),
        "{:?}",
        found.terms
    );
    assert!(
        found.terms.iter().all(|a| a.term.term != "budget"),
        "it is a term already"
    );
}

#[test]
fn suggestions_are_the_same_for_any_number_of_threads() {
    let corpus = corpus(&responses(&UNCODED));
    let once = corpus.suggest(&Taxonomy::core(), &Options::default());
    for threads in [1, 2, 8] {
        let again = crate::parallel::on_threads(threads, || {
            corpus.suggest(&Taxonomy::core(), &Options::default())
        });
        assert_eq!(once, again);
    }
}
