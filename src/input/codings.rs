//! Codings that were made before, and perhaps corrected: rows that `motamot code` wrote, back to responses with their codings.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::columns::meant;
use super::draft::parse_weight;
use crate::evaluate::armed;
use crate::record::{
    Coded, Coding, Evidence, Language, Origin, Place, Polarity, Reject, RejectKind, Response, Role,
    Source, TermId, ThemeId,
};
use crate::span::Span;
use crate::taxonomy::Taxonomy;

/// The columns of a table of codings that tell of the coding or of its making; a role that is understood is none of the attributes.
const OF_TABLE: [&str; 10] = [
    "file",
    "place",
    "role",
    "role_given",
    "language",
    "theme",
    "polarity",
    "score",
    "from",
    "evidence",
];
/// The same of a line of JSON, or of a line coded by hand.
const OF_JSON: [&str; 7] = [
    "source",
    "role",
    "role_given",
    "language",
    "codings",
    "themes",
    "polarity",
];

/// What was read of codings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codings {
    /// Each answer with its codings, in the order in which the answers begin.
    pub answers: Vec<(Response, Coded)>,
    /// Rows and codings that cannot be understood, each with its place and how to mend it, without bytes. Where there is any, the
    /// answers are not all that was coded.
    pub faults: Vec<Reject>,
    /// Stretches of evidence that are no words of their answer, and were left out.
    pub lost: u64,
}

/// Codings by `taxonomy` of what was read with [`Columns::of_codings`](super::Columns::of_codings).
///
/// The rows are those that `motamot code` writes, as JSON Lines or as a table; or JSON with `themes`, a list of codes, and perhaps
/// `polarity`. Rows of a table with the same `id`, `file` and `place` are one answer, wherever they stand; an empty `theme` is no
/// coding. A coding without a polarity is `present`, one without a score is sure, one that does not tell where it came from is a
/// person's. An answer without a role does something else, and one without a language form is of none. Of the terms of evidence
/// only JSON tells.
#[must_use]
pub fn codings(rows: Vec<Response>, taxonomy: &Taxonomy) -> Codings {
    let mut reader = Reader {
        taxonomy,
        codes: taxonomy.themes().iter().map(|t| t.code.clone()).collect(),
        terms: taxonomy.term_labels().map(|(id, at)| (at, id)).collect(),
        file: Arc::from(""),
        out: Codings::default(),
    };
    // Of a table: where its answers are, and on which row each begins.
    let mut known: HashMap<Key, (usize, u64)> = HashMap::new();
    // In which file the codings of each answer stand.
    let mut files: HashMap<(String, Source), Arc<str>> = HashMap::new();
    for row in rows {
        let at = row.source.clone();
        let (response, coded, source) = match reader.row(row) {
            Ok(read) => read,
            Err(cause) => {
                reader.fault(at, cause);
                continue;
            }
        };
        if let Some(source) = &source {
            let key = (response.id.clone(), source.clone());
            let first = files.entry(key).or_insert_with(|| at.file.clone());
            if *first != at.file {
                let cause = format!(
                    "the answer '{}' of {source} is in {first} too; name one of the two files",
                    response.id
                );
                reader.fault(at, cause);
                continue;
            }
        }
        let answers = &mut reader.out.answers;
        if let Place::Row(number) = at.place {
            let key = (at.file.clone(), response.id.clone(), source);
            let (nth, first) = *known.entry(key).or_insert((answers.len(), number));
            if let Some((told, other)) = answers.get_mut(nth) {
                if let Some(column) = differing((told, other), (&response, &coded)) {
                    let cause = format!(
                        "`{column}` is not what it is in row {first} of the same answer, '{}'; write the same in all its rows, or give another \
                         answer another `id`",
                        response.id
                    );
                    reader.fault(at, cause);
                    continue;
                }
                let both = other.codings.iter().find_map(|one| {
                    let mut again = coded.codings.iter();
                    again.find(|again| one.theme == again.theme && one.polarity != again.polarity)
                });
                if let Some(again) = both {
                    let cause = format!(
                        "the answer '{}' has `{}` twice, with another polarity in row {first} or after it; keep one of the rows",
                        response.id,
                        taxonomy.theme(again.theme).code
                    );
                    reader.fault(at, cause);
                    continue;
                }
                other.codings.extend(coded.codings);
                continue;
            }
        }
        answers.push((response, coded));
    }
    let answers = reader.out.answers.iter_mut();
    answers.for_each(|(_, coded)| join(&mut coded.codings));
    reader.out
}

