//! Reads coded answers, whoever coded them: a person's gold file or what `motamot code` wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::record::{Polarity, Role};
use crate::text::non_answer::is_nobody;

/// A theme that a coder gave to an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Given {
    /// How sure the coder was, between 0 and 1, where they tell.
    pub score: Option<f64>,
    /// Its polarity; `None` where the coder tells only that of the whole answer.
    pub polarity: Option<Polarity>,
}

impl Given {
    /// Of two codings of one theme: as sure as the surer, and present where either is.
    pub(super) fn joined(self, other: Self) -> Self {
        let scores = [self.score, other.score].into_iter().flatten();
        let polarities = [self.polarity, other.polarity].into_iter().flatten();
        Self {
            score: scores.reduce(f64::max),
            polarity: polarities.reduce(Polarity::joined),
        }
    }
}

/// The polarity of an answer whose codings have these: `absent` before `resolved` before `present`.
pub(super) fn of_answer(polarities: &[Polarity]) -> Polarity {
    [Polarity::Absent, Polarity::Resolved]
        .into_iter()
        .find(|p| polarities.contains(p))
        .unwrap_or(Polarity::Present)
}

/// What one coder said of one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The answer's id; empty where it has none and needs none.
    pub id: String,
    /// Its text; empty where the file has none.
    pub text: String,
    /// Whether its themes were judged; a file can hold answers that wait for their coder.
    pub judged: bool,
    /// The themes by dotted code, with what the coder said of each.
    pub themes: BTreeMap<String, Given>,
    /// The polarity of the answer: `absent` before `resolved` before `present` where its codings differ.
    pub polarity: Polarity,
    /// What the answer does.
    pub role: Option<Role>,
    /// Who gave it.
    pub respondent: Option<String>,
    /// All its columns, by which an evaluation can be broken down.
    fields: Map<String, Value>,
}

impl Judgement {
    /// The value of a column, or of an attribute of that name. `language` is also known as `lang`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let names: &[&str] = if name == "language" {
            &["language", "lang"]
        } else {
            &[name]
        };
        let attributes = self.fields.get("attributes").and_then(Value::as_object);
        names.iter().find_map(|name| {
            self.fields
                .get(*name)
                .or_else(|| attributes?.get(*name))
                .and_then(plain)
        })
    }
}

/// One coder's judgements, each answer once, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgements {
    pub(super) rows: Vec<Judgement>,
    ids: BTreeSet<String>,
    /// Whether rows may have no id, or one that was met before.
    any_id: bool,
}

/// What is wrong with a line of judgements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub cause: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.cause)
    }
}

impl std::error::Error for RowFault {}

impl Judgements {
    /// No judgements.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No judgements, to be followed by rows without an id or with one that was met before: to learn from them, none has to be
    /// found again.
    #[must_use]
    pub fn of_any_id() -> Self {
        Self {
            any_id: true,
            ..Self::default()
        }
    }

    /// Adds the rows of a JSON Lines text; empty lines are passed over.
    ///
    /// A row has an `id` and either `themes`, a list of codes, with `polarity`, or `codings` as
    /// `motamot code` writes them; `text`, `role`, `respondent` and any other column may be there. Where both are missing or
    /// null, its themes were not judged; an empty list says that there is none. A turn whose `moderator` is true is no answer
    /// and is passed over.
    ///
    /// # Errors
    /// A line that is no such row, or an id that was met before: no evaluation is honest on half a file.
    pub fn extend(&mut self, jsonl: &str) -> Result<(), RowFault> {
        for (at, line) in jsonl.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let fault = |cause| RowFault {
                line: at + 1,
                cause,
            };
            let fields =
                serde_json::from_str(line).map_err(|e| fault(format!("not a JSON object: {e}")))?;
            self.add(fields).map_err(fault)?;
        }
        Ok(())
    }

    /// Adds a row that has an id of its own and is an answer.
    pub(super) fn add(&mut self, fields: Map<String, Value>) -> Result<(), String> {
        let row = judgement(fields)?;
        // Nobody codes what a moderator asks.
        let asks = row.field("moderator");
        if asks.is_some_and(|asks| asks.eq_ignore_ascii_case("true")) {
            return Ok(());
        }
        if !self.any_id && row.id.is_empty() {
            return Err("the row has no 'id'".to_owned());
        }
        if !self.any_id && !self.ids.insert(row.id.clone()) {
            return Err(format!(
                "the id '{}' was met before; give each answer one row",
                row.id
            ));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The judgements, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Judgement] {
        &self.rows
    }

    /// How many answers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn judgement(fields: Map<String, Value>) -> Result<Judgement, String> {
    let id = fields.get("id").and_then(plain).unwrap_or_default();
    let mut themes: BTreeMap<String, Given> = BTreeMap::new();
    let mut polarities = Vec::new();
    let told = |name| fields.get(name).filter(|value| !value.is_null());
    let (codings, themes_told) = (told("codings"), told("themes"));
    let judged = codings.is_some() || themes_told.is_some();
    match (codings, themes_told) {
        (Some(Value::Array(codings)), _) => {
            for coding in codings {
                let theme = coding
                    .get("theme")
                    .and_then(Value::as_str)
                    .ok_or("a coding has no 'theme'")?;
                let score = coding.get("score").and_then(Value::as_f64);
                if let Some(score) = score.filter(|s| !(0.0..=1.0).contains(s)) {
                    return Err(format!(
                        "the score {score} does not lie between 0 and 1; divide percentages by 100"
                    ));
                }
                let polarity = polarity(coding.get("polarity"))?;
                let given = Given {
                    score,
                    polarity: Some(polarity),
                };
                themes
                    .entry(theme.to_owned())
                    // Of one and the same code the last score counts.
                    .and_modify(|other| {
                        *other = Given {
                            score,
                            ..other.joined(given)
                        }
                    })
                    .or_insert(given);
                polarities.push(polarity);
            }
        }
        (None, Some(Value::Array(codes))) => {
            for code in codes {
                themes.insert(
                    code.as_str()
                        .ok_or("'themes' must be a list of codes")?
                        .to_owned(),
                    Given::default(),
                );
            }
            polarities.push(polarity(fields.get("polarity"))?);
        }
        (None, None) => {}
        _ => return Err("'themes' is a list of codes, and 'codings' one of codings".to_owned()),
    }
    let role = match fields.get("role") {
        None | Some(Value::Null) => None,
        Some(role) => Some(role.as_str().and_then(Role::parse).ok_or_else(|| {
            format!("{role} is no role; use challenge, initiative, suggestion or other")
        })?),
    };
    Ok(Judgement {
        id,
        text: fields
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        judged,
        themes,
        polarity: of_answer(&polarities),
        role,
        respondent: fields
            .get("respondent")
            .and_then(plain)
            .filter(|who| !is_nobody(who)),
        fields,
    })
}

