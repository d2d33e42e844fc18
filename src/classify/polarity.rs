//! Present, denied or over: what the cues around a term tell.

use super::{Marked, Match, evidence};
use crate::record::Polarity;

/// The polarity of a term in the midst of the cues of its text.
///
/// Only its own sentence and those beside it speak of it: what was overcome is often told over several ('We had one
/// clerk. Now there are four.'). A denial does not reach over a contrast ('the budget is enough, but ...'), while a
/// change often goes through one ('earlier it crashed, but now ...').
pub(super) fn of(term: &Match, cues: &[Marked]) -> Polarity {
    let near = |c: &&Marked| c.sentence.abs_diff(term.sentence) <= 1;
    let resolved = evidence::sum(cues.iter().filter(near)).resolved;
    let absent = evidence::sum(cues.iter().filter(near).filter(|c| c.turn == term.turn)).absent;
    if resolved > absent.max(0) {
        Polarity::Resolved
    } else if absent > 0 {
        Polarity::Absent
    } else {
        Polarity::Present
    }
}