/// The codings' file, the id, and where the answer stood, if that is told.
type Key = (Arc<str>, String, Option<Source>);

/// A coding as it was written.
#[derive(Default)]
struct Given {
    theme: String,
    polarity: Option<Value>,
    score: Option<Value>,
    from: Option<String>,
    evidence: Vec<Stretch>,
    weighed: Vec<Stretch>,
}

/// Words on which a coding rests.
struct Stretch {
    text: String,
    /// In code points, where it is told.
    place: Option<(usize, usize)>,
    term: Option<String>,
}

struct Reader<'t> {
    taxonomy: &'t Taxonomy,
    codes: Vec<String>,
    terms: HashMap<&'t str, TermId>,
    /// The file of the answer before, which is mostly that of the next.
    file: Arc<str>,
    out: Codings,
}

impl Reader<'_> {
    fn fault(&mut self, source: Source, cause: String) {
        self.out.faults.push(Reject {
            source,
            kind: RejectKind::Unreadable,
            cause,
            bytes: Vec::new(),
        });
    }

    /// An answer with the codings that its row tells, and where it stood, if the row tells that.
    fn row(&mut self, mut row: Response) -> Result<(Response, Coded, Option<Source>), String> {
        let is_table = matches!(row.source.place, Place::Row(_));
        let has_no_id = is_table && row.id == row.source.to_string();
        let told = told(&mut row, is_table);
        let moderates = row.attributes.iter().find(|(name, _)| name == "moderator");
        if let Some(Value::String(cell)) = moderates.map(|(_, value)| value) {
            return Err(format!(
                "`moderator` is neither yes nor no: '{}'; write true or false",
                crate::error::shown(cell)
            ));
        }
        let text = |name: &str| told.get(name).and_then(Value::as_str).map(str::trim);
        if let Some(role) = told.get("role") {
            return Err(format!(
                "there is no role {role}; write challenge, initiative, suggestion or other"
            ));
        }
        let given = match is_table {
            true => of_cells(&told)?,
            false => of_json(&told)?,
        };
        let source = self.source(&told);
        if has_no_id {
            row.id = match &source {
                Some(source) => source.to_string(),
                None => return Err("the row has no `id`, by which the rows of one answer are known; keep that column".into()),
            };
        }
        if let Some(source) = &source {
            row.source.clone_from(source);
        }
        let role_given = match told.get("role_given") {
            Some(Value::Bool(given)) => *given,
            Some(Value::String(given)) => given.trim().eq_ignore_ascii_case("true"),
            _ => row.role.is_some(),
        };
        let form = |name: &str| {
            let mut forms = Language::ALL.iter().copied();
            forms.find(|form| form.as_str().eq_ignore_ascii_case(name))
        };
        let codings = given.into_iter().map(|given| self.coding(&row.text, given));
        let coded = Coded {
            language: text("language")
                .and_then(form)
                .unwrap_or(Language::Undetermined),
            role: row.role.unwrap_or(Role::Other),
            role_given,
            codings: codings.collect::<Result<_, _>>()?,
        };
        row.role = row.role.filter(|_| role_given);
        Ok((row, coded, source))
    }

    /// Where the answer stood before it was coded.
    fn source(&mut self, told: &Map<String, Value>) -> Option<Source> {
        let (file, place) = match told.get("source") {
            Some(source) => {
                let place = [
                    ("line", Place::Line as fn(u64) -> Place),
                    ("turn", Place::Turn),
                    ("item", Place::Item),
                ];
                let mut place = place.into_iter();
                let place = place.find_map(|(name, of)| source.get(name)?.as_u64().map(of));
                (source.get("file")?.as_str()?, place?)
            }
            None => {
                let number = told.get("place")?.as_str()?.trim().parse().ok()?;
                (told.get("file")?.as_str()?, Place::Row(number))
            }
        };
        if *self.file != *file {
            self.file = Arc::from(file);
        }
        Some(Source {
            file: self.file.clone(),
            place,
        })
    }

    fn coding(&mut self, text: &str, given: Given) -> Result<Coding, String> {
        let polarity = match given.polarity.as_ref().and_then(words) {
            None => Polarity::Present,
            Some(name) => Polarity::parse(&name).ok_or_else(|| {
                format!("there is no polarity '{name}'; write present, absent or resolved")
            })?,
        };
        let score = match given.score.as_ref().and_then(words) {
            None => 1.0,
            Some(score) => parse_weight(&score).filter(|s| *s <= 1.0).ok_or_else(|| {
                format!("the score '{score}' is no number between 0 and 1; leave the cell empty where nobody knows it")
            })?,
        };
        let origin = given.from.as_deref().and_then(|from| {
            let mut origins = Origin::ALL.iter().copied();
            origins.find(|o| o.as_str().eq_ignore_ascii_case(from.trim()))
        });
        let theme = self.theme(&given.theme)?;
        let evidence = self.stretches(text, given.evidence);
        let weighed = self.stretches(text, given.weighed).into_iter();
        Ok(Coding {
            theme,
            polarity,
            score: score as f32,
            origin: origin.unwrap_or(Origin::Hand),
            weighed: weighed.map(|e| e.span).collect(),
            evidence,
        })
    }

    fn theme(&self, code: &str) -> Result<ThemeId, String> {
        let code = code.trim();
        let mut codes = self.codes.iter();
        let at = codes.position(|own| own.eq_ignore_ascii_case(code));
        at.map(|at| ThemeId(at as u16)).ok_or_else(|| {
            format!(
                "there is no theme '{}' in the taxonomy {}{}; correct the code, one a row, or name the taxonomy of these codings: --taxonomy",
                crate::error::shown(code),
                self.taxonomy.name(),
                meant(code, &self.codes)
            )
        })
    }

    /// The stretches that are words of the answer, in text order.
    fn stretches(&mut self, text: &str, given: Vec<Stretch>) -> Vec<Evidence> {
        let mut found: Vec<Evidence> = Vec::new();
        for stretch in given {
            let before = found.last().map(|e| e.span);
            match place(text, &stretch, before) {
                Some(span) => {
                    let term = stretch.term.as_deref();
                    let term = term.and_then(|term| self.terms.get(term).copied());
                    found.push(Evidence {
                        span,
                        term: term.unwrap_or(TermId::UNKNOWN),
                    });
                }
                None => self.out.lost += 1,
            }
        }
        found
    }
}

