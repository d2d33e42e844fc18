//! motamot

pub mod record;
pub mod span;
pub mod text;
