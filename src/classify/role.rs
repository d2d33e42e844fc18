//! The role of an answer that comes without one, inferred from mood and tense.

use super::{Marked, evidence};
use crate::record::Role;

/// What should be done is a suggestion, what is or was done an initiative, all else names a challenge.
pub(super) fn infer(cues: &[Marked], text: &str) -> Role {
    if !text.chars().any(char::is_alphanumeric) {
        return Role::Other;
    }
    let sum = evidence::sum(cues.iter());
    if sum.suggestion > sum.challenge.max(sum.initiative) {
        Role::Suggestion
    } else if sum.initiative > sum.challenge {
        Role::Initiative
    } else {
        Role::Challenge
    }
}
