//! Decides which slashes of a merged answer list part two answers, and which stand inside one ('Ministry/Division').
//!
//! A slash with a space beside it parts answers, but for closed pairs ('his / her'). One without is weighed: a capital after a small
//! letter, an opening such as 'No …' or 'Lack of …', a finished clause before it speak for a cut; two names, two acronyms, two
//! words of one kind ('resources/budget') against it. Brackets, numbers, dates, addresses and one-letter forms (w/o) are never cut.

use std::ops::Range;

use super::cues::{cues, fold_name};

/// The pieces of `item`, trimmed, none empty, in order.
pub(super) fn split(item: &str) -> Vec<&str> {
    let slashes = slashes(item);
    let confident = slashes
        .iter()
        .enumerate()
        .filter(|&(i, s)| !s.spaced && weigh(item, &slashes, i, 0, 0) >= 1)
        .count();
    let mut pieces = Vec::new();
    let mut start = 0;
    for (i, slash) in slashes.iter().enumerate() {
        if parts(item, &slashes, i, start, confident) {
            pieces.push(&item[start..slash.at.start]);
            start = slash.at.end;
        }
    }
    pieces.push(&item[start..]);
    pieces
        .iter()
        .map(|p| p.trim())
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect()
}

struct Slash {
    at: Range<usize>,
    /// Where the word before it begins; a word goes from blank to blank.
    word: usize,
    /// A space stands beside it.
    spaced: bool,
    /// A sign that is never part of an answer: a bar or a bullet.
    sure: bool,
}

/// The slashes outside brackets, numbers and addresses.
fn slashes(item: &str) -> Vec<Slash> {
    let mut inside = bracketed(item).into_iter().peekable();
    let mut found = Vec::new();
    // The word that is being read, and whether what was read of it is an address.
    let (mut word, mut is_address) = (0, false);
    for (i, c) in item.char_indices() {
        let (before, after) = (&item[..i], &item[i + c.len_utf8()..]);
        if before.ends_with(char::is_whitespace) {
            (word, is_address) = (i, false);
        }
        let read = &item[word..i];
        is_address |= ["://", "www.", "@"].iter().any(|sign| read.ends_with(sign));
        while inside.next_if(|r| r.end <= i).is_some() {}
        let sure = matches!(c, '|' | '•' | '●');
        if !(sure || c == '/') || inside.peek().is_some_and(|r| r.contains(&i)) {
            continue;
        }
        let spaced = before.ends_with(char::is_whitespace)
            || after.starts_with(char::is_whitespace)
            || before.is_empty()
            || after.is_empty();
        if sure || spaced || !(is_address || is_part_of_token(before, after)) {
            found.push(Slash {
                at: i..i + c.len_utf8(),
                word,
                spaced,
                sure,
            });
        }
    }
    found
}

/// Brackets and curly quotes.
const PAIRS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”')];

/// The stretches inside matching brackets or curly quotes that are in no other, in order.
fn bracketed(item: &str) -> Vec<Range<usize>> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut count = [0_usize; PAIRS.len()];
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, c) in item.char_indices() {
        if let Some(pair) = PAIRS.iter().position(|p| p.0 == c) {
            open.push((i, pair));
            count[pair] += 1;
        } else if let Some(pair) = PAIRS.iter().position(|p| p.1 == c)
            && count[pair] > 0
        {
            // An opened bracket that is never closed covers nothing.
            while let Some((start, opened)) = open.pop() {
                count[opened] -= 1;
                if opened == pair {
                    found.truncate(found.partition_point(|r| r.start < start));
                    found.push(start..i);
                    break;
                }
            }
        }
    }
    found
}

/// A slash of a number, a date, an address or a one-letter form.
fn is_part_of_token(before: &str, after: &str) -> bool {
    let left = before
        .rsplit(|c: char| c.is_whitespace() || c == '/')
        .next()
        .unwrap_or_default();
    let right = after
        .split(|c: char| c.is_whitespace() || c == '/')
        .next()
        .unwrap_or_default();
    let numeric = left.ends_with(char::is_numeric) && right.starts_with(char::is_numeric);
    let address = left.ends_with(':') || right.is_empty();
    let letter = |w: &str| w.len() == 1 && w.bytes().all(|b| b.is_ascii_alphabetic());
    numeric || address || (letter(left) && right.len() <= 4) || (letter(right) && left.len() <= 4)
}

