//! Chats as WhatsApp exports them: `12/05/2024, 10:32 - Name: words` on Android, `[12/05/24, 10:32:11 AM] Name: words` on iOS.
//!
//! Phones write date and time as their owner likes them, and whether 12/05 is in May nothing in the file tells: a stamp is known by
//! its shape and kept as it is written. Messages of one sender in direct sequence on one day are one turn, as in any transcript;
//! what is sent on another day is said anew. Lines of the program itself ('X left', 'image omitted') are nobody's words.

use super::cues::{cues, fold_name};
use super::draft::ascii_digit;
use super::stamp::{is_mark, without_half};
use super::transcript::{Spellings, Turn};

/// Lines at the beginning of which one must carry a stamp; a title may stand above.
const TOP: usize = 3;
/// The longest name of a sender, in characters.
const LONGEST_NAME: usize = 60;

/// Whether a text is an exported chat: it begins with stamps, and as many as half of the stamped lines have a sender.
pub(super) fn is_chat(lines: &[&str]) -> bool {
    let mut filled = lines.iter().filter(|l| !trim(l).is_empty()).take(TOP);
    if !filled.any(|line| stamped(line).is_some()) {
        return false;
    }
    let messages = || lines.iter().filter_map(|line| stamped(line));
    let sent = messages()
        .filter(|(_, rest)| sender(rest).is_some())
        .count();
    let all = messages().count();
    let is_told = || messages().any(|(_, rest)| is_notice(rest));
    all >= 2 && sent >= 1 && (sent * 2 >= all || is_told())
}

/// The turns of a chat.
pub(super) fn turns(lines: &[&str]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut spellings = Spellings::default();
    // Whether a line without a stamp goes on with the last message; it may also go on with what the program says.
    let mut is_open = false;
    for line in lines {
        let words = match stamped(line) {
            None => line,
            Some((time, rest)) => match sender(rest) {
                Some((name, words)) => {
                    begin(&mut turns, spellings.first(&name), time);
                    is_open = true;
                    words
                }
                None => {
                    is_open = false;
                    continue;
                }
            },
        };
        if let Some(turn) = turns.last_mut().filter(|_| is_open) {
            turn.add(said(words));
        }
    }
    turns.retain(|t| !t.text.is_empty());
    turns
}

/// Begins a turn, unless the same sender goes on.
fn begin(turns: &mut Vec<Turn>, name: String, time: &str) {
    let time: String = time.chars().filter(|c| !is_mark(*c)).collect();
    // Some phones part time and AM by a narrow space that nobody can type.
    let time = time.split_whitespace().collect::<Vec<_>>().join(" ");
    let goes_on = turns.last().is_some_and(|last| {
        let was = last.time.as_deref().unwrap_or_default();
        last.speaker.as_ref() == Some(&name) && day(was) == day(&time)
    });
    if !goes_on {
        turns.push(Turn {
            speaker: Some(name),
            time: Some(time),
            ..Turn::default()
        });
    }
}

fn day(time: &str) -> &str {
    time.split([',', ' ']).next().unwrap_or_default()
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_mark(c))
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || is_mark(c))
}

/// The date and time with which a message begins, and what follows them.
fn stamped(line: &str) -> Option<(&str, &str)> {
    let line = trim_start(line);
    let (is_bracketed, body) = match line.strip_prefix('[') {
        Some(body) => (true, body),
        None => (false, line),
    };
    let (date, rest) = numbers(body, &['/', '.', '-']);
    let time = trim_start(rest.trim_start_matches(','));
    let (clock, rest) = numbers(time, &[':', '.']);
    if !is_date(&date) || !is_clock(&clock) || time.len() == rest.len() {
        return None;
    }
    let after = without_half(rest);
    let stamp = trim(&body[..body.len() - after.len()]);
    let words = match is_bracketed {
        true => trim_start(after).strip_prefix(']')?,
        false => trim_start(after)
            .strip_prefix(['-', '–', '—'])
            .filter(|words| {
                after.starts_with(char::is_whitespace) && words.starts_with(char::is_whitespace)
            })?,
    };
    Some((stamp, words.trim_start()))
}

