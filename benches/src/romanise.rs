//! Spells Bangla words in Latin letters, letter by letter, as people type them: one of several ways by chance.

use crate::words::Dice;

const LETTERS: [(char, &[&str]); 62] = [
    ('ক', &["k"]),
    ('খ', &["kh"]),
    ('গ', &["g"]),
    ('ঘ', &["gh"]),
    ('ঙ', &["ng"]),
    ('চ', &["ch", "c"]),
    ('ছ', &["ch", "s", "6"]),
    ('জ', &["j"]),
    ('ঝ', &["jh"]),
    ('ঞ', &["n"]),
    ('ট', &["t"]),
    ('ঠ', &["th"]),
    ('ড', &["d"]),
    ('ঢ', &["dh"]),
    ('ণ', &["n"]),
    ('ত', &["t"]),
    ('থ', &["th"]),
    ('দ', &["d"]),
    ('ধ', &["dh"]),
    ('ন', &["n"]),
    ('প', &["p"]),
    ('ফ', &["f", "ph"]),
    ('ব', &["b"]),
    ('ভ', &["v", "bh"]),
    ('ম', &["m"]),
    ('য', &["j"]),
    ('র', &["r"]),
    ('ল', &["l"]),
    ('শ', &["sh", "s"]),
    ('ষ', &["sh"]),
    ('স', &["s"]),
    ('হ', &["h"]),
    ('\u{9DC}', &["r"]),
    ('\u{9DD}', &["r"]),
    ('\u{9DF}', &["y", ""]),
    ('ৎ', &["t"]),
    ('ং', &["ng"]),
    ('ঃ', &[""]),
    ('ঁ', &[""]),
    ('অ', &["o"]),
    ('আ', &["a"]),
    ('ই', &["i"]),
    ('ঈ', &["i"]),
    ('উ', &["u"]),
    ('ঊ', &["u"]),
    ('ঋ', &["ri"]),
    ('এ', &["e"]),
    ('ঐ', &["oi"]),
    ('ও', &["o"]),
    ('ঔ', &["ou"]),
    ('া', &["a"]),
    ('ি', &["i"]),
    ('ী', &["i", "ee"]),
    ('ু', &["u"]),
    ('ূ', &["u", "oo"]),
    ('ৃ', &["ri"]),
    ('ে', &["e"]),
    ('ৈ', &["oi"]),
    ('ো', &["o"]),
    ('ৌ', &["ou"]),
    ('্', &[""]),
    ('়', &[""]),
];

/// `word` in Latin letters; what is no Bangla stays as it is.
pub(crate) fn romanise(word: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match LETTERS.iter().find(|(c, _)| *c == letter) {
            Some((_, spellings)) => out.push_str(spellings[dice.roll(spellings.len())]),
            None => out.push(letter),
        }
        // The vowel that is spoken between two consonants and not written.
        if is_consonant(letter) && letters.peek().copied().is_some_and(is_consonant) {
            out.push(if dice.percent(85) { 'o' } else { 'a' });
        }
    }
    out
}

fn is_consonant(c: char) -> bool {
    matches!(c, 'ক'..='হ' | '\u{9DC}' | '\u{9DD}' | '\u{9DF}' | 'ৎ')
}
