//! Stems an English word with Snowball, after joining British and American spellings (organisation, organization; labour, labor).

use rust_stemmers::{Algorithm, Stemmer};
use std::borrow::Cow;
use std::sync::LazyLock;

static SNOWBALL: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// The stem of a lower-case English word.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    SNOWBALL.stem(word)
}
