//! Gives every text one *clean* form, with a map back to the text as it was typed.
//!
//! Bangla is typed in many ways that look alike on the screen: split vowel signs, nuktas in the wrong place, the old
//! khanda ta, invisible joiners. Unicode normalisation repairs none of them, since Bangla vowel signs have combining
//! class 0, and it takes ড় ঢ় য় apart; the clean form has them as one character each, so that one letter is one `char`.
//!
//! Its forms:
//! - [`normalize`]: the clean form of a text. Case, accents and digits stay as typed.
//! - [`word`]: what a word is looked up by: clean, lower case, ASCII digits, without invisible characters.
//! - [`name`]: what names of people, columns and groups are compared by: clean, lower case, single spaces.
//! - [`fold`](fold::fold): letters that sound alike made one; for matching misspelt words only.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::script::{self, Class, Sign};
use crate::span::{OffsetMap, Span};

mod characters;
mod fold;
mod rules;

pub use fold::fold;

/// A text in another form, and the way back to the text that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalized<'a> {
    /// The new text; borrowed where nothing changed.
    pub text: Cow<'a, str>,
    /// Maps its spans to the original ones.
    pub map: OffsetMap,
}

impl Normalized<'_> {
    /// The span of the original text from which `span` of the new one arose.
    #[must_use]
    pub fn to_source(&self, span: Span) -> Span {
        self.map.to_source(span)
    }
}

/// The clean form of `text`.
///
/// Doing it twice is doing it once. Text in legacy Bijoy glyphs must be mended before, since a soft hyphen is a letter
/// there (see [`bijoy`](super::bijoy)).
#[must_use]
pub fn normalize(text: &str) -> Normalized<'_> {
    let mut rewriter = Rewriter {
        text,
        out: String::new(),
        copied: 0,
        map: OffsetMap::default(),
    };
    let mut cleaner = rules::Cleaner::new(text);
    for (start, segment) in segments(text) {
        if !looks_clean(segment) {
            cleaner.run(start, segment);
            rewriter.apply(start, segment, cleaner.units());
        }
    }
    rewriter.finish()
}

/// Appends to `out` the form by which the word `word` is looked up.
///
/// Clean, lower case, digits in ASCII; of Bangla joiners only that of র‍্য, every apostrophe as `'`. Between
/// Bangla letters the apostrophe of elision is left out (হ'ল is হল), as are a hasanta at the end (বাক্ is বাক) and a
/// visarga after three characters or more (প্রধানতঃ is প্রধানত).
pub fn word(word: &str, out: &mut String) {
    if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let from = out.len();
        out.push_str(word);
        out[from..].make_ascii_lowercase();
        return;
    }
    if word.chars().all(is_plain_bangla) && looks_clean(word) {
        let from = out.len();
        out.push_str(word);
        drop_silent_end(from, out);
        return;
    }
    // The dot of İ has a lower case of its own, which says nothing.
    let undotted = if word.contains('İ') {
        Cow::Owned(word.replace('İ', "I"))
    } else {
        Cow::Borrowed(word)
    };
    let clean = normalize(&undotted).text;
    let from = out.len();
    let mut before = None;
    let mut chars = clean.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        if c == '\'' && before.is_some_and(bears_elision) && next.is_some_and(has_elision_before) {
            continue;
        }
        match script::digit(c) {
            Some(digit) => out.push((b'0' + digit) as char),
            None => out.extend(c.to_lowercase()),
        }
        before = Some(c);
    }
    drop_silent_end(from, out);
}

/// A name of a person, a column or a group as it is compared: two are the same that differ only in case, white space, invisible
/// characters and the way in which a letter is typed.
#[must_use]
pub fn name(name: &str) -> String {
    let is_seen = |c: &char| !matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}');
    let folded: String = normalize(name).text.nfc().filter(is_seen).collect();
    let folded = folded.to_lowercase();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a Bangla character has but one form: no digit, no joiner.
fn is_plain_bangla(c: char) -> bool {
    script::sign(c) != Sign::None
}

/// Leaves out what a word from place `from` on ends in and nobody hears.
fn drop_silent_end(from: usize, out: &mut String) {
    while let Some(last) = out[from..].chars().next_back() {
        let is_dropped = match last {
            '\u{9CD}' => true,
            'ঃ' => {
                out[from..]
                    .chars()
                    .filter(|&c| script::is_bangla(c))
                    .count()
                    > 3
            }
            _ => false,
        };
        if !is_dropped {
            break;
        }
        out.truncate(out.len() - last.len_utf8());
    }
}

/// Whether an apostrophe after `c`, before a Bangla letter, is one of elision.
fn bears_elision(c: char) -> bool {
    script::is_bangla(c) && script::sign(c) != Sign::Hasanta
}

fn has_elision_before(c: char) -> bool {
    matches!(script::sign(c), Sign::Consonant | Sign::Vowel)
}

