//! Tells a cell of many lines from a quote that somebody forgot to close, which swallows the rows below it up to the next quote.
//!
//! A program that writes a table closes a cell before a separator or a line end and doubles the quotes inside. A forgotten quote is
//! mostly ended by one that opens another cell, or stands in the middle of one: words follow it, and what lies between reads as
//! rows. Where it happens to be closed well, only rows that begin with ids like that of the first one are surely rows, since lines
//! of prose may hold as many commas.

use super::lines::split_line;

/// What the rows of a table look like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) delimiter: u8,
    /// How many cells the header has.
    pub(super) cells: usize,
}

/// Where a byte stands, in the way in which `csv-core` reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Where a cell begins.
    Start,
    Bare,
    Quoted,
    /// After a quote that ends a cell, if no second one follows.
    Closing,
}

/// The quotes and cells of a record, as far as it was read.
#[derive(Clone, Copy, Debug)]
struct Reading {
    delimiter: u8,
    at: At,
    cells: usize,
    /// Whether a cell behind the first begins with a blank, as after the commas of prose.
    is_spaced: bool,
}

impl Reading {
    fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            at: At::Start,
            cells: 1,
            is_spaced: false,
        }
    }

    /// Reads a line without its ending. Gives whether words follow the quote that closes the first cell to be closed.
    fn line(&mut self, line: &[u8]) -> Option<bool> {
        let mut closed = None;
        for &byte in line {
            let is_delimiter = byte == self.delimiter;
            if self.at == At::Closing && byte != b'"' {
                closed = closed.or(Some(!is_delimiter));
            }
            self.cells += usize::from(is_delimiter && self.at != At::Quoted);
            self.is_spaced |= self.at == At::Start && self.cells > 1 && byte == b' ';
            self.at = match (self.at, byte) {
                (At::Start | At::Closing, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::Closing,
                (At::Quoted, _) => At::Quoted,
                _ if is_delimiter => At::Start,
                _ => At::Bare,
            };
        }
        if self.at == At::Closing {
            closed = closed.or(Some(false));
        }
        closed
    }
}

/// What is to be thought of a quote that a line leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// There is none, or it opens a cell.
    Rightly,
    /// It was forgotten, as so many bytes tell.
    ByMistake(usize),
    /// It hangs on what comes after the bytes.
    Unknown,
}

/// What is to be thought of a quote that the first line of `bytes` leaves open; `ended`: nothing comes after them.
pub(super) fn opened(bytes: &[u8], rows: Rows, ended: bool) -> Opened {
    let mut signs = bytes.iter().filter(|b| matches!(b, b'"' | b'\n' | b'\r'));
    if signs.next() != Some(&b'"') {
        return Opened::Rightly;
    }
    let (first, mut rest) = split_line(bytes);
    let mut reading = Reading::new(rows.delimiter);
    reading.line(first);
    let id = rows.shape_of_id(first).filter(|_| reading.cells > 1);
    let mut ending = ending(bytes, first, rest);
    // Each turn is a cell of several lines. A record of more cells than the header has is a fault anyway.
    while reading.at == At::Quoted && reading.cells <= rows.cells {
        let begun = ending;
        let mut inner = Vec::new();
        let has_words_behind = loop {
            if rest.is_empty() {
                let is_filled = |line: &&[u8]| !line.trim_ascii().is_empty();
                return match (ended, inner.iter().any(is_filled)) {
                    (false, _) => Opened::Unknown,
                    (true, true) => Opened::ByMistake(bytes.len()),
                    (true, false) => Opened::Rightly,
                };
            }
            let (line, after) = split_line(rest);
            ending = self::ending(rest, line, after);
            // An LF may still come.
            if !ended && (ending.is_empty() || ending == b"\r" && after.is_empty()) {
                return Opened::Unknown;
            }
            rest = after;
            inner.push(line);
            if let Some(has_words) = reading.line(line) {
                break has_words;
            }
        };
        // Spreadsheets break a line in a cell otherwise than they end a row.
        let may_end_rows = ending.is_empty() || ending == begun;
        if may_end_rows && rows.are_in(&inner, id.as_deref(), has_words_behind) {
            return Opened::ByMistake(bytes.len() - rest.len());
        }
    }
    Opened::Rightly
}

/// What stands between a line and `after`.
fn ending<'a>(bytes: &'a [u8], line: &[u8], after: &[u8]) -> &'a [u8] {
    &bytes[line.len()..bytes.len() - after.len()]
}

impl Rows {
    /// Whether the lines that a cell goes on over are rows; `id`: how that of its own row looks; `has_words_behind`: words follow
    /// the quote that closes it.
    fn are_in(self, lines: &[&[u8]], id: Option<&str>, has_words_behind: bool) -> bool {
        let rows = || lines.iter().filter(|line| self.is_row(line));
        let n = rows().count();
        let are_alike = || id.is_some() && rows().all(|r| self.shape_of_id(r).as_deref() == id);
        match has_words_behind {
            true => n >= 2 || n == 1 && are_alike(),
            false => n >= 2 && n + 1 >= lines.len() && are_alike(),
        }
    }

