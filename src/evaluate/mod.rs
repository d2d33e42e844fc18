//! Gold beside coded: how far two coders agree, by theme and by group, and where they do not.
//!
//! One coder may be the program or both may be people; the first is called gold, since precision
//! and recall need one to measure against. Kappa and alpha are the same either way round.

mod lone;
mod rows;
mod scores;
#[cfg(feature = "formats")]
mod table;

#[cfg(feature = "formats")]
pub(crate) use table::{FORMULA, armed};

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::record::{Language, Polarity, Role};
use crate::stats::{Calibration, calibration};

pub use lone::LoneTheme;
pub use rows::{Given, Judgement, Judgements, RowFault};
pub use scores::{Estimate, Scores, ThemeScores};

/// What to compare, and how finely.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The themes that count, by code; `None` for all that either coder gave. Where subthemes are not told apart, the code of one
    /// stands for its top-level theme.
    pub themes: Option<Vec<String>>,
    /// Whether subthemes are told apart; else each counts as its top-level theme.
    pub subthemes: bool,
    /// The columns of the gold by which the figures are broken down.
    pub by: Vec<String>,
    /// How many bootstrap samples; 0 for no intervals.
    pub resamples: usize,
    /// From which the bootstrap draws.
    pub seed: u64,
}

impl Default for Options {
    /// Top-level themes, all of them, broken down by language, role and register, 1000 resamples.
    fn default() -> Self {
        Self {
            themes: None,
            subthemes: false,
            by: ["language", "role", "register"].map(str::to_owned).to_vec(),
            resamples: 1000,
            seed: 7,
        }
    }
}

/// How two coders agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// All answers of the gold whose themes were judged there. One that the other coder did not judge counts as given no theme.
    pub all: Scores,
    /// Ids of these that the other coder did not judge.
    pub missing: Vec<String>,
    /// Answers of the gold whose themes nobody judged: they count for the role alone.
    pub unjudged: usize,
    /// How many answers only the other coder judged; they count nowhere.
    pub extra: usize,
    /// Themes that only one coder ever gives, each perhaps a slip for one that the other gives; those with a theme alike first.
    pub lone: Vec<LoneTheme>,
    /// The figures by each column that was asked for and that the gold has.
    pub groups: Vec<Group>,
    /// What was taken for what, most frequent first.
    pub confusions: Vec<ConfusedThemes>,
    /// Every answer on whose themes the two differ, in the order of the gold.
    pub differences: Vec<Difference>,
    /// How often a coding of a given score is right; `None` where the second coder gave no scores. A theme that was not given
    /// has no score and does not count.
    pub reliability: Option<Calibration>,
    /// The same by language form: as the gold's column has it, else as the second coder found it. Forms that the program knows
    /// come first, in the order of [`Language::ALL`].
    pub reliability_by_language: Vec<(String, Calibration)>,
}

/// The figures of the answers that share a value in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The column.
    pub by: String,
    /// The value.
    pub value: String,
    /// The figures.
    pub scores: Scores,
}

/// A theme of the gold that was missed and the one that was given instead, on the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfusedThemes {
    /// The theme that only the gold has; `None` where the other coder added one to an answer that needed none.
    pub gold: Option<String>,
    /// The theme that only the other coder has; `None` where it was missed with nothing in its place.
    pub coded: Option<String>,
    /// On how many answers.
    pub answers: usize,
    /// The first few of them: id and text.
    pub examples: Vec<(String, String)>,
}

/// An answer on whose themes two coders differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The themes that only the gold has.
    pub gold_only: Vec<String>,
    /// The themes that only the other coder has.
    pub coded_only: Vec<String>,
    /// The themes that both have.
    pub both: Vec<String>,
}

/// Two judgements of one answer; themes by number, gold first in each pair.
struct Answer {
    /// Whether the gold tells its themes, be they none.
    judged: bool,
    gold: BTreeSet<usize>,
    coded: BTreeSet<usize>,
    /// What to compare, the gold's first: the polarities of each shared theme, or those of the answer.
    polarities: Vec<[Polarity; 2]>,
    role: [Option<Role>; 2],
    respondent: Option<String>,
}

const EXAMPLES: usize = 3;

