//! Reads a table with a row a coding, as `motamot code --format csv` writes it and a person fills it in.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::rows::{Judgements, RowFault};

/// The columns of a row that tell of its coding; all others tell of its answer.
const OF_CODING: [&str; 5] = ["theme", "polarity", "score", "from", "evidence"];

/// The rows of one answer, of which the first begins on that line.
struct Group {
    line: usize,
    id: String,
    answer: Map<String, Value>,
    codings: Vec<Value>,
}

impl Judgements {
    /// Adds the rows of a table in CSV, whose cells are parted by comma, semicolon or tab.
    ///
    /// It has the columns `id` and `theme`; rows of one answer follow each other, and an answer without a theme has one row
    /// whose `theme` is empty. `polarity`, `score`, `text`, `role`, `respondent` and any other column may be there.
    ///
    /// # Errors
    /// A row that cannot be read, an id that was met before, or a header without `id` or `theme`.
    pub fn extend_csv(&mut self, text: &str) -> Result<(), RowFault> {
        let text = text.trim_start_matches('\u{feff}');
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| unreadable(&e))?;
        let names: Vec<String> = header
            .iter()
            .map(|name| armed(name.trim()).to_owned())
            .collect();
        for name in ["id", "theme"] {
            if !names.iter().any(|own| own == name) {
                let cause = format!(
                    "the table has no column `{name}`; write a row a coding, as `motamot code --format csv` does"
                );
                return Err(RowFault { line: 1, cause });
            }
        }
        let mut group: Option<Group> = None;
        for record in reader.records() {
            let record = record.map_err(|e| unreadable(&e))?;
            let line = record.position().map_or(0, |p| p.line() as usize);
            let cells = names.iter().zip(record.iter());
            let cells: BTreeMap<&str, &str> = cells
                .map(|(name, cell)| (name.as_str(), armed(cell)))
                .filter(|(_, cell)| !cell.trim().is_empty())
                .collect();
            let coding = coding(&cells).map_err(|cause| RowFault { line, cause })?;
            let id = cells.get("id").copied().unwrap_or_default();
            match &mut group {
                Some(group) if group.id == id && group.is_of(&cells) => {
                    group.codings.extend(coding);
                }
                _ => {
                    let next = Group {
                        line,
                        id: id.to_owned(),
                        answer: answer(&cells),
                        codings: coding.into_iter().collect(),
                    };
                    group
                        .replace(next)
                        .map_or(Ok(()), |done| self.add_group(done))?;
                }
            }
        }
        group.map_or(Ok(()), |last| self.add_group(last))
    }

    fn add_group(&mut self, group: Group) -> Result<(), RowFault> {
        let mut fields = group.answer;
        fields.insert("codings".into(), group.codings.into());
        let line = group.line;
        self.add(fields).map_err(|cause| RowFault { line, cause })
    }
}

impl Group {
    /// Whether a row of the same id may be of the same answer: two answers with one id are a fault.
    fn is_of(&self, cells: &BTreeMap<&str, &str>) -> bool {
        let own = self.answer.get("text").and_then(Value::as_str);
        own == cells.get("text").copied()
    }
}

fn answer(cells: &BTreeMap<&str, &str>) -> Map<String, Value> {
    let of_answer = cells.iter().filter(|(name, _)| !OF_CODING.contains(name));
    of_answer
        .map(|(&name, &cell)| (name.to_owned(), cell.into()))
        .collect()
}

/// The coding of a row; none where its theme is empty.
fn coding(cells: &BTreeMap<&str, &str>) -> Result<Option<Value>, String> {
    let Some(theme) = cells.get("theme") else {
        return Ok(None);
    };
    let mut coding = json!({"theme": theme.trim()});
    if let Some(polarity) = cells.get("polarity") {
        coding["polarity"] = polarity.trim().into();
    }
    if let Some(score) = cells.get("score") {
        // A spreadsheet of another country writes a comma.
        let number = score.trim().replace(',', ".").parse::<f64>();
        coding["score"] = number
            .map_err(|_| format!("the score '{score}' is no number between 0 and 1"))?
            .into();
    }
    Ok(Some(coding))
}

/// What a formula can begin with. The list is OWASP's (*CSV Injection*), with the full-width forms.
pub(crate) const FORMULA: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Takes off the apostrophe that keeps a spreadsheet from running a cell as a formula.
pub(crate) fn armed(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'');
    bare.filter(|rest| rest.starts_with(FORMULA))
        .unwrap_or(cell)
}

/// The sign that parts most cells of the header.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let often = |sign: &u8| header.bytes().filter(|b| b == sign).count();
    // Of equals the last wins, so the comma stands last.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(often)
        .unwrap_or(b',')
}

fn unreadable(error: &csv::Error) -> RowFault {
    let line = error.position().map_or(1, |p| p.line() as usize);
    let cause = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} cells where the header has {expected_len}; give each row as many"),
        _ => format!("not a row of CSV: {error}"),
    };
    RowFault { line, cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Polarity;

    fn read(text: &str) -> Result<Judgements, RowFault> {
        let mut judgements = Judgements::new();
        judgements.extend_csv(text).map(|()| judgements)
    }

    #[test]
    fn rows_of_one_answer_are_one_judgement() {
        for (sign, mark) in [(',', "\u{feff}"), (';', ""), ('\t', "")] {
            let table = "id|theme|polarity|score|role|text|district\n\
                         '@1|budget|absent|0.5|challenge|\"no\nmoney\"|Dhaka\n\
                         '@1|manpower||0.9|challenge|\"no\nmoney\"|Dhaka\n\
                         2|||||nothing|\n";
            let table = format!("{mark}{}", table.replace('|', &sign.to_string()));
            let found = read(&table).unwrap();
            let [one, two] = found.rows() else {
                panic!("{:?}", found.rows())
            };
            assert_eq!((one.id.as_str(), one.text.as_str()), ("@1", "no\nmoney"));
            assert_eq!(one.themes.len(), 2);
            assert_eq!(one.themes["manpower"].score, Some(0.9));
            assert_eq!(one.polarity, Polarity::Absent);
            assert_eq!(one.field("district").as_deref(), Some("Dhaka"));
            assert!(two.judged && two.themes.is_empty() && two.role.is_none());
        }
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        let fault = |text: &str| read(text).unwrap_err().to_string();
        assert!(fault("id,code\n").starts_with("line 1: the table has no column `theme`; write"));
        assert!(
            fault("id,theme\n1,budget\n2\n").contains("line 3: 1 cells where the header has 2")
        );
        assert!(fault("id,theme\n1,a\n2,b\n1,c\n").contains("line 4: the id '1' was met before"));
        assert!(fault("id,theme,text\n1,a,x\n1,b,y\n").contains("line 3: the id '1' was met"));
        assert!(fault("id,theme\n,a\n").contains("line 2: the row has no 'id'"));
        assert!(fault("id,theme,score\n1,a,high\n").contains("line 2: the score 'high'"));
    }
}
