//! What a word does in a sentence: its symbols, brought into the shape in which a scan needs them.
//!
//! Words that fill the same slots share a *view*. It is made once for each such list of symbols and lies in one stretch of
//! numbers: a scan then follows no pointer from symbol to rules, and a word costs one or two cache lines. Threads share views.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::compile::{ALSO, ALWAYS, Anchor, Matcher};
use super::{Hit, Symbol};
use crate::packed::Flat;
use crate::taxonomy::pattern::{Edges, Link};

/// A set of marks: the numbers of cues, one bit each.
pub(crate) type MarkSet = [u64; 4];

/// The number of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ViewId(u32);

/// One bit of 128 for each symbol of a word, to tell quickly that a symbol is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sieve([u64; 2]);

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

/// What a word may fill.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sieves {
    pub(super) all: Sieve,
    /// Of those only the words of phrases: they are few.
    pub(super) phrase_words: Sieve,
}

/// Which symbols a sentence, or a word, has: one bit of 1,024 for each presence bit, so that what seems to be there may not be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presence([u32; Presence::WIDTH]);

impl Default for Presence {
    fn default() -> Self {
        Self([0; Presence::WIDTH])
    }
}

impl Presence {
    const WIDTH: usize = 32;
    /// Of how many bits it tells; further ones begin anew.
    const BITS: u32 = 32 * Self::WIDTH as u32;

    #[inline]
    pub(super) fn set(&mut self, bit: u32) {
        self.0[bit as usize / 32 % Self::WIDTH] |= 1 << (bit % 32);
    }

    /// Whether a bit may be set.
    #[inline]
    pub(super) fn holds(&self, bit: u32) -> bool {
        self.0[bit as usize / 32 % Self::WIDTH] >> (bit % 32) & 1 != 0
    }

    /// All that the words of these views have.
    #[inline]
    pub(super) fn of(views: &[View<'_>]) -> Self {
        // Indices that are known to the compiler become a few wide instructions.
        let mut all = [0; Self::WIDTH];
        for view in views {
            for (at, bits) in all.iter_mut().enumerate() {
                *bits |= view.head[PRESENT + at];
            }
        }
        Self(all)
    }
}

/// A view: a head of [`HEAD`] numbers, then the lists in the order of their ends there.
type Numbers = Arc<[u32]>;

/// The views made so far.
#[derive(Debug)]
pub(crate) struct Views {
    made: Vec<Numbers>,
    ids: FxHashSet<BySymbols>,
    bytes: usize,
    drafts: Drafts,
}

/// The lists of a view that is being made, kept so that the next one allocates nothing but itself.
#[derive(Debug, Default)]
struct Drafts {
    /// Those of [`WIDTHS`], in their order there.
    lists: [Vec<u32>; LISTS],
    /// Rules to try, by the presence bit for which they wait.
    tries: Vec<(u32, [u32; WIDTHS[TRIES]])>,
}

/// A view and its number, found by the symbols.
#[derive(Debug)]
struct BySymbols(Numbers, ViewId);

impl Borrow<[u32]> for BySymbols {
    fn borrow(&self) -> &[u32] {
        View::new(&self.0).list(SYMBOLS)
    }
}

impl Hash for BySymbols {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Borrow::<[u32]>::borrow(self).hash(state);
    }
}

impl PartialEq for BySymbols {
    fn eq(&self, other: &Self) -> bool {
        Borrow::<[u32]>::borrow(self) == Borrow::<[u32]>::borrow(other)
    }
}

impl Eq for BySymbols {}

/// Those of the views that a thread has met.
#[derive(Debug, Default)]
pub(crate) struct Seen(Vec<Option<Numbers>>);

// Places in the head of a view.
/// The presence bits that it sets.
const PRESENT: usize = 0;
/// The sieve of its symbols, four numbers.
const SIEVE: usize = PRESENT + Presence::WIDTH;
/// Where each of its lists ends.
const ENDS: usize = SIEVE + 4;
/// Whether it has more than rules that wait and symbols.
const TELLS: usize = ENDS + LISTS;
/// The sieve of those of its symbols that are words of phrases.
const IN_PHRASES: usize = TELLS + 1;
/// The sieves of the words of phrases before and after it.
const BEFORE: usize = IN_PHRASES + 4;
const AFTER: usize = BEFORE + 4;
const HEAD: usize = AFTER + 4;

