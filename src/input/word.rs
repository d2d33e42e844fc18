//! Word documents: paragraphs, lists, transcripts and tables, each read as what it is.
//!
//! A paragraph is a whole one, and never goes on with the one before; one in the style of a heading heads what follows. Who speaks may be
//! told in bold. A table is read by itself: columns whose heads name roles hold answers, as do those that are named in any table; two columns of names and
//! words are a conversation, two others what was asked and answered. Stretches in a font for Bijoy become the Bangla that they show.
//! Deleted, moved and hidden words, comments, footnotes, page headers, and fields that nobody filled in are no part of it.

use std::sync::Arc;

use super::chunk::TextLine;
use super::columns::no_such;
use super::document::{Reader, is_interview};
use super::draft::{Fault, source};
use super::heading::is_question;
use super::{Batch, Columns, transcript};
use crate::record::Place;
use markup::{Block, Cell, Paragraph, Row};
use talk::Bold;

mod markup;
mod styles;
mod tables;
mod talk;

/// A document whose markup is longer than this is not read: long ones have a tenth of it, and a small file may unpack to anything.
const MOST_UNPACKED: usize = 64 << 20;

/// The text of a document: a line for each paragraph and for each row of a table, whose cells are parted by tabs.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub(super) fn text(bytes: &[u8]) -> Result<String, String> {
    let lines = markup::blocks(bytes, MOST_UNPACKED)?.into_iter();
    let lines = lines.flat_map(|block| match block {
        Block::Paragraph(paragraph) => vec![paragraph.text],
        Block::Table(rows) => {
            let row = |row: &Row| row.cells.iter().map(Cell::text).collect::<Vec<_>>();
            rows.iter().map(|r| row(r).join("\t")).collect()
        }
    });
    Ok(lines.map(|line| line + "\n").collect())
}

