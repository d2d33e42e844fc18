//! Fits the weights of the cues of polarity to the training answers, and prints them for `data/cues.toml`, cue by cue in the order
//! of that file, the prior first: `cargo test --release --lib fit_cues -- --ignored --nocapture`. Plain lack and what else rules a
//! reading out keeps the weight that was set by hand (see there).

use std::fs;

use linfa::prelude::*;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};

use super::tests::rules;
use super::{CueSet, Scratch};
use crate::matching::join;
use crate::taxonomy::{Weights, briefs};

/// Strength of the L2 penalty: cues that are rarely met stay near nought.
const PENALTY: f64 = 3.0;

/// The cues of an answer, and what its author said of it.
struct Told {
    cues: Vec<usize>,
    has_turns: bool,
    polarity: String,
}

/// All training answers with a theme.
fn told() -> Vec<Told> {
    let classifier = rules();
    let mut scratch = Scratch::default();
    classifier.adopt(&mut scratch);
    let mut files: Vec<_> = fs::read_dir("data/training")
        .expect("the training answers")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    let mut all = Vec::new();
    for path in files {
        for line in fs::read_to_string(path).expect("UTF-8").lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            if fields[0] == "-" {
                continue;
            }
            classifier.scan(fields[4], &mut scratch);
            let mut set = CueSet::default();
            scratch.cues.iter().for_each(|c| join(&mut set, &c.cues));
            let is_met = |cue: &usize| set[cue / 64] >> (cue % 64) & 1 != 0;
            all.push(Told {
                cues: (0..briefs().len() - 1).filter(is_met).collect(),
                has_turns: scratch.text.last().is_some_and(|word| word.turn > 0),
                polarity: fields[1].to_string(),
            });
        }
    }
    all
}

/// The prior and the weight of each cue, in tenths of a natural logarithm.
fn fitted(told: &[&Told], polarity: &str, columns: &[usize]) -> (f64, Vec<(usize, f64)>) {
    let mut x = Array2::<f64>::zeros((told.len(), columns.len()));
    for (row, one) in told.iter().enumerate() {
        for cue in &one.cues {
            if let Ok(column) = columns.binary_search(cue) {
                x[[row, column]] = 1.0;
            }
        }
    }
    let y: Array1<bool> = told.iter().map(|one| one.polarity == polarity).collect();
    let fit = LogisticRegression::default()
        .alpha(PENALTY)
        .max_iterations(100)
        .fit(&Dataset::new(x, y))
        .expect("it converges");
    let sign = if fit.labels().pos.class { 10.0 } else { -10.0 };
    let weights = columns
        .iter()
        .copied()
        .zip(fit.params().iter().map(|w| w * sign));
    (fit.intercept() * sign, weights.collect())
}

#[test]
#[ignore = "takes minutes and checks nothing: it prints weights to be put into data/cues.toml"]
fn fit_cues() {
    let all = told();
    let says = |cue: &usize| briefs()[*cue].weights != Weights::default();
    let columns: Vec<usize> = (0..briefs().len() - 1).filter(says).collect();
    for polarity in ["absent", "resolved"] {
        // A denial does not reach over a contrast, so that answers with one tell nothing of the cues of either side.
        let is_told = |one: &&Told| polarity == "resolved" || !one.has_turns;
        let of: Vec<&Told> = all.iter().filter(is_told).collect();
        let (prior, weights) = fitted(&of, polarity, &columns);
        println!("{polarity}\tprior\t{prior:.0}\t{}", of.len());
        for (cue, weight) in weights {
            let met = of.iter().filter(|one| one.cues.contains(&cue)).count();
            println!("{polarity}\t{cue}\t{weight:.0}\t{met}");
        }
    }
}
