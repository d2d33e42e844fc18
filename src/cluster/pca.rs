//! Principal components: the few directions along which answers differ most.

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::group;

/// Most rows from which the directions are worked out.
const SAMPLE: usize = 8192;

/// The first principal components of some rows.
pub(super) struct Axes {
    mean: Array1<f32>,
    /// A column for each, the one of the largest variance first.
    directions: Array2<f32>,
    /// Whether rows are brought to length one.
    level: bool,
}

impl Axes {
    /// At most `dims` of them, as they are.
    pub(super) fn plain(points: &Array2<f32>, dims: usize) -> Self {
        Self::of(points, dims, 0.0)
    }

    /// At most `dims` of them for clusters: each is scaled by the square root of its standard deviation, and rows come to length
    /// one. What many answers have in common then counts for more than what sets single ones apart, which is mostly chance:
    /// clusters come back far more often when the answers are drawn anew, and agree as well with the themes.
    pub(super) fn steady(points: &Array2<f32>, dims: usize) -> Self {
        Self {
            level: true,
            ..Self::of(points, dims, 0.25)
        }
    }

    /// Scaled by so high a power of the variance. The sign of a component is free: its largest part is made positive.
    fn of(points: &Array2<f32>, dims: usize, power: f64) -> Self {
        let dims = dims.min(points.ncols());
        let none = |dims| Self {
            mean: Array1::zeros(points.ncols()),
            directions: Array2::zeros((points.ncols(), dims)),
            level: false,
        };
        let Some(mean) = points.mean_axis(Axis(0)) else {
            return none(dims);
        };
        let centred = points - &mean;
        let Some((values, mut directions)) = leading(&centred, dims) else {
            // Only numbers that are none have no directions.
            return none(dims);
        };
        let top = values.first().copied().unwrap_or(0.0).max(1e-12);
        for (mut column, value) in directions.columns_mut().into_iter().zip(&values) {
            let largest = column
                .iter()
                .fold(0f32, |a, &b| if b.abs() > a.abs() { b } else { a });
            column *= largest.signum() * (value / top).max(0.0).powf(power) as f32;
        }
        Self {
            mean,
            directions,
            level: false,
        }
    }

    /// How many there are.
    pub(super) fn dims(&self) -> usize {
        self.directions.ncols()
    }

    /// Rows along the directions.
    pub(super) fn project(&self, points: ArrayView2<f32>) -> Array2<f32> {
        let shift = self.mean.dot(&self.directions);
        let mut out = (points.dot(&self.directions) - shift)
            .as_standard_layout()
            .into_owned();
        if self.level {
            for mut row in out.rows_mut() {
                let length = row.dot(&row).sqrt();
                if length > 1e-6 {
                    row /= length;
                }
            }
        }
        out
    }
}

/// The leading eigenvalues of the rows' second moments and their directions, a column each; from the products of rows with each
/// other where that is the smaller matrix. A direction in which nothing lies is zero.
fn leading(rows: &Array2<f32>, dims: usize) -> Option<(Vec<f64>, Array2<f32>)> {
    let few = rows.nrows() < rows.ncols();
    let products = if few {
        rows.dot(&rows.t())
    } else {
        rows.t().dot(rows)
    };
    let (values, vectors) = products.mapv(f64::from).eigh().ok()?.sort_eig_desc();
    let kept = dims.min(values.len());
    let vectors = vectors.slice(s![.., ..kept]).mapv(|x| x as f32);
    let mut out = Array2::zeros((rows.ncols(), dims));
    let mut to = out.slice_mut(s![.., ..kept]);
    if few {
        to.assign(&rows.t().dot(&vectors));
        for mut column in to.columns_mut() {
            let length = column.dot(&column).sqrt();
            column.mapv_inplace(|x| if length > 1e-5 { x / length } else { 0.0 });
        }
    } else {
        to.assign(&vectors);
    }
    Some((values.iter().take(kept).copied().collect(), out))
}

/// The rows along their first `dims` principal components, largest variance first; fewer where the data have fewer.
pub(super) fn principal(points: &Array2<f32>, dims: usize) -> Array2<f32> {
    Axes::plain(&group::sample(points, SAMPLE, 1), dims).project(points.view())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_first_direction_is_that_of_the_largest_spread() {
        let found = principal(&array![[0.0, 1.0], [4.0, 1.1], [8.0, 0.9]], 1);
        assert!(
            (found[[2, 0]] - found[[0, 0]] - 8.0).abs() < 0.01,
            "{found}"
        );
        assert!(found[[1, 0]].abs() < 0.01, "the mean lies at zero");
        assert_eq!(principal(&Array2::zeros((0, 3)), 2).nrows(), 0);
        assert_eq!(principal(&Array2::zeros((2, 3)), 9).dim(), (2, 3));
    }

    #[test]
    fn rows_for_clusters_have_length_one_and_weak_directions_count_less() {
        let points = array![[0.0, 1.0], [4.0, 1.1], [8.0, 0.9], [3.0, 2.0]];
        let found = Axes::steady(&points, 2).project(points.view());
        for row in found.rows() {
            assert!((row.dot(&row) - 1.0).abs() < 1e-5, "{found}");
        }
        let plain = principal(&points, 2);
        let ratio = |m: &Array2<f32>| (m[[3, 1]] / m[[3, 0]]).abs();
        assert!(ratio(&found) < ratio(&plain));
    }
}
