//! Present, denied or over: what the cues around a term tell.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::themes::Outline;
use super::{CueSet, Marked, Scratch, evidence};
use crate::record::{Coding, Polarity, ThemeId};
use crate::span::Span;

/// Where something stands: in which sentence, and after how many contrasts of the text.
pub(super) type Place = (u32, u16);

/// The place of the word with which `span` begins.
pub(super) fn place(span: Span, scratch: &Scratch) -> Option<Place> {
    let word = scratch.text.partition_point(|w| w.span.start < span.start);
    let sentence = scratch
        .sentences
        .partition_point(|s| s.end as usize <= word);
    let turn = scratch.text.get(word)?.turn;
    Some((scratch.sentences.get(sentence)?.number, turn))
}

/// The polarities of the terms of one text.
pub(super) struct Polarities<'a> {
    cues: &'a [Marked],
    /// Where the last term stood that was asked for, and its polarity: most terms stand together.
    last: Option<(Place, Polarity)>,
}

impl<'a> Polarities<'a> {
    /// Those in the midst of `cues`.
    pub(super) fn new(cues: &'a [Marked]) -> Self {
        Self { cues, last: None }
    }

    /// The polarity of what stands in one place.
    ///
    /// Only its own sentence and those beside it speak of it: what was overcome is often told over several ('We had one
    /// clerk. Now there are four.'). A denial does not reach over a contrast ('the budget is enough, but ...'), while a
    /// change often goes through one ('earlier it crashed, but now ...').
    pub(super) fn of(&mut self, place: Place) -> Polarity {
        match self.last {
            Some((last, polarity)) if last == place => polarity,
            _ => {
                let polarity = self.at(place);
                self.last = Some((place, polarity));
                polarity
            }
        }
    }

    fn at(&self, (sentence, turn): Place) -> Polarity {
        // They stand in the order of their sentences; a long text has many.
        let from = self.cues.partition_point(|c| c.sentence + 1 < sentence);
        let there = self.cues[from..]
            .iter()
            .take_while(|c| c.sentence <= sentence + 1);
        let resolved = evidence::polarity(there.clone()).resolved;
        let absent = evidence::polarity(there.filter(|c| c.turn == turn)).absent;
        if resolved > absent.max(0) {
            Polarity::Resolved
        } else if absent > 0 {
            Polarity::Absent
        } else {
            Polarity::Present
        }
    }
}

static THERE: LazyLock<CueSet> = LazyLock::new(|| evidence::all(|cue| cue.there));
static WANTING: LazyLock<CueSet> = LazyLock::new(|| evidence::all(|cue| cue.wanting));

/// Words of a sentence at most that says no more than that something is there: 'Staff ache.'
const BARE: usize = 4;

/// Of two themes that are set against each other, denies the one that is said to be there and upholds the other: 'we have money but
/// no staff', 'বাজেট আছে কিন্তু লোক নেই'. Whether it met any such.
///
/// They stand on both sides of a turn, or in two sentences, of which the one says no more than that something is there: 'Staff
/// ache. Taka nai.' What is wanting must be a theme of its own: a list that is there but full of mistakes is a problem with lists.
pub(super) fn set_against(outline: &Outline, codings: &mut [Coding], scratch: &Scratch) -> bool {
    let mut met = false;
    if codings.len() < 2 || !evidence::any(&scratch.cues, &THERE) {
        return met;
    }
    for pair in scratch.cues.windows(2) {
        let says = |at: usize, what: &CueSet| evidence::any(&pair[at..=at], what);
        let (there, wanting) = if says(0, &THERE) && says(1, &WANTING) {
            (&pair[0], &pair[1])
        } else if says(0, &WANTING) && says(1, &THERE) {
            (&pair[1], &pair[0])
        } else {
            continue;
        };
        let are_beside = if there.sentence == wanting.sentence {
            pair[0].turn.wrapping_add(1) == pair[1].turn
        } else {
            pair[0].sentence + 1 == pair[1].sentence && is_bare(there.sentence, scratch)
        };
        if !are_beside || evidence::polarity([wanting].into_iter()).absent > 0 {
            continue;
        }
        let stands = |coding: &Coding, at: &Marked| {
            let spans = coding.evidence.iter().map(|e| e.span);
            let mut all = spans.chain(coding.weighed.iter().copied());
            coding.polarity != Polarity::Resolved
                && !(coding.evidence.is_empty() && coding.weighed.is_empty())
                && all.all(|span| place(span, scratch) == Some((at.sentence, at.turn)))
        };
        let tops = |at: &Marked| -> SmallVec<[ThemeId; 4]> {
            let there = codings.iter().filter(|coding| stands(coding, at));
            there.map(|coding| outline.top(coding.theme)).collect()
        };
        let (had, wanted) = (tops(there), tops(wanting));
        if wanted.is_empty() || had.iter().all(|top| wanted.contains(top)) {
            continue;
        }
        met = true;
        for coding in codings.iter_mut() {
            if stands(coding, wanting) {
                coding.polarity = Polarity::Present;
            } else if stands(coding, there) && !wanted.contains(&outline.top(coding.theme)) {
                coding.polarity = Polarity::Absent;
            }
        }
    }
    met
}

/// Whether a sentence has few words.
fn is_bare(number: u32, scratch: &Scratch) -> bool {
    let at = scratch.sentences.partition_point(|s| s.number < number);
    let start = at.checked_sub(1).map_or(0, |at| scratch.sentences[at].end);
    let end = scratch.sentences.get(at).map_or(start, |s| s.end);
    (end - start) as usize <= BARE
}
