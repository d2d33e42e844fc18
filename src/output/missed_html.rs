//! The part of the page on what the taxonomy missed: clusters of answers without a theme, and a map of answers.

use super::table::{grouped, plural};
use crate::report::{Dot, Missed, MissedCluster, Report};

/// Size of the map, in its own units.
pub(super) const WIDTH: f32 = 960.0;
pub(super) const HEIGHT: f32 = 600.0;
const MARGIN: f32 = 16.0;
/// Themes with a colour of their own; the template has so many.
const COLOURS: usize = 8;
/// How much of an answer a dot tells, in characters.
const TOLD: usize = 110;
/// Number marks stand so far apart at least.
const APART: f32 = 26.0;

/// What the template shows.
pub(super) struct MissedPart<'r> {
    pub(super) summary: String,
    pub(super) clusters: Vec<ClusterPart<'r>>,
    pub(super) legend: Vec<Key<'r>>,
    /// Dots that lie below, those with a theme, then those without.
    pub(super) dots: Vec<DotPart>,
    pub(super) marks: Vec<Mark>,
    pub(super) caption: String,
}

pub(super) struct ClusterPart<'r> {
    pub(super) number: usize,
    pub(super) cluster: &'r MissedCluster,
    pub(super) facts: String,
    pub(super) stability: String,
}

/// A line of the legend.
pub(super) struct Key<'r> {
    pub(super) class: String,
    pub(super) label_en: &'r str,
    pub(super) label_bn: &'r str,
}

pub(super) struct DotPart {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) radius: String,
    pub(super) class: String,
    pub(super) told: String,
}

/// The number of a cluster, in the middle of its answers.
pub(super) struct Mark {
    pub(super) number: usize,
    pub(super) x: String,
    pub(super) y: String,
}

pub(super) fn part(report: &Report) -> Option<MissedPart<'_>> {
    let missed = report.missed.as_ref()?;
    let named = || report.themes.iter().filter(|t| t.responses > 0);
    let places: Vec<&str> = named().map(|t| t.code.as_str()).collect();
    // The commonest of an answer's themes gives its colour.
    let colour = |dot: &Dot| {
        let found = places
            .iter()
            .position(|code| dot.themes.iter().any(|t| t == code));
        match found {
            _ if dot.themes.is_empty() => "none".to_string(),
            Some(place) if place < COLOURS => format!("t{}", place + 1),
            _ => "tx".to_string(),
        }
    };
    let mut dots: Vec<&Dot> = missed.map.iter().collect();
    dots.sort_by_key(|dot| dot.themes.is_empty());
    let mut legend: Vec<Key<'_>> = named()
        .take(COLOURS)
        .zip(1..)
        .map(|(theme, n)| Key {
            class: format!("t{n}"),
            label_en: &theme.label_en,
            label_bn: &theme.label_bn,
        })
        .collect();
    if places.len() > COLOURS {
        legend.push(key("tx", "Other themes"));
    }
    legend.push(match missed.clusters.is_empty() {
        true => key("none", "No theme"),
        false => key("none", "No theme; numbers are the groups below"),
    });
    Some(MissedPart {
        summary: summary(report, missed),
        clusters: missed
            .clusters
            .iter()
            .zip(1..)
            .map(|(cluster, number)| ClusterPart {
                number,
                cluster,
                facts: facts(cluster, report),
                stability: stability(cluster),
            })
            .collect(),
        legend,
        dots: dots
            .iter()
            .map(|dot| DotPart {
                x: format!("{:.1}", across(dot)),
                y: format!("{:.1}", down(dot)),
                radius: format!("{:.1}", 3.4 * (dot.count as f32).powf(0.25).min(3.0)),
                class: colour(dot),
                told: told(dot, report),
            })
            .collect(),
        marks: marks(&missed.map, missed.clusters.len()),
        caption: caption(&missed.map),
    })
}

fn label<'r>(report: &'r Report, code: &str) -> &'r str {
    let theme = report.themes.iter().find(|t| t.code == code);
    theme.map_or("", |t| t.label_en.as_str())
}

fn key<'r>(class: &str, label_en: &'r str) -> Key<'r> {
    Key {
        class: class.to_string(),
        label_en,
        label_bn: "",
    }
}

