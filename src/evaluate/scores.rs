//! The figures of one set of answers, with their bootstrap intervals.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::{SmallVec, smallvec};

use crate::record::{Polarity, Role};
use crate::stats::{Confusion, Interval, bootstrap, masi_from_sizes};
use crate::text::normalize;

use super::Answer;

/// A figure and its 95% bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure on all answers; `None` where none of them bears on it.
    pub value: Option<f64>,
    /// From resampling respondents where they are known, else answers, of whom it takes two. Resamples in which the figure
    /// has no value do not count.
    pub ci95: Option<Interval>,
}

/// How two coders agree on one set of answers. Shares lie between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Answers whose themes the gold tells.
    pub answers: usize,
    /// Mean F1 of the themes that the gold has; no value where it has none.
    pub macro_f1: Estimate,
    /// F1 over all pairs of answer and theme.
    pub micro_f1: Estimate,
    /// Precision over all pairs of answer and theme.
    pub micro_precision: Estimate,
    /// Recall over all pairs of answer and theme.
    pub micro_recall: Estimate,
    /// Share of answers with exactly the same themes.
    pub exact: Estimate,
    /// Mean of Krippendorff's alpha over the themes that the gold has and that not every answer has.
    pub alpha_mean: Estimate,
    /// Krippendorff's alpha over the sets of themes, with the MASI distance. It has no interval where there are more than 1,000
    /// different sets, since each resample would measure each pair of them.
    pub alpha_masi: Estimate,
    /// Share of the same polarity, among the themes that the coders share on an answer. Where either tells only that of the whole
    /// answer, the answer is compared as one.
    pub polarity: Estimate,
    /// The same among those that the gold calls absent or resolved.
    pub polarity_told: Estimate,
    /// Share mistaken for absent or resolved, among those of them that the gold calls present.
    pub polarity_false: Estimate,
    /// Share of the same role, among answers that the gold calls challenge, initiative or suggestion and whose role the second
    /// coder tells too.
    pub role: Estimate,
    /// Each theme, in the order of the codes.
    pub themes: Vec<ThemeScores>,
}

/// How two coders agree on one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeScores {
    /// Its code.
    pub code: String,
    /// Who gave it to how many answers.
    pub counts: Confusion,
    /// Share of the coder's that the gold has.
    pub precision: Estimate,
    /// Share of the gold's that the coder has.
    pub recall: Estimate,
    /// Their harmonic mean.
    pub f1: Estimate,
    /// Cohen's kappa.
    pub kappa: Estimate,
    /// Krippendorff's alpha, nominal.
    pub alpha: Estimate,
}

const OVERALL: usize = 11;
const BY_THEME: usize = 5;
/// Up to how many different sets of themes alpha over sets has an interval: its time grows with their square.
const MOST_SETS: usize = 1000;

/// The answers prepared so that a resample only adds up small numbers.
struct Prepared<'a> {
    answers: &'a [&'a Answer],
    themes: usize,
    /// The number of each answer's gold set and coded set among all different sets.
    numbers: Vec<[usize; 2]>,
    sets: Vec<Bits>,
}

/// A set of themes: how many, and a bit for each theme.
struct Bits {
    len: usize,
    words: SmallVec<[u64; 2]>,
}

impl Bits {
    fn new(set: &BTreeSet<usize>, themes: usize) -> Self {
        let mut words = smallvec![0; themes.div_ceil(64)];
        for &theme in set {
            words[theme / 64] |= 1 << (theme % 64);
        }
        Self {
            len: set.len(),
            words,
        }
    }

    /// The [MASI distance](crate::stats::masi_distance).
    fn distance(&self, other: &Self) -> f64 {
        let words = self.words.iter().zip(&other.words);
        let shared: u32 = words.map(|(a, b)| (a & b).count_ones()).sum();
        masi_from_sizes(self.len, other.len, shared as usize)
    }
}

/// The figures of these answers; theme numbers index `codes`.
pub(super) fn scores(answers: &[&Answer], codes: &[String], resamples: usize, seed: u64) -> Scores {
    let prepared = prepare(answers, codes.len());
    let numbers = OVERALL + BY_THEME * codes.len();
    let all: Vec<usize> = (0..answers.len()).collect();
    let mut values = vec![f64::NAN; numbers];
    let counts = prepared.measure(&all, prepared.masi(&all), &mut values);
    let few_sets = prepared.sets.len() <= MOST_SETS;
    let intervals = bootstrap(
        &clusters(answers),
        resamples,
        seed,
        numbers,
        |rows, slots| {
            let masi = few_sets.then(|| prepared.masi(rows)).flatten();
            prepared.measure(rows, masi, slots);
        },
    );
    let estimate = |i: usize| Estimate {
        value: Some(values[i]).filter(|v| !v.is_nan()),
        ci95: intervals[i],
    };
    let theme = |(t, counts): (usize, Confusion)| {
        let at = |i| estimate(OVERALL + BY_THEME * t + i);
        ThemeScores {
            code: codes[t].clone(),
            counts,
            precision: at(0),
            recall: at(1),
            f1: at(2),
            kappa: at(3),
            alpha: at(4),
        }
    };
    Scores {
        answers: answers.iter().filter(|a| a.judged).count(),
        macro_f1: estimate(0),
        micro_f1: estimate(1),
        micro_precision: estimate(2),
        micro_recall: estimate(3),
        exact: estimate(4),
        alpha_mean: estimate(5),
        alpha_masi: estimate(6),
        polarity: estimate(7),
        polarity_told: estimate(8),
        polarity_false: estimate(9),
        role: estimate(10),
        themes: counts.into_iter().enumerate().map(theme).collect(),
    }
}

