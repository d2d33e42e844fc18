//! In a conversation, an elliptic reply ('same here', ঐটাই) can take over what it answers.

use std::sync::LazyLock;

use super::{Classifier, CueSet, Scratch, evidence};
use crate::record::{Coded, Coding, Origin, Response};

/// A reply of more words speaks for itself.
const MAX_WORDS: usize = 10;

static AGREEMENT: LazyLock<CueSet> = LazyLock::new(|| evidence::all(|cue| cue.agreement));

impl Classifier {
    /// Lets replies that say no more than 'the same' take over the themes of the turn that they answer, marked
    /// [`Origin::Carried`]. `turns` are in the order of the conversation, `coded` is what [`Classifier::classify`] gave for them.
    ///
    /// A turn is answered within the same file and only by another speaker; a moderator's turn between breaks the thread.
    pub fn carry(&self, turns: &[Response], coded: &mut [Coded], scratch: &mut Scratch) {
        for i in 1..turns.len().min(coded.len()) {
            let (turn, before) = (&turns[i], &turns[i - 1]);
            let answers = turn.source.file == before.source.file
                && speaker(turn).is_some()
                && speaker(turn) != speaker(before);
            if !answers || turn.moderator || before.moderator || coded[i - 1].codings.is_empty() {
                continue;
            }
            if !coded[i].codings.is_empty() || !self.agrees(&turn.text, scratch) {
                continue;
            }
            let carried = coded[i - 1].codings.iter().map(|c| Coding {
                origin: Origin::Carried,
                evidence: Vec::new(),
                weighed: Vec::new(),
                ..c.clone()
            });
            coded[i].codings = carried.collect();
        }
    }

    fn agrees(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.adopt(scratch);
        self.scan_as_given(text, scratch);
        scratch.text.len() <= MAX_WORDS && evidence::any(&scratch.cues, &AGREEMENT)
    }
}

fn speaker(turn: &Response) -> Option<&str> {
    turn.attributes
        .iter()
        .find(|(name, _)| name == "speaker")
        .and_then(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(speaker: &str, text: &str) -> Response {
        let mut turn = Response::new("", text);
        turn.attributes.push(("speaker".into(), speaker.into()));
        turn
    }

    #[test]
    fn a_reply_that_only_agrees_takes_over_what_it_answers() {
        let classifier = Classifier::builder().rules_only().build().unwrap();
        let mut scratch = Scratch::default();
        let turns = [
            turn("রহিম", "ইন্টারনেট খুব ধীর"),
            turn("করিম", "হ্যাঁ, ঐটাই।"),
            turn("Rina", "Same here."),
            turn("Rina", "Same here."),
            turn("Asma", "I came by bus."),
        ];
        let mut coded: Vec<Coded> = turns
            .iter()
            .map(|t| classifier.classify(t, &mut scratch))
            .collect();
        classifier.carry(&turns, &mut coded, &mut scratch);
        let carried: Vec<bool> = coded
            .iter()
            .map(|c| c.codings.iter().any(|c| c.origin == Origin::Carried))
            .collect();
        // Nobody answers himself, and who says something else agrees to nothing.
        assert_eq!(carried, [false, true, true, false, false]);
        assert_eq!(coded[2].codings[0].theme, coded[0].codings[0].theme);
    }
}
