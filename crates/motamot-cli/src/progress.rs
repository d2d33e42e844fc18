//! What is shown while work goes on: a bar on a terminal, warnings above it; nothing where it is not wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Read, stderr};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use motamot::input::NO_TEXT;
use motamot::output::shown_in_line;
use motamot::{Reject, Response};

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
    /// How many answers are without words, and where the first ones stand.
    empty: BTreeMap<String, (u64, Vec<u64>)>,
    /// How many roles were not understood, and the first of them in order.
    roles: BTreeMap<String, (u64, BTreeSet<String>)>,
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
        if reject.cause == NO_TEXT {
            let file = reject.source.file.to_string();
            let (count, places) = notes.empty.entry(file).or_default();
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

    /// Notes the roles that the input gives and nobody understands; the reader keeps such a role as an attribute.
    pub(crate) fn roles(&self, responses: &[Response]) {
        if self.quiet {
            return;
        }
        for response in responses.iter().filter(|r| r.role.is_none()) {
            let given = response.attributes.iter().find(|(name, _)| name == "role");
            let Some((_, value)) = given else { continue };
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            let mut notes = self.notes();
            let file = response.source.file.to_string();
            let (count, values) = notes.roles.entry(file).or_default();
            *count += 1;
            values.insert(shown_in_line(&value).chars().take(40).collect());
            // So that a column of free text does not fill the memory; one more tells that there are more.
            if values.len() > SHOWN + 1 {
                values.pop_last();
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
        let empty = notes.empty.iter().map(|(file, (count, places))| {
            let numbers: Vec<String> = places.iter().map(u64::to_string).collect();
            let first = &numbers[0];
            match count {
                1 => format!("{file}:{first}: {NO_TEXT}"),
                n => {
                    let more = match n - numbers.len() as u64 {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    let numbers = numbers.join(", ");
                    format!("{file}:{first}: {NO_TEXT}: {n} answers are empty ({numbers}{more})")
                }
            }
        });
        let roles = notes.roles.iter().map(|(file, (count, values))| {
            let shown: Vec<&str> = values.iter().take(SHOWN).map(String::as_str).collect();
            let more = if values.len() > SHOWN { ", …" } else { "" };
            let is = if *count == 1 { "value is" } else { "values are" };
            format!(
                "{file}: column `role`: {count} {is} not understood ({}{more}); the role is told from the text instead. \
                 Write challenge, initiative, suggestion or other",
                shown.join(", ")
            )
        });
        let lines: Vec<String> = empty.chain(roles).collect();
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
