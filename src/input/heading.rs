//! Tells headings and questions, which are no answers, from the lines of a document.

use super::chunk::TextLine;
use super::cues::{cues, fold_name, heading_role};
use super::marker::{Marker, marker};

/// Whether a line heads those under it. `words` is the line without its marker, `rest` the lines after it; see
/// [`document::parse`](super::document::parse) for `lists`.
pub(super) fn is_heading(
    lists: bool,
    kind: Option<&Marker>,
    words: &str,
    rest: &[TextLine<'_>],
) -> bool {
    let count = words.split_whitespace().count();
    let next = rest.iter().map(|(_, l)| l.trim()).find(|l| !l.is_empty());
    let alone = rest
        .first()
        .is_none_or(|(_, l)| l.trim().is_empty() || marker(l).0.is_some());
    let asks = is_question(words) && heading_role(words).is_some();
    let colon = words.ends_with([':', '：', 'ঃ']) && count <= 20;
    match kind {
        Some(Marker::Slot { .. }) => false,
        // '2. Problems at work:' heads a section, '- 2. No data' is an item.
        Some(Marker::Number) => {
            (alone && (colon || asks)) || (lists && alone && count >= 2 && is_title(words))
        }
        Some(Marker::Bullet) => (colon || asks) && alone,
        None if lists && colon && count <= 8 => true,
        None if !alone => false,
        None if colon || asks => true,
        None if !lists || words.ends_with(['.', '।', '!', ',', ';', '/']) => false,
        None => {
            (count <= 15 && next.is_some_and(|l| marker(l).0.is_some()))
                || (count <= 12 && is_title(words))
        }
    }
}

/// A question, perhaps with an instruction in brackets behind it; prose that asks and goes on is none.
fn is_question(words: &str) -> bool {
    words.rsplit_once('?').is_some_and(|(asked, rest)| {
        let rest = rest.trim();
        (rest.is_empty() || rest.starts_with(['(', '[']) || rest.ends_with(':'))
            && asked.split_whitespace().count() <= 45
            && !asked.contains(". ")
    })
}

/// 'List of participants', 'অংশগ্রহণকারীদের নাম'.
pub(super) fn is_roster(heading: &str) -> bool {
    let folded = fold_name(heading.trim_end_matches([':', '：', ' ']));
    cues().rosters.iter().any(|w| {
        folded == *w
            || folded
                .strip_suffix(w.as_str())
                .is_some_and(|rest| rest.ends_with("of ") || rest.ends_with("list "))
    })
}

/// At least two words, of which nearly all that are long enough bear a capital, and no full stop at the end.
fn is_title(words: &str) -> bool {
    let long: Vec<&str> = words
        .split_whitespace()
        .filter(|w| {
            w.chars().count() > 3
                && w.chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | ',' | '&' | ':'))
        })
        .collect();
    let capital = long
        .iter()
        .filter(|w| w.starts_with(char::is_uppercase))
        .count();
    let comma = words.contains(',');
    long.len() >= 2
        && capital == long.len()
        && !comma
        && !words.ends_with('.')
        && words.split_whitespace().count() <= 12
}
