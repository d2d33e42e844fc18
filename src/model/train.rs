//! Trains the network by gradient descent, the numbers of words and the layers behind them together.
//!
//! AdamW (Loshchilov & Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019) on cross-entropy in small batches, the
//! step growing over the first third and then falling along a cosine (Smith, *Super-Convergence*, 2018). Dropout (Srivastava
//! et al., JMLR 2014) of features, inputs and hidden units keeps few examples from being learnt by heart. One thread and one
//! seed: the same examples give the same network.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip, s, stack};

use super::features::ROWS;
use super::network::{Network, sigmoid};
use super::phrases::MOST;
use super::predict::{POOLS, WIDTH};
use crate::stats::{Random, g2};

const HIDDEN: usize = 64;
const BATCH: usize = 32;
const EPOCHS: usize = 15;
/// Few examples are seen more often, so that there are at least so many steps.
const FEWEST_STEPS: usize = 100;
/// How much an output goes by what the rules say of it, before anything is learnt.
const TRUST: f32 = 1.5;
/// Length of the longest step.
const RATE: f32 = 3e-3;
/// Weight decay of the layers, and of the hashed features, of which there are many for each example.
const DECAY: f32 = 0.05;
const FEATURE_DECAY: f32 = 0.2;
/// By how much the steps of runs of words are longer: most come so seldom that they would not get far.
const RUN_PACE: f32 = 3.0;
/// Of so many answers nearly all can be learnt by heart; of more that gets harder, and they are held back less.
const FEW: f32 = 80_000.0;
/// Shares that are left out in training, where there are [`FEW`] answers or fewer.
const LEFT_OUT: Dropout = Dropout {
    features: 0.5,
    runs: 0.5,
    inputs: 0.1,
    hidden: 0.3,
};

/// Shares that are left out in training, from 0 to 1.
struct Dropout {
    features: f32,
    runs: f32,
    inputs: f32,
    hidden: f32,
}

impl Dropout {
    fn scaled(&self, by: f32) -> Self {
        Self {
            features: self.features * by,
            runs: self.runs * by,
            inputs: self.inputs * by,
            hidden: self.hidden * by,
        }
    }
}

/// Words taken together, or one word: hashed features and their shares, and the static vector that they add up to.
pub(super) struct Bag {
    pub(super) features: Vec<(u32, f32)>,
    pub(super) vector: Vec<f32>,
}

/// One answer, ready for training.
pub(super) struct Row {
    /// The number of the bag of the whole answer, and of the label that it stands under.
    pub(super) text: usize,
    pub(super) label: Option<usize>,
    /// The number of the bag of each word.
    pub(super) words: Vec<usize>,
    /// The numbers of its runs of words, each once.
    pub(super) runs: Vec<u32>,
    /// The rules' scores.
    pub(super) scores: Vec<f32>,
}

/// Answers, with the bags that are made of them.
pub(super) struct Answers {
    pub(super) bags: Vec<Bag>,
    pub(super) rows: Vec<Row>,
    /// Runs of words that are known.
    pub(super) n_runs: usize,
}

/// A trained network, with what stands below its bottleneck.
pub(super) struct Trained {
    /// A row of [`WIDTH`] for each hashed feature.
    pub(super) features: Array2<f32>,
    /// A row of [`WIDTH`] for each number of the static vector.
    pub(super) vectors: Array2<f32>,
    /// What each run of words adds to each output.
    pub(super) runs: Array2<f32>,
    /// Its inputs are the rules' scores, then the numbers of words, [`POOLS`] times.
    pub(super) network: Network,
}

/// The dense parameters: vectors, then the five parts of the network.
const LAYERS: usize = 6;
const DIRECT: usize = 4;
const BIAS: usize = 5;

struct Parameters {
    features: Sparse,
    /// A row for each run of words, a column for each output.
    runs: Sparse,
    values: Vec<Array2<f32>>,
    gradients: Vec<Array2<f32>>,
    /// Running means of the gradient and of its square.
    first: Vec<Array2<f32>>,
    second: Vec<Array2<f32>>,
    /// Lengths of the steps.
    rates: Vec<f32>,
    left_out: Dropout,
}