/// Compares what two coders said, answer by answer.
///
/// Polarities are compared only of themes that the coders share, and the role only where both tell one. Answers are the same by
/// their ids; of several rows of the second coder with one id the last counts, and a row without an id is met by none. The same input and options give the same figures on any machine.
#[must_use]
pub fn evaluate(gold: &Judgements, coded: &Judgements, options: &Options) -> Evaluation {
    let by_id: BTreeMap<&str, &Judgement> = coded
        .rows
        .iter()
        .filter(|row| !row.id.is_empty())
        .map(|row| (row.id.as_str(), row))
        .collect();
    let rows: Vec<(&Judgement, Option<&Judgement>)> = gold
        .rows
        .iter()
        .map(|g| (g, by_id.get(g.id.as_str()).copied()))
        .collect();
    let codes = codes(&rows, options);
    let number: BTreeMap<&str, usize> = codes
        .iter()
        .enumerate()
        .map(|(n, code)| (code.as_str(), n))
        .collect();
    let level = |code: &'_ str| number.get(at_level(code, options)).copied();
    let answers: Vec<Answer> = rows.iter().map(|&(g, c)| answer(g, c, level)).collect();

    let all: Vec<&Answer> = answers.iter().collect();
    let missing: Vec<String> = rows
        .iter()
        .filter(|(g, c)| g.judged && !c.is_some_and(|c| c.judged))
        .map(|(g, _)| g.id.clone())
        .collect();
    let differences = differences(&rows, &answers, &codes);
    let (reliability, reliability_by_language) = reliability(&rows, &answers, level);
    let all = scores::scores(&all, &codes, options.resamples, options.seed);
    Evaluation {
        lone: lone::lone([gold, coded], &all, options),
        all,
        extra: extra(gold, coded),
        missing,
        unjudged: rows.iter().filter(|(g, _)| !g.judged).count(),
        groups: groups(&rows, &answers, &codes, options),
        confusions: confusions(&differences),
        differences,
        reliability,
        reliability_by_language,
    }
}

fn extra(gold: &Judgements, coded: &Judgements) -> usize {
    let ids: BTreeSet<&str> = gold.rows.iter().map(|row| row.id.as_str()).collect();
    let is_extra = |row: &&Judgement| row.id.is_empty() || !ids.contains(row.id.as_str());
    coded.rows.iter().filter(is_extra).count()
}

fn at_level<'c>(code: &'c str, options: &Options) -> &'c str {
    if options.subthemes {
        code
    } else {
        code.split('.').next().unwrap_or(code)
    }
}

fn codes(rows: &[(&Judgement, Option<&Judgement>)], options: &Options) -> Vec<String> {
    let given = || {
        rows.iter()
            .flat_map(|&(g, c)| [Some(g), c])
            .flatten()
            .flat_map(|row| row.themes.keys())
    };
    let codes: BTreeSet<&str> = match &options.themes {
        Some(themes) => themes.iter().map(|code| at_level(code, options)).collect(),
        None => given().map(|code| at_level(code, options)).collect(),
    };
    codes.into_iter().map(str::to_owned).collect()
}

fn answer(
    gold: &Judgement,
    coded: Option<&Judgement>,
    level: impl Fn(&str) -> Option<usize>,
) -> Answer {
    let by_gold = given(gold, &level);
    let by_coder = coded.map(|c| given(c, &level)).unwrap_or_default();
    Answer {
        judged: gold.judged,
        gold: by_gold.keys().copied().collect(),
        coded: by_coder.keys().copied().collect(),
        polarities: coded.map_or_else(Vec::new, |coded| {
            polarities([gold, coded], [&by_gold, &by_coder])
        }),
        role: [gold.role, coded.and_then(|c| c.role)],
        respondent: gold
            .respondent
            .clone()
            .or_else(|| coded?.respondent.clone()),
    }
}

/// The themes of an answer by number; one of several codings has what they say together.
fn given(row: &Judgement, level: impl Fn(&str) -> Option<usize>) -> BTreeMap<usize, Given> {
    let mut themes: BTreeMap<usize, Given> = BTreeMap::new();
    for (code, &given) in &row.themes {
        if let Some(theme) = level(code) {
            themes
                .entry(theme)
                .and_modify(|other| *other = other.joined(given))
                .or_insert(given);
        }
    }
    themes
}

/// Of each shared theme, where both tell it by theme. Else one pair: what a coder tells of the answer, or of the shared themes together.
fn polarities(rows: [&Judgement; 2], themes: [&BTreeMap<usize, Given>; 2]) -> Vec<[Polarity; 2]> {
    let shared = || {
        let pairs = themes[0].iter();
        pairs.filter_map(|(theme, gold)| Some([gold.polarity, themes[1].get(theme)?.polarity]))
    };
    let by_theme: Option<Vec<[Polarity; 2]>> = shared()
        .map(|[gold, coded]| Some([gold?, coded?]))
        .collect();
    by_theme.unwrap_or_else(|| {
        vec![[0, 1].map(|side| {
            let own: Option<Vec<Polarity>> = shared().map(|pair| pair[side]).collect();
            own.map_or(rows[side].polarity, |own| rows::of_answer(&own))
        })]
    })
}

