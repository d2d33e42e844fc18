//! Tables laid out in flat arrays, and the bytes that hold them between builds.
//!
//! What the built-in taxonomies compile to is kept in files that need no parsing: numbers are little-endian, strings lie end to end,
//! and a [`Table`] is searched as it lies. The hash is our own, since it must never change under a file.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A hash for tables and fingerprints; the same on all machines.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, part: u64| {
        let hash = (hash ^ part).wrapping_mul(MULTIPLIER);
        hash ^ hash >> 32
    };
    let number = |part: &[u8]| {
        part.first_chunk()
            .map_or(0, |part| u64::from_le_bytes(*part))
    };
    let parts = bytes.chunks_exact(8);
    let rest = parts.remainder();
    let hash = parts.fold(bytes.len() as u64, |hash, part| mix(hash, number(part)));
    // The rest as one number: the last bytes of the whole, without those that were taken before.
    let rest = match bytes.last_chunk::<8>() {
        _ if rest.is_empty() => 0,
        Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
        None => rest
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    mix(mix(hash, rest), 0)
}

/// The number at place `at` of an array of 32-bit numbers in bytes; 0 beyond its end.
pub(crate) fn number_at(bytes: &[u8], at: usize) -> u32 {
    let number = bytes.get(at * 4..).and_then(<[u8]>::first_chunk);
    number.map_or(0, |number| u32::from_le_bytes(*number))
}

/// Compares a file of `data/compiled` with what it should hold; with the variable `MOTAMOT_WRITE` set, writes it.
#[cfg(test)]
pub(crate) fn settle(name: &str, bytes: &[u8]) {
    let path = format!("{}/data/compiled/{name}.bin", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("MOTAMOT_WRITE").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(
        std::fs::read(&path).is_ok_and(|there| there == bytes),
        "{path} is older than its sources; make it anew: MOTAMOT_WRITE=1 cargo test --lib compiled_files"
    );
}

/// What is kept as a few numbers.
pub(crate) trait Flat: Sized {
    /// How many numbers.
    const WIDTH: usize;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>);
    /// Takes [`Flat::WIDTH`] numbers.
    fn get(numbers: &[u32]) -> Self;
}

impl Flat for u32 {
    const WIDTH: usize = 1;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self);
    }
    fn get(numbers: &[u32]) -> Self {
        numbers[0]
    }
}

/// Writes numbers and strings.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

#[cfg(test)]
impl Writer {
    pub(crate) fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    pub(crate) fn items<T: Flat>(&mut self, items: &[T]) {
        let mut numbers = Vec::with_capacity(items.len() * T::WIDTH);
        items.iter().for_each(|item| item.put(&mut numbers));
        self.number(items.len() as u32);
        numbers.iter().for_each(|number| self.number(*number));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.plain(text.as_bytes());
    }

    pub(crate) fn plain(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u32);
        self.bytes.extend(bytes);
    }
}

/// Reads what a `Writer` wrote; `None` where the bytes are no such thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    rest: &'static [u8],
}

impl Reader {
    pub(crate) fn new(bytes: &'static [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, n: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        self.take(4).map(|bytes| number_at(bytes, 0))
    }

    pub(crate) fn items<T: Flat>(&mut self) -> Option<Vec<T>> {
        Some(unpack(self.packed::<T>()?).collect())
    }

    /// Items as they lie, for [`unpack`].
    pub(crate) fn packed<T: Flat>(&mut self) -> Option<&'static [u8]> {
        let n = self.number()? as usize;
        self.take(n.checked_mul(T::WIDTH)?.checked_mul(4)?)
    }

    pub(crate) fn text(&mut self) -> Option<&'static str> {
        std::str::from_utf8(self.plain()?).ok()
    }

    pub(crate) fn plain(&mut self) -> Option<&'static [u8]> {
        let n = self.number()? as usize;
        self.take(n)
    }
}

/// Items that lie in bytes.
pub(crate) fn unpack<T: Flat>(bytes: &[u8]) -> impl Iterator<Item = T> {
    bytes.chunks_exact(4 * T::WIDTH).map(|item| {
        let mut numbers = [0; 8];
        let numbers = &mut numbers[..T::WIDTH];
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = number_at(item, at);
        }
        T::get(numbers)
    })
}

