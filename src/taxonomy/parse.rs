//! TOML to a checked [`Taxonomy`], every fault with its place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::cues::cues;
use super::pattern::{self, Element, Pattern, WordKind, WordPattern};
use super::{Parsed, Taxonomy, Term, Theme, Told, builtin};
use crate::error::Error;
use crate::record::ThemeId;

/// Word sets: for each name its phrases.
pub(super) type Sets = BTreeMap<String, Vec<Vec<WordPattern>>>;

/// Word sets as they stand in a file.
pub(super) type RawSets = BTreeMap<Spanned<String>, Texts>;
pub(super) type Texts = Words<Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    #[serde(default)]
    label: Label,
    extends: Option<Spanned<String>>,
    #[serde(default)]
    sets: RawSets,
    #[serde(default)]
    theme: Vec<RawTheme>,
}

#[derive(Deserialize, Default)]
#[serde(
    deny_unknown_fields,
    expecting = "a label for each language, as in label = { en = \"Roads\", bn = \"রাস্তা\" }; one of them will do"
)]
struct Label {
    #[serde(default)]
    en: String,
    #[serde(default)]
    bn: String,
}

/// Words of any language in one list, or a list for each language.
pub(super) enum Words<T> {
    Any(Vec<T>),
    ByLanguage(ByLanguage<T>),
}