/// Parameters of which a batch uses few rows, so that a row moves when it is used next.
struct Sparse {
    values: Array2<f32>,
    gradients: Array2<f32>,
    first: Array2<f32>,
    second: Array2<f32>,
    /// The step at which each row moved last; 0 before its first.
    moved: Vec<usize>,
    decay: f32,
    /// By how much its steps are longer than those of other parameters.
    pace: f32,
    /// After each step, the logarithm of what weight decay left.
    shrunk: Vec<f32>,
}

/// Shares that the running means keep at each step.
const BETA: [f32; 2] = [0.9, 0.999];
/// Keeps a division from one by zero.
const TINY: f32 = 1e-8;

/// One step of AdamW, the same for all parameters of a kind.
struct Stride {
    rate: f32,
    /// What weight decay leaves.
    left: f32,
    /// By which the running means, which begin at zero, are too small.
    bias: [f32; 2],
}

impl Stride {
    fn new(step: usize, rate: f32, decay: f32) -> Self {
        Self {
            rate,
            left: 1.0 - rate * decay,
            bias: BETA.map(|b| 1.0 - b.powi(step as i32)),
        }
    }

    /// Moves one parameter and clears its gradient.
    #[inline(always)]
    fn go(&self, value: &mut f32, gradient: &mut f32, m: &mut f32, v: &mut f32) {
        let [first, second] = self.bias;
        *m = BETA[0] * *m + (1.0 - BETA[0]) * *gradient;
        *v = BETA[1] * *v + (1.0 - BETA[1]) * *gradient * *gradient;
        *value = *value * self.left - self.rate * (*m / first) / ((*v / second).sqrt() + TINY);
        *gradient = 0.0;
    }
}

impl Sparse {
    fn new(rows: usize, columns: usize, decay: f32, pace: f32) -> Self {
        let zeros = || Array2::zeros((rows, columns));
        Self {
            values: zeros(),
            gradients: zeros(),
            first: zeros(),
            second: zeros(),
            moved: vec![0; rows],
            decay,
            pace,
            shrunk: vec![0.0],
        }
    }

    /// One step of AdamW, the `step`th, of the rows in `seen`, each once; clears their gradients.
    fn step(&mut self, step: usize, rate: f32, seen: &[u32]) {
        let stride = Stride::new(step, rate * self.pace, self.decay);
        self.shrunk.push(self.shrunk[step - 1] + stride.left.ln());
        for &row in seen {
            let row = row as usize;
            Zip::from(self.values.row_mut(row))
                .and(self.gradients.row_mut(row))
                .and(self.first.row_mut(row))
                .and(self.second.row_mut(row))
                .for_each(|value, gradient, m, v| stride.go(value, gradient, m, v));
            self.moved[row] = step;
        }
    }

    /// Brings a row to where the steps up to the `step`th would have brought it. It came in none of those since its last, so
    /// that each only shrank it and went on along its mean gradient, by a tenth less each time: their sum is known at once.
    fn catch_up(&mut self, row: usize, step: usize, rates: &[f32]) {
        let last = self.moved[row];
        self.moved[row] = step;
        if last == 0 || last == step {
            return;
        }
        let missed = (step - last) as i32;
        let rate = rates[last] * self.pace;
        let shrink = (self.shrunk[step] - self.shrunk[last]).exp();
        let [first, second] = BETA.map(|b| 1.0 - b.powi(last as i32));
        let [m_left, v_left] = BETA.map(|b| b.powi(missed));
        let drift = rate * BETA[0] * (1.0 - m_left) / (1.0 - BETA[0]) / first;
        Zip::from(self.values.row_mut(row))
            .and(self.first.row_mut(row))
            .and(self.second.row_mut(row))
            .for_each(|value, m, v| {
                *value = (*value - drift * *m / ((*v / second).sqrt() + TINY)) * shrink;
                *m *= m_left;
                *v *= v_left;
            });
    }

    /// The same for all rows; gives the values.
    fn finish(mut self, step: usize, rates: &[f32]) -> Array2<f32> {
        for row in 0..self.moved.len() {
            self.catch_up(row, step, rates);
        }
        self.values
    }
}

