//! How much a word tells: how rare it is in its language, and whether it names anything at all.

use std::sync::LazyLock;

#[cfg(test)]
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

#[cfg(test)]
use crate::taxonomy::cues;
use crate::text::lexicon;
use crate::text::stem::stem;

/// Smooth inverse frequency: a word of this probability counts half.
///
/// Arora, Liang & Ma, *A simple but tough-to-beat baseline for sentence embeddings*, ICLR 2017.
const HALF: f32 = 1e-3;
/// Frequency of a word that the lists lack, in tenths of a Zipf unit.
const UNKNOWN: u8 = 20;

/// From these frequencies on (tenths of a Zipf unit) a word serves the grammar or says nearly nothing: 'should', 'people', করে.
const COMMON_ENGLISH: u8 = 60;
const COMMON_BANGLA: u8 = 59;
/// The same for all forms of a stem together, and for the stem of a Bangla verb, which seldom names a thing.
#[cfg(test)]
const COMMON_STEM: f32 = 60.0;
#[cfg(test)]
const COMMON_VERB: f32 = 54.0;

/// The weight of a word in an answer's vector, between nought and one.
pub(super) fn weight(reading: &str) -> f32 {
    let zipf = lexicon::english(reading)
        .or_else(|| lexicon::bangla(reading))
        .unwrap_or(UNKNOWN);
    let p = 10f32.powf(f32::from(zipf) / 10.0 - 9.0);
    HALF / (HALF + p)
}

/// Whether a word may stand in a name: neither grammar nor one of the general words (lack, need, problem …) that go with any
/// theme.
pub(super) fn names_something(surface: &str, reading: &str) -> bool {
    let lower = surface.to_lowercase();
    // 'in' and 'for' name nothing in a romanised text either.
    let is_plain = |word: &str| {
        lexicon::english(word).is_some_and(|f| f >= COMMON_ENGLISH)
            || lexicon::bangla(word).is_some_and(|f| f >= COMMON_BANGLA)
            || NAMELESS.contains(stem(word).as_ref())
    };
    lower.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !is_plain(&lower)
        && (lower == reading || !is_plain(reading))
}

/// Whether a word that names something does so by itself: verbs, and English words in -ed and -ly, do so only beside another.
pub(super) fn stands_alone(reading: &str, stem: &str) -> bool {
    static VERBS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
        let rows = lexicon::rows(include_str!("../../data/lexicon/verbs.tsv"));
        rows.filter_map(|row| row.first().copied()).collect()
    });
    let ends = |end: &str| reading.len() > end.len() + 3 && reading.ends_with(end);
    !VERBS.contains(stem) && !ends("ed") && !ends("ly")
}

/// Whether a word denies: answers that differ in it do not say the same.
pub(super) fn denies(reading: &str) -> bool {
    DENIALS.contains(stem(reading).as_ref())
}

/// Stems of the words that deny, a line each: the cues' set `no`. To read all cues for it takes too long for every start.
static DENIALS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/compiled/denials.bin")
        .lines()
        .collect()
});

/// General words of the cues that go with any theme.
#[cfg(test)]
const SETS: [&str; 5] = ["no", "lack", "need", "more", "problem"];

/// Stems that name nothing, a line each. They are gathered from all words of the lexicons, which takes too long for every start.
static NAMELESS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/compiled/nameless.bin")
        .lines()
        .collect()
});

/// What [`NAMELESS`] is made of.
#[cfg(test)]
fn nameless() -> FxHashSet<Box<str>> {
    let mut out: FxHashSet<Box<str>> = common_stems();
    let listed = lexicon::word_set(include_str!("../../data/lexicon/nameless.txt"));
    out.extend(listed.into_iter().map(|w| stem(w).as_ref().into()));
    for name in SETS {
        stems_of_set(name, &mut out);
    }
    out
}

/// Adds the stems of a general set's single words.
#[cfg(test)]
fn stems_of_set(name: &str, out: &mut FxHashSet<Box<str>>) {
    for phrase in cues().sets.get(name).into_iter().flatten() {
        if let [word] = phrase.as_slice() {
            out.insert(stem(&word.text).as_ref().into());
        }
    }
}

/// Stems whose forms together are common in their language.
#[cfg(test)]
fn common_stems() -> FxHashSet<Box<str>> {
    let verbs: FxHashSet<&str> = lexicon::rows(include_str!("../../data/lexicon/verbs.tsv"))
        .filter_map(|row| row.first().copied())
        .collect();
    let mut sums: FxHashMap<Box<str>, f32> = FxHashMap::default();
    for (word, zipf) in lexicon::all() {
        *sums.entry(stem(word).as_ref().into()).or_default() += 10f32.powf(f32::from(zipf) / 10.0);
    }
    sums.into_iter()
        .filter(|(stem, sum)| {
            let zipf = 10.0 * sum.log10();
            zipf >= COMMON_STEM || zipf >= COMMON_VERB && verbs.contains(stem.as_ref())
        })
        .map(|(stem, _)| stem)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(name: &str, stems: FxHashSet<Box<str>>) {
        let mut stems: Vec<Box<str>> = stems.into_iter().collect();
        stems.sort_unstable();
        crate::packed::settle(name, stems.join("\n").as_bytes());
    }

    #[test]
    fn compiled_files_hold_the_stems_that_name_nothing() {
        settle("nameless", nameless());
    }

    #[test]
    fn compiled_files_hold_the_stems_that_deny() {
        let mut stems = FxHashSet::default();
        stems_of_set("no", &mut stems);
        settle("denials", stems);
    }

    #[test]
    fn denials_are_told_in_all_scripts() {
        for word in ["not", "নাই", "নেই", "cannot", "without"] {
            assert!(denies(word), "{word}");
        }
        assert!(!denies("staff") && !denies("জনবল"));
    }

    #[test]
    fn grammar_colloquial_words_and_general_ones_name_nothing() {
        for word in [
            "the",
            "should",
            "lacking",
            "দেওয়া",
            "দিলে",
            "নিতে",
            "কইতে",
            "অহন",
            "আমাদের",
            "তিনটি",
            "problems",
            "স্যার",
            "লাগবে",
            "নাই",
            "7",
        ] {
            assert!(!names_something(word, word), "{word}");
        }
        assert!(!names_something("nai", "নাই") && !names_something("tarpor", "তারপর"));
        for word in [
            "budget",
            "training",
            "তালিকা",
            "নীতিমালা",
            "website",
            "রাস্তা",
            "monitoring",
            "মানসিকতা",
        ] {
            assert!(names_something(word, word), "{word}");
        }
    }

    #[test]
    fn verbs_name_nothing_by_themselves() {
        for (word, alone) in [
            ("ঘুরতে", false),
            ("মরছে", false),
            ("evaluated", false),
            ("kitchen", true),
            ("need", true),
            ("রান্নাঘরে", true),
        ] {
            assert_eq!(stands_alone(word, &stem(word)), alone, "{word}");
        }
    }

    #[test]
    fn rare_words_weigh_more() {
        assert!(weight("the") < 0.1 && weight("people") < weight("budget"));
        assert!(weight("করে") < weight("তালিকা") && weight("zzzz") > 0.99);
    }
}
