//! The role of an answer that comes without one, inferred from mood and tense.

use super::{Marked, evidence};
use crate::record::{Coding, Polarity, Role};

/// What should be done is a suggestion, what is or was done an initiative, all else names a challenge.
pub(super) fn infer(cues: &[Marked], text: &str) -> Role {
    // Those that most texts begin with are told without a look into the tables of Unicode.
    let is_common = |c: char| matches!(c, 'A'..='Z' | 'a'..='z' | 'অ'..='ঋ' | 'ও'..='ন' | 'প'..='র' | 'শ'..='হ');
    let is_sound = |c: char| is_common(c) || c.is_alphanumeric();
    if !text.chars().any(is_sound) {
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

/// What the polarity of the codings tells of the role: who says that a problem is over tells what was done about it, and who
/// denies one answers the question for problems. So it is in three of four and in 99 of 100 of the training answers.
pub(super) fn of_polarity(codings: &[Coding]) -> Option<Role> {
    let has = |polarity| codings.iter().any(|c| c.polarity == polarity);
    if has(Polarity::Resolved) {
        Some(Role::Initiative)
    } else if has(Polarity::Absent) {
        Some(Role::Challenge)
    } else {
        None
    }
}
