//! Tells the language form of a text from what its words tell.

use crate::matching::Class;
use crate::record::Language;

/// Counts of words by what they tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Census {
    bangla: u32,
    english: u32,
    roman: u32,
    either: u32,
}

impl Census {
    pub(super) fn count(&mut self, class: Class) {
        match class {
            Class::Bangla => self.bangla += 1,
            Class::English => self.english += 1,
            Class::Roman => self.roman += 1,
            Class::Either => self.either += 1,
            Class::Neutral => {}
        }
    }

    /// Whether its Latin words are Bangla, so that those which could be either are read as such.
    pub(super) fn is_roman(&self) -> bool {
        self.roman > 0 && 2 * (self.roman + self.either) >= self.english
    }

    /// The language form. A language is part of a mixture from one word in six on: single loan words are part of
    /// the language that took them in.
    pub(super) fn language(&self) -> Language {
        let (mut english, mut roman) = (self.english, self.roman);
        if self.is_roman() {
            roman += self.either;
        } else {
            english += self.either;
        }
        let all = self.bangla + english + roman;
        if all == 0 {
            return Language::Undetermined;
        }
        let parts = [
            (self.bangla, Language::Bangla),
            (english, Language::English),
            (roman, Language::RomanBangla),
        ];
        let Some((most, language)) = parts.into_iter().max_by_key(|(n, _)| *n) else {
            return Language::Undetermined;
        };
        if 6 * (all - most) > all {
            Language::Mixed
        } else {
            language
        }
    }
}
