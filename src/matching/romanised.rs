//! Reads a Latin word as Bangla, and as a word of either language with a Bangla suffix.

use super::hits::Hits;
use super::lookup::{Lookup, is_bangla};
use super::slips::Speller;
use crate::text::key::Reading;
use crate::text::lexicon;
use crate::text::stem::stem;

/// Suffixes of Bangla that people glue to Latin words, longest first: `serverta`, `filegulo`, `budgeter`.
const ROMAN_SUFFIXES: [&str; 24] = [
    "gulor", "guloke", "gulote", "gular", "gulo", "gula", "guli", "tader", "tate", "take", "tar",
    "tay", "tai", "der", "era", "ta", "ti", "te", "ke", "er", "ra", "r", "e", "o",
];
/// A romanised spelling and a Bangla word whose keys meet are taken for the same from this similarity on.
pub(super) const SIMILAR: f32 = 0.75;
/// The same for words of up to four letters, which have more neighbours.
const SIMILAR_SHORT: f32 = 0.85;
/// A Bangla word that fits better by this much is the one meant.
const CLEARLY_BETTER: f32 = 0.02;

impl Lookup {
    /// Reads a Latin word as Bangla; tells whether it can be.
    ///
    /// Keys are coarse, so a word of the taxonomy is taken only where no other Bangla word fits clearly better.
    pub(super) fn romanised(
        &self,
        reading: &Reading<'_>,
        best: Option<(&'static str, f32)>,
        hits: &mut Hits,
    ) -> bool {
        let form = reading.roman();
        let floor = match form.len() {
            0..=4 => SIMILAR_SHORT,
            _ => SIMILAR,
        };
        let bar = best.map_or(floor, |(_, close)| floor.max(close - CLEARLY_BETTER));
        let mut native = best.is_some();
        if let Some((word, close)) = best {
            hits.all(self.stems.get(stem(word).as_ref()), (close * 95.0) as u8);
        }
        native |= self.meet(reading, bar, 1.0, hits);
        if best.is_none() {
            for suffix in ROMAN_SUFFIXES {
                if let Some(base) = form.strip_suffix(suffix)
                    && base.len() >= 4
                {
                    native |= self.meet(&Reading::new(base), SIMILAR_SHORT, 0.95, hits);
                }
            }
        }
        native
    }

    /// Adds the words of the taxonomy that have the key of a romanised word and are at least so similar.
    fn meet(&self, reading: &Reading<'_>, bar: f32, scale: f32, hits: &mut Hits) -> bool {
        let mut met = false;
        let mut speller = None;
        for &number in self.keys.get(reading.key()).into_iter().flatten() {
            let word = self.spelt.get(number as usize);
            let similarity = if is_bangla(word) {
                let sounds = self.spelt_sounds.get(number as usize);
                reading.similarity_from(sounds.as_bytes(), bar)
            } else {
                let speller = speller.get_or_insert_with(|| Speller::new(reading.roman()));
                spelt_alike(speller, word, bar)
            };
            if similarity >= bar {
                met = true;
                let symbols = self.spelt_symbols.of(number as usize);
                hits.all(Some(symbols), (similarity * scale * 100.0) as u8);
            }
        }
        met
    }

    /// `serverta`, `budgeter`: a Latin word with a Bangla suffix.
    pub(super) fn suffixed(&self, form: &str, hits: &mut Hits) {
        for suffix in ROMAN_SUFFIXES {
            if let Some(base) = form.strip_suffix(suffix)
                && base.len() >= 3
                && lexicon::english(base).is_some()
            {
                hits.all(self.stems.get(stem(base).as_ref()), 92);
                return;
            }
        }
    }
}

/// Similarity of two romanised spellings, 0 to 1; where it would be less than `least`, it may be told too low.
fn spelt_alike(one: &Speller, other: &str, least: f32) -> f32 {
    let len = other.chars().count();
    let longest = one.letters().len().max(len).max(1);
    let limit = ((1.0 - least) * longest as f32) as usize + 1;
    1.0 - one.edits(other, len, limit) as f32 / longest as f32
}
