//! The one-file report for a browser and for paper: no network, no script, everything escaped.
//!
//! What the page shows is settled here, as strings and positions; how it looks is in
//! `templates/report.html`, which escapes every value that it prints.

use std::io::{self, Write};

use askama::Template;

use super::groups_html::{self, GroupsPart};
use super::missed_html::{self, MissedPart};
use super::table::{
    coverage, grouped, no_complaint, no_problem, non_answers, people, percent, range,
};
use crate::record::{Polarity, Role};
use crate::report::{Coder, Made, Report, ThemeReport};
use crate::span::Span;
use crate::tally::Quote;

/// How much of a long text a quote shows, in characters, and how much of it before the evidence.
const SHOWN: usize = 600;
const BEFORE: usize = 160;
/// How many pairs of themes are listed.
const PAIRS: usize = 10;

/// Writes `report.html` under that title.
///
/// # Errors
/// Those of the writer.
pub fn report_html(out: &mut impl Write, report: &Report, title: &str) -> io::Result<()> {
    page(report, title).write_into(out)
}

/// What the templates can do with a value.
mod filters {
    use std::fmt::Display;

    /// What a respondent wrote, as it may be shown; see [`shown`](crate::output::shown).
    pub(super) fn shown(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(crate::output::shown(&text.to_string()).into_owned())
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    title: &'r str,
    coverage: String,
    non_answers: Option<String>,
    no_complaint: Option<String>,
    people: Option<String>,
    version: &'static str,
    made: Option<String>,
    report: &'r Report,
    ticks: Vec<Tick>,
    uncoded: Figures,
    uncoded_weighted: Option<String>,
    /// Whether any answer denies a theme or tells that it is over.
    says_no_problem: bool,
    groups: Option<GroupsPart<'r>>,
    themes: Vec<Section<'r>>,
    unnamed: Vec<&'r ThemeReport>,
    roles: Vec<(Role, String)>,
    pairs: Vec<PairRow<'r>>,
    missed: Option<MissedPart<'r>>,
    uncoded_sample: Vec<Passage<'r>>,
}

/// A line of the axis, at a percentage of its length.
struct Tick {
    at: String,
    label: String,
    anchor: &'static str,
}

/// A count, its share with the interval, and where they lie on the axis.
struct Figures {
    count: String,
    share: String,
    range: String,
    width: String,
    low: String,
    high: String,
}

struct Section<'r> {
    theme: &'r ThemeReport,
    figures: Figures,
    weighted: Option<String>,
    no_problem: Option<String>,
    facts: String,
    roles: Vec<RoleRow>,
    subthemes: Vec<Below<'r>>,
    quotes: Vec<Passage<'r>>,
}

struct RoleRow {
    role: Role,
    cells: Vec<String>,
    total: String,
}

/// A theme below another, with its share of the answers of the top-level theme.
struct Below<'r> {
    theme: &'r ThemeReport,
    indent: &'static str,
    no_problem: Option<String>,
    count: String,
    width: String,
}

struct PairRow<'r> {
    first: &'r str,
    second: &'r str,
    responses: String,
    expected: String,
}

/// A quote in pieces, the evidence marked.
struct Passage<'r> {
    quote: &'r Quote,
    source: String,
    pieces: Vec<Piece<'r>>,
    cut_before: bool,
    cut_after: bool,
}

#[derive(Debug, PartialEq)]
struct Piece<'r> {
    text: &'r str,
    marked: bool,
}

