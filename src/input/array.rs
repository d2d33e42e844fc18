//! A JSON array of objects, as programs export it.
//!
//! Its objects are cut apart by their brackets before any is parsed: a broken one spoils no other, a file of any size is read in
//! bounded memory, and its pieces are parsed on several threads.

use std::ops::Range;
use std::sync::Arc;

use super::chunk::oversized;
use super::draft::{Draft, Fault, source};
use super::jsonl;
use super::lines::split_line;
use super::{Batch, Columns};
use crate::record::Place;

/// The cause of an object that swallows all that follows.
pub(super) const UNENDED: &str =
    "an object begins here and never ends; close its quotes and brackets";

/// Whether a text is an array of objects; `surely`: even where it could be anything, such as a transcript with its time stamps.
pub(super) fn is_array(text: &[u8], surely: bool) -> bool {
    let Some(inner) = text.trim_ascii_start().strip_prefix(b"[") else {
        return false;
    };
    let Some(object) = inner.trim_ascii_start().strip_prefix(b"{") else {
        return !surely;
    };
    !surely || object.trim_ascii_start().starts_with(b"\"")
}

/// What a stretch of an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Object,
    /// A line given up: it begins an object that never ends or is too long, or is too long itself.
    Torn,
    /// What stands before an object or to the end of a line.
    Between,
}

/// Steps through the pieces of an array's bytes, which begin where a piece begins. `None` also where one has not ended and more
/// may come.
struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    ended: bool,
    limit: usize,
    /// Where the brackets stand that were found never to be closed, ascending.
    open: Vec<usize>,
}

impl<'a> Pieces<'a> {
    fn new(bytes: &'a [u8], ended: bool, limit: usize) -> Self {
        Self {
            bytes,
            at: 0,
            ended,
            limit,
            open: Vec::new(),
        }
    }

    fn object(&mut self) -> Option<(Piece, usize)> {
        let start = self.at;
        // Looked up, or a file of nothing but opening brackets would be read to its end from each of them.
        if self.open.binary_search(&start).is_err() {
            self.open.clear();
            match close(self.bytes, start, &mut self.open) {
                Close::At(end) if end - start < self.limit => return Some((Piece::Object, end)),
                Close::Unknown if !self.ended => return None,
                _ => {}
            }
        }
        Some((Piece::Torn, self.line_end()?))
    }

    fn between(&self) -> Option<(Piece, usize)> {
        let rest = &self.bytes[self.at..];
        let sign = rest.iter().position(|b| matches!(b, b'{' | b'\n' | b'\r'));
        let end = match sign.map(|at| (at, rest[at])) {
            Some((at, b'{')) => self.at + at,
            _ => self.line_end()?,
        };
        if end - self.at >= self.limit {
            return Some((Piece::Torn, self.line_end()?));
        }
        Some((Piece::Between, end))
    }

    /// One past the line that `at` stands in.
    fn line_end(&self) -> Option<usize> {
        let (line, rest) = split_line(&self.bytes[self.at..]);
        let end = self.bytes.len() - rest.len();
        // At the end of what is there, a line may go on, and a CR may be half of a CR LF.
        let is_known = self.ended
            || !rest.is_empty()
            || self.at + line.len() < end && self.bytes.last() == Some(&b'\n');
        is_known.then_some(end)
    }
}

impl Iterator for Pieces<'_> {
    type Item = (Piece, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let (piece, end) = match self.bytes.get(start)? {
            b'{' => self.object()?,
            _ => self.between()?,
        };
        self.at = end;
        Some((piece, start..end))
    }
}

enum Close {
    At(usize),
    /// It is closed by a bracket of the other kind.
    Never,
    /// The bytes end before.
    Unknown,
}

/// Finds the end of the object that begins at `start`; `open` then holds the brackets that are still open.
fn close(bytes: &[u8], start: usize, open: &mut Vec<usize>) -> Close {
    let (mut quoted, mut escaped) = (false, false);
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        if quoted {
            // No string of JSON holds a line end: a quote was left open.
            let is_end = matches!(byte, b'\n' | b'\r') || byte == b'"' && !escaped;
            quoted = !is_end;
            escaped = byte == b'\\' && !escaped && quoted;
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => open.push(at),
            b'}' | b']' => {
                let opening = if byte == b'}' { b'{' } else { b'[' };
                if open.last().is_none_or(|&at| bytes[at] != opening) {
                    return Close::Never;
                }
                open.pop();
                if open.is_empty() {
                    return Close::At(at + 1);
                }
            }
            _ => {}
        }
    }
    Close::Unknown
}

/// Where to cut so that a piece ends there: the last end at or before `aim`, else the first one after it.
pub(super) fn cut(bytes: &[u8], aim: usize, limit: usize) -> Option<usize> {
    let mut found = None;
    for (_, range) in Pieces::new(bytes, false, limit) {
        if range.end > aim {
            return found.or(Some(range.end));
        }
        found = Some(range.end);
    }
    found
}

/// How many elements the bytes hold, broken ones among them.
pub(super) fn count(bytes: &[u8], limit: usize) -> u64 {
    Pieces::new(bytes, true, limit)
        .filter(|(piece, range)| *piece != Piece::Between || tells(&bytes[range.clone()]))
        .count() as u64
}

