//! JSON Lines: one object a line, each on its own, so that a broken line spoils no other.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::columns::{no_such, no_text_among};
use super::draft::{Column, Draft, Fault, source};
use super::lines::{lines, utf8};
use super::{Batch, Columns, array};
use crate::record::Place;

/// Reads the lines of `bytes`, the first of which has the number `first`.
pub(super) fn parse(
    file: &Arc<str>,
    bytes: &[u8],
    first: u64,
    columns: &Columns,
    limit: usize,
) -> Batch {
    let mut batch = Batch::default();
    for line in lines(bytes, first) {
        if line.bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let source = source(file, Place::Line(line.number));
        if line.bytes.len() >= limit {
            batch
                .rejects
                .push(super::chunk::oversized(source, line.bytes, limit));
            continue;
        }
        let draft = Draft::new(source.clone());
        if let Err(fault) = row(line.bytes, draft, columns, &mut batch) {
            batch.rejects.push(fault.reject(source, line.bytes));
        }
    }
    batch
}

/// Why no row can be an answer: at the beginning of the file none has a text, or the columns that were asked for. Where it goes
/// on after that (`more`), only what is asked of many rows may yet come.
pub(super) fn misses(head: &[u8], more: bool, columns: &Columns) -> Option<String> {
    let rows: Box<dyn Iterator<Item = &[u8]>> = match array::is_array(head, false) {
        true => Box::new(array::objects(head, !more)),
        false => Box::new(lines(head, 1).map(|line| line.bytes)),
    };
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        let Ok(row) = serde_json::from_slice::<Map<String, Value>>(row) else {
            continue;
        };
        let n = names.len();
        for (name, _) in row {
            if !names.contains(&name) && names.len() < NAMES {
                names.push(name);
            }
        }
        // Mostly the first row has all that is looked for.
        if names.len() > n && columns.missing(&names).is_none() && !columns.has_no_text(&names) {
            return None;
        }
    }
    let is_sure = !more || columns.has_no_text(&names);
    if names.is_empty() || names.len() == NAMES || !is_sure {
        return None;
    }
    match columns.missing(&names) {
        Some(name) => Some(no_such(name, &names)),
        None => columns.has_no_text(&names).then(|| no_text_among(&names)),
    }
}

/// So many names of a file are remembered; with more of them they are data.
const NAMES: usize = 5_000;

pub(super) fn row(
    bytes: &[u8],
    mut draft: Draft,
    columns: &Columns,
    batch: &mut Batch,
) -> Result<(), Fault> {
    let text = utf8(bytes)?;
    let value: Value = serde_json::from_str(text)
        .map_err(|e| format!("bad JSON: {}", without_line(&e.to_string())))?;
    let Value::Object(object) = value else {
        return Err(Fault::from(
            "not a JSON object: each line is one object such as {\"id\": \"1\", \"text\": \"…\"}"
                .to_owned(),
        ));
    };
    fill(&mut draft, object, columns)?;
    draft.finish(&columns.text, batch)
}

/// A nested `attributes` object, as `motamot split` writes it, is spread out, so that its output can be read again.
///
/// Of names that differ only in case, that which is typed as ours has its meaning, else the first one.
fn fill(draft: &mut Draft, object: Map<String, Value>, columns: &Columns) -> Result<(), String> {
    let mut seen: Vec<Column> = object.keys().filter_map(|n| Column::known(n)).collect();
    for (name, value) in object {
        match value {
            Value::Object(inner) if name == "attributes" => {
                for (name, value) in inner {
                    let column = if name == "moderator" {
                        Column::Moderator
                    } else if columns.of_codings {
                        Column::Attribute(format!("attribute.{name}"))
                    } else {
                        Column::Attribute(name)
                    };
                    draft.set(&column, value)?;
                }
            }
            value => {
                let usual = match Column::known(&name) {
                    Some(column) => column,
                    None => match Column::named(&name) {
                        column if seen.contains(&column) => Column::Attribute(name.clone()),
                        column => column,
                    },
                };
                seen.push(usual.clone());
                draft.set(&columns.meaning(&name, usual), value)?;
            }
        }
    }
    Ok(())
}

/// The message without serde's 'at line 1', which would contradict the line of the file; further lines are those of an object.
fn without_line(message: &str) -> String {
    message
        .replace(" at line 1 column ", " at column ")
        .replace(" at line ", " at its line ")
}
