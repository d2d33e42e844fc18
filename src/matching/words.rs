//! What a word can stand for: by form, stem, phonetic key, misspelling or as part of a compound.
//!
//! This is the costly part, and it is done once for each distinct word.

use super::Hit;
use super::hits::Hits;
use super::lookup::{Lookup, MIN_PART_BANGLA, MIN_PART_LATIN, fold};
use super::romanised::SIMILAR;
use crate::text::key::{self, Reading};
use crate::text::lexicon;
use crate::text::stem::stem;
use crate::text::tokenize::TokenKind;

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
    /// For a Latin word the Bangla word that it most likely stands for, for a regional one the standard word, if any.
    pub(crate) native: Option<&'static str>,
    /// Whether it is an English word.
    pub(crate) english: bool,
    /// Articles and detached suffixes: they do not count as words between others.
    pub(crate) transparent: bool,
    /// What it does between clauses.
    pub(crate) connective: Connective,
}

/// What a word does between clauses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Connective {
    #[default]
    None,
    /// A conjunction that sets what follows against what went before: a new clause begins.
    Contrast,
    /// The same; where it opens a sentence, what stands after the next comma is set against what stands before it.
    Leading,
    /// A verb with which a clause ends: after it and a comma something else is said.
    Closing,
    /// A verb that ends a clause against which the next one is set (থাকলেও).
    Granting,
    /// Says that something is there ('have').
    Having,
    /// Denies what follows: after [`Connective::Having`] and a comma something else is said ('we have money, no staff').
    Denying,
}

impl Connective {
    pub(crate) const ALL: [Self; 7] = [
        Self::None,
        Self::Contrast,
        Self::Leading,
        Self::Closing,
        Self::Granting,
        Self::Having,
        Self::Denying,
    ];

    /// From its number, that is its place in [`Connective::ALL`].
    pub(crate) fn from_number(number: usize) -> Option<Self> {
        Self::ALL.get(number).copied()
    }
}

impl crate::packed::Flat for Connective {
    const WIDTH: usize = 1;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self as u32);
    }
    fn get(numbers: &[u32]) -> Self {
        Self::from_number(numbers[0] as usize).unwrap_or_default()
    }
}

/// Whether a word is written in capitals, of which it has two at least.
fn is_acronym(token: &str) -> bool {
    let is_capital = |c: char| c.is_uppercase() || c.is_ascii_digit();
    token.chars().nth(1).is_some() && token.chars().all(is_capital)
}

/// Letters that a word has at least before an ending (`*ing`).
const MIN_BEFORE_SUFFIX: usize = 2;

impl Lookup {
    /// Analyses one word as it stands in a text; `form` is its normal form.
    pub(super) fn analyse(&self, token: &str, form: &str, kind: TokenKind) -> Word {
        // By its capitals a word may be another one.
        let is_other = token != form && (self.exact.contains(token) || is_acronym(token));
        let known = self.known.typed(token, kind);
        known
            .or_else(|| self.known.listed(form, kind).filter(|_| !is_other))
            .unwrap_or_else(|| self.analyse_anew(token, form, kind))
    }

    pub(super) fn analyse_anew(&self, token: &str, form: &str, kind: TokenKind) -> Word {
        let mut hits = Hits::default();
        let mut roman = Hits::default();
        let english = match kind {
            TokenKind::Latin => lexicon::english(form),
            _ => None,
        };
        if token != form {
            hits.all(self.exact.get(token), 100);
        }
        hits.all(self.exact.get(form), 100);
        // A regional word does what the standard one does, beside what is listed for itself.
        let mut native = match kind {
            TokenKind::Bangla => lexicon::standard(form),
            _ => None,
        };
        let own = form;
        let form = native.unwrap_or(own);
        if native.is_some() {
            hits.all(self.stems.get(stem(own).as_ref()), 100);
            hits.all(self.exact.get(form), 100);
        }
        for (_, symbols) in self.prefixes.starts(form) {
            hits.all(Some(symbols), 95);
        }
        let class = match kind {
            TokenKind::Bangla => {
                self.bangla(form, &mut hits);
                Class::Bangla
            }
            TokenKind::Latin => {
                let reading = Reading::new(form);
                let best = key::native(&reading, SIMILAR, english.is_none());
                let best = best.filter(|(_, close)| *close >= SIMILAR);
                native = best.map(|(word, _)| word);
                self.latin(token, english, &reading, best, &mut hits, &mut roman)
            }
            TokenKind::Number => {
                hits.all(Some(&self.number), 100);
                Class::Neutral
            }
            _ => Class::Neutral,
        };
        // Last, since a word that is met by its ending alone still wants to be looked up.
        self.endings(form, &mut hits);
        let hits = hits.done();
        let roman_hits = if roman.is_empty() {
            hits.clone()
        } else {
            roman.join(&hits);
            roman.done()
        };
        Word {
            traits: Traits {
                class,
                kind,
                native,
                english: english.is_some(),
                // A suffix that stands alone looks like a pronoun (কে), which has regional forms.
                transparent: self.transparent.contains(own),
                connective: match self.connectives.get(form) {
                    Some([connective, ..]) => *connective,
                    _ => Connective::None,
                },
            },
            hits,
            roman_hits,
        }
    }

    fn endings(&self, form: &str, hits: &mut Hits) {
        let is_long = |start: usize| form[..start].chars().nth(MIN_BEFORE_SUFFIX - 1).is_some();
        for (start, symbols) in self.suffixes.ends(form) {
            if is_long(start) {
                hits.all(Some(symbols), 95);
            }
        }
        let mut roman = self.roman_suffixes.ends(form).peekable();
        if roman.peek().is_some() && lexicon::english(form).is_none() {
            for (_, symbols) in roman.filter(|(start, _)| is_long(*start)) {
                hits.all(Some(symbols), 95);
            }
        }
    }

    fn bangla(&self, form: &str, hits: &mut Hits) {
        let base = stem(form);
        hits.all(self.stems.get(base.as_ref()), 100);
        if hits.is_empty() {
            hits.all(self.folds.get(&fold(&base)), 90);
            if base != form {
                hits.all(self.folds.get(&fold(form)), 90);
            }
        }
        if hits.is_empty() && lexicon::bangla(form).is_none() && lexicon::bangla(&base).is_none() {
            self.compound(form, MIN_PART_BANGLA, hits);
        }
    }

    fn latin(
        &self,
        token: &str,
        english: Option<u8>,
        reading: &Reading<'_>,
        best: Option<(&'static str, f32)>,
        hits: &mut Hits,
        roman: &mut Hits,
    ) -> Class {
        let form = reading.roman();
        let n_letters = form.chars().count();
        let is_acronym = is_acronym(token);
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
}
