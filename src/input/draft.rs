//! One row under its column names, on the way to becoming a response: what each column means and what makes a row a fault.

use std::sync::Arc;

use serde_json::Value;

use super::Batch;
use super::columns::no_text;
use super::cues::{fold_name, role_named};
use crate::record::{Place, Reject, RejectKind, Response, Source};
use crate::text::non_answer::is_nobody;

/// Why a row gives no response.
pub(super) struct Fault {
    kind: RejectKind,
    cause: String,
}

impl From<String> for Fault {
    /// A row that cannot be read.
    fn from(cause: String) -> Self {
        Self {
            kind: RejectKind::Unreadable,
            cause,
        }
    }
}

impl Fault {
    pub(super) fn reject(self, source: Source, bytes: &[u8]) -> Reject {
        Reject {
            source,
            kind: self.kind,
            cause: self.cause,
            bytes: bytes.to_vec(),
        }
    }
}

/// What a column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Text,
    Role,
    Context,
    Respondent,
    /// Each person gave one answer, or several in columns of their own.
    IdAndRespondent,
    Weight,
    Moderator,
    /// One that the caller named for its answers; the name stays with them.
    Answer {
        name: String,
        is_one_of_many: bool,
    },
    /// Kept under its name.
    Attribute(String),
}

impl Column {
    /// The meaning of a column of exactly this name.
    pub(super) fn known(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Column::Id,
            "text" => Column::Text,
            "role" => Column::Role,
            "context" => Column::Context,
            "respondent" => Column::Respondent,
            "weight" => Column::Weight,
            "moderator" => Column::Moderator,
            _ => return None,
        })
    }

    /// The meaning of a column of this name, however it is typed.
    pub(super) fn named(name: &str) -> Self {
        Self::known(&fold_name(name)).unwrap_or_else(|| Column::Attribute(name.to_owned()))
    }
}

/// A row that is being read.
pub(super) struct Draft {
    response: Response,
    has_id: bool,
    has_text: bool,
    /// What stands in columns of answers: the id's ending where it needs one, the column's name and the words.
    answers: Vec<(Option<String>, String, String)>,
    /// How many of those columns hold no words.
    n_empty: u64,
}

impl Draft {
    pub(super) fn new(source: Source) -> Self {
        Self {
            response: Response {
                source,
                ..Response::new("", "")
            },
            has_id: false,
            has_text: false,
            answers: Vec::new(),
            n_empty: 0,
        }
    }

    /// Takes one cell. An error is the cause for which the whole row is rejected.
    ///
    /// A role that nobody understands is not lost: the role is then inferred from the text, and what the input said stays
    /// as the attribute `role`. So does a `moderator` that is neither yes nor no, and such a row is an answer. A weight that is no number is a fault, since counting it as 1 would bend every share.
    pub(super) fn set(&mut self, column: &Column, value: Value) -> Result<(), String> {
        match column {
            Column::Text => match scalar(&value) {
                Some(text) => {
                    self.has_text = !text.trim().is_empty();
                    self.response.text = text;
                }
                None if value.is_null() => {}
                None => return Err("`text` is not a string".into()),
            },
            Column::Id => match scalar(&value).filter(|id| !id.trim().is_empty()) {
                Some(id) => {
                    self.has_id = true;
                    self.response.id = id;
                }
                None => self.keep_if_telling("id", value),
            },
            Column::Role => match value.as_str().and_then(role_named) {
                Some(role) => self.response.role = Some(role),
                None => self.keep_if_telling("role", value),
            },
            Column::Context => self.response.context = words(value),
            Column::Respondent => {
                self.response.respondent = words(value).filter(|who| !is_nobody(who));
            }
            Column::IdAndRespondent => {
                self.set(&Column::Respondent, value.clone())?;
                self.set(&Column::Id, value)?;
            }
            Column::Weight => {
                if let Some(weight) = words(value) {
                    self.response.weight = parse_weight(&weight).ok_or_else(|| {
                        format!("the weight `{weight}` is not a number of 0 or more")
                    })?;
                }
            }
            Column::Moderator => {
                let said = || scalar(&value).and_then(|cell| yes_or_no(&cell));
                let moderates = value.as_bool().or_else(said);
                self.response.moderator = moderates == Some(true);
                let value = moderates.map_or(value, Value::Bool);
                self.response.attributes.push(("moderator".into(), value));
            }
            Column::Answer {
                name,
                is_one_of_many,
            } => match scalar(&value) {
                Some(text) if text.trim().is_empty() => self.n_empty += 1,
                Some(text) => {
                    let ending = is_one_of_many.then(|| format!(":{name}"));
                    self.answers.push((ending, name.clone(), text));
                }
                None if value.is_null() => self.n_empty += 1,
                None => return Err(format!("`{name}` is not a string")),
            },
            Column::Attribute(name) => self.response.attributes.push((name.clone(), value)),
        }
        Ok(())
    }

