//! Clusters on which many runs of k-means agree; answers on which they do not stay outside.
//!
//! Evidence accumulation: k-means on bootstrap samples, how often two answers fall together, average linkage over that (Fred &
//! Jain, *Combining multiple clusterings using evidence accumulation*, IEEE TPAMI 27, 2005). What comes out is far steadier than
//! one run, and says for each cluster how steady it is.

use ndarray::{Array1, Array2, Axis};

use super::group;
use crate::stats::Random;

/// Most answers that are compared with each other; the others join the cluster that they are near enough to.
const SAMPLE: usize = 2000;
const RUNS: usize = 90;
/// Answers belong together that fell together in this share of the runs, on average.
const AGREE: f32 = 0.35;

/// A cluster of answers and how often two of them fell together.
pub(super) struct Core {
    pub(super) units: Vec<usize>,
    pub(super) stability: f64,
}

/// Groups of `fewest` points at least; `k` is the number of clusters in each run.
pub(super) fn cores(points: &Array2<f32>, k: usize, fewest: usize, seed: u64) -> Vec<Core> {
    let n = points.nrows();
    let drawn = group::draw(n, SAMPLE, seed);
    let sample = points.select(Axis(0), &drawn);
    let together = together(&sample, k, seed);
    let groups = linkage(together.clone(), AGREE);
    let fewest_drawn = (fewest * drawn.len()).div_ceil(n.max(1)).max(2);
    let mut out: Vec<Core> = groups
        .into_iter()
        .filter(|g| g.len() >= fewest_drawn.min(fewest))
        .map(|g| {
            let pairs = (g.len() * (g.len() - 1)) as f64;
            let sum: f64 = g
                .iter()
                .flat_map(|&i| g.iter().map(move |&j| (i, j)))
                .filter(|(i, j)| i != j)
                .map(|pair| f64::from(together[pair]))
                .sum();
            Core {
                units: g,
                stability: if pairs > 0.0 {
                    (sum / pairs).min(1.0)
                } else {
                    1.0
                },
            }
        })
        .collect();
    if drawn.len() < n {
        spread(points, &sample, &mut out);
    }
    out.retain(|core| core.units.len() >= fewest);
    out
}

/// In what share of the runs two points fell together.
fn together(points: &Array2<f32>, k: usize, seed: u64) -> Array2<f32> {
    let n = points.nrows();
    let mut out = Array2::zeros((n, n));
    let mut random = Random::new(seed ^ 0xc0fe);
    for run in 0..RUNS as u64 {
        let drawn: Vec<usize> = (0..n).map(|_| random.below(n)).collect();
        let centers =
            group::centers_of_one_run(&points.select(Axis(0), &drawn), k, seed ^ (run + 1));
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); k];
        for (i, near) in group::nearest(points, &centers).iter().enumerate() {
            members[near.center].push(i);
        }
        for group in &members {
            for &i in group {
                for &j in group {
                    out[(i, j)] += 1.0 / RUNS as f32;
                }
            }
        }
    }
    out
}

/// Average linkage by chains of nearest neighbours, down to a likeness (Murtagh 1983). Groups in order of their first member.
fn linkage(mut alike: Array2<f32>, least: f32) -> Vec<Vec<usize>> {
    let n = alike.nrows();
    let mut groups: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    let mut open: Vec<usize> = (0..n).collect();
    let mut chain: Vec<usize> = Vec::new();
    while let Some(&first) = open.first() {
        let end = *chain.last().unwrap_or(&first);
        if chain.is_empty() {
            chain.push(first);
        }
        let before = chain.len().checked_sub(2).map(|i| chain[i]);
        // The one before wins among equals, or the chain would never end.
        let mut best = (before, before.map_or(f32::MIN, |b| alike[(end, b)]));
        for &other in open.iter().filter(|&&o| o != end) {
            if alike[(end, other)] > best.1 {
                best = (Some(other), alike[(end, other)]);
            }
        }
        match best {
            (Some(near), value) if value >= least => {
                if best.0 != before {
                    chain.push(near);
                    continue;
                }
                chain.truncate(chain.len() - 2);
                let (a, b) = (end.min(near), end.max(near));
                let (na, nb) = (groups[a].len() as f32, groups[b].len() as f32);
                let mean: Array1<f32> = (&alike.row(a) * na + &alike.row(b) * nb) / (na + nb);
                alike.row_mut(a).assign(&mean);
                alike.column_mut(a).assign(&mean);
                let moved = std::mem::take(&mut groups[b]);
                groups[a].extend(moved);
                open.retain(|&o| o != b);
            }
            // Its nearest is too far, so it is done; whoever came before it in the chain looks anew.
            _ => {
                chain.pop();
                open.retain(|&o| o != end);
            }
        }
    }
    groups.iter_mut().for_each(|g| g.sort_unstable());
    groups.retain(|g| !g.is_empty());
    groups.sort();
    groups
}

/// Gives each point to the nearest cluster where it is no farther from its center than half of the cluster's own are.
fn spread(points: &Array2<f32>, sample: &Array2<f32>, cores: &mut [Core]) {
    if cores.is_empty() {
        return;
    }
    let mut centers = Array2::zeros((cores.len(), points.ncols()));
    let mut reach = Vec::new();
    for (core, mut center) in cores.iter().zip(centers.axis_iter_mut(Axis(0))) {
        for &i in &core.units {
            center += &sample.row(i);
        }
        center /= core.units.len() as f32;
        let mut far: Vec<f32> = core
            .units
            .iter()
            .map(|&i| (&sample.row(i) - &center).mapv(|x| x * x).sum().sqrt())
            .collect();
        far.sort_by(f32::total_cmp);
        reach.push(far[far.len() / 2]);
    }
    cores.iter_mut().for_each(|core| core.units.clear());
    for (i, near) in group::nearest(points, &centers).iter().enumerate() {
        if near.distance <= reach[near.center] {
            cores[near.center].units.push(i);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn groups_are_joined_as_far_as_they_are_alike() {
        let alike = array![
            [1.0, 0.9, 0.1, 0.0, 0.0],
            [0.9, 1.0, 0.2, 0.0, 0.0],
            [0.1, 0.2, 1.0, 0.6, 0.0],
            [0.0, 0.0, 0.6, 1.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 1.0],
        ];
        assert_eq!(
            linkage(alike.clone(), 0.5),
            [vec![0, 1], vec![2, 3], vec![4]]
        );
        assert_eq!(linkage(alike.clone(), 0.95).len(), 5);
        assert_eq!(linkage(alike, 0.0).len(), 1);
        assert_eq!(linkage(Array2::zeros((0, 0)), 0.5).len(), 0);
    }

    #[test]
    fn two_clouds_come_out_whole_and_sure() {
        let points = Array2::from_shape_fn((40, 2), |(i, j)| {
            let side = if i < 20 { 0.0 } else { 9.0 };
            side + ((i * 7 + j * 3) % 5) as f32 / 10.0
        });
        let cores = cores(&points, 2, 3, 1);
        assert_eq!(cores.len(), 2);
        assert!(
            cores
                .iter()
                .all(|c| c.units.len() == 20 && c.stability > 0.9)
        );
    }
}
