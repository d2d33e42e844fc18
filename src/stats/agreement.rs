//! Agreement beyond chance: Krippendorff's alpha for any distance, Cohen's kappa, MASI over label sets.

use std::collections::{BTreeMap, BTreeSet};

/// Krippendorff's alpha for any number of coders, missing values and any `distance` (0 = the same).
///
/// `units` holds, for each answer, the values that its coders gave; a coder who gave none is left
/// out of that answer's list, and an answer with fewer than two values cannot be compared and does
/// not count. 1 is full agreement, 0 what chance gives. `None` where nothing can be compared, or
/// where all values are the same, so that there was nothing to disagree on.
///
/// K. Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*, University of Pennsylvania.
pub fn alpha<T: Ord>(units: &[Vec<T>], distance: impl Fn(&T, &T) -> f64) -> Option<f64> {
    // The coincidence matrix is never built: values are numbered, each pair of numbers is measured
    // once, and only the sums that the formula needs are taken.
    let mut counts: BTreeMap<&T, u64> = BTreeMap::new();
    let pairable = || units.iter().filter(|unit| unit.len() >= 2);
    for value in pairable().flatten() {
        *counts.entry(value).or_default() += 1;
    }
    let total: u64 = counts.values().sum();
    if total == 0 {
        return None;
    }
    let observed: f64 = pairable()
        .map(|unit| {
            let apart: f64 = (0..unit.len())
                .flat_map(|i| (i + 1..unit.len()).map(move |j| (i, j)))
                .map(|(i, j)| distance(&unit[i], &unit[j]))
                .sum();
            2.0 * apart / (unit.len() - 1) as f64
        })
        .sum();
    let values: Vec<(&T, u64)> = counts.into_iter().collect();
    let mut expected = 0.0;
    for (i, (a, na)) in values.iter().enumerate() {
        for (b, nb) in &values[i + 1..] {
            expected += 2.0 * (*na as f64) * (*nb as f64) * distance(a, b);
        }
    }
    (expected > 0.0).then(|| 1.0 - (total - 1) as f64 * observed / expected)
}

/// [`alpha`] where two values are either the same or not.
#[must_use]
pub fn nominal_alpha<T: Ord>(units: &[Vec<T>]) -> Option<f64> {
    alpha(units, |a, b| if a == b { 0.0 } else { 1.0 })
}

/// [`alpha`] over sets of labels with the [MASI distance](masi_distance).
#[must_use]
pub fn masi_alpha<T: Ord>(units: &[Vec<BTreeSet<T>>]) -> Option<f64> {
    alpha(units, masi_distance)
}

/// How far two sets of labels are apart: 1 - Jaccard × monotonicity, where monotonicity is 1 for
/// equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they do not.
///
/// R. Passonneau (2006), Measuring agreement on set-valued items (MASI), *LREC*.
#[must_use]
pub fn masi_distance<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    masi_from_sizes(a.len(), b.len(), a.intersection(b).count())
}

/// [`masi_distance`] of two sets of that size that have `shared` labels in common.
pub(crate) fn masi_from_sizes(a: usize, b: usize, shared: usize) -> f64 {
    if shared == a && shared == b {
        return 0.0;
    }
    let union = a + b - shared;
    let monotonicity = if shared == a || shared == b {
        2.0 / 3.0
    } else if shared > 0 {
        1.0 / 3.0
    } else {
        0.0
    };
    1.0 - shared as f64 / union as f64 * monotonicity
}

