//! Adds up what cues say.

use super::Marked;
use crate::taxonomy::{MAX_CUES, Weights, cues};

/// The sum of the prior and of each cue, once however often it is met: repeating a thing does not make it surer.
pub(super) fn sum<'a>(met: impl Iterator<Item = &'a Marked>) -> Weights {
    let cues = cues();
    let mut seen = [0u64; MAX_CUES / 64];
    let mut sum = cues.prior;
    for marked in met {
        let (place, bit) = (usize::from(marked.cue / 64), 1 << (marked.cue % 64));
        if seen[place] & bit == 0 {
            seen[place] |= bit;
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
