//! Finds words of the taxonomy inside compounds that are written without a space.

use super::hits::Hits;
use super::lookup::Lookup;
use crate::text::lexicon;
use crate::text::stem::stem;

impl Lookup {
    /// A word of the taxonomy inside an unspaced compound (জনবলসংকট), at its start or end.
    pub(super) fn compound(&self, form: &str, min: usize, hits: &mut Hits) {
        if form.chars().count() < min + 2 {
            return;
        }
        // What remains must be a word or a suffix, not a stray letter of some other word.
        for (end, symbols) in self.parts.starts(form) {
            if self.is_rest(&form[end..]) {
                hits.all(Some(symbols), 85);
            }
        }
        for (start, symbols) in self.parts.ends(form) {
            if start > 0 && self.is_rest(&form[..start]) {
                hits.all(Some(symbols), 85);
            }
        }
    }

    fn is_rest(&self, rest: &str) -> bool {
        if rest.is_empty() {
            return true;
        }
        // A part never begins with a vowel sign: then the cut went through a syllable.
        if rest.starts_with(|c: char| matches!(c, '\u{981}'..='\u{983}' | '\u{9BC}'..='\u{9CD}')) {
            return false;
        }
        let base = stem(rest);
        let known = |w: &str| {
            lexicon::bangla(w).is_some() || lexicon::english(w).is_some() || self.exact.contains(w)
        };
        rest.chars().count() >= 2 && (known(rest) || known(&base))
    }
}
