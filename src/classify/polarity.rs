//! Present, denied or over: what the cues around a term tell.

use super::{Marked, Match, evidence};
use crate::record::Polarity;

/// The polarity of a term in the midst of the cues of its text.
///
/// What was overcome is often told over several sentences ('We had one clerk. Now there are four.'), while a denial
/// holds for its own sentence, and neither reaches over a contrast ('the budget is enough, but ...').
pub(super) fn of(term: &Match, cues: &[Marked]) -> Polarity {
    let sum = evidence::sum(cues.iter());
    if sum.resolved > 0 && sum.resolved >= sum.absent {
        Polarity::Resolved
    } else if sum.absent > 0 {
        Polarity::Absent
    } else {
        Polarity::Present
    }
}
