//! `WebVTT` and `SubRip`: cues, by voice tag or speaker prefix, joined to one response a speaker turn.
//!
//! A voice tag of `WebVTT` holds in its cue alone, but captions name a speaker where the speaker changes: a cue without a name goes on
//! with the turn before it, also after `</v>`. Somebody else is marked by `>>` or a dash where no name is known, and is then a
//! speaker without a name.
//!
//! Meetings saved as plain text (Microsoft Teams) have cues too: a timing, a line with the name, and the words, with or without blank
//! lines between.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cast::Speakers;
use super::chunk::TextLine;
use super::cues::fold_name;
use super::speaker::{Kind, is_written_as_name, kind};
use super::stamp::is_cue_timing;
use super::transcript::{Spellings, Turn, push, responses};
use crate::record::Response;

/// The lines of a cue and the time at which it begins.
struct Cue<'a> {
    time: &'a str,
    lines: Vec<&'a str>,
}

/// A stretch of a cue: the voice that a tag names there, and the words without tags.
struct Said {
    voice: Option<String>,
    text: String,
    /// Whether a sign before the words says that somebody else speaks.
    is_other: bool,
}

/// Reads the cues. Without any speaker in the file, a cue that ends a sentence ends a response.
pub(super) fn parse(file: &Arc<str>, lines: &[TextLine<'_>]) -> Vec<Response> {
    let cues = cues(lines);
    let is_named = has_name_lines(&cues);
    let said: Vec<(&str, Vec<Said>)> = cues
        .iter()
        .map(|cue| {
            let (name, words) = match cue.lines.split_first() {
                Some((name, words)) if is_named && !words.is_empty() => (Some(*name), words),
                _ => (None, &cue.lines[..]),
            };
            let mut said = voices(words);
            let unnamed = said.iter_mut().filter(|s| s.voice.is_none());
            unnamed.for_each(|s| s.voice = name.map(str::to_owned));
            (cue.time, said)
        })
        .collect();
    let names: Vec<String> = said
        .iter()
        .flat_map(|(_, s)| s)
        .filter_map(|s| s.voice.clone())
        .collect();
    let texts: Vec<&str> = said
        .iter()
        .flat_map(|(_, s)| s)
        .map(|s| s.text.as_str())
        .collect();
    let speakers = Speakers::learn(&texts, &names);
    let mut turns: Vec<Turn> = Vec::new();
    let mut spellings = Spellings::default();
    for (time, stretches) in &said {
        for stretch in stretches {
            // A prefix is nearer to the words than a tag that was left open.
            let label = speakers.begins(usize::MAX, &stretch.text);
            let (speaker, words) = match &label {
                Some(label) => (Some(label.name), label.words),
                None => (stretch.voice.as_deref(), stretch.text.as_str()),
            };
            let speaker = speaker.map(|name| spellings.first(name));
            match (speaker, turns.last_mut()) {
                (None, Some(last))
                    if !stretch.is_other
                        && (last.speaker.is_some()
                            || !last.text.ends_with(['.', '?', '!', '।'])) =>
                {
                    last.add(words)
                }
                (speaker, _) => {
                    let mut turn = Turn {
                        speaker,
                        time: Some((*time).to_owned()),
                        ..Turn::default()
                    };
                    turn.add(words);
                    push(&mut turns, turn);
                }
            }
        }
    }
    turns.retain(|t| !t.text.is_empty());
    responses(file, turns, &speakers.moderators)
}

/// Whether the first line of each cue tells who speaks: a name, which comes again or is a label such as 'Moderator'.
fn has_name_lines(cues: &[Cue<'_>]) -> bool {
    let firsts: Vec<&str> = cues
        .iter()
        .filter(|c| c.lines.len() >= 2)
        .map(|c| c.lines[0])
        .collect();
    let is_name = |line: &&&str| is_written_as_name(line) && line.split_whitespace().count() <= 5;
    let names = firsts.iter().filter(is_name).count();
    let distinct: BTreeSet<String> = firsts.iter().map(|name| fold_name(name)).collect();
    let sure = firsts
        .iter()
        .filter(|name| matches!(kind(name), Kind::Moderator | Kind::Participant))
        .count();
    names >= 2
        && names * 10 >= cues.len() * 9
        && (distinct.len() * 3 <= names * 2 || sure * 4 >= names)
}

fn cues<'a>(lines: &[TextLine<'a>]) -> Vec<Cue<'a>> {
    // Only where cues have numbers or names of their own, or a file is more than cues, does a blank line end one.
    let filled: Vec<&str> = lines
        .iter()
        .map(|l| l.1.trim())
        .filter(|l| !l.is_empty())
        .collect();
    let is_number = |l: &str| l.bytes().all(|b| b.is_ascii_digit());
    let is_parted = filled.first().is_some_and(|l| l.starts_with("WEBVTT"))
        || filled
            .windows(2)
            .any(|pair| is_number(pair[0]) && is_cue_timing(pair[1]));
    let mut found: Vec<Cue<'a>> = Vec::new();
    let mut inside = false;
    for &(_, line) in lines {
        let line = line.trim();
        if is_cue_timing(line) {
            // Where the blank line is missing, the number of this cue hangs on the one before.
            if let Some(last) = found.last_mut().filter(|_| inside) {
                let number = last
                    .lines
                    .last()
                    .is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
                last.lines.truncate(last.lines.len() - usize::from(number));
            }
            found.push(Cue {
                time: line.split("-->").next().unwrap_or_default().trim(),
                lines: Vec::new(),
            });
            inside = true;
        } else if line.is_empty() {
            // What follows until the next timing is a name, a number, a note or a style.
            inside &= !is_parted;
        } else if let Some(last) = found.last_mut().filter(|_| inside) {
            last.lines.push(line);
        }
    }
    found
}

