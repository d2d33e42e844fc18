//! Tells whether a word is English or Bangla and how common it is, and what a regional word is in standard Bangla, from word lists that
//! are searched as they lie in the binary.
//!
//! The lists (`data/lexicon/english.txt`, `bangla.txt`) are lines of `word<TAB>frequency` in byte order; hash tables
//! beside them (`data/compiled`, made by a test) tell where a word stands: nothing is parsed or allocated, and a program that never asks pays
//! nothing. The frequency is ten
//! times the Zipf value (log10 of the count in a billion words): 60 is `the`-like, 45 common, 20 rare.
//! Words are lower case; Bangla is in the normal form of `normalize` (ড় ঢ় য় as one character, no joiners).

use rustc_hash::FxHashSet;

use crate::packed::{self, number_at};

static ENGLISH: &str = include_str!("../../data/lexicon/english.txt");
static BANGLA: &str = include_str!("../../data/lexicon/bangla.txt");
static REGIONAL: &str = include_str!("../../data/lexicon/regional.txt");
static ENGLISH_INDEX: &[u8] = include_bytes!("../../data/compiled/english.bin");
static BANGLA_INDEX: &[u8] = include_bytes!("../../data/compiled/bangla.bin");
static REGIONAL_INDEX: &[u8] = include_bytes!("../../data/compiled/regional.bin");

/// How common an English word is (tenths of a Zipf unit), British and American spellings alike; `None` if the list lacks it.
pub fn english(word: &str) -> Option<u8> {
    Some(find(ENGLISH, ENGLISH_INDEX, word.as_bytes())?.1)
}

/// How common a Bangla word form is (tenths of a Zipf unit); `None` if the list lacks it. Inflected forms are words of their own.
pub fn bangla(word: &str) -> Option<u8> {
    bangla_bytes(word.as_bytes())
}

/// The same for a word in UTF-8.
pub(crate) fn bangla_bytes(word: &[u8]) -> Option<u8> {
    Some(find(BANGLA, BANGLA_INDEX, word)?.1)
}

/// The standard word that a word of regional speech stands for (আঁরা: আমরা, নাগে: লাগে); `None` for all others, those of the
/// lexicon among them.
pub fn standard(regional: &str) -> Option<&'static str> {
    let (_, standard) = line(REGIONAL, REGIONAL_INDEX, regional.as_bytes())?;
    let end = standard.iter().position(|b| *b == b'\n')?;
    let number = find(BANGLA, BANGLA_INDEX, &standard[..end])?.0;
    let place = number_at(BANGLA_INDEX, BUCKETS + 1 + number as usize);
    Some(bangla_at(place)?.0)
}

/// The number of an English word in the order of its index.
pub(crate) fn english_number(word: &str) -> Option<u32> {
    Some(find(ENGLISH, ENGLISH_INDEX, word.as_bytes())?.0)
}

/// The number of a Bangla word in the order of its index.
pub(crate) fn bangla_number(word: &str) -> Option<u32> {
    Some(find(BANGLA, BANGLA_INDEX, word.as_bytes())?.0)
}

/// All English words in the order of their numbers.
#[cfg(test)]
pub(crate) fn english_by_number() -> Vec<&'static str> {
    by_number(ENGLISH, ENGLISH_INDEX)
}

/// All Bangla words in the order of their numbers.
#[cfg(test)]
pub(crate) fn bangla_by_number() -> Vec<&'static str> {
    by_number(BANGLA, BANGLA_INDEX)
}

#[cfg(test)]
fn by_number(text: &'static str, index: &[u8]) -> Vec<&'static str> {
    let places = (BUCKETS + 1..index.len() / 4).map(|at| number_at(index, at) as usize);
    places
        .filter_map(|place| Some(text[place..].split_once('\t')?.0))
        .collect()
}

/// All Bangla words with their places in the list, in byte order.
#[cfg(test)]
pub(crate) fn bangla_words() -> impl Iterator<Item = (u32, &'static str)> {
    let mut place = 0;
    BANGLA.split_inclusive('\n').filter_map(move |line| {
        let at = place;
        place += line.len() as u32;
        Some((at, line.split_once('\t')?.0))
    })
}

/// All words of both lists with their frequency.
#[cfg(all(test, feature = "cluster"))]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, u8)> {
    ENGLISH.lines().chain(BANGLA.lines()).filter_map(entry)
}

