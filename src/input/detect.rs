//! Finds the format of a file from what it holds, where neither the caller nor the extension tells.

use super::lines::lines;
use super::marker::{Marker, marker};
use super::stamp::is_cue_timing;
use super::transcript;
use super::{Columns, Format};

/// The format, given the hint of the caller or the extension, from the beginning of the file (`more`: it goes on after that).
pub(super) fn format(hint: Option<Format>, head: &[u8], more: bool, columns: &Columns) -> Format {
    match hint {
        // A workbook or a document is known by its bytes, and these are not of one.
        Some(Format::Text | Format::Workbook | Format::Word) | None => {}
        Some(format) => return format,
    }
    // Tabs stay, since the first or last cell of a row may be empty.
    let mut filled = lines(head, 1)
        .map(|l| l.bytes)
        .filter(|l| !l.trim_ascii().is_empty());
    let (top, below) = (
        filled.next().unwrap_or_default(),
        filled.next().unwrap_or_default(),
    );
    let (first, second) = (top.trim_ascii(), below.trim_ascii());
    let timed = |line: &[u8]| std::str::from_utf8(line).is_ok_and(is_cue_timing);
    if first.starts_with(b"WEBVTT") {
        return Format::Vtt;
    }
    if timed(first) || (first.iter().all(u8::is_ascii_digit) && timed(second)) {
        return Format::Srt;
    }
    if is_timed(head) {
        return Format::Srt;
    }
    if super::array::is_array(head, true) {
        return Format::JsonLines;
    }
    if first.starts_with(b"{") && serde_json::from_slice::<serde_json::Map<_, _>>(first).is_ok() {
        return Format::JsonLines;
    }
    #[cfg(feature = "formats")]
    if super::table::is_tab_header(top, below, columns) {
        return Format::Tsv;
    } else if super::table::is_header(first, columns) {
        return Format::Csv;
    }
    if std::str::from_utf8(top).is_ok_and(super::grid::is_heading) {
        return Format::List;
    }
    #[cfg(feature = "formats")]
    match super::table::is_even(head, !more) {
        Some(b'\t') => return Format::Tsv,
        Some(_) => return Format::Csv,
        None => {}
    }
    #[cfg(not(feature = "formats"))]
    let _ = (top, below, columns);
    kind(head, more)
}

/// Lines at the beginning of which one must be the timing of a cue; the title of a meeting may stand above.
const TOP: usize = 10;

/// Whether a text is a meeting saved as cues with a title above them.
fn is_timed(head: &[u8]) -> bool {
    let timings = |most: usize| {
        let filled = lines(head, 1).filter(|l| !l.bytes.trim_ascii().is_empty());
        let texts = filled.map(|l| std::str::from_utf8(l.bytes).unwrap_or_default());
        texts.take(most).filter(|l| is_cue_timing(l.trim())).count()
    };
    timings(TOP) > 0 && timings(usize::MAX) >= 2
}

/// The kind of a plain text.
fn kind(head: &[u8], more: bool) -> Format {
    let mut all: Vec<(u64, &str)> = lines(head, 1)
        .map(|l| (l.number, std::str::from_utf8(l.bytes).unwrap_or("?")))
        .collect();
    if more {
        // It may be cut in the middle.
        all.pop();
    }
    if transcript::is_transcript(&all, &[]) {
        return Format::Transcript;
    }
    let shape = Shape::of(&all);
    if shape.slots > 0 || shape.items * 5 >= shape.filled.max(1) && shape.items >= 2 {
        return Format::List;
    }
    if shape.has_paragraphs() {
        Format::Paragraphs
    } else {
        Format::Lines
    }
}

/// What tells lines, paragraphs and lists apart.
#[derive(Default)]
struct Shape {
    filled: usize,
    blocks: usize,
    slots: usize,
    items: usize,
    /// Lines that are not the last one of their block.
    inner: usize,
    /// Of these, lines that look as if they were broken at a margin.
    wrapped: usize,
}

impl Shape {
    fn of(all: &[(u64, &str)]) -> Self {
        let mut shape = Shape::default();
        let mut last: Option<&str> = None;
        for &(_, line) in all {
            let line = line.trim();
            if line.is_empty() {
                last = None;
                continue;
            }
            shape.filled += 1;
            match last {
                None => shape.blocks += 1,
                Some(before) => {
                    shape.inner += 1;
                    shape.wrapped += usize::from(looks_wrapped(before, line));
                }
            }
            match marker(line).0 {
                Some(Marker::Slot { .. }) => shape.slots += 1,
                Some(_) => shape.items += 1,
                None => {}
            }
            last = Some(line);
        }
        shape
    }

