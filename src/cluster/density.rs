//! Clusters where answers lie dense; what lies between them stays outside.
//!
//! HDBSCAN* (Campello, Moulavi & Sander, *Density-Based Clustering Based on Hierarchical Density Estimates*, PAKDD 2013): the
//! minimum spanning tree of mutual reachability distances is cut edge by edge from the longest on; a part that never falls
//! into two large enough ones is a cluster. DBSCAN (Ester et al. 1996), which `linfa-clustering` has, needs one distance for
//! all answers: with that of the knee of the k-distance curve all coded answers at hand came out as one cluster, since texts
//! on a common matter lie much denser than others.
//!
//! Time grows with the square of the sample, memory with the sample. Answers beyond it join the cluster of the sampled answer
//! that is nearest, if it is near enough.

use ndarray::{Array1, Array2, Axis, s};

use super::group::{self, Groups, Nearest, in_blocks, squared};
use super::pca;
use crate::stats::Random;

/// Most answers from which the tree is made.
const SAMPLE: usize = 4096;
/// Principal components; with more of them all distances are much alike.
const DIMS: usize = 24;
/// The smallest cluster has so many answers, or half the square root of their number …
const SMALLEST: u32 = 5;
/// … and a core distance is that to so many neighbours, or a quarter of the smallest cluster.
const NEIGHBOURS: u32 = 3;
/// Half samples for the stability.
const TIMES: usize = 8;
const BLOCK: usize = 256;

/// The clusters, which answers are in none of them, and the stability of each cluster.
///
/// `weights` tells how many people gave each answer.
pub(super) fn fit(points: &Array2<f32>, weights: &[u32], seed: u64) -> (Groups, Vec<f64>) {
    let low = pca::principal(points, DIMS);
    let drawn = group::draw(points.nrows(), SAMPLE, seed);
    let sample = low.select(Axis(0), &drawn);
    let counts: Vec<u32> = drawn.iter().map(|&i| weights[i]).collect();
    let found = leaves(&sample, &counts);
    let k = found.reach.len();
    let own: Vec<Option<usize>> = if drawn.len() == points.nrows() {
        found.of.clone()
    } else {
        join(&low, &sample, &found)
    };
    let stability = stability(&sample, &counts, &found, seed);
    (groups(points, &own, k), stability)
}

/// Clusters of a sample.
struct Leaves {
    of: Vec<Option<usize>>,
    /// The squared distance at which each cluster comes apart from the rest.
    reach: Vec<f32>,
}

/// Two parts of the tree that meet.
struct Merge {
    parts: [usize; 2],
    distance: f32,
}

fn leaves(points: &Array2<f32>, counts: &[u32]) -> Leaves {
    let n = points.nrows();
    let mut out = Leaves {
        of: vec![None; n],
        reach: Vec::new(),
    };
    if n < 2 {
        // One answer, however often, is all there is.
        out.of.fill(Some(0));
        out.reach.resize(n, 0.0);
        return out;
    }
    let total: u32 = counts.iter().sum();
    let smallest = SMALLEST.max((f64::from(total).sqrt() / 2.0).ceil() as u32);
    let (merges, sizes) = dendrogram(
        &spanning_tree(points, &cores(points, counts, NEIGHBOURS.max(smallest / 4))),
        counts,
    );
    // Parts to look at, and the distance at which each came apart from another large enough part.
    let mut open: Vec<(usize, Option<f32>)> = vec![(n + merges.len() - 1, None)];
    while let Some((top, born)) = open.pop() {
        let mut at = top;
        loop {
            let Some(merge) = at.checked_sub(n).map(|m| &merges[m]) else {
                break close(&mut out, &merges, n, top, born);
            };
            let [a, b] = merge.parts;
            match (sizes[a] >= smallest, sizes[b] >= smallest) {
                (true, true) => {
                    open.extend([(b, Some(merge.distance)), (a, Some(merge.distance))]);
                    break;
                }
                (true, false) => at = a,
                (false, true) => at = b,
                (false, false) => break close(&mut out, &merges, n, top, born),
            }
        }
    }
    out
}

/// Makes a cluster of all that lies under a part; all answers as one are none.
fn close(out: &mut Leaves, merges: &[Merge], n: usize, top: usize, born: Option<f32>) {
    let Some(distance) = born else { return };
    let cluster = out.reach.len();
    out.reach.push(distance);
    let mut under = vec![top];
    while let Some(part) = under.pop() {
        match part.checked_sub(n) {
            Some(m) => under.extend(merges[m].parts),
            None => out.of[part] = Some(cluster),
        }
    }
}

