//! The distinct words met so far, each analysed once.

use std::hash::Hasher;
use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};

use super::coder::{self, Coder};
#[cfg(any(feature = "learn", feature = "cluster"))]
use crate::matching::Traits;
use crate::matching::{Class, Matcher, ViewId, Views, Word as Analysis};
use crate::model::Weights;
use crate::text::normalize;
use crate::text::tokenize::TokenKind;

/// Distinct words remembered at most; then the memory is emptied, since the common words come back at once.
const MAX_WORDS: usize = 1 << 17;
/// The same for the bytes of all words together: one may be as long as a text.
const MAX_BYTES: usize = 4 << 20;

/// The analyses that the threads of a classifier share: a word costs a thousand times what it costs to look it up, and threads
/// meet the same ones.
#[derive(Debug, Default)]
pub(super) struct Shared(RwLock<FxHashMap<Box<str>, Arc<Analysis>>>);

impl Shared {
    fn analyse(&self, token: &str, kind: TokenKind, matcher: &Matcher) -> Arc<Analysis> {
        // A thread that died at its work has left whole entries.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(word) = known.get(token) {
            return Arc::clone(word);
        }
        drop(known);
        let word = Arc::new(matcher.analyse(token, kind));
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_SHARED || token.len() > INLINE {
            // Rare words are not worth the room.
            return word;
        }
        Arc::clone(known.entry(token.into()).or_insert(word))
    }
}

/// Analyses that are shared at most; the commonest words come first.
const MAX_SHARED: usize = 1 << 15;

/// What one thread knows of the words of its texts.
#[derive(Debug, Default)]
pub(super) struct Memory {
    table: HashTable<Entry>,
    /// The words that are too long for their entries, end to end.
    letters: Vec<u8>,
    /// What each word does in a sentence of romanised Bangla.
    roman_views: Vec<ViewId>,
    /// The form by which each word is looked up, and what it is.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    forms: Vec<(Box<str>, Traits)>,
    views: Views,
    /// What each word counts for in the model: as it stands, then read as romanised Bangla.
    pub(super) weights: Weights,
}

/// Bytes of a word that stand in its entry, which then fills one cache line.
const INLINE: usize = 48;

/// All that reading a text asks of a word, side by side.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The word, or where it stands among the long ones.
    letters: [u8; INLINE],
    len: u32,
    known: Known,
}

/// What reading a text asks of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Its number.
    pub(super) word: u32,
    /// What it does in a sentence.
    pub(super) view: ViewId,
    pub(super) class: Class,
    pub(super) transparent: bool,
    pub(super) contrast: bool,
}

impl Entry {
    fn new(word: &[u8], known: Known, long: &mut Vec<u8>) -> Self {
        let mut letters = [0; INLINE];
        if word.len() <= INLINE {
            letters[..word.len()].copy_from_slice(word);
        } else {
            letters[..8].copy_from_slice(&(long.len() as u64).to_le_bytes());
            long.extend(word);
        }
        Self {
            letters,
            len: word.len() as u32,
            known,
        }
    }

    #[inline]
    fn word<'a>(&'a self, long: &'a [u8]) -> &'a [u8] {
        let len = self.len as usize;
        match self.letters.get(..len) {
            Some(letters) => letters,
            None => {
                let mut at = [0; 8];
                at.copy_from_slice(&self.letters[..8]);
                let at = u64::from_le_bytes(at) as usize;
                &long[at..at + len]
            }
        }
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
        self.roman_views.len() > MAX_WORDS || self.letters.len() > MAX_BYTES
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is known of a word as it stands in a text.
    #[inline]
    pub(super) fn word(
        &mut self,
        token: &str,
        kind: TokenKind,
        (matcher, shared): (&Matcher, &Shared),
        coder: Option<&Coder>,
    ) -> Known {
        let hash = hash(token.as_bytes());
        let long = &self.letters;
        match self
            .table
            .find(hash, |entry| entry.word(long) == token.as_bytes())
        {
            Some(entry) => entry.known,
            None => self.learn(token, kind, hash, (matcher, shared), coder),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        token: &str,
        kind: TokenKind,
        hash: u64,
        (matcher, shared): (&Matcher, &Shared),
        coder: Option<&Coder>,
    ) -> Known {
        let word = shared.analyse(token, kind, matcher);
        let mut form = String::new();
        normalize::word(token, &mut form);
        if let Some(coder) = coder {
            for reading in coder::readings(&form, &word.traits) {
                coder.model.weigh(reading, kind, &mut self.weights);
            }
        }
        let view = self.views.id(&word.hits, matcher);
        let roman_view = match word.roman_hits == word.hits {
            true => view,
            false => self.views.id(&word.roman_hits, matcher),
        };
        let known = Known {
            word: self.roman_views.len() as u32,
            view,
            class: word.traits.class,
            transparent: word.traits.transparent,
            contrast: word.traits.contrast,
        };
        #[cfg(any(feature = "learn", feature = "cluster"))]
        self.forms.push((form.into(), word.traits));
        self.roman_views.push(roman_view);
        let entry = Entry::new(token.as_bytes(), known, &mut self.letters);
        let long = &self.letters;
        self.table
            .insert_unique(hash, entry, |entry| self::hash(entry.word(long)));
        known
    }

    /// The form by which a word is looked up, and what it is, by its number.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    pub(super) fn form(&self, word: u32) -> (&str, &Traits) {
        let (form, traits) = &self.forms[word as usize];
        (form, traits)
    }

    pub(super) fn views(&self) -> &Views {
        &self.views
    }

    /// What a word does in a sentence of romanised Bangla, by its number.
    #[inline]
    pub(super) fn roman_view(&self, word: u32) -> ViewId {
        self.roman_views[word as usize]
    }
}
