//! What a word does in a sentence: its symbols, brought into the shape in which a scan needs them.
//!
//! Words that fill the same slots share a *view*. It is made once for each such list of symbols and lies in one stretch of
//! numbers: a scan then follows no pointer from symbol to rules, and a word costs one or two cache lines.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::compile::{ALWAYS, Anchor, Matcher};
use super::{Hit, Symbol};
use crate::packed::Flat;
use crate::taxonomy::pattern::{Edges, Link};

/// A set of marks: the numbers of cues, one bit each.
pub(crate) type MarkSet = [u64; 4];

/// Where a view begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ViewId(u32);

/// One bit of 128 for each symbol of a word, to tell quickly that a symbol is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sieve([u64; 2]);

impl Sieve {
    #[inline]
    pub(super) fn of(symbol: Symbol) -> Self {
        let bit = 1 << (symbol.0 % 64);
        if symbol.0 & 64 == 0 {
            Self([bit, 0])
        } else {
            Self([0, bit])
        }
    }

    /// Whether no symbol at all is there.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0 == [0, 0]
    }

    /// Whether a symbol of `other` may be there.
    #[inline]
    pub(super) fn meets(self, other: Sieve) -> bool {
        (self.0[0] & other.0[0]) | (self.0[1] & other.0[1]) != 0
    }

    /// Whether `symbol` may be there.
    #[inline]
    pub(super) fn may_hold(self, symbol: Symbol) -> bool {
        self.0[symbol.0 as usize / 64 % 2] >> (symbol.0 % 64) & 1 != 0
    }

    fn add(&mut self, symbol: Symbol) {
        let Sieve(more) = Self::of(symbol);
        self.0.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
    }
}

/// The views made so far.
#[derive(Debug)]
pub(crate) struct Views {
    /// By the symbols, which are kept in the views.
    ids: HashTable<ViewId>,
    marks: Vec<MarkSet>,
    /// View after view: a head of [`HEAD`] numbers, then the lists in the order of their lengths there.
    numbers: Vec<u32>,
    /// The lists of the view that is being made.
    draft: Draft,
}

#[derive(Debug, Default)]
struct Draft {
    present: Vec<u32>,
    emits: Vec<u32>,
    tries: Vec<(u32, [u32; 4])>,
    phrases: Vec<u32>,
}

// Places in the head of a view.
/// The sieve of its symbols, four numbers.
const SIEVE: usize = 0;
/// The sieve of those of its symbols that are words of phrases: they are few.
const IN_PHRASES: usize = 4;
/// The sieves of the words of phrases before and after it.
const BEFORE: usize = 8;
const AFTER: usize = 12;
/// Place of its own marks, plus one; 0 where it has none.
const MARKS: usize = 16;
/// Where each of its lists ends.
const ENDS: usize = 17;
const HEAD: usize = ENDS + 6;

// Its lists.
const PRESENT: usize = 0;
const EMITS: usize = 1;
const WAITS: usize = 2;
const TRIES: usize = 3;
const PHRASES: usize = 4;
const SYMBOLS: usize = 5;
/// Numbers that an item of each list takes.
const WIDTHS: [usize; 6] = [2, 2, 2, 4, 2, 1];

/// A word's part in a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    head: &'a [u32; HEAD],
    lists: &'a [u32],
}

/// A rule that a word anchors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) rule: u32,
    /// The cue that it tells, where it does.
    pub(super) mark: Option<u8>,
    /// The slot that the word fills, and how surely.
    pub(super) slot: u8,
    pub(super) score: u8,
    /// Whether it is more than two slots within a gap: it has edges or blockers, or another number of slots.
    pub(super) is_hard: bool,
    /// Of two slots the other one.
    pub(super) other: Symbol,
    /// How it follows or goes before.
    pub(super) link: Link,
}

