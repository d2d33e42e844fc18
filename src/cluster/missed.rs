//! What the taxonomy missed: the answers without a theme clustered, and all answers on a map.

use ndarray::{Array1, Array2, Axis};
use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use super::group::{self, Groups};
use super::{Clusters, Options, by_means, density, describe, layout, vectors};
use crate::record::ThemeId;
use crate::report::{Dot, Missed, MissedCluster, Said};
use crate::taxonomy::Taxonomy;

/// Different answers on the map at most: so many without a theme, and so many with one.
const DOTS: usize = 750;
const QUOTES: usize = 3;
/// Fewer different answers make no map.
const FEWEST: usize = 8;

impl Corpus {
    /// Clusters the answers that have no theme, unless they are [too few](Clusters::FEWEST), and lays all answers on a map; nothing
    /// where none has words.
    ///
    /// The answers must have been coded by `taxonomy`. Where they are a [`Sample`](super::Sample), say so in the result. Those with a theme help to tell what is common to a language, and stand
    /// on the map; they are in no cluster.
    #[must_use]
    pub fn missed(&self, taxonomy: &Taxonomy, options: &Options) -> Option<Missed> {
        let tops = self.tops();
        let inner: Vec<usize> = (0..tops.len()).filter(|&u| tops[u].is_empty()).collect();
        if inner.is_empty() {
            return None;
        }
        let points = vectors::points(self);
        let sub = points.select(Axis(0), &inner);
        let (groups, stability, low) = match options.method {
            _ if inner.len() < Clusters::FEWEST => (none(&points), Vec::new(), None),
            super::Method::KMeans => {
                let (space, axes) = vectors::Space::of(&sub);
                let (found, stability) = by_means(&space, options);
                (found, stability, Some(axes.project(points.view())))
            }
            super::Method::Density => {
                let weights = self.weights();
                let weights: Vec<u32> = inner.iter().map(|&u| weights[u]).collect();
                let (found, stability) = density::fit(&sub, &weights, options.seed);
                (found, stability, None)
            }
        };
        let groups = widened(groups, &inner, &points);
        let clusters = describe::clusters(
            self,
            low.as_ref().unwrap_or(&points),
            &groups,
            &stability,
            inner.len(),
        );
        // Answers that read the same need not all have a theme: a context may have given one to some.
        let answers = self
            .members
            .iter()
            .filter(|m| m.tops.is_empty() && m.unit.is_some_and(|u| tops[u as usize].is_empty()));
        Some(Missed {
            answers: answers.count() as u64,
            sampled: false,
            distinct: inner.len() as u64,
            too_few: clusters.too_few,
            map: self.map(&points, &tops, &clusters, taxonomy, options.seed),
            clusters: self.told(&points, &tops, clusters, taxonomy),
        })
    }

    /// The top-level themes of each distinct answer.
    fn tops(&self) -> Vec<Vec<ThemeId>> {
        let mut tops = vec![Vec::new(); self.units.len()];
        for member in &self.members {
            if let Some(unit) = member.unit {
                tops[unit as usize].extend_from_slice(&member.tops);
            }
        }
        for own in &mut tops {
            own.sort_unstable();
            own.dedup();
        }
        tops
    }

    fn told(
        &self,
        points: &Array2<f32>,
        tops: &[Vec<ThemeId>],
        found: Clusters,
        taxonomy: &Taxonomy,
    ) -> Vec<MissedCluster> {
        let themes = directions(points, tops);
        let mut centers = vec![Array1::<f32>::zeros(points.ncols()); found.clusters.len()];
        for (member, (_, cluster)) in self.members.iter().zip(&found.assignments) {
            if let (Some(unit), Some(cluster)) = (member.unit, cluster) {
                centers[*cluster] += &points.row(unit as usize);
            }
        }
        found
            .clusters
            .into_iter()
            .zip(centers)
            .map(|(cluster, center)| MissedCluster {
                size: cluster.size as u64,
                distinct: cluster.distinct as u64,
                near: themes
                    .iter()
                    .max_by(|a, b| a.1.dot(&center).total_cmp(&b.1.dot(&center)))
                    .map(|(theme, _)| taxonomy.theme(*theme).code.clone()),
                cohesion: cluster.cohesion,
                stability: cluster.stability,
                stable: cluster.stable,
                quotes: cluster
                    .quotes
                    .into_iter()
                    .take(QUOTES)
                    .map(|q| Said {
                        id: q.id,
                        text: q.text,
                    })
                    .collect(),
                label: cluster.label,
            })
            .collect()
    }

