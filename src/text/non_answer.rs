//! Knows the texts that say nothing: 'N/A', '-', '99', 'জানি না'.
//!
//! They are read and counted as any answer is, but whoever asks what a taxonomy misses need not look through them. Only a
//! whole text can be one: 'নাই' says nothing, 'জনবল নাই' does.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{normalize, tokenize};

/// The entries of the list by the form under which they are looked up.
static KNOWN: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut known = FxHashMap::default();
    let lines = include_str!("../../data/lexicon/non-answers.txt").lines();
    for entry in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        known.entry(form(entry)).or_insert(entry);
    }
    known
});

/// A text that says nothing is at most so long, in bytes, and has at most so many spaces; others are not looked up.
const LONGEST: usize = 120;
const MOST_SPACES: usize = 5;

/// How the list names the text, where it says nothing; signs alone are named by the sign that they begin with.
///
/// ```
/// use motamot::text::non_answer::non_answer;
///
/// assert_eq!(non_answer(" n/a. "), Some("N/A"));
/// assert_eq!(non_answer("--"), Some("-"));
/// assert_eq!(non_answer("no internet"), None);
/// ```
#[must_use]
pub fn non_answer(text: &str) -> Option<&'static str> {
    // Most texts say something, and most of those by their length.
    if text.len() > LONGEST || text.bytes().filter(|b| *b == b' ').count() > MOST_SPACES {
        return None;
    }
    let is_signs = text.chars().all(|c| c.is_whitespace() || is_sign(c));
    if is_signs {
        return Some(sign(text.trim()));
    }
    KNOWN.get(&form(text)).copied()
}

/// Whether what stands where a person is named says that none is known: 'N/A', '-', 'null'. Numbers may be people, and so may
/// most entries of the list ('Nil' is a name).
#[must_use]
pub fn is_nobody(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "N/A",
        "NA",
        "N.A.",
        "not applicable",
        "none",
        "null",
        "NaN",
        "no answer",
        "no response",
        "not answered",
        "missing",
        "blank",
        "empty",
        "প্রযোজ্য নয়",
        "নাই",
        "নেই",
    ];
    if name.contains(char::is_numeric) {
        return false;
    }
    let is_signs = !name.chars().any(char::is_alphanumeric);
    non_answer(name).is_some_and(|named| is_signs || NOBODY.contains(&named))
}

/// Whether a character is punctuation that says nothing by itself. Emoji, ticks and other symbols, which stand from U+2100
/// on, may say something.
fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && c < '\u{2100}'
}

fn sign(text: &str) -> &'static str {
    let named = ["-", ".", "?", "–", "—", "…", "/", "।", "*", "_"];
    let first = named.into_iter().find(|sign| text.starts_with(sign));
    first.unwrap_or("signs alone")
}

/// The words of a text, each as it is looked up, and nothing else of it.
fn form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for word in tokenize::words(text) {
        if !form.is_empty() {
            form.push(' ');
        }
        normalize::word(word.span.of(text), &mut form);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_say_nothing_are_known_however_they_are_typed() {
        for text in [
            "N/A",
            "NA",
            "n/a",
            "n.a.",
            "-",
            "--",
            ".",
            "…",
            "?",
            "99",
            "-99",
            "৯৯",
            "999",
            "nil",
            "Nil.",
            "none",
            "NONE!",
            "no comment",
            "No  comments.",
            "don't know",
            "Don\u{2019}t know",
            "dont know",
            "নাই",
            "নেই।",
            "প্রযোজ্য নয়",
            "প্রযোজ্য ন\u{9af}\u{9bc}",
            "জানি না",
            "জানিনা",
            "nai",
            "Jani na",
            "  ",
            "(none)",
        ] {
            assert!(non_answer(text).is_some(), "{text}");
        }
    }

    #[test]
    fn texts_that_say_something_are_not() {
        for text in [
            "জনবল নাই",
            "no internet",
            "nothing works",
            "none of the officers came",
            "99 posts are vacant",
            "👍",
            "✓",
            "yes",
            "no",
            "না",
            "ভালো",
            "no comment on budget",
            "nai jonobol",
        ] {
            assert_eq!(non_answer(text), None, "{text}");
        }
    }

    #[test]
    fn a_person_without_a_name_is_nobody_and_a_number_may_be_one() {
        for name in ["NA", "n/a", "-", "--", "", " ", "Null", "none", "প্রযোজ্য নয়"]
        {
            assert!(is_nobody(name), "{name}");
        }
        for name in ["99", "7", "Nil", "P1", "-1", "XX", "No", "আমি"] {
            assert!(!is_nobody(name), "{name}");
        }
    }

    #[test]
    fn each_entry_is_in_the_list_once_and_names_itself() {
        let list = include_str!("../../data/lexicon/non-answers.txt");
        let entries = list
            .lines()
            .filter(|l| !l.is_empty() && !l.starts_with('#'));
        for entry in entries {
            assert_eq!(non_answer(entry), Some(entry));
        }
    }
}
