//! motamot

pub mod evaluate;
pub mod output;
pub mod parallel;
pub mod record;
pub mod report;
pub mod span;
pub mod stats;
pub mod tally;
pub mod taxonomy;
pub mod text;
