//! How well a romanised spelling fits a Bangla word: an edit distance over sounds, weighted by how people romanise.
//!
//! The key of a word drops its vowels; here they count. What nearly everybody varies costs next to nothing (o or a or nothing for the vowel that
//! is not written, aspiration, sh for s), what changes the word costs much (kar for করে).

use super::sounds::{self, FINAL_INHERENT, GLIDE, INHERENT, NASAL_G, NASAL_GH, Sounds, is_vowel};

/// How well the romanised spelling fits the Bangla word, from 0 (not at all) to 1 (as anyone would write it).
///
/// Both lower case and normalised. Meant for words whose keys meet; it does not look at the keys itself.
pub fn similarity(roman: &str, bangla: &str) -> f32 {
    Spelling::new(roman).similarity_from(&sounds::of_bangla(bangla), 0.0)
}

/// A romanised word, ready to be compared with many Bangla ones.
#[derive(Clone, Debug)]
pub(crate) struct Spelling(Sounds);

impl Spelling {
    pub(crate) fn new(roman: &str) -> Self {
        Self(sounds::of_roman(roman))
    }

    /// See [`similarity`]; the Bangla word comes as its sounds. Where it would be less than `least`, it may be told too low, which is
    /// sooner known.
    pub(crate) fn similarity_from(&self, bangla: &[u8], least: f32) -> f32 {
        let left = &self.0;
        if left.is_empty() || bangla.is_empty() {
            return 0.0;
        }
        let mean = (left.len() + bangla.len()) as f32 / 2.0;
        // Half of all sounds wrong is as bad as can be.
        let limit = (1.0 - least.clamp(0.0, 1.0)) * mean * 0.5 + ROUNDING;
        (1.0 - distance(left, bangla, limit) / (mean * 0.5)).clamp(0.0, 1.0)
    }
}

/// More than sums of costs can be off.
const ROUNDING: f32 = 1e-3;

/// Words of fewer sounds need no memory from the heap.
const SHORT: usize = 32;

/// Weighted edit distance, one row at a time; infinite as soon as it must be more than `limit`.
///
/// Costs only add up, so that cells above the limit lead nowhere: only the columns between the first and the last one below it
/// are looked at (E. Ukkonen, *Algorithms for approximate string matching*, 1985).
fn distance(roman: &[u8], bangla: &[u8], limit: f32) -> f32 {
    let (mut short, mut long) = ([f32::INFINITY; SHORT], Vec::new());
    let row = match short.get_mut(..=bangla.len()) {
        Some(row) => row,
        None => {
            long.resize(bangla.len() + 1, f32::INFINITY);
            &mut long[..]
        }
    };
    row[0] = 0.0;
    let (mut first, mut last) = (0, 0);
    for (at, &sound) in bangla.iter().enumerate() {
        row[at + 1] = row[at] + LEFT_OUT[code(sound)];
        if row[at + 1] > limit {
            break;
        }
        last = at + 1;
    }
    for &sound in roman {
        let exchanged = &EXCHANGED[code(sound)];
        let added = PUT_IN[code(sound)];
        let mut diagonal = row[first];
        row[first] += added;
        let mut left = row[first];
        let (from, until) = (first, last);
        let mut found = left <= limit;
        last = from;
        for (at, &other) in bangla.iter().enumerate().skip(from) {
            if at > until && left > limit {
                break;
            }
            let best = (diagonal + exchanged[code(other)])
                .min(row[at + 1] + added)
                .min(left + LEFT_OUT[code(other)]);
            diagonal = row[at + 1];
            row[at + 1] = best;
            left = best;
            if best <= limit {
                last = at + 1;
                if !found {
                    found = true;
                    first = last;
                }
            }
        }
        if !found {
            return f32::INFINITY;
        }
    }
    if last == bangla.len() {
        row[last]
    } else {
        f32::INFINITY
    }
}

/// The place of a sound in the tables of costs.
const fn code(sound: u8) -> usize {
    (sound % 64) as usize
}

/// For each romanised and each Bangla sound what it costs to write the one for the other.
static EXCHANGED: [[f32; 64]; 64] = {
    let mut table = [[0.0; 64]; 64];
    let mut at = 0;
    while at < 64 * 64 {
        let (roman, bangla) = (at / 64, at % 64);
        table[roman][bangla] = exchanged(64 + roman as u8, 64 + bangla as u8);
        at += 1;
    }
    table
};

static LEFT_OUT: [f32; 64] = {
    let mut table = [0.0; 64];
    let mut at = 0;
    while at < 64 {
        table[at] = left_out(64 + at as u8);
        at += 1;
    }
    table
};

