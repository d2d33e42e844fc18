//! The distinct words met so far, each analysed once.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::coder::{self, Coder};
#[cfg(any(feature = "learn", feature = "cluster"))]
use crate::matching::Traits;
use crate::matching::{Class, Matcher, ViewId, Views, Word as Analysis};
use crate::model::Weights;
use crate::text::eight::{eight, until_sign};
use crate::text::normalize;
use crate::text::sentence::ends_at_stop;
use crate::text::tokenize::{TokenKind, ends_word, is_simple};

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
    /// A power of two of places, or none. An entry lies at the place that its hash tells, or in the next free one.
    entries: Vec<Entry>,
    /// By how much to shift a hash to get its place.
    shift: u32,
    /// The words that are too long for an entry.
    long: FxHashMap<Box<str>, Known>,
    /// Bytes of those.
    long_bytes: usize,
    /// What each word does in a sentence of romanised Bangla.
    roman_views: Vec<ViewId>,
    /// The form by which each word is looked up, and what it is.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    forms: Vec<(Box<str>, Traits)>,
    views: Views,
    /// What each word counts for in the model: as it stands, then read as romanised Bangla.
    pub(super) weights: Weights,
}

/// Numbers of eight bytes that a word takes in its entry, which then fills one cache line.
const PARTS: usize = 6;
/// Bytes of a word in its entry at most: its last part is never full, so that a run of bytes can be cut while it is looked at.
const INLINE: usize = 8 * PARTS - 1;

/// All that reading a text asks of a word, side by side.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Entry {
    /// The word, eight bytes a number.
    letters: [u64; PARTS],
    /// Its length in bytes; 0 where no word is.
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
    flags: u8,
}

// What is true of a word.
const TRANSPARENT: u8 = 1;
const CONTRAST: u8 = 2;
const ENDS_AT_STOP: u8 = 4;
const SIMPLE: u8 = 8;

impl Known {
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    #[inline]
    pub(super) fn is_transparent(&self) -> bool {
        self.has(TRANSPARENT)
    }

    #[inline]
    pub(super) fn is_contrast(&self) -> bool {
        self.has(CONTRAST)
    }

    /// Whether a full stop after it and a space before it end a sentence.
    #[inline]
    pub(super) fn ends_at_stop(&self) -> bool {
        self.has(ENDS_AT_STOP)
    }
}

impl Default for Entry {
    /// A free place.
    fn default() -> Self {
        Self {
            letters: [0; PARTS],
            len: 0,
            known: Known {
                word: 0,
                view: ViewId::default(),
                class: Class::Neutral,
                flags: 0,
            },
        }
    }
}

/// A word in the shape of an entry.
struct Key {
    letters: [u64; PARTS],
    len: usize,
    hash: u64,
}

impl Entry {
    /// The key by which it is found.
    fn key(&self) -> Key {
        let mut key = Key::EMPTY;
        for (at, part) in self.letters[..=self.len as usize / 8].iter().enumerate() {
            key.set(at, *part);
        }
        key.len = self.len as usize;
        key
    }
}

impl Key {
    const EMPTY: Self = Self {
        letters: [0; PARTS],
        len: 0,
        hash: 0,
    };

