//! What a word does in a sentence: its symbols, brought into the shape in which a scan needs them.
//!
//! Words that fill the same slots share a *view*. It is made once for each such list of symbols, so that a scan follows no
//! pointer from symbol to rules.

use rustc_hash::FxHashMap;

use super::compile::{ALWAYS, Matcher, Range};
use super::{Hit, Symbol};

/// A set of marks: the numbers of cues, one bit each.
pub(crate) type MarkSet = [u64; 4];

/// Number of a view; see [`Views::id`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ViewId(u32);

/// The views made so far.
#[derive(Debug, Default)]
pub(crate) struct Views {
    ids: FxHashMap<Vec<Hit>, ViewId>,
    views: Vec<View>,
    sieves: Vec<Sieve>,
    hits: Vec<Hit>,
    present: Vec<(u32, u64)>,
    emits: Vec<(u32, u8)>,
    marks: Vec<MarkSet>,
    waits: Vec<Wait>,
    tries: Vec<Try>,
    starts: Vec<Start>,
}

/// One bit of 128 for each symbol of a word, to tell quickly that a symbol is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sieve(u128);

impl Sieve {
    #[inline]
    pub(super) fn of(symbol: Symbol) -> Self {
        Self(1 << (symbol.0 % 128))
    }

    /// Whether no symbol at all is there.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a symbol of `other` may be there.
    #[inline]
    pub(super) fn meets(self, other: Sieve) -> bool {
        self.0 & other.0 != 0
    }
}

/// A word's part in a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct View {
    /// Its symbols, sorted.
    hits: Range,
    /// The presence bits that it sets: place and bits of a word of 64.
    present: Range,
    /// Patterns of this one word, and how surely it fills them.
    emits: Range,
    /// Place of the marks of its own that nothing can block, plus one; 0 where it has none.
    marks: u32,
    /// Rules to try, by what they wait for.
    waits: Range,
    /// Phrases that may begin with it.
    starts: Range,
    /// Of their second words.
    pub(super) seconds: Sieve,
}

/// Rules that want one more slot filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    /// The presence bit of that slot.
    pub(super) bit: u32,
    tries: Range,
}

/// A rule that a word anchors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) rule: u32,
    /// The slot that the word fills.
    pub(super) slot: u8,
    /// How surely.
    pub(super) score: u8,
}

/// A phrase that a word may begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) phrase: u32,
    /// Of its second word.
    pub(super) second: Sieve,
    pub(super) score: u8,
}

impl Views {

    /// The view of a word with these symbols, each once and sorted; it is made where it is new.
    pub(crate) fn id(&mut self, hits: &[Hit], matcher: &Matcher) -> ViewId {
        if self.views.is_empty() {
            // The first one is that of a word without symbols.
            self.views.push(View::default());
            self.sieves.push(Sieve::default());
        }
        if hits.is_empty() {
            return ViewId(0);
        }
        if let Some(&id) = self.ids.get(hits) {
            return id;
        }
        let id = ViewId(self.views.len() as u32);
        let view = self.make(hits, matcher);
        self.views.push(view);
        let symbols = hits.iter().map(|hit| Sieve::of(hit.symbol).0);
        self.sieves.push(Sieve(symbols.fold(0, |all, bit| all | bit)));
        self.ids.insert(hits.to_vec(), id);
        id
    }

    fn make(&mut self, hits: &[Hit], matcher: &Matcher) -> View {
        let mut present: Vec<u32> = Vec::new();
        let mut emits = Vec::new();
        let mut marks = MarkSet::default();
        let mut tries: Vec<(u32, Try)> = Vec::new();
        let mut starts: Vec<Start> = Vec::new();
        for &Hit { symbol, score } in hits {
            match matcher.bit_of[symbol.0 as usize] {
                ALWAYS => {}
                bit => present.push(bit),
            }
            for anchor in matcher.anchored(symbol) {
                let rule = &matcher.rules[anchor.rule as usize];
                let is_plain =
                    rule.len() == 1 && !rule.is_blockable() && rule.edges == Default::default();
                match rule.mark {
                    Some(mark) if is_plain => set(&mut marks, mark),
                    None if is_plain => emits.push((anchor.rule, score)),
                    _ => tries.push((
                        rule.rare,
                        Try {
                            rule: anchor.rule,
                            slot: anchor.slot,
                            score,
                        },
                    )),
                }
            }
            starts.extend(matcher.phrase_starts(symbol).iter().map(|&phrase| Start {
                phrase,
                second: Sieve::of(matcher.words(&matcher.phrases[phrase as usize])[1]),
                score,
            }));
        }
        present.sort_unstable();
        let words = present.chunk_by(|a, b| a / 64 == b / 64).map(|bits| {
            let word = bits.iter().fold(0, |word, bit| word | 1 << (bit % 64));
            (bits[0] / 64, word)
        });
        let present = Range::push(&mut self.present, words);
        tries.sort_by_key(|(bit, _)| *bit);
        let waits: Vec<Wait> = tries
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| Wait {
                bit: group[0].0,
                tries: Range::push(&mut self.tries, group.iter().map(|(_, one)| *one)),
            })
            .collect();
        let marks = if marks == MarkSet::default() {
            0
        } else {
            self.marks.push(marks);
            self.marks.len() as u32
        };
        View {
            hits: Range::push(&mut self.hits, hits.iter().copied()),
            present,
            emits: Range::push(&mut self.emits, emits),
            marks,
            waits: Range::push(&mut self.waits, waits),
            seconds: Sieve(starts.iter().fold(0, |all, start| all | start.second.0)),
            starts: Range::push(&mut self.starts, starts),
        }
    }

    #[inline]
    pub(super) fn get(&self, id: ViewId) -> &View {
        &self.views[id.0 as usize]
    }

    /// The sieve of a view.
    #[inline]
    pub(crate) fn sieve(&self, id: ViewId) -> Sieve {
        self.sieves[id.0 as usize]
    }

    /// How surely a word of this view fills the slot `symbol`, if it does. Its sieve is asked before.
    pub(super) fn fills(&self, id: ViewId, symbol: Symbol) -> Option<u8> {
        let hits = self.get(id).hits.of(&self.hits);
        let at = hits.partition_point(|hit| hit.symbol < symbol);
        let hit = hits.get(at)?;
        (hit.symbol == symbol).then_some(hit.score)
    }

    #[inline]
    pub(super) fn present(&self, view: &View) -> &[(u32, u64)] {
        view.present.of(&self.present)
    }

    #[inline]
    pub(super) fn emits(&self, view: &View) -> &[(u32, u8)] {
        view.emits.of(&self.emits)
    }

    #[inline]
    pub(super) fn marks(&self, view: &View) -> Option<&MarkSet> {
        (view.marks != 0).then(|| &self.marks[view.marks as usize - 1])
    }

    #[inline]
    pub(super) fn waits(&self, view: &View) -> &[Wait] {
        view.waits.of(&self.waits)
    }

    #[inline]
    pub(super) fn tries(&self, wait: &Wait) -> &[Try] {
        wait.tries.of(&self.tries)
    }

    #[inline]
    pub(super) fn starts(&self, view: &View) -> &[Start] {
        view.starts.of(&self.starts)
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
