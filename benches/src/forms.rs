//! The surface forms of a taxonomy's terms: what a plain search must look for to find them.
//!
//! A form is a word of a pattern, or a sequence of words that stand side by side in it; a pattern with a gap gives a form for
//! each side. Alternatives and sets are expanded, up to [`MAX_A_RUN`] forms a sequence. A plain search knows no stems, so
//! every word of the lexicons that shares the stem of a form's last word gives a form of its own. Endings (`*ing`) and
//! numbers (`#`) give none.

use std::collections::BTreeSet;

use motamot::Taxonomy;
use motamot::taxonomy::pattern::{Element, Link, WordKind, WordPattern};
use motamot::text::stem::stem;

use crate::words::by_stem;

/// Sequences that one pattern gives at most, before inflection.
pub const MAX_A_RUN: usize = 64;

/// The distinct forms, in order; only those that are written in the taxonomy where `inflected` is false.
#[must_use]
pub fn surface_forms(taxonomy: &Taxonomy, inflected: bool) -> Vec<String> {
    let by_stem = by_stem();
    let mut out = BTreeSet::new();
    for term in taxonomy.terms() {
        let elements = &term.pattern.elements;
        let mut from = 0;
        for to in 1..=elements.len() {
            let goes_on = to < elements.len() && term.pattern.links[to - 1] == Link::After(0);
            if goes_on {
                continue;
            }
            for words in sequences(taxonomy, &elements[from..to]) {
                let Some((last, before)) = words.split_last() else {
                    continue;
                };
                let head: String = before.iter().map(|w| format!("{} ", w.text)).collect();
                out.insert(format!("{head}{}", last.text).to_lowercase());
                if inflected && last.kind == WordKind::Stem {
                    let lower = last.text.to_lowercase();
                    for word in by_stem.get(stem(&lower).as_ref()).into_iter().flatten() {
                        out.insert(format!("{head}{word}").to_lowercase());
                    }
                }
            }
            from = to;
        }
    }
    out.into_iter().collect()
}

/// The sequences of words that a run of elements stands for.
fn sequences(taxonomy: &Taxonomy, run: &[Element]) -> Vec<Vec<WordPattern>> {
    let mut out: Vec<Vec<WordPattern>> = vec![Vec::new()];
    for element in run {
        let phrases: Vec<Vec<WordPattern>> = match element {
            Element::Word(word) => vec![vec![word.clone()]],
            Element::Any(phrases) => phrases.clone(),
            Element::Set(name) => taxonomy.sets().get(name).cloned().unwrap_or_default(),
        };
        out = out
            .iter()
            .flat_map(|begun| {
                phrases
                    .iter()
                    .map(move |phrase| [begun.as_slice(), phrase].concat())
            })
            .take(MAX_A_RUN)
            .collect();
    }
    out.retain(|words| {
        words
            .iter()
            .all(|w| w.kind != WordKind::Suffix && w.text != "#")
    });
    out
}
