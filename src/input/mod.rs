//! Bytes to responses or rejects: one file of this room for each format, and one streaming path for all of them.
//!
//! [`chunks`] cuts a file at the boundaries of its records, so that a file of any size is read in bounded memory and its
//! chunks can be parsed in parallel; [`Chunk::parse`] is pure, and ids and line numbers do not depend on where the cuts fall.
//! Tables, JSON Lines, JSON arrays and one-answer-a-line text stream in chunks of about [`Options::chunk_bytes`]. Transcripts, subtitles,
//! paragraphs and lists are read whole, since a turn or an item may go on anywhere; so are workbooks and Word documents.

use std::io::Read;

use crate::record::{Reject, Response, Source};

mod array;
mod cast;
mod chat;
mod chunk;
#[cfg(feature = "formats")]
mod codings;
mod columns;
mod cues;
mod dashed;
mod detect;
mod document;
mod draft;
mod encoding;
mod foreign;
mod grid;
mod heading;
mod jsonl;
mod lines;
mod marker;
mod merged;
mod moderator;
#[cfg(feature = "formats")]
mod quotes;
#[cfg(feature = "formats")]
mod rows;
mod slash;
mod speaker;
mod stamp;
mod stream;
mod subtitles;
#[cfg(feature = "formats")]
mod table;
mod transcript;
#[cfg(feature = "formats")]
mod word;
#[cfg(feature = "formats")]
mod workbook;

pub use chunk::Chunk;
#[cfg(feature = "formats")]
pub use codings::{Codings, codings};
pub use columns::Columns;
pub use stream::Chunks;

/// The cause of a reject without words, where no other column was named for them.
pub const NO_TEXT: &str = "no `text`, or an empty one";

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// One JSON object a line, or an array of objects; always UTF-8.
    JsonLines,
    /// A table with a header row; the separator (comma, semicolon, tab or bar) is found from the header.
    Csv,
    /// A table with a header row, separated by tabs.
    Tsv,
    /// Plain text whose kind is found from its content: lines, paragraphs, list or transcript.
    Text,
    /// Plain text, one answer a line.
    Lines,
    /// Plain text, one answer a paragraph; blank lines separate.
    Paragraphs,
    /// Plain text with headings, bulleted or numbered items, and merged answer lists.
    List,
    /// Plain text of a conversation, `Name: words`.
    Transcript,
    /// `WebVTT` captions of a conversation.
    Vtt,
    /// `SubRip` captions of a conversation.
    Srt,
    /// An Excel workbook (`.xlsx`): its visible sheets that have a header row with a column for the answers.
    Workbook,
    /// A Word document (`.docx`): its paragraphs are lines of plain text, whose kind is found from its content.
    Word,
}

impl Format {
    /// Every format with the name that `--input-format` takes.
    pub const NAMES: &'static [(&'static str, Format)] = &[
        ("jsonl", Format::JsonLines),
        ("csv", Format::Csv),
        ("tsv", Format::Tsv),
        ("text", Format::Text),
        ("lines", Format::Lines),
        ("paragraphs", Format::Paragraphs),
        ("list", Format::List),
        ("transcript", Format::Transcript),
        ("vtt", Format::Vtt),
        ("srt", Format::Srt),
        ("xlsx", Format::Workbook),
        ("docx", Format::Word),
    ];

    /// The format of that name; surrounding space and ASCII case do not matter.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::NAMES
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|&(_, f)| f)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|&&(_, f)| f == self)
            .map_or("text", |&(n, _)| n)
    }

    /// The format that a file's extension names, if it is one of ours; `txt`, `md` and `text` give [`Format::Text`].
    #[must_use]
    pub fn from_extension(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Some(Format::JsonLines),
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "txt" | "text" | "md" => Some(Format::Text),
            "vtt" => Some(Format::Vtt),
            "srt" => Some(Format::Srt),
            "xlsx" | "xlsm" => Some(Format::Workbook),
            "docx" | "docm" => Some(Format::Word),
            _ => None,
        }
    }
}

/// How to read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The format; found from the extension, then from the content, where it is `None`.
    pub format: Option<Format>,
    /// Which columns of a table or of JSON are meant for what, where their names do not tell.
    pub columns: Columns,
    /// Aimed size of a chunk in bytes (1 MiB). It has no influence on what is read.
    pub chunk_bytes: usize,
    /// A line or row of this many bytes or more is a reject (64 MiB), so that no input can fill the memory.
    pub record_bytes: usize,
    /// A file that has to be read whole (a transcript, a document) is a reject from this size on (1 GiB).
    pub document_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            columns: Columns::default(),
            chunk_bytes: 1 << 20,
            record_bytes: 64 << 20,
            document_bytes: 1 << 30,
        }
    }
}

impl Options {
    /// The defaults with this format, or with detection where it is `None`.
    #[must_use]
    pub fn with_format(format: Option<Format>) -> Self {
        Self {
            format,
            ..Self::default()
        }
    }
}

/// What a chunk, or a whole file, held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The responses, in input order.
    pub responses: Vec<Response>,
    /// What could not be read, in input order.
    pub rejects: Vec<Reject>,
    /// Cells without words in columns that [`Columns::text`] names, of rows that have words in others. They are no rejects.
    pub empty_cells: u64,
    /// Lines of a plain text that were taken for headings, questions or names of those present, and for no answers; in input order.
    pub headings: Vec<(Source, String)>,
    /// What else is to be known of the file: sheets that were not read, and why.
    pub notes: Vec<(Source, String)>,
}

impl Batch {
    /// Puts `other`, which stood after this one in the file, behind it.
    pub fn append(&mut self, mut other: Batch) {
        self.responses.append(&mut other.responses);
        self.rejects.append(&mut other.rejects);
        self.empty_cells += other.empty_cells;
        self.headings.append(&mut other.headings);
        self.notes.append(&mut other.notes);
    }
}

/// Reads `reader` piece by piece; `name` is the file's name, from which ids are made and the extension is taken.
///
/// # Errors
/// The iterator gives an `Err`, and then ends, when the reader fails. Faults of the content are rejects, never errors.
pub fn chunks<R: Read>(name: &str, reader: R, options: &Options) -> Chunks<R> {
    Chunks::new(name, reader, options)
}

/// Reads a file that is already in memory.
#[must_use]
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Batch {
    let mut all = Batch::default();
    // A slice never fails to be read.
    for chunk in chunks(name, bytes, options).flatten() {
        all.append(chunk.parse());
    }
    all
}

#[cfg(test)]
mod tests;
