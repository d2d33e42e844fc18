//! Excel workbooks: every visible sheet that has a header row with a column for the answers is read as a table is. `calamine` unpacks.
//!
//! A sheet is read that has one of the columns asked for; where none was asked for, those are whose columns for answers are surest.
//! Rows bear the name of their sheet where several are read.
//! What the rows of a sheet mean is told in `rows`.
//! A cell of words in a font for Bijoy is read as the Bangla that it shows.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::columns::no_such;
use super::draft::{Fault, source};
use super::rows::{Merged, NoTop, Region, Row, Rows, TOP, Top, top};
use super::stream::NO_ROWS;
use super::{Batch, Columns};
use crate::error::listed;
use crate::record::Place;
use crate::text::bijoy;

/// The rows and columns that a sheet can have.
const MOST_ROWS: u64 = 1 << 20;
const MOST_COLUMNS: usize = 1 << 14;

/// A cell with more bytes than this is none: Excel allows 32,767 characters.
const MOST_IN_CELL: usize = 1 << 20;

/// A workbook that unpacks to more bytes than this is not read, since its texts are held in memory; as CSV they are not.
const MOST_UNPACKED: u64 = 512 << 20;

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
            "the workbook unpacks to more than {MOST_UNPACKED} bytes; save the sheet as CSV (UTF-8), which may be of any size"
        ));
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let sheets = book.sheets_metadata().iter();
    let sheets =
        sheets.filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible);
    let names: Vec<String> = sheets.map(|s| s.name.clone()).collect();
    let mut sheets = Vec::new();
    for name in names {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merged = merged.into_iter().map(|of| Region {
            rows: u64::from(of.start.0) + 1..=u64::from(of.end.0) + 1,
            columns: of.start.1 as usize..=of.end.1 as usize,
        });
        let merged = Merged::new(merged.collect());
        let mut rows = Vec::new();
        each_row(&mut book, &name, |row| {
            rows.extend(Some(row).filter(|row| !row.is_empty()));
            rows.len() < TOP
        })
        .map_err(|e| broken(&e))?;
        if !rows.is_empty() {
            let top = top(&rows, &merged, asked);
            sheets.push((name, merged, top));
        }
    }
    let plan = plan(&sheets, asked)?;
    let n_read = plan.iter().filter(|planned| planned.is_ok()).count();
    for ((name, merged, _), planned) in sheets.into_iter().zip(plan) {
        let asked = match planned {
            Ok(asked) => asked,
            Err(cause) => {
                let note = format!("sheet '{name}' was not read: {cause}");
                batch.notes.push((source(file, Place::Row(1)), note));
                continue;
            }
        };
        // A workbook of one sheet with answers is the common one: its rows bear the name of the file alone.
        let place = match n_read {
            1 => Arc::clone(file),
            _ => Arc::from(format!("{file}[{name}]")),
        };
        let mut rows = Rows::new(&place, &asked, merged);
        each_row(&mut book, &name, |row| {
            rows.add(row, batch);
            true
        })
        .map_err(|e| broken(&e))?;
        rows.close(batch)?;
    }
    match batch.responses.is_empty() && batch.rejects.is_empty() {
        true => Err(NO_ROWS.into()),
        false => Ok(()),
    }
}

/// What of each sheet is read, or why it is not. Sheets whose headers are surest are read.
///
/// # Errors
/// When none is read, or when a column that was asked for is in none.
fn plan(
    sheets: &[(String, Merged, Result<Top, NoTop>)],
    asked: &Columns,
) -> Result<Vec<Result<Columns, String>>, String> {
    let tops = || sheets.iter().filter_map(|(_, _, top)| top.as_ref().ok());
    if let Some(cause) = no_sheet_has(sheets, asked) {
        return Err(cause);
    }
    let sure = tops().map(|top| top.sure).max();
    let among = |number: u64, names: &[String]| {
        let column = asked.text.first().map_or("text", String::as_str);
        format!(
            "no column `{column}` among {} (row {number})",
            listed(names.iter())
        )
    };
    let planned = sheets.iter().map(|(_, _, top)| {
        let top = top.as_ref().map_err(|none| among(none.number, &none.names))?;
        let own = asked.among(&top.names);
        match own.text.is_empty() {
            true if !asked.text.is_empty() => Err(among(top.number, &top.names)),
            true if Some(top.sure) < sure => Err(format!(
                "{}, which another sheet has; to read both, name the columns: --text COLUMN (several times)",
                among(top.number, &top.names)
            )),
            _ => Ok(own),
        }
    });
    let planned: Vec<_> = planned.collect();
    if planned.iter().any(Result::is_ok) {
        return Ok(planned);
    }
    // Of sheets without a header, the one that has most names.
    let without = (sheets.iter()).filter_map(|(name, _, top)| Some((name, top.as_ref().err()?)));
    let most = without.rev().max_by_key(|(_, none)| none.names.len());
    Err(most.map_or_else(
        || "no cell of the workbook is filled".into(),
        |(name, none)| format!("sheet '{name}', {}", none.cause()),
    ))
}

