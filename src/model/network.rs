//! The small network that the statistical coder is: what the words of an answer come to, and what the rules say of it, through
//! one hidden layer of rectified units to a score for each output.
//!
//! The words are taken together before, so all that is left for an answer are a few thousand multiplications. `pulp` compiles them a
//! second time for processors with wider registers, with the same results to the last bit.

use std::ops::Range;

use super::phrases::Met;
use pulp::{Arch, NullaryFnOnce};

/// The layers behind the numbers of the words. Matrices lie row after row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Network {
    pub(crate) n_inputs: usize,
    pub(crate) n_hidden: usize,
    pub(crate) n_outputs: usize,
    /// A row of `n_hidden` for each input.
    pub(crate) hidden: Vec<f32>,
    pub(crate) hidden_bias: Vec<f32>,
    /// A row of `n_outputs` for each hidden unit.
    pub(crate) upper: Vec<f32>,
    /// A row of `n_outputs` for each input: what goes past the hidden layer.
    pub(crate) direct: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// What an answer makes of the network; kept from answer to answer so that nothing is allocated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Activity {
    pub(crate) hidden: Vec<f32>,
    /// Log-odds of each output.
    pub(crate) outputs: Vec<f32>,
    /// The rows of a matrix that are not multiplied by zero, and their factors.
    rows: Vec<(u32, f32)>,
    /// The runs of words that it has.
    pub(crate) met: Met,
}

impl Network {
    /// How many numbers the layers hold, in the order in which [`parts`](Self::parts) gives them; `None` where that is absurd.
    pub(crate) fn sizes(&self) -> Option<[usize; 5]> {
        let (i, h, o) = (self.n_inputs, self.n_hidden, self.n_outputs);
        Some([
            i.checked_mul(h)?,
            h,
            h.checked_mul(o)?,
            i.checked_mul(o)?,
            o,
        ])
    }

    pub(crate) fn parts(&self) -> [&Vec<f32>; 5] {
        [
            &self.hidden,
            &self.hidden_bias,
            &self.upper,
            &self.direct,
            &self.bias,
        ]
    }

    /// Works out the log-odds of each output. Inputs of zero, which most rules are, cost nothing; those that are left out at the end
    /// are zero.
    pub(crate) fn run(&self, inputs: &[f32], activity: &mut Activity) {
        Arch::new().dispatch(Run(self, inputs, activity));
    }

    #[inline(always)]
    fn run_here(&self, inputs: &[f32], activity: &mut Activity) {
        let (h, o) = (self.n_hidden, self.n_outputs);
        let Activity {
            hidden,
            outputs,
            rows,
            ..
        } = activity;
        hidden.clear();
        hidden.extend(&self.hidden_bias);
        outputs.clear();
        outputs.extend(&self.bias);
        rows.clear();
        rows.extend((0..).zip(inputs.iter().copied()).filter(|(_, x)| *x != 0.0));
        add_rows(rows, &self.hidden, h, hidden);
        add_rows(rows, &self.direct, o, outputs);
        rows.clear();
        rows.extend(
            (0..)
                .zip(hidden.iter().copied())
                .filter(|(_, unit)| *unit > 0.0),
        );
        add_rows(rows, &self.upper, o, outputs);
    }

    /// How much the log-odds of `output` change with each of some inputs, where `activity` is what the answer made.
    ///
    /// Simonyan, Vedaldi & Zisserman, *Deep Inside Convolutional Networks*, 2013: the gradient tells what weighed.
    pub(crate) fn gradient(
        &self,
        output: usize,
        inputs: Range<usize>,
        activity: &Activity,
    ) -> Vec<f32> {
        Arch::new().dispatch(Gradient(self, output, inputs, activity))
    }

