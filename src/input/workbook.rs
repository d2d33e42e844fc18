//! Excel workbooks: every visible sheet that has a header row with a column for the answers is read as a table is. `calamine` unpacks.
//!
//! What the rows of a sheet mean is told in `rows`.
//! A cell in a font for Bijoy is read as the Bangla that it shows.

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::draft::{Fault, source};
use super::rows::{Region, Row, Rows};
use super::{Batch, Columns};
use crate::record::Place;
use crate::text::bijoy;

/// The columns that a sheet can have.
const MOST_COLUMNS: usize = 1 << 14;

/// A workbook that unpacks to more bytes than this is not read.
const MOST_UNPACKED: u64 = 2 << 30;

/// The rows of all sheets; where none has a column for the answers, one reject that says why.
pub(super) fn parse(file: &Arc<str>, bytes: &[u8], asked: &Columns) -> Batch {
    let mut batch = Batch::default();
    if let Err(cause) = read(file, bytes, asked, &mut batch) {
        let source = source(file, Place::Row(1));
        batch.rejects.push(Fault::from(cause).reject(source, b""));
    }
    batch
}

fn read(file: &Arc<str>, bytes: &[u8], asked: &Columns, batch: &mut Batch) -> Result<(), String> {
    let broken = |error: &dyn std::fmt::Display| {
        format!(
            "the workbook cannot be read ({error}); open it in Excel and save it anew as .xlsx, or the sheet as CSV (UTF-8)"
        )
    };
    let size = unpacked(bytes).map_err(|e| broken(&e))?;
    if size > MOST_UNPACKED {
        return Err(format!(
            "the workbook unpacks to more than {MOST_UNPACKED} bytes; split it, or save the sheet as CSV (UTF-8)"
        ));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let sheets = book.sheets_metadata().iter();
    let sheets =
        sheets.filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible);
    let names: Vec<String> = sheets.map(|s| s.name.clone()).collect();
    let mut unread = Vec::new();
    let mut n_read = 0;
    for name in names {
        // A workbook of one sheet with answers is the common one: its rows bear the name of the file alone.
        let place = match n_read {
            0 => Arc::clone(file),
            _ => Arc::from(format!("{file}[{name}]")),
        };
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merged = merged.into_iter().map(|of| Region {
            rows: u64::from(of.start.0) + 1..=u64::from(of.end.0) + 1,
            columns: of.start.1 as usize..=of.end.1 as usize,
        });
        let mut rows = Rows::new(&place, asked, merged.collect());
        add_sheet(&mut book, &name, &mut rows, batch).map_err(|e| broken(&e))?;
        match rows.close(batch) {
            Ok(()) => n_read += 1,
            Err(none) => unread.push((name, none.cause, none.rows)),
        }
    }
    if n_read == 0 {
        let cause = unread
            .into_iter()
            .find_map(|(name, cause, _)| cause.map(|cause| format!("sheet '{name}': {cause}")));
        return Err(cause.unwrap_or_else(|| "no cell of the workbook is filled".into()));
    }
    for (name, _, rows) in unread {
        let place: Arc<str> = Arc::from(format!("{file}[{name}]"));
        let rows = rows.into_iter();
        batch
            .headings
            .extend(rows.map(|(number, words)| (source(&place, Place::Row(number)), words)));
    }
    Ok(())
}

/// How many bytes the parts of a workbook say to hold.
///
/// # Errors
/// When they cannot be found, or say to hold more texts than there is room for, for which `calamine` would ask the memory.
fn unpacked(bytes: &[u8]) -> Result<u64, Box<dyn std::error::Error>> {
    let mut parts = ZipArchive::new(Cursor::new(bytes))?;
    let mut size: u64 = 0;
    for at in 0..parts.len() {
        let part = parts.by_index(at)?;
        let own = part.size();
        size = size.saturating_add(own);
        if part.name()?.ends_with("haredStrings.xml") {
            let mut head = Vec::new();
            part.take(4096).read_to_end(&mut head)?;
            let head = String::from_utf8_lossy(&head);
            let count = head.split_once("uniqueCount=").map_or("", |(_, rest)| rest);
            let digits: String = (count.chars().skip(1))
                .take_while(char::is_ascii_digit)
                .collect();
            let count = digits.parse::<u64>();
            if count.map_or(!digits.is_empty(), |count| count > own) {
                return Err("it says to hold more texts than it can".into());
            }
        }
    }
    Ok(size)
}

/// Adds the rows of a sheet.
fn add_sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    rows: &mut Rows<'_>,
    batch: &mut Batch,
) -> Result<(), XlsxError> {
    let mut cells = book.worksheet_cells_reader(name)?;
    let fonts: Vec<String> = (cells.styles().iter())
        .map(|style| style.font.as_ref().and_then(|font| font.name.clone()))
        .map(Option::unwrap_or_default)
        .collect();
    let mut row = Row::default();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (number, column) = cell.get_position();
        // Excel counts from one.
        let number = u64::from(number) + 1;
        if number != row.number {
            rows.add(std::mem::take(&mut row), batch);
            row.number = number;
        }
        let text = shown(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            return Err(XlsxError::Unexpected("a cell stands beyond column XFD"));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = match fonts.get(style) {
            Some(font) => bijoy::in_font(text, font),
            None => text,
        };
    }
    rows.add(row, batch);
    Ok(())
}

