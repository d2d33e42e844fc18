//! Cuts a text into words, numbers, punctuation and space, at the word boundaries of Unicode and a few more.
//!
//! Boundaries are those of [UAX #29](https://www.unicode.org/reports/tr29/) and, within its words,
//! - where Latin and Bangla (or any two scripts) meet: `serverটা` is `server` + `টা`;
//! - between digit and letter: `১০টি` is `১০` + `টি`, `4G` is `4` + `G`; only the 6 that stands for ছ inside a romanised
//!   word stays in it (`ki6u`);
//! - at `:` and `_`: `নাম:রহিম`, `#শূন্য_পদ`;
//! - at a full stop that ends an abbreviation or a sentence without a space after it: `ডা.রহিম`, `নাই.টাকা`,
//!   `done.Next`; initials and short forms stay whole: `এম.পি`, `U.N.O`, `কি.মি`.
//!
//! Runs of ASCII and Bangla are cut by table; whatever needs more than a look at the next character goes through
//! `unicode-segmentation`, one Unicode word at a time.

use unicode_segmentation::UnicodeSegmentation;

use super::abbreviation::{is_abbreviation, is_letter_name, is_unit};
use super::script::{Class, class};
use crate::span::Span;

mod simple;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word in Bangla script.
    Bangla,
    /// A word in Latin script: English, or romanised Bangla.
    Latin,
    /// A word in another script.
    OtherWord,
    /// A number, with the separators inside it.
    Number,
    /// A punctuation mark or symbol.
    Punctuation,
    /// White space; a line break is a token of its own.
    Space,
}

impl TokenKind {
    /// Whether the token is a word of any script.
    #[must_use]
    pub fn is_word(self) -> bool {
        matches!(
            self,
            TokenKind::Bangla | TokenKind::Latin | TokenKind::OtherWord
        )
    }
}

/// A piece of text: never empty, and on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// The tokens of `text` in order; together they cover all of it. Allocates nothing.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens {
        text,
        at: 0,
        segment_end: 0,
    }
}

/// Only the words and numbers of `text`.
pub fn words(text: &str) -> impl Iterator<Item = Token> {
    tokens(text).filter(|t| t.kind.is_word() || t.kind == TokenKind::Number)
}

/// The iterator of [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// End of the Unicode word that is being cut up; `at` where none is.
    segment_end: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        if start >= self.segment_end
            && let Some((end, kind)) = simple::simple_token(self.text.as_bytes(), start)
        {
            self.at = end;
            return Some(Token {
                span: Span::new(start, end),
                kind,
            });
        }
        self.next_piece()
    }
}

/// Whether `word` is a run of one script for which [`ends_word`] alone tells where it ends.
pub(crate) fn is_simple(word: &str) -> bool {
    let run = simple::simple_token(word.as_bytes(), 0);
    run.is_some_and(|(end, kind)| end == word.len() && kind.is_word())
}

/// Whether a word that is simple surely ends before the sign at `at`.
#[inline]
pub(crate) fn ends_word(text: &str, at: usize) -> bool {
    simple::parts_from_letter(text.as_bytes(), at)
}

impl Tokens<'_> {
    /// Where the next token begins, if the one before ended a Unicode word.
    #[inline]
    pub(crate) fn start(&self) -> Option<usize> {
        (self.at >= self.segment_end).then_some(self.at)
    }

    /// Goes on at the end of a word that the caller knows.
    #[inline]
    pub(crate) fn pass(&mut self, end: usize) {
        self.at = end;
    }

    /// The next token where a table does not tell it.
    #[cold]
    fn next_piece(&mut self) -> Option<Token> {
        let start = self.at;
        if start >= self.segment_end {
            // A boundary found is a fresh start for the rules of UAX #29, so the rest can be cut on its own.
            let segment = self.text[start..].split_word_bounds().next()?;
            self.segment_end = start + segment.len();
        }
        let (len, kind) = first_piece(&self.text[start..self.segment_end]);
        self.at = start + len;
        Some(Token {
            span: Span::new(start, self.at),
            kind,
        })
    }
}

