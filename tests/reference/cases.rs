//! Sets the classifier beside the reference, on all sample data and on random texts.
//!
//! Whatever makes coding faster must leave these as they are. A difference is told with the text that shows it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use proptest::prelude::*;

use super::{Reference, code};
use crate::input::{self, Options};
use crate::taxonomy::cues;
use crate::taxonomy::pattern::{Element, Link, Pattern, WordKind, WordPattern};
use crate::{Classifier, Coded, Response, Scratch, Taxonomy};

fn rules(taxonomy: Taxonomy) -> Classifier {
    Classifier::builder()
        .taxonomy(taxonomy)
        .rules_only()
        .build()
        .expect("a built-in taxonomy fits")
}

static CORE: LazyLock<Classifier> = LazyLock::new(|| rules(Taxonomy::core()));
static NSSS: LazyLock<Classifier> = LazyLock::new(|| rules(Taxonomy::nsss()));
/// What differs, in words; nothing where both say the same. Scores may differ in their last digits.
fn difference(reference: &mut Reference<'_>, response: &Response, fast: &Coded) -> Option<String> {
    let mut plain = code(reference, response);
    for (p, f) in plain.codings.iter_mut().zip(&fast.codings) {
        if (p.score - f.score).abs() < 1e-5 {
            p.score = f.score;
        }
    }
    let context = &response.context;
    (plain != *fast).then(|| {
        format!(
            "{:?} (context {context:?})\nplain: {plain:#?}\nfast: {fast:#?}",
            response.text
        )
    })
}

/// Fails with the first texts that are coded otherwise than by the reference.
fn check(classifier: &Classifier, responses: &[Response]) {
    let mut scratch = Scratch::default();
    let mut reference = Reference::of(classifier);
    let mut wrong = Vec::new();
    for response in responses {
        let fast = classifier.classify(response, &mut scratch);
        wrong.extend(difference(&mut reference, response, &fast));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} texts are coded otherwise than by the reference; the first:\n{}",
        wrong.len(),
        responses.len(),
        wrong[0]
    );
}

fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(root)
        .expect("the folder is part of the project")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_none_or(|e| e != "md"))
        .collect();
    paths.sort();
    paths
}

/// The answers of `data/samples`.
fn samples() -> Vec<Response> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).expect("a sample can be read");
        input::read(&path.to_string_lossy(), &bytes, &Options::default()).responses
    };
    files("data/samples").into_iter().flat_map(read).collect()
}

/// The answers of `data/training`, with the context of those that have one.
fn training() -> Vec<Response> {
    let mut out = Vec::new();
    for path in files("data/training") {
        let text = fs::read_to_string(&path).expect("training answers are UTF-8");
        for line in text.lines() {
            let mut columns = line.split('\t').skip(4);
            let mut response = Response::new("", columns.next().unwrap_or_default());
            response.context = columns.next().map(Into::into);
            out.push(response);
        }
    }
    out
}

#[test]
fn samples_are_coded_as_by_the_reference() {
    let samples = samples();
    assert!(samples.len() > 200);
    check(&CORE, &samples);
    check(&NSSS, &samples);
}

/// Every fourth training answer from the `first` on, since all take minutes in a debug build; all of them where `MOTAMOT_ALL` is set.
fn some_training(first: usize) -> Vec<Response> {
    let (first, step) = match std::env::var_os("MOTAMOT_ALL") {
        Some(_) => (0, 1),
        None => (first, 4),
    };
    training().into_iter().skip(first).step_by(step).collect()
}

#[test]
fn training_answers_are_coded_as_by_the_reference_with_core() {
    check(&CORE, &some_training(0));
}

#[test]
fn training_answers_are_coded_as_by_the_reference_with_nsss() {
    check(&NSSS, &some_training(2));
}

/// What a thread remembers must never show, with the statistical coder least of all.
#[test]
fn a_warm_memory_changes_nothing() {
    for taxonomy in [Taxonomy::core(), Taxonomy::nsss()] {
        let classifier = Classifier::builder().taxonomy(taxonomy).build().unwrap();
        let mut warm = Scratch::default();
        for response in samples().iter().chain(training().iter().step_by(29)) {
            let cold = classifier.classify(response, &mut Scratch::default());
            let found = classifier.classify(response, &mut warm);
            assert_eq!(found, cold, "{:?}", response.text);
        }
    }
}

/// A small generator of numbers, so that one seed makes one piece of text.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// All patterns of both taxonomies and of the cues, blockers too.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let mut out = Vec::new();
    for taxonomy in [CORE.taxonomy(), NSSS.taxonomy()] {
        for term in taxonomy.terms() {
            out.push(term.pattern.clone());
            out.extend(term.not.iter().chain(&term.unless).take(3).cloned());
        }
    }
    let n_terms = out.len();
    // Cues are few beside the terms; they come as often.
    while out.len() < 2 * n_terms {
        for cue in &cues().cues {
            out.extend(
                cue.patterns
                    .iter()
                    .chain(&cue.not)
                    .chain(&cue.unless)
                    .cloned(),
            );
        }
    }
    out
});

