//! The distinct words met so far, each analysed once.
//!
//! Threads share what is known of a word, since that costs a thousand times what it costs to look it up. Each keeps the words
//! that it met last in a table of its own, so that most words are found without a lock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use indexmap::IndexMap;

use super::coder::{self, Coder};
use super::weighed::Weighed;
use crate::matching::{Class, Connective, Matcher, Seen, Traits, ViewId, Views};
use crate::model::Weights;
use crate::text::eight::{eight, until_sign};
use crate::text::normalize;
use crate::text::sentence::ends_at_stop;
use crate::text::tokenize::{TokenKind, ends_word, is_simple};

/// Distinct words in a store at most; then a new one takes its place, into which words come over as they are met again. So
/// many fill a table of 2^17 places.
const MAX_WORDS: usize = 7 << 14;
/// The same for the bytes of their letters and views: a word may be as long as a text.
const MAX_BYTES: usize = 40 << 20;

/// What all threads of a classifier know, until it is too much; then a new one takes its place.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<Arc<Store>>);

impl Shared {
    fn store(&self) -> Arc<Store> {
        let mut store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if store.is_full() {
            // Of those before one is enough.
            store.write().before = None;
            let next = Store::default();
            next.write().before = Some(Arc::clone(&store));
            *store = Arc::new(next);
        }
        Arc::clone(&store)
    }
}

/// Words that threads know together.
#[derive(Debug, Default)]
struct Store {
    words: RwLock<Words>,
    is_full: AtomicBool,
}

#[derive(Debug, Default)]
pub(super) struct Words {
    /// By the word as it stands in a text; its place is its number. The hash is another one in each process, so that nobody can
    /// write words that collide.
    kept: IndexMap<Box<str>, Kept>,
    views: Views,
    weighed: Weighed,
    bytes: usize,
    /// The store whose place this one took, until it is an eighth full itself.
    before: Option<Arc<Store>>,
}

/// What is kept of a word.
#[derive(Clone, Debug)]
struct Kept {
    view: ViewId,
    roman_view: ViewId,
    flags: u8,
    traits: Traits,
    /// The form by which it is looked up, where it is another one.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    form: Option<Box<str>>,
}

