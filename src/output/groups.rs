//! Groups of answers side by side: as JSON in `report.json`, and as a table for a terminal.

use std::fmt::Write as _;

use serde::Serialize;

use super::display::shown_in_line;
use super::report_json::{interval, round};
use super::table::{WIDTH, fit, grouped, percent, plural, wrapped};
use crate::record::Polarity;
use crate::report::{Group, GroupedTheme, Groups, Unit};
use crate::stats::LEAST_COMPARED;

/// Where a value would stand of answers that tell none.
pub(super) const NOT_TOLD: &str = "not told";

/// In a group of fewer answers one more would move a share by more than ten points.
pub(super) const FEW: u64 = 10;

/// Columns of the terminal's table: for a theme's label, and for each share.
const LABEL: usize = 32;
const SHARE: usize = 6;

#[derive(Serialize)]
pub(super) struct GroupsJson<'a> {
    by: &'a str,
    compared_by: &'static str,
    respondents_in_several_groups: bool,
    themes: Vec<DifferenceJson<'a>>,
    groups: Vec<GroupJson<'a>>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    code: &'a str,
    differs: Option<bool>,
    p: Option<f64>,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    value: Option<&'a str>,
    responses: u64,
    respondents: Option<u64>,
    coded: u64,
    themes: Vec<ThemeJson<'a>>,
}

#[derive(Serialize)]
struct ThemeJson<'a> {
    code: &'a str,
    responses: u64,
    share_of_responses: f64,
    ci95: [f64; 2],
    respondents: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted_share: Option<f64>,
    by_polarity: serde_json::Map<String, serde_json::Value>,
    subthemes: Vec<ThemeJson<'a>>,
}

pub(super) fn json(groups: &Groups) -> GroupsJson<'_> {
    let tops = groups.themes.iter().filter(|theme| theme.level == 1);
    GroupsJson {
        by: &groups.by,
        compared_by: match groups.unit {
            Unit::Respondents => "respondents",
            Unit::Answers => "answers",
            Unit::Both => "respondents and answers",
        },
        respondents_in_several_groups: groups.overlapping,
        themes: tops
            .map(|theme| DifferenceJson {
                code: &theme.code,
                differs: theme.p.map(|_| theme.differs()),
                p: theme.p.map(round),
            })
            .collect(),
        groups: groups
            .groups
            .iter()
            .map(|group| GroupJson {
                value: group.value.as_deref(),
                responses: group.responses,
                respondents: group.respondents,
                coded: group.coded,
                themes: themes_json(&groups.themes, group),
            })
            .collect(),
    }
}

/// The themes of a group, those below a theme inside it, at any depth and without recursion.
fn themes_json<'a>(themes: &'a [GroupedTheme], group: &Group) -> Vec<ThemeJson<'a>> {
    let deepest = themes.iter().map(|theme| theme.level).max().unwrap_or(0);
    let mut below: Vec<Vec<ThemeJson>> = (0..=deepest).map(|_| Vec::new()).collect();
    // Backwards, each theme comes after those below it.
    for (theme, own) in themes.iter().zip(&group.themes).rev() {
        let mut subthemes = match below.get_mut(theme.level) {
            Some(found) => std::mem::take(found),
            None => Vec::new(),
        };
        subthemes.reverse();
        below[theme.level - 1].push(ThemeJson {
            code: &theme.code,
            responses: own.responses,
            share_of_responses: round(own.share_of_responses),
            ci95: interval(own.ci95),
            respondents: own.respondents,
            weighted_share: own.weighted_share.map(round),
            by_polarity: Polarity::ALL
                .iter()
                .map(|&p| (p.as_str().to_owned(), own.by_polarity[p as usize].into()))
                .collect(),
            subthemes,
        });
    }
    let mut tops = below.swap_remove(0);
    tops.reverse();
    tops
}

/// The largest groups under letters, as many as there is room for, with the share of each that names a theme.
pub(super) fn table(groups: &Groups, whole: &[crate::report::ThemeReport]) -> String {
    let room = (WIDTH - LABEL) / SHARE - 1;
    let told: Vec<&Group> = groups.groups.iter().filter(|g| g.value.is_some()).collect();
    let (shown, rest) = told.split_at(told.len().min(room));
    let letters: Vec<String> = ('A'..).take(shown.len()).map(String::from).collect();
    let by = shown_in_line(&groups.by);
    let mut out = format!("\nBy {}\n\n", fit(&by, WIDTH - 3).trim_end());
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line("   Answers".to_owned());
    for (letter, group) in letters.iter().zip(shown) {
        let value = shown_in_line(group.value.as_deref().unwrap_or_default());
        let n = group.responses;
        line(format!("{letter} {n:>8}  {}", fit(&value, WIDTH - 12)));
    }
    let sizes = |groups: &[&Group]| groups.iter().map(|g| g.responses).sum::<u64>();
    if !rest.is_empty() {
        let (n, answers) = (rest.len() as u64, sizes(rest));
        line(format!(
            "  {answers:>8}  in {n} smaller group{} (see report.html, groups.csv)",
            plural(n)
        ));
    }
    if let Some(group) = groups.groups.iter().find(|g| g.value.is_none()) {
        line(format!("  {:>8}  {NOT_TOLD}", group.responses));
    }
    line(String::new());
    let row = |label: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: String = cells.map(|cell| format!("{cell:>SHARE$}")).collect();
        fit(label, LABEL) + &cells
    };
    let heads = &mut std::iter::once("All".to_owned()).chain(letters.iter().cloned());
    line(row("", heads));
    for (at, theme) in groups.themes.iter().enumerate() {
        let of_all = whole.iter().find(|t| t.code == theme.code);
        let Some(of_all) = of_all.filter(|t| t.responses > 0) else {
            continue;
        };
        let mark = if theme.differs() { "* " } else { "  " };
        let label = match theme.label_bn.is_empty() {
            true => format!("{mark}{}", theme.label_en),
            false => format!("{mark}{} · {}", theme.label_en, theme.label_bn),
        };
        let all = percent(of_all.share_of_responses);
        let own = shown
            .iter()
            .map(|g| percent(g.themes[at].share_of_responses));
        line(row(&label, &mut std::iter::once(all).chain(own)));
    }
    let differ = groups.themes.iter().any(GroupedTheme::differs);
    let mark = if differ { "* " } else { "" };
    let said = format!("{mark}{}", verdict(groups));
    line(format!("\n{}", wrapped(&said, WIDTH)));
    out
}

