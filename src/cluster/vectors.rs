//! Answers as vectors: static word vectors, and TF-IDF over stems brought down by a singular value decomposition.
//!
//! What is common to a language is taken out of both parts, or answers would sort by script before they sort by meaning.

use ndarray::{Array1, Array2, ArrayViewMut2, Axis, s};

use super::corpus::Corpus;
use crate::record::Language;
use crate::stats::svd;

/// Directions kept of the TF-IDF matrix.
const RANK: usize = 64;
/// Length of the TF-IDF part beside that of the static part, which is one; a small one: on the answers at hand it changed little.
const SPARSE: f32 = 0.4;
/// Most answers on which the decomposition is worked out; the others are projected.
const SAMPLE: usize = 20_000;
/// A language's mean is drawn to that of all answers as if by so many of them.
const SHRINK: f32 = 10.0;
const SEED: u64 = 64;

/// A row of length one (or zero, where nothing is known of its words) for each distinct answer.
pub(super) fn points(corpus: &Corpus) -> Array2<f32> {
    let (dims, tfidf) = (corpus.dims(), TfIdf::new(corpus));
    let mut out = Array2::zeros((corpus.units.len(), dims + tfidf.rank()));
    let (mut fixed, mut learnt) = out.view_mut().split_at(Axis(1), dims);
    for (unit, mut row) in corpus.units.iter().zip(fixed.axis_iter_mut(Axis(0))) {
        for &word in &unit.words {
            let at = corpus.typed[word as usize].reading as usize * dims;
            for (x, v) in row.iter_mut().zip(&corpus.table[at..at + dims]) {
                *x += v;
            }
        }
    }
    tfidf.project(corpus, &mut learnt);
    normalize(&mut fixed, 1.0);
    center(corpus, &mut fixed);
    normalize(&mut fixed, 1.0);
    normalize(&mut learnt, 1.0);
    center(corpus, &mut learnt);
    normalize(&mut learnt, SPARSE);
    normalize(&mut out.view_mut(), 1.0);
    out
}

/// Brings each row to a length; one without a direction stays zero.
fn normalize(rows: &mut ArrayViewMut2<'_, f32>, length: f32) {
    for mut row in rows.axis_iter_mut(Axis(0)) {
        let norm = row.iter().map(|x| x * x).sum::<f32>().sqrt();
        if norm > 1e-6 {
            row *= length / norm;
        } else {
            row.fill(0.0);
        }
    }
}

/// Takes the mean of its language out of each row.
fn center(corpus: &Corpus, rows: &mut ArrayViewMut2<'_, f32>) {
    let Some(all) = rows.mean_axis(Axis(0)) else {
        return;
    };
    let mut means = vec![(0.0, Array1::<f32>::zeros(all.len())); Language::ALL.len()];
    for (unit, row) in corpus.units.iter().zip(rows.axis_iter(Axis(0))) {
        let (n, sum) = &mut means[unit.language as usize];
        *n += 1.0;
        *sum += &row;
    }
    for (n, sum) in &mut means {
        sum.scaled_add(SHRINK, &all);
        *sum /= *n + SHRINK;
    }
    for (unit, mut row) in corpus.units.iter().zip(rows.axis_iter_mut(Axis(0))) {
        row -= &means[unit.language as usize].1;
    }
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
        for unit in &corpus.units {
            let mut stems: Vec<u32> = stems(corpus, &unit.words).collect();
            stems.sort_unstable();
            stems.dedup();
            stems.iter().for_each(|&s| df[s as usize] += 1);
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

    fn project(&self, corpus: &Corpus, out: &mut ArrayViewMut2<'_, f32>) {
        for (unit, mut row) in corpus.units.iter().zip(out.axis_iter_mut(Axis(0))) {
            for (column, value) in self.row(corpus, &unit.words) {
                row.scaled_add(value, &self.directions.slice(s![column as usize, ..]));
            }
        }
    }
}

fn stems<'a>(corpus: &'a Corpus, words: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    words
        .iter()
        .map(|&w| corpus.stems[corpus.typed[w as usize].reading as usize])
}
