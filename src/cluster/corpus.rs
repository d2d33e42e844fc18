//! What is kept of the answers until they are clustered: each distinct word once, and each distinct answer once.

use rustc_hash::FxHashMap;

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
    /// Whether it is so common that it names nothing.
    pub(super) common: bool,
}

/// Answers that read the same.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The words of the first, by place in `typed`.
    pub(super) words: Box<[u32]>,
    pub(super) language: Language,
}

/// An answer as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) text: Box<str>,
    pub(super) unit: Option<u32>,
    pub(super) tops: Box<[ThemeId]>,
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
    by_reading: FxHashMap<Box<[u32]>, u32>,
    pub(super) typed: Vec<Typed>,
    surface_ids: FxHashMap<Box<str>, u32>,
    /// A typed word by its surface and its reading.
    typed_ids: FxHashMap<(u32, u32), u32>,
    /// The stem of each reading.
    pub(super) stems: Vec<u32>,
    /// The static vector of each reading, one after the other.
    pub(super) table: Vec<f32>,
    reading_ids: FxHashMap<Box<str>, u32>,
    stem_ids: FxHashMap<Box<str>, u32>,
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
            by_reading: FxHashMap::default(),
            typed: Vec::new(),
            surface_ids: FxHashMap::default(),
            typed_ids: FxHashMap::default(),
            stems: Vec::new(),
            table: Vec::new(),
            reading_ids: FxHashMap::default(),
            stem_ids: FxHashMap::default(),
        }
    }

    /// Adds an answer. Their order counts: ties go to the earlier one.
    pub fn add(&mut self, answer: Answer) {
        let mut rest = answer.letters.as_str();
        let words: Box<[u32]> = answer
            .words
            .into_iter()
            .map(|(typed, reading, kind)| {
                let (typed, after) = rest.split_at(typed as usize);
                let (reading, after) = after.split_at(reading as usize);
                rest = after;
                self.typed(typed, reading, kind)
            })
            .collect();
        let unit = (!words.is_empty()).then(|| {
            let readings: Box<[u32]> = words
                .iter()
                .map(|&w| self.typed[w as usize].reading)
                .collect();
            let next = self.units.len() as u32;
            let unit = *self.by_reading.entry(readings).or_insert(next);
            if unit == next {
                self.units.push(Unit {
                    words,
                    language: answer.language,
                });
            }
            unit
        });
        self.members.push(Member {
            id: answer.id,
            text: answer.text.into(),
            unit,
            tops: answer.tops.into(),
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
        self.table = table;
        (known, self.stems.len())
    }

    /// How many different stems there are.
    pub(super) fn n_stems(&self) -> usize {
        self.stem_ids.len()
    }

    fn typed(&mut self, surface: &str, reading: &str, kind: TokenKind) -> u32 {
        let place = match self.surface_ids.get(surface) {
            Some(&place) => place,
            None => {
                let place = self.surface_ids.len() as u32;
                self.surface_ids.insert(surface.into(), place);
                place
            }
        };
        let key = (place, self.reading(reading, kind));
        if let Some(&id) = self.typed_ids.get(&key) {
            return id;
        }
        let native = reading.starts_with(|c: char| script::class(c) == script::Class::Bangla);
        self.typed.push(Typed {
            tongue: match kind {
                TokenKind::Bangla => Tongue::Bangla,
                TokenKind::Latin if native => Tongue::Roman,
                TokenKind::Latin => Tongue::English,
                _ => Tongue::Other,
            },
            reading: key.1,
            // 'in' and 'for' name nothing in a romanised text either.
            common: is_common(reading) || is_common(&surface.to_lowercase()),
            surface: surface.into(),
        });
        let id = self.typed_ids.len() as u32;
        self.typed_ids.insert(key, id);
        id
    }

    fn reading(&mut self, reading: &str, kind: TokenKind) -> u32 {
        if let Some(&id) = self.reading_ids.get(reading) {
            return id;
        }
        let id = self.stems.len() as u32;
        let at = self.table.len();
        self.table.resize(at + self.dims, 0.0);
        if !self.own {
            features::of_word(reading, kind, |row| {
                let weight = f32::from(self.vectors.idf(row));
                self.vectors.add(row, weight, &mut self.table[at..]);
            });
        }
        let next = self.stem_ids.len() as u32;
        let root = match kind {
            TokenKind::Number => "#".into(),
            _ => stem(reading),
        };
        let root = *self.stem_ids.entry(root.as_ref().into()).or_insert(next);
        self.stems.push(root);
        self.reading_ids.insert(reading.into(), id);
        id
    }
}

/// From these frequencies on (tenths of a Zipf unit) a word serves the grammar or says nearly nothing: 'should', 'people', করে.
const COMMON_ENGLISH: u8 = 60;
const COMMON_BANGLA: u8 = 59;

fn is_common(reading: &str) -> bool {
    lexicon::english(reading).is_some_and(|f| f >= COMMON_ENGLISH)
        || lexicon::bangla(reading).is_some_and(|f| f >= COMMON_BANGLA)
}
