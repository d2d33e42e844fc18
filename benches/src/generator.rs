//! Makes up answers: the same for the same seed, as long and as varied as real ones.
//!
//! [`Kind::Generated`]: words drawn as often as they are used, by the frequencies of `data/lexicon`, in Bangla, English,
//! romanised Bangla and mixtures, in the shares of `data/training`; 5 to 30 words; commas, full stops, slips, numbers. Terms
//! of the taxonomies are strewn in, some inflected, at such a rate that an answer gets about as many codings as one of
//! `data/training` does (the program `ratios` prints both). [`Kind::Training`]: the training answers themselves, drawn
//! with replacement.

use std::collections::BTreeMap;
use std::io::{self, Write};

use motamot::Taxonomy;
use motamot::taxonomy::pattern::{Element, Link, WordKind, WordPattern};
use motamot::text::stem::stem;
use rustc_hash::FxHashMap;

use crate::romanise::romanise;
use crate::words::{BANGLA, Dice, ENGLISH, Weighted, by_stem, lexicon};

const TRAINING: [&str; 11] = [
    include_str!("../../data/training/a1.tsv"),
    include_str!("../../data/training/a2.tsv"),
    include_str!("../../data/training/a3.tsv"),
    include_str!("../../data/training/a4.tsv"),
    include_str!("../../data/training/a5.tsv"),
    include_str!("../../data/training/a6.tsv"),
    include_str!("../../data/training/a7.tsv"),
    include_str!("../../data/training/a8.tsv"),
    include_str!("../../data/training/a9.tsv"),
    include_str!("../../data/training/a10.tsv"),
    include_str!("../../data/training/a11.tsv"),
];

/// In so many of a hundred answers a term is strewn in, and then another in half as many of those, and so on.
const TERM_PERCENT: usize = 74;

/// What the answers are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words by their frequencies, terms strewn in.
    Generated,
    /// The answers of `data/training`, drawn with replacement.
    Training,
}

/// The language form and text of each answer of `data/training`.
pub fn training() -> impl Iterator<Item = (&'static str, &'static str)> {
    TRAINING
        .iter()
        .flat_map(|file| file.lines())
        .filter_map(|line| {
            let mut columns = line.split('\t').skip(3);
            Some((columns.next()?, columns.next()?))
        })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Bangla,
    English,
    Roman,
    Mixed,
}

/// An endless row of answers.
pub struct Generator {
    kind: Kind,
    dice: Dice,
    training: Vec<(&'static str, &'static str)>,
    bangla: Weighted<&'static str>,
    english: Weighted<&'static str>,
    /// Words of romanised answers, each as often as it stands there.
    roman: Vec<&'static str>,
    by_stem: FxHashMap<String, Vec<&'static str>>,
    sets: BTreeMap<String, Vec<Vec<WordPattern>>>,
    /// Terms by script, the first ones most often.
    terms: BTreeMap<Form, Weighted<Vec<(Element, Link)>>>,
}

