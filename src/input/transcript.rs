//! Transcripts in plain text: `Name: words`, with header lines, stamps, continuation lines and notes, to one response a speaker turn.
//!
//! A label counts as a speaker when it is a code or a word for one (P1, Moderator), stands in the list of participants, or recurs.
//! What a note taker remarks is a turn of its own and set aside as a moderator's are; a note in brackets on a line of its own is left out.
//! Exported chats have rules of their own (`chat`). Turns of one speaker in direct sequence are one turn, as in the gold standard of the field: transcribers break lines at a breath.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::cast::{Names, Speakers};
use super::chunk::{TextLine, answers};
use super::cues::fold_name;
use super::dashed::Dashed;
use super::draft::source;
use super::moderator::{Moderators, by_conduct};
use super::speaker::{Kind, Labelled, kind, labelled};
use super::{Batch, chat, document, stamp};
use crate::record::{Place, Response};

/// What one speaker said before another one spoke.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) speaker: Option<String>,
    pub(super) details: Option<String>,
    pub(super) time: Option<String>,
    pub(super) text: String,
}

impl Turn {
    /// Whether it is the remark of one who writes down, be it on what somebody did ('R5: (nods)'), and nobody's answer.
    pub(super) fn is_note(&self) -> bool {
        self.speaker.as_ref().is_some_and(|s| kind(s) == Kind::Note) || is_bracketed(&self.text)
    }

    pub(super) fn add(&mut self, words: &str) {
        for word in words.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }
}

/// The spelling in which each name of a file comes first, since who types fast writes 'rahima' for 'Rahima'.
#[derive(Default)]
pub(super) struct Spellings(BTreeMap<String, String>);

impl Spellings {
    pub(super) fn first(&mut self, name: &str) -> String {
        let first = self.0.entry(fold_name(name));
        first.or_insert_with(|| name.to_owned()).clone()
    }
}

/// Adds words to the last turn when the same speaker goes on, else begins a turn.
pub(super) fn push(turns: &mut Vec<Turn>, next: Turn) {
    match turns.last_mut() {
        Some(last) if last.speaker.is_some() && last.speaker == next.speaker => {
            last.add(&next.text)
        }
        _ => turns.push(next),
    }
}

