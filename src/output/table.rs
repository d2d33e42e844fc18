//! The ranked themes for a terminal of 80 columns.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::display::acts_on_display;
use crate::record::Polarity;
use crate::report::{Report, ThemeReport};

/// Display columns of a line, and at most of the labels and of the bar in it.
pub(super) const WIDTH: usize = 80;
const LABEL: usize = 36;
const BAR: usize = 13;
/// A bar of fewer columns tells nothing, and in fewer most labels lose their Bangla.
const SHORTEST_BAR: usize = 5;
const SHORTEST_LABEL: usize = 30;

/// The top-level themes as a table, at most 80 columns wide, after a sentence on what was covered, and below it the largest groups
/// where answers are [compared](Report::compare).
///
/// Labels are aligned by the width that they take on the screen, not by their characters: Bangla
/// vowel signs take none of their own. Columns for answers that deny a theme or tell that it is
/// over, and for weighted shares, are there where there is something to tell.
#[must_use]
pub fn report_table(report: &Report) -> String {
    let mut out = wrapped(&coverage(report), WIDTH);
    out.push_str("\n\n");
    let columns = Columns::of(report);
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line(columns.head());
    let shares = report.themes.iter().map(|t| t.share_of_responses);
    let longest = shares.fold(0.0, f64::max);
    for theme in &report.themes {
        line(columns.theme(theme, longest));
    }
    if report.uncoded > 0 {
        line(String::new());
        line(columns.uncoded(report));
    }
    if let Some(said) = non_answers(report) {
        out += &indented(&said);
    }
    out += &columns.notes();
    for said in [no_complaint(report), people(report)].into_iter().flatten() {
        let _ = write!(out, "\n{}\n", wrapped(&said, WIDTH));
    }
    if let Some(groups) = &report.groups {
        out += &super::groups::table(groups, &report.themes);
    }
    out
}

/// Which columns the table has, and how wide those are that give way to others.
struct Columns {
    label: usize,
    bar: usize,
    no_problem: bool,
    weighted: bool,
}

impl Columns {
    fn of(report: &Report) -> Self {
        let no_problem = report.themes.iter().any(|t| no_problem(t).is_some());
        let weighted = report.weighted.is_some();
        let mut columns = Self {
            label: 0,
            bar: 0,
            no_problem,
            weighted,
        };
        let room = WIDTH - columns.line("", "", "", ["", ""], "", "", "").width();
        // A space stands before the bar.
        let beside_bar = room.saturating_sub(SHORTEST_BAR + 1);
        let has_bar = beside_bar >= SHORTEST_LABEL;
        columns.label = LABEL.min(if has_bar { beside_bar } else { room });
        columns.bar = BAR.min((room - columns.label).saturating_sub(1));
        columns
    }

    /// A line of cells, each in its column.
    #[expect(clippy::too_many_arguments, reason = "one argument a column")]
    fn line(
        &self,
        rank: &str,
        label: &str,
        answers: &str,
        [denied, over]: [&str; 2],
        share: &str,
        ci95: &str,
        weighted: &str,
    ) -> String {
        let mut line = format!("{rank:>2}  {}  {answers:>7}", fit(label, self.label));
        if self.no_problem {
            let _ = write!(line, "  {denied:>6}  {over:>4}");
        }
        let _ = write!(line, "  {share:>5}  {ci95:<8}");
        if self.weighted {
            let _ = write!(line, "  {weighted:>8}");
        }
        line
    }

    fn head(&self) -> String {
        self.line(
            "#",
            "Theme",
            "Answers",
            ["Denied", "Over"],
            "Share",
            "95%",
            "Weighted",
        )
    }

    fn theme(&self, theme: &ThemeReport, longest: f64) -> String {
        let label = if theme.label_bn.is_empty() {
            theme.label_en.clone()
        } else {
            format!("{} · {}", theme.label_en, theme.label_bn)
        };
        let line = self.line(
            &theme.rank.to_string(),
            &label,
            &theme.responses.to_string(),
            [Polarity::Absent, Polarity::Resolved]
                .map(|p| some(count_of(theme, p)))
                .each_ref()
                .map(String::as_str),
            &percent(theme.share_of_responses),
            &range(theme.ci95.low, theme.ci95.high),
            &theme.weighted_share.map(percent).unwrap_or_default(),
        );
        let part = if longest > 0.0 {
            theme.share_of_responses / longest
        } else {
            0.0
        };
        format!("{line} {}", bar(part, self.bar))
    }

    fn uncoded(&self, report: &Report) -> String {
        let weighted = report.weighted.map(|w| percent(w.share_uncoded));
        self.line(
            "",
            "(no theme)",
            &report.uncoded.to_string(),
            ["", ""],
            &percent(report.share_uncoded),
            &range(report.uncoded_ci95.low, report.uncoded_ci95.high),
            &weighted.unwrap_or_default(),
        )
    }

