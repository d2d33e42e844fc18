//! What a word can stand for: by form, stem, phonetic key, misspelling or as part of a compound.
//!
//! This is the costly part, and it is done once for each distinct word.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::Fill;
use super::{Hit, Symbol};
use crate::taxonomy::pattern::{WordKind, WordPattern};
use crate::text::stem::stem;
use crate::text::tokenize::TokenKind;
use crate::text::{key, lexicon, normalize};

/// What a word tells of the language of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Bangla script.
    Bangla,
    /// An English word that is no likely romanised Bangla.
    English,
    /// Latin letters that read as Bangla and are no English word.
    Roman,
    /// Could be either.
    Either,
    /// Names, numbers, acronyms, other scripts.
    Neutral,
}

/// A word, analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What it stands for in any text, each symbol once, sorted.
    pub(crate) hits: Vec<Hit>,
    /// The same where the text is romanised Bangla, so that `take` may be তাকে.
    pub(crate) roman_hits: Vec<Hit>,
    pub(crate) traits: Traits,
}

/// What a word is, whatever the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traits {
    /// What it tells of the language.
    pub(crate) class: Class,
    /// What kind of token it is.
    pub(crate) kind: TokenKind,
    /// For a Latin word the Bangla word that it most likely stands for, if any.
    pub(crate) native: Option<&'static str>,
    /// Whether it is an English word.
    pub(crate) english: bool,
    /// Articles and detached suffixes: they do not count as words between others.
    pub(crate) transparent: bool,
    /// Conjunctions that set what follows against what went before: a new clause begins.
    pub(crate) contrast: bool,
}

type Symbols = Vec<Symbol>;

/// The words of all patterns, ready for look-up.
#[derive(Debug)]
pub(super) struct Lookup {
    exact: FxHashMap<String, Symbols>,
    stems: FxHashMap<String, Symbols>,
    folds: FxHashMap<String, Symbols>,
    /// By phonetic key: the Bangla word or romanised spelling, and its symbol.
    keys: FxHashMap<String, Vec<(String, Symbols)>>,
    prefixes: Vec<(String, Symbols)>,
    /// With whether it is romanised Bangla, which no English word ends in.
    suffixes: Vec<(String, bool, Symbols)>,
    /// English words long enough to be misspelt, by first letter, then length.
    spellings: FxHashMap<char, Vec<(Vec<char>, Symbols)>>,
    compounds: Option<AhoCorasick>,
    compound_symbols: Vec<Symbols>,
    transparent: FxHashSet<String>,
    contrast: FxHashSet<String>,
    number: Symbols,
}

/// Suffixes of Bangla that people glue to Latin words, longest first: `serverta`, `filegulo`, `budgeter`.
const ROMAN_SUFFIXES: [&str; 24] = [
    "gulor", "guloke", "gulote", "gular", "gulo", "gula", "guli", "tader", "tate", "take", "tar",
    "tay", "tai", "der", "era", "ta", "ti", "te", "ke", "er", "ra", "r", "e", "o",
];
/// Shortest Bangla part of a compound, in letters.
const MIN_PART_BANGLA: usize = 4;
/// Shortest Latin part of a compound, in letters.
const MIN_PART_LATIN: usize = 6;
/// A romanised spelling and a Bangla word whose keys meet are taken for the same from this similarity on.
const SIMILAR: f32 = 0.75;
/// The same for words of up to four letters, which have more neighbours.
const SIMILAR_SHORT: f32 = 0.85;
/// A Bangla word that fits better by this much is the one meant.
const CLEARLY_BETTER: f32 = 0.02;
/// Letters that a word has at least before an ending (`*ing`).
const MIN_BEFORE_SUFFIX: usize = 2;