impl Try {
    fn new(anchor: &Anchor, score: u8, matcher: &Matcher) -> Self {
        let rule = &matcher.rules[anchor.rule as usize];
        let is_pair = rule.len() == 2;
        let link = matcher.links(rule).first().copied();
        Self {
            rule: anchor.rule,
            mark: rule.mark,
            slot: anchor.slot,
            score,
            is_hard: !is_pair || rule.is_blockable() || rule.edges != Edges::default(),
            other: matcher.slots(rule)[usize::from(is_pair && anchor.slot == 0)],
            link: link.unwrap_or(Link::After(0)),
        }
    }

    fn to_numbers(self) -> [u32; 4] {
        let (near, gap) = match self.link {
            Link::After(gap) => (0, gap),
            Link::Near(gap) => (1, gap),
        };
        let mark = self.mark.map_or(0, |mark| 1 << 8 | u32::from(mark));
        [
            self.rule,
            mark << 16 | u32::from(self.slot) << 8 | u32::from(self.score),
            self.other.0,
            u32::from(self.is_hard) << 16 | near << 8 | u32::from(gap),
        ]
    }

    #[inline]
    fn from_numbers(numbers: &[u32]) -> Self {
        let &[rule, what, other, how] = numbers else {
            unreachable!("tries come in fours")
        };
        let gap = how as u8;
        Self {
            rule,
            mark: (what >> 24 != 0).then_some((what >> 16) as u8),
            slot: (what >> 8) as u8,
            score: what as u8,
            is_hard: how >> 16 != 0,
            other: Symbol(other),
            link: if how >> 8 & 1 != 0 {
                Link::Near(gap)
            } else {
                Link::After(gap)
            },
        }
    }
}

/// A phrase of which a word may be the rarest.
#[derive(Clone, Copy, Debug)]
pub(super) struct InPhrase {
    pub(super) phrase: u32,
    /// Which of its words.
    pub(super) at: u8,
    /// The word of the phrase before it, or after it where it is the first.
    pub(super) neighbour: Symbol,
}

impl Flat for InPhrase {
    const WIDTH: usize = 3;
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.phrase, u32::from(self.at), self.neighbour.0]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            phrase: numbers[0],
            at: numbers[1] as u8,
            neighbour: Symbol(numbers[2]),
        }
    }
}

impl Default for Views {
    fn default() -> Self {
        Self {
            ids: HashTable::default(),
            marks: Vec::new(),
            // The first one is that of a word without symbols.
            numbers: vec![0; HEAD],
            draft: Draft::default(),
        }
    }
}

impl Views {
    /// The view of a word with these symbols, each once and sorted; it is made where it is new.
    pub(crate) fn id(&mut self, hits: &[Hit], matcher: &Matcher) -> ViewId {
        if hits.is_empty() {
            return ViewId(0);
        }
        let hash = hash(hits.iter().map(packed));
        let numbers = &self.numbers;
        let is_same = |id: &ViewId| {
            View::at(numbers, *id)
                .symbols()
                .iter()
                .copied()
                .eq(hits.iter().map(packed))
        };
        if let Some(&id) = self.ids.find(hash, is_same) {
            return id;
        }
        let id = ViewId(self.numbers.len() as u32);
        self.make(hits, matcher);
        let numbers = &self.numbers;
        self.ids.insert_unique(hash, id, |id| {
            self::hash(View::at(numbers, *id).symbols().iter().copied())
        });
        id
    }