/// At most three numbers with one of these signs between, each with how many digits it has; and what follows them.
fn numbers<'a>(text: &'a str, signs: &[char]) -> (Vec<(u16, usize)>, &'a str) {
    let mut found = Vec::new();
    let mut rest = text;
    while found.len() < 3 {
        let next = match found.is_empty() {
            true => Some(rest),
            false => rest.strip_prefix(signs),
        };
        let digits = |text: &str| -> String {
            let ascii = text.chars().map(ascii_digit);
            ascii.take_while(char::is_ascii_digit).take(5).collect()
        };
        let number = next.map(digits).filter(|digits| digits.len() <= 4);
        let (Some(next), Some(number)) = (next, number) else {
            break;
        };
        let Ok(value) = number.parse() else { break };
        found.push((value, number.len()));
        rest = match next.char_indices().nth(number.len()) {
            Some((end, _)) => &next[end..],
            None => "",
        };
    }
    (found, rest)
}

/// Day, month and year in any usual order.
fn is_date(numbers: &[(u16, usize)]) -> bool {
    let is_day_and_month = |a: (u16, usize), b: (u16, usize)| {
        let (least, most) = (a.0.min(b.0), a.0.max(b.0));
        a.1 <= 2 && b.1 <= 2 && (1..=12).contains(&least) && most <= 31
    };
    match *numbers {
        [(_, 4), a, b] => is_day_and_month(a, b),
        [a, b, (_, 2 | 4)] => is_day_and_month(a, b),
        _ => false,
    }
}

/// Hours, minutes and perhaps seconds.
fn is_clock(numbers: &[(u16, usize)]) -> bool {
    numbers.len() >= 2
        && numbers[0].0 <= 24
        && numbers[0].1 <= 2
        && numbers[1..].iter().all(|n| n.0 < 60 && n.1 == 2)
}

/// Who sent a message, and its words; `None` for what the program says itself.
fn sender(rest: &str) -> Option<(String, &str)> {
    let (name, words) = match rest.split_once(": ") {
        Some(parts) => parts,
        None => (trim(rest).strip_suffix(':')?, ""),
    };
    let name: String = name.chars().filter(|c| !is_mark(*c)).collect();
    // A tilde stands before the name that an unknown sender goes by.
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '~');
    let is_named = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(['"', '“', '”'])
        && !is_event(name);
    // iOS names the group as the sender of what the program says, and puts a mark before it.
    let is_said = words.starts_with(is_mark) && (is_event(words) || is_notice(words));
    (is_named && !is_said).then(|| (name.to_owned(), words))
}

/// 'Rahima added Karim', 'Rahima left'.
fn is_event(text: &str) -> bool {
    let text = format!(" {} ", fold_name(trim(text)).trim_end_matches('.'));
    text.split(' ').count() <= 20
        && cues()
            .chat
            .events
            .iter()
            .any(|e| text.contains(&format!(" {e} ")))
}

/// What the program says at length, or in place of what was sent.
fn is_notice(text: &str) -> bool {
    let text = fold_name(trim(text));
    cues()
        .chat
        .notices
        .iter()
        .any(|notice| text.starts_with(notice.as_str()))
}

/// The words of a line: without the remark that a picture was left out or the message edited.
fn said(line: &str) -> &str {
    let line = trim(line);
    if is_notice(line) {
        return "";
    }
    let is_left_out = |tail: &str| {
        let tail = fold_name(trim(tail));
        let tail = tail.trim_matches(['<', '>', '(', ')']);
        cues()
            .chat
            .left_out
            .iter()
            .any(|end| tail == end || tail.strip_suffix(end.as_str()).is_some_and(is_file))
    };
    if is_left_out(line) {
        return "";
    }
    // What was written under a picture stands before the remark, which a mark or a bracket sets off.
    match line.rfind(['\u{200e}', '<']) {
        Some(at) if is_left_out(&line[at..]) => {
            let words = trim(&line[..at]);
            // 'plan.pdf • 2 pages document omitted' tells of the document alone.
            if words.contains('•') { "" } else { words }
        }
        _ => line,
    }
}

