//! From the terms met in a text to its codings.

use smallvec::SmallVec;

use super::polarity::{self, Polarities};
use super::{Match, Scratch};
use crate::record::{Coding, Evidence, Origin, Polarity, TermId, ThemeId};
use crate::taxonomy::Taxonomy;

/// A theme is given from this score on.
pub(super) const THRESHOLD: f32 = 0.5;
/// The same for the label of a question or a table row: it names its theme with a single word ('Committee').
pub(super) const LABEL_THRESHOLD: f32 = 0.25;
/// So many terms are compared with each other.
const FEW_TERMS: usize = 32;

/// Of a taxonomy what coding asks for again and again, side by side.
#[derive(Debug)]
pub(super) struct Outline {
    parents: Vec<Option<ThemeId>>,
    /// The top-level themes.
    tops: Vec<ThemeId>,
    /// The top-level theme of each theme.
    top_of: Vec<ThemeId>,
    /// For each term its theme, and its weight from 0 to 1.
    terms: Vec<(ThemeId, f32)>,
    /// The first of the terms that were added to a built-in taxonomy.
    first_own: u32,
}

impl Outline {
    /// Of a taxonomy that may extend `base`.
    pub(super) fn new(taxonomy: &Taxonomy, base: Option<&Taxonomy>) -> Self {
        let ids = (0..taxonomy.themes().len()).map(|id| ThemeId(id as u16));
        let terms = taxonomy.told().iter();
        let first_own = base.map_or(terms.len(), |base| base.told().len());
        Self {
            first_own: first_own as u32,
            parents: taxonomy.themes().iter().map(|t| t.parent).collect(),
            tops: taxonomy.tops().collect(),
            top_of: ids.map(|id| taxonomy.top(id)).collect(),
            terms: terms
                .map(|t| (t.theme, f32::from(t.weight) / 100.0))
                .collect(),
        }
    }

    pub(super) fn theme_of(&self, term: &Match) -> ThemeId {
        self.terms[term.term as usize].0
    }

    /// Whether a user added the term to those of a built-in taxonomy.
    pub(super) fn is_own(&self, term: &Match) -> bool {
        term.term >= self.first_own
    }

    pub(super) fn top(&self, theme: ThemeId) -> ThemeId {
        self.top_of[usize::from(theme.0)]
    }
}

/// The codings for the terms in `scratch`, ordered by theme.
pub(super) fn decide(outline: &Outline, scratch: &mut Scratch, threshold: f32) -> Vec<Coding> {
    if scratch.terms.is_empty() {
        return Vec::new();
    }
    scores(outline, scratch);
    let mut codings = Vec::new();
    for &top in &outline.tops {
        let score = scratch.scores[usize::from(top.0)];
        if score >= threshold {
            code_top(outline, scratch, top, score, &mut codings);
        }
    }
    polarity::set_against(outline, &mut codings, scratch);
    codings.sort_by_key(|c| c.theme);
    codings
}

/// The codings below one top-level theme: its subthemes where terms tell them, else the theme itself.
pub(super) fn code_top(
    outline: &Outline,
    scratch: &Scratch,
    top: ThemeId,
    whole: f32,
    codings: &mut Vec<Coding>,
) {
    let mut themes: SmallVec<[(f32, ThemeId); 8]> = SmallVec::new();
    for term in &scratch.terms {
        let theme = outline.theme_of(term);
        if outline.top(theme) == top && !themes.iter().any(|(_, t)| *t == theme) {
            themes.push((scratch.own[usize::from(theme.0)], theme));
        }
    }
    // A theme with a coded theme below it says nothing more.
    let is_above = |t: ThemeId| {
        themes
            .iter()
            .any(|(s, other)| *s >= THRESHOLD && other != &t && is_below(outline, *other, t))
    };
    let mut given: SmallVec<[(f32, ThemeId); 8]> = themes
        .iter()
        .copied()
        .filter(|(s, t)| *s >= THRESHOLD && !is_above(*t))
        .collect();
    if given.is_empty() {
        // Only several hints together carry the theme: they stand under what they have in common.
        given.push((whole, top));
    }
    let mut polarities = Polarities::new(&scratch.cues);
    for (score, theme) in given {
        let is_mine = |m: &&Match| {
            let of = outline.theme_of(m);
            of == theme || is_below(outline, of, theme)
        };
        let mine = || scratch.terms.iter().filter(is_mine);
        // The theme is denied or over where nothing says that it is still there.
        let polarity = mine().map(|m| polarities.of((m.sentence, m.turn))).min();
        let mut evidence = Vec::with_capacity(mine().count());
        evidence.extend(mine().map(|m| Evidence {
            span: m.span,
            term: TermId(m.term),
        }));
        keep_longest(&mut evidence);
        codings.push(Coding {
            theme,
            polarity: polarity.unwrap_or(Polarity::Present),
            score,
            origin: Origin::Rules,
            evidence,
            weighed: Vec::new(),
        });
    }
}

