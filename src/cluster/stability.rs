//! How much of each cluster comes back when the answers are drawn anew.
//!
//! Hennig, *Cluster-wise assessment of cluster stability*, Computational Statistics & Data Analysis 52, 2007: the mean, over
//! bootstrap samples, of the largest Jaccard index that any new cluster reaches with the old one.

use ndarray::Array2;

use super::group::{self, Groups};
use super::vectors::Space;
use crate::stats::Random;

/// Most answers in one sample.
const SAMPLE: usize = 2048;
const TIMES: usize = 20;
/// Samples of a large input, which costs more each and varies less.
const TIMES_LARGE: usize = 8;

/// Answers that were drawn anew. All that clusters rest on is worked out from them alone, principal components too; only what
/// answers are as long vectors stays.
pub(super) struct Again {
    /// Their rows, as often as each was drawn.
    pub(super) low: Array2<f32>,
    /// Their places in the space's sample, each once, and their rows likewise.
    once: Vec<usize>,
    shown: Array2<f32>,
}

impl Again {
    pub(super) fn new(space: &Space, mut drawn: Vec<usize>) -> Self {
        drawn.sort_unstable();
        let mut once = drawn.clone();
        once.dedup();
        let (low, shown) = space.anew(&drawn, &once);
        Self { low, once, shown }
    }
}

/// The largest Jaccard index of each of `k` old clusters with a new one, over the answers that were drawn; none for a cluster of
/// which none was. `old` gives the old cluster of a place in the space's sample.
pub(super) fn overlaps(
    again: &Again,
    centers: &Array2<f32>,
    k: usize,
    old: impl Fn(usize) -> usize,
) -> Vec<Option<f64>> {
    let new = group::nearest(&again.shown, centers);
    // How many answers are in each old and each new cluster.
    let mut both = vec![vec![0u32; centers.nrows()]; k];
    for (&place, new) in again.once.iter().zip(&new) {
        both[old(place)][new.center] += 1;
    }
    let of_new: Vec<u32> = (0..centers.nrows())
        .map(|j| both.iter().map(|row| row[j]).sum())
        .collect();
    both.iter()
        .map(|row| {
            let of_old: u32 = row.iter().sum();
            let index = |(&both, &new): (&u32, &u32)| {
                f64::from(both) / f64::from((of_old + new - both).max(1))
            };
            (of_old > 0).then(|| row.iter().zip(&of_new).map(index).fold(0.0, f64::max))
        })
        .collect()
}

/// The stability of each cluster, from zero to one.
pub(super) fn jaccard(space: &Space, groups: &Groups, seed: u64) -> Vec<f64> {
    let (n, k) = (space.drawn.len(), groups.centers.nrows());
    let times = if n > SAMPLE { TIMES_LARGE } else { TIMES };
    let mut random = Random::new(seed ^ 0x5eed);
    let (mut sums, mut seen) = (vec![0f64; k], vec![0u32; k]);
    let draws: Vec<Vec<usize>> = (0..if n == 0 { 0 } else { times })
        .map(|_| (0..n.min(SAMPLE)).map(|_| random.below(n)).collect())
        .collect();
    let found = group::in_blocks(draws.len(), 1, |time| {
        let time = time.start;
        let again = Again::new(space, draws[time].clone());
        let centers = group::centers(&again.low, k, seed ^ (time as u64 + 1));
        let old = |place: usize| groups.of[space.drawn[place]].center;
        overlaps(&again, &centers, k, old)
    });
    for indices in found {
        for (cluster, index) in indices.into_iter().enumerate() {
            sums[cluster] += index.unwrap_or(0.0);
            seen[cluster] += u32::from(index.is_some());
        }
    }
    sums.iter()
        .zip(&seen)
        .map(|(sum, &n)| if n > 0 { sum / f64::from(n) } else { 0.0 })
        .collect()
}
