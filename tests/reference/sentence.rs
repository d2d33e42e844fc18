//! Finds patterns in one sentence as plainly as it can be told: every pattern at every place, without tables or memory.
//!
//! It is compiled into the crate's own tests (`matching::reference`), since patterns are not public once compiled. From the
//! matcher it takes what one word means ([`Matcher::analyse`]), the compiled patterns, and which slot anchors each.
//!
//! What it means to meet a pattern:
//!
//! 1. A word fills its symbols; in a romanised text also those that it stands for as Bangla. A phrase of a set fills the
//!    set's symbol where its words stand side by side; of several readings of a word the phrase takes the first.
//! 2. A pattern is laid on from its anchor (the slot whose words are rarest; a blocker's first slot), at each place that
//!    fills it: first slot by slot to the right, then slot by slot to the left.
//! 3. A slot takes the nearest place that its link allows, seen from the slot before it on the way; of equally near ones the
//!    surest, then the longest, then the first. What was taken is not given up where a later slot then finds nothing.
//! 4. Between slots in order (`..`) lie at most so many words. Slots in any order (`&`) look to both sides, and beyond all
//!    that is taken already. No link reaches over a contrast.
//! 5. A match must stand where its pattern's edges ask, and nothing that blocks the pattern may touch it (`not`) or stand
//!    anywhere in the sentence (`unless`).
//! 6. Of matches of one pattern that touch, the first stays: by start, then end, then the surest.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Symbol;
use super::compile::{Blocker, Matcher};
use super::words::Word;
use crate::taxonomy::pattern::Link;

/// A word of a sentence.
pub(crate) struct Placed {
    pub(crate) word: Arc<Word>,
    pub(crate) clause: usize,
    pub(crate) turn: usize,
}

/// The words `start..end`, which fill a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
    score: u8,
}

/// A pattern met by the words `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) rule: u32,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) score: u8,
    /// Words in its slots.
    pub(crate) filled: usize,
}

impl Met {
    fn touches(&self, other: &Met) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The patterns of a matcher, with the slot from which each is laid on.
pub(crate) struct Patterns<'a> {
    matcher: &'a Matcher,
    anchors: Vec<Option<usize>>,
}

impl<'a> Patterns<'a> {
    pub(crate) fn of(matcher: &'a Matcher) -> Self {
        let mut anchors = vec![None; matcher.rules.len()];
        let symbols = (0..matcher.bit_of.len()).map(|id| Symbol(id as u32));
        for anchor in symbols.flat_map(|symbol| matcher.anchored(symbol)) {
            anchors[anchor.rule as usize] = Some(usize::from(anchor.slot));
        }
        Self { matcher, anchors }
    }

    /// Every pattern that is no mere blocker, in the order of the patterns.
    pub(crate) fn find(&self, words: &[Placed], roman: bool) -> Vec<Met> {
        let sentence = Sentence {
            words,
            places: self.places(words, roman),
        };
        let mut out: Vec<Met> = Vec::new();
        for (id, anchor) in (0u32..).zip(&self.anchors) {
            let Some(anchor) = *anchor else { continue };
            let rule = &self.matcher.rules[id as usize];
            let mut met = self.meet(id, anchor, &sentence);
            met.retain(|m| {
                let blocks = |blocker: &Blocker| self.meet(blocker.rule, 0, &sentence);
                let (not, unless) = (self.matcher.not(rule), self.matcher.unless(rule));
                !not.iter().flat_map(blocks).any(|b| b.touches(m))
                    && !unless.iter().any(|id| !blocks(id).is_empty())
            });
            met.sort_by_key(|m| (m.start, m.end, u8::MAX - m.score));
            let mut kept: Vec<Met> = Vec::new();
            for m in met {
                if !kept.last().is_some_and(|last| last.touches(&m)) {
                    kept.push(m);
                }
            }
            out.extend(kept);
        }
        out
    }

