//! Groups of answers side by side: what share of each names a theme, and where these shares differ.

use super::{ThemeReport, share, weighted};
use crate::error::Error;
use crate::record::Polarity;
use crate::stats::{Interval, holm, homogeneity, wilson95};
use crate::tally::{ByGroup, Group as Counted};
use crate::taxonomy::Taxonomy;

/// A difference is told where chance alone would bring out one in at most so many reports of a hundred.
const TOO_RARE: f64 = 0.05;

/// The themes of a report in each group of its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// The column by which the answers are grouped.
    pub by: String,
    /// All themes, each followed by those below it, ranked as in the report.
    pub themes: Vec<GroupedTheme>,
    /// Largest first, ties by value; answers that do not tell theirs come last.
    pub groups: Vec<Group>,
    /// What counts once where groups are compared.
    pub unit: Unit,
    /// Whether some respondents stand in several groups. The comparison takes groups for different people, so it is rough then.
    pub overlapping: bool,
}

/// What counts once where groups are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// People, since all answers tell who gave them.
    Respondents,
    /// Answers, since none tells. If the same people gave several, too many differences are told.
    Answers,
    /// People where they are known, and answers that do not tell.
    Both,
}

/// A theme, and whether the groups differ in it.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedTheme {
    /// Its dotted code.
    pub code: String,
    /// Its label in English.
    pub label_en: String,
    /// Its label in Bangla.
    pub label_bn: String,
    /// 1 for a top-level theme.
    pub level: usize,
    /// The chance that groups which do not differ in any theme would show shares so far apart in this one or another: the p-value of
    /// [`homogeneity`] over the groups that are told, corrected by [`holm`] for all themes that are compared. `None` for themes below
    /// others and where there are too few answers.
    pub p: Option<f64>,
}

impl GroupedTheme {
    /// Whether it differs between groups more than chance explains: `p` is below 0.05.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.p.is_some_and(|p| p < TOO_RARE)
    }
}

/// The answers of one value of the column.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The value; `None` for answers that do not tell theirs.
    pub value: Option<String>,
    /// Its answers.
    pub responses: u64,
    /// Different respondents in it; `None` where no answer of the group tells who gave it.
    pub respondents: Option<u64>,
    /// Its answers with at least one theme.
    pub coded: u64,
    /// In the order of [`Groups::themes`].
    pub themes: Vec<GroupTheme>,
}

/// One theme in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupTheme {
    /// Answers of the group that name it, or a theme below it.
    pub responses: u64,
    /// Their share of the group's answers.
    pub share_of_responses: f64,
    /// 95% Wilson interval of that share.
    pub ci95: Interval,
    /// Different respondents who name it; `None` where no answer of the group tells who gave it.
    pub respondents: Option<u64>,
    /// Answers by polarity, in the order of [`Polarity::ALL`].
    pub by_polarity: [u64; 3],
    /// Weighted share of the group's answers, where any weight of the corpus differs from 1.
    pub weighted_share: Option<f64>,
}

impl Groups {
    pub(super) fn new(
        by: &ByGroup,
        taxonomy: &Taxonomy,
        ranked: &[ThemeReport],
        is_weighted: bool,
    ) -> Result<Self, Error> {
        let counted = by.groups()?;
        // Each with how many of its people name each theme.
        let counted: Vec<(&Counted, Vec<u64>)> = counted
            .into_iter()
            .map(|group| (group, group.respondents_by_theme()))
            .collect();
        let mut order = Vec::new();
        let mut themes = Vec::new();
        let mut rest: Vec<(usize, &ThemeReport)> = ranked.iter().rev().map(|t| (1, t)).collect();
        while let Some((level, theme)) = rest.pop() {
            let at = taxonomy.themes().iter().position(|t| t.code == theme.code);
            order.push(at.expect("the report's taxonomy"));
            themes.push(GroupedTheme {
                code: theme.code.clone(),
                label_en: theme.label_en.clone(),
                label_bn: theme.label_bn.clone(),
                level,
                p: None,
            });
            rest.extend(theme.subthemes.iter().rev().map(|t| (level + 1, t)));
        }
        // Who does not tell a group may stand in any of the others.
        let people = || counted.iter().filter(|(g, _)| !g.value.is_empty());
        compare(&mut themes, &order, people);
        let told: Vec<&Counted> = people().map(|(group, _)| *group).collect();
        let named: u64 = told.iter().map(|g| g.respondents()).sum();
        let anonymous: u64 = told.iter().map(|g| g.anonymous).sum();
        Ok(Self {
            by: by.name().to_owned(),
            themes,
            groups: counted
                .iter()
                .map(|(group, named)| figures(group, named, &order, is_weighted))
                .collect(),
            unit: match (named, anonymous) {
                (0, _) => Unit::Answers,
                (_, 0) => Unit::Respondents,
                _ => Unit::Both,
            },
            overlapping: Counted::overlap(&told),
        })
    }