    #[inline]
    fn set(&mut self, at: usize, part: u64) {
        self.letters[at] = part;
        self.hash = (self.hash.rotate_left(29) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    /// That of a whole word of at most [`INLINE`] bytes.
    fn new(word: &[u8]) -> Self {
        let mut key = Self::EMPTY;
        for at in 0..=word.len() / 8 {
            key.set(at, eight(word, 8 * at));
        }
        key.len = word.len();
        key
    }

    /// That of the bytes from `start` on which stand before a space or sign, if they are at most [`INLINE`].
    #[inline]
    fn of_run(text: &[u8], start: usize) -> Option<Self> {
        let mut key = Self::EMPTY;
        for at in 0..PARTS {
            let (n, part) = until_sign(eight(text, start + 8 * at));
            key.set(at, part);
            if n < 8 {
                key.len = 8 * at + n;
                return (key.len > 0).then_some(key);
            }
        }
        None
    }

    #[inline]
    fn is_of(&self, entry: &Entry) -> bool {
        self.letters[0] == entry.letters[0]
            && self.len == entry.len as usize
            && (self.len < 8 || (1..PARTS).all(|at| self.letters[at] == entry.letters[at]))
    }
}

impl Memory {
    /// Whether it should be emptied before the next text.
    pub(super) fn is_full(&self) -> bool {
        self.roman_views.len() > MAX_WORDS || self.long_bytes > MAX_BYTES
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The known word that begins at `start`, and where it ends, where a look at the sign after it tells.
    #[inline]
    pub(super) fn recognise(&self, text: &str, start: usize) -> Option<(usize, &Known)> {
        let key = Key::of_run(text.as_bytes(), start)?;
        let end = start + key.len;
        match self.find(&key) {
            Ok(known) => (known.has(SIMPLE) && ends_word(text, end)).then_some((end, known)),
            Err(_) => self.before_danda(text, start, end),
        }
    }

    /// The same where the sign is a danda, which stands close to its word.
    #[inline(never)]
    fn before_danda(&self, text: &str, start: usize, end: usize) -> Option<(usize, &Known)> {
        let word = text.as_bytes()[start..end].strip_suffix("।".as_bytes())?;
        let known = self.find(&Key::new(word)).ok()?;
        known.has(SIMPLE).then_some((start + word.len(), known))
    }

    /// What is known of a word as it stands in a text; it is analysed where it is new.
    pub(super) fn word(
        &mut self,
        token: &str,
        kind: TokenKind,
        (matcher, shared): (&Matcher, &Shared),
        coder: Option<&Coder>,
    ) -> Known {
        let key = (token.len() <= INLINE).then(|| Key::new(token.as_bytes()));
        let known = match &key {
            Some(key) => self.find(key).ok(),
            None => self.long.get(token),
        };
        if let Some(known) = known {
            return *known;
        }
        let known = self.learn(token, kind, (matcher, shared), coder);
        match key {
            Some(key) => self.insert(&key, known),
            None => {
                self.long.insert(token.into(), known);
                self.long_bytes += token.len();
            }
        }
        known
    }

    /// What is known of a word, or else its place.
    #[inline]
    fn find(&self, key: &Key) -> Result<&Known, usize> {
        let mut place = (key.hash >> self.shift) as usize;
        loop {
            match self.entries.get(place) {
                Some(entry) if key.is_of(entry) => return Ok(&entry.known),
                Some(entry) if entry.len > 0 => place = (place + 1) & (self.entries.len() - 1),
                _ => return Err(place),
            }
        }
    }

    #[cold]
    fn insert(&mut self, key: &Key, known: Known) {
        // At least half of the places stay free, so that a search is short and ends.
        if 2 * self.roman_views.len() > self.entries.len() {
            let size = (2 * self.entries.len()).max(256);
            let old = std::mem::replace(&mut self.entries, vec![Entry::default(); size]);
            self.shift = 64 - size.trailing_zeros();
            for entry in old.iter().filter(|entry| entry.len > 0) {
                self.put(&entry.key(), entry.known);
            }
        }
        self.put(key, known);
    }

    fn put(&mut self, key: &Key, known: Known) {
        if let Err(place) = self.find(key) {
            self.entries[place] = Entry {
                letters: key.letters,
                len: key.len as u32,
                known,
            };
        }
    }

    /// Analyses a word, and makes all that hangs on its number.
    #[cold]
    fn learn(
        &mut self,
        token: &str,
        kind: TokenKind,
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
            flags: [
                (word.traits.transparent, TRANSPARENT),
                (word.traits.contrast, CONTRAST),
                (ends_at_stop(token), ENDS_AT_STOP),
                (is_simple(token), SIMPLE),
            ]
            .iter()
            .map(|(holds, flag)| u8::from(*holds) * flag)
            .sum(),
        };
        #[cfg(any(feature = "learn", feature = "cluster"))]
        self.forms.push((form.into(), word.traits));
        self.roman_views.push(roman_view);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Taxonomy;

    #[test]
    fn a_memory_that_has_grown_knows_all_its_words_and_no_others() {
        let matcher = Matcher::of(&Taxonomy::core());
        let shared = Shared::default();
        let mut memory = Memory::default();
        let long = "k".repeat(60);
        // Of equal beginnings, of all lengths, and longer than an entry.
        let words: Vec<String> = (0..700)
            .map(|n| format!("{}{n}", &long[..n % 60]))
            .collect();
        let mut numbers = Vec::new();
        for _ in 0..2 {
            numbers.clear();
            for word in &words {
                let kind = TokenKind::Latin;
                numbers.push(memory.word(word, kind, (&matcher, &shared), None).word);
            }
        }
        assert_eq!(numbers, (0..700).collect::<Vec<u32>>());
        assert_eq!(memory.roman_views.len(), 700);
        assert!(memory.find(&Key::new(b"unknown")).is_err());
        assert!(memory.recognise("unknown ", 0).is_none());
    }
}
