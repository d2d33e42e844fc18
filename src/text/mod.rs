//! `&str` in, tokens with stems and keys out; knows languages, knows no themes.
