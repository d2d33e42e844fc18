//! Learns who speaks in a text from the whole of it: header, list of participants, labels that recur or are codes.

use std::collections::{BTreeMap, BTreeSet};

use super::cues::{cues, fold_name};
use super::marker::{Marker, marker};
use super::moderator::Moderators;
use super::speaker::{Kind, Labelled, kind, labelled};

/// Who speaks in a text, learned from the whole of it.
pub(super) struct Speakers {
    /// Folded labels that begin turns.
    known: BTreeSet<String>,
    pub(super) roster: Vec<String>,
    pub(super) moderators: Moderators,
    /// How many lines from the beginning are the header.
    pub(super) header: usize,
}

impl Speakers {
    /// `names` are speakers known from elsewhere (voice tags).
    pub(super) fn learn(lines: &[&str], names: &[String]) -> Self {
        let labels: Vec<Option<Labelled<'_>>> = lines.iter().map(|l| labelled(l)).collect();
        let header = header_length(lines, &labels);
        let mut roster: Vec<String> = names.iter().map(|n| fold_name(n)).collect();
        let mut named = Vec::new();
        let mut listing = false;
        for (line, label) in lines[..header].iter().zip(&labels) {
            match label {
                Some(l) if !l.weak => {
                    listing = cues().rosters.contains(&fold_name(l.name));
                    if listing {
                        roster.extend(list_of_names(l.words));
                    } else if kind(l.name) == Kind::Moderator {
                        named.extend(list_of_names(l.words));
                    }
                }
                _ if listing && matches!(marker(line).0, Some(Marker::Bullet | Marker::Number)) => {
                    roster.extend(list_of_names(marker(line).1))
                }
                _ => {}
            }
        }
        let body = || labels[header..].iter().flatten();
        let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
        for label in body() {
            *counts
                .entry((fold_name(label.name), label.weak))
                .or_default() += 1;
        }
        let filled = lines[header..]
            .iter()
            .filter(|l| !l.trim().is_empty())
            .count();
        let sure = |name: &str| {
            matches!(kind(name), Kind::Moderator | Kind::Participant)
                || is_listed(name, &roster)
                || is_listed(name, &named)
        };
        let speech = |name: &str| {
            name.split(' ').any(|w| {
                cues().speech.iter().any(|s| s == w) || w.starts_with("বলে") || w.starts_with("বলল")
            })
        };
        let possible = |name: &str| kind(name) == Kind::Unknown && !speech(name);
        let mut known: BTreeSet<String> = BTreeSet::new();
        let (mut strong, mut weak) = (0, 0);
        for ((name, is_weak), &count) in &counts {
            if sure(name) || (possible(name) && count >= 2 && !is_weak) {
                known.insert(name.clone());
                strong += if *is_weak { 0 } else { count };
            }
            weak += if *is_weak { count } else { 0 };
        }
        let like_turns: usize = counts
            .iter()
            .filter(|((name, weak), _)| !weak && (sure(name) || possible(name)))
            .map(|(_, &n)| n)
            .sum();
        let capital: BTreeSet<String> = body()
            .filter(|l| {
                l.name
                    .split_whitespace()
                    .all(|w| w.starts_with(char::is_uppercase))
            })
            .map(|l| fold_name(l.name))
            .collect();
        // A name with a time before or above its words need not come again, where most lines that begin so have one.
        let is_speaker = |l: &&Labelled<'_>| {
            let name = fold_name(l.name);
            l.time.is_some() && (sure(&name) || possible(&name)) && name.split(' ').count() <= 4
        };
        let timed: Vec<String> = body()
            .filter(|l| !l.weak)
            .filter(is_speaker)
            .map(|l| fold_name(l.name))
            .collect();
        let is_timed = timed.len() * 4 >= filled
            && (timed.len() >= 3 || timed.len() == 2 && timed.iter().any(|n| sure(n)));
        let is_headed = has_words_below(&lines[header..], &labels[header..]);
        let asked = known.iter().any(|n| kind(n) == Kind::Moderator);
        let stamped: BTreeSet<String> = body()
            .filter(|l| is_name_and_time(l))
            .map(|l| fold_name(l.name))
            .collect();
        for ((name, is_weak), &count) in &counts {
            // Names that speak once are believed where most lines begin a turn; weak signs where they are the rule.
            let dense = (strong >= 4 && strong * 10 >= filled * if asked { 4 } else { 6 })
                || (strong >= 2 && like_turns >= 4 && like_turns * 10 >= filled * 8);
            let once = !is_weak
                && (dense && name.split(' ').count() <= 2 || is_timed && timed.contains(name));
            let rule = *is_weak && strong * 5 < weak;
            let is_stamped = stamped.contains(name);
            let habit = rule
                && match is_stamped {
                    true => is_headed,
                    false => count >= 2 && weak * 10 >= filled * 3,
                };
            let named = !is_stamped
                && rule
                && weak >= 4
                && weak * 10 >= filled * 6
                && capital.contains(name);
            if possible(name) && (once || habit || named) {
                known.insert(name.clone());
            }
        }
        // Whoever writes down is no sign of a talk, but in one no speaker before goes on with a note.
        let notes = body().filter(|l| !l.weak && kind(l.name) == Kind::Note);
        known.extend(notes.map(|l| fold_name(l.name)));
        let moderators = Moderators::new(known.iter().map(String::as_str), named);
        Self {
            known,
            roster,
            moderators,
            header,
        }
    }

    /// The label of line `index`, if it begins a turn.
    pub(super) fn begins<'a>(&self, index: usize, line: &'a str) -> Option<Labelled<'a>> {
        labelled(line).filter(|l| index >= self.header && self.known.contains(&fold_name(l.name)))
    }
}