fn page<'r>(report: &'r Report, title: &'r str) -> Page<'r> {
    let highest = report
        .themes
        .iter()
        .filter(|t| t.responses > 0)
        .map(|t| t.ci95.high)
        .fold(report.uncoded_ci95.high, f64::max);
    let (axis, step) = axis(if report.responses == 0 { 1.0 } else { highest });
    let label = |code: &str| {
        report
            .themes
            .iter()
            .find(|t| t.code == code)
            .map_or("", |t| t.label_en.as_str())
    };
    Page {
        title,
        coverage: coverage(report),
        non_answers: non_answers(report),
        no_complaint: no_complaint(report),
        people: people(report),
        version: env!("CARGO_PKG_VERSION"),
        made: report.made.as_ref().map(made),
        report,
        ticks: ticks(axis, step),
        uncoded: figures(
            report.uncoded,
            report.share_uncoded,
            report.uncoded_ci95.low,
            report.uncoded_ci95.high,
            axis,
        ),
        uncoded_weighted: report.weighted.map(|w| in_brackets(w.share_uncoded)),
        says_no_problem: report.themes.iter().any(|t| no_problem(t).is_some()),
        groups: groups_html::part(report),
        themes: report
            .themes
            .iter()
            .filter(|t| t.responses > 0)
            .map(|theme| section(theme, axis))
            .collect(),
        unnamed: report.themes.iter().filter(|t| t.responses == 0).collect(),
        roles: report
            .by_role
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|&(role, n)| (role, grouped(n)))
            .collect(),
        pairs: report
            .pairs
            .iter()
            .take(PAIRS)
            .map(|pair| PairRow {
                first: label(&pair.first),
                second: label(&pair.second),
                responses: grouped(pair.responses),
                expected: format!("{:.1}", pair.expected),
            })
            .collect(),
        missed: missed_html::part(report),
        uncoded_sample: report.uncoded_sample.iter().map(passage).collect(),
    }
}

/// How the codings were made and from what, in a line.
fn made(made: &Made) -> String {
    let mut facts = Vec::new();
    facts.extend(
        made.taxonomy_file
            .as_ref()
            .map(|file| format!("from {file}")),
    );
    facts.push(match &made.coder {
        Coder::Rules => "coded by rules alone".to_owned(),
        Coder::Builtin => "coded by rules and the built-in coder".to_owned(),
        Coder::Model(file) => format!("coded by rules and the model {file}"),
        Coder::Read => "codings were read, perhaps corrected, and not made here".to_owned(),
    });
    if made.carry {
        facts.push("replies take over themes of what they answer (--carry)".to_owned());
    }
    let mut read = made.inputs.join(", ");
    let more = made.files.saturating_sub(made.inputs.len() as u64);
    if more > 0 {
        read += &format!(" and {} more", grouped(more));
    }
    facts.push(format!(
        "{} input file{}: {read}",
        grouped(made.files),
        super::table::plural(made.files)
    ));
    if !made.text.is_empty() {
        facts.push(format!("answers from: {}", made.text.join(", ")));
    }
    if !made.conditions.is_empty() {
        facts.push(format!(
            "only answers with {}; {} other{} left aside",
            made.conditions.join(" and "),
            grouped(made.left_out),
            if made.left_out == 1 { " was" } else { "s were" }
        ));
    }
    facts.join(" · ")
}

fn section(theme: &ThemeReport, axis: f64) -> Section<'_> {
    let mut facts = Vec::new();
    if let (Some(people), Some(share)) = (theme.respondents, theme.share_of_respondents) {
        facts.push(format!(
            "{} of the known respondents ({})",
            grouped(people),
            percent(share)
        ));
    }
    facts.push(format!(
        "named {} time{}",
        grouped(theme.mentions),
        super::table::plural(theme.mentions)
    ));
    if let Some(share) = theme.weighted_share {
        facts.push(format!("{} when answers are weighted", percent(share)));
    }
    let roles = Role::ALL
        .iter()
        .zip(&theme.cells)
        .filter(|(_, row)| row.iter().sum::<u64>() > 0)
        .map(|(&role, row)| RoleRow {
            role,
            cells: row
                .iter()
                .map(|&n| if n == 0 { "–".to_owned() } else { grouped(n) })
                .collect(),
            total: grouped(row.iter().sum()),
        });
    Section {
        theme,
        figures: figures(
            theme.responses,
            theme.share_of_responses,
            theme.ci95.low,
            theme.ci95.high,
            axis,
        ),
        weighted: theme.weighted_share.map(in_brackets),
        no_problem: no_problem(theme),
        facts: facts.join(" · "),
        roles: roles.collect(),
        subthemes: below(theme),
        quotes: theme.quotes.iter().map(passage).collect(),
    }
}

