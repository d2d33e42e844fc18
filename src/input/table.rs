//! CSV and TSV: a header row, then one response a row; `csv-core` does the quoting, this file the faults.

use std::collections::BTreeSet;
use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use serde_json::Value;

use super::chunk::{UNCLOSED, oversized};
use super::columns::{no_such, no_text_among};
use super::cues::{cues, fold_name};
use super::draft::{Column, Draft, Fault, source};
use super::lines::{count_breaks, split_line, utf8};
use super::quotes::{Opened, Rows, opened};
use super::{Batch, Columns};
use crate::record::Place;

/// The columns of a table and what separates them.
#[derive(Clone, Debug)]
pub(super) struct Header {
    delimiter: u8,
    pub(super) columns: Vec<Column>,
    /// The columns that were named for answers.
    pub(super) asked: Vec<String>,
}

impl Header {
    /// The header of a table whose columns have these names.
    ///
    /// # Errors
    /// The cause, when no column holds the text, or when it is not known which one.
    pub(super) fn of(mut names: Vec<String>, asked: &Columns) -> Result<Self, String> {
        asked.number(&mut names);
        let columns = columns(&names, asked).ok_or_else(|| match asked.missing(&names) {
            Some(name) => no_such(name, &names),
            None => no_text_among(&names),
        })?;
        let is_text = |column: &Column| *column == Column::Text;
        let text = columns.iter().position(is_text).map(|at| &*names[at]);
        match asked.doubled(&names, text) {
            Some(cause) => Err(cause),
            None => Ok(Self {
                delimiter: b',',
                columns,
                asked: asked.text.clone(),
            }),
        }
    }
}

/// One record: its fields, and where it begins and ends.
struct Record<'a> {
    fields: Vec<&'a [u8]>,
    /// After the blank lines before it.
    start: usize,
    /// After its line ending.
    end: usize,
    /// Whether it is a line given up: a quote was opened there and forgotten, or the record is too long. It then has no fields.
    is_torn: bool,
    /// The end of the bytes that tell all this.
    seen: usize,
}

/// Steps through the records of a piece of a table.
struct Records {
    /// What rows look like, and how long a record may be; not known of a header.
    rows: Option<(Rows, usize)>,
    core: Reader,
    out: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    /// The records below `header`; one of `limit` bytes or more is torn.
    fn below(header: &Header, limit: usize) -> Self {
        let rows = Rows {
            delimiter: header.delimiter,
            cells: header.columns.len(),
        };
        Self {
            rows: Some((rows, limit)),
            ..Self::new(header.delimiter)
        }
    }

    fn new(delimiter: u8) -> Self {
        let mut core = ReaderBuilder::new().delimiter(delimiter).build();
        // A fresh reader drops a byte order mark; only the file's first bytes may be one, and those are gone already.
        let _ = core.read_record(b"\n", &mut [0; 4], &mut [0; 4]);
        Self {
            rows: None,
            core,
            out: vec![0; 4096],
            ends: vec![0; 64],
        }
    }

