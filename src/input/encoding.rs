//! Finds a file's encoding and turns it into UTF-8 while it is read.
//!
//! Only UTF-8, UTF-16 and Windows-1252 are told apart. A general guesser (`chardetng`) was left out: on short English answers with a
//! few curly quotes it also names Baltic or Cyrillic pages, which field offices in Bangladesh do not send.
//! Bytes that are wrong in the encoding found stay wrong in the output, so that their line, and no other, becomes a reject.

use std::io::{self, ErrorKind, Read};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

/// The encoding of a file that begins with `head`, and the length of its byte order mark. Where the file goes on after that
/// (`more`), the last letter may be cut in two.
///
/// A file is Windows-1252 only when nearly none of its bytes beyond ASCII form UTF-8: a UTF-8 file with a few broken bytes is
/// broken UTF-8.
pub(super) fn detect(head: &[u8], more: bool) -> (Encoding, usize) {
    let whole = if more {
        without_half_letter(head)
    } else {
        head
    };
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ if looks_utf16(head, u16::from_le_bytes) => (Encoding::Utf16Le, 0),
        _ if looks_utf16(head, u16::from_be_bytes) => (Encoding::Utf16Be, 0),
        _ if looks_windows_1252(whole) => (Encoding::Windows1252, 0),
        _ => (Encoding::Utf8, 0),
    }
}

/// Text in UTF-16 has spaces or line ends, thus NUL bytes, and nearly all of its units are ASCII, Bangla or common punctuation.
fn looks_utf16(head: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    if head.len() < 4 || !head.contains(&0) {
        return false;
    }
    let (mut good, mut ascii, mut all) = (0usize, 0usize, 0usize);
    for pair in head.chunks_exact(2) {
        all += 1;
        match unit([pair[0], pair[1]]) {
            0x09 | 0x0A | 0x0D | 0x20..=0x7E => ascii += 1,
            0xA0..=0xFF | 0x0964 | 0x0965 | 0x0980..=0x09FF | 0x2000..=0x206F => good += 1,
            _ => {}
        }
    }
    ascii > 0 && (good + ascii) * 10 >= all * 9
}

fn looks_windows_1252(head: &[u8]) -> bool {
    let (mut valid, mut bad, mut odd) = (0usize, 0usize, 0usize);
    for piece in head.utf8_chunks() {
        valid += piece.valid().bytes().filter(|&b| b >= 0xC0).count();
        for &b in piece.invalid() {
            bad += 1;
            // Not assigned in Windows-1252, or (thorn, y with dots) next to never written in it, though common in broken files.
            odd += usize::from(matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xFE | 0xFF));
        }
    }
    // Old Bangla fonts (Bijoy) use all bytes, so a few odd ones are no proof against it.
    bad > 0 && valid * 10 <= bad && odd * 2 < bad
}

/// `bytes` without a letter at their end that more of them could make whole.
fn without_half_letter(bytes: &[u8]) -> &[u8] {
    let half = bytes.utf8_chunks().last().map_or(0, |piece| {
        let is_half = std::str::from_utf8(piece.invalid()).is_err_and(|e| e.error_len().is_none());
        if is_half { piece.invalid().len() } else { 0 }
    });
    &bytes[..bytes.len() - half]
}