fn parts(item: &str, slashes: &[Slash], i: usize, start: usize, confident: usize) -> bool {
    let slash = &slashes[i];
    if slash.sure {
        return true;
    }
    if slash.spaced {
        let (left, right) = (
            last_word(&item[start..slash.at.start]),
            first_word(&item[slash.at.end..]),
        );
        return !(is_function(left) && is_function(right) && !opens_answer(right));
    }
    weigh(item, slashes, i, start, confident) > 0
}

/// How much speaks for a cut at an unspaced slash; above 0 it is cut. `start` is where the answer before it begins.
fn weigh(item: &str, slashes: &[Slash], i: usize, start: usize, confident: usize) -> i32 {
    let slash = &slashes[i];
    let next = slashes.get(i + 1);
    // All that is looked at lies between the slashes beside this one, or an item of many would be read for each of them.
    let begins = i.checked_sub(1).map_or(0, |p| slashes[p].at.end).max(start);
    let left = item[begins..slash.at.start].trim();
    let right = item[slash.at.end..next.map_or(item.len(), |n| n.at.start)].trim();
    let (l, r) = (last_word(left), first_word(right));
    let words_before = words_before(item, start, slash);
    let mut weight = match (case(l), case(r)) {
        (Case::Acronym, Case::Acronym) => -3,
        (Case::Acronym, Case::Capital) => 1,
        (_, Case::Acronym) => 0,
        (Case::Capital, Case::Capital) if words_before == 1 && words(right) == 1 => 0,
        (Case::Capital, Case::Capital) => -1,
        (_, Case::Capital) => 2,
        (_, Case::None) => -1,
        (_, Case::Small) => -2,
    };
    if opens_answer(r) && !is_function(l) {
        weight += 3;
    }
    if left.ends_with(['.', '?', '!', '।', ')']) || (words_before > 1 && closes_answer(l)) {
        weight += 3;
    }
    if cannot_end(l) {
        weight -= 3;
    }
    if words(right) >= 3 && right.split_whitespace().take(7).any(is_finite) {
        weight += 1;
    }
    let mut following = right.split_whitespace().skip(1);
    if matches!(case(r), Case::Capital)
        && following
            .next()
            .is_some_and(|w| matches!(w, "of" | "for" | "from" | "in" | "on" | "to"))
    {
        weight += 1;
    }
    // How the other slashes of the item are typed: where all around are spaced, a bare one is rather inside an answer.
    let mut around = [i.checked_sub(1).map(|p| &slashes[p]), next]
        .into_iter()
        .flatten()
        .peekable();
    if around.peek().is_some() && around.all(|s| s.spaced) {
        weight -= 1;
    }
    // Where bare slashes surely part answers, one that follows a sentence-initial capital does so too.
    let bare_before = i.checked_sub(1).is_none_or(|p| !slashes[p].spaced);
    if confident >= 2 && bare_before && words_before == 1 && !matches!(case(l), Case::Acronym) {
        weight += 1;
    }
    let second = right.split_whitespace().nth(1).unwrap_or_default();
    if confident >= 1
        && words_before > 1
        && words(right) >= 2
        && !matches!(second, "and" | "or" | "&" | "ও" | "এবং" | "বা")
    {
        match case(r) {
            Case::Acronym => weight += 1,
            // Two full clauses in a list whose other slashes part answers.
            Case::None | Case::Small if closes_answer(last_word(right)) => weight += 3,
            Case::None if confident >= 2 => weight += 1,
            _ => {}
        }
    }
    weight
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Small,
    Capital,
    Acronym,
    /// A script without capitals, or no letter.
    None,
}

fn case(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match letters.next() {
        Some(first) if first.is_uppercase() => {
            let rest: Vec<char> = letters.collect();
            let upper = rest.iter().filter(|c| c.is_uppercase()).count();
            // 'NID', 'GoB', 'NGOs'
            if upper > 0 && upper * 2 >= rest.len() {
                Case::Acronym
            } else {
                Case::Capital
            }
        }
        Some(first) if first.is_lowercase() => Case::Small,
        _ => Case::None,
    }
}

