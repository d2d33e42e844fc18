//! The words and pairs of words that set groups of answers apart, as people typed them; `name` makes names of them.
//!
//! Words are counted by stem and by the answers in which they stand, and ranked by the z-score of their log-odds against all
//! other answers, with an informative Dirichlet prior (Monroe, Colaresi & Quinn, *Fightin' Words*, Political Analysis 16, 2008):
//! a word met twice in a small cluster does not outdo one that many of its answers share. Words that name nothing are left out.

use rustc_hash::FxHashMap;

use super::corpus::{Corpus, Tongue};
use super::{group, name, words};

/// Answers from which the terms of clusters are taken at most.
const SAMPLE: usize = 8192;
/// A language with this share of a cluster's words has a term in the label.
const SHARE: f64 = 0.15;
/// A term stands in this share of a cluster's answers at least.
const FEWEST: f64 = 0.01;
/// Words that the prior is worth: it takes so many to outweigh what all answers say.
const PRIOR: f64 = 50.0;
/// A pair names a cluster better than its words where they stand together in so large a share of the answers that hold one.
const TOGETHER: f64 = 0.5;
const TONGUES: [Tongue; 3] = [Tongue::Bangla, Tongue::English, Tongue::Roman];

/// Between two words these make one name of them: 'list of beneficiaries'.
const INNER: [&str; 6] = ["of", "for", "in", "to", "on", "from"];

/// Stems of one word or of two side by side, and the language in which they were typed.
type Key = (u32, Option<u32>, Tongue);

/// By place in `typed`: a word, of a pair the second one, and what stands between the two.
pub(super) type Form = (u32, Option<u32>, Option<u32>);

/// What is counted of one key in one cluster.
#[derive(Default)]
struct Count {
    answers: u32,
    forms: FxHashMap<Form, u32>,
}

/// A word, or two, that sets a cluster apart.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// How surely it is more frequent here than elsewhere.
    pub(super) z: f64,
    /// In how many of the cluster's answers it stands, and of all.
    pub(super) here: u32,
    pub(super) total: u32,
    /// Its stem, or both.
    pub(super) stems: (u32, Option<u32>),
    pub(super) tongue: Tongue,
    /// The most frequent form.
    pub(super) words: Form,
}

impl Term {
    /// As people type it.
    pub(super) fn form(&self, corpus: &Corpus) -> String {
        let surface = |w: u32| corpus.typed[w as usize].surface.as_ref();
        match self.words {
            (a, Some(b), Some(inner)) => {
                format!("{} {} {}", surface(a), surface(inner), surface(b))
            }
            (a, Some(b), None) => format!("{} {}", surface(a), surface(b)),
            (a, None, _) => surface(a).to_string(),
        }
    }
}

/// The label of each of `k` clusters; `of` gives the cluster of each distinct answer.
pub(super) fn labels(corpus: &Corpus, of: &[usize], k: usize) -> Vec<Vec<String>> {
    let units = group::draw(of.len(), SAMPLE, k as u64);
    let of: Vec<Option<usize>> = units.iter().map(|&u| Some(of[u])).collect();
    let found = terms(corpus, &units, &of, k);
    let names = name::names(corpus, &units, &of, &found);
    let joined = |name: Vec<name::Concept>| name.iter().map(name::Concept::joined).collect();
    names.into_iter().map(joined).collect()
}

