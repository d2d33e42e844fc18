//! Knows files that are no text by what they begin with, whatever they are called, so that none is coded as if it were words.

#[cfg(feature = "formats")]
use super::Format;

/// Why these bytes are no text, and how to get some, where the beginning of the file says so.
pub(super) fn not_text(head: &[u8]) -> Option<String> {
    let what = signed(head).or_else(|| markup(head))?;
    Some(format!("not a text file but {what}"))
}

/// Why bytes that are not in UTF-16 are no text: it has no NUL and hardly any control characters.
pub(super) fn not_words(head: &[u8]) -> Option<&'static str> {
    let is_control = |&&b: &&u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C);
    let controls = head.iter().filter(is_control).count();
    // One that slipped into a text spoils no more than its line.
    (head.contains(&0) && controls >= 2 && controls * 20 >= head.len()).then_some(
        "not a text file: it holds bytes that no text has; export what it holds as CSV or plain text, in UTF-8",
    )
}

/// What a file is by the bytes that its format begins with.
fn signed(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [b'P', b'K', 3, 4, ..] => zipped(head),
        [b'P', b'K', 5, 6, ..] => "an empty ZIP file; give the files that were to be in it",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            "an old Excel or Word file (.xls, .doc), or one with a password; save it as .xlsx or .docx without one"
        }
        [b'%', b'P', b'D', b'F', ..] => {
            "a PDF; copy its text into a plain text file (.txt); a scan has to be typed"
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            "rich text (RTF); open it in a word processor and save it as plain text (.txt)"
        }
        [0x89, b'P', b'N', b'G', ..]
        | [0xFF, 0xD8, 0xFF, ..]
        | [b'G', b'I', b'F', b'8', ..]
        | [b'I', b'I', 0x2A, 0, ..]
        | [b'M', b'M', 0, 0x2A, ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..] => {
            "a picture; type what stands in it into a table (CSV) or a plain text file"
        }
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "a picture; type what stands in it into a table (CSV) or a plain text file",
        [b'I', b'D', b'3', 2..=4, ..]
        | [b'O', b'g', b'g', b'S', 0, ..]
        | [b'#', b'!', b'A', b'M', b'R', ..]
        | [b'R', b'I', b'F', b'F', _, _, _, _, b'W' | b'A', ..]
        | [0x1A, 0x45, 0xDF, 0xA3, ..]
        | [0, 0, _, _, b'f', b't', b'y', b'p', ..] => {
            "a recording; write down what is said, and give the transcript as plain text (.txt)"
        }
        [0x1F, 0x8B, ..]
        | [b'7', b'z', 0xBC, 0xAF, ..]
        | [b'R', b'a', b'r', b'!', 0x1A, ..]
        | [0xFD, b'7', b'z', b'X', b'Z', ..]
        | [0x28, 0xB5, 0x2F, 0xFD, ..] => "compressed; unpack it and give the files that are in it",
        _ if head.starts_with(b"SQLite format 3\0") => {
            "a database (SQLite); export the table that holds the answers as CSV"
        }
        _ if head.starts_with(b"$FL2@(#)") || head.starts_with(b"$FL3@(#)") => {
            "an SPSS file (.sav); export it as CSV"
        }
        _ if head.starts_with(b"<stata_dta>") => "a Stata file (.dta); export it as CSV",
        _ => return None,
    })
}

/// The format of a file that holds text in a ZIP file, where this build reads it.
#[cfg(feature = "formats")]
pub(super) fn packed(head: &[u8]) -> Option<Format> {
    let is_zip = head.starts_with(b"PK\x03\x04");
    if is_zip && holds(head, b"word/") {
        Some(Format::Word)
    } else if is_zip && holds(head, b"xl/") && !holds(head, b"xl/workbook.bin") {
        Some(Format::Workbook)
    } else {
        None
    }
}

fn holds(head: &[u8], name: &[u8]) -> bool {
    head.windows(name.len()).any(|bytes| bytes == name)
}

