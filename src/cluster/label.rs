//! Names clusters by the words that set them apart, as people typed them.
//!
//! Class-based TF-IDF: a cluster's answers count as one text (Grootendorst, *BERTopic*, 2022, arXiv:2203.05794). Words are
//! counted by stem and by the answers in which they stand; of the forms of a stem the most frequent in the cluster is shown.

use rustc_hash::FxHashMap;

use super::corpus::{Corpus, Tongue};

/// Terms in a label.
const TERMS: usize = 6;
/// A language with this share of a cluster's words has a term in the label.
const SHARE: f64 = 0.15;
/// A term stands in this share of a cluster's answers at least …
const FEWEST: f64 = 0.01;
/// … and is so many times as frequent there as in all answers.
const LIFT: f64 = 1.5;
const TONGUES: [Tongue; 3] = [Tongue::Bangla, Tongue::English, Tongue::Roman];

/// What is counted of one stem, typed in one language, in one cluster.
#[derive(Default)]
struct Count {
    answers: u32,
    forms: FxHashMap<u32, u32>,
}

/// The label of each of `k` clusters; `of` gives the cluster of each distinct answer.
pub(super) fn labels(corpus: &Corpus, of: &[usize], k: usize) -> Vec<Vec<String>> {
    let mut counts: Vec<FxHashMap<(u32, Tongue), Count>> =
        (0..k).map(|_| FxHashMap::default()).collect();
    let mut totals: FxHashMap<(u32, Tongue), u32> = FxHashMap::default();
    let mut sizes = vec![0u32; k];
    for (unit, &cluster) in corpus.units.iter().zip(of) {
        sizes[cluster] += 1;
        let mut words: Vec<(u32, Tongue, u32)> = unit
            .words
            .iter()
            .map(|&w| {
                let typed = &corpus.typed[w as usize];
                (corpus.stems[typed.reading as usize], typed.tongue, w)
            })
            .collect();
        words.sort_unstable();
        for same in words.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let key = (same[0].0, same[0].1);
            let count = counts[cluster].entry(key).or_default();
            count.answers += 1;
            *totals.entry(key).or_default() += 1;
            for &(_, _, form) in same {
                *count.forms.entry(form).or_default() += 1;
            }
        }
    }
    let all: u32 = totals.values().sum();
    let mean = f64::from(all) / k.max(1) as f64;
    let n: u32 = sizes.iter().sum();
    counts
        .iter()
        .zip(&sizes)
        .map(|(counts, &size)| {
            let share = f64::from(size) / f64::from(n.max(1));
            let words: u32 = counts.values().map(|c| c.answers).sum();
            let mut terms: Vec<Term> = counts
                .iter()
                .filter_map(|(key, count)| {
                    let total = f64::from(totals[key]);
                    let here = f64::from(count.answers);
                    // What few of a cluster's answers say does not name it, and a word that is no more frequent here than
                    // elsewhere sets nothing apart.
                    let few = count.answers < 2 && size >= 8 || here < FEWEST * f64::from(size);
                    if few || (k > 1 && here <= LIFT * share * total) {
                        return None;
                    }
                    let form = surface(corpus, count)?;
                    let score = here / f64::from(words) * (1.0 + mean / total).ln();
                    Some(Term {
                        score,
                        stem: key.0,
                        tongue: key.1,
                        form,
                    })
                })
                .collect();
            terms.sort_by(|a, b| {
                b.score
                    .total_cmp(&a.score)
                    .then_with(|| a.form.cmp(&b.form))
            });
            let present: Vec<Tongue> = TONGUES
                .into_iter()
                .filter(|t| {
                    let n: u32 = counts
                        .iter()
                        .filter(|(key, _)| key.1 == *t)
                        .map(|(_, c)| c.answers)
                        .sum();
                    f64::from(n) >= SHARE * f64::from(words)
                })
                .collect();
            pick(&terms, &present)
        })
        .collect()
}

/// A word that may stand in a label.
struct Term {
    score: f64,
    stem: u32,
    tongue: Tongue,
    form: String,
}

/// The best terms, with two at least of each language that is present, in order of score.
fn pick(terms: &[Term], present: &[Tongue]) -> Vec<String> {
    let mut chosen: Vec<usize> = Vec::new();
    let fresh = |i: usize, chosen: &[usize]| {
        let same = |c: usize| terms[c].stem == terms[i].stem || terms[c].form == terms[i].form;
        !chosen.iter().any(|&c| same(c))
    };
    for tongue in present {
        let mut n = 0;
        for (i, term) in terms.iter().enumerate() {
            if n < 2 && term.tongue == *tongue && fresh(i, &chosen) {
                chosen.push(i);
                n += 1;
            }
        }
    }
    for i in 0..terms.len() {
        if chosen.len() >= TERMS {
            break;
        }
        if !chosen.contains(&i) && fresh(i, &chosen) {
            chosen.push(i);
        }
    }
    chosen.sort_unstable();
    chosen.iter().map(|&i| terms[i].form.clone()).collect()
}

/// The most frequent form of a stem, the earlier in the alphabet of equal ones; nothing for what is no word of a label.
fn surface(corpus: &Corpus, count: &Count) -> Option<String> {
    let form = count
        .forms
        .iter()
        .map(|(&form, &n)| (n, &corpus.typed[form as usize]))
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.surface.cmp(&a.1.surface)))?
        .1;
    let letters = form.surface.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && form.names).then(|| form.surface.to_string())
}
