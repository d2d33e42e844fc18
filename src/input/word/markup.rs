//! The paragraphs and tables of a Word document, out of its markup (ECMA-376, `WordprocessingML`).

use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;
use zip::ZipArchive;

use super::styles::{Styles, attribute, each, font, is_heading, is_on};
use crate::text::bijoy;

/// What stands in a document, from its top.
pub(super) enum Block {
    Paragraph(Paragraph),
    Table(Vec<Row>),
}

/// A paragraph, or a line of one that is broken by hand.
#[derive(Default)]
pub(super) struct Paragraph {
    /// Its number among the lines of the document, of which each row of a table is one.
    pub(super) line: u64,
    /// With the bullet or number that Word puts before it.
    pub(super) text: String,
    pub(super) is_heading: bool,
    /// Bytes of that bullet or number.
    sign: usize,
    /// So many bytes of its own words, from the first, are bold.
    bold: usize,
}

/// A row of a table.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<Cell>,
}

/// A cell of a table; one that is several columns wide is followed by empty ones.
#[derive(Default)]
pub(super) struct Cell {
    /// Its paragraphs that have words.
    pub(super) paragraphs: Vec<String>,
    /// Whether the cell above goes on here.
    pub(super) goes_on: bool,
}

impl Cell {
    pub(super) fn text(&self) -> String {
        self.paragraphs.join(" ")
    }
}

impl Paragraph {
    /// Its own words.
    pub(super) fn words(&self) -> &str {
        &self.text[self.sign..]
    }

    /// What stands in bold before a colon or a tab, as the name of who speaks does, and what follows that.
    pub(super) fn bold_label(&self) -> Option<(&str, &str)> {
        const COLONS: [char; 2] = [':', '：'];
        let (bold, rest) = self.words().split_at(self.bold);
        let (label, rest) = match bold.trim_end().strip_suffix(COLONS) {
            Some(label) => (label, rest),
            None => {
                let bare = rest.trim_start_matches(' ');
                let after = bare
                    .strip_prefix(COLONS)
                    .or_else(|| bare.strip_prefix('\t'));
                (bold, after?)
            }
        };
        let label = label.trim();
        (!label.is_empty() && !label.contains(COLONS)).then_some((label, rest))
    }

    /// Its words, where they are all bold.
    pub(super) fn bold_words(&self) -> Option<&str> {
        let words = self.words().trim();
        (!words.is_empty() && self.bold >= self.words().trim_end().len()).then_some(words)
    }
}

/// The blocks of a document of at most `limit` bytes of markup.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub(super) fn blocks(bytes: &[u8], limit: usize) -> Result<Vec<Block>, String> {
    let broken = |error: &dyn std::fmt::Display| {
        format!(
            "the document cannot be read ({error}); open it in Word and save it anew as .docx, or as plain text (.txt, UTF-8)"
        )
    };
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    // Some programs call it `document2.xml`.
    let is_main = |name: &str| name.starts_with("word/document") && name.ends_with(".xml");
    let main = (parts.file_names().flatten()).find_map(|n| is_main(&n).then(|| n.into_owned()));
    let Some(main) = main else {
        return Err(broken(&"it has no text part"));
    };
    let mut part = |name: &str| -> Result<String, String> {
        let part = parts.by_name(name).map_err(|e| broken(&e))?;
        let mut xml = String::new();
        let mut part = part.take(limit as u64 + 1);
        part.read_to_string(&mut xml).map_err(|e| broken(&e))?;
        match xml.len() > limit {
            true => Err(format!(
                "longer than {limit} bytes when unpacked; split the document"
            )),
            false => Ok(xml),
        }
    };
    // A document without them says all on the spot.
    let [styles, numbering] =
        ["word/styles.xml", "word/numbering.xml"].map(|name| part(name).unwrap_or_default());
    let styles = Styles::read(&styles, &numbering).map_err(|e| broken(&e))?;
    Body::read(&part(&main)?, &styles).map_err(|e| broken(&e))
}

/// The columns that a table of Word can have (63) and some more.
const MOST_COLUMNS: usize = 100;

/// What is no part of the text, or is told a second time: for older programs, or as it was before a tracked change.
const LEFT_OUT: &[&str] = &[
    "Fallback",
    "del",
    "moveFrom",
    "rPrChange",
    "pPrChange",
    "trPrChange",
    "tcPrChange",
    "tblPrChange",
    "sectPrChange",
];

/// A paragraph that is being read.
#[derive(Default)]
struct OpenParagraph {
    /// Stretches of one font each, bold or not.
    stretches: Vec<(String, bool, String)>,
    style: Option<String>,
    /// What it says itself, and not by its style.
    numbering: Option<String>,
    is_heading: Option<bool>,
}

