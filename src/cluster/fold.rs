//! Finds the earlier answer that says nearly the same, in time linear in the answers.
//!
//! Two answers are near where their sets of stems have a Jaccard index of [`NEAR`] at least and they agree in numbers and
//! negations: order, case, punctuation, inflection and a slip of one letter do not count. Candidates come from MinHash bands
//! (Broder, *On the resemblance and containment of documents*, 1997; Leskovec, Rajaraman & Ullman, *Mining of Massive
//! Datasets*, chapter 3) and are then compared in full, so that chance decides nothing but which near ones are missed.

use rustc_hash::FxHashMap;

/// Jaccard index from which on two answers count as one.
pub(super) const NEAR: f64 = 0.8;
/// At an index of 0.8, six bands of three miss one pair in a hundred.
const BANDS: u32 = 6;
const ROWS: u32 = 3;

/// The answers met so far, by their bands.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    /// The first answer of each band; the last band is the whole set.
    bands: FxHashMap<u32, u32>,
}

impl Fold {
    /// The earlier answer that `words` (ascending, each once) are near to, or `None`, and then they are remembered as `next`.
    /// `words_of` gives the words of an earlier one; `is_hard` tells words in which both must agree.
    pub(super) fn find<'a>(
        &mut self,
        words: &[u32],
        next: u32,
        words_of: impl Fn(u32) -> &'a [u32],
        is_hard: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let bands = bands(words);
        for band in &bands {
            if let Some(&old) = self.bands.get(band)
                && near(words, words_of(old), &is_hard)
            {
                return Some(old);
            }
        }
        for band in bands {
            self.bands.entry(band).or_insert(next);
        }
        None
    }
}

fn near(a: &[u32], b: &[u32], is_hard: impl Fn(u32) -> bool) -> bool {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() || j < b.len() {
        let alone = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) if x == y => {
                both += 1;
                (i, j) = (i + 1, j + 1);
                continue;
            }
            (Some(x), y) if y.is_none_or(|y| x < y) => {
                i += 1;
                *x
            }
            (_, Some(y)) => {
                j += 1;
                *y
            }
            _ => break,
        };
        if is_hard(alone) {
            return false;
        }
    }
    let all = a.len() + b.len() - both;
    both as f64 >= NEAR * all as f64
}

/// One number for each band of a set, and one for the set itself.
fn bands(words: &[u32]) -> [u32; BANDS as usize + 1] {
    let mut least = [u32::MAX; (BANDS * ROWS) as usize];
    for &word in words {
        let word = mix(word, 0);
        for (row, least) in least.iter_mut().enumerate() {
            // An odd multiplier orders anew what is mixed already, and a processor takes several at once.
            *least = (*least).min(word.wrapping_mul(KEYS[row]));
        }
    }
    let mut out = [0; BANDS as usize + 1];
    for (band, (to, rows)) in out.iter_mut().zip(least.chunks(ROWS as usize)).enumerate() {
        *to = rows.iter().fold(band as u32, |sum, &row| mix(sum, row));
    }
    out[BANDS as usize] = words.iter().fold(BANDS, |sum, &w| mix(sum, w));
    out
}

/// An odd number for each row of each band.
const KEYS: [u32; (BANDS * ROWS) as usize] = {
    let mut keys = [0; (BANDS * ROWS) as usize];
    let mut i = 0;
    while i < keys.len() {
        keys[i] = mix(i as u32, 1) | 1;
        i += 1;
    }
    keys
};

/// Mixes a number with one of many keys: the finish of SplitMix64.
const fn mix(x: u32, key: u32) -> u32 {
    let mut z = ((key as u64) << 32 | x as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as u32
}

/// Whether two words differ by one letter put in, left out, changed, or swapped with its neighbour.
pub(super) fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    match b.len() - a.len() {
        0 if front == a.len() => false,
        0 => {
            a[front + 1..] == b[front + 1..]
                || (front + 1 < a.len()
                    && a[front] == b[front + 1]
                    && a[front + 1] == b[front]
                    && a[front + 2..] == b[front + 2..])
        }
        1 => a[front..] == b[front + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter() {
        for (a, b) in [
            ("training", "trainng"),
            ("training", "trianing"),
            ("তালিকা", "তালিকাা"),
            ("budget", "budgut"),
        ] {
            assert!(one_slip(a, b) && one_slip(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("budget", "budget"),
            ("budget", "budgets?"),
            ("train", "brains"),
            ("", "ab"),
        ] {
            assert!(!one_slip(a, b), "{a} {b}");
        }
    }

    #[test]
    fn sets_that_share_four_fifths_are_near_unless_they_differ_in_a_hard_word() {
        let sets: [&[u32]; 5] = [
            &[1, 2, 3, 4],
            &[1, 2, 3, 4, 5],
            &[1, 2, 3, 9],
            &[1, 2, 3, 4, 7],
            &[],
        ];
        let mut fold = Fold::default();
        let mut find = |i: usize| fold.find(sets[i], i as u32, |u| sets[u as usize], |w| w == 7);
        assert_eq!(
            [find(0), find(1), find(2), find(3), find(4), find(4)],
            [None, Some(0), None, None, None, Some(4)]
        );
    }
}
