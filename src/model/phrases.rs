//! What words say in their order: runs of one, two and three of them, each with a weight for every output.
//!
//! A sum of words does not tell 'nobody complains that there is no work' from 'nobody complains, there is no work'. A linear model over
//! runs of words does, and goes beside the network (Cheng et al., *Wide & Deep Learning for Recommender Systems*, 2016).

use std::borrow::Cow;

use crate::packed;
use crate::text::tokenize::TokenKind;

/// A word in a run: a hash of its look-up form, or one of the signs below.
pub(crate) type Key = u32;

/// Where a text begins, where it ends, and where a mark or a contrast parts two clauses.
const START: Key = 1;
const END: Key = 2;
pub(crate) const BREAK: Key = 3;
/// Any number.
const NUMBER: Key = 4;

/// The key of a word.
pub(crate) fn key(form: &str, kind: TokenKind) -> Key {
    match kind {
        TokenKind::Number => NUMBER,
        _ => packed::hash(form.as_bytes()) as Key,
    }
}

/// A hash of a run of words.
pub(crate) type Run = u32;

/// Adds a word to a run.
#[inline]
fn longer(run: Run, word: Key) -> Run {
    let both = u64::from(run) << 32 | u64::from(word);
    (both.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as Run
}

/// Calls `take` with each run of the words of a text, and of how many it is; all that end with a word come one after the other, the
/// longest first.
#[inline]
pub(crate) fn runs(words: &[Key], mut take: impl FnMut(Run, usize)) {
    // The last word alone, and after the one before it.
    let mut one = longer(0, START);
    let mut two = None;
    for &word in words.iter().chain(&[END]) {
        if let Some(two) = two {
            take(longer(two, word), 3);
        }
        let pair = longer(one, word);
        take(pair, 2);
        one = longer(0, word);
        take(one, 1);
        two = Some(pair);
    }
}

/// The runs that are worth anything, and what each adds to the log-odds of the outputs.
///
/// Searched as they lie: ordered by their hash, of which one half tells the bucket and the other is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weighted {
    /// For each output what its steps are multiplied with.
    pub(crate) scales: Vec<f32>,
    /// For each bucket, and past the last, the number of the first run in it.
    pub(crate) buckets: Vec<u16>,
    /// The half of each run's hash that is compared.
    pub(crate) checks: Vec<u16>,
    /// A row for each run, four bits an output: its value and eight, the low half of a byte first. A block of bytes past the last.
    pub(crate) rows: Cow<'static, [u8]>,
}

/// Runs that are kept at most: their numbers have two bytes.
pub(crate) const MOST: usize = u16::MAX as usize;
/// Buckets, and one past the last.
pub(crate) const BUCKETS: usize = (1 << 16) + 1;
/// Bytes of a row that are looked at together.
const BLOCK: usize = 2 * size_of::<u64>();
/// Rows that can be added up before a sum outgrows its byte.
const ADDED: usize = 255 / 15;

/// The runs that a text has, each once; kept from text to text so that nothing is allocated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met {
    numbers: Vec<u16>,
    /// A bit for each run.
    is_met: Vec<u64>,
}

impl Met {
    #[inline]
    fn add(&mut self, number: u16) {
        let (at, bit) = (usize::from(number / 64), 1 << (number % 64));
        if self.is_met.len() <= at {
            self.is_met.resize(1 << 10, 0);
        }
        if self.is_met[at] & bit == 0 {
            self.is_met[at] |= bit;
            self.numbers.push(number);
        }
    }

    fn clear(&mut self) {
        for number in self.numbers.drain(..) {
            self.is_met[usize::from(number / 64)] = 0;
        }
    }
}

impl Weighted {
    /// Bytes that the rows of `n` runs take for so many outputs.
    pub(crate) fn row_bytes(n: usize, outputs: usize) -> Option<usize> {
        n.checked_mul(outputs.div_ceil(2))?.checked_add(BLOCK)
    }

    /// Lays out runs, ordered by hash, with their rows.
    #[cfg(feature = "learn")]
    pub(crate) fn new(runs: &[Run], scales: Vec<f32>, mut rows: Vec<u8>) -> Self {
        let starts = (0..=1 << 16).map(|n| runs.partition_point(|run| run >> 16 < n) as u16);
        let checks = runs.iter().map(|run| *run as u16);
        rows.resize(rows.len() + BLOCK, 0);
        Self {
            scales,
            buckets: starts.collect(),
            checks: checks.collect(),
            rows: rows.into(),
        }
    }

    /// The number of a run, if it is worth anything.
    #[inline]
    fn find(&self, run: Run) -> Option<u16> {
        let bucket = self.buckets.get((run >> 16) as usize..)?;
        let &[from, to] = bucket.first_chunk()?;
        let checks = self.checks.get(usize::from(from)..usize::from(to))?;
        let at = checks.iter().position(|check| *check == run as u16)?;
        Some(from + at as u16)
    }

    /// Notes a run that a text has.
    #[inline]
    pub(crate) fn meet(&self, run: Run, met: &mut Met) {
        if let Some(number) = self.find(run) {
            met.add(number);
        }
    }