    /// Whether weighted shares stand beside the plain ones.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        let mut themes = self.groups.iter().flat_map(|group| &group.themes);
        themes.any(|theme| theme.weighted_share.is_some())
    }

    /// How many top-level themes are compared.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.themes.iter().filter(|theme| theme.p.is_some()).count()
    }
}

impl Group {
    /// The share of its answers that name no theme.
    #[must_use]
    pub fn share_uncoded(&self) -> f64 {
        share(self.responses - self.coded, self.responses)
    }
}

/// Tells of each top-level theme how likely its differences are by chance.
fn compare<'g, G: Iterator<Item = &'g (&'g Counted, Vec<u64>)>>(
    themes: &mut [GroupedTheme],
    order: &[usize],
    groups: impl Fn() -> G,
) {
    let (mut at, mut found) = (Vec::new(), Vec::new());
    let tops = themes.iter().zip(order).enumerate();
    for (n, (_, &id)) in tops.filter(|(_, (theme, _))| theme.level == 1) {
        let table: Vec<(u64, u64)> = groups()
            .map(|(group, named)| {
                let hits = named[id] + group.anonymous_themes[id];
                (hits, group.respondents() + group.anonymous)
            })
            .collect();
        if let Some(p) = homogeneity(&table) {
            at.push(n);
            found.push(p);
        }
    }
    for (n, p) in at.into_iter().zip(holm(&found)) {
        themes[n].p = Some(p);
    }
}

