//! The consonant skeletons of Bangla and romanised words, folded until the habits of most writers agree.
//!
//! Folded on both sides: aspirates with plain stops, dentals with retroflexes, all nasals but ম, শ ষ স, ড় with র, জ with য; ঙ্গ with ঙ;
//! ক্স with ক্ষ and ক; doubled letters. Kept apart, since it costs little agreement and tells many words apart: চ ছ from স (except where verbs end,
//! korse for korche), and হ between vowels. Measured and rejected: the first or last vowel (tells more apart, but writers disagree on it),
//! aspiration of single stops, dropping a nasal before stops.

use smallvec::SmallVec;

use crate::text::lexicon;

const HASANTA: char = '\u{9cd}';
const YYA: char = '\u{9df}';

/// Appends the skeleton of a word in Bangla script.
pub(super) fn bangla(word: &str, out: &mut String) {
    let from = out.len();
    let starts_in_vowel = word.starts_with(|c| first_class(c).is_some());
    let mut first_vowel = None;
    let mut before: Option<char> = None;
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            HASANTA => match (before, next) {
                // জ্ঞ sounds like গ্য, ক্ষ like ক্খ
                (Some('জ'), Some('ঞ')) => {
                    out.pop();
                    put(out, from, 'g');
                    chars.next();
                }
                (Some('ক'), Some('ষ')) => {
                    chars.next();
                    // লক্ষ্মী, সূক্ষ্ম: the ম is silent
                    let mut ahead = chars.clone();
                    if ahead.next() == Some(HASANTA) && ahead.next() == Some('ম') {
                        chars.nth(1);
                    }
                }
                // য-ফলা is silent, except after র (কার্য: karjo) and হ (ঐতিহ্য: oitijjo)
                (Some('র'), Some('য')) if out.len() - from > 1 || starts_in_vowel => {}
                (Some('হ'), Some('য')) => {
                    chars.next();
                    if chars.peek() == Some(&'া') {
                        put(out, from, 'h');
                    } else {
                        put(out, from, 'j');
                    }
                }
                (_, Some('য')) => {
                    chars.next();
                }
                // ব-ফলা is silent, but উদ্বোধন, গ্ব, ল্ব, ম্ব, র্ব keep it
                (Some(b), Some('ব'))
                    if !"মবদলগর".contains(b) || b == 'দ' && out.len() - from == 1 =>
                {
                    chars.next();
                }
                (Some(b), Some('ম')) if "ষশদত".contains(b) => {
                    chars.next();
                }
                _ => {}
            },
            // ক্স is written ks, x and ksh, as ক্ষ is; so is কস inside a word (একশো, eksho), but not at its start (কষ্ট, kosto)
            'শ' | 'ষ' | 'স'
                if before == Some(HASANTA) && out[from..].ends_with('k')
                    || before == Some('ক') && (out.len() - from > 1 || starts_in_vowel) => {}
            // হ is heard before a vowel only
            'হ' => {
                if next.is_some_and(|n| n != HASANTA) {
                    put(out, from, 'h');
                }
            }
            _ => match (consonant(c), first_class(c)) {
                (Some(letter), _) => put(out, from, letter),
                (None, Some(class)) => {
                    first_vowel.get_or_insert(class);
                }
                _ => {}
            },
        }
        before = Some(c);
    }
    finish(
        out,
        from,
        first_vowel,
        word.starts_with(|c| first_class(c).is_some()),
    );
}

fn consonant(c: char) -> Option<char> {
    Some(match c {
        'ক' | 'খ' => 'k',
        'গ' | 'ঘ' => 'g',
        'ঙ' | 'ং' | 'ঞ' | 'ণ' | 'ন' => 'n',
        'চ' | 'ছ' => 'c',
        'জ' | 'ঝ' | 'য' => 'j',
        'ট' | 'ঠ' | 'ত' | 'থ' | 'ৎ' => 't',
        'ড' | 'ঢ' | 'দ' | 'ধ' => 'd',
        'প' | 'ফ' => 'p',
        'ব' | 'ভ' | 'ৱ' => 'b',
        'ম' => 'm',
        'র' | '\u{9dc}' | '\u{9dd}' | 'ঋ' | 'ৃ' | 'ৰ' => 'r',
        'ল' => 'l',
        'শ' | 'ষ' | 'স' => 's',
        _ => return None,
    })
}

