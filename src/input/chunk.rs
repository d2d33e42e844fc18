//! A piece of a file that ends where a record ends, and how it is parsed.

use std::sync::Arc;

use super::draft::{Fault, source};
use super::lines::{count_breaks, cut, lines, utf8};
use super::{Batch, Columns, array, document, jsonl, subtitles, transcript};
use crate::record::{Place, Reject, Response, Source};

/// Bytes of an oversized line that its reject keeps.
const KEPT: usize = 64 << 10;

/// The cause of a row whose quote swallows all that follows.
pub(super) const UNCLOSED: &str = "a quote is opened here and never closed; close it or double it";

/// How the bytes of a chunk are to be read.
#[derive(Clone, Debug)]
pub(super) enum Body {
    JsonLines,
    JsonArray,
    Lines,
    #[cfg(feature = "formats")]
    Table(Arc<super::table::Header>),
    Paragraphs,
    List,
    Transcript,
    Subtitles,
    #[cfg(feature = "formats")]
    Workbook,
    #[cfg(feature = "formats")]
    Word,
    /// Not to be read at all, for this cause; what its number counts.
    Fault(String, fn(u64) -> Place),
}

impl Body {
    pub(super) fn streams(&self) -> bool {
        match self {
            Body::JsonLines | Body::JsonArray | Body::Lines => true,
            #[cfg(feature = "formats")]
            Body::Table(_) => true,
            _ => false,
        }
    }

    /// Where to cut so that a record ends there; `limit` is that of a record.
    pub(super) fn cut(&self, bytes: &[u8], aim: usize, limit: usize) -> Option<usize> {
        match self {
            Body::JsonArray => array::cut(bytes, aim, limit),
            #[cfg(feature = "formats")]
            Body::Table(header) => super::table::cut(bytes, aim, header, limit),
            _ => cut(bytes, aim),
        }
    }

    /// By how much the number of the next record is higher after these bytes.
    pub(super) fn count(&self, bytes: &[u8], limit: usize) -> u64 {
        match self {
            Body::JsonArray => array::count(bytes, limit),
            _ => count_breaks(bytes),
        }
    }

    /// What a record's number counts.
    pub(super) fn place(&self) -> fn(u64) -> Place {
        match self {
            Body::JsonArray => Place::Item,
            #[cfg(feature = "formats")]
            Body::Table(_) | Body::Workbook => Place::Row,
            _ => Place::Line,
        }
    }

    /// The cause of a record that swallows all that follows.
    pub(super) fn unclosed(&self) -> &'static str {
        match self {
            Body::JsonArray => array::UNENDED,
            _ => UNCLOSED,
        }
    }
}

/// A piece of a file that ends where a record ends.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub(super) file: Arc<str>,
    /// The number of its first line, or of its first element where it is an array's.
    pub(super) first: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) body: Body,
    pub(super) columns: Arc<Columns>,
    pub(super) record_bytes: usize,
}

impl Chunk {
    /// How many bytes of UTF-8 it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it holds no byte (an empty file is one empty chunk, whose reject says so).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it is a whole file, which cannot be cut before it is read (a transcript, a document).
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.body.streams()
    }

    /// Its responses and rejects. Pure: chunks may be parsed in any order and on any thread.
    #[must_use]
    pub fn parse(&self) -> Batch {
        let (file, bytes, first) = (&self.file, &self.bytes[..], self.first);
        match &self.body {
            Body::JsonLines => jsonl::parse(file, bytes, first, &self.columns, self.record_bytes),
            Body::JsonArray => array::parse(file, bytes, first, &self.columns, self.record_bytes),
            Body::Lines => one_a_line(file, bytes, first, self.record_bytes),
            #[cfg(feature = "formats")]
            Body::Table(header) => {
                super::table::parse(file, bytes, first, header, self.record_bytes)
            }
            Body::Paragraphs => whole(file, bytes, self.record_bytes, |l| {
                document::parse(file, l, false)
            }),
            Body::List => whole(file, bytes, self.record_bytes, |l| {
                document::parse(file, l, true)
            }),
            Body::Transcript => whole(file, bytes, self.record_bytes, |l| {
                transcript::parse(file, l, &[])
            }),
            Body::Subtitles => whole(file, bytes, self.record_bytes, |l| {
                answers(subtitles::parse(file, l))
            }),
            #[cfg(feature = "formats")]
            Body::Workbook => super::workbook::parse(file, bytes, &self.columns),
            #[cfg(feature = "formats")]
            Body::Word => super::word::parse(file, bytes, &self.columns),
            Body::Fault(cause, place) => {
                let source = source(file, place(first));
                let bytes = &bytes[..bytes.len().min(KEPT)];
                Batch {
                    responses: Vec::new(),
                    rejects: vec![Fault::from(cause.clone()).reject(source, bytes)],
                    ..Batch::default()
                }
            }
        }
    }
}

/// A line of text with its number, as the readers of whole files take it.
pub(super) type TextLine<'a> = (u64, &'a str);

fn one_a_line(file: &Arc<str>, bytes: &[u8], first: u64, limit: usize) -> Batch {
    let mut batch = Batch::default();
    for line in lines(bytes, first) {
        let source = source(file, Place::Line(line.number));
        match text_line(source, line.bytes, limit) {
            Ok((_, text)) if text.trim().is_empty() => {}
            Ok((source, text)) => batch.responses.push(Response {
                source: source.clone(),
                ..Response::new(source.to_string(), text.trim())
            }),
            Err(reject) => batch.rejects.push(reject),
        }
    }
    batch
}

/// Hands the readable lines on; a line with bad bytes is a reject and is not there for the reader.
fn whole<'a>(
    file: &Arc<str>,
    bytes: &'a [u8],
    limit: usize,
    read: impl FnOnce(&[TextLine<'a>]) -> Batch,
) -> Batch {
    let mut rejects = Vec::new();
    let mut readable = Vec::new();
    for line in lines(bytes, 1) {
        match text_line(source(file, Place::Line(line.number)), line.bytes, limit) {
            Ok((_, text)) => readable.push((line.number, text)),
            Err(reject) => rejects.push(reject),
        }
    }
    Batch {
        rejects,
        ..read(&readable)
    }
}

/// What held nothing but answers.
pub(super) fn answers(responses: Vec<Response>) -> Batch {
    Batch {
        responses,
        ..Batch::default()
    }
}

fn text_line(source: Source, bytes: &[u8], limit: usize) -> Result<(Source, &str), Reject> {
    if bytes.len() >= limit {
        return Err(oversized(source, bytes, limit));
    }
    match utf8(bytes) {
        Ok(text) => Ok((source, text)),
        Err(cause) => Err(Fault::from(cause).reject(source, bytes)),
    }
}

/// The reject for a line of `limit` bytes or more.
pub(super) fn oversized(source: Source, bytes: &[u8], limit: usize) -> Reject {
    let kept = KEPT.min(limit).min(bytes.len());
    let cause = format!("the line is {limit} bytes long or longer; is this a text file?");
    Fault::from(cause).reject(source, &bytes[..kept])
}
