//! What is shown while work goes on: a bar on a terminal, warnings above it; nothing where it is not wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{IsTerminal, Read, stderr};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use motamot::input::Batch;
use motamot::output::shown_in_line;
use motamot::{Reject, RejectKind, Response};

/// Rejects named one by one at most; the rest stand in rejects.jsonl, and a broken export should not fill the screen.
const NAMED: u64 = 20;
/// Places or values named as examples.
const SHOWN: usize = 5;

pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
    notes: Mutex<Notes>,
}

/// What is told of each file in the end. It does not hang on the order in which threads find it.
#[derive(Default)]
struct Notes {
    /// All rejects.
    all: u64,
    /// Rejects other than answers without words.
    rejects: u64,
    /// Why answers are without words, how many, and where the first ones stand.
    empty: BTreeMap<String, (String, u64, Vec<u64>)>,
    /// Cells without words beside others that have some.
    cells: BTreeMap<String, u64>,
    /// How many answers there are, and how many are nothing but question marks.
    marks: BTreeMap<String, (u64, u64)>,
    /// How many lines were taken for headings, and the first of them with its number.
    headings: BTreeMap<String, (usize, u64, String)>,
    /// What the reader says of files.
    told: BTreeSet<String>,
    /// Files that hold codings, which are read as answers.
    codings: BTreeSet<String>,
    ids: Ids,
    /// By file and column, how many roles and yes or no of moderators were not understood, and the first of them in order.
    strange: BTreeMap<(String, &'static str), (u64, BTreeSet<String>)>,
}

/// Columns of which few values have a meaning.
const ROLE: &str = "role";
const MODERATOR: &str = "moderator";

/// Ids at most that are watched; of more, those whose hashes are least, whichever come first.
const WATCHED: usize = 1 << 18;

/// Hashes of ids, each with whether it came again.
#[derive(Default)]
struct Ids {
    seen: BTreeMap<u64, bool>,
    /// Of those that came again, the one whose hash is least.
    example: Option<(u64, String)>,
    is_part: bool,
}

impl Ids {
    /// `None` for an id that was made from the place, and thus stands alone.
    fn hash(response: &Response) -> Option<(u64, &str)> {
        let Response { id, source, .. } = response;
        let made = id.strip_prefix(&*source.file);
        if made.is_some_and(|rest| rest.starts_with(':')) {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        Some((hasher.finish(), id))
    }

    fn add(&mut self, hash: u64, id: &str) {
        let greatest = self.seen.last_key_value().map_or(0, |(&hash, _)| hash);
        if self.seen.len() == WATCHED && hash > greatest {
            self.is_part = true;
            return;
        }
        match self.seen.get_mut(&hash) {
            Some(again) => {
                *again = true;
                if self.example.as_ref().is_none_or(|(least, _)| hash < *least) {
                    self.example = Some((hash, shown_in_line(id).chars().take(40).collect()));
                }
            }
            None => {
                self.seen.insert(hash, false);
            }
        }
        if self.seen.len() > WATCHED {
            self.seen.pop_last();
            self.is_part = true;
        }
    }

    fn told(&self) -> Option<String> {
        let n = self.seen.values().filter(|again| **again).count();
        // One that came again before it was let go is greater than all that are left.
        let (_, example) = self.example.as_ref().filter(|_| n > 0)?;
        let n = match (n, self.is_part) {
            (1, false) => "1 id occurs".to_owned(),
            (n, false) => format!("{n} ids occur"),
            (n, true) => format!("{n} ids or more occur"),
        };
        Some(format!(
            "{n} more than once, such as '{example}'; if `id` is the person, name it with --respondent instead, and answers get ids of their own"
        ))
    }
}

/// Whether a text is question marks in place of the letters that an encoding did not have; people type three at most.
fn is_lost(text: &str) -> bool {
    let is_mark = |c: &char| matches!(c, '?' | '\u{fffd}');
    text.chars().filter(is_mark).count() > 3 && !text.chars().any(|c| c.is_alphabetic())
}

/// Whether it has what `motamot code` adds to an answer, as a line of JSON or as the row of a table.
fn is_coded(response: &Response) -> bool {
    let has = |name: &str| response.attributes.iter().any(|(own, _)| own == name);
    has("codings")
        || ["theme", "polarity", "score", "evidence"]
            .into_iter()
            .all(has)
}

impl Progress {
    /// For `bytes` of input; 0 where that is not known.
    pub(crate) fn new(bytes: u64, quiet: bool) -> Self {
        let bar = if quiet || !stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(bytes)
        };
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
        {
            bar.set_style(style);
        }
        let notes = Mutex::default();
        Self { bar, quiet, notes }
    }

