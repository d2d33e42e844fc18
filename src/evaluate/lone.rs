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
    let letters = |code: &str| code.to_lowercase().chars().collect::<Vec<_>>();
    let code = letters(code);
    let near = others.iter().filter_map(|&other| {
        let letters = letters(other);
        let allowed = LETTERS.min(code.len().min(letters.len()) / 3);
        let apart = edits(&code, &letters);
        (apart <= allowed).then_some((apart, other))
    });
    near.min().map(|(_, other)| other)
}

/// How many letters must be changed, added or left out to make `b` of `a` (Levenshtein 1966).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