/// Answers that belong together: those of one respondent; each by itself where none is known.
fn clusters(answers: &[&Answer]) -> Vec<Vec<usize>> {
    let mut people: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut clusters = Vec::new();
    for (at, answer) in answers.iter().enumerate() {
        match &answer.respondent {
            Some(name) => people.entry(normalize::name(name)).or_default().push(at),
            None => clusters.push(vec![at]),
        }
    }
    clusters.extend(people.into_values());
    clusters
}

fn prepare<'a>(answers: &'a [&'a Answer], themes: usize) -> Prepared<'a> {
    let mut numbers = BTreeMap::new();
    for answer in answers {
        for set in [&answer.gold, &answer.coded] {
            numbers.insert(set, 0);
        }
    }
    numbers
        .values_mut()
        .enumerate()
        .for_each(|(n, number)| *number = n);
    Prepared {
        answers,
        themes,
        numbers: answers
            .iter()
            .map(|answer| [numbers[&answer.gold], numbers[&answer.coded]])
            .collect(),
        sets: numbers.keys().map(|set| Bits::new(set, themes)).collect(),
    }
}

/// A share that is undefined where there is nothing to share.
#[derive(Default)]
struct Share {
    hits: usize,
    of: usize,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    fn value(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}

impl Prepared<'_> {
    /// Fills the figures of a (re)sample of rows into their slots, NaN where one is undefined.
    fn measure(&self, rows: &[usize], masi: Option<f64>, slots: &mut [f64]) -> Vec<Confusion> {
        let mut themes = vec![Confusion::default(); self.themes];
        let [mut exact, mut polarity, mut told, mut mistaken, mut role] = <[Share; 5]>::default();
        let mut judged = 0;
        for answer in rows.iter().map(|&row| self.answers[row]) {
            if let [Some(gold), Some(coded)] = answer.role
                && gold != Role::Other
            {
                role.add(gold == coded);
            }
            if !answer.judged {
                continue;
            }
            judged += 1;
            for &t in &answer.coded {
                if answer.gold.contains(&t) {
                    themes[t].both += 1
                } else {
                    themes[t].coder_only += 1
                }
            }
            for &t in answer.gold.difference(&answer.coded) {
                themes[t].gold_only += 1;
            }
            exact.add(answer.gold == answer.coded);
            for [gold, coded] in &answer.polarities {
                polarity.add(gold == coded);
                if *gold == Polarity::Present {
                    mistaken.add(*coded != Polarity::Present);
                } else {
                    told.add(gold == coded);
                }
            }
        }
        let mut micro = Confusion::default();
        for counts in &mut themes {
            counts.neither = judged - counts.both - counts.coder_only - counts.gold_only;
            micro.both += counts.both;
            micro.coder_only += counts.coder_only;
            micro.gold_only += counts.gold_only;
        }
        let seen = || themes.iter().filter(|counts| counts.gold() > 0);
        let mean = |figure: fn(&Confusion) -> Option<f64>| {
            let defined = || seen().filter_map(figure);
            let n = defined().count();
            (n > 0).then(|| defined().sum::<f64>() / n as f64)
        };
        let overall: [Option<f64>; OVERALL] = [
            mean(Confusion::f1),
            micro.f1(),
            micro.precision(),
            micro.recall(),
            exact.value(),
            mean(Confusion::alpha),
            masi,
            polarity.value(),
            told.value(),
            mistaken.value(),
            role.value(),
        ];
        let by_theme = themes
            .iter()
            .flat_map(|c| [c.precision(), c.recall(), c.f1(), c.kappa(), c.alpha()]);
        for (slot, figure) in slots.iter_mut().zip(overall.into_iter().chain(by_theme)) {
            *slot = figure.unwrap_or(f64::NAN);
        }
        themes
    }

    /// [`stats::masi_alpha`](crate::stats::masi_alpha), of which only the sets that occur are measured.
    fn masi(&self, rows: &[usize]) -> Option<f64> {
        let mut counts = vec![0.0; self.sets.len()];
        let mut observed = 0.0;
        let mut values = 0.0;
        for &row in rows.iter().filter(|&&row| self.answers[row].judged) {
            let [gold, coded] = self.numbers[row];
            counts[gold] += 1.0;
            counts[coded] += 1.0;
            observed += 2.0 * self.sets[gold].distance(&self.sets[coded]);
            values += 2.0;
        }
        let occurring: Vec<(&Bits, f64)> = self
            .sets
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0.0)
            .collect();
        let mut expected = 0.0;
        for (i, (a, n)) in occurring.iter().enumerate() {
            let others = occurring[i + 1..].iter();
            expected += 2.0 * n * others.map(|(b, m)| m * a.distance(b)).sum::<f64>();
        }
        (expected > 0.0).then(|| 1.0 - (values - 1.0) * observed / expected)
    }
}
