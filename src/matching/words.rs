//! What a word can stand for: by form, stem, phonetic key, misspelling or as part of a compound.
//!
//! This is the costly part, and it is done once for each distinct word.

use std::collections::BTreeMap;

use super::compile::Fill;
use super::edits::Speller;
use super::known::Known;
use super::{Hit, Symbol};
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Lists, Reader, Strings, Table};
use crate::taxonomy::pattern::{WordKind, WordPattern};
use crate::text::key::{self, Reading};
use crate::text::stem::stem;
use crate::text::tokenize::TokenKind;
use crate::text::{lexicon, normalize};

/// What a word tells of the language of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Bangla script.
    Bangla,
    /// An English word that is no likely romanised Bangla.
    English,
    /// Latin letters that read as Bangla and are no English word.
    Roman,
    /// Could be either.
    Either,
    /// Names, numbers, acronyms, other scripts.
    Neutral,
}

/// A word, analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it stands for in any text, each symbol once, sorted.
    pub(crate) hits: Vec<Hit>,
    /// The same where the text is romanised Bangla, so that `take` may be তাকে.
    pub(crate) roman_hits: Vec<Hit>,
    pub(crate) traits: Traits,
}

/// What a word is, whatever the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traits {
    /// What it tells of the language.
    pub(crate) class: Class,
    /// What kind of token it is.
    pub(crate) kind: TokenKind,
    /// For a Latin word the Bangla word that it most likely stands for, if any.
    pub(crate) native: Option<&'static str>,
    /// Whether it is an English word.
    pub(crate) english: bool,
    /// Articles and detached suffixes: they do not count as words between others.
    pub(crate) transparent: bool,
    /// Conjunctions that set what follows against what went before: a new clause begins.
    pub(crate) contrast: bool,
}

/// The words of all patterns, ready for look-up.
#[derive(Debug)]
pub(super) struct Lookup {
    exact: Table<Symbol>,
    stems: Table<Symbol>,
    folds: Table<Symbol>,
    /// By phonetic key: which of the `spelt` words have it.
    keys: Table<u32>,
    /// Bangla words and romanised spellings.
    spelt: Strings,
    /// The sounds of those in Bangla script.
    spelt_sounds: Strings,
    spelt_symbols: Lists<Symbol>,
    prefixes: Table<Symbol>,
    suffixes: Table<Symbol>,
    /// Those of romanised Bangla, in which no English word ends.
    roman_suffixes: Table<Symbol>,
    /// English words long enough to be misspelt, sorted by first letter, then length.
    spellings: Strings,
    spelling_symbols: Lists<Symbol>,
    shapes: Vec<Shape>,
    /// Words that may be parts of compounds.
    parts: Table<Symbol>,
    transparent: Table<Symbol>,
    contrast: Table<Symbol>,
    number: Vec<Symbol>,
    pub(super) known: Known,
}

/// What tells quickly that a word is too far from another to be a misspelling of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    first: u32,
    /// Length, in letters.
    len: u32,
    /// One bit for the letters of each remainder of 32.
    letters: u32,
}

impl Shape {
    fn of(word: &[char]) -> Self {
        Self {
            first: word.first().map_or(0, |c| *c as u32),
            len: word.len() as u32,
            letters: word.iter().fold(0, |all, c| all | 1 << (*c as u32 % 32)),
        }
    }
}

impl Flat for Shape {
    const WIDTH: usize = 3;
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.first, self.len, self.letters]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            first: numbers[0],
            len: numbers[1],
            letters: numbers[2],
        }
    }
}

/// The tables while they grow.
#[derive(Default)]
struct Draft {
    exact: Entries,
    stems: Entries,
    folds: Entries,
    keys: BTreeMap<String, Vec<u32>>,
    spelt: Strings,
    spelt_sounds: Strings,
    spelt_symbols: Lists<Symbol>,
    prefixes: Entries,
    suffixes: Entries,
    roman_suffixes: Entries,
    spellings: Entries,
    parts: Entries,
    number: Vec<Symbol>,
}

type Entries = BTreeMap<String, Vec<Symbol>>;

/// A table of `entries`, each symbol once.
fn table(mut entries: Entries) -> Table<Symbol> {
    for list in entries.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    Table::new(entries)
}

