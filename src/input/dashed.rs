//! Turns with a dash between name and words in a transcript that otherwise has colons: `রহিমা (৫৫) - আমি যাই`, `করিম — আমিও`.
//!
//! Speech has dashes too, so two turns at least must be written so, and one of them by somebody who is known, comes again, or has
//! an age in brackets.

use std::collections::{BTreeMap, BTreeSet};

use super::cast::Speakers;
use super::cues::{cues, fold_name};
use super::marker::marker;
use super::speaker::{Kind, Labelled, is_written_as_name, kind, labelled};

/// Who speaks in turns with a dash and in no others, folded.
pub(super) struct Dashed(BTreeSet<String>);

impl Dashed {
    pub(super) fn learn(speakers: &Speakers, lines: &[&str]) -> Self {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let (mut turns, mut is_sure) = (0, false);
        for (i, line) in lines.iter().enumerate().skip(speakers.header) {
            let Some(label) = dashed(line) else { continue };
            if speakers.begins(i, line).is_some() {
                (turns, is_sure) = (turns + 1, true);
                continue;
            }
            if !is_name(label.name) {
                continue;
            }
            let count = names.entry(fold_name(label.name)).or_default();
            (turns, *count) = (turns + 1, *count + 1);
            let has_age = label.details.is_some_and(|d| d.contains(char::is_numeric));
            is_sure |= *count > 1 || has_age;
        }
        match turns >= 2 && is_sure {
            true => Self(names.into_keys().collect()),
            false => Self(BTreeSet::new()),
        }
    }

    /// The label of a line that begins such a turn.
    pub(super) fn begins<'a>(&self, line: &'a str) -> Option<Labelled<'a>> {
        dashed(line).filter(|label| self.0.contains(&fold_name(label.name)))
    }
}

/// A label, a dash and words.
fn dashed(line: &str) -> Option<Labelled<'_>> {
    let is_plain = marker(line).0.is_none() && !line.trim_start().starts_with(['[', '{']);
    labelled(line).filter(|label| is_plain && label.weak && !label.words.is_empty())
}

/// Whether somebody may be called so: two words at most, none of them one by which speech is told.
fn is_name(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let tells = |word: &str| cues().speech.contains(&fold_name(word)) || word.starts_with("বল");
    kind(name) == Kind::Unknown
        && is_written_as_name(name)
        && words.clone().count() <= 2
        && !words.any(tells)
}