fn in_brackets(share: f64) -> String {
    format!("({})", percent(share))
}

fn figures(count: u64, share: f64, low: f64, high: f64, axis: f64) -> Figures {
    let at = |share: f64| format!("{:.2}%", 100.0 * share / axis);
    Figures {
        count: grouped(count),
        share: percent(share),
        range: range(low, high),
        width: at(share),
        low: at(low),
        high: at(high),
    }
}

/// All themes below one that somebody named, depth first and ranked, without recursion.
fn below(top: &ThemeReport) -> Vec<Below<'_>> {
    let mut found = Vec::new();
    let mut rest: Vec<(usize, &ThemeReport)> =
        top.subthemes.iter().rev().map(|theme| (0, theme)).collect();
    while let Some((level, theme)) = rest.pop() {
        if theme.responses == 0 {
            continue;
        }
        found.push(Below {
            theme,
            indent: ["", "deeper", "deepest"][level.min(2)],
            no_problem: no_problem(theme),
            count: grouped(theme.responses),
            width: format!(
                "{:.2}%",
                100.0 * theme.responses as f64 / top.responses as f64
            ),
        });
        rest.extend(theme.subthemes.iter().rev().map(|theme| (level + 1, theme)));
    }
    found
}

/// The end of an axis that holds `highest`, and the distance of its lines: at most six of them.
fn axis(highest: f64) -> (f64, f64) {
    let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25];
    let step = steps
        .into_iter()
        .find(|step| highest <= step * 5.0 + 1e-9)
        .unwrap_or(0.25);
    (
        ((highest / step - 1e-9).ceil().max(1.0) * step).min(1.0),
        step,
    )
}

fn ticks(axis: f64, step: f64) -> Vec<Tick> {
    let last = (axis / step).round() as usize;
    (0..=last)
        .map(|i| Tick {
            at: format!("{:.2}%", 100.0 * i as f64 * step / axis),
            label: format!("{:.0}%", 100.0 * i as f64 * step),
            anchor: if i == 0 {
                "start"
            } else if i == last {
                "end"
            } else {
                "middle"
            },
        })
        .collect()
}

fn passage(quote: &Quote) -> Passage<'_> {
    let (from, to) = window(
        &quote.text,
        quote.evidence.first().map_or(0, |span| span.start as usize),
    );
    Passage {
        quote,
        source: quote.source.to_string(),
        pieces: pieces(&quote.text, &quote.evidence, from, to),
        cut_before: from > 0,
        cut_after: to < quote.text.len(),
    }
}

/// The bytes of a text that a quote shows: all of a short one, else from a word a little before the
/// evidence to the end of a word, so that a turn of ten minutes does not bury the point.
fn window(text: &str, evidence: usize) -> (usize, usize) {
    let at = |from: usize, chars: usize| {
        text[from..]
            .char_indices()
            .nth(chars)
            .map_or(text.len(), |(i, _)| from + i)
    };
    if at(0, SHOWN) == text.len() {
        return (0, text.len());
    }
    let evidence = floor(text, evidence);
    let back = text[..evidence]
        .char_indices()
        .rev()
        .nth(BEFORE)
        .map_or(0, |(i, _)| i);
    let from = if back == 0 {
        0
    } else {
        text[back..evidence]
            .find(char::is_whitespace)
            .map_or(evidence, |i| back + i)
    };
    let end = at(from, SHOWN);
    let to = if end == text.len() {
        end
    } else {
        text[from..end]
            .rfind(char::is_whitespace)
            .map_or(end, |i| from + i)
    };
    // A 'word' longer than the window must not swallow the evidence.
    (from, if to <= evidence { end } else { to })
}

