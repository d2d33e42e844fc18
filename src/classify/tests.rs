//! What the cues say of the polarity and role of invented answers, from the case files that a linguist can add to.

use super::{Classifier, Scratch};
use crate::record::{Coded, Polarity, Response, Role};
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

/// Codes each case and names all that are not read as wanted.
fn check(source: &str, read: impl Fn(&Classifier, &Case, &Coded) -> String) {
    let cases: Cases = toml::from_str(source).expect("the case file is TOML");
    // The cues are tested, so the statistical coder, which weighs them among other things, stays out.
    let classifier = Classifier::builder()
        .rules_only()
        .build()
        .expect("the core taxonomy fits");
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
