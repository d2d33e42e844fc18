//! Word documents: paragraphs, lists, transcripts and tables, each read as what it is.
//!
//! A paragraph is a whole one, and never goes on with the one before; one in the style of a heading heads what follows. Who speaks may be
//! told in bold. A table is read by itself: columns whose heads name roles hold answers, as do those that are named in any table; two columns of names and
//! words are a conversation, two others what was asked and answered. Stretches in a font for Bijoy become the Bangla that they show.
//! Deleted, moved and hidden words, comments, footnotes, page headers, and fields that nobody filled in are no part of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::chunk::TextLine;
use super::cues::fold_name;
use super::document::{Reader, is_interview};
use super::draft::{Column, Draft, Fault, source};
use super::grid;
use super::heading::is_question;
use super::marker::marker;
use super::speaker::MOST_WORDS;
use super::table::Header;
use super::{Batch, Columns, transcript};
use crate::record::{Place, Role};
use markup::{Block, Cell, Paragraph, Row};

mod markup;
mod styles;

/// A document whose markup is longer than this is not read.
const MOST_UNPACKED: usize = 1 << 30;

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
    let turns: Vec<(u64, String)> = body.clone().map(|p| (p.line, bold.turn(p))).collect();
    let turns: Vec<TextLine<'_>> = turns.iter().map(|(n, text)| (*n, text.as_str())).collect();
    let is_talk = transcript::is_transcript(&turns, &bold.speakers);
    let lines: Vec<TextLine<'_>> = body.map(|p| (p.line, p.text.as_str())).collect();
    let mut reader = Reader::new(file, true);
    reader.is_whole = true;
    reader.is_interview = is_interview(&lines);
    if is_talk {
        reader.out = transcript::parse(file, &turns, &bold.speakers);
    }
    let mut open: Vec<TextLine<'_>> = Vec::new();
    for block in &blocks {
        match block {
            Block::Paragraph(paragraph) if paragraph.is_heading => {
                reader.read(&std::mem::take(&mut open));
                if !paragraph.words().trim().is_empty() {
                    reader.heading(paragraph.line, paragraph.words().trim());
                }
            }
            Block::Paragraph(_) if is_talk => {}
            Block::Paragraph(paragraph) => open.push((paragraph.line, &paragraph.text)),
            Block::Table(rows) => {
                let before = reader.above.clone();
                match title(&open) {
                    Some((line, title)) => reader.heading(line, title),
                    None => reader.read(&open),
                }
                open.clear();
                table(&mut reader, file, rows, asked);
                // The title of a table heads nothing that comes after it.
                reader.above = before;
            }
        }
    }
    reader.read(&open);
    reader.out
}

/// Who speaks, by what stands in bold.
struct Bold {
    /// All, where one of those before a colon comes again.
    speakers: Vec<String>,
    /// Those in paragraphs of their own over what is said, where two of them come again.
    alone: Vec<String>,
}

impl Bold {
    fn of<'a>(paragraphs: impl Iterator<Item = &'a Paragraph> + Clone) -> Self {
        fn counted<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
            let mut counts = BTreeMap::new();
            for name in names.filter(|n| n.split_whitespace().count() <= MOST_WORDS) {
                *counts.entry(fold_name(name)).or_default() += 1;
            }
            counts
        }
        let labels = paragraphs.clone().filter_map(Paragraph::bold_label);
        let labels = counted(labels.map(|(label, _)| label));
        let body = paragraphs.filter(|p| !p.is_heading);
        let words = body.filter_map(Paragraph::bold_words);
        let alone = counted(words.filter(|w| !w.ends_with(['.', '?', '!', ':', '।'])));
        let comes_again = |counts: &BTreeMap<String, usize>, least| {
            counts.values().filter(|n| **n > 1).count() >= least
        };
        // One that is said again in bold is no conversation.
        let alone = Some(alone).filter(|alone| comes_again(alone, 2));
        let alone: Vec<String> = alone.into_iter().flat_map(BTreeMap::into_keys).collect();
        let labels = Some(labels).filter(|labels| comes_again(labels, 1));
        let labels = labels.into_iter().flat_map(BTreeMap::into_keys);
        Self {
            speakers: labels.chain(alone.iter().cloned()).collect(),
            alone,
        }
    }

    /// A paragraph as a line of a transcript.
    fn turn(&self, paragraph: &Paragraph) -> String {
        match (paragraph.bold_words(), paragraph.bold_label()) {
            (Some(words), _) if self.alone.contains(&fold_name(words)) => format!("{words}:"),
            (_, Some((name, words))) if self.speakers.contains(&fold_name(name)) => {
                format!("{name}: {}", words.trim())
            }
            _ => paragraph.words().to_owned(),
        }
    }
}

/// The one line over a table, if it is its title and nobody's answer.
fn title<'a>(lines: &[TextLine<'a>]) -> Option<(u64, &'a str)> {
    const MOST_WORDS: usize = 12;
    let mut filled = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    let (number, line) = filled.next()?;
    let line = line.trim();
    let is_title = marker(line).0.is_none()
        && line.split_whitespace().count() <= MOST_WORDS
        && !line.ends_with(['.', '।', '!', ',', ';']);
    (is_title && filled.next().is_none()).then_some((*number, line))
}

