//! The small language in which terms are written.
//!
//! | written | means |
//! |---|---|
//! | `staff shortage` | these words side by side, in any inflection (articles between them do not count) |
//! | `=nets` | exactly this form |
//! | `train*` | any word that begins so |
//! | `*ing` | any word that ends so, after two letters at least |
//! | `lack .. staff` | in this order, at most three other words between; `..6` at most six |
//! | `slow & internet` | in any order in one sentence, at most eight words apart; `&4` at most four |
//! | `(slow\|weak\|no) network` | any of these; members may be several words |
//! | `<slow> network` | any member of the set `slow`, defined under `[sets]` |
//! | `^training`, `needed$` | at the start, at the end of a clause |

/// One word as written in a taxonomy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordPattern {
    /// The word, as typed.
    pub text: String,
    /// Stem, exact form or prefix.
    pub kind: WordKind,
    /// Whether it is Bangla in Latin letters (never stemmed as English).
    pub roman: bool,
}

/// How a word pattern meets a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WordKind {
    /// Any inflection.
    Stem,
    /// This form alone.
    Exact,
    /// Any word that begins so.
    Prefix,
    /// Any word that ends so.
    Suffix,
    /// The name of a set among alternatives, or in another set; a loaded taxonomy holds its members instead.
    Set,
}

/// One slot of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// A single word.
    Word(WordPattern),
    /// Any of these phrases (each a sequence of words, side by side).
    Any(Vec<Vec<WordPattern>>),
    /// A named set.
    Set(String),
}

/// How a slot follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// After it, with at most this many other words between.
    After(u8),
    /// On either side, with at most this many words between.
    Near(u8),
}

/// Which ends of a clause a pattern must touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Edges {
    /// Nothing of its clause stands before it.
    pub first: bool,
    /// Nothing of its clause stands after it.
    pub last: bool,
    /// All of it stands in one clause. No term says so, only cues do.
    pub within: bool,
}

/// A parsed term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Its slots.
    pub elements: Vec<Element>,
    /// `links[i]` joins slot `i` to slot `i + 1`.
    pub links: Vec<Link>,
    /// Where it must stand in its clause.
    pub edges: Edges,
}

impl Pattern {
    /// The pattern as a text is read, without the words that do not count between others; where fewer than two slots would be left,
    /// as it is. Alternatives stay as they are: [`counted`] is for each of their phrases.
    pub(crate) fn counted(&self, counts: impl Fn(&WordPattern) -> bool) -> Self {
        let mut out = Self {
            elements: Vec::new(),
            links: Vec::new(),
            ..self.clone()
        };
        let mut link: Option<Link> = None;
        for (at, element) in self.elements.iter().enumerate() {
            if let Some(before) = at.checked_sub(1).map(|before| self.links[before]) {
                link = Some(link.map_or(before, |link| link.and(before)));
            }
            if matches!(element, Element::Word(word) if !counts(word)) {
                continue;
            }
            if let Some(link) = link.take().filter(|_| !out.elements.is_empty()) {
                out.links.push(link);
            }
            out.elements.push(element.clone());
        }
        match out.elements.len() < self.elements.len().min(2) {
            true => self.clone(),
            false => out,
        }
    }
}

/// A phrase without the words that do not count between others; where fewer than two would be left, as it is.
pub(crate) fn counted(
    phrase: &[WordPattern],
    counts: impl Fn(&WordPattern) -> bool,
) -> Vec<WordPattern> {
    let left: Vec<WordPattern> = phrase.iter().filter(|w| counts(w)).cloned().collect();
    match left.len() < 2 {
        true => phrase.to_vec(),
        false => left,
    }
}

impl Link {
    /// The link over a word that is left out.
    fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::After(a), Self::After(b)) => Self::After(a.saturating_add(b)),
            (Self::After(a) | Self::Near(a), Self::After(b) | Self::Near(b)) => {
                Self::Near(a.saturating_add(b))
            }
        }
    }
}

/// Words between two slots joined by a bare `..`.
const GAP: u8 = 3;
/// Words between two slots joined by a bare `&`.
const NEAR: u8 = 8;

