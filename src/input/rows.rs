//! Rows of cells, as the sheets of a workbook hold them: which of the first is the header, and what those under it say.
//!
//! Titles may stand above the header. What is merged over several rows (a district, an office) holds for each of them, answers excepted.
//! What stands beside the table is kept under the letter of its column.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde_json::Value;

use super::draft::{Column, Draft, Fault, source};
use super::table::Header;
use super::{Batch, Columns};
use crate::record::Place;

/// Rows with words among which the header is looked for.
const TOP: usize = 20;

/// A row: its number, from one, and what stands in its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// What it says, in one line.
    fn words(&self) -> String {
        let words = self.cells.iter().map(|cell| cell.trim());
        let words: Vec<&str> = words.filter(|cell| !cell.is_empty()).collect();
        words.join(" ")
    }
}

/// Cells merged into one, whose words stand in the first.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// From one.
    pub(super) rows: RangeInclusive<u64>,
    /// From zero.
    pub(super) columns: RangeInclusive<usize>,
}

/// The rows of one table, from the top.
pub(super) struct Rows<'a> {
    header: Option<Header>,
    /// Why the first row with words is no header.
    cause: Option<String>,
    /// Rows with words above the header, or all where there is none.
    above: Vec<(u64, String)>,
    merged: Merged,
    file: &'a Arc<str>,
    asked: &'a Columns,
}

/// A table without a header.
#[derive(Debug)]
pub(super) struct NoHeader {
    /// Why none was found; `None` where no cell is filled.
    pub(super) cause: Option<String>,
    /// Its rows with words: the number of each, and what it says.
    pub(super) rows: Vec<(u64, String)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a Arc<str>, asked: &'a Columns, merged: Vec<Region>) -> Self {
        Self {
            header: None,
            cause: None,
            above: Vec::new(),
            merged: Merged::new(merged),
            file,
            asked,
        }
    }

    /// Takes the next row, and adds its answers where the header is known.
    pub(super) fn add(&mut self, row: Row, batch: &mut Batch) {
        if row.is_empty() {
            return;
        }
        match self.header.take() {
            Some(header) => {
                self.add_answers(&header, row, batch);
                self.header = Some(header);
            }
            None => self.add_top(&row, batch),
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When no row was found that names a column for the answers; nothing of the table is in the batch then.
    pub(super) fn close(self, _batch: &mut Batch) -> Result<(), NoHeader> {
        match self.header {
            Some(_) => Ok(()),
            None => Err(NoHeader {
                cause: self.cause,
                rows: self.above,
            }),
        }
    }

    fn add_answers(&mut self, header: &Header, mut row: Row, batch: &mut Batch) {
        let is_answer = |at: usize| {
            let column = header.columns.get(at);
            matches!(column, Some(Column::Text | Column::Answer { .. }) | None)
        };
        self.merged.fill(&mut row, is_answer);
        let source = source(self.file, Place::Row(row.number));
        let mut draft = Draft::new(source.clone());
        let mut set = || {
            for (at, cell) in row.cells.iter().enumerate() {
                let beside;
                let column = match header.columns.get(at) {
                    Some(column) => column,
                    None => {
                        beside = Column::Attribute(letters(at));
                        &beside
                    }
                };
                draft.set(column, Value::String(cell.clone()))?;
            }
            Ok(())
        };
        let read = set().map_err(|cause: String| Fault::from(cause));
        if let Err(fault) = read.and_then(|()| draft.finish(&header.asked, batch)) {
            let bytes = row.cells.join("\t");
            batch.rejects.push(fault.reject(source, bytes.as_bytes()));
        }
    }

    /// Takes a row for the header, or for one of those above it.
    fn add_top(&mut self, row: &Row, batch: &mut Batch) {
        let header = match self.above.len() < TOP {
            true => {
                let names = row.cells.iter().enumerate();
                let names = names.map(|(at, name)| match name.trim() {
                    "" => letters(at),
                    name => name.to_owned(),
                });
                Header::of(names.collect(), self.asked)
            }
            false => Err(String::new()),
        };
        match header {
            Ok(header) => {
                self.header = Some(header);
                let above = self.above.drain(..);
                let above =
                    above.map(|(number, words)| (source(self.file, Place::Row(number)), words));
                batch.headings.extend(above);
            }
            Err(cause) => {
                self.cause.get_or_insert(cause);
                self.above.push((row.number, row.words()));
            }
        }
    }
}

/// Cells merged over several rows, and what stands in them.
struct Merged(Vec<(Region, Option<String>)>);

impl Merged {
    fn new(regions: Vec<Region>) -> Self {
        let tall = regions
            .into_iter()
            .filter(|r| r.rows.start() < r.rows.end());
        let mut tall: Vec<_> = tall.map(|region| (region, None)).collect();
        tall.sort_by_key(|(region, _)| (*region.rows.start(), *region.columns.start()));
        Self(tall)
    }

    /// Gives a row what is merged over it and rows above, in columns that hold no answers.
    fn fill(&mut self, row: &mut Row, is_answer: impl Fn(usize) -> bool) {
        let number = row.number;
        self.0.retain(|(region, _)| *region.rows.end() >= number);
        let there = self
            .0
            .iter_mut()
            .take_while(|(region, _)| *region.rows.start() <= number);
        for (region, value) in there {
            let at = *region.columns.start();
            if *region.rows.start() == number {
                *value = row.cells.get(at).cloned();
            } else if let Some(value) = value.as_ref().filter(|_| !is_answer(at)) {
                if row.cells.len() <= at {
                    row.cells.resize(at + 1, String::new());
                }
                row.cells[at].clone_from(value);
            }
        }
    }
}

/// The letters by which Excel calls a column.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_excel_calls_them() {
        assert_eq!(
            [0, 25, 26, 701, 702].map(letters),
            ["A", "Z", "AA", "ZZ", "AAA"]
        );
    }
}
