//! `themes.csv`, `groups.csv` and one row a coding, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Read, Seek, Write};

use indexmap::IndexSet;
use serde_json::Value;

use super::groups::NOT_TOLD;
use crate::evaluate::FORMULA;
use crate::record::{Coded, Polarity, Response, Role};
use crate::report::{Groups, Report, ThemeReport};
use crate::taxonomy::Taxonomy;

/// Writes `themes.csv`: a row for each theme, depth first and ranked, with the share of answers
/// without a theme in every row beside it.
///
/// # Errors
/// Those of the writer.
pub fn themes_csv(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut header = vec![
        "rank",
        "level",
        "code",
        "label_en",
        "label_bn",
        "responses",
        "share_of_responses",
        "ci95_low",
        "ci95_high",
        "share_uncoded",
        "respondents",
        "share_of_respondents",
        "mentions",
    ];
    header.extend(Role::ALL.iter().map(|role| role.as_str()));
    header.extend(Polarity::ALL.iter().map(|polarity| polarity.as_str()));
    if report.weighted.is_some() {
        header.extend(["weighted_share", "weighted_share_uncoded"]);
    }
    csv.write_record(header)?;
    // A stack instead of recursion: a taxonomy may be as deep as its author likes.
    let mut rest: Vec<(usize, &ThemeReport)> =
        report.themes.iter().rev().map(|theme| (1, theme)).collect();
    while let Some((level, theme)) = rest.pop() {
        csv.write_record(theme_row(report, theme, level))?;
        rest.extend(theme.subthemes.iter().rev().map(|below| (level + 1, below)));
    }
    csv.flush()
}

fn theme_row(report: &Report, theme: &ThemeReport, level: usize) -> Vec<String> {
    let share = |share: f64| format!("{share:.6}");
    let mut row = vec![
        theme.rank.to_string(),
        level.to_string(),
        defused(&theme.code).into_owned(),
        defused(&theme.label_en).into_owned(),
        defused(&theme.label_bn).into_owned(),
        theme.responses.to_string(),
        share(theme.share_of_responses),
        share(theme.ci95.low),
        share(theme.ci95.high),
        share(report.share_uncoded),
        theme.respondents.map(|n| n.to_string()).unwrap_or_default(),
        theme.share_of_respondents.map(share).unwrap_or_default(),
        theme.mentions.to_string(),
    ];
    row.extend(theme.by_role().map(|(_, n)| n.to_string()));
    row.extend(theme.by_polarity().map(|(_, n)| n.to_string()));
    row.extend(theme.weighted_share.map(share));
    row.extend(report.weighted.map(|w| share(w.share_uncoded)));
    row
}

/// How the header of `groups.csv` begins, by which a file of that name is known as ours.
pub const GROUPS_CSV_BEGINS: &str =
    "group,group_responses,group_respondents,share_uncoded,level,code,";

/// Writes `groups.csv`: a row for each group and theme, groups by size and themes depth first and ranked. Answers that do not tell
/// their group stand under `not told`.
///
/// # Errors
/// Those of the writer.
pub fn groups_csv(out: &mut impl Write, groups: &Groups) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut header: Vec<&str> = GROUPS_CSV_BEGINS.trim_end_matches(',').split(',').collect();
    header.extend([
        "label_en",
        "label_bn",
        "responses",
        "share_of_responses",
        "ci95_low",
        "ci95_high",
        "respondents",
    ]);
    header.extend(Polarity::ALL.iter().map(|polarity| polarity.as_str()));
    let is_weighted = groups.is_weighted();
    header.extend(is_weighted.then_some("weighted_share"));
    header.extend(["differs", "p"]);
    csv.write_record(header)?;
    let share = |share: f64| format!("{share:.6}");
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    for group in &groups.groups {
        let value = group.value.as_deref().unwrap_or(NOT_TOLD);
        for (theme, own) in groups.themes.iter().zip(&group.themes) {
            let mut row = vec![
                defused(value).into_owned(),
                group.responses.to_string(),
                number(group.respondents),
                share(group.share_uncoded()),
                theme.level.to_string(),
                defused(&theme.code).into_owned(),
                defused(&theme.label_en).into_owned(),
                defused(&theme.label_bn).into_owned(),
                own.responses.to_string(),
                share(own.share_of_responses),
                share(own.ci95.low),
                share(own.ci95.high),
                number(own.respondents),
            ];
            row.extend(own.by_polarity.map(|n| n.to_string()));
            row.extend(own.weighted_share.map(share));
            let differs = theme.p.map(|_| theme.differs().to_string());
            row.extend([differs, theme.p.map(share)].map(Option::unwrap_or_default));
            csv.write_record(row)?;
        }
    }
    csv.flush()
}

