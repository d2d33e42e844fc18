//! What becomes of single characters in the clean form, whatever stands beside them.

use unicode_normalization::{IsNormalized, char::canonical_combining_class, is_nfc_quick};

use crate::text::script::{self, Class, Sign, sign};

/// Whether `c` is in NFC whatever stands beside it.
pub(super) fn is_nfc(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Whether a rule for single characters speaks of `c`.
pub(super) fn changes_alone(c: char) -> bool {
    single(c) != Single::Keep || matches!(c, '\u{200B}' | '\u{9F0}' | '\u{9F1}')
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Single {
    Keep,
    Drop,
    Put(&'static str),
    PutChar(char),
}

/// What becomes of a character whatever stands beside it.
pub(super) fn single(c: char) -> Single {
    match c {
        // Byte order mark, word joiner, soft hyphen; marks of writing direction, which come in with pasted text.
        '\u{FEFF}'
        | '\u{2060}'
        | '\u{AD}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{61C}' => Single::Drop,
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            Single::PutChar(' ')
        }
        '‘' | '’' | '‛' | 'ʼ' | '`' | '´' | '′' => Single::PutChar('\''),
        '\u{2010}' | '\u{2011}' => Single::PutChar('-'),
        '\u{9F7}' | '\u{9E4}' => Single::PutChar('।'),
        '\u{9E5}' => Single::PutChar('॥'),
        '\u{9C4}' => Single::PutChar('ৃ'),
        '\u{FF01}'..='\u{FF5E}' => Single::PutChar(char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)),
        // Ligatures, as text taken out of PDF files has them.
        'ﬀ' => Single::Put("ff"),
        'ﬁ' => Single::Put("fi"),
        'ﬂ' => Single::Put("fl"),
        'ﬃ' => Single::Put("ffi"),
        'ﬄ' => Single::Put("ffl"),
        'ﬅ' | 'ﬆ' => Single::Put("st"),
        _ => Single::Keep,
    }
}

/// Whether `c` is a letter or a Bangla sign.
pub(super) fn is_letter(c: char) -> bool {
    matches!(
        script::class(c),
        Class::Bangla | Class::Latin | Class::Letter
    )
}

/// Whether a word can begin with `c`: a letter, but no vowel sign, modifier, hasanta or nukta.
pub(super) fn begins_word(c: char) -> bool {
    is_letter(c)
        && !matches!(
            sign(c),
            Sign::Kar | Sign::Modifier | Sign::Hasanta | Sign::Nukta
        )
}

/// Whether `c` says how to draw or to break a line, and nothing else.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}') || single(c) == Single::Drop
}
