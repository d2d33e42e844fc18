//! Present, denied or over: what the cues around a term tell.

use super::{Marked, Match};
use crate::record::Polarity;
use crate::taxonomy::Cue;

/// The polarity of a term in the midst of the cues of its text.
pub(super) fn of(term: &Match, cues: &[Marked]) -> Polarity {
    let same_sentence = |c: &&Marked| c.sentence == term.sentence;
    if cues
        .iter()
        .filter(same_sentence)
        .any(|c| c.cue == Cue::Resolved)
    {
        return Polarity::Resolved;
    }
    let denied = cues
        .iter()
        .filter(same_sentence)
        .filter(|c| c.cue == Cue::Absent)
        .any(|c| {
            let blocked = cues.iter().any(|b| {
                b.cue == Cue::NotAbsent && b.sentence == c.sentence && overlap(b.words, c.words)
            });
            !blocked
                && (overlap(c.clauses, (term.clauses.0, term.clauses.1 + 1))
                    || overlap(c.words, term.words))
        });
    if denied {
        Polarity::Absent
    } else {
        Polarity::Present
    }
}

fn overlap(a: (u16, u16), b: (u16, u16)) -> bool {
    a.0 < b.1.max(b.0 + 1) && b.0 < a.1.max(a.0 + 1)
}
