//! Time stamps as transcribers type them: `[00:03:12]`, `(3:12)`, `{00:03:12}`, `#00:00:00.0#`, `00:03:12 -`, and cue timings.

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
            let inside = &body[..end];
            // '[00:03:12 - 00:03:40]' begins at the first.
            let time = inside.split([' ', '-', '–']).next().unwrap_or_default();
            is_time(time).then(|| (time, separator(&body[end + closer.len_utf8()..]).1))
        }
        None => {
            let end = body
                .find(|c: char| !(c.is_numeric() || matches!(c, ':' | '.' | ',')))
                .unwrap_or(body.len());
            let time = body[..end].trim_end_matches(['.', ',', ':']);
            let (parted, rest) = separator(&body[time.len()..]);
            let bare = rest.is_empty() || parted || time.matches(':').count() == 2;
            (is_time(time) && bare).then_some((time, rest))
        }
    }
}

/// The stamp at the end of a line (`Rahima 00:03:12`), and the words before it.
pub(super) fn trailing(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let bare = line.trim_end_matches([']', ')', '}', '#']);
    let start = bare
        .rfind(|c: char| !(c.is_numeric() || matches!(c, ':' | '.' | ',')))
        .map_or(0, |i| {
            i + bare[i..].chars().next().map_or(1, char::len_utf8)
        });
    let time = &bare[start..];
    (start > 0 && is_time(time)).then(|| {
        (
            bare[..start].trim_end_matches(['[', '(', '{', '#', ' ', '-', '–', '\t']),
            time,
        )
    })
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

/// The line of a cue that tells its time: `00:00:01.000 --> 00:00:02.000`.
pub(super) fn is_cue_timing(line: &str) -> bool {
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
        assert_eq!(trailing("00:03:12"), None);
    }
}
