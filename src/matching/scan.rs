//! Finds the compiled patterns in one sentence of analysed words.
//!
//! Each word brings its presence bits, the patterns that it fills alone, and rules to try. A rule is looked at only where the
//! bit of its rarest other slot is set; only then are the words around the anchor asked what they fill.

use super::Symbol;
use super::compile::{ALWAYS, Blocker, Matcher, Rule};
use super::view::{InPhrase, MarkSet, Sieve, ViewId, Views, holds, join, set};
use super::words::Word;
use crate::span::Span;
use crate::taxonomy::pattern::{Edges, Link};
use crate::text::tokenize::TokenKind;

/// A match of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Index of the pattern.
    pub(crate) rule: u32,
    /// First word.
    pub(crate) start: u16,
    /// One past the last word.
    pub(crate) end: u16,
    /// How surely its least sure word fills its slot, in percent.
    pub(crate) score: u8,
    /// How many words fill its slots: fewer than it spans where there are gaps.
    pub(crate) filled: u8,
}

impl Found {
    fn touches(&self, other: &Found) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The marks met in one stretch of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    /// How many contrasts stand before it.
    pub(crate) turn: u16,
    pub(crate) set: MarkSet,
}

/// A symbol filled by the words `start..end` of the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    symbol: Symbol,
    start: u16,
    end: u16,
    score: u8,
}

/// A word of a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InSentence {
    /// Of its view, here since most words are asked for what they do not fill.
    pub(crate) sieve: Sieve,
    pub(crate) view: ViewId,
    /// Where it stands in the text.
    pub(crate) span: Span,
    /// In which clause of the sentence it stands.
    pub(crate) clause: u16,
    /// How many contrasts ('but', কিন্তু) stand before it: no gap reaches over one.
    pub(crate) turn: u16,
}

/// The buffers of a search, used again for the next sentence.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// Presence bits of the sentence.
    present: Vec<u32>,
    /// Slots that phrases of several words fill.
    phrases: Vec<Slot>,
}

/// Longest sentence, in words; a longer one is cut, so that offsets fit and work stays linear.
pub(crate) const MAX_WORDS: usize = 2_000;

/// The bytes from the first to the last word of a match.
pub(crate) fn span(words: &[InSentence], found: &Found) -> Span {
    words[usize::from(found.start)]
        .span
        .join(words[usize::from(found.end) - 1].span)
}

impl Matcher {
    /// Analyses one word as it stands in a text.
    pub(crate) fn analyse(&self, token: &str, kind: TokenKind) -> Word {
        self.lookup.analyse(token, kind)
    }

