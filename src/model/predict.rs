//! A trained model, and what it says of a sum of words.

use std::borrow::Cow;
use std::sync::Arc;

use pulp::Arch;

use super::features::{ROWS, of_word};
use super::network::{Activity, Network};
use super::phrases::{self, BUCKETS, Key, Weighted};
use crate::error::Error;
use crate::taxonomy::Taxonomy;
use crate::text::tokenize::TokenKind;

const MAGIC: &[u8; 8] = b"MOTMOD5\n";

/// What a model decides besides the themes, in this order after them.
pub(crate) const EXTRA: [&str; 5] = [
    "@challenge",
    "@initiative",
    "@suggestion",
    "@absent",
    "@resolved",
];

/// A statistical coder for one taxonomy. It is small, never changes, and can be shared by threads.
#[derive(Clone, Debug)]
pub struct Model(Arc<Parts>);

#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Codes of the top-level themes, then [`EXTRA`].
    pub(crate) outputs: Vec<String>,
    /// Codes of the themes whose rule scores it takes.
    pub(crate) inputs: Vec<String>,
    /// For each output from which probability on it is given, where the rules give it too, and where the model stands alone.
    pub(crate) backed: Vec<f32>,
    pub(crate) alone: Vec<f32>,
    /// What the numbers of words are multiplied with.
    pub(crate) scales: Vec<f32>,
    /// Its inputs are the rules' scores, then [`POOLS`] times the numbers of words.
    pub(crate) network: Network,
    /// Inverse document frequency of each row, in sixteenths.
    pub(crate) idf: Cow<'static, [u8]>,
    /// Row after row, four bits for each number of a word: its value and eight, the low half of a byte first.
    pub(crate) table: Cow<'static, [u8]>,
    /// What runs of words add to the outputs of the network.
    pub(crate) runs: Weighted,
}

/// How often the network is given the numbers of words: the sum over the answer, the greatest of any of its words, since a sum
/// drowns the one word that tells, and the sum over the label that it stands under.
pub(crate) const POOLS: usize = 3;

/// Numbers of a word.
pub(crate) const WIDTH: usize = 24;

/// The words of an answer, or of a label, taken together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    sum: [f32; WIDTH],
    /// Number by number that of the word where it is greatest, by itself; none is below zero.
    greatest: [f32; WIDTH],
    /// Squared length of the sum, in units of a sixteenth squared.
    norm: f32,
}

/// What a word counts for, by one of its readings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights {
    /// The numbers of the word by itself, in steps.
    numbers: [i16; WIDTH],
    step: Short,
    /// The word's length, by which its numbers are greater in a sum. 0 where it has no features.
    length: Short,
    /// By which runs of words are told.
    pub(crate) key: Key,
}

/// The upper half of a 32-bit number, which keeps it to a part in five hundred: what a word counts for must fit in a cache line.
#[derive(Clone, Copy, Debug)]
struct Short(u16);

impl Short {
    /// Rounds a number that is not below zero.
    fn new(x: f32) -> Self {
        Self((x.to_bits().saturating_add(0x8000) >> 16) as u16)
    }

    #[inline(always)]
    fn get(self) -> f32 {
        f32::from_bits(u32::from(self.0) << 16)
    }
}

/// The length that a sum of unrelated features would have, by which sums are divided, given its square. The sixteenths cancel.
fn length(norm: f32) -> f32 {
    norm.sqrt().max(1.0)
}

impl Weights {
    /// Rounds the numbers that a word adds to a sum.
    fn new(numbers: &[f32; WIDTH], norm: f32, key: Key) -> Self {
        let most = numbers.iter().fold(0.0, |most: f32, x| most.max(x.abs()));
        let length = length(norm);
        let step = Short::new(most / f32::from(i16::MAX) / length);
        let whole = step.get() * length;
        let steps = |x: f32| {
            if whole > 0.0 {
                (x / whole).round()
            } else {
                0.0
            }
        };
        Self {
            numbers: numbers.map(|x| steps(x) as i16),
            step,
            length: Short::new(norm.sqrt()),
            key,
        }
    }
}

