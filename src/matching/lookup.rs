//! The words of all patterns in tables, by each of the ways in which a word of a text is looked up.

use std::collections::BTreeMap;

use super::Symbol;
use super::compile::Fill;
use super::known::Known;
use super::slips::Shape;
use super::words::Connective;
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Lists, Reader, Strings, Table};
use crate::taxonomy::Particles;
use crate::taxonomy::pattern::{WordKind, WordPattern};
use crate::text::stem::stem;
use crate::text::{key, lexicon, normalize};

/// The words of all patterns, ready for look-up.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) exact: Table<Symbol>,
    pub(super) stems: Table<Symbol>,
    pub(super) folds: Table<Symbol>,
    /// By phonetic key: which of the `spelt` words have it.
    pub(super) keys: Table<u32>,
    /// Bangla words and romanised spellings.
    pub(super) spelt: Strings,
    /// The sounds of those in Bangla script.
    pub(super) spelt_sounds: Strings,
    pub(super) spelt_symbols: Lists<Symbol>,
    pub(super) prefixes: Table<Symbol>,
    pub(super) suffixes: Table<Symbol>,
    /// Those of romanised Bangla, in which no English word ends.
    pub(super) roman_suffixes: Table<Symbol>,
    /// English words long enough to be misspelt, sorted by first letter, then length.
    pub(super) spellings: Strings,
    pub(super) spelling_symbols: Lists<Symbol>,
    pub(super) shapes: Vec<Shape>,
    /// Words that may be parts of compounds.
    pub(super) parts: Table<Symbol>,
    pub(super) transparent: Table<Symbol>,
    pub(super) connectives: Table<Connective>,
    pub(super) number: Vec<Symbol>,
    pub(super) known: Known,
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

/// Shortest Bangla part of a compound, in letters.
pub(super) const MIN_PART_BANGLA: usize = 4;
/// Shortest Latin part of a compound, in letters.
pub(super) const MIN_PART_LATIN: usize = 6;

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
    pub(super) fn new(fills: &[Fill], particles: &Particles) -> Self {
        let mut draft = Draft::default();
        for fill in fills {
            draft.add(&fill.word, &fill.symbols);
        }
        let listed =
            |words: &[String]| table(words.iter().map(|w| (clean(w), Vec::new())).collect());
        let connectives = [
            (&particles.contrast, Connective::Contrast),
            (&particles.leading, Connective::Leading),
            (&particles.closing, Connective::Closing),
            (&particles.granting, Connective::Granting),
            (&particles.having, Connective::Having),
            (&particles.denying, Connective::Denying),
        ];
        let connectives = connectives.iter().flat_map(|(words, connective)| {
            let words = words.iter();
            words.map(|word| (clean(word), vec![*connective]))
        });
        let connectives = connectives.collect();
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
            transparent: listed(&particles.transparent),
            connectives: Table::new(connectives),
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
        self.connectives.write(out);
        out.items(&self.number);
        self.known.write(self, out);
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
            connectives: Table::read(from)?,
            number: from.items()?,
            known: Known::read(from)?,
        })
    }
}

pub(super) fn clean(word: &str) -> String {
    let mut out = String::new();
    normalize::word(word, &mut out);
    out
}

pub(super) fn fold(word: &str) -> String {
    let mut out = String::new();
    normalize::fold(word, &mut out);
    out
}

pub(super) fn is_bangla(word: &str) -> bool {
    word.chars().any(|c| ('\u{980}'..='\u{9FF}').contains(&c))
}
