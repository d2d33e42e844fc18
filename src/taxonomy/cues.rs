//! General words and cues, from `data/cues.toml`: sets on which every taxonomy builds, and the patterns that tell
//! polarity, role and ellipsis.

use std::sync::LazyLock;

use serde::Deserialize;

use super::builtin;
use super::parse::{self, RawSets, Sets, Texts};
use super::pattern::Pattern;
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Reader};

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

/// What a cue tells where it is met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brief {
    pub(crate) weights: Weights,
    /// It judges or asks for something that only the context names.
    pub(crate) elliptic: bool,
    /// Whether it says nothing of substance, so that no context can add to it.
    pub(crate) empty: bool,
    /// It says no more than that the same holds here.
    pub(crate) agreement: bool,
    /// It says that something is there, to set what is wanting against it.
    pub(crate) there: bool,
    /// After a contrast it says that something is wanting.
    pub(crate) wanting: bool,
}

/// Ways to say the same, with one weight.
#[derive(Debug)]
pub(crate) struct Cue {
    pub(crate) brief: Brief,
    pub(crate) patterns: Vec<Pattern>,
    /// Where these touch one of the patterns, it tells nothing.
    pub(crate) not: Vec<Pattern>,
    /// Where these stand in the sentence, it tells nothing.
    pub(crate) unless: Vec<Pattern>,
}

/// Words that build a sentence more than they say something in it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Particles {
    /// Articles and detached suffixes.
    pub(crate) transparent: Vec<String>,
    /// Conjunctions that set a clause against the one before it.
    pub(crate) contrast: Vec<String>,
    /// The same, with which a sentence may begin: the clause that they set against the next one ends with a comma.
    pub(crate) leading: Vec<String>,
    /// Verbs with which a clause ends.
    pub(crate) closing: Vec<String>,
    /// Verbs that end a clause and set it against the next one.
    pub(crate) granting: Vec<String>,
    /// Words that say that something is there, and those that deny what follows a comma after them.
    pub(crate) having: Vec<String>,
    pub(crate) denying: Vec<String>,
}

/// The cues of all languages.
#[derive(Debug)]
pub(crate) struct Cues {
    pub(crate) particles: Particles,
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
    particles: Particles,
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
    empty: bool,
    #[serde(default)]
    agreement: bool,
    #[serde(default)]
    there: bool,
    #[serde(default)]
    wanting: bool,
    /// What denies one thing of a list says nothing of the next: 'no computer, staff shortage'.
    #[serde(default)]
    within_clause: bool,
    patterns: Texts,
    #[serde(default)]
    not: Option<Texts>,
    #[serde(default)]
    unless: Option<Texts>,
}

/// The cues, parsed on first use.
pub(crate) fn cues() -> &'static Cues {
    static PARSED: LazyLock<Cues> = LazyLock::new(load);
    &PARSED
}

/// What each cue tells, and the prior, which has no flags, as the last one. Nothing is parsed for it.
pub(crate) fn briefs() -> &'static [Brief] {
    static BRIEFS: LazyLock<Vec<Brief>> = LazyLock::new(|| {
        let mut compiled = Reader::new(include_bytes!("../../data/compiled/cues.bin"));
        read_briefs(&mut compiled).unwrap_or_else(parsed_briefs)
    });
    &BRIEFS
}

fn parsed_briefs() -> Vec<Brief> {
    let Cues { prior, cues, .. } = cues();
    let prior = Brief {
        weights: *prior,
        elliptic: false,
        empty: false,
        agreement: false,
        there: false,
        wanting: false,
    };
    cues.iter().map(|cue| cue.brief).chain([prior]).collect()
}

fn read_briefs(from: &mut Reader) -> Option<Vec<Brief>> {
    (from.items::<u32>()? == builtin::fingerprint()).then(|| from.items())?
}

/// Writes what [`briefs`] reads.
#[cfg(test)]
pub(crate) fn write_briefs(out: &mut Writer) {
    out.items(&builtin::fingerprint());
    out.items(&parsed_briefs());
}

pub(super) const CUES: &str = include_str!("../../data/cues.toml");

fn load() -> Cues {
    let source = CUES;
    let file: File = toml::from_str(source).unwrap_or_else(|e| panic!("data/cues.toml: {e}"));
    assert!(file.cue.len() <= MAX_CUES, "data/cues.toml: too many cues");
    let sets = parse::general_sets(source, file.sets, &Sets::new());
    let cue_sets = parse::general_sets(source, file.cue_sets, &sets);
    let read = |texts| parse::cue_patterns(source, texts, &cue_sets);
    let cues = file.cue.into_iter().map(|raw| Cue {
        brief: Brief {
            weights: raw.weights,
            elliptic: raw.elliptic,
            empty: raw.empty,
            agreement: raw.agreement,
            there: raw.there,
            wanting: raw.wanting,
        },
        patterns: match raw.within_clause {
            true => held_to_clause(read(raw.patterns)),
            false => read(raw.patterns),
        },
        not: raw.not.map(read).unwrap_or_default(),
        unless: raw.unless.map(read).unwrap_or_default(),
    });
    let cues = cues.collect();
    Cues {
        particles: file.particles,
        sets,
        prior: file.prior,
        cues,
    }
}

/// Holds each pattern of several words to one clause.
fn held_to_clause(mut patterns: Vec<Pattern>) -> Vec<Pattern> {
    let several = patterns.iter_mut().filter(|p| p.elements.len() > 1);
    several.for_each(|pattern| pattern.edges.within = true);
    patterns
}

impl Flat for Brief {
    const WIDTH: usize = 6;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        let w = &self.weights;
        let weights = [
            w.absent,
            w.resolved,
            w.challenge,
            w.initiative,
            w.suggestion,
        ];
        out.extend(weights.map(|weight| i32::from(weight) as u32));
        let flags = [
            self.there,
            self.wanting,
            self.empty,
            self.elliptic,
            self.agreement,
        ];
        out.push(flags.iter().fold(0, |all, is| all << 1 | u32::from(*is)));
    }
    fn get(numbers: &[u32]) -> Self {
        let weight = |at: usize| numbers[at] as i32 as i16;
        Self {
            weights: Weights {
                absent: weight(0),
                resolved: weight(1),
                challenge: weight(2),
                initiative: weight(3),
                suggestion: weight(4),
            },
            elliptic: numbers[5] & 2 != 0,
            empty: numbers[5] & 4 != 0,
            agreement: numbers[5] & 1 != 0,
            there: numbers[5] & 16 != 0,
            wanting: numbers[5] & 8 != 0,
        }
    }
}
