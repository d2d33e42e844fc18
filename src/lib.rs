//! Codes free-text answers and transcripts in Bangla, English and romanised Bangla onto themes, and says on which words
//! each coding rests.
//!
//! ```
//! use motamot::{Classifier, Response, Scratch, Taxonomy};
//!
//! let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
//! let response = Response::new("r1", "আমাদের জনবলের ঘাটতি নেই, but the internet is very slow");
//! let coded = classifier.classify(&response, &mut Scratch::default());
//!
//! let told: Vec<_> = coded
//!     .codings
//!     .iter()
//!     .map(|c| {
//!         let theme = classifier.taxonomy().theme(c.theme);
//!         (theme.code.as_str(), c.polarity.as_str(), c.evidence[0].span.of(&response.text))
//!     })
//!     .collect();
//! assert!(told.contains(&("manpower.shortage", "absent", "জনবলের ঘাটতি")));
//! assert!(told.contains(&("bandwidth.internet", "present", "internet is very slow")));
//! # Ok::<(), motamot::Error>(())
//! ```
//!
//! - [`Taxonomy`]: themes and the terms that tell them, built in or from TOML; [`Classifier`]: compiled once, shared by
//!   threads; [`Scratch`]: what each thread keeps.
//! - [`input`] reads files into [`Response`]s; [`Tally`] counts [`Coded`] responses and merges; [`Report`] ranks;
//!   [`output`] writes.
//! - [`ByGroup`](tally::ByGroup) counts the same in groups (by district, by question); [`Report::compare`] sets them side by side.
//! - [`evaluate`] sets two coders side by side; [`text`] is the language layer on its own.
//!
//! Coding cannot fail: the only errors are in configuration. Nothing here touches paths, the network or the clock. The
//! page `ARCHITECTURE.md` draws the whole.

mod classify;
#[cfg(feature = "cluster")]
pub mod cluster;
mod error;
pub mod evaluate;
pub mod input;
mod matching;
pub mod model;
pub mod output;
mod packed;
pub mod parallel;
pub mod record;
pub mod report;
pub mod span;
pub mod stats;
pub mod tally;
pub mod taxonomy;
pub mod text;

pub use classify::{Classifier, ClassifierBuilder, Scratch};
pub use error::Error;
pub use model::Model;
pub use record::{
    Coded, Coding, Evidence, Language, Origin, Place, Polarity, Reject, RejectKind, Response, Role,
    Source, TermId, ThemeId,
};
pub use report::Report;
pub use span::Span;
pub use tally::Tally;
pub use taxonomy::Taxonomy;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeCompiles;
