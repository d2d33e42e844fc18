//! Compiles patterns into a matcher over word symbols, and finds them in a sentence.
//!
//! All that a word can mean for the patterns is worked out once for each distinct word
//! ([`words`]): its stem, the Bangla word that a Latin one spells ([`romanised`]), misspellings ([`slips`]), parts of compounds ([`compound`]).
//! What it yields is a list of *symbols*, the slots of patterns that it can fill, and what follows from them for a sentence ([`view`]).
//! Scanning a sentence ([`scan`]) then only looks at symbols.

mod compile;
mod compound;
mod hits;
mod known;
mod lookup;
#[cfg(test)]
#[path = "../../tests/reference/sentence.rs"]
pub(crate) mod reference;
mod romanised;
mod scan;
mod slips;
mod snapshot;
mod view;
mod words;

pub(crate) use compile::Matcher;
pub(crate) use scan::{Finder, Found, InSentence, MAX_WORDS, Marks, span};
pub(crate) use view::{MarkSet, Seen, ViewId, Views, join};
#[cfg(test)]
pub(crate) use words::Word;
pub(crate) use words::{Class, Connective, Traits};

/// A slot that a word can fill: one word pattern, or a set of words and phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(u32);

/// A symbol that a word can stand for, and how surely, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hit {
    pub(crate) symbol: Symbol,
    pub(crate) score: u8,
}

impl crate::packed::Flat for Symbol {
    const WIDTH: usize = 1;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(self.0);
    }
    fn get(numbers: &[u32]) -> Self {
        Self(numbers[0])
    }
}
