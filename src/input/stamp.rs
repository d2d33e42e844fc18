//! Time stamps as transcribers type them: `[00:03:12]`, `(3:12)`, `{00:03:12}`, `#00:00:00.0#`, `00:03:12 -`, `10:02 AM`, and cue timings.

use super::draft::ascii_digit;

/// The stamp at the beginning of a line, and the words after it.
///
/// A bare time counts only alone on its line, before a dash, or with hours, minutes and seconds: '৭:৩০ এ আসি' is speech.
pub(super) fn leading(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (opened, closer) = match line.chars().next()? {
        '[' => (1, Some(']')),
        '(' => (1, Some(')')),
        '{' => (1, Some('}')),
        '<' => (1, Some('>')),
        '#' => (1, Some('#')),
        _ => (0, None),
    };
    let body = &line[opened..];
    match closer {
        Some(closer) => {
            let end = body.find(closer)?;
            // '[00:03:12 - 00:03:40]' begins at the first.
            let (time, rest) = clock(&body[..end])?;
            let is_whole = rest.is_empty() || rest.starts_with([' ', '-', '–']);
            is_whole.then(|| (time, separator(&body[end + closer.len_utf8()..]).1))
        }
        None => {
            let (time, rest) = clock(body)?;
            let (parted, rest) = separator(rest);
            let bare = rest.is_empty() || parted || time.matches(':').count() == 2;
            bare.then_some((time, rest))
        }
    }
}

/// A bare time at the beginning of a line, and what follows: a stamp where that is the label of a speaker ('10:02 Rahima: Yes').
pub(super) fn bare(line: &str) -> Option<(&str, &str)> {
    let (time, rest) = clock(line.trim())?;
    Some((time, separator(rest.trim_start_matches([':', '.', ','])).1))
}

/// The stamp at the end of a line (`Rahima 00:03:12`), and the words before it.
pub(super) fn trailing(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let bare = line.trim_end_matches([']', ')', '}', '#']);
    let half = HALVES.iter().find_map(|half| {
        let from = bare.len().checked_sub(half.len())?;
        let end = bare.get(from..)?;
        let before = bare[..from].trim_end();
        (end.eq_ignore_ascii_case(half) && before.ends_with(char::is_numeric)).then_some(before)
    });
    let clock = half.unwrap_or(bare);
    let start = clock
        .rfind(|c: char| !(c.is_numeric() || matches!(c, ':' | '.' | ',')))
        .map_or(0, |i| {
            i + clock[i..].chars().next().map_or(1, char::len_utf8)
        });
    (start > 0 && is_time(&clock[start..])).then(|| {
        let name = bare[..start].trim_end_matches(['[', '(', '{', '#', ' ', '-', '–', '\t', ',']);
        (name, &bare[start..])
    })
}

/// The time at the beginning of a text, with AM or PM where it has one, and what follows.
fn clock(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_numeric() || matches!(c, ':' | '.' | ',')))
        .unwrap_or(text.len());
    let time = text[..end].trim_end_matches(['.', ',', ':']);
    let rest = without_half(&text[time.len()..]);
    is_time(time).then(|| (&text[..text.len() - rest.len()], rest))
}

/// Signs of the two halves of a day.
const HALVES: [&str; 10] = [
    "am",
    "pm",
    "a.m.",
    "p.m.",
    "a. m.",
    "p. m.",
    "পূর্বাহ্ণ",
    "অপরাহ্ণ",
    "পূর্বাহ্ন",
    "অপরাহ্ন",
];

/// What follows AM or PM, where it stands here.
pub(super) fn without_half(text: &str) -> &str {
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || is_mark(c));
    let end = HALVES.iter().find_map(|half| {
        let start = bare.get(..half.len())?;
        let is_word = !bare[half.len()..].starts_with(char::is_alphanumeric);
        (start.eq_ignore_ascii_case(half) && is_word).then_some(half.len())
    });
    match end {
        Some(end) => &bare[end..],
        None => text,
    }
}

/// Marks that steer the direction of writing, which WhatsApp puts around names and before what it says itself.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Drops a dash, and tells whether there was one.
fn separator(rest: &str) -> (bool, &str) {
    let rest = rest.trim_start();
    let after = rest.trim_start_matches(['-', '–', '—', '|']);
    (after.len() < rest.len(), after.trim_start())
}