/// The cause where a column that was asked for is in no sheet.
fn no_sheet_has(
    sheets: &[(String, Merged, Result<Top, NoTop>)],
    asked: &Columns,
) -> Option<String> {
    let tops = sheets
        .iter()
        .filter_map(|(name, _, top)| Some((name, top.as_ref().ok()?)));
    let tops: Vec<_> = tops.collect();
    let all: Vec<String> = tops
        .iter()
        .flat_map(|(_, top)| asked.numbered(&top.names))
        .collect();
    let missing = asked.missing(&all).filter(|_| !tops.is_empty())?;
    // The sheet that has most of them, or most names.
    let rated = |(_, top): &&(&String, &Top)| (asked.n_among(&top.names), top.names.len());
    let (name, top) = tops.iter().rev().max_by_key(rated)?;
    Some(format!(
        "sheet '{name}', row {}: {}",
        top.number,
        no_such(missing, &top.names)
    ))
}

/// How many bytes the parts of a workbook unpack to, whatever they say; no more are counted than tell that it is too much.
///
/// # Errors
/// When they cannot be unpacked, or say to hold more texts than there is room for, for which `calamine` would ask the memory.
fn unpacked(bytes: &[u8]) -> Result<u64, Box<dyn std::error::Error>> {
    let mut parts = ZipArchive::new(Cursor::new(bytes))?;
    let mut size: u64 = 0;
    for at in 0..parts.len() {
        let mut part = parts.by_index(at)?;
        let holds_texts = part.name()?.ends_with("haredStrings.xml");
        let mut head = Vec::new();
        part.by_ref().take(4096).read_to_end(&mut head)?;
        let mut rest = part.take(MOST_UNPACKED.saturating_sub(size) + 1);
        let own = head.len() as u64 + io::copy(&mut rest, &mut io::sink())?;
        size = size.saturating_add(own);
        if size > MOST_UNPACKED {
            break;
        }
        if holds_texts {
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

/// Hands the rows of a sheet on, from the top, for as long as they are asked for.
fn each_row(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    mut take: impl FnMut(Row) -> bool,
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
            if !take(std::mem::take(&mut row)) {
                return Ok(());
            }
            row.number = number;
        }
        let value = cell.get_value();
        let is_typed = matches!(value, DataRef::String(_) | DataRef::SharedString(_));
        let text = shown(value);
        if text.is_empty() {
            continue;
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            return Err(XlsxError::Unexpected("a cell stands beyond column XFD"));
        }
        if number > MOST_ROWS || text.len() > MOST_IN_CELL {
            return Err(XlsxError::Unexpected(
                "more rows, or more in a cell, than Excel allows",
            ));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = match fonts.get(style).filter(|_| is_typed) {
            Some(font) => bijoy::in_font(text, font),
            None => text,
        };
    }
    take(row);
    Ok(())
}

/// What a cell shows: a whole number without a point, a date as ISO 8601 writes it, a duration in hours, nothing for an error.
fn shown(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            match at.as_f64() {
                days if at.is_duration() => {
                    let seconds = (days * 86400.0).round() as i64;
                    let sign = if seconds < 0 { "-" } else { "" };
                    let seconds = seconds.abs();
                    let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
                    format!("{sign}{hour:02}:{minute:02}:{:02}", seconds % 60)
                }
                days if days < 1.0 => time,
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
        assert_eq!(first.source.to_string(), "answers.xlsx[Answers]:4");
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
            ["answers.xlsx[Answers]:1 Workshop of 12 May, all tables"]
        );
        assert_eq!(batch.notes.len(), 1);
        let note =
            "sheet 'Notes' was not read: no column `text` among `Nobody answered on paper` (row 1)";
        assert_eq!(batch.notes[0].1, note);
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
        packed(all)
    }

    fn packed(parts: Vec<(String, String)>) -> Vec<u8> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
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
        let full = |text: String| text.replace("ask again", &"a".repeat(MOST_IN_CELL + 1));
        let batch = read("a.xlsx", &changed(full, ("x", "")), &Options::default());
        assert!(batch.rejects.iter().any(|r| r.cause.contains("in a cell")));
        let far = |text: String| text.replace("\"H5\"", "\"ZZZZZZ5\"");
        let batch = read("a.xlsx", &changed(far, ("x", "")), &Options::default());
        let causes = batch.rejects.iter().map(|r| &r.cause);
        assert!(causes.clone().any(|cause| cause.contains("XFD")));
    }

    /// A workbook of these sheets, whose cells are parted by bars.
    fn book(sheets: &[(&str, &[&str])]) -> Vec<u8> {
        let (mut names, mut parts, mut links) = (String::new(), Vec::new(), String::new());
        for (at, (name, rows)) in (1..).zip(sheets) {
            names += &format!("<sheet name=\"{name}\" sheetId=\"{at}\" r:id=\"r{at}\"/>");
            let kind =
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
            links += &format!(
                "<Relationship Id=\"r{at}\" Type=\"{kind}\" Target=\"worksheets/sheet{at}.xml\"/>"
            );
            let mut data = String::new();
            for (number, row) in (1..).zip(*rows) {
                data += &format!("<row r=\"{number}\">");
                for cell in row.split('|') {
                    data += &format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", cell.trim());
                }
                data += "</row>";
            }
            let sheet = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
            parts.push((format!("xl/worksheets/sheet{at}.xml"), sheet));
        }
        let r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        parts.push((
            "xl/workbook.xml".into(),
            format!("<workbook xmlns:r=\"{r}\"><sheets>{names}</sheets></workbook>"),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!("<Relationships>{links}</Relationships>"),
        ));
        let main =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
        let main = format!(
            "<Relationships><Relationship Id=\"r\" Type=\"{main}\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        parts.push(("_rels/.rels".into(), main));
        packed(parts)
    }

    fn read_book(sheets: &[(&str, &[&str])], text: &[&str]) -> Batch {
        let mut options = Options::default();
        options
            .columns
            .text
            .extend(text.iter().map(|&name| name.to_owned()));
        read("a.xlsx", &book(sheets), &options)
    }

    fn ids(batch: &Batch) -> Vec<&str> {
        batch.responses.iter().map(|r| r.id.as_str()).collect()
    }

    const SHEETS: &[(&str, &[&str])] = &[
        ("Codebook", &["Question | Response", "District | 1=Khulna"]),
        ("Dept A", &["SL | text", "1 | No staff"]),
        ("Dept B", &["SL | Opinion", "1 | No road"]),
    ];

    #[test]
    fn sheets_that_are_not_read_are_told_each_by_its_name() {
        let batch = read_book(SHEETS, &[]);
        assert_eq!(ids(&batch), ["a.xlsx:2"]);
        let notes: Vec<&str> = batch.notes.iter().map(|(_, note)| note.as_str()).collect();
        assert_eq!(notes.len(), 2);
        assert!(notes[0].starts_with("sheet 'Codebook' was not read: no column `text` among `Question`, `Response` (row 1), which"));
        assert_eq!(
            notes[1],
            "sheet 'Dept B' was not read: no column `text` among `SL`, `Opinion` (row 1)"
        );
        assert!(batch.headings.is_empty());
    }

    #[test]
    fn a_column_may_be_in_one_sheet_and_another_in_the_next() {
        let batch = read_book(SHEETS, &["text", "Opinion"]);
        assert_eq!(ids(&batch), ["a.xlsx[Dept A]:2", "a.xlsx[Dept B]:2"]);
        let batch = read_book(SHEETS, &["text", "Opinions"]);
        assert!(batch.responses.is_empty());
        let cause = &batch.rejects[0].cause;
        assert!(
            cause.starts_with("sheet 'Dept A', row 1: no column `Opinions` among"),
            "{cause}"
        );
    }

    #[test]
    fn a_header_without_rows_is_told_where_no_sheet_has_any() {
        let none = ("A", &["SL | text"] as &[&str]);
        assert_eq!(read_book(&[none], &[]).rejects[0].cause, NO_ROWS);
        assert!(read_book(&[none, SHEETS[1]], &[]).rejects.is_empty());
    }

    #[test]
    fn a_font_for_bijoy_changes_no_numbers_and_dates() {
        let in_font = |text: String| text.replace("\"D6\"", "\"D6\" s=\"2\"");
        let batch = read("a.xlsx", &changed(in_font, ("x", "")), &Options::default());
        assert_eq!(batch.responses[2].respondent.as_deref(), Some("103"));
    }

    #[test]
    fn durations_are_shown_in_hours() {
        use calamine::{ExcelDateTime, ExcelDateTimeType};
        let of = |days| {
            let at = ExcelDateTime::new(days, ExcelDateTimeType::TimeDelta, false);
            shown(&DataRef::DateTime(at))
        };
        assert_eq!(
            [of(26.0 / 24.0), of(0.5), of(-0.25)],
            ["26:00:00", "12:00:00", "-06:00:00"]
        );
    }
}