/// Reads the lines of a transcript, some of whose speakers may be known from elsewhere; a text without any turn is read as paragraphs.
pub(super) fn parse(file: &Arc<str>, lines: &[TextLine<'_>], names: &[String]) -> Batch {
    let texts: Vec<&str> = lines.iter().map(|l| l.1).collect();
    if chat::is_chat(&texts) {
        let turns = chat::turns(&texts);
        let senders: BTreeSet<String> = turns
            .iter()
            .filter_map(|t| t.speaker.as_deref().map(fold_name))
            .collect();
        let senders = senders.iter().map(String::as_str);
        return answers(responses(
            file,
            turns,
            &Moderators::new(senders, Names::default()),
        ));
    }
    let speakers = Speakers::learn(&texts, names);
    let turns = turns_of(&speakers, &texts);
    if turns.is_empty() {
        return document::parse(file, lines, false);
    }
    answers(responses(file, turns, &speakers.moderators))
}

/// Whether a text is a conversation: enough of its lines begin turns, and something tells that people talk with each other.
pub(super) fn is_transcript(lines: &[TextLine<'_>], names: &[String]) -> bool {
    let texts: Vec<&str> = lines.iter().map(|l| l.1).collect();
    if chat::is_chat(&texts) {
        return true;
    }
    let filled = texts.iter().filter(|t| !t.trim().is_empty()).count();
    let speakers = Speakers::learn(&texts, names);
    let begun: Vec<Labelled<'_>> = texts
        .iter()
        .enumerate()
        .filter_map(|(i, t)| speakers.begins(i, t))
        .filter(|l| kind(l.name) != Kind::Note)
        .collect();
    let names: BTreeSet<String> = begun.iter().map(|l| fold_name(l.name)).collect();
    let distinct = names.len();
    let share = |n: usize| begun.len() * n >= filled;
    if begun.len() < 2 || distinct < 2 {
        return false;
    }
    let labels = begun
        .iter()
        .filter(|l| matches!(kind(l.name), Kind::Moderator | Kind::Participant))
        .count();
    if labels > 0 || !speakers.moderators.is_empty() {
        return share(8)
            && (labels * 2 >= begun.len() || labels >= 2 || !speakers.moderators.is_empty())
            && (begun.len() > 2 || share(3));
    }
    // Only names: 'Budget: none', 'Staff: few' look the same, so somebody has to ask, or the header to name those present.
    let asks = texts.iter().any(|t| t.trim().ends_with('?'));
    let timed =
        begun.iter().any(|l| l.time.is_some()) || texts.iter().any(|t| stamp::leading(t).is_some());
    let fewest = match begun.iter().all(|l| l.time.is_some()) {
        true => 3,
        false => 4,
    };
    begun.len() >= fewest && share(4) && (asks || timed || !speakers.roster.is_empty())
}

/// The turns of the lines after the header.
fn turns_of(speakers: &Speakers, lines: &[&str]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut spellings = Spellings::default();
    let dashed = Dashed::learn(speakers, lines);
    let mut time: Option<&str> = None;
    let mut after_blank = true;
    for (i, line) in lines.iter().enumerate().skip(speakers.header) {
        let line = line.trim();
        let was_blank = std::mem::replace(&mut after_blank, line.is_empty());
        if let Some(label) = speakers.begins(i, line).or_else(|| dashed.begins(line)) {
            let mut turn = Turn {
                speaker: Some(spellings.first(label.name)),
                details: label.details.map(str::to_owned),
                time: label.time.or(time.take()).map(str::to_owned),
                text: String::new(),
            };
            time = None;
            turn.add(label.words);
            push(&mut turns, turn);
            continue;
        }
        let (stamped, words) =
            stamp::leading(line).map_or((None, line), |(t, rest)| (Some(t), rest));
        if words.is_empty() {
            time = stamped.or(time);
        } else if !(is_note(words) || was_blank && is_header(words)) {
            // What stands before the first turn is a title or an introduction.
            if let Some(turn) = turns.last_mut() {
                turn.add(words);
            }
        }
    }
    turns.retain(|t| !t.text.is_empty());
    turns
}

/// One response for each turn.
pub(super) fn responses(
    file: &Arc<str>,
    turns: Vec<Turn>,
    moderators: &Moderators,
) -> Vec<Response> {
    let asking = if moderators.is_empty() {
        by_conduct(&turns)
    } else {
        None
    };
    let response = |(n, turn): (u64, Turn)| {
        let asks = |s: &String| moderators.has(s) || asking.as_ref() == Some(s);
        let moderator = turn.is_note() || turn.speaker.as_ref().is_some_and(asks);
        let mut attributes = vec![("moderator".to_owned(), Value::Bool(moderator))];
        if let Some(speaker) = &turn.speaker {
            attributes.insert(0, ("speaker".to_owned(), Value::String(speaker.clone())));
        }
        attributes.extend(turn.time.map(|t| ("time".to_owned(), Value::String(t))));
        attributes.extend(
            turn.details
                .map(|d| ("speaker_details".to_owned(), Value::String(d))),
        );
        // 'P1' of another file is another person.
        let respondent = turn
            .speaker
            .filter(|_| !moderator)
            .map(|s| format!("{file}:{s}"));
        let source = source(file, Place::Turn(n));
        Response {
            moderator,
            attributes,
            respondent,
            source: source.clone(),
            ..Response::new(source.to_string(), turn.text)
        }
    };
    (1..).zip(turns).map(response).collect()
}

/// A transcriber's note on a line of its own, or a rule.
fn is_note(line: &str) -> bool {
    let rule = line.starts_with(['-', '=', '*', '_', '~', '—'])
        && line.ends_with(['-', '=', '*', '_', '~', '—']);
    is_bracketed(line) || rule || !line.chars().any(char::is_alphanumeric)
}

/// Whether a text is one pair of brackets and what is in it.
fn is_bracketed(text: &str) -> bool {
    [('(', ')'), ('[', ']'), ('{', '}')]
        .into_iter()
        .any(|(open, close)| {
            text.starts_with(open) && text.ends_with(close) && text.matches(open).count() == 1
        })
}

fn is_header(line: &str) -> bool {
    labelled(line).is_some_and(|l| !l.weak && kind(l.name) == Kind::Header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, bool, String)> {
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        let speaker = |r: &Response| {
            r.attributes
                .iter()
                .find(|a| a.0 == "speaker")
                .and_then(|a| a.1.as_str())
                .unwrap_or("")
                .to_owned()
        };
        parse(&Arc::from("f"), &lines, &[])
            .responses
            .iter()
            .map(|r| (speaker(r), r.moderator, r.text.clone()))
            .collect()
    }

    fn turn(speaker: &str, moderator: bool, text: &str) -> (String, bool, String) {
        (speaker.into(), moderator, text.into())
    }

    #[test]
    fn header_lines_are_no_turns_and_name_the_moderator() {
        let text = "Title: FGD\nDate: 2 May\nParticipants: Rahima, Karim Mia\nModerator: Farhana Yasmin\n\nFarhana: How is the office?\nRahima: Far.\nKarim: Slow.\n";
        assert_eq!(
            read(text),
            [
                turn("Farhana", true, "How is the office?"),
                turn("Rahima", false, "Far."),
                turn("Karim", false, "Slow.")
            ]
        );
    }

    #[test]
    fn many_names_are_read_in_one_go() {
        let n = 10_000;
        let lines = |line: fn(usize) -> String| -> String { (0..n).map(line).collect() };
        let once = lines(|i| format!("Name{i}x: the road is broken here\n"));
        assert!(!read(&once).is_empty());
        let list = lines(|i| format!("- Name{i}x\n"));
        let listed = format!("Participants:\n{list}\nSalma: Why?\n{once}");
        assert_eq!(read(&listed).len(), n + 1);
        let asked = lines(|i| format!("Moderator: Name{i}x\n\n"));
        assert!(!read(&format!("{asked}Name1x: Yes\nP1: No\n")).is_empty());
    }

    #[test]
    fn a_title_with_a_time_ends_no_header() {
        let text = "FGD Rangpur 12:30\nDate: 2 May\nModerator: Farhana Yasmin\n\nFarhana: How is the office?\nRahima: Far.\nFarhana: And you?\nRahima: So.\n";
        assert_eq!(read(text)[0], turn("Farhana", true, "How is the office?"));
    }

    #[test]
    fn lines_go_on_over_blank_lines_and_a_colon_in_speech_begins_nothing() {
        let text = "সঞ্চালক: কেমন আছেন?\n\nউত্তরদাতা ১: ভালো।\n\nসকাল ৭:৩০ এ আসি।\nতিনি বললেন: যান।\n(হাসি)\nউত্তরদাতা ২ঃ আমি না। [inaudible]\n";
        assert_eq!(
            read(text),
            [
                turn("সঞ্চালক", true, "কেমন আছেন?"),
                turn("উত্তরদাতা ১", false, "ভালো। সকাল ৭:৩০ এ আসি। তিনি বললেন: যান।"),
                turn("উত্তরদাতা ২", false, "আমি না। [inaudible]"),
            ]
        );
    }

    #[test]
    fn stamps_before_or_above_a_turn_are_its_time() {
        let text = "[00:00:05] M: Shall we?\n[00:00:09]\nP1: Yes.\nand more\n00:01:10 - P2: No.\n";
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        let found = parse(&Arc::from("f"), &lines, &[]).responses;
        let times: Vec<_> = found
            .iter()
            .map(|r| {
                r.attributes
                    .iter()
                    .find(|a| a.0 == "time")
                    .unwrap()
                    .1
                    .as_str()
                    .unwrap()
            })
            .collect();
        assert_eq!(times, ["00:00:05", "00:00:09", "00:01:10"]);
        assert_eq!(found[1].text, "Yes. and more");
        assert_eq!(found[1].id, "f:2");
        assert!(found[0].moderator && !found[1].moderator);
    }

    #[test]
    fn bare_times_before_behind_or_beside_a_name_are_stamps() {
        let want = [
            turn("Moderator", true, "What is hard?"),
            turn("Rahima", false, "There is no staff at all."),
            turn("Salma Begum", false, "The net is slow. And power fails."),
        ];
        for forms in [
            "10:02 Moderator: What is hard?\n10:03 Rahima: There is no staff\nat all.\n12:30 Salma Begum: The net is slow.\nAnd power fails.\n",
            "00:10:02 Moderator: What is hard?\n00:10:03 Rahima: There is no staff at all.\n00:12:30 Salma Begum: The net is slow. And power fails.\n",
            "10:02 AM Moderator: What is hard?\n10:03 AM Rahima: There is no staff at all.\n12:30 PM Salma Begum: The net is slow. And power fails.\n",
            "Moderator (10:02): What is hard?\nRahima (10:03): There is no staff at all.\nSalma Begum (12:30): The net is slow. And power fails.\n",
            "Moderator 10:02\nWhat is hard?\nRahima 10:03\nThere is no staff\nat all.\nSalma Begum 12:30\nThe net is slow.\nAnd power fails.\n",
            "10:02 Moderator\nWhat is hard?\n10:03 Rahima\nThere is no staff\nat all.\n12:30 Salma Begum\nThe net is slow.\nAnd power fails.\n",
            "10:02:00 From Moderator to Everyone:\n\tWhat is hard?\n10:03:00 From Rahima to Everyone:\n\tThere is no staff at all.\n12:30:00 From Salma Begum to Everyone:\n\tThe net is slow. And power fails.\n",
            "Moderator   0:03\n\nWhat is hard?\n\nRahima   0:09\n\nThere is no staff at all.\n\nSalma Begum   1:02:03\n\nThe net is slow. And power fails.\n",
            "FGD in Rangpur\n12 May 2025, 10:02am\n32m 5s\n\nModerator  10:02 am\nWhat is hard?\n\nRahima  10:03 am\nThere is no staff at all.\n\nSalma Begum  12:30 pm\nThe net is slow. And power fails.\n",
        ] {
            let lines: Vec<TextLine<'_>> = (1..).zip(forms.lines()).collect();
            assert!(is_transcript(&lines, &[]), "{forms}");
            assert_eq!(read(forms), want, "{forms}");
        }
    }

    #[test]
    fn a_time_beside_a_name_changes_no_turn() {
        let sample = include_str!("../../data/samples/fgd-char-village.txt");
        let texts: Vec<&str> = sample.lines().collect();
        let speakers = Speakers::learn(&texts, &[]);
        let forms: [fn(&str, &str) -> String; 6] = [
            |name, words| format!("10:02 {name}: {words}\n"),
            |name, words| format!("10:02 AM {name}: {words}\n"),
            |name, words| format!("১০:০২ - {name}: {words}\n"),
            |name, words| format!("{name} (10:02): {words}\n"),
            |name, words| format!("{name}   10:02\n{words}\n"),
            |name, words| format!("10:02 {name}\n{words}\n"),
        ];
        for form in forms {
            let line = |(i, line): (usize, &&str)| match speakers.begins(i, line) {
                Some(label) => form(label.name, label.words),
                None => format!("{line}\n"),
            };
            let typed: String = texts.iter().enumerate().map(line).collect();
            assert_eq!(read(&typed), read(sample), "{typed}");
        }
    }

    #[test]
    fn names_above_many_lines_of_words_are_speakers_too() {
        let words = "one line of words\n".repeat(4);
        let text = format!(
            "Salma 0:03\nWhat is hard?\nKarim 0:09\n{words}Rina 0:30\n{words}Salma 1:00\nTime: is it enough?\nKarim 1:09\n{words}"
        );
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        assert!(is_transcript(&lines, &[]));
        let found = read(&text);
        let speakers: Vec<&str> = found.iter().map(|t| t.0.as_str()).collect();
        assert_eq!(speakers, ["Salma", "Karim", "Rina", "Salma", "Karim"]);
    }

    #[test]
    fn hours_in_answers_make_no_speakers() {
        for text in [
            "at 9:30\nmorning 10:00\nevening 6:30\nbefore 9:00\nat 8:30\n",
            "10:00 Welcome\n10:30 Tea Break\n11:00 Budget\nNo staff\n",
            "10:00 Session 1: Welcome\n10:30 Tea break\n11:00 Session 2: Budget\nNo staff\n",
            "7:30 we leave: it is dark\n8:00 the bus comes late\nNo staff\nNo road\n",
        ] {
            let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
            assert!(!is_transcript(&lines, &[]), "{text}");
        }
    }

    #[test]
    fn what_a_note_taker_remarks_is_nobodys_answer() {
        let text = "Note taker: Salma\n\nModerator: What is hard?\nP1: There is no staff.\nNote taker: two people left\nbefore the end\nP1: And no road.\nNote: the list is wrong\nModerator: Anything else?\nP2: বাজেট কম।\nনোট: সবাই হাসলেন\n";
        assert_eq!(
            read(text),
            [
                turn("Moderator", true, "What is hard?"),
                turn("P1", false, "There is no staff."),
                turn("Note taker", true, "two people left before the end"),
                turn("P1", false, "And no road."),
                turn("Note", true, "the list is wrong"),
                turn("Moderator", true, "Anything else?"),
                turn("P2", false, "বাজেট কম।"),
                turn("নোট", true, "সবাই হাসলেন"),
            ]
        );
        // Nor does one who writes down moderate in place of the one who asks.
        let named = "Shirin: How do you hear of it?\nNote: it rains\nJamal: On the radio.\nShirin: And you?\nRina: So do I.\nShirin: Thank you.\nJamal: Well.\n";
        let asks = read(named);
        assert!(
            asks.iter()
                .all(|t| t.1 == matches!(t.0.as_str(), "Shirin" | "Note")),
            "{asks:?}"
        );
    }

    #[test]
    fn turns_with_a_dash_among_others_are_turns() {
        let text = "Facilitator: What is hard?\nR1: The card comes late.\nR2: So it is.\nR5: (nods)\nFacilitator: And you?\nR2 – Rahela, 60: My grandson knows.\nR3 said that she does not.\n";
        assert_eq!(
            read(text)[3..],
            [
                turn("R5", true, "(nods)"),
                turn("Facilitator", true, "And you?"),
                turn("R2", false, "My grandson knows. R3 said that she does not."),
            ]
        );
        let text = "প্রশ্ন: কী সমস্যা?\nউত্তর ১: টাকা দেরিতে আসে।\nউত্তর ২: একমত।\nরহিমা (৫৫) - আমি টাকা দিছি।\nকরিম — আমি দেই নাই\n";
        assert_eq!(
            read(text)[3..],
            [
                turn("রহিমা", false, "আমি টাকা দিছি।"),
                turn("করিম", false, "আমি দেই নাই"),
            ]
        );
        // A dash in speech begins nothing.
        let text = "M: What is hard?\nP1: Much.\nMoney - it comes late.\nStaff - there is none.\nP2: ভাতা (৫০০) - আসে না।\n";
        assert_eq!(read(text).len(), 3);
    }

    #[test]
    fn one_who_opens_asks_and_thanks_is_the_moderator() {
        let text = "Shirin: Welcome. How do you hear of it?\nJamal: From my neighbour.\nShirin: And you?\nRina: On the radio.\nShirin: Anything else?\nJamal: No.\nShirin: Thank you all.\n";
        let found = read(text);
        assert!(
            found
                .iter()
                .all(|(who, moderator, _)| *moderator == (who == "Shirin")),
            "{found:?}"
        );
    }

    #[test]
    fn a_name_in_other_letters_is_the_same_person() {
        let text = "M: Well?\nRahima: No road.\nRAHIMA: No bus.\nKarim: Slow net.\nm: And?\nrahima: No staff.\nআয়েশা: নাই।\nআয\u{9bc}েশা: কিছু না।\n";
        assert_eq!(
            read(text),
            [
                turn("M", true, "Well?"),
                turn("Rahima", false, "No road. No bus."),
                turn("Karim", false, "Slow net."),
                turn("M", true, "And?"),
                turn("Rahima", false, "No staff."),
                turn("আয়েশা", false, "নাই। কিছু না।"),
            ]
        );
    }

    #[test]
    fn direct_sequence_of_one_speaker_is_one_turn() {
        assert_eq!(
            read("M: Well?\nP1: Yes.\nP1: Always.\nP2: No.\n")[1],
            turn("P1", false, "Yes. Always.")
        );
    }

    #[test]
    fn men_and_women_by_letter_are_no_moderators() {
        assert!(
            read("M: We walk.\nF: We too.\nM: Far.\nF: Very.\n")
                .iter()
                .all(|t| !t.1)
        );
    }
}