/// Reads a document.
pub(super) fn parse(file: &Arc<str>, bytes: &[u8], asked: &Columns) -> Batch {
    let reject = |cause: String| Batch {
        rejects: vec![Fault::from(cause).reject(source(file, Place::Line(1)), b"")],
        ..Batch::default()
    };
    let blocks = match markup::blocks(bytes, MOST_UNPACKED) {
        Ok(blocks) => blocks,
        Err(cause) => return reject(cause),
    };
    let has_words = blocks.iter().any(|block| match block {
        Block::Paragraph(paragraph) => !paragraph.text.trim().is_empty(),
        Block::Table(rows) => {
            (rows.iter().flat_map(|r| &r.cells)).any(|c| !c.paragraphs.is_empty())
        }
    });
    if !has_words {
        return reject(
            "the document holds no words; is it a scan? Then its text has to be typed".into(),
        );
    }
    let paragraphs = || {
        blocks.iter().filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Table(_) => None,
        })
    };
    let bold = Bold::of(paragraphs());
    let body = paragraphs().filter(|p| !p.is_heading);
    let turns: Vec<(u64, String)> = body.map(|p| (p.line, bold.turn(p))).collect();
    let turns: Vec<TextLine<'_>> = turns.iter().map(|(n, text)| (*n, text.as_str())).collect();
    let is_talk = transcript::is_transcript(&turns, &bold.speakers);
    // In a talk the one who asks may be bold throughout; elsewhere bold questions head what is answered.
    let asks = |p: &&Paragraph| p.bold_words().is_some_and(is_question);
    let asks_in_bold = !is_talk && paragraphs().filter(asks).count() > 1;
    let is_heading = |p: &Paragraph| p.is_heading || asks_in_bold && p.bold_words().is_some();
    let headings: Vec<u64> = paragraphs()
        .filter(|p| is_heading(p))
        .map(|p| p.line)
        .collect();
    // What stands under a heading where nobody of the talk speaks is no part of it.
    let talk = match is_talk {
        true => talk::lines(file, &turns, &headings, &bold.speakers),
        false => Vec::new(),
    };
    let in_talk = |line: u64| talk.binary_search(&line).is_ok();
    let turns: Vec<TextLine<'_>> = turns.into_iter().filter(|(n, _)| in_talk(*n)).collect();
    let lines = paragraphs().filter(|p| !is_heading(p));
    let lines: Vec<TextLine<'_>> = lines.map(|p| (p.line, p.text.as_str())).collect();
    let mut reader = Reader::new(file, true);
    reader.is_whole = true;
    reader.is_interview = !is_talk && is_interview(&lines);
    if is_talk {
        reader.out = transcript::parse(file, &turns, &bold.speakers);
    }
    let mut open: Vec<TextLine<'_>> = Vec::new();
    let mut heads: Vec<Vec<String>> = Vec::new();
    for block in &blocks {
        match block {
            Block::Paragraph(paragraph) if is_heading(paragraph) => {
                reader.read(&std::mem::take(&mut open));
                if !paragraph.words().trim().is_empty() {
                    reader.heading(paragraph.line, paragraph.words().trim());
                }
            }
            Block::Paragraph(paragraph) if in_talk(paragraph.line) => {}
            Block::Paragraph(paragraph) => open.push((paragraph.line, &paragraph.text)),
            Block::Table(rows) => {
                let before = reader.above.clone();
                match tables::title(&open) {
                    Some((line, title)) => reader.heading(line, title),
                    None => reader.read(&open),
                }
                open.clear();
                heads.push(tables::read(&mut reader, file, rows, asked));
                // The title of a table heads nothing that comes after it.
                reader.above = before;
            }
        }
    }
    reader.read(&open);
    let mut out = reader.out;
    let is_there = |name: &String| {
        heads
            .iter()
            .any(|head| asked.among(head).text.contains(name))
    };
    if let Some(name) = asked.text.iter().find(|name| !is_there(name)) {
        let names: Vec<String> = heads.iter().flatten().cloned().collect();
        if !names.is_empty() {
            let fault = Fault::from(no_such(name, &names));
            out.rejects
                .push(fault.reject(source(file, Place::Line(1)), b""));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::input::{Batch, Format, Options, read};

    macro_rules! office {
        ($name:literal) => {
            include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/data/office/",
                $name
            ))
        };
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        assert_eq!(batch.rejects, []);
        batch.responses.iter().map(|r| r.text.as_str()).collect()
    }

    #[test]
    fn a_discussion_is_read_turn_by_turn_without_what_was_deleted() {
        let batch = read(
            "discussion.docx",
            office!("discussion.docx"),
            &Options::default(),
        );
        assert_eq!(
            texts(&batch),
            [
                "What is hard about the allowance?",
                "The list is made by friends & cousins of the member",
                "Nobody told us when the money comes",
                "We walk two hours to the bank",
                // Bijoy, of which a run ends within a word.
                "আমাদের নেটও\u{9df}ার্ক খুব দুর্বল",
            ]
        );
        assert!(batch.responses[0].moderator);
        assert_eq!(batch.responses[1].attributes[0].1, "Rahima");
    }

    #[test]
    fn a_form_in_a_font_for_bijoy_is_read_as_the_bangla_that_it_shows() {
        let batch = read("form.docx", office!("form.docx"), &Options::default());
        assert_eq!(texts(&batch), ["জনবল কম", "প্রশিক্ষণ দরকার", "অর্থ বরাদ্দ নেই"]);
        let first = &batch.responses[0];
        assert_eq!(first.context.as_deref(), Some("Meeting"));
        assert_eq!(first.role, Some(crate::record::Role::Challenge));
    }

    #[test]
    fn items_of_a_list_stand_apart_from_their_heading() {
        // Whatever it is called, and whatever the caller wants to read the text as.
        for name in ["list.docx", "list", "list.txt"] {
            let batch = read(name, office!("list.docx"), &Options::default());
            assert_eq!(texts(&batch).len(), 3, "{name}");
            assert_eq!(batch.headings[0].1, "What would you change?");
        }
        let lines = Options::with_format(Some(Format::Lines));
        assert_eq!(
            read("list.docx", office!("list.docx"), &lines)
                .responses
                .len(),
            4
        );
    }

    #[test]
    fn each_table_is_read_by_itself_wherever_it_stands() {
        let batch = read("tables.docx", office!("tables.docx"), &Options::default());
        let answers = batch.responses.iter().map(|r| {
            let context = r.context.as_deref().unwrap_or_default();
            let role = r.role.map_or("", |role| role.as_str());
            (r.source.place.number(), r.text.as_str(), role, context)
        });
        let label = "Widow allowance";
        assert_eq!(
            answers.collect::<Vec<_>>(),
            [
                // Under a head that is two columns wide; each paragraph of a cell is an answer.
                (3, "no staff", "challenge", label),
                (3, "Budget is late", "challenge", label),
                (3, "Recruit", "suggestion", label),
                (4, "Pay early", "suggestion", label),
                // No quotation mark is one of CSV.
                (7, "\"The road is broken", "", ""),
                (8, "the 5\" pipe", "", ""),
                (11, "The network failed all day.", "", ""),
            ]
        );
        // What is merged over rows holds for each, and a title heads its table alone.
        let attribute = |n: usize, name: &str| {
            let mut named = batch.responses[n].attributes.iter();
            named.find(|(n, _)| n == name).map(|(_, v)| v.clone())
        };
        assert_eq!(attribute(5, "District").unwrap(), "Khulna");
        assert_eq!(
            attribute(3, "question").unwrap(),
            "Group work: Khulna district"
        );
        assert_eq!(attribute(6, "question"), None);
        let [reject] = &batch.rejects[..] else {
            panic!("{:?}", batch.rejects)
        };
        assert!(
            reject.cause.contains("a table was not read") && reject.cause.contains("`Opinion`")
        );
        // Nor is that a fault where its column was asked for.
        let mut asked = Options::default();
        asked.columns.text.push("Opinion".into());
        let batch = read("tables.docx", office!("tables.docx"), &asked);
        assert!(batch.responses.iter().any(|r| r.text == "No fuel"));
    }

    #[test]
    fn questions_head_answers_and_who_was_asked_is_none() {
        let batch = read(
            "interview.docx",
            office!("interview.docx"),
            &Options::default(),
        );
        // No paragraph goes on with another.
        assert_eq!(
            texts(&batch),
            [
                "There is no staff and",
                "no vehicle",
                "The internet is slow"
            ]
        );
        let question = &batch.responses[2].attributes[0].1;
        assert_eq!(question, "2. Do you have other comments?");
        assert_eq!(batch.headings.len(), 4);
    }

    #[test]
    fn names_in_bold_over_what_is_said_are_speakers() {
        let batch = read("names.docx", office!("names.docx"), &Options::default());
        assert_eq!(texts(&batch).len(), 5);
        let third = &batch.responses[2];
        assert_eq!(
            (&third.attributes[0].1, &*third.text),
            (&"Karim".into(), "The road is broken.")
        );
        assert_eq!(batch.headings[0].1, "Focus group");
    }

    #[test]
    fn who_filled_in_a_form_is_no_answer_and_its_labels_tell_roles() {
        let batch = read("forms.docx", office!("forms.docx"), &Options::default());
        let told = batch.responses.iter().map(|r| {
            let question = r.attributes.iter().find(|(name, _)| name == "question");
            let above = r
                .context
                .as_deref()
                .or(question.and_then(|(_, q)| q.as_str()));
            (
                r.text.as_str(),
                r.role.map_or("", |role| role.as_str()),
                above.unwrap_or_default(),
            )
        });
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("no vehicle", "challenge", "Main challenges"),
                ("slow line", "challenge", "Main challenges"),
                ("No data", "challenge", ""),
                ("A list for all", "suggestion", ""),
                ("The road", "", "What is hard here?"),
                ("A boat", "", "What would help you?"),
            ]
        );
        assert_eq!(batch.rejects, []);
    }

    #[test]
    fn who_asks_in_bold_is_part_of_the_talk() {
        let batch = read("bold.docx", office!("bold.docx"), &Options::default());
        assert_eq!((texts(&batch).len(), batch.headings.len()), (5, 0));
        assert!(batch.responses[0].moderator && batch.responses[3].moderator);
    }

    #[test]
    fn a_heading_ends_a_talk() {
        let batch = read("notes.docx", office!("notes.docx"), &Options::default());
        let all = [
            "What is hard?",
            "No staff.",
            "The line is slow.",
            "Recruit officers",
        ];
        assert_eq!(texts(&batch), all);
        assert_eq!(
            batch.responses[3].role,
            Some(crate::record::Role::Suggestion)
        );
    }

    #[test]
    fn a_broken_document_is_one_reject_with_a_remedy() {
        let whole = office!("discussion.docx");
        for bytes in [&whole[..whole.len() / 2], &whole[..2000]] {
            let batch = read("a.docx", bytes, &Options::default());
            assert_eq!((batch.responses.len(), batch.rejects.len()), (0, 1));
            assert!(
                batch.rejects[0].cause.contains(".txt"),
                "{}",
                batch.rejects[0].cause
            );
        }
    }
}