    fn map(
        &self,
        points: &Array2<f32>,
        tops: &[Vec<ThemeId>],
        found: &Clusters,
        taxonomy: &Taxonomy,
        seed: u64,
    ) -> Vec<Dot> {
        // An answer of which nothing is known has no place.
        let placed = |u: &usize| points.row(*u).iter().any(|x| *x != 0.0);
        let drawn = |without: bool| {
            let all = (0..tops.len()).filter(|&u| tops[u].is_empty() == without);
            let all: Vec<usize> = all.filter(placed).collect();
            let some = group::draw(all.len(), DOTS, seed);
            some.into_iter().map(move |i| all[i])
        };
        let mut shown: Vec<usize> = drawn(true).chain(drawn(false)).collect();
        shown.sort_unstable();
        if shown.len() < FEWEST {
            return Vec::new();
        }
        let places = layout::plane(&points.select(Axis(0), &shown), seed);
        let mut dots: FxHashMap<u32, usize> = FxHashMap::default();
        let mut out: Vec<Dot> = Vec::with_capacity(shown.len());
        for (member, (_, cluster)) in self.members.iter().zip(&found.assignments) {
            let Some(unit) = member.unit else { continue };
            let Ok(at) = shown.binary_search(&(unit as usize)) else {
                continue;
            };
            if let Some(&dot) = dots.get(&unit) {
                out[dot].count += 1;
                continue;
            }
            dots.insert(unit, out.len());
            let codes = tops[unit as usize].iter();
            out.push(Dot {
                x: places[at][0],
                y: places[at][1],
                said: Said {
                    id: member.id.clone(),
                    text: member.text.to_string(),
                },
                count: 1,
                themes: codes.map(|t| taxonomy.theme(*t).code.clone()).collect(),
                cluster: *cluster,
            });
        }
        out
    }
}

/// No groups.
fn none(points: &Array2<f32>) -> Groups {
    Groups {
        centers: Array2::zeros((0, points.ncols())),
        of: Vec::new(),
        outside: Vec::new(),
    }
}

/// Groups of some of the answers as groups of all, the others outside.
fn widened(found: Groups, inner: &[usize], points: &Array2<f32>) -> Groups {
    let none = group::Nearest {
        center: 0,
        distance: 0.0,
        next: f32::INFINITY,
    };
    let mut out = Groups {
        centers: found.centers,
        of: vec![none; points.nrows()],
        outside: vec![true; points.nrows()],
    };
    let each = found.of.iter().zip(&found.outside);
    for (&unit, (of, is_outside)) in inner.iter().zip(each) {
        (out.of[unit], out.outside[unit]) = (*of, *is_outside);
    }
    out
}

/// The mean direction of each theme's answers, in the order of themes.
fn directions(points: &Array2<f32>, tops: &[Vec<ThemeId>]) -> Vec<(ThemeId, Array1<f32>)> {
    let mut sums: std::collections::BTreeMap<ThemeId, Array1<f32>> = Default::default();
    for (point, own) in points.rows().into_iter().zip(tops) {
        for theme in own {
            let sum = sums.entry(*theme);
            *sum.or_insert_with(|| Array1::zeros(points.ncols())) += &point;
        }
    }
    sums.into_iter()
        .map(|(theme, sum)| {
            let length = sum.dot(&sum).sqrt().max(1e-9);
            (theme, sum / length)
        })
        .collect()
}