/// Parses one term. `roman` says that its Latin words are romanised Bangla.
///
/// # Errors
/// What is wrong, in a few words, with the byte offset inside `source` at which it was met.
pub fn parse(source: &str, roman: bool) -> Result<Pattern, (usize, String)> {
    let mut elements = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    let mut pending: Option<Link> = None;
    let body = source.trim_end();
    let (body, last) = body.strip_suffix('$').map_or((body, false), |b| (b, true));
    let trimmed = body.trim_start();
    let (mut rest, first) = trimmed
        .strip_prefix('^')
        .map_or((trimmed, false), |r| (r, true));
    let at = |rest: &str| body.len() - rest.len();
    if let Some(i) = rest.find(['^', '$']) {
        let start = at(rest) + i;
        return Err((
            start,
            "`^` stands at the start of a term, `$` at its end".into(),
        ));
    }
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            break;
        };
        let start = at(rest);
        let link = if let Some(tail) = rest.strip_prefix("..") {
            let (n, tail) = number(tail, GAP);
            rest = tail;
            Some(Link::After(n))
        } else if first == '&' {
            let (n, tail) = number(&rest[1..], NEAR);
            rest = tail;
            Some(Link::Near(n))
        } else {
            None
        };
        if let Some(link) = link {
            if elements.is_empty() || pending.is_some() {
                return Err((start, "a gap must stand between two words".into()));
            }
            pending = Some(link);
            continue;
        }
        let element = match first {
            '<' => {
                let close = rest
                    .find('>')
                    .ok_or((start, "`<` without `>`".to_string()))?;
                let name = &rest[1..close];
                rest = &rest[close + 1..];
                Element::Set(name.trim().to_string())
            }
            '(' => {
                let close = rest
                    .find(')')
                    .ok_or((start, "`(` without `)`".to_string()))?;
                let members = &rest[1..close];
                rest = &rest[close + 1..];
                let phrases: Vec<_> = members
                    .split('|')
                    .map(|m| member(m.trim(), roman))
                    .collect();
                if phrases.iter().any(Vec::is_empty) {
                    return Err((start, "an empty alternative".into()));
                }
                Element::Any(phrases)
            }
            ')' | '>' | '|' => return Err((start, format!("`{first}` without its opening"))),
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "<>()|&".contains(c))
                    .unwrap_or(rest.len());
                let end = rest[..end].find("..").filter(|&i| i > 0).unwrap_or(end);
                let text = &rest[..end];
                rest = &rest[end..];
                // A typed word can fall apart into several ('co-ordination', 'e-mail').
                let mut words = phrase(text, roman).into_iter();
                let Some(word) = words.next() else {
                    return Err((start, format!("`{text}` has no letter")));
                };
                push(&mut elements, &mut links, &mut pending, Element::Word(word));
                for word in words {
                    push(&mut elements, &mut links, &mut pending, Element::Word(word));
                }
                continue;
            }
        };
        push(&mut elements, &mut links, &mut pending, element);
    }
    if pending.is_some() {
        return Err((source.len(), "a gap must stand between two words".into()));
    }
    if elements.is_empty() {
        return Err((0, "an empty term".into()));
    }
    if elements.len() > 8 {
        return Err((0, "a term of more than eight words".into()));
    }
    Ok(Pattern {
        elements,
        links,
        edges: Edges {
            first,
            last,
            within: false,
        },
    })
}

fn push(
    elements: &mut Vec<Element>,
    links: &mut Vec<Link>,
    pending: &mut Option<Link>,
    element: Element,
) {
    if !elements.is_empty() {
        links.push(pending.take().unwrap_or(Link::After(0)));
    }
    elements.push(element);
}

fn number(rest: &str, default: u8) -> (u8, &str) {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count().min(2);
    (rest[..digits].parse().unwrap_or(default), &rest[digits..])
}

