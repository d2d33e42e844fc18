//! What is kept of the answers until they are clustered: each distinct word once, and each distinct answer once.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use hashbrown::HashTable;
use ndarray::parallel::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::fold::{self, Fold};
use super::{Quote, words};
use crate::classify::{Classifier, Scratch};
use crate::model::vectors::Vectors;
use crate::model::{WordVectors, features};
use crate::record::{Coded, Language, Response, ThemeId};
use crate::text::lexicon;
use crate::text::script;
use crate::text::stem::stem;
use crate::text::tokenize::TokenKind;

/// What clustering takes from one coded response.
#[derive(Clone, Debug)]
pub struct Answer {
    id: String,
    text: String,
    language: Language,
    tops: Vec<ThemeId>,
    /// The score of its surest theme.
    score: f32,
    /// Each word as it was typed, then its reading, one after the other.
    letters: String,
    /// How long the two are, and what kind of word it is.
    words: Vec<(u32, u32, TokenKind)>,
}

impl Answer {
    /// Takes it. A moderator's turn has no words to cluster.
    #[must_use]
    pub fn new(
        classifier: &Classifier,
        response: &Response,
        coded: &Coded,
        scratch: &mut Scratch,
    ) -> Self {
        let mut tops: Vec<ThemeId> = coded
            .codings
            .iter()
            .map(|c| classifier.taxonomy().top(c.theme))
            .collect();
        tops.sort_unstable();
        tops.dedup();
        Self {
            tops,
            score: coded.codings.iter().map(|c| c.score).fold(0.0, f32::max),
            ..Self::without_themes(classifier, response, scratch)
        }
    }

    /// Takes a response that was not coded: its words alone, which costs a fraction.
    #[must_use]
    pub fn without_themes(
        classifier: &Classifier,
        response: &Response,
        scratch: &mut Scratch,
    ) -> Self {
        let mut out = Self::outside(response);
        if response.moderator {
            return out;
        }
        // Room for most answers, since growing costs more than what is spared.
        out.letters.reserve(2 * response.text.len() + 16);
        out.words.reserve(response.text.len() / 4 + 2);
        out.language = classifier.each_word(&response.text, scratch, |typed, reading, kind| {
            out.letters.push_str(typed);
            out.letters.push_str(reading);
            out.words
                .push((typed.len() as u32, reading.len() as u32, kind));
        });
        out.text.clone_from(&response.text);
        out
    }

    /// The response's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// An answer that is listed but in no cluster.
    #[must_use]
    pub fn outside(response: &Response) -> Self {
        Self {
            id: response.id.clone(),
            text: String::new(),
            language: Language::Undetermined,
            tops: Vec::new(),
            score: 0.0,
            letters: String::new(),
            words: Vec::new(),
        }
    }
}

/// In which language a word was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tongue {
    Bangla,
    English,
    /// Bangla in Latin letters.
    Roman,
    /// Numbers and words in other scripts.
    Other,
}

/// A word as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) surface: Box<str>,
    pub(super) tongue: Tongue,
    /// Its place in `readings`.
    pub(super) reading: u32,
    /// Whether it may stand in a name.
    pub(super) names: bool,
}

/// Answers that say the same, or nearly.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The words of the first, by place in `typed`.
    pub(super) words: Box<[u32]>,
    /// The same for comparison: each once, ascending, by place in `readings`.
    set: Box<[u32]>,
    pub(super) language: Language,
}

/// An answer as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) text: Box<str>,
    pub(super) unit: Option<u32>,
    pub(super) tops: Box<[ThemeId]>,
    pub(super) score: f32,
}

