//! From the terms met in a text to its codings.

use super::{Match, Scratch, polarity};
use crate::record::{Coding, Evidence, Origin, Polarity, TermId, ThemeId};
use crate::taxonomy::Taxonomy;

/// A theme is given from this score on.
pub(super) const THRESHOLD: f32 = 0.5;
/// The same for the label of a question or a table row: it names its theme with a single word ('Committee').
pub(super) const LABEL_THRESHOLD: f32 = 0.25;
/// Top-level themes given to one answer at most; the plainest stay.
pub(super) const MAX_THEMES: usize = 4;

/// The codings for the terms in `scratch`, ordered by theme.
pub(super) fn decide(taxonomy: &Taxonomy, scratch: &mut Scratch, threshold: f32) -> Vec<Coding> {
    if scratch.terms.is_empty() {
        return Vec::new();
    }
    let mut tops: Vec<(f32, ThemeId)> = taxonomy
        .tops()
        .map(|top| {
            (
                score(taxonomy, &scratch.terms, |t| taxonomy.top(t) == top),
                top,
            )
        })
        .filter(|(score, _)| *score >= threshold)
        .collect();
    tops.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    tops.truncate(MAX_THEMES);
    let mut codings = Vec::new();
    for (whole, top) in tops {
        code_top(taxonomy, scratch, top, whole, &mut codings);
    }
    codings.sort_by_key(|c| c.theme);
    codings
}

/// The codings below one top-level theme: its subthemes where terms tell them, else the theme itself.
pub(super) fn code_top(
    taxonomy: &Taxonomy,
    scratch: &Scratch,
    top: ThemeId,
    whole: f32,
    codings: &mut Vec<Coding>,
) {
    let mut themes: Vec<(f32, ThemeId)> = Vec::new();
    for term in &scratch.terms {
        let theme = taxonomy.terms()[term.term as usize].theme;
        if taxonomy.top(theme) == top && !themes.iter().any(|(_, t)| *t == theme) {
            themes.push((score(taxonomy, &scratch.terms, |t| t == theme), theme));
        }
    }
    // A theme with a coded theme below it says nothing more.
    let is_above = |t: ThemeId| {
        themes
            .iter()
            .any(|(s, other)| *s >= THRESHOLD && other != &t && is_below(taxonomy, *other, t))
    };
    let mut given: Vec<(f32, ThemeId)> = themes
        .iter()
        .copied()
        .filter(|(s, t)| *s >= THRESHOLD && !is_above(*t))
        .collect();
    if given.is_empty() {
        // Only several hints together carry the theme: they stand under what they have in common.
        given.push((whole, top));
    }
    for (score, theme) in given {
        let is_mine = |m: &&Match| {
            let of = taxonomy.terms()[m.term as usize].theme;
            of == theme || is_below(taxonomy, of, theme)
        };
        let mine: Vec<&Match> = scratch.terms.iter().filter(is_mine).collect();
        let mut evidence: Vec<Evidence> = mine
            .iter()
            .map(|m| Evidence {
                span: m.span,
                term: TermId(m.term),
            })
            .collect();
        keep_longest(&mut evidence);
        let polarities: Vec<Polarity> = mine
            .iter()
            .map(|m| polarity::of(m, &scratch.cues))
            .collect();
        // The theme is denied or over where nothing says that it is still there.
        let polarity = polarities
            .iter()
            .copied()
            .min()
            .unwrap_or(Polarity::Present);
        codings.push(Coding {
            theme,
            polarity,
            score,
            origin: Origin::Rules,
            evidence,
            weighed: Vec::new(),
        });
    }
}

/// The rules' score of every theme, the terms of its subthemes counted: 1 - Π(1 - w), each term once.
pub(super) fn scores(taxonomy: &Taxonomy, terms: &[Match], out: &mut Vec<f32>) {
    out.clear();
    out.resize(taxonomy.themes().len(), 1.0);
    for (i, m) in terms.iter().enumerate() {
        if terms[..i].iter().any(|other| other.term == m.term) {
            continue;
        }
        let term = &taxonomy.terms()[m.term as usize];
        let doubt = 1.0 - f32::from(term.weight) / 100.0 * f32::from(m.score) / 100.0;
        let mut theme = Some(term.theme);
        while let Some(id) = theme {
            out[usize::from(id.0)] *= doubt;
            theme = taxonomy.theme(id).parent;
        }
    }
    out.iter_mut().for_each(|doubt| *doubt = 1.0 - *doubt);
}

/// How surely the terms of the themes that `is_mine` picks tell their theme: 1 - Π(1 - w), each term once.
fn score(taxonomy: &Taxonomy, terms: &[Match], is_mine: impl Fn(ThemeId) -> bool) -> f32 {
    let mut doubt = 1.0f32;
    for (i, m) in terms.iter().enumerate() {
        let term = &taxonomy.terms()[m.term as usize];
        if is_mine(term.theme) && !terms[..i].iter().any(|other| other.term == m.term) {
            doubt *= 1.0 - f32::from(term.weight) / 100.0 * f32::from(m.score) / 100.0;
        }
    }
    1.0 - doubt
}

fn is_below(taxonomy: &Taxonomy, theme: ThemeId, above: ThemeId) -> bool {
    let mut parent = taxonomy.theme(theme).parent;
    while let Some(p) = parent {
        if p == above {
            return true;
        }
        parent = taxonomy.theme(p).parent;
    }
    false
}

/// A phrase means more than a word in it: 'data entry operator' is staff, its 'data' no database.
pub(super) fn drop_swallowed(taxonomy: &Taxonomy, terms: &mut Vec<Match>) {
    let top = |m: &Match| taxonomy.top(taxonomy.terms()[m.term as usize].theme);
    let phrases: Vec<Match> = terms
        .iter()
        .copied()
        .filter(|m| m.contiguous && m.words.1 - m.words.0 >= 2)
        .collect();
    terms.retain(|m| {
        !phrases.iter().any(|p| {
            p.sentence == m.sentence
                && p.words.0 <= m.words.0
                && m.words.1 <= p.words.1
                && m.words.1 - m.words.0 < p.words.1 - p.words.0
                && top(p) != top(m)
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