/// `3:12`, `00:03:12`, `00:03:12.500`, in ASCII or Bangla digits.
pub(super) fn is_time(text: &str) -> bool {
    let ascii: String = text.chars().map(ascii_digit).collect();
    let (clock, fraction) = ascii.split_once(['.', ',']).unwrap_or((&ascii, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let digits =
        |p: &str, max: usize| (1..=max).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
    matches!(parts.len(), 2 | 3)
        && digits(parts[0], 3)
        && parts[1..].iter().all(|p| p.len() == 2 && digits(p, 2))
        && digits(fraction, 3)
}

/// The line of a cue that tells its time: `00:00:01.000 --> 00:00:02.000`, and `0:0:1.0 --> 0:0:2.0` as meetings are saved.
pub(super) fn is_cue_timing(line: &str) -> bool {
    let is_time = |start: &str| {
        let (clock, _) = start.split_once(['.', ',']).unwrap_or((start, ""));
        let parts: Vec<&str> = clock.split(':').collect();
        let digits = |p: &&str| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
        is_time(start) || parts.len() == 3 && parts.iter().all(digits)
    };
    line.split_once("-->")
        .is_some_and(|(start, _)| is_time(start.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_in_every_bracket_are_taken_off() {
        for line in [
            "[00:03:12] P1: Yes",
            "{00:03:12} P1: Yes",
            "(00:03:12) P1: Yes",
            "#00:03:12# P1: Yes",
            "00:03:12 - P1: Yes",
            "00:03:12 P1: Yes",
            "[00:03:12 - 00:03:40] P1: Yes",
        ] {
            assert_eq!(leading(line), Some(("00:03:12", "P1: Yes")), "{line}");
        }
        assert_eq!(leading("[10:02 AM] P1: Yes"), Some(("10:02 AM", "P1: Yes")));
        assert_eq!(leading("10:02 pm - P1: Yes"), Some(("10:02 pm", "P1: Yes")));
        assert_eq!(leading("#00:00:00.0#"), Some(("00:00:00.0", "")));
        assert_eq!(leading("[০০:০৩:১২]"), Some(("০০:০৩:১২", "")));
        assert_eq!(leading("3:12"), Some(("3:12", "")));
    }

    #[test]
    fn a_time_of_day_in_speech_is_no_stamp() {
        for line in [
            "৭:৩০ এ আসি",
            "7:30 we leave",
            "[laughs] 3:12",
            "(3 of them) came",
            "7:30 pm we leave",
        ] {
            assert_eq!(leading(line), None, "{line}");
        }
    }

    #[test]
    fn a_stamp_may_follow_the_name() {
        assert_eq!(
            trailing("Rahima Begum 00:03:12"),
            Some(("Rahima Begum", "00:03:12"))
        );
        assert_eq!(trailing("রহিমা (৩:১২)"), Some(("রহিমা", "৩:১২")));
        assert_eq!(
            trailing("Rahima, 10:02 a.m."),
            Some(("Rahima", "10:02 a.m."))
        );
        assert_eq!(trailing("Rahima (3:12PM)"), Some(("Rahima", "3:12PM")));
        assert_eq!(trailing("00:03:12"), None);
        assert_eq!(trailing("here I am"), None);
    }

    #[test]
    fn a_bare_time_has_its_half_of_the_day_and_no_letters_of_a_name() {
        for (line, time) in [
            ("10:02 Amina: Yes", "10:02"),
            ("10:02: Amina: Yes", "10:02"),
            ("10:02 AM Amina: Yes", "10:02 AM"),
            ("10:02 a.m. - Amina: Yes", "10:02 a.m."),
            ("১০:০২\u{202f}pm Amina: Yes", "১০:০২\u{202f}pm"),
        ] {
            assert_eq!(bare(line), Some((time, "Amina: Yes")), "{line}");
        }
        assert_eq!(bare("10 of us: no"), None);
    }

    #[test]
    fn a_cue_may_tell_its_time_without_noughts() {
        assert!(is_cue_timing("0:0:3.120 --> 0:0:5.300"));
        assert!(is_cue_timing("00:00:03,120 --> 00:00:05,300"));
        assert!(!is_cue_timing("budget --> none"));
    }
}
