//! The figures against public packages, and what a person expects of a comparison.

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
            r#""text": "no money", "themes": ["budget"], "role": "challenge", "lang": "en", "respondent": "a""#,
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
    // Four roles were told before, two of them rightly.
    near(found.all.role, 2.0 / 5.0);
}

#[test]
fn polarity_and_role_are_compared_where_they_can_be() {
    let (gold, coded) = small();
    let found = evaluate(&gold, &coded, &Options::default()).all;
    near(found.polarity, 2.0 / 3.0);
    near(found.polarity_told, 1.0);
    near(found.polarity_false, 0.5);
    near(found.role, 0.5);
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
