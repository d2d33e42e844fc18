//! Which answers are asked for: those of one district, those without a certain role.

use std::collections::BTreeSet;

use super::groups::{By, Seen, clean};
use crate::error::{Error, listed, shown};
use crate::record::{Coded, Response};
use crate::text::normalize;

/// How many values of a column are kept for the message that the one asked for is not there.
const MOST_VALUES: usize = 40;
/// In how many ways a condition is read at most.
const MOST_READINGS: usize = 8;

/// Conditions on columns, all of which an answer must meet, and what they leave out: a commutative monoid beside
/// [`Tally`](super::Tally), with the same laws.
///
/// A condition is `COLUMN=VALUE` or `COLUMN!=VALUE`, of a column as [`By`] knows them. Values that differ in nothing but case,
/// spaces and the way in which a letter is typed are the same, as in [`ByGroup`](super::ByGroup). An answer that tells none has the
/// empty value: `COLUMN=` asks for such, and `COLUMN!=VALUE` does not leave them out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    conditions: Vec<Condition>,
    admitted: u64,
    left_out: u64,
}

/// A condition in all the ways in which it can be read: columns may have a `=` in their names ('Sex (1=M 2=F)').
#[derive(Clone, Debug, PartialEq)]
struct Condition {
    /// One at least; the shortest name of a column first.
    readings: Vec<Reading>,
}

#[derive(Clone, Debug, PartialEq)]
struct Reading {
    by: By,
    value: String,
    /// The value as values are compared.
    key: String,
    is_not: bool,
    /// Whether any answer meets it.
    is_met: bool,
    seen: Seen,
    /// While none does: the values that there are, or the first of them.
    values: BTreeSet<String>,
}

impl Filter {
    /// One that has seen nothing yet; without conditions it admits all.
    ///
    /// # Errors
    /// When a condition has no column or no `=`.
    pub fn new(conditions: &[impl AsRef<str>]) -> Result<Self, Error> {
        let conditions = conditions.iter().map(|c| Condition::new(c.as_ref()));
        Ok(Self {
            conditions: conditions.collect::<Result<_, _>>()?,
            ..Self::default()
        })
    }

    /// Whether it asks for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The conditions, as they are read.
    pub fn conditions(&self) -> impl Iterator<Item = String> {
        self.conditions.iter().map(|c| c.reading().told())
    }

    /// Whether the response meets all conditions. A moderator's turn, which is no answer, is not counted.
    pub fn admits(&mut self, response: &Response, coded: &Coded) -> bool {
        let mut is_met = true;
        for condition in &mut self.conditions {
            is_met &= condition.is_met_by(response, coded);
        }
        if !response.moderator {
            self.admitted += u64::from(is_met);
            self.left_out += u64::from(!is_met);
        }
        is_met
    }

    /// Both as one.
    ///
    /// # Panics
    /// When they have different conditions.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        assert_eq!(
            self.conditions.len(),
            other.conditions.len(),
            "filters of different conditions do not add up"
        );
        for (condition, other) in self.conditions.iter_mut().zip(other.conditions) {
            condition.merge(other);
        }
        self.admitted += other.admitted;
        self.left_out += other.left_out;
        self
    }

    /// How many answers were admitted.
    #[must_use]
    pub fn admitted(&self) -> u64 {
        self.admitted
    }

    /// How many answers were left out.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether what was asked for can have been meant.
    ///
    /// # Errors
    /// When no answer has a column of a condition, or none is left of those that there were.
    pub fn check(&self) -> Result<(), Error> {
        if self.admitted + self.left_out == 0 {
            return Ok(());
        }
        let mut read = self.conditions.iter().map(Condition::reading);
        if let Some(reading) = read.clone().find(|r| !r.seen.is_there()) {
            return Err(reading.seen.missing(reading.by.name(), "to choose by"));
        }
        if self.admitted > 0 {
            return Ok(());
        }
        Err(Error::groups(match read.find(|r| !r.is_met) {
            Some(reading) => format!(
                "no answer has `{}`; the column has {}: check the value",
                shown(&reading.told()),
                listed(reading.values.iter())
            ),
            None => "no answer meets all conditions at once; ask for fewer".into(),
        }))
    }
}

impl Condition {
    fn new(text: &str) -> Result<Self, Error> {
        let signs = text.match_indices('=').map(|(at, _)| at);
        let readings = signs.filter_map(|at| Reading::new(&text[..at], &text[at + 1..]));
        let readings: Vec<Reading> = readings.take(MOST_READINGS).collect();
        if readings.is_empty() {
            return Err(Error::groups(format!(
                "'{}' is no condition; write COLUMN=VALUE or COLUMN!=VALUE",
                shown(text)
            )));
        }
        Ok(Self { readings })
    }

    /// The one whose column was met, the longest name before others.
    fn reading(&self) -> &Reading {
        let mut met = self.readings.iter().rev().filter(|r| r.seen.is_there());
        met.next().unwrap_or(&self.readings[0])
    }

    fn is_met_by(&mut self, response: &Response, coded: &Coded) -> bool {
        let told: Vec<(bool, bool)> = (self.readings.iter_mut())
            .map(|reading| reading.is_met_by(response, coded))
            .collect();
        let there = told.iter().rev().find(|(is_there, _)| *is_there);
        there.unwrap_or(&told[0]).1
    }