/// Cuts `text` into stretches that cannot influence each other, with their byte offsets.
///
/// The cuts are ASCII characters that no rule changes or looks across.
fn segments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_cut = |b: u8| b.is_ascii() && !b.is_ascii_alphanumeric() && !b"`|<=>-:".contains(&b);
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while at < bytes.len() && is_cut(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !is_cut(bytes[at]) {
            at += 1;
        }
        (start < at).then(|| (start, &text[start..at]))
    })
}

/// Whether no rule can apply to `segment`. It may say no where none does.
fn looks_clean(segment: &str) -> bool {
    let mut before = Sign::None;
    let mut last = ' ';
    for c in segment.chars() {
        let sign = script::sign(c);
        let ends_in_hasanta = before == Sign::Hasanta;
        let is_fine = match sign {
            Sign::Consonant => {
                !matches!(c, '\u{9F0}' | '\u{9F1}')
                    && (!ends_in_hasanta || last != 'ত' || rules::joins_ta(c))
            }
            Sign::Vowel | Sign::KhandaTa => !ends_in_hasanta,
            Sign::Kar => before == Sign::Consonant && !matches!(c, '\u{9C4}' | '\u{9D7}'),
            Sign::Modifier => matches!(
                before,
                Sign::Consonant | Sign::Vowel | Sign::Kar | Sign::KhandaTa
            ),
            Sign::Hasanta => before == Sign::Consonant,
            Sign::Nukta => false,
            Sign::None if ends_in_hasanta && last == 'ত' => false,
            Sign::None => match c {
                '|' | '`' => false,
                ':' => before == Sign::None,
                '\0'..='\x7F' | '।' | '॥' | '\u{9E6}'..='\u{9EF}' => true,
                _ => is_settled(c),
            },
        };
        if !is_fine || (before == Sign::KhandaTa && sign == Sign::Kar) {
            return false;
        }
        // Three times the same letter in a cluster: let the rules look.
        if ends_in_hasanta && c == last && segment.matches(c).count() > 2 {
            return false;
        }
        if sign != Sign::Hasanta {
            last = c;
        }
        before = sign;
    }
    !(before == Sign::Hasanta && last == 'ত')
}

/// Whether a character beyond ASCII and Bangla stays as it is, whatever stands beside it.
fn is_settled(c: char) -> bool {
    match c {
        '\u{C0}'..='\u{17F}' | '“' | '”' | '–' | '—' | '…' | '•' => true,
        '\u{980}'..='\u{9FF}' => !characters::changes_alone(c),
        _ => {
            script::class(c) != Class::Joiner
                && !characters::changes_alone(c)
                && characters::is_nfc(c)
        }
    }
}

/// Builds the new text and its map; copies nothing before the first change.
struct Rewriter<'a> {
    text: &'a str,
    out: String,
    copied: usize,
    map: OffsetMap,
}

impl<'a> Rewriter<'a> {
    /// Puts `units` in the place of `segment`, as small edits as the units' spans allow.
    fn apply(&mut self, start: usize, segment: &str, units: &[rules::Unit]) {
        let end = start + segment.len();
        let mut at = start;
        let mut i = 0;
        while i < units.len() {
            let unit = units[i];
            if unit.start > at {
                self.replace(at, unit.start, &[]);
                at = unit.start;
            }
            let first = i;
            let mut until = unit.end.max(at);
            i += 1;
            while i < units.len() && units[i].start < until {
                until = until.max(units[i].end);
                i += 1;
            }
            let is_verbatim =
                i == first + 1 && unit.start == at && self.text[at..until].chars().eq([unit.c]);
            if !is_verbatim {
                self.replace(at, until, &units[first..i]);
            }
            at = until;
        }
        if at < end {
            self.replace(at, end, &[]);
        }
    }

    fn replace(&mut self, start: usize, end: usize, units: &[rules::Unit]) {
        self.out.push_str(&self.text[self.copied..start]);
        let from = self.out.len();
        self.out.extend(units.iter().map(|u| u.c));
        self.map
            .push(Span::new(start, end), Span::new(from, self.out.len()));
        self.copied = end;
    }

    fn finish(mut self) -> Normalized<'a> {
        if self.map.is_identity() {
            return Normalized {
                text: Cow::Borrowed(self.text),
                map: self.map,
            };
        }
        self.out.push_str(&self.text[self.copied..]);
        Normalized {
            text: Cow::Owned(self.out),
            map: self.map,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        input: String,
        want: String,
    }

    fn looked_up(text: &str) -> String {
        let mut out = String::new();
        word(text, &mut out);
        out
    }

