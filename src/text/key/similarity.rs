//! How well a romanised spelling fits a Bangla word: an edit distance over sounds, weighted by how people romanise.
//!
//! The key of a word drops its vowels; here they count. What nearly everybody varies costs next to nothing (o or a or nothing for the vowel that
//! is not written, aspiration, sh for s), what changes the word costs much (kar for করে).

use smallvec::SmallVec;

use super::skeleton::spelt_out;

const HASANTA: char = '\u{9cd}';

/// The vowel that Bangla does not write.
const INHERENT: u8 = b'@';
/// য় and য-ফলা, often left out.
const GLIDE: u8 = b'Y';

/// How well the romanised spelling fits the Bangla word, from 0 (not at all) to 1 (as anyone would write it).
///
/// Both lower case and normalised. Meant for words whose keys meet; it does not look at the keys itself.
pub fn similarity(roman: &str, bangla: &str) -> f32 {
    Spelling::new(roman).similarity(bangla)
}

/// The sounds of a word: few are longer.
type Sounds = SmallVec<[u8; 32]>;

/// A romanised word, ready to be compared with many Bangla ones.
pub(crate) struct Spelling(Sounds);

impl Spelling {
    pub(crate) fn new(roman: &str) -> Self {
        Self(roman_sounds(roman))
    }

    /// See [`similarity`].
    pub(crate) fn similarity(&self, bangla: &str) -> f32 {
        self.similarity_from(bangla, 0.0)
    }

    /// The same where it is at least `least`; else it may be told too low, which is sooner known.
    pub(crate) fn similarity_from(&self, bangla: &str, least: f32) -> f32 {
        let (left, right) = (&self.0, bangla_sounds(bangla));
        if left.is_empty() || right.is_empty() {
            return 0.0;
        }
        let mean = (left.len() + right.len()) as f32 / 2.0;
        // Half of all sounds wrong is as bad as can be.
        let limit = (1.0 - least) * mean * 0.5 + ROUNDING;
        (1.0 - distance(left, &right, limit) / (mean * 0.5)).clamp(0.0, 1.0)
    }
}

/// More than sums of costs can be off.
const ROUNDING: f32 = 1e-3;

/// Weighted edit distance, one row at a time; infinite as soon as it must be more than `limit`.
fn distance(roman: &[u8], bangla: &[u8], limit: f32) -> f32 {
    let mut row: SmallVec<[f32; 36]> = SmallVec::with_capacity(bangla.len() + 1);
    row.push(0.0);
    let costs: SmallVec<[f32; 32]> = (0..bangla.len()).map(|at| left_out(bangla, at)).collect();
    for at in 0..bangla.len() {
        row.push(row[at] + costs[at]);
    }
    for (i, &sound) in roman.iter().enumerate() {
        let added = put_in(roman, i);
        let mut diagonal = row[0];
        row[0] += added;
        let mut least = row[0];
        for j in 0..bangla.len() {
            let best = (diagonal + exchanged(sound, bangla[j]))
                .min(row[j + 1] + added)
                .min(row[j] + costs[j]);
            diagonal = row[j + 1];
            row[j + 1] = best;
            least = least.min(best);
        }
        if least > limit {
            return f32::INFINITY;
        }
    }
    row[bangla.len()]
}

