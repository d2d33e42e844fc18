//! Two coders on one yes-or-no question: precision, recall, F1, kappa and alpha in closed form.

/// How often a reference (gold) and a coder said yes or no to one theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Both said yes.
    pub both: u64,
    /// Only the coder said yes (false positive).
    pub coder_only: u64,
    /// Only the reference said yes (false negative).
    pub gold_only: u64,
    /// Both said no.
    pub neither: u64,
}

impl Confusion {
    /// Counts one case.
    pub fn add(&mut self, gold: bool, coder: bool) {
        *match (gold, coder) {
            (true, true) => &mut self.both,
            (false, true) => &mut self.coder_only,
            (true, false) => &mut self.gold_only,
            (false, false) => &mut self.neither,
        } += 1;
    }

    /// Adds the counts of another part of the answers.
    pub fn merge(&mut self, other: &Self) {
        self.both += other.both;
        self.coder_only += other.coder_only;
        self.gold_only += other.gold_only;
        self.neither += other.neither;
    }

    /// How many cases.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.both + self.coder_only + self.gold_only + self.neither
    }

    /// How many cases the reference affirmed.
    #[must_use]
    pub fn gold(&self) -> u64 {
        self.both + self.gold_only
    }

    /// Share of the coder's yeses that are right; `None` where there is none.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.both, self.both + self.coder_only)
    }

    /// Share of the reference's yeses that were found; `None` where there is none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.both, self.gold())
    }

    /// Harmonic mean of precision and recall; 0 where no yes is right, `None` where nobody said yes.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        ratio(
            2 * self.both,
            2 * self.both + self.coder_only + self.gold_only,
        )
    }

    /// Cohen's kappa (Cohen 1960); `None` where chance alone would agree fully.
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        let n = self.total() as f64;
        let (gold, coder) = (self.gold() as f64, (self.both + self.coder_only) as f64);
        let expected = (gold * coder + (n - gold) * (n - coder)) / (n * n);
        let observed = (self.both + self.neither) as f64 / n;
        (n > 0.0 && expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
    }

    /// Krippendorff's nominal alpha of the two (Krippendorff 2011); `None` where neither ever varies.
    #[must_use]
    pub fn alpha(&self) -> Option<f64> {
        let values = 2.0 * self.total() as f64;
        let yes = (2 * self.both + self.coder_only + self.gold_only) as f64;
        let expected = 2.0 * yes * (values - yes) / (values - 1.0);
        let observed = 2.0 * (self.coder_only + self.gold_only) as f64;
        (values > 0.0 && expected > 0.0).then(|| 1.0 - observed / expected)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::super::{cohens_kappa, nominal_alpha};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn meg_and_owen_agree_barely_beyond_chance() {
        // Krippendorff (2011), example A: binary data, two observers, no missing data.
        let (meg, owen) = (
            [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
            [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
        );
        let mut c = Confusion::default();
        meg.iter()
            .zip(owen)
            .for_each(|(&m, o)| c.add(m == 1, o == 1));
        let alpha = c.alpha().unwrap();
        assert!((alpha - 0.095).abs() < 5e-4, "{alpha}");
    }

    #[test]
    fn what_cannot_be_told_is_none_and_what_is_wrong_is_zero() {
        let figures = |both, coder_only, gold_only, neither| {
            let c = Confusion {
                both,
                coder_only,
                gold_only,
                neither,
            };
            [c.precision(), c.recall(), c.f1(), c.kappa(), c.alpha()]
        };
        assert_eq!(figures(0, 0, 0, 0), [None; 5]);
        assert_eq!(figures(0, 0, 0, 9), [None; 5]);
        let one = Some(1.0);
        assert_eq!(figures(9, 0, 0, 0), [one, one, one, None, None]);
        let nothing_right = figures(0, 0, 2, 7);
        assert_eq!(nothing_right[..4], [None, Some(0.0), Some(0.0), Some(0.0)]);
        assert!(nothing_right[4].unwrap() < 0.0);
        assert_eq!(figures(0, 3, 0, 6)[..3], [Some(0.0), None, Some(0.0)]);
    }

    proptest! {
        #[test]
        fn the_closed_forms_are_the_general_ones(pairs in prop::collection::vec(any::<(bool, bool)>(), 1..60)) {
            let mut c = Confusion::default();
            pairs.iter().for_each(|&(g, o)| c.add(g, o));
            let units: Vec<Vec<bool>> = pairs.iter().map(|&(g, o)| vec![g, o]).collect();
            for (closed, general) in [(c.alpha(), nominal_alpha(&units)), (c.kappa(), cohens_kappa(&pairs))] {
                prop_assert_eq!(closed.is_some(), general.is_some());
                prop_assert!((closed.unwrap_or(0.0) - general.unwrap_or(0.0)).abs() < 1e-9);
            }
        }
    }
}