fn groups(
    rows: &[(&Judgement, Option<&Judgement>)],
    answers: &[Answer],
    codes: &[String],
    options: &Options,
) -> Vec<Group> {
    let mut groups = Vec::new();
    for by in &options.by {
        let mut members: BTreeMap<String, Vec<&Answer>> = BTreeMap::new();
        for ((gold, _), answer) in rows.iter().zip(answers) {
            if let Some(value) = gold.field(by) {
                members.entry(value).or_default().push(answer);
            }
        }
        // Of a group in which nobody judged a theme there are no figures to tell.
        members.retain(|_, answers| answers.iter().any(|a| a.judged));
        groups.extend(members.into_iter().map(|(value, members)| Group {
            by: by.clone(),
            value,
            scores: scores::scores(&members, codes, options.resamples, options.seed),
        }));
    }
    groups
}

fn differences(
    rows: &[(&Judgement, Option<&Judgement>)],
    answers: &[Answer],
    codes: &[String],
) -> Vec<Difference> {
    let named =
        |themes: &mut dyn Iterator<Item = &usize>| themes.map(|&t| codes[t].clone()).collect();
    let pairs = rows.iter().zip(answers);
    let differ = pairs.filter(|(_, a)| a.judged && a.gold != a.coded);
    differ
        .map(|((gold, coded), a)| Difference {
            id: gold.id.clone(),
            text: if gold.text.is_empty() {
                coded.map(|c| c.text.clone()).unwrap_or_default()
            } else {
                gold.text.clone()
            },
            gold_only: named(&mut a.gold.difference(&a.coded)),
            coded_only: named(&mut a.coded.difference(&a.gold)),
            both: named(&mut a.gold.intersection(&a.coded)),
        })
        .collect()
}

/// Pairs every missed theme of an answer with every added one, or with nothing where there is none.
fn confusions(differences: &[Difference]) -> Vec<ConfusedThemes> {
    let mut found: BTreeMap<(Option<&str>, Option<&str>), Vec<&Difference>> = BTreeMap::new();
    for difference in differences {
        for gold in or_none(&difference.gold_only) {
            for coded in or_none(&difference.coded_only) {
                found.entry((gold, coded)).or_default().push(difference);
            }
        }
    }
    let mut confusions: Vec<ConfusedThemes> = found
        .into_iter()
        .map(|((gold, coded), answers)| ConfusedThemes {
            gold: gold.map(str::to_owned),
            coded: coded.map(str::to_owned),
            answers: answers.len(),
            examples: answers
                .iter()
                .take(EXAMPLES)
                .map(|d| (d.id.clone(), d.text.clone()))
                .collect(),
        })
        .collect();
    confusions.sort_by_key(|confusion| Reverse(confusion.answers));
    confusions
}

fn or_none(codes: &[String]) -> impl Iterator<Item = Option<&str>> {
    let none = codes.is_empty().then_some(None);
    codes.iter().map(|code| Some(code.as_str())).chain(none)
}

/// The codings that have a score, held against the gold: of all answers, and of each language form.
fn reliability(
    rows: &[(&Judgement, Option<&Judgement>)],
    answers: &[Answer],
    level: impl Fn(&str) -> Option<usize>,
) -> (Option<Calibration>, Vec<(String, Calibration)>) {
    let mut all = Vec::new();
    let mut forms: BTreeMap<(usize, String), Vec<(f64, bool)>> = BTreeMap::new();
    for (&(gold, coded), answer) in rows.iter().zip(answers).filter(|(_, a)| a.judged) {
        let themes = coded.map(|c| given(c, &level)).unwrap_or_default();
        let claims = themes
            .into_iter()
            .filter_map(|(theme, given)| Some((given.score?, answer.gold.contains(&theme))));
        let at = all.len();
        all.extend(claims);
        let column = |row: &Judgement| row.field("language");
        if let Some(form) = column(gold).or_else(|| column(coded?)) {
            let known = Language::ALL.iter().position(|l| l.as_str() == form);
            let key = (known.unwrap_or(Language::ALL.len()), form);
            forms.entry(key).or_default().extend_from_slice(&all[at..]);
        }
    }
    let by_form = forms
        .into_iter()
        .filter_map(|((_, form), claims)| Some((form, calibration(&claims)?)));
    (calibration(&all), by_form.collect())
}

#[cfg(test)]
mod tests;
