//! Clusters as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::report_json::four;
use crate::cluster::{Cluster, Clusters, Quote};
use crate::taxonomy::Taxonomy;

/// Writes clusters and assignments; `taxonomy` is the one by which the answers were coded, where they were.
///
/// # Errors
/// Those of the writer.
pub fn clusters_json(
    out: &mut impl Write,
    found: &Clusters,
    taxonomy: Option<&Taxonomy>,
) -> io::Result<()> {
    let page = Page {
        distinct: found.distinct,
        too_few: found.too_few,
        silhouette: found.silhouette.map(four),
        stability: found.stability().map(four),
        clusters: found
            .clusters
            .iter()
            .enumerate()
            .map(|(id, cluster)| cluster_json(id, cluster, taxonomy))
            .collect(),
        assignments: found
            .assignments
            .iter()
            .map(|(id, cluster)| AssignmentJson {
                id,
                cluster: *cluster,
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &page)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Page<'a> {
    clusters: Vec<ClusterJson<'a>>,
    distinct: usize,
    too_few: bool,
    silhouette: Option<f64>,
    stability: Option<f64>,
    assignments: Vec<AssignmentJson<'a>>,
}

#[derive(Serialize)]
struct ClusterJson<'a> {
    id: usize,
    size: usize,
    distinct: usize,
    label: &'a [String],
    top_theme: Option<&'a str>,
    top_theme_share: Option<f64>,
    share_uncoded: Option<f64>,
    cohesion: f64,
    stability: f64,
    stable: bool,
    quotes: Vec<QuoteJson<'a>>,
    borderline: Vec<QuoteJson<'a>>,
}

#[derive(Serialize)]
struct QuoteJson<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct AssignmentJson<'a> {
    id: &'a str,
    cluster: Option<usize>,
}

fn cluster_json<'a>(
    id: usize,
    cluster: &'a Cluster,
    taxonomy: Option<&'a Taxonomy>,
) -> ClusterJson<'a> {
    let (top_theme, n_top) = match cluster.top_theme.zip(taxonomy) {
        Some(((theme, n), taxonomy)) => (Some(taxonomy.theme(theme).code.as_str()), n),
        None => (None, 0),
    };
    ClusterJson {
        id,
        size: cluster.size,
        distinct: cluster.distinct,
        label: &cluster.label,
        top_theme,
        top_theme_share: taxonomy.map(|_| four(n_top as f64 / cluster.size.max(1) as f64)),
        share_uncoded: taxonomy.map(|_| four(cluster.share_uncoded)),
        cohesion: four(cluster.cohesion),
        stability: four(cluster.stability),
        stable: cluster.stable,
        quotes: quotes(&cluster.quotes),
        borderline: quotes(&cluster.borderline),
    }
}

fn quotes(quotes: &[Quote]) -> Vec<QuoteJson<'_>> {
    quotes
        .iter()
        .map(|q| QuoteJson {
            id: &q.id,
            text: &q.text,
        })
        .collect()
}
