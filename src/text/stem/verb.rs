//! Recognises the forms of Bangla verbs, in standard, spoken, regional and sadhu spelling, and gives them their verbal noun.
//!
//! Two readable tables do the work: `verbs.tsv` holds each verb by its principal parts (লেখা: লেখ, লিখ), `verb-endings.tsv` the
//! endings by class of verb. A form is a part plus an ending; nothing is generated, so that the tables stay small and load at once.

use crate::text::lexicon;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

static VERBS: &str = include_str!("../../../data/lexicon/verbs.tsv");
static ENDINGS: &str = include_str!("../../../data/lexicon/verb-endings.tsv");

/// Longest ending, in bytes: no need to try longer ones.
const LONGEST: usize = 36;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Consonant,
    Vowel,
    Causative,
}

/// First or second principal part, as bits, so that an ending may join both.
type Parts = u8;

struct Root {
    class: Class,
    parts: Parts,
    noun: &'static str,
}

struct Tables {
    roots: FxHashMap<&'static str, Vec<Root>>,
    /// Ending → (class, parts it joins, whether it makes the verbal noun).
    endings: FxHashMap<String, Vec<(Class, Parts, bool)>>,
    /// Length of the longest root, in bytes.
    longest_root: usize,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        roots: FxHashMap::default(),
        endings: FxHashMap::default(),
        longest_root: 0,
    };
    for row in lexicon::rows(VERBS) {
        let [noun, class, first, second] = row[..] else {
            continue;
        };
        for (bit, roots) in [(1, first), (2, second)] {
            for root in roots.split(' ').filter(|root| !root.is_empty()) {
                tables.longest_root = tables.longest_root.max(root.len());
                let known = tables.roots.entry(root).or_default();
                match known
                    .iter_mut()
                    .find(|r| r.noun == noun && r.class == class_of(class))
                {
                    Some(same) => same.parts |= bit,
                    None => known.push(Root {
                        class: class_of(class),
                        parts: bit,
                        noun,
                    }),
                }
            }
        }
    }
    for row in lexicon::rows(ENDINGS) {
        let [class, parts, tense, persons, what] = row[..] else {
            continue;
        };
        let parts = parts
            .bytes()
            .map(|b| if b == b'2' { 2 } else { 1 })
            .fold(0, |all, bit| all | bit);
        for person in persons.split(' ') {
            let ending: String = [tense, person].into_iter().filter(|&s| s != "-").collect();
            tables.endings.entry(ending).or_default().push((
                class_of(class),
                parts,
                what.starts_with("verbal noun"),
            ));
        }
    }
    tables
});

fn class_of(name: &str) -> Class {
    match name {
        "v" => Class::Vowel,
        "n" => Class::Causative,
        _ => Class::Consonant,
    }
}

/// How a word reads as a form of a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading<'a> {
    /// The verbal noun; for a causative that is not in the table, made from its verb (করাচ্ছে → করানো).
    pub(super) noun: Cow<'static, str>,
    /// The word without particles.
    pub(super) form: &'a str,
    pub(super) root: &'a str,
    pub(super) ending: &'a str,
    /// The word is the verbal noun itself, not a finite form.
    pub(super) is_noun: bool,
}

/// Reads a word as a verb without a particle; the longest root wins (খেলে is a form of খেলা, not of খাওয়া).
pub(super) fn read(word: &str) -> Option<Reading<'_>> {
    let tables = &*TABLES;
    let from = word.len().saturating_sub(LONGEST);
    let places = word.char_indices().rev().map(|(at, _)| at);
    for at in places
        .skip_while(|at| *at > tables.longest_root)
        .take_while(|at| *at >= from.max(1))
    {
        let (root, ending) = word.split_at(at);
        let (Some(roots), Some(endings)) = (tables.roots.get(root), tables.endings.get(ending))
        else {
            continue;
        };
        for r in roots {
            for &(class, parts, is_noun) in endings {
                if r.class == class && r.parts & parts != 0 && !too_slight(root, ending) {
                    return Some(Reading {
                        noun: Cow::Borrowed(r.noun),
                        form: word,
                        root,
                        ending,
                        is_noun,
                    });
                }
            }
        }
    }
    derived_causative(word).or_else(|| epenthetic(word))
}

/// One-letter roots (ক, ব, র, ল, স) plus a letter make everyday words (বল, সব, কত, বই), so they need a longer, vowel-led ending: কইছে, রইল.
/// হ is different: হয়, হব, হলে have no such doubles.
fn too_slight(root: &str, ending: &str) -> bool {
    let mut letters = root.chars();
    let single = letters.next().is_some_and(|c| c != 'হ') && letters.next().is_none();
    single && (ending.chars().count() < 2 || !ending.starts_with(['ই', 'ও', '\u{9df}']))
}

