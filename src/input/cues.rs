//! The words of `data/input/cues.toml` by which headings, slots, speakers and header lines are known.

use std::sync::LazyLock;

use crate::record::Role;
pub(super) use crate::text::normalize::name as fold_name;
use aho_corasick::AhoCorasick;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cues {
    pub(super) text_columns: Vec<String>,
    pub(super) moderators: Vec<String>,
    pub(super) participants: Vec<String>,
    pub(super) headers: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) rosters: Vec<String>,
    pub(super) closings: Vec<String>,
    pub(super) speech: Vec<String>,
    pub(super) slash: Slash,
    pub(super) chat: Chat,
    slots: ByRole,
    headings: ByRole,
}

/// Words beside a slash.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slash {
    pub(super) opens: Vec<String>,
    pub(super) closes: Vec<String>,
    pub(super) closing_endings: Vec<String>,
    pub(super) never_last: Vec<String>,
    pub(super) pairs: Vec<String>,
    pub(super) finite: Vec<String>,
}

/// What the program says in an exported chat.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chat {
    pub(super) notices: Vec<String>,
    pub(super) left_out: Vec<String>,
    pub(super) events: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByRole {
    challenge: Vec<String>,
    initiative: Vec<String>,
    suggestion: Vec<String>,
    #[serde(default)]
    other: Vec<String>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let mut cues: Cues = toml::from_str(include_str!("../../data/input/cues.toml"))
        .expect("data/input/cues.toml is checked by a test");
    let lists = [
        &mut cues.text_columns,
        &mut cues.moderators,
        &mut cues.participants,
        &mut cues.headers,
        &mut cues.notes,
        &mut cues.rosters,
        &mut cues.closings,
        &mut cues.speech,
        &mut cues.slash.opens,
        &mut cues.slash.closes,
        &mut cues.slash.closing_endings,
        &mut cues.slash.never_last,
        &mut cues.slash.pairs,
        &mut cues.slash.finite,
        &mut cues.chat.notices,
        &mut cues.chat.left_out,
        &mut cues.chat.events,
    ];
    for list in lists {
        fold_all(list);
    }
    for by_role in [&mut cues.slots, &mut cues.headings] {
        for list in [
            &mut by_role.challenge,
            &mut by_role.initiative,
            &mut by_role.suggestion,
            &mut by_role.other,
        ] {
            fold_all(list);
        }
    }
    cues
});

fn fold_all(list: &mut [String]) {
    for word in list {
        *word = fold_name(word);
    }
}

pub(super) fn cues() -> &'static Cues {
    &CUES
}

/// The role that a slot of this folded name gives: `Some(None)` for a slot without one ('Answer 1:').
pub(super) fn slot_role(name: &str) -> Option<Option<Role>> {
    let has = |list: &[String]| list.iter().any(|w| w == name);
    match &CUES.slots {
        s if has(&s.challenge) => Some(Some(Role::Challenge)),
        s if has(&s.initiative) => Some(Some(Role::Initiative)),
        s if has(&s.suggestion) => Some(Some(Role::Suggestion)),
        s if has(&s.other) => Some(None),
        _ => None,
    }
}

/// The role that a cell of a column `role` names: one of the four, a word by which slots are known, or the plural of either.
pub(super) fn role_named(cell: &str) -> Option<Role> {
    let name = fold_name(cell);
    let known = |name: &str| Role::parse(name).or_else(|| slot_role(name).flatten());
    known(&name).or_else(|| {
        ["s", "সমূহ", "গুলো", "গুলি"]
            .iter()
            .find_map(|plural| known(name.strip_suffix(plural)?))
            .or_else(|| known(&format!("{}y", name.strip_suffix("ies")?)))
    })
}

/// The phrases of headings in one automaton, since every line of a document may be one; and the role of each phrase. What asks
/// for more weighs more: a question for suggestions often names challenges too.
static HEADINGS: LazyLock<(AhoCorasick, Vec<Role>)> = LazyLock::new(|| {
    let headings = &CUES.headings;
    let lists = [
        (&headings.suggestion, Role::Suggestion),
        (&headings.initiative, Role::Initiative),
        (&headings.challenge, Role::Challenge),
    ];
    let phrases = lists.iter().flat_map(|(phrases, _)| phrases.iter());
    let roles = lists
        .iter()
        .flat_map(|(phrases, role)| phrases.iter().map(|_| *role));
    (
        AhoCorasick::new(phrases)
            .expect("data/input/cues.toml is far from the limits of an automaton"),
        roles.collect(),
    )
});

/// The role of the answers under this heading or question, where it tells.
pub(super) fn heading_role(heading: &str) -> Option<Role> {
    let (phrases, roles) = &*HEADINGS;
    let folded = fold_name(heading);
    let met = phrases.find_overlapping_iter(&folded);
    let first = met.map(|found| found.pattern().as_usize()).min()?;
    Some(roles[first])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_tells_the_role_even_where_it_names_another_one() {
        assert_eq!(
            heading_role("What challenges do you face?"),
            Some(Role::Challenge)
        );
        assert_eq!(
            heading_role("What are you doing about these challenges?"),
            Some(Role::Initiative)
        );
        assert_eq!(
            heading_role("What else could be done about the challenges?"),
            Some(Role::Suggestion)
        );
        assert_eq!(
            heading_role("৩. সমস্যা সমাধানে কী করা যায়?"),
            Some(Role::Suggestion)
        );
        assert_eq!(
            heading_role("আপনারা কী উদ্যোগ নিয়েছেন?"),
            Some(Role::Initiative)
        );
        assert_eq!(heading_role("Introduction"), None);
    }

    #[test]
    fn a_role_is_known_by_its_usual_names_in_one_and_in_many() {
        for (cells, role) in [
            (
                &[
                    "Problem",
                    "DIFFICULTIES",
                    "barriers",
                    "চ্যালেঞ্জ",
                    "সমস্যা",
                    "সমস্যাসমূহ",
                    "প্রতিবন্ধকতাগুলো",
                ][..],
                Role::Challenge,
            ),
            (
                &["Initiatives", "steps", " উদ্যোগ ", "পদক্ষেপসমূহ"],
                Role::Initiative,
            ),
            (
                &[
                    "Suggestions",
                    "recommendation",
                    "Proposals",
                    "পরামর্শ",
                    "সুপারিশ",
                    "সুপারিশগুলি",
                ],
                Role::Suggestion,
            ),
            (&["OTHER", "others"], Role::Other),
        ] {
            for cell in cells {
                assert_eq!(role_named(cell), Some(role), "{cell}");
            }
        }
        for cell in ["UNO", "complaint", "s", "answer", ""] {
            assert_eq!(role_named(cell), None, "{cell}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_name_the_same_slot() {
        assert_eq!(
            slot_role(&fold_name("Challenge")),
            Some(Some(Role::Challenge))
        );
        assert_eq!(
            slot_role(&fold_name(" উদ্যোগ")),
            Some(Some(Role::Initiative))
        );
        assert_eq!(fold_name("সময়"), fold_name("সম\u{09df}"));
    }
}
