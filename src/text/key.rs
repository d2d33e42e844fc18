//! Brings Bangla script and romanised Bangla together: a phonetic key under which both spellings of a word meet, a finer similarity to rank those
//! that meet, and the best Bangla word for a romanised one.
//!
//! Nobody spells romanised Bangla by a standard (করছে: korche, korchhe, korse, krce), so the key keeps only what nearly everyone agrees on: the
//! order of the consonants, without aspiration, length and vowels. What it gives away, [`similarity`] looks at again.

mod native;
mod similarity;
mod skeleton;
mod sounds;

use std::cell::OnceCell;

pub use native::best_native;
pub(crate) use native::native;
pub use similarity::similarity;
pub(crate) use sounds::of_bangla;

use similarity::Spelling;

/// A romanised word, ready to be compared with many Bangla ones.
pub(crate) struct Reading<'a> {
    roman: &'a str,
    key: String,
    spelling: OnceCell<Spelling>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(roman: &'a str) -> Self {
        Self {
            roman,
            key: key(roman),
            spelling: OnceCell::new(),
        }
    }

    /// The word as it is written.
    pub(crate) fn roman(&self) -> &'a str {
        self.roman
    }

    /// Its key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// See [`similarity`]; the Bangla word comes as its sounds. Where it would be less than `least`, it may be told too low,
    /// which is sooner known.
    pub(crate) fn similarity_from(&self, bangla: &[u8], least: f32) -> f32 {
        self.spelling
            .get_or_init(|| Spelling::new(self.roman))
            .similarity_from(bangla, least)
    }
}

/// The key of a word in Bangla script, romanised Bangla or English (lower case, normalised). Only the empty word has an empty key.
pub fn key(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    key_into(word, &mut key);
    key
}

/// Like [`key`], appended to `out`.
pub fn key_into(word: &str, out: &mut String) {
    let from = out.len();
    match word.chars().find(|c| c.is_alphabetic()) {
        Some('\u{980}'..='\u{9ff}') => skeleton::bangla(word, out),
        Some('a'..='z') => skeleton::roman(word, out),
        _ => {}
    }
    if out.len() == from {
        out.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_scripts_meet() {
        for (bangla, romans) in [
            ("জনবল", "jonobol janabal jonbol zonobol"),
            ("বরাদ্দ", "boraddo baradda borad boraddho"),
            ("প্রশিক্ষণ", "proshikkhon prosikkhon proshikhon prashikshan"),
            ("করছে", "korche korchhe kor6e korse karche"),
            ("কিছু", "kichu kichhu ki6u kisu"),
            ("তুমি", "tumi 2mi toomi"),
            ("ভাতা", "bhata vata bhaata"),
            ("সমস্যা", "somossa shomoshya samasya"),
            ("বিজ্ঞান", "biggan bigyan bijnan"),
            ("কর্মকর্তা", "kormokorta karmakarta kormokortha"),
            ("স্বাস্থ্য", "shastho shasthyo swasthya sastho"),
            ("ট্রেনিং", "training trening trening"),
            ("কার্যক্রম", "karjokrom karyakram karzokrom"),
            ("রাজনীতি", "rajniti rajneeti rajnoiti"),
            ("একটা", "ekta 1ta akta"),
            ("শিক্ষা", "shikkha siksa shiksha"),
            ("কষ্ট", "kosto koshto kasta"),
            ("একশো", "eksho ekso"),
            ("আছে", "ase ache a6e achhe"),
            ("উপজেলা", "upozila upojela upazila"),
            ("সমন্বয়", "somonnoy shomonboy samanway"),
            ("ঐতিহ্য", "oitihyo oitijjo"),
        ] {
            for roman in romans.split(' ') {
                assert_eq!(key(bangla), key(roman), "{bangla} {roman}");
            }
        }
    }

    #[test]
    fn different_words_have_different_keys() {
        for (one, other) in [
            ("জনবল", "জনগণ"),
            ("ভাতা", "টাকা"),
            ("bhata", "data"),
            ("korche", "korte"),
            ("অফিস", "আপোষ নয়"),
        ] {
            assert_ne!(key(one), key(other));
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_key(word in "\\PC{0,12}|[\u{980}-\u{9ff}]{0,14}|[a-z0-9]{0,14}") {
            prop_assert_eq!(key(&word).is_empty(), word.is_empty());
        }

        #[test]
        fn similarity_is_a_share(roman in "\\PC{0,8}|[a-z0-9]{0,14}", bangla in "\\PC{0,8}|[\u{980}-\u{9ff}]{0,14}") {
            prop_assert!((0.0..=1.0).contains(&similarity(&roman, &bangla)));
        }

        #[test]
        fn best_native_takes_any_text(roman in "\\PC{0,8}|[a-z0-9]{0,14}") {
            if let Some((_, close)) = best_native(&roman) {
                prop_assert!((0.0..=1.0).contains(&close));
            }
        }
    }
}
