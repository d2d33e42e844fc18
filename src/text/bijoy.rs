//! Turns text in the legacy Bijoy encoding (fonts such as SutonnyMJ) into Unicode, and finds it in mixed text.
//!
//! Such text is made of Windows-1252 characters that a Bangla font draws as pieces of letters, in the order in which
//! they stand on paper. `data/bijoy.tsv` tells what each draws; a syllable is
//! `pre-kar? cluster reph? kar* candrabindu?` and is put into the order of Unicode. Bijoy must be mended before a text is
//! [normalised](super::normalize), since its letters include the soft hyphen and quotation marks.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::normalize::Normalized;
use super::script::{Sign, sign};
use crate::span::{OffsetMap, Span};

mod detect;
mod encode;

pub use detect::detect;

const HASANTA: char = '\u{9CD}';

/// The Unicode text that `text`, all of it in Bijoy, stands for.
#[must_use]
pub fn to_unicode(text: &str) -> Normalized<'_> {
    convert(text, &[Span::new(0, text.len())])
}

/// Whether `text` can hold Bijoy at all, at the cost of a glance: hardly a sentence of it is without a character of the
/// upper half of Windows-1252, and neither plain English nor Bangla in Unicode has one besides quotes and dashes.
#[must_use]
pub fn may_hold(text: &str) -> bool {
    // Lead bytes of U+0080 to U+00FF, of Œ Š Ÿ Ž ƒ, of ˆ ˜ and of † ‡ ‰ ‹ › and the quotes.
    let is_sign = |b: &u8| matches!(b, 0xC2 | 0xC3 | 0xC5 | 0xC6 | 0xCB | 0xE2);
    // Of all lead bytes plain text has only that of Bangla; so asked, many bytes are looked at a time.
    let is_strange = |b: &u8| *b >= 0xC0 && *b != 0xE0;
    let holds = |block: &[u8]| block.iter().fold(false, |any, b| any | is_strange(b));
    let mut blocks = text.as_bytes().chunks_exact(32);
    let rest = blocks.remainder();
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    (blocks.any(holds) || holds(&last)) && text.as_bytes().iter().any(is_sign)
}

/// `text` with those stretches that [`detect`] finds to be Bijoy turned into Unicode.
#[must_use]
pub fn mend(text: &str) -> Normalized<'_> {
    convert(text, &detect(text))
}

/// What `text`, typed in the font `font`, says: in a font that draws Bijoy each letter of it is Bijoy, English ones too.
///
/// Those that end in 'OMJ' draw Unicode, and so does any font for letters that are Bangla by themselves.
#[cfg(feature = "formats")]
pub(crate) fn in_font(text: String, font: &str) -> String {
    let font: String = font.chars().filter(|c| c.is_alphabetic()).collect();
    let font = font.to_lowercase();
    let draws_bijoy = (font.ends_with("mj") && !font.ends_with("omj")) || font.starts_with("bijoy");
    let is_bangla = |c: char| ('\u{980}'..='\u{9FF}').contains(&c);
    match draws_bijoy && !text.contains(is_bangla) {
        true => to_unicode(&text).text.into_owned(),
        false => text,
    }
}

fn convert<'a>(text: &'a str, stretches: &[Span]) -> Normalized<'a> {
    let mut map = OffsetMap::default();
    let mut out = String::new();
    let mut copied = 0;
    for &stretch in stretches {
        let (mut at, end) = (stretch.start as usize, stretch.end as usize);
        let is_new = stretch.of(text).contains("gœ") || stretch.of(text).contains('ÿ');
        let mut before = None;
        while at < end {
            let mut syllable = Syllable {
                is_new,
                ..Syllable::default()
            };
            let len = syllable.read(&text[at..end], before);
            let source = Span::new(at, at + len);
            before = source.of(text).chars().next_back();
            out.push_str(&text[copied..at]);
            let from = out.len();
            syllable.write(&mut out);
            if out[from..] != *source.of(text) {
                map.push(source, Span::new(from, out.len()));
            }
            at += len;
            copied = at;
        }
    }
    if map.is_identity() {
        return Normalized {
            text: Cow::Borrowed(text),
            map,
        };
    }
    out.push_str(&text[copied..]);
    Normalized {
        text: Cow::Owned(out),
        map,
    }
}