/// The text from `from` to `to` in pieces, marked where evidence lies; overlapping evidence is one mark.
fn pieces<'t>(text: &'t str, evidence: &[Span], from: usize, to: usize) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut done = from;
    let mut push = |start: usize, end: usize, marked: bool| {
        if start < end {
            pieces.push(Piece {
                text: &text[start..end],
                marked,
            });
        }
    };
    let mut spans = evidence
        .iter()
        .map(|e| (floor(text, e.start as usize), floor(text, e.end as usize)))
        .peekable();
    while let Some((start, mut end)) = spans.next() {
        while let Some((_, next)) = spans.next_if(|&(next, _)| next <= end) {
            end = end.max(next);
        }
        let (start, end) = (start.clamp(done, to), end.clamp(done, to));
        push(done, start, false);
        push(start, end, true);
        done = end;
    }
    push(done, to, false);
    pieces
}

/// The last character boundary at or before a byte.
fn floor(text: &str, mut byte: usize) -> usize {
    byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Response;
    use crate::tally::Tally;
    use crate::tally::tests::{below, coded, coding, theme};
    use crate::taxonomy::Taxonomy;
    use proptest::prelude::*;

    fn html(text: &str, id: &str, title: &str, span: (usize, usize)) -> String {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        let shortage = below(&core, theme(&core, "manpower"), 0);
        tally.add(
            &Response::new(id, text),
            &coded(
                Role::Challenge,
                vec![coding(shortage, Polarity::Present, &[span])],
            ),
        );
        tally.add(&Response::new("u", text), &coded(Role::Other, vec![]));
        let mut out = Vec::new();
        report_html(&mut out, &Report::new(&tally, &core), title).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_answer_that_is_markup_stays_text() {
        let attack = "<script>alert(1)</script> \" onload='x' & more";
        let page = html(attack, "<b>id</b>", "</title><script>2</script>", (0, 8));
        assert!(
            !page.contains("<script") && !page.contains("<b>id") && !page.contains("onload='x'"),
            "{page}"
        );
        assert!(page.contains("<mark>&#60;script&#62;</mark>"), "{page}");
    }

    #[test]
    fn the_page_loads_nothing() {
        let page = html("no staff", "r1", "t", (3, 8));
        assert!(page.contains("default-src 'none'"));
        assert!(
            !page.contains("://")
                && !page.contains("url(")
                && !page.contains("@import")
                && !page.contains("src="),
            "{page}"
        );
    }

    #[test]
    fn the_first_thing_said_is_how_much_was_covered() {
        let page = html("no staff", "r1", "t", (3, 8));
        let sentence = page
            .find("2 answers were read; 1 of them (50%) names at least one theme")
            .expect("the sentence");
        assert!(sentence < page.find("<svg").expect("a bar"));
    }

    #[test]
    fn marks_that_turn_or_hide_a_text_are_not_on_the_page() {
        let trick = "no \u{202e}ffats\u{202c} and \u{200b}no\u{2066} money\u{2069}";
        let page = html(trick, "r\u{202e}1", "t\u{202e}", (3, 11));
        assert!(!page.contains(['\u{202e}', '\u{202c}', '\u{200b}', '\u{2066}', '\u{2069}']));
        assert!(
            page.contains("no <mark>ffats</mark> and no money"),
            "{page}"
        );
        assert!(page.contains("<bdi>r1</bdi>"), "{page}");
    }

    #[test]
    fn denials_weights_and_answers_that_say_nothing_are_told() {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        for (id, text, polarity, weight) in [
            ("1", "no shortage of staff", Some(Polarity::Absent), 3.0),
            ("2", "staff came at last", Some(Polarity::Resolved), 1.0),
            ("3", "jani na", None, 1.0),
        ] {
            let mut answer = Response::new(id, text);
            answer.weight = weight;
            let shortage = below(&core, theme(&core, "manpower"), 0);
            let codings = polarity.map(|p| coding(shortage, p, &[(0, 2)]));
            tally.add(&answer, &coded(Role::Other, codings.into_iter().collect()));
        }
        let mut out = Vec::new();
        report_html(&mut out, &Report::new(&tally, &core), "t").unwrap();
        let page = String::from_utf8(out).unwrap();
        assert_eq!(
            page.matches("1 denied, 1 over").count(),
            3,
            "ranking, section, subtheme"
        );
        for want in [
            "are no complaints",
            "1 of the 1 without a theme says nothing: jani na (1)",
            "(80%)",
            "(20%)",
            "80% when answers are weighted",
        ] {
            assert!(page.contains(want), "{want}");
        }
    }

    #[test]
    fn the_page_tells_how_it_was_made_and_markup_in_names_stays_text() {
        let core = Taxonomy::core();
        let mut report = Report::new(&Tally::new(&core), &core);
        let files = |n: usize| (0..n).map(|i| format!("<b>{i}.csv")).collect();
        let page = |report: &Report| {
            let mut out = Vec::new();
            report_html(&mut out, report, "t").unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(page(&report).contains("Taxonomy core · made with motamot"));
        for (coder, want) in [
            (Coder::Rules, "coded by rules alone"),
            (Coder::Builtin, "coded by rules and the built-in coder"),
            (
                Coder::Model("m<i>".into()),
                "coded by rules and the model m&#60;i&#62;",
            ),
        ] {
            report.made = Some(Made {
                coder,
                taxonomy_file: Some("own.toml".into()),
                inputs: files(2),
                files: 1002,
                text: vec!["What is hard?".into()],
                carry: true,
                conditions: vec!["district=<i>Dhaka".into(), "role!=other".into()],
                left_out: 1000,
            });
            let page = page(&report);
            assert!(page.contains(want) && !page.contains("<b>0"), "{page}");
            for want in [
                "Taxonomy core · from own.toml · coded",
                "1,002 input files: &#60;b&#62;0.csv, &#60;b&#62;1.csv and 1,000 more",
                "answers from: What is hard?",
                "(--carry)",
                "only answers with district=&#60;i&#62;Dhaka and role!=other; 1,000 others were left aside",
            ] {
                assert!(page.contains(want), "{want}");
            }
        }
    }

    #[test]
    fn overlapping_evidence_is_one_mark() {
        let text = "slow internet connection";
        let spans = [Span::new(0, 13), Span::new(5, 24)];
        assert_eq!(
            pieces(text, &spans, 0, text.len()),
            [Piece { text, marked: true }]
        );
    }

    #[test]
    fn a_long_turn_is_shown_around_its_evidence() {
        let text = format!("{} জনবল নেই {}", "কথা ".repeat(500), "কথা ".repeat(500));
        let start = text.find("জনবল").unwrap();
        let (from, to) = window(&text, start);
        assert!(0 < from && from < start && start + "জনবল নেই".len() < to && to < text.len());
        assert!(text[from..to].chars().count() <= SHOWN);
    }

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_longest_interval() {
        for (highest, want) in [
            (0.013, 0.02),
            (0.35, 0.4),
            (0.21, 0.25),
            (0.62, 0.8),
            (1.0, 1.0),
            (0.0, 0.01),
        ] {
            let (end, step) = axis(highest);
            assert!(
                (end - want).abs() < 1e-9 && ticks(end, step).len() <= 6,
                "{highest}: {end}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_window_whatever_the_spans(text in "(ক|a| |😀|\n){0,900}", mut ends in prop::collection::vec((0usize..3000, 0usize..40), 0..6)) {
            ends.sort_unstable();
            let spans: Vec<Span> = ends.iter().map(|&(start, len)| Span::new(start, start + len)).collect();
            let (from, to) = window(&text, spans.first().map_or(0, |s| s.start as usize));
            let joined: String = pieces(&text, &spans, from, to).iter().map(|p| p.text).collect();
            prop_assert_eq!(joined, &text[from..to]);
        }
    }
}
