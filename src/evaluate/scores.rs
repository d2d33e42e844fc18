//! The figures of one set of answers, with their bootstrap intervals.

use std::collections::BTreeMap;

use crate::record::{Polarity, Role};
use crate::stats::{Confusion, Interval, bootstrap, masi_distance};

use super::Answer;

/// A figure and its 95% bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure on all answers; `None` where none of them bears on it.
    pub value: Option<f64>,
    /// From resampling respondents where they are known, else answers.
    pub ci95: Option<Interval>,
}

/// How two coders agree on one set of answers. Shares lie between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Answers whose themes the gold tells.
    pub answers: usize,
    /// Mean F1 of the themes that the gold has.
    pub macro_f1: Estimate,
    /// F1 over all pairs of answer and theme.
    pub micro_f1: Estimate,
    /// Precision over all pairs of answer and theme.
    pub micro_precision: Estimate,
    /// Recall over all pairs of answer and theme.
    pub micro_recall: Estimate,
    /// Share of answers with exactly the same themes.
    pub exact: Estimate,
    /// Mean of Krippendorff's alpha over the themes that the gold has.
    pub alpha_mean: Estimate,
    /// Krippendorff's alpha over the sets of themes, with the MASI distance.
    pub alpha_masi: Estimate,
    /// Share of the same polarity, among answers on which the coders share a theme.
    pub polarity: Estimate,
    /// The same among those that the gold calls absent or resolved.
    pub polarity_told: Estimate,
    /// Share mistaken for absent or resolved, among those that the gold calls present.
    pub polarity_false: Estimate,
    /// Share of the same role, among answers that the gold calls challenge, initiative or suggestion.
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

/// The answers prepared so that a resample only adds up small numbers.
struct Prepared<'a> {
    answers: &'a [&'a Answer],
    themes: usize,
    /// The number of each answer's gold set and coded set among all different sets.
    sets: Vec<[usize; 2]>,
    /// The MASI distance between two of these.
    distance: Vec<Vec<f64>>,
}

/// The figures of these answers; theme numbers index `codes`.
pub(super) fn scores(answers: &[&Answer], codes: &[String], resamples: usize, seed: u64) -> Scores {
    let prepared = prepare(answers, codes.len());
    let numbers = OVERALL + BY_THEME * codes.len();
    let all: Vec<usize> = (0..answers.len()).collect();
    let mut values = vec![f64::NAN; numbers];
    let counts = prepared.measure(&all, &mut values);
    let intervals = bootstrap(
        &clusters(answers),
        resamples,
        seed,
        numbers,
        |rows, slots| {
            prepared.measure(rows, slots);
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
    let mut people: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut clusters = Vec::new();
    for (at, answer) in answers.iter().enumerate() {
        match &answer.respondent {
            Some(name) => people.entry(name).or_default().push(at),
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
        sets: answers
            .iter()
            .map(|answer| [numbers[&answer.gold], numbers[&answer.coded]])
            .collect(),
        distance: numbers
            .keys()
            .map(|a| numbers.keys().map(|b| masi_distance(a, b)).collect())
            .collect(),
    }
}

/// A share that is undefined (NaN) where there is nothing to share.
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

    fn value(&self) -> f64 {
        self.hits as f64 / self.of as f64
    }
}

impl Prepared<'_> {
    /// Fills the figures of a (re)sample of rows into their slots.
    fn measure(&self, rows: &[usize], slots: &mut [f64]) -> Vec<Confusion> {
        let mut themes = vec![Confusion::default(); self.themes];
        let [mut exact, mut polarity, mut told, mut mistaken, mut role] = <[Share; 5]>::default();
        let mut judged = 0;
        for answer in rows.iter().map(|&row| self.answers[row]) {
            if answer.role[0].is_some_and(|gold| gold != Role::Other) {
                role.add(answer.role[0] == answer.role[1]);
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
            if !answer.gold.is_disjoint(&answer.coded) {
                polarity.add(answer.polarity[0] == answer.polarity[1]);
                if answer.polarity[0] == Polarity::Present {
                    mistaken.add(answer.polarity[1] != Polarity::Present);
                } else {
                    told.add(answer.polarity[0] == answer.polarity[1]);
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
        let mean = |figure: fn(&Confusion) -> f64| match seen().count() {
            0 => 0.0,
            n => seen().map(figure).sum::<f64>() / n as f64,
        };
        let overall: [f64; OVERALL] = [
            mean(Confusion::f1),
            micro.f1(),
            micro.precision(),
            micro.recall(),
            exact.value(),
            mean(Confusion::alpha),
            self.masi(rows),
            polarity.value(),
            told.value(),
            mistaken.value(),
            role.value(),
        ];
        slots[..OVERALL].copy_from_slice(&overall);
        for (slots, c) in slots[OVERALL..].chunks_exact_mut(BY_THEME).zip(&themes) {
            slots.copy_from_slice(&[c.precision(), c.recall(), c.f1(), c.kappa(), c.alpha()]);
        }
        themes
    }

    /// [`stats::masi_alpha`](crate::stats::masi_alpha) from the distances measured beforehand.
    fn masi(&self, rows: &[usize]) -> f64 {
        let mut counts = vec![0.0; self.distance.len()];
        let mut observed = 0.0;
        let mut judged = 0;
        for &row in rows.iter().filter(|&&row| self.answers[row].judged) {
            judged += 1;
            let [gold, coded] = self.sets[row];
            counts[gold] += 1.0;
            counts[coded] += 1.0;
            observed += 2.0 * self.distance[gold][coded];
        }
        let mut expected = 0.0;
        for (distances, &a) in self.distance.iter().zip(&counts) {
            if a > 0.0 {
                expected += a * distances
                    .iter()
                    .zip(&counts)
                    .map(|(d, b)| d * b)
                    .sum::<f64>();
            }
        }
        let values = 2.0 * f64::from(judged);
        if judged == 0 {
            f64::NAN
        } else if expected == 0.0 {
            1.0
        } else {
            1.0 - (values - 1.0) * observed / expected
        }
    }
}
