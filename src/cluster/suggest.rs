//! What the taxonomy missed: themes among the answers that it leaves uncoded, and words that go with a theme but are not among
//! its terms.

use ndarray::{Array1, Array2, Axis};
use rustc_hash::{FxHashMap, FxHashSet};

use super::corpus::{Corpus, Tongue};
use super::label::{self, Term};
use super::name::{self, Concept};
use super::{Options, Quote, consensus, missing, vectors};
use crate::record::ThemeId;
use crate::taxonomy::Taxonomy;
use crate::text::lexicon;

/// Where fewer different answers than that are uncoded, weakly coded ones are looked at as well …
const FEW: usize = 60;
/// … those whose surest theme scores lower than this.
const WEAK: f32 = 0.7;
/// Answers for each cluster of a run.
const PER_CLUSTER: usize = 25;
const MOST_CLUSTERS: usize = 24;
/// A theme's words are so many standard deviations more frequent there than elsewhere.
const APART: f64 = 1.5;
const TERMS: usize = 8;
const QUOTES: usize = 5;
/// Themes proposed at most, where nothing else is said.
const THEMES: usize = 12;

/// What could be added to a taxonomy.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestions {
    /// New themes, those with most and surest answers first.
    pub themes: Vec<Proposal>,
    /// Words that go with a theme that there is.
    pub terms: Vec<Addition>,
    /// How many answers no theme fits.
    pub uncoded: usize,
    /// How many weakly coded ones were looked at beside them.
    pub weak: usize,
}

/// A theme that could be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// A code that the taxonomy does not have.
    pub code: String,
    /// English words that set it apart; empty where its answers have none.
    pub label_en: String,
    /// The same in Bangla.
    pub label_bn: String,
    /// The words that tell it, the most telling first.
    pub terms: Vec<ProposedTerm>,
    /// How many answers it holds.
    pub answers: usize,
    /// How many different ones.
    pub distinct: usize,
    /// Mean cosine of its answers to their centre.
    pub cohesion: f64,
    /// How often two of its answers fell together when the answers were drawn anew, from nought to one.
    pub stability: f64,
    /// The answers nearest to its centre.
    pub quotes: Vec<Quote>,
    /// The ids of its answers, each different one by its first.
    pub ids: Vec<String>,
}

impl Proposal {
    /// From this stability on two of its answers fall together more often than not.
    pub const STABLE: f64 = 0.5;

    /// Whether another sample of answers would most likely bring it out as well.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.stability >= Self::STABLE
    }
}

/// A word, or two, that could become a term.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedTerm {
    /// As it would stand in the taxonomy.
    pub term: String,
    /// `en`, `bn` or `roman`.
    pub list: &'static str,
    /// In percent: 40 for a word that seldom means the theme, 90 for one that always does.
    pub weight: u8,
    /// In how many different answers of the theme it stands …
    pub here: usize,
    /// … and in how many of all.
    pub total: usize,
}

/// A word that goes with a theme without being one of its terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The top-level theme.
    pub theme: ThemeId,
    /// The word, with the answers of the theme in which it stands.
    pub term: ProposedTerm,
    /// Log-likelihood ratio of the association (Dunning 1993).
    pub g2: f64,
    /// Answers that hold it.
    pub quotes: Vec<Quote>,
}

/// Proposes themes and terms; `options.k` is the largest number of themes.
pub(super) fn suggest(corpus: &Corpus, taxonomy: &Taxonomy, options: &Options) -> Suggestions {
    let first = corpus.first_members();
    let (mut coded, mut best) = (
        vec![false; corpus.units.len()],
        vec![0f32; corpus.units.len()],
    );
    for member in &corpus.members {
        if let Some(unit) = member.unit.map(|u| u as usize) {
            coded[unit] |= !member.tops.is_empty();
            best[unit] = best[unit].max(member.score);
        }
    }
    let n_uncoded = coded.iter().filter(|c| !**c).count();
    let with_weak = n_uncoded < FEW;
    let keep: Vec<usize> = (0..coded.len())
        .filter(|&u| !coded[u] || with_weak && best[u] < WEAK)
        .collect();
    let of_units = |wanted: &dyn Fn(usize) -> bool| {
        let units = corpus.members.iter().filter_map(|m| m.unit);
        units.filter(|&u| wanted(u as usize)).count()
    };
    Suggestions {
        themes: themes(corpus, taxonomy, &keep, &first, options),
        terms: missing::terms(corpus, taxonomy, &first),
        uncoded: of_units(&|u| !coded[u]),
        weak: of_units(&|u| coded[u] && with_weak && best[u] < WEAK),
    }
}