/// The columns that every row has; attributes follow.
const COLUMNS: [&str; 15] = [
    "id",
    "file",
    "place",
    "respondent",
    "role",
    "role_given",
    "language",
    "theme",
    "polarity",
    "score",
    "from",
    "evidence",
    "context",
    "text",
    "weight",
];

/// Columns that a spreadsheet opens at most.
const MOST_COLUMNS: usize = 16_384;

/// Writes codings as CSV: one row a coding, and for a response without one a row whose columns `theme` to `evidence` are
/// empty, so that no answer is lost from a base.
///
/// Attributes follow as columns of their own, in the order in which the responses bring them. Which there are is known only
/// in the end, so rows wait in `S`, a file perhaps, and are written out with as many cells as the header by
/// [`finish`](CodingsCsv::finish). Only the names of the attributes are kept in memory.
pub struct CodingsCsv<S: Read + Write + Seek> {
    rows: csv::Writer<S>,
    attributes: IndexSet<String>,
}

impl<S: Read + Write + Seek> CodingsCsv<S> {
    /// Rows that wait in `spool`, which is empty.
    pub fn new(spool: S) -> Self {
        let mut builder = csv::WriterBuilder::new();
        Self {
            // A row is as long as the attributes that were known when it came.
            rows: builder.flexible(true).from_writer(spool),
            attributes: IndexSet::new(),
        }
    }

    /// Takes the rows of one response. Several stretches of evidence, or of words that weighed most, are joined by ` | `.
    ///
    /// # Errors
    /// Those of the spool; more different attributes than a spreadsheet has columns.
    pub fn write(
        &mut self,
        response: &Response,
        coded: &Coded,
        taxonomy: &Taxonomy,
    ) -> io::Result<()> {
        for (name, _) in &response.attributes {
            if !self.attributes.contains(name) {
                self.attributes.insert(name.clone());
            }
        }
        if COLUMNS.len() + self.attributes.len() > MOST_COLUMNS {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "'{}', {}: the answers up to here have more different attributes than the {MOST_COLUMNS} columns of a spreadsheet; \
                     write JSON Lines instead, which have no columns",
                    response.source.file,
                    response.source.place.number(),
                ),
            ));
        }
        if coded.codings.is_empty() {
            return self.row(response, coded, Default::default());
        }
        for coding in &coded.codings {
            // Of a coding of the model alone the words that weighed most; its `from` tells which they are.
            let evidence = coding.evidence.iter().map(|e| e.span);
            let words = evidence.chain(coding.weighed.iter().copied());
            let evidence: Vec<&str> = words.map(|span| span.of(&response.text)).collect();
            let cells = [
                defused(&taxonomy.theme(coding.theme).code),
                coding.polarity.as_str().into(),
                format!("{:.4}", coding.score).into(),
                coding.origin.as_str().into(),
                defused(&evidence.join(" | ")).into_owned().into(),
            ];
            self.row(response, coded, cells)?;
        }
        Ok(())
    }

    fn row(
        &mut self,
        response: &Response,
        coded: &Coded,
        coding: [Cow<'_, str>; 5],
    ) -> io::Result<()> {
        let place = response.source.place.number().to_string();
        let weight = response.weight.to_string();
        let before = [
            defused(&response.id),
            defused(&response.source.file),
            place.into(),
            defused(response.respondent.as_deref().unwrap_or_default()),
            coded.role.as_str().into(),
            if coded.role_given { "true" } else { "false" }.into(),
            coded.language.as_str().into(),
        ];
        let after = [
            defused(response.context.as_deref().unwrap_or_default()),
            defused(&response.text),
            weight.into(),
        ];
        for cell in before.iter().chain(&coding).chain(&after) {
            self.rows.write_field(cell.as_bytes())?;
        }
        let mut cells = vec![Cow::Borrowed(""); self.attributes.len()];
        // Of one that is given twice the first counts.
        for (name, value) in response.attributes.iter().rev() {
            if let Some(at) = self.attributes.get_index_of(name) {
                cells[at] = attribute(value);
            }
        }
        for cell in cells {
            self.rows.write_field(cell.as_bytes())?;
        }
        self.rows.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes the header and all rows to `out`.
    ///
    /// # Errors
    /// Those of the spool and of `out`.
    pub fn finish(self, out: &mut impl Write) -> io::Result<()> {
        let mut spool = self
            .rows
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?;
        spool.rewind()?;
        let mut out = csv::Writer::from_writer(out);
        let names = self.attributes.iter().map(|name| column(name));
        let header: Vec<Cow<'_, str>> = COLUMNS.map(Cow::from).into_iter().chain(names).collect();
        out.write_record(header.iter().map(|name| name.as_bytes()))?;
        let mut builder = csv::ReaderBuilder::new();
        let mut rows = builder.has_headers(false).flexible(true).from_reader(spool);
        let mut row = csv::ByteRecord::new();
        while rows.read_byte_record(&mut row)? {
            (row.len()..header.len()).for_each(|_| row.push_field(b""));
            out.write_byte_record(&row)?;
        }
        out.flush()
    }
}

/// The name of an attribute's column, which is never that of another.
fn column(name: &str) -> Cow<'_, str> {
    if name.is_empty() || COLUMNS.contains(&name) || name.starts_with("attribute.") {
        Cow::Owned(format!("attribute.{name}"))
    } else {
        defused(name)
    }
}