/// What the comparison of groups came to, and how far it can be trusted.
pub(super) fn verdict(groups: &Groups) -> String {
    let n = groups.themes.iter().filter(|theme| theme.differs()).count();
    let mut said = match (groups.compared(), n) {
        (0, _) => {
            return format!(
                "There are too few answers to tell whether a theme differs between groups: it takes two groups, and {LEAST_COMPARED} who name \
                 the theme and {LEAST_COMPARED} who do not."
            );
        }
        (_, 0) => "No theme differs between groups more than chance explains.".to_owned(),
        _ => "the theme differs between groups more than chance explains.".to_owned(),
    };
    said += match groups.unit {
        Unit::Respondents if groups.overlapping => {
            " Each respondent counts once in a group. The same respondents stand in several groups, so this is a rough guide."
        }
        Unit::Respondents => " Each respondent counts once.",
        Unit::Answers => {
            " The answers do not tell who gave them: if the same people gave several, this is too sure."
        }
        Unit::Both if groups.overlapping => {
            " Each known respondent counts once in a group, as does each answer that does not tell who gave it. The same respondents stand in \
             several groups, so this is a rough guide."
        }
        Unit::Both => {
            " Each known respondent counts once, as does each answer that does not tell who gave it: if the same people gave several, \
             this is too sure."
        }
    };
    let told: Vec<&Group> = groups.groups.iter().filter(|g| g.value.is_some()).collect();
    let few = told.iter().filter(|g| g.responses < FEW).count() as u64;
    if few > 0 {
        let _ = write!(
            said,
            " {} of the groups {} fewer than {FEW} answers; their shares say little.",
            grouped(few),
            if few == 1 { "has" } else { "have" }
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::output::{report_json, report_table};
    use crate::record::{Response, Role};
    use crate::report::Report;
    use crate::tally::tests::{CORE, below, coded, coding, theme};
    use crate::tally::{By, ByGroup, Tally};

    /// Twelve groups of 1 to 12 answers, of which each names a subtheme of manpower.
    fn report() -> Report {
        let mut tally = Tally::new(&CORE);
        let mut by = ByGroup::new(&CORE, By::new("মন্ত্রণালয়"));
        let shortage = below(&CORE, theme(&CORE, "manpower"), 0);
        let codings = vec![coding(shortage, Polarity::Resolved, &[])];
        let coded = coded(Role::Challenge, codings);
        for n in (0..12u8).flat_map(|n| (0..=n).map(move |_| n)) {
            let mut response = Response::new("r", "no staff");
            let value = format!("{n} {}", "স্থানীয় সরকার, পল্লী উন্নয়ন ".repeat(5));
            response.attributes = vec![("মন্ত্রণালয়".into(), value.into())];
            tally.add(&response, &coded);
            by.add(&response, &coded);
        }
        let mut report = Report::new(&tally, &CORE);
        report.compare(&by, &CORE).unwrap();
        report
    }

    #[test]
    fn many_groups_with_long_names_fit_80_columns() {
        let table = report_table(&report());
        assert!(table.lines().all(|l| l.width() <= WIDTH), "{table}");
        assert!(table.contains("\nA       12  11 স্থানী"), "{table}");
        assert!(
            table.contains("\n        15  in 5 smaller groups (see"),
            "{table}"
        );
        let row = table.lines().rfind(|l| l.contains("Manpower")).unwrap();
        assert_eq!(row.matches("100%").count(), 8, "{table}");
        assert!(table.contains("There are too few answers to tell"));
    }

    #[test]
    fn subthemes_of_a_group_stand_inside_their_theme() {
        let mut out = Vec::new();
        report_json(&mut out, &report()).unwrap();
        let found: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let first = &found["groups"]["groups"][0]["themes"];
        let tops = CORE.themes().iter().filter(|t| t.parent.is_none()).count();
        assert_eq!(first.as_array().unwrap().len(), tops);
        let below = &first[0]["subthemes"][0];
        assert_eq!(first[0]["code"], "manpower");
        assert!(below["code"].as_str().unwrap().starts_with("manpower."));
        assert_eq!(
            (&below["responses"], &below["by_polarity"]["resolved"]),
            (&12.into(), &12.into())
        );
    }
}
