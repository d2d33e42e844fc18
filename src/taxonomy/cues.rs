//! General words and cues, from `data/cues.toml`: sets on which every taxonomy builds, and the patterns that tell
//! polarity, role and ellipsis.

use std::sync::LazyLock;

use serde::Deserialize;

use super::parse::{self, RawSets, Sets, Texts};
use super::pattern::Pattern;

/// What a cue says for each reading, in tenths of a natural logarithm of the odds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Weights {
    pub(crate) absent: i16,
    pub(crate) resolved: i16,
    pub(crate) challenge: i16,
    pub(crate) initiative: i16,
    pub(crate) suggestion: i16,
}

/// Ways to say the same, with one weight.
#[derive(Debug)]
pub(crate) struct Cue {
    pub(crate) weights: Weights,
    /// It judges or asks for something that only the context names.
    pub(crate) elliptic: bool,
    /// It says no more than that the same holds here.
    pub(crate) agreement: bool,
    pub(crate) patterns: Vec<Pattern>,
    /// Where these touch one of the patterns, it tells nothing.
    pub(crate) not: Vec<Pattern>,
    /// Where these stand in the sentence, it tells nothing.
    pub(crate) unless: Vec<Pattern>,
}

/// The cues of all languages.
#[derive(Debug)]
pub(crate) struct Cues {
    pub(crate) transparent: Vec<String>,
    pub(crate) contrast: Vec<String>,
    pub(crate) sets: Sets,
    /// What an answer without any cue is likely to be.
    pub(crate) prior: Weights,
    /// At most [`MAX_CUES`].
    pub(crate) cues: Vec<Cue>,
}

/// So that one byte names a cue.
const MAX_CUES: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    transparent: Vec<String>,
    contrast: Vec<String>,
    sets: RawSets,
    cue_sets: RawSets,
    prior: Weights,
    cue: Vec<RawCue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCue {
    /// For the reader of the file.
    #[serde(rename = "name")]
    _name: String,
    #[serde(default)]
    weights: Weights,
    #[serde(default)]
    elliptic: bool,
    #[serde(default)]
    agreement: bool,
    patterns: Texts,
    #[serde(default)]
    not: Option<Texts>,
    #[serde(default)]
    unless: Option<Texts>,
}

/// The cues, parsed on first use.
pub(crate) fn cues() -> &'static Cues {
    static CUES: LazyLock<Cues> = LazyLock::new(load);
    &CUES
}

fn load() -> Cues {
    let source = include_str!("../../data/cues.toml");
    let file: File = toml::from_str(source).unwrap_or_else(|e| panic!("data/cues.toml: {e}"));
    assert!(file.cue.len() <= MAX_CUES, "data/cues.toml: too many cues");
    let sets = parse::general_sets(source, file.sets, &Sets::new());
    let cue_sets = parse::general_sets(source, file.cue_sets, &sets);
    let read = |texts| parse::cue_patterns(source, texts, &cue_sets);
    let cues = file.cue.into_iter().map(|raw| Cue {
        weights: raw.weights,
        elliptic: raw.elliptic,
        agreement: raw.agreement,
        patterns: read(raw.patterns),
        not: raw.not.map(read).unwrap_or_default(),
        unless: raw.unless.map(read).unwrap_or_default(),
    });
    let cues = cues.collect();
    Cues {
        transparent: file.transparent,
        contrast: file.contrast,
        sets,
        prior: file.prior,
        cues,
    }
}
