//! motamot

mod classify;
mod error;
pub mod evaluate;
pub mod input;
mod matching;
pub mod output;
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
pub use record::{
    Coded, Coding, Evidence, Language, Origin, Place, Polarity, Reject, Response, Role, Source,
    TermId, ThemeId,
};
pub use report::Report;
pub use span::Span;
pub use tally::Tally;
pub use taxonomy::Taxonomy;
