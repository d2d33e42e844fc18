//! Strips the endings of Bangla nouns from the right, one for each slot: emphasis, case, then number or determiner.
//!
//! Long endings (গুলো, দের, সমূহ) are safe. Short ones (র, ে, য়, টি, রা) end many words that are not inflected (সময়, কমিটি, দরকার), so they go
//! only where the frequency list backs the rest; among several ways to cut (মেয়ের: মেয়ে+র, মেয়+ের) the commonest rest wins.
//! Not stripped at all, since they are hardly ever endings there: না নি জন.

use crate::text::lexicon;

const HASANTA: char = '\u{9cd}';

/// Endings of number and of definiteness that hardly ever belong to the word itself.
const SAFE: [&str; 15] = [
    "গুলোন",
    "গুলান",
    "গুলো",
    "গুলি",
    "গুলা",
    "গুলু",
    "সমূহ",
    "সমুহ",
    "বৃন্দ",
    "মণ্ডলী",
    "মন্ডলী",
    "টুকুন",
    "টুকু",
    "দিগ",
    "গণ",
];

/// The word without its nominal endings. `is_whole` tells words that must not be cut further.
pub(super) fn stem(word: &str, is_whole: impl Fn(&str) -> bool) -> &str {
    let mut rest = word;
    for slot in [emphasis, case, number] {
        if is_whole(rest) {
            break;
        }
        rest = slot(rest);
    }
    if rest == word && !is_whole(word) {
        rest = regional(word);
    }
    // বেতনসহ, কর্মকর্তাদেরসহ
    if let Some(bare) = rest.strip_suffix("সহ")
        && frequency(bare) > frequency(rest)
    {
        return stem_after_saha(bare, is_whole);
    }
    rest
}

/// Spoken endings of the regions that the written language lacks: the locative of the north (অফিসোত, খাতাত) and of Chattogram and Sylhet
/// (বাজারত, সদরো), the accusative of the north (স্বামীক) and of the east (কার্ডরে), the plural genitive of Dhaka and Barishal (কৃষকগো), the
/// determiners ডা and খান. They go only from words that the list lacks, and only where it has the rest.
fn regional(word: &str) -> &str {
    if frequency(word) > 0 {
        return word;
    }
    for (ending, after_vowel, after_consonant) in [
        ("গোরে", true, true),
        ("গোর", true, true),
        ("গো", true, true),
        ("খানোত", true, true),
        ("খান", true, true),
        ("োত", false, true),
        ("ডা", true, true),
        ("রে", true, true),
        ("োক", false, true),
        ("ত", true, true),
        ("ক", true, false),
        ("ো", false, true),
    ] {
        let Some(rest) = word.strip_suffix(ending) else {
            continue;
        };
        let fits = if ends_in_vowel(rest) {
            after_vowel
        } else {
            after_consonant
        };
        if fits && aksharas(rest) >= 2 && !rest.ends_with(HASANTA) && frequency(rest) >= KNOWN {
            return rest;
        }
    }
    word
}

/// A word of this frequency is no accident of the list.
const KNOWN: i32 = 25;

fn stem_after_saha(word: &str, is_whole: impl Fn(&str) -> bool) -> &str {
    if is_whole(word) {
        word
    } else {
        number(case(word))
    }
}

fn emphasis(word: &str) -> &str {
    let Some(rest) = word.strip_suffix(['ও', 'ই']) else {
        return word;
    };
    let cut_further = number(case(rest)) != rest;
    let (with, without) = (frequency(word), frequency(rest));
    if aksharas(rest) >= 2 && (without >= with && without > 0 || with == 0 && cut_further) {
        rest
    } else {
        word
    }
}

fn case(word: &str) -> &str {
    if word.ends_with("দের") && dative_plural(word).is_some() {
        return word; // one ending for number and case: left to the next slot
    }
    if let Some(rest) = word.strip_suffix("এর") {
        return if aksharas(rest) >= 2 { rest } else { word };
    }
    if let Some(rest) = word.strip_suffix("ের") {
        return genitive(word, rest, 'র');
    }
    // ব্যাংকে is ব্যাংক+ে, not ব্যাং+কে; হাতে is হাত+ে, not হা+তে
    if let Some(rest) = word.strip_suffix('ে')
        && let Some(shorter) = rest.strip_suffix(['ক', 'ত'])
        && (frequency(rest) > frequency(shorter) || frequency(rest) > 0 && aksharas(shorter) < 2)
    {
        return rest;
    }
    for (ending, slight) in [
        ("কে", false),
        ("েতে", true),
        ("তে", true),
        ("র", true),
        ("\u{9df}ে", true),
        ("\u{9df}", true),
        ("ে", true),
    ] {
        let Some(rest) = word.strip_suffix(ending) else {
            continue;
        };
        let fits = match ending {
            "র" => ends_in_vowel(rest) || rest.ends_with('হ'),
            "তে" | "\u{9df}ে" => ends_in_vowel(rest),
            "\u{9df}" => rest.ends_with(['া', 'ো', 'ও', 'আ']),
            _ => !rest.ends_with(HASANTA),
        };
        if fits && backed(rest, word, slight) {
            return rest;
        }
    }
    word
}