/// An attribute as a cell: words as they are, a list or an object as JSON.
fn attribute(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => defused(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// The cell with an apostrophe before it where a spreadsheet would run it as a formula.
fn defused(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::tally::tests::{coded, coding, theme};
    use crate::tally::{By, ByGroup, Tally};
    use serde_json::json;

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes);
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    fn spooled() -> CodingsCsv<Cursor<Vec<u8>>> {
        CodingsCsv::new(Cursor::new(Vec::new()))
    }

    /// The reader of [`rows`] takes no rows of different lengths.
    fn finished(csv: CodingsCsv<Cursor<Vec<u8>>>) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        csv.finish(&mut out).unwrap();
        rows(&out)
    }

    #[test]
    fn attributes_are_columns_in_the_order_in_which_they_come() {
        let core = Taxonomy::core();
        let mut csv = spooled();
        let given = [
            vec![("district", json!("ঢাকা"))],
            vec![
                ("age", json!(31)),
                ("theme", json!("mine")),
                ("district", json!("=1+1")),
            ],
            vec![
                ("tags", json!(["a", "b"])),
                ("age", Value::Null),
                ("", json!(true)),
            ],
        ];
        for (n, attributes) in given.into_iter().enumerate() {
            let mut response = Response::new(n.to_string(), "a\nb");
            response.attributes = attributes.into_iter().map(|(k, v)| (k.into(), v)).collect();
            csv.write(&response, &coded(Role::Other, vec![]), &core)
                .unwrap();
        }
        let rows = finished(csv);
        let attributes: Vec<&[String]> = rows.iter().map(|row| &row[COLUMNS.len()..]).collect();
        assert_eq!(
            attributes,
            [
                ["district", "age", "attribute.theme", "tags", "attribute."],
                ["ঢাকা", "", "", "", ""],
                ["'=1+1", "31", "mine", "", ""],
                ["", "", "", "[\"a\",\"b\"]", "true"],
            ]
        );
    }

    #[test]
    fn more_attributes_than_a_spreadsheet_has_columns_are_refused() {
        let core = Taxonomy::core();
        let mut csv = spooled();
        let room = MOST_COLUMNS - COLUMNS.len();
        let mut wide = Response::new("w", "a");
        wide.attributes = (0..room).map(|n| (format!("q{n}"), json!(n))).collect();
        csv.write(&wide, &coded(Role::Other, vec![]), &core)
            .unwrap();
        let mut one_more = Response::new("x", "a");
        one_more.attributes = vec![("another".into(), json!(1))];
        let fault = csv.write(&one_more, &coded(Role::Other, vec![]), &core);
        let fault = fault.unwrap_err().to_string();
        assert!(fault.contains("16384 columns of a spreadsheet"), "{fault}");
        assert!(fault.contains("JSON Lines"), "{fault}");
    }

    #[test]
    fn a_formula_in_an_answer_stays_text() {
        let core = Taxonomy::core();
        let mut csv = spooled();
        let text = "=HYPERLINK(\"http://x\", \"budget\")\nsecond line";
        let both = vec![
            coding(theme(&core, "manpower"), Polarity::Present, &[(0, 4)]),
            coding(
                theme(&core, "budget"),
                Polarity::Absent,
                &[(24, 30), (0, 1)],
            ),
        ];
        csv.write(
            &Response::new("@r1", text),
            &coded(Role::Challenge, both),
            &core,
        )
        .unwrap();
        csv.write(
            &Response::new("r2", "none"),
            &coded(Role::Other, vec![]),
            &core,
        )
        .unwrap();
        let rows = finished(csv);
        assert_eq!(rows.len(), 4, "a header, a row a coding, and one for none");
        assert_eq!(
            (rows[3][0].as_str(), &rows[3][7..12]),
            ("r2", &["", "", "", "", ""].map(String::from)[..])
        );
        assert_eq!(
            (rows[1][0].as_str(), rows[2][13].as_str()),
            ("'@r1", format!("'{text}").as_str())
        );
        assert_eq!(
            (rows[1][11].as_str(), rows[2][11].as_str()),
            ("'=HYP", "budget | =")
        );
    }

    #[test]
    fn a_group_has_a_row_a_theme_and_runs_as_no_formula() {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        let mut by = ByGroup::new(&core, By::new("place"));
        for place in ["=cmd|' /C calc'!A0", "", "a,\"b\"\nc"] {
            let mut response = Response::new("r", "no budget");
            response.attributes = vec![("place".into(), json!(place))];
            let codings = vec![coding(theme(&core, "budget"), Polarity::Absent, &[])];
            let coded = coded(Role::Challenge, codings);
            tally.add(&response, &coded);
            by.add(&response, &coded);
        }
        let mut report = Report::new(&tally, &core);
        report.compare(&by, &core).unwrap();
        let mut out = Vec::new();
        groups_csv(&mut out, report.groups.as_ref().unwrap()).unwrap();
        assert!(out.starts_with(GROUPS_CSV_BEGINS.as_bytes()));
        let rows = rows(&out);
        let n = core.themes().len();
        assert_eq!(rows.len(), 1 + 3 * n);
        let firsts = [1, 1 + n, 1 + 2 * n].map(|at| rows[at][0].as_str());
        assert_eq!(
            firsts,
            ["'=cmd|' /C calc'!A0", "a, \"b\" c", "not told"].map(|v| v.replace(", ", ","))
        );
        let told = "1,,0.000000,1,budget,Budget";
        assert_eq!(rows[1][1..7].join(","), told);
        let told = "1,1.000000,0.206549,1.000000,,0,1,0,,";
        assert_eq!(rows[1][8..].join(","), told);
    }

    #[test]
    fn every_theme_has_a_row_and_its_subthemes_follow_it() {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        tally.add(
            &Response::new("r1", "no budget"),
            &coded(
                Role::Challenge,
                vec![coding(theme(&core, "budget"), Polarity::Present, &[])],
            ),
        );
        let mut out = Vec::new();
        themes_csv(&mut out, &Report::new(&tally, &core)).unwrap();
        let rows = rows(&out);
        assert_eq!(rows.len(), 1 + core.themes().len());
        assert_eq!(rows[1][..3], ["1", "1", "budget"]);
        let (mut last, column) = (
            String::new(),
            rows[0].iter().position(|name| name == "code").unwrap(),
        );
        for row in &rows[1..] {
            if row[1] == "1" {
                last.clone_from(&row[column]);
            }
            assert!(
                row[column].starts_with(&last),
                "{} does not follow {last}",
                row[column]
            );
        }
    }
}