/// What a glyph draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glyph {
    /// A vowel sign that stands before its cluster: ি ে ৈ.
    PreKar(char),
    /// A vowel sign behind or below its cluster.
    Kar(char),
    /// ঁ.
    Moon,
    /// ং or ঃ.
    Modifier(char),
    /// The reph, which follows its cluster.
    Reph,
    /// Letters, perhaps with a vowel sign.
    Base(&'static str, Option<char>),
    /// Letters to which the next glyph is joined.
    Prefix(&'static str),
    /// Letters (perhaps with a vowel sign) that join the cluster before.
    Suffix(&'static str, Option<char>),
    /// A hasanta by itself.
    Hasanta,
    /// A digit, danda, or other mark.
    Mark(char),
}

static TABLE: LazyLock<FxHashMap<char, Glyph>> = LazyLock::new(|| {
    rows()
        .map(|(code, value)| (code, glyph_of(code, value)))
        .collect()
});

/// Codes and values of the table, in its order.
fn rows() -> impl Iterator<Item = (char, &'static str)> {
    include_str!("../../data/bijoy.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| {
            let (code, value) = line.split_once('\t')?;
            let code = match code.strip_prefix("U+") {
                Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?)?,
                None => code.chars().next()?,
            };
            Some((code, value))
        })
}

fn glyph_of(code: char, value: &'static str) -> Glyph {
    let first = value.chars().next().unwrap_or(code);
    if code == '©' {
        return Glyph::Reph;
    }
    match sign(first) {
        Sign::Kar if matches!(first, 'ি' | 'ে' | 'ৈ') => Glyph::PreKar(first),
        Sign::Kar => Glyph::Kar(first),
        Sign::Modifier if first == 'ঁ' => Glyph::Moon,
        Sign::Modifier => Glyph::Modifier(first),
        Sign::Hasanta if value.chars().nth(1).is_none() => Glyph::Hasanta,
        Sign::Hasanta => {
            let (letters, kar) = part_kar(&value[HASANTA.len_utf8()..]);
            Glyph::Suffix(letters, kar)
        }
        Sign::Consonant | Sign::Vowel | Sign::KhandaTa => match value.strip_suffix(HASANTA) {
            Some(letters) => Glyph::Prefix(letters),
            None => {
                let (letters, kar) = part_kar(value);
                Glyph::Base(letters, kar)
            }
        },
        Sign::Nukta | Sign::None => Glyph::Mark(first),
    }
}

/// Parts a vowel sign at the end from the letters before it.
fn part_kar(value: &'static str) -> (&'static str, Option<char>) {
    match value.chars().next_back() {
        Some(c) if sign(c) == Sign::Kar => (&value[..value.len() - c.len_utf8()], Some(c)),
        _ => (value, None),
    }
}

/// Windows-1252 0x80 to 0x9F.
const HIGH_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The Windows-1252 character for one that was read as Latin-1, or that a word processor keeps as a symbol code.
fn windows_1252(c: char) -> char {
    match c {
        '\u{F020}'..='\u{F0FF}' => windows_1252(char::from(c as u8)),
        '\u{80}'..='\u{9F}' => HIGH_CONTROLS[c as usize - 0x80],
        _ => c,
    }
}

/// One syllable, or one character that is none.
#[derive(Default)]
struct Syllable {
    pre_kar: Option<char>,
    cluster: String,
    rephs: usize,
    kars: String,
    has_moon: bool,
    /// ং or ঃ at the end, or the whole of what is no syllable.
    rest: Option<char>,
    /// Whether the text is in the newer dialect, which writes ু as æ.
    is_new: bool,
}

