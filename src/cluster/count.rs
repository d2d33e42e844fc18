//! How many clusters to look for where nobody says so.

use ndarray::Axis;

use super::group::{self, Nearest};
use super::stability::{self, Again};
use super::vectors::Space;
use crate::stats::Random;

/// Most answers on which the number is chosen.
const SAMPLE: usize = 2048;
/// Times that they are drawn anew for each number.
const TIMES: usize = 4;
/// Samples of which centers are pooled; fewer than in the end, since numbers are only compared.
const BAGS: u64 = 6;
/// Numbers of clusters that are tried: none above the square root of the number of answers.
const CANDIDATES: [usize; 13] = [2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25, 30];

/// What a number of clusters is worth.
struct Tried {
    k: usize,
    /// Mean simplified silhouette and its standard error.
    silhouette: f64,
    error: f64,
    /// How much of the clusters comes back, on average.
    stability: f64,
}

/// The smallest number of clusters for which silhouette times stability is within one standard error of the best: clusters that
/// lie apart and come back. Two, which always come back best, only where they lie apart clearly better than any more do.
///
/// Hruschka, Campello & de Castro, *Evolutionary search for optimal fuzzy c-means clustering*, 2004, for the simplified
/// silhouette; Breiman et al., *Classification and Regression Trees*, 1984, for the rule of one standard error.
pub(super) fn choose(space: &Space, seed: u64) -> usize {
    let places = group::draw(space.drawn.len(), SAMPLE, seed);
    let units: Vec<usize> = places.iter().map(|&p| space.drawn[p]).collect();
    let sample = space.low.select(Axis(0), &units);
    let mut random = Random::new(seed ^ 0xc0de);
    let n = places.len();
    let agains: Vec<Again> = (0..if n < 9 { 0 } else { TIMES })
        .map(|_| Again::new(space, (0..n).map(|_| places[random.below(n)]).collect()))
        .collect();
    let tried: Vec<Tried> = CANDIDATES
        .into_iter()
        .filter(|k| k * k <= space.low.nrows())
        .map(|k| {
            let centers = group::centers_of_bags(&sample, k, BAGS, seed);
            let near = group::nearest(&sample, &centers);
            let widths: Vec<f64> = near.iter().map(Nearest::silhouette).collect();
            let mean = widths.iter().sum::<f64>() / n as f64;
            let spread = widths.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n as f64;
            // Places are ascending, so the place of a drawn answer is found by halving.
            let old = |place: usize| places.binary_search(&place).map_or(0, |i| near[i].center);
            let back: Vec<f64> = agains
                .iter()
                .enumerate()
                .flat_map(|(time, again)| {
                    let centers =
                        group::centers_of_bags(&again.low, k, BAGS, seed ^ (time as u64 + 1));
                    stability::overlaps(again, &centers, k, old)
                })
                .flatten()
                .collect();
            Tried {
                k,
                silhouette: mean,
                error: (spread / n as f64).sqrt(),
                stability: back.iter().sum::<f64>() / back.len().max(1) as f64,
            }
        })
        .collect();
    best(&tried)
}

fn best(tried: &[Tried]) -> usize {
    let Some((two, more)) = tried.split_first() else {
        return 1;
    };
    let widest = more.iter().map(|t| t.silhouette).fold(f64::MIN, f64::max);
    if two.silhouette - two.error > widest {
        return two.k;
    }
    let worth = |t: &Tried| t.silhouette * t.stability;
    let enough = more
        .iter()
        .max_by(|a, b| worth(a).total_cmp(&worth(b)))
        .map_or(0.0, |t| (t.silhouette - t.error) * t.stability);
    more.iter()
        .find(|t| worth(t) >= enough)
        .map_or(two.k, |t| t.k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// Clouds around `k` corners of a cube.
    fn clouds(k: usize) -> Array2<f32> {
        let mut random = Random::new(5);
        Array2::from_shape_fn((k * 30, 6), |(i, j)| {
            let corner = if i % k == j { 4.0 } else { 0.0 };
            corner + random.below(1000) as f32 / 1000.0
        })
    }

    #[test]
    fn as_many_clusters_are_found_as_there_are() {
        for k in [3, 4, 6] {
            assert_eq!(choose(&Space::of(&clouds(k)).0, 0), k);
        }
    }

    #[test]
    fn few_or_equal_answers_are_one_or_two() {
        for n in [0, 1, 3] {
            assert_eq!(choose(&Space::of(&Array2::ones((n, 4))).0, 0), 1);
        }
        assert!(choose(&Space::of(&Array2::ones((20, 4))).0, 0) <= 4);
    }
}