/// What a cell shows: a whole number without a point, a date as ISO 8601 writes it, nothing for an error.
fn shown(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match at.as_f64() {
                days if at.is_duration() || days < 1.0 => time,
                days if days.fract() == 0.0 => date,
                _ => format!("{date}T{time}"),
            }
        }
        Data::Error(_) | Data::Empty => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::input::{Options, read};
    use crate::record::Response;

    const ANSWERS: &[u8] = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/office/answers.xlsx"
    ));

    fn attribute<'a>(response: &'a Response, name: &str) -> &'a str {
        let mut named = response.attributes.iter().filter(|(n, _)| n == name);
        named
            .next()
            .and_then(|(_, v)| v.as_str())
            .unwrap_or_default()
    }

    #[test]
    fn a_workbook_as_an_office_keeps_it_is_read_row_by_row() {
        let batch = read("answers.xlsx", ANSWERS, &Options::default());
        let texts: Vec<&str> = batch.responses.iter().map(|r| r.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "We have two officers\nfor nine unions",
                "No money for fuel",
                // Typed in SutonnyMJ, which nothing but its font tells.
                "জনবল কম",
                "The server is down all day",
            ]
        );
        let [first, second, _, last] = &batch.responses[..] else {
            unreachable!()
        };
        // The number of the row in Excel.
        assert_eq!(first.source.to_string(), "answers.xlsx:4");
        assert_eq!(first.respondent.as_deref(), Some("101"));
        assert_eq!(attribute(first, "Date"), "2024-05-12");
        assert_eq!(attribute(first, "E"), "typed by Rina");
        // Merged over two rows, a time of day, a weight, and what stands beside the table.
        assert_eq!(attribute(second, "District"), "Khulna");
        assert_eq!(attribute(second, "Date"), "2024-05-12T14:30:00");
        assert_eq!(attribute(second, "H"), "ask again");
        assert_eq!(second.weight, 2.5);
        assert_eq!(last.source.to_string(), "answers.xlsx[Women's group]:2");
        // The title, and the sheet of notes, are told; the hidden sheet is not read.
        let headings: Vec<String> = (batch.headings.iter())
            .map(|(source, words)| format!("{source} {words}"))
            .collect();
        assert_eq!(
            headings,
            [
                "answers.xlsx:1 Workshop of 12 May, all tables",
                "answers.xlsx[Notes]:1 Nobody answered on paper"
            ]
        );
        let causes: Vec<(u64, &str)> = (batch.rejects.iter())
            .map(|r| (r.source.place.number(), r.cause.as_str()))
            .collect();
        assert_eq!(causes.len(), 3, "{causes:?}");
        assert_eq!([causes[0].0, causes[1].0, causes[2].0], [8, 9, 10]);
        assert!(causes[2].1.contains("weight"), "{causes:?}");
    }

    #[test]
    fn columns_of_a_workbook_are_asked_for_by_name() {
        let mut options = Options::default();
        options.columns.text.push("Remarks".into());
        let batch = read("answers.xlsx", ANSWERS, &options);
        assert_eq!((batch.responses.len(), batch.rejects.len()), (0, 1));
        let cause = &batch.rejects[0].cause;
        assert!(cause.contains("Remarks"), "{cause}");
    }

    #[test]
    fn a_broken_workbook_is_one_reject_with_a_remedy() {
        for bytes in [&ANSWERS[..ANSWERS.len() / 2], &ANSWERS[..3000]] {
            let batch = read("a.xlsx", bytes, &Options::default());
            assert_eq!((batch.responses.len(), batch.rejects.len()), (0, 1));
            assert!(
                batch.rejects[0].cause.contains("CSV"),
                "{}",
                batch.rejects[0].cause
            );
        }
    }

    /// The workbook with the parts that `change` makes of its own, and with one more.
    fn changed(change: impl Fn(String) -> String, more: (&str, &str)) -> Vec<u8> {
        let mut parts = ZipArchive::new(Cursor::new(ANSWERS)).unwrap();
        let mut all = vec![(more.0.to_owned(), more.1.to_owned())];
        for at in 0..parts.len() {
            let mut part = parts.by_index(at).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            all.push((part.name().unwrap().into_owned(), change(text)));
        }
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in all {
            let options = zip::write::SimpleFileOptions::default();
            out.start_file(name, options).unwrap();
            out.write_all(text.as_bytes()).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_that_lies_of_its_size_asks_for_no_memory() {
        let shared = "xl/sharedStrings.xml";
        for (count, is_lie) in [("7295347074", true), (&"9".repeat(20), true), ("0", false)] {
            let texts = format!("<sst uniqueCount=\"{count}\"></sst>");
            let batch = read(
                "a.xlsx",
                &changed(|text| text, (shared, &texts)),
                &Options::default(),
            );
            assert_eq!(batch.responses.is_empty(), is_lie, "{count}");
            let cause = &batch.rejects[0].cause;
            assert_eq!(cause.contains("more texts than it can"), is_lie, "{cause}");
        }
        let far = |text: String| text.replace("\"H5\"", "\"ZZZZZZ5\"");
        let batch = read("a.xlsx", &changed(far, ("x", "")), &Options::default());
        let causes = batch.rejects.iter().map(|r| &r.cause);
        assert!(causes.clone().any(|cause| cause.contains("XFD")));
    }
}