impl Weights {
    /// What the word adds to an output, given the slopes of it along the sum and the greatest numbers.
    #[inline(always)]
    fn speaks(
        &self,
        of_sum: &[f32; WIDTH],
        of_greatest: &[f32; WIDTH],
        greatest: &[f32; WIDTH],
    ) -> f32 {
        // Sums beside each other are worked out at once.
        const LANES: usize = 8;
        let (step, length) = (self.step.get(), self.length.get());
        let mut sums = [0.0; LANES];
        for (n, steps) in self.numbers.iter().enumerate() {
            let alone = f32::from(*steps) * step;
            let tops = if alone >= greatest[n] {
                alone.max(0.0)
            } else {
                0.0
            };
            sums[n % LANES] += alone * length * of_sum[n] + tops * of_greatest[n];
        }
        sums.iter().sum()
    }
}

impl Pool {
    /// Takes words together. Without a branch in the loop the next words are on their way from memory while one is added.
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a Weights>) -> Self {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let mut pool = Self::default();
                for word in words {
                    let (step, length) = (word.step.get(), word.length.get());
                    for (n, steps) in word.numbers.iter().enumerate() {
                        let alone = f32::from(*steps) * step;
                        pool.sum[n] += alone * length;
                        let greatest = &mut pool.greatest[n];
                        *greatest = if alone > *greatest { alone } else { *greatest };
                    }
                    pool.norm += length * length;
                }
                pool
            },
        )
    }

    pub(crate) fn sums(&self) -> impl Iterator<Item = f32> {
        let length = length(self.norm);
        self.sum.iter().map(move |n| n / length)
    }
}

impl Model {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The built-in model for a built-in taxonomy, or for one that extends such a one.
    #[must_use]
    pub fn builtin(taxonomy: &Taxonomy) -> Option<Self> {
        if !taxonomy.is_builtin() && taxonomy.extends().is_none() {
            return None;
        }
        let bytes: &'static [u8] = include_bytes!("../../data/model/nsss.bin");
        Self::parse(Cow::Borrowed(bytes)).ok()
    }