/// Lists that are read as they lie in their file, since few of them are ever asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PackedLists {
    ends: &'static [u8],
    items: &'static [u8],
}

impl PackedLists {
    /// Reads what [`Lists`] wrote.
    pub(crate) fn read<T: Flat>(from: &mut Reader) -> Option<Self> {
        Some(Self {
            ends: from.packed::<u32>()?,
            items: from.packed::<T>()?,
        })
    }

    /// The list of that number.
    pub(crate) fn of<T: Flat>(&self, at: usize) -> impl Iterator<Item = T> {
        let end = |at: usize| number_at(self.ends, at) as usize * 4 * T::WIDTH;
        let range = at.checked_sub(1).map_or(0, end)..end(at);
        unpack(self.items.get(range).unwrap_or_default())
    }
}

/// Lists of items, end to end.
#[derive(Debug)]
pub(crate) struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            ends: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T> Lists<T> {
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends.push(self.items.len() as u32);
    }

    /// The list of that number.
    pub(crate) fn of(&self, at: usize) -> &[T] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[from as usize..self.ends[at] as usize]
    }
}

impl<T: Flat> Lists<T> {
    #[cfg(test)]
    pub(crate) fn write(&self, out: &mut Writer) {
        out.items(&self.ends);
        out.items(&self.items);
    }

    pub(crate) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            ends: from.items()?,
            items: from.items()?,
        })
    }
}

impl<T, L: IntoIterator<Item = T>> FromIterator<L> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Self {
        let mut out = Self::default();
        lists.into_iter().for_each(|list| out.push(list));
        out
    }
}

/// Strings, end to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strings {
    text: Cow<'static, str>,
    ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn push(&mut self, string: &str) {
        self.text.to_mut().push_str(string);
        self.ends.push(self.text.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of that number.
    pub(crate) fn get(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from as usize..self.ends[at] as usize]
    }

    #[cfg(test)]
    pub(crate) fn write(&self, out: &mut Writer) {
        out.text(&self.text);
        out.items(&self.ends);
    }

    pub(crate) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            text: Cow::Borrowed(from.text()?),
            ends: from.items()?,
        })
    }
}

impl<'a> FromIterator<&'a str> for Strings {
    fn from_iter<I: IntoIterator<Item = &'a str>>(strings: I) -> Self {
        let mut out = Self::default();
        strings.into_iter().for_each(|string| out.push(string));
        out
    }
}

/// Strings with a list each: a hash table whose entries lie in the order of their buckets.
#[derive(Debug, Default)]
pub(crate) struct Table<T> {
    words: Strings,
    lists: Lists<T>,
    /// Where each bucket begins, and the end of the last; their number is a power of two.
    buckets: Vec<u32>,
    /// One bit for the length in bytes of each string, the last one for all that are longer.
    lengths: u64,
}

/// Strings of so many bytes and more share a bit.
const LONG: usize = 63;

fn lengths(all: impl Iterator<Item = usize>) -> u64 {
    all.fold(0, |bits, length| bits | 1 << length.min(LONG))
}

fn bucket(word: &str, n: usize) -> usize {
    hash(word.as_bytes()) as usize & (n - 1)
}

