//! Present, denied or over: what the cues around a term tell.

use super::{Marked, Match, evidence};
use crate::record::Polarity;

/// The polarities of the terms of one text.
pub(super) struct Polarities<'a> {
    cues: &'a [Marked],
    /// Where the last term stood that was asked for, and its polarity: most terms stand together.
    last: Option<((u32, u16), Polarity)>,
}

impl<'a> Polarities<'a> {
    /// Those in the midst of `cues`.
    pub(super) fn new(cues: &'a [Marked]) -> Self {
        Self { cues, last: None }
    }

    /// The polarity of one term.
    ///
    /// Only its own sentence and those beside it speak of it: what was overcome is often told over several ('We had one
    /// clerk. Now there are four.'). A denial does not reach over a contrast ('the budget is enough, but ...'), while a
    /// change often goes through one ('earlier it crashed, but now ...').
    pub(super) fn of(&mut self, term: &Match) -> Polarity {
        let place = (term.sentence, term.turn);
        match self.last {
            Some((last, polarity)) if last == place => polarity,
            _ => {
                let polarity = self.at(place);
                self.last = Some((place, polarity));
                polarity
            }
        }
    }

    fn at(&self, (sentence, turn): (u32, u16)) -> Polarity {
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