/// A member of alternatives: a phrase, or a set, which the taxonomy replaces by its members.
pub(super) fn member(source: &str, roman: bool) -> Vec<WordPattern> {
    match source.strip_prefix('<').and_then(|s| s.strip_suffix('>')) {
        Some(name) => vec![WordPattern {
            text: name.trim().to_string(),
            kind: WordKind::Set,
            roman,
        }],
        None => phrase(source, roman),
    }
}

/// The words of a phrase, marks (`=`, `*`) applied.
pub(super) fn phrase(source: &str, roman: bool) -> Vec<WordPattern> {
    let mut out = Vec::new();
    for typed in source.split_whitespace() {
        let (typed, exact) = typed
            .strip_prefix('=')
            .map_or((typed, false), |t| (t, true));
        // The end of a word need not be a word: it may begin with a vowel sign.
        if let Some(ending) = typed.strip_prefix('*').filter(|t| !t.is_empty()) {
            out.push(WordPattern {
                text: ending.to_string(),
                kind: WordKind::Suffix,
                roman,
            });
            continue;
        }
        let (typed, prefix) = typed
            .strip_suffix('*')
            .map_or((typed, false), |t| (t, true));
        let kind = match (exact, prefix) {
            (_, true) => WordKind::Prefix,
            (true, _) => WordKind::Exact,
            _ => WordKind::Stem,
        };
        if typed == "#" {
            out.push(WordPattern {
                text: "#".into(),
                kind: WordKind::Exact,
                roman,
            });
            continue;
        }
        let words: Vec<&str> = crate::text::tokenize::words(typed)
            .map(|t| t.span.of(typed))
            .collect();
        let last = words.len().saturating_sub(1);
        out.extend(words.into_iter().enumerate().map(|(i, text)| WordPattern {
            text: text.to_string(),
            kind: if i == last || kind == WordKind::Exact {
                kind
            } else {
                WordKind::Stem
            },
            roman,
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &Pattern) -> Vec<(&str, WordKind)> {
        pattern
            .elements
            .iter()
            .filter_map(|e| match e {
                Element::Word(w) => Some((w.text.as_str(), w.kind)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn words_that_do_not_count_are_left_out_of_a_pattern_of_others() {
        let is = |source, want| {
            let [source, want] = [source, want].map(|source| parse(source, false));
            let counted = source.map(|p| p.counted(|word| !["a", "the"].contains(&&*word.text)));
            assert_eq!(counted, want);
        };
        is("lack of a computer", "lack of computer");
        is("the lack ..2 the computer", "lack ..2 computer");
        is("lack & the ..1 computer", "lack &9 computer");
        is("a computer", "a computer");
        is("the", "the");
        for (source, want) in [
            ("not a single", "not single"),
            ("a few", "a few"),
            ("the", "the"),
        ] {
            let [source, want] = [source, want].map(|source| phrase(source, false));
            assert_eq!(
                counted(&source, |word| !["a", "the"].contains(&&*word.text)),
                want
            );
        }
    }

    #[test]
    fn marks_at_the_ends_hold_a_term_to_the_edges_of_its_clause() {
        let edges = |source| parse(source, false).map(|p| (p.edges.first, p.edges.last));
        assert_eq!(edges("more staff"), Ok((false, false)));
        assert_eq!(edges("^more staff"), Ok((true, false)));
        assert_eq!(edges("(need|want) $"), Ok((false, true)));
        assert_eq!(edges("^no$"), Ok((true, true)));
    }

    #[test]
    fn an_edge_inside_a_term_is_a_fault_at_its_place() {
        assert_eq!(parse("more ^staff", false).map_err(|e| e.0), Err(5));
        assert_eq!(parse("need$ staff", false).map_err(|e| e.0), Err(4));
        assert_eq!(
            parse("^", false).map_err(|e| e.1),
            Err("an empty term".into())
        );
    }

    #[test]
    fn an_ending_need_not_be_a_word() {
        let bangla = parse("*েছি", false).expect("a vowel sign may begin an ending");
        assert_eq!(words(&bangla), [("েছি", WordKind::Suffix)]);
        let english = parse("*ing", false).expect("letters may");
        assert_eq!(words(&english), [("ing", WordKind::Suffix)]);
        assert!(parse("*", false).is_err());
    }
}