fn themes(
    corpus: &Corpus,
    taxonomy: &Taxonomy,
    keep: &[usize],
    first: &[usize],
    options: &Options,
) -> Vec<Proposal> {
    let n = keep.len();
    let part = corpus.of_units(keep);
    let mut points = vectors::points(&part);
    without_main_direction(&mut points);
    let fewest = ((n as f64).sqrt() / 4.0).ceil().clamp(3.0, 25.0) as usize;
    // A few answers are cut finer, or all would be one.
    let k = (n / PER_CLUSTER)
        .max((n / 8).min(6))
        .clamp(1, MOST_CLUSTERS);
    let cores = if n < fewest {
        Vec::new()
    } else {
        consensus::cores(&points, k, fewest, options.seed)
    };
    let mut of = vec![None; n];
    for (c, core) in cores.iter().enumerate() {
        core.units.iter().for_each(|&u| of[u] = Some(c));
    }
    let df = document_frequency(corpus);
    let mut sizes = vec![0usize; corpus.units.len()];
    for unit in corpus.members.iter().filter_map(|m| m.unit) {
        sizes[unit as usize] += 1;
    }
    let every: Vec<usize> = (0..n).collect();
    let told = label::terms(&part, &every, &of, cores.len());
    let names = names(corpus, keep, &of, &told);
    let mut found: Vec<(Draft, Proposal)> = Vec::new();
    for ((core, (terms, _)), name) in cores.iter().zip(told).zip(names) {
        let terms = telling(terms, if n < 1000 { 2 } else { 3 });
        let stems: FxHashSet<u32> = terms
            .iter()
            .flat_map(|t| [Some(t.stems.0), t.stems.1])
            .flatten()
            .collect();
        // What holds none of its words would not be met by the terms either.
        let units: Vec<usize> = core
            .units
            .iter()
            .copied()
            .filter(|&u| {
                part.units[u]
                    .words
                    .iter()
                    .any(|&w| stems.contains(&part.stem_of(w)))
            })
            .collect();
        if units.len() < fewest {
            continue;
        }
        let (cohesion, nearest) = nearest(&points, &units);
        let answers = units.iter().map(|&u| sizes[keep[u]]).sum();
        let quote = |&u: &usize| corpus.quote(first[keep[u]]);
        let proposal = Proposal {
            code: String::new(),
            label_en: String::new(),
            label_bn: String::new(),
            terms: Vec::new(),
            answers,
            distinct: units.len(),
            cohesion,
            stability: core.stability,
            quotes: nearest.iter().take(QUOTES).map(quote).collect(),
            ids: units.iter().map(|u| quote(u).id).collect(),
        };
        found.push((Draft { terms, units, name }, proposal));
    }
    found.sort_by(|(a, x), (b, y)| {
        let size = |p: &Proposal| p.answers as f64 * p.stability;
        size(y).total_cmp(&size(x)).then(a.units.cmp(&b.units))
    });
    found.truncate(options.k.unwrap_or(THEMES));
    let mut codes: FxHashSet<String> = taxonomy.themes().iter().map(|t| t.code.clone()).collect();
    let mut out: Vec<Proposal> = Vec::new();
    for (draft, mut proposal) in found {
        proposal.terms = proposed(corpus, &part, &draft, &df);
        if proposal.terms.is_empty() {
            continue;
        }
        let label = |of: fn(&Concept) -> Option<&String>| {
            let words: Vec<&str> = draft
                .name
                .iter()
                .filter_map(of)
                .map(String::as_str)
                .collect();
            words.join(", ")
        };
        proposal.label_en = label(|c| c.english.as_ref());
        proposal.label_bn = label(|c| c.bangla.as_ref());
        proposal.code = code(&draft.name, &proposal.terms, &mut codes);
        out.push(proposal);
    }
    out
}

/// A theme while it is made.
struct Draft {
    terms: Vec<Term>,
    /// By place in the part of the corpus that was clustered.
    units: Vec<usize>,
    name: Vec<Concept>,
}

