//! Tells the language form of a text from what its words tell.

use crate::matching::Class;
use crate::record::Language;

/// Counts of words by what they tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Census([u32; 5]);

impl Census {
    #[inline]
    pub(super) fn count(&mut self, class: Class) {
        self.0[class as usize] += 1;
    }

    fn of(&self, class: Class) -> u32 {
        self.0[class as usize]
    }

    /// Whether its Latin words are Bangla, so that those which could be either are read as such.
    pub(super) fn is_roman(&self) -> bool {
        let roman = self.of(Class::Roman);
        roman > 0 && 2 * (roman + self.of(Class::Either)) >= self.of(Class::English)
    }

    /// The language form. A language is part of a mixture from one word in six on: single loan words are part of
    /// the language that took them in.
    pub(super) fn language(&self) -> Language {
        let (mut english, mut roman) = (self.of(Class::English), self.of(Class::Roman));
        if self.is_roman() {
            roman += self.of(Class::Either);
        } else {
            english += self.of(Class::Either);
        }
        let bangla = self.of(Class::Bangla);
        let all = bangla + english + roman;
        if all == 0 {
            return Language::Undetermined;
        }
        let parts = [
            (bangla, Language::Bangla),
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