impl Parameters {
    fn new(
        n_scores: usize,
        dims: usize,
        outputs: usize,
        n_runs: usize,
        held_back: f32,
        random: &mut Random,
    ) -> Self {
        let inputs = n_scores + POOLS * WIDTH;
        let shapes: [(usize, usize, f32); LAYERS] = [
            (dims, WIDTH, 1.0 / (dims as f32).sqrt()),
            (inputs, HIDDEN, 1.0 / (inputs as f32).sqrt()),
            (1, HIDDEN, 0.0),
            (HIDDEN, outputs, 1.0 / (HIDDEN as f32).sqrt()),
            (inputs, outputs, 0.0),
            (1, outputs, 0.0),
        ];
        let values: Vec<Array2<f32>> = shapes
            .iter()
            .map(|&(rows, columns, spread)| {
                Array2::from_shape_simple_fn((rows, columns), || {
                    (unit(random) * 2.0 - 1.0) * spread
                })
            })
            .collect();
        let zeros = || values.iter().map(|v| Array2::zeros(v.dim())).collect();
        Self {
            features: Sparse::new(ROWS, WIDTH, FEATURE_DECAY * held_back.sqrt(), 1.0),
            runs: Sparse::new(n_runs, outputs, DECAY, RUN_PACE),
            rates: Vec::new(),
            left_out: LEFT_OUT.scaled(held_back),
            gradients: zeros(),
            first: zeros(),
            second: zeros(),
            values,
        }
    }

    /// One step of AdamW, the `step`th; clears the gradients. Of the sparse ones only the rows in `seen` move.
    fn step(&mut self, step: usize, seen: &Seen) {
        let rate = self.rates[step - 1];
        self.features.step(step, rate, &seen.features);
        self.runs.step(step, rate, &seen.runs);
        let stride = Stride::new(step, rate, DECAY);
        for layer in 0..LAYERS {
            Zip::from(&mut self.values[layer])
                .and(&mut self.gradients[layer])
                .and(&mut self.first[layer])
                .and(&mut self.second[layer])
                .for_each(|value, gradient, m, v| stride.go(value, gradient, m, v));
        }
    }
}

/// The rows of the sparse parameters that came in a batch, each once.
struct Seen {
    features: Vec<u32>,
    runs: Vec<u32>,
}

/// Trains on the rows `which` of `answers`; `labels` hold a column for each output, `NaN` where nothing was said. `known` are
/// pairs of a score and the output of which it tells.
pub(super) fn train(
    answers: &Answers,
    labels: ArrayView2<'_, f32>,
    which: &[usize],
    known: &[(usize, usize)],
    seed: u64,
) -> Trained {
    let n_scores = answers.rows.first().map_or(0, |r| r.scores.len());
    let dims = answers.bags.first().map_or(0, |b| b.vector.len());
    let mut random = Random::new(seed);
    let held_back = (FEW / which.len() as f32).min(1.0);
    let mut parameters = Parameters::new(
        n_scores,
        dims,
        labels.ncols(),
        answers.n_runs,
        held_back,
        &mut random,
    );
    for &(score, output) in known {
        parameters.values[DIRECT][[score, output]] = TRUST;
    }
    for (output, column) in labels.columns().into_iter().enumerate() {
        let told = || which.iter().map(|&i| column[i]).filter(|l| !l.is_nan());
        let share = (told().sum::<f32>() + 1.0) / (told().count() as f32 + 2.0);
        parameters.values[BIAS][[0, output]] = (share / (1.0 - share)).ln();
    }
    let told = telling(answers, labels, which);
    let mut order = which.to_vec();
    let batch = BATCH.min(order.len().max(1));
    let batches = (order.len() / batch).max(1);
    let epochs = EPOCHS.max(FEWEST_STEPS.div_ceil(batches));
    let steps = epochs * batches;
    parameters.rates = (1..=steps).map(|step| rate(step, steps)).collect();
    let mut step = 0;
    for _ in 0..epochs {
        shuffle(&mut order, &mut random);
        for some in order.chunks_exact(batch) {
            let seen = gradients(
                answers,
                labels,
                some,
                step,
                &told,
                &mut parameters,
                &mut random,
            );
            step += 1;
            parameters.step(step, &seen);
        }
    }
    let Parameters {
        features,
        runs,
        values,
        rates,
        ..
    } = parameters;
    let features = features.finish(step, &rates);
    let runs = runs.finish(step, &rates);
    let [vectors, layers @ ..]: [Array2<f32>; LAYERS] = values
        .try_into()
        .unwrap_or_else(|_| unreachable!("as many layers as were made"));
    let [hidden, hidden_bias, upper, direct, bias] =
        layers.map(|layer| layer.into_raw_vec_and_offset().0);
    Trained {
        features,
        vectors,
        runs,
        network: Network {
            n_inputs: n_scores + POOLS * WIDTH,
            n_hidden: HIDDEN,
            n_outputs: labels.ncols(),
            hidden,
            hidden_bias,
            upper,
            direct,
            bias,
        },
    }
}

