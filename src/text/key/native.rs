//! Finds the Bangla word that a romanised one most likely stands for, among all words of the lexicon that share its key, and what a
//! regional one stands for (`ai`: আঁই, আমি) in standard Bangla.

use std::ops::Range;

use smallvec::SmallVec;

use super::Reading;
use crate::packed::{self, number_at};
use crate::text::lexicon;

/// What a tenth of a Zipf unit is worth beside similarity, so that of two words that fit alike the commoner wins.
const WORTH_OF_FREQUENCY: f32 = 0.004;

/// All Bangla words by their keys; see [`Index`]. It is made from the lexicon by a test, since that takes some milliseconds.
static INDEX: &[u8] = include_bytes!("../../../data/compiled/keys.bin");

/// How common the words of regional speech are taken to be: rarer than any of the lexicon.
const REGIONAL: u8 = 10;

/// Bangla endings as they are romanised, longest first.
const ENDINGS: [&str; 14] = [
    "gulor", "gulo", "gula", "guli", "der", "tar", "tir", "er", "ke", "te", "ra", "ta", "ti", "r",
];

/// Below this, a word is looked up again without its ending.
const POOR: f32 = 0.75;

/// What is left of the similarity of a word that was found without its ending.
const WITHOUT_ENDING: f32 = 0.95;

/// More than sums of costs and products can be off.
const ROUNDING: f32 = 1e-3;

/// The best Bangla word for a romanised one, and how well it fits (see [`similarity`](super::similarity)); `None` if no known word has its key.
///
/// A form that the lexicon lacks gives its base (suvidhavogir: সুবিধাভোগী), with a lower similarity. A low similarity means that the word is hardly
/// the one meant: what follows from that is for the caller to say.
pub fn best_native(roman: &str) -> Option<(&'static str, f32)> {
    native(&Reading::new(roman), 0.0, true)
}

/// The same where it fits at least by `least`. Where no word does, it may give another one that does not, which is sooner known.
/// Words of regional speech count only if that is asked for: to an English word some are always alike.
pub(crate) fn native(
    reading: &Reading<'_>,
    least: f32,
    regional: bool,
) -> Option<(&'static str, f32)> {
    let roman = reading.roman();
    let whole = best_of_form(reading, least, regional);
    if whole.is_some_and(|best| best.close >= POOR)
        || !roman.starts_with(|c: char| c.is_ascii_lowercase())
    {
        return whole.map(Fit::word);
    }
    let bare = ENDINGS
        .iter()
        .find_map(|ending| roman.strip_suffix(ending))
        .filter(|bare| bare.len() >= 4);
    let base = bare
        .and_then(|bare| {
            best_of_form(
                &Reading::new(bare),
                least / WITHOUT_ENDING - ROUNDING,
                regional,
            )
        })
        .map(|base| Fit {
            close: base.close * WITHOUT_ENDING,
            ..base
        });
    let best = match (whole, base) {
        (Some(whole), Some(base)) if base.close <= whole.close.max(POOR) => whole,
        (_, Some(base)) => base,
        (whole, None) => whole?,
    };
    Some(best.word())
}

/// A Bangla word beside a romanised one.
#[derive(Clone, Copy)]
struct Fit {
    /// Its place in the lexicon.
    place: u32,
    /// How well it fits.
    close: f32,
    /// What that is worth with its frequency.
    worth: f32,
}

impl Fit {
    fn word(self) -> (&'static str, f32) {
        let word = lexicon::bangla_at(self.place).map_or("", |(word, _)| word);
        (word, self.close)
    }
}

/// The word that is worth most, if its similarity is at least `least`; else any.
fn best_of_form(reading: &Reading<'_>, least: f32, regional: bool) -> Option<Fit> {
    let index = Index::new();
    let (roman, key) = (reading.roman(), reading.key());
    let mut groups = [index.group(hash(key.as_bytes())), 0..0];
    // Many write s for ছ anywhere (bosor for বছর); the key joins them only where verbs end.
    if key.contains('s') && !roman.contains("sh") {
        let lisped = key.bytes().map(|b| if b == b's' { b'c' } else { b });
        groups[1] = index.group(hash(&lisped.collect::<SmallVec<[u8; 32]>>()));
    }
    // A word that fits well is worth so much at least: what is worth less stands in nobody's way.
    let rarest = groups
        .iter()
        .filter_map(|group| Some(bonus(index.word(group.clone().next_back()?).1)))
        .reduce(f32::min)?;
    let mut bar = least + rarest - ROUNDING;
    let mut best: Option<Fit> = None;
    for group in groups {
        for (place, frequency, sounds) in group.map(|at| index.word(at)) {
            let bonus = bonus(frequency);
            if 1.0 + bonus < bar && best.is_some() || frequency == REGIONAL && !regional {
                // Nor is any rarer word worth more, and the regional ones come last.
                break;
            }
            let close = reading.similarity_from(sounds, bar - bonus);
            let worth = close + bonus;
            // Of equals the first in byte order.
            let is_better =
                |best: Fit| worth > best.worth || worth == best.worth && place < best.place;
            if best.is_none_or(is_better) {
                best = Some(Fit {
                    place,
                    close,
                    worth,
                });
                bar = bar.max(worth);
            }
        }
    }
    best
}

fn bonus(frequency: u8) -> f32 {
    WORTH_OF_FREQUENCY * f32::from(frequency)
}

