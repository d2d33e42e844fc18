//! Finds the Bangla word that a romanised one most likely stands for, among all words of the lexicon that share its key.

use super::key_into;
use super::similarity::Spelling;
use crate::packed::{self, number_at};
use crate::text::lexicon;

/// What a tenth of a Zipf unit is worth beside similarity, so that of two words that fit alike the commoner wins.
const WORTH_OF_FREQUENCY: f32 = 0.004;

/// For each Bangla word, sorted by the hash of its key: the hashes, then the places in the lexicon, as 32-bit numbers. It is made from
/// the lexicon by a test, since that takes some milliseconds.
static INDEX: &[u8] = include_bytes!("../../../data/compiled/keys.bin");

/// Bangla endings as they are romanised, longest first.
const ENDINGS: [&str; 14] = [
    "gulor", "gulo", "gula", "guli", "der", "tar", "tir", "er", "ke", "te", "ra", "ta", "ti", "r",
];

/// Below this, a word is looked up again without its ending.
const POOR: f32 = 0.75;

/// The best Bangla word for a romanised one, and how well it fits (see [`similarity`](super::similarity)); `None` if no known word has its key.
///
/// A form that the lexicon lacks gives its base (suvidhavogir: সুবিধাভোগী), with a lower similarity. A low similarity means that the word is hardly
/// the one meant: what follows from that is for the caller to say.
pub fn best_native(roman: &str) -> Option<(&'static str, f32)> {
    let whole = best_of_form(roman);
    if whole.is_some_and(|(_, close)| close >= POOR)
        || !roman.starts_with(|c: char| c.is_ascii_lowercase())
    {
        return whole;
    }
    let bare = ENDINGS
        .iter()
        .find_map(|ending| roman.strip_suffix(ending))
        .filter(|bare| bare.len() >= 4);
    let base = bare
        .and_then(best_of_form)
        .map(|(word, close)| (word, close * 0.95));
    match (whole, base) {
        (Some(whole), Some(base)) if base.1 <= whole.1.max(POOR) => Some(whole),
        (_, Some(base)) => Some(base),
        (whole, None) => whole,
    }
}

fn best_of_form(roman: &str) -> Option<(&'static str, f32)> {
    let mut key = String::new();
    key_into(roman, &mut key);
    // Many write s for ছ anywhere (bosor for বছর); the key joins them only where verbs end.
    let lisped = (key.contains('s') && !roman.contains("sh")).then(|| key.replace('s', "c"));
    let spelling = Spelling::new(roman);
    // The best so far, how well it fits, and what it is worth with its frequency; of equals the first in byte order.
    let mut best: Option<(&'static str, f32, f32)> = None;
    for (word, frequency) in candidates(&key).chain(lisped.iter().flat_map(|key| candidates(key))) {
        let bonus = WORTH_OF_FREQUENCY * f32::from(frequency);
        let least = best.map_or(0.0, |(_, _, worth)| (worth - bonus).clamp(0.0, 1.0));
        let close = spelling.similarity_from(word, least);
        let worth = close + bonus;
        let is_better = best.is_none_or(|(first, _, most)| {
            worth.total_cmp(&most).then_with(|| first.cmp(word)).is_gt()
        });
        if is_better {
            best = Some((word, close, worth));
        }
    }
    best.map(|(word, close, _)| (word, close))
}

fn candidates(key: &str) -> impl Iterator<Item = (&'static str, u8)> + use<> {
    let (hashes, places) = INDEX.split_at(INDEX.len() / 2);
    let wanted = hash(key);
    let (mut from, mut end) = (0, hashes.len() / 4);
    while from < end {
        let middle = from + (end - from) / 2;
        if number_at(hashes, middle) < wanted {
            from = middle + 1;
        } else {
            end = middle;
        }
    }
    (from..hashes.len() / 4)
        .take_while(move |at| number_at(hashes, *at) == wanted)
        .filter_map(move |at| lexicon::bangla_at(number_at(places, at)))
}

fn hash(key: &str) -> u32 {
    (packed::hash(key.as_bytes()) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_files_hold_the_keys_of_all_words() {
        let mut key = String::new();
        let mut index: Vec<_> = lexicon::bangla_words()
            .map(|(place, word)| {
                key.clear();
                key_into(word, &mut key);
                (hash(&key), place)
            })
            .collect();
        index.sort_unstable();
        let (hashes, places): (Vec<u32>, Vec<u32>) = index.into_iter().unzip();
        let numbers = hashes.into_iter().chain(places);
        packed::settle(
            "keys",
            &numbers.flat_map(u32::to_le_bytes).collect::<Vec<u8>>(),
        );
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