/// What a ZIP file holds, by the names at its beginning.
fn zipped(head: &[u8]) -> &'static str {
    let holds = |name: &[u8]| holds(head, name);
    if holds(b"word/") {
        "a Word document (.docx); save it as plain text (.txt)"
    } else if holds(b"xl/workbook.bin") {
        "a binary Excel workbook (.xlsb); save it as .xlsx, or the sheet that holds the answers as CSV (UTF-8)"
    } else if holds(b"xl/") {
        "an Excel workbook (.xlsx); save the sheet that holds the answers as CSV (UTF-8)"
    } else if holds(b"opendocument.spreadsheet") {
        "a spreadsheet (.ods); save the sheet that holds the answers as CSV (UTF-8)"
    } else if holds(b"opendocument.text") {
        "a document (.odt); save it as plain text (.txt)"
    } else {
        "a ZIP, Excel or Word file; unpack it, or save it as CSV or plain text"
    }
}

/// Whether it is a page or a document of markup, whose tags would be coded as words.
fn markup(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let begins = |tag: &str| {
        let start = head.trim_ascii_start().get(..tag.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    };
    if begins("<!doctype html") || begins("<html") {
        Some(
            "a web page (HTML); open it in a browser and copy its text into a plain text file, or export the answers as CSV",
        )
    } else if begins("<?xml ") {
        Some("XML; export the answers as CSV or JSON Lines")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Options, read};

    #[test]
    fn what_is_no_text_is_refused_once_with_a_remedy_whatever_its_name() {
        let mut garbage: Vec<u8> = (0..4096u32).map(|n| (n * n * 31 % 251) as u8).collect();
        garbage.push(0);
        let cases: &[(&[u8], &str, &str)] = &[
            (
                b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
                "picture",
                "type what stands",
            ),
            (
                b"\xFF\xD8\xFF\xE0\0\x10JFIF\0",
                "picture",
                "type what stands",
            ),
            (b"%PDF-1.7\n1 0 obj\n", "PDF", ".txt"),
            (b"PK\x03\x04\x14\0word/document.xml", "Word", ".txt"),
            (b"PK\x03\x04\x14\0xl/workbook.xml", "Excel", "CSV"),
            (b"PK\x03\x04\x14\0xl/workbook.bin", ".xlsb", ".xlsx"),
            (b"PK\x03\x04\x14\0photos/a.jpg", "ZIP", "unpack"),
            (
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0",
                "old Excel or Word",
                ".xlsx or .docx",
            ),
            (b"{\\rtf1\\ansi No budget\\par}", "RTF", ".txt"),
            (b"\n<!DOCTYPE html>\n<p>No budget", "HTML", "CSV"),
            ("\u{feff}<HTML lang=bn>".as_bytes(), "HTML", "CSV"),
            (b"<?xml version=\"1.0\"?><a/>", "XML", "CSV"),
            (b"SQLite format 3\0\x10\0\x01\x01", "SQLite", "CSV"),
            (b"$FL2@(#) IBM SPSS STATISTICS 64-bit\0", "SPSS", "CSV"),
            (b"\0\0\0\x20ftypM4A \0\0", "recording", "transcript"),
            (&garbage, "bytes that no text has", "CSV"),
            (b"\0\x01\x02abc", "bytes that no text has", "CSV"),
        ];
        for (bytes, what, remedy) in cases {
            for name in ["a.txt", "a.csv", "a.jsonl", "a.sav", "-"] {
                let batch = read(name, bytes, &Options::default());
                assert!(batch.responses.is_empty(), "{what} as {name}");
                assert_eq!(batch.rejects.len(), 1, "{what} as {name}");
                let cause = &batch.rejects[0].cause;
                assert!(
                    cause.contains(what) && cause.contains(remedy),
                    "{name}: {cause}"
                );
            }
        }
    }

    #[test]
    fn words_that_only_look_so_are_read() {
        for text in [
            "PNG files do not open\n",
            "PDF forms are slow\n",
            "<b>No</b> budget\n",
            "<html is what we get instead of the form\n"
                .get(1..)
                .unwrap(),
            "A long answer with one stray \0 in its midst is still an answer\n",
            "{\\what} is this\n",
            "RIFF-RAFF\n",
        ] {
            let batch = read("a.txt", text.as_bytes(), &Options::default());
            assert_eq!(batch.responses.len(), 1, "{text}: {:?}", batch.rejects);
        }
        assert_eq!(not_text(b""), None);
        assert_eq!(not_words(b""), None);
    }
}