impl Store {
    // A thread that died at its work has left whole entries.
    fn read(&self) -> RwLockReadGuard<'_, Words> {
        self.words.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Words> {
        self.words.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// The number of a word; it is analysed where it is new.
    fn number(
        &self,
        token: &str,
        kind: TokenKind,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> usize {
        let words = self.read();
        if let Some(number) = words.kept.get_index_of(token) {
            return number;
        }
        let before = words.before.clone();
        drop(words);
        before
            .and_then(|before| self.recall(token, &before.read()))
            .unwrap_or_else(|| self.learn(token, kind, matcher, coder))
    }

    /// Takes a word over from the store before.
    fn recall(&self, token: &str, before: &Words) -> Option<usize> {
        let (before_number, _, kept) = before.kept.get_full(token)?;
        Some(self.add(token, |number, views, weighed| {
            weighed.recall(number, &before.weighed, before_number);
            Kept {
                view: views.take(kept.view, &before.views),
                roman_view: views.take(kept.roman_view, &before.views),
                ..kept.clone()
            }
        }))
    }

    fn learn(
        &self,
        token: &str,
        kind: TokenKind,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> usize {
        let mut form = String::new();
        normalize::word(token, &mut form);
        let word = matcher.analyse(token, &form, kind);
        let weights = coder.map(|coder| {
            let [plain, roman] = coder::readings(&form, &word.traits);
            let other = (roman != plain).then(|| coder.model.weights(roman, kind));
            (coder.model.weights(plain, kind), other)
        });
        let flags = [
            (word.traits.transparent, TRANSPARENT),
            (ends_at_stop(token), ENDS_AT_STOP),
            (is_simple(token), SIMPLE),
        ];
        self.add(token, |number, views, weighed| {
            if let Some((plain, roman)) = weights {
                weighed.put(number, plain, roman);
            }
            let view = views.id(&word.hits, matcher);
            Kept {
                view,
                roman_view: match word.roman_hits == word.hits {
                    true => view,
                    false => views.id(&word.roman_hits, matcher),
                },
                flags: flags
                    .iter()
                    .map(|(holds, flag)| u8::from(*holds) * flag)
                    .sum::<u8>()
                    | (word.traits.connective as u8) << CONNECTIVE,
                traits: word.traits,
                #[cfg(any(feature = "learn", feature = "cluster"))]
                form: (form != token).then(|| form.into()),
            }
        })
    }

    /// Adds a word, where no other thread has in the meantime: its number.
    fn add(
        &self,
        token: &str,
        make: impl FnOnce(usize, &mut Views, &mut Weighed) -> Kept,
    ) -> usize {
        let mut words = self.write();
        let Words {
            kept,
            views,
            weighed,
            bytes,
            before,
        } = &mut *words;
        let entry = kept.entry(token.into());
        let number = entry.index();
        entry.or_insert_with(|| make(number, views, weighed));
        *bytes += token.len();
        let is_past = |part: usize| {
            kept.len() >= MAX_WORDS / part || *bytes + views.bytes() >= MAX_BYTES / part
        };
        if is_past(1) {
            self.is_full.store(true, Ordering::Relaxed);
        } else if is_past(8) {
            // What is often met has come over by then.
            *before = None;
        }
        number
    }
}

impl Words {
    /// The form by which a word is looked up, and what it is, by its number.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    pub(super) fn form(&self, word: u32) -> (&str, &Traits) {
        match self.kept.get_index(word as usize) {
            Some((token, kept)) => (kept.form.as_ref().unwrap_or(token), &kept.traits),
            None => unreachable!("a word has a number when it is known"),
        }
    }
}

/// What one thread knows of the words of its texts.
#[derive(Debug, Default)]
pub(super) struct Memory {
    store: Arc<Store>,
    /// The words met last: a power of two of places, or none. An entry lies at the place that its hash tells or near it, so
    /// that words made to collide cost no more than a look into the store.
    entries: Vec<Entry>,
    /// By how much to shift a hash to get its place.
    shift: u32,
    /// Entries that were made.
    n_entries: usize,
    seen: Seen,
    weighed: Weighed,
}

/// Places for the words that a thread met last at most: 8 MB.
const MAX_ENTRIES: usize = 1 << 17;
/// Places where an entry may lie.
const WAYS: usize = 4;

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
    known: Known,
}

/// What reading a text asks of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Its number.
    pub(super) word: u32,
    /// What it does in a sentence.
    pub(super) view: ViewId,
    /// The same in a sentence of romanised Bangla.
    pub(super) roman_view: ViewId,
    pub(super) class: Class,
    flags: u8,
    /// Its length in bytes where it has an entry; 0 where no word is.
    len: u8,
}

// What is true of a word.
const TRANSPARENT: u8 = 1;
const ENDS_AT_STOP: u8 = 2;
const SIMPLE: u8 = 4;
/// From this bit on stands what it does between clauses.
const CONNECTIVE: u32 = 4;

impl Known {
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    #[inline]
    pub(super) fn is_transparent(&self) -> bool {
        self.has(TRANSPARENT)
    }

    /// What it does between clauses.
    #[inline]
    pub(super) fn connective(&self) -> Connective {
        Connective::from_number(usize::from(self.flags >> CONNECTIVE)).unwrap_or_default()
    }