/// How many words stand between `start` and an unspaced slash, of more than two only two.
fn words_before(item: &str, start: usize, slash: &Slash) -> usize {
    let has_more = start < slash.word && !item[start..slash.word].trim_start().is_empty();
    match start < slash.at.start {
        true => 1 + usize::from(has_more),
        false => 0,
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn trim(word: &str) -> &str {
    word.trim_matches(|c: char| {
        c.is_ascii_punctuation() || matches!(c, '।' | '‘' | '’' | '“' | '”')
    })
}

fn last_word(text: &str) -> &str {
    trim(
        text.trim()
            .rsplit(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default(),
    )
}

fn first_word(text: &str) -> &str {
    trim(
        text.trim()
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default(),
    )
}

fn is_in(list: &[String], word: &str) -> bool {
    !word.is_empty() && list.contains(&fold_name(word))
}

/// A word of a closed class, or a measure of want; two of them beside a slash are a pair ('and/or', 'his/her', 'slow/no').
fn is_function(word: &str) -> bool {
    opens_answer(word) || is_in(&cues().slash.pairs, word)
}

/// A word after which an answer cannot end.
fn cannot_end(word: &str) -> bool {
    is_in(&cues().slash.never_last, word)
}

/// A word with which an answer begins, but never the second half of a coordination.
fn opens_answer(word: &str) -> bool {
    is_in(&cues().slash.opens, word)
}

/// A word with which an answer ends as a full clause, in Bangla, romanised Bangla and English.
fn closes_answer(word: &str) -> bool {
    let word = fold_name(word);
    let ending = |end: &String| word.len() > end.len() && word.ends_with(end.as_str());
    cues().slash.closing_endings.iter().any(ending) || is_in(&cues().slash.closes, &word)
}

/// A verb form that makes a clause.
fn is_finite(word: &str) -> bool {
    is_in(&cues().slash.finite, trim(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_inside_an_answer_stays() {
        for item in [
            "Weak link between Ministry/Division offices",
            "GO/NGO coordination is poor",
            "Every officer and his/her staff",
            "Staff and/or funds are short",
            "Needs more computers/printers for the office",
            "Open 24/7 since 12/03/2021",
            "See https://example.org/a/b for it",
            "Cases sent w/o papers",
            "Local/national newspapers do not come",
            "Phone network (2G/3G) / Radio",
            "ইউনিয়ন/ওয়ার্ড অফিসে লোক আসে",
            "With/without training",
        ] {
            assert!(
                split(item).iter().any(|p| p.contains('/')),
                "{item}: {:?}",
                split(item)
            );
        }
        assert_eq!(
            split("Phone network (2G/3G) / Radio"),
            ["Phone network (2G/3G)", "Radio"]
        );
    }

    #[test]
    fn a_long_item_is_read_in_one_go() {
        for piece in ["Abcd/", "Abcd|", "(a)/", "([a", "Abcd ef/", "www./"] {
            let item = piece.repeat(100_000);
            assert!(!split(&item).is_empty(), "{piece}");
        }
        let open = "(".repeat(100_000) + &"x]/y".repeat(100_000);
        assert!(!split(&open).is_empty());
    }

    #[test]
    fn merged_answers_part_with_and_without_spaces() {
        assert_eq!(
            split("No skilled staff/Slow network/too many forms / Late payment/"),
            [
                "No skilled staff",
                "Slow network/too many forms",
                "Late payment"
            ]
        );
        assert_eq!(
            split("Slow network/the officers do not come/no staff"),
            ["Slow network", "the officers do not come", "no staff"]
        );
        assert_eq!(
            split("জনবল নেই/ইন্টারনেট ধীর/বাজেট কম"),
            ["জনবল নেই", "ইন্টারনেট ধীর", "বাজেট কম"]
        );
        assert_eq!(
            split("জনবলের অভাব / মন্ত্রণালয়/বিভাগ সমন্বয় করে না"),
            ["জনবলের অভাব", "মন্ত্রণালয়/বিভাগ সমন্বয় করে না"]
        );
        assert_eq!(
            split("lok nai/net slow/budget nai"),
            ["lok nai", "net slow", "budget nai"]
        );
    }
}
