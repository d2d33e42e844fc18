//! Learns who speaks in a text from the whole of it: header, list of participants, labels that recur or are codes.

use std::collections::{BTreeMap, BTreeSet};

use super::cues::{cues, fold_name};
use super::marker::{Marker, marker};
use super::moderator::Moderators;
use super::speaker::{Kind, Labelled, MOST_WORDS, kind, labelled};

/// Who speaks in a text, learned from the whole of it.
pub(super) struct Speakers {
    /// Folded labels that begin turns.
    known: BTreeSet<String>,
    pub(super) roster: Names,
    pub(super) moderators: Moderators,
    /// How many lines from the beginning are the header.
    pub(super) header: usize,
}

impl Speakers {
    /// `names` are speakers known from elsewhere (voice tags).
    pub(super) fn learn(lines: &[&str], names: &[String]) -> Self {
        let labels: Vec<Option<Labelled<'_>>> = lines.iter().map(|l| labelled(l)).collect();
        let header = header_length(lines, &labels);
        let mut roster: Names = names.iter().map(|n| fold_name(n)).collect();
        let mut named = Names::default();
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
                || roster.has(name)
                || named.has(name)
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
        let with_time = || body().filter(|l| !l.weak).filter(is_speaker);
        let timed: BTreeSet<String> = with_time().map(|l| fold_name(l.name)).collect();
        let n_timed = with_time().count();
        let is_timed = n_timed * 4 >= filled
            && (n_timed >= 3 || n_timed == 2 && timed.iter().any(|n| sure(n)));
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
    // How often each name is a label, and the last line on which it is one by its colon.
    let mut uses: BTreeMap<String, (usize, Option<usize>)> = BTreeMap::new();
    for (i, label) in labels.iter().enumerate() {
        if let Some(label) = label {
            let (count, last) = uses.entry(fold_name(label.name)).or_default();
            *count += 1;
            *last = if label.weak { *last } else { Some(i) };
        }
    }
    let recurs = |name: &str| uses.get(&fold_name(name)).is_some_and(|(n, _)| *n > 1);
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
        let names: Names = list_of_names(label.words).into_iter().collect();
        let later = || {
            uses.iter()
                .any(|(name, (_, last))| *last > Some(i) && names.has(name))
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

/// People by their full names, found by what others call them too. All names are folded.
#[derive(Debug, Default)]
pub(super) struct Names {
    full: BTreeSet<String>,
    /// Full names, each word of them, the words with which they begin, and their initials.
    called: BTreeSet<String>,
}

impl Names {
    pub(super) fn is_empty(&self) -> bool {
        self.full.is_empty()
    }

    /// Whether somebody is called `name`: by a full name, a part of one that people call each other by, or one with more behind it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.called.contains(name) || beginnings(name).any(|words| self.full.contains(words))
    }
}

impl Extend<String> for Names {
    fn extend<T: IntoIterator<Item = String>>(&mut self, names: T) {
        for full in names {
            if self.full.contains(&full) {
                continue;
            }
            let parts = full.split(' ').filter(|part| part.chars().nth(1).is_some());
            let called = parts.chain(beginnings(&full)).map(str::to_owned);
            self.called.extend(called.chain(initials(&full)));
            self.full.insert(full);
        }
    }
}

impl FromIterator<String> for Names {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> Self {
        let mut all = Self::default();
        all.extend(names);
        all
    }
}

/// The first word, the first two, and so on: to the whole name, or as many as a label has.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.match_indices(' ').map(|(end, _)| end);
    ends.chain([name.len()])
        .take(MOST_WORDS)
        .map(|end| &name[..end])
}

fn initials(full: &str) -> Option<String> {
    let letters: String = full.split(' ').filter_map(|w| w.chars().next()).collect();
    (letters.chars().count() >= 2).then_some(letters)
}