/// Decides between ঘর+ের, ছেলে+র and ভাই+য়ের by what is commonest; `last` is the letter that makes the shorter ending (র, or রা for the plural).
fn genitive<'a>(word: &'a str, consonantal: &'a str, last: char) -> &'a str {
    let vocalic = &word[..consonantal.len() + 'ে'.len_utf8()];
    let glided = consonantal
        .strip_suffix('\u{9df}')
        .filter(|rest| ends_in_vowel(rest) || rest.ends_with('ং'));
    let score = |rest: &str| if verb_noun(rest) { 40 } else { frequency(rest) };
    let mut best = (score(consonantal), consonantal);
    // ঘরে is common only as the locative of ঘর, so a rest in ে must be clearly commoner.
    let handicap = if best.0 > 0 { 10 } else { 0 };
    if score(vocalic) > best.0 + handicap {
        best = (score(vocalic), vocalic);
    }
    if let Some(glided) = glided
        && score(glided) > best.0
    {
        best = (score(glided), glided);
    }
    let long_enough = aksharas(best.1) >= if best.0 > 0 { 1 } else { 2 };
    if long_enough
        && !best.1.ends_with(HASANTA)
        && !(last == 'া' && best.0 == 0 && frequency(word) > 0)
    {
        best.1
    } else {
        word
    }
}

/// শিশুদের, লোকেদের; but মেয়াদের, সংবাদের are genitives of words in দ.
fn dative_plural(word: &str) -> Option<&str> {
    let rest = word.strip_suffix("দের")?;
    if rest.ends_with(HASANTA) || aksharas(rest) < if frequency(rest) > 0 { 1 } else { 2 } {
        return None;
    }
    let noun_in_d = &word[..word.len() - "ের".len()];
    if frequency(noun_in_d) > frequency(rest) {
        return None;
    }
    let glided = rest
        .strip_suffix("\u{9df}ে")
        .filter(|bare| ends_in_vowel(bare));
    match glided.or(rest.strip_suffix('ে')) {
        Some(bare) if frequency(bare) >= frequency(rest) => Some(bare),
        _ => Some(rest),
    }
}

fn number(word: &str) -> &str {
    if let Some(rest) = dative_plural(word) {
        return rest;
    }
    for ending in SAFE {
        if let Some(rest) = word.strip_suffix(ending) {
            let enough = aksharas(rest) >= if frequency(rest) > 0 { 1 } else { 2 };
            let safe = ending != "গণ" && ending != "দিগ" || frequency(rest) > frequency(word);
            if enough && safe && !rest.ends_with(HASANTA) {
                return rest;
            }
        }
    }
    if let Some(rest) = word.strip_suffix("েরা") {
        return genitive(word, rest, 'া');
    }
    for ending in ["রা", "টা", "টি", "টে", "টো", "খানা", "খানি"]
    {
        let Some(rest) = word.strip_suffix(ending) else {
            continue;
        };
        let fits = ending != "রা" || ends_in_vowel(rest) || frequency(rest) > 0;
        if fits && !rest.ends_with(HASANTA) && counted(rest, word) {
            return rest;
        }
    }
    word
}

/// Whether the list backs cutting a case ending. The rest may be somewhat rarer than the word (a place name in the locative), not much (সময়, সম).
fn backed(rest: &str, word: &str, slight: bool) -> bool {
    if verb_noun(rest) || number(rest) != rest && aksharas(rest) >= 2 {
        return true;
    }
    match (frequency(rest), frequency(word)) {
        (0, 0) => aksharas(rest) >= if slight { 3 } else { 2 } && !rest.ends_with('ো'), // ঘুষখোর
        (0, _) => false,
        (common, 0) => aksharas(rest) >= 2 || !slight || common >= 40,
        (without, with) => without + if slight { 8 } else { 14 } >= with,
    }
}

/// Whether the list backs cutting a determiner or রা: the bare word must be at least about as common as the marked one.
fn counted(rest: &str, word: &str) -> bool {
    if verb_noun(rest) {
        return true;
    }
    match (frequency(rest), frequency(word)) {
        (0, 0) => aksharas(rest) >= 3,
        (0, _) => false,
        (without, with) => without + 2 >= with && (aksharas(rest) >= 2 || with == 0),
    }
}

fn verb_noun(rest: &str) -> bool {
    rest.ends_with(['া', 'ো']) && super::verb::read(rest).is_some_and(|reading| reading.is_noun)
}

fn frequency(word: &str) -> i32 {
    lexicon::bangla(word).map_or(0, i32::from)
}

/// Written syllables: letters that begin one (a consonant without a hasanta before it, or an independent vowel).
pub(super) fn aksharas(word: &str) -> usize {
    let mut joined = false;
    let mut count = 0;
    for c in word.chars() {
        let letter = matches!(c, '\u{985}'..='\u{9b9}' | '\u{9ce}' | '\u{9dc}'..='\u{9df}');
        count += usize::from(letter && !joined);
        joined = c == HASANTA;
    }
    count
}

pub(super) fn ends_in_vowel(word: &str) -> bool {
    matches!(
        word.trim_end_matches('\u{981}').chars().next_back(),
        Some('\u{985}'..='\u{994}' | '\u{9be}'..='\u{9cc}')
    )
}

#[cfg(test)]
mod tests {
    use crate::text::stem::stem;

    #[test]
    fn endings_of_the_regions_go_where_the_rest_is_a_known_word() {
        for (spoken, base) in [
            ("অফিসোত", "অফিস"),
            ("খাতাত", "খাতা"),
            ("ইংরেজিত", "ইংরেজি"),
            ("বাজারত", "বাজার"),
            ("হাওরো", "হাওর"),
            ("কৃষকগো", "কৃষক"),
            ("স্বামীক", "স্বামী"),
        ] {
            assert_eq!(stem(spoken), base);
        }
        // Words that only look so.
        for whole in ["ভারত", "পর্বত", "নিয়মিত", "সংগত"] {
            assert_eq!(stem(whole), whole);
        }
    }
}
