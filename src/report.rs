//! Ranks what a tally counted, and derives shares and intervals from it.

mod groups;
mod missed;

pub use groups::{Group, GroupTheme, GroupedTheme, Groups, Unit};
pub use missed::{Dot, Missed, MissedCluster, Said};

use crate::error::Error;
use crate::record::{Language, Polarity, Role, ThemeId};
use crate::stats::{Interval, wilson95};
use crate::tally::{ByGroup, Count, ONE, Quote, Tally};
use crate::taxonomy::Taxonomy;

/// The ranked themes of a corpus, with what was left uncoded beside them.
///
/// All shares are unweighted and between 0 and 1. Where survey weights differ from 1, weighted
/// shares stand beside them; they carry no interval, since an honest one would need the survey's design.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Name of the taxonomy.
    pub taxonomy: String,
    /// From what and how the codings were made; [`Report::new`], which knows counts alone, leaves it open.
    pub made: Option<Made>,
    /// Answers read, moderators' turns not among them.
    pub responses: u64,
    /// Answers with at least one theme.
    pub coded: u64,
    /// Those of them that only deny themes or tell that they are over; the others name a problem or a wish.
    pub no_problem: u64,
    /// Answers without a theme.
    pub uncoded: u64,
    /// Their share.
    pub share_uncoded: f64,
    /// 95% Wilson interval of that share.
    pub uncoded_ci95: Interval,
    /// Those of them that say nothing.
    pub non_answers: NonAnswers,
    /// Different respondents; `None` where no answer tells who gave it.
    pub respondents: Option<u64>,
    /// Pieces of input that gave no answer.
    pub rejects: u64,
    /// Those of them that are rows without words.
    pub empty: u64,
    /// Moderators' turns, read and set aside.
    pub moderator_turns: u64,
    /// The same with survey weights, where any differs from 1.
    pub weighted: Option<WeightedTotals>,
    /// Answers by language form, in the order of [`Language::ALL`].
    pub by_language: Vec<(Language, u64)>,
    /// Answers by role, in the order of [`Role::ALL`].
    pub by_role: Vec<(Role, u64)>,
    /// Top-level themes by rank; themes that nobody named come last.
    pub themes: Vec<ThemeReport>,
    /// Pairs of top-level themes that stand in one answer, most frequent first.
    pub pairs: Vec<Pair>,
    /// A sample of different texts without a theme that say something, drawn by a hash of the text.
    pub uncoded_sample: Vec<Quote>,
    /// The themes in each group of answers; [`Report::new`] leaves it open, [`Report::compare`] tells it.
    pub groups: Option<Groups>,
    /// What lies in the answers without a theme; [`Report::new`], which knows counts alone, leaves it open.
    pub missed: Option<Missed>,
}

/// From what and how codings were made, so that they can be made anew. No time of day and no path: the same input gives the same
/// report on every machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// What decides on themes.
    pub coder: Coder,
    /// The taxonomy's file, by name alone; `None` for a built-in one.
    pub taxonomy_file: Option<String>,
    /// Files read, by name alone, in order; [`Made::INPUTS`] of them at most.
    pub inputs: Vec<String>,
    /// How many files were read.
    pub files: u64,
    /// The columns of answers that were asked for; none where they were found by their usual names.
    pub text: Vec<String>,
    /// Whether replies took over themes of the turn that they answer.
    pub carry: bool,
    /// The conditions that an answer had to meet to be read, such as `district=Dhaka`; see [`Filter`](crate::tally::Filter).
    pub conditions: Vec<String>,
    /// How many answers were left aside, not meeting them.
    pub left_out: u64,
}

impl Made {
    /// So many files are named at most.
    pub const INPUTS: usize = 10;
}

/// What decides on the themes of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Coder {
    /// The rules of the taxonomy.
    #[default]
    Rules,
    /// The rules and the statistical coder that comes with the program.
    Builtin,
    /// The rules and a statistical coder of the user's, which is in this file, by name alone.
    Model(String),
    /// Whoever made the codings that were read.
    Read,
}