/// Length and kind of the first token in `segment`, one Unicode word or the rest of one.
fn first_piece(segment: &str) -> (usize, TokenKind) {
    let mut kind = None;
    for (i, c) in segment.char_indices() {
        let rest = &segment[i + c.len_utf8()..];
        let class = class(c);
        match class {
            Class::Joiner => {}
            Class::Other if stands_alone(c, kind, &segment[..i], rest) => {
                if i > 0 {
                    return (i, kind_of(kind));
                }
                let joiners = rest.find(|c| super::script::class(c) != Class::Joiner);
                return (
                    segment.len() - rest.len() + joiners.unwrap_or(rest.len()),
                    TokenKind::Punctuation,
                );
            }
            // A mark inside a word (an apostrophe, a sign of another script), or the second half of a line break.
            Class::Other | Class::Space => kind = kind.or(Some(class)),
            Class::Digit
                if kind == Some(Class::Latin) && c == '6' && is_chha(&segment[..i], rest) => {}
            Class::Bangla | Class::Latin | Class::Letter | Class::Digit => match kind {
                Some(k) if k != class => return (i, kind_of(kind)),
                _ => kind = Some(class),
            },
        }
    }
    (segment.len(), kind_of(kind))
}

fn kind_of(class: Option<Class>) -> TokenKind {
    match class {
        Some(Class::Bangla) => TokenKind::Bangla,
        Some(Class::Latin) => TokenKind::Latin,
        Some(Class::Letter) => TokenKind::OtherWord,
        Some(Class::Digit) => TokenKind::Number,
        Some(Class::Space) => TokenKind::Space,
        Some(Class::Joiner | Class::Other) | None => TokenKind::Punctuation,
    }
}

/// Whether a 6 between these stands for ছ: inside a romanised word.
fn is_chha(before: &str, after: &str) -> bool {
    before.ends_with('6')
        || after
            .trim_start_matches('6')
            .chars()
            .next()
            .is_some_and(|c| class(c) == Class::Latin)
}

/// Whether the mark `c`, with a piece of the class `kind` before it, is a token of its own.
fn stands_alone(c: char, kind: Option<Class>, before: &str, after: &str) -> bool {
    match c {
        ':' | '_' => true,
        '.' if kind != Some(Class::Digit) => ends_something(before, after),
        '\'' | '’' | '‘' => {
            let next = after.chars().map(class).find(|&c| c != Class::Joiner);
            kind.is_some() && next.is_some() && kind != next
        }
        _ => false,
    }
}

/// Last parts of the internet names that turn up in answers.
const DOMAINS: [&str; 6] = ["com", "org", "net", "edu", "gov", "info"];