static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    training()
        .iter()
        .flat_map(|r| {
            r.text
                .split_whitespace()
                .map(String::from)
                .collect::<Vec<_>>()
        })
        .collect()
});

const FUNCTION_WORDS: [&str; 30] = [
    "the",
    "of",
    "is",
    "not",
    "no",
    "but",
    "and",
    "to",
    "take",
    "are",
    "we",
    "there",
    "more",
    "now",
    "কিন্তু",
    "না",
    "নেই",
    "টি",
    "এখন",
    "আরও",
    "আমাদের",
    "তবে",
    "খুব",
    "এর",
    "nai",
    "kintu",
    "khub",
    "amader",
    "dorkar",
    "na",
];

const HOSTILE: [&str; 34] = [
    ".",
    ",",
    ";",
    "।",
    "\n",
    "\r\n",
    "!",
    "?",
    "…",
    "(",
    ")",
    ":",
    "-",
    "/",
    "—",
    "'",
    "_",
    "\t",
    "\u{200C}",
    "\u{200D}",
    "\u{AD}",
    "\u{301}",
    "\u{FE0F}",
    "🇧🇩",
    "漢字",
    "é",
    "\u{9BC}",
    "্",
    "ি",
    "\u{85}",
    "০১২",
    "3.5",
    "†",
    "Avgvi",
];

fn spell(word: &WordPattern, dice: &mut Dice) -> String {
    let text = match word.kind {
        _ if word.text == "#" => "১২".into(),
        WordKind::Suffix => format!("কর{}", word.text),
        WordKind::Prefix => format!("{}{}", word.text, dice.pick(&["", "s", "ing", "ের"])),
        _ => word.text.clone(),
    };
    match dice.roll(12) {
        0 => text.to_uppercase(),
        1 => format!(
            "{text}{}",
            dice.pick(&["s", "ের", "গুলো", "ta", "er", "টি", "ed"])
        ),
        // A slip: two letters change places.
        2 => {
            let mut letters: Vec<char> = text.chars().collect();
            let at = dice.roll(letters.len().saturating_sub(1));
            if letters.len() > 1 {
                letters.swap(at, at + 1);
            }
            letters.into_iter().collect()
        }
        _ => text,
    }
}

fn members<'a>(name: &str) -> Option<&'a Vec<Vec<WordPattern>>> {
    let of = |classifier: &'a Classifier| classifier.taxonomy().sets().get(name);
    of(&NSSS)
        .or_else(|| of(&CORE))
        .or_else(|| cues().sets.get(name))
}

/// Words that meet a pattern, or nearly so.
fn instance(pattern: &Pattern, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (i, element) in pattern.elements.iter().enumerate() {
        if i > 0 {
            let gap = match pattern.links[i - 1] {
                Link::After(gap) | Link::Near(gap) => usize::from(gap),
            };
            let between = match dice.roll(4) {
                0 => gap,
                1 => gap + dice.roll(2),
                _ => dice.roll(gap + 1),
            };
            parts.extend((0..between).map(|_| filler(dice)));
        }
        let one = match element {
            Element::Word(word) => vec![spell(word, dice)],
            Element::Any(phrases) => dice.pick(phrases).iter().map(|w| spell(w, dice)).collect(),
            Element::Set(name) => members(name)
                .filter(|phrases| !phrases.is_empty())
                .map(|phrases| dice.pick(phrases).iter().map(|w| spell(w, dice)).collect())
                .unwrap_or_default(),
        };
        parts.push(one.join(" "));
    }
    // Slots that stand in any order.
    if pattern.links.iter().any(|l| matches!(l, Link::Near(_))) && dice.roll(2) == 0 {
        parts.reverse();
    }
    parts.join(" ")
}

fn filler(dice: &mut Dice) -> String {
    match dice.roll(4) {
        0 => dice.pick(&WORDS).clone(),
        // A word of some pattern, out of its place.
        1 => {
            let pattern = dice.pick(&PATTERNS).clone();
            match dice.pick(&pattern.elements) {
                Element::Word(word) => spell(word, dice),
                Element::Any(phrases) => spell(&dice.pick(phrases)[0], dice),
                Element::Set(_) => String::new(),
            }
        }
        _ => (*dice.pick(&FUNCTION_WORDS)).into(),
    }
}

fn part() -> impl Strategy<Value = String> {
    let made = |make: fn(&mut Dice) -> String| any::<u64>().prop_map(move |s| make(&mut Dice(s)));
    prop_oneof![
        6 => made(|dice| instance(&dice.pick(&PATTERNS).clone(), dice)),
        4 => made(filler),
        2 => made(|dice| (*dice.pick(&FUNCTION_WORDS)).into()),
        2 => made(|dice| (*dice.pick(&HOSTILE)).into()),
        1 => any::<String>(),
    ]
}

fn text(parts: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let joint = prop_oneof![12 => Just(" "), 1 => Just(""), 2 => Just(", "), 2 => Just(". ")];
    prop::collection::vec((part(), joint), parts)
        .prop_map(|parts| parts.into_iter().flat_map(|(a, b)| [a, b.into()]).collect())
}

