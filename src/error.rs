//! The one error of the library. Only configuration can be wrong; any text is data.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// What is wrong with a configuration: a taxonomy, a model file, a column to group by.
///
/// It is opaque, so that it can grow; ask the predicates. `Display` renders the whole message: for a
/// taxonomy with file, line, column, the line itself, a caret and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Taxonomy,
    Model,
    Groups,
}

/// So much of a faulty line is shown, in characters.
const SHOWN: usize = 76;
/// So much of it before the fault.
const SHOWN_BEFORE: usize = 40;

impl Error {
    /// An error in a model, or in what one was to be made of.
    pub(crate) fn model(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Model,
            message: message.into(),
        }
    }

    /// An error in the column by which answers are to be grouped.
    pub(crate) fn groups(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Groups,
            message: message.into(),
        }
    }

    /// An error at byte `at` of the taxonomy `source`, which came from `file`.
    pub(crate) fn taxonomy(
        file: &str,
        source: &str,
        at: Option<usize>,
        cause: &str,
        help: &str,
    ) -> Self {
        let help = if help.is_empty() {
            String::new()
        } else {
            format!("\n  help: {help}")
        };
        let Some(at) = at else {
            return Self {
                kind: Kind::Taxonomy,
                message: format!("{file}: {cause}{help}"),
            };
        };
        let mut at = at.min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        let line_start = source[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = source[at..].find('\n').map_or(source.len(), |i| at + i);
        let line_no = source[..at].matches('\n').count() + 1;
        let column = source[line_start..at].chars().count() + 1;
        // A long line is shown around the fault alone, so that the caret stands below it.
        let shown_start = source[line_start..at]
            .char_indices()
            .rev()
            .nth(SHOWN_BEFORE)
            .map_or(line_start, |(i, _)| line_start + i);
        let shown = &source[shown_start..line_end];
        let line: String = shown.trim_end().chars().take(SHOWN).collect();
        let gutter = " ".repeat(line_no.to_string().len());
        // Bangla signs have no width of their own, so the caret is set by columns, not by characters.
        let pad = " ".repeat(source[shown_start..at].width());
        let message = format!(
            "{file}:{line_no}:{column}: {cause}\n{gutter} |\n{line_no} | {line}\n{gutter} | {pad}^{help}"
        );
        Self {
            kind: Kind::Taxonomy,
            message,
        }
    }

    /// Whether a model is wrong.
    #[must_use]
    pub fn is_model(&self) -> bool {
        self.kind == Kind::Model
    }

    /// Whether the column is wrong by which answers were to be grouped.
    #[must_use]
    pub fn is_groups(&self) -> bool {
        self.kind == Kind::Groups
    }

    /// Whether a taxonomy is wrong.
    #[must_use]
    pub fn is_taxonomy(&self) -> bool {
        self.kind == Kind::Taxonomy
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// The first names, as a message shows them.
pub(crate) fn listed(names: impl ExactSizeIterator<Item = impl AsRef<str>>) -> String {
    const SHOWN: usize = 12;
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names
        .take(SHOWN)
        .map(|name| format!("`{}`", shown(name.as_ref())))
        .collect();
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

/// A name on one line, and not too long for it.
pub(crate) fn shown(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_with_place_line_caret_and_remedy() {
        let source = "name = \"x\"\nterms = [\"<nope>\"]\n";
        let at = source.find('<').unwrap();
        let error = Error::taxonomy(
            "own.toml",
            source,
            Some(at),
            "there is no set <nope>",
            "define it",
        );
        assert!(error.is_taxonomy());
        assert_eq!(
            error.to_string(),
            "own.toml:2:11: there is no set <nope>\n  |\n2 | terms = [\"<nope>\"]\n  |           ^\n  help: define it"
        );
    }

    #[test]
    fn a_fault_far_out_in_a_long_line_is_still_in_sight() {
        let source = format!("terms = [{}\"<nope>\"]", "\"জনবল\", ".repeat(100));
        let at = source.find('<').unwrap();
        let text = Error::taxonomy("own.toml", &source, Some(at), "cause", "").to_string();
        let lines: Vec<&str> = text.lines().collect();
        let caret = lines[3].find('^').unwrap();
        assert!(lines[2].contains("<nope>"));
        assert!(lines.iter().all(|l| l.width() <= 90));
        assert_eq!(lines[2][..lines[2].find('<').unwrap()].width(), caret);
    }
}
