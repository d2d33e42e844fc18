//! How often each theme is named in each group of answers: by district, by ministry, by question.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::respondents::Respondents;
use super::{Count, Node, One, kept, known_respondent, levels, polarity, units};
use crate::error::{Error, listed};
use crate::record::{Coded, Polarity, Response};
use crate::taxonomy::Taxonomy;
use crate::text::normalize::{self, normalize};

/// What every answer tells, be it a column or not; some have a context, which may be a question, and a respondent.
const OWN: [&str; 3] = ["role", "language", "file"];
/// How many names of columns are kept for the message that the one asked for is not there.
const MOST_NAMES: usize = 40;

/// The column by which answers are grouped: an attribute, or one of these names.
///
/// | name | what it is |
/// |---|---|
/// | `role` | the role that the answer was coded with, given or inferred |
/// | `language` | the column `language` where an answer has one, else its language form (`bn`, `en`, `bn-Latn`, `mixed`, `und`) |
/// | `question` | the column `question` where an answer has one, else its context |
/// | `context` | the context: a question's label, a heading, the column of the answer where several hold answers |
/// | `respondent` | who answered |
/// | `file` | the column `file` where an answer has one, else the file in which it stands |
///
/// Case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    name: String,
    folded: String,
}

impl By {
    /// The column of that name.
    #[must_use]
    pub fn new(column: &str) -> Self {
        Self {
            name: clean(column),
            folded: normalize::name(column),
        }
    }

    /// Its name, as it was asked for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What an answer says there: `None` where it has no such column, an empty text where the column says nothing.
    pub(super) fn of<'a>(&self, response: &'a Response, coded: &Coded) -> Option<Cow<'a, str>> {
        let own = |value: &'a Option<String>| value.as_deref().map(Cow::Borrowed);
        match self.folded.as_str() {
            "role" => return Some(coded.role.as_str().into()),
            "context" => return own(&response.context),
            "respondent" => return own(&response.respondent),
            _ => {}
        }
        let is_column = |name: &str| name == self.name || normalize::name(name) == self.folded;
        let attribute = response
            .attributes
            .iter()
            .find(|(name, _)| is_column(name))
            .map(|(_, value)| said(value));
        attribute.or_else(|| match self.folded.as_str() {
            "language" => Some(coded.language.as_str().into()),
            "question" => own(&response.context),
            "file" => Some(response.source.file.as_ref().into()),
            _ => None,
        })
    }
}

/// An attribute in words: a list or an object as JSON.
fn said(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// The clean form with single spaces, so that what looks the same is the same.
pub(super) fn clean(text: &str) -> String {
    let text = normalize(text).text;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each group of a corpus said, counted: a commutative monoid beside [`Tally`](super::Tally), with the same laws.
///
/// Values that differ in nothing but case, spaces and the way in which a letter is typed are one group, under the spelling
/// that comes first. Answers that do not tell theirs are a group of their own. [`Report::compare`](crate::Report::compare)
/// makes shares of the counts.
///
/// ```
/// use motamot::tally::{By, ByGroup};
/// use motamot::{Classifier, Report, Response, Scratch, Tally, Taxonomy};
///
/// let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
/// let taxonomy = classifier.taxonomy();
/// let (mut scratch, mut tally) = (Scratch::default(), Tally::new(taxonomy));
/// let mut districts = ByGroup::new(taxonomy, By::new("district"));
/// for (id, text, district) in [("1", "net khub slow", "Nodikul"), ("2", "জনবল নেই", "Shalbon")] {
///     let mut response = Response::new(id, text);
///     response.attributes.push(("District".into(), district.into()));
///     let coded = classifier.classify(&response, &mut scratch);
///     tally.add(&response, &coded);
///     districts.add(&response, &coded);
/// }
/// let mut report = Report::new(&tally, taxonomy);
/// report.compare(&districts, taxonomy)?;
/// let groups = report.groups.expect("just made");
/// assert_eq!(groups.groups[0].value.as_deref(), Some("Nodikul"));
/// # Ok::<(), motamot::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ByGroup {
    tree: Arc<[Node]>,
    by: By,
    /// By the value as names are compared; those that tell none under `None`.
    groups: BTreeMap<Option<String>, Group>,
    /// Whether there were more values than groups can be. Nothing is counted any more then.
    too_many: bool,
    seen: Seen,
}

/// Whether a column is there, and what else is where it is not: a commutative monoid.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    /// Whether any answer has the column.
    is_there: bool,
    /// While none has: the columns that there are, or the first of them by name.
    names: BTreeSet<String>,
    /// While none has: whether any answer has a context, and whether any has a respondent.
    has: (bool, bool),
}