/// A classifier and its reference. Their memories are the same for all cases, so that what one text leaves behind would
/// show in the next.
struct Pair {
    classifier: &'static Classifier,
    both: Mutex<(Scratch, Reference<'static>)>,
}

impl Pair {
    fn of(classifier: &'static Classifier) -> Self {
        Self {
            classifier,
            both: Mutex::new((Scratch::default(), Reference::of(classifier))),
        }
    }

    fn check(&self, text: &str, context: Option<&str>) -> Result<(), TestCaseError> {
        let mut response = Response::new("x", text);
        response.context = context.map(Into::into);
        let mut both = self.both.lock().unwrap_or_else(PoisonError::into_inner);
        let (scratch, reference) = &mut *both;
        let fast = self.classifier.classify(&response, scratch);
        match difference(reference, &response, &fast) {
            None => Ok(()),
            Some(difference) => Err(TestCaseError::fail(difference)),
        }
    }
}

static CORE_PAIR: LazyLock<Pair> = LazyLock::new(|| Pair::of(&CORE));
static NSSS_PAIR: LazyLock<Pair> = LazyLock::new(|| Pair::of(&NSSS));

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_texts_are_coded_as_by_the_reference_with_core(text in text(0..10), context in part()) {
        CORE_PAIR.check(&text, Some(&context))?;
    }

    #[test]
    fn random_texts_are_coded_as_by_the_reference_with_nsss(text in text(0..10), context in part()) {
        NSSS_PAIR.check(&text, Some(&context))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    /// Long enough that sentences are cut where they hold too many words.
    #[test]
    fn long_texts_are_coded_as_by_the_reference(parts in prop::collection::vec(part(), 150..200)) {
        let text = parts.join(" ").replace(['.', '\n', '।', '!', '?'], " ");
        let long = format!("{text} {text} {text} {text} {text}");
        CORE_PAIR.check(&long, None)?;
    }
}

/// A term over few words, so that all that patterns can do comes up in few texts.
fn small_term() -> impl Strategy<Value = String> {
    let element = prop::sample::select(vec![
        "=alpha",
        "=bravo",
        "=delta",
        "=hotel",
        "(=alpha|=bravo =delta)",
        "(=delta|=delta =delta|=hotel =alpha)",
    ]);
    let link = prop::sample::select(vec![" ", " ..1 ", " .. ", " &1 ", " &4 ", " & "]);
    let edge = prop_oneof![8 => Just(("", "")), 1 => Just(("^", "")), 1 => Just(("", "$"))];
    (prop::collection::vec((link, element), 1..5), edge).prop_map(|(parts, (first, last))| {
        let slots: String = parts
            .iter()
            .enumerate()
            .flat_map(|(i, (link, element))| [if i > 0 { *link } else { "" }, *element])
            .collect();
        format!("{first}{slots}{last}")
    })
}

fn small_taxonomy() -> impl Strategy<Value = String> {
    let few = || prop::collection::vec(small_term(), 0..2);
    let term = (small_term(), few(), few(), 30u8..100);
    prop::collection::vec(term, 4..16).prop_map(|terms| {
        let mut out = String::from("name = \"small\"\nlabel = { en = \"small\", bn = \"ছোট\" }\n");
        for (i, (term, not, unless, weight)) in terms.iter().enumerate() {
            // Four terms a theme.
            if i % 4 == 0 {
                out.push_str(&format!(
                    "[[theme]]\ncode = \"t{i}\"\nlabel = {{ en = \"t{i}\", bn = \"t{i}\" }}\ndefinition = \"d\"\nterms.en = [\n"
                ));
            }
            out.push_str(&format!(
                "{{ term = {term:?}, weight = {weight}, not = {not:?}, unless = {unless:?} }},\n"
            ));
            if i % 4 == 3 || i + 1 == terms.len() {
                out.push_str("]\n");
            }
        }
        out
    })
}

fn small_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "alpha", "bravo", "delta", "hotel", "alpha", "bravo", "delta", "hotel", "zulu", "yankee",
        "the", "but", ",", ".",
    ]);
    prop::collection::vec(word, 1..24).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every kind of pattern, also those that the built-in taxonomies hardly use.
    #[test]
    fn any_taxonomy_codes_as_by_the_reference(
        source in small_taxonomy(),
        texts in prop::collection::vec(small_text(), 60),
    ) {
        let taxonomy = Taxonomy::from_toml("small.toml", &source);
        let taxonomy = taxonomy.map_err(|e| TestCaseError::fail(format!("{source}\n{e}")))?;
        let classifier = rules(taxonomy);
        let mut reference = Reference::of(&classifier);
        let mut scratch = Scratch::default();
        for text in texts {
            let response = Response::new("x", text);
            let fast = classifier.classify(&response, &mut scratch);
            let differs = difference(&mut reference, &response, &fast);
            prop_assert!(differs.is_none(), "{}\n{}", source, differs.unwrap_or_default());
        }
    }
}
