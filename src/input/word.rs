//! Word documents: paragraphs, lists, transcripts and tables, each read as what it is.
//!
//! A paragraph is a whole one, and never goes on with the one before; one in the style of a heading heads what follows. Who speaks may be
//! told in bold. A table is read by itself: columns whose heads name roles hold answers, as do those that are named in any table; two columns of names and
//! words are a conversation, two others what was asked and answered. Stretches in a font for Bijoy become the Bangla that they show.
//! Deleted, moved and hidden words, comments, footnotes, page headers, and fields that nobody filled in are no part of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::chunk::TextLine;
use super::columns::no_such;
use super::cues::{cues, fold_name, heading_role, role_named, slot_role};
use super::document::{Reader, is_interview};
use super::draft::{Column, Draft, Fault, source};
use super::grid;
use super::heading::is_question;
use super::marker::marker;
use super::speaker::{Kind, MOST_WORDS, kind, labelled};
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
    let asks = |p: &&Paragraph| p.bold_words().is_some_and(is_question);
    let asks_in_bold = paragraphs().filter(asks).count() > 1;
    let is_heading = |p: &Paragraph| p.is_heading || asks_in_bold && p.bold_words().is_some();
    let body = paragraphs().filter(|p| !is_heading(p));
    let turns: Vec<(u64, String)> = body.clone().map(|p| (p.line, bold.turn(p))).collect();
    let turns: Vec<TextLine<'_>> = turns.iter().map(|(n, text)| (*n, text.as_str())).collect();
    let is_talk = transcript::is_transcript(&turns, &bold.speakers);
    // What stands under a heading where nobody of the talk speaks is no part of it.
    let talk = match is_talk {
        true => talk(file, &blocks, &turns, &bold.speakers),
        false => Vec::new(),
    };
    let in_talk = |p: &Paragraph| talk.binary_search(&p.line).is_ok();
    let turns: Vec<TextLine<'_>> = turns
        .into_iter()
        .filter(|(n, _)| talk.binary_search(n).is_ok())
        .collect();
    let lines: Vec<TextLine<'_>> = body.map(|p| (p.line, p.text.as_str())).collect();
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
            Block::Paragraph(paragraph) if in_talk(paragraph) => {}
            Block::Paragraph(paragraph) => open.push((paragraph.line, &paragraph.text)),
            Block::Table(rows) => {
                let before = reader.above.clone();
                match title(&open) {
                    Some((line, title)) => reader.heading(line, title),
                    None => reader.read(&open),
                }
                open.clear();
                heads.push(table(&mut reader, file, rows, asked));
                // The title of a table heads nothing that comes after it.
                reader.above = before;
            }
        }
    }
    reader.read(&open);
    let mut out = reader.out;
    let one = |name: &String| Columns {
        text: vec![name.clone()],
        ..Columns::default()
    };
    let is_there = |name: &String| heads.iter().any(|head| one(name).n_among(head) > 0);
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

