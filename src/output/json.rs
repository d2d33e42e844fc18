//! `codings.jsonl`, `report.json`, `rejects.jsonl` and the rows of `motamot split`.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use serde_json::{Map, Value};

use super::code_points::CodePoints;
use crate::record::{
    Coded, Coding, Language, Origin, Place, Polarity, Reject, Response, Role, Source,
};
use crate::report::{Report, ThemeReport};
use crate::span::Span;
use crate::stats::Interval;
use crate::tally::Quote;
use crate::taxonomy::Taxonomy;

/// Writes one line of `codings.jsonl`: a response and its codings, offsets in code points.
///
/// # Errors
/// Those of the writer.
pub fn coding_line(
    out: &mut impl Write,
    response: &Response,
    coded: &Coded,
    taxonomy: &Taxonomy,
) -> io::Result<()> {
    let points = CodePoints::new(&response.text);
    line(
        out,
        &CodingLine {
            id: &response.id,
            source: place(&response.source),
            text: &response.text,
            role: coded.role,
            role_given: coded.role_given,
            context: response.context.as_deref(),
            respondent: response.respondent.as_deref(),
            weight: Some(response.weight).filter(|&w| w != 1.0),
            attributes: attributes(response),
            language: coded.language,
            codings: coded
                .codings
                .iter()
                .map(|coding| coding_json(coding, &response.text, &points, taxonomy))
                .collect(),
        },
    )
}

/// Writes one response as an input row: what `motamot split` prints and every command reads back.
///
/// The attributes stand as columns of their own, as they do in any input, but never hide a column
/// that the row itself has.
///
/// # Errors
/// Those of the writer.
pub fn response_line(out: &mut impl Write, response: &Response) -> io::Result<()> {
    let mut row = Map::new();
    row.insert("id".into(), response.id.as_str().into());
    row.insert("text".into(), response.text.as_str().into());
    let known = [
        ("role", response.role.map(|role| role.as_str().into())),
        ("context", response.context.as_deref().map(Value::from)),
        (
            "respondent",
            response.respondent.as_deref().map(Value::from),
        ),
        (
            "weight",
            Some(Value::from(response.weight)).filter(|_| response.weight != 1.0),
        ),
    ];
    for (name, value) in known {
        value.map(|value| row.insert(name.into(), value));
    }
    for (name, value) in attributes(response) {
        row.entry(name).or_insert(value);
    }
    row.insert(
        "source".into(),
        serde_json::to_value(place(&response.source))?,
    );
    line(out, &row)
}

/// Writes one line of `rejects.jsonl`.
///
/// # Errors
/// Those of the writer.
pub fn reject_line(out: &mut impl Write, reject: &Reject) -> io::Result<()> {
    line(
        out,
        &RejectLine {
            source: place(&reject.source),
            cause: &reject.cause,
            bytes_base64: BASE64.encode(&reject.bytes),
        },
    )
}

/// Writes `report.json`. Shares are rounded to six decimals, so that they read well and compare.
///
/// # Errors
/// Those of the writer.
pub fn report_json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let json = ReportJson {
        responses: report.responses,
        coded: report.coded,
        uncoded: report.uncoded,
        share_uncoded: round(report.share_uncoded),
        uncoded_ci95: interval(report.uncoded_ci95),
        respondents: report.respondents,
        rejects: report.rejects,
        moderator_turns: report.moderator_turns,
        taxonomy: &report.taxonomy,
        weighted: report.weighted.map(|w| WeightedJson {
            responses: round(w.responses),
            share_uncoded: round(w.share_uncoded),
        }),
        by_role: counts(report.by_role.iter().map(|&(role, n)| (role.as_str(), n))),
        by_language: counts(
            report
                .by_language
                .iter()
                .map(|&(language, n)| (language.as_str(), n)),
        ),
        themes: report.themes.iter().map(theme_json).collect(),
        pairs: report
            .pairs
            .iter()
            .map(|p| PairJson {
                themes: [&p.first, &p.second],
                responses: p.responses,
                expected: round(p.expected),
            })
            .collect(),
        uncoded_sample: report
            .uncoded_sample
            .iter()
            .map(|quote| QuoteJson {
                polarity: None,
                ..quote_json(quote)
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    out.write_all(b"\n")
}

fn line(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct CodingLine<'a> {
    id: &'a str,
    source: SourceJson<'a>,
    text: &'a str,
    role: Role,
    role_given: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    respondent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    attributes: Map<String, Value>,
    language: Language,
    codings: Vec<CodingJson<'a>>,
}

#[derive(Serialize)]
struct CodingJson<'a> {
    theme: &'a str,
    polarity: Polarity,
    score: f64,
    from: Origin,
    evidence: Vec<EvidenceJson<'a>>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    term: &'a str,
}

/// A table's row is given by the line on which it begins, so that an editor finds it.
#[derive(Serialize)]
struct SourceJson<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<u64>,
}

