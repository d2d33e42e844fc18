//! Columns that the caller names, where a file calls them otherwise than the readers do.

use super::cues::fold_name;
use super::draft::Column;
use crate::error::listed;

/// Columns of tables and JSON by name; case does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Columns {
    /// Those that hold answers, in place of `text`. Each cell with words is an answer; the column's name is its context where
    /// the row has none, and, where there are several such columns, ends its id.
    pub text: Vec<String>,
    /// The one that holds the id, in place of `id`.
    pub id: Option<String>,
    /// The one that tells who answered, in place of `respondent`.
    pub respondent: Option<String>,
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.text.iter().chain(&self.id).chain(&self.respondent)
    }

    /// The first of the columns that is not among these names.
    pub(super) fn missing(&self, names: &[String]) -> Option<&str> {
        let is_there = |column: &&String| names.iter().any(|name| same(name, column));
        self.all().find(|c| !is_there(c)).map(String::as_str)
    }

    /// Whether these names have none of the columns that are to hold the answers.
    pub(super) fn has_no_text(&self, names: &[String]) -> bool {
        let is_there = |column: &String| names.iter().any(|name| same(name, column));
        !self.text.is_empty() && !self.text.iter().any(is_there)
    }

    /// What the column `name` is for, which would be for `usual`.
    pub(super) fn meaning(&self, name: &str, usual: Column) -> Column {
        if self.all().next().is_none() {
            return usual;
        }
        let is = |column: &String| same(column, name);
        if self.text.iter().any(is) {
            return Column::Answer {
                name: name.to_owned(),
                is_one_of_many: self.text.len() > 1,
            };
        }
        if self.id.as_ref().is_some_and(is) {
            return Column::Id;
        }
        if self.respondent.as_ref().is_some_and(is) {
            return Column::Respondent;
        }
        let is_taken = match usual {
            Column::Text => !self.text.is_empty(),
            Column::Id => self.id.is_some(),
            Column::Respondent => self.respondent.is_some(),
            _ => false,
        };
        match is_taken {
            true => Column::Attribute(name.to_owned()),
            false => usual,
        }
    }
}

/// The cause of a file that has no column of the name that was asked for.
pub(super) fn no_such(name: &str, names: &[String]) -> String {
    let names = listed(names.iter());
    format!("no column `{name}` among {names}; check the name that was asked for")
}

fn same(one: &str, other: &str) -> bool {
    fold_name(one) == fold_name(other)
}
