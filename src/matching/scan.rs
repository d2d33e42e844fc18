//! Finds the compiled patterns in one sentence of analysed words.
//!
//! Each word brings its presence bits, the patterns that it fills alone, and rules to try. A first pass adds the bits up; a
//! second one sorts out the rules whose rarest other slot seems to be there; only for those are the words around the anchor
//! asked what they fill.

use std::ops::Range;

use smallvec::SmallVec;

use super::Symbol;
use super::compile::{ALWAYS, Blocker, Matcher, Rule};
use super::view::{MarkSet, Presence, Seen, Sieve, Sieves, Tries, View, ViewId, holds, set};
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
    /// In which stretch of the text it stands.
    pub(crate) turn: u16,
    pub(crate) set: MarkSet,
}

/// A symbol filled by the words `start..end` of the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    symbol: Symbol,
    start: u16,
    end: u16,
    score: u8,
}

/// A word of a sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InSentence {
    pub(crate) view: ViewId,
    /// Where it stands in the text.
    pub(crate) span: Span,
    /// In which clause of the sentence it stands.
    pub(crate) clause: u16,
    /// How many contrasts ('but', কিন্তু, …আছে, …) stand before it: no gap reaches over one.
    pub(crate) turn: u16,
}

impl InSentence {
    /// Another one for each clause of the sentence.
    #[inline]
    fn place(&self) -> u32 {
        u32::from(self.turn) << 16 | u32::from(self.clause)
    }
}

/// The buffers of a search, used again for the next sentence.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// Those of each word, side by side since most words are asked for what they do not fill.
    sieves: Vec<Sieves>,
    /// What is to be tried, word by word.
    held: Vec<Held>,
    /// Slots that phrases of several words fill, in order.
    phrases: Vec<Slot>,
}