// Written by hand, since serde's untagged enums lose the places in the file.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Words<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Visit<T> {
            type Value = Words<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of terms, or lists by language (en, bn, roman)")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Words::Any)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                ByLanguage::deserialize(MapAccessDeserializer::new(map)).map(Words::ByLanguage)
            }
        }
        deserializer.deserialize_any(Visit(PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByLanguage<T> {
    #[serde(default = "Vec::new")]
    en: Vec<T>,
    #[serde(default = "Vec::new")]
    bn: Vec<T>,
    #[serde(default = "Vec::new")]
    roman: Vec<T>,
}

impl<T> Words<T> {
    /// All entries, each with whether it is romanised Bangla.
    fn entries(self) -> Vec<(T, bool)> {
        match self {
            Words::Any(all) => all.into_iter().map(|t| (t, false)).collect(),
            Words::ByLanguage(by) => {
                let plain = by.en.into_iter().chain(by.bn).map(|t| (t, false));
                plain
                    .chain(by.roman.into_iter().map(|t| (t, true)))
                    .collect()
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTheme {
    code: Spanned<String>,
    #[serde(default)]
    label: Label,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    include: String,
    #[serde(default)]
    exclude: String,
    terms: Option<Words<Spanned<RawTerm>>>,
    /// Terms that say something only together with another one.
    hints: Option<Words<Spanned<RawTerm>>>,
    /// Patterns that block every term of this theme.
    #[serde(default)]
    not: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    #[serde(default)]
    theme: Vec<RawTheme>,
}

/// A term as it stands in a file: its pattern alone, or a table.
struct RawTerm {
    /// Set where the pattern stands alone.
    pattern: Option<String>,
    table: Option<TermTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermTable {
    term: Spanned<String>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    weight: Option<Spanned<u8>>,
}

impl<'de> Deserialize<'de> for RawTerm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = RawTerm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a term, or a table { term = \"…\", not = […], unless = […], weight = … }",
                )
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<RawTerm, E> {
                Ok(RawTerm {
                    pattern: Some(text.to_string()),
                    table: None,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawTerm, A::Error> {
                let table = TermTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawTerm {
                    pattern: None,
                    table: Some(table),
                })
            }
        }
        deserializer.deserialize_any(Visit)
    }
}

/// Weight of a term, in percent, where none is given.
const WEIGHT: u8 = 90;
/// Weight of a hint: two different ones together pass the threshold of one half, one does not.
const HINT: u8 = 35;

/// A set that is still to be read: its name, its members and whether each is romanised Bangla.
type OpenSet = (Spanned<String>, Vec<(Spanned<String>, bool)>);

struct Loader<'a> {
    file: &'a str,
    source: &'a str,
    /// Number of themes that came from the extended taxonomy.
    n_base: usize,
    out: Draft,
}

/// A taxonomy while it grows. Terms and sets hold the names of the sets that they contain, to which a file that extends it may
/// add.
#[derive(Default)]
struct Draft {
    themes: Vec<Theme>,
    terms: Vec<Term>,
    sets: Sets,
    /// The built-in taxonomy with which it begins.
    extends: Option<&'static str>,
}

impl Draft {
    fn find(&self, code: &str) -> Option<ThemeId> {
        let at = self.themes.iter().position(|t| t.code == code)?;
        Some(ThemeId(at as u16))
    }
}

/// Finds the text of a taxonomy that is no built-in one by the name under which it is extended.
pub(super) type Find<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Taxonomies that extend one another, at most; more would be a circle.
const CHAIN: u8 = 8;

pub(super) fn parse(file: &str, source: &str) -> Result<Taxonomy, Error> {
    parse_extending(file, source, &|_| None)
}

/// The same where other files can be extended.
pub(super) fn parse_extending(file: &str, source: &str, find: Find<'_>) -> Result<Taxonomy, Error> {
    let (name, label, draft) = read(file, source, find, CHAIN)?;
    let sets = resolved(&draft.sets);
    let mut terms = draft.terms;
    for term in &mut terms {
        let blockers = term.not.iter_mut().chain(&mut term.unless);
        let patterns = std::iter::once(&mut term.pattern).chain(blockers);
        patterns.for_each(|pattern| expand(pattern, &sets));
    }
    let told = terms.iter().map(|t| Told {
        theme: t.theme,
        weight: t.weight,
    });
    Ok(Taxonomy {
        name,
        label_en: label.en,
        label_bn: label.bn,
        themes: draft.themes,
        told: told.collect(),
        labels: terms.iter().map(|t| t.source.as_str()).collect(),
        parsed: Parsed { terms, sets }.into(),
        source: Cow::Owned(source.to_string()),
        extends: draft.extends,
        compiled: None,
    })
}

/// The phrases of each set, those of the sets that it contains among them.
fn resolved(sets: &Sets) -> Sets {
    let phrases = |name: &String| {
        let (mut out, mut open, mut met) = (Vec::new(), vec![name], BTreeSet::from([name]));
        while let Some(name) = open.pop() {
            for phrase in sets.get(name).into_iter().flatten() {
                match set_name(phrase) {
                    Some(name) if met.insert(name) => open.push(name),
                    Some(_) => {}
                    None => out.push(phrase.clone()),
                }
            }
        }
        out.sort();
        out.dedup();
        out
    };
    sets.keys()
        .map(|name| (name.clone(), phrases(name)))
        .collect()
}

/// Puts the phrases of sets in the place of their names among alternatives.
fn expand(pattern: &mut Pattern, sets: &Sets) {
    for element in &mut pattern.elements {
        if let Element::Any(phrases) = element {
            *phrases = std::mem::take(phrases)
                .into_iter()
                .flat_map(|phrase| match set_name(&phrase) {
                    Some(name) => sets.get(name).cloned().unwrap_or_default(),
                    None => vec![phrase],
                })
                .collect();
        }
    }
}

/// The name of the set, where a phrase is one.
fn set_name(phrase: &[WordPattern]) -> Option<&String> {
    match phrase {
        [word] if word.kind == WordKind::Set => Some(&word.text),
        _ => None,
    }
}

/// Reads a file into a draft, after those that it extends; gives its name and label too.
fn read(
    file: &str,
    source: &str,
    find: Find<'_>,
    left: u8,
) -> Result<(String, Label, Draft), Error> {
    let raw: File = toml::from_str(source).map_err(|e| {
        let cause = e.message().trim().replace('\n', " ");
        Error::taxonomy(
            file,
            source,
            e.span().map(|s| s.start),
            &cause,
            "see data/taxonomies/README.md for the format",
        )
    })?;
    let mut loader = Loader::new(file, source);
    loader.out.sets = cues().sets.clone();
    if raw.name.get_ref().trim().is_empty() {
        return Err(loader.fault(raw.name.span().start, "a taxonomy needs a name", ""));
    }
    if let Some(base) = &raw.extends {
        if left == 0 {
            let cause = "taxonomies extend one another in a circle";
            return Err(loader.fault(base.span().start, cause, ""));
        }
        let name = base.get_ref();
        let (_, _, mut base) = if let Some(text) = builtin::source(name) {
            read(&format!("{name}.toml"), text, &|_| None, CHAIN)?
        } else if let Some(text) = find(name) {
            read(name, &text, find, left - 1)?
        } else {
            let help = format!(
                "the built-in taxonomies are {}; any other name is that of a file",
                builtin::NAMES.join(" and ")
            );
            let cause = format!("there is no taxonomy `{name}` to extend");
            return Err(loader.fault(base.span().start, &cause, &help));
        };
        loader.n_base = base.themes.len();
        base.extends = builtin::known(name).or(base.extends);
        loader.out = base;
    }
    loader.sets(raw.sets)?;
    if raw.theme.is_empty() && raw.extends.is_none() {
        let help = "add a [[theme]] with code, label and terms";
        return Err(loader.fault(raw.name.span().start, "a taxonomy without themes", help));
    }
    for theme in raw.theme {
        loader.theme(theme, None, 0, &[], &[])?;
    }
    loader.depth_first();
    Ok((raw.name.into_inner(), raw.label, loader.out))
}

/// Sets of the cues file, added to `base`.
pub(super) fn general_sets(source: &str, raw: RawSets, base: &Sets) -> Sets {
    let mut loader = Loader::new("data/cues.toml", source);
    loader.out.sets.clone_from(base);
    loader.sets(raw).unwrap_or_else(|e| panic!("{e}"));
    resolved(&loader.out.sets)
}

/// Patterns of the cues file, with what their sets contain: no taxonomy can change what a cue says.
pub(super) fn cue_patterns(source: &str, texts: Texts, sets: &Sets) -> Vec<Pattern> {
    let mut loader = Loader::new("data/cues.toml", source);
    loader.out.sets.clone_from(sets);
    let read = |(text, roman): (Spanned<String>, bool)| {
        let mut pattern = loader.pattern(&text, roman)?;
        expand(&mut pattern, sets);
        for element in &mut pattern.elements {
            if let Element::Set(name) = element {
                *element = Element::Any(sets.get(name).cloned().unwrap_or_default());
            }
        }
        Ok(pattern)
    };
    let patterns: Result<_, Error> = texts.entries().into_iter().map(read).collect();
    patterns.unwrap_or_else(|e| panic!("{e}"))
}

impl<'a> Loader<'a> {
    fn new(file: &'a str, source: &'a str) -> Self {
        Self {
            file,
            source,
            n_base: 0,
            out: Draft::default(),
        }
    }

    fn fault(&self, at: usize, cause: &str, help: &str) -> Error {
        Error::taxonomy(self.file, self.source, Some(at), cause, help)
    }

    /// Where byte `inner` of a string stands in the file; where escapes or longer quotes part the two, where the string begins.
    fn within(&self, text: &Spanned<String>, inner: usize) -> usize {
        let span = text.span();
        let after_quote = self.source.get(span.start + 1..span.end);
        match after_quote.is_some_and(|raw| raw.starts_with(text.get_ref())) {
            true => span.start + 1 + inner,
            false => span.start,
        }
    }

    fn pattern(&self, text: &Spanned<String>, roman: bool) -> Result<Pattern, Error> {
        let at = |inner: usize| self.within(text, inner);
        let parsed = pattern::parse(text.get_ref(), roman).map_err(|(inner, cause)| {
            self.fault(at(inner), &format!("in the term: {cause}"), "")
        })?;
        let names = parsed.elements.iter().flat_map(|element| match element {
            Element::Set(name) => vec![name],
            Element::Any(phrases) => phrases.iter().filter_map(|p| set_name(p)).collect(),
            Element::Word(_) => Vec::new(),
        });
        for name in names {
            if !self.out.sets.contains_key(name) {
                let inner = text.get_ref().find(&format!("<{name}")).unwrap_or(0);
                let help = match closest(name, self.out.sets.keys()) {
                    Some(near) => format!("did you mean <{near}>?"),
                    None => "define it under [sets]".into(),
                };
                return Err(self.fault(at(inner), &format!("there is no set <{name}>"), &help));
            }
        }
        Ok(parsed)
    }

    fn patterns(&self, texts: &[Spanned<String>]) -> Result<Vec<Pattern>, Error> {
        texts.iter().map(|t| self.pattern(t, false)).collect()
    }

    /// Reads the sets; a set may contain others (`<name>`) in any order, but not itself.
    fn sets(&mut self, raw: RawSets) -> Result<(), Error> {
        let mut open: Vec<OpenSet> = raw
            .into_iter()
            .map(|(name, words)| (name, words.entries()))
            .collect();
        let names: Vec<String> = open.iter().map(|(n, _)| n.get_ref().clone()).collect();
        while !open.is_empty() {
            let before = open.len();
            let mut blocked = None;
            let mut later = Vec::new();
            for (name, members) in open {
                match self.set(&members, &names)? {
                    // A set of a taxonomy that is extended grows by what is added to it.
                    Some(phrases) => {
                        let all = self.out.sets.entry(name.get_ref().clone()).or_default();
                        all.extend(phrases);
                    }
                    None => {
                        blocked.get_or_insert(name.span().start);
                        later.push((name, members));
                    }
                }
            }
            open = later;
            if open.len() == before {
                let at = blocked.unwrap_or(0);
                return Err(self.fault(
                    at,
                    "this set contains itself",
                    "break the circle of <set> references",
                ));
            }
        }
        Ok(())
    }

    /// The phrases of one set and the names of those that it contains, or `None` while a set that it contains is not read yet.
    fn set(
        &self,
        members: &[(Spanned<String>, bool)],
        names: &[String],
    ) -> Result<Option<Vec<Vec<WordPattern>>>, Error> {
        let mut out = Vec::new();
        for (text, roman) in members {
            let at = text.span().start;
            if let Some(name) = text
                .get_ref()
                .trim()
                .strip_prefix('<')
                .and_then(|t| t.strip_suffix('>'))
            {
                match self.out.sets.contains_key(name) {
                    true => out.push(pattern::member(text.get_ref().trim(), *roman)),
                    false if names.iter().any(|n| n == name) => return Ok(None),
                    false => {
                        return Err(self.fault(
                            at,
                            &format!("there is no set <{name}>"),
                            "define it under [sets]",
                        ));
                    }
                }
                continue;
            }
            if let Some(i) = text.get_ref().find(['<', '>', '(', ')', '|', '&']) {
                let help = "members of a set are plain words and phrases, or one other <set>";
                return Err(self.fault(
                    self.within(text, i),
                    "this mark has no meaning in a set",
                    help,
                ));
            }
            let words = pattern::phrase(text.get_ref(), *roman);
            if words.is_empty() {
                return Err(self.fault(at, "an empty member", ""));
            }
            out.push(words);
        }
        Ok(Some(out))
    }

    /// Lets a file say of a theme of its base what the base says otherwise, and block its terms.
    fn amend(&mut self, id: ThemeId, raw: &mut RawTheme) -> Result<(), Error> {
        let theme = &mut self.out.themes[usize::from(id.0)];
        for (own, new) in [
            (&mut theme.label_en, &mut raw.label.en),
            (&mut theme.label_bn, &mut raw.label.bn),
            (&mut theme.definition, &mut raw.definition),
            (&mut theme.include, &mut raw.include),
            (&mut theme.exclude, &mut raw.exclude),
        ] {
            if !new.trim().is_empty() {
                *own = std::mem::take(new);
            }
        }
        let (not, unless) = (self.patterns(&raw.not)?, self.patterns(&raw.unless)?);
        let themes = &self.out.themes;
        let is_of_it = |theme: ThemeId| {
            let above = |at: &ThemeId| themes[usize::from(at.0)].parent;
            std::iter::successors(Some(theme), above).any(|at| at == id)
        };
        for term in self
            .out
            .terms
            .iter_mut()
            .filter(|term| is_of_it(term.theme))
        {
            term.not.extend_from_slice(&not);
            term.unless.extend_from_slice(&unless);
        }
        Ok(())
    }

    fn theme(
        &mut self,
        mut raw: RawTheme,
        parent: Option<ThemeId>,
        depth: u8,
        not: &[Pattern],
        unless: &[Pattern],
    ) -> Result<(), Error> {
        let at = raw.code.span().start;
        let code = raw.code.get_ref().trim().to_string();
        let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if code.is_empty() || !code.chars().all(is_plain) {
            let help =
                "a code is made of letters, digits, `_` and `-`; the dots between levels are added";
            return Err(self.fault(at, &format!("`{code}` cannot be a code"), help));
        }
        if depth > 7 {
            return Err(self.fault(at, "themes are nested deeper than eight levels", ""));
        }
        let full = match parent {
            Some(p) => format!("{}.{code}", self.out.themes[usize::from(p.0)].code),
            None => code,
        };
        let id = match self.out.find(&full) {
            // An extending taxonomy may add to a theme of its base; the same code twice in one file is a slip.
            Some(id) if usize::from(id.0) < self.n_base => {
                self.amend(id, &mut raw)?;
                id
            }
            Some(_) => {
                return Err(self.fault(at, &format!("the code `{full}` is given twice"), ""));
            }
            None => {
                if self.out.themes.len() >= usize::from(u16::MAX) {
                    return Err(self.fault(at, "more than 65,535 themes", ""));
                }
                if raw.label.en.trim().is_empty() && raw.label.bn.trim().is_empty() {
                    let help = "write label = { en = \"…\", bn = \"…\" }";
                    return Err(self.fault(at, &format!("the theme `{full}` has no label"), help));
                }
                let either = |a: &str, b: &str| {
                    if a.trim().is_empty() {
                        b.to_string()
                    } else {
                        a.to_string()
                    }
                };
                self.out.themes.push(Theme {
                    code: full.clone(),
                    label_en: either(&raw.label.en, &raw.label.bn),
                    label_bn: either(&raw.label.bn, &raw.label.en),
                    definition: raw.definition,
                    include: raw.include,
                    exclude: raw.exclude,
                    parent,
                    depth,
                });
                ThemeId((self.out.themes.len() - 1) as u16)
            }
        };
        let not: Vec<Pattern> = not
            .iter()
            .cloned()
            .chain(self.patterns(&raw.not)?)
            .collect();
        let unless: Vec<Pattern> = unless
            .iter()
            .cloned()
            .chain(self.patterns(&raw.unless)?)
            .collect();
        for (words, weight) in [(raw.terms, WEIGHT), (raw.hints, HINT)] {
            for (term, roman) in words.map(Words::entries).unwrap_or_default() {
                self.term(term, roman, weight, id, &not, &unless)?;
            }
        }
        for child in raw.theme {
            self.theme(child, Some(id), depth + 1, &not, &unless)?;
        }
        Ok(())
    }

    fn term(
        &mut self,
        raw: Spanned<RawTerm>,
        roman: bool,
        weight: u8,
        theme: ThemeId,
        not: &[Pattern],
        unless: &[Pattern],
    ) -> Result<(), Error> {
        let span = raw.span();
        let full = match raw.into_inner() {
            RawTerm {
                table: Some(table), ..
            } => table,
            RawTerm { pattern, .. } => TermTable {
                term: Spanned::new(span, pattern.unwrap_or_default()),
                not: Vec::new(),
                unless: Vec::new(),
                weight: None,
            },
        };
        let pattern = self.pattern(&full.term, roman)?;
        let weight = match full.weight {
            Some(w) if (1..=100).contains(w.get_ref()) => *w.get_ref(),
            Some(w) => {
                return Err(self.fault(
                    w.span().start,
                    "a weight is a percentage from 1 to 100",
                    "",
                ));
            }
            None => weight,
        };
        self.out.terms.push(Term {
            theme,
            source: full.term.get_ref().clone(),
            pattern,
            not: not
                .iter()
                .cloned()
                .chain(self.patterns(&full.not)?)
                .collect(),
            unless: unless
                .iter()
                .cloned()
                .chain(self.patterns(&full.unless)?)
                .collect(),
            weight,
        });
        Ok(())
    }

    /// Puts the themes into depth-first order, which an extension can have broken.
    fn depth_first(&mut self) {
        fn walk(themes: &[Theme], parent: Option<ThemeId>, order: &mut Vec<usize>) {
            for (i, theme) in themes.iter().enumerate() {
                if theme.parent == parent {
                    order.push(i);
                    walk(themes, Some(ThemeId(i as u16)), order);
                }
            }
        }
        let mut order = Vec::with_capacity(self.out.themes.len());
        walk(&self.out.themes, None, &mut order);
        let mut place = vec![ThemeId(0); order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = ThemeId(new as u16);
        }
        let moved = |id: ThemeId| place[usize::from(id.0)];
        self.out.themes = order
            .iter()
            .map(|&i| Theme {
                parent: self.out.themes[i].parent.map(moved),
                ..self.out.themes[i].clone()
            })
            .collect();
        for term in &mut self.out.terms {
            term.theme = moved(term.theme);
        }
    }
}

/// The name nearest to a mistyped one, where one is near at all.
fn closest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let shared = |a: &str, b: &str| a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    known
        .map(|k| (shared(name, k), k))
        .filter(|(n, _)| *n >= 2)
        .max_by_key(|(n, _)| *n)
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(terms: &str) -> Result<Taxonomy, Error> {
        let head = "name = \"x\"\n[sets]\nsluggish = [\"slow\", \"very weak\"]\n[[theme]]\ncode = \"a\"\nlabel = { en = \"A\" }\n";
        parse("x.toml", &format!("{head}terms = [{terms}]\n"))
    }

    #[test]
    fn a_set_can_stand_among_alternatives() {
        let taxonomy = load("\"(dead|<sluggish>) net\"").unwrap();
        let Element::Any(phrases) = &taxonomy.terms()[0].pattern.elements[0] else {
            panic!()
        };
        let words: Vec<Vec<&str>> = phrases
            .iter()
            .map(|p| p.iter().map(|w| w.text.as_str()).collect())
            .collect();
        assert_eq!(words, [vec!["dead"], vec!["slow"], vec!["very", "weak"]]);
    }

    #[test]
    fn a_fault_in_a_string_is_shown_where_it_stands_or_where_the_string_begins() {
        for (term, column) in [
            ("\"the <slugish> net\"", 15),
            ("'the <slugish> net'", 15),
            ("\"caf\\u00e9 <slugish> net\"", 10),
            ("\"\"\"the <slugish> net\"\"\"", 10),
        ] {
            let error = load(term).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("x.toml:7:{column}: ")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_theme_of_the_base_is_told_anew_and_its_terms_blocked() {
        let source = "name = \"own\"\nextends = \"core\"\n[[theme]]\ncode = \"manpower\"\nlabel = { en = \"Hands\" }\nnot = [\"no staff\"]\n\
                      terms = [\"zikzak\"]\n";
        let (own, core) = (parse("own.toml", source).unwrap(), builtin::parse("core"));
        let id = core.find("manpower").unwrap();
        assert_eq!(own.find("manpower"), Some(id));
        let [new, old] = [&own, &core].map(|taxonomy| taxonomy.theme(id));
        assert_eq!(
            (new.label_en.as_str(), &new.label_bn),
            ("Hands", &old.label_bn)
        );
        assert_eq!(new.definition, old.definition);
        for (new, old) in own.terms().iter().zip(core.terms()) {
            let more = usize::from(core.top(old.theme) == id);
            assert_eq!(new.not.len(), old.not.len() + more, "{}", old.source);
        }
        assert_eq!(own.terms().len(), core.terms().len() + 1);
        let nameless = source.replace("manpower", "health").replace("label", "#");
        let error = parse("own.toml", &nameless).unwrap_err().to_string();
        assert!(error.contains("the theme `health` has no label"), "{error}");
    }

    #[test]
    fn what_is_added_to_a_set_reaches_wherever_the_base_names_it() {
        let base = "name = \"base\"\n[sets]\nbad = [\"bad\"]\nworse = [\"<bad>\", \"awful\"]\n[[theme]]\ncode = \"a\"\nlabel = { en = \"A\" }\n\
                    terms = [\"<bad> road\", { term = \"(<bad>|weak) bridge\", not = [\"(<worse>|old) plan\"] }, \"<worse> path\"]\n";
        let source =
            "name = \"own\"\nextends = \"base\"\n[sets]\nbad = [\"<worse>\", \"ruined\"]\n";
        let found = parse_extending("own.toml", source, &|_| Some(base.to_string())).unwrap();
        let words = |phrases: &[Vec<WordPattern>]| {
            let words = phrases.iter().map(|p| p[0].text.clone());
            words.collect::<Vec<_>>()
        };
        let all = ["awful", "bad", "ruined"];
        assert_eq!(words(&found.sets()["bad"]), all);
        assert_eq!(words(&found.sets()["worse"]), all);
        let alternatives = |pattern: &Pattern| match &pattern.elements[0] {
            Element::Any(phrases) => words(phrases),
            other => panic!("{other:?}"),
        };
        let bridge = &found.terms()[1];
        assert_eq!(
            alternatives(&bridge.pattern),
            ["awful", "bad", "ruined", "weak"]
        );
        assert_eq!(
            alternatives(&bridge.not[0]),
            ["awful", "bad", "ruined", "old"]
        );
    }

    #[test]
    fn an_unknown_set_is_told_wherever_it_stands() {
        for terms in ["\"<slugish> net\"", "\"(dead|<slugish>) net\""] {
            let error = load(terms).unwrap_err().to_string();
            assert!(error.contains("there is no set <slugish>"), "{error}");
            assert!(error.contains("did you mean <sluggish>?"), "{error}");
        }
    }
}