/// Whether anything stands between objects that should not.
fn tells(between: &[u8]) -> bool {
    let is_sign = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b'[' | b']');
    !between.iter().all(is_sign)
}

/// The objects of the bytes with which an array begins; `ended`: they are all of it.
pub(super) fn objects(bytes: &[u8], ended: bool) -> impl Iterator<Item = &[u8]> {
    Pieces::new(bytes, ended, usize::MAX)
        .filter(|(piece, _)| *piece == Piece::Object)
        .map(|(_, range)| &bytes[range])
}

/// Reads the elements of `bytes`, the first of which has the number `first`.
pub(super) fn parse(
    file: &Arc<str>,
    bytes: &[u8],
    first: u64,
    columns: &Columns,
    limit: usize,
) -> Batch {
    let mut batch = Batch::default();
    let mut number = first;
    for (piece, range) in Pieces::new(bytes, true, limit) {
        let piece_bytes = &bytes[range];
        if piece == Piece::Between && !tells(piece_bytes) {
            continue;
        }
        let source = source(file, Place::Item(number));
        number += 1;
        let line = split_line(piece_bytes).0;
        let (fault, bytes) = match piece {
            Piece::Object => {
                let draft = Draft::new(source.clone());
                match jsonl::row(piece_bytes, draft, columns, &mut batch) {
                    Ok(()) => continue,
                    Err(fault) => (fault, piece_bytes),
                }
            }
            Piece::Torn if line.len() >= limit => {
                batch.rejects.push(oversized(source, line, limit));
                continue;
            }
            Piece::Torn => (Fault::from(UNENDED.to_owned()), line),
            Piece::Between => (
                Fault::from("no JSON object: each element of the array is one, such as {\"id\": \"1\", \"text\": \"…\"}".to_owned()),
                piece_bytes.trim_ascii(),
            ),
        };
        batch.rejects.push(fault.reject(source, bytes));
    }
    batch
}

#[cfg(test)]
mod tests {
    use crate::input::{Format, Options, read};

    fn ids_and_faults(name: &str, text: &str) -> (Vec<String>, Vec<(u64, String)>) {
        let batch = read(name, text.as_bytes(), &Options::default());
        let ids = batch.responses.into_iter().map(|r| r.id).collect();
        let faults = batch.rejects.into_iter();
        let told = |r: crate::record::Reject| {
            let bytes = String::from_utf8_lossy(&r.bytes).into_owned();
            (r.source.place.number(), bytes)
        };
        (ids, faults.map(told).collect())
    }

    #[test]
    fn an_array_is_read_however_it_is_laid_out() {
        let pretty = "\u{feff}[\n  {\n    \"text\": \"a ] } \\\" {\",\n    \"tags\": [\"x\", {\"y\": []}]\n  },\n  {\"text\": \"b\", \"id\": 7}\n]\n";
        assert_eq!(
            ids_and_faults("a.json", pretty),
            (vec!["a.json:1".into(), "7".into()], vec![])
        );
        // On one line ids still differ, since elements are counted.
        let dense = r#"[{"text":"a"},{"text":"b"},{"text":"c"}]"#;
        for name in ["a.json", "a.jsonl", "-"] {
            let want = [1, 2, 3].map(|n| format!("{name}:{n}"));
            assert_eq!(ids_and_faults(name, dense), (want.to_vec(), vec![]));
        }
        assert_eq!(ids_and_faults("a.json", "[]\n"), (vec![], vec![]));
    }

    #[test]
    fn a_broken_element_spoils_no_other() {
        let text = "[ 3, {\"text\":\"a\"},\n{\"text\":\"open},\n{\"text\":\"b\"},\n{\"text\": },\n{\"id\":\"no text\"},\n{\"text\":\"c\"},\n{\"text\":\"cut o";
        let (ids, faults) = ids_and_faults("a.json", text);
        assert_eq!(ids, ["a.json:2", "a.json:4", "a.json:7"]);
        let places: Vec<u64> = faults.iter().map(|f| f.0).collect();
        assert_eq!(places, [1, 3, 5, 6, 8]);
        assert_eq!(faults[1].1, "{\"text\":\"open},");
        assert_eq!(faults[4].1, "{\"text\":\"cut o");
    }

    #[test]
    fn many_open_brackets_are_read_in_one_go() {
        let text = format!("[{{\"text\":\"a\"}},\n{}]", "{\n".repeat(200_000));
        let (ids, faults) = ids_and_faults("a.json", &text);
        assert_eq!((ids.len(), faults.len()), (1, 200_000));
    }

    #[test]
    fn time_stamps_and_lines_of_json_are_no_arrays() {
        let stamped = "[00:01] M: Shall we?\n[00:02] P1: Yes.\n[00:03] P2: No.\n";
        let batch = read("a.txt", stamped.as_bytes(), &Options::default());
        assert_eq!(batch.responses.len(), 3);
        let lines = b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
        let options = Options::with_format(Some(Format::JsonLines));
        let batch = read("-", lines, &options);
        assert_eq!(batch.responses[1].id, "-:2");
    }
}