    /// Finds every pattern in the sentence: those that are marks are added to `marks`, once for each stretch between contrasts,
    /// all others to `out` in a fixed order.
    pub(crate) fn find(
        &self,
        words: &[InSentence],
        views: &Views,
        finder: &mut Finder,
        out: &mut Vec<Found>,
        marks: &mut Vec<Marks>,
    ) {
        let Finder { present, phrases } = finder;
        present.clear();
        present.resize(self.n_bits as usize / 32 + 1, 0);
        present[0] = 1 << ALWAYS;
        phrases.clear();
        let mut is_blank = true;
        for (i, word) in words.iter().enumerate() {
            if word.sieve.is_empty() {
                continue;
            }
            is_blank = false;
            let view = views.get(word.view);
            for (at, bits) in view.present() {
                present[at] |= bits;
            }
            if !view.is_in_phrases() {
                continue;
            }
            let beside = |at: usize| {
                let word = words.get(at);
                word.map_or(Sieve::default(), |w| views.get(w.view).phrase_words())
            };
            // Before the first word stands the one after the largest number: none.
            let (before, after) = (beside(i.wrapping_sub(1)), beside(i + 1));
            if !view.may_be_in_phrase(before, after) {
                continue;
            }
            for InPhrase {
                phrase,
                at,
                neighbour,
            } in view.phrases()
            {
                if if at > 0 { before } else { after }.may_hold(neighbour)
                    && let Some(start) = i.checked_sub(usize::from(at))
                {
                    self.add_phrase(phrase, start, words, views, phrases);
                }
            }
        }
        if is_blank {
            return;
        }
        for slot in phrases.iter() {
            let bit = self.bit_of[slot.symbol.0 as usize];
            present[bit as usize / 32] |= 1 << (bit % 32);
        }
        let from = out.len();
        let sentence = Sentence {
            words,
            views,
            present,
            phrases,
        };
        let mut turn = None;
        for (i, word) in words.iter().enumerate() {
            if word.sieve.is_empty() {
                continue;
            }
            if turn != Some(word.turn) {
                turn = Some(word.turn);
                marks.push(Marks {
                    turn: word.turn,
                    set: MarkSet::default(),
                });
            }
            let Some(Marks { set, .. }) = marks.last_mut() else {
                continue;
            };
            let view = views.get(word.view);
            let place = |score| Slot {
                // Of an anchor nobody asks which symbol it is.
                symbol: Symbol(0),
                start: i as u16,
                end: i as u16 + 1,
                score,
            };
            if let Some(own) = views.marks(&view) {
                join(set, own);
            }
            for (rule, score) in view.emits() {
                out.push(found(rule, place(score)));
            }
            for (bit, tries) in view.waits() {
                if !sentence.holds(bit) {
                    continue;
                }
                for one in tries {
                    // A cue that is known already says nothing new.
                    if one.mark.is_some_and(|mark| holds(set, mark)) {
                        continue;
                    }
                    let (slot, anchor) = (usize::from(one.slot), place(one.score));
                    if one.is_hard {
                        self.attempt(one.rule, slot, anchor, &sentence, out, set);
                        continue;
                    }
                    let mut met = found(one.rule, anchor);
                    let other = sentence.nearest(one.other, one.link, slot == 0, anchor, &met);
                    if let Some(other) = other {
                        take(&mut met, other);
                        tell(met, one.mark, out, set);
                    }
                }
            }
        }
        for &slot in phrases.iter() {
            let turn = sentence.turn(&slot);
            let Some(Marks { set, .. }) = marks.iter_mut().rfind(|m| m.turn == turn) else {
                continue;
            };
            for anchor in self.anchored(slot.symbol) {
                let rule = &self.rules[anchor.rule as usize];
                let is_known = rule.mark.is_some_and(|mark| holds(set, mark));
                if !is_known && sentence.holds(rule.rare) {
                    let at = usize::from(anchor.slot);
                    self.attempt(anchor.rule, at, slot, &sentence, out, set);
                }
            }
        }
        keep_apart(out, from);
    }

    /// Adds the slot that a phrase fills from word `start` on, if its words are there.
    fn add_phrase(
        &self,
        phrase: u32,
        start: usize,
        words: &[InSentence],
        views: &Views,
        out: &mut Vec<Slot>,
    ) {
        let phrase = &self.phrases[phrase as usize];
        let symbols = self.words(phrase);
        let Some(there) = words.get(start..start + symbols.len()) else {
            return;
        };
        let mut both = there.iter().zip(symbols);
        let score = both.try_fold(u8::MAX, |score, (word, &symbol)| {
            Some(score.min(views.fills(word.view, symbol)?))
        });
        if let Some(score) = score {
            let slot = Slot {
                symbol: phrase.fills,
                start: start as u16,
                end: (start + symbols.len()) as u16,
                score,
            };
            if !out.contains(&slot) {
                out.push(slot);
            }
        }
    }

    /// Tries a rule whose slot `at` is filled by `anchor`; `marks` are those of the stretch in which it stands.
    fn attempt(
        &self,
        id: u32,
        at: usize,
        anchor: Slot,
        sentence: &Sentence<'_>,
        out: &mut Vec<Found>,
        marks: &mut MarkSet,
    ) {
        let rule = &self.rules[id as usize];
        if rule.len() > 2 && !self.bits(rule).iter().all(|&bit| sentence.holds(bit)) {
            return;
        }
        let Some(found) = self.extend(id, at, anchor, sentence) else {
            return;
        };
        if sentence.touches_edges(&found, rule.edges)
            && !(rule.is_blockable() && self.is_blocked(rule, &found, sentence))
        {
            tell(found, rule.mark, out, marks);
        }
    }

    fn is_blocked(&self, rule: &Rule, found: &Found, sentence: &Sentence<'_>) -> bool {
        let is_there = |blocker: &&Blocker| sentence.holds(blocker.bit);
        let mut touching = self.not(rule).iter().filter(is_there);
        let mut anywhere = self.unless(rule).iter().filter(is_there);
        touching.any(|b| self.blocks(b.rule, sentence, |met| met.touches(found)))
            || anywhere.any(|b| self.blocks(b.rule, sentence, |_| true))
    }

