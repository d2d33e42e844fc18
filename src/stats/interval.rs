//! Confidence intervals of a share.

/// A closed interval, lower bound first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// The 97.5th percentile of the standard normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

/// The 95% score interval of a share of `hits` in `n` (Wilson 1927).
///
/// Chosen over the plain normal interval because it stays within 0 and 1 and keeps its promise for
/// small counts and for shares near 0 or 1, which is where most themes of a survey lie. Nothing
/// observed tells nothing: for `n` = 0 it is the whole of 0 to 1.
///
/// E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
/// *Journal of the American Statistical Association* 22, 209-212.
#[must_use]
pub fn wilson95(hits: u64, n: u64) -> Interval {
    if n == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let hits = hits.min(n);
    let size = n as f64;
    let share = hits as f64 / size;
    let z2 = Z95 * Z95;
    let scale = 1.0 + z2 / size;
    let middle = (share + z2 / (2.0 * size)) / scale;
    let half = Z95 * (share * (1.0 - share) / size + z2 / (4.0 * size * size)).sqrt() / scale;
    Interval {
        // The bounds at the ends are exact; rounding must not move them off 0 and 1.
        low: if hits == 0 {
            0.0
        } else {
            (middle - half).max(0.0)
        },
        high: if hits == n {
            1.0
        } else {
            (middle + half).min(1.0)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, want: f64) {
        assert!((found - want).abs() < 5e-5, "{found} is not {want}");
    }

    #[test]
    fn agrees_with_newcombes_published_table() {
        // R. G. Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
        for (hits, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson95(hits, n);
            near(found.low, low);
            near(found.high, high);
        }
    }

    #[test]
    fn nothing_observed_tells_nothing() {
        assert_eq!(
            wilson95(0, 0),
            Interval {
                low: 0.0,
                high: 1.0
            }
        );
    }

    proptest! {
        #[test]
        fn holds_the_share_and_mirrors(n in 1u64..1_000_000, part in 0.0..=1.0f64) {
            let hits = (n as f64 * part) as u64;
            let (found, mirror) = (wilson95(hits, n), wilson95(n - hits, n));
            let share = hits as f64 / n as f64;
            prop_assert!(0.0 <= found.low && found.low <= share && share <= found.high && found.high <= 1.0);
            prop_assert!((found.low - (1.0 - mirror.high)).abs() < 1e-9);
        }
    }
}
