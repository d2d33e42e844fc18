//! Rows of cells, as the sheets of a workbook hold them: which of the first is the header, and what those under it say.
//!
//! The header is the row with `text`, else with another name for answers, else with names of at least two roles; of several that with
//! most names. A row of one cell is a title where a row below has more; a row with gaps that the row under it fills with names is a group;
//! names under a part of the row above are its sub-header. None of these is a header.
//! A row that repeats the header is none of an answer; nor are, right under it, the numbers of the columns or the kinds of answers.
//! What is merged over several rows (a district, an office, a name of a column) holds for each of them, answers excepted.
//! What stands beside the table is kept under the letter of its column.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde_json::Value;

use super::columns::no_text_among;
use super::cues::{cues, fold_name};
use super::draft::{Column, Draft, Fault, ascii_digit, source};
use super::grid;
use super::table::{Header, is_figure};
use super::{Batch, Columns};
use crate::error::listed;
use crate::record::{Place, Source};

/// Rows with words among which the header is looked for.
pub(super) const TOP: usize = 20;

/// What survey software calls the kind of an answer, under the question.
const KINDS: [&str; 2] = ["Response", "Open-Ended Response"];

/// A row: its number, from one, and what stands in its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn is_blank(&self, at: usize) -> bool {
        self.cells.get(at).is_none_or(|cell| cell.trim().is_empty())
    }

    fn n_filled(&self) -> usize {
        (0..self.cells.len())
            .filter(|&at| !self.is_blank(at))
            .count()
    }

    /// How many of its cells may name a column: no numbers, dates or times.
    fn n_names(&self) -> usize {
        let places = (0..self.cells.len()).filter(|&at| !self.is_blank(at));
        places
            .filter(|&at| !is_figure(self.cells[at].trim()))
            .count()
    }

    /// What it calls its columns; one without a name is called by its letters.
    fn names(&self) -> Vec<String> {
        let names = self.cells.iter().enumerate();
        let names = names.map(|(at, name)| match name.trim() {
            "" => letters(at),
            name => name.to_owned(),
        });
        names.collect()
    }

    /// What it says, in one line.
    fn words(&self) -> String {
        let words = self.cells.iter().map(|cell| cell.trim());
        let words: Vec<&str> = words.filter(|cell| !cell.is_empty()).collect();
        words.join(" ")
    }
}

/// Cells merged into one, whose words stand in the first.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// From one.
    pub(super) rows: RangeInclusive<u64>,
    /// From zero.
    pub(super) columns: RangeInclusive<usize>,
}

/// How sure a row is the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// It has columns for several roles, and none for answers.
    Roles,
    /// It has a column by one of the other names for answers.
    Alias,
    /// It has `text`, or what was asked for.
    Text,
}

/// The row among the first of a table that is its header.
#[derive(Debug)]
pub(super) struct Top {
    pub(super) sure: Sure,
    pub(super) number: u64,
    /// What its columns are called, with the letters of those without a name.
    pub(super) names: Vec<String>,
    /// The columns that hold answers, where they are known by their roles.
    pub(super) roles: Vec<String>,
    /// Its place among the rows.
    at: usize,
    /// Whether other rows could be it.
    is_one_of_many: bool,
}

/// The row among the first that has most names, where none is the header.
#[derive(Clone, Debug)]
pub(super) struct NoTop {
    pub(super) number: u64,
    pub(super) names: Vec<String>,
}

impl NoTop {
    pub(super) fn cause(&self) -> String {
        format!("row {}: {}", self.number, no_text_among(&self.names))
    }
}

/// The rows of one table, from the top.
pub(super) struct Rows<'a> {
    state: State,
    merged: Merged,
    file: &'a Arc<str>,
    asked: &'a Columns,
}

enum State {
    /// The rows so far, of which one may be the header.
    Open(Vec<Row>),
    Headed(Headed),
    /// None of the first rows is a header, for this cause.
    Headless(String),
}

struct Headed {
    header: Header,
    /// The names in its cells, to know it again further down.
    names: Vec<(usize, String)>,
    /// Whether there was no answer yet.
    is_fresh: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(file: &'a Arc<str>, asked: &'a Columns, merged: Merged) -> Self {
        Self {
            state: State::Open(Vec::new()),
            merged,
            file,
            asked,
        }
    }