// Its lists.
/// For what other slot rules wait, and where they lie among the tries.
const WAITS: usize = 0;
/// Patterns of this word alone.
const EMITS: usize = 1;
/// Patterns of this word alone that ask for the edge of a clause.
const AT_EDGE: usize = 2;
const TRIES: usize = 3;
const PHRASES: usize = 4;
const SYMBOLS: usize = 5;
/// Cues that this word tells alone.
const MARKS: usize = 6;
const LISTS: usize = 7;
/// Numbers that an item of each list takes.
const WIDTHS: [usize; LISTS] = [2, 2, 4, 4, 2, 1, 1];

/// A word's part in a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    head: &'a [u32; HEAD],
    lists: &'a [u32],
}

/// Where rules to try lie among the lists of a view.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries(u32, u32);

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
    /// Of more slots the presence bits of some, of those that the rule does not wait for.
    pub(super) also: [u32; ALSO],
    /// How it follows or goes before.
    pub(super) link: Link,
}

/// Set in the last number of a [`Try`] that is hard.
const HARD: u32 = 1 << 31;

impl Try {
    fn new(anchor: &Anchor, score: u8, matcher: &Matcher) -> Self {
        let rule = &matcher.rules[anchor.rule as usize];
        let is_pair = rule.len() == 2;
        let link = matcher.links(rule).first().copied();
        let mut bits = matcher.slots(rule).iter().enumerate().filter_map(|(i, s)| {
            let bit = matcher.bit_of[s.0 as usize];
            (i != usize::from(anchor.slot) && bit != ALWAYS && bit != rule.rare).then_some(bit)
        });
        Self {
            rule: anchor.rule,
            mark: rule.mark,
            slot: anchor.slot,
            score,
            is_hard: !is_pair || rule.is_blockable() || rule.edges != Edges::default(),
            other: matcher.slots(rule)[usize::from(is_pair && anchor.slot == 0)],
            also: [(); ALSO].map(|()| bits.next().unwrap_or(ALWAYS)),
            link: link.unwrap_or(Link::After(0)),
        }
    }

    fn to_numbers(self) -> [u32; 4] {
        let (near, gap) = match self.link {
            Link::After(gap) => (0, gap),
            Link::Near(gap) => (1, gap),
        };
        let mark = self.mark.map_or(0, |mark| 1 << 8 | u32::from(mark));
        let (other, how) = if self.is_hard {
            (self.also[0], HARD | self.also[1])
        } else {
            (self.other.0, near << 8 | u32::from(gap))
        };
        let what = mark << 16 | u32::from(self.slot) << 8 | u32::from(self.score);
        [self.rule, what, other, how]
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
            is_hard: how & HARD != 0,
            other: Symbol(other),
            also: [other, how & !HARD],
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
    #[cfg(test)]
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
            // The first one is that of a word without symbols.
            made: vec![Arc::new([0; HEAD])],
            ids: FxHashSet::default(),
            bytes: 0,
            drafts: Drafts::default(),
        }
    }
}

impl Views {
    /// The view of a word with these symbols, each once and sorted; it is made where it is new.
    pub(crate) fn id(&mut self, hits: &[Hit], matcher: &Matcher) -> ViewId {
        if hits.is_empty() {
            return ViewId(0);
        }
        let symbols = &mut self.drafts.lists[SYMBOLS];
        symbols.clear();
        symbols.extend(
            hits.iter()
                .map(|hit| hit.symbol.0 << 8 | u32::from(hit.score)),
        );
        if let Some(BySymbols(_, id)) = self.ids.get(symbols.as_slice()) {
            return *id;
        }
        let view = self.drafts.view(hits, matcher);
        self.add(view)
    }

