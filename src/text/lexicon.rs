//! Tells whether a word is English or Bangla and how common it is, from two word lists that are searched as they lie in the binary.
//!
//! The lists (`data/lexicon/english.txt`, `bangla.txt`) are lines of `word<TAB>frequency` in byte order, so that a look-up is a
//! binary search over the text: nothing is parsed or allocated, and a program that never asks pays nothing. The frequency is ten
//! times the Zipf value (log10 of the count in a billion words): 60 is `the`-like, 45 common, 20 rare.
//! Words are lower case; Bangla is in the normal form of `normalize` (ড় ঢ় য় as one character, no joiners).

use std::sync::LazyLock;

static ENGLISH: &str = include_str!("../../data/lexicon/english.txt");
static BANGLA: &str = include_str!("../../data/lexicon/bangla.txt");

/// How common an English word is (tenths of a Zipf unit), British and American spellings alike; `None` if the list lacks it.
pub fn english(word: &str) -> Option<u8> {
    find(ENGLISH, word)
}

/// How common a Bangla word form is (tenths of a Zipf unit); `None` if the list lacks it. Inflected forms are words of their own.
pub fn bangla(word: &str) -> Option<u8> {
    find(BANGLA, word)
}

/// All Bangla words with their places in the list, in byte order.
pub(crate) fn bangla_words() -> impl Iterator<Item = (u32, &'static str)> {
    let mut place = 0;
    BANGLA.split_inclusive('\n').filter_map(move |line| {
        let at = place;
        place += line.len() as u32;
        Some((at, line.split_once('\t')?.0))
    })
}

/// The Bangla word at a place that [`bangla_words`] gave, and how common it is.
pub(crate) fn bangla_at(place: u32) -> Option<(&'static str, u8)> {
    entry(BANGLA.get(place as usize..)?.lines().next()?)
}

/// The place in the list of a Bangla word that the list gave.
pub(crate) fn place_of(word: &'static str) -> Option<u32> {
    let place = word.as_ptr().addr().checked_sub(BANGLA.as_ptr().addr())?;
    (bangla_at(place as u32)?.0 == word).then_some(place as u32)
}

/// The words that answers use most, as they are typed, and how often; the commonest first.
pub(crate) fn common() -> impl Iterator<Item = (&'static str, u32)> {
    let lines = include_str!("../../data/lexicon/common.txt").lines();
    lines.filter_map(|line| {
        let (word, count) = line.split_once('\t')?;
        Some((word, count.parse().ok()?))
    })
}

/// Reads the lines of a small data file that are neither empty nor remarks, as columns.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// The words of a small data file, sorted for [`contains`]: any number on a line, `#` starts a remark.
pub(crate) fn word_set(text: &'static str) -> Vec<&'static str> {
    let mut words: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a sorted list holds a word.
pub(crate) fn contains(words: &LazyLock<Vec<&'static str>>, word: &str) -> bool {
    words.binary_search(&word).is_ok()
}

fn entry(line: &str) -> Option<(&str, u8)> {
    let (word, frequency) = line.split_once('\t')?;
    Some((word, frequency.parse().ok()?))
}

/// Binary search over sorted lines. The middle of the range seldom falls on the start of a line, so each step first goes back to it.
fn find(text: &'static str, word: &str) -> Option<u8> {
    let bytes = text.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[low..middle]
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(low, |at| low + at + 1);
        let end = bytes[middle..high]
            .iter()
            .position(|&b| b == b'\n')
            .map_or(high, |at| middle + at);
        let tab = bytes[start..end]
            .iter()
            .position(|&b| b == b'\t')
            .map_or(end, |at| start + at);
        match bytes[start..tab].cmp(word.as_bytes()) {
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
            std::cmp::Ordering::Equal => {
                return entry(text.get(start..end)?).map(|(_, frequency)| frequency);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found() {
        for text in [ENGLISH, BANGLA] {
            let lines: Vec<_> = text.lines().collect();
            assert!(lines.len() > 30_000);
            assert!(
                lines
                    .windows(2)
                    .all(|w| entry(w[0]).unwrap().0 < entry(w[1]).unwrap().0),
                "lines must stand in byte order"
            );
            for line in lines
                .iter()
                .step_by(7)
                .chain([&lines[0], &lines[lines.len() - 1]])
            {
                let (word, frequency) = entry(line).unwrap();
                assert_eq!(find(text, word), Some(frequency), "{word}");
            }
        }
    }

    #[test]
    fn real_words_of_both_spellings_are_known_and_others_not() {
        for word in [
            "training",
            "centre",
            "center",
            "programme",
            "labour",
            "a",
            "upazila",
        ] {
            assert!(english(word).is_some(), "{word}");
        }
        for word in ["জনবল", "বরাদ্দ", "প্রশিক্ষণ", "উপজেলা", "করে", "সময়"]
        {
            assert!(bangla(word).is_some(), "{word}");
        }
        for word in [
            "",
            "\n",
            "\t",
            "trainng",
            "jonobol",
            "korte",
            "বরাদদদ",
            "ক\tখ",
            "zzzzzz",
        ] {
            assert!(
                english(word).is_none() && bangla(word).is_none(),
                "{word:?}"
            );
        }
        assert!(
            bangla("করে") > bangla("বরাদ্দ"),
            "a word of every sentence is commoner than one of offices"
        );
    }
}