    /// Takes the next row, and adds its answers where the header is known.
    pub(super) fn add(&mut self, row: Row, batch: &mut Batch) {
        if row.is_empty() {
            return;
        }
        match &mut self.state {
            State::Headed(headed) => headed.add(row, &mut self.merged, self.file, batch),
            State::Headless(_) => {}
            State::Open(rows) => {
                rows.push(row);
                if rows.len() == TOP {
                    self.look(batch);
                }
            }
        }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// The cause, when no row was found that names a column for the answers; nothing of the table is in the batch then.
    pub(super) fn close(mut self, batch: &mut Batch) -> Result<(), String> {
        self.look(batch);
        match self.state {
            State::Headed(_) | State::Open(_) => Ok(()),
            State::Headless(cause) => Err(cause),
        }
    }

    /// Looks for the header among the first rows, and reads those under it.
    fn look(&mut self, batch: &mut Batch) {
        let State::Open(rows) = &mut self.state else {
            return;
        };
        if rows.is_empty() {
            return;
        }
        let rows = std::mem::take(rows);
        let found = top(&rows, &self.merged, self.asked).map_err(|none| none.cause());
        let found = found.and_then(|top| {
            let mut asked = self.asked.clone();
            asked.text.extend_from_slice(&top.roles);
            let of = Header::of(top.names.clone(), &asked);
            let header = of.map_err(|cause| format!("row {}: {cause}", top.number))?;
            Ok((header, top))
        });
        let (header, top) = match found {
            Ok(found) => found,
            Err(cause) => {
                self.state = State::Headless(cause);
                return;
            }
        };
        let told = match top.sure < Sure::Text && (top.at > 0 || top.is_one_of_many) {
            true => top.at + 1,
            false => top.at,
        };
        for row in &rows[..told] {
            tell(self.file, row, batch);
        }
        if top.sure == Sure::Roles {
            let place = source(self.file, Place::Row(top.number));
            let note = format!(
                "no column `text`, so {} were read as answers; if others are meant, name them: --text COLUMN (several times)",
                listed(top.roles.iter())
            );
            batch.notes.push((place, note));
        }
        let mut rows = rows.into_iter().skip(top.at);
        let cells = rows.next().map(|row| row.cells).unwrap_or_default();
        let names = cells.iter().map(|cell| fold_name(cell)).enumerate();
        let mut headed = Headed {
            header,
            names: names.filter(|(_, name)| !name.is_empty()).collect(),
            is_fresh: true,
        };
        for row in rows {
            headed.add(row, &mut self.merged, self.file, batch);
        }
        self.state = State::Headed(headed);
    }
}

/// Tells of a row that it was taken for a heading.
fn tell(file: &Arc<str>, row: &Row, batch: &mut Batch) {
    let place = source(file, Place::Row(row.number));
    batch.headings.push((place, row.words()));
}

impl Headed {
    fn is_answer(&self, at: usize) -> bool {
        let column = self.header.columns.get(at);
        matches!(column, Some(Column::Text | Column::Answer { .. }))
    }

    /// Whether a row is the header again, or goes on with it right under it: with 'Response' for each answer, or with the numbers of the
    /// columns.
    fn is_header_still(&self, row: &Row) -> bool {
        let is_there = |(at, name): &(usize, String)| {
            row.cells.get(*at).is_some_and(|c| fold_name(c) == *name)
        };
        if self.names.iter().all(is_there) && row.n_filled() == self.names.len() {
            return true;
        }
        if !self.is_fresh {
            return false;
        }
        let cells = (row.cells.iter().enumerate()).map(|(at, cell)| (at, cell.trim()));
        let cells: Vec<(usize, &str)> = cells.filter(|(_, cell)| !cell.is_empty()).collect();
        let is_kind = |cell: &str| KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(cell));
        let mut answers = cells
            .iter()
            .filter(|(at, _)| self.is_answer(*at))
            .peekable();
        let are_kinds = answers.peek().is_some()
            && answers.all(|(_, cell)| is_kind(cell))
            && row.n_names() == cells.len();
        let number = |cell: &str| -> Option<usize> {
            let digits: String = cell
                .trim_matches(['(', ')', '.', '।'])
                .chars()
                .map(ascii_digit)
                .collect();
            digits.parse().ok()
        };
        let mut numbers = cells.iter().zip(1..);
        let are_numbers = cells.len() > 1 && numbers.all(|((_, cell), n)| number(cell) == Some(n));
        are_kinds || are_numbers
    }