impl Syllable {
    /// Reads one syllable at the start of `text` and gives its length in bytes, which is not 0. `before` is the
    /// character before `text`.
    fn read(&mut self, text: &str, before: Option<char>) -> usize {
        let mut before = before;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let next = text[at + c.len_utf8()..].chars().next();
            let glyph = self.glyph(
                windows_1252(c),
                before.map(windows_1252),
                next.map(windows_1252),
            );
            let is_open =
                self.cluster.is_empty() || self.cluster.ends_with(HASANTA) && self.kars.is_empty();
            match glyph {
                Some(Glyph::PreKar(kar)) if at == 0 => self.pre_kar = Some(kar),
                Some(Glyph::Base(letters, kar)) if is_open => {
                    self.cluster.push_str(letters);
                    self.kars.extend(kar);
                }
                Some(Glyph::Prefix(letters)) if is_open => {
                    self.cluster.push_str(letters);
                    self.cluster.push(HASANTA);
                }
                Some(Glyph::Suffix(letters, kar)) if !self.cluster.is_empty() => {
                    self.join(letters);
                    self.kars.extend(kar);
                }
                Some(Glyph::Hasanta)
                    if !self.cluster.is_empty() && !is_open && self.kars.is_empty() =>
                {
                    self.cluster.push(HASANTA)
                }
                Some(Glyph::Kar(kar)) if !self.cluster.is_empty() => {
                    if !self.kars.contains(kar) {
                        self.kars.push(kar);
                    }
                }
                Some(Glyph::Moon) if !self.cluster.is_empty() => self.has_moon = true,
                Some(Glyph::Reph) if !self.cluster.is_empty() => self.rephs += 1,
                Some(Glyph::Modifier(modifier)) if !self.cluster.is_empty() => {
                    self.rest = Some(modifier);
                    return at + c.len_utf8();
                }
                _ if at > 0 => return at,
                _ => {
                    self.alone(c, glyph);
                    return c.len_utf8();
                }
            }
            before = Some(c);
            at += c.len_utf8();
        }
        at
    }

    /// A glyph that has no syllable to belong to.
    fn alone(&mut self, c: char, glyph: Option<Glyph>) {
        match glyph {
            Some(Glyph::Mark(mark)) => self.rest = Some(mark),
            Some(Glyph::Kar(sign) | Glyph::Modifier(sign)) => self.rest = Some(sign),
            Some(Glyph::Moon) => self.rest = Some('ঁ'),
            Some(Glyph::Reph) => self.cluster.push_str("র\u{9CD}"),
            Some(Glyph::Suffix(letters, kar)) if c != '^' => {
                self.cluster.push(HASANTA);
                self.cluster.push_str(letters);
                self.kars.extend(kar);
            }
            _ => self.rest = Some(c),
        }
    }

    /// What `c` draws beside its neighbours.
    fn glyph(&self, c: char, before: Option<char>, next: Option<char>) -> Option<Glyph> {
        let is_joining = self.cluster.ends_with(HASANTA);
        let joins_next = || {
            next.and_then(|n| TABLE.get(&n))
                .is_some_and(|g| matches!(g, Glyph::Base(..) | Glyph::Suffix(..)))
        };
        let glyph = match c {
            'Í' if matches!(before, Some('¯' | 'š')) => Glyph::Suffix("ত", None),
            'ø' if matches!(before, Some('M' | 'c' | 'e' | 'k' | '¤' | '¯')) => {
                Glyph::Suffix("ল", None)
            }
            'è' if matches!(before, Some('Y' | '¶')) => Glyph::Suffix("ণ", None),
            'æ' if before == Some('i') || self.is_new && !self.cluster.is_empty() => {
                Glyph::Kar('ু')
            }
            'ÿ' if before == Some('L') => Glyph::Base("ড়্গ", None),
            // These draw letters only inside a syllable; elsewhere they are the punctuation they look like.
            '—' | '‘' | '’' if !is_joining => return None,
            '“' | '–' | '…' | '‚' | '„' if self.cluster.is_empty() => return None,
            '”' | '•' if !joins_next() => return None,
            _ => return TABLE.get(&c).copied(),
        };
        Some(glyph)
    }

    /// Joins `letters` to the cluster.
    fn join(&mut self, letters: &str) {
        if !self.cluster.ends_with(HASANTA) {
            // The য-ফলা under a র at the head of a syllable needs the joiner, since র্য is drawn with a reph.
            if self.cluster == "র" && letters == "য" {
                self.cluster.push('\u{200D}');
            }
            self.cluster.push(HASANTA);
        }
        self.cluster.push_str(letters);
    }

    /// Appends the syllable in the order of Unicode.
    fn write(&self, out: &mut String) {
        for _ in 0..self.rephs {
            out.push_str("র\u{9CD}");
        }
        let mut kars = self.kars.as_str();
        if self.cluster == "অ" && self.rephs == 0 && kars.starts_with('া') {
            out.push('আ');
            kars = &kars['া'.len_utf8()..];
        } else {
            out.push_str(&self.cluster);
        }
        match (self.pre_kar, kars.chars().next()) {
            (Some('ে'), Some(second @ ('া' | 'ৗ'))) => {
                out.push(if second == 'া' { 'ো' } else { 'ৌ' });
                kars = &kars[second.len_utf8()..];
            }
            (pre_kar, _) => out.extend(pre_kar),
        }
        out.push_str(kars);
        if self.has_moon {
            out.push('ঁ');
        }
        out.extend(self.rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn syllables_come_into_the_order_of_unicode() {
        for (bijoy, unicode) in [
            ("Avwg", "আমি"),
            ("evsjv", "বাংলা"),
            ("Kg©KZ©v", "কর্মকর্তা"),
            ("†KvwU", "কোটি"),
            ("†cŠi", "পৌর"),
            ("cuvP", "পাঁচ"),
            ("†cŠuQv", "পৌঁছা"),
            ("Zz¨", "ত্যু"),
            ("wkÿv", "শিক্ষা"),
            ("wk¶v", "শিক্ষা"),
            ("iæ", "রু"),
            ("i“", "রু"),
            ("¯Íi", "স্তর"),
            ("kvw¯Í", "শাস্তি"),
            ("kvwš—", "শান্তি"),
            ("i¨ve", "র\u{200D}্যাব"),
            ("jÿ¨", "লক্ষ্য"),
            ("25%, 10wU|", "২৫%, ১০টি।"),
            ("mgš^q", "সমন্বয়"),
            ("e‡›`vc¨vavq", "বন্দোপ্যাধায়"),
        ] {
            assert_eq!(to_unicode(bijoy).text, unicode, "{bijoy}");
        }
    }

    #[test]
    fn quotation_marks_and_dashes_outside_a_syllable_stay() {
        assert_eq!(to_unicode("“Kg”").text, "“কম”");
        assert_eq!(to_unicode("Kg — Lye").text, "কম — খুব");
    }

    #[test]
    fn text_read_as_latin_1_or_as_symbol_codes_is_known_too() {
        assert_eq!(to_unicode("\u{86}KvwU").text, "কোটি");
        assert_eq!(to_unicode("\u{F04B}\u{F067}").text, "কম");
    }

    #[test]
    fn a_syllable_leads_back_to_its_glyphs() {
        let got = to_unicode("†KvwU Kg©");
        let at = got.text.find("কো").unwrap();
        assert_eq!(
            got.to_source(Span::new(at, at + "কো".len())),
            Span::new(0, "†Kv".len())
        );
        let at = got.text.find("র্ম").unwrap();
        assert_eq!(
            got.to_source(Span::new(at, at + "র্ম".len()))
                .of("†KvwU Kg©"),
            "g©"
        );
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let lines = include_str!("../../data/bijoy.tsv")
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .count();
        assert_eq!(rows().count(), lines);
        assert_eq!(TABLE.len(), lines, "no code stands twice");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_can_be_read(text in "[a-zA-Z†‡‰w©¨¯š—“”’•&^`\u{AD}\u{86} .0-9কা]{0,16}|.{0,12}") {
            let got = to_unicode(&text);
            for (i, c) in got.text.char_indices() {
                let span = got.to_source(Span::new(i, i + c.len_utf8()));
                prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
            }
            let _ = mend(&text);
        }
    }
}
