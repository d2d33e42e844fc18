//! Groups of answers side by side, for the page.

use super::groups::{FEW, NOT_TOLD, verdict};
use super::table::{grouped, percent};
use crate::report::{Group, Report, ThemeReport};

/// So much of a value stands in the head of its column, in characters.
const HEAD: usize = 70;
/// More columns have no room for heads that are read level.
const LEVEL: usize = 6;
/// How many shades there are above none.
const SHADES: f64 = 5.0;

pub(super) struct GroupsPart<'r> {
    pub(super) by: &'r str,
    pub(super) summary: String,
    /// Whether heads stand upright.
    pub(super) is_wide: bool,
    pub(super) has_few: bool,
    pub(super) differs: bool,
    pub(super) all: String,
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Row<'r>>,
    pub(super) verdict: String,
}

pub(super) struct Head {
    pub(super) value: String,
    pub(super) is_told: bool,
    pub(super) answers: String,
}

pub(super) struct Row<'r> {
    /// `None` for answers without a theme.
    pub(super) theme: Option<&'r ThemeReport>,
    pub(super) differs: bool,
    pub(super) all: Cell,
    pub(super) cells: Vec<Cell>,
}

pub(super) struct Cell {
    pub(super) share: String,
    pub(super) count: String,
    pub(super) shade: String,
}

pub(super) fn part(report: &Report) -> Option<GroupsPart<'_>> {
    let groups = report.groups.as_ref()?;
    let told = groups.groups.iter().filter(|g| g.value.is_some()).count();
    let untold: u64 = groups
        .groups
        .iter()
        .filter(|g| g.value.is_none())
        .map(|g| g.responses)
        .sum();
    let mut summary = match told {
        1 => "One group.".to_owned(),
        n => format!("{n} groups, the largest first."),
    };
    if untold > 0 {
        summary += &format!(" {} answers do not tell theirs.", grouped(untold));
    }
    let rows: Vec<(usize, &ThemeReport)> = groups
        .themes
        .iter()
        .enumerate()
        .filter_map(|(at, own)| Some((at, report.themes.iter().find(|t| t.code == own.code)?)))
        .filter(|(_, theme)| theme.responses > 0)
        .collect();
    let firm = || groups.groups.iter().filter(|group| group.responses >= FEW);
    let themes = firm().flat_map(|g| rows.iter().map(|(at, _)| g.themes[*at].share_of_responses));
    let highest = themes.fold(0.0, f64::max);
    let cell = |n: u64, share: f64, of: u64| Cell {
        share: if n == 0 {
            "–".to_owned()
        } else {
            percent(share)
        },
        count: if n == 0 { String::new() } else { grouped(n) },
        shade: match of {
            0..FEW => "few".to_owned(),
            // Answers without a theme may be more than any theme has.
            _ if highest > 0.0 => format!("s{:.0}", (share / highest * SHADES).ceil().min(SHADES)),
            _ => "s0".to_owned(),
        },
    };
    let mut told: Vec<Row> = rows
        .iter()
        .map(|&(at, theme)| Row {
            theme: Some(theme),
            differs: groups.themes[at].differs(),
            all: cell(theme.responses, theme.share_of_responses, report.responses),
            cells: groups
                .groups
                .iter()
                .map(|g| {
                    cell(
                        g.themes[at].responses,
                        g.themes[at].share_of_responses,
                        g.responses,
                    )
                })
                .collect(),
        })
        .collect();
    let mut without = |group: &Group| {
        let cell = cell(
            group.responses - group.coded,
            group.share_uncoded(),
            group.responses,
        );
        Cell {
            shade: if group.responses < FEW {
                cell.shade
            } else {
                "s0".to_owned()
            },
            ..cell
        }
    };
    told.push(Row {
        theme: None,
        differs: false,
        all: Cell {
            shade: "s0".to_owned(),
            ..cell(report.uncoded, report.share_uncoded, report.responses)
        },
        cells: groups.groups.iter().map(&mut without).collect(),
    });
    Some(GroupsPart {
        by: &groups.by,
        summary,
        is_wide: groups.groups.len() > LEVEL,
        has_few: groups.groups.iter().any(|group| group.responses < FEW),
        differs: told.iter().any(|row| row.differs),
        all: grouped(report.responses),
        heads: groups.groups.iter().map(head).collect(),
        rows: told,
        verdict: verdict(groups),
    })
}

fn head(group: &Group) -> Head {
    let value = group.value.as_deref().unwrap_or(NOT_TOLD);
    let mut shown: String = value.chars().take(HEAD).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    Head {
        value: shown,
        is_told: group.value.is_some(),
        answers: grouped(group.responses),
    }
}
