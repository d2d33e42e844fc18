//! How many slips lie between two spellings: optimal string alignment, in which a swap of neighbours is one slip.
//!
//! A column of the table of distances differs from its neighbour by one at most in each place, so that it fits into two numbers of 64 bits
//! and is worked out by a dozen operations (H. Hyyrö, *A bit-vector algorithm for computing Levenshtein and Damerau edit
//! distances*, Nordic Journal of Computing 10, 2003). Longer words, which hardly exist, are compared cell by cell.

use smallvec::SmallVec;

/// Letters that fit into the bits of a number.
const BITS: usize = 64;

/// A spelling, ready to be compared with many others.
pub(super) struct Speller {
    letters: SmallVec<[char; 32]>,
    /// For each ASCII letter the places where it stands, one bit each.
    ascii: [u64; 128],
    /// The same for each other letter.
    others: SmallVec<[(char, u64); 8]>,
}

impl Speller {
    pub(super) fn new(word: &str) -> Self {
        let letters: SmallVec<[char; 32]> = word.chars().collect();
        let (mut ascii, mut others) = ([0; 128], SmallVec::<[(char, u64); 8]>::new());
        for (at, &letter) in letters.iter().enumerate().take(BITS) {
            let bit = 1 << at;
            match ascii.get_mut(letter as usize) {
                Some(places) => *places |= bit,
                None => match others.iter_mut().find(|(c, _)| *c == letter) {
                    Some((_, places)) => *places |= bit,
                    None => others.push((letter, bit)),
                },
            }
        }
        Self {
            letters,
            ascii,
            others,
        }
    }

    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    fn places(&self, letter: char) -> u64 {
        match self.ascii.get(letter as usize) {
            Some(places) => *places,
            None => {
                let other = self.others.iter().find(|(c, _)| *c == letter);
                other.map_or(0, |(_, places)| *places)
            }
        }
    }

    /// Slips between this spelling and another one of `len` letters, or `limit + 1` as soon as it must be more than `limit`.
    pub(super) fn edits(&self, other: &str, len: usize, limit: usize) -> usize {
        let own = self.letters.len();
        if own.abs_diff(len) > limit {
            return limit + 1;
        }
        if own == 0 {
            return len;
        }
        if own > BITS {
            return by_cells(&self.letters, &other.chars().collect::<Vec<_>>()).min(limit + 1);
        }
        // In which places a cell is one more, or one less, than the one above it.
        let (mut more, mut less) = (u64::MAX, 0u64);
        let (mut equal, mut before) = (0u64, 0u64);
        let mut distance = own;
        let bottom = 1 << (own - 1);
        for (rest, letter) in (0..len).rev().zip(other.chars()) {
            let places = self.places(letter);
            let swapped = ((!equal & places) << 1) & before;
            equal = (((places & more).wrapping_add(more)) ^ more) | places | less | swapped;
            let right = less | !(equal | more);
            let left = equal & more;
            distance += usize::from(right & bottom != 0);
            distance -= usize::from(left & bottom != 0);
            // Each further letter takes one away at most.
            if distance > limit + rest {
                return limit + 1;
            }
            let right = right << 1 | 1;
            more = left << 1 | !(equal | right);
            less = right & equal;
            before = places;
        }
        distance
    }
}

/// The same cell by cell.
fn by_cells(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect(), Vec::new()];
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (rows[1][j - 1] + cost)
                .min(rows[1][j] + 1)
                .min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(rows[0][j - 2] + 1);
            }
        }
        rows[2] = row;
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edits(a: &str, b: &str, limit: usize) -> usize {
        Speller::new(a).edits(b, b.chars().count(), limit)
    }

    #[test]
    fn edit_distance_counts_a_swap_of_neighbours_as_one_slip() {
        assert_eq!(edits("coordiantion", "coordination", 3), 1);
        assert_eq!(edits("databse", "database", 3), 1);
        assert_eq!(edits("hardward", "hardware", 3), 1);
        assert_eq!(edits("budget", "badgers", 3), 3);
        assert_eq!(edits("net", "internet", 3), 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bits_count_what_cells_count(a in "[abকখ]{0,9}|[ab]{60,70}", b in "[abকখ]{0,9}|[ab]{60,70}", limit in 0usize..12) {
            let letters = |word: &str| word.chars().collect::<Vec<_>>();
            let want = by_cells(&letters(&a), &letters(&b));
            prop_assert_eq!(edits(&a, &b, limit), want.min(limit + 1));
        }
    }
}
