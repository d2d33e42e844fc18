//! General words and cues, from `data/cues.toml`: sets on which every taxonomy builds, and the patterns that tell
//! polarity, role and ellipsis.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::parse::{RawSets, Sets};
use super::pattern::Pattern;

/// What a cue tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    Absent,
    /// Blocks an [`Cue::Absent`] that it touches: 'not enough'.
    NotAbsent,
    Resolved,
    Suggestion,
    Initiative,
    Elliptic,
}

/// The cues of all languages.
#[derive(Debug)]
pub(crate) struct Cues {
    pub(crate) transparent: Vec<String>,
    pub(crate) contrast: Vec<String>,
    pub(crate) sets: Sets,
    pub(crate) patterns: Vec<(Cue, Pattern)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    transparent: Vec<String>,
    contrast: Vec<String>,
    sets: RawSets,
    polarity: BTreeMap<String, Vec<toml::Spanned<String>>>,
    role: BTreeMap<String, Vec<toml::Spanned<String>>>,
    context: BTreeMap<String, Vec<toml::Spanned<String>>>,
}

/// The cues, parsed on first use.
pub(crate) fn cues() -> &'static Cues {
    static CUES: LazyLock<Cues> = LazyLock::new(load);
    &CUES
}

fn load() -> Cues {
    let source = include_str!("../../data/cues.toml");
    let file: File = toml::from_str(source).unwrap_or_else(|e| panic!("data/cues.toml: {e}"));
    let mut patterns = Vec::new();
    let sets = super::parse::general_sets(source, file.sets);
    for (name, sources) in file
        .polarity
        .into_iter()
        .chain(file.role)
        .chain(file.context)
    {
        let cue = match name.as_str() {
            "absent" => Cue::Absent,
            "not_absent" => Cue::NotAbsent,
            "resolved" => Cue::Resolved,
            "suggestion" => Cue::Suggestion,
            "initiative" => Cue::Initiative,
            "elliptic" => Cue::Elliptic,
            other => panic!("data/cues.toml: no such cue: {other}"),
        };
        for text in sources {
            let pattern = super::parse::cue_pattern(source, &text, &sets);
            patterns.push((cue, pattern));
        }
    }
    Cues {
        transparent: file.transparent,
        contrast: file.contrast,
        sets,
        patterns,
    }
}
