//! The analyses of the words that answers use most and of all words of the lexicons, so that no thread has to make them.
//!
//! Of the words of the lexicons many are the same to a taxonomy: for each only the number of its analysis is kept.

use std::collections::BTreeMap;

#[cfg(test)]
use super::lookup::Lookup;
use super::words::{Class, Connective, Traits, Word};
use super::{Hit, Symbol};
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Lists, PackedLists, Reader, Table, number_at, unpack};
use crate::text::lexicon;
use crate::text::tokenize::TokenKind;

/// Words, analysed before.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// For each word that is often typed the number of its analysis, and those.
    typed: Option<Table<u32>>,
    of_typed: Analyses,
    /// The same for each word of the English and of the Bangla lexicon, two bytes each.
    listed: [&'static [u8]; 2],
    of_listed: PackedAnalyses,
}

/// [`Analyses`] that are read as they lie, so that starting does not wait for them.
#[derive(Debug, Default)]
struct PackedAnalyses {
    traits: &'static [u8],
    hits: PackedLists,
    roman_hits: PackedLists,
}

impl PackedAnalyses {
    fn word(&self, number: usize, kind: TokenKind) -> Option<Word> {
        let width = 4 * Brief::WIDTH;
        let brief = self.traits.get(number * width..)?.get(..width)?;
        let brief: Brief = unpack(brief).next()?;
        let (hits, roman_hits) = (self.hits.of(number), self.roman_hits.of(number));
        brief.word(kind, hits.collect(), roman_hits.collect())
    }

    fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            traits: from.packed::<Brief>()?,
            hits: PackedLists::read::<Hit>(from)?,
            roman_hits: PackedLists::read::<Hit>(from)?,
        })
    }
}

#[derive(Debug, Default)]
struct Analyses {
    traits: Vec<Brief>,
    hits: Lists<Hit>,
    /// Where they are the same as `hits`, none.
    roman_hits: Lists<Hit>,
}

/// Traits in two numbers: flags, and the place of the native word in the lexicon, plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Brief {
    flags: u32,
    native: u32,
}

const CLASSES: [Class; 5] = [
    Class::Bangla,
    Class::English,
    Class::Roman,
    Class::Either,
    Class::Neutral,
];
const KINDS: [TokenKind; 4] = [
    TokenKind::Bangla,
    TokenKind::Latin,
    TokenKind::OtherWord,
    TokenKind::Number,
];

impl Brief {
    /// `None` where the traits cannot be kept.
    fn new(traits: &Traits) -> Option<Self> {
        let class = CLASSES.iter().position(|c| *c == traits.class)? as u32;
        let kind = KINDS.iter().position(|k| *k == traits.kind)? as u32;
        let flags = u32::from(traits.english) << 1 | u32::from(traits.transparent);
        Some(Self {
            flags: (traits.connective as u32) << 24 | flags << 16 | kind << 8 | class,
            native: match traits.native {
                Some(word) => lexicon::place_of(word)? + 1,
                None => 0,
            },
        })
    }

    /// The word that has these traits, if it is of this kind; no romanised hits are the same as `hits`.
    fn word(self, kind: TokenKind, hits: Vec<Hit>, mut roman_hits: Vec<Hit>) -> Option<Word> {
        let traits = self.traits().filter(|traits| traits.kind == kind)?;
        if roman_hits.is_empty() {
            roman_hits.clone_from(&hits);
        }
        Some(Word {
            hits,
            roman_hits,
            traits,
        })
    }

    fn traits(self) -> Option<Traits> {
        let has = |bit: u32| self.flags >> 16 & bit != 0;
        Some(Traits {
            class: *CLASSES.get(self.flags as usize & 0xFF)?,
            kind: *KINDS.get(self.flags as usize >> 8 & 0xFF)?,
            native: match self.native.checked_sub(1) {
                Some(place) => Some(lexicon::bangla_at(place)?.0),
                None => None,
            },
            english: has(2),
            transparent: has(1),
            connective: Connective::from_number(self.flags as usize >> 24)?,
        })
    }
}

impl Flat for Brief {
    const WIDTH: usize = 2;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([self.flags, self.native]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            flags: numbers[0],
            native: numbers[1],
        }
    }
}

impl Flat for Hit {
    const WIDTH: usize = 1;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(self.symbol.0 << 8 | u32::from(self.score));
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            symbol: Symbol(numbers[0] >> 8),
            score: numbers[0] as u8,
        }
    }
}

impl Analyses {
    /// Adds one; gives its number.
    fn push(&mut self, brief: Brief, word: &Word) -> u32 {
        self.traits.push(brief);
        self.hits.push(word.hits.iter().copied());
        let roman: &[Hit] = match word.roman_hits == word.hits {
            true => &[],
            false => &word.roman_hits,
        };
        self.roman_hits.push(roman.iter().copied());
        self.traits.len() as u32 - 1
    }

