//! Answers as vectors: static word vectors, and TF-IDF over stems brought down by a singular value decomposition.
//!
//! What is common to a language is taken out of both parts, or answers would sort by script before they sort by meaning.

use ndarray::{Array2, ArrayView1, Zip, s};

use super::corpus::{Corpus, Unit};
use super::group::in_blocks;
use crate::record::Language;
use crate::stats::svd;

/// Directions kept of the TF-IDF matrix.
const RANK: usize = 64;
/// Length of the TF-IDF part beside that of the static part, which is one; a small one: on the answers at hand it changed little.
const SPARSE: f32 = 0.4;
/// Most answers on which the decomposition is worked out; the others are projected.
const SAMPLE: usize = 8192;
/// A language's mean is drawn to that of all answers as if by so many of them.
const SHRINK: f32 = 10.0;
const SEED: u64 = 64;

/// Rows worked on at a time.
const BLOCK: usize = 4096;

/// A row of length one (or zero, where nothing is known of its words) for each distinct answer.
pub(super) fn points(corpus: &Corpus) -> Array2<f32> {
    let (dims, tfidf) = (corpus.dims(), TfIdf::new(corpus));
    let mut out = Array2::zeros((corpus.units.len(), dims + tfidf.rank()));
    each_row(corpus, &mut out, |unit, row| {
        let (fixed, learnt) = row.split_at_mut(dims);
        for &word in &unit.words {
            let at = corpus.typed[word as usize].reading as usize * dims;
            add(fixed, 1.0, &corpus.table[at..at + dims]);
        }
        normalize(fixed, 1.0);
        tfidf.project(corpus, &unit.words, learnt);
        normalize(learnt, 1.0);
    });
    let means = means(corpus, &out);
    each_row(corpus, &mut out, |unit, row| {
        add(row, -1.0, &means[unit.language as usize]);
        let (fixed, learnt) = row.split_at_mut(dims);
        normalize(fixed, 1.0);
        normalize(learnt, SPARSE);
        normalize(row, 1.0);
    });
    out
}

/// Works on the row of each distinct answer, on all cores.
fn each_row(
    corpus: &Corpus,
    rows: &mut Array2<f32>,
    work: impl Fn(&Unit, &mut [f32]) + Sync + Send,
) {
    let units = ArrayView1::from(&corpus.units);
    Zip::from(rows.rows_mut())
        .and(units)
        .par_for_each(|mut row, unit| {
            if let Some(row) = row.as_slice_mut() {
                work(unit, row);
            }
        });
}

fn add(to: &mut [f32], times: f32, row: &[f32]) {
    to.iter_mut().zip(row).for_each(|(x, v)| *x += times * v);
}

/// Brings a row to a length; one without a direction becomes zero.
fn normalize(row: &mut [f32], length: f32) {
    let norm = row.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 1e-6 {
        row.iter_mut().for_each(|x| *x *= length / norm);
    } else {
        row.fill(0.0);
    }
}

/// The mean row of each language, drawn a little to that of all answers.
fn means(corpus: &Corpus, rows: &Array2<f32>) -> Vec<Vec<f32>> {
    let zeros = || vec![(0f32, vec![0f32; rows.ncols()]); Language::ALL.len()];
    let mut sums = zeros();
    // Block by block, so that the order of sums does not hang on the number of threads.
    let parts = in_blocks(rows.nrows(), BLOCK, |range| {
        let mut sums = zeros();
        let block = rows.slice(s![range.clone(), ..]);
        for (unit, row) in corpus.units[range].iter().zip(block.rows()) {
            let (n, sum) = &mut sums[unit.language as usize];
            *n += 1.0;
            add(sum, 1.0, row.as_slice().unwrap_or_default());
        }
        sums
    });
    let mut all = vec![0f32; rows.ncols()];
    for (n, part) in parts.iter().flatten().enumerate() {
        let (count, sum) = &mut sums[n % Language::ALL.len()];
        *count += part.0;
        add(sum, 1.0, &part.1);
        add(&mut all, 1.0 / rows.nrows() as f32, &part.1);
    }
    sums.into_iter()
        .map(|(n, mut sum)| {
            add(&mut sum, SHRINK, &all);
            sum.iter_mut().for_each(|x| *x /= n + SHRINK);
            sum
        })
        .collect()
}

/// Sublinear TF-IDF over stems, and the directions on which it is laid down.
struct TfIdf {
    /// For each stem its column, where it occurs in more than one answer.
    columns: Vec<Option<u32>>,
    /// For each column, its rarity.
    idf: Vec<f32>,
    /// A row for each column.
    directions: Array2<f32>,
}

impl TfIdf {
    fn new(corpus: &Corpus) -> Self {
        let mut df = vec![0u32; corpus.n_stems()];
        // The last answer in which each stem was met.
        let mut last = vec![usize::MAX; df.len()];
        for (i, unit) in corpus.units.iter().enumerate() {
            for stem in stems(corpus, &unit.words).map(|s| s as usize) {
                df[stem] += u32::from(std::mem::replace(&mut last[stem], i) != i);
            }
        }
        let n = corpus.units.len() as f32;
        let (mut columns, mut idf) = (vec![None; df.len()], Vec::new());
        for (column, &df) in columns.iter_mut().zip(&df) {
            if df > 1 {
                *column = Some(idf.len() as u32);
                idf.push(((1.0 + n) / (1.0 + df as f32)).ln() + 1.0);
            }
        }
        let mut out = Self {
            columns,
            idf,
            directions: Array2::zeros((0, 0)),
        };
        let n_columns = out.idf.len();
        let step = corpus.units.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<Vec<(u32, f32)>> = corpus
            .units
            .iter()
            .step_by(step)
            .map(|unit| out.row(corpus, &unit.words))
            .collect();
        let found = svd::truncated(&sample, n_columns, RANK, SEED);
        out.directions = found.vectors.t().as_standard_layout().into_owned();
        out
    }

    fn rank(&self) -> usize {
        self.directions.ncols()
    }

    /// An answer as a sparse unit vector.
    fn row(&self, corpus: &Corpus, words: &[u32]) -> Vec<(u32, f32)> {
        let mut columns: Vec<u32> = stems(corpus, words)
            .filter_map(|s| self.columns[s as usize])
            .collect();
        columns.sort_unstable();
        let mut row: Vec<(u32, f32)> = columns
            .chunk_by(|a, b| a == b)
            .map(|same| {
                let tf = 1.0 + (same.len() as f32).ln();
                (same[0], tf * self.idf[same[0] as usize])
            })
            .collect();
        let norm = row.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(1e-9);
        row.iter_mut().for_each(|(_, v)| *v /= norm);
        row
    }

    /// Adds what an answer is along each direction.
    fn project(&self, corpus: &Corpus, words: &[u32], out: &mut [f32]) {
        let rank = self.rank();
        let directions = self.directions.as_slice().unwrap_or_default();
        for (column, value) in self.row(corpus, words) {
            let at = column as usize * rank;
            add(out, value, &directions[at..at + rank]);
        }
    }
}

fn stems<'a>(corpus: &'a Corpus, words: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    words
        .iter()
        .map(|&w| corpus.stems[corpus.typed[w as usize].reading as usize])
}