impl OpenParagraph {
    /// Words go on over runs, since these break syllables of Bijoy.
    fn add(&mut self, words: &str, font: &str, is_bold: bool) {
        match self.stretches.last_mut() {
            Some((last, bold, text)) if last == font && *bold == is_bold => text.push_str(words),
            _ => (self.stretches).push((font.to_owned(), is_bold, words.to_owned())),
        }
    }
}

/// What is said of a run of words.
#[derive(Default)]
struct Run {
    /// Its font, told on the spot or by its style.
    font: Option<String>,
    is_bold: bool,
    is_hidden: bool,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    /// The columns of the cell that is open.
    width: usize,
}

/// The document as far as it was read.
struct Body<'a> {
    styles: &'a Styles,
    blocks: Vec<Block>,
    line: u64,
    /// Those that are open: one may stand in a cell of another.
    tables: Vec<OpenTable>,
    /// Those that are open: a box stands within a paragraph and has its own.
    paragraphs: Vec<OpenParagraph>,
    run: Run,
    is_text: bool,
    /// Whether in what is said of a paragraph, and of the sign at its end.
    is_mark: bool,
    /// Whether a field is open that nobody has filled in.
    is_unfilled: bool,
    /// How deep in what is left out.
    left_out: usize,
    /// The last number of each numbering.
    numbers: FxHashMap<String, u32>,
}

