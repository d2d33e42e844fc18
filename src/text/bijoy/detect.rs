//! Finds the stretches of a text that are in Bijoy, by the pairs of characters that follow each other.
//!
//! Each chunk between spaces has a score: the log-odds that its characters follow each other as in Bijoy rather than as
//! in English, romanised Bangla or another Latin language. The chunks beside it lend a part of theirs, since languages
//! change rarely from word to word, and a short chunk says little. The pairs are counted in two lists of common words.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::encode::Encoder;
use super::{TABLE, windows_1252};
use crate::span::Span;
use crate::text::script;

/// How much of its score a neighbour lends, and the most that it lends.
const LENT: f32 = 0.5;
const MOST_LENT: f32 = 4.0;

/// The score that one chunk of a stretch must reach, and the one that all of its chunks must. The first is high, since
/// turning good English into nonsense does more harm than leaving a word of Bijoy as it was.
const SURE: f32 = 5.0;
const LIKELY: f32 = 0.5;

/// The stretches of `text` that are in Bijoy: whole chunks between spaces, neighbouring ones joined.
#[must_use]
pub fn detect(text: &str) -> Vec<Span> {
    if text.bytes().all(|b| b >= 0x80 || !b.is_ascii_graphic()) {
        return Vec::new();
    }
    let mut found: Vec<Span> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let chunks: Vec<_> = chunks(line)
            .map(|(at, chunk)| (line_start + at, chunk, score(chunk)))
            .collect();
        let lent = |i: Option<usize>| {
            let score = i.and_then(|i| chunks.get(i)).and_then(|c| c.2);
            LENT * score.unwrap_or(0.0).clamp(-MOST_LENT, MOST_LENT)
        };
        let mut run: Option<(Span, f32)> = None;
        for (i, &(at, chunk, own)) in chunks.iter().enumerate() {
            let span = Span::new(at, at + chunk.len());
            // A number or a mark goes with what stands around it: it joins a run, and never begins or ends one.
            let Some(own) = own else { continue };
            let score = own + lent(i.checked_sub(1)) + lent(Some(i + 1));
            if score > LIKELY {
                run = Some(run.map_or((span, score), |(r, best)| (r.join(span), best.max(score))));
            } else {
                found.extend(run.take().filter(|r| r.1 > SURE).map(|r| r.0));
            }
        }
        found.extend(run.filter(|r| r.1 > SURE).map(|r| r.0));
        line_start += line.len();
    }
    found
}

/// The chunks between ASCII spaces; a soft hyphen and a no-break space may be glyphs.
fn chunks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].find(|c| !is_space(c))?;
        let end = line[start..]
            .find(is_space)
            .map_or(line.len(), |n| start + n);
        at = end;
        Some((start, &line[start..end]))
    })
}

/// Log-odds of Bijoy against Latin text, or None for a chunk that tells nothing (digits and common marks).
fn score(chunk: &str) -> Option<f32> {
    // Common marks and digits are the same in both; inside a word they count. A backtick is a letter of Bijoy, but not
    // the pair around a piece of code.
    let marks = |c: char| c.is_ascii_digit() || ".,;:!?()[]{}'\"/-+=*%#@<>“”‘’–—…|".contains(c);
    let mut core = chunk.trim_matches(marks);
    if let Some(code) = core.strip_prefix('`').and_then(|c| c.strip_suffix('`')) {
        core = code.trim_matches(marks);
    }
    if !core.contains(|c: char| c.is_ascii_alphabetic() || script::is_bangla(c)) {
        return None;
    }
    let model = &*MODEL;
    let (mut sum, mut before) = (0.0, EDGE_ID);
    for c in core.chars() {
        // No glyph, thus no Bijoy: Bangla script, most often.
        let Some(id) = model.id(windows_1252(c)) else {
            return Some(-MOST_LENT * 4.0);
        };
        sum += model.odds(before, id);
        before = id;
    }
    sum += model.odds(before, EDGE_ID);
    Some(sum)
}

/// Stands for the edge of a word.
const EDGE: char = ' ';
/// Its number: space is the first of the alphabet.
const EDGE_ID: usize = 0;

/// How often characters, and pairs of them, stand in one kind of text.
#[derive(Default)]
struct Counts {
    pairs: FxHashMap<(char, char), f32>,
    firsts: FxHashMap<char, f32>,
    singles: FxHashMap<char, f32>,
    total: f32,
}

impl Counts {
    fn add(&mut self, word: &str) {
        let mut before = EDGE;
        for c in word.chars().chain([EDGE]) {
            *self.pairs.entry((before, c)).or_default() += 1.0;
            *self.firsts.entry(before).or_default() += 1.0;
            *self.singles.entry(c).or_default() += 1.0;
            self.total += 1.0;
            before = c;
        }
    }