    fn merge(&mut self, other: Self) {
        for (reading, other) in self.readings.iter_mut().zip(other.readings) {
            reading.merge(other);
        }
    }
}

impl Reading {
    /// `None` where the column has no name.
    fn new(column: &str, value: &str) -> Option<Self> {
        let bare = column.strip_suffix('!');
        let (column, value) = (bare.unwrap_or(column), clean(value));
        (!column.trim().is_empty()).then(|| Self {
            by: By::new(column),
            key: normalize::name(&value),
            value,
            is_not: bare.is_some(),
            is_met: false,
            seen: Seen::default(),
            values: BTreeSet::new(),
        })
    }

    fn told(&self) -> String {
        let sign = if self.is_not { "!=" } else { "=" };
        format!("{}{sign}{}", self.by.name(), self.value)
    }

    /// Whether the answer has the column, and whether it meets the condition.
    fn is_met_by(&mut self, response: &Response, coded: &Coded) -> (bool, bool) {
        let value = self.by.of(response, coded);
        let own = value.as_deref().map(clean).unwrap_or_default();
        let is_met = (normalize::name(&own) == self.key) != self.is_not;
        if response.moderator {
            return (value.is_some(), is_met);
        }
        self.seen.note(response, value.is_some());
        self.is_met |= is_met;
        if !self.is_met && !own.is_empty() {
            self.values.insert(own);
        }
        self.keep_bounds();
        (value.is_some(), is_met)
    }

    fn merge(&mut self, other: Self) {
        self.is_met |= other.is_met;
        self.seen.merge(other.seen);
        self.values.extend(other.values);
        self.keep_bounds();
    }

    fn keep_bounds(&mut self) {
        if self.is_met {
            self.values.clear();
        }
        while self.values.len() > MOST_VALUES {
            self.values.pop_last();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CORE, answers, coded};
    use super::*;
    use crate::record::Role;
    use proptest::prelude::*;

    /// Of answers from these districts (none told where it is empty) those that are admitted, and the fault.
    fn chosen<'d>(conditions: &[&str], districts: &[&'d str]) -> (Vec<&'d str>, Option<String>) {
        let mut filter = Filter::new(conditions).unwrap();
        let coded = coded(Role::Challenge, vec![]);
        let of = |district: &&&str| {
            let mut response = Response::new("r", "a");
            if !district.is_empty() {
                response.attributes = vec![("District".into(), (**district).into())];
            }
            filter.admits(&response, &coded)
        };
        let left = districts.iter().filter(of).copied().collect();
        (left, filter.check().err().map(|fault| fault.to_string()))
    }

    #[test]
    fn all_conditions_must_hold_and_values_fold() {
        let all = ["Dhaka", "dhaka ", "Cox's  Bazar", "", "ময়মনসিংহ"];
        let left = |conditions: &[&str]| match chosen(conditions, &all) {
            (left, None) => left,
            (_, fault) => panic!("{fault:?}"),
        };
        assert_eq!(left(&["district=DHAKA"]), ["Dhaka", "dhaka "]);
        assert_eq!(left(&[" district = cox's bazar"]), ["Cox's  Bazar"]);
        assert_eq!(left(&["district=ম\u{09af}\u{09bc}মনসিংহ"]), ["ময়মনসিংহ"]);
        assert_eq!(
            left(&["district!=Dhaka", "District!="]),
            ["Cox's  Bazar", "ময়মনসিংহ"]
        );
        assert_eq!(left(&["district="]), [""]);
        assert_eq!(left(&["role=challenge", "district!=Dhaka"]).len(), 3);
        assert_eq!(left(&[]).len(), 5);
    }

    #[test]
    fn what_cannot_have_been_meant_is_told() {
        let fault = |conditions: &[&str], all: &[&str]| chosen(conditions, all).1.unwrap();
        let all = ["Dhaka", "Khulna", ""];
        assert_eq!(
            fault(&["distrct!=Dhaka"], &all),
            "no column `distrct` to choose by among `District`; check the name, or take one of `role`, `language`, `file`"
        );
        assert_eq!(
            fault(&["district=Dhka"], &all),
            "no answer has `district=Dhka`; the column has `Dhaka`, `Khulna`: check the value"
        );
        assert!(fault(&["district=Dhaka", "district=Khulna"], &all).contains("at once"));
        assert_eq!(chosen(&["district=Dhaka"], &[]).1, None);
        for wrong in ["district", "=Dhaka", " !=Dhaka"] {
            let fault = Filter::new(&[wrong]).unwrap_err().to_string();
            assert!(fault.contains("write COLUMN=VALUE"), "{fault}");
        }
    }

    proptest! {
        #[test]
        fn any_grouping_chooses_the_same(all in answers(&CORE), cut in any::<prop::sample::Index>()) {
            let none = Filter::new(&["respondent=p1", "role!=other"]).unwrap();
            let of = |part: &[(Response, Coded)]| {
                let mut filter = none.clone();
                part.iter().for_each(|(response, coded)| {
                    filter.admits(response, coded);
                });
                filter
            };
            let (one, other) = all.split_at(cut.index(all.len() + 1));
            let whole = of(&all);
            prop_assert_eq!(&of(one).merge(of(other)), &whole);
            prop_assert_eq!(&of(other).merge(of(one)), &whole);
            prop_assert_eq!(&none.clone().merge(whole.clone()), &whole);
        }
    }
}
