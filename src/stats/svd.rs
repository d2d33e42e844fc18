//! A truncated singular value decomposition of a sparse matrix that never makes the dense one.
//!
//! Halko, Martinsson & Tropp, *Finding Structure with Randomness*, SIAM Review 53(2), 2011: project onto a few random
//! directions, sharpen them by power iterations, decompose the small rest.

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array1, Array2, Axis};

use super::Random;

/// Rows of (column, value), columns ascending.
pub(crate) type SparseRows = [Vec<(u32, f32)>];

/// The leading right singular vectors (a row each) and their singular values, largest first.
pub(crate) struct Svd {
    pub(crate) vectors: Array2<f32>,
    #[cfg(test)]
    pub(crate) values: Array1<f32>,
}

/// More directions than are wanted, so that the last wanted ones are sharp too.
const OVERSAMPLE: usize = 16;
const POWER_ITERATIONS: usize = 4;

/// Decomposes `matrix`, which has `columns` columns, to at most `rank` directions. The same seed gives the same result.
pub(crate) fn truncated(matrix: &SparseRows, columns: usize, rank: usize, seed: u64) -> Svd {
    let width = (rank + OVERSAMPLE).min(matrix.len()).min(columns);
    let mut random = Random::new(seed);
    let mut start = Array2::<f32>::zeros((columns, width));
    // Signs serve as well as normal numbers and are the same on any machine.
    start.mapv_inplace(|_| if random.bits() >> 63 == 0 { 1.0 } else { -1.0 });
    let mut tall = times(matrix, &start);
    orthonormalize(&mut tall);
    for _ in 0..POWER_ITERATIONS {
        let back = transposed_times(matrix, &tall, columns);
        tall = times(matrix, &back);
        orthonormalize(&mut tall);
    }
    let wide = transposed_times(matrix, &tall, columns);
    let small = wide.t().dot(&wide).mapv(f64::from);
    let Ok((values, directions)) = small.eigh().map(|e| e.sort_eig_desc()) else {
        // A matrix of numbers that are no numbers has no directions.
        return Svd {
            vectors: Array2::zeros((0, columns)),
            #[cfg(test)]
            values: Array1::zeros(0),
        };
    };
    let top = values.first().copied().unwrap_or(0.0).max(0.0);
    let kept = values
        .iter()
        .take(rank)
        .filter(|v| **v > top * 1e-9)
        .count();
    let values: Array1<f32> = values.iter().take(kept).map(|v| v.sqrt() as f32).collect();
    let directions = directions.slice(ndarray::s![.., ..kept]).mapv(|x| x as f32);
    let mut vectors = wide.dot(&directions).reversed_axes();
    for (mut row, value) in vectors.axis_iter_mut(Axis(0)).zip(&values) {
        // A singular vector's sign is free: its largest part is made positive.
        let largest = row
            .iter()
            .copied()
            .fold(0f32, |a, b| if b.abs() > a.abs() { b } else { a });
        row /= value * largest.signum();
    }
    Svd {
        vectors: vectors.as_standard_layout().into_owned(),
        #[cfg(test)]
        values,
    }
}

fn times(matrix: &SparseRows, dense: &Array2<f32>) -> Array2<f32> {
    let mut out = Array2::zeros((matrix.len(), dense.ncols()));
    for (row, mut to) in matrix.iter().zip(out.axis_iter_mut(Axis(0))) {
        for &(column, value) in row {
            add(
                to.as_slice_mut(),
                value,
                dense.row(column as usize).to_slice(),
            );
        }
    }
    out
}

fn transposed_times(matrix: &SparseRows, dense: &Array2<f32>, columns: usize) -> Array2<f32> {
    let mut out = Array2::zeros((columns, dense.ncols()));
    for (row, from) in matrix.iter().zip(dense.axis_iter(Axis(0))) {
        for &(column, value) in row {
            let mut to = out.row_mut(column as usize);
            add(to.as_slice_mut(), value, from.to_slice());
        }
    }
    out
}

/// Adds `times` a row. Rows of matrices in standard layout lie in one piece; on slices this takes half the time.
fn add(to: Option<&mut [f32]>, times: f32, row: Option<&[f32]>) {
    let (Some(to), Some(row)) = (to, row) else {
        debug_assert!(false, "a matrix in another layout");
        return;
    };
    to.iter_mut().zip(row).for_each(|(x, v)| *x += times * v);
}

/// Makes the columns orthonormal (Gram and Schmidt, twice, since once is not enough in 32 bits).
fn orthonormalize(matrix: &mut Array2<f32>) {
    // Columns as rows are contiguous.
    let mut columns = matrix.t().as_standard_layout().into_owned();
    for i in 0..columns.nrows() {
        let (done, mut rest) = columns.view_mut().split_at(Axis(0), i);
        let mut column = rest.row_mut(0);
        for _ in 0..2 {
            // Taken off row by row: a product of a row with a matrix would read the matrix down its columns.
            let along = done.dot(&column);
            for (row, along) in done.rows().into_iter().zip(&along) {
                add(column.as_slice_mut(), -along, row.to_slice());
            }
        }
        let norm = column.dot(&column).sqrt();
        if norm > 1e-6 {
            column /= norm;
        } else {
            column.fill(0.0);
        }
    }
    *matrix = columns.reversed_axes().as_standard_layout().into_owned();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directions_of_a_known_matrix_come_out() {
        // Two blocks with singular values 2√3 (three rows of (2, 0)) and √2 (two rows of (0, 1)).
        let rows = vec![
            vec![(0, 2.0)],
            vec![(0, 2.0)],
            vec![(5, 1.0)],
            vec![(0, 2.0)],
            vec![(5, 1.0)],
        ];
        let svd = truncated(&rows, 8, 4, 1);
        assert_eq!(svd.values.len(), 2);
        assert!((svd.values[0] - 12f32.sqrt()).abs() < 1e-4);
        assert!((svd.values[1] - 2f32.sqrt()).abs() < 1e-4);
        assert!((svd.vectors[[0, 0]] - 1.0).abs() < 1e-4);
        assert!((svd.vectors[[1, 5]] - 1.0).abs() < 1e-4);
    }
}