/// Takes the tags off the lines of a cue; `<v Name>` holds until it is closed, another one opens or the cue ends.
fn voices(lines: &[&str]) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut voice: Option<String> = None;
    for line in lines {
        let mut said = Said::by(voice.clone());
        let mut rest = *line;
        let mut closers = ['>', '}'].map(|closer| Closer::new(line, closer));
        while let Some(at) = rest.find(['<', '{']) {
            let (before, tag) = rest.split_at(at);
            said.text.push_str(before);
            let closer = &mut closers[usize::from(tag.starts_with('{'))];
            let end = closer.after(line.len() - tag.len());
            let end = end.map(|end| end - (line.len() - tag.len()));
            let Some(end) = end.filter(|&end| is_tag(&tag[1..end], closer.sign)) else {
                said.text.push_str(&tag[..1]);
                rest = &tag[1..];
                continue;
            };
            let inner = &tag[1..end];
            rest = &tag[end + 1..];
            if let Some(name) = voice_name(inner) {
                let next = Said::by(Some(unescape(name)));
                found.push(std::mem::replace(&mut said, next));
                voice = said.voice.clone();
            } else if inner == "/v" {
                found.push(std::mem::replace(&mut said, Said::by(None)));
                voice = None;
            }
        }
        said.text.push_str(rest);
        found.push(said);
    }
    for said in &mut found {
        let text = unescape(&said.text);
        let words = without_change(text.trim());
        said.is_other = said.voice.is_none() && words.len() < text.trim().len();
        said.text = words.to_owned();
    }
    found.retain(|s| !s.text.is_empty());
    found
}

impl Said {
    fn by(voice: Option<String>) -> Self {
        Self {
            voice,
            text: String::new(),
            is_other: false,
        }
    }
}

/// The words after the sign that somebody else speaks: `>>`, or a dash that begins no number.
fn without_change(text: &str) -> &str {
    let bare = text.trim_start_matches(">>").trim_start();
    match bare.strip_prefix(['-', '–', '—']).map(str::trim_start) {
        Some(words) if words.starts_with(|c: char| !c.is_numeric() && c != '-') => words,
        _ => bare,
    }
}

/// Whether what stands in the brackets is markup: `i`, `/b`, `c.yellow`, `v Name`, `00:01.000`, `font color=…`, `\an8`.
fn is_tag(inner: &str, closer: char) -> bool {
    if closer == '}' {
        return inner.starts_with('\\');
    }
    let name = inner.trim_start_matches('/');
    let is_named = |tag: &&str| {
        name.strip_prefix(*tag)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '.', '\t']))
    };
    TAGS.iter().any(is_named) || inner.starts_with(|c: char| c.is_ascii_digit())
}

/// The names of markup.
const TAGS: [&str; 13] = [
    "i", "b", "u", "c", "v", "lang", "ruby", "rt", "font", "s", "I", "B", "U",
];

/// Finds the next sign that closes brackets in a line, and looks at no byte twice.
struct Closer<'a> {
    line: &'a str,
    sign: char,
    /// Where the sign stands that was found last; `None` where no more are left.
    next: Option<usize>,
}

impl<'a> Closer<'a> {
    fn new(line: &'a str, sign: char) -> Self {
        let next = line.find(sign);
        Self { line, sign, next }
    }

    /// Where the first one stands from `at` on, which never goes back.
    fn after(&mut self, at: usize) -> Option<usize> {
        if self.next.is_some_and(|next| next < at) {
            self.next = self.line[at..].find(self.sign).map(|found| at + found);
        }
        self.next
    }
}