    /// Reads a model that `motamot learn` wrote.
    ///
    /// # Errors
    /// When the bytes are no model.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Error> {
        Self::parse(Cow::Owned(bytes))
    }

    fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, Error> {
        let cut = || {
            Error::model(
                "no model of this program, or a cut one; make it anew with `motamot learn`",
            )
        };
        let mut at = Reader {
            bytes: &bytes,
            at: 0,
        };
        if at.take(8) != Some(MAGIC.as_slice()) {
            return Err(cut());
        }
        let mut read = || {
            let (outputs, inputs) = (at.names()?, at.names()?);
            let (width, n_hidden) = (at.number().filter(|width| *width == WIDTH)?, at.number()?);
            let (backed, alone) = (at.floats(outputs.len())?, at.floats(outputs.len())?);
            let scales = at.floats(width)?;
            let mut network = Network {
                n_inputs: width.checked_mul(POOLS)?.checked_add(inputs.len())?,
                n_hidden,
                n_outputs: outputs.len(),
                ..Network::default()
            };
            let [hidden, hidden_bias, upper, direct, bias] = network.sizes()?;
            network.hidden = at.floats(hidden)?;
            network.hidden_bias = at.floats(hidden_bias)?;
            network.upper = at.floats(upper)?;
            network.direct = at.floats(direct)?;
            network.bias = at.floats(bias)?;
            let part = |at: &mut Reader<'_>, n: usize| {
                let from = at.at;
                at.take(n)?;
                Some(match &bytes {
                    Cow::Borrowed(all) => Cow::Borrowed(&all[from..at.at]),
                    Cow::Owned(all) => Cow::Owned(all[from..at.at].to_vec()),
                })
            };
            let idf = part(&mut at, ROWS)?;
            let table = part(&mut at, ROWS.checked_mul(width.div_ceil(2))?)?;
            let n_runs = at.number().filter(|n| *n <= phrases::MOST)?;
            let runs = Weighted {
                scales: at.floats(if n_runs > 0 { outputs.len() } else { 0 })?,
                buckets: at.shorts(BUCKETS)?,
                checks: at.shorts(n_runs)?,
                rows: part(&mut at, Weighted::row_bytes(n_runs, outputs.len())?)?,
            };
            // What decides on role and polarity counts its outputs from the end.
            let is_whole = at.at == bytes.len() && outputs.ends_with(&EXTRA.map(String::from));
            is_whole.then_some(Parts {
                outputs,
                inputs,
                backed,
                alone,
                scales,
                network,
                idf,
                table,
                runs,
            })
        };
        read().map(Self::new).ok_or_else(cut)
    }

    /// The bytes of the model's file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for names in [&self.0.outputs, &self.0.inputs] {
            out.extend((names.len() as u32).to_le_bytes());
            for name in names {
                out.extend((name.len() as u32).to_le_bytes());
                out.extend(name.as_bytes());
            }
        }
        for number in [self.0.scales.len(), self.0.network.n_hidden] {
            out.extend((number as u32).to_le_bytes());
        }
        let own = [&self.0.backed, &self.0.alone, &self.0.scales];
        for floats in own.into_iter().chain(self.0.network.parts()) {
            floats.iter().for_each(|x| out.extend(x.to_le_bytes()));
        }
        out.extend(self.0.idf.iter());
        out.extend(self.0.table.iter());
        let runs = &self.0.runs;
        out.extend((runs.checks.len() as u32).to_le_bytes());
        runs.scales.iter().for_each(|x| out.extend(x.to_le_bytes()));
        let shorts = runs.buckets.iter().chain(&runs.checks);
        out.extend(shorts.flat_map(|x| x.to_le_bytes()));
        out.extend(runs.rows.iter());
        out
    }

    /// Whether it was trained for the themes of `taxonomy`.
    ///
    /// # Errors
    /// The first theme that the one has and the other has not.
    pub fn fits(&self, taxonomy: &Taxonomy) -> Result<(), Error> {
        let tops: Vec<&str> = taxonomy
            .tops()
            .map(|t| taxonomy.theme(t).code.as_str())
            .collect();
        let known = &self.0.outputs[..self.0.outputs.len().saturating_sub(EXTRA.len())];
        for code in known {
            if !tops.contains(&code.as_str()) {
                let cause = format!(
                    "the model was trained for a theme `{code}` that the taxonomy `{}` has not",
                    taxonomy.name()
                );
                return Err(Error::model(cause));
            }
        }
        match tops.iter().find(|code| !known.iter().any(|k| k == *code)) {
            Some(code) => Err(Error::model(format!(
                "the model knows no theme `{code}`; train it with this taxonomy"
            ))),
            None => Ok(()),
        }
    }

    /// Codes of the themes that it decides, then [`EXTRA`].
    pub(crate) fn outputs(&self) -> &[String] {
        &self.0.outputs
    }

    /// Codes of the themes whose rule scores it takes.
    pub(crate) fn inputs(&self) -> &[String] {
        &self.0.inputs
    }

    /// From which probability on an output is given, where the rules give it too or not.
    pub(crate) fn threshold(&self, output: usize, backed: bool) -> f32 {
        if backed {
            self.0.backed[output]
        } else {
            self.0.alone[output]
        }
    }

    /// Whether anything was learnt of an output.
    pub(crate) fn is_trained(&self, output: usize) -> bool {
        self.0.alone[output] <= 1.0 || self.0.backed[output] <= 1.0
    }

    /// Works out what a word counts for, given by its look-up form.
    pub(crate) fn weights(&self, form: &str, kind: TokenKind) -> Weights {
        // Whole numbers, with the eight of each counted apart.
        let mut sums = [0u32; WIDTH];
        let (mut norm, mut eights) = (0u32, 0u32);
        of_word(form, kind, |row| {
            let idf = u32::from(self.0.idf[usize::from(row)]);
            norm = norm.saturating_add(idf * idf);
            eights = eights.wrapping_add(8 * idf);
            let row = &self.0.table[usize::from(row) * WIDTH / 2..][..WIDTH / 2];
            for (pair, two) in sums.chunks_exact_mut(2).zip(row) {
                for (sum, four) in pair.iter_mut().zip([two & 15, two >> 4]) {
                    *sum = sum.wrapping_add(idf * u32::from(four));
                }
            }
        });
        let mut numbers = [0.0; WIDTH];
        for ((number, sum), scale) in numbers.iter_mut().zip(sums).zip(&self.0.scales) {
            *number = sum.wrapping_sub(eights) as i32 as f32 * scale;
        }
        Weights::new(&numbers, norm as f32, phrases::key(form, kind))
    }

    /// Works out the log-odds of all outputs, from the words taken together and in their order, those of the label if there is one, and
    /// the rules' scores (one for each input), which get the words behind them.
    pub(crate) fn judge(
        &self,
        words: &Pool,
        order: &[Key],
        label: Option<&Pool>,
        inputs: &mut Vec<f32>,
        activity: &mut Activity,
    ) {
        inputs.extend(words.sums());
        inputs.extend(words.greatest);
        // Where there is none, the network is not run on those inputs.
        inputs.extend(label.into_iter().flat_map(Pool::sums));
        self.0.network.run(inputs, activity);
        let Activity { outputs, met, .. } = activity;
        phrases::runs(order, |run, _| self.0.runs.meet(run, met));
        self.0.runs.add(met, outputs);
    }

    /// How much each of some words speaks for an output in an answer that was judged.
    pub(crate) fn speaks<'a>(
        &self,
        output: usize,
        pool: &Pool,
        activity: &Activity,
        words: impl Iterator<Item = &'a Weights>,
    ) -> Vec<f32> {
        let from = self.0.inputs.len();
        let slopes = self
            .0
            .network
            .gradient(output, from..from + 2 * WIDTH, activity);
        let mut slopes = slopes.into_iter();
        let whole = length(pool.norm);
        let of_sum: [f32; WIDTH] =
            std::array::from_fn(|_| slopes.next().unwrap_or_default() / whole);
        let of_greatest: [f32; WIDTH] = std::array::from_fn(|_| slopes.next().unwrap_or_default());
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let mut speak = Vec::with_capacity(words.size_hint().0);
                for word in words {
                    speak.push(word.speaks(&of_sum, &of_greatest, &pool.greatest));
                }
                speak
            },
        )
    }

    /// The same for what the runs of words say, word by word and break by break.
    pub(crate) fn speaks_in_order(&self, output: usize, order: &[Key]) -> Vec<f32> {
        self.0.runs.speak(output, order)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let part = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(part)
    }

    fn number(&mut self) -> Option<usize> {
        self.take(4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
    }

    fn names(&mut self) -> Option<Vec<String>> {
        let n = self.number().filter(|n| *n <= 1 << 16)?;
        (0..n)
            .map(|_| {
                let length = self.number()?;
                String::from_utf8(self.take(length)?.to_vec()).ok()
            })
            .collect()
    }

    fn shorts(&mut self, n: usize) -> Option<Vec<u16>> {
        let bytes = self.take(n.checked_mul(2)?)?;
        let shorts = bytes.chunks_exact(2);
        Some(shorts.map(|b| u16::from_le_bytes([b[0], b[1]])).collect())
    }

    fn floats(&mut self, n: usize) -> Option<Vec<f32>> {
        let bytes = self.take(n.checked_mul(4)?)?;
        Some(
            bytes
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builtin() -> Parts {
        let model = Model::builtin(&Taxonomy::core()).expect("core has a model");
        (*model.0).clone()
    }

    #[test]
    fn a_model_read_back_is_the_same_file() {
        let bytes = Model::new(builtin()).to_bytes();
        let again = Model::from_bytes(bytes.clone()).unwrap().to_bytes();
        assert!(bytes == again);
    }

    #[test]
    fn a_file_that_is_cut_or_decides_on_other_things_is_refused() {
        let bytes = Model::new(builtin()).to_bytes();
        for len in [0, 8, 9, 40, 500, bytes.len() / 2, bytes.len() - 1] {
            assert!(Model::from_bytes(bytes[..len].to_vec()).is_err(), "{len}");
        }
        let mut parts = builtin();
        let last = parts.outputs.len() - 1;
        parts.outputs[last] = parts.outputs[0].clone();
        assert!(Model::from_bytes(Model::new(parts).to_bytes()).is_err());
    }
}
