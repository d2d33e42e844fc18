//! Gives all forms of a word one common stem: Bangla by our own rules, English by Snowball with British and American spellings joined.
//!
//! A stem is for comparing, not for reading; Bangla stems happen to be dictionary words (বরাদ্দের → বরাদ্দ, করেছিলাম → করা).

mod bangla;
mod english;
mod noun;
mod verb;

use std::borrow::Cow;

use super::script::{self, Sign};

/// The stem of a clean word: lower case, normalised (ড় ঢ় য় as one character, no joiners), without spaces.
///
/// The first letter decides on the language; a word of neither script is its own stem. Never fails: any text has a stem.
pub fn stem(word: &str) -> Cow<'_, str> {
    // Most words begin with a letter of which no table need be asked.
    let is_letter = |c: &char| {
        c.is_ascii_lowercase()
            || matches!(script::sign(*c), Sign::Consonant | Sign::Vowel)
            || c.is_alphabetic()
    };
    match word.chars().find(is_letter) {
        Some('a'..='z') => english::stem(word),
        Some('\u{980}'..='\u{9ff}') => bangla::stem(word),
        _ => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn script_decides_on_the_language() {
        assert_eq!(stem("trainings"), "train");
        assert_eq!(stem("প্রশিক্ষণের"), "প্রশিক্ষণ");
        assert_eq!(stem("2026"), "2026");
        assert_eq!(stem(""), "");
        assert_eq!(stem("обучение"), "обучение");
    }

    proptest! {
        #[test]
        fn any_text_has_a_stem(word in "\\PC{0,12}|[\u{980}-\u{9ff}]{0,14}|[a-z'’-]{0,14}") {
            let once = stem(&word).into_owned();
            prop_assert_eq!(once.is_empty(), word.is_empty(), "only nothing has an empty stem: {}", word);
        }

        #[test]
        fn bangla_stems_are_never_longer_by_much(word in "[ক-হািীুেো]{1,12}") {
            prop_assert!(stem(&word).chars().count() <= word.chars().count() + 4);
        }
    }
}