    /// Whether a line by itself has the cells of a row, of which it may leave the last one open as well. In a table of one column all
    /// lines would.
    fn is_row(self, line: &[u8]) -> bool {
        let mut reading = Reading::new(self.delimiter);
        reading.line(line);
        self.cells > 1 && reading.cells == self.cells && !reading.is_spaced
    }

    /// How the first cell is typed, where it has a number as ids and times do: 'R12' as 'R0'.
    fn shape_of_id(self, line: &[u8]) -> Option<String> {
        let cell = line.split(|&b| b == self.delimiter).next()?;
        let cell = String::from_utf8_lossy(cell);
        let mut shape = String::new();
        for c in cell.trim_matches([' ', '"']).chars() {
            match c.is_numeric() {
                true if shape.ends_with('0') => {}
                true => shape.push('0'),
                false => shape.push(c),
            }
        }
        shape.contains('0').then_some(shape)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, cells: usize) -> bool {
        let rows = Rows {
            delimiter: b',',
            cells,
        };
        opened(text.as_bytes(), rows, true) != Opened::Rightly
    }

    #[test]
    fn a_forgotten_quote_is_known_by_the_rows_that_it_swallows() {
        for (text, cells) in [
            // Another cell's quote ends it.
            (
                "5,\"no staff,X\n6,slow net,Y\n7,no road,X\n8,\"net\",Y\n",
                3,
            ),
            (
                "\"no staff,X\nslow net,Y\nno road,X\nthe \"net\" is slow,Y\n",
                2,
            ),
            // One row is enough where its id tells.
            ("\"5\",\"no staff\",\"X\n\"6\",\"no road\",\"Y\"\n", 3),
            // Forgotten in each row.
            ("5,\"no staff\n6,\"no road\n7,\"no net\n", 2),
            // Closed well, but in another row.
            ("5,\"no staff\n6,slow net\n7,no road\"\n", 2),
            (
                "R-৫,\"no staff,X\r\nR-৬,slow net,Y\r\nR-৭,no road\",X\r\n",
                3,
            ),
            // Never closed.
            ("5,\"no staff\n6,six\n", 2),
            ("5,\"no \"\"staff\n6,six", 2),
            // The second of two cells.
            ("5,\"no\nstaff\",\"X\n6,a,Y\n7,b,X\n8,\"c\",Y\n", 3),
        ] {
            assert!(found(text, cells), "{text}");
        }
    }

    #[test]
    fn a_cell_of_many_lines_is_one_cell() {
        for (text, cells) in [
            ("5,\"no staff\nno road\nno net\",X\n", 3),
            (
                "5,\"no staff, no road\nno bus, no boat\nno net, no money\"\n",
                2,
            ),
            (
                "5,\"no staff,no road\nno bus,no boat\nno net,no money\"\n",
                2,
            ),
            ("5,\"We lack:\n1, staff, money\n2, roads, boats\",X\n", 3),
            ("5,\"We lack:\n1,staff\n2,roads\nand more\nof it\"\n", 2),
            ("\"no staff,none\nno bus,no boat\nno net,none\",X\n", 2),
            // Not even where a spreadsheet's cell looks like rows, since it breaks lines without a CR.
            ("5,\"a\n1,staff\n2,roads\"\r\n", 2),
            (
                "5,\"he said \"\"no,never\"\"\nand \"\"so,what\"\"\nand left\"\n",
                2,
            ),
            // Hand-made, with quotes that nobody doubled.
            ("5,\"they left\nhe said \"no\" and left\"\n", 2),
            ("\"one\ntwo\nthree\nthe \"fourth\"\n", 1),
            ("5,\"cut off", 2),
            ("5,\"cut off\n\n", 2),
            ("5,a \"b\n6,c\n7,d\n8,e\"\n", 2),
        ] {
            assert!(!found(text, cells), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_record_ends_where_csv_core_ends_it(text in "[a\",]{0,8}(\n[a\",]{0,8}){0,4}\n") {
            prop_assume!(!text.starts_with('\n'));
            let (mut out, mut ends) = ([0; 64], [0; 64]);
            let mut core = csv_core::Reader::new();
            let (result, read, _, cells) = core.read_record(text.as_bytes(), &mut out, &mut ends);
            let mut reading = Reading::new(b',');
            let mut lines = text.split_inclusive('\n');
            let of_record = lines.by_ref().take_while(|line| {
                reading.line(line.trim_end().as_bytes());
                reading.at == At::Quoted
            });
            let inner: usize = of_record.map(str::len).sum();
            if result == csv_core::ReadRecordResult::Record {
                let last = text[inner..].split_inclusive('\n').next().map_or(0, str::len);
                prop_assert_eq!((read, cells), (inner + last, reading.cells));
            } else {
                prop_assert_eq!(inner, text.len());
            }
        }
    }
}