    /// Adds what the runs that were met say to the log-odds of the outputs, and forgets them.
    pub(crate) fn add(&self, met: &mut Met, outputs: &mut [f32]) {
        let width = self.scales.len().div_ceil(2);
        let blocks = outputs
            .chunks_mut(2 * BLOCK)
            .zip(self.scales.chunks(2 * BLOCK));
        for (at, (outputs, scales)) in blocks.enumerate() {
            let mut sums = [0u32; 2 * BLOCK];
            for some in met.numbers.chunks(ADDED) {
                // The low halves of eight bytes in one number, and the high ones.
                let (mut low, mut high) = ([0; 2], [0; 2]);
                for number in some {
                    const LOW: u64 = u64::from_le_bytes([15; 8]);
                    let row = self.rows.get(usize::from(*number) * width + at * BLOCK..);
                    let Some(row) = row.and_then(<[u8]>::first_chunk::<BLOCK>) else {
                        continue;
                    };
                    for (n, eight) in row.chunks_exact(8).enumerate() {
                        let eight = eight.first_chunk().copied().unwrap_or_default();
                        let eight = u64::from_le_bytes(eight);
                        low[n] += eight & LOW;
                        high[n] += eight >> 4 & LOW;
                    }
                }
                let bytes = |sums: [u64; 2]| sums.into_iter().flat_map(u64::to_le_bytes);
                let halves = bytes(low).zip(bytes(high));
                for (sums, (low, high)) in sums.chunks_exact_mut(2).zip(halves) {
                    sums[0] += u32::from(low);
                    sums[1] += u32::from(high);
                }
            }
            let eights = 8 * met.numbers.len() as i64;
            for ((output, scale), sum) in outputs.iter_mut().zip(scales).zip(sums) {
                *output += (i64::from(sum) - eights) as f32 * scale;
            }
        }
        met.clear();
    }

    /// How much each word of a text, breaks counted, speaks for an output: its share of each run that it is in.
    pub(crate) fn speak(&self, output: usize, words: &[Key]) -> Vec<f32> {
        let mut speak = vec![0.0; words.len()];
        let Some(scale) = self.scales.get(output) else {
            return speak;
        };
        let width = self.scales.len().div_ceil(2);
        let mut at = 0;
        runs(words, |run, n| {
            if let Some(number) = self.find(run) {
                let two = self.rows[usize::from(number) * width + output / 2];
                let step = i16::from(two >> (4 * (output % 2)) & 15) - 8;
                let last = (at + 1).min(words.len());
                for word in &mut speak[(at + 1).saturating_sub(n).min(last)..last] {
                    *word += f32::from(step) * scale / n as f32;
                }
            }
            at += usize::from(n == 1);
        });
        speak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(words: &[Key]) -> Vec<(Run, usize)> {
        let mut all = Vec::new();
        runs(words, |run, n| all.push((run, n)));
        all
    }

    #[test]
    fn runs_tell_order_and_the_ends_of_a_text() {
        // Of each word itself and with the one before; from the second on with the two before.
        assert_eq!(all(&[7, 8]).len(), 3 * 3 - 1);
        assert_eq!(all(&[]).len(), 2);
        let has =
            |words: &[Key], runs: &[(Run, usize)]| all(words).iter().any(|r| runs.contains(r));
        let pair = &all(&[7, 8])[3..4];
        assert!(has(&[9, 7, 8, 9], pair) && !has(&[8, 7], pair) && !has(&[7, BREAK, 8], pair));
        let alone = &all(&[7])[2..3];
        assert!(!has(&[7, 8], alone) && !has(&[8, 7], alone));
    }

    #[cfg(feature = "learn")]
    #[test]
    fn each_run_is_found_and_counts_once() {
        // None of the signs.
        let mut kept: Vec<Run> = (10..3010).map(|n| longer(0, n)).collect();
        kept.sort_unstable();
        let rows = |n: usize| [(8 + (n % 7) as u8) | 0x80, 5];
        let weighted = Weighted::new(
            &kept,
            vec![0.5, 1.0, 2.0],
            (0..3000).flat_map(rows).collect(),
        );
        for (n, run) in kept.iter().enumerate() {
            assert_eq!(weighted.find(*run), Some(n as u16));
        }
        let worth = |words: &[Key]| {
            let (mut outputs, mut met) = ([0.25; 3], Met::default());
            runs(words, |run, _| weighted.meet(run, &mut met));
            weighted.add(&mut met, &mut outputs);
            weighted.add(&mut met, &mut outputs);
            outputs
        };
        let n = kept.iter().position(|run| *run == longer(0, 77)).unwrap();
        let once = [0.25 + (n % 7) as f32 * 0.5, 0.25, 0.25 - 3.0 * 2.0];
        assert_eq!(worth(&[77]), once);
        assert_eq!(worth(&[77, BREAK, 77]), once);
        assert_eq!(weighted.speak(2, &[5000, 77, 5001]), [0.0, -6.0, 0.0]);
    }
}
