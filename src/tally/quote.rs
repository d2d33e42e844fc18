//! The few quotes that speak for a theme, kept so that any grouping of the answers keeps the same.

use crate::packed;
use crate::record::{Polarity, Response, Role, Source};
use crate::span::Span;

/// A response chosen to speak for a theme, or for the answers without one.
///
/// The order of the fields is the order of choice, smallest first; it is total, so that of any two
/// different quotes one is always preferred, however the answers were grouped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quote {
    rank: Rank,
    /// The response's id.
    pub id: String,
    /// Its text, whole and untouched.
    pub text: String,
    /// Where it stood.
    pub source: Source,
    /// The bytes of `text` on which the theme rests, in text order, none twice; they may overlap.
    pub evidence: Vec<Span>,
    /// What the response does.
    pub role: Role,
    /// Whether it affirms the theme.
    pub polarity: Polarity,
}

/// How well a text serves as a quote; smaller is better.
pub(super) type Rank = [u32; 3];

impl Quote {
    pub(super) fn new(
        rank: Rank,
        response: &Response,
        evidence: Vec<Span>,
        role: Role,
        polarity: Polarity,
    ) -> Self {
        Self {
            rank,
            id: response.id.clone(),
            text: response.text.clone(),
            source: response.source.clone(),
            evidence,
            role,
            polarity,
        }
    }
}

/// The rank of a coded text: those that affirm the theme first, since one that denies it would mislead whoever reads no further;
/// then sure codings, then texts of a length that reads well.
///
/// The score counts in tenths before length does, or a two-word answer of score 0.99 would always
/// win over a telling sentence of score 0.98.
pub(super) fn rank(polarity: Polarity, score: f32, length: u32) -> Rank {
    let millionths = (score.clamp(0.0, 1.0) * 1e6).round() as u32;
    let tenths = 10 - millionths.div_ceil(100_000);
    [
        if polarity == Polarity::Present {
            tenths
        } else {
            11 + tenths
        },
        length,
        1_000_000 - millionths,
    ]
}

/// How far the length of a text is from one that reads well: 0, 1 or 2.
pub(super) fn length(text: &str) -> u32 {
    // A character takes one to four bytes: these many bytes need no counting.
    if (4 * 30..=220).contains(&text.len()) {
        return 0;
    }
    match text.chars().count() {
        30..=220 => 0,
        15..=29 | 221..=400 => 1,
        _ => 2,
    }
}

/// The rank of a text in a sample drawn by its hash: as good as chance, and the same on every run.
pub(super) fn chance(text: &str) -> Rank {
    let hash = packed::hash(text.as_bytes());
    [(hash >> 32) as u32, hash as u32, 0]
}

/// The best `limit` quotes with different texts.
///
/// One text speaks once: twenty answers 'Lack of manpower' would otherwise fill the list. Keeping
/// the best quote of each text and the best texts of those can be done in any grouping: a text that
/// a part has dropped had `limit` better ones there, which beat it in the whole too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Best {
    limit: usize,
    quotes: Vec<Quote>,
}

impl Best {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            quotes: Vec::new(),
        }
    }

    pub(super) fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// Whether a quote of that rank and id can still get in; asked before anything is copied.
    pub(super) fn admits(&self, rank: Rank, id: &str) -> bool {
        self.quotes.len() < self.limit
            || self
                .quotes
                .last()
                .is_some_and(|worst| (rank, id) <= (worst.rank, worst.id.as_str()))
    }

    pub(super) fn add(&mut self, quote: Quote) {
        if let Some(same) = self.quotes.iter().position(|q| q.text == quote.text) {
            if self.quotes[same] <= quote {
                return;
            }
            self.quotes.remove(same);
        }
        let at = self.quotes.partition_point(|q| *q < quote);
        self.quotes.insert(at, quote);
        self.quotes.truncate(self.limit);
    }

    pub(super) fn merge(&mut self, other: Best) {
        other.quotes.into_iter().for_each(|quote| self.add(quote));
    }
}