    #[test]
    fn the_clean_form_of_every_case_is_what_a_linguist_expects() {
        let cases: Cases = toml::from_str(include_str!("../../tests/data/normalize.toml")).unwrap();
        for case in cases.case {
            let got = normalize(&case.input);
            assert_eq!(
                got.text.escape_unicode().to_string(),
                case.want.escape_unicode().to_string(),
                "{}: {}",
                case.name,
                got.text
            );
        }
    }

    #[test]
    fn clean_text_is_borrowed() {
        for text in [
            "জনবলের তীব্র সংকট, ১০টি পদ শূন্য।",
            "The server's café is down; naïve “fix” — no.",
            "কর্মকর্তা র‍্যাব ভর্ৎসনা",
        ] {
            let got = normalize(text);
            assert_eq!(got.text, text);
            assert!(matches!(got.text, Cow::Borrowed(_)) && got.map.is_identity());
        }
    }

    #[test]
    fn a_quote_comes_from_the_text_as_it_was_typed() {
        let typed = "তারা\u{FEFF} রযে\u{9BC}ছে, ঠিক";
        let clean = normalize(typed);
        assert_eq!(clean.text, "তারা রয়েছে, ঠিক");
        let at = clean.text.find("রয়েছে").unwrap();
        assert_eq!(
            clean.to_source(Span::new(at, at + "রয়েছে".len())).of(typed),
            "রযে\u{9BC}ছে"
        );
        let at = clean.text.find("ঠিক").unwrap();
        assert_eq!(
            clean.to_source(Span::new(at, at + "ঠিক".len())).of(typed),
            "ঠিক"
        );
    }

    #[test]
    fn words_that_differ_only_in_typing_are_looked_up_alike() {
        for (a, b) in [
            ("Server", "server"),
            ("১০", "10"),
            ("হ’ল", "হল"),
            ("ক'রে", "করে"),
            ("বাক্", "বাক"),
            ("প্রধানতঃ", "প্রধানত"),
            ("সফ্ট\u{200C}ওয়্যার", "সফ্টওয়্যার"),
            ("don’t", "don't"),
            ("CAFÉ", "cafe\u{301}"),
            ("কর্\u{200C}মী", "কর্মী"),
        ] {
            assert_eq!(looked_up(a), looked_up(b), "{a} {b}");
        }
        assert_ne!(
            looked_up("র\u{200D}্যাব"),
            looked_up("র্যাব"),
            "the joiner tells rya-phala from reph"
        );
        assert_eq!(looked_up("মোঃ"), "মোঃ", "a short word keeps its visarga");
    }

    /// Texts that are made of what trips a normaliser.
    fn nasty() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => prop::sample::select(vec!['ক', 'ত', 'র', 'য', 'ব', 'ড', 'ম', 'স', 'ৎ', 'অ', 'এ', 'উ', 'া', 'ি', 'ে', 'ৗ', 'ৄ', 'ু', '্', '়', 'ং', 'ঁ', 'ঃ', 'য়', 'ৰ', 'ৱ']),
            2 => prop::sample::select(vec!['\u{200B}', '\u{200C}', '\u{200D}', '\u{FEFF}', '\u{AD}', '\u{A0}', '|', '`', ':', '-', '।', '৷', '\u{9E4}', '’', ' ', '\n', '.', '\'', '\u{2060}', '\u{200E}']),
            1 => prop::sample::select(vec!['a', 'E', 'é', '\u{301}', '\u{338}', '=', 'ﬁ', 'Ａ', '｜', '｀', '१', 'ع', '5', '৫', '\u{1100}', '\u{1161}', '´', '\u{1FEF}', 'İ', '👍']),
            1 => any::<char>(),
        ];
        prop::collection::vec(part, 0..14).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn cleaning_twice_is_cleaning_once(text in nasty()) {
            let once = normalize(&text).text.into_owned();
            let twice = normalize(&once);
            prop_assert_eq!(twice.text.escape_unicode().to_string(), once.escape_unicode().to_string());
        }

        #[test]
        fn a_text_that_looks_clean_is_clean(text in nasty()) {
            let mut cleaner = rules::Cleaner::new(&text);
            for (start, segment) in segments(&text) {
                if looks_clean(segment) {
                    cleaner.run(start, segment);
                    prop_assert!(cleaner.units().iter().map(|u| u.c).eq(segment.chars()), "{}", segment.escape_unicode());
                }
            }
        }

        #[test]
        fn spans_lead_back_to_whole_characters_in_order(text in nasty()) {
            let clean = normalize(&text);
            let mut end = 0;
            for (i, c) in clean.text.char_indices() {
                let span = clean.to_source(Span::new(i, i + c.len_utf8()));
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
                prop_assert!(span.end >= end);
                end = span.end;
            }
        }

        #[test]
        fn looking_up_a_looked_up_word_changes_nothing(text in nasty()) {
            let once = looked_up(&text);
            prop_assert_eq!(looked_up(&once).escape_unicode().to_string(), once.escape_unicode().to_string());
        }
    }
}
