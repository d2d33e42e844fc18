//! JSON Lines: one object a line, each on its own, so that a broken line spoils no other.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::columns::no_such;
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

/// Why no row can be an answer: at the beginning of the file none has the columns that were asked for. Where it goes on
/// after that (`more`), only what is asked of many rows may yet come.
pub(super) fn misses(head: &[u8], more: bool, columns: &Columns) -> Option<String> {
    if *columns == Columns::default() {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let mut take = |bytes: &[u8]| {
        let Ok(row) = serde_json::from_slice::<Map<String, Value>>(bytes) else {
            return;
        };
        for (name, _) in row {
            if !names.contains(&name) && names.len() < NAMES {
                names.push(name);
            }
        }
    };
    match array::is_array(head, false) {
        true => array::objects(head, !more).for_each(&mut take),
        false => lines(head, 1).for_each(|line| take(line.bytes)),
    }
    let is_sure = !more || columns.has_no_text(&names);
    if names.is_empty() || names.len() == NAMES || !is_sure {
        return None;
    }
    columns.missing(&names).map(|name| no_such(name, &names))
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
fn fill(draft: &mut Draft, object: Map<String, Value>, columns: &Columns) -> Result<(), String> {
    for (name, value) in object {
        match value {
            Value::Object(inner) if name == "attributes" => {
                for (name, value) in inner {
                    let column = if name == "moderator" {
                        Column::Moderator
                    } else {
                        Column::Attribute(name)
                    };
                    draft.set(&column, value)?;
                }
            }
            value => draft.set(&columns.meaning(&name, Column::named(&name)), value)?,
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
