//! Groups answers by what they say, over languages, so that themes which no taxonomy names come to light.
//!
//! [`Answer::new`] takes what counts from a coded response, on any thread; a [`Corpus`] holds it; [`Corpus::cluster`] gives
//! [`Clusters`]: answers as vectors (`vectors`), k-means on them (`group`), a name for each cluster from its members' own words
//! (`label`), and how far it can be trusted (`stability`). The same answers and options give the same clusters.
//!
//! ```
//! use motamot::cluster::{Answer, Corpus, Options};
//! use motamot::{Classifier, Response, Scratch, Taxonomy};
//!
//! let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
//! let (mut corpus, mut scratch) = (Corpus::new(), Scratch::default());
//! for (id, text) in ["budget is low", "বাজেট কম", "slow internet", "ইন্টারনেট ধীর"].iter().enumerate() {
//!     let response = Response::new(id.to_string(), *text);
//!     let coded = classifier.classify(&response, &mut scratch);
//!     corpus.add(Answer::new(&classifier, &response, &coded, &mut scratch));
//! }
//! let found = corpus.cluster(&Options { k: Some(2), ..Options::default() });
//! assert_eq!(found.clusters.len(), 2);
//! # Ok::<(), motamot::Error>(())
//! ```

mod consensus;
mod corpus;
mod count;
mod density;
mod describe;
mod fold;
mod group;
mod label;
mod layout;
mod missed;
mod missing;
mod name;
mod pca;
mod sample;
mod stability;
mod suggest;
#[cfg(test)]
mod tests;
mod vectors;
mod words;

pub use corpus::{Answer, Corpus};
pub use sample::Sample;
pub use suggest::{Addition, Proposal, ProposedTerm, Suggestions};

use crate::record::ThemeId;
use crate::report::Missed;
use crate::taxonomy::Taxonomy;

/// How to cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How many clusters, at most; chosen by the data where it is not given.
    ///
    /// It is then the smallest number for which the mean simplified silhouette times the mean stability lies within one standard
    /// error of the best.
    pub k: Option<usize>,
    /// Other seeds start from other answers.
    pub seed: u64,
    /// What makes a cluster.
    pub method: Method,
}

/// What makes a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Every answer belongs to the nearest of `k` centres.
    #[default]
    KMeans,
    /// Answers that lie dense belong together (HDBSCAN*, Campello et al. 2013); those between stay outside. `k` is not asked for:
    /// the smallest cluster has half the square root of the answers, five at least.
    Density,
}

/// Clusters, largest first, and where each answer is.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// By size, then by first member.
    pub clusters: Vec<Cluster>,
    /// Every answer that was added, in that order: its id and its cluster's place in `clusters`. A moderator's turn, a text
    /// without words and an answer that was left out have none.
    pub assignments: Vec<(String, Option<usize>)>,
    /// How many different answers were clustered: those that say the same, or nearly, count once.
    pub distinct: usize,
    /// Whether the answers are fewer than [`Clusters::FEWEST`], so that no cluster is called stable.
    pub too_few: bool,
    /// Mean simplified silhouette, from minus one to one; `None` below two clusters.
    pub silhouette: Option<f64>,
}

impl Clusters {
    /// Of fewer different answers no cluster is called stable. Where the words of answers were shuffled, so that none belong
    /// together, of 20 answers one cluster in seven still came back often enough, of 30 one in ten, from 40 on one in 24.
    pub const FEWEST: usize = Missed::FEWEST;

    /// Mean over the answers of their clusters' stability: how much of its cluster an answer will meet again; `None` where there
    /// is no cluster.
    #[must_use]
    pub fn stability(&self) -> Option<f64> {
        let n: usize = self.clusters.iter().map(|c| c.size).sum();
        let sum: f64 = self
            .clusters
            .iter()
            .map(|c| c.stability * c.size as f64)
            .sum();
        (n > 0).then(|| sum / n as f64)
    }
}

/// Answers that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// How many answers.
    pub size: usize,
    /// How many different ones: those that say the same, or nearly, count once.
    pub distinct: usize,
    /// What sets it apart in its answers' own words, best first: a word or two that stand together, English and Bangla of one
    /// meaning side by side (`budget · বাজেট`).
    pub label: Vec<String>,
    /// The top-level theme that most of its answers have, and how many have it.
    pub top_theme: Option<(ThemeId, usize)>,
    /// Share of its answers that have no theme.
    pub share_uncoded: f64,
    /// Mean cosine of its answers to its centre.
    pub cohesion: f64,
    /// How much of it comes back when the answers are drawn anew: mean Jaccard index of the most alike cluster (Hennig 2007).
    pub stability: f64,
    /// Whether that is enough to take it for a pattern: [`Cluster::STABLE`] at least, with [`Cluster::FEWEST`] different answers or
    /// more, out of [`Clusters::FEWEST`] or more.
    pub stable: bool,
    /// The answers nearest to the centre.
    pub quotes: Vec<Quote>,
    /// The answers that could almost as well be in another cluster.
    pub borderline: Vec<Quote>,
}

impl Cluster {
    /// Below this stability a cluster is not to be trusted (Hennig 2007).
    pub const STABLE: f64 = 0.6;
    /// Nor is one of fewer different answers: of three, two come back by chance.
    pub const FEWEST: usize = 5;
}

/// An answer that speaks for a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The response's id.
    pub id: String,
    /// Its text.
    pub text: String,
}

impl Corpus {
    /// Groups the answers. Where there are fewer different answers than clusters are wanted, there are fewer clusters.
    #[must_use]
    pub fn cluster(&self, options: &Options) -> Clusters {
        match options.method {
            Method::KMeans => {
                let space = vectors::Space::new(self);
                let (groups, stability) = by_means(&space, options);
                describe::clusters(self, &space.low, &groups, &stability, self.units.len())
            }
            Method::Density => {
                let points = vectors::points(self);
                let (groups, stability) = density::fit(&points, &self.weights(), options.seed);
                describe::clusters(self, &points, &groups, &stability, self.units.len())
            }
        }
    }

    /// Proposes themes for the answers that `taxonomy` leaves uncoded, and missing terms for its themes; it must be the one by
    /// which the answers were coded. `options.k` is the largest number of themes.
    #[must_use]
    pub fn suggest(&self, taxonomy: &Taxonomy, options: &Options) -> Suggestions {
        suggest::suggest(self, taxonomy, options)
    }

    /// How many gave each distinct answer.
    fn weights(&self) -> Vec<u32> {
        let mut weights = vec![0; self.units.len()];
        let units = self.members.iter().filter_map(|m| m.unit);
        units.for_each(|unit| weights[unit as usize] += 1);
        weights
    }
}

fn by_means(space: &vectors::Space, options: &Options) -> (group::Groups, Vec<f64>) {
    let points = &space.low;
    let k = options
        .k
        .unwrap_or_else(|| count::choose(space, options.seed))
        .clamp(1, points.nrows().max(1));
    let groups = group::fit(points, k, options.seed);
    let stability = stability::jaccard(space, &groups, options.seed);
    (groups, stability)
}
