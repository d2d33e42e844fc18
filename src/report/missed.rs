//! What the taxonomy missed: clusters of the answers without a theme, and how all answers lie beside each other.

/// Clusters of answers without a theme, and a map of answers. The room `cluster` finds them.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// Answers without a theme that were looked at; some have no words and cannot be.
    pub answers: u64,
    /// Whether they are a sample, drawn by chance, of all without a theme.
    pub sampled: bool,
    /// How many different ones: those that read the same count once.
    pub distinct: u64,
    /// Whether these are fewer than [`Missed::FEWEST`], so that no clusters were looked for.
    pub too_few: bool,
    /// Largest first.
    pub clusters: Vec<MissedCluster>,
    /// Answers with and without a theme, a sample of them where they are many, those that read the same once.
    pub map: Vec<Dot>,
}

impl Missed {
    /// Of fewer different answers none are grouped.
    pub const FEWEST: usize = 40;
}

/// Answers without a theme that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct MissedCluster {
    /// How many answers.
    pub size: u64,
    /// How many different ones.
    pub distinct: u64,
    /// Words that set it apart, best first, from each language that occurs.
    pub label: Vec<String>,
    /// Code of the top-level theme whose answers lie nearest; `None` where no answer has a theme.
    pub near: Option<String>,
    /// Mean cosine of its answers to its centre.
    pub cohesion: f64,
    /// How much of it comes back when the answers are drawn anew, from 0 to 1 (Hennig 2007).
    pub stability: f64,
    /// Whether that is enough to take it for a pattern in the answers.
    pub stable: bool,
    /// The answers nearest to its centre.
    pub quotes: Vec<Said>,
}

/// An answer that speaks for a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The response's id.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// An answer on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// From 0 at the left to 1 at the right.
    pub x: f32,
    /// From 0 at the top to 1 at the bottom.
    pub y: f32,
    /// The first response that reads so, and its text.
    pub said: Said,
    /// How many answers on the map read so.
    pub count: u64,
    /// Codes of its top-level themes.
    pub themes: Vec<String>,
    /// Its place among the clusters.
    pub cluster: Option<usize>,
}
