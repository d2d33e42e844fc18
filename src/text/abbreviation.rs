//! Knows the abbreviations after which a full stop ends no sentence.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

#[derive(Deserialize)]
struct Lists {
    title: FxHashSet<String>,
    tail: FxHashSet<String>,
    before_number: FxHashSet<String>,
    letter: FxHashSet<String>,
    unit_first: FxHashSet<String>,
    unit_second: FxHashSet<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/abbreviations.toml"))
        .expect("data/abbreviations.toml is tested to be well formed")
});

fn holds(set: &FxHashSet<String>, word: &str) -> bool {
    // The longest entry is far shorter; a long word need not be copied.
    word.len() <= 32
        && (set.contains(word)
            || word.bytes().any(|b| b.is_ascii_uppercase())
                && set.contains(&word.to_ascii_lowercase()))
}

/// Whether `word` is written with a full stop after it, as a title or a short form is.
pub(super) fn is_abbreviation(word: &str) -> bool {
    holds(&LISTS.title, word) || holds(&LISTS.tail, word)
}

/// Whether `word` is an abbreviation that may stand at the end of a sentence (`etc`, `Ltd`).
pub(super) fn may_end_sentence(word: &str) -> bool {
    holds(&LISTS.tail, word)
}

/// Whether `word` is an abbreviation only with a number after it (`No. 5`, `Sec. 3`).
pub(super) fn needs_number(word: &str) -> bool {
    holds(&LISTS.before_number, word)
}

/// Whether `word` is one letter, or the name of a Latin letter in Bangla.
pub(super) fn is_letter_name(word: &str) -> bool {
    word.chars().nth(1).is_none() || holds(&LISTS.letter, word)
}

/// Whether `left.right` is a unit of two parts, as কি.মি is.
pub(super) fn is_unit(left: &str, right: &str) -> bool {
    holds(&LISTS.unit_first, left) && holds(&LISTS.unit_second, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_abbreviations_in_any_case() {
        assert!(is_abbreviation("Md") && is_abbreviation("GOVT") && is_abbreviation("ডা"));
        assert!(!is_abbreviation("manpower") && !is_abbreviation("টাকা"));
        assert!(is_letter_name("ডব্লিউ") && is_letter_name("ক") && !is_letter_name("নাই"));
    }
}
