//! Word documents: their paragraphs become lines of plain text, which are then read as any text is.
//!
//! Cells of a table are parted by tabs and an item of a list begins with a dash. Stretches in a font for Bijoy become the Bangla that
//! they show. Deleted words, comments, footnotes, headers and footers are no part of it.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;
use zip::ZipArchive;

use crate::text::bijoy;

/// The text of a document, of at most `limit` bytes of markup.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub(super) fn text(bytes: &[u8], limit: usize) -> Result<String, String> {
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
    // A document without styles says all on the spot.
    let styles = part("word/styles.xml").unwrap_or_default();
    let styles = Styles::read(&styles).map_err(|e| broken(&e))?;
    Body::read(&part(&main)?, &styles).map_err(|e| broken(&e))
}

/// What styles say.
#[derive(Default)]
struct Styles {
    /// The font of what has no other.
    font: Option<String>,
    /// The style of a paragraph that names none.
    usual: Option<String>,
    styles: FxHashMap<String, Style>,
}

#[derive(Default)]
struct Style {
    font: Option<String>,
    is_item: Option<bool>,
    /// The style that holds where it says nothing itself.
    base: Option<String>,
}

impl Styles {
    fn read(xml: &str) -> Result<Self, quick_xml::Error> {
        let mut all = Self::default();
        let mut open: Option<String> = None;
        each(xml, |event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else {
                return;
            };
            let name = tag.local_name();
            if name.as_ref() == "style" {
                open = attribute(tag, "styleId");
                let says = |name, value| attribute(tag, name).is_some_and(|v| v == value);
                if says("type", "paragraph") && (says("default", "1") || says("default", "true")) {
                    all.usual.clone_from(&open);
                }
            }
            let mut style = (open.clone()).map(|style| all.styles.entry(style).or_default());
            match (name.as_ref(), &mut style) {
                ("rFonts", Some(style)) => style.font = font(tag),
                ("rFonts", None) => all.font = font(tag),
                ("numId", Some(style)) => style.is_item = is_item(tag),
                ("basedOn", Some(style)) => style.base = attribute(tag, "val"),
                _ => {}
            }
        })?;
        Ok(all)
    }

    /// What a style, or one on which it is based, says.
    fn of<'a, T>(
        &'a self,
        style: Option<&str>,
        says: impl Fn(&'a Style) -> Option<T>,
    ) -> Option<T> {
        let mut style = self.styles.get(style?)?;
        // They may be based on each other in a circle.
        for _ in 0..16 {
            match (says(style), &style.base) {
                (Some(said), _) => return Some(said),
                (None, Some(base)) => style = self.styles.get(base)?,
                (None, None) => break,
            }
        }
        None
    }

    fn font(&self, style: Option<&str>) -> Option<&str> {
        self.of(style, |style| style.font.as_deref())
    }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    /// Stretches of one font each.
    stretches: Vec<(String, String)>,
    style: Option<String>,
    /// Whether it is an item of a list, where it says so itself.
    is_item: Option<bool>,
}

impl Paragraph {
    /// Words go on over runs, since these break syllables of Bijoy.
    fn add(&mut self, words: &str, font: &str) {
        match self.stretches.last_mut() {
            Some((last, text)) if last == font => text.push_str(words),
            _ => self.stretches.push((font.to_owned(), words.to_owned())),
        }
    }

    fn text(self, styles: &Styles) -> String {
        let of_style = || styles.of(self.style.as_deref(), |style| style.is_item);
        let is_item = self.is_item.or_else(of_style).unwrap_or(false);
        let dash = if is_item { "- " } else { "" };
        let mut out = String::new();
        for (font, text) in self.stretches {
            out.push_str(&bijoy::in_font(text, &font));
        }
        match out.trim().is_empty() {
            true => String::new(),
            false => format!("{dash}{out}"),
        }
    }
}

/// The text of the document as far as it was read.
struct Body<'a> {
    styles: &'a Styles,
    /// The lines of the document, and of each cell that is open.
    lines: Vec<Vec<String>>,
    /// The cells of each table row that is open.
    rows: Vec<Vec<String>>,
    /// Those that are open: a box stands within a paragraph and has its own.
    paragraphs: Vec<Paragraph>,
    /// The font of the run, told on the spot or by its style.
    font: Option<String>,
    is_text: bool,
    /// Whether in what is said of a paragraph, and of the sign at its end.
    is_mark: bool,
    /// How deep in what is told a second time for older programs.
    fallback: usize,
}

