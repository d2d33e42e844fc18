//! Names for groups of answers: what a researcher would call a theme, in words that its answers hold, in each language.
//!
//! A word and what says the same in the other language (its romanised form, or a word whose vector lies very near) make one
//! concept. The first concept is the one by which the group's answers are found best: F½ of the answers that hold it against
//! the group, which asks for precision before coverage, so that what all answers share ('allowance', 'people') names nothing.
//! Each further one must find answers that the ones before do not.

use rustc_hash::{FxHashMap, FxHashSet};

use super::corpus::{Corpus, Tongue};
use super::label::{self, Term};
use super::words;
use crate::text::lexicon;

/// Concepts in a name.
const CONCEPTS: usize = 3;
/// Terms of a group that are looked at, those that set it apart most surely.
const TRIED: usize = 40;
/// Cosine of word vectors from which on a word of another language says the same: list, তালিকা.
pub(super) const SAME: f32 = 0.8;
/// The same for two words that both set one group apart, which makes it likelier: পানি, water.
const SAME_HERE: f32 = 0.63;
/// A concept's precision lies so far from chance towards certainty at least …
const APART: f64 = 0.25;
/// … and so far where it is a word of the whole domain: …
const APART_COMMON: f64 = 0.45;
/// … one that so large a share of all answers hold.
const COMMON: f64 = 0.05;
/// Two words tell more than one.
const TWO: f64 = 1.25;
/// What a further concept is worth at least, beside the first.
const FURTHER: f64 = 0.3;

/// What names a group: one meaning in each language in which it occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Concept {
    pub(super) english: Option<String>,
    pub(super) bangla: Option<String>,
    /// As it is typed in Latin letters, where it occurs in no other way.
    pub(super) roman: Option<String>,
    /// The word by place in `typed`, where it is one.
    pub(super) word: Option<u32>,
}

impl Concept {
    /// Its forms side by side.
    pub(super) fn joined(&self) -> String {
        let forms = [&self.english, &self.bangla, &self.roman];
        let forms: Vec<&str> = forms.into_iter().flatten().map(String::as_str).collect();
        forms.join(" · ")
    }
}

/// A group's terms, best first, and the languages in which it speaks.
pub(super) type Terms = (Vec<Term>, Vec<Tongue>);

type Stems = (u32, Option<u32>);

/// Names each group; `of` gives the group of each of the answers `units`, and answers of none are what groups are told from.
pub(super) fn names(
    corpus: &Corpus,
    units: &[usize],
    of: &[Option<usize>],
    terms: &[Terms],
) -> Vec<Vec<Concept>> {
    let mut sizes = vec![0usize; terms.len()];
    of.iter().flatten().for_each(|&g| sizes[g] += 1);
    let tried: Vec<Vec<&Term>> = terms
        .iter()
        .map(|(terms, _)| {
            terms
                .iter()
                .filter(|t| may_name(corpus, t))
                .take(TRIED)
                .collect()
        })
        .collect();
    let mut holders: FxHashMap<Stems, Vec<u32>> = tried
        .iter()
        .flatten()
        .map(|t| (t.stems, Vec::new()))
        .collect();
    for (i, &unit) in units.iter().enumerate() {
        for (key, _) in label::keys(corpus, &corpus.units[unit].words) {
            if let Some(found) = holders.get_mut(&(key.0, key.1))
                && found.last() != Some(&(i as u32))
            {
                found.push(i as u32);
            }
        }
    }
    terms
        .iter()
        .zip(&tried)
        .enumerate()
        .map(|(group, (found, tried))| {
            let ideas = ideas(corpus, tried, &holders);
            let told = Told {
                group,
                size: sizes[group],
                all: units.len(),
                of,
            };
            told.best(&ideas, &found.1)
                .into_iter()
                .map(|i| concept(corpus, &ideas[i].terms))
                .collect()
        })
        .collect()
}

fn may_name(corpus: &Corpus, term: &Term) -> bool {
    let stem = &corpus.stem_names()[term.stems.0 as usize];
    term.stems.1.is_some() || words::stands_alone(corpus.reading_of(term.words.0), stem)
}

/// Terms that say the same.
struct Idea<'a> {
    terms: Vec<&'a Term>,
    /// The answers that hold one of them, by place.
    holders: Vec<u32>,
}

/// Joins terms that share their stems, and words of two languages that lie near.
fn ideas<'a>(
    corpus: &Corpus,
    terms: &[&'a Term],
    holders: &FxHashMap<Stems, Vec<u32>>,
) -> Vec<Idea<'a>> {
    let mut out: Vec<Idea> = Vec::new();
    for &term in terms {
        let same = |idea: &Idea| {
            let other = idea.terms[0];
            other.stems == term.stems || says_the_same(corpus, other, term)
        };
        let found = holders.get(&term.stems).map_or(&[][..], Vec::as_slice);
        match out.iter_mut().find(|idea| same(idea)) {
            Some(idea) => {
                idea.terms.push(term);
                idea.holders.extend(found);
                idea.holders.sort_unstable();
                idea.holders.dedup();
            }
            None => out.push(Idea {
                terms: vec![term],
                holders: found.to_vec(),
            }),
        }
    }
    out
}

/// Whether a word of English and one of Bangla have nearly the same direction.
fn says_the_same(corpus: &Corpus, a: &Term, b: &Term) -> bool {
    let english = |t: &Term| t.tongue == Tongue::English;
    if english(a) == english(b) || a.stems.1.is_some() || b.stems.1.is_some() {
        return false;
    }
    corpus.likeness(a.words.0, b.words.0) >= SAME_HERE
}

