//! Reads the label before a turn ('রহিমা (৪৫):', '[00:03] P1:', '#Karim:'), and says what kind of label it is.

use super::cues::{cues, fold_name, slot_role};
use super::stamp;

/// A line that may begin a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    /// The name as typed, without brackets, sign and what stood in brackets behind it.
    pub(super) name: &'a str,
    /// What stood in brackets behind the name: 'female, 34'.
    pub(super) details: Option<&'a str>,
    pub(super) time: Option<&'a str>,
    /// The words of the turn.
    pub(super) words: &'a str,
    /// Whether a sign other than a colon parts name and words; such a label needs to be known from elsewhere.
    pub(super) weak: bool,
}

/// The longest label, in characters.
const LONGEST: usize = 60;
/// Most words of a label.
pub(super) const MOST_WORDS: usize = 6;

/// Reads `line` as a label and the words after it.
pub(super) fn labelled(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim_start_matches(['\u{feff}', '\u{200b}']).trim();
    // '7:30 we leave' is speech; '10:02 Rahima: we leave' is a turn.
    let (time, line) = stamp::leading(line)
        .or_else(|| {
            stamp::bare(line).filter(|(_, rest)| colon(rest).is_some() || alone(rest).is_some())
        })
        .map_or((None, line), |(t, rest)| (Some(t), rest));
    let line = line.strip_prefix("**").unwrap_or(line);
    let (label, words, weak) = colon(line)
        .filter(|(label, ..)| coded(label).is_none_or(|(_, rest)| is_description(rest)))
        .or_else(|| bracketed(line))
        .or_else(|| stamped(line))
        .or_else(|| dashed(line))
        .or_else(|| time.and_then(|_| alone(line)))?;
    let (label, late) = stamp::trailing(label).map_or((label, None), |(rest, t)| (rest, Some(t)));
    let (words, later) = match stamp::leading(words) {
        Some((t, rest)) if late.is_none() && time.is_none() => (rest, Some(t)),
        _ => (words, None),
    };
    let (name, details) = details(label);
    let name = name.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '#' | '@' | '[' | ']' | '{' | '}' | '*' | '<' | '>' | '-' | '–' | '•'
            )
    });
    let name = match time {
        Some(_) => sender(name),
        None => name,
    };
    is_name_shaped(name).then_some(Labelled {
        name,
        details,
        time: time.or(late).or(later),
        words: words.trim_start_matches("**").trim(),
        weak,
    })
}

