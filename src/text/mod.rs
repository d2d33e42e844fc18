//! `&str` in, tokens with stems and keys out; knows languages, knows no themes.

pub mod key;
pub mod lexicon;
pub mod stem;
