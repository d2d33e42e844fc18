//! From groups of vectors to clusters of answers: order, sizes, themes and quotes.

use ndarray::Array2;
use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use super::group::Groups;
use super::{Cluster, Clusters, Quote, label};

const QUOTES: usize = 5;
const BORDERLINE: usize = 3;

/// Puts together what is known of each cluster; `among` is how many different answers they were looked for in.
pub(super) fn clusters(
    corpus: &Corpus,
    points: &Array2<f32>,
    groups: &Groups,
    stability: &[f64],
    among: usize,
) -> Clusters {
    let too_few = among < Clusters::FEWEST;
    let k = groups.centers.nrows();
    // The members of each center, and the first member of each distinct answer.
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); k];
    let mut first = vec![usize::MAX; corpus.units.len()];
    for (i, member) in corpus.members.iter().enumerate() {
        if let Some(unit) = member.unit.map(|u| u as usize)
            && let Some(center) = groups.cluster(unit)
        {
            members[center].push(i);
            first[unit] = first[unit].min(i);
        }
    }
    let mut order: Vec<usize> = (0..k).filter(|&c| !members[c].is_empty()).collect();
    order.sort_by_key(|&c| (std::cmp::Reverse(members[c].len()), members[c][0]));
    let mut place = vec![0; k];
    order.iter().enumerate().for_each(|(to, &c)| place[c] = to);
    let of: Vec<Option<usize>> = (0..corpus.units.len())
        .map(|unit| groups.cluster(unit).map(|center| place[center]))
        .collect();
    let mut units: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for (unit, own) in of.iter().enumerate() {
        if let Some(c) = *own {
            units[c].push(unit);
        }
    }
    // What is outside counts as one more group, against which the clusters' words stand out.
    let rest = usize::from(of.contains(&None));
    let each: Vec<usize> = of.iter().map(|own| own.unwrap_or(order.len())).collect();
    let labels = label::labels(corpus, &each, order.len() + rest);
    let clusters: Vec<Cluster> = order
        .iter()
        .zip(labels)
        .zip(&units)
        .map(|((&center, label), units)| {
            let members = &members[center];
            let direction = groups.centers.row(center);
            let length = direction.dot(&direction).sqrt().max(1e-9);
            let cosine = |unit: usize| f64::from(points.row(unit).dot(&direction) / length);
            let sum: f64 = members
                .iter()
                .filter_map(|&m| corpus.members[m].unit)
                .map(|unit| cosine(unit as usize))
                .sum();
            let near = |unit: usize| groups.of[unit].distance;
            let margin = |unit: usize| groups.of[unit].next - groups.of[unit].distance;
            let uncoded = members
                .iter()
                .filter(|&&m| corpus.members[m].tops.is_empty())
                .count();
            Cluster {
                size: members.len(),
                distinct: units.len(),
                label,
                top_theme: top_theme(corpus, members),
                share_uncoded: uncoded as f64 / members.len() as f64,
                cohesion: (sum / members.len() as f64).clamp(-1.0, 1.0),
                stability: stability[center],
                stable: !too_few
                    && units.len() >= Cluster::FEWEST
                    && stability[center] >= Cluster::STABLE,
                quotes: quotes(corpus, &first, units, QUOTES, near),
                borderline: if order.len() > 1 {
                    quotes(corpus, &first, units, BORDERLINE, margin)
                } else {
                    Vec::new()
                },
            }
        })
        .collect();
    let assignments = corpus
        .members
        .iter()
        .map(|m| (m.id.clone(), m.unit.and_then(|unit| of[unit as usize])))
        .collect();
    let inside = || (0..of.len()).filter(|&unit| of[unit].is_some());
    let widths: f64 = inside().map(|unit| groups.of[unit].silhouette()).sum();
    Clusters {
        silhouette: (clusters.len() > 1).then(|| widths / inside().count() as f64),
        distinct: inside().count(),
        too_few,
        clusters,
        assignments,
    }
}

/// The theme that most members have; the first of equal ones.
fn top_theme(corpus: &Corpus, members: &[usize]) -> Option<(crate::record::ThemeId, usize)> {
    let mut counts = FxHashMap::default();
    for theme in members.iter().flat_map(|&m| &corpus.members[m].tops) {
        *counts.entry(*theme).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(theme, n)| (n, std::cmp::Reverse(theme)))
}

/// The answers for which `measure` is smallest, each by its first member.
fn quotes(
    corpus: &Corpus,
    first: &[usize],
    units: &[usize],
    limit: usize,
    measure: impl Fn(usize) -> f32,
) -> Vec<Quote> {
    let mut units: Vec<(f32, usize)> = units.iter().map(|&u| (measure(u), u)).collect();
    units.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    units
        .into_iter()
        .take(limit)
        .map(|(_, unit)| {
            let member = &corpus.members[first[unit]];
            Quote {
                id: member.id.clone(),
                text: member.text.to_string(),
            }
        })
        .collect()
}
