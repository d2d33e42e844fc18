//! How strongly two things come together.

/// G², the log-likelihood ratio of a table of two by two: of `n` cases one thing holds in `total`, the other in `with`, both in
/// `here`. Not below zero; 0 where they are as often together as by chance.
///
/// Dunning, *Accurate Methods for the Statistics of Surprise and Coincidence*, Computational Linguistics 19, 1993.
pub(crate) fn g2([here, total, with, n]: [f64; 4]) -> f64 {
    let part = |seen: f64, row: f64, column: f64| match seen > 0.0 {
        true => seen * (seen * n / (row * column)).ln(),
        false => 0.0,
    };
    let cells = part(here, total, with)
        + part(total - here, total, n - with)
        + part(with - here, n - total, with)
        + part(n + here - total - with, n - total, n - with);
    2.0 * cells.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_zero_and_both_directions_count() {
        assert!(g2([1.0, 10.0, 10.0, 100.0]).abs() < 1e-9);
        assert!(g2([0.0, 10.0, 50.0, 100.0]) > 10.0);
        // Always and only together: the entropy of one, twice, in all cases.
        let entropy = -(0.1f64 * 0.1f64.ln() + 0.9 * 0.9f64.ln());
        assert!((g2([10.0, 10.0, 10.0, 100.0]) - 200.0 * entropy).abs() < 1e-9);
    }
}
