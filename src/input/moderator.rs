//! Tells who moderates: by label, by the header's words, else by what they do (open, ask, thank and close).

use std::collections::BTreeMap;

use super::cast::Names;
use super::cues::{cues, fold_name};
use super::speaker::{Kind, kind};
use super::transcript::Turn;

/// The moderators that labels and header tell.
#[derive(Debug, Default)]
pub(super) struct Moderators {
    /// Names that the header gives.
    named: Names,
    /// Whether 'M' stands for a man here, since 'F' speaks too.
    men_and_women: bool,
    found: bool,
}

impl Moderators {
    /// `labels` are the folded labels that begin turns.
    pub(super) fn new<'a>(labels: impl Iterator<Item = &'a str>, named: Names) -> Self {
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
        (kind(speaker) == Kind::Moderator && !man) || self.named.has(&folded)
    }
}

/// The speaker who asks, notes left out: at least half of their turns ask or thank, they ask more than all others together, and they open, close
/// with thanks, or ask three times.
pub(super) fn by_conduct(turns: &[Turn]) -> Option<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let said = || turns.iter().filter(|t| !t.is_note());
    for turn in said() {
        if let Some(speaker) = &turn.speaker {
            let (asked, spoken) = counts.entry(speaker).or_default();
            *asked += usize::from(turn.text.contains('?'));
            *spoken += 1;
        }
    }
    let total: usize = counts.values().map(|c| c.0).sum();
    let (&speaker, &(asked, spoken)) = counts.iter().find(|(_, c)| c.0 * 2 > total)?;
    let opens = said().next().and_then(|t| t.speaker.as_deref()) == Some(speaker);
    let last = said()
        .rev()
        .find(|t| t.speaker.as_deref() == Some(speaker))?;
    let thanks = spoken > 1
        && cues()
            .closings
            .iter()
            .any(|w| last.text.to_lowercase().contains(w.as_str()));
    let signs = asked + usize::from(thanks);
    (counts.len() >= 2 && signs >= 2 && signs * 2 >= spoken && (opens || thanks || asked >= 3))
        .then(|| speaker.to_owned())
}