impl<'a> Body<'a> {
    fn read(xml: &str, styles: &'a Styles) -> Result<String, quick_xml::Error> {
        let mut body = Self {
            styles,
            lines: vec![Vec::new()],
            rows: Vec::new(),
            paragraphs: Vec::new(),
            font: None,
            is_text: false,
            is_mark: false,
            fallback: 0,
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
        let mut text = body.lines.concat().join("\n");
        text.push('\n');
        Ok(text)
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name = name.as_ref();
        if name == "Fallback" || self.fallback > 0 {
            self.fallback += usize::from(name == "Fallback");
            return;
        }
        match name {
            "p" => self.paragraphs.push(Paragraph {
                style: self.styles.usual.clone(),
                ..Paragraph::default()
            }),
            "tr" => self.rows.push(Vec::new()),
            "tc" => self.lines.push(Vec::new()),
            "r" => self.font = None,
            "t" => self.is_text = true,
            "tab" if !self.is_mark => self.add("\t"),
            "noBreakHyphen" => self.add("-"),
            "cr" => self.add("\n"),
            // Those of a page or a column part no words.
            "br" if attribute(tag, "type").is_none_or(|kind| kind == "textWrapping") => {
                self.add("\n")
            }
            "pPr" => self.is_mark = true,
            "pStyle" => self.with_paragraph(|paragraph| paragraph.style = attribute(tag, "val")),
            "numId" => self.with_paragraph(|paragraph| paragraph.is_item = is_item(tag)),
            "rFonts" if !self.is_mark => self.font = font(tag).or(self.font.take()),
            "rStyle" if !self.is_mark && self.font.is_none() => {
                let style = attribute(tag, "val");
                self.font = self.styles.font(style.as_deref()).map(str::to_owned);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.fallback > 0 {
            self.fallback -= usize::from(name == "Fallback");
            return;
        }
        match name {
            "t" => self.is_text = false,
            "pPr" => self.is_mark = false,
            "p" => {
                let text = self.paragraphs.pop().unwrap_or_default().text(self.styles);
                let lines = text.split('\n').map(str::to_owned);
                self.put(lines.collect());
            }
            // A cell is one line.
            "tc" if self.lines.len() > 1 => {
                let lines = self.lines.pop().unwrap_or_default().join(" ");
                let words: Vec<&str> = lines.split_whitespace().collect();
                if let Some(row) = self.rows.last_mut() {
                    row.push(words.join(" "));
                }
            }
            "tr" => {
                let row = self.rows.pop().unwrap_or_default().join("\t");
                self.put(vec![row]);
            }
            _ => {}
        }
    }

    /// Adds lines to the cell or document in which they stand.
    fn put(&mut self, lines: Vec<String>) {
        if let Some(open) = self.lines.last_mut() {
            open.extend(lines);
        }
    }

    fn with_paragraph(&mut self, change: impl FnOnce(&mut Paragraph)) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            change(paragraph);
        }
    }

    fn add(&mut self, words: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let style = || self.styles.font(paragraph.style.as_deref());
            let usual = || self.styles.font.as_deref();
            let font = self.font.as_deref().or_else(style).or_else(usual);
            paragraph.add(words, font.unwrap_or_default());
        }
    }
}

/// Calls `take` with each event of `xml`.
fn each(xml: &str, mut take: impl FnMut(&Event<'_>)) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(()),
            event => take(&event),
        }
    }
}

/// An attribute, whatever the prefix of its name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|a| a.key.local_name().as_ref() == name)?;
    Some(
        found
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .ok()?
            .into_owned(),
    )
}

/// The font in which Latin letters stand, as those of Bijoy are; no theme has one that draws Bijoy.
fn font(tag: &BytesStart<'_>) -> Option<String> {
    match attribute(tag, "asciiTheme") {
        Some(_) => Some(String::new()),
        None => attribute(tag, "ascii").or_else(|| attribute(tag, "hAnsi")),
    }
}

/// Whether a paragraph that is numbered so is an item of a list; number 0 takes it out of one.
fn is_item(tag: &BytesStart<'_>) -> Option<bool> {
    Some(attribute(tag, "val")? != "0")
}

#[cfg(test)]
mod tests {
    use crate::input::{Batch, Format, Options, read};

    macro_rules! office {
        ($name:literal) => {
            include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/data/office/",
                $name
            ))
        };
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        assert_eq!(batch.rejects, []);
        batch.responses.iter().map(|r| r.text.as_str()).collect()
    }

    #[test]
    fn a_discussion_is_read_turn_by_turn_without_what_was_deleted() {
        let batch = read(
            "discussion.docx",
            office!("discussion.docx"),
            &Options::default(),
        );
        assert_eq!(
            texts(&batch),
            [
                "What is hard about the allowance?",
                "The list is made by friends & cousins of the member",
                "Nobody told us when the money comes",
                "We walk two hours to the bank",
                // Bijoy, of which a run ends within a word.
                "আমাদের নেটও\u{9df}ার্ক খুব দুর্বল",
            ]
        );
        assert!(batch.responses[0].moderator);
        assert_eq!(batch.responses[1].attributes[0].1, "Rahima");
    }

    #[test]
    fn a_form_in_a_font_for_bijoy_is_read_as_the_bangla_that_it_shows() {
        let batch = read("form.docx", office!("form.docx"), &Options::default());
        assert_eq!(texts(&batch), ["জনবল কম", "প্রশিক্ষণ দরকার", "অর্থ বরাদ্দ নেই"]);
        let first = &batch.responses[0];
        assert_eq!(first.context.as_deref(), Some("Meeting"));
        assert_eq!(first.role, Some(crate::record::Role::Challenge));
    }

    #[test]
    fn items_of_a_list_stand_apart_from_their_heading() {
        // Whatever it is called, and whatever the caller wants to read the text as.
        for name in ["list.docx", "list", "list.txt"] {
            let batch = read(name, office!("list.docx"), &Options::default());
            assert_eq!(texts(&batch).len(), 3, "{name}");
            assert_eq!(batch.headings[0].1, "What would you change?");
        }
        let lines = Options::with_format(Some(Format::Lines));
        assert_eq!(
            read("list.docx", office!("list.docx"), &lines)
                .responses
                .len(),
            4
        );
    }

    #[test]
    fn a_broken_document_is_one_reject_with_a_remedy() {
        let whole = office!("discussion.docx");
        for bytes in [&whole[..whole.len() / 2], &whole[..2000]] {
            let batch = read("a.docx", bytes, &Options::default());
            assert_eq!((batch.responses.len(), batch.rejects.len()), (0, 1));
            assert!(
                batch.rejects[0].cause.contains(".txt"),
                "{}",
                batch.rejects[0].cause
            );
        }
    }
}
