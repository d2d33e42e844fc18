//! Trains a [`Model`] on coded answers, and says what it gains over the rules.
//!
//! One logistic regression for each output (`linfa-logistic`, L2-regularised), over the rules' scores, the static vectors and a
//! truncated singular value decomposition of the hashed features. All of it is linear, so it is folded into one table.
//! Thresholds come from cross-validation by group: an answer is judged by a model that saw no answer of its group.

use linfa::prelude::*;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, Axis, s};

use super::Model;
use super::features::ROWS;
use super::predict::{EXTRA, Parts};

use super::vectors::Vectors;
use crate::error::Error;
use crate::stats::{Confusion, svd};

/// What is known of one coded answer: its features, and what people said of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// The rows of its words' features, each as often as it comes.
    pub(crate) rows: Vec<u16>,
    /// The rules' score for each input.
    pub(crate) scores: Vec<f32>,
    /// For each output what people said; `None` where they did not.
    pub(crate) labels: Vec<Option<bool>>,
    /// Answers of one group (an author, a respondent, a district) are never split between training and testing.
    pub(crate) group: u64,
}

/// What a model learnt, theme by theme.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The model.
    pub model: Model,
    /// How each theme fares in cross-validation.
    pub themes: Vec<ThemeGain>,
}

/// A theme in cross-validation.
#[derive(Clone, Debug)]
pub struct ThemeGain {
    /// Its code.
    pub code: String,
    /// Answers that have it.
    pub answers: u64,
    /// F1 of the rules alone.
    pub rules_f1: f64,
    /// F1 of rules and model together.
    pub model_f1: f64,
    /// Whether the model decides it; else the rules do, since there are too few examples or nothing is gained.
    pub decides: bool,
}

impl Example {
    pub(crate) fn new(
        rows: Vec<u16>,
        scores: Vec<f32>,
        labels: Vec<Option<bool>>,
        group: u64,
    ) -> Self {
        Self {
            rows,
            scores,
            labels,
            group,
        }
    }
}

const RANK: usize = 192;
const SEED: u64 = 2018;
/// L2 penalty of the logistic regression.
const PENALTY: f32 = 1.0;
/// Scales that bring the three kinds of features to a like size.
const RULES: f32 = 2.0;
const VECTORS: f32 = 4.0;
/// Most folds of the cross-validation.
const FOLDS: usize = 5;
/// A theme with fewer examples than this is left to the rules.
const FEWEST: u64 = 10;
/// The threshold that others are drawn to.
const MIDDLE: f32 = 0.4;
/// A threshold that no probability reaches.
const NEVER: f32 = 2.0;
/// Share of the other answers that may be taken for `absent` or `resolved` at most, in training.
const FALSE_ALARMS: f64 = 0.012;

/// Trains on `examples`. `outputs` and `inputs` name what the examples' labels and scores stand for.
///
/// # Errors
/// When there are fewer than 50 examples.
pub fn learn(
    examples: &[Example],
    outputs: Vec<String>,
    inputs: Vec<String>,
    vectors: &Vectors<'_>,
) -> Result<Learned, Error> {
    if examples.len() < 50 {
        return Err(Error::model(format!(
            "{} coded answers are too few to learn from; 50 are the least",
            examples.len()
        )));
    }
    let space = Space::new(examples, vectors);
    let features = space.features(examples, vectors);
    let folds = folds(examples);
    // One column of weights for each output, fitted without each fold in turn, then on all.
    let mut judged = Array2::<f32>::from_elem((examples.len(), outputs.len()), f32::NAN);
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let (train, test): (Vec<usize>, Vec<usize>) =
            (0..examples.len()).partition(|&i| folds[i] != fold);
        for output in 0..outputs.len() {
            let Some((weights, bias)) = fit(examples, &features, &train, output) else {
                continue;
            };
            for &i in &test {
                judged[[i, output]] = sigmoid(features.row(i).dot(&weights) + bias);
            }
        }
    }
    let n_themes = outputs.len() - EXTRA.len();
    let mut parts = space.empty(outputs, inputs, vectors);
    let mut themes = Vec::new();
    let all: Vec<usize> = (0..examples.len()).collect();
    let mut folded = vec![0f32; ROWS * parts.outputs.len()];
    for output in 0..parts.outputs.len() {
        let column = judged.column(output);
        let thresholds = if output < n_themes {
            let gain = theme_gain(examples, &parts, output, column);
            let thresholds = if gain.1.decides { gain.0 } else { [NEVER; 2] };
            themes.push(gain.1);
            thresholds
        } else {
            [polarity_threshold(examples, output, column); 2]
        };
        [parts.backed[output], parts.alone[output]] = thresholds;
        match fit(examples, &features, &all, output) {
            Some((weights, bias)) => {
                space.fold(&weights, bias, output, vectors, &mut parts, &mut folded)
            }
            None => [parts.backed[output], parts.alone[output]] = [NEVER; 2],
        }
    }
    quantize(&folded, &mut parts);
    Ok(Learned {
        model: Model::new(parts),
        themes,
    })
}

