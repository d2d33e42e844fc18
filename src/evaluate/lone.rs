//! Themes that only one of two coders ever gives: slips of the pen among them pass for themes of their own.

use std::collections::BTreeSet;

use super::{Judgements, Options, Scores, at_level};

/// A theme that counts in an evaluation and that only one coder ever gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoneTheme {
    /// Its code.
    pub code: String,
    /// Whether the first coder gives it, else the second.
    pub in_gold: bool,
    /// The most alike of the other coder's themes, where there is one that differs in case and a letter or two alone.
    pub like: Option<String>,
}

/// How many letters two codes may differ in to be alike; in short ones fewer.
const LETTERS: usize = 2;

/// Those of the themes in `all`, the ones with a theme alike first.
pub(super) fn lone(coders: [&Judgements; 2], all: &Scores, options: &Options) -> Vec<LoneTheme> {
    let [gold, coded] = coders.map(|coder| -> BTreeSet<&str> {
        let codes = coder.rows.iter().flat_map(|row| row.themes.keys());
        codes.map(|code| at_level(code, options)).collect()
    });
    let counted = all
        .themes
        .iter()
        .filter(|t| t.counts.total() > t.counts.neither);
    let mut lone: Vec<LoneTheme> = counted
        .map(|t| t.code.as_str())
        .filter_map(|code| {
            let in_gold = gold.contains(code);
            let others = if in_gold { &coded } else { &gold };
            (!others.contains(code)).then(|| LoneTheme {
                code: code.to_owned(),
                in_gold,
                like: most_alike(code, others).map(str::to_owned),
            })
        })
        .collect();
    lone.sort_by_key(|theme| theme.like.is_none());
    lone
}

fn most_alike<'o>(code: &str, others: &BTreeSet<&'o str>) -> Option<&'o str> {
    let code = code.to_lowercase();
    let near = others.iter().filter_map(|&other| {
        let lower = other.to_lowercase();
        let shorter = code.chars().count().min(lower.chars().count());
        let apart = strsim::levenshtein(&code, &lower);
        (apart <= LETTERS.min(shorter / 3)).then_some((apart, other))
    });
    near.min().map(|(_, other)| other)
}