/// 'Rahima 00:03:12' or '00:03:12 Rahima' alone on its line.
fn is_name_and_time(label: &Labelled<'_>) -> bool {
    label.weak && label.time.is_some() && label.words.is_empty()
}

/// Whether lines of a name and a time stand above words, as the programs of meetings write them.
fn has_words_below(lines: &[&str], labels: &[Option<Labelled<'_>>]) -> bool {
    let is_head = |i: usize| labels[i].as_ref().is_some_and(is_name_and_time);
    let filled: Vec<usize> = (0..lines.len())
        .filter(|&i| !lines[i].trim().is_empty())
        .collect();
    let heads = filled.iter().filter(|&&i| is_head(i)).count();
    let below = |pair: &&[usize]| is_head(pair[0]) && !is_head(pair[1]);
    let with_words = filled.windows(2).filter(below).count();
    heads >= 2 && with_words * 10 >= heads * 8
}

/// How many lines from the beginning belong to the header.
fn header_length(lines: &[&str], labels: &[Option<Labelled<'_>>]) -> usize {
    let strong = |i: usize| labels.get(i).and_then(Option::as_ref).filter(|l| !l.weak);
    let is_field =
        |i: usize| strong(i).is_some_and(|l| matches!(kind(l.name), Kind::Header | Kind::Note));
    let is_headed = has_words_below(lines, labels);
    let is_turn = |i: usize| {
        let label = labels[i].as_ref().filter(|l| is_name_and_time(l));
        is_headed && label.is_some_and(|l| !matches!(kind(l.name), Kind::Header | Kind::Note))
    };
    let recurs = |name: &str| {
        labels
            .iter()
            .flatten()
            .filter(|l| fold_name(l.name) == fold_name(name))
            .count()
            > 1
    };
    let mut end = 0;
    // Blocks of header lines: 'Interviewer: Salma' may stand before 'Date: 2 May' as well as after it.
    let mut start = 0;
    while start < lines.len() {
        let blank = lines[start..]
            .iter()
            .position(|l| l.trim().is_empty())
            .map_or(lines.len(), |n| start + n);
        let fits = |i: usize| match strong(i).map(|l| (kind(l.name), l)) {
            Some((Kind::Moderator | Kind::Participant, label)) => is_person(label.words),
            Some((Kind::Unknown | Kind::Slot, label)) => !recurs(label.name),
            _ => !is_turn(i),
        };
        if blank > start && !(start..blank).all(fits) {
            break;
        }
        if (start..blank).any(is_field) {
            end = blank;
        }
        start = blank + 1;
    }
    for (i, line) in lines.iter().enumerate().skip(end) {
        if is_field(i) {
            end = i + 1;
            continue;
        }
        if is_turn(i) {
            break;
        }
        let Some(label) = strong(i) else {
            // The entries of a list under a header line belong to it.
            if end == i
                && i > 0
                && !line.trim().is_empty()
                && matches!(marker(line).0, Some(Marker::Bullet | Marker::Number))
            {
                end = i + 1;
            }
            continue;
        };
        // 'Moderator: Farhana Yasmin' beside other header lines, or naming a label of the talk, is a header line too.
        let person = matches!(kind(label.name), Kind::Moderator | Kind::Participant)
            && is_person(label.words);
        let beside = (i > 0 && end == i) || is_field(i + 1);
        let names = list_of_names(label.words);
        let later = || {
            labels[i + 1..]
                .iter()
                .flatten()
                .any(|l| !l.weak && is_listed(&fold_name(l.name), &names))
        };
        if person && (beside || later()) {
            end = i + 1;
        } else {
            break;
        }
    }
    end
}

/// A few words without the marks of a sentence.
fn is_person(words: &str) -> bool {
    (1..=7).contains(&words.split_whitespace().count())
        && !words.trim().ends_with(['.', '?', '!', '।', ':'])
        && !words.contains(['?', '।', '!'])
}

/// The names in 'ছকিনা, আজগার (৪৫) ও লাইলী', folded.
fn list_of_names(text: &str) -> Vec<String> {
    let mut depth = 0usize;
    let plain: String = text
        .chars()
        .filter(|&c| {
            depth += usize::from(c == '(');
            let keep = depth == 0;
            depth -= usize::from(c == ')' && depth > 0);
            keep
        })
        .collect();
    plain
        .replace(" and ", ",")
        .replace(" ও ", ",")
        .replace(" এবং ", ",")
        .split([',', ';', '/', '&', '।', '=', '|'])
        .map(|n| {
            fold_name(
                n.trim()
                    .trim_matches(|c: char| c.is_numeric() || matches!(c, '.' | '-' | ')' | ' ')),
            )
        })
        .filter(|n| !n.is_empty() && n.split(' ').count() <= 5)
        .collect()
}

/// Whether `name` is one of `names`, or a part of one that people call each other by.
fn is_listed(name: &str, names: &[String]) -> bool {
    let name = fold_name(name);
    let is_part = |full: &String| {
        let mut parts = full.split(' ');
        *full == name
            || parts.any(|p| p == name && p.chars().count() > 1)
            || initials(full) == name
            || full.starts_with(&format!("{name} "))
            || name.starts_with(&format!("{full} "))
    };
    names.iter().any(is_part)
}

fn initials(full: &str) -> String {
    let letters: String = full.split(' ').filter_map(|w| w.chars().next()).collect();
    if letters.chars().count() >= 2 {
        letters
    } else {
        String::new()
    }
}

/// Whether `speaker` is called by one of `names`, both folded.
pub(super) fn is_called(speaker: &str, names: &[String]) -> bool {
    is_listed(speaker, names)
}
