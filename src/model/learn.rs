//! Trains a [`Model`] on coded answers, and says what it gains over the rules.
//!
//! Thresholds and calibration come from cross-validation by group: an answer is judged by a network that saw no answer of its
//! group. An output's log-odds are brought to what they are worth by a logistic regression of one number (`linfa-logistic`;
//! Platt, *Probabilistic Outputs for Support Vector Machines*, 1999).

use linfa::prelude::*;
use linfa_logistic::LogisticRegression;
use ndarray::parallel::prelude::*;
use ndarray::{Array1, Array2, ArrayView1, Axis, s};
use rustc_hash::FxHashMap;

use super::Model;
use super::network::sigmoid;
use super::phrases::{self, Weighted};
use super::predict::{EXTRA, Parts, WIDTH};
use super::train::{Answers, Bag, Row, Trained, train};
use super::vectors::Vectors;
use crate::error::Error;
use crate::stats::{Confusion, Random};

/// What is known of one coded answer: its features, and what people said of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// For each of its words, and for each word of the label that it stands under, the rows of its features, each as often as it
    /// comes.
    pub(crate) words: Vec<Vec<u16>>,
    /// The keys of its words in their order, with the breaks between clauses.
    pub(crate) order: Vec<phrases::Key>,
    pub(crate) label: Vec<Vec<u16>>,
    /// The rules' score for each input.
    pub(crate) scores: Vec<f32>,
    /// What the rules alone say of its role, by place among the outputs for roles.
    pub(crate) role_by_rules: Option<usize>,
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
    /// How it tells roles in cross-validation.
    pub role: RoleGain,
    /// Answers that cross-validation could judge. Those of a fold that holds more than half of all are not among them: too few of
    /// others are left to learn from.
    pub judged: usize,
}

/// Roles in cross-validation.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoleGain {
    /// Judged answers whose role people told.
    pub answers: u64,
    /// Share of those that the rules alone tell rightly, from 0 to 1.
    pub rules: f64,
    /// The same with the model.
    pub model: f64,
    /// Whether the model decides; else the rules do.
    pub decides: bool,
}

/// A theme in cross-validation.
#[derive(Clone, Debug)]
pub struct ThemeGain {
    /// Its code.
    pub code: String,
    /// Judged answers that have it.
    pub answers: u64,
    /// F1 of the rules alone.
    pub rules_f1: f64,
    /// F1 of rules and model together.
    pub model_f1: f64,
    /// Whether the model decides it; else the rules do, since there are too few examples or nothing is gained.
    pub decides: bool,
}

/// A trained network, and the log-odds that it gives the answers it did not see, by number.
type Network = Option<(Trained, Vec<(usize, Array1<f32>)>)>;

impl Example {
    fn n_features(&self) -> usize {
        self.words.iter().map(Vec::len).sum()
    }
}

const SEED: u64 = 2018;
/// For each answer so many more are made by joining short ones, and of so many parts at most.
const JOINED: f64 = 0.25;
const MOST_PARTS: usize = 6;
/// Features of a short answer: of about eight words.
const SHORT: usize = 80;
/// A run of words that comes in fewer answers is not learnt of.
const RAREST: usize = 4;
/// Scales that bring the rules' scores and the static vectors to a like size.
const RULES: f32 = 2.0;
const VECTORS: f32 = 4.0;
/// Most folds of the cross-validation.
const FOLDS: usize = 5;
/// Outputs for roles: the first of [`EXTRA`].
const ROLES: usize = 3;
/// A theme with fewer examples than this is left to the rules.
const FEWEST: u64 = 10;
/// The threshold that others are drawn to.
const MIDDLE: f32 = 0.4;
/// A threshold that no probability reaches.
const NEVER: f32 = 2.0;
/// The threshold of a polarity: it is given where it is likelier than not. Of roles, which need none, the likeliest is taken.
const LIKELIER: f32 = 0.5;