/// A reader that gives UTF-8.
pub(super) struct Source<R> {
    reader: R,
    /// Bytes read ahead and not yet given.
    ahead: Vec<u8>,
    ended: bool,
    #[cfg(feature = "formats")]
    decoder: Option<encoding_rs::Decoder>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            ahead: Vec::new(),
            ended: false,
            #[cfg(feature = "formats")]
            decoder: None,
        }
    }

    /// The first `size` bytes as they are, or all of a shorter file.
    pub(super) fn peek(&mut self, size: usize) -> io::Result<&[u8]> {
        while self.ahead.len() < size && !self.ended {
            let wanted = size - self.ahead.len();
            self.read_raw(wanted)?;
        }
        Ok(&self.ahead)
    }

    fn read_raw(&mut self, wanted: usize) -> io::Result<()> {
        let start = self.ahead.len();
        // Not more at once: a pipe gives little, and the room is zeroed each time.
        self.ahead.resize(start + wanted.clamp(1, 128 << 10), 0);
        let read = loop {
            match self.reader.read(&mut self.ahead[start..]) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        // A reader that claims more than it was given room for is clamped by `truncate`.
        self.ahead.truncate(start + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(())
    }

    /// Skips `skip` bytes and decodes the rest; false when this build cannot decode `encoding`.
    pub(super) fn decode(&mut self, encoding: Encoding, skip: usize) -> bool {
        self.ahead.drain(..skip.min(self.ahead.len()));
        #[cfg(feature = "formats")]
        {
            self.decoder = match encoding {
                Encoding::Utf8 => None,
                Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_without_bom_handling()),
                Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_without_bom_handling()),
                Encoding::Windows1252 => {
                    Some(encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling())
                }
            };
            true
        }
        #[cfg(not(feature = "formats"))]
        {
            encoding == Encoding::Utf8
        }
    }

    /// Appends UTF-8 to `out` until it holds at least `size` bytes; false when the file has ended.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>, size: usize) -> io::Result<bool> {
        while out.len() < size {
            if self.ahead.is_empty() && !self.ended {
                self.read_raw((size - out.len()).max(64 << 10))?;
            }
            let last = self.ended;
            self.give(out, last);
            if last {
                return Ok(false);
            }
        }
        Ok(true)
    }

    #[cfg(not(feature = "formats"))]
    fn give(&mut self, out: &mut Vec<u8>, _last: bool) {
        out.append(&mut self.ahead);
    }

    #[cfg(feature = "formats")]
    fn give(&mut self, out: &mut Vec<u8>, last: bool) {
        use encoding_rs::DecoderResult;
        let Some(decoder) = &mut self.decoder else {
            out.append(&mut self.ahead);
            return;
        };
        let mut from = 0;
        loop {
            let start = out.len();
            let room = decoder
                .max_utf8_buffer_length_without_replacement(self.ahead.len() - from)
                .unwrap_or(1 << 20);
            out.resize(start + room, 0);
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(
                &self.ahead[from..],
                &mut out[start..],
                last,
            );
            out.truncate(start + written);
            from += read;
            match result {
                // A byte that is never UTF-8 marks the line as broken.
                DecoderResult::Malformed(..) => out.push(0xFF),
                DecoderResult::OutputFull => {}
                DecoderResult::InputEmpty => break,
            }
        }
        self.ahead.clear();
        if last {
            self.decoder = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_16_is_known_without_a_mark_in_english_and_in_bangla() {
        for text in ["id,text\n1,No budget\n", "জনবল নেই\nবাজেট নেই\n"]
        {
            assert_eq!(
                detect(&utf16(text, u16::to_le_bytes), false),
                (Encoding::Utf16Le, 0),
                "{text}"
            );
            assert_eq!(
                detect(&utf16(text, u16::to_be_bytes), false),
                (Encoding::Utf16Be, 0),
                "{text}"
            );
        }
    }

    #[test]
    fn a_few_broken_bytes_in_utf_8_do_not_make_it_windows_1252() {
        assert_eq!(
            detect("জনবল নেই \u{2019}".as_bytes(), false).0,
            Encoding::Utf8
        );
        let mut broken = "জনবল নেই, বাজেট নেই".as_bytes().to_vec();
        broken.extend(b"\nbad \x92 quote\n");
        assert_eq!(detect(&broken, false).0, Encoding::Utf8);
        assert_eq!(
            detect(b"good line\nbad \xff\xfe line\n", false).0,
            Encoding::Utf8,
            "no letter of any western text"
        );
    }

    #[test]
    fn curly_quotes_and_accents_alone_are_windows_1252() {
        assert_eq!(
            detect(b"people don\x92t know\n", false).0,
            Encoding::Windows1252
        );
        assert_eq!(
            detect(b"the caf\xe9 \x96 closed", false).0,
            Encoding::Windows1252
        );
    }

    #[test]
    fn a_letter_cut_in_two_where_the_head_ends_is_no_broken_one() {
        for letter in ["é", "জ", "😀"] {
            for cut in 1..letter.len() {
                let head = [b"No staff\n", &letter.as_bytes()[..cut]].concat();
                assert_eq!(detect(&head, true).0, Encoding::Utf8, "{letter} {cut}");
                assert_eq!(detect(&head, false).0, Encoding::Windows1252);
            }
        }
        assert_eq!(detect(b"caf\xe9\n", true).0, Encoding::Windows1252);
    }

    #[cfg(feature = "formats")]
    #[test]
    fn a_lone_surrogate_breaks_its_line_only() {
        let mut bytes = utf16("good\nbad", u16::to_le_bytes);
        bytes.extend([0x00, 0xD8]);
        bytes.extend(utf16("\nfine", u16::to_le_bytes));
        let mut source = Source::new(&bytes[..]);
        source.decode(Encoding::Utf16Le, 0);
        let mut out = Vec::new();
        source.fill(&mut out, usize::MAX).unwrap();
        assert_eq!(out, b"good\nbad\xff\nfine");
    }
}