/// The count of one group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// The spelling of the value that comes first; empty where it is not told.
    pub(crate) value: String,
    pub(crate) all: Count,
    pub(crate) coded: u64,
    pub(crate) themes: Vec<Count>,
    respondents: Respondents,
    /// Answers that do not tell who gave them, and how many of those name each theme.
    pub(crate) anonymous: u64,
    pub(crate) anonymous_themes: Vec<u64>,
}

impl ByGroup {
    /// How many different values a column may have to be one by which answers are grouped.
    pub const MOST_GROUPS: usize = 100;

    /// The tally of nothing, for codings by `taxonomy`.
    #[must_use]
    pub fn new(taxonomy: &Taxonomy, by: By) -> Self {
        Self {
            tree: kept(taxonomy),
            by,
            groups: BTreeMap::new(),
            too_many: false,
            seen: Seen::default(),
        }
    }

    /// Counts one response and what it was coded with, in the way of [`Tally::add`](super::Tally::add).
    ///
    /// # Panics
    /// When a coding names a theme that the tally's taxonomy does not have.
    pub fn add(&mut self, response: &Response, coded: &Coded) {
        if response.moderator || self.too_many {
            return;
        }
        let value = self.by.of(response, coded);
        self.seen.note(response, value.is_some());
        let value = value.map(|value| clean(&value)).unwrap_or_default();
        let key = Some(normalize::name(&value)).filter(|key| !key.is_empty());
        let n = self.tree.len();
        let group = self.groups.entry(key);
        let group = group.or_insert_with(|| Group::new(value.clone(), n));
        if value < group.value {
            group.value = value;
        }
        group.add(response, coded, &self.tree);
        self.keep_bounds();
    }

    /// Both tallies as one.
    ///
    /// # Panics
    /// When they are of different taxonomies or columns.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        assert_eq!(
            (&self.tree, &self.by),
            (&other.tree, &other.by),
            "tallies of different taxonomies or columns do not add up"
        );
        self.too_many |= other.too_many;
        self.seen.merge(other.seen);
        for (key, group) in other.groups {
            match self.groups.remove(&key) {
                Some(own) => self.groups.insert(key, own.merge(group)),
                None => self.groups.insert(key, group),
            };
        }
        self.keep_bounds();
        self
    }

    /// What is kept hangs on all that was counted, never on its order: whoever counts more values than are allowed in any
    /// part counts them in the whole.
    fn keep_bounds(&mut self) {
        let told = self.groups.len() - usize::from(self.groups.contains_key(&None));
        self.too_many |= told > Self::MOST_GROUPS;
        if self.too_many {
            self.groups.clear();
        }
    }

    /// The name of the column.
    #[must_use]
    pub fn name(&self) -> &str {
        self.by.name()
    }

    /// Whether the column makes groups, as far as was counted; no more answers help where it has too many values.
    ///
    /// # Errors
    /// When there are more than [`MOST_GROUPS`](Self::MOST_GROUPS) values.
    pub fn is_bounded(&self) -> Result<(), Error> {
        if !self.too_many {
            return Ok(());
        }
        Err(Error::groups(format!(
            "the column `{}` has more than {} different values, which are too many groups to compare; take a column with fewer, \
             or bring the spellings of one value together",
            self.by.name(),
            Self::MOST_GROUPS
        )))
    }

    /// The groups, largest first, ties by value; in the end that of answers that do not tell theirs.
    pub(crate) fn groups(&self) -> Result<Vec<&Group>, Error> {
        self.is_bounded()?;
        if !self.seen.is_there && !self.groups.is_empty() {
            return Err(self.seen.missing(self.by.name(), "to group by"));
        }
        let mut groups: Vec<(&Option<String>, &Group)> = self.groups.iter().collect();
        // The sort is stable and the map ordered, so ties are too.
        groups.sort_by_key(|(key, g)| (key.is_none(), std::cmp::Reverse(g.all.responses())));
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }
}

