//! A trained model, and what it says of a sum of words.

use std::borrow::Cow;
use std::sync::Arc;

use super::features::{ROWS, of_word};
use crate::error::Error;
use crate::taxonomy::Taxonomy;
use crate::text::tokenize::TokenKind;

const MAGIC: &[u8; 8] = b"MOTMOD2\n";

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
    /// For each output: how much the sum of words counts, what is added, and from which probability on it is given
    /// where the rules give it too, and where the model stands alone.
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) backed: Vec<f32>,
    pub(crate) alone: Vec<f32>,
    /// For each output its weights of the inputs.
    pub(crate) rules: Vec<f32>,
    /// Inverse document frequency of each row, in sixteenths.
    pub(crate) idf: Cow<'static, [u8]>,
    /// Row after row, a small integer for each output.
    pub(crate) table: Cow<'static, [u8]>,
}

/// The words of an answer, added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    /// For each output.
    outputs: Vec<i64>,
    /// Squared length, in units of a sixteenth squared.
    norm: u64,
}

/// What each remembered word adds, by number of the word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    outputs: Vec<i32>,
    norms: Vec<u32>,
}

impl Weights {
    /// What word `n` adds to an output.
    pub(crate) fn of(&self, n: usize, output: usize, model: &Model) -> i32 {
        self.outputs[n * model.0.outputs.len() + output]
    }
}

impl Sum {
    pub(crate) fn clear(&mut self, model: &Model) {
        self.outputs.clear();
        self.outputs.resize(model.0.outputs.len(), 0);
        self.norm = 0;
    }

    /// Adds word `n`.
    pub(crate) fn add(&mut self, weights: &Weights, n: usize) {
        let width = self.outputs.len();
        for (sum, w) in self.outputs.iter_mut().zip(&weights.outputs[n * width..]) {
            *sum += i64::from(*w);
        }
        self.norm += u64::from(weights.norms[n]);
    }
}

impl Model {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The built-in model of a built-in taxonomy.
    #[must_use]
    pub fn builtin(taxonomy: &Taxonomy) -> Option<Self> {
        let bytes: &'static [u8] = match taxonomy.name() {
            "core" => include_bytes!("../../data/model/core.bin"),
            "nsss" => include_bytes!("../../data/model/nsss.bin"),
            _ => return None,
        };
        // A user's own taxonomy may bear the name of a built-in one; then its themes tell.
        Self::parse(Cow::Borrowed(bytes))
            .ok()
            .filter(|model| model.fits(taxonomy).is_ok())
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
            let outputs = at.names()?;
            let inputs = at.names()?;
            let n = outputs.len();
            let (scales, bias) = (at.floats(n)?, at.floats(n)?);
            let (backed, alone) = (at.floats(n)?, at.floats(n)?);
            let rules = at.floats(n.checked_mul(inputs.len())?)?;
            let idf = at.at;
            at.take(ROWS)?;
            let table = at.at;
            at.take(ROWS.checked_mul(n)?)?;
            (at.at == bytes.len()).then_some((
                outputs, inputs, scales, bias, backed, alone, rules, idf, table,
            ))
        };
        let (outputs, inputs, scales, bias, backed, alone, rules, idf, table) =
            read().ok_or_else(cut)?;
        let part = |from: usize, to: usize| match &bytes {
            Cow::Borrowed(all) => Cow::Borrowed(&all[from..to]),
            Cow::Owned(all) => Cow::Owned(all[from..to].to_vec()),
        };
        let (idf, table) = (part(idf, table), part(table, bytes.len()));
        Ok(Self::new(Parts {
            outputs,
            inputs,
            scales,
            bias,
            backed,
            alone,
            rules,
            idf,
            table,
        }))
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
        for floats in [
            &self.0.scales,
            &self.0.bias,
            &self.0.backed,
            &self.0.alone,
            &self.0.rules,
        ] {
            floats.iter().for_each(|x| out.extend(x.to_le_bytes()));
        }
        out.extend(self.0.idf.iter());
        out.extend(self.0.table.iter());
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
        self.0.scales[output] > 1e-11
    }

    /// Works out what a word adds, and remembers it as the next one. `form` is its look-up form.
    pub(crate) fn weigh(&self, form: &str, kind: TokenKind, weights: &mut Weights) {
        let width = self.0.outputs.len();
        let from = weights.outputs.len();
        weights.outputs.resize(from + width, 0);
        let outputs = &mut weights.outputs[from..];
        let mut norm = 0u32;
        of_word(form, kind, |row| {
            let idf = self.0.idf[usize::from(row)];
            norm = norm.saturating_add(u32::from(idf) * u32::from(idf));
            let at = usize::from(row) * width;
            for (sum, &q) in outputs.iter_mut().zip(&self.0.table[at..at + width]) {
                *sum = sum.saturating_add(i32::from(idf) * i32::from(q as i8));
            }
        });
        weights.norms.push(norm);
    }

    /// The probability of one output, from the words and the rules' scores (one for each input).
    pub(crate) fn probability(&self, output: usize, sum: &Sum, scores: &[f32]) -> f32 {
        let parts = &*self.0;
        let n = parts.inputs.len();
        let rules: f32 = parts.rules[output * n..(output + 1) * n]
            .iter()
            .zip(scores)
            .map(|(w, s)| w * s)
            .sum();
        // The sum is in sixteenths above and below: they cancel.
        let words = if sum.norm == 0 {
            0.0
        } else {
            sum.outputs[output] as f32 / (sum.norm as f32).sqrt()
        };
        1.0 / (1.0 + (-(words * parts.scales[output] + rules + parts.bias[output])).exp())
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
