//! From patterns to tables: symbols, the words that fill them, and the patterns that each symbol anchors.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Symbol;
use super::known::Known;
use super::lookup::{Lookup, clean};
use super::view::InPhrase;
use super::words::Word;
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Lists, Reader};
use crate::taxonomy::Particles;
use crate::taxonomy::pattern::{Edges, Element, Link, Pattern, WordKind, WordPattern, counted};
use crate::text::{lexicon, tokenize};

/// Patterns to compile: each with those that block it.
pub(crate) struct PatternSource<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) not: &'a [Pattern],
    pub(crate) unless: &'a [Pattern],
    /// Of a cue only its number is told, not where it stood.
    pub(crate) mark: Option<u8>,
}

/// A compiled pattern. What it consists of lies in the pools of the [`Matcher`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Its slots, first to last; the links between them stand at the same places.
    slots: Range,
    /// What blocks it where it touches its words.
    not: Range,
    /// What blocks it anywhere in the sentence.
    unless: Range,
    /// The presence bit of its rarest slot, of a pattern the rarest but the one that anchors it.
    pub(super) rare: u32,
    pub(super) edges: Edges,
    pub(super) mark: Option<u8>,
}

impl Rule {
    pub(super) fn is_blockable(&self) -> bool {
        self.not.len > 0 || self.unless.len > 0
    }

    /// How many slots it has.
    pub(super) fn len(&self) -> usize {
        self.slots.len as usize
    }
}

/// A stretch of a pool.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Range {
    from: u32,
    len: u32,
}

impl Range {
    pub(super) fn of<T>(self, pool: &[T]) -> &[T] {
        &pool[self.from as usize..(self.from + self.len) as usize]
    }

    /// Puts `items` at the end of a pool.
    pub(super) fn push<T>(pool: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Self {
        let from = pool.len();
        pool.extend(items);
        Self {
            from: from as u32,
            len: (pool.len() - from) as u32,
        }
    }
}

/// A rule to try where a symbol occurs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) rule: u32,
    /// The slot that the symbol fills.
    pub(super) slot: u8,
}

/// A rule that blocks another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocker {
    pub(super) rule: u32,
    /// The presence bit of its rarest slot: most blockers are not there at all.
    pub(super) bit: u32,
}

/// A phrase of several words that fills the symbol of a set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    words: Range,
    pub(super) fills: Symbol,
}

/// How many more slots than its rarest a rule asks for before it is tried.
pub(super) const ALSO: usize = 2;

/// The presence bit that is always set: for rules that wait for no other word.
pub(super) const ALWAYS: u32 = 0;

/// All patterns of a taxonomy and of the cues, ready to be found.
#[derive(Debug)]
pub(crate) struct Matcher {
    pub(super) lookup: Lookup,
    pub(super) rules: Vec<Rule>,
    pub(super) phrases: Vec<Phrase>,
    symbols: Vec<Symbol>,
    links: Vec<Link>,
    blockers: Vec<Blocker>,
    phrase_words: Vec<Symbol>,
    /// For each symbol its presence bit, by which a sentence is asked whether anything fills it; 0 where nobody asks.
    pub(super) bit_of: Vec<u32>,
    /// For each symbol whether it is a word of any phrase.
    pub(super) in_phrases: Vec<bool>,
    /// For each symbol, the rules to try where it occurs.
    anchored: Lists<Anchor>,
    /// For each symbol, the phrases whose rarest word it is.
    phrases_of: Lists<InPhrase>,
}

/// How common an ending counts as, on the scale of the lexicon.
const COMMON: u8 = 60;

/// A word of the patterns and the symbols that it fills.
#[derive(Debug)]
pub(super) struct Fill {
    pub(super) word: WordPattern,
    pub(super) symbols: Vec<Symbol>,
    commonness: u32,
}

/// How common a word is. The lexicon's frequency is a logarithm; powers can be summed, so that a set of common words is common.
fn commonness(word: &WordPattern) -> u32 {
    let lower = word.text.to_lowercase();
    let class = match word.kind {
        WordKind::Suffix => COMMON,
        _ => lexicon::english(&lower)
            .or_else(|| lexicon::bangla(&lower))
            .unwrap_or(0),
    };
    1 << (class / 4).min(20)
}

#[derive(Default)]
struct Compiler {
    /// Words that do not count between others.
    transparent: FxHashSet<String>,
    words: FxHashMap<WordPattern, Symbol>,
    sets: FxHashMap<Vec<Vec<WordPattern>>, Symbol>,
    /// How often the words of a symbol occur, so that the rarest slot of a rule anchors it: among the common words of answers,
    /// then by the lexicon.
    commonness: Vec<(u32, u32)>,
    /// The distinct words of all patterns, and where each stands in `fills`: sets share most of theirs.
    fill_ids: FxHashMap<WordPattern, usize>,
    fills: Vec<Fill>,
    phrases: Vec<Phrase>,
    phrase_words: Vec<Symbol>,
    rules: Vec<Rule>,
    symbols: Vec<Symbol>,
    links: Vec<Link>,
    blockers: Vec<u32>,
    rule_ids: FxHashMap<Pattern, u32>,
}

