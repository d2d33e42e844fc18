//! Themes and the terms by which they are told: parsed from TOML, checked, held.
//!
//! The format is described in `data/taxonomies/README.md`; the terms' little language in [`pattern`].

pub(crate) mod builtin;
mod cues;
mod parse;
pub mod pattern;

#[cfg(test)]
pub(crate) use cues::write_briefs;
pub(crate) use cues::{Brief as CueBrief, Particles, Weights, briefs, cues};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::error::Error;
use crate::packed::{Reader, Strings};
use crate::record::{TermId, ThemeId};
use pattern::{Pattern, WordPattern};

/// A theme: what it is called, what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Dotted code, such as `manpower.shortage`.
    pub code: String,
    /// English label.
    pub label_en: String,
    /// Bangla label.
    pub label_bn: String,
    /// What it covers.
    pub definition: String,
    /// What goes in.
    pub include: String,
    /// What stays out, and where that goes.
    pub exclude: String,
    /// The theme above it.
    pub parent: Option<ThemeId>,
    /// 0 for a top-level theme.
    pub depth: u8,
}

/// A term: one way in which people speak of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The theme it tells.
    pub theme: ThemeId,
    /// As written in the taxonomy.
    pub source: String,
    /// As parsed.
    pub pattern: Pattern,
    /// Patterns that block it where they touch its words.
    pub not: Vec<Pattern>,
    /// Patterns that block it anywhere in its sentence.
    pub unless: Vec<Pattern>,
    /// How much a match says, in percent: 100 settles the matter, below 50 it needs company.
    pub weight: u8,
}

/// A checked taxonomy. Themes stand in depth-first order; a [`ThemeId`] is an index into them.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    name: String,
    label_en: String,
    label_bn: String,
    themes: Vec<Theme>,
    /// Of each term what coding asks for.
    told: Vec<Told>,
    /// Each term as written.
    labels: Strings,
    /// The terms as patterns. A built-in taxonomy is compiled already, so that they are parsed only when somebody asks.
    parsed: OnceLock<Parsed>,
    source: Cow<'static, str>,
    /// The name of the built-in one that it extends, if it is none itself.
    extends: Option<&'static str>,
    /// What a built-in taxonomy compiles to.
    compiled: Option<Reader>,
}

/// What one needs to compile a taxonomy.
#[derive(Clone, Debug, Default)]
struct Parsed {
    terms: Vec<Term>,
    sets: BTreeMap<String, Vec<Vec<WordPattern>>>,
}

/// Which theme a term tells, and its weight in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) theme: ThemeId,
    pub(crate) weight: u8,
}

impl Taxonomy {
    /// The five core themes: manpower, bandwidth, budget, database, coordination.
    #[must_use]
    pub fn core() -> Self {
        builtin::load("core")
    }

    /// The core themes and seven more, for social-security communication.
    #[must_use]
    pub fn nsss() -> Self {
        builtin::load("nsss")
    }

    /// The built-in taxonomy of that name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        builtin::NAMES.contains(&name).then(|| builtin::load(name))
    }

    /// The names of the built-in taxonomies.
    #[must_use]
    pub fn builtin_names() -> &'static [&'static str] {
        &builtin::NAMES
    }

    /// Whether it is one that comes with the crate, not one of the same name.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        builtin::source(&self.name) == Some(&*self.source)
    }

    /// The built-in taxonomy that it extends, by itself or through others; its terms come first in both.
    #[must_use]
    pub fn extends(&self) -> Option<Self> {
        self.extends.map(builtin::load)
    }

    /// Parses a taxonomy; `file` is the name that messages give.
    ///
    /// # Errors
    /// The first fault met, with file, line, column and remedy.
    pub fn from_toml(file: &str, source: &str) -> Result<Self, Error> {
        parse::parse(file, source)
    }

    /// The same for a taxonomy that may extend other files: `find` gives the text of one by the name after `extends`.
    ///
    /// # Errors
    /// The first fault met, with file, line, column and remedy.
    pub fn from_toml_extending(
        file: &str,
        source: &str,
        find: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        parse::parse_extending(file, source, &find)
    }

    /// The TOML text that it was read from, remarks and all.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its title in English.
    #[must_use]
    pub fn label_en(&self) -> &str {
        &self.label_en
    }

    /// Its title in Bangla.
    #[must_use]
    pub fn label_bn(&self) -> &str {
        &self.label_bn
    }

    /// All themes, depth first.
    #[must_use]
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The theme of that id.
    ///
    /// # Panics
    /// When the id is of another taxonomy.
    #[must_use]
    pub fn theme(&self, id: ThemeId) -> &Theme {
        &self.themes[usize::from(id.0)]
    }

    /// The theme of that dotted code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<ThemeId> {
        self.themes
            .iter()
            .position(|t| t.code == code)
            .map(|i| ThemeId(i as u16))
    }

    /// The top-level theme above (or equal to) `id`.
    #[must_use]
    pub fn top(&self, id: ThemeId) -> ThemeId {
        let mut id = id;
        while let Some(parent) = self.theme(id).parent {
            id = parent;
        }
        id
    }

    /// The top-level themes, in order.
    pub fn tops(&self) -> impl Iterator<Item = ThemeId> + '_ {
        self.themes
            .iter()
            .enumerate()
            .filter(|(_, t)| t.parent.is_none())
            .map(|(i, _)| ThemeId(i as u16))
    }

    /// All terms; a [`TermId`] is an index into them.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.parsed().terms
    }

    /// Which theme each term tells, and how surely.
    pub(crate) fn told(&self) -> &[Told] {
        &self.told
    }

    /// What it compiles to, where that is known.
    pub(crate) fn compiled(&self) -> Option<Reader> {
        self.compiled
    }

    fn parsed(&self) -> &Parsed {
        self.parsed
            .get_or_init(|| builtin::parse(&self.name).into_parsed())
    }

    fn into_parsed(self) -> Parsed {
        self.parsed.into_inner().unwrap_or_default()
    }

    /// The term as written in the taxonomy; empty for [`TermId::UNKNOWN`].
    ///
    /// # Panics
    /// When the id is of another taxonomy.
    #[must_use]
    pub fn term_label(&self, id: TermId) -> &str {
        match id {
            TermId::UNKNOWN => "",
            id => self.labels.get(id.0 as usize),
        }
    }

    /// Each term as written, in order.
    #[cfg(feature = "formats")]
    pub(crate) fn term_labels(&self) -> impl Iterator<Item = (TermId, &str)> {
        (0..self.labels.len()).map(|at| (TermId(at as u32), self.labels.get(at)))
    }

    /// The word sets that terms name as `<set>`.
    #[must_use]
    pub fn sets(&self) -> &BTreeMap<String, Vec<Vec<WordPattern>>> {
        &self.parsed().sets
    }
}