impl Trained {
    /// Multiplies the log-odds of one output and adds to them.
    pub(super) fn rescale(&mut self, output: usize, factor: f32, offset: f32) {
        let network = &mut self.network;
        let n = network.n_outputs;
        for part in [&mut network.upper, &mut network.direct, &mut network.bias] {
            part.iter_mut()
                .skip(output)
                .step_by(n)
                .for_each(|w| *w *= factor);
        }
        network.bias[output] += offset;
        self.runs.column_mut(output).map_inplace(|w| *w *= factor);
    }

    /// The log-odds of each output for a row.
    pub(super) fn judge(&self, answers: &Answers, row: &Row) -> Array1<f32> {
        let numbers = |bag: usize| {
            let bag = &answers.bags[bag];
            let mut numbers = ArrayView1::from(&bag.vector).dot(&self.vectors);
            for &(feature, share) in &bag.features {
                numbers.scaled_add(share, &self.features.row(feature as usize));
            }
            numbers
        };
        let mut greatest = Array1::<f32>::zeros(WIDTH);
        for &word in &row.words {
            Zip::from(&mut greatest)
                .and(&numbers(word))
                .for_each(|greatest, number| *greatest = greatest.max(*number));
        }
        let mut inputs = row.scores.clone();
        inputs.extend(numbers(row.text));
        inputs.extend(greatest);
        inputs.extend(row.label.into_iter().flat_map(numbers));
        let mut activity = Default::default();
        self.network.run(&inputs, &mut activity);
        let mut outputs = Array1::from(activity.outputs);
        for &run in &row.runs {
            outputs += &self.runs.row(run as usize);
        }
        outputs
    }
}

/// The bags of a batch, each as often as it is used and each time with other features dropped.
#[derive(Default)]
struct Used<'a> {
    features: Vec<Vec<(u32, f32)>>,
    vectors: Vec<ArrayView1<'a, f32>>,
}

/// Where the bags of a row stand among those used.
struct Place {
    text: usize,
    words: std::ops::Range<usize>,
    label: Option<usize>,
}

impl<'a> Used<'a> {
    /// Takes a bag: its place.
    fn take(&mut self, bag: &'a Bag, left_out: &Dropout, random: &mut Random) -> usize {
        let kept = bag.features.iter().filter_map(|&(feature, share)| {
            let share = share * dropout(left_out.features, random);
            (share != 0.0).then_some((feature, share))
        });
        self.features.push(kept.collect());
        self.vectors.push(ArrayView1::from(&bag.vector));
        self.features.len() - 1
    }

    /// Takes the bags of a row.
    fn take_row(
        &mut self,
        row: &Row,
        bags: &'a [Bag],
        left_out: &Dropout,
        random: &mut Random,
    ) -> Place {
        let mut take = |bag: usize| self.take(&bags[bag], left_out, random);
        let text = take(row.text);
        for &word in &row.words {
            take(word);
        }
        Place {
            text,
            words: text + 1..text + 1 + row.words.len(),
            label: row.label.map(&mut take),
        }
    }
}

/// From where inputs of a row come: the numbers of a bag go up to the inputs, and the slopes of the inputs come down to them.
struct Feed {
    row: usize,
    input: usize,
    bag: usize,
    /// Of the bag's numbers all, or one.
    numbers: std::ops::Range<usize>,
}