    /// The record that begins at `start`; `None` where there is none, or where it has not ended and more may come.
    fn next(&mut self, bytes: &[u8], start: usize, ended: bool) -> Option<Record<'_>> {
        let start = start
            + bytes[start..]
                .iter()
                .take_while(|&&b| b == b'\n' || b == b'\r')
                .count();
        if start == bytes.len() {
            return None;
        }
        if let Some((rows, _)) = self.rows {
            match opened(&bytes[start..], rows, ended) {
                Opened::Rightly => {}
                Opened::ByMistake(seen) => return Some(Record::torn(bytes, start, start + seen)),
                Opened::Unknown => return None,
            }
        }
        let (mut at, mut written, mut count) = (start, 0, 0);
        loop {
            let input = &bytes[at..];
            if input.is_empty() && !ended {
                self.core.reset();
                return None;
            }
            let (result, read, wrote, fields) =
                self.core
                    .read_record(input, &mut self.out[written..], &mut self.ends[count..]);
            (at, written, count) = (at + read, written + wrote, count + fields);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return None,
            }
        }
        if bytes[at - 1] == b'\r' {
            match bytes.get(at) {
                Some(b'\n') => at += 1,
                None if !ended => return None,
                _ => {}
            }
        }
        if let Some((rows, limit)) = self.rows
            && at - start >= limit
        {
            // The end of the bytes may have ended it, after which a reader reads no more.
            let fresh = Self::new(rows.delimiter);
            self.core = fresh.core;
            return Some(Record::torn(bytes, start, at));
        }
        let mut from = 0;
        let fields = self.ends[..count]
            .iter()
            .map(|&end| &self.out[std::mem::replace(&mut from, end)..end])
            .collect();
        Some(Record {
            fields,
            start,
            end: at,
            is_torn: false,
            seen: at,
        })
    }
}

impl Record<'_> {
    /// The line that begins at `start`.
    fn torn(bytes: &[u8], start: usize, seen: usize) -> Self {
        Self {
            fields: Vec::new(),
            start,
            end: bytes.len() - split_line(&bytes[start..]).1.len(),
            is_torn: true,
            seen,
        }
    }
}

/// Where to cut so that a record ends there: the last end at or before `aim`, else the first one after it; `limit` is that of a record.
pub(super) fn cut(bytes: &[u8], aim: usize, header: &Header, limit: usize) -> Option<usize> {
    let mut records = Records::below(header, limit);
    let mut found = None;
    let (mut at, mut seen) = (0, 0);
    while let Some(record) = records.next(bytes, at, false) {
        at = record.end;
        // Whoever reads a line that is given up has to see why.
        seen = record.seen.max(seen);
        if at < seen {
            continue;
        }
        if at > aim && found.is_some() {
            break;
        }
        found = Some(at);
        if at > aim {
            break;
        }
    }
    found
}

/// The header at the beginning of `bytes` and its length; `Ok(None)` when the header has not ended yet.
///
/// # Errors
/// The cause, when no column holds the text, or when it is not known which one.
pub(super) fn header(
    bytes: &[u8],
    tabs: bool,
    asked: &Columns,
    ended: bool,
) -> Result<Option<(Header, usize)>, String> {
    let (delimiter, at) = match separator_line(bytes) {
        Some((delimiter, at)) => (delimiter, at),
        None if tabs => (b'\t', 0),
        None => (delimiter(bytes, asked, ended), 0),
    };
    let mut records = Records::new(delimiter);
    let Some(record) = records.next(bytes, at, ended) else {
        return Ok(None);
    };
    let names = record.fields.iter();
    let names = names.map(|f| String::from_utf8_lossy(f).trim().to_owned());
    let header = Header {
        delimiter,
        ..Header::of(names.collect(), asked)?
    };
    Ok(Some((header, record.end)))
}

/// Excel's first line `sep=;`.
fn separator_line(bytes: &[u8]) -> Option<(u8, usize)> {
    let (line, rest) = split_line(bytes);
    match line {
        [s, e, p, b'=', delimiter @ (b',' | b';' | b'\t' | b'|')]
            if [*s, *e, *p].eq_ignore_ascii_case(b"sep") =>
        {
            Some((*delimiter, bytes.len() - rest.len()))
        }
        _ => None,
    }
}

/// The separator whose header has a column for the text, else the one that makes most columns.
fn delimiter(bytes: &[u8], asked: &Columns, ended: bool) -> u8 {
    let score = |&delimiter: &u8| {
        let mut records = Records::new(delimiter);
        records.next(bytes, 0, ended).map_or((false, 0), |r| {
            let mut names: Vec<String> = r
                .fields
                .iter()
                .map(|f| String::from_utf8_lossy(f).into_owned())
                .collect();
            asked.number(&mut names);
            (columns(&names, asked).is_some(), names.len())
        })
    };
    // `max_by_key` takes the last of equals: the comma.
    [b'|', b'\t', b';', b',']
        .into_iter()
        .max_by_key(score)
        .unwrap_or(b',')
}