fn summary(report: &Report, missed: &Missed) -> String {
    let silent = report.non_answers.responses;
    let without = report.uncoded.saturating_sub(silent);
    let besides = match silent {
        0 => String::new(),
        1 => ", besides one that says nothing".to_owned(),
        n => format!(", besides {} that say nothing", grouped(n)),
    };
    if missed.too_few {
        let (answers, name) = match missed.answers {
            1 => ("One answer".to_owned(), "names"),
            n => (format!("{} answers", grouped(n)), "name"),
        };
        return format!(
            "{answers} {name} no theme{besides}. That is too few to look for groups: of fewer than {} different answers, groups come out by chance. Read them one by one.",
            Missed::FEWEST
        );
    }
    let mut out = match missed.answers {
        n if missed.sampled => format!(
            "{} answers name no theme{besides}. A sample of {} of them, drawn by chance, was grouped",
            grouped(without),
            grouped(n)
        ),
        n if n < without => format!(
            "{} answers name no theme{besides}. The {} of them that have words were grouped",
            grouped(without),
            grouped(n)
        ),
        n => format!(
            "{} answers name no theme{besides}. They were grouped",
            grouped(n)
        ),
    };
    if missed.distinct < missed.answers {
        out += &format!(" ({} different ones)", grouped(missed.distinct));
    }
    let stable = missed.clusters.iter().filter(|c| c.stable).count();
    let steady = match (stable, missed.clusters.len()) {
        (_, 0) => "no group came out.".to_string(),
        (0, 1) => "one group, which is not stable.".to_string(),
        (1, 1) => "one group, which is stable.".to_string(),
        (0, n) => format!("{n} groups, none of which is stable."),
        (s, n) if s == n => format!("{n} groups, all stable."),
        (s, n) => format!("{n} groups, {s} of them stable."),
    };
    out + " by what they say, over languages: "
        + &steady
        + " A stable group may be a theme that the taxonomy lacks; read its answers before you take it for one."
}

fn facts(cluster: &MissedCluster, report: &Report) -> String {
    let mut out = format!("{} answer{}", grouped(cluster.size), plural(cluster.size));
    if cluster.distinct < cluster.size {
        out += &format!(", {} different", grouped(cluster.distinct));
    }
    if let Some(near) = &cluster.near {
        out += &format!(" · nearest theme: {}", label(report, near));
    }
    out + &format!(" · cohesion {:.2}", cluster.cohesion)
}

/// A plain word for the stability, after Hennig (2007): below 0.6 not to be trusted, from 0.75 on a pattern.
fn stability(cluster: &MissedCluster) -> String {
    let word = match cluster.stability {
        _ if !cluster.stable => "unstable, may be chance",
        s if s < 0.75 => "fairly stable",
        _ => "stable",
    };
    format!("{word} ({:.2})", cluster.stability)
}

fn told(dot: &Dot, report: &Report) -> String {
    let mut out: String = dot.said.text.chars().take(TOLD).collect();
    if out.len() < dot.said.text.len() {
        out.push('…');
    }
    let themes: Vec<&str> = dot.themes.iter().map(|code| label(report, code)).collect();
    let mut facts = vec![dot.said.id.clone()];
    if dot.count > 1 {
        facts.push(format!("{} times", dot.count));
    }
    match dot.cluster {
        Some(cluster) => facts.push(format!("group {}", cluster + 1)),
        None if themes.is_empty() => facts.push("no theme".into()),
        None => facts.push(themes.join(", ")),
    }
    format!("{out}\n{}", facts.join(" · "))
}

fn caption(map: &[Dot]) -> String {
    let answers: u64 = map.iter().map(|d| d.count).sum();
    format!(
        "{} answers; those that read the same are one larger dot. Answers that say alike lie near each other; the axes mean nothing. Point at a dot to read it.",
        grouped(answers)
    )
}

fn across(dot: &Dot) -> f32 {
    MARGIN + dot.x * (WIDTH - 2.0 * MARGIN)
}

fn down(dot: &Dot) -> f32 {
    MARGIN + dot.y * (HEIGHT - 2.0 * MARGIN)
}