fn figures(group: &Counted, named: &[u64], order: &[usize], is_weighted: bool) -> Group {
    let responses = group.all.responses();
    let respondents = Some(group.respondents()).filter(|&n| n > 0);
    let theme = |&id: &usize| {
        let count = &group.themes[id];
        let own = count.responses();
        GroupTheme {
            responses: own,
            share_of_responses: share(own, responses),
            ci95: wilson95(own, responses),
            respondents: respondents.map(|_| named[id]),
            by_polarity: [Polarity::Present, Polarity::Absent, Polarity::Resolved]
                .map(|p| count.cells.iter().map(|row| row[p as usize]).sum()),
            weighted_share: is_weighted.then(|| weighted(count, &group.all)),
        }
    };
    Group {
        value: Some(group.value.clone()).filter(|value| !value.is_empty()),
        responses,
        respondents,
        coded: group.coded,
        themes: order.iter().map(theme).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::record::{Coded, Response, Role};
    use crate::tally::tests::{CORE, below, coded, coding, theme};
    use crate::tally::{By, Tally};

    /// For each group, how many answers name budget and how many name nothing; each of one person or of nobody known.
    fn report(groups: &[(&str, u64, u64)], who: impl Fn(usize) -> Option<String>) -> Report {
        let core = &*CORE;
        let mut tally = Tally::new(core);
        let mut by = ByGroup::new(core, By::new("Place"));
        let budget = || vec![coding(theme(core, "budget"), Polarity::Present, &[])];
        let mut n = 0;
        let mut add = |place: &str, coded: &Coded| {
            let mut response = Response::new("r", "no budget");
            response.attributes = vec![("place".into(), place.into())];
            response.respondent = who(n);
            n += 1;
            tally.add(&response, coded);
            by.add(&response, coded);
        };
        for &(place, hits, others) in groups {
            (0..hits).for_each(|_| add(place, &coded(Role::Challenge, budget())));
            (0..others).for_each(|_| add(place, &coded(Role::Other, vec![])));
        }
        let mut report = Report::new(&tally, core);
        report.compare(&by, core).unwrap();
        report
    }

    #[test]
    fn groups_add_up_to_the_whole_and_the_largest_comes_first() {
        let report = report(&[("x", 3, 1), ("", 5, 5), ("y", 2, 4)], |_| None);
        let groups = report.groups.as_ref().unwrap();
        let told: Vec<_> = groups
            .groups
            .iter()
            .map(|g| (g.value.as_deref(), g.responses, g.coded))
            .collect();
        assert_eq!(told, [(Some("y"), 6, 2), (Some("x"), 4, 3), (None, 10, 5)]);
        let shares = groups.groups.iter().map(|g| g.themes[0].share_of_responses);
        assert_eq!(shares.collect::<Vec<_>>(), [2.0 / 6.0, 0.75, 0.5]);
        assert_eq!(groups.themes[0].code, report.themes[0].code);
        assert_eq!(groups.themes.len(), CORE.themes().len());
        for (at, own) in groups.themes.iter().enumerate().filter(|t| t.1.level == 1) {
            let whole = report.themes.iter().find(|t| t.code == own.code).unwrap();
            let sum: u64 = groups.groups.iter().map(|g| g.themes[at].responses).sum();
            assert_eq!(sum, whole.responses);
        }
        assert_eq!(groups.unit, Unit::Answers);
        assert_eq!(groups.groups[0].respondents, None);
    }

    #[test]
    fn what_differs_more_than_by_chance_is_told() {
        let alone = |n: usize| Some(n.to_string());
        let report_of =
            |groups: &[_], who: fn(usize) -> Option<String>| report(groups, who).groups.unwrap();
        let apart = report_of(&[("x", 40, 10), ("y", 10, 40)], alone);
        assert!(apart.themes[0].differs() && apart.unit == Unit::Respondents);
        assert_eq!(apart.compared(), 1, "nobody names the others");
        let alike = report_of(&[("x", 25, 25), ("y", 24, 26)], alone);
        assert!(!alike.themes[0].differs() && alike.themes[0].p.is_some());
        // The same answers of ten people, five in each group, tell no more than ten people do.
        let few = report_of(&[("x", 40, 10), ("y", 10, 40)], |n| {
            Some((n / 50 * 5 + n % 5).to_string())
        });
        assert_eq!(few.themes[0].p, None);
        assert!(!few.overlapping);
        let same = report_of(&[("x", 20, 20), ("y", 20, 20)], |n| {
            Some((n % 40).to_string())
        });
        assert!(same.overlapping);
        // Answers that do not tell their group are not compared.
        let untold = report_of(&[("x", 40, 10), ("", 10, 40)], alone);
        assert_eq!(untold.themes[0].p, None);
    }

    #[test]
    fn weights_stand_beside_and_subthemes_follow() {
        let core = &*CORE;
        let mut tally = Tally::new(core);
        let mut by = ByGroup::new(core, By::new("role"));
        let shortage = below(core, theme(core, "manpower"), 0);
        for weight in [3.0, 1.0] {
            let mut response = Response::new("r", "no staff");
            response.weight = weight;
            let codings = vec![coding(shortage, Polarity::Absent, &[])];
            let codings = if weight > 1.0 { codings } else { vec![] };
            let coded = coded(Role::Challenge, codings);
            tally.add(&response, &coded);
            by.add(&response, &coded);
        }
        let mut report = Report::new(&tally, core);
        report.compare(&by, core).unwrap();
        let groups = report.groups.unwrap();
        assert_eq!((groups.themes[0].level, groups.themes[1].level), (1, 2));
        for theme in &groups.groups[0].themes[..2] {
            assert_eq!((theme.responses, theme.by_polarity), (1, [0, 1, 0]));
            assert_eq!(theme.weighted_share, Some(0.75));
        }
    }
}
