//! k-means on the answers' vectors.
//!
//! k-means runs on many bootstrap samples, `linfa-clustering` finds the centers of their centers, and those are settled on a
//! larger sample and then on all answers, which costs a few products of matrices. Sums are taken block by block in input order,
//! so that the number of threads changes nothing.

use std::ops::Range;

use linfa::DatasetBase;
use linfa::prelude::*;
use linfa_clustering::{KMeans, KMeansInit};
use linfa_nn::distance::Distance;
use ndarray::{Array1, Array2, ArrayView, Axis, Dimension, Zip, s};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::stats::Random;

/// Answers in a bootstrap sample …
const SAMPLE: usize = 1024;
/// … or so many for each cluster.
const PER_CENTER: usize = 20;
/// Bootstrap samples whose centers are pooled, …
const BAGS: u64 = 20;
/// … and those of more answers than fill one, which vary less.
const BAGS_LARGE: u64 = 10;
/// Starts on the pooled centers.
const STARTS: usize = 5;
const ROUNDS: usize = 8;
/// Most answers on which the best start is settled …
const SETTLED: usize = 8192;
/// … and rounds there.
const SETTLING_ROUNDS: usize = 20;
/// Rounds over all answers after those on the sample.
const LAST_ROUNDS: usize = 2;
/// Answers whose distances are worked out as one product of matrices.
const BLOCK: usize = 1024;
/// Where the clusters lie and which is each answer's.
pub(super) struct Groups {
    pub(super) centers: Array2<f32>,
    pub(super) of: Vec<Nearest>,
    /// Which answers belong to none.
    pub(super) outside: Vec<bool>,
}

impl Groups {
    /// The cluster of an answer.
    pub(super) fn cluster(&self, unit: usize) -> Option<usize> {
        (!self.outside[unit]).then(|| self.of[unit].center)
    }
}

/// The nearest center of an answer, its distance, and that of the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nearest {
    pub(super) center: usize,
    pub(super) distance: f32,
    pub(super) next: f32,
}

impl Nearest {
    /// Simplified silhouette: how much nearer the own center is than the next one.
    pub(super) fn silhouette(&self) -> f64 {
        match f64::from(self.next) {
            next if next > 0.0 && next.is_finite() => 1.0 - f64::from(self.distance) / next,
            _ => 0.0,
        }
    }
}

/// Finds `k` clusters at most.
pub(super) fn fit(points: &Array2<f32>, k: usize, seed: u64) -> Groups {
    let mut centers = bagged(points, k, bags(points.nrows()), seed);
    let mut rounds = SETTLING_ROUNDS;
    if points.nrows() > SETTLED {
        centers = settle(&sample(points, SETTLED, seed), centers, rounds);
        rounds = LAST_ROUNDS;
    }
    let centers = settle(points, centers, rounds);
    let of = nearest(points, &centers);
    Groups {
        outside: vec![false; of.len()],
        centers,
        of,
    }
}

/// The centers on which k-means on many bootstrap samples agree, settled.
pub(super) fn centers(points: &Array2<f32>, k: usize, seed: u64) -> Array2<f32> {
    centers_of_bags(points, k, bags(points.nrows()), seed)
}

/// The same with as many samples as one asks for.
pub(super) fn centers_of_bags(points: &Array2<f32>, k: usize, bags: u64, seed: u64) -> Array2<f32> {
    settle(points, bagged(points, k, bags, seed), SETTLING_ROUNDS)
}

fn bags(n: usize) -> u64 {
    if n > SAMPLE { BAGS_LARGE } else { BAGS }
}

/// The centers of one run, settled.
pub(super) fn centers_of_one_run(points: &Array2<f32>, k: usize, seed: u64) -> Array2<f32> {
    settle(points, starts(points, k, 1, seed), SETTLING_ROUNDS)
}

/// Centers of the centers that k-means finds in bootstrap samples: where one run is led by its start, many agree.
///
/// Leisch, *Bagged clustering*, SFB Working Paper 51, WU Vienna 1999, with k-means in place of a dendrogram.
fn bagged(points: &Array2<f32>, k: usize, bags: u64, seed: u64) -> Array2<f32> {
    let n = points.nrows();
    if n == 0 {
        return Array2::zeros((0, points.ncols()));
    }
    let size = SAMPLE.max(PER_CENTER * k).min(n);
    let bags: Array1<u64> = (1..=bags).collect();
    let found = Zip::from(&bags).par_map_collect(|&bag| {
        let mut random = Random::new(seed.wrapping_mul(BAGS + 1).wrapping_add(bag));
        let mut drawn: Vec<usize> = (0..size).map(|_| random.below(n)).collect();
        drawn.sort_unstable();
        let bag = points.select(Axis(0), &drawn);
        let first = spread(&bag, k.min(size), &mut random);
        settle(&bag, first, ROUNDS)
    });
    let all: Vec<_> = found.iter().map(|c| c.view()).collect();
    match ndarray::concatenate(Axis(0), &all) {
        Ok(pooled) => starts(&pooled, k.min(n), STARTS, seed),
        // All have as many columns.
        Err(_) => points.slice(s![..1, ..]).to_owned(),
    }
}

