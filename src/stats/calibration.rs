//! Whether scores can be taken at their word.

use super::{Interval, wilson95};

/// Bands of equal width into which scores are sorted.
const BANDS: usize = 10;

/// Claims with a score each, held against what came true. Scores and shares lie between 0 and 1.
///
/// In calibrated scores the share that is right equals the mean score, in all bands. With few claims
/// the distance between the two is mostly chance, and the expected calibration error too large.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// How many claims.
    pub claims: usize,
    /// Their mean score: how often they were said to be right.
    pub mean_score: f64,
    /// How often they are.
    pub right: f64,
    /// The 95% interval of `right` (Wilson), as if no claim hung on another.
    pub ci95: Interval,
    /// Expected calibration error: the distance between `mean_score` and `right` of each band, weighted by its claims.
    ///
    /// M. P. Naeini, G. F. Cooper & M. Hauskrecht (2015), Obtaining well calibrated probabilities using
    /// Bayesian binning, *AAAI*, 2901-2907; C. Guo, G. Pleiss, Y. Sun & K. Q. Weinberger (2017), On
    /// calibration of modern neural networks, *ICML*, PMLR 70, 1321-1330.
    pub ece: f64,
    /// Mean squared distance of each score from 1 where the claim is right and from 0 where it is wrong.
    ///
    /// G. W. Brier (1950), Verification of forecasts expressed in terms of probability, *Monthly Weather
    /// Review* 78, 1-3, in the form for claims of two outcomes (half of his).
    pub brier: f64,
    /// The bands that hold a claim, lowest first.
    pub bands: Vec<ScoreBand>,
}

/// The claims whose score lies in one tenth of 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreBand {
    /// The lowest score of the band; it is 0.1 wide.
    pub low: f64,
    /// How many claims.
    pub claims: usize,
    /// Their mean score.
    pub mean_score: f64,
    /// The share that is right.
    pub right: f64,
    /// Its 95% interval (Wilson).
    pub ci95: Interval,
}

/// How well the scores of some claims foretell which are right; `None` where there is no claim.
#[must_use]
pub fn calibration(claims: &[(f64, bool)]) -> Option<Calibration> {
    let n = claims.len() as f64;
    let mut sorted: [Vec<(f64, bool)>; BANDS] = Default::default();
    for claim in claims {
        let band = (claim.0 * BANDS as f64) as usize;
        sorted[band.min(BANDS - 1)].push(*claim);
    }
    let bands: Vec<ScoreBand> = sorted
        .iter()
        .enumerate()
        .filter_map(|(i, claims)| {
            let (mean_score, right, ci95) = told_and_true(claims)?;
            Some(ScoreBand {
                low: i as f64 / BANDS as f64,
                claims: claims.len(),
                mean_score,
                right,
                ci95,
            })
        })
        .collect();
    let gap = |b: &ScoreBand| b.claims as f64 * (b.mean_score - b.right).abs();
    let square = |&(score, right): &(f64, bool)| (score - f64::from(u8::from(right))).powi(2);
    let (mean_score, right, ci95) = told_and_true(claims)?;
    Some(Calibration {
        claims: claims.len(),
        mean_score,
        right,
        ci95,
        ece: bands.iter().map(gap).sum::<f64>() / n,
        brier: claims.iter().map(square).sum::<f64>() / n,
        bands,
    })
}

/// The mean score, the share that is right, and its interval.
fn told_and_true(claims: &[(f64, bool)]) -> Option<(f64, f64, Interval)> {
    let n = claims.len();
    let right = claims.iter().filter(|(_, right)| *right).count();
    let sum: f64 = claims.iter().map(|(score, _)| score).sum();
    let share = |part: f64| part / n as f64;
    (n > 0).then(|| {
        (
            share(sum),
            share(right as f64),
            wilson95(right as u64, n as u64),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, want: f64) {
        assert!((found - want).abs() < 1e-12, "{found} is not {want}");
    }

    #[test]
    fn the_figures_are_those_worked_by_hand() {
        // 0.9–1.0: 0.9, 0.9, 1.0 right and 1.0 wrong: said 0.95, right 0.75.
        // 0.6–0.7: 0.6 right and 0.6 wrong: said 0.6, right 0.5.
        let claims = [
            (0.9, true),
            (0.6, false),
            (1.0, false),
            (0.9, true),
            (0.6, true),
            (1.0, true),
        ];
        let found = calibration(&claims).unwrap();
        near(found.mean_score, 5.0 / 6.0);
        near(found.right, 4.0 / 6.0);
        // (4 · 0.2 + 2 · 0.1) / 6
        near(found.ece, 1.0 / 6.0);
        // (0.01 + 0.36 + 1 + 0.01 + 0.16 + 0) / 6
        near(found.brier, 1.54 / 6.0);
        let bands: Vec<_> = found.bands.iter().map(|b| (b.low, b.claims)).collect();
        assert_eq!(bands, [(0.6, 2), (0.9, 4)]);
        near(found.bands[1].mean_score, 0.95);
        near(found.bands[1].right, 0.75);
        assert_eq!(found.bands[1].ci95, wilson95(3, 4));
    }

    #[test]
    fn opposite_errors_in_different_bands_do_not_cancel() {
        let found = calibration(&[(0.2, true), (0.8, false)]).unwrap();
        near(found.mean_score, found.right);
        near(found.ece, 0.8);
        near(found.brier, 0.64);
    }

    #[test]
    fn certainty_that_is_right_has_no_error_and_certainty_that_is_wrong_the_largest() {
        let found = calibration(&[(1.0, true); 3]).unwrap();
        assert_eq!((found.ece, found.brier, found.right), (0.0, 0.0, 1.0));
        let found = calibration(&[(1.0, false); 3]).unwrap();
        assert_eq!((found.ece, found.brier, found.right), (1.0, 1.0, 0.0));
    }

    #[test]
    fn no_claim_has_no_figures() {
        assert_eq!(calibration(&[]), None);
    }

    proptest! {
        #[test]
        fn every_claim_counts_once_and_no_figure_leaves_its_range(claims in prop::collection::vec((0.0..=1.0f64, any::<bool>()), 1..50)) {
            let found = calibration(&claims).unwrap();
            prop_assert_eq!(found.bands.iter().map(|b| b.claims).sum::<usize>(), claims.len());
            for b in &found.bands {
                prop_assert!(b.low <= b.mean_score + 1e-9 && b.mean_score <= b.low + 0.1 + 1e-9);
            }
            // The distance of the means is never larger than the mean of the distances, nor its square than the mean of squares.
            prop_assert!((found.mean_score - found.right).abs() <= found.ece + 1e-9);
            prop_assert!(found.ece.powi(2) <= found.brier + 1e-9 && found.brier <= 1.0);
        }
    }
}
