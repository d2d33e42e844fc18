//! The role of an answer that comes without one, inferred from mood and tense.

use super::Marked;
use crate::record::Role;
use crate::taxonomy::Cue;

/// What should be done is a suggestion, what is or was done an initiative, all else names a challenge.
pub(super) fn infer(cues: &[Marked], text: &str) -> Role {
    let has = |cue: Cue| cues.iter().any(|c| c.cue == cue);
    if !text.chars().any(char::is_alphanumeric) {
        return Role::Other;
    }
    if has(Cue::Suggestion) {
        Role::Suggestion
    } else if has(Cue::Initiative) || has(Cue::Resolved) {
        Role::Initiative
    } else {
        Role::Challenge
    }
}
