//! Stems an English word with Snowball, after joining British and American spellings (organisation, organization; labour, labor).

use crate::text::lexicon;
use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

static SNOWBALL: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// Irregular forms, and words that Snowball would throw together (allowance, allow), with the stem they get.
static IRREGULAR: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    lexicon::rows(include_str!("../../../data/lexicon/irregular-en.tsv"))
        .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
        .flat_map(|(stem, forms)| forms.split(' ').map(move |form| (form, stem)))
        .collect()
});

/// Snowball stem of the British spelling → that of the American one.
static SPELLINGS: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    include_str!("../../../data/lexicon/spellings-en.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .map(|(british, american)| {
            (
                SNOWBALL.stem(british).into_owned(),
                SNOWBALL.stem(american.trim()).into_owned(),
            )
        })
        .collect()
});

/// The stem of a lower-case English word.
pub(super) fn stem(word: &str) -> Cow<'_, str> {
    let word = without_possessive(word);
    let word = without_hyphen(word);
    let word = match american(&word) {
        Some(american) => Cow::Owned(american),
        None => word,
    };
    if let Some(stem) = IRREGULAR.get(&*word) {
        return Cow::Borrowed(stem);
    }
    let stem = SNOWBALL.stem(&word).into_owned();
    if stem.is_empty() {
        // Of apostrophes alone it leaves nothing.
        return Cow::Owned(word.into_owned());
    }
    match SPELLINGS.get(&stem) {
        Some(stem) => Cow::Owned(stem.clone()),
        None => Cow::Owned(stem),
    }
}

fn without_possessive(word: &str) -> &str {
    let bare = ["'s", "’s", "'", "’"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(word)
}

/// Joins what some write with a hyphen, if the joined word is English: co-ordination, data-base, e-mail.
fn without_hyphen(word: &str) -> Cow<'_, str> {
    if word.contains('-') {
        let joined = word.replace('-', "");
        if lexicon::english(&joined).is_some() {
            return Cow::Owned(joined);
        }
    }
    Cow::Borrowed(word)
}

/// The American spelling of a word in -ise or -our, if the word list knows that spelling; so exercise, four and course stay.
fn american(word: &str) -> Option<String> {
    if let Some(at) = word.rfind("is").filter(|&at| at >= 3) {
        let ending = &word[at + 2..];
        let verbal = [
            "e", "es", "ed", "ing", "er", "ers", "ation", "ations", "ational", "able",
        ];
        if verbal.contains(&ending) {
            return known(format!("{}iz{ending}", &word[..at]));
        }
    }
    if let Some(at) = word.rfind("our").filter(|&at| at >= 3) {
        return known(format!("{}or{}", &word[..at], &word[at + 3..]));
    }
    None
}

fn known(word: String) -> Option<String> {
    lexicon::english(&word).is_some().then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn british_and_american_spellings_meet() {
        for (british, american) in [
            ("organisation", "organization"),
            ("organisations", "organize"),
            ("labour", "labor"),
            ("behavioural", "behavioral"),
            ("centres", "center"),
            ("programmes", "program"),
            ("digitisation", "digitization"),
            ("analysed", "analyze"),
            ("enrolment", "enrollment"),
            ("licences", "license"),
            ("co-ordination", "coordination"),
            ("travelled", "traveling"),
        ] {
            assert_eq!(stem(british), stem(american), "{british} {american}");
        }
    }

    #[test]
    fn forms_of_a_word_meet() {
        for (one, other) in [
            ("training", "trained"),
            ("officer's", "officers"),
            ("officers'", "officer"),
            ("women", "woman’s"),
            ("paid", "payments"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn different_words_stay_apart() {
        for (one, other) in [
            ("allowance", "allowed"),
            ("organisation", "organ"),
            ("authority", "author"),
            ("department", "departed"),
            ("four", "for"),
            ("course", "corse"),
            ("policy", "police"),
            ("exercise", "exert"),
        ] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }
}