    fn make(&mut self, hits: &[Hit], matcher: &Matcher) {
        let Draft {
            present,
            emits,
            tries,
            phrases,
        } = &mut self.draft;
        present.clear();
        emits.clear();
        tries.clear();
        phrases.clear();
        let mut marks = MarkSet::default();
        let [mut sieve, mut in_phrases, mut before, mut after] = [Sieve::default(); 4];
        for &Hit { symbol, score } in hits {
            sieve.add(symbol);
            if matcher.in_phrases[symbol.0 as usize] {
                in_phrases.add(symbol);
            }
            match matcher.bit_of[symbol.0 as usize] {
                ALWAYS => {}
                bit => present.push(bit),
            }
            for anchor in matcher.anchored(symbol) {
                let rule = &matcher.rules[anchor.rule as usize];
                let is_plain =
                    rule.len() == 1 && !rule.is_blockable() && rule.edges == Edges::default();
                match rule.mark {
                    Some(mark) if is_plain => set(&mut marks, mark),
                    None if is_plain => emits.extend([anchor.rule, u32::from(score)]),
                    _ => tries.push((rule.rare, Try::new(anchor, score, matcher).to_numbers())),
                }
            }
            for &InPhrase {
                phrase,
                at,
                neighbour,
            } in matcher.phrases_of(symbol)
            {
                if at > 0 { &mut before } else { &mut after }.add(neighbour);
                phrases.extend([phrase, u32::from(at) << 24 | neighbour.0]);
            }
        }
        present.sort_unstable();
        tries.sort_by_key(|(bit, _)| *bit);
        let from = self.numbers.len();
        self.numbers.resize(from + ENDS, 0);
        let sieves = [sieve, in_phrases, before, after];
        let head = &mut self.numbers[from..];
        for (place, Sieve(halves)) in head.chunks_exact_mut(4).zip(sieves) {
            let [a, b] = halves;
            place.copy_from_slice(&[a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32]);
        }
        if marks != MarkSet::default() {
            self.marks.push(marks);
            head[MARKS] = self.marks.len() as u32;
        }
        // Where the lists end is known when they are there.
        self.numbers.resize(from + HEAD, 0);
        let mut ends = [0; HEAD - ENDS];
        for (n, end) in ends.iter_mut().enumerate() {
            let numbers = &mut self.numbers;
            match n {
                PRESENT => {
                    numbers.extend(present.chunk_by(|a, b| a / 32 == b / 32).flat_map(|bits| {
                        let word = bits.iter().fold(0, |word, bit| word | 1 << (bit % 32));
                        [bits[0] / 32, word]
                    }))
                }
                EMITS => numbers.extend_from_slice(emits),
                WAITS => numbers.extend(
                    tries
                        .chunk_by(|a, b| a.0 == b.0)
                        .flat_map(|group| [group[0].0, group.len() as u32]),
                ),
                TRIES => numbers.extend(tries.iter().flat_map(|(_, numbers)| *numbers)),
                PHRASES => numbers.extend_from_slice(phrases),
                _ => numbers.extend(hits.iter().map(packed)),
            }
            *end = (self.numbers.len() - from - HEAD) as u32;
        }
        self.numbers[from + ENDS..from + HEAD].copy_from_slice(&ends);
    }

    #[inline]
    pub(super) fn get(&self, id: ViewId) -> View<'_> {
        View::at(&self.numbers, id)
    }

    /// The sieve of a view.
    #[inline]
    pub(crate) fn sieve(&self, id: ViewId) -> Sieve {
        self.get(id).sieve_at(SIEVE)
    }

    /// How surely a word of this view fills the slot `symbol`, if it does. Its sieve is asked before.
    pub(super) fn fills(&self, id: ViewId, symbol: Symbol) -> Option<u8> {
        let symbols = self.get(id).symbols();
        let at = symbols.partition_point(|hit| hit >> 8 < symbol.0);
        let hit = symbols.get(at)?;
        (hit >> 8 == symbol.0).then_some(*hit as u8)
    }

    /// The cues that a word of this view tells by itself.
    #[inline]
    pub(super) fn marks(&self, view: &View<'_>) -> Option<&MarkSet> {
        let place = (view.head[MARKS] as usize).checked_sub(1)?;
        Some(&self.marks[place])
    }
}

/// A symbol and its score as one number.
fn packed(hit: &Hit) -> u32 {
    hit.symbol.0 << 8 | u32::from(hit.score)
}

fn hash(symbols: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FxHasher::default();
    symbols.for_each(|symbol| hasher.write_u32(symbol));
    hasher.finish()
}

