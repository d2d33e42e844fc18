//! The one error of the library. Only configuration can be wrong; any text is data.

use std::fmt;

/// What is wrong with a configuration: a taxonomy, a model file, an option.
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
    Option,
}

impl Error {
    /// An error in a model file.
    pub(crate) fn model(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Model,
            message: message.into(),
        }
    }

    /// An option that makes no sense.
    pub(crate) fn option(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Option,
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
        let line = source[line_start..line_end].trim_end();
        let gutter = " ".repeat(line_no.to_string().len());
        // Bangla signs have no width of their own, so the caret is padded by what stands before it.
        let pad: String = source[line_start..at]
            .chars()
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let message = format!(
            "{file}:{line_no}:{column}: {cause}\n{gutter} |\n{line_no} | {line}\n{gutter} | {pad}^{help}"
        );
        Self {
            kind: Kind::Taxonomy,
            message,
        }
    }

    /// Whether a taxonomy is wrong.
    #[must_use]
    pub fn is_taxonomy(&self) -> bool {
        self.kind == Kind::Taxonomy
    }

    /// Whether a model file is wrong.
    #[must_use]
    pub fn is_model(&self) -> bool {
        self.kind == Kind::Model
    }

    /// Whether an option makes no sense.
    #[must_use]
    pub fn is_option(&self) -> bool {
        self.kind == Kind::Option
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
