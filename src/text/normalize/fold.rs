//! Makes letters that sound alike one letter, so that a word matches however it is misspelt.
//!
//! After the table of Apache Lucene's Bengali normaliser, which rests on N. UzZaman and M. Khan, 'A Double Metaphone
//! Encoding for Bangla' (2004), with its rule for ক্ষ mended (there it tests the wrong character and never fires) and
//! silent letters dropped rather than doubled, since people leave them out.

use crate::text::script::{Sign, sign};

const HASANTA: char = '\u{9CD}';

/// Appends to `out` the fold of `word`, which is in the form of [`word`](super::word). For matching only: the result is
/// no spelling. Folding twice is folding once.
pub fn fold(word: &str, out: &mut String) {
    let mut cluster = Cluster::default();
    for c in word.chars() {
        match c {
            HASANTA if cluster.last.is_some() => cluster.is_joined = true,
            // র‍্য has a য-ফলা, র্য a reph and a full য.
            '\u{200D}' => cluster.is_rya = true,
            '\u{200C}' => {}
            'ৃ' if cluster.last.is_some() => {
                cluster.is_joined = true;
                cluster.add('র', out);
                out.push('ি');
                cluster = Cluster::default();
            }
            _ if sign(c) == Sign::Consonant || matches!(c, 'ৎ' | 'ং') => cluster.add(c, out),
            _ => {
                // ্যা is the vowel of ব্যাংক, elsewhere the য-ফলা is silent.
                if cluster.has_ya && c == 'া' {
                    out.push(HASANTA);
                    out.push('য');
                }
                cluster = Cluster::default();
                match c {
                    'ঁ' | 'ঃ' | HASANTA => {}
                    'ী' => out.push('ি'),
                    'ূ' => out.push('ু'),
                    'ঈ' => out.push('ই'),
                    'ঊ' => out.push('উ'),
                    'ঋ' | 'ৃ' => out.push_str("রি"),
                    _ => out.push(c),
                }
            }
        }
    }
}

/// The consonants of one syllable, as far as they are read.
#[derive(Default)]
struct Cluster {
    /// The last letter that was written.
    last: Option<char>,
    /// Whether a hasanta joins the next letter to it.
    is_joined: bool,
    /// Whether it is the র of র‍্য.
    is_rya: bool,
    /// Whether a silent য was left out after it.
    has_ya: bool,
}

impl Cluster {
    fn add(&mut self, c: char, out: &mut String) {
        let folded = match c {
            'ণ' => 'ন',
            'শ' | 'ষ' => 'স',
            'ড়' | 'ঢ়' | '\u{9F0}' => 'র',
            'ৎ' => 'ত',
            'ঙ' => 'ং',
            'য' => 'জ',
            '\u{9F1}' => 'ব',
            _ => c,
        };
        let before = self.last.filter(|_| self.is_joined);
        self.is_joined = false;
        let Some(before) = before else {
            out.push(folded);
            *self = Cluster {
                last: Some(folded),
                ..Cluster::default()
            };
            return;
        };
        match (before, c) {
            (b, 'য') if b != 'র' || self.is_rya => self.has_ya = true,
            (b, _) if b == folded => {}
            ('ক', 'ষ') => self.replace_last('খ', out),
            ('জ', 'ঞ') => self.replace_last('গ', out),
            // Where it is heard, a ব after a consonant stays: লম্বা, উদ্বেগ, বাল্ব.
            (b, 'ব') if !matches!(b, 'ম' | 'ব' | 'দ' | 'ল' | 'গ' | 'র') => {}
            ('স' | 'দ' | 'ত', 'ম') => {}
            _ => {
                // ং bears no hasanta.
                if before != 'ং' {
                    out.push(HASANTA);
                }
                out.push(folded);
                *self = Cluster {
                    last: Some(folded),
                    ..Cluster::default()
                };
            }
        }
    }

    fn replace_last(&mut self, c: char, out: &mut String) {
        out.pop();
        out.push(c);
        self.last = Some(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(word: &str) -> String {
        let mut out = String::new();
        fold(word, &mut out);
        out
    }

    #[test]
    fn common_misspellings_meet() {
        for (a, b) in [
            ("সরকারী", "সরকারি"),
            ("কারণ", "কারন"),
            ("শাখা", "সাখা"),
            ("উজ্জ্বল", "উজ্জল"),
            ("উজ্জ্বল", "উজ্বল"),
            ("দূর", "দুর"),
            ("গাড়ি", "গারি"),
            ("চাঁদ", "চাদ"),
            ("দক্ষ", "দখ"),
            ("সমন্বয়", "সমন্নয়"),
            ("উৎসব", "উতসব"),
            ("কার্যক্রম", "কার্জক্রম"),
            ("বাঙলা", "বাংলা"),
            ("ঘূর্ণিঝড়", "ঘুর্নিঝর"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (a, b) in [
            ("ব্যাংক", "বাংক"),
            ("লম্বা", "লমা"),
            ("জনবল", "জল"),
            ("বাজেট", "বাজে"),
        ] {
            assert_ne!(folded(a), folded(b), "{a} {b}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn folding_twice_is_folding_once(text in "[কষজঞযবদমসশংঙৎণড়অআএঋািীূৃঁঃ্a]{0,9}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