/// Cost of writing one sound for another.
fn exchanged(roman: u8, bangla: u8) -> f32 {
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

/// Cost of leaving out a sound of the Bangla word.
fn left_out(bangla: &[u8], at: usize) -> f32 {
    match bangla[at] {
        INHERENT if at + 1 == bangla.len() => 0.02,
        INHERENT => 0.12,
        GLIDE => 0.08,
        b'w' => 0.08,
        b'g' | b'G' if at > 0 && bangla[at - 1] == b'N' => 0.05,
        b'h' => 0.35,
        b'm' => 0.5,
        sound if is_vowel(sound) => 0.55,
        _ => 0.9,
    }
}

/// Cost of a written sound that the Bangla word lacks.
fn put_in(roman: &[u8], at: usize) -> f32 {
    match roman[at] {
        b'y' | b'w' => 0.12,
        b'h' => 0.2,
        b'n' => 0.4,
        b'g' if at > 0 && roman[at - 1] == b'N' => 0.05,
        sound if is_vowel(sound) => 0.4,
        _ => 0.9,
    }
}

fn is_vowel(sound: u8) -> bool {
    matches!(
        sound,
        b'a' | b'e' | b'i' | b'o' | b'u' | INHERENT | GLIDE | b'y' | b'w'
    )
}

/// Appends a sound unless it repeats the last: doubled letters are written at will. Of a plain and an aspirated one the later stays (চ্ছ, ssh).
fn push(sounds: &mut Sounds, sound: u8) {
    match sounds.last_mut() {
        Some(last)
            if last.eq_ignore_ascii_case(&sound)
                && !is_vowel(sound)
                && sound != b'N'
                && sound != b'n' =>
        {
            *last = sound
        }
        Some(last) if *last == sound => {}
        _ => sounds.push(sound),
    }
}

fn roman_sounds(word: &str) -> Sounds {
    let letters = spelt_out(word);
    let w = letters.as_bytes();
    let at = |i: usize| w.get(i).copied().unwrap_or(0);
    let mut sounds = Sounds::new();
    let mut i = 0;
    while i < w.len() {
        let rest = &w[i..];
        let (eaten, made): (usize, &[u8]) = match (w[i], at(i + 1)) {
            (b'c', b'h') if at(i + 2) == b'h' => (3, b"C"),
            (b'c', b'h') => (2, b"c"),
            (b'c', b'c') => (1, b""),
            (b'c', b'e' | b'i' | b'y') => (1, b"s"),
            (b'c' | b'q', _) => (1, b"k"),
            (b'k', b'k') if at(i + 2) == b'h' => (3, b"K"),
            (b'k', b's') if at(i + 2) == b'h' => (3, b"K"),
            (b'k', b'h') => (2, b"K"),
            (b'g', b'h') => (2, b"G"),
            (b'g', b'y') => (2, b"gY"),
            (b'j', b'n') if i == 0 || at(i + 2) == b'a' => (2, b"gY"),
            (b'j', b'h') => (2, b"J"),
            (b'z', b'h') => (2, b"j"),
            (b't', b'h') => (2, b"T"),
            (b'd', b'h') => (2, b"D"),
            (b'p', b'h') => (2, b"P"),
            (b'f', _) => (1, b"P"),
            (b'b', b'h') => (2, b"B"),
            (b'v', _) => (1, b"B"),
            (b's', b'h') => (2, b"S"),
            (b'r', b'h') => (2, b"r"),
            (b'n', b'g') => (2, b"N"),
            (b't', _) if rest.starts_with(b"tion") => (4, b"S@n"),
            (b'e', b'e') => (2, b"i"),
            (b'o', b'o') => (2, b"u"),
            (b'x', _) => (1, b"ks"),
            (b'z', _) => (1, b"j"),
            _ => (1, &rest[..1]),
        };
        for &sound in made {
            push(&mut sounds, sound);
        }
        i += eaten;
    }
    sounds
}

fn bangla_sounds(word: &str) -> Sounds {
    let mut sounds = Sounds::new();
    let mut chars = word.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            HASANTA => match (before, next) {
                (Some('ক'), Some('ষ')) => {
                    chars.next();
                    sounds.pop();
                    push(&mut sounds, b'K');
                    inherent(&mut sounds, chars.peek().copied());
                }
                (Some('জ'), Some('ঞ')) => {
                    chars.next();
                    sounds.pop();
                    push(&mut sounds, b'g');
                    push(&mut sounds, GLIDE);
                    inherent(&mut sounds, chars.peek().copied());
                }
                (Some(b), Some('য')) if b != 'র' => {
                    chars.next();
                    push(&mut sounds, GLIDE);
                    inherent(&mut sounds, chars.peek().copied());
                }
                (Some(b), Some('ব')) if b != 'ম' => {
                    chars.next();
                    push(&mut sounds, b'w');
                    inherent(&mut sounds, chars.peek().copied());
                }
                _ => {}
            },
            'ঋ' | 'ৃ' => {
                push(&mut sounds, b'r');
                push(&mut sounds, b'i');
            }
            'ঐ' | 'ৈ' => sounds.extend(*b"oi"),
            'ঔ' | 'ৌ' => sounds.extend(*b"ou"),
            'আ' | 'া' => push(&mut sounds, b'a'),
            'ই' | 'ঈ' | 'ি' | 'ী' => push(&mut sounds, b'i'),
            'উ' | 'ঊ' | 'ু' | 'ূ' => push(&mut sounds, b'u'),
            'এ' | 'ে' => push(&mut sounds, b'e'),
            'ও' | 'ো' => push(&mut sounds, b'o'),
            'অ' => push(&mut sounds, INHERENT),
            _ => {
                if let Some(sound) = consonant(c) {
                    push(&mut sounds, sound);
                    if !matches!(c, 'ং' | 'ৎ') {
                        inherent(&mut sounds, next);
                    }
                }
            }
        }
        before = Some(c);
    }
    sounds
}

/// Adds the unwritten vowel of a consonant that no vowel sign or hasanta follows.
fn inherent(sounds: &mut Sounds, next: Option<char>) {
    if !matches!(next, Some('\u{9be}'..='\u{9cd}')) {
        push(sounds, INHERENT);
    }
}

fn consonant(c: char) -> Option<u8> {
    Some(match c {
        'ক' => b'k',
        'খ' => b'K',
        'গ' => b'g',
        'ঘ' => b'G',
        'ঙ' | 'ং' => b'N',
        'চ' => b'c',
        'ছ' => b'C',
        'জ' | 'য' => b'j',
        'ঝ' => b'J',
        'ট' | 'ত' | 'ৎ' => b't',
        'ঠ' | 'থ' => b'T',
        'ড' | 'দ' => b'd',
        'ঢ' | 'ধ' => b'D',
        'ঞ' | 'ণ' | 'ন' => b'n',
        'প' => b'p',
        'ফ' => b'P',
        'ব' | 'ৱ' => b'b',
        'ভ' => b'B',
        'ম' => b'm',
        'র' | '\u{9dc}' | '\u{9dd}' | 'ৰ' => b'r',
        'ল' => b'l',
        'শ' | 'ষ' => b'S',
        'স' => b's',
        'হ' => b'h',
        '\u{9df}' => GLIDE,
        _ => return None,
    })
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
