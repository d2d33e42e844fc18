//! The statistical coder: a small network over hashed words and character n-grams and over the rules' scores.
//!
//! What the words of an answer say is a sum of a few numbers a word, so all that a word adds is worked out once for each distinct
//! word; one hidden layer (`network`) makes of the sum and of what the rules say a probability for each theme. Training (the
//! feature `learn`) fits both together (`train`), starting from static vectors, and folds what stands below the sum into one
//! table of four-bit integers, a row for each hashed feature ([`Model`]).

pub(crate) mod features;
#[cfg(feature = "learn")]
pub mod learn;
mod network;
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
pub(crate) use predict::{EXTRA, Sum, Weights};
#[cfg(feature = "cluster")]
pub use word_vectors::WordVectors;