/// Rules to try, since all that they wait for seems to be there.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// The word that anchors them.
    at: u16,
    tries: Tries,
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
    /// Analyses one word as it stands in a text; `form` is its normal form.
    pub(crate) fn analyse(&self, token: &str, form: &str, kind: TokenKind) -> Word {
        self.lookup.analyse(token, form, kind)
    }

    /// The same for a word that is not looked up among those known before.
    #[cfg(test)]
    pub(crate) fn analyse_anew(&self, token: &str, kind: TokenKind) -> Word {
        let form = super::lookup::clean(token);
        self.lookup.analyse_anew(token, &form, kind)
    }

    /// Finds every pattern in the sentence: those that are marks are added to `marks`, once for each stretch between contrasts,
    /// all others to `out` in a fixed order.
    pub(crate) fn find(
        &self,
        words: &[InSentence],
        seen: &Seen,
        finder: &mut Finder,
        out: &mut Vec<Found>,
        marks: &mut Vec<Marks>,
    ) {
        let Finder {
            sieves,
            held,
            phrases,
        } = finder;
        let mut views: SmallVec<[View<'_>; 32]> = SmallVec::new();
        views.extend(words.iter().map(|word| seen.get(word.view)));
        let views = views.as_slice();
        let mut present = Presence::of(views);
        present.set(ALWAYS);
        sieves.clear();
        sieves.extend(views.iter().map(View::sieves));
        phrases.clear();
        self.find_phrases(views, sieves, phrases);
        for slot in phrases.iter() {
            present.set(self.bit_of[slot.symbol.0 as usize]);
        }
        let from = out.len();
        let sentence = Sentence {
            words,
            views,
            sieves,
            present: &present,
            phrases,
            longest: phrases.iter().map(|s| s.end - s.start).max().unwrap_or(1),
        };
        held.clear();
        let mut stretches = Stretches::new(words, marks);
        sentence.sweep(held, out, &mut stretches);
        for &Held { at, tries } in held.iter() {
            let set = stretches.set(words[usize::from(at)].turn);
            for one in views[usize::from(at)].tries(tries) {
                // A cue that is known already says nothing new.
                if one.mark.is_some_and(|mark| holds(set, mark)) {
                    continue;
                }
                let (slot, anchor) = (usize::from(one.slot), anchor(at, one.score));
                if one.is_hard {
                    if one.also.iter().all(|&bit| present.holds(bit)) {
                        self.attempt(one.rule, slot, anchor, &sentence, out, set);
                    }
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
        for &slot in phrases.iter() {
            let set = stretches.set(sentence.turn(&slot));
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

    /// Finds the slots that phrases fill.
    // Apart, as `Sentence::sweep` is, so that the loop over all words has the registers for itself.
    #[inline(never)]
    fn find_phrases(&self, views: &[View<'_>], sieves: &[Sieves], out: &mut Vec<Slot>) {
        let words_at = |at: usize| sieves.get(at).map_or(Sieve::default(), |s| s.phrase_words);
        for (i, view) in views.iter().enumerate() {
            if !view.has_phrases() {
                continue;
            }
            let (before, after) = (words_at(i.wrapping_sub(1)), words_at(i + 1));
            if view.may_be_in_phrase(before, after) {
                for one in view.phrases() {
                    let beside = if one.at > 0 { before } else { after };
                    if beside.may_hold(one.neighbour)
                        && let Some(start) = i.checked_sub(usize::from(one.at))
                    {
                        self.add_phrase(one.phrase, start, views, sieves, out);
                    }
                }
            }
        }
        // A sentence of many must find those of one symbol near a place without looking at all.
        out.sort_unstable();
        out.dedup();
    }

    /// Adds the slot that a phrase fills from word `start` on, if its words are there.
    fn add_phrase(
        &self,
        phrase: u32,
        start: usize,
        views: &[View<'_>],
        sieves: &[Sieves],
        out: &mut Vec<Slot>,
    ) {
        let phrase = &self.phrases[phrase as usize];
        let symbols = self.words(phrase);
        let end = start + symbols.len();
        let Some(there) = views.get(start..end) else {
            return;
        };
        let mut quick = sieves[start..end].iter().zip(symbols);
        if !quick.all(|(sieves, &symbol)| sieves.phrase_words.may_hold(symbol)) {
            return;
        }
        let mut both = there.iter().zip(symbols);
        let score = both.try_fold(u8::MAX, |score, (view, &symbol)| {
            Some(score.min(view.fills(symbol)?))
        });
        if let Some(score) = score {
            let slot = Slot {
                symbol: phrase.fills,
                start: start as u16,
                end: (start + symbols.len()) as u16,
                score,
            };
            out.push(slot);
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
        let Some(found) = self.extend(id, at, anchor, sentence) else {
            return;
        };
        if sentence.touches_edges(&found, rule.edges) && !self.is_blocked(id, &found, sentence) {
            tell(found, rule.mark, out, marks);
        }
    }

    fn is_blocked(&self, id: u32, found: &Found, sentence: &Sentence<'_>) -> bool {
        let rule = &self.rules[id as usize];
        let is_there = |blocker: &&Blocker| sentence.holds(blocker.bit);
        let mut touching = self.not(rule).iter().filter(is_there);
        let mut anywhere = self.unless(rule).iter().filter(is_there);
        let own = usize::from(found.start)..usize::from(found.end);
        let all = 0..sentence.words.len();
        let near = |rule: u32| {
            let reach = self.reach(rule, sentence);
            own.start.saturating_sub(reach)..(own.end + reach).min(all.end)
        };
        // Most are single words, which are looked for only where they count.
        touching.any(|b| match self.single(b.rule) {
            Some(symbol) => sentence.has(symbol, own.clone()),
            None => self.blocks(b.rule, near(b.rule), sentence, |met| met.touches(found)),
        }) || anywhere.any(|b| match self.single(b.rule) {
            Some(symbol) => sentence.has(symbol, all.clone()),
            None => self.blocks(b.rule, all.clone(), sentence, |_| true),
        })
    }

    /// The symbol of a rule that is one slot, wherever it stands.
    #[inline]
    fn single(&self, id: u32) -> Option<Symbol> {
        let rule = &self.rules[id as usize];
        match self.slots(rule) {
            &[symbol] if rule.edges == Edges::default() => Some(symbol),
            _ => None,
        }
    }

    /// How far from each other the first and the last word of a match can stand at most.
    fn reach(&self, id: u32, sentence: &Sentence<'_>) -> usize {
        let rule = &self.rules[id as usize];
        let gaps = self.links(rule).iter().map(|link| match *link {
            Link::After(gap) | Link::Near(gap) => usize::from(gap),
        });
        gaps.sum::<usize>() + usize::from(sentence.longest) * self.slots(rule).len()
    }

    /// Whether a blocker whose first slot is filled by one of `words` is met, and counts.
    #[cold]
    fn blocks(
        &self,
        id: u32,
        words: Range<usize>,
        sentence: &Sentence<'_>,
        counts: impl Fn(&Found) -> bool,
    ) -> bool {
        let blocker = &self.rules[id as usize];
        sentence
            .places(self.slots(blocker)[0], words)
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

/// The marks of a sentence, stretch by stretch: turns only grow in it.
struct Stretches<'a> {
    first: u16,
    marks: &'a mut [Marks],
}

impl<'a> Stretches<'a> {
    /// Adds those of a sentence to `marks`, empty.
    fn new(words: &[InSentence], marks: &'a mut Vec<Marks>) -> Self {
        let from = marks.len();
        let turn = |word: Option<&InSentence>| word.map_or(0, |word| word.turn);
        let first = turn(words.first());
        let more = turn(words.last()).wrapping_sub(first);
        marks.extend((0..=more).map(|n| Marks {
            turn: first.wrapping_add(n),
            set: MarkSet::default(),
        }));
        let marks = &mut marks[from..];
        Self { first, marks }
    }

    #[inline]
    fn set(&mut self, turn: u16) -> &mut MarkSet {
        // Where a sentence has more turns than there are numbers, the last ones stand together.
        let last = self.marks.len() - 1;
        &mut self.marks[usize::from(turn.wrapping_sub(self.first)).min(last)].set
    }
}

/// The place of a word that a rule is laid on from.
fn anchor(at: u16, score: u8) -> Slot {
    Slot {
        // Of an anchor nobody asks which symbol it is.
        symbol: Symbol(0),
        start: at,
        end: at + 1,
        score,
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
    views: &'a [View<'a>],
    sieves: &'a [Sieves],
    present: &'a Presence,
    /// In order.
    phrases: &'a [Slot],
    /// Words of the longest of them.
    longest: u16,
}

impl Sentence<'_> {
    /// Takes from each word what it tells by itself, and which rules are to be tried there.
    #[inline(never)]
    fn sweep(&self, held: &mut Vec<Held>, out: &mut Vec<Found>, stretches: &mut Stretches<'_>) {
        for (i, (word, view)) in self.words.iter().zip(self.views).enumerate() {
            let at = i as u16;
            for (bit, tries) in view.waits() {
                if self.present.holds(bit) {
                    held.push(Held { at, tries });
                }
            }
            if !view.tells() {
                continue;
            }
            for mark in view.marks() {
                set(stretches.set(word.turn), mark);
            }
            for (rule, score) in view.emits() {
                out.push(found(rule, anchor(at, score)));
            }
            if let Some(tries) = view.at_edge()
                && (i == 0 || self.ends_clause(i - 1) || self.ends_clause(i))
            {
                held.push(Held { at, tries });
            }
        }
    }

    /// Whether the symbol of a presence bit may be filled anywhere.
    #[inline]
    fn holds(&self, bit: u32) -> bool {
        self.present.holds(bit)
    }

    /// Whether a clause ends with the word at `at`.
    #[inline]
    fn ends_clause(&self, at: usize) -> bool {
        match self.words.get(at..) {
            Some([word, next, ..]) => word.place() != next.place(),
            _ => true,
        }
    }

    fn turn(&self, slot: &Slot) -> u16 {
        self.words[usize::from(slot.start)].turn
    }

    /// `symbol` filled by the word at `at`, whose sieve was asked.
    fn filled(&self, at: usize, symbol: Symbol) -> Option<Slot> {
        let score = self.views[at].fills(symbol)?;
        Some(Slot {
            symbol,
            start: at as u16,
            end: at as u16 + 1,
            score,
        })
    }

    /// Whether one of these words fills `symbol`, or is part of a phrase that does.
    fn has(&self, symbol: Symbol, words: Range<usize>) -> bool {
        let fills = |at: usize| {
            self.sieves[at].all.may_hold(symbol) && self.views[at].fills(symbol).is_some()
        };
        let begins = words.start.saturating_sub(usize::from(self.longest))..words.end;
        words.clone().any(fills)
            || (self.phrases_in(symbol, begins)).any(|slot| words.start < usize::from(slot.end))
    }

    /// The phrases that fill `symbol` and begin in `words`.
    #[inline]
    fn phrases_in(&self, symbol: Symbol, words: Range<usize>) -> impl Iterator<Item = &Slot> {
        let at = |slot: &Slot| (slot.symbol, usize::from(slot.start));
        let from = self
            .phrases
            .partition_point(|slot| at(slot) < (symbol, words.start));
        self.phrases[from..]
            .iter()
            .take_while(move |slot| at(slot) < (symbol, words.end))
    }

    /// The places in `words` where `symbol` is filled.
    fn places(&self, symbol: Symbol, words: Range<usize>) -> impl Iterator<Item = Slot> {
        let phrases = self.phrases_in(symbol, words.clone());
        words
            .filter(move |&at| self.sieves[at].all.may_hold(symbol))
            .filter_map(move |at| self.filled(at, symbol))
            .chain(phrases.copied())
    }

    /// Whether a match stands where its pattern must stand in a clause.
    #[inline]
    fn touches_edges(&self, found: &Found, edges: Edges) -> bool {
        if edges == Edges::default() {
            return true;
        }
        let (start, end) = (usize::from(found.start), usize::from(found.end));
        let is_first = || start == 0 || self.ends_clause(start - 1);
        let is_last = || self.ends_clause(end - 1);
        let is_one = || self.words[start].place() == self.words[end - 1].place();
        (!edges.first || is_first()) && (!edges.last || is_last()) && (!edges.within || is_one())
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
        let near = self.sieves.get(first..end.min(self.sieves.len()));
        let wanted = Sieve::of(symbol);
        for (i, sieves) in near.unwrap_or_default().iter().enumerate() {
            if sieves.all.meets(wanted)
                && let Some(slot) = self.filled(first + i, symbol)
            {
                offer(slot);
            }
        }
        let begins = first.saturating_sub(usize::from(self.longest))..end;
        for slot in self.phrases_in(symbol, begins) {
            offer(*slot);
        }
        best.map(|(_, slot)| slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Views;
    use crate::matching::compile::PatternSource;
    use crate::matching::lookup::clean;
    use crate::taxonomy::Particles;
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
        let matcher = Matcher::new(&[source], &BTreeMap::new(), &Particles::default());
        let (mut views, mut seen) = (Views::default(), Seen::default());
        let mut words = Vec::new();
        for (clause, part) in (0..).zip(text.split(',')) {
            for token in crate::text::tokenize::words(part) {
                let word = token.span.of(part);
                let word = matcher.analyse(word, &clean(word), token.kind);
                let view = views.id(&word.hits, &matcher);
                seen.take(view, &views);
                words.push(InSentence {
                    view,
                    span: token.span,
                    clause,
                    turn: 0,
                });
            }
        }
        let mut found = Vec::new();
        let mut finder = Finder::default();
        matcher.find(&words, &seen, &mut finder, &mut found, &mut Vec::new());
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
