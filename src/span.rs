//! Byte ranges in the caller's text, and the sparse map from a normalised text back to it.

/// A half-open byte range `start..end` in a text that the caller gave.
///
/// Both ends stand on character boundaries of that text. Offsets are 32 bits wide, since a single
/// response is far below 4 GiB; coding a longer one panics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`, in bytes.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end && end <= u32::MAX as usize);
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The part of `text` that it covers.
    ///
    /// # Panics
    /// When the span was made for another text and does not stand on its character boundaries.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn join(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// One replaced stretch: `source` in the caller's text became `clean` in the normalised one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    source: Span,
    clean: Span,
}

/// Maps spans of a normalised text back to the text that it came from.
///
/// Only changed stretches are kept, so a text that was already clean has an empty map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    edits: Vec<Edit>,
}

impl OffsetMap {
    /// Whether nothing was changed, so that every offset is its own image.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// Records that `source` became `clean`. Edits come in text order and do not overlap.
    pub fn push(&mut self, source: Span, clean: Span) {
        debug_assert!(
            self.edits
                .last()
                .is_none_or(|e| e.source.end <= source.start && e.clean.end <= clean.start)
        );
        self.edits.push(Edit { source, clean });
    }

    /// The span of the caller's text from which `clean`, a span of the normalised text, arose.
    ///
    /// A bound inside a replaced stretch widens to the whole stretch: the quote never loses a character.
    #[must_use]
    pub fn to_source(&self, clean: Span) -> Span {
        if self.edits.is_empty() {
            return clean;
        }
        let start = self.bound(clean.start, true);
        let end = if clean.is_empty() {
            start
        } else {
            self.bound(clean.end, false)
        };
        Span {
            start,
            end: end.max(start),
        }
    }

    fn bound(&self, at: u32, is_start: bool) -> u32 {
        // The last edit that begins before the bound (for a start: at or before it).
        let n = self.edits.partition_point(|e| {
            if is_start {
                e.clean.start <= at
            } else {
                e.clean.start < at
            }
        });
        let Some(edit) = n.checked_sub(1).map(|i| self.edits[i]) else {
            return at;
        };
        if at < edit.clean.end || (!is_start && at == edit.clean.end) {
            return if is_start {
                edit.source.start
            } else {
                edit.source.end
            };
        }
        at - edit.clean.end + edit.source.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_inside_a_replaced_stretch_widens_to_all_of_it() {
        let mut map = OffsetMap::default();
        map.push(Span::new(2, 6), Span::new(2, 5));
        assert_eq!(map.to_source(Span::new(0, 2)), Span::new(0, 2));
        assert_eq!(map.to_source(Span::new(2, 4)), Span::new(2, 6));
        assert_eq!(map.to_source(Span::new(3, 5)), Span::new(2, 6));
        assert_eq!(map.to_source(Span::new(5, 8)), Span::new(6, 9));
    }
}
