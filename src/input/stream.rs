//! Cuts a file into chunks at record boundaries while it is read.

use std::io::{self, Read};
use std::sync::Arc;

use super::chunk::{Body, Chunk, oversized};
use super::draft::source;
use super::encoding::{self, Encoding};
use super::lines::{count_breaks, cut, split_line};
use super::{Columns, Format, Options, array, detect, foreign, jsonl};
use crate::record::Place;

/// So much of a file is looked at to find its encoding and its kind, whatever the size of the chunks.
const HEAD: usize = 1 << 20;

/// The chunks of a file, in order. See [`chunks`](super::chunks).
pub struct Chunks<R> {
    file: Arc<str>,
    source: encoding::Source<R>,
    options: Options,
    columns: Arc<Columns>,
    /// Decoded and not yet given out.
    buffer: Vec<u8>,
    /// The number of the buffer's first line, or of its first element where it is an array's.
    line: u64,
    more: bool,
    state: State,
}

/// The cause of a table that is nothing but its header.
#[cfg(feature = "formats")]
pub(super) const NO_ROWS: &str =
    "a header row and no rows under it; was the right sheet or the whole survey exported?";

enum State {
    Fresh,
    Reading(Body),
    /// Inside a line that was rejected as too long.
    Skipping(Body),
    Done,
}

impl<R: Read> Chunks<R> {
    pub(super) fn new(name: &str, reader: R, options: &Options) -> Self {
        Self {
            file: Arc::from(name),
            source: encoding::Source::new(reader),
            options: options.clone(),
            columns: Arc::new(options.columns.clone()),
            buffer: Vec::new(),
            line: 1,
            more: true,
            state: State::Fresh,
        }
    }

    fn chunk(&mut self, body: Body, bytes: Vec<u8>) -> Chunk {
        let first = self.line;
        self.line += body.count(&bytes, self.options.record_bytes);
        Chunk {
            file: Arc::clone(&self.file),
            first,
            bytes,
            body,
            columns: Arc::clone(&self.columns),
            record_bytes: self.options.record_bytes,
        }
    }