/// Reads a table.
fn table(reader: &mut Reader<'_>, file: &Arc<str>, rows: &[Row], asked: &Columns) {
    let Some(first) = rows
        .iter()
        .find(|row| row.cells.iter().any(|c| !c.paragraphs.is_empty()))
    else {
        return;
    };
    let texts = |row: &Row| row.cells.iter().map(Cell::text).collect::<Vec<_>>();
    let names = texts(first);
    if asked.text.is_empty() && grid::roles(&names).is_some() {
        reader.cells(of_roles(rows));
        return;
    }
    let header = Header::of(names.clone(), asked);
    let below = || rows.iter().skip_while(|row| row.line <= first.line);
    let is_pair = rows.iter().all(|row| row.cells.len() == 2);
    if is_pair && asked.text.is_empty() {
        let is_headed = header.is_ok();
        let rows: Vec<&Row> = match is_headed {
            true => below().collect(),
            false => rows.iter().collect(),
        };
        let turns = rows.iter().map(|row| {
            let [name, words] = [0, 1].map(|n| row.cells[n].text());
            (
                row.line,
                format!("{}: {words}", name.trim_end_matches([':', ' '])),
            )
        });
        let turns: Vec<(u64, String)> = turns.collect();
        let turns: Vec<TextLine<'_>> = turns.iter().map(|(n, text)| (*n, text.as_str())).collect();
        if transcript::is_transcript(&turns, &[]) {
            reader.out.append(transcript::parse(file, &turns, &[]));
            return;
        }
    }
    match header {
        Ok(header) => {
            let mut above: Vec<String> = Vec::new();
            for row in below() {
                let mut cells = texts(row);
                for (at, cell) in row.cells.iter().enumerate() {
                    let column = header.columns.get(at);
                    let is_answer = matches!(column, Some(Column::Text | Column::Answer { .. }));
                    if let Some(value) = above.get(at).filter(|_| cell.goes_on && !is_answer) {
                        cells[at].clone_from(value);
                    }
                }
                above.clone_from(&cells);
                under(reader, file, &header, row, cells);
            }
        }
        Err(_) if is_pair && asked.text.is_empty() => {
            // In a form who was asked, when and where stands over the first question.
            let asks = |row: &Row| is_question(&row.cells[0].text());
            let first = rows.iter().position(asks).unwrap_or(0);
            for row in &rows[..first] {
                reader.set_aside(row.line, texts(row).join(" ").trim());
            }
            reader.cells(of_pairs(&rows[first..]));
        }
        Err(cause) => {
            let fault = Fault::from(format!("a table was not read: {cause}"));
            let bytes = names.join("\t");
            let place = source(file, Place::Line(first.line));
            reader
                .out
                .rejects
                .push(fault.reject(place, bytes.as_bytes()));
        }
    }
}

/// Reads a row under a header.
fn under(reader: &mut Reader<'_>, file: &Arc<str>, header: &Header, row: &Row, cells: Vec<String>) {
    let place = source(file, Place::Line(row.line));
    let bytes = cells.join("\t");
    let mut draft = Draft::new(place.clone());
    let mut columns = header.columns.iter().zip(cells);
    let set = columns.try_for_each(|(column, cell)| draft.set(column, Value::String(cell)));
    let read = set.map_err(Fault::from);
    if let Err(fault) = read.and_then(|()| draft.finish(&header.asked, &mut reader.out)) {
        reader
            .out
            .rejects
            .push(fault.reject(place, bytes.as_bytes()));
    }
}

/// The answers of a table whose columns tell roles: each paragraph is one, under the label of its row.
fn of_roles(rows: &[Row]) -> Vec<grid::Cell> {
    let mut out = Vec::new();
    let mut roles: Vec<Option<Role>> = Vec::new();
    let mut label = None;
    for row in rows {
        let texts: Vec<String> = row.cells.iter().map(Cell::text).collect();
        if let Some(found) = grid::roles(&texts) {
            // In a first column of a table that has others for roles stands what they are about.
            let is_label = found.len() > 2 && found[1..].iter().flatten().count() > 1;
            roles = found;
            roles[0] = roles[0].filter(|_| !is_label);
            label = None;
            continue;
        }
        let is_label = |(cell, text, role): &(&Cell, String, Option<Role>)| {
            role.is_none() && (cell.goes_on || text.contains(char::is_alphabetic))
        };
        let roles_of = roles.iter().copied().chain(std::iter::repeat(None));
        let mut cells = row.cells.iter().zip(texts).zip(roles_of);
        let mut cells = cells
            .by_ref()
            .map(|((cell, text), role)| (cell, text, role));
        // That of the row above holds where a row has none, and where it goes on.
        if let Some((_, own, _)) = cells.find(is_label).filter(|(cell, ..)| !cell.goes_on) {
            label = Some(own);
        }
        for (cell, role) in row.cells.iter().zip(&roles) {
            if role.is_some() && !cell.goes_on {
                out.extend(answers(cell, row.line, *role, label.clone()));
            }
        }
    }
    out
}

/// The answers of a table of two columns, of which the first tells what the second is about.
fn of_pairs(rows: &[Row]) -> Vec<grid::Cell> {
    let mut out = Vec::new();
    let mut asked = None;
    for row in rows {
        let [first, second] = [&row.cells[0], &row.cells[1]];
        match second.paragraphs.is_empty() && !second.goes_on {
            // Nobody answered, or it goes over both columns.
            true => out.extend(answers(first, row.line, None, None)),
            false => {
                let own = Some(first.text()).filter(|t| t.contains(char::is_alphabetic));
                asked = match first.goes_on {
                    true => own.or(asked),
                    false => own,
                };
                out.extend(answers(second, row.line, None, asked.clone()));
            }
        }
    }
    out
}

fn answers(
    cell: &Cell,
    line: u64,
    role: Option<Role>,
    label: Option<String>,
) -> impl Iterator<Item = grid::Cell> {
    let texts = cell.paragraphs.iter().map(|p| marker(p).1);
    texts
        .filter(|text| text.contains(char::is_alphabetic))
        .map(move |text| grid::Cell {
            line,
            text: text.to_owned(),
            role,
            label: label.clone(),
        })
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
