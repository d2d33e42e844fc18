//! An evaluation as JSON and as text for a terminal of 80 columns.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::display::shown_in_line;
use super::report_json::{interval, round};
use super::table::{fit, grouped, plural, wrapped};
use crate::evaluate::{ConfusedThemes, Estimate, Evaluation, Scores};
use crate::record::Language;
use crate::stats::{Calibration, Interval};

/// How many confusions and differences the terminal shows; the JSON has all.
const SHOWN: usize = 10;
/// Display columns of the name at the head of a line.
const NAME: usize = 18;

/// Writes the whole evaluation as JSON: figures with intervals, groups, confusions, differences.
///
/// # Errors
/// Those of the writer.
pub fn evaluation_json(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let example = |(id, text): &(String, String)| json!({"id": id, "text": text});
    let json = json!({
        "all": scores_json(&evaluation.all),
        "missing": evaluation.missing,
        "unjudged": evaluation.unjudged,
        "extra": evaluation.extra,
        "groups": evaluation.groups.iter().map(|g| json!({"by": g.by, "value": g.value, "scores": scores_json(&g.scores)})).collect::<Vec<_>>(),
        "confusions": evaluation.confusions.iter().map(|c| json!({
            "gold": c.gold, "coded": c.coded, "answers": c.answers, "examples": c.examples.iter().map(example).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "reliability": evaluation.reliability.as_ref().map(reliability_json),
        "reliability_by_language": evaluation.reliability_by_language.iter().map(|(form, c)| {
            let mut json = reliability_json(c);
            json["language"] = json!(form);
            json
        }).collect::<Vec<_>>(),
        "differences": evaluation.differences.iter().map(|d| json!({
            "id": d.id, "text": d.text, "gold_only": d.gold_only, "coded_only": d.coded_only, "both": d.both,
        })).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &json)?;
    out.write_all(b"\n")
}

fn scores_json(scores: &Scores) -> Value {
    let mut json = json!({"answers": scores.answers});
    for (name, estimate) in overall(scores) {
        json[name] = estimate_json(estimate);
    }
    let theme = |t: &crate::evaluate::ThemeScores| {
        json!({
            "code": t.code, "gold": t.counts.gold(), "coded": t.counts.both + t.counts.coder_only, "both": t.counts.both,
            "precision": estimate_json(t.precision), "recall": estimate_json(t.recall), "f1": estimate_json(t.f1),
            "kappa": estimate_json(t.kappa), "alpha": estimate_json(t.alpha),
        })
    };
    json["themes"] = scores.themes.iter().map(theme).collect();
    json
}

fn overall(scores: &Scores) -> [(&'static str, Estimate); 11] {
    [
        ("macro_f1", scores.macro_f1),
        ("micro_f1", scores.micro_f1),
        ("micro_precision", scores.micro_precision),
        ("micro_recall", scores.micro_recall),
        ("exact", scores.exact),
        ("alpha_mean", scores.alpha_mean),
        ("alpha_masi", scores.alpha_masi),
        ("polarity", scores.polarity),
        ("polarity_told", scores.polarity_told),
        ("polarity_false", scores.polarity_false),
        ("role", scores.role),
    ]
}

fn estimate_json(estimate: Estimate) -> Value {
    json!({"value": estimate.value.map(round), "ci95": estimate.ci95.map(interval)})
}

fn reliability_json(c: &Calibration) -> Value {
    json!({
        "codings": c.claims, "mean_score": round(c.mean_score), "right": round(c.right), "ci95": interval(c.ci95),
        "ece": round(c.ece), "brier": round(c.brier),
        "bands": c.bands.iter().map(|b| json!({
            "score": [b.low, round(b.low + 0.1)], "codings": b.claims, "mean_score": round(b.mean_score),
            "right": round(b.right), "ci95": interval(b.ci95),
        })).collect::<Vec<_>>(),
    })
}

/// The evaluation as text: the figures, each theme, each group, what is confused with what.
#[must_use]
pub fn evaluation_table(evaluation: &Evaluation) -> String {
    let all = &evaluation.all;
    let count = |n: usize| format!("{} answer{}", grouped(n as u64), plural(n as u64));
    let mut said = format!("{} compared.", count(all.answers));
    if let Some(first) = evaluation.missing.first() {
        let _ = write!(
            said,
            " The second coder did not judge {} of them (such as '{}'): they count as given no theme.",
            grouped(evaluation.missing.len() as u64),
            shown_in_line(first),
        );
    }
    if evaluation.unjudged > 0 {
        let _ = write!(
            said,
            " {} whose themes the first coder did not judge left out of the figures of themes and polarity; roles are compared.",
            count(evaluation.unjudged)
        );
    }
    if evaluation.extra > 0 {
        let _ = write!(
            said,
            " {} that only the second coder judged left out.",
            count(evaluation.extra)
        );
    }
    let mut out = wrapped(&said, 80);
    out.push_str("\n\n");
    let named = [
        ("F1, mean of the themes", all.macro_f1),
        ("F1, all codings", all.micro_f1),
        ("Krippendorff's alpha, mean of the themes", all.alpha_mean),
        (
            "Krippendorff's alpha, sets of themes (MASI)",
            all.alpha_masi,
        ),
        ("Exactly the same themes", all.exact),
        ("Same polarity, where a theme is shared", all.polarity),
        ("Absent or resolved, and told", all.polarity_told),
        (
            "Present, and mistaken for absent or resolved",
            all.polarity_false,
        ),
        ("Same role", all.role),
    ];
    for (name, estimate) in named {
        let _ = writeln!(out, "{}  {}", fit(name, 46), figure(estimate));
    }
    let _ = writeln!(
        out,
        "\n{}     n   prec  recall  kappa  F1               alpha",
        fit("Theme", NAME)
    );
    for t in &all.themes {
        let _ = writeln!(
            out,
            "{} {:>5}  {:>5}  {:>6}  {:>5}  {}  {}",
            fit(&t.code, NAME),
            t.counts.gold(),
            number(t.precision),
            number(t.recall),
            number(t.kappa),
            figure(t.f1),
            figure(t.alpha),
        );
    }
    groups(&mut out, evaluation);
    confusions(&mut out, &evaluation.confusions);
    reliability(&mut out, evaluation);
    differences(&mut out, evaluation);
    // Columns are padded, also the last one of a line.
    out.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

fn groups(out: &mut String, evaluation: &Evaluation) {
    let mut by = "";
    for group in &evaluation.groups {
        if by != group.by {
            by = &group.by;
            let _ = writeln!(
                out,
                "\n{}     n  F1, mean         alpha, mean      MASI   pol.   role",
                fit(&format!("By {by}"), NAME)
            );
        }
        let s = &group.scores;
        let _ = writeln!(
            out,
            "{} {:>5}  {}  {}  {:<5}  {:<5}  {:<5}",
            fit(&group.value, NAME),
            s.answers,
            figure(s.macro_f1),
            figure(s.alpha_mean),
            number(s.alpha_masi),
            number(s.polarity),
            number(s.role),
        );
    }
}

fn confusions(out: &mut String, confusions: &[ConfusedThemes]) {
    if confusions.is_empty() {
        return;
    }
    out.push_str("\nMost frequent confusions\n");
    for confusion in confusions.iter().take(SHOWN) {
        let side =
            |code: &Option<String>| code.as_deref().map_or("no theme".to_owned(), shown_in_line);
        let _ = writeln!(
            out,
            "{:>5}  {} → {}",
            confusion.answers,
            side(&confusion.gold),
            side(&confusion.coded)
        );
        if let Some((id, text)) = confusion.examples.first() {
            let _ = writeln!(out, "       {}", quoted(id, text));
        }
    }
}

/// How often codings of a given score are right: of all answers, and of each language form.
fn reliability(out: &mut String, evaluation: &Evaluation) {
    let Some(all) = &evaluation.reliability else {
        return;
    };
    let Some(fullest) = all.bands.iter().max_by_key(|b| b.claims) else {
        return;
    };
    let how_to_read = format!(
        "Codings said to be {:.2} certain (the {} of {:.1} to {:.1}) are right, that is in the gold too, in {:.2} of cases.",
        fullest.mean_score,
        grouped(fullest.claims as u64),
        fullest.low,
        fullest.low + 0.1,
        fullest.right
    );
    let _ = writeln!(
        out,
        "\nHow far scores can be trusted\n{}\n\n{} codings  score  right  95%        ECE   Brier",
        wrapped(&how_to_read, 80),
        fit("Scores", NAME),
    );
    let forms = evaluation.reliability_by_language.iter();
    let all = std::iter::once(("all", all));
    for (form, c) in all.chain(forms.map(|(form, c)| (form_name(form), c))) {
        let head = fit(form, NAME);
        let _ = writeln!(
            out,
            "{}  {:.2}  {:.2}",
            told_and_true(&head, c.claims, c.mean_score, c.right, c.ci95),
            c.ece,
            c.brier
        );
        for b in &c.bands {
            let head = fit(&format!("  {:.1}–{:.1}", b.low, b.low + 0.1), NAME);
            let line = told_and_true(&head, b.claims, b.mean_score, b.right, b.ci95);
            let _ = writeln!(out, "{line}");
        }
    }
    out.push_str(SCORES_NOTE);
}

const SCORES_NOTE: &str = "
Score: the mean; right: the share that the gold has too. They should be alike.
ECE, expected calibration error: how far they are apart, band by band (Naeini et
al. 2015; Guo et al. 2017). Brier: mean squared distance of the scores from what
came true (Brier 1950). Both are best at 0. Where codings are few, all of these
are mostly chance: see the 95% interval.
";

fn told_and_true(head: &str, n: usize, score: f64, right: f64, ci95: Interval) -> String {
    let range = format!("{}–{}", short(ci95.low), short(ci95.high));
    let n = grouped(n as u64);
    format!("{head} {n:>7}   {score:.2}   {right:.2}  {range:<9}")
}

fn form_name(form: &str) -> &str {
    match Language::parse(form) {
        Some(Language::Bangla) => "Bangla",
        Some(Language::English) => "English",
        Some(Language::RomanBangla) => "romanised Bangla",
        Some(Language::Mixed) => "mixed",
        Some(Language::Undetermined) => "no language told",
        None => form,
    }
}

fn differences(out: &mut String, evaluation: &Evaluation) {
    if evaluation.differences.is_empty() {
        return;
    }
    let n = evaluation.differences.len() as u64;
    let _ = writeln!(
        out,
        "\nThe coders differ on {} answer{}:",
        grouped(n),
        plural(n)
    );
    for d in evaluation.differences.iter().take(SHOWN) {
        let side = |sign: char, codes: &[String]| {
            codes
                .iter()
                .map(|code| format!("  {sign}{}", shown_in_line(code)))
                .collect::<String>()
        };
        let _ = writeln!(
            out,
            "  {}\n     {}{}",
            quoted(&d.id, &d.text),
            side('−', &d.gold_only),
            side('+', &d.coded_only)
        );
    }
    out.push_str("  (− only the first coder, + only the second)\n");
}

/// A figure and its interval in 15 columns.
fn figure(estimate: Estimate) -> String {
    let range = estimate.ci95.map_or(String::new(), |ci| {
        format!("{}–{}", short(ci.low), short(ci.high))
    });
    format!("{:<5} {range:<9}", number(estimate))
}

fn number(estimate: Estimate) -> String {
    estimate
        .value
        .map_or("–".to_owned(), |value| format!("{value:.2}"))
}

/// A bound without the zero before its point, as agreement is often printed.
fn short(bound: f64) -> String {
    format!("{bound:.2}").replacen("0.", ".", 1)
}

/// An id and as much of the text as one line holds.
fn quoted(id: &str, text: &str) -> String {
    fit(&shown_in_line(&format!("{id}: {text}")), 72)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Judgements, Options, evaluate};
    use unicode_width::UnicodeWidthStr as _;

    fn evaluation() -> Evaluation {
        let (mut gold, mut coded) = (Judgements::new(), Judgements::new());
        for i in 0..60 {
            let (theme, other) = (
                ["manpower", "budget"][i % 2],
                ["manpower", "media"][usize::from(i % 7 == 0)],
            );
            let lang = if i % 3 == 1 { "en" } else { "bn" };
            let text = "জনবল নাই \u{1b}[31m \u{202e}budget নাই ".repeat(4);
            gold.extend(&json!({"id": i, "text": text, "themes": [theme], "lang": lang, "role": "challenge"}).to_string()).unwrap();
            let codings = json!([{"theme": theme, "score": 0.9}, {"theme": other, "score": 0.55}]);
            coded
                .extend(&json!({"id": i, "codings": codings, "role": "suggestion"}).to_string())
                .unwrap();
        }
        evaluate(
            &gold,
            &coded,
            &Options {
                resamples: 50,
                ..Options::default()
            },
        )
    }

    #[test]
    fn the_text_fits_80_columns_and_moves_no_cursor() {
        let text = evaluation_table(&evaluation());
        for line in text.lines() {
            assert!(line.width() <= 80, "{line}");
            assert!(!line.contains(['\u{1b}', '\u{202e}']), "{line:?}");
        }
        for part in [
            "60 answers compared",
            "By language",
            "Most frequent confusions",
            "no theme → media",
            "How far scores can be trusted",
            "\nBangla ",
            "The coders differ on",
        ] {
            assert!(text.contains(part), "no '{part}' in\n{text}");
        }
    }

    #[test]
    fn reliability_is_told_where_there_are_scores_and_no_figure_is_none() {
        let told = |codings: Value| {
            let (mut gold, mut coded) = (Judgements::new(), Judgements::new());
            gold.extend(r#"{"id": 1, "themes": ["budget"]}"#).unwrap();
            coded
                .extend(&json!({"id": 1, "codings": codings}).to_string())
                .unwrap();
            let evaluation = evaluate(&gold, &coded, &Options::default());
            let mut json = Vec::new();
            evaluation_json(&mut json, &evaluation).unwrap();
            let json: Value = serde_json::from_slice(&json).unwrap();
            let text = evaluation_table(&evaluation);
            assert!(!text.contains("NaN"), "{text}");
            (text, json["reliability"].clone())
        };
        let (text, json) = told(json!([{"theme": "budget", "score": 1.0}]));
        assert!(
            text.contains("Codings said to be 1.00 certain (the 1 of 0.9 to 1.0)"),
            "{text}"
        );
        assert_eq!((&json["ece"], &json["brier"]), (&json!(0.0), &json!(0.0)));
        for none in [json!([]), json!([{"theme": "budget"}])] {
            let (text, json) = told(none);
            assert!(!text.contains("certain") && json.is_null(), "{text}");
        }
    }

    #[test]
    fn the_json_holds_every_figure_and_every_difference() {
        let evaluation = evaluation();
        let mut out = Vec::new();
        evaluation_json(&mut out, &evaluation).unwrap();
        let json: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["all"]["answers"], json!(60));
        assert_eq!(json["all"]["role"]["value"], json!(0.0));
        assert_eq!(
            json["differences"].as_array().unwrap().len(),
            evaluation.differences.len()
        );
        let manpower = json["all"]["themes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|t| t["code"] == json!("manpower"))
            .unwrap();
        assert_eq!(manpower["recall"]["value"], json!(1.0));
        assert!(manpower["f1"]["ci95"].is_array());
        let reliability = &json["reliability"];
        assert_eq!(reliability["bands"][0]["score"], json!([0.5, 0.6]));
        // 25 of 60 codings of 0.55 are right, and all 35 of 0.9.
        assert_eq!(reliability["codings"], json!(95));
        assert_eq!(reliability["bands"][0]["right"], json!(0.416_667));
        // (60 · (0.55 − 25/60) + 35 · 0.1) / 95, (25 · 0.45² + 35 · 0.55² + 35 · 0.1²) / 95
        assert_eq!(reliability["ece"], json!(0.121_053));
        assert_eq!(reliability["brier"], json!(0.168_421));
        let forms = json["reliability_by_language"].as_array().unwrap();
        let named: Vec<&Value> = forms.iter().map(|f| &f["language"]).collect();
        assert_eq!(named, ["bn", "en"]);
    }
}