/// Answers to cluster.
#[derive(Clone, Debug)]
pub struct Corpus {
    vectors: Vectors<'static>,
    /// How many numbers a vector has, and whether vectors are a user's own.
    dims: usize,
    own: bool,
    pub(super) members: Vec<Member>,
    pub(super) units: Vec<Unit>,
    fold: Fold,
    /// Room for the words of an answer while it is added.
    words: Vec<u32>,
    set: Vec<u32>,
    pub(super) typed: Vec<Typed>,
    /// Typed words by their surface and their reading.
    typed_ids: HashTable<u32>,
    /// Each word in the form by which it counts: clean, and romanised Bangla in Bangla script.
    pub(super) readings: Vec<Box<str>>,
    /// The stem of each reading.
    pub(super) stems: Vec<u32>,
    /// What kind of word each reading is.
    kinds: Vec<TokenKind>,
    /// The static vector of each reading, one after the other, once they were asked for.
    table: OnceLock<Vec<f32>>,
    reading_ids: FxHashMap<Box<str>, u32>,
    stem_ids: FxHashMap<Box<str>, u32>,
    stem_names: Vec<Box<str>>,
    /// For each reading, the one that stands for it where answers are compared: the first of its stem, or one that differs
    /// by a slip of the pen.
    alike: Vec<u32>,
    /// Whether it is a number or a denial.
    hard: Vec<bool>,
    first_of_stem: Vec<u32>,
    /// Readings by hashes of their letters with none or one left out.
    slips: FxHashMap<u64, u32>,
    /// For each reading the form in which slips are looked for: as typed in Latin letters, where a slip may look like Bangla.
    slip_forms: Vec<Box<str>>,
}

impl Default for Corpus {
    fn default() -> Self {
        Self::new()
    }
}

impl Corpus {
    /// One without answers.
    #[must_use]
    pub fn new() -> Self {
        let vectors = Vectors::builtin();
        Self {
            dims: vectors.dims(),
            own: false,
            vectors,
            members: Vec::new(),
            units: Vec::new(),
            fold: Fold::default(),
            words: Vec::new(),
            set: Vec::new(),
            typed: Vec::new(),
            typed_ids: HashTable::new(),
            readings: Vec::new(),
            stems: Vec::new(),
            kinds: Vec::new(),
            table: OnceLock::new(),
            reading_ids: FxHashMap::default(),
            stem_ids: FxHashMap::default(),
            stem_names: Vec::new(),
            alike: Vec::new(),
            hard: Vec::new(),
            first_of_stem: Vec::new(),
            slips: FxHashMap::default(),
            slip_forms: Vec::new(),
        }
    }

    /// Adds an answer. Their order counts: ties go to the earlier one.
    pub fn add(&mut self, answer: Answer) {
        let mut rest = answer.letters.as_str();
        let mut words = std::mem::take(&mut self.words);
        let mut set = std::mem::take(&mut self.set);
        words.clear();
        for &(typed, reading, kind) in &answer.words {
            let (typed, after) = rest.split_at(typed as usize);
            let (reading, after) = after.split_at(reading as usize);
            rest = after;
            words.push(self.typed(typed, reading, kind));
        }
        let unit = (!words.is_empty()).then(|| {
            set.clear();
            set.extend(
                words
                    .iter()
                    .map(|&w| self.alike[self.typed[w as usize].reading as usize]),
            );
            set.sort_unstable();
            set.dedup();
            let (next, units, hard) = (self.units.len() as u32, &self.units, &self.hard);
            let earlier = self.fold.find(
                &set,
                next,
                |unit| &units[unit as usize].set,
                |word| hard[word as usize],
            );
            earlier.unwrap_or_else(|| {
                self.units.push(Unit {
                    words: words.as_slice().into(),
                    set: set.as_slice().into(),
                    language: answer.language,
                });
                next
            })
        });
        (self.words, self.set) = (words, set);
        self.members.push(Member {
            id: answer.id,
            text: answer.text.into(),
            unit,
            tops: answer.tops.into(),
            score: answer.score,
        });
    }

    /// How many numbers a static vector has.
    pub(super) fn dims(&self) -> usize {
        self.dims
    }