    fn word(&self, number: usize, kind: TokenKind) -> Option<Word> {
        let (hits, roman_hits) = (self.hits.of(number), self.roman_hits.of(number));
        let brief = self.traits.get(number)?;
        brief.word(kind, hits.to_vec(), roman_hits.to_vec())
    }

    #[cfg(test)]
    fn write(&self, out: &mut Writer) {
        out.items(&self.traits);
        self.hits.write(out);
        self.roman_hits.write(out);
    }

    fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            traits: from.items()?,
            hits: Lists::read(from)?,
            roman_hits: Lists::read(from)?,
        })
    }
}

impl Known {
    pub(super) fn new(words: &[(&str, Word)]) -> Self {
        let mut of_typed = Analyses::default();
        let mut numbers = BTreeMap::new();
        for (form, word) in words {
            if let Some(brief) = Brief::new(&word.traits) {
                numbers.insert((*form).to_string(), vec![of_typed.push(brief, word)]);
            }
        }
        Self {
            typed: Some(Table::new(numbers)),
            of_typed,
            ..Self::default()
        }
    }

    /// A word as answers often type it.
    pub(super) fn typed(&self, token: &str, kind: TokenKind) -> Option<Word> {
        let number = *self.typed.as_ref()?.get(token)?.first()?;
        self.of_typed.word(number as usize, kind)
    }

    /// A word of the lexicon.
    pub(super) fn listed(&self, form: &str, kind: TokenKind) -> Option<Word> {
        let [english, bangla] = self.listed;
        match kind {
            TokenKind::Latin if !english.is_empty() => {
                let number = lexicon::english_number(form)?;
                let mut word = self.of_listed.word(short_at(english, number)?, kind)?;
                word.traits.native = native(number);
                Some(word)
            }
            TokenKind::Bangla if !bangla.is_empty() => {
                let number = lexicon::bangla_number(form)?;
                self.of_listed.word(short_at(bangla, number)?, kind)
            }
            _ => None,
        }
    }

    /// Writes it, with what the words of the lexicons are to `lookup`.
    #[cfg(test)]
    pub(super) fn write(&self, lookup: &Lookup, out: &mut Writer) {
        let mut of_listed = Analyses::default();
        let mut numbers = std::collections::HashMap::new();
        let lists = [
            (TokenKind::Latin, lexicon::english_by_number()),
            (TokenKind::Bangla, lexicon::bangla_by_number()),
        ];
        let listed = lists.map(|(kind, words)| {
            let analysed = words.into_iter().flat_map(|form| {
                let mut word = lookup.analyse_anew(form, form, kind);
                // Which is kept apart, since patterns change nothing of it.
                word.traits.native = None;
                let brief = Brief::new(&word.traits).unwrap();
                let key = (brief, word.hits.clone(), word.roman_hits.clone());
                let number = *numbers
                    .entry(key)
                    .or_insert_with(|| of_listed.push(brief, &word));
                u16::try_from(number).unwrap().to_le_bytes()
            });
            analysed.collect::<Vec<u8>>()
        });
        if let Some(typed) = &self.typed {
            typed.write(out);
        }
        self.of_typed.write(out);
        listed.iter().for_each(|list| out.plain(list));
        of_listed.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            typed: Some(Table::read(from)?),
            of_typed: Analyses::read(from)?,
            listed: [from.plain()?, from.plain()?],
            of_listed: PackedAnalyses::read(from)?,
        })
    }
}

/// For each English word of the lexicon, by its number, the place of the Bangla word that it may stand for as well, plus one:
/// made by a test, like all that is compiled.
static NATIVES: &[u8] = include_bytes!("../../data/compiled/natives.bin");

fn native(english: u32) -> Option<&'static str> {
    let place = number_at(NATIVES, english as usize).checked_sub(1)?;
    Some(lexicon::bangla_at(place)?.0)
}

/// The number at place `at` of an array of 16-bit numbers in bytes.
fn short_at(bytes: &[u8], at: u32) -> Option<usize> {
    let number = bytes.get(2 * at as usize..)?.first_chunk()?;
    Some(usize::from(u16::from_le_bytes(*number)))
}

#[cfg(test)]
mod tests {
    use super::super::romanised::SIMILAR;
    use crate::packed;
    use crate::text::{key, lexicon};

    #[test]
    fn compiled_files_hold_the_natives_of_english_words() {
        let natives = lexicon::english_by_number().into_iter().flat_map(|word| {
            let best = key::native(&key::Reading::new(word), SIMILAR, false);
            let native = best.filter(|(_, close)| *close >= SIMILAR);
            let place = native.map_or(0, |(native, _)| lexicon::place_of(native).unwrap() + 1);
            place.to_le_bytes()
        });
        packed::settle("natives", &natives.collect::<Vec<u8>>());
    }
}
