//! Finds the word that a misspelt one was meant to be: how many slips lie between two spellings.
//!
//! The distance is that of optimal string alignment, in which a swap of neighbours is one slip. A column of its table differs from its neighbour by
//! one at most in each place, so that it fits into two numbers of 64 bits and is worked out by a dozen operations (H. Hyyrö, *A
//! bit-vector algorithm for computing Levenshtein and Damerau edit distances*, Nordic Journal of Computing 10, 2003). Longer words,
//! which hardly exist, are compared cell by cell.

use smallvec::SmallVec;

use super::Symbol;
use super::hits::Hits;
use super::lookup::Lookup;
use crate::packed::Flat;

/// What tells quickly that a word is too far from another to be a misspelling of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    first: u32,
    /// Length, in letters.
    len: u32,
    /// One bit for the letters of each remainder of 32.
    letters: u32,
}

impl Shape {
    pub(super) fn of(word: &[char]) -> Self {
        Self {
            first: word.first().map_or(0, |c| *c as u32),
            len: word.len() as u32,
            letters: word.iter().fold(0, |all, c| all | 1 << (*c as u32 % 32)),
        }
    }
}

impl Flat for Shape {
    const WIDTH: usize = 3;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.first, self.len, self.letters]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            first: numbers[0],
            len: numbers[1],
            letters: numbers[2],
        }
    }
}

impl Lookup {
    /// A slip of one letter, of two in a long word; the first letter stands. The caller has made sure that the
    /// word is in no dictionary, so that a match never crosses another word.
    pub(super) fn misspelt(&self, form: &str, hits: &mut Hits) {
        let allowed = match form.chars().count() {
            0..=4 => return,
            5..=7 => 1,
            _ => 2,
        };
        let speller = Speller::new(form);
        let shape = Shape::of(speller.letters());
        let place = |s: &Shape| (s.first, s.len + allowed as u32) < (shape.first, shape.len);
        let from = self.shapes.partition_point(place);
        let mut best = allowed + 1;
        let mut found: Vec<Symbol> = Vec::new();
        let near = self
            .shapes
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, s)| s.first == shape.first && s.len <= shape.len + allowed as u32);
        for (at, other) in near {
            let allowed = if other.len < 8 { 1 } else { allowed };
            // A slip changes two letters at most.
            if (other.letters ^ shape.letters).count_ones() as usize > 2 * allowed {
                continue;
            }
            let word = self.spellings.get(at);
            let distance = speller.edits(word, other.len as usize, allowed);
            if distance <= allowed && distance <= best {
                if distance < best {
                    found.clear();
                }
                best = distance;
                found.extend(self.spelling_symbols.of(at));
            }
        }
        hits.all(Some(&found), if best == 1 { 85 } else { 75 });
    }
}

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