/// The feeds of a batch: for each row the sum of its words, the greatest of each number, the sum of its label.
fn feeds(places: &[Place], numbers: &Array2<f32>, n_scores: usize) -> Vec<Feed> {
    let mut feeds = Vec::new();
    for (row, Place { text, words, label }) in places.iter().enumerate() {
        let mut feed = |pool: usize, bag: usize, numbers: std::ops::Range<usize>| {
            feeds.push(Feed {
                row,
                input: n_scores + pool * WIDTH + numbers.start,
                bag,
                numbers,
            });
        };
        feed(0, *text, 0..WIDTH);
        for number in 0..WIDTH {
            let at = |word: &usize| numbers[[*word, number]];
            // Of equals the first.
            let greatest = words.clone().rev().max_by(|a, b| at(a).total_cmp(&at(b)));
            if let Some(word) = greatest.filter(|word| at(word) > 0.0) {
                feed(1, word, number..number + 1);
            }
        }
        if let Some(label) = label {
            feed(2, *label, 0..WIDTH);
        }
    }
    feeds
}

/// Adds the gradients of a batch, by back-propagation, after `step` steps. Returns the features that came in it, in order.
fn gradients(
    answers: &Answers,
    labels: ArrayView2<'_, f32>,
    batch: &[usize],
    step: usize,
    told: &[bool],
    parameters: &mut Parameters,
    random: &mut Random,
) -> Seen {
    let rows: Vec<&Row> = batch.iter().map(|&row| &answers.rows[row]).collect();
    let n_scores = rows[0].scores.len();
    let mut used = Used::default();
    let places: Vec<Place> = rows
        .iter()
        .map(|row| used.take_row(row, &answers.bags, &parameters.left_out, random))
        .collect();
    // Runs, too, are dropped from each row anew.
    let runs: Vec<Vec<(u32, f32)>> = rows
        .iter()
        .map(|row| {
            let told = row.runs.iter().filter(|run| told[**run as usize]);
            let kept = told.map(|&run| (run, dropout(parameters.left_out.runs, random)));
            kept.filter(|(_, share)| *share > 0.0).collect()
        })
        .collect();
    let seen = Seen {
        features: once(&used.features),
        runs: once(&runs),
    };
    let rates = &parameters.rates;
    for &feature in &seen.features {
        parameters.features.catch_up(feature as usize, step, rates);
    }
    for &run in &seen.runs {
        parameters.runs.catch_up(run as usize, step, rates);
    }
    let features = &parameters.features.values;
    let [vectors, hidden, hidden_bias, upper, direct, bias] = &parameters.values[..] else {
        unreachable!("as many layers as were made")
    };
    let static_vectors =
        stack(Axis(0), &used.vectors).unwrap_or_else(|_| unreachable!("all of one length"));
    let mut numbers = static_vectors.dot(vectors);
    for (mut numbers, words) in numbers.rows_mut().into_iter().zip(&used.features) {
        for &(feature, share) in words {
            numbers.scaled_add(share, &features.row(feature as usize));
        }
    }
    let feeds = feeds(&places, &numbers, n_scores);
    let mut inputs = Array2::<f32>::zeros((batch.len(), n_scores + POOLS * WIDTH));
    for (n, row) in rows.iter().enumerate() {
        inputs
            .slice_mut(s![n, ..n_scores])
            .assign(&ArrayView1::from(&row.scores));
    }
    for feed in &feeds {
        let from = numbers.slice(s![feed.bag, feed.numbers.clone()]);
        let to = feed.input..feed.input + feed.numbers.len();
        inputs.slice_mut(s![feed.row, to]).assign(&from);
    }
    let input_mask = mask(inputs.dim(), parameters.left_out.inputs, random);
    inputs *= &input_mask;

    let mut units = inputs.dot(hidden) + hidden_bias;
    let mut unit_mask = mask(units.dim(), parameters.left_out.hidden, random);
    Zip::from(&mut unit_mask).and(&units).for_each(|m, u| {
        if *u <= 0.0 {
            *m = 0.0;
        }
    });
    units *= &unit_mask;

    let mut slope = inputs.dot(direct) + units.dot(upper) + bias;
    for (mut slope, runs) in slope.rows_mut().into_iter().zip(&runs) {
        for &(run, share) in runs {
            slope.scaled_add(share, &parameters.runs.values.row(run as usize));
        }
    }
    for (n, &row) in batch.iter().enumerate() {
        Zip::from(slope.row_mut(n))
            .and(labels.row(row))
            .for_each(|y, label| {
                *y = if label.is_nan() {
                    0.0
                } else {
                    (sigmoid(*y) - label) / batch.len() as f32
                };
            });
    }
    let of_units = slope.dot(&upper.t()) * &unit_mask;
    let of_inputs = (of_units.dot(&hidden.t()) + slope.dot(&direct.t())) * &input_mask;
    let mut of_numbers = Array2::<f32>::zeros(numbers.dim());
    for feed in &feeds {
        let from = feed.input..feed.input + feed.numbers.len();
        let mut to = of_numbers.slice_mut(s![feed.bag, feed.numbers.clone()]);
        to += &of_inputs.slice(s![feed.row, from]);
    }

    let by_layer = [
        static_vectors.t().dot(&of_numbers),
        inputs.t().dot(&of_units),
        of_units.sum_axis(Axis(0)).insert_axis(Axis(0)),
        units.t().dot(&slope),
        inputs.t().dot(&slope),
        slope.sum_axis(Axis(0)).insert_axis(Axis(0)),
    ];
    for (gradient, new) in parameters.gradients.iter_mut().zip(by_layer) {
        *gradient += &new;
    }
    for (words, slope) in used.features.iter().zip(of_numbers.rows()) {
        // Most words are the greatest in nothing.
        if slope.iter().all(|x| *x == 0.0) {
            continue;
        }
        for &(feature, share) in words {
            let mut gradient = parameters.features.gradients.row_mut(feature as usize);
            gradient.scaled_add(share, &slope);
        }
    }
    for (runs, slope) in runs.iter().zip(slope.rows()) {
        for &(run, share) in runs {
            let mut gradient = parameters.runs.gradients.row_mut(run as usize);
            gradient.scaled_add(share, &slope);
        }
    }
    seen
}