/// Takes what tells of the codings out of the attributes of a row; the others get the names and values that they had before they
/// were written.
fn told(row: &mut Response, is_table: bool) -> Map<String, Value> {
    let ours: &[&str] = if is_table { &OF_TABLE } else { &OF_JSON };
    let bare = |cell: &mut String| {
        if is_table && armed(cell).len() < cell.len() {
            *cell = armed(cell).to_owned();
        }
    };
    [&mut row.id, &mut row.text].into_iter().for_each(bare);
    row.respondent.iter_mut().for_each(bare);
    row.context.iter_mut().for_each(bare);
    let mut told = Map::new();
    for (mut name, mut value) in std::mem::take(&mut row.attributes) {
        bare(&mut name);
        if let Value::String(cell) = &mut value {
            bare(cell);
        }
        // Whether an answer had such a column no empty cell tells.
        let is_blank = is_table && value.as_str().is_some_and(|cell| cell.trim().is_empty());
        if ours.contains(&name.as_str()) && !told.contains_key(&name) {
            told.insert(name, value);
        } else if !is_blank {
            if let Some(own) = name.strip_prefix("attribute.") {
                name = own.to_owned();
            }
            row.attributes.push((name, value));
        }
    }
    told
}

fn of_cells(told: &Map<String, Value>) -> Result<Vec<Given>, String> {
    let cell = |name: &str| {
        let cell = told.get(name).and_then(Value::as_str).unwrap_or_default();
        Some(cell.trim()).filter(|cell| !cell.is_empty())
    };
    if !told.contains_key("theme") {
        return Err("the table has no column `theme`; take one that `motamot code --format csv` wrote, with a row a coding".into());
    }
    let Some(theme) = cell("theme") else {
        return Ok(Vec::new());
    };
    let words = cell("evidence").into_iter().flat_map(|c| c.split(" | "));
    let stretches = words.map(|words| Stretch {
        text: words.to_owned(),
        place: None,
        term: None,
    });
    let mut given = Given {
        theme: theme.to_owned(),
        polarity: cell("polarity").map(Value::from),
        score: cell("score").map(Value::from),
        from: cell("from").map(str::to_owned),
        ..Given::default()
    };
    // Of a coding of the model alone the cell holds the words that weighed most.
    match given.from.as_deref() {
        Some("model") => given.weighed = stretches.collect(),
        _ => given.evidence = stretches.collect(),
    }
    Ok(vec![given])
}