/// Suffixes of Bangla that people glue to Latin words, longest first: `serverta`, `filegulo`, `budgeter`.
const ROMAN_SUFFIXES: [&str; 24] = [
    "gulor", "guloke", "gulote", "gular", "gulo", "gula", "guli", "tader", "tate", "take", "tar",
    "tay", "tai", "der", "era", "ta", "ti", "te", "ke", "er", "ra", "r", "e", "o",
];
/// Shortest Bangla part of a compound, in letters.
const MIN_PART_BANGLA: usize = 4;
/// Shortest Latin part of a compound, in letters.
const MIN_PART_LATIN: usize = 6;
/// A romanised spelling and a Bangla word whose keys meet are taken for the same from this similarity on.
const SIMILAR: f32 = 0.75;
/// The same for words of up to four letters, which have more neighbours.
const SIMILAR_SHORT: f32 = 0.85;
/// A Bangla word that fits better by this much is the one meant.
const CLEARLY_BETTER: f32 = 0.02;
/// Letters that a word has at least before an ending (`*ing`).
const MIN_BEFORE_SUFFIX: usize = 2;

impl Draft {
    fn add(&mut self, word: &WordPattern, symbols: &[Symbol]) {
        if word.text == "#" {
            self.number.extend(symbols);
            return;
        }
        let form = clean(&word.text);
        match word.kind {
            // Replaced by its members when the taxonomy was loaded.
            WordKind::Set => {}
            WordKind::Prefix => self.prefixes.entry(form).or_default().extend(symbols),
            WordKind::Suffix => {
                // It may begin with a vowel sign, which is a fault in a word and would be dropped.
                let form = clean(&format!("ক{}", word.text)).split_off("ক".len());
                let suffixes = if word.roman {
                    &mut self.roman_suffixes
                } else {
                    &mut self.suffixes
                };
                suffixes.entry(form).or_default().extend(symbols);
            }
            // Capitals in an exact word are meant: `=IT` is not 'it'.
            WordKind::Exact if word.text.chars().any(char::is_uppercase) => {
                self.exact
                    .entry(word.text.clone())
                    .or_default()
                    .extend(symbols);
            }
            WordKind::Exact => self.exact.entry(form).or_default().extend(symbols),
            WordKind::Stem => {
                let n_letters = form.chars().count();
                self.exact.entry(form.clone()).or_default().extend(symbols);
                if is_bangla(&form) {
                    let base = stem(&form).into_owned();
                    self.folds.entry(fold(&base)).or_default().extend(symbols);
                    self.folds.entry(fold(&form)).or_default().extend(symbols);
                    if base.chars().count() >= MIN_PART_BANGLA {
                        self.parts.entry(base.clone()).or_default().extend(symbols);
                    }
                    self.spelt(&form, symbols);
                    self.stems.entry(base).or_default().extend(symbols);
                } else if word.roman || (lexicon::english(&form).is_none() && !form.is_ascii()) {
                    self.spelt(&form, symbols);
                } else {
                    if n_letters >= 5 {
                        self.spellings
                            .entry(form.clone())
                            .or_default()
                            .extend(symbols);
                    }
                    if n_letters >= MIN_PART_LATIN {
                        self.parts.entry(form.clone()).or_default().extend(symbols);
                    }
                    if lexicon::english(&form).is_none() {
                        self.spelt(&form, symbols);
                    }
                    self.stems
                        .entry(stem(&form).into_owned())
                        .or_default()
                        .extend(symbols);
                }
            }
        }
    }

    fn spelt(&mut self, form: &str, symbols: &[Symbol]) {
        let number = self.spelt.len() as u32;
        self.keys.entry(key::key(form)).or_default().push(number);
        self.spelt.push(form);
        let sounds = if is_bangla(form) {
            key::of_bangla(form)
        } else {
            Default::default()
        };
        let sounds: String = sounds.into_iter().map(char::from).collect();
        self.spelt_sounds.push(&sounds);
        self.spelt_symbols.push(symbols.iter().copied());
    }
}