/// The lines of a talk, in order: of all stretches between headings those in which somebody speaks.
fn talk(file: &Arc<str>, blocks: &[Block], turns: &[TextLine<'_>], names: &[String]) -> Vec<u64> {
    let said = transcript::parse(file, turns, names);
    let speakers = said.responses.iter().filter_map(|r| {
        let mut named = r.attributes.iter().filter(|(name, _)| name == "speaker");
        named
            .next()
            .and_then(|(_, value)| value.as_str())
            .map(fold_name)
    });
    let speakers: BTreeSet<String> = speakers.collect();
    let speaks = |line: &TextLine<'_>| {
        labelled(line.1).is_some_and(|label| speakers.contains(&fold_name(label.name)))
    };
    let headings = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(p) if p.is_heading => Some(p.line),
        _ => None,
    });
    let headings: Vec<u64> = headings.collect();
    let stretch = |line: &TextLine<'_>| headings.partition_point(|heading| *heading < line.0);
    let stretches = turns.chunk_by(|a, b| stretch(a) == stretch(b));
    let of_talk = stretches.filter(|stretch| stretch.iter().any(speaks));
    of_talk.flatten().map(|(line, _)| *line).collect()
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
            // 'Challenges:' and 'Name:' stand before what a form holds.
            let is_name = |name: &&str| {
                name.split_whitespace().count() <= MOST_WORDS
                    && !matches!(kind(name), Kind::Header | Kind::Slot)
                    && heading_role(name).is_none()
            };
            for name in names.filter(is_name) {
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

/// Reads a table; its head.
fn table(reader: &mut Reader<'_>, file: &Arc<str>, rows: &[Row], asked: &Columns) -> Vec<String> {
    let is_filled = |row: &&Row| row.cells.iter().any(|c| !c.paragraphs.is_empty());
    let Some(first) = rows.iter().find(is_filled) else {
        return Vec::new();
    };
    let texts = |row: &Row| row.cells.iter().map(Cell::text).collect::<Vec<_>>();
    let names = texts(first);
    // A table that has none of the columns asked for is read as if none were.
    let asked = &match asked.has_no_text(&names) {
        true => Columns::default(),
        false => asked.among(&names),
    };
    if rows.iter().all(|row| row.cells.len() == 1) {
        let lines = rows.iter().flat_map(|row| {
            let lines = row.cells[0].paragraphs.iter();
            lines.map(|line| (row.line, line.as_str()))
        });
        reader.read(&lines.collect::<Vec<_>>());
        return Vec::new();
    }
    if asked.text.is_empty() && grid::roles(&names).is_some() {
        reader.cells(of_roles(rows));
        return names;
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
            return names;
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
        Err(_) if is_pair && asked.text.is_empty() => pairs(reader, rows),
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
    names
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

/// What a column of a table holds whose heads name roles.
enum Holds {
    /// Answers, of a role or of none.
    Answers(Option<Role>),
    /// What is told beside them, under this head.
    Beside(String),
}

/// The columns of a table whose head names roles.
fn columns(head: &[String], roles: Vec<Option<Role>>) -> Vec<Holds> {
    // In a first column of a table that has others for roles stands what they are about.
    let is_label = roles.len() > 2 && roles[1..].iter().flatten().count() > 1;
    let columns = head.iter().zip(roles).enumerate();
    let columns = columns.map(|(at, (head, role))| {
        let folded = fold_name(head);
        let is_free = slot_role(&folded) == Some(None) || cues().text_columns.contains(&folded);
        match role {
            Some(role) if at > 0 || !is_label => Holds::Answers(Some(role)),
            _ if at > 0 && is_free => Holds::Answers(None),
            _ => Holds::Beside(head.clone()),
        }
    });
    columns.collect()
}

/// The answers of a table whose columns tell roles: each paragraph is one, under the label of its row.
fn of_roles(rows: &[Row]) -> Vec<grid::Cell> {
    let mut out = Vec::new();
    let mut holds: Vec<Holds> = Vec::new();
    let mut above: Vec<String> = Vec::new();
    for row in rows {
        let mut texts: Vec<String> = row.cells.iter().map(Cell::text).collect();
        let roles = grid::roles(&texts).filter(|_| holds.is_empty() || grid::are_named(&texts));
        if let Some(roles) = roles {
            holds = columns(&texts, roles);
            above.clear();
            continue;
        }
        // What stands beside goes on from the row above; the first of it that has words is the label, which holds where a row has none.
        let mut beside = Vec::new();
        let mut label = None;
        for (at, cell) in row.cells.iter().enumerate() {
            let Some(Holds::Beside(head)) = holds.get(at) else {
                continue;
            };
            let may_go_on = cell.goes_on || label.is_none() && beside.is_empty();
            if let Some(value) = above.get(at).filter(|_| may_go_on && texts[at].is_empty()) {
                texts[at].clone_from(value);
            }
            if label.is_none() && texts[at].contains(char::is_alphabetic) {
                label = Some(texts[at].clone());
            } else if !texts[at].is_empty() {
                let head = Some(head.clone()).filter(|head| !head.is_empty());
                beside.extend(head.map(|head| (head, texts[at].clone())));
            }
        }
        above.clone_from(&texts);
        for (cell, holds) in row.cells.iter().zip(&holds) {
            if let Holds::Answers(role) = holds
                && !cell.goes_on
            {
                let answers = answers(cell, row.line, *role, label.clone());
                out.extend(answers.map(|cell| grid::Cell {
                    beside: beside.clone(),
                    ..cell
                }));
            }
        }
    }
    out
}

/// Reads a table of two columns, of which the first tells what the second is about: a form. Who filled it in, when and where is nobody's
/// answer, nor is a head of the columns.
fn pairs(reader: &mut Reader<'_>, rows: &[Row]) {
    let mut asked = None;
    let mut role = None;
    let texts = |row: &Row| [0, 1].map(|n| row.cells[n].text());
    let asks = |text: &str| {
        is_question(text) || heading_role(text).is_some() || slot_role(&fold_name(text)).is_some()
    };
    let is_form = rows.iter().any(|row| asks(&row.cells[0].text()));
    let mut has_asked = !is_form;
    for (at, row) in rows.iter().enumerate() {
        let [first, second] = texts(row);
        let folded = fold_name(&second);
        let is_head = at == 0
            && rows.len() > 1
            && !asks(&first)
            && (slot_role(&folded).is_some() || role_named(&second).is_some());
        has_asked |= asks(&first);
        let is_aside = !has_asked || is_form && kind(&first) == Kind::Header;
        if is_head || (is_aside && !first.is_empty()) || (second.is_empty() && asks(&first)) {
            role = is_head
                .then(|| slot_role(&folded).flatten().or(role_named(&second)))
                .flatten()
                .or(role);
            reader.set_aside(row.line, [first, second].join(" ").trim());
            continue;
        }
        let [label, words] = [&row.cells[0], &row.cells[1]];
        if words.paragraphs.is_empty() && !words.goes_on {
            // It goes over both columns.
            reader.cells(answers(label, row.line, role, None).collect());
            continue;
        }
        if !label.goes_on {
            asked = Some(first).filter(|text| text.contains(char::is_alphabetic));
        }
        let own = asked.as_deref().and_then(heading_role).or(role);
        reader.cells(answers(words, row.line, own, asked.clone()).collect());
    }
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
            beside: Vec::new(),
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