fn hash(key: &[u8]) -> u32 {
    (packed::hash(key) >> 32) as u32
}

/// Buckets of the index, by the first bits of the hash.
const BUCKET_BITS: u32 = 14;

fn bucket(hash: u32) -> usize {
    (hash >> (32 - BUCKET_BITS)) as usize
}

/// The index as it lies in its file, in 32-bit numbers: how many groups and words there are; for each bucket its first group, and the end of
/// the last; for each group, by the hash of the key that its words share, that hash and its first word, and the end of the last; for
/// each word, in its group the commonest first, its place in the lexicon with its frequency and where its sounds lie; then the sounds,
/// a byte each.
#[derive(Clone, Copy)]
struct Index {
    buckets: &'static [u8],
    groups: &'static [u8],
    words: &'static [u8],
    sounds: &'static [u8],
}

impl Index {
    fn new() -> Self {
        let n = |at| number_at(INDEX, at) as usize;
        let cut = |bytes: &'static [u8], numbers: usize| {
            bytes.split_at_checked(4 * numbers).unwrap_or_default()
        };
        let (_, rest) = cut(INDEX, 2);
        let (buckets, rest) = cut(rest, (1 << BUCKET_BITS) + 1);
        let (groups, rest) = cut(rest, 2 * (n(0) + 1));
        let (words, sounds) = cut(rest, 2 * n(1));
        Self {
            buckets,
            groups,
            words,
            sounds,
        }
    }

    /// The words whose key has this hash.
    fn group(self, hash: u32) -> Range<usize> {
        let bucket = bucket(hash);
        let (from, end) = (
            number_at(self.buckets, bucket),
            number_at(self.buckets, bucket + 1),
        );
        let group = (from..end)
            .map(|group| 2 * group as usize)
            .find(|at| number_at(self.groups, *at) == hash);
        let word = |at: usize| number_at(self.groups, at) as usize;
        group.map_or(0..0, |at| word(at + 1)..word(at + 3))
    }

    /// The place of a word in the lexicon, its frequency and its sounds.
    fn word(self, at: usize) -> (u32, u8, &'static [u8]) {
        let (what, sounds) = (
            number_at(self.words, 2 * at),
            number_at(self.words, 2 * at + 1),
        );
        let (from, len) = (sounds as usize >> 8, sounds as usize & 0xFF);
        let sounds = self.sounds.get(from..from + len).unwrap_or_default();
        (what & 0xFF_FFFF, (what >> 24) as u8, sounds)
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::super::{key, of_bangla};
    use super::*;

    #[test]
    fn compiled_files_hold_the_keys_of_all_words() {
        // A regional word stands for the standard one.
        let mut words: Vec<_> = lexicon::bangla_words()
            .chain(lexicon::regional_words())
            .map(|(place, word)| {
                let frequency = lexicon::bangla(word).unwrap_or(REGIONAL);
                (
                    hash(key(word).as_bytes()),
                    Reverse(frequency),
                    place,
                    of_bangla(word),
                )
            })
            .collect();
        words.sort_unstable();
        let groups: Vec<_> = words.chunk_by(|a, b| a.0 == b.0).collect();
        let mut numbers = vec![groups.len() as u32, words.len() as u32];
        numbers.extend(
            (0..=1 << BUCKET_BITS)
                .map(|n| groups.partition_point(|group| bucket(group[0].0) < n) as u32),
        );
        let mut first = 0;
        for group in groups {
            numbers.extend([group[0].0, first]);
            first += group.len() as u32;
        }
        numbers.extend([0, first]);
        let mut all = Vec::new();
        for (_, Reverse(frequency), place, sounds) in &words {
            assert!(*place < 1 << 24 && all.len() < 1 << 24 && sounds.len() < 1 << 8);
            numbers.push(u32::from(*frequency) << 24 | place);
            numbers.push((all.len() << 8 | sounds.len()) as u32);
            all.extend_from_slice(sounds);
        }
        let mut bytes: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
        bytes.extend(all);
        packed::settle("keys", &bytes);
    }

    #[test]
    fn everyday_words_are_found() {
        for (roman, want) in [
            ("taka", "টাকা"),
            ("kaj", "কাজ"),
            ("jonobol", "জনবল"),
            ("somossa", "সমস্যা"),
            ("proshikkhon", "প্রশিক্ষণ"),
            ("korte", "করতে"),
            ("vata", "ভাতা"),
            ("boraddo", "বরাদ্দ"),
            ("manush", "মানুষ"),
            ("ki6u", "কিছু"),
            ("upojela", "উপজেলা"),
            ("kosto", "কষ্ট"),
            ("bosor", "বছর"),
            ("samonnoy", "সমন্বয়"),
            ("suvidhavogir", "সুবিধাভোগী"),
            ("shomossha", "সমস্যা"),
            ("jaitaci", "যাচ্ছি"),
        ] {
            assert_eq!(
                best_native(roman).map(|(word, _)| word),
                Some(want),
                "{roman}"
            );
        }
    }

    #[test]
    fn nonsense_has_no_word_or_a_bad_one() {
        for roman in ["", "qwrtpsdfgh", "xxxx"] {
            assert!(
                best_native(roman).is_none_or(|(_, close)| close < 0.6),
                "{roman}"
            );
        }
    }
}
