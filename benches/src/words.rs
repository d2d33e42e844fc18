//! Words drawn as often as people use them, and a small generator of numbers that is the same everywhere.

use rustc_hash::FxHashMap;

use motamot::text::stem::stem;

pub(crate) const ENGLISH: &str = include_str!("../../data/lexicon/english.txt");
pub(crate) const BANGLA: &str = include_str!("../../data/lexicon/bangla.txt");

/// SplitMix64 (Steele, Lea and Flood, 2014): no crate's next version can change what a seed makes.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn roll(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// Yes, in so many of a hundred cases.
    pub(crate) fn percent(&mut self, yes: usize) -> bool {
        self.roll(100) < yes
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// Things with how often each comes, summed up.
#[derive(Debug)]
pub(crate) struct Weighted<T> {
    things: Vec<T>,
    sums: Vec<u64>,
}

impl<T> Weighted<T> {
    pub(crate) fn new(things: impl Iterator<Item = (T, u64)>) -> Self {
        let (mut out, mut sum) = (
            Self {
                things: Vec::new(),
                sums: Vec::new(),
            },
            0,
        );
        for (thing, weight) in things {
            sum += weight;
            out.things.push(thing);
            out.sums.push(sum);
        }
        out
    }

    pub(crate) fn draw(&self, dice: &mut Dice) -> &T {
        let total = self.sums.last().copied().unwrap_or(1);
        let at = dice.next() % total;
        &self.things[self.sums.partition_point(|sum| *sum <= at)]
    }
}

/// The words of a lexicon with their frequencies per 10^12 words. The file holds ten times the Zipf frequency, a logarithm;
/// it is raised in whole numbers so that no machine rounds otherwise.
pub(crate) fn lexicon(file: &'static str) -> impl Iterator<Item = (&'static str, u64)> {
    const TENTHS: [u64; 10] = [1000, 1259, 1585, 1995, 2512, 3162, 3981, 5012, 6310, 7943];
    file.lines().filter_map(|line| {
        let (word, zipf) = line.split_once('\t')?;
        let zipf: u32 = zipf.parse().ok()?;
        Some((word, TENTHS[zipf as usize % 10] * 10u64.pow(zipf / 10)))
    })
}

/// For each stem the words of both lexicons that have it.
pub(crate) fn by_stem() -> FxHashMap<String, Vec<&'static str>> {
    let mut out: FxHashMap<String, Vec<&'static str>> = FxHashMap::default();
    for (word, _) in lexicon(BANGLA).chain(lexicon(ENGLISH)) {
        out.entry(stem(word).into_owned()).or_default().push(word);
    }
    out
}