    /// What must be known to read the columns that are not always there.
    fn notes(&self) -> String {
        let mut notes = String::new();
        if self.no_problem {
            notes += NO_PROBLEM_NOTE;
        }
        if self.weighted {
            notes += WEIGHTED_NOTE;
        }
        notes
    }
}

const NO_PROBLEM_NOTE: &str = "
Denied: of these answers, how many say that there is no such problem ('no
shortage of staff'). Over: how many say that it is solved or clearly better.
Both are counted in 'Answers', and are no complaints.
";

const WEIGHTED_NOTE: &str = "
Weighted: the share under the survey weights of the answers; the other figures
count each answer once.
";

/// A count, or nothing where there is none.
fn some(n: u64) -> String {
    match n {
        0 => String::new(),
        n => n.to_string(),
    }
}

fn count_of(theme: &ThemeReport, polarity: Polarity) -> u64 {
    theme.cells.iter().map(|row| row[polarity as usize]).sum()
}

/// How many answers of a theme are no complaint: '5 denied, 2 over'; `None` where all are one.
pub(super) fn no_problem(theme: &ThemeReport) -> Option<String> {
    let told: Vec<String> = [(Polarity::Absent, "denied"), (Polarity::Resolved, "over")]
        .into_iter()
        .map(|(polarity, word)| (count_of(theme, polarity), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", grouped(n)))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
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

/// A sentence in lines below the labels of the table.
fn indented(text: &str) -> String {
    let lines = wrapped(text, WIDTH - 4);
    lines.lines().map(|line| format!("    {line}\n")).collect()
}

/// How many answers without a theme say nothing, and what; `None` where all say something.
pub(super) fn non_answers(report: &Report) -> Option<String> {
    const NAMED: usize = 6;
    let found = &report.non_answers;
    let texts = found.texts.iter();
    let mut named: Vec<String> = texts
        .take(NAMED)
        .map(|(text, n)| format!("{text} ({})", grouped(*n)))
        .collect();
    if found.texts.len() > NAMED {
        named.push("…".to_owned());
    }
    (found.responses > 0).then(|| {
        format!(
            "{} of the {} without a theme say{} nothing: {}",
            grouped(found.responses),
            grouped(report.uncoded),
            if found.responses == 1 { "s" } else { "" },
            named.join(", ")
        )
    })
}

/// How many answers with a theme name nothing that is a problem or a wish; `None` where all do.
pub(super) fn no_complaint(report: &Report) -> Option<String> {
    let (n, of) = (report.no_problem, report.coded);
    let rest = of.saturating_sub(n);
    (n > 0).then(|| {
        format!(
            "{} of the {} with a theme only den{} problems or tell{} that they are over; {} name{} a problem or a wish.",
            grouped(n),
            grouped(of),
            if n == 1 { "ies" } else { "y" },
            if n == 1 { "s" } else { "" },
            match rest {
                0 => "none".to_owned(),
                rest => grouped(rest),
            },
            if rest < 2 { "s" } else { "" },
        )
    })
}

/// How many people name the first themes; `None` where they are not known, and where each gave one answer, so that shares are the same.
pub(super) fn people(report: &Report) -> Option<String> {
    const NAMED: usize = 12;
    let all = report.respondents.filter(|&n| n != report.responses)?;
    let named = report.themes.iter().filter(|t| t.respondents > Some(0));
    let share = |theme: &ThemeReport| theme.share_of_respondents.map(percent);
    let shares: Vec<String> = named
        .take(NAMED)
        .map(|t| format!("{} {}", t.label_en, share(t).unwrap_or_default()))
        .collect();
    (!shares.is_empty()).then(|| {
        format!(
            "Shares of the known respondents ({}), each counted once, denials included: {}.",
            grouped(all),
            shares.join("; ")
        )
    })
}

/// What was read, and how much of it bears a theme: the sentence that comes before any ranking.
pub(super) fn coverage(report: &Report) -> String {
    let name = |count: u64| if count == 1 { "names" } else { "name" };
    let mut said = match (report.responses, report.coded) {
        (0, _) => "No answers were read.".to_owned(),
        (1, 0) => "One answer was read; it names no theme.".to_owned(),
        (1, _) => "One answer was read; it names at least one theme.".to_owned(),
        (n, coded) => format!(
            "{} answers were read; {} of them ({}) {} at least one theme, {} ({}) {} none.",
            grouped(n),
            grouped(coded),
            percent(1.0 - report.share_uncoded),
            name(coded),
            grouped(report.uncoded),
            percent(report.share_uncoded),
            name(report.uncoded),
        ),
    };
    if let Some(people) = report.respondents {
        let _ = write!(said, " Known respondents: {}.", grouped(people));
    }
    if report.rejects > 0 {
        // A file that fails whole counts as much as a row without words.
        let _ = match report.rejects {
            1 => write!(said, " One row, line or file gave none"),
            n => write!(said, " {} rows, lines or files gave none", grouped(n)),
        };
        let (empty, unread) = (report.empty, report.rejects.saturating_sub(report.empty));
        let _ = match (empty, unread) {
            (0, _) => write!(said, ": not to be read."),
            (_, 0) => write!(said, ": empty."),
            _ => write!(
                said,
                ": {} empty, {} not to be read.",
                grouped(empty),
                grouped(unread)
            ),
        };
    }
    said
}

/// A bar in eighths of a column; something that is there shows, however little.
fn bar(part: f64, width: usize) -> String {
    let eighths = (part.clamp(0.0, 1.0) * (width * 8) as f64).ceil() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.extend(['▏', '▎', '▍', '▌', '▋', '▊', '▉'].get((eighths % 8).wrapping_sub(1)));
    bar
}

/// The text cut or padded to exactly `width` display columns; what only acts on the display is left
/// out, so that no label moves the cursor or turns the line round.
pub(super) fn fit(text: &str, width: usize) -> String {
    let clean: String = text.chars().filter(|&c| !acts_on_display(c)).collect();
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
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
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
    use crate::record::{Response, Role};
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
        assert!(table.replace('\n', " ").starts_with("222 answers were read; 221 of them (>99%) name at least one theme, 1 (<1%) names none."), "{table}");
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

    /// Three themes, one of them denied, over and wished for; some answers say nothing, and all have weights.
    fn told_in_full(weight: f64) -> Report {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        let mut add = |id: &str, text: &str, codings| {
            let mut answer = Response::new(id, text);
            answer.weight = weight;
            tally.add(&answer, &coded(Role::Challenge, codings));
        };
        let told = |code, polarity| vec![coding(theme(&core, code), polarity, &[])];
        for n in 0..1200 {
            add(&n.to_string(), "a", told("bandwidth", Polarity::Present));
        }
        for (id, polarity) in [
            ("b", Polarity::Absent),
            ("c", Polarity::Absent),
            ("d", Polarity::Resolved),
            ("e", Polarity::Present),
        ] {
            add(id, "no shortage of staff", told("manpower", polarity));
        }
        add("f", "N/A", vec![]);
        add("g", "the road", vec![]);
        Report::new(&tally, &core)
    }

    #[test]
    fn what_is_no_complaint_is_told_beside_the_theme() {
        let table = report_table(&told_in_full(1.0));
        let line = |name: &str| table.lines().find(|l| l.contains(name)).unwrap();
        let cells = |name: &str| line(name).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            line("Theme").contains("Answers  Denied  Over  Share"),
            "{table}"
        );
        assert!(cells("Manpower").contains("জনবল 4 2 1 <1%"), "{table}");
        assert!(cells("Bandwidth").contains(" 1200 >99% "), "{table}");
        assert!(table.contains("are no complaints"), "{table}");
        assert!(
            table.contains("\n3 of the 1,204 with a theme only deny problems or tell that they are over; 1,201\nname a problem or a wish.\n"),
            "{table}"
        );
        assert!(
            table.contains("\n    1 of the 2 without a theme says nothing: N/A (1)\n"),
            "{table}"
        );
        // Where all are complaints, nothing is said of others.
        let table = report_table(&report());
        assert!(
            !table.contains("Denied") && !table.contains("only den"),
            "{table}"
        );
    }

    #[test]
    fn people_are_told_where_their_shares_are_not_those_of_answers() {
        let core = Taxonomy::core();
        let told = |who: &[&str]| {
            let mut tally = Tally::new(&core);
            for (n, who) in who.iter().enumerate() {
                let mut answer = Response::new(n.to_string(), "a");
                answer.respondent = Some((*who).to_owned()).filter(|who| !who.is_empty());
                let code = ["budget", "budget", "manpower"][n % 3];
                let codings = vec![coding(theme(&core, code), Polarity::Present, &[])];
                tally.add(&answer, &coded(Role::Challenge, codings));
            }
            people(&Report::new(&tally, &core))
        };
        assert_eq!(
            told(&["a", "a", "b", "c"]).as_deref(),
            Some(
                "Shares of the known respondents (3), each counted once, denials included: Budget 67%; Manpower 33%."
            )
        );
        assert_eq!(told(&["a", "b", "c"]), None);
        assert_eq!(told(&["", ""]), None);
        assert!(told(&["a", ""]).is_some());
    }

    #[test]
    fn any_columns_fit_and_stand_below_each_other() {
        for weight in [1.0, 2.5] {
            let report = told_in_full(weight);
            let table = report_table(&report);
            assert_eq!(table.contains("Weighted"), weight != 1.0, "{table}");
            assert!(table.lines().all(|l| l.width() <= WIDTH), "{table}");
            let end = |l: &str, cell: &str| l.find(cell).map(|at| l[..at + cell.len()].width());
            let head = table.lines().find(|l| l.contains("Theme")).unwrap();
            let of = |name: &str| table.lines().find(|l| l.contains(name)).unwrap();
            assert_eq!(end(head, "Answers"), end(of("Bandwidth"), " 1200"));
            assert_eq!(end(head, "Share"), end(of("Bandwidth"), ">99%"));
            assert_eq!(end(head, "Share"), end(of("(no theme)"), "<1%"));
        }
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
