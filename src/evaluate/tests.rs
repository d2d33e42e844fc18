//! The figures against public packages, and what a person expects of a comparison.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

fn judgements(rows: &[(&str, &str)]) -> Judgements {
    let mut judgements = Judgements::new();
    for (id, rest) in rows {
        judgements
            .extend(&format!("{{\"id\": \"{id}\", {rest}}}"))
            .unwrap();
    }
    judgements
}

fn near(found: Estimate, want: f64) {
    let found = found.value.expect("a value");
    assert!((found - want).abs() < 1e-9, "{found} is not {want}");
}

#[derive(Deserialize)]
struct Cases {
    sets: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    gold: Vec<String>,
    coded: Vec<String>,
    masi_alpha: f64,
    macro_f1: f64,
    micro_f1: f64,
    micro_precision: f64,
    micro_recall: f64,
}

#[test]
fn the_figures_are_those_of_public_packages() {
    let cases: Cases = toml::from_str(include_str!("../../tests/data/agreement.toml")).unwrap();
    for case in cases.sets {
        println!("{}", case.name);
        let side = |sets: &[String]| {
            let mut judgements = Judgements::new();
            for (id, set) in sets.iter().enumerate() {
                let themes: Vec<String> = set.chars().map(String::from).collect();
                judgements
                    .extend(&serde_json::json!({"id": id, "themes": themes}).to_string())
                    .unwrap();
            }
            judgements
        };
        let found = evaluate(
            &side(&case.gold),
            &side(&case.coded),
            &Options {
                resamples: 0,
                ..Options::default()
            },
        )
        .all;
        near(found.alpha_masi, case.masi_alpha);
        near(found.macro_f1, case.macro_f1);
        near(found.micro_f1, case.micro_f1);
        near(found.micro_precision, case.micro_precision);
        near(found.micro_recall, case.micro_recall);
    }
}

/// Six answers of two people: two wrong, one of them not judged at all.
fn small() -> (Judgements, Judgements) {
    let gold = judgements(&[
        (
            "1",
            r#""text": "no staff", "themes": ["manpower"], "role": "challenge", "lang": "en", "respondent": "a""#,
        ),
        (
            "2",
            r#""text": "no money", "themes": ["budget"], "role": "challenge", "lang": "en", "respondent": "A""#,
        ),
        (
            "3",
            r#""text": "staff is enough", "themes": ["manpower"], "polarity": "absent", "role": "other", "lang": "en", "respondent": "a""#,
        ),
        (
            "4",
            r#""text": "টাকা নাই", "themes": ["budget"], "role": "challenge", "lang": "bn", "respondent": "b""#,
        ),
        (
            "5",
            r#""text": "meet more often", "themes": ["coordination"], "role": "suggestion", "lang": "en", "respondent": "b""#,
        ),
        (
            "6",
            r#""text": "yes", "themes": [], "lang": "en", "respondent": "b""#,
        ),
    ]);
    let coded = judgements(&[
        ("6", r#""role": "other", "codings": []"#),
        (
            "1",
            r#""role": "challenge", "codings": [{"theme": "manpower.shortage", "polarity": "present", "score": 0.95}, {"theme": "manpower.training", "polarity": "present", "score": 0.4}]"#,
        ),
        (
            "2",
            r#""role": "suggestion", "codings": [{"theme": "bandwidth", "polarity": "present", "score": 0.35}]"#,
        ),
        (
            "3",
            r#""role": "challenge", "codings": [{"theme": "manpower.shortage", "polarity": "absent", "score": 0.91}]"#,
        ),
        (
            "5",
            r#""role": "suggestion", "codings": [{"theme": "coordination", "polarity": "resolved", "score": 0.9}]"#,
        ),
        ("9", r#""role": "other", "codings": []"#),
    ]);
    (gold, coded)
}

#[test]
fn an_answer_that_was_not_judged_counts_as_missed_and_a_stray_one_not_at_all() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default());
    assert_eq!(
        (found.missing.as_slice(), found.extra, found.all.answers),
        (["4".to_owned()].as_slice(), 1, 6)
    );
    let budget = found
        .all
        .themes
        .iter()
        .find(|t| t.code == "budget")
        .unwrap();
    assert_eq!((budget.counts.both, budget.counts.gold_only), (0, 2));
    assert_eq!(
        found
            .all
            .themes
            .iter()
            .map(|t| t.code.as_str())
            .collect::<Vec<_>>(),
        ["bandwidth", "budget", "coordination", "manpower"]
    );
    near(found.all.macro_f1, 2.0 / 3.0);
}

