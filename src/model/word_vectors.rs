//! Static vectors of one's own: model2vec's safetensors, or word2vec's text.
//!
//! model2vec (Tulkens & van Dongen 2024, <https://github.com/MinishLab/model2vec>) keeps a tensor `embeddings`, a row for each
//! piece of a vocabulary, and newer files `weights` and `mapping` beside it. word2vec's text, which fastText writes too, has a
//! line for each word, commonest first.

use std::io::BufRead;
use std::ops::Range;

use half::{bf16, f16};
use rustc_hash::FxHashMap;
use safetensors::{Dtype, SafeTensors};

use super::pieces::Pieces;
use crate::error::Error;

/// Most numbers that a vector may have.
const MAX_DIMS: usize = 4096;

/// Vectors of words.
#[derive(Clone, Debug)]
pub struct WordVectors {
    dims: usize,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Words {
        ids: FxHashMap<Box<str>, u32>,
        rows: Vec<f32>,
    },
    Pieces(Box<Tensors>),
}

/// The file as it is, and what lies where in it.
#[derive(Clone, Debug)]
struct Tensors {
    file: Vec<u8>,
    embeddings: Tensor,
    /// How much each piece counts.
    weights: Option<Tensor>,
    /// The row of each piece.
    mapping: Option<Tensor>,
    pieces: Pieces,
}

#[derive(Clone, Debug)]
struct Tensor {
    dtype: Dtype,
    rows: usize,
    columns: usize,
    bytes: Range<usize>,
}

impl WordVectors {
    /// Reads `model.safetensors` and the `tokenizer.json` beside it.
    ///
    /// # Errors
    /// When either is damaged, or they do not belong together; the message says what and where.
    pub fn from_safetensors(file: Vec<u8>, tokenizer: &[u8]) -> Result<Self, Error> {
        let pieces = Pieces::from_json(tokenizer)
            .map_err(|e| Error::model(format!("tokenizer.json: {e}")))?;
        let tensors = SafeTensors::deserialize(&file).map_err(|e| {
            Error::model(format!(
                "model.safetensors is damaged or cut ({e}); fetch it again"
            ))
        })?;
        let find = |name: &str| -> Result<Option<Tensor>, Error> {
            let Ok(view) = tensors.tensor(name) else {
                return Ok(None);
            };
            let &[rows, ref rest @ ..] = view.shape() else {
                return Err(shape(name, view.shape()));
            };
            let columns = match rest {
                [] => 1,
                [columns] => *columns,
                _ => return Err(shape(name, view.shape())),
            };
            let at = view.data().as_ptr().addr() - file.as_ptr().addr();
            Ok(Some(Tensor {
                dtype: view.dtype(),
                rows,
                columns,
                bytes: at..at + view.data().len(),
            }))
        };
        let embeddings = find("embeddings")?.ok_or_else(|| {
            let names = tensors.names().into_iter().map(|n| format!("'{n}'"));
            Error::model(format!(
                "model.safetensors has no tensor 'embeddings', only {}; it is no file of model2vec",
                names.collect::<Vec<_>>().join(", ")
            ))
        })?;
        let (weights, mapping) = (find("weights")?, find("mapping")?);
        if embeddings.columns == 0 || embeddings.columns > MAX_DIMS {
            return Err(shape("embeddings", &[embeddings.rows, embeddings.columns]));
        }
        let own = Tensors {
            embeddings,
            weights,
            mapping,
            pieces,
            file: Vec::new(),
        };
        own.check(&file)?;
        Ok(Self {
            dims: own.embeddings.columns,
            source: Source::Pieces(Box::new(Tensors { file, ..own })),
        })
    }