impl<'a> Body<'a> {
    fn read(xml: &str, styles: &'a Styles) -> Result<Vec<Block>, quick_xml::Error> {
        let mut body = Self {
            styles,
            blocks: Vec::new(),
            line: 0,
            tables: Vec::new(),
            paragraphs: Vec::new(),
            run: Run::default(),
            is_text: false,
            is_mark: false,
            is_unfilled: false,
            left_out: 0,
            numbers: FxHashMap::default(),
        };
        each(xml, |event| match event {
            Event::Start(tag) => body.open(tag),
            Event::Empty(tag) => {
                body.open(tag);
                body.close(tag.local_name().as_ref());
            }
            Event::End(tag) => body.close(tag.local_name().as_ref()),
            Event::Text(text) if body.is_text => body.add(&text.xml10_content()),
            Event::CData(text) if body.is_text => body.add(&text.xml10_content()),
            Event::GeneralRef(name) if body.is_text => {
                let named = || match &*name.xml10_content() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "apos" => Some('\''),
                    "quot" => Some('"'),
                    _ => None,
                };
                if let Some(sign) = name.resolve_char_ref().ok().flatten().or_else(named) {
                    body.add(sign.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        })?;
        Ok(body.blocks)
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name = name.as_ref();
        let is_unfilled = name == "sdtContent" && std::mem::take(&mut self.is_unfilled);
        if self.left_out > 0 || is_unfilled || LEFT_OUT.contains(&name) {
            self.left_out += 1;
            return;
        }
        let of_run = !self.is_mark;
        match name {
            "tbl" => self.tables.push(OpenTable::default()),
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cells.push(Cell::default());
                    table.width = 1;
                }
            }
            "gridSpan" => {
                let width = attribute(tag, "val").and_then(|n| n.parse().ok());
                if let Some(table) = self.tables.last_mut() {
                    table.width = width.unwrap_or(1).clamp(1, MOST_COLUMNS);
                }
            }
            // Columns that a row leaves out at its beginning.
            "gridBefore" => {
                let n: usize = attribute(tag, "val")
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(0);
                if let Some(table) = self.tables.last_mut() {
                    let free = MOST_COLUMNS.saturating_sub(table.cells.len());
                    let left_out = std::iter::repeat_with(Cell::default);
                    table.cells.extend(left_out.take(n.min(free)));
                }
            }
            "vMerge" => {
                let goes_on = attribute(tag, "val").is_none_or(|v| v == "continue");
                if let Some(cell) = self.tables.last_mut().and_then(|t| t.cells.last_mut()) {
                    cell.goes_on = goes_on;
                }
            }
            "p" => self.paragraphs.push(OpenParagraph {
                style: self.styles.usual.clone(),
                ..OpenParagraph::default()
            }),
            "r" => self.run = Run::default(),
            "t" => self.is_text = true,
            "tab" if of_run => self.add("\t"),
            "noBreakHyphen" => self.add("-"),
            "cr" => self.add("\n"),
            // Those of a page or a column stand within words of a paragraph that goes on.
            "br" => match attribute(tag, "type").is_none_or(|kind| kind == "textWrapping") {
                true => self.add("\n"),
                false => self.add(" "),
            },
            "pPr" => self.is_mark = true,
            "pStyle" => self.with_paragraph(|p| p.style = attribute(tag, "val")),
            "numId" => self.with_paragraph(|p| p.numbering = attribute(tag, "val")),
            "outlineLvl" => self.with_paragraph(|p| p.is_heading = is_heading(tag)),
            "rFonts" if of_run => self.run.font = font(tag).or(self.run.font.take()),
            "rStyle" if of_run && self.run.font.is_none() => {
                let style = attribute(tag, "val");
                let font = self.styles.of(style.as_deref(), |s| s.font.clone());
                self.run.font = font;
            }
            "b" if of_run => self.run.is_bold = is_on(tag),
            "vanish" if of_run => self.run.is_hidden = is_on(tag),
            "sdt" => self.is_unfilled = false,
            "showingPlcHdr" => self.is_unfilled = is_on(tag),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.left_out > 0 {
            self.left_out -= 1;
            return;
        }
        match name {
            "t" => self.is_text = false,
            "pPr" => self.is_mark = false,
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.put(paragraph);
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let free = MOST_COLUMNS.saturating_sub(table.cells.len());
                    let more = std::iter::repeat_with(Cell::default);
                    table.cells.extend(more.take((table.width - 1).min(free)));
                }
            }
            "tr" => {
                if self.tables.len() == 1 {
                    self.line += 1;
                }
                let line = self.line;
                if let Some(table) = self.tables.last_mut() {
                    let cells = std::mem::take(&mut table.cells);
                    table.rows.push(Row { line, cells });
                }
            }
            "tbl" => {
                let Some(table) = self.tables.pop() else {
                    return;
                };
                match self
                    .tables
                    .last_mut()
                    .and_then(|outer| outer.cells.last_mut())
                {
                    // Each row of a table within a cell is a paragraph of that.
                    Some(cell) => {
                        let words = |row: &Row| {
                            let cells = row.cells.iter().map(Cell::text);
                            cells
                                .filter(|text| !text.is_empty())
                                .collect::<Vec<_>>()
                                .join(" ")
                        };
                        let rows = table.rows.iter().map(words);
                        cell.paragraphs.extend(rows.filter(|row| !row.is_empty()));
                    }
                    None => self.blocks.push(Block::Table(table.rows)),
                }
            }
            _ => {}
        }
    }

    /// Puts a paragraph into the cell, or the document, in which it stands.
    fn put(&mut self, paragraph: OpenParagraph) {
        let styles = self.styles;
        let style = paragraph.style.as_deref();
        let numbering = paragraph
            .numbering
            .or_else(|| styles.of(style, |s| s.numbering.clone()));
        let is_heading = paragraph
            .is_heading
            .or_else(|| styles.of(style, |s| s.is_heading));
        let (mut text, mut bold) = (String::new(), 0);
        for (font, is_bold, words) in paragraph.stretches {
            let is_first = bold == text.len();
            text.push_str(&bijoy::in_font(words, &font));
            if is_first && is_bold {
                bold = text.len();
            }
        }
        let is_empty = text.trim().is_empty();
        if let Some(cell) = self.tables.last_mut().and_then(|t| t.cells.last_mut()) {
            let lines = text.split('\n').map(|line| line.split_whitespace());
            let lines = lines.map(|words| words.collect::<Vec<_>>().join(" "));
            cell.paragraphs
                .extend(lines.filter(|line| !line.is_empty()));
            return;
        }
        let sign = match numbering.filter(|n| n != "0" && !is_empty) {
            Some(numbering) if !styles.has_bullets(&numbering) => {
                let number = self.numbers.entry(numbering).or_default();
                *number += 1;
                format!("{number}. ")
            }
            Some(_) => "- ".to_owned(),
            None => String::new(),
        };
        for (n, line) in text.split('\n').enumerate() {
            self.line += 1;
            let sign = if n == 0 { sign.as_str() } else { "" };
            let own = bold.min(line.len());
            bold = bold.saturating_sub(line.len() + 1);
            self.blocks.push(Block::Paragraph(Paragraph {
                line: self.line,
                sign: sign.len(),
                bold: own,
                text: format!("{sign}{line}"),
                is_heading: is_heading.unwrap_or(false),
            }));
        }
    }

    fn with_paragraph(&mut self, change: impl FnOnce(&mut OpenParagraph)) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            change(paragraph);
        }
    }

    fn add(&mut self, words: &str) {
        let run = &self.run;
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !run.is_hidden) {
            let style = || {
                self.styles
                    .of(paragraph.style.as_deref(), |s| s.font.as_deref())
            };
            let usual = || self.styles.font.as_deref();
            let font = run.font.as_deref().or_else(style).or_else(usual);
            paragraph.add(words, font.unwrap_or_default(), run.is_bold);
        }
    }
}
