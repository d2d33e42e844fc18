//! Finds the Bangla word that a romanised one most likely stands for, among all words of the lexicon that share its key.

use super::{key_into, similarity};
use crate::text::lexicon;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::LazyLock;

/// What a tenth of a Zipf unit is worth beside similarity, so that of two words that fit alike the commoner wins.
const WORTH_OF_FREQUENCY: f32 = 0.004;

/// Hash of the key and place in the lexicon of each Bangla word, sorted. Made at the first use, in some milliseconds.
static INDEX: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let mut key = String::new();
    let mut index: Vec<_> = lexicon::bangla_words()
        .map(|(place, word)| {
            key.clear();
            key_into(word, &mut key);
            (hash(&key), place)
        })
        .collect();
    index.sort_unstable();
    index
});

/// Bangla endings as they are romanised, longest first.
const ENDINGS: [&str; 14] = [
    "gulor", "gulo", "gula", "guli", "der", "tar", "tir", "er", "ke", "te", "ra", "ta", "ti", "r",
];

/// Below this, a word is looked up again without its ending.
const POOR: f32 = 0.75;

/// The best Bangla word for a romanised one, and how well it fits (see [`similarity`]); `None` if no known word has its key.
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
    candidates(&key)
        .chain(lisped.iter().flat_map(|key| candidates(key)))
        .map(|(word, frequency)| {
            let close = similarity(roman, word);
            (
                word,
                close,
                close + WORTH_OF_FREQUENCY * f32::from(frequency),
            )
        })
        .max_by(|a, b| a.2.total_cmp(&b.2).then_with(|| b.0.cmp(a.0)))
        .map(|(word, close, _)| (word, close))
}

fn candidates(key: &str) -> impl Iterator<Item = (&'static str, u8)> + use<> {
    let hash = hash(key);
    let from = INDEX.partition_point(|&(h, _)| h < hash);
    INDEX[from..]
        .iter()
        .take_while(move |&&(h, _)| h == hash)
        .filter_map(|&(_, place)| lexicon::bangla_at(place))
}

fn hash(key: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

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