/// Coarse class of a vowel, the key of words that have no consonant (আই, ওই).
fn first_class(c: char) -> Option<char> {
    match c {
        'ই' | 'ঈ' | 'এ' | 'ঐ' | 'ি' | 'ী' | 'ে' | 'ৈ' => Some('i'),
        'উ' | 'ঊ' | 'ু' | 'ূ' => Some('u'),
        'অ' | 'আ' | 'ও' | 'ঔ' | 'া' | 'ো' | 'ৌ' => Some('a'),
        YYA => Some('i'),
        _ => None,
    }
}

/// Appends the skeleton of a romanised word; English words, alone or with a Bangla ending, are read as English (soft g and c, -tion, -ture).
pub(super) fn roman(word: &str, out: &mut String) {
    let from = out.len();
    let letters = spelt_out(word);
    let w = &letters[..];
    let english = is_english(w);
    let at = |i: usize| w.get(i).copied().unwrap_or(0);
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w');
    let mut i = 0;
    while i < w.len() {
        let before = if i > 0 { w[i - 1] } else { 0 };
        let rest = &w[i..];
        // How many letters the rule eats, and what they leave.
        let (eaten, left) = match w[i] {
            b'a' | b'o'
                if rest[1..].starts_with(b"ugh")
                    && !matches!(at(i + 4), b'a' | b'e' | b'i' | b'o' | b'u') =>
            {
                (4, "")
            }
            b'g' if rest.starts_with(b"ght") && matches!(before, b'i' | b'u') => (2, ""),
            b'g' if rest.starts_with(b"gn") && i == 0 => (2, "g"),
            b'g' if matches!(at(i + 1), b'i' | b'y') && w[..i].ends_with(b"lo") => (1, "j"),
            b'g' if english
                && matches!(at(i + 1), b'e' | b'i' | b'y')
                && matches!(
                    before,
                    b'a' | b'e' | b'i' | b'o' | b'u' | b'd' | b'n' | b'r'
                ) =>
            {
                (1, "j")
            }
            b'g' if english && i == 0 && at(1) == b'e' && w.len() > 3 => (1, "j"),
            b'n' if rest.starts_with(b"ngyo") => (3, "nj"),
            b'n' if rest.starts_with(b"ngh") => (3, "n"),
            b'd' if rest.starts_with(b"dge") => (2, "j"),
            b't' if english && rest.starts_with(b"ture") => (3, "cr"),
            b't' if rest.starts_with(b"tion") => (4, "sn"),
            b's' if rest.starts_with(b"ssion") => (5, "sn"),
            b's' if rest.starts_with(b"sion") => (4, "sn"),
            b's' if i == 0 && rest.starts_with(b"sch") && matches!(at(3), b'a' | b'o') => (3, "sk"),
            b'w' if english && i == 0 && at(1) == b'r' => (1, ""),
            b'j' if rest.starts_with(b"jn") && (i == 0 || before == b'i' && at(i + 2) == b'a') => {
                (2, "g")
            }
            b'j' | b'z' if rest.starts_with(b"jjh") || rest.starts_with(b"zzh") => (3, "j"),
            b'r' if at(i + 1) == b'y' && matches!(at(i + 2), b'a' | b'o' | b'e') => (2, "rj"),
            b'h' if i > 0 && matches!(rest, b"h" | b"ho" | b"ha") && vowel(before) => {
                (rest.len(), "")
            }
            b'h' if rest.starts_with(b"hy")
                && vowel(before)
                && matches!(at(i + 2), b'a' | b'o' | b'e') =>
            {
                (2, "j")
            }
            b'h' if (i == 0 || vowel(before)) && vowel(at(i + 1)) => (1, "h"),
            b'c' if rest.starts_with(b"cchh") => (4, "c"),
            b'c' if rest.starts_with(b"chh") || rest.starts_with(b"cch") => (3, "c"),
            b't' if rest.starts_with(b"tch") => (3, "c"),
            b'c' if at(i + 1) == b'h' => (2, "c"),
            b'c' if at(i + 1) == b'c' && matches!(at(i + 2), b'e' | b'i' | b'y') => (2, "k"),
            b'c' if matches!(at(i + 1), b'e' | b'i' | b'y') => (1, "s"),
            b'k' if rest.starts_with(b"ksh") => (3, "k"),
            b'k' | b'q' | b'c' if at(i + 1) == b's' => (2, "k"),
            b'c' if at(i + 1) == b'q' => (1, ""),
            b'x' => (1, if i == 0 { "j" } else { "k" }),
            // স্ব, ত্ব, দ্ব: swasthya, sbadhin
            b'v' | b'w' if vowel(at(i + 1)) && follows(&w[..i], b"stdjk") => (1, ""),
            // সমন্বয়: somonnoy, somonboy, somonwoy
            b'b' | b'v' | b'w' if w[..i].ends_with(b"mon") || w[..i].ends_with(b"man") => (1, ""),
            b'b' if vowel(at(i + 1))
                && (i == 1 || i == 2 && before == b'h')
                && follows(&w[..i], b"stdj") =>
            {
                (1, "")
            }
            b'c' | b'q' | b'k' => (1, "k"),
            b'g' => (1, "g"),
            b'j' | b'z' => (1, "j"),
            b't' => (1, "t"),
            b'd' => (1, "d"),
            b'p' | b'f' => (1, "p"),
            b'b' | b'v' => (1, "b"),
            b'n' => (1, "n"),
            b'm' => (1, "m"),
            b'r' => (1, "r"),
            b'l' => (1, "l"),
            b's' => (1, "s"),
            _ => (1, ""),
        };
        left.chars().for_each(|sound| put(out, from, sound));
        i += eaten;
    }
    let first_vowel = w.iter().find_map(|b| match b {
        b'i' | b'e' | b'y' => Some('i'),
        b'u' | b'w' => Some('u'),
        b'a' | b'o' => Some('a'),
        _ => None,
    });
    finish(out, from, first_vowel, w.first().is_some_and(|&b| vowel(b)));
}