    fn add(&mut self, mut row: Row, merged: &mut Merged, file: &Arc<str>, batch: &mut Batch) {
        if self.is_header_still(&row) {
            tell(file, &row, batch);
            return;
        }
        self.is_fresh = false;
        let header = &self.header;
        let is_answer = |at: usize| at >= header.columns.len() || self.is_answer(at);
        merged.fill(&mut row, is_answer);
        under(
            header,
            row.cells,
            source(file, Place::Row(row.number)),
            batch,
        );
    }
}

/// Adds what a row under a header says. What stands beside the table is kept under the letters of its column.
pub(super) fn under(header: &Header, cells: Vec<String>, place: Source, batch: &mut Batch) {
    let bytes = cells.join("\t");
    let mut draft = Draft::new(place.clone());
    let mut set = |(at, cell): (usize, String)| match header.columns.get(at) {
        Some(column) => draft.set(column, Value::String(cell)),
        // A sheet may be wide and empty.
        None if cell.is_empty() => Ok(()),
        None => draft.set(&Column::Attribute(letters(at)), Value::String(cell)),
    };
    let read = cells.into_iter().enumerate().try_for_each(&mut set);
    let read = read.map_err(Fault::from);
    if let Err(fault) = read.and_then(|()| draft.finish(&header.asked, batch)) {
        batch.rejects.push(fault.reject(place, bytes.as_bytes()));
    }
}

/// The header among the first rows of a table, or why none is: where columns were asked for, the row that has most of them; else one that
/// has `text`, or another name for answers, or names of roles. Of several, the one with most names; of equals, the first.
///
/// # Errors
/// When none is; with the row that has most names.
pub(super) fn top(rows: &[Row], merged: &Merged, asked: &Columns) -> Result<Top, NoTop> {
    let mut filling = merged.clone();
    let filled: Vec<Row> = (rows.iter().take(TOP).cloned())
        .map(|mut row| {
            filling.fill(&mut row, |_| false);
            row
        })
        .collect();
    let names: Vec<Vec<String>> = filled.iter().map(Row::names).collect();
    let first_of_most = |places: &[usize]| -> Option<usize> {
        let n_names = |&&at: &&usize| filled[at].n_names();
        places.iter().rev().max_by_key(n_names).copied()
    };
    let all: Vec<usize> = (0..filled.len()).collect();
    let none = || {
        let most = first_of_most(&all).unwrap_or(0);
        NoTop {
            number: filled.get(most).map_or(1, |row| row.number),
            names: names.get(most).cloned().unwrap_or_default(),
        }
    };
    let has = |at: usize, is: fn(&str) -> bool| names[at].iter().any(|name| is(&fold_name(name)));
    let any_text: fn(&str) -> bool = |name| is_text(name) || is_alias(name);
    let top = |sure, places: &[usize]| {
        let at = first_of_most(places)?;
        let others = all.iter().filter(|&&other| has(other, any_text));
        Some(Top {
            sure,
            number: filled[at].number,
            names: names[at].clone(),
            roles: match sure {
                Sure::Roles => roles(&names[at]),
                _ => Vec::new(),
            },
            at,
            is_one_of_many: others.count() > 1,
        })
    };
    if !asked.text.is_empty() {
        let n_asked = |&at: &usize| asked.n_among(&names[at]);
        let most = all.iter().map(n_asked).max().unwrap_or(0);
        let places: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| n_asked(at) == most)
            .collect();
        return top(Sure::Text, &places).ok_or_else(none);
    }
    // A title of one cell.
    let is_title = |at: usize| {
        let below = (at + 1..filled.len()).map(|at| (at, filled[at].n_names()));
        let mut more = below.filter(|&(_, n)| n > 1);
        filled[at].n_filled() == 1
            && more.any(|(row, n)| {
                has(row, any_text) || (!has(at, is_text) && (n > 2 || row == at + 1))
            })
    };
    // Over several columns, which the row under it names.
    let is_group = |at: usize| {
        let (row, Some(below)) = (&filled[at], filled.get(at + 1)) else {
            return false;
        };
        let end = merged.end(row).max(row.cells.len());
        let gaps = (0..end).filter(|&at| row.is_blank(at) && !below.is_blank(at));
        below.n_names() > row.n_names() && below.n_names() == below.n_filled() && gaps.count() > 0
    };
    // Under the names of the row above.
    let is_sub_header = |at: usize| {
        let (row, Some(above)) = (&filled[at], at.checked_sub(1).map(|at| &filled[at])) else {
            return false;
        };
        let begin = |row: &Row| (0..row.cells.len()).find(|&at| !row.is_blank(at));
        above.number + 1 == row.number
            && above.n_names() > row.n_names()
            && begin(above) < begin(row)
    };
    let places = |is: fn(&str) -> bool| -> Vec<usize> {
        let places = all.iter().copied();
        places.filter(|&at| has(at, is) && !is_title(at)).collect()
    };
    let texts = places(is_text);
    let mut aliases = places(is_alias);
    aliases.retain(|&at| !is_group(at) && !is_sub_header(at));
    let with_roles: Vec<usize> = (all.iter().copied())
        .filter(|&at| !roles(&names[at]).is_empty())
        .collect();
    top(Sure::Text, &texts)
        .or_else(|| top(Sure::Alias, &aliases))
        .or_else(|| top(Sure::Roles, &with_roles))
        .ok_or_else(none)
}

