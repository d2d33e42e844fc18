//! The sounds of a word, romanised or in Bangla script, a letter each: what people vary when they romanise, and what they keep.

use smallvec::SmallVec;

use super::skeleton::spelt_out;

const HASANTA: char = '\u{9cd}';

/// The vowel that Bangla does not write.
pub(super) const INHERENT: u8 = b'@';
/// The same at the end of a word, where hardly anybody writes it.
pub(super) const FINAL_INHERENT: u8 = b'_';
/// য় and য-ফলা, often left out.
pub(super) const GLIDE: u8 = b'Y';
/// g and its aspirate after N, with which they are one sound to most writers.
pub(super) const NASAL_G: u8 = b'[';
pub(super) const NASAL_GH: u8 = b']';

/// The sounds of a word, of which few have more; all are from `@` to `~`.
pub(crate) type Sounds = SmallVec<[u8; 32]>;

/// Whether a sound is a vowel, or may stand for one.
pub(super) const fn is_vowel(sound: u8) -> bool {
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

/// The sounds of a romanised word.
pub(super) fn of_roman(word: &str) -> Sounds {
    let letters = spelt_out(word);
    let w = &letters[..];
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
    mark_nasal(&mut sounds);
    sounds
}

/// The sounds of a word in Bangla script.
pub(crate) fn of_bangla(word: &str) -> Sounds {
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
    mark_nasal(&mut sounds);
    if let Some(last @ &mut INHERENT) = sounds.last_mut() {
        *last = FINAL_INHERENT;
    }
    sounds
}

/// Gives each g after N its own letter.
fn mark_nasal(sounds: &mut Sounds) {
    let mut before = 0;
    for sound in sounds {
        match *sound {
            b'g' if before == b'N' => *sound = NASAL_G,
            b'G' if before == b'N' => *sound = NASAL_GH,
            _ => {}
        }
        before = *sound;
    }
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