/// Trains on `examples`. `outputs` and `inputs` name what the examples' labels and scores stand for.
///
/// # Errors
/// When there are fewer than 50 examples, or all are of one group.
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
    let folds = folds(examples);
    if folds.iter().all(|&fold| fold == folds[0]) {
        return Err(Error::model(format!(
            "all {} coded answers are of one group, so that none can be judged by a coder that saw none of its group; give those of \
             two people or authors at least, and tell them apart (by a column, or a file for each)",
            examples.len()
        )));
    }
    let joined = joined(examples, &folds, &inputs);
    let everything = || examples.iter().chain(joined.iter().map(|(j, _)| j));
    let runs = known_runs(examples);
    let answers = answers(everything(), &runs, vectors);
    let rows = &answers.rows;
    let labels = labels(everything(), outputs.len());
    let fold_of: Vec<usize> = folds
        .iter()
        .copied()
        .chain(joined.iter().map(|(_, f)| *f))
        .collect();
    // The rules say already something of most outputs: training begins there.
    let known: Vec<(usize, usize)> = outputs
        .iter()
        .enumerate()
        .filter_map(|(n, o)| Some((inputs.iter().position(|i| i == o)?, n)))
        .collect();
    // A network without each fold, and at last one of all answers; they know nothing of each other and are trained at once.
    let n_folds = folds.iter().copied().max().unwrap_or(0) + 1;
    let mut networks: Vec<Network> = (0..n_folds)
        .map(Some)
        .chain([None])
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|fold| {
            let (others, own): (Vec<usize>, Vec<usize>) =
                (0..rows.len()).partition(|&i| Some(fold_of[i]) != fold);
            // From so few of the others nothing is learnt about this fold.
            let is_fair = others.len() * 2 >= rows.len();
            is_fair.then(|| {
                let trained = train(&answers, labels.view(), &others, &known, SEED);
                let judge = |i| (i, trained.judge(&answers, &rows[i]));
                let judged = own.into_iter().map(judge).collect();
                (trained, judged)
            })
        })
        .collect();
    let whole = networks.pop().flatten();
    // Each answer as judged by a network that was trained without its fold.
    let mut judged = Array2::<f32>::from_elem(labels.dim(), f32::NAN);
    for (i, odds) in networks
        .into_iter()
        .flatten()
        .flat_map(|(_, judged)| judged)
    {
        judged.row_mut(i).assign(&odds);
    }
    let judged = judged.slice_move(s![..examples.len(), ..]);
    let (mut trained, _) = whole.unwrap_or_else(|| unreachable!("all answers are enough"));
    let n_outputs = outputs.len();
    let mut parts = untrained(outputs, inputs, vectors);
    let n_themes = n_outputs - EXTRA.len();
    let role = role_gain(examples, n_themes, &judged);
    let mut themes = Vec::new();
    for output in 0..n_outputs {
        let (factor, offset) = calibrate(
            judged.column(output),
            labels.slice(s![..examples.len(), output]),
        );
        trained.rescale(output, factor, offset);
        let judged = judged
            .column(output)
            .mapv(|odds| sigmoid(odds * factor + offset));
        let known = labels.column(output).iter().any(|l| !l.is_nan());
        let thresholds = if output < n_themes {
            let gain = theme_gain(examples, &folds, &parts, output, judged.view());
            let thresholds = if gain.1.decides { gain.0 } else { [NEVER; 2] };
            themes.push(gain.1);
            thresholds
        } else if output < n_themes + ROLES && !role.decides {
            [NEVER; 2]
        } else {
            [LIKELIER; 2]
        };
        [parts.backed[output], parts.alone[output]] = if known { thresholds } else { [NEVER; 2] };
    }
    fold(trained, &runs, vectors, &mut parts);
    Ok(Learned {
        model: Model::new(parts),
        themes,
        role,
        judged: judged
            .rows()
            .into_iter()
            .filter(|odds| !odds[0].is_nan())
            .count(),
    })
}

/// A model that gives nothing yet.
fn untrained(outputs: Vec<String>, inputs: Vec<String>, vectors: &Vectors<'_>) -> Parts {
    Parts {
        backed: vec![NEVER; outputs.len()],
        alone: vec![NEVER; outputs.len()],
        outputs,
        inputs,
        scales: vec![0.0; WIDTH],
        network: Default::default(),
        runs: Weighted::default(),
        idf: vectors.idfs().to_vec().into(),
        table: Vec::new().into(),
    }
}