impl Seen {
    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }

    /// Notes an answer, and whether it has the column.
    pub(super) fn note(&mut self, response: &Response, has_column: bool) {
        self.is_there |= has_column;
        if !self.is_there {
            self.has.0 |= response.context.is_some();
            self.has.1 |= response.respondent.is_some();
            let names = response.attributes.iter().map(|(name, _)| name.clone());
            self.names.extend(names);
        }
        self.keep_bounds();
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.is_there |= other.is_there;
        self.names.extend(other.names);
        self.has.0 |= other.has.0;
        self.has.1 |= other.has.1;
        self.keep_bounds();
    }

    fn keep_bounds(&mut self) {
        if self.is_there {
            self.names.clear();
            self.has = (false, false);
        }
        while self.names.len() > MOST_NAMES {
            self.names.pop_last();
        }
    }

    /// The error that no answer has the column `name`, which was asked for `to` something.
    pub(super) fn missing(&self, name: &str, to: &str) -> Error {
        let (context, respondent) = self.has;
        let context = ["question", "context"].into_iter().filter(|_| context);
        let respondent = respondent.then_some("respondent");
        let own: Vec<&str> = OWN.into_iter().chain(context).chain(respondent).collect();
        let own = listed(own.into_iter());
        Error::groups(match self.names.is_empty() {
            true => format!(
                "no column `{name}` {to}: the answers have no columns of their own; take one of {own}"
            ),
            false => format!(
                "no column `{name}` {to} among {}; check the name, or take one of {own}",
                listed(self.names.iter())
            ),
        })
    }
}

impl Group {
    fn new(value: String, themes: usize) -> Self {
        Self {
            value,
            all: Count::new(0),
            coded: 0,
            themes: vec![Count::new(0); themes],
            respondents: Respondents::default(),
            anonymous: 0,
            anonymous_themes: vec![0; themes],
        }
    }

