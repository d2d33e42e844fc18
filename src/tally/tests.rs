//! What a tally must count, and the laws that it must keep.

use super::*;
use crate::record::{Evidence, Origin, TermId};
use proptest::prelude::*;

/// The theme of that code.
pub(crate) fn theme(taxonomy: &Taxonomy, code: &str) -> ThemeId {
    ThemeId(
        taxonomy
            .themes()
            .iter()
            .position(|t| t.code == code)
            .expect("a theme of the core taxonomy") as u16,
    )
}

/// A coding that rests on these bytes.
pub(crate) fn coding(theme: ThemeId, polarity: Polarity, spans: &[(usize, usize)]) -> Coding {
    Coding {
        theme,
        polarity,
        score: 0.9,
        origin: Origin::Rules,
        evidence: spans
            .iter()
            .map(|&(start, end)| Evidence {
                span: Span::new(start, end),
                term: TermId(0),
            })
            .collect(),
        weighed: Vec::new(),
    }
}

/// Codings of one response.
pub(crate) fn coded(role: Role, codings: Vec<Coding>) -> Coded {
    Coded {
        language: Language::English,
        role,
        role_given: false,
        codings,
    }
}

/// A subtheme of manpower, whatever the built-in taxonomy calls it.
pub(crate) fn below(taxonomy: &Taxonomy, parent: ThemeId, nth: usize) -> ThemeId {
    let at = taxonomy
        .themes()
        .iter()
        .enumerate()
        .filter(|(_, t)| t.parent == Some(parent))
        .nth(nth)
        .expect("a subtheme")
        .0;
    ThemeId(at as u16)
}

#[test]
fn rows_without_words_are_told_among_the_rejects() {
    let reject = |kind| Reject {
        source: Response::new("", "").source,
        kind,
        cause: String::new(),
        bytes: Vec::new(),
    };
    let mut tally = Tally::new(&CORE);
    tally.add_reject(&reject(RejectKind::Empty));
    tally.add_reject(&reject(RejectKind::Unreadable));
    let both = tally.clone().merge(tally);
    assert_eq!((both.rejects(), both.empty), (4, 2));
}

#[test]
fn a_theme_counts_once_a_response_and_its_mentions_each_time() {
    let core = Taxonomy::core();
    let manpower = theme(&core, "manpower");
    let (one, two) = (below(&core, manpower, 0), below(&core, manpower, 1));
    let mut tally = Tally::new(&core);
    let text = "staff short, staff untrained, staff gone";
    tally.add(
        &Response::new("r1", text),
        &coded(
            Role::Challenge,
            vec![
                coding(one, Polarity::Present, &[(0, 5), (13, 18)]),
                coding(two, Polarity::Absent, &[(13, 18), (30, 35)]),
            ],
        ),
    );
    let top = &tally.themes[usize::from(manpower.0)];
    assert_eq!(
        (top.responses(), top.mentions),
        (1, 3),
        "the stretch that both subthemes rest on is one mention"
    );
    assert_eq!(
        top.cells[Role::Challenge as usize],
        [1, 0, 0],
        "a problem that stands in one point stands"
    );
    assert_eq!(
        tally.themes[usize::from(two.0)].cells[Role::Challenge as usize],
        [0, 1, 0]
    );
    assert!(
        tally.pairs.is_empty(),
        "a theme does not occur together with itself"
    );
}

#[test]
fn an_answer_with_one_problem_is_a_complaint() {
    let core = Taxonomy::core();
    let given = |polarities: &[Polarity]| {
        let themes = ["budget", "manpower"].iter().zip(polarities);
        themes
            .map(|(code, &polarity)| coding(theme(&core, code), polarity, &[]))
            .collect::<Vec<_>>()
    };
    let mut tally = Tally::new(&core);
    use Polarity::{Absent, Present, Resolved};
    for polarities in [
        &[][..],
        &[Present],
        &[Absent],
        &[Absent, Resolved],
        &[Resolved, Present],
    ] {
        let answer = Response::new("r", "a");
        tally.add(&answer, &coded(Role::Other, given(polarities)));
    }
    assert_eq!(tally.clone().merge(tally).no_problem, 4);
}

#[test]
fn a_coding_of_the_model_alone_is_still_one_mention() {
    let core = Taxonomy::core();
    let budget = theme(&core, "budget");
    let mut tally = Tally::new(&core);
    tally.add(
        &Response::new("r1", "nothing left by March"),
        &coded(
            Role::Challenge,
            vec![coding(budget, Polarity::Present, &[])],
        ),
    );
    assert_eq!(tally.themes[usize::from(budget.0)].mentions, 1);
}

#[test]
fn a_moderators_turn_is_no_answer() {
    let core = Taxonomy::core();
    let mut tally = Tally::new(&core);
    let mut turn = Response::new("t1", "Is there a shortage of staff?");
    turn.moderator = true;
    tally.add(&turn, &coded(Role::Other, Vec::new()));
    assert_eq!(
        (tally.responses(), tally.uncoded(), tally.moderator_turns),
        (0, 0, 1)
    );
}

