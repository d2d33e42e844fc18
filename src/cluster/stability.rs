//! How much of each cluster comes back when the answers are drawn anew.
//!
//! Hennig, *Cluster-wise assessment of cluster stability*, Computational Statistics & Data Analysis 52, 2007: the mean, over
//! bootstrap samples, of the largest Jaccard index that any new cluster reaches with the old one.

use ndarray::Axis;

use super::group::{self, Groups};
use crate::stats::Random;

/// Most answers in one sample.
const SAMPLE: usize = 2048;
const TIMES: usize = 20;
/// Samples of a large input, which costs more each and varies less.
const TIMES_LARGE: usize = 8;
const STARTS: usize = 2;

/// The stability of each cluster, from zero to one.
pub(super) fn jaccard(points: &ndarray::Array2<f32>, groups: &Groups, seed: u64) -> Vec<f64> {
    let (n, k) = (points.nrows(), groups.centers.nrows());
    let times = if n > SAMPLE { TIMES_LARGE } else { TIMES };
    let mut random = Random::new(seed ^ 0x5eed);
    let (mut sums, mut seen) = (vec![0f64; k], vec![0u32; k]);
    for time in 0..if n == 0 { 0 } else { times } {
        let mut drawn: Vec<usize> = (0..n.min(SAMPLE)).map(|_| random.below(n)).collect();
        drawn.sort_unstable();
        let again = points.select(Axis(0), &drawn);
        let centers = group::centers(&again, k, STARTS, seed ^ (time as u64 + 1));
        drawn.dedup();
        let new = group::nearest(&points.select(Axis(0), &drawn), &centers);
        // How many answers are in each old and each new cluster.
        let mut both = vec![vec![0u32; k]; k];
        for (&i, new) in drawn.iter().zip(&new) {
            both[groups.of[i].center][new.center] += 1;
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