/// `Name: words`, `Name : words`, `Name： words`, `নামঃ words`.
fn colon(line: &str) -> Option<(&str, &str, bool)> {
    let mut before = '\0';
    let mut depth = 0i32;
    for (i, c) in line.char_indices().take(LONGEST + 1) {
        let after = &line[i + c.len_utf8()..];
        let spaced =
            after.is_empty() || after.starts_with(char::is_whitespace) || after.starts_with("**");
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            // '7:30' is a time and 'http://' an address; but people also type 'P1:words'.
            ':' if depth == 0
                && (spaced || !(before.is_numeric() && after.starts_with(char::is_numeric)))
                && !after.starts_with("//") =>
            {
                return Some((&line[..i], after, false));
            }
            '：' if depth == 0 => return Some((&line[..i], after, false)),
            'ঃ' if depth == 0 && spaced => {
                return Some((&line[..i], after.trim_start_matches([':', '-']), false));
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// `[Name] words`, `{Name} words`.
fn bracketed(line: &str) -> Option<(&str, &str, bool)> {
    let closer = match line.chars().next()? {
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let end = line.find(closer)?;
    Some((&line[1..end], &line[end + 1..], true))
}

/// A line of a name and a stamp, with the words in the next one.
fn stamped(line: &str) -> Option<(&str, &str, bool)> {
    // '12 May 2025, 10:02' is a date.
    let is_year = |w: &str| w.chars().count() == 4 && w.chars().all(char::is_numeric);
    stamp::trailing(line)
        .filter(|(name, _)| name.chars().count() <= LONGEST && !name.split(' ').any(is_year))
        .map(|_| (line, "", true))
}

/// A line that holds a name and nothing else, after its stamp; in letters with capitals each word begins with one.
fn alone(line: &str) -> Option<(&str, &str, bool)> {
    is_written_as_name(line).then_some((line, "", true))
}

/// Whether a line may be a name with nothing behind it.
pub(super) fn is_written_as_name(line: &str) -> bool {
    is_name_shaped(line)
        && !line.ends_with(['.', '।', '-'])
        && line
            .split_whitespace()
            .all(|w| !w.starts_with(char::is_lowercase))
}

/// The name in `From Rahima to Everyone`, as chats of meetings are saved.
fn sender(name: &str) -> &str {
    let from = name.strip_prefix("From ").map(str::trim_start);
    from.and_then(|n| n.rsplit_once(" to "))
        .map_or(name, |(name, _)| name.trim_end())
}

/// `Name - words`.
fn dashed(line: &str) -> Option<(&str, &str, bool)> {
    [" - ", " – ", " — "]
        .iter()
        .filter_map(|dash| line.split_once(dash))
        .min_by_key(|(name, _)| name.len())
        .map(|(name, words)| (name, words, true))
}

/// Takes 'Respondent 1 (female, 34)', 'R2 – Rahela, 60' and 'Rahela, 60' apart.
fn details(label: &str) -> (&str, Option<&str>) {
    let label = label.trim();
    if let Some((name, rest)) = coded(label).or_else(|| aged(label)) {
        return (name, Some(rest));
    }
    match label.strip_suffix(')').and_then(|l| l.rsplit_once('(')) {
        Some((name, details)) if !name.trim().is_empty() => {
            (name.trim(), Some(details.trim()).filter(|d| !d.is_empty()))
        }
        _ => (label, None),
    }
}

/// A code with its number, and what stands behind it after a dash or comma.
fn coded(label: &str) -> Option<(&str, &str)> {
    let (name, rest) = [" - ", " – ", " — ", ", "]
        .iter()
        .filter_map(|sign| label.split_once(sign))
        .min_by_key(|(name, _)| name.len())?;
    let (name, rest) = (name.trim(), rest.trim());
    let is_code = name.ends_with(char::is_numeric) && kind(name) == Kind::Participant;
    (is_code && rest.contains(char::is_alphabetic)).then_some((name, rest))
}

/// A name and an age.
fn aged(label: &str) -> Option<(&str, &str)> {
    let (name, age) = label.rsplit_once(',')?;
    let (name, age) = (name.trim(), age.trim());
    let is_age = (1..=3).contains(&age.chars().count()) && age.chars().all(char::is_numeric);
    (is_age && is_name_shaped(name)).then_some((name, age))
}

/// Whether what stands behind a code says who that is, and is not what is said: 'Rahela, 60', 'Rahela Begum'.
fn is_description(rest: &str) -> bool {
    let count = |text: &str| text.split_whitespace().count();
    match aged(rest) {
        Some((name, _)) => count(name) <= 4,
        None => count(rest) <= 2 && is_written_as_name(rest) && kind(rest) == Kind::Unknown,
    }
}

/// Whether a person or a code may be called so: a few words without the marks of a sentence.
fn is_name_shaped(name: &str) -> bool {
    let count = name.split_whitespace().count();
    let sentence = |c: char| {
        matches!(
            c,
            '?' | '!' | '।' | ';' | ',' | '"' | '“' | '”' | ':' | '=' | '|' | '\t'
        )
    };
    let inner_stop = name
        .split_whitespace()
        .any(|w| w.ends_with('.') && w.chars().count() > 5);
    (1..=MOST_WORDS).contains(&count)
        && name.chars().count() <= LONGEST
        && !name.contains(sentence)
        && !inner_stop
        && name.chars().any(char::is_alphabetic)
}

/// What a label says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 'Moderator', 'Interviewer 2', 'প্রশ্নকর্তা'.
    Moderator,
    /// 'P1', 'FGD-R4', 'উত্তরদাতা ২', 'Respondent'.
    Participant,
    /// 'Note', 'Note taker', 'পর্যবেক্ষক': one who writes down and answers nothing; at the beginning a header line.
    Note,
    /// 'Date', 'Place', 'স্থান': no speaker.
    Header,
    /// 'Challenge 1': an answer slot, no speaker.
    Slot,
    /// Anything else: a name, or speech before a colon.
    Unknown,
}

/// What kind of label `name` is.
pub(super) fn kind(name: &str) -> Kind {
    let folded = fold_name(name);
    let folded = folded.trim_end_matches('.');
    let stem = folded.trim_end_matches(|c: char| {
        c.is_numeric() || c.is_whitespace() || matches!(c, '-' | '_' | '.' | '#' | '–')
    });
    let stem = stem
        .trim_end_matches(" no")
        .trim_end_matches(" নং")
        .trim_end();
    let has = |list: &[String], word: &str| list.iter().any(|w| w == word);
    let numbered = stem.len() < folded.len();
    if has(&cues().moderators, folded) || has(&cues().moderators, stem) {
        return Kind::Moderator;
    }
    if has(&cues().participants, stem) && (numbered || !has(&cues().headers, folded)) {
        return Kind::Participant;
    }
    if slot_role(stem).is_some() {
        return Kind::Slot;
    }
    if has(&cues().notes, folded) || has(&cues().notes, stem) {
        return Kind::Note;
    }
    if has(&cues().headers, folded) || has(&cues().headers, stem) {
        return Kind::Header;
    }
    if is_code(folded) {
        Kind::Participant
    } else {
        Kind::Unknown
    }
}

/// 'FGD-R4', 'KII_02', 'FGD3-P12', 'F2-M': letters and digits, no space, at least one digit and few letters together.
fn is_code(folded: &str) -> bool {
    let digits = folded.chars().filter(|c| c.is_numeric()).count();
    let longest = folded
        .split(|c: char| !c.is_alphabetic())
        .map(|w| w.chars().count())
        .max()
        .unwrap_or(0);
    digits > 0
        && (1..=4).contains(&longest)
        && folded.chars().count() <= 14
        && folded
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(&str, Option<&str>, Option<&str>, &str)> {
        labelled(line).map(|l| (l.name, l.details, l.time, l.words))
    }

    #[test]
    fn labels_as_transcribers_type_them() {
        assert_eq!(read("Rahima: Yes."), Some(("Rahima", None, None, "Yes.")));
        assert_eq!(read("Rahima : Yes."), Some(("Rahima", None, None, "Yes.")));
        assert_eq!(read("রহিমাঃ হ্যাঁ।"), Some(("রহিমা", None, None, "হ্যাঁ।")));
        assert_eq!(
            read("রহিমা (৪৫): হ্যাঁ।"),
            Some(("রহিমা", Some("৪৫"), None, "হ্যাঁ।"))
        );
        assert_eq!(
            read("Respondent 1 (female, 34): Yes"),
            Some(("Respondent 1", Some("female, 34"), None, "Yes"))
        );
        assert_eq!(
            read("[00:03:12] P1: Yes"),
            Some(("P1", None, Some("00:03:12"), "Yes"))
        );
        assert_eq!(
            read("P1 [00:03:12]: Yes"),
            Some(("P1", None, Some("00:03:12"), "Yes"))
        );
        assert_eq!(
            read("P1 (3:12): Yes"),
            Some(("P1", None, Some("3:12"), "Yes"))
        );
        for line in [
            "10:02 AM Karim Mia: Yes",
            "Karim Mia (10:02 AM): Yes",
            "Karim Mia 10:02 AM: Yes",
        ] {
            let want = Some(("Karim Mia", None, Some("10:02 AM"), "Yes"));
            assert_eq!(read(line), want, "{line}");
        }
        assert_eq!(
            read("00:10:02 Karim: Yes"),
            Some(("Karim", None, Some("00:10:02"), "Yes"))
        );
        assert_eq!(
            read("10:02:33 From Karim Mia to Everyone: Yes"),
            Some(("Karim Mia", None, Some("10:02:33"), "Yes"))
        );
        assert_eq!(
            read("0:03 Speaker 1"),
            Some(("Speaker 1", None, Some("0:03"), ""))
        );
        assert_eq!(read("#Karim: Yes"), Some(("Karim", None, None, "Yes")));
        assert_eq!(read("@Karim: Yes"), Some(("Karim", None, None, "Yes")));
        assert_eq!(read("[Karim] Yes"), Some(("Karim", None, None, "Yes")));
        assert_eq!(read("[Karim]: Yes"), Some(("Karim", None, None, "Yes")));
        assert_eq!(
            read("Karim Mia 00:03:12"),
            Some(("Karim Mia", None, Some("00:03:12"), ""))
        );
        for line in ["R2 – Rahela, 60: Yes", "R2, Rahela, 60: Yes"] {
            assert_eq!(read(line), Some(("R2", Some("Rahela, 60"), None, "Yes")));
        }
        assert_eq!(
            read("R2 - Rahela Begum: Yes"),
            Some(("R2", Some("Rahela Begum"), None, "Yes"))
        );
        assert_eq!(
            read("R2 - the worst is this: no road"),
            Some(("R2", None, None, "the worst is this: no road"))
        );
        assert_eq!(
            read("Rahela, 60: Yes"),
            Some(("Rahela", Some("60"), None, "Yes"))
        );
        assert_eq!(read("Karim： Yes"), Some(("Karim", None, None, "Yes")));
        assert_eq!(read("**Karim:** Yes"), Some(("Karim", None, None, "Yes")));
    }

    #[test]
    fn speech_is_no_label() {
        for line in [
            "সকাল ৭:৩০ এ বাইর হই",
            "7:30 we leave",
            "12 May 2025, 10:02am",
            "7:30 to 8:30 we rest",
            "See http://a.b/c",
            "He came, and then he said to all of us: go",
            "No colon here",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn labels_tell_what_they_are() {
        for name in [
            "Moderator",
            "মডারেটর",
            "M",
            "I",
            "Q",
            "Interviewer 2",
            "প্রশ্নকর্তা",
            "Q1",
        ] {
            assert_eq!(kind(name), Kind::Moderator, "{name}");
        }
        for name in [
            "P1",
            "R3",
            "FGD-R4",
            "উত্তরদাতা ২",
            "Respondent 1",
            "Participant #3",
            "Speaker 2",
            "KII-02",
        ] {
            assert_eq!(kind(name), Kind::Participant, "{name}");
        }
        for name in [
            "Note",
            "NOTE TAKER",
            "Note-taker 2",
            "N.B.",
            "নোট",
            "পর্যবেক্ষক",
        ] {
            assert_eq!(kind(name), Kind::Note, "{name}");
        }
        assert_eq!(kind("Date"), Kind::Header);
        assert_eq!(kind("Participants"), Kind::Header);
        assert_eq!(kind("Challenge 2"), Kind::Slot);
        assert_eq!(kind("রহিমা"), Kind::Unknown);
    }
}
