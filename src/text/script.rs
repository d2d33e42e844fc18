//! Tells which script a character belongs to, by table, so that the hot loops need no property look-up.

/// What a character is to the tokeniser and the normaliser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A Bangla letter, vowel sign, hasanta, nukta or other sign that is part of a word (Assamese letters too).
    Bangla,
    /// A Latin letter, with or without accent.
    Latin,
    /// A decimal digit, ASCII or Bangla or of another script.
    Digit,
    /// Invisible or combining: belongs to the character before it (ZWJ, ZWNJ, soft hyphen, accents).
    Joiner,
    /// A letter of any other script.
    Letter,
    /// White space.
    Space,
    /// Punctuation, symbols and all the rest.
    Other,
}

/// The part that a Bangla character plays within a syllable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// ক to হ, ড় ঢ় য়, and the Assamese ৰ ৱ.
    Consonant,
    /// ৎ, a consonant that bears nothing.
    KhandaTa,
    /// An independent vowel: অ to ঔ, ৠ, ৡ.
    Vowel,
    /// A dependent vowel sign (kar), and the length mark that ends a split ৌ.
    Kar,
    /// ঁ ং ঃ.
    Modifier,
    /// The hasanta (virama) ্.
    Hasanta,
    /// The nukta ়.
    Nukta,
    /// Not a sign of a Bangla syllable.
    None,
}

const fn bangla_sign(c: u32) -> Sign {
    match c {
        0x0981..=0x0983 | 0x09FE => Sign::Modifier,
        0x0985..=0x098C | 0x098F..=0x0990 | 0x0993..=0x0994 | 0x09E0..=0x09E1 => Sign::Vowel,
        0x0995..=0x09A8 | 0x09AA..=0x09B0 | 0x09B2 | 0x09B6..=0x09B9 => Sign::Consonant,
        0x09DC..=0x09DD | 0x09DF | 0x09F0..=0x09F1 => Sign::Consonant,
        0x09BC => Sign::Nukta,
        0x09BE..=0x09C4 | 0x09C7..=0x09C8 | 0x09CB..=0x09CC | 0x09D7 | 0x09E2..=0x09E3 => Sign::Kar,
        0x09CD => Sign::Hasanta,
        0x09CE => Sign::KhandaTa,
        _ => Sign::None,
    }
}

const SIGNS: [Sign; 128] = {
    let mut table = [Sign::None; 128];
    let mut i = 0;
    while i < 128 {
        table[i] = bangla_sign(0x0980 + i as u32);
        i += 1;
    }
    table
};

/// The part that `c` plays within a Bangla syllable.
#[inline]
#[must_use]
pub const fn sign(c: char) -> Sign {
    let i = (c as u32).wrapping_sub(0x0980);
    if i < 128 {
        SIGNS[i as usize]
    } else {
        Sign::None
    }
}

/// What `c` is to the tokeniser.
#[inline]
#[must_use]
pub fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Latin,
        '0'..='9' => Class::Digit,
        ' ' | '\t'..='\r' => Class::Space,
        '\0'..='\x7F' => Class::Other,
        '\u{9E6}'..='\u{9EF}' => Class::Digit,
        '\u{980}'..='\u{9FF}' if is_bangla(c) => Class::Bangla,
        // The rest of the Bangla block, dandas, quotation marks and dashes.
        '\u{980}'..='\u{9FF}' | '\u{964}' | '\u{965}' | '\u{2010}'..='\u{2027}' => Class::Other,
        _ => class_of_rest(c),
    }
}

fn class_of_rest(c: char) -> Class {
    match c {
        '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{300}'..='\u{36F}' => {
            Class::Joiner
        }
        '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'
            if c.is_alphabetic() =>
        {
            Class::Latin
        }
        '\u{250}'..='\u{2AF}'
        | '\u{2C60}'..='\u{2C7F}'
        | '\u{A720}'..='\u{A7FF}'
        | '\u{FB00}'..='\u{FB06}'
            if c.is_alphabetic() =>
        {
            Class::Latin
        }
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => Class::Latin,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

/// Whether `c` is a Bangla letter or sign.
#[inline]
#[must_use]
pub const fn is_bangla(c: char) -> bool {
    // ঀ, ঽ and ৼ are letters that build no syllable.
    matches!(c, '\u{980}' | '\u{9BD}' | '\u{9FC}') || !matches!(sign(c), Sign::None)
}

/// Whether `c` is a Bangla letter rather than a sign that needs one before it.
#[inline]
#[must_use]
pub const fn begins_syllable(c: char) -> bool {
    matches!(sign(c), Sign::Consonant | Sign::Vowel | Sign::KhandaTa)
}

/// The value of an ASCII or Bangla digit.
#[inline]
#[must_use]
pub fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => Some(c as u8 - b'0'),
        '\u{9E6}'..='\u{9EF}' => Some((c as u32 - 0x9E6) as u8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_danda_and_the_taka_sign_are_no_letters() {
        for c in ['।', '॥', '৷', '৳', '_', '\''] {
            assert_eq!(class(c), Class::Other, "{c}");
        }
    }

    #[test]
    fn a_word_is_made_of_letters_and_signs() {
        assert!("সংশ্লিষ্টতাঁঃয়ড়ঢ়ৎঋৃ".chars().all(is_bangla));
        assert!("naïveŁódźÅ".chars().all(|c| class(c) == Class::Latin));
        assert_eq!(class('ж'), Class::Letter);
        assert!("0১9৯".chars().all(|c| class(c) == Class::Digit));
        assert_eq!("৪2".chars().filter_map(digit).collect::<Vec<_>>(), [4, 2]);
    }
}