/// The name in `v Name` or `v.loud Name`.
fn voice_name(inner: &str) -> Option<&str> {
    let (tag, name) = inner.split_once([' ', '\t'])?;
    let name = name.trim();
    ((tag == "v" || tag.starts_with("v.")) && !name.is_empty()).then_some(name)
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&lrm;", "")
        .replace("&rlm;", "");
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let lines: Vec<TextLine<'_>> = (1..).zip(text.lines()).collect();
        let speaker = |r: &Response| {
            r.attributes
                .iter()
                .find(|a| a.0 == "speaker")
                .and_then(|a| a.1.as_str())
                .unwrap_or("")
                .to_owned()
        };
        parse(&Arc::from("f"), &lines)
            .iter()
            .map(|r| (speaker(r), r.text.clone()))
            .collect()
    }

    fn pairs(want: &[(&str, &str)]) -> Vec<(String, String)> {
        want.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    }

    #[test]
    fn cues_of_one_voice_are_one_turn_even_where_the_tag_is_left_out() {
        let text = "WEBVTT\n\nNOTE\nA note\n\n1\n00:01.000 --> 00:02.000\n<v Rina Das>We walk,\n\n2\n00:02.000 --> 00:03.000\nthen we wait.</v>\n\n3\n00:03.000 --> 00:04.000\n<v Jamal>R&amp;D <i>never</i> comes.</v>\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("Rina Das", "We walk, then we wait."),
                ("Jamal", "R&D never comes.")
            ])
        );
    }

    #[test]
    fn srt_takes_the_speaker_from_the_prefix() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nMod: Ready?\n\n2\n00:00:02,000 --> 00:00:03,000\nRina: Yes,\n\n3\n00:00:03,000 --> 00:00:04,000\nRina: we are.\nJamal: Me too: now.\n\n4\n00:00:04,000 --> 00:00:05,000\nJamal: Go.\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("Mod", "Ready?"),
                ("Rina", "Yes, we are."),
                ("Jamal", "Me too: now. Go.")
            ])
        );
    }

    #[test]
    fn a_cue_without_a_name_goes_on_with_the_turn_before_it() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Rina>There is no road.</v>\n\n00:02.000 --> 00:03.000\nNor a bridge.\n\n00:03.000 --> 00:04.000\n<v Jamal>True.</v>\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("Rina", "There is no road. Nor a bridge."),
                ("Jamal", "True.")
            ])
        );
    }

    #[test]
    fn a_sign_that_somebody_else_speaks_ends_the_turn() {
        for sign in ["&gt;&gt; ", ">>", "- ", "–"] {
            let text = format!(
                "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Rina>There is no road.\n\n00:02.000 --> 00:03.000\n{sign}Nor a bridge.\n\n00:03.000 --> 00:04.000\n<v Rina>-5 in winter.\n"
            );
            assert_eq!(
                read(&text),
                pairs(&[
                    ("Rina", "There is no road."),
                    ("", "Nor a bridge."),
                    ("Rina", "-5 in winter.")
                ]),
                "{sign}"
            );
        }
    }

    #[test]
    fn a_voice_in_other_letters_is_the_same_one() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Rina Das>Yes.</v>\n\n00:02.000 --> 00:03.000\n<v RINA  das>No.</v> <v Jamal>So.</v>\n";
        assert_eq!(
            read(text),
            pairs(&[("Rina Das", "Yes. No."), ("Jamal", "So.")])
        );
    }

    #[test]
    fn two_voices_in_one_cue_are_two_turns() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Rina>Yes.</v> <v Jamal>No.</v>\n";
        assert_eq!(read(text), pairs(&[("Rina", "Yes."), ("Jamal", "No.")]));
    }

    #[test]
    fn a_line_with_the_name_above_the_words_is_no_words() {
        let teams = "FGD Rangpur\n12 May 2025, 10:02am\n\n0:0:3.120 --> 0:0:5.300\nModerator\nWhat is hard?\n0:0:6.120 --> 0:0:9.300\nRahima Khatun\nThere is no staff.\nAnd no road.\n0:0:9.900 --> 0:1:2.0\nRahima Khatun\nNobody comes.\n";
        let want = pairs(&[
            ("Moderator", "What is hard?"),
            (
                "Rahima Khatun",
                "There is no staff. And no road. Nobody comes.",
            ),
        ]);
        assert_eq!(read(teams), want);
        // As paragraphs of a document are saved.
        assert_eq!(read(&teams.replace('\n', "\n\n")), want);
    }

    #[test]
    fn captions_of_two_lines_are_words_alone() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nThere is no\nroad here.\n\n2\n00:00:02,000 --> 00:00:03,000\nNo bridge\nand no boat.\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("", "There is no road here."),
                ("", "No bridge and no boat.")
            ])
        );
    }

    #[test]
    fn a_long_line_is_read_in_one_go() {
        for line in [
            "<".repeat(300_000),
            "<".repeat(300_000) + ">",
            "</{".repeat(300_000) + "}>",
        ] {
            let text = format!("1\n00:00:01,000 --> 00:00:02,000\n{line}No road <i>here</i>.\n");
            assert!(read(&text)[0].1.ends_with("No road here."));
        }
    }

    #[test]
    fn without_speakers_a_sentence_is_a_response() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nThere is no\n\n2\n00:00:02,000 --> 00:00:03,000\nroad here.\n\n3\n00:00:03,000 --> 00:00:04,000\nNo bridge.\n";
        assert_eq!(
            read(text),
            pairs(&[("", "There is no road here."), ("", "No bridge.")])
        );
    }
}
