//! Adds up what cues say.

use std::sync::LazyLock;

use super::{CueSet, Marked};
use crate::matching::join;
use crate::taxonomy::{CueBrief, Weights, briefs};

/// The cues in the shape in which sums need them: side by side.
struct Table {
    prior: Row,
    /// What each cue says.
    weights: Vec<Row>,
    /// Cues that say anything of polarity, and of role.
    polar: CueSet,
    of_role: CueSet,
}

/// What a cue says of each of the five readings; as wide as a register, so that adding one up is one instruction.
type Row = [i16; 8];

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let row = |w: &Weights| {
        [
            w.absent,
            w.resolved,
            w.challenge,
            w.initiative,
            w.suggestion,
            0,
            0,
            0,
        ]
    };
    Table {
        prior: briefs().last().map_or([0; 8], |prior| row(&prior.weights)),
        weights: briefs().iter().map(|cue| row(&cue.weights)).collect(),
        polar: all(|cue| cue.weights.absent != 0 || cue.weights.resolved != 0),
        of_role: all(|cue| {
            let Weights {
                challenge,
                initiative,
                suggestion,
                ..
            } = cue.weights;
            [challenge, initiative, suggestion] != [0; 3]
        }),
    }
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
            sum.iter_mut()
                .zip(table.weights[cue])
                .for_each(|(sum, weight)| *sum += weight);
        }
    }
    let [absent, resolved, challenge, initiative, suggestion, ..] = sum;
    Weights {
        absent,
        resolved,
        challenge,
        initiative,
        suggestion,
    }
}

/// Whether any cue that was met says something of role.
pub(super) fn tell_role(met: &[Marked]) -> bool {
    any(met, &TABLE.of_role)
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