/// The terms of each of `k` clusters, best first, and the languages in which it speaks; `of` gives the cluster of each of the
/// answers `units`. Answers of none are what the clusters are set apart from, as the other clusters are.
pub(super) fn terms(
    corpus: &Corpus,
    units: &[usize],
    of: &[Option<usize>],
    k: usize,
) -> Vec<(Vec<Term>, Vec<Tongue>)> {
    // The last place is for answers of no cluster.
    let mut counts: Vec<FxHashMap<Key, Count>> = (0..=k).map(|_| FxHashMap::default()).collect();
    let mut totals: FxHashMap<Key, u32> = FxHashMap::default();
    let mut sizes = vec![0u32; k + 1];
    for (&unit, cluster) in units.iter().zip(of) {
        let unit = &corpus.units[unit];
        let cluster = cluster.unwrap_or(k);
        sizes[cluster] += 1;
        let mut words = keys(corpus, &unit.words);
        words.sort_unstable();
        for same in words.chunk_by(|a, b| a.0 == b.0) {
            let key = same[0].0;
            let count = counts[cluster].entry(key).or_default();
            count.answers += 1;
            *totals.entry(key).or_default() += 1;
            for &(_, form) in same {
                *count.forms.entry(form).or_default() += 1;
            }
        }
    }
    let all = f64::from(totals.values().sum::<u32>());
    // In a small input the prior would drown what is seen.
    let worth = PRIOR.min(all / 10.0);
    let alone = sizes.iter().filter(|&&n| n > 0).count() < 2;
    let ranked = |counts: &FxHashMap<Key, Count>, size: u32| {
        let here: u32 = counts.values().map(|c| c.answers).sum();
        let here = f64::from(here);
        let score = |key: &Key, count: &Count| {
            let n = f64::from(count.answers);
            let total = f64::from(totals[key]);
            if alone {
                let rarity = words::weight(reading(corpus, count));
                return (1.0 + n).ln() * f64::from(rarity);
            }
            let prior = worth * total / all;
            let log_odds = |n: f64, all: f64| ((n + prior) / (all + worth - n - prior)).ln();
            let spread = 1.0 / (n + prior) + 1.0 / (total - n + prior);
            (log_odds(n, here) - log_odds(total - n, all - here)) / spread.sqrt()
        };
        let mut terms: Vec<Term> = counts
            .iter()
            .filter(|((stem, second, tongue), count)| {
                // What few of a cluster's answers say does not name it.
                let few = count.answers < 2 && size >= 8
                    || f64::from(count.answers) < FEWEST * f64::from(size);
                let word = |stem| counts.get(&(stem, None, *tongue)).map_or(0, |c| c.answers);
                let apart = second
                    .map(|b| f64::from(word(*stem).max(word(b))))
                    .is_some_and(|n| f64::from(count.answers) < TOGETHER * n);
                !few && !apart
            })
            .filter_map(|(key, count)| {
                Some(Term {
                    z: score(key, count),
                    here: count.answers,
                    total: totals[key],
                    stems: (key.0, key.1),
                    tongue: key.2,
                    words: most_frequent(corpus, count)?,
                })
            })
            .collect();
        // Where a pair is as good as one of its words, the pair tells more.
        terms.sort_by(|a, b| {
            b.z.total_cmp(&a.z)
                .then(b.stems.1.is_some().cmp(&a.stems.1.is_some()))
                .then_with(|| a.form(corpus).cmp(&b.form(corpus)))
        });
        terms
    };
    counts[..k]
        .iter()
        .zip(&sizes)
        .map(|(counts, &size)| (ranked(counts, size), present(counts)))
        .collect()
}

/// The words of an answer that may stand in a name, and two of one language that stand side by side, or with a word between them
/// that joins them.
pub(super) fn keys(corpus: &Corpus, words: &[u32]) -> Vec<(Key, Form)> {
    let stem = |w: u32| corpus.stems[corpus.typed[w as usize].reading as usize];
    let names = |w: u32| corpus.typed[w as usize].names;
    let tongue = |w: u32| corpus.typed[w as usize].tongue;
    let pair = |a: u32, b: u32, inner: Option<u32>| {
        let fits = names(a) && names(b) && tongue(a) == tongue(b) && stem(a) != stem(b);
        fits.then(|| ((stem(a), Some(stem(b)), tongue(a)), (a, Some(b), inner)))
    };
    let joins = |w: u32| INNER.contains(&corpus.typed[w as usize].surface.as_ref());
    let one = words
        .iter()
        .filter(|&&w| names(w))
        .map(|&w| ((stem(w), None, tongue(w)), (w, None, None)));
    let two = words.windows(2).filter_map(|p| pair(p[0], p[1], None));
    let joined = words.windows(3).filter(|p| joins(p[1]));
    let joined = joined.filter_map(|p| pair(p[0], p[2], Some(p[1])));
    one.chain(two).chain(joined).collect()
}

/// Languages that have their share of a cluster's words.
fn present(counts: &FxHashMap<Key, Count>) -> Vec<Tongue> {
    let words = |is_of: &dyn Fn(Tongue) -> bool| -> f64 {
        let counts = counts.iter().filter(|(key, _)| is_of(key.2));
        f64::from(counts.map(|(_, c)| c.answers).sum::<u32>())
    };
    let all = words(&|_| true);
    let has_share = |t: &Tongue| words(&|of| of == *t) >= SHARE * all;
    TONGUES.into_iter().filter(has_share).collect()
}

/// Whether two terms have a word in common.
pub(super) fn share_a_stem(a: &Term, b: &Term) -> bool {
    let of = |t: &Term| [Some(t.stems.0), t.stems.1];
    of(a).iter().flatten().any(|s| of(b).contains(&Some(*s)))
}

fn reading<'a>(corpus: &'a Corpus, count: &Count) -> &'a str {
    most_frequent(corpus, count).map_or("", |(w, _, _)| {
        &corpus.readings[corpus.typed[w as usize].reading as usize]
    })
}

/// The most frequent form of a stem, the earlier in the alphabet of equal ones; the stem itself where it is typed as it is.
fn most_frequent(corpus: &Corpus, count: &Count) -> Option<Form> {
    let surface = |w: u32| corpus.typed[w as usize].surface.as_ref();
    let text = |(a, b, inner): Form| (surface(a), b.map(surface), inner.map(surface));
    let bare = |(w, b, _): Form| {
        b.is_none() && surface(w) == corpus.stem_names()[corpus.stem_of(w) as usize].as_ref()
    };
    count
        .forms
        .iter()
        .max_by(|a, b| {
            (bare(*a.0), a.1)
                .cmp(&(bare(*b.0), b.1))
                .then_with(|| text(*b.0).cmp(&text(*a.0)))
        })
        .map(|(form, _)| *form)
}