    /// `reader`, counted.
    pub(crate) fn reader(&self, reader: Box<dyn Read>) -> Box<dyn Read> {
        if self.bar.is_hidden() {
            reader
        } else {
            Box::new(self.bar.wrap_read(reader))
        }
    }

    /// A line on standard error, above the bar. It is said even when quiet: something asked for was not done.
    pub(crate) fn say(&self, line: &str) {
        self.bar.suspend(|| say!("{line}"));
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names what could not be read. Answers without words are only counted: a survey has many.
    pub(crate) fn reject(&self, reject: &Reject) {
        let mut notes = self.notes();
        notes.all += 1;
        if self.quiet {
            return;
        }
        if reject.kind == RejectKind::Empty {
            let file = reject.source.file.to_string();
            let of_file = notes.empty.entry(file).or_default();
            let (cause, count, places) = of_file;
            cause.clone_from(&reject.cause);
            *count += 1;
            if places.len() < SHOWN {
                places.push(reject.source.place.number());
            }
            return;
        }
        notes.rejects += 1;
        if notes.rejects <= NAMED {
            self.say(&format!("motamot: {}: {}", reject.source, reject.cause));
        }
    }

    /// Notes what is to be told of a part of a file.
    pub(crate) fn note(&self, batch: &Batch) {
        if !self.quiet {
            let mut notes = self.notes();
            for (source, line) in &batch.headings {
                let of_file = notes.headings.entry(source.file.to_string());
                let first = || {
                    let shown = shown_in_line(line).chars().take(60).collect();
                    (0, source.place.number(), shown)
                };
                of_file.or_insert_with(first).0 += 1;
            }
            let told = batch.notes.iter();
            notes
                .told
                .extend(told.map(|(source, note)| format!("{}: {note}", source.file)));
        }
        let Some(first) = batch.responses.first().filter(|_| !self.quiet) else {
            return;
        };
        let ids: Vec<(u64, &str)> = batch.responses.iter().filter_map(Ids::hash).collect();
        let lost = batch.responses.iter().filter(|r| is_lost(&r.text)).count();
        let mut notes = self.notes();
        let file = first.source.file.to_string();
        if is_coded(first) {
            notes.codings.insert(file.clone());
        }
        if batch.empty_cells > 0 {
            *notes.cells.entry(file.clone()).or_default() += batch.empty_cells;
        }
        let marks = notes.marks.entry(file).or_default();
        marks.0 += batch.responses.len() as u64;
        marks.1 += lost as u64;
        for (hash, id) in ids {
            notes.ids.add(hash, id);
        }
        drop(notes);
        self.strange(&batch.responses);
    }

    /// Notes the roles and moderators that the input gives and nobody understands; the reader keeps them as attributes.
    fn strange(&self, responses: &[Response]) {
        for response in responses {
            for (name, value) in &response.attributes {
                let column = match name.as_str() {
                    ROLE if response.role.is_none() => ROLE,
                    MODERATOR if !value.is_boolean() && !value.is_null() => MODERATOR,
                    _ => continue,
                };
                let value = value.as_str().map_or(value.to_string(), str::to_owned);
                let mut notes = self.notes();
                let file = response.source.file.to_string();
                let (count, values) = notes.strange.entry((file, column)).or_default();
                *count += 1;
                values.insert(shown_in_line(&value).chars().take(40).collect());
                // So that a column of free text does not fill the memory; one more tells that there are more.
                if values.len() > SHOWN + 1 {
                    values.pop_last();
                }
            }
        }
    }

    /// Says what is to be said in the end. A quiet run still tells that data was lost, in one line, and where it is kept.
    pub(crate) fn finish(&self, rejects: Option<&Path>) {
        self.bar.finish_and_clear();
        let notes = self.notes();
        if self.quiet && notes.all > 0 {
            let lost = match notes.all {
                1 => "1 row, line or file gave no answer".to_owned(),
                n => format!("{n} rows, lines or files gave no answer"),
            };
            let how = match rejects {
                Some(path) => format!("see '{}'", path.display()),
                None => "the causes are told without --quiet".to_owned(),
            };
            say!("motamot: {lost}, being empty or not to be read; {how}");
        }
        if notes.rejects > NAMED {
            say!(
                "motamot: and {} more that could not be read",
                notes.rejects - NAMED
            );
        }
        let empty = notes.empty.iter().map(|(file, (cause, count, places))| {
            let numbers: Vec<String> = places.iter().map(u64::to_string).collect();
            let first = &numbers[0];
            match count {
                1 => format!("{file}:{first}: {cause}"),
                n => {
                    let more = match n - numbers.len() as u64 {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    let numbers = numbers.join(", ");
                    format!("{file}:{first}: {cause}: {n} answers are empty ({numbers}{more})")
                }
            }
        });
        let strange = notes.strange.iter().map(|((file, column), (count, values))| {
            let shown: Vec<&str> = values.iter().take(SHOWN).map(String::as_str).collect();
            let more = if values.len() > SHOWN { ", …" } else { "" };
            let is = if *count == 1 { "value is" } else { "values are" };
            let instead = match *column {
                ROLE => "the role is told from the text instead. Write challenge, initiative, suggestion or other",
                _ => "such rows count as answers. Write true or false",
            };
            format!(
                "{file}: column `{column}`: {count} {is} not understood ({}{more}); {instead}",
                shown.join(", ")
            )
        });
        let cells = notes.cells.iter().map(|(file, count)| match count {
            1 => format!("{file}: 1 empty cell beside an answer to another question"),
            n => format!("{file}: {n} empty cells beside answers to other questions"),
        });
        // One or two among many were meant.
        let marks = notes.marks.iter();
        let marks = marks.filter(|(_, (all, lost))| *lost > 0 && lost * 10 >= *all);
        let marks = marks.map(|(file, (all, lost))| {
            format!(
                "{file}: {lost} of {all} answers are nothing but question marks: the file was saved without UTF-8, and its letters are lost. \
                 Open the original and save it again as 'CSV UTF-8'"
            )
        });
        let headings = notes.headings.iter().map(|(file, (count, number, line))| {
            let were = match count {
                1 => "1 line was".to_owned(),
                n => format!("{n} lines were"),
            };
            format!(
                "{file}: {were} taken for questions or headings and not for answers, the first is line {number}: {line}"
            )
        });
        let codings = notes.codings.iter().map(|file| {
            format!(
                "{file}: holds codings, which were not heeded; each of its rows was coded anew as an answer. To report on the codings as \
                 they are, write motamot report --coded {file}"
            )
        });
        let lines = codings
            .chain(empty)
            .chain(cells)
            .chain(strange)
            .chain(marks)
            .chain(notes.told.iter().cloned())
            .chain(headings);
        let lines: Vec<String> = lines.chain(notes.ids.told()).collect();
        for line in lines.iter().take(NAMED as usize) {
            say!("motamot: {line}");
        }
        if lines.len() > NAMED as usize {
            say!(
                "motamot: and {} more remarks on files",
                lines.len() - NAMED as usize
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of these ids.
    fn told(hashes: impl Iterator<Item = u64>) -> Option<String> {
        let mut ids = Ids::default();
        hashes.for_each(|hash| ids.add(hash, &hash.to_string()));
        assert!(ids.seen.len() <= WATCHED);
        ids.told()
    }

    #[test]
    fn ids_that_come_again_are_told_in_bounded_memory_in_whatever_order_they_come() {
        assert_eq!(told(0..9), None);
        let few = told([7, 3, 7, 3, 7].into_iter()).unwrap();
        assert!(
            few.starts_with("2 ids occur more than once, such as '3'"),
            "{few}"
        );
        // Each third id comes again, and there are more than are watched.
        let all = 2 * WATCHED as u64;
        let ids = || (0..all).chain((0..all).step_by(3));
        let forward = told(ids()).unwrap();
        assert!(
            forward.contains("or more occur more than once, such as '0'"),
            "{forward}"
        );
        let backward: Vec<u64> = ids().collect();
        assert_eq!(told(backward.into_iter().rev()), Some(forward));
        // Those that come again and are not among the least are let go.
        let late = || (0..all).chain([all, all]);
        assert_eq!(told(late()), None);
        assert_eq!(told(late().collect::<Vec<_>>().into_iter().rev()), None);
    }

    #[test]
    fn question_marks_in_place_of_letters_are_no_answer() {
        assert!(is_lost("????? ???, 2 ???"));
        assert!(is_lost("\u{fffd}\u{fffd}\u{fffd}\u{fffd}"));
        assert!(!is_lost("??") && !is_lost("why????") && !is_lost("কেন????"));
    }
}
