//! The statistical coder: a small network over hashed words and character n-grams and over the rules' scores.
//!
//! What a word says are a few numbers, worked out once for each distinct word. One hidden layer (`network`) makes of their sum over
//! the answer, of the greatest of each, of their sum over the label and of what the rules say a probability for each theme.
//! Training (the feature `learn`) fits all together (`train`), starting from static vectors, and folds what a word's numbers are
//! made of into one table of four-bit integers, a row for each hashed feature ([`Model`]).

pub(crate) mod features;
#[cfg(feature = "learn")]
pub mod learn;
mod network;
pub(crate) mod phrases;
#[cfg(feature = "cluster")]
mod pieces;
mod predict;
#[cfg(feature = "learn")]
mod train;
#[cfg(any(feature = "learn", feature = "cluster"))]
pub mod vectors;
#[cfg(feature = "cluster")]
mod word_vectors;

pub(crate) use network::{Activity, sigmoid};
pub use predict::Model;
pub(crate) use predict::{EXTRA, Pool, Weights};
#[cfg(feature = "cluster")]
pub use word_vectors::WordVectors;