fn polarity(value: Option<&Value>) -> Result<Polarity, String> {
    match value {
        None | Some(Value::Null) => Ok(Polarity::Present),
        Some(value) => value
            .as_str()
            .and_then(Polarity::parse)
            .ok_or_else(|| format!("{value} is no polarity; use present, absent or resolved")),
    }
}

/// A value that stands in one cell; none for an empty text, null, a list or an object.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_gold_row_and_a_line_of_codings_alike() {
        let mut gold = Judgements::new();
        gold.extend("\u{feff}{\"id\": 7, \"themes\": [\"budget\"], \"polarity\": \"absent\", \"role\": null, \"lang\": \"bn\"}\n\n").unwrap();
        let mut coded = Judgements::new();
        coded
            .extend(r#"{"id": "7", "role": "challenge", "language": "bn", "codings": [{"theme": "budget", "score": 0.8}, {"theme": "media", "polarity": "absent"}, {"theme": "budget", "polarity": "absent", "score": 0.7}]}"#)
            .unwrap();
        let (gold, coded) = (&gold.rows[0], &coded.rows[0]);
        assert_eq!(
            (gold.id.as_str(), gold.role, gold.polarity),
            ("7", None, Polarity::Absent)
        );
        assert_eq!(
            (coded.id.as_str(), coded.role, coded.polarity),
            ("7", Some(Role::Challenge), Polarity::Absent)
        );
        let given = |score, polarity| Given { score, polarity };
        assert_eq!(
            coded.themes["budget"],
            given(Some(0.7), Some(Polarity::Present))
        );
        assert_eq!(coded.themes["media"], given(None, Some(Polarity::Absent)));
        assert_eq!(gold.themes["budget"], given(None, None));
        assert_eq!(
            (
                gold.field("language"),
                coded.field("language"),
                gold.field("register")
            ),
            (Some("bn".into()), Some("bn".into()), None)
        );
    }

    #[test]
    fn a_moderators_turn_is_no_answer() {
        let mut found = Judgements::new();
        found
            .extend(
                r#"{"id": "t:1", "attributes": {"speaker": "MODERATOR", "moderator": true}, "codings": [{"theme": "budget"}]}
                   {"id": "t:2", "attributes": {"speaker": "R1", "moderator": false}, "codings": []}
                   {"id": "t:3", "moderator": "TRUE", "themes": []}"#,
            )
            .unwrap();
        let ids: Vec<&str> = found.rows().iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["t:2"]);
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        let fault = |text: &str| Judgements::new().extend(text).unwrap_err().to_string();
        let row = r#"{"id": "a", "themes": []}"#;
        assert_eq!(
            fault(&format!("{row}\n{row}")),
            "line 2: the id 'a' was met before; give each answer one row"
        );
        assert_eq!(fault(r#"{"themes": []}"#), "line 1: the row has no 'id'");
        assert!(fault("{").starts_with("line 1: not a JSON object"));
        assert!(fault(r#"{"id": "a", "themes": "budget"}"#).contains("a list of codes"));
        assert!(fault(r#"{"id": "a", "themes": [], "role": "boss"}"#).contains("no role"));
        let percent = r#"{"id": "a", "codings": [{"theme": "budget", "score": 87}]}"#;
        assert!(fault(percent).contains("score 87 does not lie between 0 and 1"));
    }
}
