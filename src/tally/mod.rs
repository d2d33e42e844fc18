//! Counts that merge: integers only, so that any grouping of the answers gives the same tally.
//!
//! Tallies of one taxonomy form a commutative monoid: [`Tally::new`] is its identity, and
//! [`Tally::merge`] neither minds the order nor the brackets. A corpus can therefore be counted in
//! pieces, on many cores or over many days, and come out the same to the last bit. Shares and
//! intervals, which are floating point and would not add up so, appear first in
//! [`Report`](crate::report::Report). [`ByGroup`] counts the same in groups of answers, and keeps the same laws.

mod filter;
mod groups;
mod quote;
mod respondents;

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::record::{
    Coded, Coding, Language, Polarity, Reject, RejectKind, Response, Role, ThemeId,
};
use crate::span::Span;
use crate::taxonomy::Taxonomy;
use crate::text::non_answer::non_answer;
use crate::text::normalize;
use quote::Best;
use respondents::Respondents;

pub use filter::Filter;
pub(crate) use groups::Group;
pub use groups::{By, ByGroup};
pub use quote::Quote;

/// How many quotes a theme keeps.
const QUOTES: usize = 5;
/// How many answers without a theme are kept as a sample.
const UNCODED: usize = 20;
/// A survey weight of 1, in units so fine that weights which add up to 1 over millions of answers keep six digits.
pub(crate) const ONE: u128 = 1_000_000_000_000;

/// What a corpus said, counted.
///
/// A moderator's turn is no answer: it is only counted as set aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    tree: Arc<[Node]>,
    pub(crate) all: Count,
    pub(crate) uncoded: Count,
    /// Those without a theme whose text says nothing, by the name that the list of such texts has for it.
    pub(crate) non_answers: BTreeMap<&'static str, u64>,
    /// Those with themes that are all denied or over.
    pub(crate) no_problem: u64,
    pub(crate) languages: [u64; Language::ALL.len()],
    pub(crate) moderator_turns: u64,
    pub(crate) rejects: u64,
    pub(crate) empty: u64,
    pub(crate) weighted: bool,
    pub(crate) themes: Vec<Count>,
    respondents: Respondents,
    /// How many responses name both of two top-level themes; the smaller id first.
    pub(crate) pairs: BTreeMap<(ThemeId, ThemeId), u64>,
}

/// What is kept of a theme of the taxonomy, to count at the levels above it and to know the taxonomy again.
#[derive(Debug, PartialEq)]
struct Node {
    parent: Option<ThemeId>,
    code: Box<str>,
}

fn tree(taxonomy: &Taxonomy) -> impl Iterator<Item = (Option<ThemeId>, &str)> {
    let themes = taxonomy.themes().iter();
    themes.map(|theme| (theme.parent, theme.code.as_str()))
}

fn kept(taxonomy: &Taxonomy) -> Arc<[Node]> {
    let node = |(parent, code): (_, &str)| Node {
        parent,
        code: code.into(),
    };
    tree(taxonomy).map(node).collect()
}

/// The count of one theme (or of all responses, or of those without a theme).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Count {
    /// Responses by role and polarity.
    pub(crate) cells: [[u64; Polarity::ALL.len()]; Role::ALL.len()],
    /// Distinct stretches of text on which the theme rests, at least one a response.
    pub(crate) mentions: u64,
    /// Sum of the survey weights, in units of which [`ONE`] is a weight of 1.
    pub(crate) weight: u128,
    best: Best,
}

impl Count {
    fn new(quotes: usize) -> Self {
        Self {
            cells: Default::default(),
            mentions: 0,
            weight: 0,
            best: Best::new(quotes),
        }
    }

    /// How many responses.
    pub(crate) fn responses(&self) -> u64 {
        self.cells.iter().flatten().sum()
    }

    pub(crate) fn quotes(&self) -> &[Quote] {
        self.best.quotes()
    }

    fn add(&mut self, one: &One<'_>, polarity: Polarity, mentions: u64) {
        self.cells[one.role as usize][polarity as usize] += 1;
        self.mentions += mentions;
        self.weight += one.weight;
    }

