//! Tells headings and questions, which are no answers, from the lines of a document.

use super::chunk::TextLine;
use super::cues::{cues, fold_name, heading_role, role_named};
use super::marker::{Marker, marker, opens_list};

/// What stands above a line: nothing, an unmarked line, or an item or heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Above {
    Nothing,
    Plain,
    Marked,
}

/// Whether a line heads those under it. `words` is the line without its marker, `above` what stands before it and whether a blank
/// line parts them, `rest` the lines after it; see [`document::parse`](super::document::parse) for `lists`.
///
/// A heading bears a sign (a question mark, a colon, nothing but the name of a role), or stands apart over a list that begins anew, or,
/// in capitals as titles are written, over prose or a table.
pub(super) fn is_heading(
    lists: bool,
    kind: Option<&Marker>,
    words: &str,
    above: (Above, bool),
    rest: &[TextLine<'_>],
) -> bool {
    let count = words.split_whitespace().count();
    let alone = rest
        .first()
        .is_none_or(|(_, l)| l.trim().is_empty() || marker(l).0.is_some());
    let (colon, asks) = signs(words);
    match kind {
        Some(Marker::Slot { .. }) => false,
        // '2. Problems at work:' heads a section, '- 2. No data' is an item.
        Some(Marker::Number) => {
            (alone && colon)
                || (asks && (alone || lists))
                || (lists && is_title(words) && (is_over_list(rest, false) || is_over_body(rest)))
        }
        Some(Marker::Bullet) => (colon || asks) && alone,
        None if lists && (asks || (colon && count <= 8) || role_named(words).is_some()) => true,
        None if alone && (colon || asks) => true,
        None if !lists || words.ends_with(['.', '।', '!', ',', ';', '/']) => false,
        None if above.1 && is_title(words) && is_over_body(rest) => true,
        None => {
            let next = rest.first().map_or("", |(_, line)| line.trim());
            count <= 15
                && match above {
                    (Above::Nothing, _) => is_over_list(rest, true),
                    (Above::Marked, true) => is_over_list(rest, false),
                    (Above::Plain, true) => !next.is_empty() && is_over_list(rest, false),
                    // Right under an item, only a number tells that another list begins.
                    (Above::Marked, false) => {
                        marker(next).0 == Some(Marker::Number) && is_over_list(rest, false)
                    }
                    (Above::Plain, false) => false,
                }
        }
    }
}

/// Whether a line ends as a heading does, and whether it asks for what a role is the answer to.
fn signs(words: &str) -> (bool, bool) {
    let colon = words.ends_with([':', '：', 'ঃ']) && words.split_whitespace().count() <= 20;
    (colon, is_question(words) && heading_role(words).is_some())
}

/// Whether a list begins with the next line, or after a gap: there it must be the first thing in the text (`is_top`), or have no such gaps
/// itself, or else the line above may be one more of its items. A numbered question begins one wherever it stands.
fn is_over_list(rest: &[TextLine<'_>], is_top: bool) -> bool {
    let is_filled = |(_, line): &TextLine<'_>| !line.trim().is_empty();
    let Some(gap) = rest.iter().position(is_filled) else {
        return false;
    };
    let line = rest[gap].1.trim();
    let (kind, words) = marker(line);
    let (colon, asks) = signs(words);
    let heads = kind == Some(Marker::Number) && (colon || asks);
    let is_close = || gap == 0 || is_top || rest.get(gap + 1).is_some_and(is_filled);
    heads || (opens_list(line) && is_close())
}

/// A question, perhaps with an instruction in brackets behind it; prose that asks and goes on is none.
pub(super) fn is_question(words: &str) -> bool {
    words.rsplit_once('?').is_some_and(|(asked, rest)| {
        let rest = rest.trim();
        (rest.is_empty() || rest.starts_with(['(', '[']) || rest.ends_with(':'))
            && asked.split_whitespace().count() <= 45
            && !asked.contains(". ")
    })
}

/// Whether a sentence, a long line that is no item, or the row of a table stands below, after a gap.
fn is_over_body(rest: &[TextLine<'_>]) -> bool {
    let mut below = rest.iter().map(|(_, line)| line.trim());
    let is_gap = below.clone().next().is_some_and(str::is_empty);
    let next = below.find(|line| !line.is_empty()).unwrap_or_default();
    let is_body = next.ends_with(['.', '।']) || next.contains('\t') || next.chars().count() >= 50;
    is_gap && is_body && marker(next).0.is_none()
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