#[test]
fn an_answer_whose_themes_wait_for_their_judge_counts_for_its_role_alone() {
    let (mut gold, coded) = small();
    let before = evaluate(&gold, &coded, &Options::default());
    gold.extend(
        "{\"id\": \"9\", \"themes\": null, \"role\": \"challenge\"}\n{\"id\": \"10\", \"lang\": \"ctg\"}",
    )
    .unwrap();
    let found = evaluate(&gold, &coded, &Options::default());
    assert_eq!((found.unjudged, found.extra, found.all.answers), (2, 0, 6));
    assert_eq!(found.missing, before.missing);
    assert!(found.groups.iter().all(|g| g.value != "ctg"));
    assert_eq!(found.differences, before.differences);
    assert_eq!(found.reliability, before.reliability);
    assert_eq!(
        (
            found.all.macro_f1.value,
            found.all.exact.value,
            found.all.alpha_masi.value
        ),
        (
            before.all.macro_f1.value,
            before.all.exact.value,
            before.all.alpha_masi.value
        )
    );
    assert_eq!(
        found
            .all
            .themes
            .iter()
            .map(|t| t.counts)
            .collect::<Vec<_>>(),
        before
            .all
            .themes
            .iter()
            .map(|t| t.counts)
            .collect::<Vec<_>>()
    );
    // Three roles were told by both before, two of them rightly.
    near(found.all.role, 2.0 / 4.0);
}

#[test]
fn polarity_and_role_are_compared_where_they_can_be() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default()).all;
    near(found.polarity, 2.0 / 3.0);
    near(found.polarity_told, 1.0);
    near(found.polarity_false, 0.5);
    // Of the answer that was not judged no role is told.
    near(found.role, 2.0 / 3.0);
}

#[test]
fn a_coder_who_tells_no_role_is_not_wrong_about_it() {
    let gold = judgements(&[
        ("1", r#""themes": ["x"], "role": "challenge""#),
        ("2", r#""themes": [], "role": "suggestion""#),
    ]);
    let coded = judgements(&[("1", r#""themes": ["x"]"#), ("2", r#""themes": []"#)]);
    let found = evaluate(&gold, &coded, &Options::default()).all.role;
    assert_eq!((found.value, found.ci95), (None, None));
}

#[test]
fn says_what_was_taken_for_what_and_where_the_coders_differ() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default());
    let confusions: Vec<_> = found
        .confusions
        .iter()
        .map(|c| {
            (
                c.gold.as_deref(),
                c.coded.as_deref(),
                c.examples[0].1.as_str(),
            )
        })
        .collect();
    assert_eq!(
        confusions,
        [
            (Some("budget"), None, "টাকা নাই"),
            (Some("budget"), Some("bandwidth"), "no money")
        ]
    );
    assert_eq!(
        found
            .differences
            .iter()
            .map(|d| d.id.as_str())
            .collect::<Vec<_>>(),
        ["2", "4"]
    );
}

#[test]
fn groups_come_from_the_columns_of_the_gold() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default());
    let groups: Vec<_> = found
        .groups
        .iter()
        .map(|g| (g.by.as_str(), g.value.as_str(), g.scores.answers))
        .collect();
    assert_eq!(
        groups,
        [
            ("language", "bn", 1),
            ("language", "en", 5),
            ("role", "challenge", 3),
            ("role", "other", 1),
            ("role", "suggestion", 1)
        ]
    );
}

#[test]
fn scores_are_held_against_what_came_true() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default())
        .reliability
        .unwrap();
    // 'manpower' of answer 1 is as sure as its surest coding.
    assert_eq!(
        found
            .bands
            .iter()
            .map(|b| (b.low, b.claims, b.right))
            .collect::<Vec<_>>(),
        [(0.3, 1, 0.0), (0.9, 3, 1.0)]
    );
    // 0.35 wrong; 0.95, 0.91 and 0.9 right: (0.35 + 3 · 0.08) / 4, (0.1225 + 0.0025 + 0.0081 + 0.01) / 4.
    assert!((found.ece - 0.1475).abs() < 1e-12, "{}", found.ece);
    assert!((found.brier - 0.035775).abs() < 1e-12, "{}", found.brier);
}

