//! Texts of respondents as they may be shown: nothing in them moves the cursor, turns a line round or hides a word.
//!
//! Only what people look at is made so. JSON and CSV keep every character, and offsets count in the text as it was given.

use std::borrow::Cow;

/// The text without the characters that only act on its display: control characters (line breaks and tabs stay), marks
/// that turn the direction of writing, and invisible ones.
///
/// Joiners stay, since Bangla is written with them, and so does the soft hyphen, which is a letter of Bijoy text.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    let acts = |c: char| acts_on_display(c) && !matches!(c, '\n' | '\t');
    if text.contains(acts) {
        Cow::Owned(text.chars().filter(|&c| !acts(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The same on one line: all white space between two words is one space.
#[must_use]
pub fn shown_in_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || c.is_control() || !acts_on_display(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character is not seen itself but changes what is seen around it.
///
/// The marks of direction are those of UAX #9; a line that holds one can read otherwise than it was typed ('Trojan Source',
/// Boucher and Anderson 2021). Tags (U+E0000 and on) spell text that nobody sees.
pub(super) fn acts_on_display(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_the_display_goes_and_what_bangla_needs_stays() {
        for (given, want) in [
            ("no \u{202e}tegdub\u{202c} at all", "no tegdub at all"),
            ("b\u{200b}ud\u{2060}get\u{feff}", "budget"),
            ("\u{2067}a\u{2069}\u{1b}[31m\u{0}\u{9b}2J", "a[31m2J"),
            ("hi\u{e0041}\u{e0042}\u{e007f}", "hi"),
            (
                "র\u{200d}্যাব\nক\u{200c}ষ\tআছে",
                "র\u{200d}্যাব\nক\u{200c}ষ\tআছে",
            ),
        ] {
            assert_eq!(shown(given), want);
        }
        assert!(matches!(shown("জনবল নেই"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_text_on_one_line_has_no_line_breaks_of_any_kind() {
        assert_eq!(
            shown_in_line("one\r\ntwo\u{2028}three \u{85} four\u{202e}\u{7}five"),
            "one two three four five"
        );
    }
}
