//! Answers as vectors: static word vectors, and TF-IDF over stems brought down by a singular value decomposition.
//!
//! What is common to a language is taken out of both parts, or answers would sort by script before they sort by meaning.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::corpus::{Corpus, Unit};
use super::group;
use super::pca::Axes;
use crate::record::Language;
use crate::stats::svd;

/// Directions kept of the TF-IDF matrix …
const RANK: usize = 64;
/// … and where principal components are taken of the rows afterwards.
const FEW: usize = 32;
/// Length of the TF-IDF part beside that of the static part, which is one; a small one: on the answers at hand it changed little.
const SPARSE: f32 = 0.4;
/// Most answers on which the decomposition, the languages' means and the principal components are worked out.
const SAMPLE: usize = 4096;
/// A language's mean is drawn to that of all answers as if by so many of them.
const SHRINK: f32 = 10.0;
const SEED: u64 = 64;
/// Principal components in which clusters are looked for.
const DIMS: usize = 32;

/// Rows worked on at a time.
const BLOCK: usize = 1024;

/// A row of length one (or zero, where nothing is known of its words) for each distinct answer.
pub(super) fn points(corpus: &Corpus) -> Array2<f32> {
    let rows = Rows::new(corpus, RANK);
    rows.in_blocks(rows.width, |block| block)
}

/// Answers as k-means sees them.
pub(super) struct Space {
    /// A short row of length one for each answer.
    pub(super) low: Array2<f32>,
    /// The places of some answers, ascending.
    pub(super) drawn: Vec<usize>,
    /// Their whole rows, from which other samples may be drawn.
    pub(super) sample: Array2<f32>,
}

impl Space {
    /// That of all distinct answers. Their whole rows are never all kept.
    pub(super) fn new(corpus: &Corpus) -> Self {
        let rows = Rows::new(corpus, FEW);
        let drawn = group::draw(corpus.units.len(), SAMPLE, SEED);
        let mut sample = Array2::zeros((drawn.len(), rows.width));
        for (&unit, mut row) in drawn.iter().zip(sample.rows_mut()) {
            rows.write(&corpus.units[unit], row.as_slice_mut().unwrap_or_default());
        }
        let axes = Axes::steady(&sample, DIMS);
        let low = rows.in_blocks(axes.dims(), |block| axes.project(block.view()));
        Self { low, drawn, sample }
    }

    /// That of some rows, with the axes for further ones.
    pub(super) fn of(points: &Array2<f32>) -> (Self, Axes) {
        let drawn = group::draw(points.nrows(), SAMPLE, SEED);
        let sample = points.select(Axis(0), &drawn);
        let axes = Axes::steady(&sample, DIMS);
        let low = axes.project(points.view());
        (Self { low, drawn, sample }, axes)
    }

    /// Rows that were drawn anew, as k-means would see them if there were no others, and some of all rows likewise.
    pub(super) fn anew(&self, drawn: &[usize], shown: &[usize]) -> (Array2<f32>, Array2<f32>) {
        let again = self.sample.select(Axis(0), drawn);
        let axes = Axes::steady(&again, DIMS);
        let shown = self.sample.select(Axis(0), shown);
        (axes.project(again.view()), axes.project(shown.view()))
    }
}

/// How an answer becomes a row.
struct Rows<'a> {
    corpus: &'a Corpus,
    tfidf: TfIdf,
    /// The mean row of each language.
    means: Vec<Vec<f32>>,
    width: usize,
}

impl<'a> Rows<'a> {
    fn new(corpus: &'a Corpus, rank: usize) -> Self {
        let tfidf = TfIdf::new(corpus, rank);
        // Before rows are made on all cores.
        corpus.table();
        let mut out = Self {
            corpus,
            width: corpus.dims() + tfidf.rank(),
            tfidf,
            means: Vec::new(),
        };
        out.means = out.means_of_languages();
        out
    }

    /// Writes a row with what is common to its language taken out; the buffer must be as wide, and is overwritten.
    fn write(&self, unit: &Unit, row: &mut [f32]) {
        self.write_raw(unit, row);
        add(row, -1.0, &self.means[unit.language as usize]);
        let (fixed, learnt) = row.split_at_mut(self.corpus.dims());
        normalize(fixed, 1.0);
        normalize(learnt, SPARSE);
        normalize(row, 1.0);
    }

    fn write_raw(&self, unit: &Unit, row: &mut [f32]) {
        row.fill(0.0);
        let (dims, corpus) = (self.corpus.dims(), self.corpus);
        let (fixed, learnt) = row.split_at_mut(dims);
        for &word in &unit.words {
            add(
                fixed,
                1.0,
                corpus.vector(corpus.typed[word as usize].reading),
            );
        }
        normalize(fixed, 1.0);
        self.tfidf.project(corpus, &unit.words, learnt);
        normalize(learnt, 1.0);
    }

    /// The mean row of each language, drawn a little to that of all answers.
    fn means_of_languages(&self) -> Vec<Vec<f32>> {
        let mut sums = vec![(0f32, vec![0f32; self.width]); Language::ALL.len()];
        let (mut all, mut n) = (vec![0f32; self.width], 0f32);
        let mut row = vec![0f32; self.width];
        let units = &self.corpus.units;
        for unit in units.iter().step_by(units.len().div_ceil(SAMPLE).max(1)) {
            self.write_raw(unit, &mut row);
            let (count, sum) = &mut sums[unit.language as usize];
            *count += 1.0;
            n += 1.0;
            add(sum, 1.0, &row);
            add(&mut all, 1.0, &row);
        }
        all.iter_mut().for_each(|x| *x /= n.max(1.0));
        sums.into_iter()
            .map(|(n, mut sum)| {
                add(&mut sum, SHRINK, &all);
                sum.iter_mut().for_each(|x| *x /= n + SHRINK);
                sum
            })
            .collect()
    }

    /// All rows, on all cores, after `work` on a block of them, which leaves `width` numbers of each.
    fn in_blocks(
        &self,
        width: usize,
        work: impl Fn(Array2<f32>) -> Array2<f32> + Sync,
    ) -> Array2<f32> {
        let n = self.corpus.units.len();
        let mut out = Array2::zeros((n, width));
        out.axis_chunks_iter_mut(Axis(0), BLOCK)
            .into_par_iter()
            .enumerate()
            .for_each(|(i, mut to)| {
                let units = &self.corpus.units[i * BLOCK..][..to.nrows()];
                let mut block = Array2::zeros((units.len(), self.width));
                for (unit, mut row) in units.iter().zip(block.rows_mut()) {
                    self.write(unit, row.as_slice_mut().unwrap_or_default());
                }
                to.assign(&work(block));
            });
        out
    }
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
    fn new(corpus: &Corpus, rank: usize) -> Self {
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
        let found = svd::truncated(&sample, n_columns, rank, SEED);
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