/// Whether a word before '(file attached)' or 'document omitted' is the name of a file.
fn is_file(name: &str) -> bool {
    let name = name.trim_end_matches(['(', '<', ' ']);
    let is_extension =
        |e: &str| (2..=5).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric());
    name.contains('•') || name.rsplit_once('.').is_some_and(|(_, e)| is_extension(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Format, Options, read};
    use proptest::prelude::*;

    /// Speaker, time and words of each turn.
    fn found(text: &str) -> Vec<[String; 3]> {
        let lines: Vec<&str> = text.lines().collect();
        assert!(is_chat(&lines), "{text}");
        let row =
            |turn: Turn| [turn.speaker, turn.time, Some(turn.text)].map(Option::unwrap_or_default);
        turns(&lines).into_iter().map(row).collect()
    }

    #[test]
    fn android_and_ios_in_the_manners_of_many_phones() {
        for stamp in [
            "12/05/2024, 10:32 - ",
            "5/12/24, 10:32 AM - ",
            "5/12/24, 10:32\u{202f}pm - ",
            "12.05.24, 10:32 - ",
            "2024-05-12, 10:32 - ",
            "2024/5/12 10:32 - ",
            "12/05/2024, 10.32 – ",
            "১২/০৫/২০২৪, ১০:৩২ - ",
            "12/05/2024, 10:32 a.m. - ",
            "[12/05/24, 10:32:11 AM] ",
            "\u{200e}[12/05/24, 10:32:11\u{202f}AM] ",
            "[2024-05-12, 10:32:11] ",
            "[১২/৫/২৪, ১০:৩২:১১ PM] ",
            "[12.05.24, 10:32:11] \u{200e}",
        ] {
            let text = format!(
                "{stamp}Rahima: No budget: none.\nand no staff\n\n{stamp}+880 1711-000000: Net is slow\n"
            );
            let rows = found(&text);
            assert_eq!(rows.len(), 2, "{stamp}");
            assert_eq!(
                (rows[0][0].as_str(), rows[0][2].as_str()),
                ("Rahima", "No budget: none. and no staff"),
                "{stamp}"
            );
            assert_eq!(rows[1][0], "+880 1711-000000");
            assert!(
                !rows[0][1].contains(['\u{200e}', '\u{202f}', '[', ']']),
                "{:?}",
                rows[0][1]
            );
            assert!(rows[0][1].contains("32") || rows[0][1].contains("৩২"));
        }
    }

    #[test]
    fn what_nobody_said_is_no_turn() {
        let text = "12/05/2024, 10:30 - Messages and calls are end-to-end encrypted. Only people in this chat can read them: learn more\n\
            12/05/2024, 10:30 - Rahima created group \"Budget: 2024\"\n\
            12/05/2024, 10:31 - Rahima added Karim\n\
            12/05/2024, 10:32 - Rahima: <Media omitted>\n\
            12/05/2024, 10:32 - Karim: This message was deleted\n\
            12/05/2024, 10:33 - Rahima: No budget <This message was edited>\n\
            12/05/2024, 10:33 - Karim: IMG-20240512-WA0001.jpg (file attached)\nThe broken bridge\n\
            12/05/2024, 10:34 - Karim left\nand this goes on with nothing\n";
        let said: Vec<_> = found(text)
            .into_iter()
            .map(|[who, _, words]| (who, words))
            .collect();
        let want = [("Rahima", "No budget"), ("Karim", "The broken bridge")];
        assert_eq!(said, want.map(|(a, b)| (a.to_owned(), b.to_owned())));

        let text = "[12/05/24, 10:30:00 AM] Officers: \u{200e}Messages and calls are end-to-end encrypted.\n\
            [12/05/24, 10:31:00 AM] Officers: \u{200e}Rahima added Karim\n\
            \u{200e}[12/05/24, 10:32:00 AM] Rahima: \u{200e}image omitted\n\
            \u{200e}[12/05/24, 10:32:00 AM] Karim: The bridge is broken \u{200e}image omitted\n\
            [12/05/24, 10:33:00 AM] Rahima: plan.pdf • \u{200e}2 pages \u{200e}document omitted\n\
            \u{200e}[12/05/24, 10:33:10 AM] Rahima: \u{200e}<attached: 00000012-PHOTO.jpg>\n\
            [12/05/24, 10:33:20 AM] Rina: Attached: our list of needs\n\
            [12/05/24, 10:34:00 AM] Karim: The report omitted us, and Rahima left\n\
            [12/05/24, 10:35:00 AM] ~ Rina: \u{200e}Slow net\n";
        let said: Vec<_> = found(text)
            .into_iter()
            .map(|[who, _, words]| (who, words))
            .collect();
        let want = [
            ("Karim", "The bridge is broken"),
            ("Rina", "Attached: our list of needs"),
            ("Karim", "The report omitted us, and Rahima left"),
            ("Rina", "Slow net"),
        ];
        assert_eq!(said, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn messages_of_one_sender_are_one_turn_on_one_day() {
        let text = "12/05/2024, 10:32 - Rina: No budget\n12/05/2024, 10:33 - RINA: no staff\n13/05/2024, 09:00 - rina: The net is down\n";
        let rows = found(text);
        assert_eq!(
            rows[0],
            ["Rina", "12/05/2024, 10:32", "No budget no staff"].map(str::to_owned)
        );
        assert_eq!(
            rows[1],
            ["Rina", "13/05/2024, 09:00", "The net is down"].map(str::to_owned)
        );
    }

    #[test]
    fn a_text_with_dates_is_no_chat() {
        for text in [
            "The office was closed on 12/05/2024, 10:32 in the morning\nNo budget: none\n",
            "12/05/2024: No budget\n13/05/2024: No staff\n",
            "12/05/2024 - Rahima: No budget\n13/05/2024 - Karim: No staff\n",
            "12/05/2024, 10:32 - no water\n12/05/2024, 10:40 - no staff\n13/05/2024, 09:00 - worst: no road\n",
            "No budget\nNo staff\nSlow net\n12/05/2024, 10:32 - Rahima: seen\n12/05/2024, 10:33 - Karim: seen\n",
            "10:32 - Rahima: Yes\n10:33 - Karim: No\n",
            "45/45/2024, 10:32 - Rahima: Yes\n45/45/2024, 10:33 - Karim: No\n",
            "12/05/2024, 10:32 - Rahima: alone\n",
        ] {
            assert!(!is_chat(&text.lines().collect::<Vec<_>>()), "{text}");
        }
    }

    #[test]
    fn a_file_is_known_as_a_chat_and_keeps_who_and_when() {
        let text = "12/05/2024, 10:32 - Moderator: What is hard?\r\n12/05/2024, 10:40 - রহিমা: বাজেট নেই\r\nজনবলও নেই\r\n";
        for name in ["WhatsApp Chat with Officers.txt", "-"] {
            let batch = read(name, text.as_bytes(), &Options::default());
            assert!(batch.rejects.is_empty());
            assert_eq!(batch.responses.len(), 2);
            let [asked, said] = [&batch.responses[0], &batch.responses[1]];
            assert!(asked.moderator && !said.moderator);
            assert_eq!(said.text, "বাজেট নেই জনবলও নেই");
            assert_eq!(said.id, format!("{name}:2"));
            assert_eq!(said.respondent, Some(format!("{name}:রহিমা")));
            assert!(
                said.attributes
                    .contains(&("time".into(), "12/05/2024, 10:40".into()))
            );
        }
        let options = Options::with_format(Some(Format::Lines));
        assert_eq!(read("a.txt", text.as_bytes(), &options).responses.len(), 3);
    }

    proptest! {
        #[test]
        fn any_lines_are_read(lines in proptest::collection::vec(
            "(\u{200e}?\\[?[0-9০-৯]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4},? [0-9]{1,2}[:.][0-9]{2}\u{202f}?(AM)?\\]?( - )?)?\\PC{0,12}(: )?\\PC{0,12}", 0..12)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            is_chat(&lines);
            let turns = turns(&lines);
            prop_assert!(turns.iter().all(|t| !t.text.is_empty() && t.speaker.is_some() && t.time.is_some()));
        }

        #[test]
        fn every_word_sent_is_kept(words in proptest::collection::vec("[a-z]{1,6}( [a-z]{1,6}){0,3}", 2..12)) {
            let message = |(n, words): (usize, &String)| format!("{}/05/2024, 10:{:02} - P{}: {words}\n", 1 + n % 28, n, n % 2);
            let text: String = words.iter().enumerate().map(message).collect();
            let kept: Vec<String> = found(&text).into_iter().map(|[_, _, words]| words).collect();
            prop_assert_eq!(kept, words);
        }
    }
}
