//! The hashed features of a word: its stem and the character n-grams of its form.
//!
//! Weinberger et al., *Feature Hashing for Large Scale Multitask Learning*, ICML 2009. Bangla and romanised Bangla share their
//! features: a romanised word is read as the Bangla word that it most likely stands for.

use crate::text::stem::stem;
use crate::text::tokenize::TokenKind;

/// Rows of the hashed feature space.
pub(crate) const ROWS: usize = 1 << 16;

/// Character n-grams of these lengths, the marks of the word's ends counted.
const SHORTEST: usize = 3;
const LONGEST: usize = 5;

/// Calls `take` with the row of each feature of a word or number.
pub(crate) fn of_word(form: &str, kind: TokenKind, mut take: impl FnMut(u16)) {
    match kind {
        TokenKind::Number => take(number_row()),
        TokenKind::Bangla | TokenKind::Latin => rows(form, take),
        _ => {}
    }
}

/// Calls `take` with the row of each feature of a word, given in its look-up form. A row can come more than once.
fn rows(form: &str, mut take: impl FnMut(u16)) {
    take(row(b'w', stem(form).as_bytes()));
    let mut marked = String::with_capacity(form.len() + 2);
    marked.push('^');
    marked.push_str(form);
    marked.push('$');
    let starts: Vec<usize> = marked
        .char_indices()
        .map(|(i, _)| i)
        .chain([marked.len()])
        .collect();
    // An n-gram's hash goes on from that of the shorter one that begins with it.
    for i in 0..starts.len() {
        let mut hash = Hash::of(b'c');
        let mut from = starts[i];
        for (length, &end) in (1..=LONGEST).zip(&starts[i + 1..]) {
            hash.add(&marked.as_bytes()[from..end]);
            from = end;
            if length >= SHORTEST {
                take(hash.row());
            }
        }
    }
}

/// The row of the one feature of any number.
fn number_row() -> u16 {
    row(b'w', b"#")
}

fn row(kind: u8, bytes: &[u8]) -> u16 {
    let mut hash = Hash::of(kind);
    hash.add(bytes);
    hash.row()
}

/// FNV-1a, 64 bits.
struct Hash(u64);

impl Hash {
    fn of(kind: u8) -> Self {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        hash.add(&[kind]);
        hash
    }

    #[inline]
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Folded to 16 bits.
    #[inline]
    fn row(&self) -> u16 {
        let h = self.0;
        (h ^ (h >> 16) ^ (h >> 32) ^ (h >> 48)) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(form: &str) -> Vec<u16> {
        let mut out = Vec::new();
        rows(form, |row| out.push(row));
        out
    }

    #[test]
    fn a_word_has_its_stem_and_its_n_grams() {
        // ^net$: three of three letters, two of four, one of five, and the stem.
        assert_eq!(all("net").len(), 1 + 3 + 2 + 1);
        assert_eq!(all("না").len(), 1 + 2 + 1);
        assert_eq!(all("x").len(), 2);
    }

    #[test]
    fn inflections_share_features() {
        let (a, b) = (all("জনবলের"), all("জনবল"));
        assert!(b.iter().filter(|row| a.contains(row)).count() * 2 > b.len());
    }
}