impl<T> Table<T> {
    pub(crate) fn new(entries: BTreeMap<String, Vec<T>>) -> Self {
        let n = entries.len().next_power_of_two();
        let mut buckets = vec![0; n + 1];
        entries
            .keys()
            .for_each(|word| buckets[bucket(word, n) + 1] += 1);
        for at in 1..=n {
            buckets[at] += buckets[at - 1];
        }
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|(word, _)| bucket(word, n));
        let (words, lists): (Vec<String>, Vec<Vec<T>>) = entries.into_iter().unzip();
        Self {
            lengths: lengths(words.iter().map(String::len)),
            words: words.iter().map(String::as_str).collect(),
            lists: lists.into_iter().collect(),
            buckets,
        }
    }

    /// The list of a string.
    pub(crate) fn get(&self, word: &str) -> Option<&[T]> {
        if !self.has_length(word.len()) {
            return None;
        }
        let at = bucket(word, self.buckets.len() - 1);
        (self.buckets[at]..self.buckets[at + 1])
            .map(|entry| entry as usize)
            .find(|entry| self.words.get(*entry) == word)
            .map(|entry| self.lists.of(entry))
    }

    #[inline]
    fn has_length(&self, length: usize) -> bool {
        self.lengths >> length.min(LONG) & 1 != 0
    }

    /// No string is longer.
    fn longest(&self) -> usize {
        match self.lengths.checked_ilog2() {
            None => 0,
            Some(longest) if longest as usize == LONG => usize::MAX,
            Some(longest) => longest as usize,
        }
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// The strings with which `word` begins, as lengths in bytes, with their lists.
    pub(crate) fn starts<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, &'a [T])> {
        (0..word.len().min(self.longest()) + 1)
            .filter(|end| self.has_length(*end) && word.is_char_boundary(*end))
            .filter_map(|end| Some((end, self.get(&word[..end])?)))
    }

    /// The strings in which `word` ends, as the places where they begin, with their lists.
    pub(crate) fn ends<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, &'a [T])> {
        (word.len().saturating_sub(self.longest())..word.len() + 1)
            .filter(|start| self.has_length(word.len() - start) && word.is_char_boundary(*start))
            .filter_map(|start| Some((start, self.get(&word[start..])?)))
    }
}

impl<T: Flat> Table<T> {
    #[cfg(test)]
    pub(crate) fn write(&self, out: &mut Writer) {
        self.words.write(out);
        self.lists.write(out);
        out.items(&self.buckets);
        out.number(self.lengths as u32);
        out.number((self.lengths >> 32) as u32);
    }

    pub(crate) fn read(from: &mut Reader) -> Option<Self> {
        Some(Self {
            words: Strings::read(from)?,
            lists: Lists::read(from)?,
            buckets: from.items()?,
            lengths: u64::from(from.number()?) | u64::from(from.number()?) << 32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read<T>(written: impl Fn(&mut Writer), read: impl Fn(&mut Reader) -> Option<T>) -> T {
        let mut out = Writer::default();
        written(&mut out);
        let bytes: &'static [u8] = out.bytes.leak();
        assert!(read(&mut Reader::new(&bytes[..bytes.len() - 1])).is_none());
        read(&mut Reader::new(bytes)).unwrap()
    }

    /// As it was first written down: files rest on it.
    fn plain_hash(bytes: &[u8]) -> u64 {
        let mix = |hash: u64, part: u64| {
            let hash = (hash ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash ^ hash >> 32
        };
        let mut parts: Vec<[u8; 8]> = bytes
            .chunks(8)
            .map(|part| {
                let mut whole = [0; 8];
                whole[..part.len()].copy_from_slice(part);
                whole
            })
            .collect();
        if bytes.len().is_multiple_of(8) {
            parts.push([0; 8]);
        }
        let hash = parts
            .into_iter()
            .map(u64::from_le_bytes)
            .fold(bytes.len() as u64, mix);
        mix(hash, 0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_hash_is_what_it_always_was(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            prop_assert_eq!(hash(&bytes), plain_hash(&bytes));
        }

        #[test]
        fn a_table_read_back_holds_what_was_put_in(
            entries in proptest::collection::btree_map("[a-cক]{0,3}", proptest::collection::vec(0u32..9, 0..4), 0..40),
            asked in "[a-cক]{0,4}",
        ) {
            let table = Table::new(entries.clone());
            let table: Table<u32> = read(|out| table.write(out), Table::read);
            for (word, list) in &entries {
                prop_assert_eq!(table.get(word), Some(list.as_slice()));
            }
            prop_assert_eq!(table.get(&asked), entries.get(&asked).map(Vec::as_slice));
            let starts: Vec<_> = table.starts(&asked).map(|(end, _)| &asked[..end]).collect();
            let ends: Vec<_> = table.ends(&asked).map(|(start, _)| &asked[start..]).collect();
            prop_assert!(entries.keys().all(|w| asked.starts_with(w.as_str()) == starts.contains(&w.as_str())));
            prop_assert!(entries.keys().all(|w| asked.ends_with(w.as_str()) == ends.contains(&w.as_str())));
        }
    }
}