    /// The view that has this number among others.
    pub(crate) fn take(&mut self, id: ViewId, others: &Views) -> ViewId {
        let view = &others.made[id.0 as usize];
        let symbols = View::new(view).list(SYMBOLS);
        match self.ids.get(symbols) {
            _ if symbols.is_empty() => ViewId(0),
            Some(BySymbols(_, id)) => *id,
            None => self.add(Arc::clone(view)),
        }
    }

    fn add(&mut self, view: Numbers) -> ViewId {
        let id = ViewId(self.made.len() as u32);
        self.bytes += size_of_val(&*view);
        self.made.push(Arc::clone(&view));
        self.ids.insert(BySymbols(view, id));
        id
    }

    /// How many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Seen {
    /// Takes a view from those of all threads.
    pub(crate) fn take(&mut self, id: ViewId, from: &Views) {
        let at = id.0 as usize;
        if at >= self.0.len() {
            self.0.resize(from.made.len(), None);
        }
        self.0[at].get_or_insert_with(|| Arc::clone(&from.made[at]));
    }

    #[inline]
    pub(super) fn get(&self, id: ViewId) -> View<'_> {
        match &self.0[id.0 as usize] {
            Some(view) => View::new(view),
            None => unreachable!("a word's views are taken with it"),
        }
    }
}

impl Drafts {
    /// The view of these symbols, which stand among the lists.
    fn view(&mut self, hits: &[Hit], matcher: &Matcher) -> Numbers {
        let Self { lists, tries } = self;
        let symbols = std::mem::take(&mut lists[SYMBOLS]);
        lists.iter_mut().for_each(Vec::clear);
        lists[SYMBOLS] = symbols;
        tries.clear();
        let mut present = Presence::default();
        let [mut sieve, mut in_phrases, mut before, mut after] = [Sieve::default(); 4];
        for &Hit { symbol, score } in hits {
            sieve.add(symbol);
            if matcher.in_phrases[symbol.0 as usize] {
                in_phrases.add(symbol);
            }
            present.set(matcher.bit_of[symbol.0 as usize]);
            for anchor in matcher.anchored(symbol) {
                let rule = &matcher.rules[anchor.rule as usize];
                let is_anywhere = rule.edges == Edges::default();
                let is_plain = rule.len() == 1 && !rule.is_blockable() && is_anywhere;
                match rule.mark {
                    Some(mark) if is_plain => lists[MARKS].push(u32::from(mark)),
                    None if is_plain => {
                        lists[EMITS].extend_from_slice(&[anchor.rule, u32::from(score)]);
                    }
                    _ => {
                        let one = Try::new(anchor, score, matcher).to_numbers();
                        match rule.len() == 1 && !is_anywhere {
                            true => lists[AT_EDGE].extend_from_slice(&one),
                            false => tries.push((rule.rare, one)),
                        }
                    }
                }
            }
            for &InPhrase {
                phrase,
                at,
                neighbour,
            } in matcher.phrases_of(symbol)
            {
                if at > 0 { &mut before } else { &mut after }.add(neighbour);
                lists[PHRASES].extend_from_slice(&[phrase, u32::from(at) << 24 | neighbour.0]);
            }
        }
        tries.sort_by_key(|(bit, _)| *bit);
        let groups = || tries.chunk_by(|a, b| a.0 == b.0);
        let n_waits = groups().count() * WIDTHS[WAITS];
        let mut from = n_waits + lists[EMITS].len() + lists[AT_EDGE].len();
        for group in groups() {
            let n_and_bit = group.len() as u32 * Presence::BITS + group[0].0 % Presence::BITS;
            lists[WAITS].extend_from_slice(&[n_and_bit, from as u32]);
            from += group.len() * WIDTHS[TRIES];
        }
        lists[TRIES].extend(tries.iter().flat_map(|(_, numbers)| numbers));
        let mut head = [0; HEAD];
        head[PRESENT..SIEVE].copy_from_slice(&present.0);
        for (at, Sieve(halves)) in [
            (SIEVE, sieve),
            (IN_PHRASES, in_phrases),
            (BEFORE, before),
            (AFTER, after),
        ] {
            for (i, half) in halves.into_iter().enumerate() {
                head[at + 2 * i] = half as u32;
                head[at + 2 * i + 1] = (half >> 32) as u32;
            }
        }
        let tells = [MARKS, EMITS, AT_EDGE].map(|n| !lists[n].is_empty());
        head[TELLS] = u32::from(tells.contains(&true));
        let mut end = 0;
        for (to, list) in head[ENDS..].iter_mut().zip(&*lists) {
            end += list.len() as u32;
            *to = end;
        }
        let mut numbers = Vec::with_capacity(HEAD + end as usize);
        numbers.extend_from_slice(&head);
        for list in lists {
            numbers.extend_from_slice(list);
        }
        numbers.into()
    }
}

