//! Paragraphs and lists: items under their headings become responses, an item that holds several merged answers becomes several.
//!
//! A heading or question is no answer. It gives the answers under it their role, where it tells one, and stays with them as the
//! attribute `question`; [`Batch::headings`] names each, so that no line is lost without a word. In a list, an unmarked line that bears no
//! sign of a heading is an answer of its own, or goes on with the item before it where that was broken: at 50 characters or more without a
//! sign at its end, at a word or sign that asks for more, or before a small letter where it began with a capital.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::chunk::TextLine;
use super::cues::{heading_role, role_named};
use super::draft::{ascii_digit, source};
use super::grid::Grid;
use super::heading::{Above, is_heading, is_question, is_roster};
use super::marker::{Marker, marker};
use super::speaker::labelled;
use super::{Batch, merged};
use crate::record::{Place, Response, Role};

/// Reads the lines of a document. `lists`: short unmarked lines before items may be headings, and items may hold merged answers.
pub(super) fn parse(file: &Arc<str>, lines: &[TextLine<'_>], lists: bool) -> Batch {
    let mut reader = Reader::new(file, lists);
    reader.is_interview = lists && is_interview(lines);
    reader.read(lines);
    reader.out
}

/// An answer that may go on in the next line.
struct Item {
    line: u64,
    text: String,
    kind: Option<Marker>,
    /// Length of its last line, in characters: a short line was not broken at a margin.
    last: usize,
}

/// A document as far as it was read.
pub(super) struct Reader<'a> {
    file: &'a Arc<str>,
    lists: bool,
    /// Whether each line is a whole one, as the paragraphs of a word processor are.
    pub(super) is_whole: bool,
    /// Whether numbered questions head the answers under them.
    pub(super) is_interview: bool,
    /// Whether the first of these was met.
    has_asked: bool,
    /// Whether the last line was set aside and may go on.
    is_aside: bool,
    pub(super) out: Batch,
    item: Option<Item>,
    /// What heads the lines that come.
    pub(super) above: Heading,
}