impl Matcher {
    /// Compiles `patterns`; the index of a pattern is the id under which it is found.
    pub(crate) fn new(
        patterns: &[PatternSource<'_>],
        sets: &BTreeMap<String, Vec<Vec<WordPattern>>>,
        particles: &Particles,
    ) -> Self {
        let mut c = Compiler {
            transparent: particles.transparent.iter().map(|w| clean(w)).collect(),
            ..Compiler::default()
        };
        for source in patterns {
            let pattern = c.counted(source.pattern);
            let slots = c.slots(&pattern, sets);
            c.rule(slots, &pattern, source.mark);
        }
        let n_public = c.rules.len();
        for (i, source) in patterns.iter().enumerate() {
            let not: Vec<u32> = source.not.iter().map(|p| c.blocker(p, sets)).collect();
            let unless: Vec<u32> = source.unless.iter().map(|p| c.blocker(p, sets)).collect();
            c.rules[i].not = Range::push(&mut c.blockers, not);
            c.rules[i].unless = Range::push(&mut c.blockers, unless);
        }
        let n_symbols = c.commonness.len();
        let mut lookup = Lookup::new(&c.fills, particles);
        let known = c.count_common(&lookup);
        lookup.known = Known::new(&known);
        // Blockers are tried only where a rule that names them has matched, so they anchor nothing.
        let mut asked = vec![false; n_symbols];
        let mut anchors = vec![Vec::new(); n_symbols];
        let mut rarest = Vec::with_capacity(c.rules.len());
        for (id, rule) in c.rules.iter().enumerate() {
            let slots = rule.slots.of(&c.symbols);
            let mut by_rarity: Vec<usize> = (0..slots.len()).collect();
            by_rarity.sort_by_key(|slot| c.commonness[slots[*slot].0 as usize]);
            let mut by_rarity = by_rarity.into_iter();
            if id < n_public
                && let Some(slot) = by_rarity.next()
            {
                anchors[slots[slot].0 as usize].push(Anchor {
                    rule: id as u32,
                    slot: slot as u8,
                });
            }
            let rare = by_rarity.next().map(|slot| slots[slot].0 as usize);
            let also = by_rarity.map(|slot| slots[slot].0 as usize).take(ALSO);
            for symbol in rare.into_iter().chain(also) {
                asked[symbol] = true;
            }
            rarest.push(rare);
        }
        let bit_of = number_bits(&asked, &known);
        for (rule, symbol) in c.rules.iter_mut().zip(rarest) {
            rule.rare = symbol.map_or(ALWAYS, |symbol| bit_of[symbol]);
        }
        let mut phrases_of = vec![Vec::new(); n_symbols];
        for (id, phrase) in c.phrases.iter().enumerate() {
            let words = phrase.words.of(&c.phrase_words);
            let rarest = (0..words.len()).min_by_key(|w| c.commonness[words[*w].0 as usize]);
            let at = rarest.unwrap_or(0);
            phrases_of[words[at].0 as usize].push(InPhrase {
                phrase: id as u32,
                at: at as u8,
                neighbour: words[if at > 0 { at - 1 } else { 1 }],
            });
        }
        let in_phrases = members(&c.phrase_words, n_symbols);
        let blockers = c.blockers.iter().map(|&rule| Blocker {
            rule,
            bit: c.rules[rule as usize].rare,
        });
        Self {
            blockers: blockers.collect(),
            lookup,
            rules: c.rules,
            phrases: c.phrases,
            symbols: c.symbols,
            links: c.links,
            phrase_words: c.phrase_words,
            bit_of,
            in_phrases,
            anchored: anchors.into_iter().collect(),
            phrases_of: phrases_of.into_iter().collect(),
        }
    }

    /// The symbols of a rule's slots.
    pub(super) fn slots(&self, rule: &Rule) -> &[Symbol] {
        rule.slots.of(&self.symbols)
    }

    /// How slot `i + 1` follows slot `i`.
    pub(super) fn links(&self, rule: &Rule) -> &[Link] {
        let n = rule.len().saturating_sub(1);
        &rule.slots.of(&self.links)[..n]
    }

    /// The rules that block `rule` where they touch its words.
    pub(super) fn not(&self, rule: &Rule) -> &[Blocker] {
        rule.not.of(&self.blockers)
    }

    /// The rules that block `rule` anywhere in its sentence.
    pub(super) fn unless(&self, rule: &Rule) -> &[Blocker] {
        rule.unless.of(&self.blockers)
    }

    /// The words of a phrase.
    pub(super) fn words(&self, phrase: &Phrase) -> &[Symbol] {
        phrase.words.of(&self.phrase_words)
    }

    /// The rules to try where `symbol` occurs.
    pub(super) fn anchored(&self, symbol: Symbol) -> &[Anchor] {
        self.anchored.of(symbol.0 as usize)
    }

    /// The phrases whose rarest word `symbol` is.
    pub(super) fn phrases_of(&self, symbol: Symbol) -> &[InPhrase] {
        self.phrases_of.of(symbol.0 as usize)
    }
}

impl Matcher {
    #[cfg(test)]
    pub(super) fn write(&self, out: &mut Writer) {
        self.lookup.write(out);
        out.items(&self.rules);
        out.items(&self.phrases);
        out.items(&self.symbols);
        out.items(&self.links);
        out.items(&self.blockers);
        out.items(&self.phrase_words);
        out.items(&self.bit_of);
        self.anchored.write(out);
        self.phrases_of.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let lookup = Lookup::read(from)?;
        let (rules, phrases) = (from.items()?, from.items()?);
        let (symbols, links) = (from.items()?, from.items()?);
        let blockers = from.items()?;
        let phrase_words: Vec<Symbol> = from.items()?;
        let bit_of: Vec<u32> = from.items()?;
        Some(Self {
            lookup,
            rules,
            phrases,
            symbols,
            links,
            blockers,
            in_phrases: members(&phrase_words, bit_of.len()),
            phrase_words,
            bit_of,
            anchored: Lists::read(from)?,
            phrases_of: Lists::read(from)?,
        })
    }
}

impl Flat for Rule {
    const WIDTH: usize = 8;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        for range in [self.slots, self.not, self.unless] {
            out.extend([range.from, range.len]);
        }
        let Edges {
            first,
            last,
            within,
        } = self.edges;
        let edges = u32::from(within) << 2 | u32::from(last) << 1 | u32::from(first);
        let mark = self.mark.map_or(0, |mark| u32::from(mark) + 1);
        out.extend([self.rare, mark << 3 | edges]);
    }
    fn get(numbers: &[u32]) -> Self {
        let range = |at: usize| Range {
            from: numbers[at],
            len: numbers[at + 1],
        };
        let what = numbers[7];
        Self {
            slots: range(0),
            not: range(2),
            unless: range(4),
            rare: numbers[6],
            edges: Edges {
                first: what & 1 != 0,
                last: what & 2 != 0,
                within: what & 4 != 0,
            },
            mark: (what >> 3).checked_sub(1).map(|mark| mark as u8),
        }
    }
}

