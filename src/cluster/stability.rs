//! How much of each cluster comes back when the answers are drawn anew.
//!
//! Hennig, *Cluster-wise assessment of cluster stability*, Computational Statistics & Data Analysis 52, 2007: the mean, over
//! bootstrap samples, of the largest Jaccard index that any new cluster reaches with the old one.

use super::group::{self, Groups};
use super::vectors::Space;
use crate::stats::Random;

/// Most answers in one sample.
const SAMPLE: usize = 2048;
const TIMES: usize = 20;
/// Samples of a large input, which costs more each and varies less.
const TIMES_LARGE: usize = 8;

/// The stability of each cluster, from zero to one. All that clusters rest on is worked out anew from each sample, principal
/// components too; only what answers are as long vectors stays.
pub(super) fn jaccard(space: &Space, groups: &Groups, seed: u64) -> Vec<f64> {
    let (n, k) = (space.drawn.len(), groups.centers.nrows());
    let times = if n > SAMPLE { TIMES_LARGE } else { TIMES };
    let mut random = Random::new(seed ^ 0x5eed);
    let (mut sums, mut seen) = (vec![0f64; k], vec![0u32; k]);
    for time in 0..if n == 0 { 0 } else { times } {
        let mut drawn: Vec<usize> = (0..n.min(SAMPLE)).map(|_| random.below(n)).collect();
        drawn.sort_unstable();
        let mut once = drawn.clone();
        once.dedup();
        let (again, shown) = space.anew(&drawn, &once);
        let centers = group::centers(&again, k, seed ^ (time as u64 + 1));
        let new = group::nearest(&shown, &centers);
        // How many answers are in each old and each new cluster.
        let mut both = vec![vec![0u32; k]; k];
        for (&i, new) in once.iter().zip(&new) {
            both[groups.of[space.drawn[i]].center][new.center] += 1;
        }
        let of_new: Vec<u32> = (0..k)
            .map(|j| both.iter().map(|row| row[j]).sum())
            .collect();
        for (old, row) in both.iter().enumerate() {
            let of_old: u32 = row.iter().sum();
            if of_old == 0 {
                continue;
            }
            let best = row
                .iter()
                .zip(&of_new)
                .map(|(&both, &new)| f64::from(both) / f64::from((of_old + new - both).max(1)))
                .fold(0.0, f64::max);
            sums[old] += best;
            seen[old] += 1;
        }
    }
    sums.iter()
        .zip(&seen)
        .map(|(sum, &n)| if n > 0 { sum / f64::from(n) } else { 0.0 })
        .collect()
}