    /// Finds encoding and format; takes a table's header off the buffer.
    fn begin(&mut self) -> io::Result<Body> {
        let hint = self
            .options
            .format
            .or_else(|| Format::from_extension(&self.file));
        let head = self.source.peek(HEAD)?;
        #[cfg(feature = "formats")]
        match foreign::packed(head) {
            Some(Format::Workbook) => return Ok(Body::Workbook),
            Some(_) => {
                return match self.options.format {
                    None | Some(Format::Word | Format::Workbook) => Ok(Body::Word),
                    Some(format) => self.begin_document(format),
                };
            }
            None => {}
        }
        if let Some(cause) = foreign::not_text(head) {
            return Ok(fault(cause));
        }
        let (mut encoding, mark) = encoding::detect(head, head.len() >= HEAD);
        if !matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be)
            && let Some(cause) = foreign::not_words(head)
        {
            return Ok(fault(cause));
        }
        // JSON is UTF-8 by definition, so bad bytes in it are broken UTF-8.
        if encoding == Encoding::Windows1252
            && (hint == Some(Format::JsonLines)
                || head.trim_ascii_start().starts_with(b"{")
                || array::is_array(head, true))
        {
            encoding = Encoding::Utf8;
        }
        if !self.source.decode(encoding, mark) {
            return Ok(fault(
                "not UTF-8, and this build reads no other encoding (feature `formats`); save the file as UTF-8",
            ));
        }
        self.more = self.source.fill(&mut self.buffer, HEAD)?;
        if !self.more && self.buffer.trim_ascii().is_empty() {
            return Ok(fault("the file is empty"));
        }
        self.begin_text(hint)
    }

    /// Finds the format of a text.
    fn begin_text(&mut self, hint: Option<Format>) -> io::Result<Body> {
        let format = detect::format(hint, &self.buffer, self.more, &self.columns);
        if format == Format::JsonLines
            && let Some(cause) = jsonl::misses(&self.buffer, self.more, &self.columns)
        {
            self.buffer.clear();
            return Ok(fault(cause));
        }
        Ok(match format {
            Format::JsonLines if array::is_array(&self.buffer, false) => Body::JsonArray,
            Format::JsonLines => Body::JsonLines,
            Format::Csv | Format::Tsv => return self.begin_table(format == Format::Tsv),
            Format::Text | Format::Lines | Format::Workbook | Format::Word => Body::Lines,
            Format::Paragraphs => Body::Paragraphs,
            Format::List => Body::List,
            Format::Transcript => Body::Transcript,
            Format::Vtt | Format::Srt => Body::Subtitles,
        })
    }

    /// A Word document of which the caller knows better how its text is to be read.
    #[cfg(feature = "formats")]
    fn begin_document(&mut self, format: Format) -> io::Result<Body> {
        let limit = self.options.document_bytes;
        let mut packed = Vec::new();
        self.more = self.source.fill(&mut packed, limit)?;
        if self.more {
            return Ok(fault(format!(
                "longer than {limit} bytes; split the document"
            )));
        }
        match super::word::text(&packed) {
            Ok(text) => {
                self.buffer = text.into_bytes();
                self.begin_text(Some(format))
            }
            Err(cause) => Ok(fault(cause)),
        }
    }

    #[cfg(feature = "formats")]
    fn begin_table(&mut self, tabs: bool) -> io::Result<Body> {
        loop {
            match super::table::header(&self.buffer, tabs, &self.columns, !self.more) {
                Ok(Some((_, end))) if !self.more && self.buffer[end..].trim_ascii().is_empty() => {
                    return Ok(fault(NO_ROWS));
                }
                Ok(Some((header, end))) => {
                    self.line += count_breaks(&self.buffer[..end]);
                    self.buffer.drain(..end);
                    return Ok(Body::Table(Arc::new(header)));
                }
                Ok(None) if self.more && self.buffer.len() < self.options.record_bytes => {
                    let size = self.buffer.len() * 2;
                    self.more = self.source.fill(&mut self.buffer, size)?;
                }
                Ok(None) => return Ok(fault("the header row never ends")),
                Err(cause) => {
                    let header = split_line(&self.buffer).0.len();
                    self.buffer.truncate(header);
                    return Ok(fault(cause));
                }
            }
        }
    }

    #[cfg(not(feature = "formats"))]
    fn begin_table(&mut self, _tabs: bool) -> io::Result<Body> {
        Ok(fault("this build reads no tables (feature `formats`)"))
    }

    fn advance(&mut self) -> io::Result<Option<Chunk>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(None),
                State::Fresh => match self.begin()? {
                    body @ Body::Fault(..) => {
                        let bytes = std::mem::take(&mut self.buffer);
                        return Ok(Some(self.chunk(body, bytes)));
                    }
                    body => self.state = State::Reading(body),
                },
                State::Skipping(body) => {
                    if let Some(end) = cut(&self.buffer, 0) {
                        self.buffer.drain(..end);
                        self.line += 1;
                        self.state = State::Reading(body);
                    } else if self.more {
                        // A CR at the end may be half of a CR LF.
                        let keep = usize::from(self.buffer.last() == Some(&b'\r'));
                        self.buffer.drain(..self.buffer.len() - keep);
                        self.more = self.source.fill(&mut self.buffer, HEAD)?;
                        self.state = State::Skipping(body);
                    }
                }
                State::Reading(body) if body.streams() => return self.stream(body),
                State::Reading(body) => return self.whole(body).map(Some),
            }
        }
    }

    fn stream(&mut self, body: Body) -> io::Result<Option<Chunk>> {
        let mut aim = self.options.chunk_bytes.max(1);
        loop {
            if self.more {
                self.more = self.source.fill(&mut self.buffer, aim)?;
            }
            if !self.more && self.buffer.len() <= self.options.chunk_bytes {
                let bytes = std::mem::take(&mut self.buffer);
                return Ok((!bytes.is_empty()).then(|| self.chunk(body, bytes)));
            }
            if let Some(end) = body.cut(
                &self.buffer,
                self.options.chunk_bytes,
                self.options.record_bytes,
            ) {
                let rest = self.buffer.split_off(end);
                let bytes = std::mem::replace(&mut self.buffer, rest);
                self.state = State::Reading(body.clone());
                return Ok(Some(self.chunk(body, bytes)));
            }
            if !self.more {
                let bytes = std::mem::take(&mut self.buffer);
                return Ok(Some(self.chunk(body, bytes)));
            }
            if self.buffer.len() > self.options.record_bytes {
                return Ok(Some(self.give_up_line(body)));
            }
            aim = self.buffer.len().max(aim) * 2;
        }
    }

    /// No record ends within the limit: the first line becomes a reject, as [`Chunk::parse`] would make it one.
    fn give_up_line(&mut self, body: Body) -> Chunk {
        let limit = self.options.record_bytes;
        // Blank lines before a table's row; nothing else has a line end here.
        let blank = self
            .buffer
            .iter()
            .take_while(|&&b| b == b'\n' || b == b'\r')
            .count();
        self.line += count_breaks(&self.buffer[..blank]);
        self.buffer.drain(..blank);
        let length = split_line(&self.buffer).0.len();
        if let Some(end) = cut(&self.buffer, 0).filter(|_| length < limit) {
            let rest = self.buffer.split_off(end);
            let mut line = std::mem::replace(&mut self.buffer, rest);
            line.truncate(length);
            let fault = Body::Fault(body.unclosed().into(), body.place());
            self.state = State::Reading(body);
            let chunk = self.chunk(fault, line);
            self.line += 1;
            return chunk;
        }
        let place = body.place();
        let reject = oversized(
            source(&self.file, place(self.line)),
            &self.buffer[..length],
            limit,
        );
        self.state = State::Skipping(body);
        Chunk {
            file: Arc::clone(&self.file),
            first: self.line,
            bytes: reject.bytes,
            body: Body::Fault(reject.cause, place),
            columns: Arc::clone(&self.columns),
            record_bytes: limit,
        }
    }

    fn whole(&mut self, body: Body) -> io::Result<Chunk> {
        let limit = self.options.document_bytes;
        if self.more {
            self.more = self.source.fill(&mut self.buffer, limit)?;
        }
        let bytes = std::mem::take(&mut self.buffer);
        let body = if self.more {
            fault(format!(
                "longer than {limit} bytes; split the file, or read it with --input-format lines"
            ))
        } else {
            body
        };
        Ok(self.chunk(body, bytes))
    }
}

/// A file, or what is left of it, that is not read.
fn fault(cause: impl Into<String>) -> Body {
    Body::Fault(cause.into(), Place::Line)
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = io::Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

impl<R> std::fmt::Debug for Chunks<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chunks")
            .field("file", &self.file)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}
