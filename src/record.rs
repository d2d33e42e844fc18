//! Plain public data that passes between the rooms: responses, codings, evidence, rejects.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::span::Span;

macro_rules! coded_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The name used in all files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The value of that name; surrounding space and ASCII case do not matter.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                let name = name.trim();
                Self::ALL.iter().copied().find(|v| v.as_str().eq_ignore_ascii_case(name))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

coded_names! {
    /// What an answer does: names a problem, tells what is done about it, or asks for something.
    Role {
        /// A problem that the respondent meets.
        Challenge = "challenge",
        /// Something that was or is being done.
        Initiative = "initiative",
        /// Something that should be done.
        Suggestion = "suggestion",
        /// None of these.
        Other = "other",
    }
}

coded_names! {
    /// Whether a theme is there as a problem or wish, is denied, or is over.
    Polarity {
        /// The problem exists or the thing is wanted.
        Present = "present",
        /// Denied: 'no shortage of staff'.
        Absent = "absent",
        /// Was a problem, is over or clearly better: 'raised from 10 to 50 Mbps'.
        Resolved = "resolved",
    }
}

impl Polarity {
    /// That of a theme two of whose codings have these: a problem that stands in one point stands.
    pub(crate) fn joined(self, other: Self) -> Self {
        [Self::Present, Self::Resolved]
            .into_iter()
            .find(|p| [self, other].contains(p))
            .unwrap_or(Self::Absent)
    }
}

coded_names! {
    /// The language form of a response, by BCP 47 tag where there is one.
    Language {
        /// Bangla in Bangla script.
        Bangla = "bn",
        /// English.
        English = "en",
        /// Bangla in Latin letters.
        RomanBangla = "bn-Latn",
        /// More than one of these.
        Mixed = "mixed",
        /// No word that tells.
        Undetermined = "und",
    }
}

coded_names! {
    /// Where a coding came from.
    Origin {
        /// A term of the taxonomy stands in the text.
        Rules = "rules",
        /// The statistical coder alone.
        Model = "model",
        /// Both agree.
        Both = "both",
        /// The text is elliptic; its context named the theme.
        Context = "context",
        /// An elliptic reply took the theme over from the turn it answers.
        Carried = "carried",
        /// A person gave it: codings that were [read](crate::input::codings) do not tell where it came from.
        Hand = "hand",
    }
}

/// A theme of one taxonomy: an index in depth-first order of its themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeId(pub u16);

/// A term of one taxonomy: an index in the order of its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

impl TermId {
    /// None of them: evidence that was read together with its coding need not tell a term, or tells one of another taxonomy.
    pub const UNKNOWN: Self = Self(u32::MAX);
}

/// Where in the input a response stood. `file` is the name as the caller gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Name of the file (or `-`), shared by all its responses.
    pub file: Arc<str>,
    /// Where it stood in that file.
    pub place: Place,
}

/// A place in a file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A line of text (where several answers stand in one line, `part` tells them apart in the id).
    Line(u64),
    /// A row of a table (the line on which it begins).
    Row(u64),
    /// A speaker turn.
    Turn(u64),
    /// An element of a JSON array.
    Item(u64),
}

impl Place {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Place::Line(n) | Place::Row(n) | Place::Turn(n) | Place::Item(n) => n,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.place.number())
    }
}

/// One answer or one speaker turn, as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// As the input has it, which may give one id to several answers; made from the source where it has none, and then unique within
    /// a run.
    pub id: String,
    /// The words, as they were given; what was cut over several lines of a transcript or document is joined with single spaces.
    pub text: String,
    /// The role that the input gives.
    pub role: Option<Role>,
    /// What the text answers: the label of a question, a table row, a channel.
    pub context: Option<String>,
    /// Who answered.
    pub respondent: Option<String>,
    /// Survey weight; 1 where the input has none.
    pub weight: f64,
    /// Whether a moderator or interviewer speaks: such turns are kept and never coded.
    pub moderator: bool,
    /// All other columns, in the order of the input. Transcripts give `speaker`, `moderator` and, where stamped, `time`.
    pub attributes: Vec<(String, serde_json::Value)>,
    /// Where it stood.
    pub source: Source,
}

impl Response {
    /// A response with this text and nothing else known of it.
    #[must_use]
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            role: None,
            context: None,
            respondent: None,
            weight: 1.0,
            moderator: false,
            attributes: Vec::new(),
            source: Source {
                file: Arc::from("-"),
                place: Place::Line(1),
            },
        }
    }
}

/// A stretch of the response on which a coding rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Where it stands, in bytes of the response's text.
    pub span: Span,
    /// The term of the taxonomy that matched.
    pub term: TermId,
}

/// One theme given to one response.
#[derive(Clone, Debug, PartialEq)]
pub struct Coding {
    /// The theme, as deep in the taxonomy as its terms tell.
    pub theme: ThemeId,
    /// Present, denied or over.
    pub polarity: Polarity,
    /// How sure, between 0 and 1.
    pub score: f32,
    /// Rules, model, both, context or carried.
    pub origin: Origin,
    /// What it rests on, in text order; empty where only the statistical coder gave the theme.
    pub evidence: Vec<Evidence>,
    /// Where only the statistical coder gave the theme, the words that weighed most for it, in text order.
    pub weighed: Vec<Span>,
}

/// What [`Classifier::classify`](crate::Classifier::classify) tells of one response.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    /// The language form.
    pub language: Language,
    /// The role: the one given, else the one inferred from the wording.
    pub role: Role,
    /// Whether the input gave the role.
    pub role_given: bool,
    /// Its codings, ordered by theme.
    pub codings: Vec<Coding>,
}

/// Why a piece of input gives no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectKind {
    /// A row that could be read and only has no words: a survey may have many such, and they are no fault of the file.
    Empty,
    /// What could not be read.
    Unreadable,
}

/// A piece of input that gives no answer. The run goes on without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it stood.
    pub source: Source,
    /// Whether it could be read.
    pub kind: RejectKind,
    /// What is wrong and how to mend it, in one line.
    pub cause: String,
    /// The bytes as they were.
    pub bytes: Vec<u8>,
}
