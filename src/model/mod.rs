//! The statistical coder: a linear model over hashed words and character n-grams and over the rules' scores.
//!
//! An answer's score for a theme is a sum over its words, so all that a word adds is worked out once for each distinct
//! word. Training (the feature `learn`) brings the hashed features down to a few hundred dense ones (static vectors,
//! `vectors`, and a truncated singular value decomposition), fits one logistic regression a theme with `linfa`, and folds
//! the result back into one table of small integers, a row for each hashed feature ([`Model`]).

pub(crate) mod features;
#[cfg(feature = "learn")]
pub mod learn;
#[cfg(feature = "cluster")]
mod pieces;
mod predict;
#[cfg(any(feature = "learn", feature = "cluster"))]
pub mod vectors;
#[cfg(feature = "cluster")]
mod word_vectors;

pub use predict::Model;
pub(crate) use predict::{EXTRA, Sum, Weights};
#[cfg(feature = "cluster")]
pub use word_vectors::WordVectors;