impl<'a> View<'a> {
    #[inline]
    fn new(numbers: &'a Numbers) -> Self {
        match numbers.split_first_chunk() {
            Some((head, lists)) => Self { head, lists },
            None => unreachable!("every view has a head"),
        }
    }

    /// The rules to try that lie there.
    #[inline]
    pub(super) fn tries(&self, Tries(from, to): Tries) -> impl Iterator<Item = Try> + use<'a> {
        let numbers = &self.lists[from as usize..to as usize];
        numbers.chunks_exact(WIDTHS[TRIES]).map(Try::from_numbers)
    }

    /// How surely a word of this view fills the slot `symbol`, if it does. Its sieve is asked before.
    pub(super) fn fills(&self, symbol: Symbol) -> Option<u8> {
        let symbols = self.list(SYMBOLS);
        let at = symbols.partition_point(|hit| hit >> 8 < symbol.0);
        let hit = symbols.get(at)?;
        (hit >> 8 == symbol.0).then_some(*hit as u8)
    }

    /// The cues that a word of this view tells by itself.
    #[inline]
    pub(super) fn marks(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.list(MARKS).iter().map(|mark| *mark as u8)
    }

    #[inline]
    fn sieve_at(&self, at: usize) -> Sieve {
        let part = |i: usize| u64::from(self.head[at + i]);
        Sieve([part(0) | part(1) << 32, part(2) | part(3) << 32])
    }

    /// The sieve of its symbols, and of those that are words of phrases.
    #[inline]
    pub(super) fn sieves(&self) -> Sieves {
        Sieves {
            all: self.sieve_at(SIEVE),
            phrase_words: self.sieve_at(IN_PHRASES),
        }
    }

    /// Whether it may be the rarest word of a phrase.
    #[inline]
    pub(super) fn has_phrases(&self) -> bool {
        self.head[ENDS + PHRASES] > self.head[ENDS + PHRASES - 1]
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

    /// Patterns of this one word, and how surely it fills them.
    #[inline]
    pub(super) fn emits(&self) -> impl Iterator<Item = (u32, u8)> + use<'a> {
        self.items(EMITS).map(|pair| (pair[0], pair[1] as u8))
    }

    /// Where rules of this one word lie that are to be tried at the edge of a clause, if there are any.
    #[inline]
    pub(super) fn at_edge(&self) -> Option<Tries> {
        let (from, to) = (self.head[ENDS + AT_EDGE - 1], self.head[ENDS + AT_EDGE]);
        (from < to).then_some(Tries(from, to))
    }

    /// For what rules wait: the presence bit of another slot, and where the rules lie.
    #[inline]
    pub(super) fn waits(&self) -> impl Iterator<Item = (u32, Tries)> + use<'a> {
        self.items(WAITS).map(|wait| {
            let n = wait[0] / Presence::BITS;
            let tries = Tries(wait[1], wait[1] + n * WIDTHS[TRIES] as u32);
            (wait[0] % Presence::BITS, tries)
        })
    }

    /// Whether it has marks, patterns of this one word, or rules to try at an edge.
    #[inline]
    pub(super) fn tells(&self) -> bool {
        self.head[TELLS] != 0
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
