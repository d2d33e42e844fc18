//! Counts the clauses of a text, and its *turns*: how often what is said is set against what was said before.

use crate::matching::Connective;

/// Where the next word stands, and what came before it.
#[derive(Default)]
pub(super) struct Clauses {
    /// Number in its sentence.
    pub(super) clause: u16,
    /// Number in the text.
    pub(super) turn: u16,
    /// The clause ends with the last word: a comma is a turn.
    is_closed: bool,
    /// A turn came right before: no other follows on it.
    is_apart: bool,
    /// The sentence opened with 'although': its next comma is a turn.
    is_led: bool,
    /// Something was said to be there; and a comma came right after that clause, after which a denial is a turn.
    has_something: bool,
    is_after_comma: bool,
}

impl Clauses {
    /// A sentence ends.
    pub(super) fn end_sentence(&mut self) {
        *self = Self {
            turn: self.turn,
            ..Self::default()
        };
    }

    /// A clause ends with a mark.
    pub(super) fn end_clause(&mut self, mark: &str) {
        self.clause = self.clause.wrapping_add(1);
        self.is_after_comma = self.has_something;
        if self.is_closed || self.is_led || mark == ";" {
            self.set_apart();
        }
        (self.is_closed, self.is_led) = (false, false);
    }

    /// A word that does nothing between clauses.
    #[inline]
    pub(super) fn pass(&mut self) {
        (self.is_closed, self.is_apart, self.is_after_comma) = (false, false, false);
    }

    /// A connective is to be placed; `opens` if it is the first word of its sentence.
    pub(super) fn before(&mut self, connective: Connective, opens: bool) {
        match connective {
            Connective::Contrast | Connective::Leading => {
                self.clause = self.clause.wrapping_add(1);
                self.set_apart();
                self.is_led |= opens && connective == Connective::Leading;
            }
            Connective::Denying if self.is_after_comma => self.set_apart(),
            _ => {}
        }
    }

    /// It has been placed.
    pub(super) fn after(&mut self, connective: Connective) {
        self.pass();
        match connective {
            Connective::Closing => self.is_closed = true,
            Connective::Having => self.has_something = true,
            Connective::Granting => {
                self.clause = self.clause.wrapping_add(1);
                self.set_apart();
            }
            _ => {}
        }
    }

    fn set_apart(&mut self) {
        self.turn = self.turn.wrapping_add(u16::from(!self.is_apart));
        self.is_apart = true;
    }
}
