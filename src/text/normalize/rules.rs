//! The rules that make a stretch of text clean, applied until none applies any more.
//!
//! Each character carries the source bytes that it came from, so that the edits can be told exactly.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::characters::{Single, begins_word, is_invisible, is_letter, is_nfc, single};
use crate::text::script::{self, Class, Sign, is_bangla, sign};

const HASANTA: char = '\u{9CD}';
const NUKTA: char = '\u{9BC}';
const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// How many signs the rules look back over to find the letter that bears them. Real text needs two.
const REACH: usize = 4;

/// How often the rules are applied at most. Real text needs two rounds.
const ROUNDS: usize = 24;

/// Sanskrit prefixes that end in a visarga, for which typists use a colon (দু:খ). The list is closed.
const VISARGA_PREFIXES: [&str; 12] = [
    "দু",
    "নি",
    "অন্ত",
    "পুন",
    "অত",
    "প্রাত",
    "স্বত",
    "বহি",
    "মন",
    "বয়",
    "পয়",
    "অধ",
];

/// A character and the source bytes that it came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Unit {
    /// `c` in the place of both `self` and `other`.
    fn merged(self, other: Unit, c: char) -> Unit {
        Unit {
            c,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Whether ত joins `c` in a conjunct; before any other consonant the ত with hasanta is a ৎ (উত্স is উৎস).
pub(super) fn joins_ta(c: char) -> bool {
    matches!(
        c,
        'ত' | 'থ' | 'ন' | 'ব' | 'ম' | 'য' | 'র' | 'য়' | '\u{9F0}' | '\u{9F1}'
    )
}

/// Applies the rules; keeps its buffers between stretches.
pub(super) struct Cleaner<'a> {
    text: &'a str,
    /// Assamese ৰ is a র only in a Bangla text, which Assamese text without a single র is not.
    is_bangla_text: bool,
    units: Vec<Unit>,
    next: Vec<Unit>,
}

impl<'a> Cleaner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let is_bangla_text = text.contains('র') || (text.contains('ব') && text.contains(NUKTA));
        Self {
            text,
            is_bangla_text,
            units: Vec::new(),
            next: Vec::new(),
        }
    }

    /// The stretch that [`run`](Self::run) made clean.
    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Makes `segment`, which begins at byte `start` of the text, clean.
    pub(super) fn run(&mut self, start: usize, segment: &str) {
        self.units.clear();
        self.units.extend(segment.char_indices().map(|(i, c)| Unit {
            c,
            start: start + i,
            end: start + i + c.len_utf8(),
        }));
        for _ in 0..ROUNDS {
            let was_changed = [Self::singles, Self::compose_latin, Self::syllables]
                .iter()
                .fold(false, |was_changed, pass| {
                    self.next.clear();
                    pass(self);
                    let is_changed = !self
                        .next
                        .iter()
                        .map(|u| u.c)
                        .eq(self.units.iter().map(|u| u.c));
                    std::mem::swap(&mut self.units, &mut self.next);
                    was_changed | is_changed
                });
            if !was_changed {
                break;
            }
        }
    }

    /// Characters that change whatever stands beside them, and those that ask only what kind of text they stand in.
    fn singles(&mut self) {
        for (i, &unit) in self.units.iter().enumerate() {
            match unit.c {
                '\u{200B}' => {
                    let before = self.next.last().map(|u| u.c);
                    // More invisible characters in a row than this part nothing.
                    let rest = self.units[i + 1..].iter().take(2 * REACH);
                    let after = rest.map(|u| u.c).find(|&c| !is_invisible(c));
                    if before.is_some_and(is_letter) && after.is_some_and(begins_word) {
                        self.next.push(Unit { c: ' ', ..unit });
                    }
                }
                '\u{9F0}' if self.is_bangla_text => self.next.push(Unit { c: 'র', ..unit }),
                '\u{9F1}' if self.is_bangla_text => self.next.push(Unit { c: 'ব', ..unit }),
                '|' if self.is_danda(unit.start, unit.end) => {
                    self.next.push(Unit { c: '।', ..unit })
                }
                c => match single(c) {
                    Single::Keep => self.next.push(unit),
                    Single::Drop => {}
                    Single::PutChar(c) => self.next.push(Unit { c, ..unit }),
                    Single::Put(chars) => {
                        self.next.extend(chars.chars().map(|c| Unit { c, ..unit }))
                    }
                },
            }
        }
    }

    /// Whether the vertical bar at `start..end` stands for a danda: after Bangla, and before Bangla or the line's end.
    fn is_danda(&self, start: usize, end: usize) -> bool {
        let is_seen = |c: &char| (*c == '\n' || !c.is_whitespace()) && !is_invisible(*c);
        self.text[..start]
            .chars()
            .rev()
            .find(is_seen)
            .is_some_and(is_bangla)
            && self.text[end..]
                .chars()
                .find(is_seen)
                .is_none_or(|c| c == '\n' || is_bangla(c))
    }

    /// NFC of all but Bangla.
    fn compose_latin(&mut self) {
        let mut i = 0;
        while i < self.units.len() {
            let first = i;
            i += 1;
            while i < self.units.len() && !is_bangla(self.units[i].c) && !is_nfc(self.units[i].c) {
                i += 1;
            }
            let run = &self.units[first..i];
            if run[0].c.is_ascii() && run.len() == 1 || is_bangla(run[0].c) {
                self.next.extend_from_slice(run);
                continue;
            }
            let whole = run[1..].iter().fold(run[0], |a, &b| a.merged(b, a.c));
            if is_nfc_quick(run.iter().map(|u| u.c)) == IsNormalized::Yes {
                self.next.extend_from_slice(run);
            } else {
                self.next
                    .extend(run.iter().map(|u| u.c).nfc().map(|c| Unit { c, ..whole }));
            }
        }
    }

    /// The rules for Bangla syllables, from left to right; `next` is the stack of what is clean so far.
    fn syllables(&mut self) {
        let mut i = 0;
        while i < self.units.len() {
            let unit = self.units[i];
            let after = |n: usize| self.units.get(i + n).map(|u| u.c);
            let (next, then) = (after(1), after(2));
            let out = &mut self.next;
            match sign(unit.c) {
                Sign::Nukta => put_nukta(out, unit),
                Sign::Kar => put_kar(out, unit),
                Sign::Modifier => {
                    drop_hasanta(out);
                    let from = out.len() - trailing(out, Sign::Modifier);
                    if !out[from..].iter().any(|u| u.c == unit.c) {
                        out.push(unit);
                    }
                }
                Sign::Hasanta if bears_hasanta(out, next) => out.push(unit),
                Sign::Hasanta => {}
                Sign::Vowel => {
                    drop_hasanta(out);
                    out.push(unit);
                }
                Sign::KhandaTa => {
                    if tail(out, 2) != Some('র') {
                        drop_hasanta(out);
                    }
                    out.push(unit);
                }
                Sign::Consonant => {
                    if is_third(out, unit.c) {
                        // No conjunct has one letter three times: two at its head (ত্ত), one behind another letter.
                        out.pop();
                        if tail(out, 3).is_some_and(|_| {
                            tail(out, 2) == Some(HASANTA) && tail(out, 4) == Some(HASANTA)
                        }) {
                            out.truncate(out.len() - 2);
                        }
                        while self.units.get(i + 1).map(|u| u.c) == Some(HASANTA)
                            && self.units.get(i + 2).map(|u| u.c) == Some(unit.c)
                        {
                            i += 2;
                        }
                    } else {
                        if !joins_ta(unit.c) {
                            make_khanda_ta(out);
                        }
                        out.push(unit);
                    }
                }
                Sign::None => match unit.c {
                    ZWJ | ZWNJ => put_joiner(out, unit, next, then),
                    ':' if next.is_some_and(|c| sign(c) == Sign::Consonant)
                        && ends_in_visarga_prefix(out) =>
                    {
                        out.push(Unit { c: 'ঃ', ..unit });
                    }
                    _ => {
                        make_khanda_ta(out);
                        out.push(unit);
                    }
                },
            }
            i += 1;
        }
        make_khanda_ta(&mut self.next);
    }
}