impl Lookup {
    pub(super) fn new(fills: &[Fill], transparent: &[String], contrast: &[String]) -> Self {
        let mut draft = Draft::default();
        for fill in fills {
            draft.add(&fill.word, &fill.symbols);
        }
        let listed =
            |words: &[String]| table(words.iter().map(|w| (clean(w), Vec::new())).collect());
        let mut spellings: Vec<(Vec<char>, Vec<Symbol>)> = draft
            .spellings
            .into_iter()
            .map(|(word, symbols)| (word.chars().collect(), symbols))
            .collect();
        spellings.sort_by(|(a, _), (b, _)| (a[0], a.len(), a).cmp(&(b[0], b.len(), b)));
        let mut words = Strings::default();
        for (word, _) in &spellings {
            words.push(&word.iter().collect::<String>());
        }
        Self {
            exact: table(draft.exact),
            stems: table(draft.stems),
            folds: table(draft.folds),
            keys: Table::new(draft.keys),
            spelt: draft.spelt,
            spelt_sounds: draft.spelt_sounds,
            spelt_symbols: draft.spelt_symbols,
            prefixes: table(draft.prefixes),
            suffixes: table(draft.suffixes),
            roman_suffixes: table(draft.roman_suffixes),
            shapes: spellings.iter().map(|(word, _)| Shape::of(word)).collect(),
            spellings: words,
            spelling_symbols: spellings.into_iter().map(|(_, symbols)| symbols).collect(),
            parts: table(draft.parts),
            transparent: listed(transparent),
            contrast: listed(contrast),
            number: draft.number,
            known: Known::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn write(&self, out: &mut Writer) {
        self.exact.write(out);
        self.stems.write(out);
        self.folds.write(out);
        self.keys.write(out);
        self.spelt.write(out);
        self.spelt_sounds.write(out);
        self.spelt_symbols.write(out);
        self.prefixes.write(out);
        self.suffixes.write(out);
        self.roman_suffixes.write(out);
        self.spellings.write(out);
        self.spelling_symbols.write(out);
        out.items(&self.shapes);
        self.parts.write(out);
        self.transparent.write(out);
        self.contrast.write(out);
        out.items(&self.number);
        self.known.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            exact: Table::read(from)?,
            stems: Table::read(from)?,
            folds: Table::read(from)?,
            keys: Table::read(from)?,
            spelt: Strings::read(from)?,
            spelt_sounds: Strings::read(from)?,
            spelt_symbols: Lists::read(from)?,
            prefixes: Table::read(from)?,
            suffixes: Table::read(from)?,
            roman_suffixes: Table::read(from)?,
            spellings: Strings::read(from)?,
            spelling_symbols: Lists::read(from)?,
            shapes: from.items()?,
            parts: Table::read(from)?,
            transparent: Table::read(from)?,
            contrast: Table::read(from)?,
            number: from.items()?,
            known: Known::read(from)?,
        })
    }

    /// Analyses one word as it stands in a text.
    pub(crate) fn analyse(&self, token: &str, kind: TokenKind) -> Word {
        if let Some(word) = self.known.get(token, kind) {
            return word;
        }
        let mut form = String::new();
        normalize::word(token, &mut form);
        let mut hits = Hits::default();
        let mut roman = Hits::default();
        let mut endings = Hits::default();
        let transparent = self.transparent.contains(&form);
        let contrast = self.contrast.contains(&form);
        hits.all(self.exact.get(token), 100);
        hits.all(self.exact.get(&form), 100);
        for (_, symbols) in self.prefixes.starts(&form) {
            hits.all(Some(symbols), 95);
        }
        let is_long = |start: usize| form[..start].chars().nth(MIN_BEFORE_SUFFIX - 1).is_some();
        let plain = self.suffixes.ends(&form);
        for (_, symbols) in plain.filter(|(start, _)| is_long(*start)) {
            endings.all(Some(symbols), 95);
        }
        let mut roman_endings = self.roman_suffixes.ends(&form).peekable();
        if roman_endings.peek().is_some() && lexicon::english(&form).is_none() {
            for (_, symbols) in roman_endings.filter(|(start, _)| is_long(*start)) {
                endings.all(Some(symbols), 95);
            }
        }
        let mut native = None;
        let class = match kind {
            TokenKind::Bangla => {
                self.bangla(&form, &mut hits);
                Class::Bangla
            }
            TokenKind::Latin => {
                let reading = Reading::new(&form);
                let best = key::native(&reading, SIMILAR).filter(|(_, close)| *close >= SIMILAR);
                native = best.map(|(word, _)| word);
                self.latin(token, &reading, best, &mut hits, &mut roman)
            }
            TokenKind::Number => {
                hits.all(Some(&self.number), 100);
                Class::Neutral
            }
            _ => Class::Neutral,
        };
        // Last, since a word that is met by its ending alone still wants to be looked up.
        for hit in endings.0 {
            hits.add(hit.symbol, hit.score);
        }
        for hit in &hits.0 {
            roman.add(hit.symbol, hit.score);
        }
        Word {
            hits: hits.done(),
            roman_hits: roman.done(),
            traits: Traits {
                class,
                kind,
                native,
                english: kind == TokenKind::Latin && lexicon::english(&form).is_some(),
                transparent,
                contrast,
            },
        }
    }