/// Causatives are made freely (root + আ). The short endings are left to the table's own causatives, because করায় and করাতে are cases of করা.
fn derived_causative(word: &str) -> Option<Reading<'_>> {
    for (at, _) in word.char_indices().rev() {
        let (stem, ending) = word.split_at(at);
        let (part, root): (Parts, &str) = match (stem.strip_suffix('া'), stem.strip_suffix('ি'))
        {
            (Some(root), _) => (1, root),
            (_, Some(root)) => (2, root),
            _ => continue,
        };
        if root.len() > TABLES.longest_root || ending.chars().nth(1).is_none() {
            continue;
        }
        let fits = |&(class, parts, _): &(Class, Parts, bool)| {
            class == Class::Causative && parts & part != 0
        };
        let Some(&(_, _, is_noun)) = TABLES
            .endings
            .get(ending)
            .and_then(|all| all.iter().find(|&e| fits(e)))
        else {
            continue;
        };
        if ending == "তে" || part == 2 && ending == "য়া" {
            continue;
        }
        if let Some(verb) = TABLES
            .roots
            .get(root)
            .and_then(|all| all.iter().find(|r| r.class == Class::Consonant))
        {
            let base = verb.noun.strip_suffix('া').unwrap_or(verb.noun);
            return Some(Reading {
                noun: Cow::Owned(format!("{base}ানো")),
                form: word,
                root,
                ending,
                is_noun,
            });
        }
    }
    None
}

/// Dhaka's কইরা, দেইখা, থাইকা (করিয়া …): an ই slips before the root's last consonant.
fn epenthetic(word: &str) -> Option<Reading<'_>> {
    let body = word
        .strip_suffix("্যা")
        .or_else(|| word.strip_suffix(['া', 'ে']))?;
    let last = body.chars().next_back()?;
    let front = body[..body.len() - last.len_utf8()].strip_suffix('ই')?;
    let root = format!("{front}{last}");
    let verb = TABLES
        .roots
        .get(root.as_str())?
        .iter()
        .find(|r| r.class == Class::Consonant && r.parts & 1 != 0)?;
    Some(Reading {
        noun: Cow::Borrowed(verb.noun),
        form: word,
        root: body,
        ending: &word[body.len()..],
        is_noun: false,
    })
}

/// Reads a word as a verb with the particles that are written on to it: negation (করেনি, যায়না, হয়নাই), emphasis (করলেও, করবেই), তো.
pub(super) fn read_with_particles(word: &str) -> Option<Reading<'_>> {
    if let Some(reading) = read(word) {
        return Some(reading);
    }
    for particle in ["নাইকা", "নাই", "নি", "না", "ও", "ই", "তো"] {
        let Some(rest) = word.strip_suffix(particle) else {
            continue;
        };
        let negation = particle.starts_with('ন');
        let reading = read(rest).or_else(|| {
            negation
                .then(|| read(rest.strip_suffix(['ও', 'ই'])?))
                .flatten()
        });
        if let Some(reading) = reading.filter(|reading| !(negation && reading.is_noun)) {
            return Some(reading);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noun(word: &str) -> String {
        read_with_particles(word)
            .map(|r| r.noun.into_owned())
            .unwrap_or_default()
    }

    #[test]
    fn forms_of_one_verb_meet_in_its_verbal_noun() {
        for (want, forms) in [
            (
                "করা",
                "করি করে করেন করছে করেছি করেছিলাম করলাম করলো করত করবেন করতে করলে করুন করেনি করিনি করবেনা করলেও করবেই করবার",
            ),
            (
                "করা",
                "করতাছি করতেছে করুম করমু করসি করিছে কইরা করিয়া করিয়াছে করিতেছিল করিলেন করিবে করবাম করবাইন করব",
            ),
            (
                "হওয়া",
                "হয় হচ্ছে হয়েছে হয়নি হবে হব হলো হল হইব হইছে হইতে হইবে হইয়া হইয়াছে হয়না হতে হলে হলেও হয়নাই হইতাছে",
            ),
            (
                "যাওয়া",
                "যায় যাই যাচ্ছে গেছে গেছিলাম গিয়ে গিয়েছিলেন গেল গেলাম যাবে যেতে যেত যাইতাছি যামু যাইবো গিয়া যাবার যায়না",
            ),
            (
                "দেওয়া",
                "দেয় দেই দিই দিচ্ছে দিল দিলো দেবে দিবে দিয়ে দিয়েছে দিছি দিমু দিতাছে দেয়া দেয়নি দিতে দিলে",
            ),
            ("লেখা", "লেখে লিখি লিখেছে লিখতে লিখা লিখলে লিখবেন"),
            ("শোনা", "শোনে শুনি শুনেছি শুনতে শোনেনি শুনবে"),
            ("রাখা", "রাখি রেখে রেখেছে রাখতে রাইখা"),
            ("পাঠানো", "পাঠায় পাঠাই পাঠাচ্ছে পাঠিয়েছে পাঠাতে পাঠাইছে পাঠালে পাঠাবেন পাঠায়নি"),
            ("করানো", "করাচ্ছে করিয়েছে করাবেন করালাম"),
            ("খাওয়া", "খায় খেয়ে খেয়েছি খাচ্ছি খেতে খাইছি খামু খাইয়া খেলাম"),
        ] {
            for form in forms.split(' ') {
                assert_eq!(noun(form), want, "{form}");
            }
        }
    }

    #[test]
    fn words_that_only_look_like_verbs_are_not_read() {
        for word in [
            "",
            "ক",
            "বই",
            "সব",
            "কত",
            "বন",
            "খাত",
            "কারখানা",
            "জনবল",
            "বরাদ্দ",
            "প্রশিক্ষণ",
            "নি",
            "না",
            "ঢাকাস্থ",
        ] {
            assert_eq!(noun(word), "", "{word}");
        }
    }
}