    /// Whether a blocker is met anywhere that counts.
    #[cold]
    fn blocks(&self, id: u32, sentence: &Sentence<'_>, counts: impl Fn(&Found) -> bool) -> bool {
        let blocker = &self.rules[id as usize];
        self.bits(blocker).iter().all(|&bit| sentence.holds(bit))
            && sentence
                .places(self.slots(blocker)[0])
                .filter_map(|slot| self.extend(id, 0, slot, sentence))
                .any(|met| sentence.touches_edges(&met, blocker.edges) && counts(&met))
    }

    /// Extends a rule from the slot `at`, filled by `anchor`, to both sides, taking the nearest place for each slot.
    #[inline]
    fn extend(&self, id: u32, at: usize, anchor: Slot, sentence: &Sentence<'_>) -> Option<Found> {
        let rule = &self.rules[id as usize];
        let found = found(id, anchor);
        if rule.len() == 1 {
            return Some(found);
        }
        self.extend_far(rule, at, anchor, found, sentence)
    }

    fn extend_far(
        &self,
        rule: &Rule,
        at: usize,
        anchor: Slot,
        mut found: Found,
        sentence: &Sentence<'_>,
    ) -> Option<Found> {
        let (slots, links) = (self.slots(rule), self.links(rule));
        let (mut left, mut right) = (anchor, anchor);
        for i in at + 1..slots.len() {
            let next = sentence.nearest(slots[i], links[i - 1], true, right, &found)?;
            take(&mut found, next);
            right = next;
        }
        for i in (0..at).rev() {
            let next = sentence.nearest(slots[i], links[i], false, left, &found)?;
            take(&mut found, next);
            left = next;
        }
        Some(found)
    }
}

/// Notes a match, or the mark that it is.
fn tell(found: Found, mark: Option<u8>, out: &mut Vec<Found>, marks: &mut MarkSet) {
    match mark {
        Some(mark) => set(marks, mark),
        None => out.push(found),
    }
}

/// Orders the matches from `from` on, and keeps of those of one rule that touch the first and surest.
fn keep_apart(out: &mut Vec<Found>, from: usize) {
    if out.len() < from + 2 {
        return;
    }
    out[from..].sort_unstable_by_key(|f| (f.rule, f.start, f.end, u8::MAX - f.score));
    let mut kept = from;
    for i in from..out.len() {
        let same =
            kept > from && out[kept - 1].rule == out[i].rule && out[kept - 1].touches(&out[i]);
        if !same {
            out[kept] = out[i];
            kept += 1;
        }
    }
    out.truncate(kept);
}

fn found(rule: u32, slot: Slot) -> Found {
    Found {
        rule,
        start: slot.start,
        end: slot.end,
        score: slot.score,
        filled: (slot.end - slot.start) as u8,
    }
}

fn take(found: &mut Found, slot: Slot) {
    found.start = found.start.min(slot.start);
    found.end = found.end.max(slot.end);
    found.score = found.score.min(slot.score);
    found.filled = found.filled.saturating_add((slot.end - slot.start) as u8);
}

/// Distance, unsureness, shortness, place: the least is the best.
type Rank = (u16, u8, u16, u16);

/// A sentence, with what is known of it.
struct Sentence<'a> {
    words: &'a [InSentence],
    views: &'a Views,
    present: &'a [u32],
    phrases: &'a [Slot],
}

