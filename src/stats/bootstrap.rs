//! The cluster bootstrap and the small seeded generator that it draws from.

use super::Interval;

/// A seeded source of chance: the same seed gives the same numbers on any machine.
///
/// SplitMix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators): eight
/// lines, passes the usual batteries, and fits drawing rows. Not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that begins at `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where `n` is 0. Its bias is below `n` in 2^64.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}

/// 95% percentile intervals of the numbers that `statistic` gives, by resampling whole clusters.
///
/// A cluster holds the row numbers that belong together, as all answers of one respondent do: they
/// resemble each other, so drawing single rows would give intervals that are too narrow. Each of
/// the `times` resamples draws as many clusters as there are, with replacement, and hands their
/// rows to `statistic`, which fills one slot for each number. A slot that is NaN (undefined in that
/// resample) is left out. The same `seed` gives the same intervals. A number that is never defined
/// has no interval, and none has one where there are fewer than two clusters: all resamples of one
/// are the same, which says nothing of how far another would be.
///
/// B. Efron and R. Tibshirani (1993), *An Introduction to the Bootstrap*, chapters 8 and 13.
pub fn bootstrap(
    clusters: &[Vec<usize>],
    times: usize,
    seed: u64,
    numbers: usize,
    mut statistic: impl FnMut(&[usize], &mut [f64]),
) -> Vec<Option<Interval>> {
    let mut random = Random::new(seed);
    let mut seen: Vec<Vec<f64>> = vec![Vec::with_capacity(times); numbers];
    let mut rows = Vec::new();
    let mut slots = vec![f64::NAN; numbers];
    for _ in 0..if clusters.len() < 2 { 0 } else { times } {
        rows.clear();
        for _ in clusters {
            rows.extend_from_slice(&clusters[random.below(clusters.len())]);
        }
        slots.fill(f64::NAN);
        statistic(&rows, &mut slots);
        for (seen, &slot) in seen.iter_mut().zip(&slots) {
            if !slot.is_nan() {
                seen.push(slot);
            }
        }
    }
    seen.into_iter().map(percentiles).collect()
}

fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let low = *values.get((0.025 * n as f64) as usize)?;
    let high = *values.get(((0.975 * n as f64) as usize).saturating_sub(1))?;
    Some(Interval {
        low,
        high: high.max(low),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(data: &[f64], clusters: &[Vec<usize>], seed: u64) -> Interval {
        bootstrap(clusters, 1000, seed, 1, |rows, out| {
            out[0] = rows.iter().map(|&r| data[r]).sum::<f64>() / rows.len() as f64
        })[0]
            .unwrap()
    }

    #[test]
    fn the_generator_gives_the_published_numbers() {
        // Reference output of SplitMix64 from the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(
            [random.bits(), random.bits()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
        );
    }

    #[test]
    fn the_interval_of_a_mean_is_about_two_standard_errors_each_way() {
        let data: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let single: Vec<Vec<usize>> = (0..400).map(|i| vec![i]).collect();
        let found = mean_of(&data, &single, 7);
        assert!(
            (found.low - 0.451).abs() < 0.012 && (found.high - 0.549).abs() < 0.012,
            "{found:?}"
        );
        assert_eq!(found, mean_of(&data, &single, 7));
    }

    #[test]
    fn people_who_repeat_themselves_widen_the_interval() {
        // 40 people, ten answers each, every one always of the same mind: really 40 observations.
        let data: Vec<f64> = (0..400).map(|i| f64::from((i / 10) % 2)).collect();
        let single: Vec<Vec<usize>> = (0..400).map(|i| vec![i]).collect();
        let people: Vec<Vec<usize>> = (0..40).map(|p| (p * 10..p * 10 + 10).collect()).collect();
        let (naive, honest) = (mean_of(&data, &single, 1), mean_of(&data, &people, 1));
        assert!((honest.high - honest.low) > 2.5 * (naive.high - naive.low));
    }

    #[test]
    fn nothing_to_draw_from_gives_no_interval() {
        assert_eq!(bootstrap(&[], 100, 1, 2, |_, _| ()), [None, None]);
        assert_eq!(
            bootstrap(&[vec![0], vec![1]], 100, 1, 1, |_, out| out[0] = f64::NAN),
            [None]
        );
    }

    #[test]
    fn one_person_gives_no_interval_however_much_they_say() {
        let first = |rows: &[usize], out: &mut [f64]| out[0] = rows[0] as f64;
        assert_eq!(bootstrap(&[vec![0, 1, 2]], 100, 1, 1, first), [None]);
        assert!(bootstrap(&[vec![0, 1], vec![2]], 100, 1, 1, first)[0].is_some());
    }
}