/// Whether the full stop between `before` and `after`, which Unicode takes for part of the word, ends an abbreviation
/// or a sentence.
fn ends_something(before: &str, after: &str) -> bool {
    let left = &before[before.rfind('.').map_or(0, |i| i + 1)..];
    let is_letter = |c: char| {
        matches!(
            class(c),
            Class::Bangla | Class::Latin | Class::Letter | Class::Joiner
        )
    };
    let right = &after[..after.find(|c| !is_letter(c)).unwrap_or(after.len())];
    let (Some(last), Some(first)) = (left.chars().next_back(), right.chars().next()) else {
        return true;
    };
    if class(last) != class(first) {
        return true;
    }
    match class(first) {
        Class::Bangla => !(is_letter_name(left) && is_letter_name(right) || is_unit(left, right)),
        Class::Latin if is_abbreviation(left) => right.chars().nth(1).is_some(),
        // Three small letters on both sides: no initials, no p.m, no Node.js.
        Class::Latin => {
            last.is_lowercase()
                && !DOMAINS.contains(&right)
                && left.chars().nth(2).is_some()
                && right.chars().nth(2).is_some()
                && right.chars().skip(1).all(char::is_lowercase)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens as the documentation tells them, without any short cut.
    fn plain(text: &str) -> Vec<Token> {
        let mut out = Vec::new();
        for (start, segment) in text.split_word_bound_indices() {
            let mut at = 0;
            while at < segment.len() {
                let (len, kind) = first_piece(&segment[at..]);
                out.push(Token {
                    span: Span::new(start + at, start + at + len),
                    kind,
                });
                at += len;
            }
        }
        out
    }

    fn cut(text: &str) -> Vec<&str> {
        words(text).map(|t| t.span.of(text)).collect()
    }

    #[test]
    fn a_suffix_parts_from_a_foreign_word_and_from_a_number() {
        assert_eq!(
            cut("serverটা email-এর ১০টি 4G office'এর"),
            [
                "server", "টা", "email", "এর", "১০", "টি", "4", "G", "office", "এর"
            ]
        );
    }

    #[test]
    fn words_part_at_a_colon_and_an_underscore() {
        assert_eq!(
            cut("নাম:রহিম #শূন্য_পদ budget:none"),
            ["নাম", "রহিম", "শূন্য", "পদ", "budget", "none"]
        );
    }

    #[test]
    fn a_full_stop_without_a_space_parts_sentences_and_abbreviations_but_not_initials() {
        assert_eq!(
            cut("ডা.রহিম মো.করিম নাই.টাকা done.Next Md.Rahim"),
            [
                "ডা",
                "রহিম",
                "মো",
                "করিম",
                "নাই",
                "টাকা",
                "done",
                "Next",
                "Md",
                "Rahim"
            ]
        );
        assert_eq!(
            cut("U.N.O এম.পি কি.মি e.g. 3.5 ১,২৩,৪৫৬.৭৮ Node.js gmail.com"),
            [
                "U.N.O",
                "এম.পি",
                "কি.মি",
                "e.g",
                "3.5",
                "১,২৩,৪৫৬.৭৮",
                "Node.js",
                "gmail.com"
            ]
        );
    }

    #[test]
    fn elision_and_invisible_joiners_stay_inside_the_word() {
        assert_eq!(
            cut("হ'ল don’t র\u{200D}্যাব off\u{AD}ice"),
            ["হ'ল", "don’t", "র\u{200D}্যাব", "off\u{AD}ice"]
        );
    }

    #[test]
    fn a_six_for_chha_stays_inside_a_romanised_word() {
        assert_eq!(
            cut("ki6u a6e ho66e 6ta lok6"),
            ["ki6u", "a6e", "ho66e", "6", "ta", "lok", "6"]
        );
    }

    #[test]
    fn kinds_tell_words_numbers_and_the_rest() {
        use TokenKind::*;
        let text = "লোক 5% жук।\n";
        let kinds: Vec<_> = tokens(text).map(|t| t.kind).collect();
        assert_eq!(
            kinds,
            [
                Bangla,
                Space,
                Number,
                Punctuation,
                Space,
                OtherWord,
                Punctuation,
                Space
            ]
        );
    }

    fn nasty() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            5 => prop::sample::select(vec!["ক", "ত্র", "া", "ি", "্", "়", "ং", "ঃ", "এ", "ৎ", "মো", "ডা", "আছে", "২", "৯", "a", "Z", "the", "Md", "6", "0", "7"]),
            4 => prop::sample::select(vec![" ", "  ", "\n", "\r\n", "\r", "\t", ".", ",", ";", ":", "'", "’", "\"", "_", "-", "/", "।", "॥", "৳", "|", "%", "#"]),
            2 => prop::sample::select(vec!["\u{200C}", "\u{200D}", "\u{AD}", "\u{A0}", "\u{2003}", "\u{301}", "\u{FE0F}", "\u{20E3}", "é", "ß", "क", "्", "ع", "漢", "カ", "א", "👩", "🇧", "🇩", "\u{3000}", "\u{B7}", "①", "½", "²", "\u{85}", "\u{2028}", "ঽ", "৲", "৴", "\u{9FE}"]),
            1 => any::<char>().prop_map(|_| "x"),
        ];
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_way_cuts_as_the_plain_way(text in nasty()) {
            prop_assert_eq!(tokens(&text).collect::<Vec<_>>(), plain(&text));
        }

        #[test]
        fn the_fast_way_cuts_any_text_as_the_plain_way(text in any::<String>()) {
            prop_assert_eq!(tokens(&text).collect::<Vec<_>>(), plain(&text));
        }

        #[test]
        fn tokens_cover_the_text(text in nasty()) {
            let mut at = 0;
            for token in tokens(&text) {
                prop_assert_eq!(token.span.start as usize, at);
                prop_assert!(!token.span.of(&text).is_empty());
                at = token.span.end as usize;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
