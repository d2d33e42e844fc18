//! Tables inside a text, as word processors paste them: cells parted by tabs, long cells broken over several rows.
//!
//! Columns whose heading names a role ('Challenges', 'Suggestions to improve') hold answers, and the first column says what they
//! are about. A table without such columns gives one response a row.

use super::cues::{heading_role, role_named};
use crate::record::Role;

/// One answer of a table.
#[derive(Debug)]
pub(super) struct Cell {
    /// The line on which it begins.
    pub(super) line: u64,
    pub(super) text: String,
    pub(super) role: Option<Role>,
    /// The label of its row.
    pub(super) label: Option<String>,
    /// What stands beside it in the row, by the heads of columns.
    pub(super) beside: Vec<(String, String)>,
}

/// A line of a cell is never this long in characters, unless its line breaks were lost.
const WIDE: usize = 48;

/// The rows of a table so far.
#[derive(Default)]
pub(super) struct Grid {
    /// The role of each column; empty before a heading with roles is met.
    roles: Vec<Option<Role>>,
    rows: Vec<(u64, Vec<String>)>,
    /// The answers of the rows that are done.
    done: Vec<Cell>,
    label: Option<String>,
}

impl Grid {
    pub(super) fn is_open(&self) -> bool {
        !self.rows.is_empty() || !self.roles.is_empty() || !self.done.is_empty()
    }

    pub(super) fn row(&mut self, line: u64, text: &str) {
        let cells = cells(text);
        if let Some(roles) = heading(&cells).filter(|_| self.roles.is_empty() || are_named(&cells))
        {
            self.flush();
            self.roles = roles;
            return;
        }
        if !cells[0].is_empty() {
            self.flush();
            // A row with nothing beside its label goes on with the heading or the label before it.
            if !self.roles.is_empty() && cells[1..].iter().all(String::is_empty) {
                return;
            }
            self.label = Some(cells[0].clone());
        }
        self.rows.push((line, cells));
    }

    /// Ends the table and gives its answers in the order of rows, then columns.
    pub(super) fn close(&mut self) -> Vec<Cell> {
        self.flush();
        std::mem::take(self).done
    }

    /// Turns the rows of one label into answers, column by column, so that broken cells can be put together.
    fn flush(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        if self.roles.is_empty() {
            for (line, cells) in rows {
                let text = cells
                    .into_iter()
                    .filter(|c| !c.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ");
                if text.chars().any(char::is_alphabetic) {
                    self.done.push(Cell {
                        line,
                        text,
                        role: None,
                        label: None,
                        beside: Vec::new(),
                    });
                }
            }
            return;
        }
        for (column, role) in self
            .roles
            .iter()
            .enumerate()
            .filter(|(_, role)| role.is_some())
        {
            let mut open: Option<Cell> = None;
            for (line, cells) in &rows {
                let Some(cell) = cells
                    .get(column)
                    .filter(|c| c.chars().any(char::is_alphabetic))
                else {
                    continue;
                };
                let pieces = stars(cell).into_iter().flat_map(|p| {
                    if rows.len() == 1 || p.chars().count() > WIDE {
                        capitals(p)
                    } else {
                        vec![p]
                    }
                });
                for (i, piece) in pieces.enumerate() {
                    match &mut open {
                        Some(before) if i == 0 && goes_on(&before.text, piece) => {
                            before.text.push(' ');
                            before.text.push_str(piece);
                        }
                        _ => {
                            let next = Cell {
                                line: *line,
                                text: piece.to_owned(),
                                role: *role,
                                label: self.label.clone(),
                                beside: Vec::new(),
                            };
                            self.done.extend(open.replace(next));
                        }
                    }
                }
            }
            self.done.extend(open);
        }
    }
}

/// Whether a line is the heading of a table whose columns tell the roles of answers.
pub(super) fn is_heading(line: &str) -> bool {
    heading(&cells(line)).is_some()
}

fn cells(line: &str) -> Vec<String> {
    line.split('\t').map(|c| c.trim().to_owned()).collect()
}

/// The roles of the columns, where at least two columns after the first are headed by different roles in a few words.
fn heading(cells: &[String]) -> Option<Vec<Option<Role>>> {
    let mut roles = roles(cells)?;
    roles[0] = None;
    has_two(&roles).then_some(roles)
}

/// The roles that the heads of columns name in a few words, where these are two different ones at least.
pub(super) fn roles(cells: &[String]) -> Option<Vec<Option<Role>>> {
    let role = |c: &String| {
        if c.split_whitespace().count() <= 5 {
            heading_role(c)
        } else {
            None
        }
    };
    let roles: Vec<Option<Role>> = cells.iter().map(role).collect();
    has_two(&roles).then_some(roles)
}

/// Whether a row is a second head of a table, and not one of its rows that speaks of problems and of what would improve them: its cells are
/// nothing but names of roles.
pub(super) fn are_named(cells: &[String]) -> bool {
    let of_role = cells.iter().filter(|cell| heading_role(cell).is_some());
    of_role.clone().all(|cell| role_named(cell).is_some())
}

fn has_two(roles: &[Option<Role>]) -> bool {
    let mut named = roles.iter().flatten();
    named.next().is_some_and(|first| named.any(|r| r != first))
}

/// Whether `piece` goes on with a cell that was broken at its margin.
fn goes_on(before: &str, piece: &str) -> bool {
    let last = before.rsplit(' ').next().unwrap_or_default();
    let lower = piece.chars().next().is_some_and(char::is_lowercase);
    (lower && !before.ends_with(['.', '।', '?']))
        || before.ends_with([',', '/', '-', '&'])
        || joins(last)
        || matches!(last, "ও" | "এবং")
}

/// Cuts a cell whose line breaks were lost before capitals in the midst of small words: 'No staff Rent is due Slow network'.
fn capitals(cell: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut before = "";
    let mut at = 0;
    for word in cell.split_whitespace() {
        let start = at + cell[at..].find(word).unwrap_or(0);
        at = start + word.len();
        let mut letters = word.chars();
        let opens = letters.next().is_some_and(char::is_uppercase)
            && (letters.clone().next().is_none_or(char::is_lowercase));
        let small = before.starts_with(char::is_lowercase)
            && before.ends_with(|c: char| c.is_lowercase() || c == ')')
            && !joins(before);
        if opens && small {
            starts.push(start);
        }
        before = word;
    }
    starts.push(cell.len());
    starts
        .windows(2)
        .map(|w| cell[w[0]..w[1]].trim())
        .filter(|p| !p.is_empty())
        .collect()
}

/// A word that asks for one more.
fn joins(word: &str) -> bool {
    matches!(
        word,
        "of" | "the"
            | "a"
            | "an"
            | "and"
            | "or"
            | "to"
            | "for"
            | "in"
            | "on"
            | "with"
            | "by"
            | "from"
            | "at"
            | "all"
            | "as"
            | "than"
            | "our"
            | "their"
            | "between"
            | "under"
            | "via"
            | "should"
            | "is"
            | "are"
            | "be"
            | "through"
            | "into"
            | "about"
    )
}

/// Cuts at stars that mark items inside a cell: '*No data *No staff'.
fn stars(cell: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(
        cell.match_indices(" *")
            .map(|(i, _)| i + 1)
            .filter(|&i| cell[i + 1..].starts_with(char::is_alphanumeric)),
    );
    starts.push(cell.len());
    let piece = |w: &[usize]| {
        cell[w[0]..w[1]]
            .trim()
            .trim_start_matches(['*', '•', '-'])
            .trim()
    };
    starts
        .windows(2)
        .map(piece)
        .filter(|p| !p.is_empty())
        .collect()
}