/// Whether the letters end in one of the given consonants, aspirated or not.
fn follows(letters: &[u8], consonants: &[u8]) -> bool {
    let bare = letters.strip_suffix(b"h").unwrap_or(letters);
    bare.last().is_some_and(|last| consonants.contains(last))
}

/// The letters of a romanised word; few words have more.
pub(super) type Letters = SmallVec<[u8; 32]>;

/// The letters of a romanised word, with digits that stand for sounds written out: ki6u, 2mi, 1ta.
pub(super) fn spelt_out(word: &str) -> Letters {
    let mut letters = Letters::new();
    for c in word.bytes() {
        match c {
            b'a'..=b'z' => letters.push(c),
            b'6' => letters.extend_from_slice(b"chh"),
            b'2' if letters.is_empty() => letters.extend_from_slice(b"tu"),
            b'1' if letters.is_empty() => letters.extend_from_slice(b"ek"),
            b'2' => letters.extend_from_slice(b"to"),
            b'4' => letters.extend_from_slice(b"for"),
            _ => {}
        }
    }
    letters
}

/// Whether a word is English in sound: in the word list, alone or before a Bangla ending (college, colleger, policete).
fn is_english(letters: &[u8]) -> bool {
    const ENDINGS: [&str; 13] = [
        "", "er", "r", "e", "ey", "ke", "te", "ta", "ti", "tar", "tir", "gulo", "der",
    ];
    let Ok(letters) = std::str::from_utf8(letters) else {
        return false;
    };
    let listed = |word: &str| {
        word.len() >= 4 && lexicon::english(word).is_some_and(|frequency| frequency >= 22)
    };
    ENDINGS.iter().any(|ending| {
        letters.strip_suffix(ending).is_some_and(|bare| {
            // The e may be the word's own: policer.
            let with_e = &letters[..letters.len().min(bare.len() + 1)];
            listed(bare) || ending.starts_with('e') && bare.len() >= 3 && listed(with_e)
        })
    })
}

/// Appends a sound of the skeleton that starts at `from`; a repeated one is dropped, and so is g after n (ng is one sound to most writers).
fn put(out: &mut String, from: usize, sound: char) {
    match out[from..].chars().next_back() {
        Some(last) if last == sound || last == 'n' && sound == 'g' => {}
        _ => out.push(sound),
    }
}

/// Writes c as s where verbs end (korse, korche), but not as a word's only sound: চা is not সে. A word without consonants gets its first vowel.
fn finish(out: &mut String, from: usize, first_vowel: Option<char>, starts_in_vowel: bool) {
    for ending in ["c", "cn", "cl", "clm", "cln"] {
        if out.len() >= from + ending.len() + usize::from(!starts_in_vowel)
            && out[from..].ends_with(ending)
        {
            let at = out.len() - ending.len();
            out.replace_range(at..=at, "s");
            break;
        }
    }
    if out.len() == from {
        out.extend(first_vowel);
    }
}