/// Names of groups of the answers `keep`, told from all others, coded ones too.
fn names(
    corpus: &Corpus,
    keep: &[usize],
    of: &[Option<usize>],
    terms: &[name::Terms],
) -> Vec<Vec<Concept>> {
    let mut of_all = vec![None; corpus.units.len()];
    keep.iter().zip(of).for_each(|(&u, own)| of_all[u] = *own);
    let all: Vec<usize> = (0..of_all.len()).collect();
    let mut names = name::names(corpus, &all, &of_all, terms);
    for concept in names.iter_mut().flatten() {
        // The other language may say it outside the group.
        let Some(word) = concept.word else { continue };
        for (_, form, list) in kin(corpus, corpus, word) {
            match list {
                "en" => concept.english.get_or_insert(form),
                "bn" => concept.bangla.get_or_insert(form),
                _ => continue,
            };
        }
    }
    names
}

/// The terms that set a cluster apart, none with a word of another but for the same word in another script.
fn telling(terms: Vec<Term>, fewest: u32) -> Vec<Term> {
    let mut out: Vec<Term> = Vec::new();
    let mut n = 0;
    for term in terms {
        if n == TERMS || term.z < APART {
            break;
        }
        let (same, other): (Vec<&Term>, Vec<&Term>) = out
            .iter()
            .filter(|t| label::share_a_stem(t, &term))
            .partition(|t| t.stems == term.stems);
        if other.is_empty() && term.here >= fewest {
            n += usize::from(same.is_empty());
            out.push(term);
        }
    }
    out
}

/// How many different answers hold each stem.
fn document_frequency(corpus: &Corpus) -> FxHashMap<u32, usize> {
    let mut out = FxHashMap::default();
    for unit in &corpus.units {
        let mut stems: Vec<u32> = unit.words.iter().map(|&w| corpus.stem_of(w)).collect();
        stems.sort_unstable();
        stems.dedup();
        stems
            .into_iter()
            .for_each(|s| *out.entry(s).or_default() += 1);
    }
    out
}

/// The terms as they would be written: each in the script in which it occurs, a romanised word in Bangla script too, and words
/// of the other language that say the same.
fn proposed(
    corpus: &Corpus,
    part: &Corpus,
    draft: &Draft,
    df: &FxHashMap<u32, usize>,
) -> Vec<ProposedTerm> {
    let mut out: Vec<ProposedTerm> = Vec::new();
    let mut seen: FxHashSet<(&'static str, String)> = FxHashSet::default();
    let in_theme = |stem: u32| {
        let units = draft.units.iter().map(|&u| &part.units[u]);
        units
            .filter(|unit| unit.words.iter().any(|&w| part.stem_of(w) == stem))
            .count()
    };
    let mut add = |text: String, list: &'static str, here: usize, total: usize, weight: u8| {
        if writable(&text, list) && seen.insert((list, text.to_lowercase())) {
            out.push(ProposedTerm {
                term: text,
                list,
                weight,
                here,
                total,
            });
        }
    };
    for term in &draft.terms {
        let (here, total) = match term.stems {
            (_, Some(_)) => (term.here as usize, term.total as usize),
            (stem, None) => (in_theme(stem), df.get(&stem).copied().unwrap_or(0)),
        };
        let weight = weight(here, total);
        add(
            name::written(part, term).to_lowercase(),
            list(term.tongue),
            here,
            total,
            weight,
        );
        if term.tongue == Tongue::Roman && term.stems.1.is_none() {
            let reading = &part.readings[part.typed[term.words.0 as usize].reading as usize];
            if lexicon::bangla(reading).is_some() {
                let form = name::dictionary_form(reading, part, term);
                add(form, "bn", here, total, weight);
            }
        }
        if let (word, None, _) = term.words {
            // What says the same tells as much.
            for (stem, form, list) in kin(corpus, part, word) {
                let total = df.get(&stem).copied().unwrap_or(0);
                add(form, list, in_theme(stem), total, weight);
            }
        }
    }
    // A theme that no single word can give would never be given.
    if out.iter().all(|t| t.weight < 60)
        && let Some(best) = out.first_mut()
    {
        best.weight = 60;
    }
    out
}

/// The weight of a term by the share of the answers holding it that are the theme's: from 40, where it needs company, to 90.
pub(super) fn weight(here: usize, total: usize) -> u8 {
    (40.0 + 50.0 * here as f64 / total.max(here).max(1) as f64).round() as u8
}