impl Flat for Phrase {
    const WIDTH: usize = 3;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.words.from, self.words.len, self.fills.0]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            words: Range {
                from: numbers[0],
                len: numbers[1],
            },
            fills: Symbol(numbers[2]),
        }
    }
}

impl Flat for Link {
    const WIDTH: usize = 1;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(match self {
            Link::After(gap) => u32::from(*gap),
            Link::Near(gap) => 1 << 8 | u32::from(*gap),
        });
    }
    fn get(numbers: &[u32]) -> Self {
        let gap = numbers[0] as u8;
        if numbers[0] >> 8 == 0 {
            Link::After(gap)
        } else {
            Link::Near(gap)
        }
    }
}

impl Flat for Anchor {
    const WIDTH: usize = 2;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.rule, u32::from(self.slot)]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            rule: numbers[0],
            slot: numbers[1] as u8,
        }
    }
}

impl Flat for Blocker {
    const WIDTH: usize = 2;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.rule, self.bit]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            rule: numbers[0],
            bit: numbers[1],
        }
    }
}

impl Compiler {
    fn symbol(&mut self) -> Symbol {
        self.commonness.push((0, 0));
        Symbol((self.commonness.len() - 1) as u32)
    }

    fn word(&mut self, word: &WordPattern) -> Symbol {
        if let Some(&symbol) = self.words.get(word) {
            return symbol;
        }
        let symbol = self.symbol();
        self.words.insert(word.clone(), symbol);
        self.fill(word, symbol);
        symbol
    }

    fn fill(&mut self, word: &WordPattern, symbol: Symbol) {
        let id = match self.fill_ids.get(word) {
            Some(&id) => id,
            None => {
                self.fill_ids.insert(word.clone(), self.fills.len());
                self.fills.push(Fill {
                    word: word.clone(),
                    symbols: Vec::new(),
                    commonness: commonness(word),
                });
                self.fills.len() - 1
            }
        };
        let fill = &mut self.fills[id];
        self.commonness[symbol.0 as usize].1 += fill.commonness;
        fill.symbols.push(symbol);
    }

