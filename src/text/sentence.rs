//! Finds where sentences and clauses end, from the tokens and a look at what stands beside them.
//!
//! A sentence ends at `.` `!` `?` `।` `॥` `…` and at a line break; not at the stop of an abbreviation (Govt., ডা.), of
//! initials (এ. কে., U.N.O.), of a list number (`1.` at the head of a line) or inside a number.

use super::abbreviation::{is_abbreviation, is_letter_name, may_end_sentence, needs_number};
use super::script::{Class, class};
use super::tokenize::{Token, TokenKind, tokens};
use crate::span::Span;

/// What ends at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Break {
    /// Nothing.
    None,
    /// A clause: a comma, dash, bracket, slash, colon.
    Clause,
    /// A sentence (and its clause).
    Sentence,
}

/// What ends at `token`, a token of `text`. Looks at the text around it only for marks that have several uses.
#[must_use]
#[inline]
pub fn break_at(text: &str, token: Token) -> Break {
    match token.kind {
        TokenKind::Space if text.as_bytes().get(token.span.start as usize) == Some(&b' ') => {
            Break::None
        }
        TokenKind::Punctuation | TokenKind::Space => break_at_mark(text, token),
        _ => Break::None,
    }
}

fn break_at_mark(text: &str, token: Token) -> Break {
    let mark = token.span.of(text);
    let before = &text[..token.span.start as usize];
    let after = &text[token.span.end as usize..];
    match mark {
        "." => stop(before, after),
        ":" | "/" | "–" | "—" if is_between_digits(before, after) => Break::None,
        ":" if is_abbreviation(last_word(before)) => Break::None,
        "-" if !is_apart(before, after) => Break::None,
        _ if is_sentence_end(mark) => Break::Sentence,
        _ if is_clause_break(mark) => Break::Clause,
        _ => Break::None,
    }
}

/// Whether a full stop right after this word ends a sentence whatever follows, where a space or nothing stands before the word.
pub(crate) fn ends_at_stop(word: &str) -> bool {
    last_word(word) == word
        && word.chars().nth(1).is_some()
        && !needs_number(word)
        && !is_abbreviation(word)
        && !is_letter_name(word)
}

/// Whether a token with this text can end a sentence. A full stop need not: see [`break_at`].
#[must_use]
pub fn is_sentence_end(token_text: &str) -> bool {
    matches!(
        token_text.chars().next(),
        Some(
            '.' | '!'
                | '?'
                | '।'
                | '॥'
                | '৷'
                | '…'
                | '؟'
                | '。'
                | '\n'
                | '\r'
                | '\u{85}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{B}'
                | '\u{C}'
        )
    )
}

/// Whether a token with this text can end a clause. A hyphen or a colon need not: see [`break_at`].
#[must_use]
pub fn is_clause_break(token_text: &str) -> bool {
    matches!(
        token_text.chars().next(),
        Some(
            ',' | ';'
                | ':'
                | '—'
                | '–'
                | '-'
                | '/'
                | '('
                | ')'
                | '['
                | ']'
                | '|'
                | '\t'
                | '•'
                | '●'
                | '▪'
                | '→'
                | '،'
        )
    )
}

/// The sentences of `text`, without the space around them, in order. Together they hold all that is not space.
///
/// Closing quotes and brackets and runs such as `?!` and `...` stay with their sentence.
pub fn sentences(text: &str) -> impl Iterator<Item = Span> {
    let mut tokens = tokens(text);
    std::iter::from_fn(move || {
        let mut sentence: Option<Span> = None;
        while let Some(token) = tokens.next() {
            let is_end = break_at(text, token) == Break::Sentence;
            if token.kind == TokenKind::Space {
                if is_end && sentence.is_some() {
                    break;
                }
                continue;
            }
            let grown = sentence.map_or(token.span, |s| s.join(token.span));
            sentence = Some(grown);
            if is_end {
                return Some(grown.join(with_closers(text, &mut tokens, token.span)));
            }
        }
        sentence
    })
}

/// Takes what still belongs to the sentence that ended at `end`: more end marks, closing quotes and brackets.
fn with_closers<'a>(text: &'a str, tokens: &mut super::tokenize::Tokens<'a>, end: Span) -> Span {
    let mut end = end;
    let mut ahead = tokens.clone();
    let mut is_spaced = false;
    while let Some(token) = ahead.next() {
        let mark = token.span.of(text);
        match token.kind {
            TokenKind::Space if !is_sentence_end(mark) => is_spaced = true,
            TokenKind::Punctuation if is_sentence_end(mark) || !is_spaced && is_closer(mark) => {
                end = token.span;
                is_spaced = false;
                *tokens = ahead.clone();
            }
            _ => break,
        }
    }
    end
}

fn is_closer(mark: &str) -> bool {
    matches!(mark, "\"" | "'" | "”" | "’" | ")" | "]" | "}" | "»")
}

