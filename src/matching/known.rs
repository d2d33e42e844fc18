//! The analyses of the words that answers use most, so that no thread has to make them.

use std::collections::BTreeMap;

use super::words::{Class, Traits, Word};
use super::{Hit, Symbol};
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Lists, Reader, Table};
use crate::text::lexicon;
use crate::text::tokenize::TokenKind;

/// Words, analysed.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// For each word its number.
    words: Option<Table<u32>>,
    traits: Vec<Brief>,
    hits: Lists<Hit>,
    roman_hits: Lists<Hit>,
}

/// Traits in two numbers: flags, and the place of the native word in the lexicon, plus one.
#[derive(Clone, Copy, Debug)]
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
        let flags = [traits.english, traits.transparent, traits.contrast];
        let flags = flags.iter().fold(0, |all, is| all << 1 | u32::from(*is));
        Some(Self {
            flags: flags << 16 | kind << 8 | class,
            native: match traits.native {
                Some(word) => lexicon::place_of(word)? + 1,
                None => 0,
            },
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
            english: has(4),
            transparent: has(2),
            contrast: has(1),
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

impl Known {
    pub(super) fn new(words: &[(&str, Word)]) -> Self {
        let mut out = Self::default();
        let mut numbers = BTreeMap::new();
        for (form, word) in words {
            let Some(brief) = Brief::new(&word.traits) else {
                continue;
            };
            numbers.insert((*form).to_string(), vec![out.traits.len() as u32]);
            out.traits.push(brief);
            out.hits.push(word.hits.iter().copied());
            out.roman_hits.push(word.roman_hits.iter().copied());
        }
        out.words = Some(Table::new(numbers));
        out
    }

    pub(super) fn get(&self, token: &str, kind: TokenKind) -> Option<Word> {
        let number = *self.words.as_ref()?.get(token)?.first()? as usize;
        let traits = self.traits[number].traits()?;
        (traits.kind == kind).then(|| Word {
            hits: self.hits.of(number).to_vec(),
            roman_hits: self.roman_hits.of(number).to_vec(),
            traits,
        })
    }

    #[cfg(test)]
    pub(super) fn write(&self, out: &mut Writer) {
        if let Some(words) = &self.words {
            words.write(out);
        }
        out.items(&self.traits);
        self.hits.write(out);
        self.roman_hits.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            words: Some(Table::read(from)?),
            traits: from.items()?,
            hits: Lists::read(from)?,
            roman_hits: Lists::read(from)?,
        })
    }
}