/// What a heading says of the lines under it.
#[derive(Clone, Default)]
pub(super) struct Heading {
    question: Option<String>,
    role: Option<Role>,
    /// Whether it announces a list of people.
    names: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Arc<str>, lists: bool) -> Self {
        Self {
            file,
            lists,
            is_whole: false,
            is_interview: false,
            has_asked: false,
            is_aside: false,
            out: Batch::default(),
            item: None,
            above: Heading::default(),
        }
    }

    /// Reads lines that stand one after the other.
    pub(super) fn read(&mut self, lines: &[TextLine<'_>]) {
        let mut grid = Grid::default();
        let mut after_blank = true;
        for (i, &(number, line)) in lines.iter().enumerate() {
            let trimmed = line.trim();
            // A tab after words parts cells; one before them is an indent, unless a table is open.
            if line.trim_start().contains('\t') || (line.starts_with('\t') && grid.is_open()) {
                self.finish();
                grid.row(number, line);
                continue;
            }
            if trimmed.is_empty() || is_rule(trimmed) {
                after_blank = true;
                continue;
            }
            self.cells(grid.close());
            self.line(number, trimmed, after_blank, &lines[i + 1..]);
            after_blank = false;
        }
        self.finish();
        self.cells(grid.close());
    }

    /// Takes a line for the heading of those that follow.
    pub(super) fn heading(&mut self, number: u64, line: &str) {
        self.finish();
        self.set_aside(number, line);
        self.above = Heading {
            role: heading_role(line),
            names: is_roster(marker(line).1),
            question: Some(line.to_owned()),
        };
    }

    fn line(&mut self, number: u64, line: &str, after_blank: bool, rest: &[TextLine<'_>]) {
        let (kind, words) = marker(line);
        if kind.is_none() && self.goes_on(line, after_blank) {
            if let Some(item) = &mut self.item {
                item.text.push(' ');
                item.text.push_str(line);
                item.last = line.chars().count();
            }
            return;
        }
        let above = match &self.item {
            None if self.above.question.is_none() && self.out.responses.is_empty() => {
                Above::Nothing
            }
            Some(item) if item.kind.is_none() => Above::Plain,
            _ => Above::Marked,
        };
        let same = self
            .item
            .as_ref()
            .and_then(|i| i.kind.clone())
            .filter(|_| !after_blank);
        let asks = self.is_interview && is_numbered_question(line);
        self.has_asked |= asks;
        if asks || is_heading(self.lists, kind.as_ref(), words, (above, after_blank), rest) {
            self.heading(number, line);
            return;
        }
        // Who was asked, when and where; a sentence is an answer, and so is an item.
        let is_known = self.is_interview && !self.has_asked && self.above.question.is_none();
        let goes_on = self.is_aside && !after_blank && !self.is_whole;
        self.is_aside =
            is_known && kind.is_none() && (goes_on || !line.ends_with(['.', '।', '!', '?']));
        if self.is_aside {
            self.set_aside(number, line);
            // A title may go on in the next line, what stands after a label does not.
            self.is_aside = labelled(line).is_none();
            return;
        }
        if let (Some(Marker::Slot { role, label }), "") = (&kind, words) {
            // An empty slot is the heading of the lines under it; one with a number is a line that nobody filled.
            self.finish();
            let filled_below = rest.first().is_some_and(|(_, l)| {
                !l.trim().is_empty() && !matches!(marker(l).0, Some(Marker::Slot { .. }))
            });
            if !label.ends_with(char::is_numeric) || filled_below {
                self.set_aside(number, line);
                self.above.role = *role;
                self.above.question = Some(line.to_owned());
            }
            return;
        }
        self.finish();
        // An unmarked line right under an item, not broken at a margin, is one more item of its kind.
        self.item = Some(Item {
            line: number,
            text: words.to_owned(),
            kind: kind.or(same),
            last: line.chars().count(),
        });
    }

    /// Whether an unmarked line goes on with the item before it: over a blank line only when that item is clearly unfinished.
    fn goes_on(&self, line: &str, after_blank: bool) -> bool {
        let Some(item) = self.item.as_ref().filter(|_| !self.is_whole) else {
            return false;
        };
        let starts = |text: &str, is: fn(char) -> bool| text.chars().next().is_some_and(is);
        // Who begins answers without a capital begins the next one so too.
        let lower = starts(line, char::is_lowercase)
            && (!self.lists || starts(&item.text, char::is_uppercase));
        let ended = item.text.ends_with(['.', '?', '!', '।']);
        let open = item.text.ends_with(['/', ',', '-', '(']) && !line.ends_with(':')
            || item
                .text
                .rsplit(' ')
                .next()
                .is_some_and(|w| DANGLING.contains(&w.to_lowercase().as_str()));
        match (&item.kind, after_blank) {
            (_, true) => !ended && (lower || open),
            (None, false) if !self.lists => true,
            (_, false) => lower || open || (item.last >= 50 && !ended),
        }
    }

    /// 'Initiative 1:' under 'What else could be done?' is what people suggest.
    fn slot_role(&self, slot: Option<Role>) -> Option<Role> {
        match (slot, self.above.role) {
            (Some(Role::Initiative), Some(Role::Suggestion)) => Some(Role::Suggestion),
            (None, asked) => asked,
            (slot, _) => slot,
        }
    }

    fn finish(&mut self) {
        let Some(item) = self.item.take() else { return };
        let (role, label, pieces) = match &item.kind {
            Some(Marker::Slot { label, role }) => (
                self.slot_role(*role),
                Some(label.clone()),
                merged::split(&item.text, true),
            ),
            // A question that asks for challenges or suggestions gets them merged, as a slot does.
            Some(_) => (
                self.above.role,
                None,
                merged::split(&item.text, self.above.role.is_some()),
            ),
            None if self.lists && self.above.role.is_some() => {
                (self.above.role, None, merged::split(&item.text, false))
            }
            None => (self.above.role, None, vec![item.text.as_str()]),
        };
        let texts: Vec<String> = pieces
            .into_iter()
            .map(fold)
            .filter(|t| t.chars().any(char::is_alphabetic))
            .collect();
        let mut attributes = Vec::new();
        attributes.extend(
            self.above
                .question
                .clone()
                .map(|q| ("question".to_owned(), Value::String(q))),
        );
        attributes.extend(label.map(|l| ("slot".to_owned(), Value::String(l))));
        let several = texts.len() > 1;
        if self.above.names && item.kind.is_some() {
            // Those who were present are no answers.
            self.set_aside(item.line, &item.text);
            return;
        }
        for (part, text) in texts.into_iter().enumerate() {
            self.push(
                item.line,
                several.then_some(part + 1),
                text,
                role,
                None,
                attributes.clone(),
            );
        }
    }

    /// Tells of a line that it is nobody's answer.
    pub(super) fn set_aside(&mut self, number: u64, line: &str) {
        let source = source(self.file, Place::Line(number));
        self.out.headings.push((source, line.to_owned()));
    }

    /// Adds the answers of a table.
    pub(super) fn cells(&mut self, cells: Vec<super::grid::Cell>) {
        // Several cells stand in one line: a part number tells them apart.
        let mut parts: BTreeMap<u64, usize> = BTreeMap::new();
        for cell in cells {
            let part = parts.entry(cell.line).or_default();
            *part += 1;
            let question = self
                .above
                .question
                .clone()
                .map(|q| ("question".to_owned(), q));
            let attributes = question.into_iter().chain(cell.beside);
            let attributes = attributes.map(|(name, value)| (name, Value::String(value)));
            self.push(
                cell.line,
                Some(*part),
                fold(&cell.text),
                cell.role,
                cell.label,
                attributes.collect(),
            );
        }
    }

    fn push(
        &mut self,
        line: u64,
        part: Option<usize>,
        text: String,
        role: Option<Role>,
        context: Option<String>,
        attributes: Vec<(String, Value)>,
    ) {
        let source = source(self.file, Place::Line(line));
        let id = part.map_or_else(|| source.to_string(), |part| format!("{source}.{part}"));
        self.out.responses.push(Response {
            role,
            context,
            attributes,
            source,
            ..Response::new(id, text)
        });
    }
}

/// Whether the numbered lines of a text are questions, several, with answers under them.
pub(super) fn is_interview(lines: &[TextLine<'_>]) -> bool {
    let filled: Vec<&str> = lines.iter().map(|(_, line)| line.trim()).collect();
    let filled: Vec<&str> = filled.into_iter().filter(|line| !line.is_empty()).collect();
    let (mut questions, mut answered) = (0, 0);
    for (at, line) in filled.iter().enumerate() {
        let is_digit = |c: char| ascii_digit(c).is_ascii_digit();
        let (kind, words) = marker(line);
        let is_number = line.starts_with(is_digit) && kind == Some(Marker::Number);
        // '4. Suggestions' heads answers too.
        if is_number && !is_question(words) && role_named(words).is_none() {
            // A list, of which some items ask.
            return false;
        }
        questions += usize::from(is_number);
        let is_answer = filled
            .get(at + 1)
            .is_some_and(|next| !is_numbered_question(next));
        answered += usize::from(is_number && is_answer);
    }
    questions >= 2 && answered * 2 >= questions
}

/// Whether a line is a question with a number before it.
fn is_numbered_question(line: &str) -> bool {
    let (kind, words) = marker(line);
    kind == Some(Marker::Number) && is_question(words)
}

/// Words that cannot end an answer.
const DANGLING: &[&str] = &[
    "and",
    "or",
    "of",
    "the",
    "a",
    "an",
    "to",
    "for",
    "with",
    "in",
    "on",
    "by",
    "at",
    "from",
    "their",
    "এবং",
    "ও",
    "বা",
    "অথবা",
    "আর",
];

/// Joined lines carry single spaces.
fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of dashes, stars or the like.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| {
        matches!(
            c,
            '-' | '=' | '_' | '*' | '~' | '—' | '–' | '.' | '…' | '#' | ' '
        )
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String, Option<Role>)> {
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        parse(&Arc::from("f"), &lines, true)
            .responses
            .into_iter()
            .map(|r| (r.id, r.text, r.role))
            .collect()
    }

    fn texts(text: &str) -> Vec<String> {
        read(text).into_iter().map(|r| r.1).collect()
    }

    #[test]
    fn numbered_questions_head_the_answers_under_them() {
        let interview = "Name: Rahima\nWe have no staff.\n1. When does the money come?\nNobody tells us\n2. Who makes the list?\n- The member\n- His friends\n";
        // What stands before them is an answer where it is a sentence.
        let answers = [
            "We have no staff.",
            "Nobody tells us",
            "The member",
            "His friends",
        ];
        assert_eq!(texts(interview), answers);
        // A list of which some items ask is none.
        let list = "1. Who will do the work?\n2. No vehicle\n3. How can we work without a line?\n4. No road\n";
        assert_eq!(texts(list).len(), 4);
    }

    #[test]
    fn a_row_that_speaks_of_problems_and_improvement_is_no_second_head() {
        let table = "Programme\tChallenges\tSuggestions\nOld age\tNetwork problem\tSteps to improve it\nWidow\tNo staff\tRecruit\n";
        let found = read(table);
        let roles: Vec<Option<Role>> = found.iter().map(|r| r.2).collect();
        let [challenge, suggestion] = [Some(Role::Challenge), Some(Role::Suggestion)];
        assert_eq!(
            roles,
            [challenge, suggestion, challenge, suggestion],
            "{found:?}"
        );
        // One of nothing but names is.
        let again = format!("{table}Programme\tSuggestions\tChallenges\nX\tHire\tNo money\n");
        assert_eq!(read(&again)[4].2, suggestion);
    }

    #[test]
    fn the_question_above_and_the_slot_give_the_role() {
        let found = read(
            "2. What problems do you meet?\n\n- Challenge 1: No staff / No data\n\n4. What else could be done?\n\n- Initiative 1: Hire staff\n",
        );
        let want = [
            ("f:3.1", "No staff", Role::Challenge),
            ("f:3.2", "No data", Role::Challenge),
            ("f:7", "Hire staff", Role::Suggestion),
        ];
        assert_eq!(found.len(), 3, "{found:?}");
        for (got, want) in found.iter().zip(want) {
            assert_eq!(
                (got.0.as_str(), got.1.as_str(), got.2),
                (want.0, want.1, Some(want.2))
            );
        }
    }

    #[test]
    fn an_unfinished_item_goes_on_over_a_blank_line() {
        assert_eq!(
            texts("- Challenge 1: No staff / Slow\n\nnetwork / No data\n\n- Challenge 2: Rain"),
            ["No staff", "Slow network", "No data", "Rain"]
        );
        assert_eq!(
            texts("- Challenge 1: No staff/\n\nNo data\n"),
            ["No staff", "No data"]
        );
        assert_eq!(
            texts("- No staff.\n\nThe meeting was closed.\n\n- Rain"),
            ["No staff.", "The meeting was closed.", "Rain"]
        );
    }

    #[test]
    fn lines_under_a_bangla_heading_are_its_answers() {
        let found = read("সমস্যা:\n- জনবল নেই\n- বাজেট নেই\n\nসুপারিশ:\n- লোক দিন\n- বাজেট দিন\n");
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[1].2, Some(Role::Challenge));
        assert_eq!(
            found[2],
            ("f:6".into(), "লোক দিন".into(), Some(Role::Suggestion))
        );
    }

    #[test]
    fn lines_between_numbered_ones_are_answers_of_their_own() {
        let english = "1. No vehicle\nLack of manpower\n2. Poor monitoring\nSlow internet\n3. No budget\nTraining";
        assert_eq!(texts(english).len(), 6);
        let bangla = "৩. সমন্বয় সভা নিয়মিত হয় না\nবিদ্যুৎ থাকে না\n৪. প্রশিক্ষণ নেই";
        assert_eq!(texts(bangla).len(), 3);
        assert_eq!(
            texts("1. Lack Of Manpower\n2. Poor Monitoring System\n").len(),
            2
        );
        let broken = "1. The officers of the union do not come to the village when\nRamadan begins\n2. No data\nbecause nobody asks\n";
        assert_eq!(
            texts(broken),
            [
                "The officers of the union do not come to the village when Ramadan begins",
                "No data because nobody asks"
            ]
        );
    }

    #[test]
    fn plain_lines_above_a_list_stay_answers_of_their_own() {
        for list in [
            "1. No vehicle\n2. Poor roads\n",
            "- No vehicle\n- Poor roads\n",
        ] {
            for lines in [
                "Lack of manpower\nSlow internet\nNo budget\n",
                "net slow\nlok nai\ntaka nai\n",
            ] {
                assert_eq!(texts(&format!("{lines}{list}")).len(), 5, "{lines}{list}");
            }
        }
        let spaced = "Lack of manpower\n\nSlow internet\n\n1. No vehicle\n\n2. Poor roads\n\nRain\n\n3. No data\n";
        assert_eq!(texts(spaced).len(), 6);
    }

    #[test]
    fn what_is_taken_for_a_heading_is_told() {
        let titles = "- Rain\n\nField Visit Report\n\nWe went to the char.\n\nSlow Internet\n\nNo Staff Training\n\n- Mud\n\n- Sand\n";
        assert_eq!(texts(titles).len(), 6);
        assert_eq!(
            texts("- Rain\n\nMass Media\n\nRadio\tweak\n"),
            ["Rain", "Radio weak"]
        );
        let text = "Office staff\n- No data\n- No staff\nProblems\n- Rain\nWhat could be done?\nHire staff\n\nField staff\n1. No boat\nRoads\n1. Mud\n\nList of participants:\n- Rina\n";
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        let found = parse(&Arc::from("f"), &lines, true);
        let headings: Vec<(u64, &str)> = found
            .headings
            .iter()
            .map(|(source, line)| (source.place.number(), line.as_str()))
            .collect();
        let want = [
            (1, "Office staff"),
            (4, "Problems"),
            (6, "What could be done?"),
            (9, "Field staff"),
            (11, "Roads"),
            (14, "List of participants:"),
            (15, "Rina"),
        ];
        assert_eq!(headings, want);
        assert_eq!(found.responses.len(), 6);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_without_a_word(lines in proptest::collection::vec(
            "(- |[1-9]\\. |\\* )?([A-Z]?[a-z]{2,9} ){0,12}[a-z]{2,9}[:?.]?|", 0..14), lists: bool) {
            let numbered: Vec<TextLine<'_>> = (1..).zip(lines.iter().map(String::as_str)).collect();
            let found = parse(&Arc::from("f"), &numbered, lists);
            let told = found.responses.iter().map(|r| &r.text);
            let told = told.chain(found.headings.iter().map(|(_, line)| line));
            let told: usize = told.map(|text| text.split_whitespace().filter(|w| w.len() > 2).count()).sum();
            let typed: usize = lines.iter().map(|line| line.split_whitespace().filter(|w| w.len() > 2).count()).sum();
            prop_assert_eq!(told, typed);
        }
    }

    #[test]
    fn a_table_under_role_columns_gives_one_answer_a_cell() {
        let text = "Channel\tChallenges\tSuggestions to improve\nRadio\tNobody hears it\tBroadcast at\n\tCostly\tmarket time\n";
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        let found = parse(&Arc::from("f"), &lines, true).responses;
        let got: Vec<_> = found
            .iter()
            .map(|r| (r.id.as_str(), r.text.as_str(), r.role, r.context.as_deref()))
            .collect();
        assert_eq!(
            got,
            [
                (
                    "f:2.1",
                    "Nobody hears it",
                    Some(Role::Challenge),
                    Some("Radio")
                ),
                ("f:3.1", "Costly", Some(Role::Challenge), Some("Radio")),
                (
                    "f:2.2",
                    "Broadcast at market time",
                    Some(Role::Suggestion),
                    Some("Radio")
                ),
            ]
        );
    }
}