/// Cells merged over others, and what stands in them.
#[derive(Clone, Debug)]
pub(super) struct Merged(Vec<(Region, Option<String>)>);

impl Merged {
    pub(super) fn new(regions: Vec<Region>) -> Self {
        let mut regions: Vec<_> = (regions.into_iter()).map(|region| (region, None)).collect();
        regions.sort_by_key(|(region, _)| (*region.rows.start(), *region.columns.start()));
        Self(regions)
    }

    /// The column behind the last that is merged with one of the row's.
    fn end(&self, row: &Row) -> usize {
        let here = self.0.iter().map(|(region, _)| region);
        let here = here.filter(|region| region.rows.contains(&row.number));
        here.map(|region| region.columns.end() + 1)
            .max()
            .unwrap_or(0)
    }

    /// Gives a row what is merged over it and rows above, in columns that hold no answers.
    fn fill(&mut self, row: &mut Row, is_answer: impl Fn(usize) -> bool) {
        let number = row.number;
        self.0.retain(|(region, _)| *region.rows.end() >= number);
        let there = self
            .0
            .iter_mut()
            .take_while(|(region, _)| *region.rows.start() <= number);
        for (region, value) in there {
            let at = *region.columns.start();
            if *region.rows.start() == number {
                *value = row.cells.get(at).cloned();
            } else if let Some(value) = value.as_ref().filter(|_| !is_answer(at)) {
                if row.cells.len() <= at {
                    row.cells.resize(at + 1, String::new());
                }
                row.cells[at].clone_from(value);
            }
        }
    }
}

fn is_text(name: &str) -> bool {
    name == "text"
}

fn is_alias(name: &str) -> bool {
    cues().text_columns.iter().any(|alias| alias == name)
}

/// The columns whose names tell roles in a few words, where they tell at least two different ones.
fn roles(names: &[String]) -> Vec<String> {
    let roles = grid::roles(names).into_iter().flatten();
    let named = roles.zip(names).filter(|(role, _)| role.is_some());
    named.map(|(_, name)| name.clone()).collect()
}