/// Answers without a theme that say nothing: 'N/A', '-', 'জানি না'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NonAnswers {
    /// How many answers.
    pub responses: u64,
    /// What they say and how often, most frequent first.
    pub texts: Vec<(&'static str, u64)>,
}

/// Totals under survey weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedTotals {
    /// Sum of the weights of all answers.
    pub responses: f64,
    /// Weighted share of answers without a theme.
    pub share_uncoded: f64,
}

/// One theme of a [`Report`].
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeReport {
    /// Its dotted code.
    pub code: String,
    /// Its label in English.
    pub label_en: String,
    /// Its label in Bangla.
    pub label_bn: String,
    /// 1 for the theme of most responses among its siblings; ties by code.
    pub rank: usize,
    /// Answers that name it, or a theme below it.
    pub responses: u64,
    /// Their share of all answers.
    pub share_of_responses: f64,
    /// 95% Wilson interval of that share, as if each answer came from another person: where people gave several, it is too narrow.
    pub ci95: Interval,
    /// Different respondents who name it; `None` where no respondent is known at all.
    pub respondents: Option<u64>,
    /// Their share of all known respondents.
    pub share_of_respondents: Option<f64>,
    /// How often it is named: stretches of text, at least one an answer.
    pub mentions: u64,
    /// Weighted share of all answers, where any weight differs from 1.
    pub weighted_share: Option<f64>,
    /// Answers by role (rows, as in [`Role::ALL`]) and polarity (columns, as in [`Polarity::ALL`]).
    pub cells: [[u64; 3]; 4],
    /// The themes below it, ranked.
    pub subthemes: Vec<ThemeReport>,
    /// Answers chosen to speak for it, best first.
    pub quotes: Vec<Quote>,
}

/// Two top-level themes in one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Code of the theme that comes first in the taxonomy.
    pub first: String,
    /// Code of the other.
    pub second: String,
    /// Answers that name both.
    pub responses: u64,
    /// How many that would be if the two were independent of each other.
    pub expected: f64,
}

impl ThemeReport {
    /// Answers by role, in the order of [`Role::ALL`].
    pub fn by_role(&self) -> impl Iterator<Item = (Role, u64)> {
        Role::ALL
            .iter()
            .map(|&role| (role, self.cells[role as usize].iter().sum()))
    }

    /// Answers by polarity, in the order of [`Polarity::ALL`].
    pub fn by_polarity(&self) -> impl Iterator<Item = (Polarity, u64)> {
        Polarity::ALL.iter().map(|&polarity| {
            (
                polarity,
                self.cells.iter().map(|row| row[polarity as usize]).sum(),
            )
        })
    }
}

