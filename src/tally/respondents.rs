//! Who named what: each known respondent once, with the themes that they name.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::packed;
use crate::record::ThemeId;

/// A bit for each theme.
type Themes = SmallVec<[u64; 2]>;

/// The known respondents, by a hash of their names, since of millions of people a set of names would not fit. Among a million
/// two have the same hash with a chance of one in 37 million.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Respondents(FxHashMap<u64, Themes>);

impl Respondents {
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Notes that a respondent named these of `n` themes; `name` is as names are compared.
    pub(super) fn add(&mut self, name: &str, n: usize, themes: impl Iterator<Item = ThemeId>) {
        let of = self.0.entry(packed::hash(name.as_bytes()));
        let bits = of.or_insert_with(|| smallvec![0; n.div_ceil(64)]);
        for theme in themes {
            bits[usize::from(theme.0) / 64] |= 1 << (theme.0 % 64);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        let fewer = match self.0.len() < other.0.len() {
            true => std::mem::replace(self, other),
            false => other,
        };
        for (name, themes) in fewer.0 {
            match self.0.entry(name) {
                Entry::Vacant(free) => {
                    free.insert(themes);
                }
                Entry::Occupied(mut known) => {
                    let bits = known.get_mut().iter_mut().zip(themes);
                    bits.for_each(|(bits, more)| *bits |= more);
                }
            }
        }
    }

    /// How many name each of `n` themes.
    pub(super) fn by_theme(&self, n: usize) -> Vec<u64> {
        let mut counts = vec![0; n];
        for bits in self.0.values() {
            for (at, count) in counts.iter_mut().enumerate() {
                *count += bits[at / 64] >> (at % 64) & 1;
            }
        }
        counts
    }
}
