//! From patterns to tables: symbols, the words that fill them, and the patterns that each symbol anchors.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Symbol;
use super::words::Lookup;
use crate::taxonomy::pattern::{Edges, Element, Link, Pattern, WordKind, WordPattern};
use crate::text::lexicon;

/// Patterns to compile: each with those that block it.
pub(crate) struct PatternSource<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) not: &'a [Pattern],
    pub(crate) unless: &'a [Pattern],
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its slots, first to last.
    pub(super) slots: Box<[Symbol]>,
    /// How slot `i + 1` follows slot `i`.
    pub(super) links: Box<[Link]>,
    pub(super) edges: Edges,
    /// Rules that block it where they touch its words.
    pub(super) not: Box<[u32]>,
    /// Rules that block it anywhere in the sentence.
    pub(super) unless: Box<[u32]>,
}

/// A rule to try where a symbol occurs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) rule: u32,
    /// The slot that the symbol fills.
    pub(super) slot: u8,
    /// The rarest symbol of its other slots (its own where it has none): without it the rule need not be looked at.
    pub(super) other: Symbol,
}

/// A phrase of several words that fills the symbol of a set.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) words: Box<[Symbol]>,
    pub(super) fills: Symbol,
}

/// All patterns of a taxonomy and of the cues, ready to be found.
#[derive(Debug)]
pub(crate) struct Matcher {
    pub(super) lookup: Lookup,
    pub(super) rules: Vec<Rule>,
    pub(super) phrases: Vec<Phrase>,
    /// For each symbol, the rules to try where it occurs.
    pub(super) anchored: Vec<Box<[Anchor]>>,
    /// For each symbol, the phrases whose first word it is.
    pub(super) phrase_starts: Vec<Box<[u32]>>,
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
    words: FxHashMap<WordPattern, Symbol>,
    sets: FxHashMap<Vec<Vec<WordPattern>>, Symbol>,
    /// How often the words of a symbol occur, so that the rarest slot of a rule anchors it.
    commonness: Vec<u32>,
    /// The distinct words of all patterns, and where each stands in `fills`: sets share most of theirs.
    fill_ids: FxHashMap<WordPattern, usize>,
    fills: Vec<Fill>,
    phrases: Vec<Phrase>,
    rules: Vec<Rule>,
    rule_ids: FxHashMap<Pattern, u32>,
}

impl Matcher {
    /// Compiles `patterns`; the index of a pattern is the id under which it is found.
    pub(crate) fn new(
        patterns: &[PatternSource<'_>],
        sets: &BTreeMap<String, Vec<Vec<WordPattern>>>,
        transparent: &[String],
        contrast: &[String],
    ) -> Self {
        let mut c = Compiler::default();
        for source in patterns {
            let slots = c.slots(source.pattern, sets);
            c.rules.push(Rule {
                slots,
                links: source.pattern.links.clone().into(),
                edges: source.pattern.edges,
                not: Box::default(),
                unless: Box::default(),
            });
        }
        let n_public = c.rules.len();
        for (i, source) in patterns.iter().enumerate() {
            let not: Vec<u32> = source.not.iter().map(|p| c.blocker(p, sets)).collect();
            let unless: Vec<u32> = source.unless.iter().map(|p| c.blocker(p, sets)).collect();
            c.rules[i].not = not.into();
            c.rules[i].unless = unless.into();
        }
        let n_symbols = c.commonness.len();
        let mut anchored = vec![Vec::new(); n_symbols];
        // Blockers are tried only where a rule that names them has matched, so they anchor nothing.
        for (id, rule) in c.rules.iter().take(n_public).enumerate() {
            let commonness = |slot: &usize| c.commonness[rule.slots[*slot].0 as usize];
            let slot = (0..rule.slots.len()).min_by_key(commonness).unwrap_or(0);
            let other = (0..rule.slots.len())
                .filter(|s| *s != slot)
                .min_by_key(commonness);
            anchored[rule.slots[slot].0 as usize].push(Anchor {
                rule: id as u32,
                slot: slot as u8,
                other: rule.slots[other.unwrap_or(slot)],
            });
        }
        let mut phrase_starts = vec![Vec::new(); n_symbols];
        for (id, phrase) in c.phrases.iter().enumerate() {
            phrase_starts[phrase.words[0].0 as usize].push(id as u32);
        }
        Self {
            lookup: Lookup::new(&c.fills, transparent, contrast),
            rules: c.rules,
            phrases: c.phrases,
            anchored: anchored.into_iter().map(Into::into).collect(),
            phrase_starts: phrase_starts.into_iter().map(Into::into).collect(),
        }
    }
}

impl Compiler {
    fn symbol(&mut self) -> Symbol {
        self.commonness.push(0);
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
        self.commonness[symbol.0 as usize] += fill.commonness;
        fill.symbols.push(symbol);
    }

    /// The symbol that any of `phrases` fills.
    fn any(&mut self, phrases: &[Vec<WordPattern>]) -> Symbol {
        if let Some(&symbol) = self.sets.get(phrases) {
            return symbol;
        }
        let symbol = self.symbol();
        self.sets.insert(phrases.to_vec(), symbol);
        for phrase in phrases {
            if let [word] = phrase.as_slice() {
                self.fill(word, symbol);
            } else {
                let words: Vec<Symbol> = phrase.iter().map(|w| self.word(w)).collect();
                let rarest = words
                    .iter()
                    .map(|s| self.commonness[s.0 as usize])
                    .min()
                    .unwrap_or(0);
                self.commonness[symbol.0 as usize] += rarest;
                self.phrases.push(Phrase {
                    words: words.into(),
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
    ) -> Box<[Symbol]> {
        let slot = |element: &Element| match element {
            Element::Word(word) => self.word(word),
            Element::Any(phrases) => self.any(phrases),
            // The parser has checked that the set is there.
            Element::Set(name) => self.any(sets.get(name).map_or(&[][..], Vec::as_slice)),
        };
        pattern.elements.iter().map(slot).collect()
    }

    fn blocker(
        &mut self,
        pattern: &Pattern,
        sets: &BTreeMap<String, Vec<Vec<WordPattern>>>,
    ) -> u32 {
        if let Some(&id) = self.rule_ids.get(pattern) {
            return id;
        }
        let slots = self.slots(pattern, sets);
        self.rules.push(Rule {
            slots,
            links: pattern.links.clone().into(),
            edges: pattern.edges,
            not: Box::default(),
            unless: Box::default(),
        });
        let id = (self.rules.len() - 1) as u32;
        self.rule_ids.insert(pattern.clone(), id);
        id
    }
}