#[test]
fn one_text_speaks_once_and_a_sentence_speaks_before_a_word() {
    let core = Taxonomy::core();
    let budget = theme(&core, "budget");
    let mut tally = Tally::new(&core);
    for (id, text) in [
        ("a", "Budget"),
        ("c", "Budget"),
        ("b", "There is no budget line for publicity work"),
    ] {
        tally.add(
            &Response::new(id, text),
            &coded(
                Role::Challenge,
                vec![coding(budget, Polarity::Present, &[])],
            ),
        );
    }
    let ids: Vec<&str> = tally.themes[usize::from(budget.0)]
        .quotes()
        .iter()
        .map(|q| q.id.as_str())
        .collect();
    assert_eq!(ids, ["b", "a"]);
}

#[test]
fn odd_weights_weigh_nothing_and_break_nothing() {
    assert_eq!(
        [1.0, 0.5, 1e-7, 1e-13, 0.0, -3.0].map(units),
        [ONE, ONE / 2, 100_000, 0, 0, 0]
    );
    assert_eq!([f64::NAN, f64::NEG_INFINITY].map(units), [0, 0]);
    assert_eq!(units(f64::INFINITY), units(1e12));
}

/// A taxonomy of two themes of these codes.
fn two_themes(codes: [&str; 2]) -> Taxonomy {
    let theme = |code| {
        format!("[[theme]]\ncode = \"{code}\"\nlabel = {{ en = \"T\" }}\nterms = [\"{code}\"]\n")
    };
    let source = format!("name = \"x\"\n{}", codes.map(theme).concat());
    Taxonomy::from_toml("x.toml", &source).unwrap()
}

#[test]
#[should_panic(expected = "tallies of different taxonomies do not add up")]
fn tallies_of_other_themes_do_not_add_up_though_there_are_as_many() {
    let [one, other] = [["road", "bridge"], ["road", "school"]].map(two_themes);
    let _ = Tally::new(&one).merge(Tally::new(&other));
}

#[test]
#[should_panic(expected = "the tally is of another taxonomy")]
fn no_report_gives_counts_the_names_of_other_themes() {
    let [one, other] = [["road", "bridge"], ["bridge", "road"]].map(two_themes);
    let _ = crate::Report::new(&Tally::new(&one), &other);
}

#[test]
fn tallies_of_one_taxonomy_read_twice_add_up() {
    let [one, again] = [["road", "bridge"]; 2].map(two_themes);
    let sum = Tally::new(&one).merge(Tally::new(&again));
    assert_eq!(crate::Report::new(&sum, &again).themes.len(), 2);
}

pub(crate) type Answer = (Response, Coded);

pub(crate) fn answers(taxonomy: &Taxonomy) -> impl Strategy<Value = Vec<Answer>> {
    // Few themes and many texts, so that lists of quotes run over.
    let themes = taxonomy.themes().len().min(6) as u16;
    let coding = (
        0..themes,
        0..3usize,
        0..=10u8,
        prop::collection::vec(0..4usize, 0..3),
    );
    let answer = (
        0..9u8,
        0..30u8,
        0..4usize,
        prop::option::of(0..4u8),
        0..3u8,
        prop::bool::weighted(0.1),
        prop::collection::vec(coding, 0..4),
    );
    let answer = answer.prop_map(|(id, text, role, who, weight, moderator, codings)| {
        let mut response = Response::new(format!("r{id}"), "নাই ".repeat(usize::from(text) * 4));
        response.respondent = who.map(|w| format!("p{w}"));
        response.weight = [1.0, 0.5, 1e-7 / 3.0][usize::from(weight)];
        response.moderator = moderator;
        let codings = codings.into_iter().map(|(t, polarity, score, spans)| {
            let spans: Vec<_> = spans.into_iter().map(|s| (s, s + 2)).collect();
            Coding {
                score: f32::from(score) / 10.0,
                ..tests::coding(ThemeId(t), Polarity::ALL[polarity], &spans)
            }
        });
        (response, coded(Role::ALL[role], codings.collect()))
    });
    prop::collection::vec(answer, 0..120)
}

fn tally_of(taxonomy: &Taxonomy, answers: &[Answer]) -> Tally {
    let mut tally = Tally::new(taxonomy);
    answers
        .iter()
        .for_each(|(response, coded)| tally.add(response, coded));
    tally
}

/// Read once: a property looks at it hundreds of times.
pub(crate) static CORE: std::sync::LazyLock<Taxonomy> = std::sync::LazyLock::new(Taxonomy::core);

proptest! {
    #[test]
    fn any_grouping_and_any_order_give_the_same_tally(all in answers(&CORE), i in any::<prop::sample::Index>(), j in any::<prop::sample::Index>()) {
        let core = &*CORE;
        let (i, j) = (i.index(all.len() + 1), j.index(all.len() + 1));
        let (i, j) = (i.min(j), i.max(j));
        let whole = tally_of(core, &all);
        let part = |from: usize, to: usize| tally_of(core, &all[from..to]);
        let (a, b, c) = (part(0, i), part(i, j), part(j, all.len()));
        prop_assert_eq!(&a.clone().merge(b.clone()).merge(c.clone()), &whole);
        prop_assert_eq!(&a.clone().merge(b.clone().merge(c.clone())), &whole);
        prop_assert_eq!(&c.merge(a).merge(b), &whole);
        prop_assert_eq!(&whole.clone().merge(Tally::new(core)), &whole);
        prop_assert_eq!(&Tally::new(core).merge(whole.clone()), &whole);
        let mut backwards = all.clone();
        backwards.reverse();
        prop_assert_eq!(&tally_of(core, &backwards), &whole);
    }
}
