//! Reads a text eight bytes at a time, so that a word is a number or a few.

/// The bytes from `at` on as a number, the first one lowest; 0 stands for what lies beyond the end.
#[inline]
pub(crate) fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes
        .get(at..at.wrapping_add(8))
        .and_then(<[u8]>::first_chunk)
    {
        Some(whole) => u64::from_le_bytes(*whole),
        None => last_few(bytes, at),
    }
}

#[inline(never)]
fn last_few(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default().iter().rev();
    rest.fold(0, |whole, byte| whole << 8 | u64::from(*byte))
}

/// How many of the eight bytes stand before the first space, digit or other sign below `@`; and those bytes alone.
#[inline]
pub(crate) fn until_sign(eight: u64) -> (usize, u64) {
    const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);
    // The highest bit of a byte of which neither of the upper two is set.
    let signs = !(eight | eight << 1) & HIGHEST;
    if signs == 0 {
        return (8, eight);
    }
    let first = signs & signs.wrapping_neg();
    (
        signs.trailing_zeros() as usize / 8,
        eight & ((first >> 7) - 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sign_is_found_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = [b'm'; 8];
                bytes[at] = byte;
                let n = if byte < b'@' { at } else { 8 };
                let mut before = bytes;
                before[n..].fill(0);
                let found = until_sign(u64::from_le_bytes(bytes));
                assert_eq!(found, (n, u64::from_le_bytes(before)), "{byte}");
            }
        }
    }

    #[test]
    fn beyond_the_end_there_is_nothing() {
        let bytes = b"abcdefghij";
        assert_eq!(eight(bytes, 2).to_le_bytes(), *b"cdefghij");
        assert_eq!(eight(bytes, 7).to_le_bytes(), *b"hij\0\0\0\0\0");
        assert_eq!(eight(bytes, 12), 0);
    }
}