/// A number at the median place of each cluster's dots, moved off its neighbours.
fn marks(map: &[Dot], clusters: usize) -> Vec<Mark> {
    let mut at: Vec<(usize, [f32; 2])> = Vec::new();
    for cluster in 0..clusters {
        let own = || map.iter().filter(|d| d.cluster == Some(cluster));
        let median = |place: fn(&Dot) -> f32| {
            let mut all: Vec<f32> = own().map(place).collect();
            all.sort_unstable_by(f32::total_cmp);
            all.get(all.len() / 2).copied()
        };
        if let (Some(x), Some(y)) = (median(across), median(down)) {
            at.push((cluster + 1, [x, y]));
        }
    }
    for _ in 0..30 {
        for a in 0..at.len() {
            for b in 0..a {
                let (p, q) = (at[a].1, at[b].1);
                let way = [p[0] - q[0], p[1] - q[1]];
                let far = way[0].hypot(way[1]);
                if far < APART {
                    // Two in one place part sideways.
                    let to = if far > 0.1 {
                        way.map(|x| x / far)
                    } else {
                        [1.0, 0.0]
                    };
                    let by = (APART - far) / 2.0;
                    for (which, sign) in [(a, 1.0), (b, -1.0)] {
                        let place = &mut at[which].1;
                        place[0] = (place[0] + sign * by * to[0]).clamp(MARGIN, WIDTH - MARGIN);
                        place[1] = (place[1] + sign * by * to[1]).clamp(MARGIN, HEIGHT - MARGIN);
                    }
                }
            }
        }
    }
    at.into_iter()
        .map(|(number, [x, y])| Mark {
            number,
            x: format!("{x:.1}"),
            y: format!("{y:.1}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::report_html;
    use crate::report::Said;
    use crate::{Tally, Taxonomy};

    fn dot(text: &str, x: f32, cluster: Option<usize>) -> Dot {
        Dot {
            x,
            y: 0.5,
            said: Said {
                id: "<b>".into(),
                text: text.into(),
            },
            count: 1,
            themes: Vec::new(),
            cluster,
        }
    }

    fn report(dots: Vec<Dot>) -> Report {
        let core = Taxonomy::core();
        let mut report = Report::new(&Tally::new(&core), &core);
        report.missed = Some(Missed {
            answers: 3,
            sampled: false,
            distinct: 2,
            too_few: false,
            clusters: vec![MissedCluster {
                size: 3,
                distinct: 2,
                label: vec!["রাস্তা".into(), "<i>road".into()],
                near: Some("budget".into()),
                cohesion: 0.5,
                stability: 0.4,
                stable: false,
                quotes: vec![Said {
                    id: "1".into(),
                    text: "<script>road".into(),
                }],
            }],
            map: dots,
        });
        report
    }

    #[test]
    fn clusters_and_dots_are_on_the_page_and_markup_stays_text() {
        let long = format!("</title><script>{}", "ক".repeat(200));
        let report = report(vec![dot(&long, 0.2, Some(0)), dot("x", 0.9, None)]);
        let mut page = Vec::new();
        report_html(&mut page, &report, "t").unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(
            !page.contains("<script") && !page.contains("<i>road"),
            "{page}"
        );
        for want in [
            "What the taxonomy missed",
            "unstable, may be chance (0.40)",
            "3 answers, 2 different · nearest theme: Budget",
            "রাস্তা",
            "group 1",
            "…",
        ] {
            assert!(page.contains(want), "{want}");
        }
        let circles = page.matches("<circle class=\"none\"").count();
        assert_eq!(circles, 3, "two dots, and one in the legend");
    }

    #[test]
    fn too_few_answers_are_said_to_be_so() {
        let mut report = report(vec![dot("x", 0.5, None)]);
        let missed = report.missed.as_mut().unwrap();
        (missed.too_few, missed.clusters) = (true, Vec::new());
        let mut page = Vec::new();
        report_html(&mut page, &report, "t").unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("3 answers name no theme. That is too few to look for groups"));
        for not in ["Stability is", "taxonomy suggest", "the groups below"] {
            assert!(!page.contains(not), "{not}");
        }
    }

    #[test]
    fn numbers_of_clusters_in_one_place_part() {
        let dots: Vec<Dot> = (0..4).map(|c| dot("x", 0.5, Some(c))).collect();
        let marks = marks(&dots, 4);
        let at = |m: &Mark| -> [f32; 2] { [m.x.parse().unwrap(), m.y.parse().unwrap()] };
        for (i, a) in marks.iter().enumerate() {
            for b in &marks[..i] {
                let (a, b) = (at(a), at(b));
                assert!((a[0] - b[0]).hypot(a[1] - b[1]) > APART * 0.8);
            }
        }
    }
}
