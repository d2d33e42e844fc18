//! motamot

pub mod input;
pub mod record;
pub mod span;
pub mod text;
