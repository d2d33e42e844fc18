//! Columns that the caller names, where a file calls them otherwise than the readers do.

use std::collections::BTreeSet;

use super::NO_TEXT;
use super::cues::fold_name;
use super::draft::Column;
use crate::error::{listed, shown};

/// Columns of tables and JSON by name; case and white space do not matter. Where several columns of a table have one name, the
/// second is `name#2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Columns {
    /// Those that hold answers, in place of `text`. Each cell with words is an answer; the column's name is its context where
    /// the row has none, and, where there are several such columns, ends its id.
    pub text: Vec<String>,
    /// The one that holds the id, in place of `id`.
    pub id: Option<String>,
    /// The one that tells who answered, in place of `respondent`. It may be that of the id.
    pub respondent: Option<String>,
    /// Whether rows are codings, to be handed to [`codings`](super::codings). An attribute in the `attributes` of a JSON object is
    /// then called `attribute.NAME`, as in a table, so that none passes for a column of the row.
    pub of_codings: bool,
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.text.iter().chain(&self.id).chain(&self.respondent)
    }

    /// The first of the columns that is not among these names.
    pub(super) fn missing(&self, names: &[String]) -> Option<&str> {
        let is_there = |column: &&String| names.iter().any(|name| same(name, column));
        self.all().find(|c| !is_there(c)).map(String::as_str)
    }

    /// The names with those numbered that were asked for by number.
    #[cfg(feature = "formats")]
    pub(super) fn numbered(&self, names: &[String]) -> Vec<String> {
        let mut names = names.to_vec();
        self.number(&mut names);
        names
    }

    /// How many of the columns are among these names.
    #[cfg(feature = "formats")]
    pub(super) fn n_among(&self, names: &[String]) -> usize {
        let names = self.numbered(names);
        let is_there = |column: &&String| names.iter().any(|name| same(name, column));
        self.all().filter(is_there).count()
    }

    /// Those of the columns that are among these names.
    #[cfg(feature = "formats")]
    pub(super) fn among(&self, names: &[String]) -> Self {
        let names = self.numbered(names);
        let is_there = |column: &String| names.iter().any(|name| same(name, column));
        Self {
            text: (self.text.iter().filter(|c| is_there(c)).cloned()).collect(),
            id: self.id.clone().filter(is_there),
            respondent: self.respondent.clone().filter(is_there),
            of_codings: self.of_codings,
        }
    }

    /// Calls a column `name#2` that is the second of its name, where it was asked for by that.
    #[cfg(feature = "formats")]
    pub(super) fn number(&self, names: &mut [String]) {
        let header = names.to_vec();
        for asked in self.all() {
            let Some((name, nth)) = asked.rsplit_once('#') else {
                continue;
            };
            let nth = nth.trim().parse().unwrap_or(0_usize).checked_sub(1);
            let is_there = header.iter().any(|own| same(own, asked));
            let place = nth.filter(|_| !is_there).and_then(|nth| {
                let of_name = |&at: &usize| same(&header[at], name);
                (0..header.len()).filter(of_name).nth(nth)
            });
            if let Some(place) = place {
                names[place] = format!("{}#{}", header[place], nth.unwrap_or(0) + 1);
            }
        }
    }

    /// Why it is not known which column is meant, where one that holds answers (`text`: by its usual name), ids or respondents
    /// has the name of another.
    #[cfg(feature = "formats")]
    pub(super) fn doubled(&self, names: &[String], text: Option<&str>) -> Option<String> {
        let id = self.id.as_deref().unwrap_or("id");
        let respondent = self.respondent.as_deref().unwrap_or("respondent");
        let asked = self.text.iter().map(String::as_str).chain(text);
        asked.chain([id, respondent]).find_map(|asked| {
            let of_name = |&at: &usize| same(&names[at], asked);
            let places: Vec<usize> = (0..names.len()).filter(of_name).collect();
            let [first, .., last] = places[..] else {
                return None;
            };
            let name = shown(&names[first]);
            let between = &places[1..places.len() - 1];
            let between: String = between.iter().map(|at| format!(", {}", at + 1)).collect();
            Some(format!(
                "columns {}{between} and {} are all called `{name}`; rename all but one, or ask for the first as `{name}#1`, for the second as \
                 `{name}#2`",
                first + 1,
                last + 1,
            ))
        })
    }

    /// Whether these names have none of the columns that are to hold the answers; `text` does where none was asked for.
    pub(super) fn has_no_text(&self, names: &[String]) -> bool {
        let is_text = |name: &String| Column::named(name) == Column::Text;
        let is_there = |column: &String| names.iter().any(|name| same(name, column));
        match self.text.is_empty() {
            true => !names.iter().any(is_text),
            false => !self.text.iter().any(is_there),
        }
    }

    /// What the column `name` is for, which would be for `usual`.
    pub(super) fn meaning(&self, name: &str, usual: Column) -> Column {
        if self.all().next().is_none() {
            return usual;
        }
        let is = |column: &String| same(column, name);
        if self.text.iter().any(is) {
            return Column::Answer {
                name: name.to_owned(),
                is_one_of_many: self.text.len() > 1,
            };
        }
        let is_id = self.id.as_ref().is_some_and(is);
        let is_respondent = match &self.respondent {
            Some(own) => is(own),
            None => is_id && usual == Column::Respondent,
        };
        match (is_id, is_respondent) {
            (true, true) => return Column::IdAndRespondent,
            (true, false) => return Column::Id,
            (false, true) => return Column::Respondent,
            _ => {}
        }
        let is_taken = match usual {
            Column::Text => !self.text.is_empty(),
            Column::Id => self.id.is_some(),
            Column::Respondent => self.respondent.is_some(),
            _ => false,
        };
        match is_taken {
            true => Column::Attribute(name.to_owned()),
            false => usual,
        }
    }
}