/// Whether each run is one of those that tell most of any output, each by itself.
fn telling(answers: &Answers, labels: ArrayView2<'_, f32>, which: &[usize]) -> Vec<bool> {
    let shape = (answers.n_runs, labels.ncols());
    // For each output how often a run comes, with it and at all.
    let (mut with, mut known) = (Array2::<f32>::zeros(shape), Array2::<f32>::zeros(shape));
    let (mut of_all, mut all) = (Array1::zeros(shape.1), Array1::zeros(shape.1));
    for &row in which {
        let is_known = labels.row(row).mapv(|label| f32::from(!label.is_nan()));
        let label = labels
            .row(row)
            .mapv(|label| if label > 0.5 { 1.0 } else { 0.0 });
        of_all += &label;
        all += &is_known;
        for &run in &answers.rows[row].runs {
            with.row_mut(run as usize)
                .zip_mut_with(&label, |n, x| *n += x);
            known
                .row_mut(run as usize)
                .zip_mut_with(&is_known, |n, x| *n += x);
        }
    }
    let most = |run: usize| {
        let told = (0..shape.1).map(|o| {
            let numbers = [with[[run, o]], known[[run, o]], of_all[o], all[o]];
            g2(numbers.map(f64::from))
        });
        told.fold(0.0, f64::max)
    };
    let mut order: Vec<(f64, usize)> = (0..shape.0).map(|run| (most(run), run)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept = vec![false; shape.0];
    for (_, run) in order.into_iter().take(MOST) {
        kept[run] = true;
    }
    kept
}

/// The numbers of what is used, each once, in order.
fn once(used: &[Vec<(u32, f32)>]) -> Vec<u32> {
    let mut all: Vec<u32> = used.iter().flatten().map(|(n, _)| *n).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The length of a step: a third of the way up, the rest down.
fn rate(step: usize, steps: usize) -> f32 {
    let (at, rise) = (step as f32 / steps as f32, 0.3);
    let half = |x: f32| (1.0 - (x * std::f32::consts::PI).cos()) / 2.0;
    RATE * if at < rise {
        0.04 + 0.96 * half(at / rise)
    } else {
        half((1.0 - at) / (1.0 - rise))
    }
}

/// From 0 to below 1.
fn unit(random: &mut Random) -> f32 {
    (random.bits() >> 40) as f32 / (1u32 << 24) as f32
}

/// Nothing, or what makes up for the share that is left out.
fn dropout(share: f32, random: &mut Random) -> f32 {
    if unit(random) < share {
        0.0
    } else {
        1.0 / (1.0 - share)
    }
}

fn mask(shape: (usize, usize), share: f32, random: &mut Random) -> Array2<f32> {
    Array2::from_shape_simple_fn(shape, || dropout(share, random))
}

/// Fisher and Yates.
fn shuffle(order: &mut [usize], random: &mut Random) {
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Either of two rules, but not both: no sum of weights tells that.
    fn either(n: usize) -> (Answers, Array2<f32>) {
        let sign = |n: usize, bit: usize| if n >> bit & 1 == 1 { 1.0 } else { -1.0 };
        let rows: Vec<Row> = (0..n)
            .map(|n| Row {
                text: 0,
                label: None,
                words: vec![0],
                runs: Vec::new(),
                scores: vec![sign(n, 0), sign(n, 1)],
            })
            .collect();
        let labels = Array2::from_shape_fn((n, 1), |(n, _)| f32::from(matches!(n % 4, 1 | 2)));
        (answers(rows, 1), labels)
    }

    /// Answers made of words that have one feature each, of the same number, and a vector of their own.
    fn answers(rows: Vec<Row>, n_words: u32) -> Answers {
        let bag = |feature| Bag {
            features: vec![(feature, 1.0)],
            vector: (0..n_words).map(|n| f32::from(n == feature)).collect(),
        };
        Answers {
            bags: (0..n_words).map(bag).collect(),
            rows,
            n_runs: 0,
        }
    }

    fn learns(answers: &Answers, labels: &Array2<f32>) -> Trained {
        let all: Vec<usize> = (0..answers.rows.len()).collect();
        let trained = train(answers, labels.view(), &all, &[], 1);
        for (row, label) in answers.rows.iter().zip(labels.column(0)).take(8) {
            assert_eq!(trained.judge(answers, row)[0] > 0.0, *label > 0.5);
        }
        trained
    }

    #[test]
    fn learns_what_no_linear_model_can() {
        let (answers, labels) = either(4000);
        learns(&answers, &labels);
    }

    #[test]
    fn learns_from_one_word_among_many_and_from_a_label() {
        // The bag of a text says nothing; the fourth word, or the fifth as a label, says all.
        let row = |n: usize| Row {
            text: 0,
            label: (n % 4 > 1).then_some(if n % 4 == 2 { 3 } else { 4 }),
            words: vec![1, if n % 4 == 1 { 3 } else { 2 }, 1],
            runs: Vec::new(),
            scores: vec![0.0],
        };
        let answers = answers((0..4000).map(row).collect(), 5);
        let labels = Array2::from_shape_fn((4000, 1), |(n, _)| f32::from(matches!(n % 4, 1 | 3)));
        learns(&answers, &labels);
    }

    #[test]
    fn learns_from_the_order_of_words() {
        // Bags and scores say nothing; one of two runs says all, a third comes with both.
        let row = |n: usize| Row {
            text: 0,
            label: None,
            words: vec![0],
            runs: vec![2, (n % 2) as u32],
            scores: vec![0.0],
        };
        let mut answers = answers((0..4000).map(row).collect(), 1);
        answers.n_runs = 3;
        let labels = Array2::from_shape_fn((4000, 1), |(n, _)| (n % 2) as f32);
        let trained = learns(&answers, &labels);
        assert!(trained.runs[[1, 0]] > 1.0 && trained.runs[[0, 0]] < -1.0);
    }

    #[test]
    fn the_same_seed_gives_the_same_network() {
        let (answers, labels) = either(100);
        let all: Vec<usize> = (0..100).collect();
        let one = train(&answers, labels.view(), &all, &[], 7);
        assert_eq!(
            one.network,
            train(&answers, labels.view(), &all, &[], 7).network
        );
        assert_ne!(
            one.network,
            train(&answers, labels.view(), &all, &[], 8).network
        );
    }
}
