//! The thing that is measured: bytes in memory to a tally.

use std::convert::Infallible;
use std::fmt::Write;

use memchr::memchr_iter;
use motamot::parallel::ordered_map;
use motamot::{Classifier, Response, Scratch, Tally};

/// Codes an answer a line and counts: UTF-8 validation, lines, coding, tally. Bytes that are no UTF-8 count as nothing.
pub fn to_tally(classifier: &Classifier, bytes: &[u8], scratch: &mut Scratch) -> Tally {
    let mut tally = Tally::new(classifier.taxonomy());
    let text = simdutf8::basic::from_utf8(bytes).unwrap_or_default();
    let mut response = Response::new("", "");
    let mut from = 0;
    let ends = memchr_iter(b'\n', bytes).chain((!text.ends_with('\n')).then_some(text.len()));
    for (number, end) in ends.enumerate() {
        let line = text.get(from..end).unwrap_or_default();
        from = end + 1;
        response.id.clear();
        let _ = write!(response.id, "{number}");
        response.text.clear();
        response.text.push_str(line);
        tally.add(&response, &classifier.classify(&response, scratch));
    }
    tally
}

/// The same on several threads, about a megabyte at a time.
pub fn to_tally_on(classifier: &Classifier, bytes: &[u8], threads: usize) -> Tally {
    let mut whole = Some(Tally::new(classifier.taxonomy()));
    let done: Result<(), Infallible> = ordered_map(
        pieces(bytes, 1 << 20).into_iter(),
        threads,
        1,
        Scratch::default,
        |scratch, piece| to_tally(classifier, piece, scratch),
        |tally| {
            whole = whole.take().map(|sum| sum.merge(tally));
            Ok(())
        },
    );
    match (done, whole) {
        (Ok(()), Some(tally)) => tally,
        _ => Tally::new(classifier.taxonomy()),
    }
}

/// Cuts at line ends, about so many bytes at a time.
#[must_use]
pub fn pieces(mut bytes: &[u8], size: usize) -> Vec<&[u8]> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let from = size.min(bytes.len()) - 1;
        let end = bytes[from..].iter().position(|b| *b == b'\n');
        let (piece, rest) = bytes.split_at(end.map_or(bytes.len(), |i| from + i + 1));
        out.push(piece);
        bytes = rest;
    }
    out
}