/// The best of `n` starts on a sample.
fn starts(points: &Array2<f32>, k: usize, n: usize, seed: u64) -> Array2<f32> {
    let size = SAMPLE.max(PER_CENTER * k);
    let sample = sample(points, size, seed);
    let k = k.min(sample.nrows());
    let data = DatasetBase::from(sample.view());
    let mut random = Random::new(seed);
    let mut best: Option<(f32, Array2<f32>)> = None;
    for _ in 0..if k == 0 { 0 } else { n } {
        let rng = Xoshiro256Plus::seed_from_u64(seed);
        let fitted = KMeans::params_with(k, rng, Euclid)
            .init_method(KMeansInit::Precomputed(spread(&sample, k, &mut random)))
            .n_runs(1)
            .max_n_iterations(ROUNDS as u64)
            .tolerance(1e-2)
            .fit(&data);
        // Only numbers that are none could bring an error about.
        let Ok(model) = fitted else { continue };
        if best
            .as_ref()
            .is_none_or(|(least, _)| model.inertia() < *least)
        {
            best = Some((model.inertia(), model.centroids().clone()));
        }
    }
    // One cluster is then as good as any.
    best.map_or_else(|| sample.slice(s![..k.min(1), ..]).to_owned(), |(_, c)| c)
}

/// Points far from each other: each is drawn by its squared distance to the nearest drawn before (k-means++, Arthur &
/// Vassilvitskii 2007). That of `linfa` works out all distances anew for each point, which took most of the time.
fn spread(points: &Array2<f32>, k: usize, random: &mut Random) -> Array2<f32> {
    let rows: Vec<&[f32]> = points
        .rows()
        .into_iter()
        .map(|row| row.to_slice().unwrap_or_default())
        .collect();
    let mut drawn = vec![random.below(rows.len().max(1))];
    let mut far = vec![f32::INFINITY; rows.len()];
    while drawn.len() < k {
        let last = rows[drawn[drawn.len() - 1]];
        let mut sum = 0.0;
        for (row, far) in rows.iter().zip(&mut far) {
            *far = far.min(squared(row, last));
            sum += f64::from(*far);
        }
        // A number from zero to below one with all bits that fit.
        let mut left = (random.bits() >> 11) as f64 / (1u64 << 53) as f64 * sum;
        let next = far.iter().position(|&far| {
            left -= f64::from(far);
            left < 0.0
        });
        drawn.push(next.unwrap_or_else(|| random.below(rows.len())));
    }
    points.select(Axis(0), &drawn)
}

/// Moves centers to the means of their points until no point changes, or for so many rounds.
fn settle(points: &Array2<f32>, mut centers: Array2<f32>, rounds: usize) -> Array2<f32> {
    let mut of = owners(points, &centers);
    for round in 1..=rounds {
        centers = means(points, &of, &centers);
        if round == rounds {
            break;
        }
        let moved = owners(points, &centers);
        let changed = moved.iter().zip(&of).filter(|(a, b)| a != b).count();
        of = moved;
        // One in a thousand that still wavers changes no cluster.
        if changed * 1000 <= of.len() {
            break;
        }
    }
    centers
}

/// The nearest center of each point, as [`nearest`] finds it, without the rest.
fn owners(points: &Array2<f32>, centers: &Array2<f32>) -> Vec<u32> {
    let squares: Array1<f32> = centers.rows().into_iter().map(|c| c.dot(&c)).collect();
    let found = in_blocks(points.nrows(), BLOCK, |range| {
        let along = centers.dot(&points.slice(s![range, ..]).t());
        let mut first = vec![f32::INFINITY; along.ncols()];
        let mut center = vec![0u32; along.ncols()];
        for (c, (along, square)) in along.rows().into_iter().zip(&squares).enumerate() {
            for (along, (first, center)) in along.iter().zip(first.iter_mut().zip(&mut center)) {
                let distance = square - 2.0 * along;
                let is_nearer = distance < *first;
                *center = if is_nearer { c as u32 } else { *center };
                *first = if is_nearer { distance } else { *first };
            }
        }
        center
    });
    found.concat()
}

