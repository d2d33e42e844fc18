//! What the cues say of the polarity and role of invented answers, from the case files that a linguist can add to; and that
//! a memory of words changes nothing in how a text is cut.

use std::sync::LazyLock;

use super::{Classifier, Scratch};
use crate::record::{Coded, Polarity, Response, Role};
use crate::span::Span;
use crate::taxonomy::Taxonomy;
use crate::text::sentence::{Break, break_at};
use crate::text::tokenize::{TokenKind, tokens};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
    /// The top-level theme whose polarity is meant.
    theme: Option<String>,
    want: String,
}

/// The rules of the widest built-in taxonomy.
pub(super) fn rules() -> Classifier {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    builder.rules_only().build().expect("a built-in taxonomy")
}

/// Codes each case and names all that are not read as wanted.
fn check(source: &str, read: impl Fn(&Classifier, &Case, &Coded) -> String) {
    let cases: Cases = toml::from_str(source).expect("the case file is TOML");
    // The cues are tested, so the statistical coder, which weighs them among other things, stays out.
    let classifier = rules();
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let coded = classifier.classify(&Response::new("x", &case.input), &mut scratch);
        let got = read(&classifier, case, &coded);
        if got != case.want {
            wrong.push(format!("{}: {got}, not {}", case.name, case.want));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_denied_or_over_is_told_from_what_is_there() {
    check(
        include_str!("../../tests/data/polarity.toml"),
        |classifier, case, coded| {
            let theme = case.theme.as_deref().unwrap_or_default();
            let taxonomy = classifier.taxonomy();
            let coding = coded
                .codings
                .iter()
                .find(|c| taxonomy.theme(taxonomy.top(c.theme)).code == theme);
            match coding.map(|c| c.polarity) {
                Some(Polarity::Present) => "present".into(),
                Some(Polarity::Absent) => "absent".into(),
                Some(Polarity::Resolved) => "resolved".into(),
                None => format!("no {theme}"),
            }
        },
    );
}

#[test]
fn the_mood_and_tense_of_an_answer_tell_its_role() {
    check(
        include_str!("../../tests/data/role.toml"),
        |_, _, coded| match coded.role {
            Role::Challenge => "challenge".into(),
            Role::Initiative => "initiative".into(),
            Role::Suggestion => "suggestion".into(),
            _ => "other".into(),
        },
    );
}

#[test]
fn regional_speech_is_coded_as_standard_speech() {
    let classifier = Classifier::builder()
        .taxonomy(crate::taxonomy::Taxonomy::nsss())
        .rules_only()
        .build()
        .expect("the built-in taxonomy fits");
    let mut scratch = Scratch::default();
    for (regional, standard) in [
        ("হামাক কাঁও জানায় না", "আমাদের কেউ জানায় না"),
        ("হেতাগো লগে যোগাযোগ নাই", "তাদের সঙ্গে যোগাযোগ নেই"),
    ] {
        let [regional, standard] = [regional, standard].map(|text| {
            let coded = classifier.classify(&Response::new("x", text), &mut scratch);
            coded
                .codings
                .iter()
                .map(|c| (c.theme, c.polarity))
                .collect::<Vec<_>>()
        });
        assert!(!standard.is_empty());
        assert_eq!(regional, standard);
    }
}

/// Words with the number of their sentence, as tokens and marks tell without any memory.
fn plain(text: &str) -> Vec<(Span, u32)> {
    let mut sentence = 0;
    let mut words = Vec::new();
    for token in tokens(text) {
        if token.kind.is_word() || token.kind == TokenKind::Number {
            words.push((token.span, sentence));
        } else if break_at(text, token) == Break::Sentence {
            sentence += 1;
        }
    }
    words
}

#[test]
fn a_text_of_a_megabyte_is_coded_like_a_short_one() {
    let classifier = Classifier::builder().rules_only().build().unwrap();
    let mut scratch = Scratch::default();
    let mut code = |text: &str| {
        classifier
            .classify(&Response::new("x", text), &mut scratch)
            .codings
    };
    // Where work grew with the square of a text, neither of these came to an end in minutes.
    let phrases = "There is a shortage of staff. No budget, but slow internet. ";
    let n = 20_000;
    let (short, long) = (code(&phrases.repeat(2)), code(&phrases.repeat(n)));
    assert!(!short.is_empty() && short.len() == long.len());
    for (short, long) in short.iter().zip(&long) {
        assert_eq!(
            (short.theme, short.polarity, short.score.to_bits()),
            (long.theme, long.polarity, long.score.to_bits())
        );
        assert_eq!(short.evidence.len() * n / 2, long.evidence.len());
    }
    // No compound is made of so many words.
    assert!(code(&"জনবল".repeat(100_000)).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Words that are known are met by their bytes alone, before the text is cut into tokens.
    #[test]
    fn known_words_are_cut_as_unknown_ones(parts in prop::collection::vec(prop::sample::select(vec![
        "manpower", "shortages", "informal", "informat", "taka", "টাকা", "জনবল", "ব্যবস্থাপনা", "ক", "ডা", "Md", "মো", "এম", "No",
        "etc", "U", "x", "don", "5", "১২", "6", "কি", "মি", "govt", "শূন্যপদেরশূন্যপদের",
        ".", ".", ". ", "। ", "।", " ", " ", " ", "  ", ",", "'", "’", "_", ":", "\n", "\u{200D}", "\u{AD}", "\u{301}", "-", "/",
        "é", "漢", "্", "া", "@", "~", "\u{A0}",
    ]), 0..16)) {
        let classifier = &*CORE;
        let text = parts.concat();
        let mut scratch = Scratch::default();
        classifier.adopt(&mut scratch);
        let mut last = None;
        for n in 0..3 {
            if n == 1 {
                for part in &parts {
                    classifier.read(part, &mut scratch);
                }
            }
            let language = classifier.read(&text, &mut scratch);
            let mut from = 0;
            let mut words = Vec::new();
            for sentence in &scratch.sentences {
                let end = sentence.end as usize;
                words.extend(scratch.text[from..end].iter().map(|w| (w.span, sentence.number)));
                from = end;
            }
            prop_assert_eq!(&words, &plain(&text));
            let clauses: Vec<u16> = scratch.text.iter().map(|w| w.clause).collect();
            let now = Some((language, clauses));
            prop_assert!(last.is_none() || last == now);
            last = now;
        }
    }
}

static CORE: LazyLock<Classifier> = LazyLock::new(|| {
    Classifier::builder()
        .rules_only()
        .build()
        .expect("the core taxonomy fits")
});

#[test]
fn a_scratch_forgets_the_words_of_a_classifier_that_is_gone() {
    let mut scratch = Scratch::default();
    let response = Response::new("x", "staff shortage and slow internet");
    let theirs = |code: &str, scratch: &mut Scratch| {
        let source = format!(
            "name = \"t\"\n[[theme]]\ncode = \"{code}\"\nlabel = {{ en = \"x\" }}\nterms = [\"{code}\"]\n"
        );
        let taxonomy = crate::Taxonomy::from_toml("t.toml", &source).unwrap();
        // On the heap, where the next one is likely to lie in the same place.
        let classifier = Box::new(Classifier::builder().taxonomy(taxonomy).build().unwrap());
        classifier.classify(&response, scratch).codings.len()
    };
    for code in ["staff", "ferry", "internet", "river"] {
        let want = usize::from(response.text.contains(code));
        assert_eq!(theirs(code, &mut scratch), want, "{code}");
    }
}

#[test]
fn of_two_themes_the_one_may_be_denied_while_the_other_is_there() {
    let classifier = Classifier::builder()
        .taxonomy(crate::Taxonomy::nsss())
        .build()
        .unwrap();
    let mut scratch = Scratch::default();
    for (text, denied, present) in [
        (
            "No shortage of staff, but the internet is slow",
            "manpower",
            "bandwidth",
        ),
        (
            "The internet is slow, but there is no shortage of funds",
            "budget",
            "bandwidth",
        ),
        ("We have money but no people", "budget", "manpower"),
        ("বাজেট আছে কিন্তু লোক নেই", "budget", "manpower"),
    ] {
        let coded = classifier.classify(&Response::new("x", text), &mut scratch);
        let polarity = |code: &str| {
            let of_theme = coded.codings.iter().find(|c| {
                let theme = classifier.taxonomy().theme(c.theme);
                theme.code.split('.').next() == Some(code)
            });
            of_theme.map(|c| c.polarity)
        };
        assert_eq!(polarity(denied), Some(Polarity::Absent), "{text}");
        assert_eq!(polarity(present), Some(Polarity::Present), "{text}");
    }
}

/// The top-level themes of a text by `classifier`.
fn tops(classifier: &Classifier, response: &Response) -> Vec<String> {
    let coded = classifier.classify(response, &mut Scratch::default());
    let taxonomy = classifier.taxonomy();
    let codes = coded.codings.iter();
    let mut tops: Vec<String> = codes
        .map(|c| taxonomy.theme(taxonomy.top(c.theme)).code.clone())
        .collect();
    tops.dedup();
    tops
}

#[test]
fn a_list_is_given_all_the_themes_that_it_names() {
    let list = "Manpower shortage; no budget; slow internet; wrong beneficiary data; no coordination between offices";
    let all = [
        "manpower",
        "bandwidth",
        "budget",
        "database",
        "coordination",
    ];
    let with_model = Classifier::builder().taxonomy(Taxonomy::nsss()).build();
    for classifier in [rules(), with_model.expect("a built-in taxonomy")] {
        assert_eq!(tops(&classifier, &Response::new("x", list)), all);
    }
}

#[test]
fn a_taxonomy_that_extends_a_built_in_one_keeps_its_coder_and_is_believed_in_what_it_adds() {
    let own = r#"
name = "own"
extends = "nsss"
[[theme]]
code = "budget"
label = { en = "Budget", bn = "বাজেট" }
terms.en = ["=zikzak"]
[[theme]]
code = "music"
label = { en = "Music", bn = "গান" }
terms.en = ["harmonium", "=computer"]
"#;
    let own = Taxonomy::from_toml("own.toml", own).expect("the taxonomy is right");
    assert_eq!(
        own.extends().map(|base| base.name().to_owned()).as_deref(),
        Some("nsss")
    );
    let build = |taxonomy| {
        Classifier::builder()
            .taxonomy(taxonomy)
            .build()
            .expect("it has a coder")
    };
    let (own, builtin) = (build(own), build(Taxonomy::nsss()));
    let themes = |classifier: &Classifier, text: &str| tops(classifier, &Response::new("x", text));
    // None of these names its theme by a word that a rule knows.
    for text in [
        "One pair of hands for forty files",
        "পাতা খুলতে খুলতে চা ঠান্ডা হইয়া যায়",
    ] {
        assert!(!themes(&builtin, text).is_empty(), "{text}");
        assert_eq!(themes(&own, text), themes(&builtin, text), "{text}");
    }
    assert_eq!(
        themes(&own, "Staff shortage, and a harmonium"),
        ["manpower", "music"]
    );
    assert_eq!(themes(&own, "the zikzak"), ["budget"]);
    // A longer term of the base does not swallow it.
    assert_eq!(themes(&own, "no computer"), ["bandwidth", "music"]);
    // Who extends fewer themes is given no others.
    let core = "name = \"own\"\nextends = \"core\"\n[[theme]]\ncode = \"media\"\nlabel = { en = \"M\", bn = \"M\" }\nterms.en = [\"=zikzak\"]";
    let core = build(Taxonomy::from_toml("own.toml", core).expect("the taxonomy is right"));
    let radio = "Nobody hears of it on the radio";
    assert_eq!(themes(&builtin, radio), ["media"]);
    assert!(themes(&core, radio).is_empty());
    assert_eq!(themes(&core, "zikzak"), ["media"]);
}

#[test]
fn a_label_in_bijoy_is_read_as_the_bangla_that_it_stands_for() {
    let classifier = rules();
    let under = |label: &str| {
        let mut response = Response::new("x", "খুবই কম");
        response.context = Some(label.into());
        tops(&classifier, &response)
    };
    assert_eq!(under("Rbe‡ji Ae¯’v"), ["manpower"]);
    assert_eq!(under("জনবলের অবস্থা"), ["manpower"]);
}

/// The polarities of an answer's top-level themes by the built-in coder, in the order of the taxonomy.
fn polarities(text: &str) -> Vec<(String, Polarity)> {
    static CODER: LazyLock<Classifier> = LazyLock::new(|| {
        let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
        builder.build().expect("a built-in taxonomy")
    });
    let coded = CODER.classify(&Response::new("x", text), &mut Scratch::default());
    let taxonomy = CODER.taxonomy();
    let mut told: Vec<(String, Polarity)> = coded
        .codings
        .iter()
        .map(|c| {
            let code = &taxonomy.theme(taxonomy.top(c.theme)).code;
            (code.clone(), c.polarity)
        })
        .collect();
    told.dedup();
    told
}

#[test]
fn what_is_over_in_one_sentence_may_be_wanting_in_the_next() {
    use Polarity::{Absent, Present, Resolved};
    for (text, want) in [
        (
            "Staff shortage is over. Now the internet is slow.",
            [("manpower", Resolved), ("bandwidth", Present)],
        ),
        (
            "জনবল সংকট কেটে গেছে। এখন ইন্টারনেট ধীর।",
            [("manpower", Resolved), ("bandwidth", Present)],
        ),
        (
            "Budget er kono ovab nai. Kintu server kaj kore na.",
            [("bandwidth", Present), ("budget", Absent)],
        ),
    ] {
        let want = want.map(|(code, polarity)| (code.to_string(), polarity));
        assert_eq!(polarities(text), want, "{text}");
    }
}

#[test]
fn a_label_adds_nothing_to_a_text_that_says_nothing() {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let classifier = builder.build().expect("a built-in taxonomy");
    let mut scratch = Scratch::default();
    for label in ["Internet problems", "Budget", "জনবল", "Complaint system"] {
        for text in ["-", "N/A", "none", "জানি না", "99", "ditto", "thanks"] {
            let response = Response {
                context: Some(label.into()),
                ..Response::new("x", text)
            };
            let coded = classifier.classify(&response, &mut scratch);
            assert!(coded.codings.is_empty(), "{text} under {label}");
        }
    }
}

/// Ways to say that there is none of something, and that there is no want of it, with some things to say it of.
const LACKS: [(&[&str], &[&str], &[&str]); 3] = [
    (
        &[
            "No {} here.",
            "No {} here at all.",
            "No {} in our union at all.",
            "Not even one {} here.",
            "Not a single {} here.",
            "No {} at all.",
            "Nobody gives us {} at all.",
            "No {} in our office most days.",
            "There is no {} in our upazila, people suffer.",
            "In our ward there is no {}.",
            "We never got any {} till today.",
        ],
        &[
            "There is no shortage of {} in our office.",
            "We have enough {} here.",
        ],
        &[
            "internet",
            "staff",
            "training",
            "budget",
            "computer",
            "monitoring",
        ],
    ),
    (
        &[
            "এখানে কোনো {} নেই।",
            "আমাদের এখানে {} একদমই নাই",
            "একটাও {} নাই",
            "এই ইউনিয়নে {} নেই, মানুষ কষ্টে আছে",
            "কোনো {} পাইনি",
            "আজ পর্যন্ত {} হয়নি",
            "কেউ {} দেয় না",
        ],
        &["{} যথেষ্ট আছে", "এখানে {} নিয়ে কোনো সমস্যা নেই।"],
        &["ইন্টারনেট", "লোকবল", "প্রশিক্ষণ", "বাজেট", "কম্পিউটার", "তদারকি"],
    ),
    (
        &[
            "ekhane kono {} nai",
            "amader ekhane {} ekdom nai",
            "ektao {} nai",
            "ajo {} hoy nai",
            "amader union e kono {} nai",
        ],
        &["{} jothesto ache", "ekhane {} niye kono somossa nai"],
        &[
            "internet",
            "lokbol",
            "proshikkhon",
            "budget",
            "computer",
            "todaroki",
        ],
    ),
];

/// How many of these are called denied or over, of how many that have a theme.
fn denied(classifier: &Classifier, frames: &[&str], things: &[&str]) -> (usize, usize) {
    let mut scratch = Scratch::default();
    let (mut denied, mut coded) = (0, 0);
    for frame in frames {
        for thing in things {
            let text = frame.replace("{}", thing);
            let codings = classifier
                .classify(&Response::new("x", &text), &mut scratch)
                .codings;
            coded += usize::from(!codings.is_empty());
            denied += usize::from(codings.iter().any(|c| c.polarity != Polarity::Present));
        }
    }
    (denied, coded)
}

#[test]
fn plain_lacks_are_no_denials() {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let coder = builder.build().expect("a built-in taxonomy");
    for classifier in [rules(), coder] {
        for (lacks, denials, things) in LACKS {
            let (wrong, coded) = denied(&classifier, lacks, things);
            assert!(50 * wrong <= coded, "{wrong} of {coded} called denied");
            let (right, coded) = denied(&classifier, denials, things);
            assert!(10 * right >= 9 * coded, "{right} of {coded} told");
        }
    }
}

#[test]
fn a_long_answer_of_many_complaints_is_read_in_one_go() {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let coder = builder.build().expect("a built-in taxonomy");
    // Quadratic work would take minutes.
    let text = "No training here at all. ".repeat(100_000);
    let coded = coder.classify(&Response::new("x", &text), &mut Scratch::default());
    assert!(
        coded
            .codings
            .iter()
            .all(|c| c.polarity == Polarity::Present)
    );
}
