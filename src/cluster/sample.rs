//! A sample of a stream of answers in bounded memory, the same for any number of threads.

use std::collections::BinaryHeap;

use super::corpus::Answer;
use crate::record::Response;

/// The answers whose rank, a hash of id and text, is lowest: as good as drawn by chance.
///
/// A worker asks [`Sample::bound`] (of any earlier moment) before it makes an [`Answer`]; the bound only falls, so nothing that
/// belongs into the sample is ever passed over.
#[derive(Clone, Debug)]
pub struct Sample {
    limit: usize,
    kept: BinaryHeap<Kept>,
    added: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Rank, then place in the stream.
    key: (u64, u64),
    answer: Answer,
}

impl Sample {
    /// One of at most `limit` answers.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            kept: BinaryHeap::new(),
            added: 0,
        }
    }

    /// The rank of a response. FNV-1a, with its bits mixed, since the standard hasher may change.
    #[must_use]
    pub fn rank(response: &Response) -> u64 {
        let bytes = response.id.bytes().chain([0]).chain(response.text.bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        crate::stats::Random::new(hash).bits()
    }

    /// Above this rank nothing gets in.
    #[must_use]
    pub fn bound(&self) -> u64 {
        match self.kept.peek() {
            Some(last) if self.kept.len() >= self.limit => last.key.0,
            _ if self.limit == 0 => 0,
            _ => u64::MAX,
        }
    }

    /// Adds the next answer of the stream, if it gets in.
    pub fn add(&mut self, rank: u64, answer: Answer) {
        self.added += 1;
        self.kept.push(Kept {
            key: (rank, self.added),
            answer,
        });
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
    }

    /// The answers, in the order in which they were added.
    #[must_use]
    pub fn into_answers(self) -> Vec<Answer> {
        let mut kept = self.kept.into_vec();
        kept.sort_unstable_by_key(|k| k.key.1);
        kept.into_iter().map(|k| k.answer).collect()
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_ranks_stay_in_their_order() {
        let mut sample = Sample::new(3);
        assert_eq!(sample.bound(), u64::MAX);
        for (i, rank) in [50, 10, 40, 20, 30, 20].into_iter().enumerate() {
            let answer = Answer::outside(&Response::new(i.to_string(), ""));
            sample.add(rank, answer);
        }
        assert_eq!(sample.bound(), 20);
        let ids: Vec<String> = sample
            .into_answers()
            .iter()
            .map(|a| a.id().into())
            .collect();
        assert_eq!(ids, ["1", "3", "5"]);
        let mut none = Sample::new(0);
        none.add(1, Answer::outside(&Response::new("a", "")));
        assert!(none.into_answers().is_empty());
    }
}
