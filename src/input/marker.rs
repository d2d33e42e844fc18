//! What stands before an item of a list: bullets, numbers, and the slots of a questionnaire ('- 1. Challenge 1:').

use super::cues::{fold_name, slot_role};
use super::draft::ascii_digit;
use super::speaker::{Kind, kind};
use crate::record::Role;

/// The kind of an item's marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// `-`, `*`, `•` and their like, alone or before a number.
    Bullet,
    /// `1.`, `(a)`, `ক)`, `২।`.
    Number,
    /// `Challenge 1:`, with the role that it names.
    Slot { label: String, role: Option<Role> },
}

/// The marker of a line, if it has one, and the words after it.
pub(super) fn marker(line: &str) -> (Option<Marker>, &str) {
    let mut rest = line.trim();
    let mut found = None;
    // Markers pile up when a document is converted: '- * x', '- 1. Challenge 1: x'.
    for _ in 0..4 {
        if let Some(after) = bullet(rest) {
            (found, rest) = (Some(Marker::Bullet), after);
        } else if let Some((_, after)) = number(rest) {
            (found, rest) = (Some(found.unwrap_or(Marker::Number)), after);
        } else {
            break;
        }
    }
    match slot(rest).or_else(|| found.is_some().then(|| own_slot(rest)).flatten()) {
        Some((slot, after)) => (Some(slot), after),
        None => (found, rest),
    }
}

fn bullet(line: &str) -> Option<&str> {
    let mut chars = line.chars();
    let first = chars.next()?;
    let after = chars.as_str();
    match first {
        // A dash or a star may also begin a word or a rule.
        '-' | '*' | '+' | '–' | '—' | 'o' | '·' | '>' => after
            .strip_prefix([' ', '\t', '\u{a0}'])
            .map(str::trim_start)
            .filter(|r| !r.is_empty()),
        '•' | '●' | '○' | '▪' | '■' | '□' | '◦' | '‣' | '➢' | '►' | '✓' | '✔' | '\u{f0b7}'
        | '\u{f0a7}' => Some(after.trim_start()),
        _ => None,
    }
    .or_else(|| {
        (first == '*' && after.starts_with(char::is_alphabetic) && !after.contains('*'))
            .then_some(after)
    })
}

/// Whether a line is the first item of a list: one with a bullet, or with the first number or letter.
pub(super) fn opens_list(line: &str) -> bool {
    let unmarked = bullet(line.trim()).unwrap_or(line.trim());
    let is_first = |name: &str| {
        let ascii: String = name.chars().map(ascii_digit).collect();
        ascii.parse() == Ok(1_u32) || matches!(name, "a" | "A" | "i" | "ক")
    };
    match (marker(line).0, number(unmarked)) {
        (None, _) => false,
        (_, Some((name, _))) => is_first(name),
        (Some(Marker::Slot { label, .. }), None) => {
            let name = label.trim_end_matches(char::is_numeric);
            name.len() == label.len() || is_first(&label[name.len()..])
        }
        _ => true,
    }
}

/// A number or a single letter with its bracket, point or danda, followed by a space; and what follows.
fn number(line: &str) -> Option<(&str, &str)> {
    let opened = line.strip_prefix(['(', '[']);
    let body = opened.unwrap_or(line);
    let end = body.find([')', '.', '।', ']', '/', ' '])?;
    let (name, tail) = body.split_at(end);
    let mut tail_chars = tail.chars();
    let closer = tail_chars.next()?;
    let after = tail_chars.as_str();
    let closed = match closer {
        ')' | ']' => true,
        '.' | '।' => opened.is_none(),
        _ => false,
    };
    // A point or danda is part of a number or an abbreviation unless a space follows.
    let spaced = after.starts_with([' ', '\t', '\u{a0}'])
        || (closer == ')' && after.starts_with(char::is_alphabetic));
    (closed && spaced && is_ordinal(name, closer)).then(|| (name, after.trim_start()))
}

fn is_ordinal(name: &str, closer: char) -> bool {
    let ascii: String = name.chars().map(ascii_digit).collect();
    let count = name.chars().count();
    if (1..=3).contains(&count) && ascii.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    // Letters need a bracket: 'A. Karim' is a name.
    let bracket = closer == ')' || closer == ']';
    let roman = (1..=5).contains(&count) && name.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let single = count == 1
        && name
            .chars()
            .all(|c| c.is_ascii_alphabetic() || ('ক'..='হ').contains(&c));
    bracket && (roman || single)
}

