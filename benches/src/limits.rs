//! What coding is measured against: a plain search for the same terms, and what one writes first.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

/// The `aho-corasick` DFA of all forms: leftmost-longest, blind to the case of ASCII letters.
///
/// # Panics
/// When the forms are too many for it.
#[must_use]
pub fn dfa(forms: &[String]) -> AhoCorasick {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(forms)
        .expect("a DFA of some ten thousand forms fits")
}

/// How many forms the DFA meets.
#[must_use]
pub fn scan(dfa: &AhoCorasick, bytes: &[u8]) -> usize {
    dfa.find_iter(bytes).count()
}

/// The pipeline that one writes first: Unicode words, lower case, an English stemmer, a hash map.
pub struct Naive {
    stemmer: Stemmer,
    /// By the first word: the other words of each form that it begins.
    forms: FxHashMap<String, Vec<Vec<String>>>,
}

impl Naive {
    /// Of the same forms as the DFA.
    #[must_use]
    pub fn new(forms: &[String]) -> Self {
        let mut out = Self {
            stemmer: Stemmer::create(Algorithm::English),
            forms: FxHashMap::default(),
        };
        for form in forms {
            let mut words = out.words(form).into_iter();
            if let Some(first) = words.next() {
                out.forms.entry(first).or_default().push(words.collect());
            }
        }
        out
    }

    fn words(&self, line: &str) -> Vec<String> {
        line.unicode_words()
            .map(|word| self.stemmer.stem(&word.to_lowercase()).into_owned())
            .collect()
    }

    /// How many words begin a form.
    #[must_use]
    pub fn count(&self, text: &str) -> usize {
        let mut n = 0;
        for line in text.lines() {
            let words = self.words(line);
            for (i, word) in words.iter().enumerate() {
                let rest = &words[i + 1..];
                if let Some(forms) = self.forms.get(word)
                    && forms.iter().any(|form| rest.starts_with(form))
                {
                    n += 1;
                }
            }
        }
        n
    }
}