/// Of how many answers rules and model tell the role. With few examples the rules know better.
fn role_gain(examples: &[Example], first: usize, judged: &Array2<f32>) -> RoleGain {
    let (mut answers, mut rules, mut model) = (0, 0, 0);
    for (example, odds) in examples.iter().zip(judged.rows()) {
        let said = &example.labels[first..first + ROLES];
        let Some(role) = said.iter().position(|label| *label == Some(true)) else {
            continue;
        };
        // Of an answer that was not judged rules and model are not compared.
        if odds[first].is_nan() {
            continue;
        }
        answers += 1;
        rules += u64::from(example.role_by_rules == Some(role));
        let likeliest = (0..ROLES).max_by(|a, b| odds[first + a].total_cmp(&odds[first + b]));
        model += u64::from(likeliest == Some(role));
    }
    let share = |right: u64| right as f64 / answers.max(1) as f64;
    RoleGain {
        answers,
        rules: share(rules),
        model: share(model),
        decides: answers >= FEWEST && model > rules,
    }
}

/// What the network sees of the examples.
fn answers<'a>(
    examples: impl Iterator<Item = &'a Example>,
    known_runs: &[phrases::Run],
    vectors: &Vectors<'_>,
) -> Answers {
    let mut bags = Vec::new();
    // Words and labels come again and again.
    let mut known: FxHashMap<Vec<u16>, usize> = FxHashMap::default();
    let mut id = |rows: Vec<u16>| {
        *known.entry(rows).or_insert_with_key(|rows| {
            bags.push(bag(rows, vectors));
            bags.len() - 1
        })
    };
    let rows = examples
        .map(|example| Row {
            text: id(example.words.concat()),
            label: (!example.label.is_empty()).then(|| id(example.label.concat())),
            words: example.words.iter().map(|word| id(word.clone())).collect(),
            runs: runs_of(example)
                .iter()
                .filter_map(|run| Some(known_runs.binary_search(run).ok()? as u32))
                .collect(),
            scores: example.scores.iter().map(|s| s * RULES).collect(),
        })
        .collect();
    Answers {
        bags,
        rows,
        n_runs: known_runs.len(),
    }
}

/// The runs of words of an answer, each once.
fn runs_of(example: &Example) -> Vec<phrases::Run> {
    let mut runs = Vec::new();
    phrases::runs(&example.order, |run, _| runs.push(run));
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// The runs that come in enough answers to learn of, in order.
fn known_runs(examples: &[Example]) -> Vec<phrases::Run> {
    let mut counts: FxHashMap<phrases::Run, usize> = FxHashMap::default();
    for run in examples.iter().flat_map(runs_of) {
        *counts.entry(run).or_default() += 1;
    }
    counts.retain(|_, n| *n >= RAREST);
    let mut often: Vec<phrases::Run> = counts.into_keys().collect();
    often.sort_unstable();
    often
}

fn bag(rows: &[u16], vectors: &Vectors<'_>) -> Bag {
    let features = sparse(rows, vectors);
    let mut vector = vec![0f32; vectors.dims()];
    for &(feature, share) in &features {
        vectors.add(feature as u16, share * VECTORS, &mut vector);
    }
    Bag { features, vector }
}

/// A column for each output: 0, 1, or `NaN` where nothing was said. An output with too few examples of either kind has none.
fn labels<'a>(examples: impl Iterator<Item = &'a Example>, outputs: usize) -> Array2<f32> {
    let examples: Vec<&Example> = examples.collect();
    let mut labels = Array2::from_shape_fn((examples.len(), outputs), |(i, output)| {
        examples[i].labels[output].map_or(f32::NAN, f32::from)
    });
    for mut column in labels.columns_mut() {
        let count = |label: f32| column.iter().filter(|l| **l == label).count();
        if count(0.0) < 5 || count(1.0) < 5 {
            column.fill(f32::NAN);
        }
    }
    labels
}

