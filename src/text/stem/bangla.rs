//! Stems a Bangla word: irregular forms by list, verbs by their tables, everything else slot by slot, then one spelling for all.

use super::{noun, verb};
use crate::text::lexicon;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Pronouns, suppletive verbs and other forms that no rule makes: stem, tab, forms.
static IRREGULAR: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    lexicon::rows(include_str!("../../../data/lexicon/irregular-bn.tsv"))
        .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
        .flat_map(|(stem, forms)| forms.split(' ').map(move |form| (form, stem)))
        .collect()
});

/// Words that end as if they were inflected, or look like a form of a verb, and are neither.
static WHOLE: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| lexicon::word_set(include_str!("../../../data/lexicon/whole-bn.txt")));

/// The stem of a normalised Bangla word.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let word = without_hyphen(word);
    if let Some(stem) = known(word).or_else(|| {
        known(
            word.strip_suffix(['ও', 'ই'])
                .filter(|rest| noun::aksharas(rest) > 1)?,
        )
    }) {
        return stem;
    }
    match verb::read_with_particles(word) {
        Some(reading)
            if reading.is_noun || !reads_as_noun(&reading) || is_negated(word, &reading) =>
        {
            return reading.noun;
        }
        _ => {}
    }
    let bare = noun::stem(word, is_whole);
    if let Some(stem) = known(bare) {
        return stem;
    }
    match verb::read(bare) {
        Some(reading) if reading.is_noun => reading.noun,
        _ => one_spelling(bare),
    }
}

fn known(word: &str) -> Option<Cow<'_, str>> {
    match IRREGULAR.get(word) {
        Some(stem) => Some(Cow::Borrowed(stem)),
        None => is_whole(word).then(|| one_spelling(word)),
    }
}

fn is_whole(word: &str) -> bool {
    WHOLE.contains(word)
}

/// Cuts a case ending that is written with a hyphen (ইউএনও-এর, কমিটি-কে).
fn without_hyphen(word: &str) -> &str {
    match word.rsplit_once('-') {
        Some((
            front,
            "এর" | "র" | "কে" | "এ" | "তে" | "ও" | "ই" | "য়" | "রা" | "দের" | "টি" | "টা" | "গুলো",
        )) if !front.is_empty() => front,
        _ => word,
    }
}

/// Whether a verb's negation is written on to it (করিনি, তুলিনাই); না alone is no proof (চালনা, পাওনা).
fn is_negated(word: &str, reading: &verb::Reading<'_>) -> bool {
    let particle = &word[reading.form.len()..];
    particle.starts_with("নাই")
        || particle == "নি"
        || particle == "না" && reading.form.ends_with(['ি', 'ে'])
}

/// Whether a word that could be a form of a verb is rather a noun: বাড়ি (to বাড়া), হারে (to হারা), চাল (to চাওয়া).
///
/// A noun betrays itself by its genitive, which the frequency list holds if the noun is in use: বাড়ির is nearly as common as বাড়ি,
/// but বলির is far rarer than বলি, and হারের is commoner than the infinitive হারতে.
fn reads_as_noun(reading: &verb::Reading<'_>) -> bool {
    let frequency = |word: &str| lexicon::bangla(word).map_or(0, i32::from);
    let declined = |word: &str| {
        let genitive = frequency(&format!(
            "{word}{}",
            if noun::ends_in_vowel(word) {
                "র"
            } else {
                "ের"
            }
        ));
        genitive > 0 && genitive + 16 >= frequency(word).max(30)
    };
    match reading.ending {
        "ে" => {
            let root = reading.root;
            let conjugated = [
                root.to_owned(),
                root.replace('ে', "ি"),
                root.replace('ো', "ু"),
            ]
            .iter()
            .flat_map(|root| {
                ["তে", "ছে", "লে", "েছে"].map(|ending| frequency(&format!("{root}{ending}")))
            })
            .max();
            frequency(root) > 0
                && Some(frequency(&format!("{root}ের"))) > conjugated.map(|common| common + 2)
        }
        // পাতাতে, খেলাতে: locatives, unless the causative is the commoner word (জানাতে)
        "তে" if reading.noun.ends_with("নো") => {
            frequency(&format!("{}র", reading.root)) > frequency(&format!("{}নো", reading.root)) + 8
        }
        // বাড়িতে: a locative, not the sadhu infinitive of বাড়া
        "িতে" => declined(&reading.form[..reading.form.len() - "তে".len()]),
        // বাবার: the genitive of বাবা, not a form of বাওয়া
        "বার" => {
            let noun = &reading.form[..reading.form.len() - 'র'.len_utf8()];
            frequency(noun) > 0 && frequency(noun) + 5 >= frequency(reading.form)
        }
        "ি" | "িও" | "ই" | "ও" | "ল" | "ত" | "ব" | "ন" | "উন" | "স" | "ছ" | "ক" | "াম" | "লি"
        | "বি" | "তি" | "ছি" => declined(reading.form),
        // গাছে, বাতাসে: locatives, not forms of গাওয়া and বাওয়া
        _ => match reading.form.strip_suffix('ে') {
            Some(noun) => !reading.is_noun && declined(noun),
            None => false,
        },
    }
}