    fn bangla(&self, form: &str, hits: &mut Hits) {
        let base = stem(form);
        hits.all(self.stems.get(base.as_ref()), 100);
        if hits.is_empty() {
            hits.all(self.folds.get(&fold(&base)), 90);
            hits.all(self.folds.get(&fold(form)), 90);
        }
        if hits.is_empty() && lexicon::bangla(form).is_none() && lexicon::bangla(&base).is_none() {
            self.compound(form, MIN_PART_BANGLA, hits);
        }
    }

    fn latin(
        &self,
        token: &str,
        reading: &Reading<'_>,
        best: Option<(&'static str, f32)>,
        hits: &mut Hits,
        roman: &mut Hits,
    ) -> Class {
        let form = reading.roman();
        let english = lexicon::english(form);
        let n_letters = form.chars().count();
        let is_acronym = n_letters >= 2
            && token
                .chars()
                .all(|c| c.is_uppercase() || c.is_ascii_digit());
        if english.is_some() {
            hits.all(self.stems.get(stem(form).as_ref()), 100);
        } else {
            // A word of the taxonomy that no dictionary has (`mbps`, `upazila`), in any inflection.
            hits.all(self.stems.get(stem(form).as_ref()), 98);
            if hits.is_empty() {
                self.suffixed(form, hits);
            }
            if hits.is_empty() && !is_acronym {
                self.misspelt(form, hits);
            }
            if hits.is_empty() {
                self.compound(form, MIN_PART_LATIN, hits);
            }
        }
        if is_acronym && n_letters <= 4 {
            return Class::Neutral;
        }
        let native = self.romanised(reading, best, if english.is_some() { roman } else { hits });
        match (english, native) {
            (Some(_), false) => Class::English,
            (Some(common), true) => {
                // Among the commonest words English wins: 'to', 'are', 'take' tell nothing for Bangla.
                if common >= 55 {
                    Class::English
                } else {
                    Class::Either
                }
            }
            (None, true) => Class::Roman,
            (None, false) => Class::Neutral,
        }
    }

    /// Reads a Latin word as Bangla; tells whether it can be.
    ///
    /// Keys are coarse, so a word of the taxonomy is taken only where no other Bangla word fits clearly better.
    fn romanised(
        &self,
        reading: &Reading<'_>,
        best: Option<(&'static str, f32)>,
        hits: &mut Hits,
    ) -> bool {
        let form = reading.roman();
        let floor = match form.len() {
            0..=4 => SIMILAR_SHORT,
            _ => SIMILAR,
        };
        let bar = best.map_or(floor, |(_, close)| floor.max(close - CLEARLY_BETTER));
        let mut native = best.is_some();
        if let Some((word, close)) = best {
            hits.all(self.stems.get(stem(word).as_ref()), (close * 95.0) as u8);
        }
        native |= self.meet(reading, bar, 1.0, hits);
        if best.is_none() {
            for suffix in ROMAN_SUFFIXES {
                if let Some(base) = form.strip_suffix(suffix)
                    && base.len() >= 4
                {
                    native |= self.meet(&Reading::new(base), SIMILAR_SHORT, 0.95, hits);
                }
            }
        }
        native
    }

    /// Adds the words of the taxonomy that have the key of a romanised word and are at least so similar.
    fn meet(&self, reading: &Reading<'_>, bar: f32, scale: f32, hits: &mut Hits) -> bool {
        let mut met = false;
        let mut speller = None;
        for &number in self.keys.get(reading.key()).into_iter().flatten() {
            let word = self.spelt.get(number as usize);
            let similarity = if is_bangla(word) {
                let sounds = self.spelt_sounds.get(number as usize);
                reading.similarity_from(sounds.as_bytes(), bar)
            } else {
                let speller = speller.get_or_insert_with(|| Speller::new(reading.roman()));
                spelt_alike(speller, word, bar)
            };
            if similarity >= bar {
                met = true;
                let symbols = self.spelt_symbols.of(number as usize);
                hits.all(Some(symbols), (similarity * scale * 100.0) as u8);
            }
        }
        met
    }

    /// `serverta`, `budgeter`: a Latin word with a Bangla suffix.
    fn suffixed(&self, form: &str, hits: &mut Hits) {
        for suffix in ROMAN_SUFFIXES {
            if let Some(base) = form.strip_suffix(suffix)
                && base.len() >= 3
                && lexicon::english(base).is_some()
            {
                hits.all(self.stems.get(stem(base).as_ref()), 92);
                return;
            }
        }
    }

    /// A slip of one letter, of two in a long word; the first letter stands. The caller has made sure that the
    /// word is in no dictionary, so that a match never crosses another word.
    fn misspelt(&self, form: &str, hits: &mut Hits) {
        let allowed = match form.chars().count() {
            0..=4 => return,
            5..=7 => 1,
            _ => 2,
        };
        let speller = Speller::new(form);
        let shape = Shape::of(speller.letters());
        let place = |s: &Shape| (s.first, s.len + allowed as u32) < (shape.first, shape.len);
        let from = self.shapes.partition_point(place);
        let mut best = allowed + 1;
        let mut found: Vec<Symbol> = Vec::new();
        let near = self
            .shapes
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, s)| s.first == shape.first && s.len <= shape.len + allowed as u32);
        for (at, other) in near {
            let allowed = if other.len < 8 { 1 } else { allowed };
            // A slip changes two letters at most.
            if (other.letters ^ shape.letters).count_ones() as usize > 2 * allowed {
                continue;
            }
            let word = self.spellings.get(at);
            let distance = speller.edits(word, other.len as usize, allowed);
            if distance <= allowed && distance <= best {
                if distance < best {
                    found.clear();
                }
                best = distance;
                found.extend(self.spelling_symbols.of(at));
            }
        }
        for symbol in found {
            hits.add(symbol, if best == 1 { 85 } else { 75 });
        }
    }