    #[inline(always)]
    fn gradient_here(&self, output: usize, inputs: Range<usize>, activity: &Activity) -> Vec<f32> {
        let (h, o) = (self.n_hidden, self.n_outputs);
        let upper = self.upper.iter().skip(output).step_by(o.max(1));
        let units = activity.hidden.iter().zip(upper);
        let slopes: Vec<f32> = units
            .map(|(unit, &weight)| if *unit > 0.0 { weight } else { 0.0 })
            .collect();
        // Not collected, which would call what is compiled without the wider registers.
        let mut gradient = vec![0.0; inputs.len()];
        for (slope, input) in gradient.iter_mut().zip(inputs) {
            let through = dot(&self.hidden[input * h..][..h], &slopes);
            *slope = self.direct[input * o + output] + through;
        }
        gradient
    }
}

// Work for `pulp` as types of its own: a closure that only borrows is called by way of a function that would be compiled without the wider
// registers.

struct Run<'a>(&'a Network, &'a [f32], &'a mut Activity);

impl NullaryFnOnce for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.0.run_here(self.1, self.2);
    }
}

struct Gradient<'a>(&'a Network, usize, Range<usize>, &'a Activity);

impl NullaryFnOnce for Gradient<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn call(self) -> Vec<f32> {
        self.0.gradient_here(self.1, self.2, self.3)
    }
}

/// The sum of products, in eight sums beside each other, which are worked out at once.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    let mut sums = [0.0; LANES];
    for (a, b) in a.zip(b) {
        if let (Some(a), Some(b)) = (a.first_chunk::<LANES>(), b.first_chunk::<LANES>()) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Adds rows of a matrix of `n` columns to `out`, each times its number. A block of columns at a time, whose sums stay in registers.
#[inline(always)]
fn add_rows(rows: &[(u32, f32)], matrix: &[f32], n: usize, out: &mut [f32]) {
    let mut at = 0;
    while at < n {
        at += match n - at {
            32.. => add_block::<32>(rows, matrix, n, at, out),
            16.. => add_block::<16>(rows, matrix, n, at, out),
            _ => add_block::<1>(rows, matrix, n, at, out),
        };
    }
}

/// The same for the `N` columns from `at` on: how many those are.
#[inline(always)]
fn add_block<const N: usize>(
    rows: &[(u32, f32)],
    matrix: &[f32],
    n: usize,
    at: usize,
    out: &mut [f32],
) -> usize {
    if let Some(out) = out[at..].first_chunk_mut::<N>() {
        let mut sums = *out;
        for &(row, x) in rows {
            if let Some(row) = matrix[row as usize * n + at..].first_chunk::<N>() {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += x * weight;
                }
            }
        }
        *out = sums;
    }
    N
}

/// A probability from log-odds.
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Network {
        Network {
            n_inputs: 2,
            n_hidden: 2,
            n_outputs: 1,
            hidden: vec![1.0, -1.0, 2.0, 0.5],
            hidden_bias: vec![0.0, 0.25],
            upper: vec![3.0, 4.0],
            direct: vec![0.5, -0.5],
            bias: vec![0.1],
        }
    }

    #[test]
    fn a_unit_below_zero_says_nothing() {
        let mut activity = Activity::default();
        network().run(&[1.0, 0.0], &mut activity);
        // Hidden: 1 and -0.75; of the second nothing comes through.
        assert_eq!(activity.hidden, [1.0, -0.75]);
        assert!((activity.outputs[0] - (0.1 + 0.5 + 3.0)).abs() < 1e-6);
    }

    #[test]
    fn the_gradient_is_the_slope() {
        let (network, mut activity) = (network(), Activity::default());
        let at = |x: f32| {
            let mut activity = Activity::default();
            network.run(&[1.0, x], &mut activity);
            activity.outputs[0]
        };
        network.run(&[1.0, 1.0], &mut activity);
        let slope = (at(1.01) - at(0.99)) / 0.02;
        let told = network.gradient(0, 1..2, &activity)[0];
        assert!((slope - told).abs() < 1e-3, "{slope} {told}");
    }
}
