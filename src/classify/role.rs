//! The role of an answer that comes without one, inferred from mood and tense, and from what was asked.

use std::sync::LazyLock;

use super::{Marked, evidence};
use crate::record::{Coding, Polarity, Role};
use crate::text::non_answer::form;

/// What the role that a question asks for gains, in tenths of a natural logarithm of the odds.
pub(super) const ASKED: i16 = 30;

/// What should be done is a suggestion, what is or was done an initiative, all else names a challenge.
pub(super) fn infer(cues: &[Marked], text: &str, asked: Option<Role>) -> Role {
    // Those that most texts begin with are told without a look into the tables of Unicode.
    let is_common = |c: char| matches!(c, 'A'..='Z' | 'a'..='z' | 'অ'..='ঋ' | 'ও'..='ন' | 'প'..='র' | 'শ'..='হ');
    let is_sound = |c: char| is_common(c) || c.is_alphanumeric();
    if !text.chars().any(is_sound) {
        return Role::Other;
    }
    let mut sum = evidence::sum(cues.iter());
    match asked {
        Some(Role::Challenge) => sum.challenge += ASKED,
        Some(Role::Initiative) => sum.initiative += ASKED,
        Some(Role::Suggestion) => sum.suggestion += ASKED,
        Some(Role::Other) | None => {}
    }
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

/// The question that was read last, and what it asks for; many answers share one.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    text: String,
    asks: Option<Role>,
}

impl Question {
    /// The role that a question or heading asks for, if it asks for any: 'আপনার পরামর্শ কী?'
    pub(super) fn asks(&mut self, text: &str) -> Option<Role> {
        if self.text != text {
            self.text.clear();
            self.text.push_str(text);
            self.asks = asked(text);
        }
        self.asks
    }
}

/// What questions ask for, by how their words begin.
static ASKING: LazyLock<Vec<(String, Role)>> = LazyLock::new(|| {
    let lines = include_str!("../../data/lexicon/role-questions.txt").lines();
    let lists = lines.filter_map(|line| {
        let (role, list) = line.split_once(": ")?;
        let role = match role {
            "suggestion" => Role::Suggestion,
            "initiative" => Role::Initiative,
            "challenge" => Role::Challenge,
            _ => return None,
        };
        Some(list.split(", ").map(move |entry| (entry, role)))
    });
    let begins = |entry: &str| match entry.strip_prefix('=') {
        Some(word) => format!(" {} ", form(word)),
        None => format!(" {}", form(entry)),
    };
    lists
        .flatten()
        .map(|(entry, role)| (begins(entry), role))
        .collect()
});

/// The role that a question or heading asks for, if any.
pub(super) fn asked(question: &str) -> Option<Role> {
    let words = format!(" {} ", form(question));
    let mut met = ASKING.iter().filter(|(entry, _)| words.contains(entry));
    met.next().map(|(_, role)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_asks_for_what_its_words_say() {
        for (question, role) in [
            ("What challenges do you face?", Some(Role::Challenge)),
            (
                "Suggestions to overcome the problems",
                Some(Role::Suggestion),
            ),
            ("Steps taken", Some(Role::Initiative)),
            ("আপনার সমস্যা কী কী?", Some(Role::Challenge)),
            ("সমস্যা সমাধানে আপনার পরামর্শ কী?", Some(Role::Suggestion)),
            ("সমস্যা মোকাবেলায় কী উদ্যোগ নিয়েছেন?", Some(Role::Initiative)),
            ("Apnar poramorsho ki?", Some(Role::Suggestion)),
            ("Social media", None),
            ("Hardware", None),
            ("Website", None),
        ] {
            assert_eq!(asked(question), role, "{question}");
        }
    }
}