/// What a full stop ends.
fn stop(before: &str, after: &str) -> Break {
    let word = last_word(before);
    let ahead = &before[..before.len() - word.len()];
    let next = after.trim_start_matches([' ', '\t']).chars().next();
    let Some(first) = word.chars().next() else {
        let is_tight = after
            .chars()
            .next()
            .is_some_and(|c| !matches!(class(c), Class::Space | Class::Other));
        let is_after_space = before
            .chars()
            .next_back()
            .is_none_or(|c| class(c) == Class::Space);
        // '.5', '.NET'; '1.' at the head of a line.
        return if is_tight && is_after_space || is_list_number(before) {
            Break::None
        } else {
            Break::Sentence
        };
    };
    let is_none = if ahead.ends_with('.')
        && ahead[..ahead.len() - 1]
            .ends_with(|c| class(c) != Class::Space && class(c) != Class::Other)
    {
        // The last stop of U.N.O. or e.g., but not that of 'done.Next.'
        word.chars().nth(2).is_none() || is_letter_name(word)
    } else if needs_number(word) {
        next.is_some_and(|c| class(c) == Class::Digit)
    } else if may_end_sentence(word) {
        !next.is_some_and(|c| c.is_uppercase() || class(c) == Class::Bangla)
    } else if class(first) == Class::Bangla {
        is_abbreviation(word) || is_letter_name(word)
    } else {
        is_abbreviation(word)
            || word.chars().nth(1).is_none() && (first.is_uppercase() || is_at_line_start(ahead))
    };
    if is_none {
        Break::None
    } else {
        Break::Sentence
    }
}

/// The letters right before the end of `before`, without space between.
fn last_word(before: &str) -> &str {
    let is_letter = |c: char| {
        matches!(
            class(c),
            Class::Bangla | Class::Latin | Class::Letter | Class::Joiner
        )
    };
    // A longer one is no abbreviation, and a look back must stay cheap.
    let start = before
        .char_indices()
        .rev()
        .take(24)
        .take_while(|&(_, c)| is_letter(c))
        .last()
        .map_or(before.len(), |(i, _)| i);
    &before[start..]
}

fn is_between_digits(before: &str, after: &str) -> bool {
    before
        .chars()
        .next_back()
        .is_some_and(|c| class(c) == Class::Digit)
        && after
            .chars()
            .next()
            .is_some_and(|c| class(c) == Class::Digit)
}

/// Whether there is space (or nothing) on both sides.
fn is_apart(before: &str, after: &str) -> bool {
    before
        .chars()
        .next_back()
        .is_none_or(|c| class(c) == Class::Space)
        && after
            .chars()
            .next()
            .is_none_or(|c| class(c) == Class::Space)
}

/// Whether only space, a bracket or a bullet stands between the head of the line and the end of `before`.
fn is_at_line_start(before: &str) -> bool {
    let is_lead = |c: char| matches!(c, ' ' | '\t' | '(' | '-' | '–' | '•' | '*' | '#');
    before
        .chars()
        .rev()
        .take(24)
        .find(|&c| !is_lead(c))
        .is_none_or(|c| c == '\n')
}

/// Whether `before` ends in a number of one or two digits, perhaps with a letter (Q1), that begins its line.
fn is_list_number(before: &str) -> bool {
    let digits = before
        .chars()
        .rev()
        .take(3)
        .take_while(|&c| class(c) == Class::Digit)
        .map(char::len_utf8);
    let (count, len) = digits.fold((0, 0), |(n, sum), len| (n + 1, sum + len));
    let lead = &before[..before.len() - len];
    (1..=2).contains(&count)
        && is_at_line_start(
            lead.strip_suffix(|c: char| c.is_ascii_uppercase())
                .unwrap_or(lead),
        )
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
        want: Vec<String>,
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let cases: Cases = toml::from_str(include_str!("../../tests/data/sentences.toml")).unwrap();
        for case in cases.case {
            let got: Vec<_> = sentences(&case.input).map(|s| s.of(&case.input)).collect();
            assert_eq!(got, case.want, "{}", case.name);
        }
    }

    #[test]
    fn clauses_end_at_commas_brackets_and_dashes_but_not_inside_words_and_numbers() {
        let clauses = |text| {
            tokens(text)
                .filter(|&t| break_at(text, t) == Break::Clause)
                .count()
        };
        assert_eq!(clauses("staff, budget (small) – and time / money"), 5);
        assert_eq!(clauses("e-mail 10:30 2018/19 মো: ১০–১২ 1,234"), 0);
        assert_eq!(clauses("net - slow"), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sentences_hold_all_that_is_not_space(text in "[a-cA-C1কনা।.?!\"') \n\r\t:,-]{0,30}") {
            let mut at = 0;
            for sentence in sentences(&text) {
                prop_assert!(text[at..sentence.start as usize].trim().is_empty());
                let inside = sentence.of(&text);
                prop_assert_eq!(inside.trim(), inside);
                prop_assert!(!inside.is_empty());
                at = sentence.end as usize;
            }
            prop_assert!(text[at..].trim().is_empty());
        }

        #[test]
        fn any_text_has_sentences(text in any::<String>()) {
            for token in tokens(&text) {
                let _ = break_at(&text, token);
            }
            prop_assert!(sentences(&text).all(|s| !s.is_empty()));
        }
    }
}
