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

/// A number of clusters and how far they lie apart.
struct Tried {
    k: usize,
    /// Mean simplified silhouette and its standard error.
    silhouette: f64,
    error: f64,
    /// The cluster of each answer of the sample.
    near: Vec<Nearest>,
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
    let n = places.len();
    let tried: Vec<Tried> = CANDIDATES
        .into_iter()
        .filter(|k| k * k <= space.low.nrows())
        .map(|k| {
            let centers = group::centers_of_bags(&sample, k, BAGS, seed);
            let near = group::nearest(&sample, &centers);
            let widths: Vec<f64> = near.iter().map(Nearest::silhouette).collect();
            let mean = widths.iter().sum::<f64>() / n as f64;
            let spread = widths.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n as f64;
            Tried {
                k,
                silhouette: mean,
                error: (spread / n as f64).sqrt(),
                near,
            }
        })
        .collect();
    let Some((two, more)) = tried.split_first() else {
        return 1;
    };
    let largest = |figure: fn(&Tried) -> f64| more.iter().map(figure).fold(f64::MIN, f64::max);
    if two.silhouette - two.error > largest(|t| t.silhouette) {
        return two.k;
    }
    let mut random = Random::new(seed ^ 0xc0de);
    let agains: Vec<Again> = (0..TIMES)
        .map(|_| Again::new(space, (0..n).map(|_| places[random.below(n)]).collect()))
        .collect();
    // What each number is worth, and what is enough beside it. Fewer clusters come back more often, so they are measured first;
    // a number that cannot come within an error of them any more is given up.
    let slack = largest(|t| t.error);
    let mut worth: Vec<(usize, f64, f64)> = Vec::new();
    for t in more {
        let best = worth.iter().map(|w| w.1).fold(f64::MIN, f64::max);
        let least = (best - slack) / t.silhouette.max(1e-9);
        if let Some(stability) = comes_back(t, &agains, &places, seed, least) {
            let enough = (t.silhouette - t.error) * stability;
            worth.push((t.k, t.silhouette * stability, enough));
        }
    }
    let enough = worth
        .iter()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0.0, |w| w.2);
    worth.iter().find(|w| w.1 >= enough).map_or(two.k, |w| w.0)
}

/// How much of the clusters comes back when the answers are drawn anew, on average; `None` as soon as it must be below `least`.
fn comes_back(
    tried: &Tried,
    agains: &[Again],
    places: &[usize],
    seed: u64,
    least: f64,
) -> Option<f64> {
    let k = tried.k;
    // Places are ascending, so the place of a drawn answer is found by halving.
    let old = |place: usize| {
        places
            .binary_search(&place)
            .map_or(0, |i| tried.near[i].center)
    };
    let mut back: Vec<f64> = Vec::new();
    for (time, again) in agains.iter().enumerate() {
        let centers = group::centers_of_bags(&again.low, k, BAGS, seed ^ (time as u64 + 1));
        back.extend(
            stability::overlaps(again, &centers, k, old)
                .into_iter()
                .flatten(),
        );
        // As if all that is left came back whole.
        let left = (agains.len() - 1 - time) * k;
        let most = (back.iter().sum::<f64>() + left as f64) / (back.len() + left).max(1) as f64;
        if most < least {
            return None;
        }
    }
    Some(back.iter().sum::<f64>() / back.len().max(1) as f64)
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