fn list(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::Bangla => "bn",
        Tongue::Roman => "roman",
        _ => "en",
    }
}

/// The word of each other script that is nearest in meaning, where it says the same: its stem, form and list.
fn kin(corpus: &Corpus, part: &Corpus, word: u32) -> Vec<(u32, String, &'static str)> {
    let own = &part.typed[word as usize];
    let unit = |corpus: &Corpus, reading: u32| {
        let v = Array1::from(corpus.vector(reading).to_vec());
        let norm = v.dot(&v).sqrt().max(1e-9);
        v / norm
    };
    let direction = unit(part, own.reading);
    let wanted: &[Tongue] = match own.tongue {
        Tongue::English => &[Tongue::Bangla, Tongue::Roman],
        _ => &[Tongue::English],
    };
    let mut out = Vec::new();
    for tongue in wanted {
        let mut best: Option<(f32, &super::corpus::Typed)> = None;
        for typed in corpus
            .typed
            .iter()
            .filter(|t| t.tongue == *tongue && t.names)
        {
            let likeness = unit(corpus, typed.reading).dot(&direction);
            if likeness >= name::SAME && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, typed));
            }
        }
        if let Some((_, typed)) = best {
            let stem = corpus.stems[typed.reading as usize];
            out.push((stem, typed.surface.to_lowercase(), list(*tongue)));
        }
    }
    out
}

/// Whether a form can stand in a taxonomy as it is: words alone, which the language of terms reads back.
pub(super) fn writable(text: &str, list: &str) -> bool {
    text.chars().all(|c| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '-' | '\u{9cd}' | '\u{981}'..='\u{983}' | '\u{9bc}')
    }) && !text.starts_with('-')
        && crate::taxonomy::pattern::parse(text, list == "roman").is_ok()
}

/// A code out of the first English name or term, with a number where it is taken.
fn code(name: &[Concept], terms: &[ProposedTerm], taken: &mut FxHashSet<String>) -> String {
    let of = |list: &str| terms.iter().find(|t| t.list == list).map(|t| &t.term);
    let latin = name.iter().find_map(|c| c.english.as_ref());
    let latin = latin.or_else(|| of("en")).or_else(|| of("roman"));
    let plain: String = latin
        .or(terms.first().map(|t| &t.term))
        .map_or(String::new(), |t| t.to_lowercase())
        .chars()
        .map(|c| if c == ' ' { '-' } else { c })
        .filter(|&c| c.is_alphanumeric() || c == '-')
        .collect();
    let plain = if plain.is_empty() {
        "theme".to_string()
    } else {
        plain
    };
    let mut code = plain.clone();
    for n in 2.. {
        if taken.insert(code.clone()) {
            break;
        }
        code = format!("{plain}-{n}");
    }
    code
}

/// Mean cosine of some points to their centre, and the points by nearness to it.
fn nearest(points: &Array2<f32>, units: &[usize]) -> (f64, Vec<usize>) {
    let own = points.select(Axis(0), units);
    let center = own
        .mean_axis(Axis(0))
        .unwrap_or_else(|| Array1::zeros(points.ncols()));
    let along = own.dot(&center) / center.dot(&center).sqrt().max(1e-9);
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|&a, &b| along[b].total_cmp(&along[a]).then(a.cmp(&b)));
    let cohesion = f64::from(along.mean().unwrap_or(0.0)).clamp(-1.0, 1.0);
    (cohesion, order.into_iter().map(|i| units[i]).collect())
}

/// Takes out the direction in which the points differ most: what is left of style and length rather than of matter.
///
/// Mu & Viswanath, *All-but-the-top*, ICLR 2018. The direction comes from powers of the points' second moments.
fn without_main_direction(points: &mut Array2<f32>) {
    if points.nrows() < 20 {
        return;
    }
    let mut main = Array1::<f32>::from_shape_fn(points.ncols(), |i| 1.0 + (i % 7) as f32);
    for _ in 0..20 {
        main = points.t().dot(&points.dot(&main));
        let norm = main.dot(&main).sqrt();
        if norm < 1e-9 {
            return;
        }
        main /= norm;
    }
    let along = points.dot(&main);
    for (mut row, along) in points.axis_iter_mut(Axis(0)).zip(&along) {
        row.scaled_add(-along, &main);
        let norm = row.dot(&row).sqrt();
        if norm > 1e-6 {
            row /= norm;
        }
    }
}
