//! Cuts runs of ASCII and Bangla by table, where one look at the next character settles that a token ends.

use super::TokenKind;
use crate::text::script::{begins_syllable, is_bangla};

/// What the characters U+0980 to U+09FF are: [`IN_WORD`], [`BEGINS`], both or neither.
static BLOCK: [u8; 128] = {
    let mut table = [0; 128];
    let mut i = 0;
    while i < 128 {
        if let Some(c) = char::from_u32(0x980 + i as u32) {
            table[i] = (is_bangla(c) as u8 * IN_WORD) | (begins_syllable(c) as u8 * BEGINS);
        }
        i += 1;
    }
    table
};
/// A letter or sign.
const IN_WORD: u8 = 1;
/// A letter that needs none before it.
const BEGINS: u8 = 2;

/// A token that can be told by table: a run of one kind with a character after it that surely begins a new one.
#[inline]
pub(super) fn simple_token(bytes: &[u8], start: usize) -> Option<(usize, TokenKind)> {
    let first = bytes[start];
    let mut end = start + 1;
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => {
            while end < bytes.len() && bytes[end].is_ascii_alphabetic() {
                end += 1;
            }
            parts_from_letter(bytes, end).then_some((end, TokenKind::Latin))
        }
        0xE0 if bangla_at(bytes, start) & BEGINS != 0 => {
            end = start + 3;
            while bangla_at(bytes, end) & IN_WORD != 0 {
                end += 3;
            }
            parts_from_letter(bytes, end).then_some((end, TokenKind::Bangla))
        }
        b'0'..=b'9' => {
            while end < bytes.len() && bytes[end].is_ascii_digit() {
                end += 1;
            }
            let parts = match bytes.get(end) {
                None => true,
                Some(b) => b.is_ascii() && !b.is_ascii_alphanumeric() && !b"_.,;'".contains(b),
            };
            parts.then_some((end, TokenKind::Number))
        }
        b' ' => {
            while end < bytes.len() && bytes[end] == b' ' {
                end += 1;
            }
            begins_afresh(bytes, end).then_some((end, TokenKind::Space))
        }
        b'\n' => Some((end, TokenKind::Space)),
        b'\t' => begins_afresh(bytes, end).then_some((end, TokenKind::Space)),
        0xE0 if is_danda(bytes, start) => {
            end = start + 3;
            begins_afresh(bytes, end).then_some((end, TokenKind::Punctuation))
        }
        b'_' | b'\r' | 0x0B | 0x0C | 0x80.. => None,
        _ => begins_afresh(bytes, end).then_some((end, TokenKind::Punctuation)),
    }
}

/// What the character at `at` is, if it is one of the Bangla block.
#[inline]
fn bangla_at(bytes: &[u8], at: usize) -> u8 {
    match bytes.get(at..at + 3) {
        Some(&[0xE0, page @ (0xA6 | 0xA7), low]) => {
            BLOCK[usize::from(page & 1) << 6 | usize::from(low & 0x3F)]
        }
        _ => 0,
    }
}

/// Whether a token that ends in a letter surely ends before `at`.
#[inline]
pub(super) fn parts_from_letter(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(b' ') => true,
        // A full stop or an apostrophe inside a word joins it, so the character after it counts.
        Some(b'.' | b'\'') => match bytes.get(at + 1) {
            None => true,
            Some(b) => b.is_ascii() && !b.is_ascii_alphanumeric() && *b != b'_',
        },
        Some(b'_' | b':') => false,
        Some(b) if b.is_ascii() => !b.is_ascii_alphanumeric(),
        _ => is_danda(bytes, at),
    }
}

/// Whether the character at `at` joins nothing before it: it is ASCII, a Bangla letter or a danda.
#[inline]
fn begins_afresh(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None => true,
        Some(b) if b.is_ascii() => true,
        _ if is_danda(bytes, at) => true,
        _ => bangla_at(bytes, at) & BEGINS != 0,
    }
}

#[inline]
fn is_danda(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 3), Some([0xE0, 0xA5, 0xA4 | 0xA5]))
}