impl Generator {
    /// The row that `seed` begins.
    #[must_use]
    pub fn new(kind: Kind, seed: u64) -> Self {
        let training: Vec<_> = training().collect();
        let roman = training
            .iter()
            .filter(|(form, _)| *form == "bn-Latn")
            .flat_map(|(_, text)| text.split_whitespace())
            .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()))
            .filter(|word| !word.is_empty())
            .collect();
        let mut dice = Dice(seed);
        let (nsss, core) = (Taxonomy::nsss(), Taxonomy::core());
        let mut sets = core.sets().clone();
        sets.extend(nsss.sets().clone());
        Self {
            kind,
            bangla: Weighted::new(lexicon(BANGLA)),
            english: Weighted::new(lexicon(ENGLISH)),
            roman,
            by_stem: by_stem(),
            terms: terms([&nsss, &core], &mut dice),
            sets,
            dice,
            training,
        }
    }

    /// The next answer.
    pub fn answer(&mut self) -> String {
        if self.kind == Kind::Training {
            return self.dice.pick(&self.training).1.into();
        }
        // The training answers' shares of the four forms.
        let form = match self.dice.pick(&self.training).0 {
            "bn" => Form::Bangla,
            "en" => Form::English,
            "bn-Latn" => Form::Roman,
            _ => Form::Mixed,
        };
        let mut length = 5;
        while length < 30 && self.dice.roll(8) > 0 {
            length += 1;
        }
        let mut words: Vec<String> = Vec::with_capacity(length);
        let mut term_at = self
            .dice
            .percent(TERM_PERCENT)
            .then(|| self.dice.roll(length));
        while words.len() < length {
            if term_at.is_some_and(|at| at <= words.len()) {
                words.extend(self.term(form));
                let again = self.dice.percent(TERM_PERCENT / 2);
                term_at = again.then(|| words.len() + self.dice.roll(length));
                continue;
            }
            words.push(self.word(form));
        }
        self.join(form, &words)
    }

    fn word(&mut self, form: Form) -> String {
        if self.dice.percent(2) {
            return self.number(form);
        }
        let word: String = match form {
            Form::Bangla => (*self.bangla.draw(&mut self.dice)).into(),
            Form::English => (*self.english.draw(&mut self.dice)).into(),
            // The vocabulary of the training answers is small; a long tail comes from the lexicon, spelt by letters.
            Form::Roman if self.dice.percent(70) => (*self.dice.pick(&self.roman)).into(),
            Form::Roman => romanise(self.bangla.draw(&mut self.dice), &mut self.dice),
            Form::Mixed => {
                let part = match self.dice.roll(10) {
                    0..=5 => Form::Bangla,
                    6..=8 => Form::English,
                    _ => Form::Roman,
                };
                return self.word(part);
            }
        };
        if self.dice.percent(2) {
            slip(&word, &mut self.dice)
        } else {
            word
        }
    }

    fn number(&mut self, form: Form) -> String {
        let n = self
            .dice
            .roll(10usize.pow(1 + self.dice.clone().roll(4) as u32));
        let n = n.to_string();
        if form != Form::Bangla {
            return n;
        }
        n.bytes()
            .filter_map(|b| char::from_u32(u32::from(b - b'0') + u32::from('০')))
            .collect()
    }

    /// The words of a term, its gaps filled with others.
    fn term(&mut self, form: Form) -> Vec<String> {
        let from = match form {
            Form::Mixed if self.dice.percent(50) => Form::English,
            Form::Mixed => Form::Bangla,
            // A Bangla term is met in Latin letters too.
            Form::Roman if self.dice.percent(70) => Form::Bangla,
            other => other,
        };
        let Some(terms) = self.terms.get(&from) else {
            return Vec::new();
        };
        let term = terms.draw(&mut self.dice).clone();
        let mut out = Vec::new();
        for (element, link) in &term {
            let gap = match link {
                Link::After(gap) | Link::Near(gap) => usize::from(*gap).min(4),
            };
            if !out.is_empty() {
                for _ in 0..self.dice.roll(gap + 1) {
                    out.push(self.word(form));
                }
            }
            let phrase = match element {
                Element::Word(word) => vec![word.clone()],
                Element::Any(phrases) => self.dice.pick(phrases).clone(),
                Element::Set(name) => match self.sets.get(name) {
                    Some(phrases) if !phrases.is_empty() => self.dice.pick(phrases).clone(),
                    _ => Vec::new(),
                },
            };
            for word in phrase {
                let word = self.inflect(&word);
                let is_roman = form == Form::Roman;
                out.push(if is_roman {
                    romanise(&word, &mut self.dice)
                } else {
                    word
                });
            }
        }
        out
    }

    /// A word of a term as it is written there, or another form of it.
    fn inflect(&mut self, word: &WordPattern) -> String {
        if word.text == "#" {
            return self.number(Form::Bangla);
        }
        if word.kind == WordKind::Stem && self.dice.percent(40) {
            let lower = word.text.to_lowercase();
            if let Some(forms) = self.by_stem.get(stem(&lower).as_ref()) {
                return (*self.dice.pick(forms)).into();
            }
        }
        match word.kind {
            WordKind::Suffix => format!("কর{}", word.text),
            _ => word.text.clone(),
        }
    }

    fn join(&mut self, form: Form, words: &[String]) -> String {
        let mut out = String::new();
        let stop = if form == Form::Bangla { "।" } else { "." };
        let mut is_first = true;
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            let mut letters = word.chars();
            match letters.next() {
                Some(first) if is_first && form == Form::English => {
                    out.extend(first.to_uppercase());
                    out.push_str(letters.as_str());
                }
                _ => out.push_str(word),
            }
            is_first = false;
            if i + 1 == words.len() {
                if self.dice.percent(60) {
                    out.push_str(stop);
                }
            } else if self.dice.percent(6) {
                out.push(',');
            } else if self.dice.percent(7) {
                out.push_str(stop);
                is_first = true;
            }
        }
        out
    }
}