/// The dense space in which the regressions work.
struct Space {
    /// Right singular vectors, whitened: a direction's share in an answer is divided by its singular value.
    directions: Array2<f32>,
    n_inputs: usize,
    dims: usize,
}

impl Space {
    fn new(examples: &[Example], vectors: &Vectors<'_>) -> Self {
        let matrix: Vec<Vec<(u32, f32)>> = examples.iter().map(|e| sparse(e, vectors)).collect();
        let svd = svd::truncated(&matrix, ROWS, RANK, SEED);
        let mut directions = svd.vectors;
        let top = svd.values.first().copied().unwrap_or(1.0);
        for (mut row, value) in directions.axis_iter_mut(Axis(0)).zip(&svd.values) {
            row *= top / value;
        }
        Self {
            directions,
            n_inputs: examples[0].scores.len(),
            dims: vectors.dims(),
        }
    }

    fn width(&self) -> usize {
        self.n_inputs + self.dims + self.directions.nrows()
    }

    fn features(&self, examples: &[Example], vectors: &Vectors<'_>) -> Array2<f32> {
        let mut out = Array2::zeros((examples.len(), self.width()));
        let mut vector = vec![0f32; self.dims];
        for (example, mut row) in examples.iter().zip(out.axis_iter_mut(Axis(0))) {
            for (x, score) in row.iter_mut().zip(&example.scores) {
                *x = score * RULES;
            }
            vector.fill(0.0);
            let words = sparse(example, vectors);
            for &(column, value) in &words {
                vectors.add(column as u16, value, &mut vector);
            }
            for (x, v) in row.iter_mut().skip(self.n_inputs).zip(&vector) {
                *x = v * VECTORS;
            }
            let mut rest = row.slice_mut(s![self.n_inputs + self.dims..]);
            for &(column, value) in &words {
                rest.scaled_add(value, &self.directions.column(column as usize));
            }
        }
        out
    }

    fn empty(&self, outputs: Vec<String>, inputs: Vec<String>, vectors: &Vectors<'_>) -> Parts {
        let n = outputs.len();
        Parts {
            scales: vec![0.0; n],
            bias: vec![0.0; n],
            backed: vec![NEVER; n],
            alone: vec![NEVER; n],
            rules: vec![0.0; n * inputs.len()],
            idf: vectors.idfs().to_vec().into(),
            table: Vec::new().into(),
            outputs,
            inputs,
        }
    }

    /// Turns the weights of the dense features into weights of the hashed ones.
    fn fold(
        &self,
        weights: &Array1<f32>,
        bias: f32,
        output: usize,
        vectors: &Vectors<'_>,
        parts: &mut Parts,
        folded: &mut [f32],
    ) {
        let n = parts.outputs.len();
        for (to, w) in parts.rules[output * self.n_inputs..]
            .iter_mut()
            .zip(weights.iter().take(self.n_inputs))
        {
            *to = w * RULES;
        }
        parts.bias[output] = bias;
        let of_vectors = weights
            .slice(s![self.n_inputs..self.n_inputs + self.dims])
            .to_vec();
        let of_directions = weights.slice(s![self.n_inputs + self.dims..]);
        let spread = of_directions.dot(&self.directions);
        let mut vector = vec![0f32; self.dims];
        for row in 0..ROWS {
            vector.fill(0.0);
            vectors.add(row as u16, VECTORS, &mut vector);
            let along: f32 = vector.iter().zip(&of_vectors).map(|(a, b)| a * b).sum();
            folded[row * n + output] = along + spread[row];
        }
    }
}

/// An answer as a sparse unit vector: each row's count times its rarity.
fn sparse(example: &Example, vectors: &Vectors<'_>) -> Vec<(u32, f32)> {
    let mut rows = example.rows.clone();
    rows.sort_unstable();
    // The length that a sum of unrelated features would have; the model knows no better when it adds up words.
    let norm = rows
        .iter()
        .map(|r| f32::from(vectors.idf(*r)).powi(2))
        .sum::<f32>()
        .sqrt()
        .max(1e-9);
    rows.chunk_by(|a, b| a == b)
        .map(|same| {
            (
                u32::from(same[0]),
                same.len() as f32 * f32::from(vectors.idf(same[0])) / norm,
            )
        })
        .collect()
}