/// Cohen's kappa of two coders' values, answer by answer. `None` without an answer, or where chance
/// alone would agree fully (both always give one and the same value).
///
/// J. Cohen (1960), A coefficient of agreement for nominal scales, *Educational and Psychological
/// Measurement* 20, 37-46.
#[must_use]
pub fn cohens_kappa<T: Ord>(pairs: &[(T, T)]) -> Option<f64> {
    if pairs.is_empty() {
        return None;
    }
    let mut counts: BTreeMap<&T, (u64, u64)> = BTreeMap::new();
    for (a, b) in pairs {
        counts.entry(a).or_default().0 += 1;
        counts.entry(b).or_default().1 += 1;
    }
    let n = pairs.len() as f64;
    let observed = pairs.iter().filter(|(a, b)| a == b).count() as f64 / n;
    let expected = counts
        .values()
        .map(|&(a, b)| a as f64 * b as f64)
        .sum::<f64>()
        / (n * n);
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: Option<f64>, want: f64) {
        let found = found.expect("a value");
        assert!((found - want).abs() < 5e-4, "{found} is not {want}");
    }

    /// One row a coder, one character an answer, '.' where it is missing.
    fn units(coders: &[&str]) -> Vec<Vec<char>> {
        let rows: Vec<Vec<char>> = coders.iter().map(|row| row.chars().collect()).collect();
        (0..rows[0].len())
            .map(|i| {
                rows.iter()
                    .map(|row| row[i])
                    .filter(|&c| c != '.')
                    .collect()
            })
            .collect()
    }

    #[test]
    fn krippendorffs_published_examples_come_out() {
        // Krippendorff (2011): B, nominal data of two observers; C, any number of observers with missing data.
        near(
            nominal_alpha(&units(&["aabbdcccedda", "babbbccceddd"])),
            0.692,
        );
        near(
            nominal_alpha(&units(&[
                "123321412...",
                "1233224125.3",
                ".3332342251.",
                "12332441251.",
            ])),
            0.743,
        );
        // The same data on an interval scale: 0.849.
        near(
            alpha(
                &units(&[
                    "123321412...",
                    "1233224125.3",
                    ".3332342251.",
                    "12332441251.",
                ]),
                |&a, &b| (f64::from(a as u32) - f64::from(b as u32)).powi(2),
            ),
            0.849,
        );
    }

    #[derive(serde::Deserialize)]
    struct Cases {
        nominal: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        coders: Vec<String>,
        alpha: f64,
        kappa: Option<f64>,
    }

    #[test]
    fn alpha_and_kappa_are_those_of_public_packages() {
        let cases: Cases = toml::from_str(include_str!("../../tests/data/agreement.toml")).unwrap();
        for case in cases.nominal {
            let coders: Vec<&str> = case.coders.iter().map(String::as_str).collect();
            let units = units(&coders);
            let alpha = nominal_alpha(&units).unwrap();
            assert!((alpha - case.alpha).abs() < 1e-9, "{}: {alpha}", case.name);
            if let Some(want) = case.kappa {
                let pairs: Vec<(char, char)> =
                    units.iter().map(|unit| (unit[0], unit[1])).collect();
                let kappa = cohens_kappa(&pairs).unwrap();
                assert!((kappa - want).abs() < 1e-9, "{}: {kappa}", case.name);
            }
        }
    }

    #[test]
    fn answers_that_only_one_coder_saw_do_not_count() {
        let seen_by_both = nominal_alpha(&units(&["aab", "abb"]));
        assert_eq!(seen_by_both, nominal_alpha(&units(&["aab..c", "abbxy."])));
        assert_eq!(nominal_alpha(&units(&["a.", ".b"])), None);
    }

    #[test]
    fn values_that_never_vary_tell_nothing_of_agreement() {
        assert_eq!(nominal_alpha(&units(&["aaa", "aaa"])), None);
        assert_eq!(cohens_kappa(&[('a', 'a'); 3]), None);
        let same = vec![vec![BTreeSet::from(['a']); 2]; 3];
        assert_eq!(masi_alpha(&same), None);
        // One coder who varies is enough to be told from chance.
        assert_eq!(cohens_kappa(&[('a', 'a'), ('a', 'b')]), Some(0.0));
    }

    #[test]
    fn kappa_of_the_classic_grant_example() {
        // 50 proposals: 20 both yes, 15 both no, 5 and 10 apart: observed 0.70, chance 0.50.
        let mut pairs = vec![(true, true); 20];
        pairs.extend(vec![(true, false); 5]);
        pairs.extend(vec![(false, true); 10]);
        pairs.extend(vec![(false, false); 15]);
        near(cohens_kappa(&pairs), 0.4);
    }

    #[test]
    fn masi_weighs_a_subset_more_than_an_overlap() {
        let set = |names: &str| names.chars().collect::<BTreeSet<_>>();
        let far = |a, b| masi_distance(&set(a), &set(b));
        assert_eq!(far("", ""), 0.0);
        assert_eq!(far("", "a"), 1.0);
        assert!((far("a", "ab") - 2.0 / 3.0).abs() < 1e-12);
        assert!((far("ab", "bc") - 8.0 / 9.0).abs() < 1e-12);
        assert_eq!(far("a", "b"), 1.0);
    }

    proptest! {
        #[test]
        fn alpha_does_not_care_for_the_order_of_coders_or_answers(mut data in prop::collection::vec(prop::collection::vec(0u8..4, 0..5), 1..20)) {
            let before = nominal_alpha(&data);
            data.reverse();
            data.iter_mut().for_each(|unit| unit.reverse());
            match (before, nominal_alpha(&data)) {
                (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-9 && a <= 1.0),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
