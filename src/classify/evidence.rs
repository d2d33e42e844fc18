//! Adds up what cues say.

use std::sync::LazyLock;

use super::{CueSet, Marked};
use crate::matching::join;
use crate::taxonomy::{CueBrief, Weights, briefs};

/// The cues in the shape in which sums need them.
struct Table {
    prior: Row,
    /// What each cue says.
    rows: Vec<Row>,
    /// Cues that say anything of polarity.
    polar: CueSet,
}

/// Five small numbers in one, 16 bits each, so that all are added at once.
type Row = i128;

fn row(weights: &Weights) -> Row {
    [
        weights.suggestion,
        weights.initiative,
        weights.challenge,
        weights.resolved,
        weights.absent,
    ]
    .iter()
    .fold(0, |row, weight| (row << 16) + Row::from(*weight))
}

fn weights(mut row: Row) -> Weights {
    let mut next = || {
        let lowest = row as i16;
        // One below zero has borrowed from the next.
        row = (row - Row::from(lowest)) >> 16;
        lowest
    };
    Weights {
        absent: next(),
        resolved: next(),
        challenge: next(),
        initiative: next(),
        suggestion: next(),
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table {
    prior: briefs().last().map_or(0, |prior| row(&prior.weights)),
    rows: briefs().iter().map(|cue| row(&cue.weights)).collect(),
    polar: all(|cue| cue.weights.absent != 0 || cue.weights.resolved != 0),
});

/// The sum of the prior and of each cue, once however often it is met: repeating a thing does not make it surer.
pub(super) fn sum<'a>(met: impl Iterator<Item = &'a Marked>) -> Weights {
    sum_of(union(met))
}

/// The same of the cues that say anything of polarity; of role it tells nothing.
pub(super) fn polarity<'a>(met: impl Iterator<Item = &'a Marked>) -> Weights {
    let mut set = union(met);
    set.iter_mut()
        .zip(TABLE.polar)
        .for_each(|(bits, polar)| *bits &= polar);
    sum_of(set)
}

fn sum_of(set: CueSet) -> Weights {
    let table = &*TABLE;
    let mut sum = table.prior;
    for (at, mut bits) in set.into_iter().enumerate() {
        while bits != 0 {
            let cue = at * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            sum += table.rows[cue];
        }
    }
    weights(sum)
}

/// Whether any of these cues was met.
pub(super) fn any(met: &[Marked], of: &CueSet) -> bool {
    union(met.iter())
        .iter()
        .zip(of)
        .any(|(met, wanted)| met & wanted != 0)
}

/// All cues that are such.
pub(super) fn all(is_such: impl Fn(&CueBrief) -> bool) -> CueSet {
    let mut set = CueSet::default();
    // The last one is the prior.
    let cues = briefs().split_last().map_or(&[][..], |(_, cues)| cues);
    for (id, cue) in cues.iter().enumerate() {
        set[id / 64] |= u64::from(is_such(cue)) << (id % 64);
    }
    set
}

fn union<'a>(met: impl Iterator<Item = &'a Marked>) -> CueSet {
    let mut all = CueSet::default();
    met.for_each(|marked| join(&mut all, &marked.cues));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_numbers_are_added_in_one() {
        let of = |n: i16| Weights {
            absent: -n,
            resolved: n,
            challenge: 0,
            initiative: -3 * n,
            suggestion: n - 7,
        };
        let sum = [40, -9, 0, 300].map(|n| row(&of(n))).into_iter().sum();
        let want = Weights {
            suggestion: 331 - 28,
            ..of(331)
        };
        assert_eq!(weights(sum), want);
    }
}