    /// Blank lines separate answers when the blocks are single lines, short, or visibly wrapped.
    fn has_paragraphs(&self) -> bool {
        self.blocks >= 2
            && (self.inner * 2 <= self.blocks
                || self.wrapped * 2 >= self.inner
                || self.filled <= 4 * self.blocks)
    }
}

/// A line broken at a margin is long and does not end its sentence, or the next one goes on in lower case.
fn looks_wrapped(line: &str, next: &str) -> bool {
    let ends = line.ends_with(['.', '?', '!', '।', '"', ')']);
    let goes_on = next.chars().next().is_some_and(char::is_lowercase);
    (line.chars().count() >= 50 && !ends) || goes_on
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Format {
        format(None, text.as_bytes(), false, &Columns::default())
    }

    #[test]
    fn kinds_of_text_are_told_from_their_content() {
        assert_eq!(found("No budget\nSlow internet\nNo staff\n"), Format::Lines);
        assert_eq!(found("জনবল নেই\nবাজেট নেই\n"), Format::Lines);
        assert_eq!(
            found("No budget.\n\nSlow internet.\n\nNo staff.\n"),
            Format::Paragraphs
        );
        assert_eq!(
            found("- No budget\n- Slow internet\n- No staff\n"),
            Format::List
        );
        assert_eq!(found("Challenge 1: a / b\nInitiative 1: c\n"), Format::List);
        assert_eq!(found("১. জনবল নেই\n২. বাজেট নেই\n"), Format::List);
        assert_eq!(
            found("Moderator: Shall we start?\nP1: Yes.\nP2: Of course.\n"),
            Format::Transcript
        );
        assert_eq!(
            found("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"),
            Format::Vtt
        );
        assert_eq!(
            found("1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
            Format::Srt
        );
        let meeting =
            "FGD\n12 May\n\n0:0:1.0 --> 0:0:2.0\nRahima\nNo road\n0:0:3.0 --> 0:0:4.0\nKarim\nNo\n";
        assert_eq!(found(meeting), Format::Srt);
        assert_eq!(
            found("10:02 Moderator: What is hard?\n10:03 Rahima: There is no staff\n"),
            Format::Transcript
        );
        assert_eq!(found("{\"text\": \"No budget\"}\n"), Format::JsonLines);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn a_table_is_known_by_its_header_even_on_standard_input() {
        assert_eq!(
            found("id;text;district\n1;No budget;Kurigram\n"),
            Format::Csv
        );
        assert_eq!(
            found("The text, as we have it, is long\nand more\n"),
            Format::Lines
        );
    }

    #[test]
    fn a_table_whose_columns_tell_roles_is_one_of_a_document() {
        let table = "Channel\tChallenges\tSuggestions\nMiking\tNo money\tMore money\n";
        assert_eq!(found(table), Format::List);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn a_table_without_a_column_text_is_known_by_its_shape() {
        let rows = "start;district;What is hard?\n2024-02-01T10:00+06:00;Khulna;No staff, no data\n2024-02-02T10:00+06:00;;\"net; slow\"\n";
        assert_eq!(found(rows), Format::Csv);
        assert_eq!(found(&rows.replace(';', "\t")), Format::Tsv);
        let quoted = "\"district\";\"office\";\"What is hard?\"\nKhulna;Sadar;No staff\n";
        assert_eq!(found(quoted), Format::Csv);
        assert_eq!(
            found("name\tdistrict\tWhat is hard?\nRina\tKhulna\tNo staff\n"),
            Format::Tsv
        );
        for prose in [
            "No staff; no data; slow net\nNo budget; no fuel; no road\n",
            "No staff; 2 rooms; slow net\nNo budget; 3 rooms; no road\n",
            "start;district;What is hard?\n2024;Khulna;No staff\nand 2;more\n",
            "The office is far; nobody comes; we wait.\nNo budget.\n",
            "No staff\tin the office\nNo data\tin the field\n",
        ] {
            assert_eq!(found(prose), Format::Lines, "{prose}");
        }
        let mut asked = Columns::default();
        asked.text.push("What is hard?".into());
        let two = b"What is hard?;district\nNo staff;Khulna\n";
        assert_eq!(format(None, two, false, &asked), Format::Csv);
    }

    #[test]
    fn a_wrapped_paragraph_is_not_one_answer_a_line() {
        let text = "The officers of the union do not come to the village when it rains, and\nnobody tells us when they will come back.\n\nNo budget.\n\nThe network is slow.\n";
        assert_eq!(found(text), Format::Paragraphs);
    }
}
