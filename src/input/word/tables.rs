//! Tables of a Word document, each by itself: columns whose heads name roles hold answers, as do those that are named in any table; two columns of
//! names and words are a conversation, two others a form.

use std::sync::Arc;

use super::markup::{Cell, Row};
use crate::input::chunk::TextLine;
use crate::input::cues::{cues, fold_name, heading_role, role_named, slot_role};
use crate::input::document::Reader;
use crate::input::draft::{Column, Fault, source};
use crate::input::heading::is_question;
use crate::input::marker::marker;
use crate::input::speaker::{Kind, kind};
use crate::input::table::Header;
use crate::input::{Columns, grid, rows, transcript};
use crate::record::{Place, Role};

/// The one line over a table, if it is its title and nobody's answer.
pub(super) fn title<'a>(lines: &[TextLine<'a>]) -> Option<(u64, &'a str)> {
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
pub(super) fn read(
    reader: &mut Reader<'_>,
    file: &Arc<str>,
    rows: &[Row],
    asked: &Columns,
) -> Vec<String> {
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
                rows::under(
                    &header,
                    cells,
                    source(file, Place::Line(row.line)),
                    &mut reader.out,
                );
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