impl Report {
    /// The report on what `tally` counted.
    ///
    /// # Panics
    /// When the tally is of another taxonomy.
    #[must_use]
    pub fn new(tally: &Tally, taxonomy: &Taxonomy) -> Self {
        assert!(tally.is_of(taxonomy), "the tally is of another taxonomy");
        let (responses, uncoded) = (tally.responses(), tally.uncoded());
        let count = |id: ThemeId| tally.themes[usize::from(id.0)].responses();
        let code = |id: ThemeId| taxonomy.theme(id).code.clone();
        let mut pairs: Vec<Pair> = tally
            .pairs
            .iter()
            .map(|(&(a, b), &n)| Pair {
                first: code(a),
                second: code(b),
                responses: n,
                expected: count(a) as f64 * count(b) as f64 / responses as f64,
            })
            .collect();
        // The sort is stable and the map is in taxonomy order, so ties keep that order.
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.responses));
        Self {
            taxonomy: taxonomy.name().to_owned(),
            made: None,
            responses,
            coded: responses - uncoded,
            no_problem: tally.no_problem,
            uncoded,
            share_uncoded: share(uncoded, responses),
            uncoded_ci95: wilson95(uncoded, responses),
            non_answers: non_answers(tally),
            respondents: known_respondents(tally),
            rejects: tally.rejects,
            empty: tally.empty,
            moderator_turns: tally.moderator_turns,
            weighted: tally.weighted.then(|| WeightedTotals {
                responses: ratio(tally.all.weight, ONE),
                share_uncoded: weighted(&tally.uncoded, &tally.all),
            }),
            by_language: Language::ALL
                .iter()
                .map(|&l| (l, tally.languages[l as usize]))
                .collect(),
            by_role: Role::ALL
                .iter()
                .map(|&r| (r, tally.all.cells[r as usize].iter().sum()))
                .collect(),
            themes: ranked(tally, taxonomy),
            pairs,
            uncoded_sample: tally.uncoded.quotes().to_vec(),
            groups: None,
            missed: None,
        }
    }

    /// Sets groups of the same answers side by side, as `by` counted them.
    ///
    /// # Errors
    /// When no answer has the column, or when it has too many values; see [`ByGroup`].
    ///
    /// # Panics
    /// When the groups are of another taxonomy.
    pub fn compare(&mut self, by: &ByGroup, taxonomy: &Taxonomy) -> Result<(), Error> {
        let is_weighted = self.weighted.is_some();
        let groups = Groups::new(by, taxonomy, &self.themes, is_weighted)?;
        self.groups = Some(groups);
        Ok(())
    }
}

/// All themes in one pass, children into their parents. Ids are in depth-first order, so walking
/// them backwards meets every child before its parent, at any depth and without recursion.
fn ranked(tally: &Tally, taxonomy: &Taxonomy) -> Vec<ThemeReport> {
    let themes = taxonomy.themes();
    let named_by = tally.respondents_by_theme();
    let mut below: Vec<Vec<ThemeReport>> = vec![Vec::new(); themes.len()];
    let mut tops = Vec::new();
    for (at, theme) in themes.iter().enumerate().rev() {
        let subthemes = rank(std::mem::take(&mut below[at]));
        let count = &tally.themes[at];
        let responses = count.responses();
        let respondents = known_respondents(tally).map(|all| (named_by[at], all));
        let report = ThemeReport {
            code: theme.code.clone(),
            label_en: theme.label_en.clone(),
            label_bn: theme.label_bn.clone(),
            rank: 0,
            responses,
            share_of_responses: share(responses, tally.responses()),
            ci95: wilson95(responses, tally.responses()),
            respondents: respondents.map(|(own, _)| own),
            share_of_respondents: respondents.map(|(own, all)| share(own, all)),
            mentions: count.mentions,
            weighted_share: tally.weighted.then(|| weighted(count, &tally.all)),
            cells: count.cells,
            subthemes,
            quotes: count.quotes().to_vec(),
        };
        match theme.parent {
            Some(parent) => below[usize::from(parent.0)].push(report),
            None => tops.push(report),
        }
    }
    rank(tops)
}

fn rank(mut themes: Vec<ThemeReport>) -> Vec<ThemeReport> {
    themes.sort_by(|a, b| {
        b.responses
            .cmp(&a.responses)
            .then_with(|| a.code.cmp(&b.code))
    });
    themes
        .iter_mut()
        .zip(1..)
        .for_each(|(theme, rank)| theme.rank = rank);
    themes
}

fn non_answers(tally: &Tally) -> NonAnswers {
    let mut texts: Vec<(&str, u64)> = tally.non_answers.iter().map(|(&t, &n)| (t, n)).collect();
    // The sort is stable and the map ordered, so ties are too.
    texts.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    NonAnswers {
        responses: texts.iter().map(|(_, n)| n).sum(),
        texts,
    }
}