impl<'a> View<'a> {
    #[inline]
    fn at(numbers: &'a [u32], id: ViewId) -> Self {
        match numbers[id.0 as usize..].split_first_chunk() {
            Some((head, lists)) => View { head, lists },
            None => unreachable!("every view has a head"),
        }
    }

    fn symbols(&self) -> &'a [u32] {
        self.list(SYMBOLS)
    }

    #[inline]
    fn sieve_at(&self, at: usize) -> Sieve {
        let part = |i: usize| u64::from(self.head[at + i]);
        Sieve([part(0) | part(1) << 32, part(2) | part(3) << 32])
    }

    /// The sieve of those of its symbols that are words of phrases.
    #[inline]
    pub(super) fn phrase_words(&self) -> Sieve {
        self.sieve_at(IN_PHRASES)
    }

    /// Whether it may be the rarest word of any phrase.
    #[inline]
    pub(super) fn is_in_phrases(&self) -> bool {
        self.head[ENDS + PHRASES] > self.head[ENDS + TRIES]
    }

    /// Whether a phrase of it may stand there, by the sieves of the words before and after it.
    #[inline]
    pub(super) fn may_be_in_phrase(&self, before: Sieve, after: Sieve) -> bool {
        self.sieve_at(BEFORE).meets(before) | self.sieve_at(AFTER).meets(after)
    }

    #[inline]
    fn list(&self, n: usize) -> &'a [u32] {
        let from = if n == 0 { 0 } else { self.head[ENDS + n - 1] };
        &self.lists[from as usize..self.head[ENDS + n] as usize]
    }

    #[inline]
    fn items(&self, n: usize) -> std::slice::ChunksExact<'a, u32> {
        self.list(n).chunks_exact(WIDTHS[n])
    }

    /// The presence bits that it sets: which number of 32 bits, and the bits.
    #[inline]
    pub(super) fn present(&self) -> impl Iterator<Item = (usize, u32)> + use<'a> {
        self.items(PRESENT).map(|pair| (pair[0] as usize, pair[1]))
    }

    /// Patterns of this one word, and how surely it fills them.
    #[inline]
    pub(super) fn emits(&self) -> impl Iterator<Item = (u32, u8)> + use<'a> {
        self.items(EMITS).map(|pair| (pair[0], pair[1] as u8))
    }

    /// Rules to try: the presence bit of a slot that they want, and the rules.
    #[inline]
    pub(super) fn waits(
        &self,
    ) -> impl Iterator<Item = (u32, impl Iterator<Item = Try> + use<'a>)> + use<'a> {
        let mut tries = self.list(TRIES);
        self.items(WAITS).map(move |wait| {
            let (own, rest) = tries.split_at(wait[1] as usize * WIDTHS[TRIES]);
            tries = rest;
            (
                wait[0],
                own.chunks_exact(WIDTHS[TRIES]).map(Try::from_numbers),
            )
        })
    }

    /// Phrases of which it may be the rarest word.
    #[inline]
    pub(super) fn phrases(&self) -> impl Iterator<Item = InPhrase> + use<'a> {
        self.items(PHRASES).map(|numbers| InPhrase {
            phrase: numbers[0],
            at: (numbers[1] >> 24) as u8,
            neighbour: Symbol(numbers[1] & 0xFF_FFFF),
        })
    }
}

/// Adds a mark to a set.
#[inline]
pub(super) fn set(marks: &mut MarkSet, mark: u8) {
    marks[usize::from(mark / 64)] |= 1 << (mark % 64);
}

/// Whether a set holds a mark.
#[inline]
pub(super) fn holds(marks: &MarkSet, mark: u8) -> bool {
    marks[usize::from(mark / 64)] & 1 << (mark % 64) != 0
}

/// Adds all marks of `other` to a set.
#[inline]
pub(crate) fn join(marks: &mut MarkSet, other: &MarkSet) {
    marks.iter_mut().zip(other).for_each(|(a, b)| *a |= b);
}