fn of_json(told: &Map<String, Value>) -> Result<Vec<Given>, String> {
    let list = |name: &str| told.get(name).and_then(Value::as_array);
    if let Some(codings) = list("codings") {
        let coding = |coding: &Value| {
            let stretches = |name: &str| {
                let list = coding.get(name).and_then(Value::as_array);
                list.into_iter().flatten().map(stretch).collect()
            };
            let text = |name: &str| coding.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(Given {
                theme: text("theme")?,
                polarity: coding.get("polarity").cloned(),
                score: coding.get("score").cloned(),
                from: text("from"),
                evidence: stretches("evidence"),
                weighed: stretches("weighed"),
            })
        };
        let given: Option<Vec<Given>> = codings.iter().map(coding).collect();
        return given.ok_or_else(|| "a coding has no `theme`; write its code".into());
    }
    let themes = list("themes").ok_or(
        "no `codings`, which are a list (and no list `themes`); take lines that `motamot code` or a report wrote",
    )?;
    let given = themes.iter().map(|theme| {
        Ok(Given {
            theme: theme.as_str().ok_or("`themes` is a list of codes")?.into(),
            polarity: told.get("polarity").cloned(),
            ..Given::default()
        })
    });
    given.collect()
}

fn stretch(evidence: &Value) -> Stretch {
    let text = |name: &str| {
        evidence
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let number =
        |name: &str| Some(usize::try_from(evidence.get(name)?.as_u64()?).unwrap_or(usize::MAX));
    Stretch {
        text: text("text").unwrap_or_default(),
        place: number("start").zip(number("end")),
        term: text("term"),
    }
}

/// What a value says that should be a word or a number; `None` where it says nothing.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

/// Where a stretch stands in the answer, `before` being where the one before it does: at its own place if its words are there, else
/// where they next stand as whole words, else where they stand at all.
fn place(text: &str, stretch: &Stretch, before: Option<Span>) -> Option<Span> {
    let words = stretch.text.as_str();
    if let Some((start, end)) = stretch.place {
        let mut bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let from = bytes.nth(start);
        let to = end.checked_sub(start).and_then(|n| match n {
            0 => None,
            n => bytes.nth(n - 1),
        });
        let span = from.zip(to).map(|(from, to)| Span::new(from, to));
        let is_there = |span: &Span| words.is_empty() || span.of(text) == words;
        if let Some(span) = span.filter(is_there) {
            return Some(span);
        }
    }
    if words.is_empty() {
        return None;
    }
    let spans = || {
        text.match_indices(words)
            .map(|(at, _)| Span::new(at, at + words.len()))
    };
    let is_whole = |span: &Span| {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        !joins(before.chars().next_back()) && !joins(after.chars().next())
    };
    let is_next = |span: &Span| before.is_none_or(|b| span.start >= b.start && *span != b);
    let whole = || spans().filter(is_whole);
    whole()
        .find(is_next)
        .or_else(|| whole().next())
        .or_else(|| spans().next())
}

/// The first column by which two rows of one answer differ.
fn differing(
    (one, coded): (&Response, &Coded),
    (other, again): (&Response, &Coded),
) -> Option<String> {
    let own = [
        ("text", one.text != other.text),
        ("role", coded.role != again.role),
        ("context", one.context != other.context),
        ("respondent", one.respondent != other.respondent),
        ("weight", one.weight != other.weight),
        ("language", coded.language != again.language),
    ];
    if let Some((name, _)) = own.into_iter().find(|(_, differ)| *differ) {
        return Some(name.to_owned());
    }
    let both = [(one, other), (other, one)];
    let lone = both.into_iter().find_map(|(one, other)| {
        let mut attributes = one.attributes.iter();
        attributes.find(|attribute| !other.attributes.contains(attribute))
    });
    lone.map(|(name, _)| crate::error::shown(name))
}

/// Codings in the order of their themes, each theme once: as sure as the surest, and resting on all that any rests on.
fn join(codings: &mut Vec<Coding>) {
    // The sort is stable, so the first of a theme tells where it came from.
    codings.sort_by_key(|coding| coding.theme);
    codings.dedup_by(|again, first| {
        if again.theme != first.theme {
            return false;
        }
        first.polarity = first.polarity.joined(again.polarity);
        first.score = first.score.max(again.score);
        first.evidence.append(&mut again.evidence);
        first.weighed.append(&mut again.weighed);
        true
    });
    for coding in codings {
        let order = |e: &Evidence| (e.span.start, std::cmp::Reverse(e.span.end), e.term);
        coding.evidence.sort_unstable_by_key(order);
        coding.evidence.dedup();
        coding.weighed.sort_unstable();
        coding.weighed.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretch(text: &str, place: Option<(usize, usize)>) -> Stretch {
        Stretch {
            text: text.to_owned(),
            place,
            term: None,
        }
    }

    #[test]
    fn words_are_found_at_their_place_else_as_whole_words_and_in_order() {
        let text = "অভাব: nostaff, no staff and no staff";
        let found = |words, place, before| {
            let span = super::place(text, &stretch(words, place), before);
            span.map(|span: Span| (span.start as usize, span.of(text)))
        };
        let first = text.find(" no staff").unwrap() + 1;
        assert_eq!(
            found("staff", Some((8, 13)), None),
            Some((first - 7, "staff"))
        );
        for place in [None, Some((0, 5)), Some((30, 500)), Some((9, 3))] {
            assert_eq!(found("no staff", place, None), Some((first, "no staff")));
        }
        let before = Span::new(first, first + 8);
        assert_eq!(found("no", None, Some(before)), Some((first, "no")));
        let next = text.rfind("no staff").unwrap();
        assert_eq!(
            found("no staff", None, Some(before)),
            Some((next, "no staff"))
        );
        assert_eq!(found("taf", None, None).unwrap().1, "taf");
        assert_eq!(found("budget", Some((0, 4)), None), None);
        assert_eq!(found("", None, None), None);
        assert_eq!(found("", Some((0, 4)), None), Some((0, "অভাব")));
    }

    #[test]
    fn answers_that_were_coded_by_hand_are_codings_too() {
        let lines = r#"{"id": "1", "text": "a", "themes": ["budget", "BUDGET", "media"], "polarity": "absent", "lang": "en"}
                       {"id": "2", "text": "b", "role": "suggestion", "language": "bn", "codings": [{"theme": "budget", "polarity": "absent", "score": 0.4}, {"theme": "budget"}]}
                       {"id": "2", "text": "c", "themes": [], "attributes": {"language": "x", "moderator": true}}"#;
        let mut options = crate::input::Options::default();
        options.columns.of_codings = true;
        let rows = crate::input::read("a.jsonl", lines.as_bytes(), &options).responses;
        let found = codings(rows, &Taxonomy::nsss());
        assert_eq!(found.faults, []);
        let told = found.answers.iter().map(|(response, coded)| {
            let codings = coded
                .codings
                .iter()
                .map(|c| (c.polarity, c.score, c.origin));
            let form = (coded.role, coded.role_given, coded.language);
            (form, response.moderator, codings.collect::<Vec<_>>())
        });
        let hand = |polarity| (polarity, 1.0, Origin::Hand);
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (
                    (Role::Other, false, Language::Undetermined),
                    false,
                    vec![hand(Polarity::Absent), hand(Polarity::Absent)]
                ),
                (
                    (Role::Suggestion, true, Language::Bangla),
                    false,
                    vec![hand(Polarity::Present)]
                ),
                ((Role::Other, false, Language::Undetermined), true, vec![]),
            ]
        );
        let attributes = &found.answers[2].0.attributes;
        assert_eq!(attributes[0], ("language".into(), "x".into()));
    }

    proptest! {
        #[test]
        fn no_row_breaks_the_reader(text in "[aক |😀]{1,9}", words in "[aক |😀]{0,4}", start in 0..12usize, end in 0..12usize, table: bool) {
            let core = Taxonomy::core();
            let mut row = Response::new("1", text.clone());
            row.attributes = match table {
                true => vec![("theme".into(), "budget".into()), ("evidence".into(), words.into())],
                false => vec![("codings".into(), serde_json::json!([{
                    "theme": "budget",
                    "evidence": [{"start": start, "end": end, "text": words}, {"start": end, "end": start}, 7],
                }]))],
            };
            row.source.place = if table { Place::Row(2) } else { Place::Line(1) };
            let found = codings(vec![row], &core);
            prop_assert!(found.faults.is_empty());
            for evidence in &found.answers[0].1.codings[0].evidence {
                prop_assert!(!evidence.span.is_empty() && !evidence.span.of(&text).is_empty());
            }
        }
    }
}