/// Weights and bias of one output, or `None` where it has too few examples of either kind.
fn fit(
    examples: &[Example],
    features: &Array2<f32>,
    which: &[usize],
    output: usize,
) -> Option<(Array1<f32>, f32)> {
    let told: Vec<usize> = which
        .iter()
        .copied()
        .filter(|&i| examples[i].labels[output].is_some())
        .collect();
    let labels: Array1<bool> = told
        .iter()
        .map(|&i| examples[i].labels[output] == Some(true))
        .collect();
    let n_positive = labels.iter().filter(|l| **l).count();
    if n_positive < 5 || told.len() - n_positive < 5 {
        return None;
    }
    let records = features.select(Axis(0), &told);
    let fitted = LogisticRegression::default()
        .alpha(PENALTY)
        .max_iterations(60)
        .gradient_tolerance(1e-3)
        .fit(&Dataset::new(records, labels))
        .ok()?;
    // Which class linfa calls positive is its own choice.
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    Some((
        fitted.params().mapv(|w| (w * sign) as f32),
        (fitted.intercept() * sign) as f32,
    ))
}

/// A fold for each example, whole groups together, as even as may be.
fn folds(examples: &[Example]) -> Vec<usize> {
    let mut groups: Vec<u64> = examples.iter().map(|e| e.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let n = groups.len().min(FOLDS);
    examples
        .iter()
        .map(|e| groups.partition_point(|g| *g < e.group) % n.max(1))
        .collect()
}

/// The thresholds of a theme, where the rules give it and where they do not, and how it fares with them.
fn theme_gain(
    examples: &[Example],
    parts: &Parts,
    output: usize,
    judged: ndarray::ArrayView1<'_, f32>,
) -> ([f32; 2], ThemeGain) {
    let code = &parts.outputs[output];
    let input = parts.inputs.iter().position(|i| i == code);
    let by_rules = |i: usize| input.is_some_and(|n| examples[i].scores[n] >= 0.5);
    let score = |given: &dyn Fn(usize) -> bool| {
        let mut confusion = Confusion::default();
        for (i, example) in examples.iter().enumerate() {
            if let Some(gold) = example.labels[output] {
                confusion.add(gold, given(i));
            }
        }
        confusion
    };
    let rules = score(&by_rules);
    let steps = || (10..=70).step_by(5).map(|percent| percent as f32 / 100.0);
    let mut best = ([MIDDLE; 2], 0.0);
    for backed in steps() {
        for alone in steps() {
            let f1 = score(&|i| judged[i] >= if by_rules(i) { backed } else { alone }).f1();
            if f1 > best.1 + 1e-9 {
                best = ([backed, alone], f1);
            }
        }
    }
    let answers = rules.gold();
    let gain = ThemeGain {
        code: code.clone(),
        answers,
        rules_f1: rules.f1(),
        model_f1: best.1,
        decides: answers >= FEWEST && best.1 > rules.f1(),
    };
    // Drawn halfway to the middle, since the best of many thresholds flatters itself.
    (best.0.map(|t| (t + MIDDLE) / 2.0), gain)
}

/// The lowest threshold at which few enough of the others are mistaken. Roles need none: the likeliest is taken.
fn polarity_threshold(
    examples: &[Example],
    output: usize,
    judged: ndarray::ArrayView1<'_, f32>,
) -> f32 {
    let mut others: Vec<f32> = (0..examples.len())
        .filter(|&i| examples[i].labels[output] == Some(false) && !judged[i].is_nan())
        .map(|i| judged[i])
        .collect();
    others.sort_unstable_by(f32::total_cmp);
    let at = ((1.0 - FALSE_ALARMS) * others.len() as f64) as usize;
    others.get(at).copied().unwrap_or(NEVER).max(0.25)
}

/// Small integers for each output, on a scale of its own.
fn quantize(folded: &[f32], parts: &mut Parts) {
    let n = parts.outputs.len();
    let mut table = vec![0u8; folded.len()];
    for output in 0..n {
        let column = || folded.iter().skip(output).step_by(n);
        let mut sizes: Vec<f32> = column().map(|x| x.abs()).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        // A few huge weights would take the resolution from all others: they are clipped.
        let scale = (sizes[(sizes.len() - 1) * 9995 / 10_000] / 127.0).max(1e-12);
        parts.scales[output] = scale;
        for (row, x) in column().enumerate() {
            table[row * n + output] = (x / scale).round().clamp(-127.0, 127.0) as i8 as u8;
        }
    }
    parts.table = table.into();
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
