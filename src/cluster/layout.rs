//! Answers on a plane, so that those which say alike lie near each other.
//!
//! In the manner of UMAP (McInnes, Healy & Melville 2018, arXiv:1802.03426): principal components are where it begins; each
//! answer then draws its nearest neighbours and pushes a few others away. It runs on one thread with a seeded source of chance,
//! so that the same answers give the same map.

use ndarray::{Array2, s};

use super::group::in_blocks;
use super::pca;
use crate::stats::Random;

const NEIGHBOURS: usize = 10;
const ROUNDS: usize = 200;
/// Answers pushed away for each neighbour that is drawn.
const PUSHED: usize = 5;
/// No step is longer, or the plane would tear.
const LONGEST: f32 = 4.0;
const BLOCK: usize = 64;

/// A place from 0 to 1 on both axes for each row.
pub(super) fn plane(points: &Array2<f32>, seed: u64) -> Vec<[f32; 2]> {
    let mut at = start(points, seed);
    if points.nrows() > 3 {
        settle(&mut at, &edges(points), seed);
    }
    framed(&at)
}

/// The first two principal components, spread to the size at which forces work, with a little chance to part equal ones.
fn start(points: &Array2<f32>, seed: u64) -> Vec<[f32; 2]> {
    let low = pca::principal(points, 2);
    let spread = low.iter().map(|x| x * x).sum::<f32>() / low.len().max(1) as f32;
    let scale = 6.0 / spread.sqrt().max(1e-6);
    let mut random = Random::new(seed);
    let mut chance = || random.below(1 << 20) as f32 / (1 << 20) as f32 * 0.01;
    low.rows()
        .into_iter()
        .map(|row| [0, 1].map(|i| row.get(i).map_or(0.0, |x| x * scale) + chance()))
        .collect()
}