#[test]
fn scores_are_held_against_what_came_true_in_each_language() {
    let gold = judgements(&[
        ("1", r#""themes": ["x"], "lang": "mixed""#),
        ("2", r#""themes": [], "lang": "bn""#),
        ("3", r#""themes": ["x"]"#),
        ("4", r#""themes": ["x"], "lang": "ctg""#),
        ("5", r#""themes": ["x"], "lang": "en""#),
    ]);
    let coded = judgements(&[
        (
            "1",
            r#""language": "en", "codings": [{"theme": "x", "score": 0.8}]"#,
        ),
        (
            "2",
            r#""language": "bn", "codings": [{"theme": "x", "score": 0.7}]"#,
        ),
        (
            "3",
            r#""language": "bn", "codings": [{"theme": "x", "score": 0.5}]"#,
        ),
        (
            "4",
            r#""language": "und", "codings": [{"theme": "x", "score": 1.0}]"#,
        ),
        ("5", r#""language": "en", "codings": [{"theme": "x"}]"#),
    ]);
    let found = evaluate(&gold, &coded, &Options::default());
    let forms: Vec<_> = found
        .reliability_by_language
        .iter()
        .map(|(form, c)| (form.as_str(), c.claims, c.right))
        .collect();
    // The gold's word goes before the coder's; English has no score; a form that is not known comes last.
    assert_eq!(forms, [("bn", 2, 0.5), ("mixed", 1, 1.0), ("ctg", 1, 1.0)]);
    let bangla = &found.reliability_by_language[0].1;
    // (0.7 + 0.5) / 2, (0.49 + 0.25) / 2
    assert!((bangla.ece - 0.6).abs() < 1e-12 && (bangla.brier - 0.37).abs() < 1e-12);
    assert_eq!(found.reliability.unwrap().claims, 4);
}

#[test]
fn a_coder_without_scores_or_codings_has_no_reliability() {
    for coded in [r#""themes": ["x"]"#, r#""codings": []"#] {
        let gold = judgements(&[("1", r#""themes": ["x"], "lang": "bn""#)]);
        let found = evaluate(&gold, &judgements(&[("1", coded)]), &Options::default());
        assert_eq!(found.reliability, None);
        assert!(found.reliability_by_language.is_empty());
    }
}

#[test]
fn only_the_themes_asked_for_count_at_the_level_asked_for() {
    let (gold, coded) = small();
    let manpower = Options {
        themes: Some(vec!["manpower".into()]),
        ..Options::default()
    };
    let found = evaluate(&gold, &coded, &manpower).all;
    near(found.exact, 1.0);
    let below = Options {
        themes: Some(vec!["manpower.shortage".into()]),
        ..Options::default()
    };
    assert_eq!(evaluate(&gold, &coded, &below).all, found);
    let fine = evaluate(
        &gold,
        &coded,
        &Options {
            subthemes: true,
            ..Options::default()
        },
    )
    .all;
    assert!(
        fine.themes
            .iter()
            .any(|t| t.code == "manpower.shortage" && t.counts.coder_only == 2)
    );
}

#[test]
fn rows_of_any_id_are_compared_without_a_panic() {
    let [mut gold, mut coded] = [(); 2].map(|()| Judgements::of_any_id());
    gold.extend(
        "{\"id\": \"1\", \"themes\": [\"x\"]}\n{\"id\": \"1\", \"themes\": [\"x\"]}\n{\"themes\": []}",
    )
    .unwrap();
    coded
        .extend("{\"id\": \"1\", \"themes\": [\"x\"]}\n{\"themes\": [\"x\"]}")
        .unwrap();
    let found = evaluate(&gold, &coded, &Options::default());
    assert_eq!((found.all.answers, found.extra), (3, 1));
    assert_eq!(found.missing, [""]);
    near(found.all.exact, 1.0);
}

#[test]
fn two_people_agree_the_same_either_way_round() {
    let (a, b) = (
        judgements(&[
            ("1", r#""themes": ["x"]"#),
            ("2", r#""themes": ["x", "y"]"#),
            ("3", r#""themes": []"#),
        ]),
        judgements(&[
            ("1", r#""themes": ["y"]"#),
            ("2", r#""themes": ["x"]"#),
            ("3", r#""themes": []"#),
        ]),
    );
    let (ab, ba) = (
        evaluate(&a, &b, &Options::default()),
        evaluate(&b, &a, &Options::default()),
    );
    near(ab.all.alpha_masi, ba.all.alpha_masi.value.unwrap());
    for (left, right) in ab.all.themes.iter().zip(&ba.all.themes) {
        near(left.kappa, right.kappa.value.unwrap());
        near(left.alpha, right.alpha.value.unwrap());
    }
}

#[test]
fn nothing_to_compare_gives_no_figures_and_no_panic() {
    let found = evaluate(&Judgements::new(), &Judgements::new(), &Options::default());
    assert_eq!(
        (
            found.all.answers,
            found.all.exact.value,
            found.all.macro_f1.ci95
        ),
        (0, None, None)
    );
}

#[test]
fn what_cannot_be_told_is_no_figure_and_draws_no_bound() {
    let gold = judgements(&[
        ("1", r#""themes": ["rare"], "lang": "en""#),
        ("2", r#""themes": ["all"], "lang": "en""#),
        ("3", r#""themes": ["all"], "lang": "en""#),
        ("4", r#""themes": ["all"], "lang": "en""#),
        ("5", r#""themes": [], "lang": "bn""#),
        ("6", r#""themes": [], "lang": "bn""#),
        ("7", r#""themes": ["lost"], "lang": "mixed""#),
        ("8", r#""themes": ["all"], "lang": "und""#),
    ]);
    let coded = judgements(&[
        ("1", r#""themes": ["rare"]"#),
        ("2", r#""themes": ["all"]"#),
        ("3", r#""themes": ["all", "more"]"#),
        ("4", r#""themes": ["all"]"#),
        ("5", r#""themes": []"#),
        ("6", r#""themes": []"#),
        ("7", r#""themes": []"#),
        ("8", r#""themes": ["all"]"#),
    ]);
    let found = evaluate(&gold, &coded, &Options::default());
    let by_code = |code: &str| found.all.themes.iter().find(|t| t.code == code).unwrap();
    // A resample without the one answer that names it says nothing of F1, nor of agreement.
    let [low, high] = [by_code("rare").f1, by_code("rare").kappa].map(|e| e.ci95.unwrap());
    assert_eq!((low.low, high.high), (1.0, 1.0));
    assert_eq!(by_code("more").recall.value, None);
    assert_eq!(by_code("more").recall.ci95, None);
    // What the gold has and nobody found is a true zero.
    near(by_code("lost").f1, 0.0);
    near(found.all.macro_f1, 2.0 / 3.0);
    let group = |value: &str| {
        let of = found.groups.iter().find(|g| g.value == value);
        &of.unwrap().scores
    };
    let none = group("bn");
    for figure in [
        none.macro_f1,
        none.micro_f1,
        none.micro_precision,
        none.micro_recall,
        none.alpha_mean,
        none.alpha_masi,
    ] {
        assert_eq!((figure.value, figure.ci95), (None, None));
    }
    near(none.exact, 1.0);
    near(group("mixed").macro_f1, 0.0);
    // Of one answer with one theme F1 is told, and no alpha, since nothing varies.
    near(group("und").macro_f1, 1.0);
    assert_eq!(group("und").alpha_mean.value, None);
    let all = group("en").themes.iter().find(|t| t.code == "all").unwrap();
    near(all.alpha, 1.0);
}

#[test]
fn one_person_gives_figures_and_no_interval() {
    let row = r#""themes": ["x"], "respondent": "a""#;
    let file = judgements(&[("1", row), ("2", row), ("3", r#""themes": []"#)]);
    let alone = judgements(&[("1", row), ("2", row)]);
    let found = |file: &Judgements| evaluate(file, file, &Options::default()).all.micro_f1;
    assert!(found(&file).ci95.is_some());
    assert_eq!((found(&alone).value, found(&alone).ci95), (Some(1.0), None));
}

#[test]
fn polarity_is_compared_theme_by_theme_where_both_tell_it_so() {
    let codings = |codings: &[(&str, &str)]| {
        let codings: Vec<_> = codings
            .iter()
            .map(|(theme, polarity)| serde_json::json!({"theme": theme, "polarity": polarity}))
            .collect();
        format!("\"codings\": {}", serde_json::json!(codings))
    };
    let figures = |gold: &str, coded: &str| {
        let [gold, coded] = [gold, coded].map(|row| judgements(&[("1", row)]));
        let found = evaluate(&gold, &coded, &Options::default()).all;
        [found.polarity, found.polarity_told, found.polarity_false].map(|e| e.value)
    };
    let gold = codings(&[("a", "absent"), ("b", "present"), ("c", "present")]);
    let coded = codings(&[("a", "present"), ("b", "absent"), ("d", "absent")]);
    assert_eq!(figures(&gold, &coded), [Some(0.0), Some(0.0), Some(1.0)]);
    // Of what is not shared nothing can be compared.
    let coded = codings(&[("a", "absent"), ("d", "resolved")]);
    assert_eq!(figures(&gold, &coded), [Some(1.0), Some(1.0), None]);
    let apart = codings(&[("d", "absent")]);
    assert_eq!(figures(&gold, &apart), [None; 3]);
    // A problem that stands in one point stands.
    let below = codings(&[("a.one", "absent"), ("a.two", "present")]);
    let above = codings(&[("a", "present")]);
    assert_eq!(figures(&below, &above), [Some(1.0), None, Some(0.0)]);
    // A file with themes alone tells one polarity an answer: the coder's is that of the shared themes.
    let plain = r#""themes": ["a", "b"], "polarity": "absent""#;
    let coded = codings(&[("a", "absent"), ("b", "present"), ("d", "resolved")]);
    assert_eq!(figures(plain, &coded), [Some(1.0), Some(1.0), None]);
    let coded = codings(&[("b", "present"), ("d", "absent")]);
    assert_eq!(figures(plain, &coded), [Some(0.0), Some(0.0), None]);
}

#[test]
fn with_very_many_sets_alpha_has_a_value_and_no_interval() {
    // Sets of four of 15 themes: 1,365 of them, each in its own answer; the coder leaves out the first theme.
    let sets = |skip: usize| {
        let mut file = Judgements::new();
        for set in (0..1u32 << 15).filter(|set| set.count_ones() == 4) {
            let themes: Vec<String> = (0..15)
                .filter(|theme| set >> theme & 1 == 1)
                .skip(skip)
                .map(|theme| theme.to_string())
                .collect();
            file.extend(&serde_json::json!({"id": set, "themes": themes}).to_string())
                .unwrap();
        }
        file
    };
    let (gold, coded) = (sets(0), sets(1));
    let options = Options {
        resamples: 20,
        ..Options::default()
    };
    let found = evaluate(&gold, &coded, &options).all;
    let units: Vec<_> = gold
        .rows
        .iter()
        .zip(&coded.rows)
        .map(|(g, c)| [g, c].map(|row| row.themes.keys().collect::<BTreeSet<_>>()))
        .map(Vec::from)
        .collect();
    near(found.alpha_masi, crate::stats::masi_alpha(&units).unwrap());
    assert_eq!(found.alpha_masi.ci95, None);
    assert!(found.micro_f1.ci95.is_some());
}

#[test]
fn a_theme_that_one_coder_alone_gives_is_named_with_the_one_that_it_may_be() {
    let gold = judgements(&[
        ("1", r#""themes": ["manpwer"]"#),
        ("2", r#""themes": ["BUDGET"]"#),
        ("3", r#""themes": ["media", "it", "manpower.training"]"#),
        ("4", r#""themes": ["budget"]"#),
    ]);
    let coded = judgements(&[
        ("1", r#""themes": ["manpower"]"#),
        ("2", r#""themes": ["budget", "is"]"#),
        ("5", r#""themes": ["media"]"#),
    ]);
    let found = |options: &Options| {
        let lone = evaluate(&gold, &coded, options).lone;
        lone.into_iter()
            .map(|t| (t.code, t.in_gold, t.like.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let own = |code: &str, in_gold, like: &str| (code.to_owned(), in_gold, like.to_owned());
    assert_eq!(
        found(&Options::default()),
        [
            own("BUDGET", true, "budget"),
            own("manpwer", true, "manpower"),
            own("is", false, ""),
            own("it", true, ""),
        ]
    );
    let asked = Options {
        themes: Some(vec!["BUDGET".into(), "media".into(), "attitude".into()]),
        ..Options::default()
    };
    assert_eq!(found(&asked), [own("BUDGET", true, "budget")]);
}

proptest! {
    #[test]
    fn alpha_over_sets_is_the_general_one_for_any_number_of_themes(sets in prop::collection::vec(prop::array::uniform2(prop::collection::btree_set(0..200u8, 0..4)), 1..30)) {
        let side = |at: usize| {
            let mut file = Judgements::new();
            for (id, pair) in sets.iter().enumerate() {
                let themes: Vec<String> = pair[at].iter().map(u8::to_string).collect();
                file.extend(&serde_json::json!({"id": id, "themes": themes}).to_string()).unwrap();
            }
            file
        };
        let options = Options { resamples: 0, ..Options::default() };
        let found = evaluate(&side(0), &side(1), &options).all.alpha_masi.value;
        let units: Vec<_> = sets.iter().map(|pair| pair.to_vec()).collect();
        let want = crate::stats::masi_alpha(&units);
        prop_assert_eq!(found.is_some(), want.is_some());
        prop_assert!((found.unwrap_or(0.0) - want.unwrap_or(0.0)).abs() < 1e-9);
    }
}