/// All regional words, each with the place of the standard one in the list of Bangla words.
#[cfg(test)]
pub(crate) fn regional_words() -> impl Iterator<Item = (u32, &'static str)> {
    REGIONAL.lines().filter_map(|line| {
        let (word, _) = line.split_once('\t')?;
        Some((place_of(standard(word)?)?, word))
    })
}

/// The Bangla word at a place that [`bangla_words`] gave, and how common it is.
pub(crate) fn bangla_at(place: u32) -> Option<(&'static str, u8)> {
    let line = BANGLA.get(place as usize..)?;
    let end = line.bytes().position(|b| b == b'\t')?;
    Some((&line[..end], frequency(&line.as_bytes()[end + 1..])))
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

/// The words of a small data file: any number on a line, `#` starts a remark.
pub(crate) fn word_set(text: &'static str) -> FxHashSet<&'static str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
}

#[cfg(test)]
fn entry(line: &str) -> Option<(&str, u8)> {
    let (word, frequency) = line.split_once('\t')?;
    Some((word, frequency.parse().ok()?))
}

/// Buckets of an index.
const BUCKETS: usize = 1 << 15;

fn bucket(word: &[u8]) -> usize {
    packed::hash(word) as usize % BUCKETS
}

/// The longest word of both lists, in bytes.
const LONGEST: usize = 63;

/// Looks a word up by an index of its list: its number, and how common it is.
fn find(text: &'static str, index: &[u8], word: &[u8]) -> Option<(u32, u8)> {
    let (number, rest) = line(text, index, word)?;
    Some((number, frequency(rest)))
}

/// Looks a word up by an index of its list: where each bucket begins and the last one ends, then the places of the words. Gives
/// its number among those, and the list from behind the tab on.
fn line(text: &'static str, index: &[u8], word: &[u8]) -> Option<(u32, &'static [u8])> {
    // The stems of a word are looked for in many variants, so that one of a megabyte would be hashed a million times.
    if word.len() > LONGEST {
        return None;
    }
    let at = bucket(word);
    (number_at(index, at)..number_at(index, at + 1)).find_map(|n| {
        let place = number_at(index, BUCKETS + 1 + n as usize) as usize;
        let rest = text.as_bytes().get(place..)?.strip_prefix(word)?;
        Some((n, rest.strip_prefix(b"\t")?))
    })
}

/// The number with which a stretch begins.
fn frequency(bytes: &[u8]) -> u8 {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0, |number: u8, digit| {
        number.wrapping_mul(10).wrapping_add(digit - b'0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_files_index_the_word_lists() {
        for (name, text) in [
            ("english", ENGLISH),
            ("bangla", BANGLA),
            ("regional", REGIONAL),
        ] {
            let mut buckets = vec![Vec::new(); BUCKETS];
            let mut place = 0;
            for line in text.split_inclusive('\n') {
                let word = line.split('\t').next().unwrap();
                buckets[bucket(word.as_bytes())].push(place);
                place += line.len() as u32;
            }
            let mut numbers = vec![0];
            for bucket in &buckets {
                numbers.push(numbers[numbers.len() - 1] + bucket.len() as u32);
            }
            numbers.extend(buckets.concat());
            let bytes: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
            packed::settle(name, &bytes);
        }
    }

    #[test]
    fn every_word_is_found() {
        for (text, index) in [(ENGLISH, ENGLISH_INDEX), (BANGLA, BANGLA_INDEX)] {
            let lines: Vec<_> = text.lines().collect();
            let by_number = by_number(text, index);
            assert!(lines.len() > 30_000 && by_number.len() == lines.len());
            assert!(lines.iter().all(|l| entry(l).unwrap().0.len() <= LONGEST));
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
                let found = find(text, index, word.as_bytes());
                let number = found.map(|(number, _)| number as usize);
                assert_eq!(found.map(|f| f.1), Some(frequency), "{word}");
                assert_eq!(number.map(|n| by_number[n]), Some(word));
            }
        }
    }

    #[test]
    fn every_regional_word_has_a_standard_one_and_is_none_itself() {
        let lines: Vec<_> = REGIONAL
            .lines()
            .map(|l| l.split_once('\t').unwrap())
            .collect();
        assert!(lines.windows(2).all(|w| w[0].0 < w[1].0), "byte order");
        for (regional, want) in lines {
            assert_eq!(standard(regional), Some(want), "{regional}");
            assert!(bangla(regional).is_none(), "{regional} is in the lexicon");
            assert_eq!(standard(want), None);
        }
        assert_eq!(standard("আমরা"), None);
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