fn row(points: &Array2<f32>, i: usize) -> &[f32] {
    let dims = points.ncols();
    &points.as_slice().unwrap_or_default()[i * dims..(i + 1) * dims]
}

/// The squared distance of each point to its neighbours; equal answers are neighbours of each other.
fn cores(points: &Array2<f32>, counts: &[u32], neighbours: u32) -> Vec<f32> {
    let n = points.nrows();
    in_blocks(n, BLOCK, |range| {
        let of = |i: usize| {
            let mut near: Vec<(f32, u32)> = (0..n)
                .map(|j| (squared(row(points, i), row(points, j)), counts[j]))
                .collect();
            let few = (neighbours as usize).min(n - 1);
            near.select_nth_unstable_by(few, |a, b| a.0.total_cmp(&b.0));
            near.truncate(few + 1);
            near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let mut met = 0;
            near.iter()
                .find(|(_, count)| {
                    met += count;
                    // The point itself is none of its neighbours.
                    met > neighbours
                })
                .or(near.last())
                .map_or(0.0, |(distance, _)| *distance)
        };
        range.map(of).collect::<Vec<f32>>()
    })
    .concat()
}

/// Prim's algorithm on mutual reachability distances, which are never all kept.
fn spanning_tree(points: &Array2<f32>, cores: &[f32]) -> Vec<(f32, usize, usize)> {
    let n = points.nrows();
    let mut nearest = vec![(f32::INFINITY, 0usize); n];
    let mut done = vec![false; n];
    let (mut at, mut edges) = (0, Vec::with_capacity(n - 1));
    for _ in 1..n {
        done[at] = true;
        let mut next = (f32::INFINITY, usize::MAX);
        for i in (0..n).filter(|&i| !done[i]) {
            let distance = squared(row(points, at), row(points, i))
                .max(cores[at])
                .max(cores[i]);
            if distance < nearest[i].0 {
                nearest[i] = (distance, at);
            }
            if next.1 == usize::MAX || nearest[i].0 < next.0 {
                next = (nearest[i].0, i);
            }
        }
        edges.push((next.0, nearest[next.1].1, next.1));
        at = next.1;
    }
    edges
}

/// The parts that meet when edges are put in from the shortest on, and how many answers each part has.
fn dendrogram(edges: &[(f32, usize, usize)], counts: &[u32]) -> (Vec<Merge>, Vec<u32>) {
    let mut edges = edges.to_vec();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut sizes = counts.to_vec();
    let mut above: Vec<usize> = (0..counts.len() + edges.len()).collect();
    let mut merges = Vec::with_capacity(edges.len());
    for (distance, a, b) in edges {
        let parts = [top(&mut above, a), top(&mut above, b)];
        let new = sizes.len();
        parts.iter().for_each(|&part| above[part] = new);
        sizes.push(sizes[parts[0]] + sizes[parts[1]]);
        merges.push(Merge { parts, distance });
    }
    (merges, sizes)
}

/// The part that holds a point by now; paths are halved on the way.
fn top(above: &mut [usize], mut at: usize) -> usize {
    while above[at] != at {
        above[at] = above[above[at]];
        at = above[at];
    }
    at
}

/// The cluster of the nearest sampled answer, where it is nearer than the cluster is to all that lies around it.
fn join(all: &Array2<f32>, sample: &Array2<f32>, found: &Leaves) -> Vec<Option<usize>> {
    let squares: Array1<f32> = sample.rows().into_iter().map(|r| r.dot(&r)).collect();
    in_blocks(all.nrows(), BLOCK, |range| {
        let block = all.slice(s![range, ..]);
        let along = block.dot(&sample.t());
        let each = block.rows().into_iter().zip(along.rows());
        each.map(|(point, along)| {
            let (mut best, mut nearest) = (0, f32::INFINITY);
            for (i, (along, square)) in along.iter().zip(&squares).enumerate() {
                let distance = square - 2.0 * along;
                if distance < nearest {
                    (best, nearest) = (i, distance);
                }
            }
            found.of[best].filter(|&c| nearest + point.dot(&point) <= found.reach[c])
        })
        .collect::<Vec<_>>()
    })
    .concat()
}