/// By what to multiply log-odds and what to add, so that they tell how often the label is given.
fn calibrate(judged: ArrayView1<'_, f32>, labels: ArrayView1<'_, f32>) -> (f32, f32) {
    let told: Vec<(f32, bool)> = judged
        .iter()
        .zip(labels)
        .filter(|(odds, label)| odds.is_finite() && !label.is_nan())
        .map(|(odds, label)| (*odds, *label > 0.5))
        .collect();
    let odds = told.iter().map(|t| t.0).collect();
    let labels: Array1<bool> = told.iter().map(|t| t.1).collect();
    let fitted = Array2::from_shape_vec((told.len(), 1), odds)
        .ok()
        .and_then(|odds| {
            LogisticRegression::default()
                .alpha(0.1)
                .fit(&Dataset::new(odds, labels))
                .ok()
        });
    match fitted {
        Some(fitted) if fitted.params()[0].is_finite() => {
            // Which class linfa calls positive is its own choice.
            let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
            (fitted.params()[0] * sign, fitted.intercept() * sign)
        }
        _ => (1.0, 0.0),
    }
}

/// Puts a trained network into the form in which it is used: what stands below the bottleneck becomes one table.
fn fold(trained: Trained, runs: &[phrases::Run], vectors: &Vectors<'_>, parts: &mut Parts) {
    let mut table = trained.features;
    let mut vector = vec![0f32; vectors.dims()];
    for (feature, mut to) in table.rows_mut().into_iter().enumerate() {
        vector.fill(0.0);
        vectors.add(feature as u16, VECTORS, &mut vector);
        for (x, from) in vector.iter().zip(trained.vectors.rows()) {
            to.scaled_add(*x, &from);
        }
    }
    let (scales, bytes) = quantize(&table);
    (parts.scales, parts.table) = (scales, bytes.into());
    let kept = trained.runs.axis_iter(Axis(0)).enumerate();
    let kept = kept.filter(|(_, row)| row.iter().any(|x| *x != 0.0));
    let kept: Vec<usize> = kept.map(|(n, _)| n).collect();
    let (scales, bytes) = quantize(&trained.runs.select(Axis(0), &kept));
    let kept: Vec<phrases::Run> = kept.into_iter().map(|n| runs[n]).collect();
    parts.runs = Weighted::new(&kept, scales, bytes);
    let mut network = trained.network;
    let scores = parts.inputs.len();
    for w in &mut network.hidden[..scores * network.n_hidden] {
        *w *= RULES;
    }
    for w in &mut network.direct[..scores * network.n_outputs] {
        *w *= RULES;
    }
    parts.network = network;
}