/// The `n`-th character from the end, counted from 1.
fn tail(out: &[Unit], n: usize) -> Option<char> {
    out.len().checked_sub(n).map(|i| out[i].c)
}

/// How many characters of this kind stand at the end, up to [`REACH`].
fn trailing(out: &[Unit], kind: Sign) -> usize {
    out.iter()
        .rev()
        .take(REACH)
        .take_while(|u| sign(u.c) == kind)
        .count()
}

fn drop_hasanta(out: &mut Vec<Unit>) {
    if tail(out, 1) == Some(HASANTA) {
        out.pop();
    }
}

/// Takes a nukta back to the ড ঢ য that it was meant for; ব with nukta is the older র. Any other nukta means nothing.
fn put_nukta(out: &mut [Unit], nukta: Unit) {
    let signs = out
        .iter()
        .rev()
        .take(REACH)
        .take_while(|u| matches!(sign(u.c), Sign::Kar | Sign::Modifier))
        .count();
    let Some(base) = out.len().checked_sub(signs + 1) else {
        return;
    };
    let composed = match out[base].c {
        'ড' => 'ড়',
        'ঢ' => 'ঢ়',
        'য' => 'য়',
        'ব' if signs == 0 => 'র',
        _ => return,
    };
    out[base] = out[base].merged(nukta, composed);
}