    fn places(&self, words: &[Placed], roman: bool) -> FxHashMap<Symbol, Vec<Place>> {
        let mut places: FxHashMap<Symbol, Vec<Place>> = FxHashMap::default();
        for (start, placed) in words.iter().enumerate() {
            let hits = if roman {
                &placed.word.roman_hits
            } else {
                &placed.word.hits
            };
            for hit in hits {
                places.entry(hit.symbol).or_default().push(Place {
                    start,
                    end: start + 1,
                    score: hit.score,
                });
            }
        }
        // A phrase is made of words, never of phrases.
        let singles = places.clone();
        let single = |symbol: Symbol| singles.get(&symbol).into_iter().flatten();
        for phrase in &self.matcher.phrases {
            let words = self.matcher.words(phrase);
            for first in single(words[0]) {
                let whole = words[1..].iter().try_fold(*first, |so_far, symbol| {
                    let next = single(*symbol).find(|p| p.start == so_far.end)?;
                    Some(Place {
                        start: so_far.start,
                        end: next.end,
                        score: so_far.score.min(next.score),
                    })
                });
                if let Some(whole) = whole {
                    places.entry(phrase.fills).or_default().push(whole);
                }
            }
        }
        places
    }

    /// All matches of one pattern, blocked or not.
    fn meet(&self, id: u32, anchor: usize, sentence: &Sentence<'_>) -> Vec<Met> {
        let rule = &self.matcher.rules[id as usize];
        let at_edges = |m: &Met| {
            let clause = |i: usize| (sentence.words[i].clause, sentence.words[i].turn);
            let is_first = m.start == 0 || clause(m.start - 1) != clause(m.start);
            let is_last = m.end == sentence.words.len() || clause(m.end) != clause(m.end - 1);
            let is_one = clause(m.start) == clause(m.end - 1);
            (is_first || !rule.edges.first)
                && (is_last || !rule.edges.last)
                && (is_one || !rule.edges.within)
        };
        sentence
            .filled(self.matcher.slots(rule)[anchor])
            .filter_map(|place| self.lay_on(id, anchor, *place, sentence))
            .filter(at_edges)
            .collect()
    }

    fn lay_on(&self, id: u32, anchor: usize, at: Place, sentence: &Sentence<'_>) -> Option<Met> {
        let rule = &self.matcher.rules[id as usize];
        let (slots, links) = (self.matcher.slots(rule), self.matcher.links(rule));
        let mut taken = vec![at];
        let mut last = at;
        for i in anchor + 1..slots.len() {
            last = sentence.nearest(slots[i], links[i - 1], Side::Right, last, &taken)?;
            taken.push(last);
        }
        last = at;
        for i in (0..anchor).rev() {
            last = sentence.nearest(slots[i], links[i], Side::Left, last, &taken)?;
            taken.push(last);
        }
        Some(Met {
            rule: id,
            start: taken.iter().map(|p| p.start).min()?,
            end: taken.iter().map(|p| p.end).max()?,
            score: taken.iter().map(|p| p.score).min()?,
            filled: taken.iter().map(|p| p.end - p.start).sum(),
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

struct Sentence<'a> {
    words: &'a [Placed],
    places: FxHashMap<Symbol, Vec<Place>>,
}

impl Sentence<'_> {
    fn filled(&self, symbol: Symbol) -> impl Iterator<Item = &Place> {
        self.places.get(&symbol).into_iter().flatten()
    }

    fn nearest(
        &self,
        symbol: Symbol,
        link: Link,
        side: Side,
        from: Place,
        taken: &[Place],
    ) -> Option<Place> {
        let first = taken.iter().map(|p| p.start).min()?;
        let last = taken.iter().map(|p| p.end).max()?;
        let mut best: Option<(usize, u8, usize, usize, Place)> = None;
        for place in self.filled(symbol) {
            let (apart, on) = if place.start >= from.end {
                (place.start - from.end, Side::Right)
            } else if place.end <= from.start {
                (from.start - place.end, Side::Left)
            } else {
                continue;
            };
            let fits = match link {
                Link::After(gap) => on == side && apart <= usize::from(gap),
                Link::Near(gap) => {
                    apart <= usize::from(gap) && (place.start >= last || place.end <= first)
                }
            };
            if !fits || self.words[place.start].turn != self.words[from.start].turn {
                continue;
            }
            let longest_first = usize::MAX - (place.end - place.start);
            let rank = (apart, u8::MAX - place.score, longest_first, place.start);
            if best.is_none_or(|b| rank < (b.0, b.1, b.2, b.3)) {
                best = Some((rank.0, rank.1, rank.2, rank.3, *place));
            }
        }
        best.map(|b| b.4)
    }
}