fn known_respondents(tally: &Tally) -> Option<u64> {
    Some(tally.respondents()).filter(|&n| n > 0)
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The share of a count in another, by weight.
fn weighted(part: &Count, whole: &Count) -> f64 {
    if whole.weight == 0 {
        0.0
    } else {
        ratio(part.weight, whole.weight)
    }
}

/// In lowest terms, in which sums of usual weights are whole numbers that `f64` holds.
fn ratio(part: u128, whole: u128) -> f64 {
    let (mut a, mut b) = (whole, part);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    (part / a) as f64 / (whole / a) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Response;
    use crate::tally::tests::{below, coded, coding, theme};
    use proptest::prelude::*;

    fn answer(id: &str, who: Option<&str>, weight: f64) -> Response {
        let mut response = Response::new(
            id,
            format!("the text of the answer {id}, long enough to quote"),
        );
        response.respondent = who.map(str::to_owned);
        response.weight = weight;
        response
    }

    /// Four answers of three people: budget twice, a subtheme of manpower once, one without a theme.
    fn small(weight: f64, known: bool) -> Report {
        let core = Taxonomy::core();
        let mut tally = Tally::new(&core);
        let who = |name| known.then_some(name);
        let budget = || coding(theme(&core, "budget"), Polarity::Present, &[(4, 8)]);
        let manpower = || {
            coding(
                below(&core, theme(&core, "manpower"), 0),
                Polarity::Resolved,
                &[],
            )
        };
        tally.add(
            &answer("1", who("a"), weight),
            &coded(Role::Challenge, vec![budget()]),
        );
        tally.add(
            &answer("2", who("a"), 1.0),
            &coded(Role::Suggestion, vec![manpower(), budget()]),
        );
        tally.add(&answer("3", who("b"), 1.0), &coded(Role::Other, vec![]));
        tally.add(
            &answer("4", who("c"), 1.0),
            &coded(Role::Initiative, vec![manpower()]),
        );
        tally.add(
            &answer("5", who("c"), 1.0),
            &coded(
                Role::Challenge,
                vec![coding(theme(&core, "database"), Polarity::Present, &[])],
            ),
        );
        Report::new(&tally, &core)
    }

    #[test]
    fn ranks_by_responses_and_ties_by_code() {
        let report = small(1.0, true);
        let found: Vec<_> = report
            .themes
            .iter()
            .map(|t| (t.rank, t.code.as_str(), t.responses))
            .collect();
        assert_eq!(
            found,
            [
                (1, "budget", 2),
                (2, "manpower", 2),
                (3, "database", 1),
                (4, "bandwidth", 0),
                (5, "coordination", 0)
            ]
        );
        let manpower = &report.themes[1];
        assert_eq!(
            (manpower.subthemes[0].rank, manpower.subthemes[0].responses),
            (1, 2),
            "a subtheme counts for what it lies under"
        );
        assert_eq!(
            manpower.by_role().map(|(_, n)| n).collect::<Vec<_>>(),
            [0, 1, 1, 0]
        );
        assert_eq!(
            manpower.by_polarity().map(|(_, n)| n).collect::<Vec<_>>(),
            [0, 0, 2]
        );
    }

    #[test]
    fn answers_without_a_theme_stay_in_the_base_of_every_share() {
        let report = small(1.0, true);
        assert_eq!(
            (
                report.responses,
                report.coded,
                report.uncoded,
                report.share_uncoded
            ),
            (5, 4, 1, 0.2)
        );
        assert_eq!(report.themes[0].share_of_responses, 0.4);
        assert_eq!(report.uncoded_sample[0].id, "3");
        assert_eq!(
            (
                report.pairs.len(),
                report.pairs[0].responses,
                report.pairs[0].expected
            ),
            (1, 1, 0.8)
        );
    }

    #[test]
    fn people_count_once_however_much_they_say() {
        let report = small(1.0, true);
        assert_eq!(report.respondents, Some(3));
        assert_eq!(
            (report.themes[0].respondents, report.themes[1].respondents),
            (Some(1), Some(2))
        );
        let nobody = small(1.0, false);
        assert_eq!(
            (
                nobody.respondents,
                nobody.themes[0].respondents,
                nobody.themes[0].share_of_respondents
            ),
            (None, None, None)
        );
    }

    #[test]
    fn weights_add_shares_and_change_no_count() {
        assert_eq!(small(1.0, true).weighted, None);
        let report = small(4.0, true);
        assert_eq!(
            (report.responses, report.themes[0].share_of_responses),
            (5, 0.4)
        );
        assert_eq!(
            report.weighted,
            Some(WeightedTotals {
                responses: 8.0,
                share_uncoded: 0.125
            })
        );
        assert_eq!(report.themes[0].weighted_share, Some(0.625));
    }

    #[test]
    fn weights_that_add_up_to_one_over_a_million_answers_are_not_lost() {
        let core = Taxonomy::core();
        let n = 1_000_000;
        let weighing = |weight: f64, codings: Vec<_>| {
            let mut tally = Tally::new(&core);
            tally.add(&answer("1", None, weight), &coded(Role::Other, codings));
            tally
        };
        let budget = coding(theme(&core, "budget"), Polarity::Present, &[]);
        // A quarter names the budget. Twenty doublings of one answer are as good as a million answers.
        let mut quarter = weighing(1.0 / f64::from(n), vec![budget]);
        let mut rest = weighing(1.0 / f64::from(n), vec![]);
        rest = rest.clone().merge(rest.clone()).merge(rest);
        for _ in 0..18 {
            quarter = quarter.clone().merge(quarter);
            rest = rest.clone().merge(rest);
        }
        let report = Report::new(&quarter.merge(rest), &core);
        let total = report.weighted.unwrap();
        assert_eq!(total.responses, f64::from(1 << 20) / f64::from(n));
        assert_eq!(total.share_uncoded, 0.75);
        assert_eq!(report.themes[0].weighted_share, Some(0.25));
    }

    proptest! {
        #[test]
        fn weights_in_millionths_give_the_quotients_of_whole_numbers(part in 0..1u64 << 50, more in 1..1u64 << 50) {
            let unit = ONE / 1_000_000;
            let whole = part + more;
            let found = ratio(u128::from(part) * unit, u128::from(whole) * unit);
            prop_assert_eq!(found, part as f64 / whole as f64);
            prop_assert_eq!(ratio(u128::from(whole) * unit, ONE), whole as f64 / 1e6);
        }
    }

    #[test]
    fn answers_that_say_nothing_are_counted_among_those_without_a_theme() {
        let core = Taxonomy::core();
        let mut halves = [Tally::new(&core), Tally::new(&core)];
        for (n, text) in ["N/A", "-", "n/a", "জানি না", "the road is broken", "N/A."]
            .into_iter()
            .enumerate()
        {
            halves[n % 2].add(
                &Response::new(n.to_string(), text),
                &coded(Role::Other, vec![]),
            );
        }
        let [one, other] = halves;
        let report = Report::new(&one.merge(other), &core);
        assert_eq!((report.responses, report.coded, report.uncoded), (6, 0, 6));
        let want = NonAnswers {
            responses: 5,
            texts: vec![("N/A", 3), ("-", 1), ("জানি না", 1)],
        };
        assert_eq!(report.non_answers, want);
        let sample: Vec<&str> = report
            .uncoded_sample
            .iter()
            .map(|q| q.text.as_str())
            .collect();
        assert_eq!(sample, ["the road is broken"]);
    }

    #[test]
    fn a_report_on_nothing_is_all_zeros() {
        let core = Taxonomy::core();
        let report = Report::new(&Tally::new(&core), &core);
        assert_eq!(
            (
                report.responses,
                report.share_uncoded,
                report.themes[0].share_of_responses
            ),
            (0, 0.0, 0.0)
        );
    }
}
