//! The ranked themes for a terminal of 80 columns.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::{Report, ThemeReport};

/// Display columns of the labels, of the bar, and of the rest of a line.
const LABEL: usize = 36;
const BAR: usize = 13;

/// The top-level themes as a table, at most 80 columns wide, after a sentence on what was covered.
///
/// Labels are aligned by the width that they take on the screen, not by their characters: Bangla
/// vowel signs take none of their own.
#[must_use]
pub fn report_table(report: &Report) -> String {
    let mut out = wrapped(&coverage(report), 80);
    out.push_str("\n\n");
    let _ = writeln!(
        out,
        " #  {}  Answers  Share  95%      ",
        fit("Theme", LABEL)
    );
    let longest = report
        .themes
        .iter()
        .map(|t| t.share_of_responses)
        .fold(0.0, f64::max);
    for theme in &report.themes {
        let _ = writeln!(out, "{}", line(theme, longest).trim_end());
    }
    if report.uncoded > 0 {
        let _ = writeln!(
            out,
            "\n    {}  {:>7}  {:>5}  {}",
            fit("(no theme)", LABEL),
            report.uncoded,
            percent(report.share_uncoded),
            range(report.uncoded_ci95.low, report.uncoded_ci95.high),
        );
    }
    out
}

/// The words of a sentence in lines of at most `width` columns.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for word in text.split(' ') {
        if used > 0 && used + 1 + word.width() > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += word.width();
    }
    out
}

/// What was read, and how much of it bears a theme: the sentence that comes before any ranking.
pub(super) fn coverage(report: &Report) -> String {
    let mut said = match report.responses {
        0 => "No answers were read.".to_owned(),
        1 => "One answer was read; ".to_owned(),
        n => format!("{} answers were read; ", grouped(n)),
    };
    if report.responses > 0 {
        let _ = write!(
            said,
            "{} of them ({}) name at least one theme, {} ({}) name none.",
            grouped(report.coded),
            percent(1.0 - report.share_uncoded),
            grouped(report.uncoded),
            percent(report.share_uncoded),
        );
    }
    if let Some(people) = report.respondents {
        let _ = write!(
            said,
            " They come from {} known respondent{}.",
            grouped(people),
            plural(people)
        );
    }
    if report.rejects > 0 {
        // A file that fails whole counts as much as a row without words.
        let _ = match report.rejects {
            1 => write!(said, " One row, line or file gave none"),
            n => write!(said, " {} rows, lines or files gave none", grouped(n)),
        };
        said += ": empty, or not to be read.";
    }
    said
}

fn line(theme: &ThemeReport, longest: f64) -> String {
    let label = if theme.label_bn.is_empty() {
        theme.label_en.clone()
    } else {
        format!("{} · {}", theme.label_en, theme.label_bn)
    };
    format!(
        "{:>2}  {}  {:>7}  {:>5}  {:<8} {}",
        theme.rank,
        fit(&label, LABEL),
        theme.responses,
        percent(theme.share_of_responses),
        range(theme.ci95.low, theme.ci95.high),
        bar(if longest > 0.0 {
            theme.share_of_responses / longest
        } else {
            0.0
        }),
    )
}

/// A bar in eighths of a column; something that is there shows, however little.
fn bar(part: f64) -> String {
    let eighths = (part.clamp(0.0, 1.0) * (BAR * 8) as f64).ceil() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.extend(['▏', '▎', '▍', '▌', '▋', '▊', '▉'].get((eighths % 8).wrapping_sub(1)));
    bar
}

/// The text cut or padded to exactly `width` display columns; control characters are left out, so
/// that no label moves the cursor.
pub(super) fn fit(text: &str, width: usize) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let mut fitted = clean.clone();
    if clean.width() > width {
        fitted.clear();
        let mut used = 0;
        for c in clean.chars() {
            // Measured a character at a time, a cluster is never taken for narrower than it is.
            used += c.width().unwrap_or(0);
            if used > width.saturating_sub(1) {
                break;
            }
            fitted.push(c);
        }
        fitted.push('…');
    }
    let used = fitted.width();
    fitted.push_str(&" ".repeat(width.saturating_sub(used)));
    fitted
}

/// A share as a whole percentage, with '<1%' and '>99%' where rounding would claim none or all.
pub(super) fn percent(share: f64) -> String {
    match (share * 100.0).round() as u64 {
        0 if share > 0.0 => "<1%".to_owned(),
        100 if share < 1.0 => ">99%".to_owned(),
        whole => format!("{whole}%"),
    }
}

pub(super) fn range(low: f64, high: f64) -> String {
    format!("{:.0}–{:.0}%", low * 100.0, high * 100.0)
}

/// The number with a comma between thousands.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub(super) fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Polarity, Response, Role};
    use crate::tally::Tally;
    use crate::tally::tests::{coded, coding, theme};
    use crate::taxonomy::Taxonomy;
    use proptest::prelude::*;

    fn report() -> Report {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        for (code, n) in [("coordination", 160), ("manpower", 60), ("budget", 1)] {
            for i in 0..n {
                let answer = Response::new(format!("{code}{i}"), format!("{code} {i}"));
                tally.add(
                    &answer,
                    &coded(
                        Role::Challenge,
                        vec![coding(theme(&core, code), Polarity::Present, &[])],
                    ),
                );
            }
        }
        tally.add(&Response::new("x", "yes"), &coded(Role::Other, vec![]));
        Report::new(&tally, &core)
    }

    #[test]
    fn coverage_comes_first_and_uncoded_answers_stand_beside_the_ranking() {
        let table = report_table(&report());
        assert!(table.replace('\n', " ").starts_with("222 answers were read; 221 of them (>99%) name at least one theme, 1 (<1%) name none."), "{table}");
        let uncoded = table.lines().last().unwrap();
        assert!(
            uncoded.contains("(no theme)") && uncoded.contains("<1%"),
            "{table}"
        );
    }

    #[test]
    fn fits_80_columns_and_the_numbers_stand_below_each_other() {
        let table = report_table(&report());
        let ranked: Vec<&str> = table
            .lines()
            .skip_while(|line| !line.is_empty())
            .filter(|line| line.contains('%'))
            .collect();
        let column = |line: &str, mark| line.find(mark).map(|at| line[..at].width());
        assert!(ranked.iter().all(|line| column(line, '%') == column(ranked[1], '%') || line.contains("Answers")), "{table}");
        assert!(table.lines().all(|line| line.width() <= 80), "{table}");
        assert!(
            ranked[1].contains("████") && ranked[1].contains("160") && ranked[1].contains("72%"),
            "{table}"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    proptest! {
        #[test]
        fn any_label_takes_exactly_its_columns(label in "\\PC{0,60}|[ক-৾a-z 漢👩‍🌾\u{7}]{0,60}") {
            prop_assert_eq!(fit(&label, LABEL).width(), LABEL);
        }
    }
}
