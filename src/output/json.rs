//! Lines of JSON: `codings.jsonl`, `rejects.jsonl` and the rows of `motamot split`.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use serde_json::{Map, Value};

use super::code_points::CodePoints;
use super::report_json::four;
use crate::record::{
    Coded, Coding, Language, Origin, Place, Polarity, Reject, Response, Role, Source,
};
use crate::span::Span;
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
    // A column that happens to be called 'source' is the respondent's data and stays.
    row.entry("source")
        .or_insert(serde_json::to_value(place(&response.source))?);
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
    /// The words that weighed most where only the statistical coder gave the theme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weighed: Vec<WordJson<'a>>,
}

#[derive(Serialize)]
struct WordJson<'a> {
    start: usize,
    end: usize,
    text: &'a str,
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
pub(super) struct SourceJson<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u64>,
}

#[derive(Serialize)]
struct RejectLine<'a> {
    source: SourceJson<'a>,
    cause: &'a str,
    bytes_base64: String,
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
    let word = |span: &Span| {
        let (start, end) = points.range(*span);
        WordJson {
            start,
            end,
            text: span.of(text),
        }
    };
    CodingJson {
        theme: &taxonomy.theme(coding.theme).code,
        polarity: coding.polarity,
        score: four(coding.score.into()),
        from: coding.origin,
        evidence: coding.evidence.iter().map(evidence).collect(),
        weighed: coding.weighed.iter().map(word).collect(),
    }
}

pub(super) fn place(source: &Source) -> SourceJson<'_> {
    let (line, turn, item) = match source.place {
        Place::Line(n) | Place::Row(n) => (Some(n), None, None),
        Place::Turn(n) => (None, Some(n), None),
        Place::Item(n) => (None, None, Some(n)),
    };
    SourceJson {
        file: &source.file,
        line,
        turn,
        item,
    }
}

fn attributes(response: &Response) -> Map<String, Value> {
    response.attributes.iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RejectKind;
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
            kind: RejectKind::Unreadable,
            cause: "not UTF-8".into(),
            bytes: vec![0xff, 0x00, b'a'],
        };
        assert_eq!(
            written(|out| reject_line(out, &reject))["bytes_base64"],
            json!("/wBh")
        );
    }
}