/// Works out the rules' score of every theme, 1 - Π(1 - w), each term once: `scores` with the terms of its subthemes, `own`
/// without.
pub(super) fn scores(outline: &Outline, scratch: &mut Scratch) {
    let Scratch {
        terms,
        scores,
        own,
        met,
        ..
    } = scratch;
    let n = outline.parents.len();
    for doubts in [&mut *scores, &mut *own] {
        doubts.clear();
        doubts.resize(n, 1.0);
    }
    // A long text names many terms many times: then there is a bit for each.
    met.clear();
    if terms.len() > FEW_TERMS {
        met.resize(outline.terms.len().div_ceil(64), 0);
    }
    for (i, m) in terms.iter().enumerate() {
        let is_known = match met.get_mut(m.term as usize / 64) {
            Some(bits) => {
                let before = *bits;
                *bits |= 1 << (m.term % 64);
                *bits == before
            }
            None => terms[..i].iter().any(|other| other.term == m.term),
        };
        if is_known {
            continue;
        }
        let (theme, weight) = outline.terms[m.term as usize];
        let doubt = 1.0 - weight * f32::from(m.score) / 100.0;
        own[usize::from(theme.0)] *= doubt;
        let mut above = Some(theme);
        while let Some(id) = above {
            scores[usize::from(id.0)] *= doubt;
            above = outline.parents[usize::from(id.0)];
        }
    }
    for doubts in [scores, own] {
        doubts.iter_mut().for_each(|doubt| *doubt = 1.0 - *doubt);
    }
}

fn is_below(outline: &Outline, theme: ThemeId, above: ThemeId) -> bool {
    let mut parent = outline.parents[usize::from(theme.0)];
    while let Some(p) = parent {
        if p == above {
            return true;
        }
        parent = outline.parents[usize::from(p.0)];
    }
    false
}

/// A phrase means more than a word in it: 'data entry operator' is staff, its 'data' no database. But who adds 'laptop' to a built-in
/// taxonomy that knows 'no laptop' means to hear of it.
pub(super) fn drop_swallowed(outline: &Outline, terms: &mut Vec<Match>) {
    let top = |m: &Match| outline.top(outline.theme_of(m));
    let phrases: SmallVec<[Match; 8]> = terms
        .iter()
        .copied()
        .filter(|m| m.contiguous && m.words.1 - m.words.0 >= 2)
        .collect();
    if phrases.is_empty() {
        return;
    }
    // Both stand in the order of their sentences; a long text has many.
    let mut rest = phrases.as_slice();
    terms.retain(|m| {
        let before = rest.iter().take_while(|p| p.sentence < m.sentence).count();
        rest = &rest[before..];
        let mut same = rest.iter().take_while(|p| p.sentence == m.sentence);
        !same.any(|p| {
            p.words.0 <= m.words.0
                && m.words.1 <= p.words.1
                && m.words.1 - m.words.0 < p.words.1 - p.words.0
                && top(p) != top(m)
                && (outline.is_own(p) || !outline.is_own(m))
        })
    });
}

/// Drops evidence that lies within other evidence, so that one mention counts once.
fn keep_longest(evidence: &mut Vec<Evidence>) {
    evidence.sort_by_key(|e| (e.span.start, std::cmp::Reverse(e.span.end), e.term));
    let mut end = 0;
    evidence.retain(|e| {
        let keep = e.span.end > end;
        end = end.max(e.span.end);
        keep
    });
}
