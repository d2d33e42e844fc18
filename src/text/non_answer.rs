//! Knows the texts that say nothing: 'N/A', '-', '99', 'জানি না'.
//!
//! They are read and counted as any answer is, but whoever asks what a taxonomy misses need not look through them. Only a
//! whole text can be one: 'নাই' says nothing, 'জনবল নাই' does.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{normalize, tokenize};

/// The entries of the list, each of their forms by that under which it is looked up.
static KNOWN: LazyLock<FxHashMap<String, Cow<'static, str>>> = LazyLock::new(|| {
    let mut known = FxHashMap::default();
    for entry in entries().flat_map(forms) {
        known.entry(form(&entry)).or_insert(entry);
    }
    known
});

fn entries() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("../../data/lexicon/non-answers.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// All forms of an entry: each choice in brackets with each of the others.
fn forms(entry: &'static str) -> Vec<Cow<'static, str>> {
    let choice = entry.split_once('[').and_then(|(before, rest)| {
        let (choice, after) = rest.split_once(']')?;
        Some((before, choice, after))
    });
    let Some((before, choice, after)) = choice else {
        return vec![Cow::Borrowed(entry)];
    };
    let ends = forms(after);
    let each = choice
        .split('|')
        .flat_map(|one| ends.iter().map(move |end| (one, end)));
    each.map(|(one, end)| Cow::Owned(format!("{before}{one}{end}")))
        .collect()
}

/// A text that says nothing is at most so long, in bytes, and has at most so many spaces; others are not looked up.
const LONGEST: usize = 120;
const MOST_SPACES: usize = 5;

/// How the list names the text, where it says nothing; signs alone are named by the sign that they begin with, one letter alone or
/// again and again ('x', 'aaaa') by what it is.
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
    if !may_begin(text) {
        return None;
    }
    let form = form(text);
    match KNOWN.get(&form) {
        Some(entry) => Some(&**entry),
        None => is_letter(&form).then_some("a letter alone"),
    }
}

/// The first three letters of the entries that begin with three of the Latin alphabet.
static BEGINNINGS: LazyLock<FxHashSet<[u8; 3]>> = LazyLock::new(|| {
    let begins = |form: &String| latin_beginning(form.as_bytes());
    KNOWN.keys().filter_map(begins).collect()
});

fn latin_beginning(text: &[u8]) -> Option<[u8; 3]> {
    let first: [u8; 3] = text.first_chunk().copied()?;
    let are_letters = first.iter().all(u8::is_ascii_alphabetic);
    are_letters.then(|| first.map(|b| b.to_ascii_lowercase()))
}

/// Whether an entry may begin as a text does: most texts are told by that.
fn may_begin(text: &str) -> bool {
    latin_beginning(text.as_bytes())
        .is_none_or(|first| BEGINNINGS.contains(&first) || first == [first[0]; 3])
}

/// Whether a form is one letter, or the same one three times or more: two may be short for something ('DD', 'CC'). 'Y' and 'n'
/// answer a question.
fn is_letter(form: &str) -> bool {
    let mut letters = form.chars().filter(|c| *c != ' ');
    let Some(first) = letters.next().filter(|c| c.is_alphabetic()) else {
        return false;
    };
    let more = letters.clone().count();
    letters.all(|c| c == first) && (more >= 2 || more == 0 && !matches!(first, 'y' | 'n'))
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
pub(crate) fn form(text: &str) -> String {
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
            "No suggestion",
            "No suggestions.",
            "no more comments",
            "I have no idea",
            "nothing to add",
            "কোনো পরামর্শ নেই",
            "আমার কোন মতামত নাই।",
            "কোনো suggestion নাই",
            "kono poramorsho nai",
            "amar kono motamot nei",
            "kisu na",
            "KISUI NAI",
            "ditto",
            "-do-",
            "Same as above",
            "as above",
            "ঐ",
            "উপরের মতো",
            "Thank you",
            "thanks!",
            "ধন্যবাদ",
            "আপনাকে অনেক ধন্যবাদ",
            "onek dhonnobad",
            "x",
            "X",
            "xxxx",
            "x x x",
            "ক",
            "zzz",
            "----",
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
            "no training",
            "no suggestion box in the office",
            "no answer from the ministry",
            "no response from the upazila, no staff",
            "কোনো প্রশিক্ষণ নেই",
            "পরামর্শ দেওয়ার লোক নেই",
            "kono training nai",
            "same problem of staff",
            "same here",
            "as before",
            "thank you for the training",
            "no feedback",
            "no problem",
            "y",
            "N",
            "DD",
            "no no",
            "7",
            "ICT",
            "মা",
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
        for entry in entries().flat_map(forms) {
            assert_eq!(non_answer(&entry), Some(&*entry));
        }
    }
}