    /// Probability that `c` follows `before`, drawn towards the share of `c` where the pair is rare (interpolation after
    /// Witten and Bell, with a fixed weight).
    fn probability(&self, before: char, c: char, alphabet: usize) -> f32 {
        const WEIGHT: f32 = 5.0;
        const UNSEEN: f32 = 0.3;
        let of = |n: Option<&f32>| n.copied().unwrap_or(0.0);
        let single = (of(self.singles.get(&c)) + UNSEEN) / (self.total + UNSEEN * alphabet as f32);
        (of(self.pairs.get(&(before, c))) + WEIGHT * single)
            / (of(self.firsts.get(&before)) + WEIGHT)
    }
}

/// The log-odds of all pairs of characters that Bijoy has.
struct Model {
    ids: FxHashMap<char, u8>,
    ascii_ids: [u8; 128],
    odds: Vec<f32>,
}

impl Model {
    fn new(bijoy: &Counts, latin: &Counts) -> Self {
        let mut alphabet: Vec<char> = (' '..='\u{7F}')
            .chain(TABLE.keys().copied().filter(|c| !c.is_ascii()))
            .collect();
        alphabet.sort_unstable();
        let n = alphabet.len();
        let odds_of =
            |before, c| (bijoy.probability(before, c, n) / latin.probability(before, c, n)).ln();
        let odds = alphabet
            .iter()
            .flat_map(|&before| alphabet.iter().map(move |&c| (before, c)))
            .map(|(b, c)| odds_of(b, c))
            .collect();
        let mut model = Self {
            ids: FxHashMap::default(),
            ascii_ids: [0; 128],
            odds,
        };
        for (id, &c) in (0..=u8::MAX).zip(&alphabet) {
            model.ids.insert(c, id);
            if c.is_ascii() {
                model.ascii_ids[c as usize] = id;
            }
        }
        model
    }

    /// The number of `c` in the table; a control character counts as space. None for a character that is no glyph.
    fn id(&self, c: char) -> Option<usize> {
        match self.ascii_ids.get(c as usize) {
            Some(&id) => Some(usize::from(id)),
            None => self.ids.get(&c).map(|&id| usize::from(id)),
        }
    }

    fn odds(&self, before: usize, c: usize) -> f32 {
        self.odds[before * self.ids.len() + c]
    }
}

#[derive(Deserialize)]
struct Words {
    bangla: String,
    latin: String,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/bijoy_words.toml"))
        .expect("data/bijoy_words.toml is tested to be well formed")
});

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let (mut bijoy, mut latin) = (Counts::default(), Counts::default());
    let encoder = Encoder::new();
    for word in WORDS.bangla.split_whitespace() {
        for is_new in [false, true] {
            bijoy.add(&encoder.encode(word, is_new));
        }
    }
    for word in WORDS.latin.split_whitespace() {
        latin.add(word);
        let mut chars = word.chars();
        if let Some(first) = chars.next().filter(|c| c.is_lowercase()) {
            // Words begin sentences, and some people write in capitals.
            latin.add(&first.to_uppercase().chain(chars).collect::<String>());
        }
    }
    for word in WORDS.latin.split_whitespace().step_by(4) {
        latin.add(&word.to_uppercase());
    }
    Model::new(&bijoy, &latin)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::bijoy::mend;

    fn found(text: &str) -> Vec<&str> {
        detect(text).into_iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn latin_text_of_any_kind_is_no_bijoy() {
        for line in [
            "The café’s résumé — “naïve”, über alles; see §5 and ©2018, 25°C ±2, Microsoft® Office™",
            "Die Straße ist größer als früher, wir müssen schöne Häuser bauen.",
            "Le développement de l’économie est très important, où que l’on soit.",
            "amader office e lok nai, kajer chap beshi; net onek slow thake",
            "SSPS Unit, M&E Wing, GIZ/UNDP; e-mail: info@example.gov.bd",
            "ki6u a6e na, 2mi kothay?",
            "2018",
            "",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn bijoy_amid_english_is_found_and_nothing_else() {
        let line = "Reply: Avgv‡`i Awd‡m 10 Rb Kg©KZ©vi c` k~b¨| Thank you";
        assert_eq!(found(line), ["Avgv‡`i Awd‡m 10 Rb Kg©KZ©vi c` k~b¨|"]);
        assert_eq!(
            mend(line).text,
            "Reply: আমাদের অফিসে ১০ জন কর্মকর্তার পদ শূন্য। Thank you"
        );
    }

    #[test]
    fn bangla_script_beside_bijoy_stays() {
        assert_eq!(
            mend("উত্তর: Rbe‡ji NvUwZ Av‡Q|").text,
            "উত্তর: জনবলের ঘাটতি আছে।"
        );
    }
}
