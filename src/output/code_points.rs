//! From byte ranges to Unicode code points, as Python, R and REFI-QDA count.

use crate::span::Span;

/// How many bytes lie between two remembered counts.
const STEP: usize = 1024;

/// Counts code points in one text. A long text is counted once and remembered in steps, so that a
/// hundred spans in an hour-long turn do not read it a hundred times.
pub(super) struct CodePoints<'t> {
    text: &'t [u8],
    /// Code points before the byte `STEP * i`; empty for a text of one step.
    before: Vec<usize>,
}

impl<'t> CodePoints<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        let mut before = Vec::new();
        if text.len() > STEP {
            let mut sum = 0;
            for chunk in text.chunks(STEP) {
                before.push(sum);
                sum += count(chunk);
            }
        }
        Self { text, before }
    }

    /// The span's start and end, in code points.
    pub(super) fn range(&self, span: Span) -> (usize, usize) {
        (self.at(span.start as usize), self.at(span.end as usize))
    }

    fn at(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        // The last step may begin exactly at the end of the text, where no count is remembered.
        let step = (byte / STEP).min(self.before.len().saturating_sub(1));
        self.before.get(step).copied().unwrap_or(0) + count(&self.text[step * STEP..byte])
    }
}

/// Every byte that does not continue a character begins one.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_as_python_does() {
        let text = "office-এ জনবলের অভাব 😀 x";
        let start = text.find("জনবলের").unwrap();
        assert_eq!(
            CodePoints::new(text).range(Span::new(start, start + "জনবলের".len())),
            (9, 15)
        );
    }

    proptest! {
        #[test]
        fn the_remembered_counts_are_the_plain_ones(text in "[aক😀é]{0,2000}") {
            let points = CodePoints::new(&text);
            for (n, (at, _)) in text.char_indices().enumerate().step_by(97) {
                prop_assert_eq!(points.at(at), n);
            }
            prop_assert_eq!(points.at(text.len()), text.chars().count());
        }
    }
}