    fn add(&mut self, response: &Response, coded: &Coded, tree: &[Node]) {
        let one = One {
            response,
            length: 0,
            role: coded.role,
            weight: units(response.weight),
        };
        self.all.add(&one, Polarity::Present, 0);
        self.coded += u64::from(!coded.codings.is_empty());
        let levels = levels(coded, tree);
        for group in levels.chunk_by(|a, b| a.0 == b.0) {
            self.themes[usize::from(group[0].0.0)].add(&one, polarity(group), 0);
        }
        let named = levels.chunk_by(|a, b| a.0 == b.0).map(|group| group[0].0);
        match known_respondent(response) {
            Some(name) => self.respondents.add(&name, tree.len(), named),
            None => {
                self.anonymous += 1;
                named.for_each(|theme| self.anonymous_themes[usize::from(theme.0)] += 1);
            }
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.value = self.value.min(other.value);
        self.all.merge(other.all);
        self.coded += other.coded;
        for (count, other) in self.themes.iter_mut().zip(other.themes) {
            count.merge(other);
        }
        self.respondents.merge(other.respondents);
        self.anonymous += other.anonymous;
        for (n, other) in self.anonymous_themes.iter_mut().zip(other.anonymous_themes) {
            *n += other;
        }
        self
    }

    /// How many different people are known to stand in it.
    pub(crate) fn respondents(&self) -> u64 {
        self.respondents.len()
    }

    /// How many of them name each theme.
    pub(crate) fn respondents_by_theme(&self) -> Vec<u64> {
        self.respondents.by_theme(self.themes.len())
    }

    /// Whether anybody is known to stand in two of the groups.
    pub(crate) fn overlap(groups: &[&Self]) -> bool {
        let mut all = Respondents::default();
        groups.iter().for_each(|g| all.merge(g.respondents.clone()));
        all.len() < groups.iter().map(|g| g.respondents()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CORE, answers, coded, coding, theme};
    use super::*;
    use crate::record::Role;
    use proptest::prelude::*;
    use serde_json::json;

    fn response(id: &str, attributes: &[(&str, Value)]) -> Response {
        let mut response = Response::new(id, "no budget");
        let own = attributes.iter().map(|(n, v)| ((*n).to_owned(), v.clone()));
        response.attributes = own.collect();
        response
    }

    fn by(column: &str, responses: &[Response]) -> ByGroup {
        let mut by = ByGroup::new(&CORE, By::new(column));
        let budget = coding(theme(&CORE, "budget"), Polarity::Present, &[]);
        let coded = coded(Role::Challenge, vec![budget]);
        responses.iter().for_each(|r| by.add(r, &coded));
        by
    }

    /// Values and sizes.
    fn groups(by: &ByGroup) -> Vec<(&str, u64)> {
        let groups = by.groups().unwrap();
        groups
            .iter()
            .map(|g| (g.value.as_str(), g.all.responses()))
            .collect()
    }

    #[test]
    fn what_looks_the_same_is_one_group_and_what_is_not_told_comes_last() {
        let values = [
            json!("ময়মনসিংহ"),
            json!("ম\u{09af}\u{09bc}মনসিংহ "),
            json!("dhaka"),
            json!(" Dhaka"),
            json!("Dhaka\u{a0}"),
            json!(""),
            Value::Null,
            json!("  "),
            json!(7),
            json!(true),
        ];
        let mut answers: Vec<Response> = values
            .into_iter()
            .map(|v| response("r", &[("District", v)]))
            .collect();
        answers.push(response("r", &[("other", json!("x"))]));
        let by = by("district ", &answers);
        let found = groups(&by);
        assert_eq!(found.len(), 5, "{found:?}");
        assert_eq!(found[0], ("Dhaka", 3));
        assert_eq!(found[1].1, 2, "{found:?}");
        assert_eq!(found[2..], [("7", 1), ("true", 1), ("", 4)]);
    }

    #[test]
    fn names_of_ours_are_what_was_read_and_columns_of_the_input_come_first() {
        let mut one = response("1", &[("Language", json!("Rangpuri"))]);
        one.context = Some("What is hard?".into());
        let two = response("2", &[("question", json!("What helps?"))]);
        let both = [one, two];
        for (column, want) in [
            ("role", &[("challenge", 2)][..]),
            ("language", &[("en", 1), ("Rangpuri", 1)]),
            ("question", &[("What helps?", 1), ("What is hard?", 1)]),
            ("context", &[("What is hard?", 1), ("", 1)]),
            ("FILE", &[("-", 2)]),
        ] {
            assert_eq!(groups(&by(column, &both)), want, "{column}");
        }
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_those_that_are() {
        let answers = [
            response("1", &[("upazila", json!("Ulipur")), ("age", json!(3))]),
            response("2", &[]),
        ];
        let fault = by("district", &answers).groups().unwrap_err();
        assert!(fault.is_groups());
        let fault = fault.to_string();
        assert!(
            fault.starts_with("no column `district` to group by among `age`, `upazila`; check"),
            "{fault}"
        );
        let fault = by("respondent", &answers[1..]).groups().unwrap_err();
        assert!(
            fault.to_string().contains("no columns of their own"),
            "{fault}"
        );
        assert!(by("district", &[]).groups().unwrap().is_empty());
        // What is proposed is there.
        let mut told = response("3", &[("speaker", json!("Rina"))]);
        told.respondent = Some("Rina".into());
        let fault = by("question", &[told.clone()]).groups().unwrap_err();
        assert_eq!(
            fault.to_string(),
            "no column `question` to group by among `speaker`; check the name, or take one of `role`, `language`, `file`, `respondent`"
        );
        told.context = Some("Hat day".into());
        let fault = by("district", &[told]).groups().unwrap_err().to_string();
        assert!(
            fault.ends_with("`file`, `question`, `context`, `respondent`"),
            "{fault}"
        );
    }

    #[test]
    fn a_column_of_many_values_is_refused_at_the_first_too_many() {
        let answers: Vec<Response> = (0..=ByGroup::MOST_GROUPS)
            .map(|n| response("r", &[("id no", json!(n))]))
            .chain([response("r", &[])])
            .collect();
        assert_eq!(groups(&by("id no", &answers[1..])).len(), 101);
        let all = by("id no", &answers);
        let fault = all.is_bounded().unwrap_err().to_string();
        assert!(fault.contains("the column `id no` has more than 100"));
        assert!(all.groups().is_err());
    }

    #[test]
    fn people_are_counted_once_in_each_group() {
        let said = |who: Option<&str>, place: &str| {
            let mut response = response("r", &[("place", json!(place))]);
            response.respondent = who.map(str::to_owned);
            response
        };
        let answers = [
            said(Some("a"), "x"),
            said(Some(" A"), "x"),
            said(Some("a"), "y"),
            said(None, "x"),
            said(Some(" "), "x"),
        ];
        let by = by("place", &answers);
        let groups = by.groups().unwrap();
        let budget = usize::from(theme(&CORE, "budget").0);
        let people = |g: &Group| (g.respondents(), g.respondents_by_theme()[budget]);
        assert_eq!((people(groups[0]), people(groups[1])), ((1, 1), (1, 1)));
        assert_eq!(
            (groups[0].anonymous, groups[0].anonymous_themes[budget]),
            (2, 2)
        );
    }

    proptest! {
        #[test]
        fn any_grouping_and_any_order_give_the_same_groups(all in answers(&CORE), values in 1..130usize, column in 0..3usize, i in any::<prop::sample::Index>(), j in any::<prop::sample::Index>()) {
            let mut all = all;
            for (n, (response, _)) in all.iter_mut().enumerate() {
                let value = [json!(format!("V{}", n % values)), json!(format!("v{}", n % values)), json!("")][n % 7 % 3].clone();
                response.attributes = vec![(format!("c{}", n % 50), json!(n)), ("Group".into(), value)];
            }
            let column = ["group", "not there", "role"][column];
            let of = |answers: &[(Response, Coded)]| {
                let mut by = ByGroup::new(&CORE, By::new(column));
                answers.iter().for_each(|(response, coded)| by.add(response, coded));
                by
            };
            let (i, j) = (i.index(all.len() + 1), j.index(all.len() + 1));
            let (i, j) = (i.min(j), i.max(j));
            let whole = of(&all);
            let (a, b, c) = (of(&all[..i]), of(&all[i..j]), of(&all[j..]));
            prop_assert_eq!(&a.clone().merge(b.clone()).merge(c.clone()), &whole);
            prop_assert_eq!(&a.clone().merge(b.clone().merge(c.clone())), &whole);
            prop_assert_eq!(&c.merge(a).merge(b), &whole);
            prop_assert_eq!(&whole.clone().merge(of(&[])), &whole);
            prop_assert_eq!(&of(&[]).merge(whole.clone()), &whole);
            all.reverse();
            prop_assert_eq!(&of(&all), &whole);
        }
    }
}