/// Centers of the clusters, and how far each answer is from its own and from the next.
fn groups(points: &Array2<f32>, own: &[Option<usize>], k: usize) -> Groups {
    let mut centers = Array2::<f32>::zeros((k, points.ncols()));
    let mut counts = vec![0f32; k];
    for (point, own) in points.rows().into_iter().zip(own) {
        if let Some(c) = *own {
            let mut sum = centers.row_mut(c);
            sum += &point;
            counts[c] += 1.0;
        }
    }
    for (mut center, n) in centers.rows_mut().into_iter().zip(counts) {
        center /= n.max(1.0);
    }
    let of = own.iter().zip(points.rows()).map(|(own, point)| {
        let center = own.unwrap_or(0);
        let mut out = Nearest {
            center,
            distance: 0.0,
            next: f32::INFINITY,
        };
        for (c, other) in centers.rows().into_iter().enumerate() {
            let distance = (&point - &other).mapv(|x| x * x).sum().sqrt();
            if c == center {
                out.distance = distance;
            } else {
                out.next = out.next.min(distance);
            }
        }
        out
    });
    Groups {
        of: of.collect(),
        outside: own.iter().map(Option::is_none).collect(),
        centers,
    }
}

/// How much of each cluster comes back in half of the answers: mean Jaccard index of the most alike cluster (Hennig 2007).
fn stability(points: &Array2<f32>, counts: &[u32], found: &Leaves, seed: u64) -> Vec<f64> {
    let (n, k) = (points.nrows(), found.reach.len());
    let (mut sums, mut seen) = (vec![0f64; k], vec![0u32; k]);
    let mut random = Random::new(seed ^ 0xde75);
    for _ in 0..if n < 4 { 0 } else { TIMES } {
        let drawn = group::draw(n, n.div_ceil(2), random.bits());
        let counts: Vec<u32> = drawn.iter().map(|&i| counts[i]).collect();
        let again = leaves(&points.select(Axis(0), &drawn), &counts);
        for old in 0..k {
            let in_old = |i: usize| found.of[drawn[i]] == Some(old);
            let size = (0..drawn.len()).filter(|&i| in_old(i)).count();
            if size == 0 {
                continue;
            }
            let best = (0..again.reach.len()).map(|new| {
                let in_new = |i: usize| again.of[i] == Some(new);
                let of = |f: &dyn Fn(usize) -> bool| (0..drawn.len()).filter(|&i| f(i)).count();
                let both = of(&|i| in_old(i) && in_new(i));
                both as f64 / of(&|i| in_old(i) || in_new(i)).max(1) as f64
            });
            sums[old] += best.fold(0.0, f64::max);
            seen[old] += 1;
        }
    }
    let mean = |(sum, n): (&f64, &u32)| if *n > 0 { sum / f64::from(*n) } else { 1.0 };
    sums.iter().zip(&seen).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows around corners, and some that lie between.
    fn field(dense: usize, loose: usize) -> Array2<f32> {
        let mut random = Random::new(7);
        let mut small = move || random.below(1000) as f32 / 1000.0;
        Array2::from_shape_fn((2 * dense + loose, 2), |(i, _)| match i / dense {
            0 => small() * 0.2,
            1 => 5.0 + small() * 0.2,
            _ => small() * 20.0 - 8.0,
        })
    }

    /// Checks that no cluster holds answers of both crowds and that few of the loose ones are inside.
    fn apart(groups: &Groups, dense: usize) {
        let clusters = |range: std::ops::Range<usize>| -> std::collections::BTreeSet<usize> {
            range.filter_map(|i| groups.cluster(i)).collect()
        };
        let (one, other) = (clusters(0..dense), clusters(dense..2 * dense));
        assert!(!one.is_empty() && !other.is_empty() && one.is_disjoint(&other));
        let loose = &groups.outside[2 * dense..];
        let inside = loose.iter().filter(|o| !**o).count();
        assert!(inside * 3 < loose.len(), "{inside} of {}", loose.len());
    }

    #[test]
    fn what_lies_dense_is_a_cluster_and_what_lies_between_is_outside() {
        let points = field(60, 12);
        apart(&fit(&points, &[1; 132], 0).0, 60);
    }

    #[test]
    fn answers_beyond_the_sample_join_the_nearest() {
        let points = field(2200, 40);
        apart(&fit(&points, &vec![1; points.nrows()], 0).0, 2200);
    }

    #[test]
    fn an_answer_that_many_gave_is_a_cluster_by_itself() {
        let points = ndarray::array![[0.0, 0.0], [9.0, 9.0], [-9.0, 3.0], [4.0, -7.0]];
        let (groups, _) = fit(&points, &[30, 30, 1, 1], 0);
        assert!(groups.cluster(0).is_some() && groups.cluster(1).is_some());
        assert_ne!(groups.cluster(0), groups.cluster(1));
    }

    #[test]
    fn few_points_are_no_fault() {
        for n in 0..4 {
            let (groups, stability) = fit(&Array2::zeros((n, 3)), &vec![1; n], 0);
            assert_eq!((groups.of.len(), groups.outside.len()), (n, n));
            assert_eq!(stability.len(), groups.centers.nrows());
        }
    }
}
