//! `report.json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::code_points::CodePoints;
use super::groups::GroupsJson;
use super::json::{SourceJson, place};
use crate::record::{Polarity, Role};
use crate::report::{Coder, Made, Missed, Report, ThemeReport};
use crate::span::Span;
use crate::stats::Interval;
use crate::tally::Quote;

/// Writes `report.json`. Shares are rounded to six decimals, so that they read well and compare.
///
/// # Errors
/// Those of the writer.
pub fn report_json(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let json = ReportJson {
        responses: report.responses,
        coded: report.coded,
        no_problem: report.no_problem,
        uncoded: report.uncoded,
        share_uncoded: round(report.share_uncoded),
        uncoded_ci95: interval(report.uncoded_ci95),
        non_answers: NonAnswersJson {
            responses: report.non_answers.responses,
            texts: counts(report.non_answers.texts.iter().copied()),
        },
        respondents: report.respondents,
        rejects: report.rejects,
        empty: report.empty,
        moderator_turns: report.moderator_turns,
        taxonomy: &report.taxonomy,
        made: report.made.as_ref().map(made_json),
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
        groups: report.groups.as_ref().map(super::groups::json),
        missed: report.missed.as_ref().map(missed_json),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct ReportJson<'a> {
    responses: u64,
    coded: u64,
    no_problem: u64,
    uncoded: u64,
    share_uncoded: f64,
    uncoded_ci95: [f64; 2],
    non_answers: NonAnswersJson,
    respondents: Option<u64>,
    rejects: u64,
    empty: u64,
    moderator_turns: u64,
    taxonomy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<MadeJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted: Option<WeightedJson>,
    by_role: Map<String, Value>,
    by_language: Map<String, Value>,
    themes: Vec<ThemeJson<'a>>,
    pairs: Vec<PairJson<'a>>,
    uncoded_sample: Vec<QuoteJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<GroupsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<MissedJson<'a>>,
}

#[derive(Serialize)]
struct MadeJson<'a> {
    program: &'static str,
    coder: &'static str,
    model: Option<&'a str>,
    taxonomy_file: Option<&'a str>,
    files: u64,
    inputs: &'a [String],
    text: &'a [String],
    carry: bool,
    #[serde(rename = "where")]
    conditions: &'a [String],
    left_out: u64,
}

fn made_json(made: &Made) -> MadeJson<'_> {
    let (coder, model) = match &made.coder {
        Coder::Rules => ("rules", None),
        Coder::Builtin => ("rules and built-in coder", None),
        Coder::Model(file) => ("rules and model", Some(file.as_str())),
        Coder::Read => ("codings that were read", None),
    };
    MadeJson {
        program: concat!("motamot ", env!("CARGO_PKG_VERSION")),
        coder,
        model,
        taxonomy_file: made.taxonomy_file.as_deref(),
        files: made.files,
        inputs: &made.inputs,
        text: &made.text,
        carry: made.carry,
        conditions: &made.conditions,
        left_out: made.left_out,
    }
}

#[derive(Serialize)]
struct MissedJson<'a> {
    answers: u64,
    sampled: bool,
    distinct: u64,
    too_few: bool,
    clusters: Vec<MissedClusterJson<'a>>,
    map: Vec<DotJson<'a>>,
}

#[derive(Serialize)]
struct MissedClusterJson<'a> {
    id: usize,
    size: u64,
    distinct: u64,
    label: &'a [String],
    near: Option<&'a str>,
    cohesion: f64,
    stability: f64,
    stable: bool,
    quotes: Vec<SaidJson<'a>>,
}

#[derive(Serialize)]
struct SaidJson<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct DotJson<'a> {
    id: &'a str,
    x: f64,
    y: f64,
    count: u64,
    themes: &'a [String],
    cluster: Option<usize>,
}

fn missed_json(missed: &Missed) -> MissedJson<'_> {
    MissedJson {
        answers: missed.answers,
        sampled: missed.sampled,
        distinct: missed.distinct,
        too_few: missed.too_few,
        clusters: missed
            .clusters
            .iter()
            .enumerate()
            .map(|(id, cluster)| MissedClusterJson {
                id,
                size: cluster.size,
                distinct: cluster.distinct,
                label: &cluster.label,
                near: cluster.near.as_deref(),
                cohesion: four(cluster.cohesion),
                stability: four(cluster.stability),
                stable: cluster.stable,
                quotes: cluster
                    .quotes
                    .iter()
                    .map(|said| SaidJson {
                        id: &said.id,
                        text: &said.text,
                    })
                    .collect(),
            })
            .collect(),
        map: missed
            .map
            .iter()
            .map(|dot| DotJson {
                id: &dot.said.id,
                x: four(dot.x.into()),
                y: four(dot.y.into()),
                count: dot.count,
                themes: &dot.themes,
                cluster: dot.cluster,
            })
            .collect(),
    }
}

#[derive(Serialize)]
struct NonAnswersJson {
    responses: u64,
    texts: Map<String, Value>,
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

fn counts<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Map<String, Value> {
    counts
        .map(|(name, n)| (name.to_owned(), n.into()))
        .collect()
}

pub(super) fn interval(interval: Interval) -> [f64; 2] {
    [round(interval.low), round(interval.high)]
}

/// Rounded to four decimals.
pub(super) fn four(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// Rounded to six decimals.
pub(super) fn round(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Reject, RejectKind, Response};
    use crate::tally::Tally;
    use crate::tally::tests::{coded, coding, theme};
    use crate::taxonomy::Taxonomy;
    use serde_json::json;

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
        tally.add(&Response::new("r3", "n/a"), &coded(Role::Other, vec![]));
        for kind in [RejectKind::Empty, RejectKind::Unreadable, RejectKind::Empty] {
            tally.add_reject(&Reject {
                source: Response::new("", "").source,
                kind,
                cause: String::new(),
                bytes: Vec::new(),
            });
        }
        let mut out = Vec::new();
        report_json(&mut out, &Report::new(&tally, &core)).unwrap();
        let report: Value = serde_json::from_slice(&out).unwrap();
        for (field, want) in [
            ("responses", json!(3)),
            ("coded", json!(1)),
            ("uncoded", json!(2)),
            ("non_answers", json!({"responses": 1, "texts": {"N/A": 1}})),
            ("respondents", json!(null)),
            ("rejects", json!(3)),
            ("empty", json!(2)),
            ("taxonomy", json!("core")),
        ] {
            assert_eq!(report[field], want, "{field}");
        }
        let first = &report["themes"][0];
        for (field, want) in [
            ("code", json!("budget")),
            ("rank", json!(1)),
            ("responses", json!(1)),
            ("share_of_responses", json!(0.333_333)),
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