/// Features as a sparse unit vector: each row's count times its rarity.
fn sparse(rows: &[u16], vectors: &Vectors<'_>) -> Vec<(u32, f32)> {
    let mut rows = rows.to_vec();
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

/// A fold for each example, whole groups together: dealt out in turn in the order of their numbers, of whatever size they are.
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

/// Answers of several parts, made of short answers of one fold: what each part says is said by the whole.
fn joined(examples: &[Example], folds: &[usize], inputs: &[String]) -> Vec<(Example, usize)> {
    let mut random = Random::new(SEED);
    let mut by_fold: Vec<Vec<usize>> = vec![Vec::new(); FOLDS];
    for (i, &fold) in folds.iter().enumerate() {
        // Of two that answer different labels nothing can be said together; people join what is short.
        if examples[i].scores[inputs.len() - 1] == 0.0 && examples[i].n_features() <= SHORT {
            by_fold[fold].push(i);
        }
    }
    let mut out = Vec::new();
    for (fold, members) in by_fold.iter().enumerate().filter(|(_, m)| m.len() > 1) {
        for _ in 0..(members.len() as f64 * JOINED) as usize {
            // Half have two parts, a quarter three, and so on.
            let n = (2..MOST_PARTS).find(|_| random.below(2) == 0);
            let parts = (0..n.unwrap_or(MOST_PARTS))
                .map(|_| &examples[members[random.below(members.len())]]);
            let whole = parts.cloned().reduce(|a, b| join(&a, &b, inputs));
            out.extend(whole.map(|whole| (whole, fold)));
        }
    }
    out
}

/// An answer that says what two say.
fn join(a: &Example, b: &Example, inputs: &[String]) -> Example {
    let half = inputs.len() / 2;
    let scores = (0..inputs.len()).map(|n| match (a.scores[n], b.scores[n]) {
        (a, b) if n >= half => a.max(b),
        (a, b) if inputs[n].starts_with('@') => (a + b).clamp(-1.0, 1.0),
        (a, b) => 1.0 - (1.0 - a) * (1.0 - b),
    });
    let n_themes = a.labels.len() - EXTRA.len();
    // Who denies one thing and complains of another complains.
    let complains = [a, b]
        .iter()
        .any(|e| e.labels[n_themes + ROLES..] == [Some(false); 2]);
    let labels = a.labels.iter().zip(&b.labels).enumerate();
    let labels = labels.map(|(n, labels)| match labels {
        (Some(a), Some(b)) if n < n_themes => Some(*a || *b),
        _ if n >= n_themes + ROLES && complains => Some(false),
        (a, b) if a == b => *a,
        _ => None,
    });
    Example {
        words: [&a.words[..], &b.words[..]].concat(),
        order: [&a.order[..], &[phrases::BREAK], &b.order[..]].concat(),
        label: Vec::new(),
        scores: scores.collect(),
        role_by_rules: None,
        labels: labels.collect(),
        group: a.group,
    }
}

/// The thresholds of a theme, where the rules give it and where they do not, and how it fares: each fold with thresholds that
/// were chosen without it. Answers that were not judged (NaN) count neither for the rules nor for the model.
fn theme_gain(
    examples: &[Example],
    folds: &[usize],
    parts: &Parts,
    output: usize,
    judged: ArrayView1<'_, f32>,
) -> ([f32; 2], ThemeGain) {
    let code = &parts.outputs[output];
    let input = parts.inputs.iter().position(|i| i == code);
    let by_rules = |i: usize| input.is_some_and(|n| examples[i].scores[n] >= 0.5);
    let n_folds = folds.iter().max().map_or(0, |f| f + 1);
    // One confusion a fold, of which others are sums.
    let score = |given: &dyn Fn(usize) -> bool| {
        let mut confusions = vec![Confusion::default(); n_folds];
        for (i, example) in examples.iter().enumerate() {
            if let Some(gold) = example.labels[output].filter(|_| !judged[i].is_nan()) {
                confusions[folds[i]].add(gold, given(i));
            }
        }
        confusions
    };
    let without = |confusions: &[Confusion], fold: Option<usize>| {
        let mut sum = Confusion::default();
        for (n, confusion) in confusions.iter().enumerate() {
            if Some(n) != fold {
                sum.merge(confusion);
            }
        }
        sum
    };
    let steps = || (10..=70).step_by(5).map(|percent| percent as f32 / 100.0);
    let mut tried = Vec::new();
    for backed in steps() {
        for alone in steps() {
            let given = |i: usize| judged[i] >= if by_rules(i) { backed } else { alone };
            tried.push(([backed, alone], score(&given)));
        }
    }
    let best = |fold: Option<usize>| {
        let f1 = |n: &usize| without(&tried[*n].1, fold).f1().unwrap_or(0.0);
        // Of equals the first.
        (0..tried.len())
            .rev()
            .max_by(|a, b| f1(a).total_cmp(&f1(b)))
    };
    let mut fair = Confusion::default();
    for fold in 0..n_folds {
        if let Some(n) = best(Some(fold)) {
            fair.merge(&tried[n].1[fold]);
        }
    }
    let rules = without(&score(&by_rules), None);
    let answers = rules.gold();
    let [rules_f1, model_f1] = [rules, fair].map(|c| c.f1().unwrap_or(0.0));
    let gain = ThemeGain {
        code: code.clone(),
        answers,
        rules_f1,
        model_f1,
        decides: answers >= FEWEST && model_f1 > rules_f1,
    };
    let thresholds = best(None).map_or([MIDDLE; 2], |n| tried[n].0);
    // Drawn halfway to the middle, since the best of many thresholds flatters itself.
    (thresholds.map(|t| (t + MIDDLE) / 2.0), gain)
}

/// Four bits for each number, a row after the other, on the scale of its column that loses least; and the scales.
fn quantize(table: &Array2<f32>) -> (Vec<f32>, Vec<u8>) {
    const MOST: f32 = 7.0;
    let step = |x: f32, scale: f32| (x / scale).round().clamp(-MOST, MOST);
    let scales = table.columns().into_iter().map(|column| {
        let largest = column.iter().fold(1e-9f32, |a, x| a.max(x.abs()));
        let loss = |scale: f32| -> f32 {
            column
                .iter()
                .map(|x| (step(*x, scale) * scale - x).powi(2))
                .sum()
        };
        // A few huge numbers would take the resolution from all others: they are clipped where that pays.
        (1..=20)
            .map(|n| largest / MOST * 0.85f32.powi(n - 1))
            .min_by(|a, b| loss(*a).total_cmp(&loss(*b)))
            .unwrap_or(1.0)
    });
    let scales: Vec<f32> = scales.collect();
    let mut bytes = Vec::with_capacity(table.nrows() * table.ncols().div_ceil(2));
    for row in table.rows() {
        let four: Vec<u8> = row
            .iter()
            .zip(&scales)
            .map(|(x, scale)| (step(*x, *scale) + 8.0) as u8)
            .collect();
        bytes.extend(
            four.chunks(2)
                .map(|two| two[0] | two.get(1).unwrap_or(&8) << 4),
        );
    }
    (scales, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_not_judged_counts_neither_for_the_rules_nor_for_the_model() {
        let example = |has: bool| Example {
            words: Vec::new(),
            order: Vec::new(),
            label: Vec::new(),
            scores: vec![0.0],
            role_by_rules: None,
            labels: vec![Some(has)],
            group: 0,
        };
        // A fold of 60, of which nothing was judged, and two of 20, told rightly.
        let folds: Vec<usize> = (0..100).map(|i| [0, 0, 0, 1, 2][i % 5]).collect();
        let examples: Vec<Example> = (0..100).map(|i| example(i % 2 == 0)).collect();
        let odds = |i: usize| match folds[i] {
            0 => f32::NAN,
            _ if i.is_multiple_of(2) => 0.9,
            _ => 0.1,
        };
        let judged: Array1<f32> = (0..100).map(odds).collect();
        let names = || vec!["a".to_owned()];
        let parts = untrained(names(), names(), &Vectors::builtin());
        let (_, gain) = theme_gain(&examples, &folds, &parts, 0, judged.view());
        assert_eq!((gain.answers, gain.rules_f1, gain.model_f1), (20, 0.0, 1.0));
        assert!(gain.decides);
    }

    #[test]
    fn of_answers_joined_the_whole_says_what_each_part_says() {
        // Outputs: two themes, then roles and polarities; inputs: a theme, a cue, the same of the context, its presence.
        let inputs = [
            "a",
            "@challenge",
            "context:a",
            "context:@challenge",
            "context:",
        ];
        let example = |theme: bool, score: f32, challenge: bool, context: f32| {
            // A complaint, or a denial.
            let said = [
                theme, !theme, challenge, false, !challenge, !challenge, false,
            ];
            Example {
                words: vec![vec![1]],
                order: vec![7],
                label: Vec::new(),
                scores: vec![score, 0.75, 0.0, 0.0, context],
                role_by_rules: None,
                labels: said.map(Some).to_vec(),
                group: 0,
            }
        };
        let examples = [
            example(true, 0.5, true, 0.0),
            example(false, 0.5, false, 0.0),
            example(true, 1.0, true, 1.0),
        ];
        let folds = [0; 3];
        let many: Vec<Example> = (0..8).flat_map(|_| examples.clone()).collect();
        let joined = joined(&many, &folds.repeat(8), &inputs.map(String::from));
        assert_eq!(joined.len(), 4);
        for (whole, _) in &joined {
            let n = whole.words.len();
            assert!((2..=MOST_PARTS).contains(&n));
            assert_eq!(whole.order.len(), 2 * n - 1);
            // No answer under a label is joined to another.
            assert_eq!(whole.scores[0], 1.0 - 0.5f32.powi(n as i32));
            assert_eq!(whole.scores[1..], [1.0, 0.0, 0.0, 0.0]);
            let [a, b, challenge, absent] = [0, 1, 2, 5].map(|n| whole.labels[n]);
            // Those of one kind say the same; those of different kinds both themes and no role, and they complain.
            match (a, b) {
                (Some(true), Some(true)) => assert_eq!((challenge, absent), (None, Some(false))),
                (Some(one), Some(other)) => {
                    assert!(one != other && challenge == Some(one) && absent == Some(!one));
                }
                _ => panic!("a theme is known of all"),
            }
        }
    }
}
