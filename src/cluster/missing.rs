//! Words that go with a theme of the taxonomy but are not among its terms.
//!
//! Association is told by the log-likelihood ratio G² of word and theme over the different answers (Dunning, *Accurate methods
//! for the statistics of surprise and coincidence*, Computational Linguistics 19, 1993).

use rustc_hash::FxHashSet;

use super::corpus::{Corpus, Tongue};
use super::label;
use super::suggest::{Addition, ProposedTerm, weight, writable};
use crate::record::ThemeId;
use crate::stats;
use crate::taxonomy::Taxonomy;
use crate::taxonomy::pattern::{Element, WordPattern};
use crate::text::stem::stem;

/// The least G²: chance alone reaches it once in ten thousand words (one degree of freedom).
pub(super) const FLOOR: f64 = 15.13;
/// A word stands in so many answers of the theme …
const FEWEST: u32 = 3;
/// … and so large a share of the answers that hold it have the theme.
const SHARE: f64 = 0.5;
const MOST: usize = 8;
const QUOTES: usize = 2;

/// The missing terms of each top-level theme, strongest first.
pub(super) fn terms(corpus: &Corpus, taxonomy: &Taxonomy, first: &[usize]) -> Vec<Addition> {
    let mut out = Vec::new();
    let units: Vec<usize> = (0..corpus.units.len()).collect();
    for theme in taxonomy.tops() {
        let mut of = vec![None; corpus.units.len()];
        for member in &corpus.members {
            if let Some(unit) = member.unit
                && member.tops.contains(&theme)
            {
                of[unit as usize] = Some(0);
            }
        }
        let with = of.iter().filter(|o| o.is_some()).count();
        let known = known(taxonomy, theme);
        let found = label::terms(corpus, &units, &of, 1).remove(0).0;
        let mut additions: Vec<Addition> = found
            .into_iter()
            .filter(|t| t.here >= FEWEST && t.stems.1.is_none() && t.tongue != Tongue::Other)
            .filter_map(|term| {
                let (here, total) = (term.here as usize, term.total as usize);
                let g2 = g2(here, total, with, of.len());
                let typed = &corpus.typed[term.words.0 as usize];
                let form = typed.surface.to_lowercase();
                let root = &corpus.stem_names()[term.stems.0 as usize];
                let list = match term.tongue {
                    Tongue::Bangla => "bn",
                    Tongue::Roman => "roman",
                    _ => "en",
                };
                let is_new = !known.contains(root.as_ref()) && !known.contains(form.as_str());
                let is_strong = g2 >= FLOOR && here as f64 >= SHARE * total as f64;
                (is_new && is_strong && writable(&form, list)).then(|| {
                    let holds = |u: &usize| {
                        of[*u].is_some()
                            && corpus.units[*u]
                                .words
                                .iter()
                                .any(|&w| corpus.stem_of(w) == term.stems.0)
                    };
                    Addition {
                        theme,
                        term: ProposedTerm {
                            term: form,
                            list,
                            weight: weight(here, total),
                            here,
                            total,
                        },
                        g2,
                        quotes: (0..of.len())
                            .filter(holds)
                            .take(QUOTES)
                            .map(|u| corpus.quote(first[u]))
                            .collect(),
                    }
                })
            })
            .collect();
        additions.sort_by(|a, b| {
            b.g2.total_cmp(&a.g2)
                .then_with(|| a.term.term.cmp(&b.term.term))
        });
        additions.truncate(MOST);
        out.extend(additions);
    }
    out
}

/// G² of a word in `here` answers of the theme and `total` of all, with `with` of `n` answers having the theme; zero where the
/// word is no more frequent with the theme than without.
pub(super) fn g2(here: usize, total: usize, with: usize, n: usize) -> f64 {
    match here * n <= total * with {
        true => 0.0,
        false => stats::g2([here, total, with, n].map(|x| x as f64)),
    }
}

/// Stems and forms of all words in the terms of a theme and its subthemes.
fn known(taxonomy: &Taxonomy, theme: ThemeId) -> FxHashSet<String> {
    let mut out = FxHashSet::default();
    let mut add = |word: &WordPattern| {
        let form = word.text.to_lowercase();
        out.insert(stem(&form).into_owned());
        out.insert(form);
    };
    for term in taxonomy
        .terms()
        .iter()
        .filter(|t| taxonomy.top(t.theme) == theme)
    {
        for element in &term.pattern.elements {
            match element {
                Element::Word(word) => add(word),
                Element::Any(phrases) => phrases.iter().flatten().for_each(&mut add),
                Element::Set(name) => {
                    taxonomy
                        .sets()
                        .get(name)
                        .into_iter()
                        .flatten()
                        .flatten()
                        .for_each(&mut add);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn association_is_one_sided_and_grows_with_evidence() {
        assert_eq!(g2(1, 10, 10, 100), 0.0, "as often as by chance");
        assert_eq!(g2(0, 10, 50, 100), 0.0, "less often");
        assert!(g2(4, 5, 20, 100) < FLOOR && g2(15, 16, 20, 100) > FLOOR);
        // Worked by hand: all ten in the theme of ten among a hundred is 2 n H.
        let entropy = -(0.1 * 0.1f64.ln() + 0.9 * 0.9f64.ln());
        assert!((g2(10, 10, 10, 100) - 200.0 * entropy).abs() < 1e-9);
    }
}