impl Sentence<'_> {
    /// Whether the symbol of a presence bit is filled anywhere.
    #[inline]
    fn holds(&self, bit: u32) -> bool {
        self.present[bit as usize / 32] & 1 << (bit % 32) != 0
    }

    fn turn(&self, slot: &Slot) -> u16 {
        self.words[usize::from(slot.start)].turn
    }

    /// `symbol` filled by the word at `at`.
    #[inline]
    fn filled(&self, at: usize, symbol: Symbol) -> Option<Slot> {
        let word = &self.words[at];
        if !word.sieve.may_hold(symbol) {
            return None;
        }
        let score = self.views.fills(word.view, symbol)?;
        Some(Slot {
            symbol,
            start: at as u16,
            end: at as u16 + 1,
            score,
        })
    }

    /// The places where `symbol` is filled.
    fn places(&self, symbol: Symbol) -> impl Iterator<Item = Slot> {
        let words = (0..self.words.len()).filter_map(move |at| self.filled(at, symbol));
        let phrases = self.phrases.iter().filter(move |s| s.symbol == symbol);
        words.chain(phrases.copied())
    }

    /// Whether a match stands where its pattern must stand in a clause.
    #[inline]
    fn touches_edges(&self, found: &Found, edges: Edges) -> bool {
        if edges == Edges::default() {
            return true;
        }
        let place = |i: usize| (self.words[i].clause, self.words[i].turn);
        let (start, end) = (usize::from(found.start), usize::from(found.end));
        let is_first = || start == 0 || place(start - 1) != place(start);
        let is_last = || end == self.words.len() || place(end) != place(end - 1);
        (!edges.first || is_first()) && (!edges.last || is_last())
    }

    /// The nearest place where `symbol` follows (or goes before) `from` as `link` asks.
    fn nearest(
        &self,
        symbol: Symbol,
        link: Link,
        forward: bool,
        from: Slot,
        found: &Found,
    ) -> Option<Slot> {
        let (gap, after, before) = match link {
            Link::After(gap) => (u16::from(gap), forward, !forward),
            Link::Near(gap) => (u16::from(gap), true, true),
        };
        let is_free = |s: &Slot| match link {
            Link::After(_) => true,
            // Slots in any order must not use the same word twice.
            Link::Near(_) => s.start >= found.end || s.end <= found.start || found.filled < 2,
        };
        let turn = self.turn(&from);
        let mut best: Option<(Rank, Slot)> = None;
        let mut offer = |slot: Slot| {
            let distance = if slot.start >= from.end {
                after.then(|| slot.start - from.end)
            } else if slot.end <= from.start {
                before.then(|| from.start - slot.end)
            } else {
                None
            };
            if let Some(distance) = distance.filter(|d| *d <= gap)
                && self.turn(&slot) == turn
                && is_free(&slot)
            {
                // Of equally near places the surest, then the longest, so that a set's phrase wins over its first word.
                let length = slot.end - slot.start;
                let rank = (
                    distance,
                    u8::MAX - slot.score,
                    u16::MAX - length,
                    slot.start,
                );
                if best.is_none_or(|(least, _)| rank < least) {
                    best = Some((rank, slot));
                }
            }
        };
        let first = if before {
            usize::from(from.start.saturating_sub(gap + 1))
        } else {
            usize::from(from.end)
        };
        let end = if after {
            usize::from(from.end + gap + 1)
        } else {
            usize::from(from.start)
        };
        let mask = Sieve::of(symbol);
        for at in first..end.min(self.words.len()) {
            if self.words[at].sieve.meets(mask)
                && let Some(slot) = self.filled(at, symbol)
            {
                offer(slot);
            }
        }
        for slot in self.phrases.iter().filter(|s| s.symbol == symbol) {
            offer(*slot);
        }
        best.map(|(_, slot)| slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::compile::PatternSource;
    use crate::taxonomy::pattern::parse;
    use std::collections::BTreeMap;

    /// Whether `pattern` is met in `text`, whose words stand apart and whose clauses end at commas.
    fn meets(pattern: &str, text: &str) -> bool {
        let pattern = parse(pattern, false).expect("the pattern is right");
        let source = PatternSource {
            pattern: &pattern,
            not: &[],
            unless: &[],
            mark: None,
        };
        let matcher = Matcher::new(&[source], &BTreeMap::new(), &[], &[]);
        let mut views = Views::default();
        let mut words = Vec::new();
        for (clause, part) in (0..).zip(text.split(',')) {
            for token in crate::text::tokenize::words(part) {
                let word = matcher.analyse(token.span.of(part), token.kind);
                let view = views.id(&word.hits, &matcher);
                words.push(InSentence {
                    sieve: views.sieve(view),
                    view,
                    span: token.span,
                    clause,
                    turn: 0,
                });
            }
        }
        let mut found = Vec::new();
        let mut finder = Finder::default();
        matcher.find(&words, &views, &mut finder, &mut found, &mut Vec::new());
        !found.is_empty()
    }

    #[test]
    fn an_edge_is_that_of_the_clause() {
        assert!(meets("needed$", "staff is needed, badly"));
        assert!(!meets("needed$", "needed staff, badly"));
        assert!(meets("^more staff", "please, more staff for us"));
        assert!(!meets("^more staff", "we want more staff"));
        assert!(meets("^no$", "trouble, no, none"));
        assert!(!meets("^no$", "no trouble"));
    }

    #[test]
    fn an_ending_is_met_after_two_letters() {
        assert!(meets("*ing$", "they are meeting"));
        assert!(!meets("*ing", "a ring"));
        assert!(meets("*েছি$", "আমরা সভা করেছি"));
        assert!(!meets("*েছি$", "আমরা সভা করেছিলাম"));
    }
}