/// The terms that settle a matter, by script, in a chance order in which the n-th comes in proportion to 1 / (n + 20).
fn terms(
    taxonomies: [&Taxonomy; 2],
    dice: &mut Dice,
) -> BTreeMap<Form, Weighted<Vec<(Element, Link)>>> {
    let mut by_form: BTreeMap<Form, Vec<Vec<(Element, Link)>>> = BTreeMap::new();
    for term in taxonomies
        .iter()
        .flat_map(|t| t.terms())
        .filter(|t| t.weight >= 50)
    {
        let pattern = &term.pattern;
        let words = pattern.elements.iter().find_map(|element| match element {
            Element::Word(word) => Some(word),
            Element::Any(phrases) => phrases.first().and_then(|p| p.first()),
            Element::Set(_) => None,
        });
        let form = match words {
            Some(word) if word.roman => Form::Roman,
            Some(word) if word.text.is_ascii() => Form::English,
            Some(_) => Form::Bangla,
            None => continue,
        };
        let links = std::iter::once(Link::After(0)).chain(pattern.links.iter().copied());
        let slots = pattern.elements.iter().cloned().zip(links).collect();
        by_form.entry(form).or_default().push(slots);
    }
    let mut weigh = |mut terms: Vec<_>| {
        for i in (1..terms.len()).rev() {
            terms.swap(i, dice.roll(i + 1));
        }
        Weighted::new(
            (0u64..)
                .zip(terms)
                .map(|(n, term)| (term, 1_000_000 / (n + 20))),
        )
    };
    by_form
        .into_iter()
        .map(|(form, terms)| (form, weigh(terms)))
        .collect()
}

/// A slip of the keyboard: two letters change places, one is left out or typed twice.
fn slip(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() > 3 {
        let at = 1 + dice.roll(letters.len() - 2);
        match dice.roll(3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
    }
    letters.into_iter().collect()
}

/// About so many bytes of text, an answer a line.
#[must_use]
pub fn lines(kind: Kind, seed: u64, bytes: usize) -> String {
    let mut generator = Generator::new(kind, seed);
    let mut out = String::with_capacity(bytes + 1000);
    while out.len() < bytes {
        out.push_str(&generator.answer());
        out.push('\n');
    }
    out
}

/// People to whom the answers of a file belong.
const RESPONDENTS: usize = 20_000;

/// Writes about so many bytes of JSON Lines, each with `id`, `respondent` and `text`.
///
/// # Errors
/// When writing fails.
pub fn json_lines(kind: Kind, seed: u64, bytes: u64, out: &mut impl Write) -> io::Result<()> {
    let mut generator = Generator::new(kind, seed);
    let (mut written, mut number) = (0, 0);
    while written < bytes {
        number += 1;
        let text = serde_json::to_string(&generator.answer())?;
        let respondent = number % RESPONDENTS;
        let line =
            format!("{{\"id\":\"a{number}\",\"respondent\":\"p{respondent}\",\"text\":{text}}}\n");
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_answers_and_another_makes_others() {
        let text = lines(Kind::Generated, 1, 20_000);
        assert_eq!(text, lines(Kind::Generated, 1, 20_000));
        assert_ne!(text, lines(Kind::Generated, 2, 20_000));
        assert!(lines(Kind::Generated, 1, 30_000).starts_with(&text));
    }

    #[test]
    fn answers_are_of_all_scripts_and_of_real_length() {
        let text = lines(Kind::Generated, 3, 100_000);
        let lengths: Vec<usize> = text.lines().map(|l| l.split_whitespace().count()).collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        assert!((8..=16).contains(&mean), "{mean} words an answer");
        assert!(text.contains('ক') && text.contains(" the ") && text.contains(" na "));
    }
}