/// Whether `line` reads as the header of a table of more than one column: it has those that were asked for answers, or one that is
/// named exactly `text`.
pub(super) fn is_header(line: &[u8], asked: &Columns) -> bool {
    [b',', b';', b'\t'].into_iter().any(|delimiter| {
        let mut names = names(line, delimiter);
        if !asked.text.is_empty() {
            asked.number(&mut names);
            return names.len() > 1 && asked.missing(&names).is_none();
        }
        names.len() > 1
            && names.iter().any(|n| n == "text")
            && names.iter().all(|n| n.chars().count() <= 40)
    })
}

/// Whether `line` reads as the header of a table whose columns are parted by tabs, as spreadsheets save one under `.txt`: it has
/// the columns that were asked for, or one for the text and another that is known or as many cells below. `next` is the line
/// under it.
pub(super) fn is_tab_header(line: &[u8], next: &[u8], asked: &Columns) -> bool {
    let mut names = names(line, b'\t');
    asked.number(&mut names);
    if names.len() < 2 || !next.is_empty() && !next.contains(&b'\t') {
        return false;
    }
    if !asked.text.is_empty() {
        return asked.missing(&names).is_none();
    }
    let is_text = |name: &&String| *name == "text" || cues().text_columns.contains(name);
    let is_known =
        |name: &&String| !is_text(name) && !matches!(Column::named(name), Column::Attribute(_));
    let fits = next.split(|&b| b == b'\t').count() == names.len();
    names.iter().any(|n| is_text(&n)) && (fits || names.iter().any(|n| is_known(&n)))
}

/// Records that are looked at to know a table by its shape.
const LOOKED_AT: usize = 1000;

/// Whether a text is a table without a column for the text: each line has the same number of tabs, or of semicolons, two at least, under
/// a line of names. Merged answers are parted by semicolons too, so these ask for a column of numbers or times, or a header in quotes.
pub(super) fn is_even(bytes: &[u8], ended: bool) -> Option<u8> {
    [b'\t', b';'].into_iter().find(|&delimiter| {
        let mut records = Records::new(delimiter);
        let cells = |record: &Record<'_>| -> Vec<String> {
            let text = |cell: &&[u8]| String::from_utf8_lossy(cell).trim().to_owned();
            record.fields.iter().map(text).collect()
        };
        let Some(top) = records.next(bytes, 0, ended) else {
            return false;
        };
        let (header, mut at) = (cells(&top), top.end);
        let quotes = bytes[top.start..at].iter().filter(|&&b| b == b'"').count();
        if header.len() < 3 || !are_names(&header) {
            return false;
        }
        // Whether a column holds figures, and nothing but these.
        let mut figures = vec![(false, true); header.len()];
        let mut rows = 0;
        while let Some(record) = records.next(bytes, at, ended).filter(|_| rows < LOOKED_AT) {
            at = record.end;
            rows += 1;
            let row = cells(&record);
            if row.len() != header.len() {
                return false;
            }
            for (cell, (any, all)) in row.iter().zip(&mut figures).filter(|(c, _)| !c.is_empty()) {
                *any |= is_figure(cell);
                *all &= is_figure(cell);
            }
        }
        let has_figures = figures.contains(&(true, true));
        rows > 0 && (delimiter == b'\t' || has_figures || quotes >= 2 * header.len())
    })
}

/// Whether cells may name columns: all different, in words, and most of them there.
fn are_names(cells: &[String]) -> bool {
    let names = || cells.iter().filter(|c| !c.is_empty());
    let folded: BTreeSet<String> = names().map(|n| fold_name(n)).collect();
    let is_name = |n: &String| n.contains(char::is_alphabetic) && n.chars().count() <= 300;
    names().all(is_name) && folded.len() == names().count() && folded.len() * 2 > cells.len()
}