    fn merge(&mut self, other: Count) {
        for (row, other) in self.cells.iter_mut().zip(other.cells) {
            for (cell, other) in row.iter_mut().zip(other) {
                *cell += other;
            }
        }
        self.mentions += other.mentions;
        self.weight += other.weight;
        self.best.merge(other.best);
    }
}

/// What counting needs of one response.
struct One<'r> {
    response: &'r Response,
    /// How well the length of its text suits a quote.
    length: u32,
    role: Role,
    weight: u128,
}

impl Tally {
    /// The tally of nothing, for codings by `taxonomy`.
    #[must_use]
    pub fn new(taxonomy: &Taxonomy) -> Self {
        let tree = kept(taxonomy);
        Self {
            all: Count::new(0),
            uncoded: Count::new(UNCODED),
            non_answers: BTreeMap::new(),
            no_problem: 0,
            languages: Default::default(),
            moderator_turns: 0,
            rejects: 0,
            empty: 0,
            weighted: false,
            themes: vec![Count::new(QUOTES); tree.len()],
            respondents: Respondents::default(),
            pairs: BTreeMap::new(),
            tree,
        }
    }

    /// Counts one response and what it was coded with.
    ///
    /// A theme counts once for a response, at its own level and at every level above. Where codings
    /// below one theme differ in polarity, the theme is `present` if any of them is, else `resolved`
    /// if any is: a problem that stands in one point stands.
    ///
    /// # Panics
    /// When a coding names a theme that the tally's taxonomy does not have.
    pub fn add(&mut self, response: &Response, coded: &Coded) {
        if response.moderator {
            self.moderator_turns += 1;
            return;
        }
        let one = One {
            response,
            length: quote::length(&response.text),
            role: coded.role,
            weight: units(response.weight),
        };
        let respondent = known_respondent(response);
        self.weighted |= one.weight != ONE;
        self.languages[coded.language as usize] += 1;
        self.all.add(&one, Polarity::Present, 0);
        if coded.codings.is_empty() {
            self.add_uncoded(&one);
        } else {
            let mut polarities = coded.codings.iter().map(|c| c.polarity);
            self.no_problem += u64::from(polarities.all(|p| p != Polarity::Present));
        }
        let levels = levels(coded, &self.tree);
        if let Some(name) = respondent {
            let named = levels.iter().map(|(theme, _)| *theme);
            self.respondents.add(&name, self.tree.len(), named);
        }
        let mut tops: SmallVec<[ThemeId; 8]> = SmallVec::new();
        for group in levels.chunk_by(|a, b| a.0 == b.0) {
            let theme = group[0].0;
            self.add_theme(&one, theme, group);
            if self.tree[usize::from(theme.0)].parent.is_none() {
                tops.push(theme);
            }
        }
        for (i, &a) in tops.iter().enumerate() {
            for &b in &tops[i + 1..] {
                *self.pairs.entry((a, b)).or_default() += 1;
            }
        }
    }

    fn add_theme(&mut self, one: &One<'_>, theme: ThemeId, group: &[(ThemeId, &Coding)]) {
        let codings = || group.iter().map(|(_, coding)| coding);
        let polarity = polarity(group);
        let score = codings().map(|c| c.score).fold(0.0, f32::max);
        let mut evidence: SmallVec<[Span; 16]> = codings()
            .flat_map(|c| &c.evidence)
            .map(|e| e.span)
            .collect();
        evidence.sort_unstable();
        evidence.dedup();

        let count = &mut self.themes[usize::from(theme.0)];
        count.add(one, polarity, evidence.len().max(1) as u64);
        if evidence.is_empty() {
            // A quote shows at least the words by which the statistical coder told the theme.
            evidence = codings().flat_map(|c| &c.weighed).copied().collect();
        }
        let rank = quote::rank(polarity, score, one.length);
        if count.best.admits(rank, &one.response.id) {
            let evidence = evidence.into_vec();
            count
                .best
                .add(Quote::new(rank, one.response, evidence, one.role, polarity));
        }
    }