    /// Reads word2vec's text format; only the vectors of `wanted` words are kept. A first line that tells their number and
    /// length may stand there or not.
    ///
    /// Words count the more the rarer they are, by their rank in the file (Zipf's law, as model2vec has it).
    ///
    /// # Errors
    /// When a line is no word with numbers, or longer or shorter than the others; the message names the line.
    pub fn from_text(
        mut reader: impl BufRead,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, Error> {
        let (mut ids, mut rows, mut dims) = (FxHashMap::default(), Vec::new(), 0);
        let (mut bytes, mut number, mut rank) = (Vec::new(), 0u64, 0u32);
        loop {
            bytes.clear();
            number += 1;
            let fault = |cause: String| Error::model(format!("line {number}: {cause}"));
            let read = reader.read_until(b'\n', &mut bytes);
            if read.map_err(|e| fault(e.to_string()))? == 0 {
                break;
            }
            let line = std::str::from_utf8(&bytes)
                .map_err(|_| fault("not UTF-8; save the vectors as UTF-8 text".into()))?
                .trim_end();
            if line.is_empty() {
                continue;
            }
            let (word, numbers) = line.split_once([' ', '\t']).ok_or_else(|| {
                fault("a word without numbers; is this a file of vectors?".into())
            })?;
            let n = numbers.split_ascii_whitespace().count();
            if number == 1 && n == 1 && word.parse::<u64>().is_ok() {
                continue;
            }
            if dims == 0 {
                dims = n;
            }
            if n != dims || n > MAX_DIMS {
                return Err(fault(format!(
                    "{n} numbers where the lines before have {dims}; the file is damaged or cut here"
                )));
            }
            rank += 1;
            if !wanted(word) || ids.contains_key(word) {
                continue;
            }
            let weight = f64::from(rank + 1).ln() as f32;
            for text in numbers.split_ascii_whitespace() {
                let x: f32 = text
                    .parse()
                    .ok()
                    .filter(|x: &f32| x.is_finite())
                    .ok_or_else(|| fault(format!("'{text}' is no number")))?;
                rows.push(weight * x);
            }
            ids.insert(word.into(), ids.len() as u32);
        }
        if dims == 0 {
            return Err(Error::model(
                "no vector in it; a line is a word and its numbers, separated by spaces",
            ));
        }
        Ok(Self {
            dims,
            source: Source::Words { ids, rows },
        })
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Adds the vector of a word in its clean form; whether it is known.
    pub(crate) fn add(&self, word: &str, out: &mut [f32]) -> bool {
        match &self.source {
            Source::Words { ids, rows } => {
                let Some(&id) = ids.get(word) else {
                    return false;
                };
                let at = id as usize * self.dims;
                let row = &rows[at..at + self.dims];
                out.iter_mut().zip(row).for_each(|(x, v)| *x += v);
                true
            }
            Source::Pieces(tensors) => {
                let pieces = tensors.pieces.of(word);
                pieces.iter().for_each(|&piece| tensors.add(piece, out));
                !pieces.is_empty()
            }
        }
    }
}

impl Tensors {
    /// Whether all numbers are numbers, and each piece has a row.
    fn check(&self, file: &[u8]) -> Result<(), Error> {
        for (name, tensor) in [
            ("embeddings", Some(&self.embeddings)),
            ("weights", self.weights.as_ref()),
        ] {
            let Some(tensor) = tensor else { continue };
            if !matches!(
                tensor.dtype,
                Dtype::F64 | Dtype::F32 | Dtype::F16 | Dtype::BF16 | Dtype::I8
            ) {
                return Err(Error::model(format!(
                    "model.safetensors: the tensor '{name}' is of type {:?}; f32, f16 or i8 is wanted",
                    tensor.dtype
                )));
            }
            let n = tensor.rows * tensor.columns;
            if let Some(at) = (0..n).find(|&i| !tensor.number(file, i).is_finite()) {
                return Err(Error::model(format!(
                    "model.safetensors: row {} of the tensor '{name}' holds what is no number; write the vectors anew",
                    at / tensor.columns
                )));
            }
        }
        let n_pieces = self.pieces.len();
        let rows = |tensor: &Tensor, name: &str| {
            let few = tensor.rows < n_pieces;
            few.then(|| {
                Error::model(format!(
                    "tokenizer.json has {n_pieces} pieces, but the tensor '{name}' has {} rows; \
                     take both from one folder",
                    tensor.rows
                ))
            })
            .map_or(Ok(()), Err)
        };
        if let Some(weights) = &self.weights {
            rows(weights, "weights")?;
        }
        let Some(mapping) = &self.mapping else {
            return rows(&self.embeddings, "embeddings");
        };
        rows(mapping, "mapping")?;
        if !matches!(mapping.dtype, Dtype::I32 | Dtype::I64 | Dtype::U32) {
            return Err(Error::model(
                "model.safetensors: the tensor 'mapping' holds no whole numbers",
            ));
        }
        match (0..mapping.rows).find(|&i| mapping.number(file, i) >= self.embeddings.rows as f32) {
            Some(i) => Err(Error::model(format!(
                "model.safetensors: entry {i} of 'mapping' points beyond the last row of 'embeddings'"
            ))),
            None => Ok(()),
        }
    }

    fn add(&self, piece: u32, out: &mut [f32]) {
        let piece = piece as usize;
        let row = match &self.mapping {
            Some(mapping) => mapping.number(&self.file, piece).max(0.0) as usize,
            None => piece,
        };
        let weight = match &self.weights {
            Some(weights) => weights.number(&self.file, piece * weights.columns),
            None => 1.0,
        };
        let at = row * self.embeddings.columns;
        for (i, x) in out.iter_mut().enumerate() {
            *x += weight * self.embeddings.number(&self.file, at + i);
        }
    }
}

impl Tensor {
    /// The number at a place, counted row after row; not a number where there is none.
    fn number(&self, file: &[u8], at: usize) -> f32 {
        fn part<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
            bytes.get(at * N..(at + 1) * N)?.try_into().ok()
        }
        let bytes = &file[self.bytes.clone()];
        match self.dtype {
            Dtype::F64 => part(bytes, at).map(|b| f64::from_le_bytes(b) as f32),
            Dtype::F32 => part(bytes, at).map(f32::from_le_bytes),
            Dtype::F16 => part(bytes, at).map(|b| f16::from_le_bytes(b).to_f32()),
            Dtype::BF16 => part(bytes, at).map(|b| bf16::from_le_bytes(b).to_f32()),
            Dtype::I8 => part(bytes, at).map(|[b]| f32::from(b as i8)),
            Dtype::I32 => part(bytes, at).map(|b| i32::from_le_bytes(b) as f32),
            Dtype::U32 => part(bytes, at).map(|b| u32::from_le_bytes(b) as f32),
            Dtype::I64 => part(bytes, at).map(|b| i64::from_le_bytes(b) as f32),
            _ => None,
        }
        .unwrap_or(f32::NAN)
    }
}

fn shape(name: &str, shape: &[usize]) -> Error {
    Error::model(format!(
        "model.safetensors: the tensor '{name}' has the shape {shape:?}; a row of 1 to {MAX_DIMS} numbers for each piece is wanted"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    const TOKENIZER: &[u8] =
        br###"{"model": {"type": "WordPiece", "vocab": {"road": 0, "bud": 1, "##get": 2}}}"###;

    fn file(name: &str, dtype: Dtype, shape: [usize; 2], bytes: &[u8]) -> Vec<u8> {
        let view = TensorView::new(dtype, shape.to_vec(), bytes).unwrap();
        safetensors::serialize([(name, view)], None).unwrap()
    }

    fn floats(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    const ROWS: [f32; 6] = [1.0, 0.0, 0.5, 0.5, 0.0, 2.0];

    #[test]
    fn a_word_is_the_sum_of_its_pieces_whatever_the_type_of_numbers() {
        let halves: Vec<u8> = ROWS
            .iter()
            .flat_map(|x| f16::from_f32(*x).to_le_bytes())
            .collect();
        for (dtype, bytes, want) in [
            (Dtype::F32, floats(&ROWS), [0.5, 2.5]),
            (Dtype::F16, halves, [0.5, 2.5]),
            (Dtype::I8, vec![1, 0, 3, 255, 0, 2], [3.0, 1.0]),
        ] {
            let file = file("embeddings", dtype, [3, 2], &bytes);
            let vectors = WordVectors::from_safetensors(file, TOKENIZER).unwrap();
            let mut out = [0.0; 2];
            assert!(vectors.add("budget", &mut out));
            assert_eq!(out, want);
            assert!(!vectors.add("রাস্তা", &mut out));
        }
    }

    #[test]
    fn weights_and_mapping_of_newer_files_count() {
        let (rows, weights) = (floats(&ROWS), floats(&[1.0, 1.0, 0.5]));
        let mapping: Vec<u8> = [1i64, 0, 2].iter().flat_map(|x| x.to_le_bytes()).collect();
        let view = |dtype, shape: &[usize], bytes| TensorView::new(dtype, shape.to_vec(), bytes);
        let file = safetensors::serialize(
            [
                ("embeddings", view(Dtype::F32, &[3, 2], &rows).unwrap()),
                ("weights", view(Dtype::F32, &[3], &weights).unwrap()),
                ("mapping", view(Dtype::I64, &[3], &mapping).unwrap()),
            ],
            None,
        )
        .unwrap();
        let vectors = WordVectors::from_safetensors(file, TOKENIZER).unwrap();
        let mut out = [0.0; 2];
        vectors.add("budget", &mut out);
        assert_eq!(out, [1.0, 1.0]);
    }

    #[test]
    fn a_bad_file_says_what_is_wrong_and_where() {
        let good = file("embeddings", Dtype::F32, [3, 2], &floats(&ROWS));
        let mut hole = ROWS;
        hole[3] = f32::NAN;
        for (bytes, want) in [
            (good[..good.len() - 3].to_vec(), "damaged or cut"),
            (b"word 1 2 3".to_vec(), "damaged or cut"),
            (
                file("vectors", Dtype::F32, [3, 2], &floats(&ROWS)),
                "no tensor 'embeddings', only 'vectors'",
            ),
            (
                file("embeddings", Dtype::I32, [3, 2], &[0; 24]),
                "of type I32",
            ),
            (
                file("embeddings", Dtype::F32, [3, 2], &floats(&hole)),
                "row 1 of the tensor 'embeddings' holds what is no number",
            ),
            (
                file("embeddings", Dtype::F32, [2, 2], &floats(&ROWS[..4])),
                "has 3 pieces, but the tensor 'embeddings' has 2 rows",
            ),
            (
                file("embeddings", Dtype::F32, [3, 0], &[]),
                "the shape [3, 0]",
            ),
        ] {
            let error = WordVectors::from_safetensors(bytes, TOKENIZER).unwrap_err();
            assert!(error.to_string().contains(want), "{error}");
        }
    }

    #[test]
    fn text_has_a_line_for_each_word() {
        for text in ["2 2\nroad 1 0\nbudget 0 1\n", "road 1 0 \nbudget\t0 1"] {
            let vectors = WordVectors::from_text(text.as_bytes(), |w| w == "budget").unwrap();
            let mut out = [0.0; 2];
            assert!(vectors.add("budget", &mut out) && out[1] > 0.0 && out[0] == 0.0);
            assert!(!vectors.add("road", &mut out), "nobody wanted it");
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        for (text, want) in [
            (&b"a 1 2\nb 1\n"[..], "line 2: 1 numbers"),
            (b"a 1 2\nb 1 x\n", "line 2: 'x' is no number"),
            (b"a 1 NaN\n", "line 1: 'NaN' is no number"),
            (b"a 1\n\xff\xfe 2\n", "line 2: not UTF-8"),
            (b"lonely\n", "line 1: a word without numbers"),
            (b"", "no vector in it"),
        ] {
            let error = WordVectors::from_text(text, |_| true).unwrap_err();
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
