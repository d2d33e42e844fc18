//! Principal components: the few directions along which answers differ most.

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array2, Axis};

use super::group;

/// Most rows from which the directions are worked out.
const SAMPLE: usize = 8192;

/// The rows along their first `dims` principal components, largest variance first; fewer where the data have fewer.
///
/// The sign of a component is free: its largest part is made positive.
pub(super) fn principal(points: &Array2<f32>, dims: usize) -> Array2<f32> {
    let dims = dims.min(points.ncols());
    let mut sample = group::sample(points, SAMPLE, 1);
    let Some(mean) = sample.mean_axis(Axis(0)) else {
        return Array2::zeros((0, dims));
    };
    sample -= &mean;
    let covariance = sample.t().dot(&sample).mapv(f64::from);
    let Ok((_, vectors)) = covariance.eigh().map(EigSort::sort_eig_desc) else {
        // Only numbers that are none have no directions.
        return Array2::zeros((points.nrows(), dims));
    };
    let mut directions = vectors.slice(ndarray::s![.., ..dims]).mapv(|x| x as f32);
    for mut column in directions.columns_mut() {
        let largest = column
            .iter()
            .fold(0f32, |a, &b| if b.abs() > a.abs() { b } else { a });
        column *= largest.signum();
    }
    let shift = mean.dot(&directions);
    (points.dot(&directions) - shift)
        .as_standard_layout()
        .into_owned()
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
}