    fn add_uncoded(&mut self, one: &One<'_>) {
        self.uncoded.add(one, Polarity::Present, 0);
        if let Some(name) = non_answer(&one.response.text) {
            // Whoever reads the sample looks for what the taxonomy lacks.
            *self.non_answers.entry(name).or_default() += 1;
            return;
        }
        let rank = quote::chance(&one.response.text);
        if self.uncoded.best.admits(rank, &one.response.id) {
            self.uncoded.best.add(Quote::new(
                rank,
                one.response,
                Vec::new(),
                one.role,
                Polarity::Present,
            ));
        }
    }

    /// Counts a piece of input that gave no answer.
    pub fn add_reject(&mut self, reject: &Reject) {
        self.rejects += 1;
        self.empty += u64::from(reject.kind == RejectKind::Empty);
    }

    /// Both tallies as one.
    ///
    /// # Panics
    /// When they are of different taxonomies.
    #[must_use]
    pub fn merge(mut self, other: Tally) -> Tally {
        assert_eq!(
            self.tree, other.tree,
            "tallies of different taxonomies do not add up"
        );
        self.all.merge(other.all);
        self.uncoded.merge(other.uncoded);
        for (name, n) in other.non_answers {
            *self.non_answers.entry(name).or_default() += n;
        }
        self.no_problem += other.no_problem;
        for (count, other) in self.languages.iter_mut().zip(other.languages) {
            *count += other;
        }
        self.moderator_turns += other.moderator_turns;
        self.rejects += other.rejects;
        self.empty += other.empty;
        self.weighted |= other.weighted;
        for (count, other) in self.themes.iter_mut().zip(other.themes) {
            count.merge(other);
        }
        self.respondents.merge(other.respondents);
        for (pair, n) in other.pairs {
            *self.pairs.entry(pair).or_default() += n;
        }
        self
    }

    /// Whether its themes are those of `taxonomy`.
    pub(crate) fn is_of(&self, taxonomy: &Taxonomy) -> bool {
        let own = self.tree.iter().map(|node| (node.parent, &*node.code));
        own.eq(tree(taxonomy))
    }

    /// How many different people answered, of those who are known.
    pub(crate) fn respondents(&self) -> u64 {
        self.respondents.len()
    }

    /// How many of them name each theme.
    pub(crate) fn respondents_by_theme(&self) -> Vec<u64> {
        self.respondents.by_theme(self.tree.len())
    }

    /// How many responses were counted, moderators' turns not among them.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.all.responses()
    }

    /// How many of them bear no theme.
    #[must_use]
    pub fn uncoded(&self) -> u64 {
        self.uncoded.responses()
    }

    /// How many pieces of input gave no answer, rows without words among them.
    #[must_use]
    pub fn rejects(&self) -> u64 {
        self.rejects
    }
}

/// The codings of a response under each theme that they name, at their own level and at every level above.
type Levels<'c> = SmallVec<[(ThemeId, &'c Coding); 16]>;

fn levels<'c>(coded: &'c Coded, tree: &[Node]) -> Levels<'c> {
    let mut levels = Levels::new();
    for coding in &coded.codings {
        let mut at = Some(coding.theme);
        while let Some(theme) = at {
            levels.push((theme, coding));
            at = tree[usize::from(theme.0)].parent;
        }
    }
    levels.sort_by_key(|&(theme, _)| theme);
    levels
}

/// The polarity of one theme in a response; see [`Tally::add`].
fn polarity(group: &[(ThemeId, &Coding)]) -> Polarity {
    let polarities = group.iter().map(|(_, c)| c.polarity);
    polarities.fold(Polarity::Absent, Polarity::joined)
}

/// Who answered, by the name as it is compared.
fn known_respondent(response: &Response) -> Option<String> {
    let name = response.respondent.as_deref().map(normalize::name);
    name.filter(|name| !name.is_empty())
}

/// A survey weight in units; one that is no number or negative weighs nothing.
fn units(weight: f64) -> u128 {
    // Most answers have no weight of their own, and the cast is slow.
    if weight == 1.0 {
        return ONE;
    }
    // `clamp` leaves NaN as it is and the cast takes it to 0.
    (weight.clamp(0.0, 1e12) * ONE as f64).round() as u128
}

#[cfg(test)]
pub(crate) mod tests;
