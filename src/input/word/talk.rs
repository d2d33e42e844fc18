//! Who speaks in a Word document, and which of its paragraphs are a talk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::markup::Paragraph;
use crate::input::chunk::TextLine;
use crate::input::cues::{fold_name, heading_role};
use crate::input::speaker::{Kind, MOST_WORDS, kind, labelled};
use crate::input::transcript;

/// The lines of a talk, in order: of all stretches between headings those in which somebody speaks.
pub(super) fn lines(
    file: &Arc<str>,
    turns: &[TextLine<'_>],
    headings: &[u64],
    names: &[String],
) -> Vec<u64> {
    let said = transcript::parse(file, turns, names);
    let speakers = said.responses.iter().filter_map(|r| {
        let mut named = r.attributes.iter().filter(|(name, _)| name == "speaker");
        named
            .next()
            .and_then(|(_, value)| value.as_str())
            .map(fold_name)
    });
    let speakers: BTreeSet<String> = speakers.collect();
    let speaks = |line: &TextLine<'_>| {
        labelled(line.1).is_some_and(|label| speakers.contains(&fold_name(label.name)))
    };
    let stretch = |line: &TextLine<'_>| headings.partition_point(|heading| *heading < line.0);
    let stretches = turns.chunk_by(|a, b| stretch(a) == stretch(b));
    let of_talk = stretches.filter(|stretch| stretch.iter().any(speaks));
    let mut lines: Vec<u64> = of_talk.flatten().map(|(line, _)| *line).collect();
    // In a chat or where names stand by themselves no line tells who speaks.
    if lines.is_empty() {
        lines.extend(turns.iter().map(|(line, _)| *line));
    }
    lines
}

/// Who speaks, by what stands in bold.
pub(super) struct Bold {
    /// All, where one of those before a colon comes again.
    pub(super) speakers: Vec<String>,
    /// Those in paragraphs of their own over what is said, where two of them come again.
    alone: Vec<String>,
}

impl Bold {
    pub(super) fn of<'a>(paragraphs: impl Iterator<Item = &'a Paragraph> + Clone) -> Self {
        fn counted<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
            let mut counts = BTreeMap::new();
            // 'Challenges:' and 'Name:' stand before what a form holds.
            let is_name = |name: &&str| {
                name.split_whitespace().count() <= MOST_WORDS
                    && !matches!(kind(name), Kind::Header | Kind::Slot)
                    && heading_role(name).is_none()
            };
            for name in names.filter(is_name) {
                *counts.entry(fold_name(name)).or_default() += 1;
            }
            counts
        }
        let labels = paragraphs.clone().filter_map(Paragraph::bold_label);
        let labels = counted(labels.map(|(label, _)| label));
        let body = paragraphs.filter(|p| !p.is_heading);
        let words = body.filter_map(Paragraph::bold_words);
        let alone = counted(words.filter(|w| !w.ends_with(['.', '?', '!', ':', '।'])));
        let comes_again = |counts: &BTreeMap<String, usize>, least| {
            counts.values().filter(|n| **n > 1).count() >= least
        };
        // One that is said again in bold is no conversation.
        let alone = Some(alone).filter(|alone| comes_again(alone, 2));
        let alone: Vec<String> = alone.into_iter().flat_map(BTreeMap::into_keys).collect();
        let labels = Some(labels).filter(|labels| comes_again(labels, 1));
        let labels = labels.into_iter().flat_map(BTreeMap::into_keys);
        Self {
            speakers: labels.chain(alone.iter().cloned()).collect(),
            alone,
        }
    }

    /// A paragraph as a line of a transcript.
    pub(super) fn turn(&self, paragraph: &Paragraph) -> String {
        match (paragraph.bold_words(), paragraph.bold_label()) {
            (Some(words), _) if self.alone.contains(&fold_name(words)) => format!("{words}:"),
            (_, Some((name, words))) if self.speakers.contains(&fold_name(name)) => {
                format!("{name}: {}", words.trim())
            }
            _ => paragraph.words().to_owned(),
        }
    }
}