/// A group while it is named.
struct Told<'a> {
    group: usize,
    size: usize,
    all: usize,
    of: &'a [Option<usize>],
}

impl Told<'_> {
    /// The ideas that name the group, best first: some of the best, then one for each language that is left out.
    fn best(&self, ideas: &[Idea], present: &[Tongue]) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut covered: FxHashSet<u32> = FxHashSet::default();
        let mut first = 0.0;
        for strict in [true, false] {
            while chosen.len() < CONCEPTS {
                let open = |i: &usize| {
                    let fresh = |&c: &usize| !overlap(&ideas[c], &ideas[*i]);
                    !chosen.contains(i) && chosen.iter().all(fresh)
                };
                let best = (0..ideas.len())
                    .filter(open)
                    .map(|i| (self.worth(&ideas[i], &covered, strict), i))
                    // The earlier one of equals, which sets the group apart more surely.
                    .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
                let Some((worth, i)) = best.filter(|(w, _)| *w > FURTHER * first) else {
                    break;
                };
                if chosen.is_empty() {
                    first = worth;
                }
                covered.extend(self.inside(&ideas[i]));
                chosen.push(i);
            }
            if !chosen.is_empty() {
                break;
            }
            // A name that sets it apart a little is better than none.
        }
        for english in [true, false] {
            // Romanised Bangla is Bangla here.
            let is_of = |tongue: Tongue| english == (tongue == Tongue::English);
            let speaks = |i: &usize| ideas[*i].terms.iter().any(|t| is_of(t.tongue));
            if !present.iter().any(|t| is_of(*t)) {
                continue;
            }
            if !chosen.iter().any(speaks)
                && let Some(i) = (0..ideas.len())
                    .filter(speaks)
                    .filter(|&i| chosen.iter().all(|&c| !overlap(&ideas[c], &ideas[i])))
                    .map(|i| (self.worth(&ideas[i], &FxHashSet::default(), true), i))
                    .filter(|(worth, _)| *worth > FURTHER * first)
                    .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                    .map(|(_, i)| i)
            {
                chosen.push(i);
            }
        }
        chosen
    }

    fn inside<'a>(&'a self, idea: &'a Idea) -> impl Iterator<Item = u32> + 'a {
        let holders = idea.holders.iter().copied();
        holders.filter(|&i| self.of[i as usize] == Some(self.group))
    }

    /// How well the group's answers are found by an idea, as far as others have not found them; nothing for one that does not
    /// tell the group from others.
    fn worth(&self, idea: &Idea, covered: &FxHashSet<u32>, strict: bool) -> f64 {
        let here = self.inside(idea).count();
        let new = self.inside(idea).filter(|i| !covered.contains(i)).count();
        let (size, all) = (self.size as f64, self.all as f64);
        let precision = here as f64 / idea.holders.len().max(1) as f64;
        let chance = size / all.max(1.0);
        let common = idea.holders.len() as f64 > COMMON * all && self.all >= 50;
        let apart = if common { APART_COMMON } else { APART };
        let two = idea.terms.iter().all(|t| t.stems.1.is_some());
        // Two words that stand together once do so by chance.
        let few = here < 2 && (two || self.size >= 8);
        if new == 0 || strict && (few || precision < chance + apart * (1.0 - chance)) {
            return 0.0;
        }
        let coverage = new as f64 / size.max(1.0);
        let f = 1.25 * precision * coverage / (0.25 * precision + coverage);
        f * if two { TWO } else { 1.0 }
    }
}

fn overlap(a: &Idea, b: &Idea) -> bool {
    let pairs = a
        .terms
        .iter()
        .flat_map(|x| b.terms.iter().map(move |y| (x, y)));
    pairs.into_iter().any(|(x, y)| label::share_a_stem(x, y))
}

/// The forms of terms that say the same.
fn concept(corpus: &Corpus, terms: &[&Term]) -> Concept {
    let of = |tongue: Tongue| terms.iter().find(|t| t.tongue == tongue);
    let bangla = of(Tongue::Bangla).map(|t| written(corpus, t));
    let roman = of(Tongue::Roman).filter(|_| bangla.is_none());
    let read = roman.and_then(|t| in_bangla(corpus, t));
    Concept {
        english: of(Tongue::English).map(|t| written(corpus, t)),
        roman: roman.filter(|_| read.is_none()).map(|t| written(corpus, t)),
        bangla: bangla.or(read),
        word: terms
            .iter()
            .find(|t| t.stems.1.is_none())
            .map(|t| t.words.0),
    }
}

/// The Bangla word that a romanised one stands for, where it is known.
fn in_bangla(corpus: &Corpus, term: &Term) -> Option<String> {
    let reading = corpus.reading_of(term.words.0);
    (term.stems.1.is_none() && lexicon::bangla(reading).is_some())
        .then(|| dictionary_form(reading, corpus, term))
}

/// A term as a list of themes has it: English in lower case but for names and short forms, a Bangla noun without its ending.
pub(super) fn written(corpus: &Corpus, term: &Term) -> String {
    let form = term.form(corpus);
    match term.tongue {
        Tongue::Bangla if term.stems.1.is_none() => dictionary_form(&form, corpus, term),
        _ if form
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(char::is_uppercase)
            && form.chars().count() <= 5 =>
        {
            form
        }
        _ => form.to_lowercase(),
    }
}

pub(super) fn dictionary_form(form: &str, corpus: &Corpus, term: &Term) -> String {
    let stem = &corpus.stem_names()[term.stems.0 as usize];
    if form.starts_with(stem.as_ref()) && lexicon::bangla(stem).is_some() {
        stem.to_string()
    } else {
        form.to_string()
    }
}