/// A number, a date or a time: '2024-02-01T10:00:00+06:00', '5 PM', '৫৮'.
pub(super) fn is_figure(cell: &str) -> bool {
    cell.contains(char::is_numeric)
        && !cell.contains(|c: char| c.is_alphabetic() && !"TZAPM".contains(c))
}

/// The names in a line, as they are compared.
fn names(line: &[u8], delimiter: u8) -> Vec<String> {
    line.split(|&b| b == delimiter)
        .map(|n| fold_name(&String::from_utf8_lossy(n).replace('"', "")))
        .collect()
}

/// The meaning of each column; `None` without a column for the text, or without one that was asked for. The exact name wins over an alias, the first over the rest.
fn columns(names: &[String], asked: &Columns) -> Option<Vec<Column>> {
    let folded: Vec<String> = names.iter().map(|n| fold_name(n)).collect();
    let alias = |n: &String| cues().text_columns.contains(n);
    let usual = || {
        let text = folded.iter().position(|n| n == "text");
        text.or_else(|| folded.iter().position(alias))
    };
    let text = match asked.text.is_empty() {
        true => Some(usual()?),
        false => None,
    };
    if asked.missing(names).is_some() {
        return None;
    }
    let mut seen: Vec<Column> = Vec::with_capacity(names.len());
    for (i, name) in folded.iter().enumerate() {
        let column = match asked.meaning(names[i].trim(), Column::named(name)) {
            _ if Some(i) == text => Column::Text,
            // A second column of a name that has a meaning is only kept.
            Column::Text | Column::Attribute(_) => Column::Attribute(names[i].trim().to_owned()),
            column if seen.contains(&column) => Column::Attribute(names[i].trim().to_owned()),
            column => column,
        };
        seen.push(column);
    }
    Some(seen)
}

/// Reads the rows of `bytes`, the first line of which has the number `first`.
pub(super) fn parse(
    file: &Arc<str>,
    bytes: &[u8],
    first: u64,
    header: &Header,
    limit: usize,
) -> Batch {
    let mut batch = Batch::default();
    let mut records = Records::below(header, limit);
    let (mut at, mut line) = (0, first);
    while let Some(record) = records.next(bytes, at, true) {
        let raw = &bytes[record.start..record.end];
        line += count_breaks(&bytes[at..record.start]);
        let source = source(file, Place::Row(line));
        at = record.end;
        line += count_breaks(raw);
        if record.is_torn {
            let torn = split_line(raw).0;
            batch.rejects.push(if torn.len() >= limit {
                oversized(source, torn, limit)
            } else {
                Fault::from(UNCLOSED.to_owned()).reject(source, torn)
            });
            continue;
        }
        if !record.fields.iter().all(|f| f.trim_ascii().is_empty()) {
            let draft = Draft::new(source.clone());
            if let Err(fault) = row(header, &record.fields, draft, &mut batch) {
                let bytes = raw.trim_ascii_end();
                batch.rejects.push(fault.reject(source, bytes));
            }
        }
    }
    batch
}

fn row(
    header: &Header,
    fields: &[&[u8]],
    mut draft: Draft,
    batch: &mut Batch,
) -> Result<(), Fault> {
    let columns = &header.columns;
    if fields.len() > columns.len()
        && fields[columns.len()..]
            .iter()
            .any(|f| !f.trim_ascii().is_empty())
    {
        return Err(Fault::from(format!(
            "{} cells where the header has {}; put a cell that holds the separator in double quotes",
            fields.len(),
            columns.len()
        )));
    }
    for (column, field) in columns.iter().zip(fields) {
        draft.set(column, Value::String(utf8(field)?.to_owned()))?;
    }
    draft.finish(&header.asked, batch)
}