static PUT_IN: [f32; 64] = {
    let mut table = [0.0; 64];
    let mut at = 0;
    while at < 64 {
        table[at] = put_in(64 + at as u8);
        at += 1;
    }
    table
};

/// Cost of writing one sound for another.
const fn exchanged(roman: u8, bangla: u8) -> f32 {
    let (roman, bangla) = (anywhere(roman), anywhere(bangla));
    if roman == bangla {
        return 0.0;
    }
    match (roman, bangla) {
        (b'o', INHERENT) => 0.01,
        (b'a', INHERENT) => 0.12,
        (b'u', INHERENT) => 0.4,
        (b'e' | b'i', INHERENT) => 0.6,
        (b'a', b'o') | (b'o', b'a') => 0.45,
        (b'e', b'i') | (b'i', b'e') | (b'u', b'o') | (b'o', b'u') => 0.3,
        (b'e', b'a') | (b'a', b'e') => 0.4,
        (b'y', GLIDE) => 0.0,
        (b'i' | b'e', GLIDE) => 0.15,
        (b'o' | b'a', GLIDE) => 0.35,
        (b'y', b'i') => 0.1,
        (b'y', b'e') => 0.25,
        (b'w', b'o' | b'u' | INHERENT) => 0.15,
        (b'w', b'b' | b'B') => 0.2,
        (b'b' | b'B', b'w') => 0.1,
        (b'y', b'j') => 0.3,
        (b's', b'C') => 0.15,
        (b's' | b'S', b'c' | b'C') | (b'c' | b'C', b's') => 0.3,
        (b'k', b'c') | (b's', b'k') | (b'g', b'j') | (b'j', b's') | (b's', b'j') => 0.4,
        (b'S', b'K') | (b'K', b'S') => 0.6,
        (b'n', b'N') | (b'N', b'n') => 0.1,
        (b'm', b'N') => 0.3,
        (b'p', b'P') | (b'P', b'p') => 0.2,
        // The h of an aspirate is often dropped, seldom added (but th for ত is a habit of the south).
        (b's' | b'S', b's' | b'S') => 0.03,
        (b'T', b't') => 0.1,
        _ if roman.eq_ignore_ascii_case(&bangla) => {
            if roman.is_ascii_lowercase() {
                0.06
            } else {
                0.3
            }
        }
        _ if is_vowel(roman) && is_vowel(bangla) => 0.7,
        _ => 1.0,
    }
}

/// A sound without regard to where it stands.
const fn anywhere(sound: u8) -> u8 {
    match sound {
        FINAL_INHERENT => INHERENT,
        NASAL_G => b'g',
        NASAL_GH => b'G',
        sound => sound,
    }
}

/// Cost of leaving out a sound of the Bangla word.
const fn left_out(bangla: u8) -> f32 {
    match bangla {
        FINAL_INHERENT => 0.02,
        INHERENT => 0.12,
        GLIDE => 0.08,
        b'w' => 0.08,
        NASAL_G | NASAL_GH => 0.05,
        b'h' => 0.35,
        b'm' => 0.5,
        sound if is_vowel(sound) => 0.55,
        _ => 0.9,
    }
}

/// Cost of a written sound that the Bangla word lacks.
const fn put_in(roman: u8) -> f32 {
    match roman {
        b'y' | b'w' => 0.12,
        b'h' => 0.2,
        b'n' => 0.4,
        NASAL_G => 0.05,
        sound if is_vowel(sound) => 0.4,
        _ => 0.9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_decide_between_words_of_one_key() {
        for (roman, right, wrong) in [
            ("kore", "করে", "কার"),
            ("kar", "কার", "করে"),
            ("kaj", "কাজ", "কেজি"),
            ("vata", "ভাতা", "ভোট"),
            ("taka", "টাকা", "টিকা"),
            ("tika", "টিকা", "টাকা"),
            ("lok", "লোক", "লাখ"),
        ] {
            let (good, bad) = (similarity(roman, right), similarity(roman, wrong));
            assert!(
                good > 0.85 && bad < 0.75 && good > bad + 0.2,
                "{roman}: {right} {good}, {wrong} {bad}"
            );
        }
    }

    #[test]
    fn common_habits_cost_little() {
        for (roman, bangla) in [
            ("jonobol", "জনবল"),
            ("janabal", "জনবল"),
            ("somossa", "সমস্যা"),
            ("proshikkhon", "প্রশিক্ষণ"),
            ("ki6u", "কিছু"),
            ("2mi", "তুমি"),
            ("sastho", "স্বাস্থ্য"),
            ("bangla", "বাংলা"),
        ] {
            let close = similarity(roman, bangla);
            assert!(close > 0.8, "{roman} {bangla} {close}");
        }
    }
}
