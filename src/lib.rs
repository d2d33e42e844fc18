//! motamot

pub mod record;
pub mod span;
pub mod stats;
pub mod taxonomy;
pub mod text;