#[derive(Serialize)]
struct RejectLine<'a> {
    source: SourceJson<'a>,
    cause: &'a str,
    bytes_base64: String,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    responses: u64,
    coded: u64,
    uncoded: u64,
    share_uncoded: f64,
    uncoded_ci95: [f64; 2],
    respondents: Option<u64>,
    rejects: u64,
    moderator_turns: u64,
    taxonomy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted: Option<WeightedJson>,
    by_role: Map<String, Value>,
    by_language: Map<String, Value>,
    themes: Vec<ThemeJson<'a>>,
    pairs: Vec<PairJson<'a>>,
    uncoded_sample: Vec<QuoteJson<'a>>,
}

#[derive(Serialize)]
struct WeightedJson {
    responses: f64,
    share_uncoded: f64,
}

#[derive(Serialize)]
struct ThemeJson<'a> {
    code: &'a str,
    label: LabelJson<'a>,
    rank: usize,
    responses: u64,
    share_of_responses: f64,
    ci95: [f64; 2],
    respondents: Option<u64>,
    share_of_respondents: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted_share: Option<f64>,
    mentions: u64,
    by_role: Map<String, Value>,
    by_polarity: Map<String, Value>,
    by_role_and_polarity: Map<String, Value>,
    subthemes: Vec<ThemeJson<'a>>,
    quotes: Vec<QuoteJson<'a>>,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    en: &'a str,
    bn: &'a str,
}

#[derive(Serialize)]
struct PairJson<'a> {
    themes: [&'a str; 2],
    responses: u64,
    expected: f64,
}

#[derive(Serialize)]
struct QuoteJson<'a> {
    id: &'a str,
    text: &'a str,
    source: SourceJson<'a>,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    polarity: Option<Polarity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<[usize; 2]>,
}

fn coding_json<'a>(
    coding: &Coding,
    text: &'a str,
    points: &CodePoints<'_>,
    taxonomy: &'a Taxonomy,
) -> CodingJson<'a> {
    let evidence = |e: &crate::record::Evidence| {
        let (start, end) = points.range(e.span);
        EvidenceJson {
            start,
            end,
            text: e.span.of(text),
            term: taxonomy.term_label(e.term),
        }
    };
    CodingJson {
        theme: &taxonomy.theme(coding.theme).code,
        polarity: coding.polarity,
        score: (f64::from(coding.score) * 1e4).round() / 1e4,
        from: coding.origin,
        evidence: coding.evidence.iter().map(evidence).collect(),
    }
}

fn theme_json(theme: &ThemeReport) -> ThemeJson<'_> {
    let cross = theme.cells.iter().zip(Role::ALL).map(|(row, role)| {
        let row = counts(Polarity::ALL.iter().map(|p| (p.as_str(), row[*p as usize])));
        (role.as_str().to_owned(), Value::Object(row))
    });
    ThemeJson {
        code: &theme.code,
        label: LabelJson {
            en: &theme.label_en,
            bn: &theme.label_bn,
        },
        rank: theme.rank,
        responses: theme.responses,
        share_of_responses: round(theme.share_of_responses),
        ci95: interval(theme.ci95),
        respondents: theme.respondents,
        share_of_respondents: theme.share_of_respondents.map(round),
        weighted_share: theme.weighted_share.map(round),
        mentions: theme.mentions,
        by_role: counts(theme.by_role().map(|(role, n)| (role.as_str(), n))),
        by_polarity: counts(
            theme
                .by_polarity()
                .map(|(polarity, n)| (polarity.as_str(), n)),
        ),
        by_role_and_polarity: cross.collect(),
        subthemes: theme.subthemes.iter().map(theme_json).collect(),
        quotes: theme.quotes.iter().map(quote_json).collect(),
    }
}

fn quote_json(quote: &Quote) -> QuoteJson<'_> {
    let points = CodePoints::new(&quote.text);
    let range = |&span: &Span| <[usize; 2]>::from(points.range(span));
    QuoteJson {
        id: &quote.id,
        text: &quote.text,
        source: place(&quote.source),
        role: quote.role,
        polarity: Some(quote.polarity),
        evidence: quote.evidence.iter().map(range).collect(),
    }
}

