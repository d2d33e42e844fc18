//! Puts Unicode words into Bijoy: the way back that the detector learns from.
//!
//! It writes one spelling where typists have several, which is enough to count what follows what.

use rustc_hash::FxHashMap;

use super::{Glyph, HASANTA, TABLE, rows};
use crate::text::script::{self, Class, Sign, sign};

/// Puts Unicode into Bijoy, well enough to count pairs.
#[derive(Default)]
pub(super) struct Encoder {
    bases: FxHashMap<String, char>,
    prefixes: FxHashMap<String, char>,
    suffixes: FxHashMap<String, char>,
    signs: FxHashMap<String, char>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        let mut encoder = Self::default();
        for (code, _) in rows() {
            let (map, letters) = match TABLE[&code] {
                Glyph::Base(letters, None) => (&mut encoder.bases, letters.to_owned()),
                Glyph::Prefix(letters) => (&mut encoder.prefixes, letters.to_owned()),
                Glyph::Suffix(letters, None) => (&mut encoder.suffixes, letters.to_owned()),
                Glyph::PreKar(c) | Glyph::Kar(c) | Glyph::Modifier(c) | Glyph::Mark(c) => {
                    (&mut encoder.signs, c.to_string())
                }
                _ => continue,
            };
            // Where several glyphs draw the same, the first stands for all.
            map.entry(letters).or_insert(code);
        }
        encoder
    }

    /// `word` in Bijoy, of the newer or the older dialect.
    pub(super) fn encode(&self, word: &str, is_new: bool) -> String {
        let mut out = String::new();
        let word = word.replace('আ', "অা");
        let mut rest = word.as_str();
        while let Some(c) = rest.chars().next() {
            let len = cluster_len(rest);
            if len == 0 {
                out.extend(if c == 'ঁ' { Some('u') } else { self.sign(c) });
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let cluster = &rest[..len];
            rest = &rest[len..];
            let kar = rest.chars().next().filter(|&c| sign(c) == Sign::Kar);
            rest = &rest[kar.map_or(0, char::len_utf8)..];
            let (before, behind) = match kar {
                Some('ে' | 'ো' | 'ৌ') if out.is_empty() => (Some('†'), kar),
                Some('ে' | 'ো' | 'ৌ') => (Some('‡'), kar),
                Some('ৈ') => (Some('‰'), None),
                Some('ি') => (Some('w'), None),
                _ => (None, kar),
            };
            out.extend(before);
            let (body, reph) = match cluster.strip_prefix("র\u{9CD}") {
                Some(body) if !body.is_empty() => (body, Some('©')),
                _ => (cluster, None),
            };
            self.encode_cluster(body, is_new, &mut out);
            out.extend(reph);
            out.extend(match behind {
                Some('ে') | None => None,
                Some('ো') => Some('v'),
                Some('ৌ') => Some('Š'),
                Some('ু') if body == "র" => Some(if is_new { 'æ' } else { '“' }),
                Some('ু') => Some(if is_new { 'y' } else { 'z' }),
                Some('ূ') if is_new || body == "র" => Some('‚'),
                Some('ৃ') => Some('…'),
                Some(kar) => self.sign(kar),
            });
        }
        out
    }

    fn sign(&self, c: char) -> Option<char> {
        self.signs.get(c.encode_utf8(&mut [0; 4]) as &str).copied()
    }

    /// The longest glyphs that draw the cluster, from left to right.
    fn encode_cluster(&self, cluster: &str, is_new: bool, out: &mut String) {
        let letters: Vec<&str> = cluster.split(HASANTA).collect();
        let mut at = 0;
        while at < letters.len() {
            let is_joined = at > 0;
            let (glyph, used) = (1..=letters.len() - at)
                .rev()
                .find_map(|n| {
                    let part = letters[at..at + n].join("\u{9CD}");
                    let is_last = at + n == letters.len();
                    let last = out.chars().next_back();
                    let glyph = if is_joined && part == "ত" && matches!(last, Some('¯' | 'š')) {
                        Some(if is_new { 'Í' } else { '—' })
                    } else if part == "ক্ষ" && is_new {
                        Some('ÿ')
                    } else if is_joined && part == "র" {
                        Some(if matches!(last, Some('c' | 'M')) {
                            'Ö'
                        } else {
                            'ª'
                        })
                    } else if is_joined {
                        self.suffixes
                            .get(&part)
                            .copied()
                            .or_else(|| self.bases.get(&part).copied())
                    } else if is_last || matches!(letters[at + n], "য" | "র") {
                        self.bases.get(&part).copied()
                    } else {
                        self.prefixes
                            .get(&part)
                            .or_else(|| self.bases.get(&part))
                            .copied()
                    };
                    glyph.map(|g| (g, n))
                })
                .unwrap_or(('&', 1));
            out.push(glyph);
            at += used;
        }
    }
}

/// Length of the letters joined by hasantas at the start of `text`, in bytes.
fn cluster_len(text: &str) -> usize {
    let mut len = 0;
    let mut wants_letter = true;
    for c in text.chars() {
        let is_letter = script::class(c) == Class::Bangla && script::begins_syllable(c);
        match c {
            HASANTA if !wants_letter => wants_letter = true,
            _ if is_letter && wants_letter => wants_letter = false,
            _ => break,
        }
        len += c.len_utf8();
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::bijoy::to_unicode;

    #[test]
    fn what_the_encoder_writes_reads_as_the_word_it_was() {
        let words: toml::Table =
            toml::from_str(include_str!("../../../data/bijoy_words.toml")).unwrap();
        let encoder = Encoder::new();
        for word in words["bangla"].as_str().unwrap().split_whitespace() {
            for is_new in [false, true] {
                let bijoy = encoder.encode(word, is_new);
                assert_eq!(
                    to_unicode(&bijoy)
                        .text
                        .replace(['\u{200C}', '\u{200D}'], ""),
                    word,
                    "{bijoy}"
                );
            }
        }
    }
}