/// The nearest center of each point; the first of equal ones.
pub(super) fn nearest(points: &Array2<f32>, centers: &Array2<f32>) -> Vec<Nearest> {
    let squares: Array1<f32> = centers.rows().into_iter().map(|c| c.dot(&c)).collect();
    let found = in_blocks(points.nrows(), BLOCK, |range| {
        let block = points.slice(s![range, ..]);
        // A row for each center, so that a processor compares several points at once. What all distances of a point have in
        // common is added in the end.
        let along = centers.dot(&block.t());
        let mut first = vec![f32::INFINITY; block.nrows()];
        let (mut second, mut center) = (first.clone(), vec![0u32; block.nrows()]);
        for (c, (along, square)) in along.rows().into_iter().zip(&squares).enumerate() {
            let best = first.iter_mut().zip(&mut second).zip(&mut center);
            for (along, ((first, second), center)) in along.iter().zip(best) {
                let distance = square - 2.0 * along;
                let is_nearer = distance < *first;
                let next = if is_nearer { *first } else { distance };
                *second = if next < *second { next } else { *second };
                *center = if is_nearer { c as u32 } else { *center };
                *first = if is_nearer { distance } else { *first };
            }
        }
        let best = first.into_iter().zip(second).zip(center);
        let each = block.rows().into_iter().zip(best);
        each.map(|(point, ((first, second), center))| {
            let square = point.dot(&point);
            Nearest {
                center: center as usize,
                distance: (square + first).max(0.0).sqrt(),
                next: (square + second).max(0.0).sqrt(),
            }
        })
        .collect::<Vec<Nearest>>()
    });
    found.concat()
}

/// Works on `n` rows in blocks, on all cores; what each block gives, in order.
pub(super) fn in_blocks<R: Send>(
    n: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> R + Sync,
) -> Vec<R> {
    let starts: Array1<usize> = (0..n).step_by(size).collect();
    Zip::from(&starts)
        .par_map_collect(|&start| work(start..(start + size).min(n)))
        .into_raw_vec_and_offset()
        .0
}

/// The mean of each center's points; a center without any stays.
fn means(points: &Array2<f32>, of: &[u32], centers: &Array2<f32>) -> Array2<f32> {
    let dims = points.ncols();
    let parts = in_blocks(points.nrows(), 8 * BLOCK, |range| {
        let mut sums = vec![0f32; centers.len()];
        let mut counts = vec![0f32; centers.nrows()];
        let block = points.slice(s![range.clone(), ..]);
        for (point, own) in block.rows().into_iter().zip(&of[range]) {
            counts[*own as usize] += 1.0;
            let at = *own as usize * dims;
            let sum = &mut sums[at..at + dims];
            let row = point.to_slice().unwrap_or_default();
            sum.iter_mut().zip(row).for_each(|(x, v)| *x += v);
        }
        (sums, counts)
    });
    let mut out = Array2::<f32>::zeros(centers.raw_dim());
    let mut counts = vec![0f32; centers.nrows()];
    for (sums, n) in &parts {
        out.iter_mut().zip(sums).for_each(|(x, v)| *x += v);
        counts.iter_mut().zip(n).for_each(|(to, n)| *to += n);
    }
    for (i, n) in counts.into_iter().enumerate() {
        let mut mean = out.row_mut(i);
        if n > 0.0 {
            mean /= n;
        } else {
            mean.assign(&centers.row(i));
        }
    }
    out
}

/// Euclidean distance of rows that lie in one piece: several times as fast as that for rows of any layout.
#[derive(Clone, Debug, PartialEq)]
struct Euclid;

impl Distance<f32> for Euclid {
    fn distance<D: Dimension>(&self, a: ArrayView<'_, f32, D>, b: ArrayView<'_, f32, D>) -> f32 {
        self.rdistance(a, b).sqrt()
    }

    fn rdistance<D: Dimension>(&self, a: ArrayView<'_, f32, D>, b: ArrayView<'_, f32, D>) -> f32 {
        match (a.as_slice(), b.as_slice()) {
            (Some(a), Some(b)) => squared(a, b),
            _ => a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum(),
        }
    }

    fn rdist_to_dist(&self, rdist: f32) -> f32 {
        rdist.sqrt()
    }

    fn dist_to_rdist(&self, dist: f32) -> f32 {
        dist * dist
    }
}

/// Squared distance, in eight sums that a processor takes at once.
pub(super) fn squared(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(a, b)| (a - b) * (a - b))
        .sum();
    for (a, b) in a8.zip(b8) {
        for i in 0..8 {
            let d = a[i] - b[i];
            sums[i] += d * d;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Some of the points, in their order.
pub(super) fn sample(points: &Array2<f32>, size: usize, seed: u64) -> Array2<f32> {
    if points.nrows() <= size {
        return points.clone();
    }
    points.select(Axis(0), &draw(points.nrows(), size, seed))
}

/// `size` of `n` places, each at most once, ascending.
pub(super) fn draw(n: usize, size: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed);
    let mut all: Vec<usize> = (0..n).collect();
    let size = size.min(n);
    for i in 0..size {
        let j = i + random.below(n - i);
        all.swap(i, j);
    }
    all.truncate(size);
    all.sort_unstable();
    all
}
