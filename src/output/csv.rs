//! `themes.csv` and one row a coding, safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::record::{Coded, Polarity, Response, Role};
use crate::report::{Report, ThemeReport};
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
    header.extend(report.weighted.map(|_| "weighted_share"));
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
    row
}

/// Writes codings as CSV, one row a coding; a response without a theme has no row.
pub struct CodingsCsv<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> CodingsCsv<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(out: W) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record([
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
        ])?;
        Ok(Self { csv })
    }

    /// Writes the rows of one response. Several stretches of evidence are joined by ` | `.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(
        &mut self,
        response: &Response,
        coded: &Coded,
        taxonomy: &Taxonomy,
    ) -> io::Result<()> {
        let place = response.source.place.number().to_string();
        for coding in &coded.codings {
            let evidence: Vec<&str> = coding
                .evidence
                .iter()
                .map(|e| e.span.of(&response.text))
                .collect();
            self.csv.write_record([
                &*defused(&response.id),
                &defused(&response.source.file),
                &place,
                &defused(response.respondent.as_deref().unwrap_or_default()),
                coded.role.as_str(),
                if coded.role_given { "true" } else { "false" },
                coded.language.as_str(),
                &defused(&taxonomy.theme(coding.theme).code),
                coding.polarity.as_str(),
                &format!("{:.4}", coding.score),
                coding.origin.as_str(),
                &defused(&evidence.join(" | ")),
                &defused(response.context.as_deref().unwrap_or_default()),
                &defused(&response.text),
            ])?;
        }
        Ok(())
    }

    /// Writes what is still held back and gives the writer back. Dropping it writes too, but swallows the error.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

/// The cell with an apostrophe before it where a spreadsheet would run it as a formula.
///
/// The list of first characters is OWASP's (*CSV Injection*), with their full-width forms.
fn defused(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Tally;
    use crate::tally::tests::{coded, coding, theme};

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes);
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_formula_in_an_answer_stays_text() {
        let core = Taxonomy::core();
        let mut out = Vec::new();
        let mut csv = CodingsCsv::new(&mut out).unwrap();
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
        csv.finish().unwrap();
        let rows = rows(&out);
        assert_eq!(rows.len(), 3, "a header and one row a coding");
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