fn place(source: &Source) -> SourceJson<'_> {
    let (line, turn) = match source.place {
        Place::Line(n) | Place::Row(n) => (Some(n), None),
        Place::Turn(n) => (None, Some(n)),
    };
    SourceJson {
        file: &source.file,
        line,
        turn,
    }
}

fn attributes(response: &Response) -> Map<String, Value> {
    response.attributes.iter().cloned().collect()
}

fn counts<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Map<String, Value> {
    counts
        .map(|(name, n)| (name.to_owned(), n.into()))
        .collect()
}

fn interval(interval: Interval) -> [f64; 2] {
    [round(interval.low), round(interval.high)]
}

fn round(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Tally;
    use crate::tally::tests::{coded, coding, theme};
    use serde_json::json;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Value {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        assert_eq!(out.last(), Some(&b'\n'));
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn evidence_is_counted_in_code_points_and_quotes_the_text() {
        let core = Taxonomy::core();
        let mut response = Response::new("r1", "এখানে জনবলের অভাব");
        response.attributes = vec![("district".into(), json!("ঢাকা")), ("age".into(), json!(31))];
        let start = response.text.find("জনবলের").unwrap();
        let coding = coding(
            theme(&core, "manpower"),
            Polarity::Present,
            &[(start, start + "জনবলের".len())],
        );
        let line = written(|out| {
            coding_line(out, &response, &coded(Role::Challenge, vec![coding]), &core)
        });
        let evidence = &line["codings"][0]["evidence"][0];
        assert_eq!(
            (&evidence["start"], &evidence["end"], &evidence["text"]),
            (&json!(6), &json!(12), &json!("জনবলের"))
        );
        assert_eq!(line["codings"][0]["score"], json!(0.9));
        assert_eq!(line["codings"][0]["from"], json!("rules"));
        assert_eq!(line["attributes"], json!({"district": "ঢাকা", "age": 31}));
        assert_eq!(line["source"], json!({"file": "-", "line": 1}));
        assert_eq!(line["role_given"], json!(false));
    }

    #[test]
    fn an_attribute_never_hides_a_column_of_the_row() {
        let mut response = Response::new("r1", "words");
        response.attributes = vec![
            ("text".into(), json!("other")),
            ("speaker".into(), json!("রহিমা")),
        ];
        let row = written(|out| response_line(out, &response));
        assert_eq!(
            row,
            json!({"id": "r1", "text": "words", "speaker": "রহিমা", "source": {"file": "-", "line": 1}})
        );
    }

    #[test]
    fn a_reject_keeps_its_bytes() {
        let reject = Reject {
            source: Response::new("", "").source,
            cause: "not UTF-8".into(),
            bytes: vec![0xff, 0x00, b'a'],
        };
        assert_eq!(
            written(|out| reject_line(out, &reject))["bytes_base64"],
            json!("/wBh")
        );
    }

    #[test]
    fn the_report_has_every_field_that_others_rely_on() {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        let budget = coding(theme(&core, "budget"), Polarity::Present, &[(3, 9)]);
        tally.add(
            &Response::new("r1", "no budget for the campaign at all"),
            &coded(Role::Challenge, vec![budget]),
        );
        tally.add(&Response::new("r2", "yes"), &coded(Role::Other, vec![]));
        tally.add_rejects(3);
        let report = written(|out| report_json(out, &Report::new(&tally, &core)));
        for (field, want) in [
            ("responses", json!(2)),
            ("coded", json!(1)),
            ("uncoded", json!(1)),
            ("respondents", json!(null)),
            ("rejects", json!(3)),
            ("taxonomy", json!("core")),
        ] {
            assert_eq!(report[field], want, "{field}");
        }
        let first = &report["themes"][0];
        for (field, want) in [
            ("code", json!("budget")),
            ("rank", json!(1)),
            ("responses", json!(1)),
            ("share_of_responses", json!(0.5)),
            ("respondents", json!(null)),
            ("share_of_respondents", json!(null)),
            ("mentions", json!(1)),
            (
                "by_role",
                json!({"challenge": 1, "initiative": 0, "suggestion": 0, "other": 0}),
            ),
            (
                "by_polarity",
                json!({"present": 1, "absent": 0, "resolved": 0}),
            ),
        ] {
            assert_eq!(first[field], want, "{field}");
        }
        assert_eq!(first["quotes"][0]["evidence"], json!([[3, 9]]));
        assert!(
            first["subthemes"].is_array()
                && first["label"]["bn"].is_string()
                && first["ci95"].as_array().unwrap().len() == 2
        );
        assert_eq!(report["uncoded_sample"][0]["text"], json!("yes"));
    }
}
