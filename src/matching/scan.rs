//! Finds the compiled patterns in one sentence of analysed words.

use super::compile::{Anchor, Matcher, Rule};
use super::words::Word;
use super::{Hit, Symbol};
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

/// A symbol filled by the words `start..end` of the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    symbol: Symbol,
    start: u16,
    end: u16,
    score: u8,
}

/// The words of one sentence, with what they can stand for. Its buffers are used again for the next one.
#[derive(Debug, Default)]
pub(crate) struct Sentence {
    /// Where each word stands in the text.
    pub(crate) spans: Vec<Span>,
    /// In which clause of the sentence each word stands.
    pub(crate) clauses: Vec<u16>,
    /// How many contrasts ('but', কিন্তু) stand before each word: no gap reaches over one.
    turns: Vec<u16>,
    slots: Vec<Slot>,
    /// For each slot the next one of the same symbol.
    next: Vec<u32>,
    /// For each symbol of the matcher, where its slots begin and end in this sentence. Looking a symbol up so took half the
    /// time of sorting the slots and searching among them.
    heads: Vec<Head>,
    /// Number of the sentence: a head of an earlier one is void.
    number: u32,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    number: u32,
    first: u32,
    last: u32,
}

/// The head of a symbol that was never filled; no sentence has this number.
const VOID: Head = Head {
    number: u32::MAX,
    first: END,
    last: END,
};

/// No slot.
const END: u32 = u32::MAX;

/// Longest sentence, in words; a longer one is cut, so that offsets fit and work stays linear.
pub(crate) const MAX_WORDS: usize = 2_000;

impl Sentence {
    pub(crate) fn clear(&mut self) {
        self.spans.clear();
        self.clauses.clear();
        self.turns.clear();
        self.slots.clear();
        self.next.clear();
        if self.number == u32::MAX - 1 {
            self.heads.fill(VOID);
            self.number = 0;
        }
        self.number += 1;
    }

    fn fill(&mut self, slot: Slot) {
        let symbol = slot.symbol.0 as usize;
        if symbol >= self.heads.len() {
            self.heads.resize(symbol + 1, VOID);
        }
        let at = self.slots.len() as u32;
        self.slots.push(slot);
        self.next.push(END);
        let head = &mut self.heads[symbol];
        if head.number == self.number {
            self.next[head.last as usize] = at;
            head.last = at;
        } else {
            *head = Head {
                number: self.number,
                first: at,
                last: at,
            };
        }
    }

    /// Whether `symbol` is filled anywhere.
    fn holds(&self, symbol: Symbol) -> bool {
        self.heads
            .get(symbol.0 as usize)
            .is_some_and(|h| h.number == self.number)
    }

    /// Whether no word of it can fill any slot.
    pub(crate) fn is_blank(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a word. `roman` says that the text is romanised Bangla, so that `take` may be তাকে.
    pub(crate) fn push(&mut self, word: &Word, span: Span, clause: u16, turn: u16, roman: bool) {
        let at = self.spans.len() as u16;
        self.turns.push(turn);
        self.spans.push(span);
        self.clauses.push(clause);
        let more: &[Hit] = if roman { &word.roman_hits } else { &[] };
        for hit in word.hits.iter().chain(more) {
            self.fill(Slot {
                symbol: hit.symbol,
                start: at,
                end: at + 1,
                score: hit.score,
            });
        }
    }

    /// The bytes from the first to the last word of a match.
    pub(crate) fn span(&self, found: &Found) -> Span {
        self.spans[usize::from(found.start)].join(self.spans[usize::from(found.end) - 1])
    }

    /// How many contrasts stand before a match; it never reaches over one.
    pub(crate) fn turn_of(&self, found: &Found) -> u16 {
        self.turns[usize::from(found.start)]
    }

    /// Whether a match stands where its pattern must stand in a clause.
    fn touches_edges(&self, found: &Found, edges: Edges) -> bool {
        let place = |i: usize| (self.clauses[i], self.turns[i]);
        let (start, end) = (usize::from(found.start), usize::from(found.end));
        let is_first = || start == 0 || place(start - 1) != place(start);
        let is_last = || end == self.clauses.len() || place(end) != place(end - 1);
        (!edges.first || is_first()) && (!edges.last || is_last())
    }

    /// The places where `symbol` is filled.
    fn places(&self, symbol: Symbol) -> impl Iterator<Item = &Slot> {
        let head = self
            .heads
            .get(symbol.0 as usize)
            .filter(|h| h.number == self.number);
        let mut at = head.map_or(END, |h| h.first);
        std::iter::from_fn(move || {
            let slot = self.slots.get(at as usize)?;
            at = self.next[at as usize];
            Some(slot)
        })
    }
}

impl Matcher {
    /// Analyses one word as it stands in a text.
    pub(crate) fn analyse(&self, token: &str, kind: TokenKind) -> Word {
        self.lookup.analyse(token, kind)
    }

