//! The distinct words met so far, each analysed once.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

use super::coder::{self, Coder};
use crate::matching::{Matcher, Traits, ViewId, Views};
use crate::model::Weights;
use crate::text::normalize;
use crate::text::tokenize::TokenKind;

/// Distinct words remembered at most; then the memory is emptied, since the common words come back at once.
const MAX_WORDS: usize = 1 << 17;
/// The same for the bytes of all words together: one may be as long as a text.
const MAX_BYTES: usize = 4 << 20;

/// What one thread knows of the words of its texts.
#[derive(Debug, Default)]
pub(super) struct Memory {
    table: HashTable<Entry>,
    /// The words, end to end.
    letters: String,
    words: Vec<Known>,
    views: Views,
    /// What each word counts for in the model: as it stands, then read as romanised Bangla.
    pub(super) weights: Weights,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    word: u32,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    /// What it does in a sentence, plain and in romanised Bangla.
    views: [ViewId; 2],
    traits: Traits,
}

impl Entry {
    fn of(self, letters: &str) -> &[u8] {
        &letters.as_bytes()[self.start as usize..(self.start + self.len) as usize]
    }
}

fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

impl Memory {
    /// Whether it should be emptied before the next text.
    pub(super) fn is_full(&self) -> bool {
        self.words.len() > MAX_WORDS || self.letters.len() > MAX_BYTES
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The number of a word as it stands in a text.
    #[inline]
    pub(super) fn word(
        &mut self,
        token: &str,
        kind: TokenKind,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> u32 {
        let hash = hash(token.as_bytes());
        let letters = &self.letters;
        match self
            .table
            .find(hash, |entry| entry.of(letters) == token.as_bytes())
        {
            Some(entry) => entry.word,
            None => self.learn(token, kind, hash, matcher, coder),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        token: &str,
        kind: TokenKind,
        hash: u64,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> u32 {
        let word = matcher.analyse(token, kind);
        if let Some(coder) = coder {
            let mut form = String::new();
            normalize::word(token, &mut form);
            for reading in coder::readings(&form, &word.traits) {
                coder.model.weigh(reading, kind, &mut self.weights);
            }
        }
        let views = [&word.hits, &word.roman_hits].map(|hits| self.views.id(hits, matcher));
        let entry = Entry {
            start: self.letters.len() as u32,
            len: token.len() as u32,
            word: self.words.len() as u32,
        };
        self.letters.push_str(token);
        self.words.push(Known {
            views,
            traits: word.traits,
        });
        let letters = &self.letters;
        self.table
            .insert_unique(hash, entry, |entry| self::hash(entry.of(letters)));
        entry.word
    }

    #[inline]
    pub(super) fn traits(&self, word: u32) -> &Traits {
        &self.words[word as usize].traits
    }

    #[inline]
    pub(super) fn view(&self, word: u32, roman: bool) -> ViewId {
        self.words[word as usize].views[usize::from(roman)]
    }

    pub(super) fn views(&self) -> &Views {
        &self.views
    }
}
