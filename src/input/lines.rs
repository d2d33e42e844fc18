//! The lines of a text with their numbers; a line ends at LF, CR LF or a lone CR.

/// A line without its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1 in the file.
    pub(super) number: u64,
    pub(super) bytes: &'a [u8],
}

/// The lines of `bytes`, whose first line has the number `first`.
pub(super) fn lines(bytes: &[u8], first: u64) -> impl Iterator<Item = Line<'_>> {
    let mut rest = bytes;
    let mut number = first;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = split_line(rest);
        let item = Line {
            number,
            bytes: line,
        };
        (rest, number) = (after, number + 1);
        Some(item)
    })
}

/// The first line without its ending, and what follows the ending.
pub(super) fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = bytes.iter().position(|&b| b == b'\n' || b == b'\r') else {
        return (bytes, &[]);
    };
    let width = if bytes[end..].starts_with(b"\r\n") {
        2
    } else {
        1
    };
    (&bytes[..end], &bytes[end + width..])
}

/// How many line endings `bytes` holds.
pub(super) fn count_breaks(bytes: &[u8]) -> u64 {
    let feeds = bytes.iter().filter(|&&b| b == b'\n').count();
    let lone = |i: usize| bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n');
    let returns = if bytes.contains(&b'\r') {
        (0..bytes.len()).filter(|&i| lone(i)).count()
    } else {
        0
    };
    (feeds + returns) as u64
}

/// Where to cut `bytes` so that a line ends there: the last end at or before `aim`, else the first one after it.
///
/// A lone CR counts only where the next byte is known, since an LF may still come.
pub(super) fn cut(bytes: &[u8], aim: usize) -> Option<usize> {
    let ends_at = |i: usize| match bytes[i] {
        b'\n' => true,
        b'\r' => bytes.get(i + 1).is_some_and(|&b| b != b'\n'),
        _ => false,
    };
    let aim = aim.min(bytes.len());
    (0..aim)
        .rev()
        .find(|&i| ends_at(i))
        .or_else(|| (aim..bytes.len()).find(|&i| ends_at(i)))
        .map(|i| i + 1)
}

/// `bytes` as text, or what is wrong with them.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    simdutf8::compat::from_utf8(bytes).map_err(|e| {
        format!(
            "bad UTF-8 at byte {} of the line; save the file as UTF-8, or mend the line",
            e.valid_up_to() + 1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_ending_counts_once() {
        let found: Vec<_> = lines(b"a\r\nb\rc\n\nd", 5)
            .map(|l| (l.number, l.bytes))
            .collect();
        assert_eq!(
            found,
            [(5, &b"a"[..]), (6, b"b"), (7, b"c"), (8, b""), (9, b"d")]
        );
        assert_eq!(count_breaks(b"a\r\nb\rc\n\nd"), 4);
    }

    #[test]
    fn a_cut_never_parts_cr_from_lf() {
        assert_eq!(cut(b"ab\r\ncd", 3), Some(4));
        assert_eq!(cut(b"ab\r", 3), None, "an LF may follow in the next read");
        assert_eq!(cut(b"a\nb\nc", 3), Some(2));
        assert_eq!(cut(b"abcdef\nx", 2), Some(7));
    }
}
