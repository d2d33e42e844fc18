//! Tells who moderates: by label, by the header's words, else by what they do (open, ask, thank and close).

use std::collections::BTreeMap;

use super::cues::{cues, fold_name};
use super::speaker::{Kind, kind};
use super::transcript::{Turn, is_called};

/// The moderators that labels and header tell.
#[derive(Debug, Default)]
pub(super) struct Moderators {
    /// Names that the header gives, folded.
    named: Vec<String>,
    /// Whether 'M' stands for a man here, since 'F' speaks too.
    men_and_women: bool,
    found: bool,
}

impl Moderators {
    /// `labels` are the folded labels that begin turns.
    pub(super) fn new<'a>(labels: impl Iterator<Item = &'a str>, named: Vec<String>) -> Self {
        let labels: Vec<&str> = labels.collect();
        let letter = |l: &&str, letter: &str| {
            l.trim_end_matches(|c: char| c.is_numeric() || c == '-' || c == ' ') == letter
        };
        let men_and_women =
            labels.iter().any(|l| letter(l, "m")) && labels.iter().any(|l| letter(l, "f"));
        let mut new = Self {
            named,
            men_and_women,
            found: false,
        };
        new.found = labels.iter().any(|l| new.has(l));
        new
    }

    /// Whether nobody is known to moderate.
    pub(super) fn is_empty(&self) -> bool {
        !self.found
    }

    /// Whether the speaker of this label moderates.
    pub(super) fn has(&self, speaker: &str) -> bool {
        let folded = fold_name(speaker);
        let man = self.men_and_women
            && folded.starts_with('m')
            && folded.chars().skip(1).all(|c| !c.is_alphabetic());
        (kind(speaker) == Kind::Moderator && !man) || is_called(&folded, &self.named)
    }
}

/// The speaker who opens and asks most, where one plainly does: at least half of their turns ask, and more than those of all others.
pub(super) fn by_conduct(turns: &[Turn]) -> Option<String> {
    let mut asked: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for turn in turns {
        if let Some(speaker) = &turn.speaker {
            let entry = asked.entry(speaker).or_default();
            entry.0 += usize::from(turn.text.contains('?'));
            entry.1 += 1;
        }
    }
    let opener = turns.first()?.speaker.as_deref()?;
    let &(questions, spoken) = asked.get(opener)?;
    let others: usize = asked
        .iter()
        .filter(|(s, _)| **s != opener)
        .map(|(_, c)| c.0)
        .sum();
    let last = turns
        .iter()
        .rev()
        .find(|t| t.speaker.as_deref() == Some(opener))?;
    let thanks = cues()
        .closings
        .iter()
        .any(|w| last.text.to_lowercase().contains(w.as_str()));
    // Thanks at the end count as one more question.
    let signs = questions + usize::from(thanks && spoken > 1);
    (asked.len() >= 2 && signs >= 2 && signs * 2 >= spoken && signs > others)
        .then(|| opener.to_owned())
}