/// The letters by which Excel calls a column.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of these rows, from row one, whose cells are parted by bars.
    fn read(
        rows: &[&str],
        merged: &[(RangeInclusive<u64>, RangeInclusive<usize>)],
        text: &[&str],
    ) -> (Batch, Result<(), String>) {
        let mut asked = Columns::default();
        asked.text.extend(text.iter().map(|&name| name.to_owned()));
        let merged = merged.iter().cloned();
        let merged = Merged::new(
            merged
                .map(|(rows, columns)| Region { rows, columns })
                .collect(),
        );
        let file = Arc::from("a");
        let mut batch = Batch::default();
        let mut table = Rows::new(&file, &asked, merged);
        for (number, row) in (1..).zip(rows) {
            let cells = row.split('|').map(|cell| cell.trim().to_owned()).collect();
            table.add(Row { number, cells }, &mut batch);
        }
        let read = table.close(&mut batch);
        (batch, read)
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.responses.iter().map(|r| r.text.as_str()).collect()
    }

    fn told(batch: &Batch) -> Vec<u64> {
        batch
            .headings
            .iter()
            .map(|(place, _)| place.place.number())
            .collect()
    }

    #[test]
    fn titles_are_no_headers_whatever_they_are_called() {
        for title in ["মতামত", "Answers", "text"] {
            let rows = [title, "ক্রমিক | নাম | মতামত", "1 | রহিমা | জনবল কম"];
            let (batch, read) = read(&rows, &[], &[]);
            assert!(read.is_ok());
            assert_eq!(texts(&batch), ["জনবল কম"], "{title}");
            assert_eq!(told(&batch)[0], 1);
        }
        // Nothing tells which column is meant; a remark beside the only one changes nothing.
        let rows = ["মতামত", "12 May", "নাম | জেলা | কথা", "রহিমা | খুলনা | জনবল কম"];
        let cause = read(&rows, &[], &[]).1.unwrap_err();
        assert!(
            cause.contains("row 3: no column `text` among `নাম`"),
            "{cause}"
        );
        let rows = ["Answers", "No staff", "No road | ask again"];
        assert_eq!(texts(&read(&rows, &[], &[]).0), ["No staff", "No road"]);
    }

    #[test]
    fn groups_over_names_and_kinds_under_them_are_no_headers() {
        // A group that stands over its first column alone.
        let rows = [
            " | Feedback | | Answer",
            "Name | District | Age | What is hard?",
            "Rahima | Khulna | 33 | No staff",
        ];
        let cause = read(&rows, &[], &[]).1.unwrap_err();
        assert!(
            cause.contains("row 2") && cause.contains("`What is hard?`"),
            "{cause}"
        );
        // One merged over its columns, beside names merged over both rows.
        let rows = [
            "SL | District | মতামত |",
            " | | সমস্যা | সুপারিশ",
            "1 | Khulna | No staff | Recruit",
        ];
        let merged = [(1..=2, 0..=0), (1..=2, 1..=1), (1..=1, 2..=3)];
        let (batch, _) = read(&rows, &merged, &[]);
        assert_eq!(texts(&batch), ["No staff", "Recruit"]);
        assert_eq!(
            batch.responses[0].attributes[1],
            ("District".into(), "Khulna".into())
        );
        assert_eq!(batch.notes.len(), 1);
        assert_eq!(texts(&read(&rows, &merged, &["সুপারিশ"]).0), ["Recruit"]);
        // Kinds of answers under questions.
        let rows = [
            "Id | What is hard? | Gender",
            " | Open-Ended Response | Response",
            "114 | No staff | Female",
        ];
        assert!(read(&rows, &[], &[]).1.is_err());
        let (batch, _) = read(&rows, &[], &["What is hard?"]);
        assert_eq!((texts(&batch), told(&batch)), (vec!["No staff"], vec![2]));
    }

    #[test]
    fn a_header_that_is_not_the_first_row_it_could_be_is_told() {
        let rows = ["Form of answers", "Name | Answer", "Rahima | No staff"];
        assert_eq!(told(&read(&rows, &[], &[]).0), [1, 2]);
        assert!(told(&read(&rows[1..], &[], &[]).0).is_empty());
        let rows = ["Answers", "SL | Name | text", "1 | Rahima | No staff"];
        assert_eq!(told(&read(&rows, &[], &[]).0), [1]);
    }

    #[test]
    fn headers_further_down_and_numbers_of_columns_are_no_answers() {
        let rows = [
            "SL | জেলা | Text",
            "১ | ২ | (৩)",
            "1 | খুলনা | No staff",
            "SL | জেলা | Text",
            "1 | যশোর | No road",
        ];
        let (batch, _) = read(&rows, &[], &[]);
        assert_eq!(texts(&batch), ["No staff", "No road"]);
        assert_eq!(told(&batch), [2, 4]);
    }

    #[test]
    fn a_table_without_a_header_gives_its_rows_back() {
        let mut rows = vec!["No staff | No road | 12"; TOP + 5];
        rows[3] = "Name | District | Office | Opinion";
        let (batch, read) = read(&rows, &[], &[]);
        let none = read.unwrap_err();
        assert_eq!(batch, Batch::default());
        assert!(none.starts_with("row 4: "));
    }

    #[test]
    fn what_stands_beside_a_table_is_kept_under_its_letters() {
        let (batch, _) = read(&["text|district", "No staff|Khulna||ask again"], &[], &[]);
        let beside = ("D".to_owned(), Value::String("ask again".into()));
        assert_eq!(batch.responses[0].attributes[1..], [beside]);
    }

    #[test]
    fn columns_are_called_as_excel_calls_them() {
        assert_eq!(
            [0, 25, 26, 701, 702].map(letters),
            ["A", "Z", "AA", "ZZ", "AAA"]
        );
    }
}