/// The commoner of two spellings that people mix: ী and ি (সরকারী, গরীব), ূ and ু, ণ and ন (প্রশিক্ষন).
fn one_spelling(word: &str) -> Cow<'_, str> {
    /// Letters of three bytes each, so that a word stays as long.
    const MIXED: [(&str, &str); 3] = [("ী", "ি"), ("ূ", "ু"), ("ণ", "ন")];
    let other = |letter: &[u8]| {
        let pair = MIXED
            .iter()
            .position(|(one, other)| letter == one.as_bytes() || letter == other.as_bytes())?;
        let (one, other) = MIXED[pair];
        Some((pair, if letter == one.as_bytes() { other } else { one }))
    };
    let letters = noun::aksharas(word);
    if letters < 2 {
        return Cow::Borrowed(word);
    }
    let mut best = (lexicon::bangla(word).unwrap_or(0), Cow::Borrowed(word));
    let mut variant: SmallVec<[u8; 64]> = SmallVec::from_slice(word.as_bytes());
    for (at, letter) in word.char_indices() {
        let place = at..at + letter.len_utf8();
        let Some((pair, other)) = other(&word.as_bytes()[place.clone()]) else {
            continue;
        };
        // In a short word only its end.
        if letters < 3 && (pair > 0 || place.end < word.len()) {
            continue;
        }
        variant[place.clone()].copy_from_slice(other.as_bytes());
        let frequency = lexicon::bangla_bytes(&variant).unwrap_or(0);
        let is_better = frequency > best.0
            || frequency == best.0 && frequency > 0 && *variant < *best.1.as_bytes();
        if is_better && let Ok(variant) = std::str::from_utf8(&variant) {
            best = (frequency, Cow::Owned(variant.into()));
        }
        variant[place.clone()].copy_from_slice(&word.as_bytes()[place]);
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        name: String,
        input: String,
        want: String,
    }

    #[test]
    fn forms_get_the_stem_that_a_linguist_expects() {
        let cases: Cases =
            toml::from_str(include_str!("../../../tests/data/stem-bn.toml")).unwrap();
        let wrong: Vec<_> = cases
            .case
            .iter()
            .flat_map(|case| case.input.split_whitespace().map(move |word| (case, word)))
            .filter(|(case, word)| stem(word) != case.want)
            .map(|(case, word)| {
                format!(
                    "{}: {word} gives {}, not {}",
                    case.name,
                    stem(word),
                    case.want
                )
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn words_that_only_look_inflected_stay_whole() {
        for word in WHOLE.iter().filter(|word| !IRREGULAR.contains_key(*word)) {
            let stem = stem(word);
            assert!(
                stem == *word || lexicon::bangla(&stem) >= lexicon::bangla(word),
                "{word} gives {stem}"
            );
        }
    }
}