    /// A word of the taxonomy inside an unspaced compound (জনবলসংকট), at its start or end.
    fn compound(&self, form: &str, min: usize, hits: &mut Hits) {
        if form.chars().count() < min + 2 {
            return;
        }
        // What remains must be a word or a suffix, not a stray letter of some other word.
        for (end, symbols) in self.parts.starts(form) {
            if self.is_rest(&form[end..]) {
                hits.all(Some(symbols), 85);
            }
        }
        for (start, symbols) in self.parts.ends(form) {
            if start > 0 && self.is_rest(&form[..start]) {
                hits.all(Some(symbols), 85);
            }
        }
    }

    fn is_rest(&self, rest: &str) -> bool {
        if rest.is_empty() {
            return true;
        }
        // A part never begins with a vowel sign: then the cut went through a syllable.
        if rest.starts_with(|c: char| matches!(c, '\u{981}'..='\u{983}' | '\u{9BC}'..='\u{9CD}')) {
            return false;
        }
        let base = stem(rest);
        let known = |w: &str| {
            lexicon::bangla(w).is_some() || lexicon::english(w).is_some() || self.exact.contains(w)
        };
        rest.chars().count() >= 2 && (known(rest) || known(&base))
    }
}

/// Collects symbols, each once with its best score.
#[derive(Default)]
struct Hits(Vec<Hit>);

impl Hits {
    fn add(&mut self, symbol: Symbol, score: u8) {
        match self.0.iter_mut().find(|h| h.symbol == symbol) {
            Some(hit) => hit.score = hit.score.max(score),
            None => self.0.push(Hit { symbol, score }),
        }
    }

    fn all(&mut self, symbols: Option<&[Symbol]>, score: u8) {
        for &symbol in symbols.into_iter().flatten() {
            self.add(symbol, score);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn done(mut self) -> Vec<Hit> {
        self.0.sort_unstable();
        self.0
    }
}

fn clean(word: &str) -> String {
    let mut out = String::new();
    normalize::word(word, &mut out);
    out
}

fn fold(word: &str) -> String {
    let mut out = String::new();
    normalize::fold(word, &mut out);
    out
}

fn is_bangla(word: &str) -> bool {
    word.chars().any(|c| ('\u{980}'..='\u{9FF}').contains(&c))
}

/// Similarity of two romanised spellings, 0 to 1; where it would be less than `least`, it may be told too low.
fn spelt_alike(one: &Speller, other: &str, least: f32) -> f32 {
    let len = other.chars().count();
    let longest = one.letters().len().max(len).max(1);
    let limit = ((1.0 - least) * longest as f32) as usize + 1;
    1.0 - one.edits(other, len, limit) as f32 / longest as f32
}