impl Lookup {
    pub(super) fn new(fills: &[Fill], transparent: &[String], contrast: &[String]) -> Self {
        let mut out = Self {
            exact: FxHashMap::default(),
            stems: FxHashMap::default(),
            folds: FxHashMap::default(),
            keys: FxHashMap::default(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            spellings: FxHashMap::default(),
            compounds: None,
            compound_symbols: Vec::new(),
            transparent: transparent.iter().map(|w| clean(w)).collect(),
            contrast: contrast.iter().map(|w| clean(w)).collect(),
            number: Vec::new(),
        };
        let mut parts = Vec::new();
        for fill in fills {
            out.add(&fill.word, &fill.symbols, &mut parts);
        }
        for list in [&mut out.exact, &mut out.stems, &mut out.folds]
            .into_iter()
            .flat_map(|m| m.values_mut())
        {
            list.sort_unstable();
            list.dedup();
        }
        for list in out.spellings.values_mut() {
            list.sort_unstable_by(|a, b| (a.0.len(), a).cmp(&(b.0.len(), b)));
        }
        out.compound_symbols = parts.iter().map(|(_, symbols)| symbols.clone()).collect();
        // Overlapping search wants the standard kind; a compound is short, so an NFA is fast enough.
        out.compounds = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(parts.iter().map(|(part, _)| part))
            .ok();
        out
    }

    fn add(&mut self, word: &WordPattern, symbols: &[Symbol], parts: &mut Vec<(String, Symbols)>) {
        if word.text == "#" {
            self.number.extend(symbols);
            return;
        }
        let form = clean(&word.text);
        match word.kind {
            // Replaced by its members when the taxonomy was loaded.
            WordKind::Set => {}
            WordKind::Prefix => self.prefixes.push((form, symbols.to_vec())),
            WordKind::Suffix => {
                // It may begin with a vowel sign, which is a fault in a word and would be dropped.
                let form = clean(&format!("ক{}", word.text)).split_off("ক".len());
                self.suffixes.push((form, word.roman, symbols.to_vec()));
            }
            // Capitals in an exact word are meant: `=IT` is not 'it'.
            WordKind::Exact if word.text.chars().any(char::is_uppercase) => {
                self.exact
                    .entry(word.text.clone())
                    .or_default()
                    .extend(symbols);
            }
            WordKind::Exact => self.exact.entry(form).or_default().extend(symbols),
            WordKind::Stem => {
                let n_letters = form.chars().count();
                self.exact.entry(form.clone()).or_default().extend(symbols);
                if is_bangla(&form) {
                    let base = stem(&form).into_owned();
                    self.folds.entry(fold(&base)).or_default().extend(symbols);
                    self.folds.entry(fold(&form)).or_default().extend(symbols);
                    if base.chars().count() >= MIN_PART_BANGLA {
                        parts.push((base.clone(), symbols.to_vec()));
                    }
                    self.keys
                        .entry(key::key(&form))
                        .or_default()
                        .push((form, symbols.to_vec()));
                    self.stems.entry(base).or_default().extend(symbols);
                } else if word.roman || (lexicon::english(&form).is_none() && !form.is_ascii()) {
                    self.keys
                        .entry(key::key(&form))
                        .or_default()
                        .push((form, symbols.to_vec()));
                } else {
                    if n_letters >= 5 {
                        let letters: Vec<char> = form.chars().collect();
                        self.spellings
                            .entry(letters[0])
                            .or_default()
                            .push((letters, symbols.to_vec()));
                    }
                    if n_letters >= MIN_PART_LATIN {
                        parts.push((form.clone(), symbols.to_vec()));
                    }
                    if lexicon::english(&form).is_none() {
                        self.keys
                            .entry(key::key(&form))
                            .or_default()
                            .push((form.clone(), symbols.to_vec()));
                    }
                    self.stems
                        .entry(stem(&form).into_owned())
                        .or_default()
                        .extend(symbols);
                }
            }
        }
    }

    /// Analyses one word as it stands in a text.
    pub(crate) fn analyse(&self, token: &str, kind: TokenKind) -> Word {
        let mut form = String::new();
        normalize::word(token, &mut form);
        let mut hits = Hits::default();
        let mut roman = Hits::default();
        let mut endings = Hits::default();
        let transparent = self.transparent.contains(&form);
        let contrast = self.contrast.contains(&form);
        hits.all(self.exact.get(token), 100);
        hits.all(self.exact.get(&form), 100);
        for (prefix, symbols) in &self.prefixes {
            if form.starts_with(prefix.as_str()) {
                hits.all(Some(symbols), 95);
            }
        }
        for (suffix, roman, symbols) in &self.suffixes {
            if let Some(rest) = form.strip_suffix(suffix.as_str())
                && !(*roman && lexicon::english(&form).is_some())
                && rest.chars().nth(MIN_BEFORE_SUFFIX - 1).is_some()
            {
                endings.all(Some(symbols), 95);
            }
        }
        let mut native = None;
        let class = match kind {
            TokenKind::Bangla => {
                self.bangla(&form, &mut hits);
                Class::Bangla
            }
            TokenKind::Latin => {
                let best = key::best_native(&form).filter(|(_, close)| *close >= SIMILAR);
                native = best.map(|(word, _)| word);
                self.latin(token, &form, best, &mut hits, &mut roman)
            }
            TokenKind::Number => {
                hits.all(Some(&self.number), 100);
                Class::Neutral
            }
            _ => Class::Neutral,
        };
        // Last, since a word that is met by its ending alone still wants to be looked up.
        for hit in endings.0 {
            hits.add(hit.symbol, hit.score);
        }
        for hit in &hits.0 {
            roman.add(hit.symbol, hit.score);
        }
        Word {
            hits: hits.done(),
            roman_hits: roman.done(),
            traits: Traits {
                class,
                kind,
                native,
                english: kind == TokenKind::Latin && lexicon::english(&form).is_some(),
                transparent,
                contrast,
            },
        }
    }

    fn bangla(&self, form: &str, hits: &mut Hits) {
        let base = stem(form);
        hits.all(self.stems.get(base.as_ref()), 100);
        if hits.is_empty() {
            hits.all(self.folds.get(&fold(&base)), 90);
            hits.all(self.folds.get(&fold(form)), 90);
        }
        if hits.is_empty() && lexicon::bangla(form).is_none() && lexicon::bangla(&base).is_none() {
            self.compound(form, MIN_PART_BANGLA, hits);
        }
    }

    fn latin(
        &self,
        token: &str,
        form: &str,
        best: Option<(&'static str, f32)>,
        hits: &mut Hits,
        roman: &mut Hits,
    ) -> Class {
        let english = lexicon::english(form);
        let n_letters = form.chars().count();
        let is_acronym = n_letters >= 2
            && token
                .chars()
                .all(|c| c.is_uppercase() || c.is_ascii_digit());
        if english.is_some() {
            hits.all(self.stems.get(stem(form).as_ref()), 100);
        } else {
            // A word of the taxonomy that no dictionary has (`mbps`, `upazila`), in any inflection.
            hits.all(self.stems.get(stem(form).as_ref()), 98);
            if hits.is_empty() {
                self.suffixed(form, hits);
            }
            if hits.is_empty() && !is_acronym {
                self.misspelt(form, hits);
            }
            if hits.is_empty() {
                self.compound(form, MIN_PART_LATIN, hits);
            }
        }
        if is_acronym && n_letters <= 4 {
            return Class::Neutral;
        }
        let native = self.romanised(form, best, if english.is_some() { roman } else { hits });
        match (english, native) {
            (Some(_), false) => Class::English,
            (Some(common), true) => {
                // Among the commonest words English wins: 'to', 'are', 'take' tell nothing for Bangla.
                if common >= 55 {
                    Class::English
                } else {
                    Class::Either
                }
            }
            (None, true) => Class::Roman,
            (None, false) => Class::Neutral,
        }
    }

    /// Reads a Latin word as Bangla; tells whether it can be.
    ///
    /// Keys are coarse, so a word of the taxonomy is taken only where no other Bangla word fits clearly better.
    fn romanised(&self, form: &str, best: Option<(&'static str, f32)>, hits: &mut Hits) -> bool {
        let floor = match form.len() {
            0..=4 => SIMILAR_SHORT,
            _ => SIMILAR,
        };
        let bar = best.map_or(floor, |(_, close)| floor.max(close - CLEARLY_BETTER));
        let mut native = best.is_some();
        if let Some((word, close)) = best {
            hits.all(self.stems.get(stem(word).as_ref()), (close * 95.0) as u8);
        }
        native |= self.meet(form, bar, 1.0, hits);
        if best.is_none() {
            for suffix in ROMAN_SUFFIXES {
                if let Some(base) = form.strip_suffix(suffix)
                    && base.len() >= 4
                {
                    native |= self.meet(base, SIMILAR_SHORT, 0.95, hits);
                }
            }
        }
        native
    }

    /// Adds the words of the taxonomy whose key is that of `form` and that are at least so similar.
    fn meet(&self, form: &str, bar: f32, scale: f32, hits: &mut Hits) -> bool {
        let mut met = false;
        for (word, symbols) in self.keys.get(&key::key(form)).into_iter().flatten() {
            let similarity = if is_bangla(word) {
                key::similarity(form, word)
            } else {
                spelt_alike(form, word)
            };
            if similarity >= bar {
                met = true;
                hits.all(Some(symbols), (similarity * scale * 100.0) as u8);
            }
        }
        met
    }

    /// `serverta`, `budgeter`: a Latin word with a Bangla suffix.
    fn suffixed(&self, form: &str, hits: &mut Hits) {
        for suffix in ROMAN_SUFFIXES {
            if let Some(base) = form.strip_suffix(suffix)
                && base.len() >= 3
                && lexicon::english(base).is_some()
            {
                hits.all(self.stems.get(stem(base).as_ref()), 92);
                return;
            }
        }
    }

    /// A slip of one letter, of two in a long word; the first letter stands. The caller has made sure that the
    /// word is in no dictionary, so that a match never crosses another word.
    fn misspelt(&self, form: &str, hits: &mut Hits) {
        let letters: Vec<char> = form.chars().collect();
        let allowed = match letters.len() {
            0..=4 => return,
            5..=7 => 1,
            _ => 2,
        };
        let Some(words) = self.spellings.get(&letters[0]) else {
            return;
        };
        let from = words.partition_point(|(w, _)| w.len() + allowed < letters.len());
        let mut best = allowed + 1;
        let mut found: Vec<Symbol> = Vec::new();
        for (word, symbols) in words[from..]
            .iter()
            .take_while(|(w, _)| w.len() <= letters.len() + allowed)
        {
            let allowed = if word.len() < 8 { 1 } else { allowed };
            let distance = edits(&letters, word, allowed);
            if distance <= allowed && distance <= best {
                if distance < best {
                    found.clear();
                }
                best = distance;
                found.extend(symbols);
            }
        }
        for symbol in found {
            hits.add(symbol, if best == 1 { 85 } else { 75 });
        }
    }

    /// A word of the taxonomy inside an unspaced compound (জনবলসংকট), at its start or end.
    fn compound(&self, form: &str, min: usize, hits: &mut Hits) {
        if form.chars().count() < min + 2 {
            return;
        }
        let Some(parts) = &self.compounds else { return };
        for found in parts.find_overlapping_iter(form) {
            let at_edge = found.start() == 0 || found.end() == form.len();
            let rest = if found.start() == 0 {
                &form[found.end()..]
            } else {
                &form[..found.start()]
            };
            // What remains must be a word or a suffix, not a stray letter of some other word.
            if at_edge && self.is_rest(rest) {
                hits.all(Some(&self.compound_symbols[found.pattern().as_usize()]), 85);
            }
        }
    }

    fn is_rest(&self, rest: &str) -> bool {
        if rest.is_empty() {
            return true;
        }
        // A part never begins with a vowel sign: then the cut went through a syllable.
        if rest.starts_with(|c: char| matches!(c, '\u{981}'..='\u{983}' | '\u{9BC}'..='\u{9CD}')) {
            return false;
        }
        let base = stem(rest);
        let known = |w: &str| {
            lexicon::bangla(w).is_some()
                || lexicon::english(w).is_some()
                || self.exact.contains_key(w)
        };
        rest.chars().count() >= 2 && (known(rest) || known(&base))
    }
}

/// Collects symbols, each once with its best score.
#[derive(Default)]
struct Hits(Vec<Hit>);

impl Hits {
    fn add(&mut self, symbol: Symbol, score: u8) {
        match self.0.iter_mut().find(|h| h.symbol == symbol) {
            Some(hit) => hit.score = hit.score.max(score),
            None => self.0.push(Hit { symbol, score }),
        }
    }

    fn all(&mut self, symbols: Option<&Symbols>, score: u8) {
        for &symbol in symbols.into_iter().flatten() {
            self.add(symbol, score);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn done(mut self) -> Vec<Hit> {
        self.0.sort_unstable();
        self.0
    }
}

fn clean(word: &str) -> String {
    let mut out = String::new();
    normalize::word(word, &mut out);
    out
}

fn fold(word: &str) -> String {
    let mut out = String::new();
    normalize::fold(word, &mut out);
    out
}

fn is_bangla(word: &str) -> bool {
    word.chars().any(|c| ('\u{980}'..='\u{9FF}').contains(&c))
}

/// Similarity of two romanised spellings, 0 to 1.
fn spelt_alike(a: &str, b: &str) -> f32 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len()).max(1);
    1.0 - edits(&a, &b, longest) as f32 / longest as f32
}

/// Edit distance with transpositions (optimal string alignment), or `limit + 1` as soon as it must be more.
fn edits(a: &[char], b: &[char], limit: usize) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let width = b.len() + 1;
    let mut rows = vec![0usize; 3 * width];
    for (j, cell) in rows[width..2 * width].iter_mut().enumerate() {
        *cell = j;
    }
    // Rows: two before, one before, current; rotated by index.
    let (mut before, mut last, mut now) = (0, 1, 2);
    for i in 1..=a.len() {
        rows[now * width] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut cell = (rows[last * width + j - 1] + cost)
                .min(rows[last * width + j] + 1)
                .min(rows[now * width + j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cell = cell.min(rows[before * width + j - 2] + 1);
            }
            rows[now * width + j] = cell;
            least = least.min(cell);
        }
        if least > limit {
            return limit + 1;
        }
        (before, last, now) = (last, now, before);
    }
    rows[last * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_counts_a_swap_of_neighbours_as_one_slip() {
        let d = |a: &str, b: &str| {
            edits(
                &a.chars().collect::<Vec<_>>(),
                &b.chars().collect::<Vec<_>>(),
                3,
            )
        };
        assert_eq!(d("coordiantion", "coordination"), 1);
        assert_eq!(d("databse", "database"), 1);
        assert_eq!(d("hardward", "hardware"), 1);
        assert_eq!(d("budget", "badgers"), 3);
        assert_eq!(d("net", "internet"), 4);
    }
}