/// The cause of a file that has no column of the name that was asked for.
pub(super) fn no_such(name: &str, names: &[String]) -> String {
    format!(
        "no column `{name}` among {}; check the name that was asked for{}",
        listed(names.iter()),
        meant(name, names)
    )
}

/// The cause of a file that has no column for the answers, where none was asked for.
pub(super) fn no_text_among(names: &[String]) -> String {
    format!(
        "no column `text` among {}; rename the column that holds the answers to `text`{}, or name it: --text COLUMN (several times for \
         several questions; also --id and --respondent)",
        listed(names.iter()),
        meant("text", names)
    )
}

/// The question after the name that is most like `name`, where one is like it at all.
pub(super) fn meant(name: &str, names: &[String]) -> String {
    match nearest(name, names) {
        Some(near) => format!(" (did you mean `{}`?)", shown(near)),
        None => String::new(),
    }
}

/// The name that is most like a mistyped one, where one is like it at all: by the pairs of letters that they share (Dice).
fn nearest<'a>(name: &str, names: &'a [String]) -> Option<&'a String> {
    let pairs = |name: &str| -> BTreeSet<[char; 2]> {
        let letters: Vec<char> = format!("^{}$", bare(name)).chars().collect();
        letters.windows(2).map(|pair| [pair[0], pair[1]]).collect()
    };
    let own = pairs(name);
    let likeness = |other: &String| {
        let other = pairs(other);
        2.0 * own.intersection(&other).count() as f64 / (own.len() + other.len()) as f64
    };
    let rated = names.iter().map(|other| (likeness(other), other));
    let near = rated.filter(|(likeness, _)| *likeness >= 0.5);
    // The first of equals.
    near.rev()
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, near)| near)
}

/// The cause of a row without words in any of the columns that were asked for.
pub(super) fn no_text(asked: &[String]) -> String {
    match asked {
        [] => NO_TEXT.into(),
        [_] => format!("no {}, or an empty one", listed(asked.iter())),
        _ => format!(
            "no words in {}: none is there, or an empty one",
            listed(asked.iter())
        ),
    }
}

/// A header breaks lines where its cells were narrow, which nobody repeats who copies a name.
fn same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

fn bare(name: &str) -> String {
    fold_name(name).replace(' ', "")
}