    /// A pattern as texts are read, in which articles do not count.
    fn counted(&self, pattern: &Pattern) -> Pattern {
        pattern.counted(|word| !self.is_transparent(word))
    }

    fn is_transparent(&self, word: &WordPattern) -> bool {
        matches!(word.kind, WordKind::Stem | WordKind::Exact)
            && self.transparent.contains(&clean(&word.text))
    }

    /// The symbol that any of `phrases` fills.
    fn any(&mut self, phrases: &[Vec<WordPattern>]) -> Symbol {
        if let Some(&symbol) = self.sets.get(phrases) {
            return symbol;
        }
        let symbol = self.symbol();
        self.sets.insert(phrases.to_vec(), symbol);
        for phrase in phrases {
            let phrase = counted(phrase, |word| !self.is_transparent(word));
            if let [word] = phrase.as_slice() {
                self.fill(word, symbol);
            } else {
                let words: Vec<Symbol> = phrase.iter().map(|w| self.word(w)).collect();
                let rarest = words
                    .iter()
                    .map(|s| self.commonness[s.0 as usize].1)
                    .min()
                    .unwrap_or(0);
                self.commonness[symbol.0 as usize].1 += rarest;
                let words = Range::push(&mut self.phrase_words, words);
                self.phrases.push(Phrase {
                    words,
                    fills: symbol,
                });
            }
        }
        symbol
    }

    fn slots(
        &mut self,
        pattern: &Pattern,
        sets: &BTreeMap<String, Vec<Vec<WordPattern>>>,
    ) -> Vec<Symbol> {
        let slot = |element: &Element| match element {
            Element::Word(word) => self.word(word),
            Element::Any(phrases) => self.any(phrases),
            // The parser has checked that the set is there.
            Element::Set(name) => self.any(sets.get(name).map_or(&[][..], Vec::as_slice)),
        };
        pattern.elements.iter().map(slot).collect()
    }

    fn rule(&mut self, slots: Vec<Symbol>, pattern: &Pattern, mark: Option<u8>) -> u32 {
        let slots = Range::push(&mut self.symbols, slots);
        // One more than there are links, so that both pools run side by side.
        self.links.extend(&pattern.links);
        self.links.resize(self.symbols.len(), Link::After(0));
        self.rules.push(Rule {
            slots,
            not: Range::default(),
            unless: Range::default(),
            rare: ALWAYS,
            edges: pattern.edges,
            mark,
        });
        (self.rules.len() - 1) as u32
    }

    fn blocker(
        &mut self,
        pattern: &Pattern,
        sets: &BTreeMap<String, Vec<Vec<WordPattern>>>,
    ) -> u32 {
        if let Some(&id) = self.rule_ids.get(pattern) {
            return id;
        }
        let counted = self.counted(pattern);
        let slots = self.slots(&counted, sets);
        let id = self.rule(slots, &counted, None);
        self.rule_ids.insert(pattern.clone(), id);
        id
    }

    /// Counts how often the symbols are met among the common words, in whatever inflection or spelling; gives their analyses,
    /// the commonest first.
    fn count_common(&mut self, lookup: &Lookup) -> Vec<(&'static str, Word)> {
        let mut words = Vec::new();
        for (word, count) in lexicon::common() {
            let Some(token) = tokenize::tokens(word).next() else {
                continue;
            };
            let analysed = lookup.analyse(word, &clean(word), token.kind);
            // Read as romanised Bangla, it has all that it can stand for.
            for hit in &analysed.roman_hits {
                self.commonness[hit.symbol.0 as usize].0 += count;
            }
            if token.span.of(word) == word {
                words.push((word, analysed));
            }
        }
        words
    }
}

/// For each symbol whether it is among `symbols`.
fn members(symbols: &[Symbol], n_symbols: usize) -> Vec<bool> {
    let mut is_member = vec![false; n_symbols];
    for symbol in symbols {
        if let Some(there) = is_member.get_mut(symbol.0 as usize) {
            *there = true;
        }
    }
    is_member
}

/// Numbers the symbols that are asked for. Those that a common word fills together stand side by side, so that no two of them
/// fall together where bits are folded.
fn number_bits(asked: &[bool], common: &[(&str, Word)]) -> Vec<u32> {
    let mut bit_of = vec![ALWAYS; asked.len()];
    let mut next = ALWAYS + 1;
    let all = (0..asked.len()).map(|at| Symbol(at as u32));
    let hits = common.iter().flat_map(|(_, word)| &word.roman_hits);
    for symbol in hits.map(|hit| hit.symbol).chain(all) {
        let at = symbol.0 as usize;
        if asked[at] && bit_of[at] == ALWAYS {
            bit_of[at] = next;
            next += 1;
        }
    }
    bit_of
}