    /// Finds every pattern in the sentence, in a fixed order; adds to `out`.
    pub(crate) fn find(&self, sentence: &mut Sentence, out: &mut Vec<Found>) {
        if sentence.is_blank() {
            return;
        }
        self.fill_sets(sentence);
        let from = out.len();
        for slot in &sentence.slots {
            for &Anchor {
                rule: id,
                slot: at,
                other,
            } in &self.anchored[slot.symbol.0 as usize]
            {
                // Most rules fail for want of a word, which is seen before the rule itself is looked at.
                if !sentence.holds(other) {
                    continue;
                }
                let rule = &self.rules[id as usize];
                if rule.slots.len() > 2 && !rule.slots.iter().all(|&symbol| sentence.holds(symbol))
                {
                    continue;
                }
                if let Some(found) = extend(rule, id, usize::from(at), *slot, sentence)
                    && sentence.touches_edges(&found, rule.edges)
                    && !self.is_blocked(rule, &found, sentence)
                {
                    out.push(found);
                }
            }
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

    /// Fills the symbols of sets whose members are phrases of several words.
    fn fill_sets(&self, sentence: &mut Sentence) {
        for i in 0..sentence.slots.len() {
            let slot = sentence.slots[i];
            for &id in &self.phrase_starts[slot.symbol.0 as usize] {
                let phrase = &self.phrases[id as usize];
                let mut end = slot.end;
                let mut score = slot.score;
                let whole = phrase.words[1..].iter().all(|&word| {
                    let next = sentence.places(word).find(|s| s.start == end);
                    if let Some(next) = next {
                        end = next.end;
                        score = score.min(next.score);
                    }
                    next.is_some()
                });
                let filled = Slot {
                    symbol: phrase.fills,
                    start: slot.start,
                    end,
                    score,
                };
                if whole && !sentence.places(filled.symbol).any(|s| *s == filled) {
                    sentence.fill(filled);
                }
            }
        }
    }

    fn is_blocked(&self, rule: &Rule, found: &Found, sentence: &Sentence) -> bool {
        let matches = |id: u32| {
            let blocker = &self.rules[id as usize];
            sentence
                .places(blocker.slots[0])
                .filter_map(move |slot| extend(blocker, id, 0, *slot, sentence))
                .filter(|found| sentence.touches_edges(found, blocker.edges))
        };
        rule.not
            .iter()
            .any(|&id| matches(id).any(|b| b.touches(found)))
            || rule.unless.iter().any(|&id| matches(id).next().is_some())
    }
}

/// Extends a rule from the slot `at`, filled by `anchor`, to both sides, taking the nearest place for each slot.
fn extend(rule: &Rule, id: u32, at: usize, anchor: Slot, sentence: &Sentence) -> Option<Found> {
    let mut found = Found {
        rule: id,
        start: anchor.start,
        end: anchor.end,
        score: anchor.score,
        filled: anchor.end as u8,
    };
    found.filled = (anchor.end - anchor.start) as u8;
    if rule.slots.len() == 1 {
        return Some(found);
    }
    let (mut left, mut right) = (anchor, anchor);
    for i in at + 1..rule.slots.len() {
        let next = nearest(
            rule.slots[i],
            rule.links[i - 1],
            true,
            right,
            &found,
            sentence,
        )?;
        take(&mut found, next);
        right = next;
    }
    for i in (0..at).rev() {
        let next = nearest(rule.slots[i], rule.links[i], false, left, &found, sentence)?;
        take(&mut found, next);
        left = next;
    }
    Some(found)
}

fn take(found: &mut Found, slot: Slot) {
    found.start = found.start.min(slot.start);
    found.end = found.end.max(slot.end);
    found.score = found.score.min(slot.score);
    found.filled = found.filled.saturating_add((slot.end - slot.start) as u8);
}

/// The nearest place where `symbol` follows (or goes before) `from` as `link` asks.
fn nearest(
    symbol: Symbol,
    link: Link,
    forward: bool,
    from: Slot,
    found: &Found,
    sentence: &Sentence,
) -> Option<Slot> {
    let distance = |s: &Slot| {
        if s.start >= from.end {
            Some((s.start - from.end, true))
        } else if s.end <= from.start {
            Some((from.start - s.end, false))
        } else {
            None
        }
    };
    let turn = |s: &Slot| sentence.turns[usize::from(s.start)];
    let fits = |s: &&Slot| {
        turn(s) == turn(&from)
            && match (link, distance(s)) {
                (Link::After(gap), Some((d, after))) => after == forward && d <= u16::from(gap),
                (Link::Near(gap), Some((d, _))) => {
                    // Slots in any order must not use the same word twice.
                    d <= u16::from(gap)
                        && (s.start >= found.end || s.end <= found.start || found.filled < 2)
                }
                (_, None) => false,
            }
    };
    // Of equally near places the surest, then the longest, so that a set's phrase wins over its first word.
    let rank = |s: &&Slot| {
        (
            distance(s).map(|(d, _)| d),
            u8::MAX - s.score,
            u16::MAX - (s.end - s.start),
            s.start,
        )
    };
    sentence
        .places(symbol)
        .filter(fits)
        .min_by_key(rank)
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::PatternSource;
    use crate::taxonomy::pattern::parse;
    use std::collections::BTreeMap;

    /// Whether `pattern` is met in `text`, whose words stand apart and whose clauses end at commas.
    fn meets(pattern: &str, text: &str) -> bool {
        let pattern = parse(pattern, false).expect("the pattern is right");
        let source = PatternSource {
            pattern: &pattern,
            not: &[],
            unless: &[],
        };
        let matcher = Matcher::new(&[source], &BTreeMap::new(), &[], &[]);
        let mut sentence = Sentence::default();
        for (clause, part) in (0..).zip(text.split(',')) {
            for token in crate::text::tokenize::words(part) {
                let word = matcher.analyse(token.span.of(part), token.kind);
                sentence.push(&word, token.span, clause, 0, false);
            }
        }
        let mut found = Vec::new();
        matcher.find(&mut sentence, &mut found);
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