    /// Whether a word in its clean form stands in an answer that was added, or is the stem of one.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        self.reading_ids.contains_key(word) || self.stem_ids.contains_key(word)
    }

    /// Takes vectors of one's own in place of the built-in ones, after all answers were added: how many of the different words
    /// they know, of how many. A romanised word is looked up as the Bangla word that it stands for; one that is not known as
    /// it is, by its stem.
    pub fn use_vectors(&mut self, vectors: &WordVectors) -> (usize, usize) {
        (self.dims, self.own) = (vectors.dims(), true);
        let mut table = vec![0.0; self.stems.len() * self.dims];
        let mut known = 0;
        for (reading, &id) in &self.reading_ids {
            let at = id as usize * self.dims;
            let row = &mut table[at..at + self.dims];
            known += usize::from(vectors.add(reading, row) || vectors.add(&stem(reading), row));
        }
        self.table = OnceLock::from(table);
        (known, self.stems.len())
    }

    /// How many different stems there are.
    pub(super) fn n_stems(&self) -> usize {
        self.stem_names.len()
    }

    /// The stem of a word, by place in `typed`.
    pub(super) fn stem_of(&self, word: u32) -> u32 {
        self.stems[self.typed[word as usize].reading as usize]
    }

    /// The form by which a word counts, by place in `typed`.
    pub(super) fn reading_of(&self, word: u32) -> &str {
        &self.readings[self.typed[word as usize].reading as usize]
    }

    /// The static vectors of all readings, one after the other. They are worked out on all cores when they are first asked for,
    /// which must not be in the midst of work on all cores.
    pub(super) fn table(&self) -> &[f32] {
        self.table.get_or_init(|| {
            let mut table = vec![0.0; self.readings.len() * self.dims];
            let words = self.readings.iter().zip(&self.kinds);
            let words: Vec<_> = words.zip(table.chunks_exact_mut(self.dims)).collect();
            words
                .into_par_iter()
                .with_min_len(BLOCK)
                .for_each(|((reading, &kind), row)| {
                    // By the word's own rarity on top of its features': NMI with the themes went from 0.26 to 0.30.
                    let rarity = words::weight(reading);
                    features::of_word(reading, kind, |feature| {
                        let weight = f32::from(self.vectors.idf(feature)) * rarity;
                        self.vectors.add(feature, weight, row);
                    });
                });
            table
        })
    }

    /// The static vector of a reading.
    pub(super) fn vector(&self, reading: u32) -> &[f32] {
        let at = reading as usize * self.dims;
        &self.table()[at..at + self.dims]
    }

    /// Cosine of the static vectors of two words, by place in `typed`.
    pub(super) fn likeness(&self, a: u32, b: u32) -> f32 {
        let row = |w: u32| self.vector(self.typed[w as usize].reading);
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        let (a, b) = (row(a), row(b));
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-9)
    }

    /// The stems by their numbers.
    pub(super) fn stem_names(&self) -> &[Box<str>] {
        &self.stem_names
    }

    /// The first answer of each unit.
    pub(super) fn first_members(&self) -> Vec<usize> {
        let mut first = vec![0; self.units.len()];
        for (i, member) in self.members.iter().enumerate().rev() {
            if let Some(unit) = member.unit {
                first[unit as usize] = i;
            }
        }
        first
    }

    /// An answer as a quote.
    pub(super) fn quote(&self, member: usize) -> Quote {
        Quote {
            id: self.members[member].id.clone(),
            text: self.members[member].text.to_string(),
        }
    }

    /// The same words with some of the different answers alone, and no members.
    pub(super) fn of_units(&self, units: &[usize]) -> Self {
        Self {
            vectors: self.vectors,
            dims: self.dims,
            own: self.own,
            members: Vec::new(),
            units: units.iter().map(|&u| self.units[u].clone()).collect(),
            fold: Fold::default(),
            typed: self.typed.clone(),
            readings: self.readings.clone(),
            stems: self.stems.clone(),
            stem_names: self.stem_names.clone(),
            kinds: self.kinds.clone(),
            table: OnceLock::from(self.table().to_vec()),
            ..Self::new()
        }
    }

    fn typed(&mut self, surface: &str, reading: &str, kind: TokenKind) -> u32 {
        let (typed, readings) = (&self.typed, &self.readings);
        let hash = FxBuildHasher.hash_one((surface, reading));
        let same = |&id: &u32| {
            let word = &typed[id as usize];
            *word.surface == *surface && *readings[word.reading as usize] == *reading
        };
        if let Some(&id) = self.typed_ids.find(hash, same) {
            return id;
        }
        let number = self.reading(reading, surface, kind);
        let native = reading.starts_with(|c: char| script::class(c) == script::Class::Bangla);
        self.typed.push(Typed {
            tongue: match kind {
                TokenKind::Bangla => Tongue::Bangla,
                TokenKind::Latin if native => Tongue::Roman,
                TokenKind::Latin => Tongue::English,
                _ => Tongue::Other,
            },
            reading: number,
            names: matches!(kind, TokenKind::Bangla | TokenKind::Latin)
                && words::names_something(surface, reading),
            surface: surface.into(),
        });
        let id = self.typed.len() as u32 - 1;
        let (typed, readings) = (&self.typed, &self.readings);
        self.typed_ids.insert_unique(hash, id, |&id| {
            let word = &typed[id as usize];
            let reading = &readings[word.reading as usize];
            FxBuildHasher.hash_one((word.surface.as_ref(), reading.as_ref()))
        });
        id
    }

    fn reading(&mut self, reading: &str, surface: &str, kind: TokenKind) -> u32 {
        if let Some(&id) = self.reading_ids.get(reading) {
            return id;
        }
        let id = self.stems.len() as u32;
        self.kinds.push(kind);
        if let (true, Some(table)) = (self.own, self.table.get_mut()) {
            // A user's own vectors were looked up before this word came.
            table.resize(table.len() + self.dims, 0.0);
        } else {
            self.table = OnceLock::new();
        }
        let next = self.stem_ids.len() as u32;
        let root = match kind {
            TokenKind::Number => "#".into(),
            _ => stem(reading),
        };
        if !self.stem_ids.contains_key(root.as_ref()) {
            self.stem_names.push(root.as_ref().into());
        }
        let root = *self.stem_ids.entry(root.as_ref().into()).or_insert(next);
        self.stems.push(root);
        self.readings.push(reading.into());
        self.hard
            .push(kind == TokenKind::Number || words::denies(reading));
        if root == next {
            self.first_of_stem.push(id);
        }
        let alike = match kind {
            TokenKind::Number => {
                self.slip_forms.push("".into());
                id
            }
            _ => {
                let lower = surface.to_lowercase();
                let form = if kind == TokenKind::Latin {
                    &lower
                } else {
                    reading
                };
                self.slip(form, id)
                    .unwrap_or(self.first_of_stem[root as usize])
            }
        };
        self.alike.push(alike);
        self.reading_ids.insert(reading.into(), id);
        id
    }

    /// The reading that an earlier word differs from by one letter, where one of the two is no known word.
    fn slip(&mut self, reading: &str, id: u32) -> Option<u32> {
        self.slip_forms.push(reading.into());
        // One slip can make a whole text look romanised, so a word may have been met under another reading.
        let whole = FxBuildHasher.hash_one(reading.to_string());
        if let Some(&old) = self.slips.get(&whole)
            && *self.slip_forms[old as usize] == *reading
        {
            return Some(self.alike[old as usize]);
        }
        if reading.chars().count() < SLIP_LETTERS {
            self.slips.entry(whole).or_insert(id);
            return None;
        }
        let known = is_known(reading);
        let ends = reading.char_indices().map(|(i, c)| (i, i + c.len_utf8()));
        let shorter = ends.map(|(from, to)| [&reading[..from], &reading[to..]].concat());
        let keys: Vec<u64> = shorter
            .chain([reading.to_string()])
            .map(|word| FxBuildHasher.hash_one(word))
            .collect();
        let found = keys.iter().find_map(|key| {
            let old = *self.slips.get(key)?;
            let other = &self.slip_forms[old as usize];
            (fold::one_slip(reading, other) && !(known && is_known(other))).then_some(old)
        });
        for key in keys {
            self.slips.entry(key).or_insert(id);
        }
        Some(self.alike[found? as usize])
    }
}

/// Words whose vectors are worked out at a time, at least.
const BLOCK: usize = 256;
/// Shorter words differ by one letter too often to be slips.
const SLIP_LETTERS: usize = 5;

fn is_known(word: &str) -> bool {
    lexicon::english(word).is_some() || lexicon::bangla(word).is_some()
}
