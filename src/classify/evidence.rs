//! Adds up what cues say.

use super::Marked;
use crate::taxonomy::{Weights, cues};

/// The sum of the prior and of each cue, once however often it is met: repeating a thing does not make it surer.
pub(super) fn sum<'a>(met: impl Iterator<Item = &'a Marked>) -> Weights {
    let cues = cues();
    let mut seen = 0u128;
    let mut sum = cues.prior;
    for marked in met {
        let bit = 1u128 << marked.cue;
        if seen & bit == 0 {
            seen |= bit;
            let weights = cues.cues[usize::from(marked.cue)].weights;
            sum.absent += weights.absent;
            sum.resolved += weights.resolved;
            sum.challenge += weights.challenge;
            sum.initiative += weights.initiative;
            sum.suggestion += weights.suggestion;
        }
    }
    sum
}