/// `Challenge 1:`, `Suggestions -`, `চ্যালেঞ্জ-২:`, `সমস্যাঃ`.
fn slot(line: &str) -> Option<(Marker, &str)> {
    let end = line.char_indices().take(48).find_map(|(i, c)| match c {
        ':' | '：' => Some((i, c.len_utf8())),
        // The visarga as typed for a colon.
        'ঃ' if line[i + 3..].starts_with(' ') || line[i + 3..].is_empty() => Some((i, 3)),
        _ => None,
    })?;
    let label = line[..end.0].trim();
    let name = label.trim_end_matches(|c: char| {
        c.is_numeric() || c.is_whitespace() || matches!(c, '-' | '#' | '.' | '(' | ')' | '–')
    });
    let role = slot_role(&fold_name(
        name.trim_end_matches(" no").trim_end_matches(" নং"),
    ))?;
    Some((
        Marker::Slot {
            label: label.to_owned(),
            role,
        },
        line[end.0 + end.1..].trim(),
    ))
}

/// A slot by a name of the questionnaire's own, which only its number and the list that it stands in tell: `- Channel 2:`.
fn own_slot(line: &str) -> Option<(Marker, &str)> {
    let (label, after) = line.split_once([':', '：'])?;
    let label = label.trim();
    let name = label.trim_end_matches(char::is_numeric);
    let is_numbered = name.len() < label.len();
    let is_short = (1..=2).contains(&name.split_whitespace().count()) && name.chars().count() <= 24;
    let is_words = name
        .chars()
        .all(|c| c.is_alphabetic() || c == ' ' || is_sign(c));
    let is_person = matches!(
        kind(label),
        Kind::Moderator | Kind::Participant | Kind::Header | Kind::Note
    );
    (is_numbered && is_short && is_words && !is_person && !after.trim().is_empty()).then(|| {
        let slot = Marker::Slot {
            label: label.to_owned(),
            role: None,
        };
        (slot, after.trim())
    })
}

/// A vowel sign or another mark on a Bangla letter, which is no letter by itself.
fn is_sign(c: char) -> bool {
    ('\u{981}'..='\u{9d7}').contains(&c) && !c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> (&'static str, &str) {
        let (found, rest) = marker(line);
        let name = match found {
            None => "-",
            Some(Marker::Bullet) => "bullet",
            Some(Marker::Number) => "number",
            Some(Marker::Slot { role, .. }) => role.map_or("slot", Role::as_str),
        };
        (name, rest)
    }

    #[test]
    fn markers_as_people_and_converters_type_them() {
        assert_eq!(told("- * No data"), ("bullet", "No data"));
        assert_eq!(told("- 1. Challenge 1: No data"), ("challenge", "No data"));
        assert_eq!(told("* No data"), ("bullet", "No data"));
        assert_eq!(told("*No data"), ("bullet", "No data"));
        assert_eq!(told("(a) No data"), ("number", "No data"));
        assert_eq!(told("ii) No data"), ("number", "No data"));
        assert_eq!(told("ক) তথ্য নেই"), ("number", "তথ্য নেই"));
        assert_eq!(told("১. তথ্য নেই"), ("number", "তথ্য নেই"));
        assert_eq!(told("২। তথ্য নেই"), ("number", "তথ্য নেই"));
        assert_eq!(told("চ্যালেঞ্জ ১: তথ্য নেই"), ("challenge", "তথ্য নেই"));
        assert_eq!(told("সুপারিশ-২ঃ তথ্য দিন"), ("suggestion", "তথ্য দিন"));
        assert_eq!(told("Answer 2: None"), ("slot", "None"));
        // A name of its own needs the number and the list.
        assert_eq!(
            told("- Channel 2: Radio / hat day"),
            ("slot", "Radio / hat day")
        );
        assert_eq!(told("- মাধ্যম ২: বেতার / মাইক"), ("slot", "বেতার / মাইক"));
        assert_eq!(told("Channel 2: Radio"), ("-", "Channel 2: Radio"));
        assert_eq!(told("- Participant 2: Radio").0, "bullet");
    }

    #[test]
    fn a_list_opens_with_a_bullet_or_the_first_number() {
        for line in [
            "- No data",
            "1. No data",
            "(ক) তথ্য নেই",
            "১। তথ্য নেই",
            "- Challenge 1: x",
            "Challenge: x",
        ] {
            assert!(opens_list(line), "{line}");
        }
        for line in [
            "No data",
            "2. No data",
            "- 2. No data",
            "খ) তথ্য নেই",
            "Challenge 2: x",
        ] {
            assert!(!opens_list(line), "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_a_marker_stays() {
        for line in [
            "A. Karim spoke",
            "4,000 households",
            "3.5 km away",
            "2018 was hard",
            "-5 degrees",
            "*really* bad",
            "The challenge is this: no staff",
            "Md. Karim",
        ] {
            assert_eq!(told(line), ("-", line), "{line}");
        }
    }
}
