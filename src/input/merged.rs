//! Splits one item of a list into the answers that were merged in it: by slashes, bars, semicolons or numbers inside the line.

use super::draft::ascii_digit;
use super::marker::{Marker, marker};
use super::slash;

/// The answers of an item. Under a slot ('Challenge 1:') merging is the rule; elsewhere it takes two cuts to believe in it.
pub(super) fn split(item: &str, slot: bool) -> Vec<&str> {
    let numbered = numbered(item);
    if numbered.len() > 1 {
        return numbered;
    }
    let pieces = slash::split(item);
    if pieces.len() > 2 || (slot && pieces.len() > 1) {
        return pieces;
    }
    let listed: Vec<&str> = semicolons(item)
        .into_iter()
        .map(str::trim)
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect();
    if listed.len() > 2 || (slot && listed.len() > 1) {
        return listed;
    }
    let whole = if slot {
        after_number(trim_end(item))
    } else {
        item.trim()
    };
    if whole.chars().any(char::is_alphanumeric) {
        vec![whole]
    } else {
        Vec::new()
    }
}

/// An answer without the number before it: 'Suggestion 2: (a) Train them'.
fn after_number(item: &str) -> &str {
    match marker(item) {
        (Some(Marker::Number), rest) if !rest.is_empty() => rest,
        _ => item,
    }
}

/// An answer without the slash that was to part it from a next one.
fn trim_end(item: &str) -> &str {
    item.trim_matches(|c: char| c == '/' || c.is_whitespace())
}

/// Cuts at semicolons outside brackets.
fn semicolons(item: &str) -> Vec<&str> {
    let mut depth = 0usize;
    item.split(|c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ';' && depth == 0
    })
    .collect()
}

/// Cuts `a 2) b 3) c` (whose `1)` may have been taken as the marker of the line) at numbers that count on.
fn numbered(item: &str) -> Vec<&str> {
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let mut wanted = 2;
    let mut from = 0;
    for word in item.split_whitespace() {
        // `split_whitespace` gives slices of `item` in order.
        let at = from + item[from..].find(word).unwrap_or(0);
        from = at + word.len();
        let first = cuts.is_empty() && at == 0 && ordinal(word) == Some(1);
        if first || ordinal(word) == Some(wanted) {
            cuts.push((at, from));
            wanted = if first { 2 } else { wanted + 1 };
        }
    }
    let counted = if cuts.first().is_some_and(|c| c.0 == 0) {
        cuts.len() > 1
    } else {
        cuts.len() > 1 || (cuts.len() == 1 && wanted > 3)
    };
    if !counted {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    for &(at, end) in &cuts {
        pieces.push(&item[start..at]);
        start = end;
    }
    pieces.push(&item[start..]);
    pieces
        .into_iter()
        .map(|p| p.trim().trim_end_matches([',', ';', '/']).trim_end())
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect()
}

/// The number of `2)`, `(2)` or `২)`.
fn ordinal(word: &str) -> Option<u32> {
    let inner = word.strip_suffix(')')?;
    let inner = inner.strip_prefix('(').unwrap_or(inner);
    let ascii: String = inner.chars().map(ascii_digit).collect();
    if ascii.len() <= 2 {
        ascii.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_inside_a_line_part_answers_when_they_count_on() {
        assert_eq!(
            split("1) No staff 2) No data 3) No funds", true),
            ["No staff", "No data", "No funds"]
        );
        assert_eq!(
            split("(১) লোক নেই, (২) তথ্য নেই", true),
            ["লোক নেই", "তথ্য নেই"]
        );
        assert_eq!(
            split("No staff (2) in the office", true),
            ["No staff (2) in the office"]
        );
    }

    /// A case of `tests/data/merged_lists.toml`.
    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        input: String,
        want: Vec<String>,
    }

    #[test]
    fn merged_lists_part_as_people_mean_them() {
        #[derive(serde::Deserialize)]
        struct Cases {
            case: Vec<Case>,
        }
        let cases: Cases =
            toml::from_str(include_str!("../../tests/data/merged_lists.toml")).unwrap();
        for case in cases.case {
            assert_eq!(split(&case.input, true), case.want, "{}", case.name);
        }
    }

    #[test]
    fn one_cut_outside_a_slot_is_no_list() {
        assert_eq!(split("Radio / television", false), ["Radio / television"]);
        assert_eq!(split("Radio / television", true), ["Radio", "television"]);
        assert_eq!(
            split("Radio / television / leaflets", false),
            ["Radio", "television", "leaflets"]
        );
        assert_eq!(split("লোক নেই; তথ্য নেই", true), ["লোক নেই", "তথ্য নেই"]);
        assert!(split(" / ", true).is_empty());
    }
}
