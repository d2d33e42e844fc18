//! Collects what a word can stand for.

use super::{Hit, Symbol};

/// Symbols with scores, as they come.
#[derive(Default)]
pub(super) struct Hits(Vec<Hit>);

impl Hits {
    pub(super) fn all(&mut self, symbols: Option<&[Symbol]>, score: u8) {
        let symbols = symbols.unwrap_or_default();
        self.0
            .extend(symbols.iter().map(|&symbol| Hit { symbol, score }));
    }

    pub(super) fn join(&mut self, others: &[Hit]) {
        self.0.extend(others);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each symbol once with its best score, sorted.
    pub(super) fn done(mut self) -> Vec<Hit> {
        // Of the same symbol the best score comes last.
        self.0.sort_unstable();
        self.0.dedup_by(|next, kept| {
            let is_same = next.symbol == kept.symbol;
            if is_same {
                kept.score = next.score;
            }
            is_same
        });
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_counts_once_with_its_best_score() {
        let mut hits = Hits::default();
        hits.all(Some(&[Symbol(7), Symbol(2)]), 90);
        hits.all(Some(&[Symbol(2)]), 95);
        hits.all(None, 100);
        hits.all(Some(&[Symbol(7)]), 85);
        let want = [(2, 95), (7, 90)].map(|(n, score)| Hit {
            symbol: Symbol(n),
            score,
        });
        assert_eq!(hits.done(), want);
    }
}
