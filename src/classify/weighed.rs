//! What words count for in the statistical coder: kept once, read by all threads.

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use crate::model::Weights;

/// What words count for in the model, where there is one, by number of the word.
///
/// Threads share it without a lock: what is there stays as it is, in blocks that never move.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighed {
    words: Vec<Arc<[Slot]>>,
    /// For words that count for something else when they are read as romanised Bangla, which few are.
    roman: Vec<Arc<[Slot]>>,
    n_roman: u32,
}

/// Place for one word: a cache line, since most of the time goes by waiting for it.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Slot(OnceLock<(Weights, Option<NonZeroU32>)>);

/// Places in a block.
const BLOCK: usize = 1 << 10;

impl Weighed {
    #[inline]
    pub(super) fn get(&self, word: usize, roman: bool) -> &Weights {
        let (plain, other) = slot(&self.words, word);
        match other {
            Some(at) if roman => &slot(&self.roman, at.get() as usize - 1).0,
            _ => plain,
        }
    }

    /// Keeps what a word counts for, as it stands and, where that is something else, as romanised Bangla.
    pub(super) fn put(&mut self, word: usize, plain: Weights, roman: Option<Weights>) {
        let other = roman.and_then(|roman| {
            fill(&mut self.roman, self.n_roman as usize, (roman, None));
            self.n_roman += 1;
            NonZeroU32::new(self.n_roman)
        });
        fill(&mut self.words, word, (plain, other));
    }

    /// Takes over what a word counts for, if that is known.
    pub(super) fn recall(&mut self, word: usize, before: &Self, number: usize) {
        if before.words.len() > number / BLOCK {
            let (plain, other) = slot(&before.words, number);
            let roman = other.map(|_| *before.get(number, true));
            self.put(word, *plain, roman);
        }
    }

    /// Learns of the blocks that came since.
    pub(super) fn follow(&mut self, store: &Self) {
        for (own, all) in [
            (&mut self.words, &store.words),
            (&mut self.roman, &store.roman),
        ] {
            own.extend(all[own.len()..].iter().cloned());
        }
    }
}

#[inline]
fn slot(blocks: &[Arc<[Slot]>], number: usize) -> &(Weights, Option<NonZeroU32>) {
    match blocks[number / BLOCK][number % BLOCK].0.get() {
        Some(slot) => slot,
        None => unreachable!("what a word counts for is known with the word"),
    }
}

fn fill(blocks: &mut Vec<Arc<[Slot]>>, number: usize, with: (Weights, Option<NonZeroU32>)) {
    while blocks.len() <= number / BLOCK {
        blocks.push((0..BLOCK).map(|_| Slot::default()).collect());
    }
    // A number is given once.
    let _ = blocks[number / BLOCK][number % BLOCK].0.set(with);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Model, Pool};
    use crate::taxonomy::Taxonomy;
    use crate::text::tokenize::TokenKind;

    #[test]
    fn what_words_count_for_goes_from_store_to_store_and_thread_with_both_readings() {
        let taxonomy = Taxonomy::nsss();
        let model = Model::builtin(&taxonomy).expect("nsss has a model");
        let [plain, roman] = ["budget", "বাজেট"].map(|w| model.weights(w, TokenKind::Latin));
        let mut stores = [Weighed::default(), Weighed::default()];
        let mut thread = Weighed::default();
        stores[0].put(0, plain, None);
        stores[0].put(BLOCK, plain, Some(roman));
        let [before, store] = &mut stores;
        for (own, number) in [(1, BLOCK), (0, 0)] {
            store.recall(own, before, number);
            thread.follow(store);
        }
        let numbers = |weighed: &Weighed, word, roman| {
            Pool::of([weighed.get(word, roman)].into_iter())
                .sums()
                .collect::<Vec<f32>>()
        };
        let [plain, roman] = [false, true].map(|reading| numbers(before, BLOCK, reading));
        assert_ne!(plain, roman);
        assert_eq!(
            [false, true].map(|r| numbers(&thread, 1, r)),
            [plain.clone(), roman]
        );
        assert_eq!(
            [false, true].map(|r| numbers(&thread, 0, r)),
            [plain.clone(), plain]
        );
    }
}