    /// Whether it does anything there.
    #[inline]
    pub(super) fn is_connective(&self) -> bool {
        self.flags >> CONNECTIVE != 0
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
            known: Known {
                word: 0,
                view: ViewId::default(),
                roman_view: ViewId::default(),
                class: Class::Neutral,
                flags: 0,
                len: 0,
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
    fn is_free(&self) -> bool {
        self.known.len == 0
    }

    /// The key by which it is found.
    fn key(&self) -> Key {
        let len = usize::from(self.known.len);
        let mut key = Key::EMPTY;
        for (at, part) in self.letters[..=len / 8].iter().enumerate() {
            key.set(at, *part);
        }
        key.len = len;
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

    fn place(&self, shift: u32) -> usize {
        (self.hash >> shift) as usize
    }

    #[inline]
    fn is_of(&self, entry: &Entry) -> bool {
        self.letters[0] == entry.letters[0]
            && self.len == usize::from(entry.known.len)
            && (self.len < 8 || (1..PARTS).all(|at| self.letters[at] == entry.letters[at]))
    }
}

impl Memory {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            store: shared.store(),
            ..Self::default()
        }
    }

    /// Whether a new one should take its place before the next text.
    pub(super) fn is_full(&self) -> bool {
        self.store.is_full()
    }

    /// The known word that begins at `start`, and where it ends, where a look at the sign after it tells.
    #[inline]
    pub(super) fn recognise(&self, text: &str, start: usize) -> Option<(usize, &Known)> {
        let key = Key::of_run(text.as_bytes(), start)?;
        let end = start + key.len;
        match self.find(&key) {
            Some(known) => (known.has(SIMPLE) && ends_word(text, end)).then_some((end, known)),
            None => self.before_danda(text, start, end),
        }
    }

    /// The same where the sign is a danda, which stands close to its word.
    #[inline(never)]
    fn before_danda(&self, text: &str, start: usize, end: usize) -> Option<(usize, &Known)> {
        let word = text.as_bytes()[start..end].strip_suffix("।".as_bytes())?;
        let known = self.find(&Key::new(word))?;
        known.has(SIMPLE).then_some((start + word.len(), known))
    }

    /// What is known of a word as it stands in a text; it is analysed where it is new.
    pub(super) fn word(
        &mut self,
        token: &str,
        kind: TokenKind,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> Known {
        let key = (token.len() <= INLINE).then(|| Key::new(token.as_bytes()));
        if let Some(known) = key.as_ref().and_then(|key| self.find(key)) {
            return *known;
        }
        let known = self.fetch(token, kind, matcher, coder);
        if let Some(key) = key {
            self.insert(&key, known);
        }
        known
    }

    #[inline]
    fn find(&self, key: &Key) -> Option<&Known> {
        let place = key.place(self.shift);
        let entry = self.entries.get(place)?;
        match key.is_of(entry) {
            true => Some(&entry.known),
            false => self.find_beside(key, place),
        }
    }

    #[inline(never)]
    fn find_beside(&self, key: &Key, place: usize) -> Option<&Known> {
        let mut beside = (1..WAYS).map(|way| &self.entries[place ^ way]);
        let entry = beside.find(|entry| key.is_of(entry))?;
        Some(&entry.known)
    }

    #[cold]
    fn insert(&mut self, key: &Key, known: Known) {
        // Half of the places stay free while there is room, so that few entries are in each other's way.
        if 2 * self.n_entries >= self.entries.len() && self.entries.len() < MAX_ENTRIES {
            let size = (2 * self.entries.len()).max(256);
            let old = std::mem::replace(&mut self.entries, vec![Entry::default(); size]);
            self.shift = 64 - size.trailing_zeros();
            for entry in old.into_iter().filter(|entry| !entry.is_free()) {
                self.put(entry.key().place(self.shift), entry);
            }
        }
        self.n_entries += 1;
        let entry = Entry {
            letters: key.letters,
            known,
        };
        self.put(key.place(self.shift), entry);
    }

    /// Puts an entry in its place; what was there moves to the next one, and what finds no place any more is dropped.
    fn put(&mut self, place: usize, mut entry: Entry) {
        for way in 0..WAYS {
            std::mem::swap(&mut entry, &mut self.entries[place ^ way]);
            if entry.is_free() {
                return;
            }
        }
    }

    /// Takes a word from what all threads know.
    #[cold]
    fn fetch(
        &mut self,
        token: &str,
        kind: TokenKind,
        matcher: &Matcher,
        coder: Option<&Coder>,
    ) -> Known {
        let number = self.store.number(token, kind, matcher, coder);
        let words = self.store.read();
        let kept = &words.kept[number];
        self.seen.take(kept.view, &words.views);
        self.seen.take(kept.roman_view, &words.views);
        self.weighed.follow(&words.weighed);
        Known {
            word: number as u32,
            view: kept.view,
            roman_view: kept.roman_view,
            class: kept.traits.class,
            flags: kept.flags,
            len: u8::try_from(token.len()).unwrap_or_default(),
        }
    }

    /// What all threads know of words.
    #[cfg(any(feature = "learn", feature = "cluster"))]
    pub(super) fn words(&self) -> RwLockReadGuard<'_, Words> {
        self.store.read()
    }

    pub(super) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// What a word counts for in the model, by its number, where there is a model.
    #[inline]
    pub(super) fn weights(&self, word: u32, roman: bool) -> &Weights {
        self.weighed.get(word as usize, roman)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Taxonomy;

    fn learn(memory: &mut Memory, matcher: &Matcher, words: &[String]) -> Vec<u32> {
        words
            .iter()
            .map(|word| memory.word(word, TokenKind::Latin, matcher, None).word)
            .collect()
    }

    #[test]
    fn a_memory_that_has_grown_knows_all_its_words_and_no_others() {
        let matcher = Matcher::of(&Taxonomy::core());
        let mut memory = Memory::default();
        let long = "k".repeat(60);
        // Of equal beginnings, of all lengths, and longer than an entry.
        let words: Vec<String> = (0..700)
            .map(|n| format!("{}{n}", &long[..n % 60]))
            .collect();
        for _ in 0..2 {
            let numbers = learn(&mut memory, &matcher, &words);
            assert_eq!(numbers, (0..700).collect::<Vec<u32>>());
        }
        assert_eq!(memory.store.read().kept.len(), 700);
        assert!(memory.find(&Key::new(b"unknown")).is_none());
        assert!(memory.recognise("unknown ", 0).is_none());
    }

    #[test]
    fn words_that_want_the_same_place_are_known_and_looked_for_in_few_places() {
        let matcher = Matcher::of(&Taxonomy::core());
        let mut memory = Memory::default();
        let words: Vec<String> = (0..)
            .map(|n| format!("kk{n}"))
            .filter(|word| Key::new(word.as_bytes()).place(64 - 16) == 0)
            .take(40)
            .collect();
        for _ in 0..2 {
            let numbers = learn(&mut memory, &matcher, &words);
            assert_eq!(numbers, (0..40).collect::<Vec<u32>>());
        }
        let taken = memory.entries.iter().filter(|entry| !entry.is_free());
        assert_eq!(taken.count(), WAYS);
    }

    #[test]
    fn threads_share_words_until_they_are_too_many() {
        let matcher = Matcher::of(&Taxonomy::core());
        let shared = Shared::default();
        let words = |from: usize, n: usize| -> Vec<String> {
            (from..from + n).map(|n| format!("k{n}")).collect()
        };
        let mut memories = [Memory::new(&shared), Memory::new(&shared)];
        let numbers = memories
            .each_mut()
            .map(|memory| learn(memory, &matcher, &words(0, 50)));
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(memories[1].store.read().kept.len(), 50);
        memories[0].store.is_full.store(true, Ordering::Relaxed);
        assert!(memories[1].is_full());
        let mut memory = Memory::new(&shared);
        assert!(!memory.is_full());
        assert!(memory.store.read().kept.is_empty());
        // Words come over as they are met again.
        learn(&mut memory, &matcher, &words(45, 10));
        assert_eq!(memory.store.read().kept.len(), 10);
        let mut came_over = 0;
        for (word, kept) in &memories[0].store.read().kept {
            if let Some(again) = memory.store.read().kept.get(word) {
                came_over += 1;
                assert_eq!(again.traits, kept.traits);
            }
        }
        assert_eq!(came_over, 5);
        // A third store leaves the first one to those who still use it.
        memory.store.is_full.store(true, Ordering::Relaxed);
        let third = Memory::new(&shared);
        assert!(memory.store.read().before.is_none());
        assert!(third.store.read().before.is_some());
    }
}
