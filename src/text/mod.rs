//! `&str` in, tokens with stems and keys out; knows languages, knows no themes.

mod abbreviation;
pub mod bijoy;
pub(crate) mod eight;
pub mod key;
pub mod lexicon;
pub mod non_answer;
pub mod normalize;
pub mod script;
pub mod sentence;
pub mod stem;
pub mod tokenize;