/// Each pair of neighbours once, with how strongly they draw each other, from 0 to 1.
fn edges(points: &Array2<f32>) -> Vec<(u32, u32, f32)> {
    let n = points.nrows();
    let squares: Vec<f32> = points.rows().into_iter().map(|r| r.dot(&r)).collect();
    let k = NEIGHBOURS.min(n - 1);
    let drawn = in_blocks(n, BLOCK, |range| {
        let products = points.slice(s![range.clone(), ..]).dot(&points.t());
        range
            .zip(products.rows())
            .flat_map(|(i, along)| {
                let distance =
                    |j: usize| (squares[i] + squares[j] - 2.0 * along[j]).max(0.0).sqrt();
                let mut near: Vec<(f32, usize)> = (0..n)
                    .filter(|&j| j != i)
                    .map(|j| (distance(j), j))
                    .collect();
                let nearer =
                    |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
                near.select_nth_unstable_by(k - 1, nearer);
                near.truncate(k);
                near.sort_unstable_by(nearer);
                strengths(&near)
                    .into_iter()
                    .map(|(j, w)| (i.min(j) as u32, i.max(j) as u32, w))
                    .collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    });
    let mut all = drawn.concat();
    all.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    // Where both draw each other: the chance that either does.
    all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|same| {
            let apart: f32 = same.iter().map(|e| 1.0 - e.2).product();
            (same[0].0, same[0].1, 1.0 - apart)
        })
        .collect()
}

/// How strongly an answer draws its neighbours: the nearest fully, the others less, so that it adds up to log2 of their number.
fn strengths(near: &[(f32, usize)]) -> Vec<(usize, f32)> {
    let first = near.first().map_or(0.0, |n| n.0);
    let want = (near.len() as f32).log2();
    let (mut low, mut high, mut width) = (0.0, f32::INFINITY, 1.0);
    for _ in 0..32 {
        let sum: f32 = near.iter().map(|(d, _)| (-(d - first) / width).exp()).sum();
        if sum > want {
            high = width;
            width = (low + high) / 2.0;
        } else {
            low = width;
            width = if high.is_finite() {
                (low + high) / 2.0
            } else {
                width * 2.0
            };
        }
        width = width.max(1e-6);
    }
    near.iter()
        .map(|&(d, j)| (j, (-(d - first) / width).exp()))
        .collect()
}

/// Lets the forces work, ever more weakly.
fn settle(at: &mut [[f32; 2]], edges: &[(u32, u32, f32)], seed: u64) {
    let mut random = Random::new(seed ^ 0x1a1d);
    let n = at.len();
    let strongest = edges.iter().map(|e| e.2).fold(0.0, f32::max).max(1e-6);
    let mut due = vec![0f32; edges.len()];
    for round in 0..ROUNDS {
        let step = 1.0 - round as f32 / ROUNDS as f32;
        for ((a, b, weight), due) in edges.iter().zip(&mut due) {
            // A weak pair comes up in fewer rounds.
            *due += weight / strongest;
            if *due < 1.0 {
                continue;
            }
            *due -= 1.0;
            let (a, b) = (*a as usize, *b as usize);
            let pull = force(at[a], at[b], |square| -2.0 / (1.0 + square));
            shift(at, a, pull, step);
            shift(at, b, pull, -step);
            for from in [a, b] {
                for _ in 0..PUSHED / 2 + usize::from(from == a) {
                    let other = random.below(n);
                    if other != from {
                        let push = force(at[from], at[other], |square| {
                            2.0 / ((0.001 + square) * (1.0 + square))
                        });
                        shift(at, from, push, step);
                    }
                }
            }
        }
    }
}

fn force(from: [f32; 2], to: [f32; 2], strength: impl Fn(f32) -> f32) -> [f32; 2] {
    let way = [from[0] - to[0], from[1] - to[1]];
    let strength = strength(way[0] * way[0] + way[1] * way[1]);
    way.map(|x| (x * strength).clamp(-LONGEST, LONGEST))
}

fn shift(at: &mut [[f32; 2]], i: usize, force: [f32; 2], step: f32) {
    at[i][0] += force[0] * step;
    at[i][1] += force[1] * step;
}

/// Brings the places into a frame. A few that lie far out stand at its edge, or all others would be one speck.
fn framed(at: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let bounds = [0, 1].map(|axis| {
        let mut along: Vec<f32> = at.iter().map(|p| p[axis]).collect();
        along.sort_unstable_by(f32::total_cmp);
        let far = along.len() / 200;
        match along.as_slice() {
            [] => (0.0, 1.0),
            along => (along[far], along[along.len() - 1 - far]),
        }
    });
    let place = |x: f32, (low, high): (f32, f32)| {
        if high - low > 1e-6 {
            ((x - low) / (high - low)).clamp(0.0, 1.0)
        } else {
            0.5
        }
    };
    at.iter()
        .map(|p| [place(p[0], bounds[0]), place(p[1], bounds[1])])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_lies_near() {
        let mut random = Random::new(3);
        let mut small = || random.below(1000) as f32 / 4000.0;
        let points = Array2::from_shape_fn((60, 8), |(i, j)| {
            small() + if i % 3 == j { 3.0 } else { 0.0 }
        });
        let at = plane(&points, 0);
        let apart = |a: usize, b: usize| (at[a][0] - at[b][0]).hypot(at[a][1] - at[b][1]);
        let mean = |same: bool| {
            let pairs = (0..60).flat_map(|a| (0..a).map(move |b| (a, b)));
            let all: Vec<f32> = pairs
                .filter(|(a, b)| (a % 3 == b % 3) == same)
                .map(|(a, b)| apart(a, b))
                .collect();
            all.iter().sum::<f32>() / all.len() as f32
        };
        assert!(
            mean(true) * 2.0 < mean(false),
            "{} {}",
            mean(true),
            mean(false)
        );
        assert_eq!(at, plane(&points, 0), "the same map again");
    }

    #[test]
    fn few_or_equal_answers_have_places_too() {
        for n in [0, 1, 2, 3, 5] {
            let at = plane(&Array2::ones((n, 4)), 0);
            assert_eq!(at.len(), n);
            let all = at.iter().flatten();
            assert!(all.into_iter().all(|x| (0.0..=1.0).contains(x)), "{at:?}");
        }
    }
}