/// Puts a vowel sign before the modifiers (ঁ ং ঃ) that were typed too early, and joins the halves of ো and ৌ.
fn put_kar(out: &mut Vec<Unit>, kar: Unit) {
    drop_hasanta(out);
    let mut at = out.len() - trailing(out, Sign::Modifier);
    // বিদ্য্ৎু: the sign was typed after a ৎ, which bears none.
    if at > 1 && out[at - 1].c == 'ৎ' && sign(out[at - 2].c) == Sign::Consonant {
        at -= 1;
    }
    let Some(base) = at.checked_sub(1) else {
        return;
    };
    let joined = match (out[base].c, kar.c) {
        ('\u{9C7}', '\u{9BE}') | ('\u{9BE}', '\u{9C7}') => '\u{9CB}',
        ('\u{9C7}', '\u{9D7}') | ('\u{9D7}', '\u{9C7}') => '\u{9CC}',
        ('অ', '\u{9BE}') => 'আ',
        (c, k) if c == k => return,
        (c, _) => match sign(c) {
            Sign::Vowel => return,
            // A sign may follow a foreign word or a number (officeে, ২০১৫ে, code-এ); alone it means nothing.
            Sign::None if c != '-' && matches!(script::class(c), Class::Space | Class::Other) => {
                return;
            }
            Sign::Hasanta | Sign::Nukta => return,
            _ => return out.insert(at, kar),
        },
    };
    out[base] = out[base].merged(kar, joined);
}

/// Whether the character before can bear a hasanta.
fn bears_hasanta(out: &[Unit], next: Option<char>) -> bool {
    match tail(out, 1) {
        Some('অ' | 'এ' | ZWJ) => next == Some('য'),
        Some(c) => sign(c) == Sign::Consonant,
        None => false,
    }
}

/// Makes a final ত with hasanta a ৎ, unless it is itself joined to a letter before (but the reph: ভর্ৎসনা).
fn make_khanda_ta(out: &mut Vec<Unit>) {
    let n = out.len();
    if tail(out, 1) == Some(HASANTA)
        && tail(out, 2) == Some('ত')
        && (tail(out, 3) != Some(HASANTA) || tail(out, 4) == Some('র'))
    {
        out[n - 2] = out[n - 2].merged(out[n - 1], 'ৎ');
        out.pop();
    }
}

/// Whether `c` comes for the third time in one cluster.
fn is_third(out: &[Unit], c: char) -> bool {
    tail(out, 1) == Some(HASANTA)
        && tail(out, 2) == Some(c)
        && tail(out, 3) == Some(HASANTA)
        && tail(out, 4) == Some(c)
}

/// Joiners say how to draw, not what is written, with three exceptions: ত্‍ is the ৎ of before Unicode 4.1, র‍্য is not
/// the র্য with reph (Unicode document L2/03-264), and other scripts may need theirs.
fn put_joiner(out: &mut Vec<Unit>, unit: Unit, next: Option<char>, then: Option<char>) {
    if unit.c == ZWJ && tail(out, 1) == Some(HASANTA) && tail(out, 2) == Some('ত') {
        make_khanda_ta(out);
    } else if tail(out, 1) == Some('র') && next == Some(HASANTA) && then == Some('য') {
        out.push(Unit { c: ZWJ, ..unit });
    } else if tail(out, 1).is_some_and(needs_joiner) && next.is_some_and(needs_joiner) {
        out.push(unit);
    }
}

fn needs_joiner(c: char) -> bool {
    !matches!(c, ZWJ | ZWNJ)
        && !matches!(
            script::class(c),
            Class::Bangla | Class::Latin | Class::Space | Class::Digit
        )
        && !c.is_ascii()
}

fn ends_in_visarga_prefix(out: &[Unit]) -> bool {
    VISARGA_PREFIXES.iter().any(|prefix| {
        let n = prefix.chars().count();
        out.len() >= n
            && prefix.chars().eq(out[out.len() - n..].iter().map(|u| u.c))
            && !tail(out, n + 1).is_some_and(|c| is_letter(c) || c == ZWJ)
    })
}