    fn keep_if_telling(&mut self, name: &str, value: Value) {
        let blank = value.is_null() || value.as_str().is_some_and(|s| s.trim().is_empty());
        if !blank {
            self.response.attributes.push((name.to_owned(), value));
        }
    }

    /// Gives the response, or one for each column of answers, or why there is none; `asked`: the columns named for answers.
    pub(super) fn finish(mut self, asked: &[String], batch: &mut Batch) -> Result<(), Fault> {
        if !self.has_text && self.answers.is_empty() {
            return Err(Fault {
                kind: RejectKind::Empty,
                cause: no_text(asked),
            });
        }
        let responses = &mut batch.responses;
        if !self.has_id {
            self.response.id = self.response.source.to_string();
        }
        if self.has_text {
            responses.push(self.response);
            return Ok(());
        }
        batch.empty_cells += self.n_empty;
        for (ending, question, text) in self.answers {
            let mut response = self.response.clone();
            response.id.extend(ending);
            response.context.get_or_insert(question);
            response.text = text;
            responses.push(response);
        }
        Ok(())
    }
}

/// A place in the file of this name.
pub(super) fn source(file: &Arc<str>, place: Place) -> Source {
    Source {
        file: Arc::clone(file),
        place,
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn words(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(s) if s.trim().is_empty() => None,
        Value::String(s) => Some(s),
        other => Some(other.to_string()),
    }
}

/// What a cell says that asks for yes or no.
fn yes_or_no(cell: &str) -> Option<bool> {
    let cell: String = fold_name(cell).chars().map(ascii_digit).collect();
    let is = |words: [&str; 5]| words.iter().any(|word| fold_name(word) == cell);
    match cell.is_empty() || is(["false", "no", "n", "না", "0"]) {
        true => Some(false),
        false => is(["true", "yes", "y", "হ্যাঁ", "1"]).then_some(true),
    }
}

/// A weight as people type it: Bangla or ASCII digits, and a decimal comma where there is no point.
pub(super) fn parse_weight(text: &str) -> Option<f64> {
    let ascii: String = text.trim().chars().map(ascii_digit).collect();
    let ascii = if ascii.contains('.') {
        ascii
    } else {
        ascii.replacen(',', ".", 1)
    };
    ascii
        .parse()
        .ok()
        .filter(|w: &f64| w.is_finite() && *w >= 0.0)
}

/// A Bangla digit as an ASCII one; any other character as it is.
pub(super) fn ascii_digit(c: char) -> char {
    match c {
        '০'..='৯' => char::from(b'0' + (c as u32 - '০' as u32) as u8),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_as_people_type_them() {
        for cell in ["true", "TRUE ", "Yes", "y", "1", "১", "হ্যাঁ", "হ্যা\u{981}"]
        {
            assert_eq!(yes_or_no(cell), Some(true), "{cell}");
        }
        for cell in ["False", "NO", "n", "0", "০", "না", "", " "] {
            assert_eq!(yes_or_no(cell), Some(false), "{cell}");
        }
        for cell in ["Salma", "2", "x", "?"] {
            assert_eq!(yes_or_no(cell), None, "{cell}");
        }
    }

    #[test]
    fn weights_are_read_as_people_type_them() {
        assert_eq!(parse_weight("1.5"), Some(1.5));
        assert_eq!(parse_weight("1,5"), Some(1.5));
        assert_eq!(parse_weight(" ২.৫ "), Some(2.5));
        assert_eq!(parse_weight("-1"), None);
        assert_eq!(parse_weight("NaN"), None);
    }
}
