//! One response in, one [`Coded`] out: composes text, matching, polarity and role.

mod carry;
mod coder;
mod evidence;
mod language;
mod polarity;
#[cfg(test)]
#[path = "../../tests/reference/coding.rs"]
mod reference;
mod role;
#[cfg(test)]
mod tests;
mod themes;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Error;
use crate::matching::{Found, Matcher, PatternSource, Sentence, Word};
use crate::model::{Model, Sum, Weights};
use crate::record::{Coded, Coding, Origin, Response, Role};
use crate::span::Span;
use crate::taxonomy::{Taxonomy, cues};
use crate::text::sentence::{Break, break_at};
use crate::text::tokenize::{TokenKind, tokens};
use crate::text::{bijoy, normalize};
use coder::Coder;

/// Codes responses by one taxonomy.
///
/// It is compiled once, never changes and can be shared by threads; each thread keeps a [`Scratch`].
///
/// ```
/// use motamot::{Classifier, Response, Scratch, Taxonomy};
///
/// let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
/// let response = Response::new("r1", "দক্ষ জনবলের অভাব, slow internet");
/// let coded = classifier.classify(&response, &mut Scratch::default());
/// let codes: Vec<&str> = coded.codings.iter().map(|c| classifier.taxonomy().theme(c.theme).code.as_str()).collect();
/// assert!(codes.iter().any(|c| c.starts_with("manpower")));
/// assert!(codes.iter().any(|c| c.starts_with("bandwidth")));
/// # Ok::<(), motamot::Error>(())
/// ```
#[derive(Debug)]
pub struct Classifier {
    taxonomy: Arc<Taxonomy>,
    matcher: Matcher,
    /// To which cue the patterns after the taxonomy's terms belong.
    cues: Vec<u8>,
    /// The statistical coder beside the rules, where there is one.
    coder: Option<Coder>,
}

/// How to build a [`Classifier`].
#[derive(Debug, Default)]
pub struct ClassifierBuilder {
    taxonomy: Option<Taxonomy>,
    model: Option<Model>,
    rules_only: bool,
}

impl ClassifierBuilder {
    /// The taxonomy to code by; [`Taxonomy::core`] where none is given.
    #[must_use]
    pub fn taxonomy(mut self, taxonomy: Taxonomy) -> Self {
        self.taxonomy = Some(taxonomy);
        self
    }

    /// The statistical coder beside the rules; the built-in one of a built-in taxonomy where none is given.
    #[must_use]
    pub fn model(mut self, model: Model) -> Self {
        self.model = Some(model);
        self.rules_only = false;
        self
    }

    /// The rules alone.
    #[must_use]
    pub fn rules_only(mut self) -> Self {
        self.model = None;
        self.rules_only = true;
        self
    }

    /// Compiles it.
    ///
    /// # Errors
    /// When the model was trained for other themes than those of the taxonomy.
    pub fn build(self) -> Result<Classifier, Error> {
        let taxonomy = Arc::new(self.taxonomy.unwrap_or_else(Taxonomy::core));
        let cues = cues();
        let terms = taxonomy.terms().iter().map(|t| PatternSource {
            pattern: &t.pattern,
            not: &t.not,
            unless: &t.unless,
        });
        let extra = cues.cues.iter().flat_map(|cue| {
            cue.patterns.iter().map(|pattern| PatternSource {
                pattern,
                not: &cue.not,
                unless: &cue.unless,
            })
        });
        let patterns: Vec<PatternSource<'_>> = terms.chain(extra).collect();
        let matcher = Matcher::new(
            &patterns,
            taxonomy.sets(),
            &cues.transparent,
            &cues.contrast,
        );
        let model = match self.model {
            Some(model) => {
                model.fits(&taxonomy)?;
                Some(model)
            }
            None if self.rules_only => None,
            None => Model::builtin(&taxonomy),
        };
        Ok(Classifier {
            coder: model.map(|model| Coder::new(model, &taxonomy)),
            taxonomy,
            matcher,
            cues: (0u8..)
                .zip(&cues.cues)
                .flat_map(|(id, cue)| cue.patterns.iter().map(move |_| id))
                .collect(),
        })
    }
}

/// The buffers and the word memory of one thread. Using one for another classifier is harmless: it then starts anew.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Which classifier the remembered words belong to.
    owner: usize,
    ids: FxHashMap<Box<str>, u32>,
    words: Vec<Word>,
    text: Vec<Placed>,
    sentence: Sentence,
    found: Vec<Found>,
    terms: Vec<Match>,
    cues: Vec<Marked>,
    /// Whether the text is romanised Bangla.
    roman: bool,
    /// What each remembered word counts for in the model: as it stands, then read as romanised Bangla.
    weights: Weights,
    sum: Sum,
    scores: Vec<f32>,
    inputs: Vec<f32>,
}

/// Distinct words remembered at most; then the memory is emptied, since the common words come back at once.
const MAX_WORDS: usize = 1 << 17;

/// A word of the text in its place.
#[derive(Clone, Copy, Debug)]
struct Placed {
    word: u32,
    span: Span,
    sentence: u32,
    clause: u16,
    turn: u16,
}

/// A term met in the text.
#[derive(Clone, Copy, Debug)]
struct Match {
    term: u32,
    span: Span,
    sentence: u32,
    turn: u16,
    /// Words of the sentence, first and one past the last.
    words: (u16, u16),
    /// Whether its words stand side by side.
    contiguous: bool,
    score: u8,
}

/// A cue met in the text.
#[derive(Clone, Copy, Debug)]
struct Marked {
    cue: u8,
    sentence: u32,
    /// How many contrasts stand before it in the text.
    turn: u16,
}

impl Classifier {
    /// Starts to build one.
    #[must_use]
    pub fn builder() -> ClassifierBuilder {
        ClassifierBuilder::default()
    }

    /// The taxonomy that it codes by.
    #[must_use]
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// Codes one response. It cannot fail: any text is data.
    ///
    /// A moderator's turn gets no codings. An elliptic text without a theme of its own may take that of its context.
    /// Words in legacy Bijoy encoding are read as the Bangla that they stand for; evidence points to them as they were given.
    pub fn classify(&self, response: &Response, scratch: &mut Scratch) -> Coded {
        if bijoy::may_hold(&response.text) {
            let mended = bijoy::mend(&response.text);
            if !mended.map.is_identity() {
                let mut coded = self.classify_text(&mended.text, response, scratch);
                for coding in &mut coded.codings {
                    let evidence = coding.evidence.iter_mut().map(|e| &mut e.span);
                    for span in evidence.chain(&mut coding.weighed) {
                        *span = mended.to_source(*span);
                    }
                }
                return coded;
            }
        }
        self.classify_text(&response.text, response, scratch)
    }

    fn classify_text(&self, text: &str, response: &Response, scratch: &mut Scratch) -> Coded {
        self.adopt(scratch);
        let language = self.scan(text, scratch);
        themes::drop_swallowed(&self.taxonomy, &mut scratch.terms);
        let coder = self.coder.as_ref();
        if let Some(coder) = coder {
            coder.prepare(&self.taxonomy, scratch);
        }
        // Both before a context is scanned, since that takes the place of what was found in the text.
        let mut codings = match coder {
            _ if response.moderator => Vec::new(),
            Some(coder) => coder.decide(&self.taxonomy, scratch),
            None => themes::decide(&self.taxonomy, scratch, themes::THRESHOLD),
        };
        let role = response.role.unwrap_or_else(|| {
            let rules = role::infer(&scratch.cues, text);
            let told = coder
                .filter(|_| rules != Role::Other)
                .and_then(|c| c.role(scratch));
            role::of_polarity(&codings).or(told).unwrap_or(rules)
        });
        if codings.is_empty()
            && !response.moderator
            && let Some(context) = &response.context
            && is_elliptic(scratch)
        {
            codings = self.context_codings(context, scratch);
        }
        Coded {
            language,
            role,
            role_given: response.role.is_some(),
            codings,
        }
    }

    /// The themes that the context names, for a text that names none.
    fn context_codings(&self, context: &str, scratch: &mut Scratch) -> Vec<Coding> {
        self.scan(context, scratch);
        themes::drop_swallowed(&self.taxonomy, &mut scratch.terms);
        let mut codings = themes::decide(&self.taxonomy, scratch, themes::LABEL_THRESHOLD);
        for coding in &mut codings {
            // Its evidence stands in the context, not in the text that the spans are for.
            coding.evidence.clear();
            coding.origin = Origin::Context;
            coding.score *= 0.8;
        }
        codings
    }

    fn adopt(&self, scratch: &mut Scratch) {
        let owner = std::ptr::from_ref(&self.matcher).addr();
        if scratch.owner != owner || scratch.words.len() > MAX_WORDS {
            scratch.owner = owner;
            scratch.ids.clear();
            scratch.words.clear();
            scratch.weights.clear();
        }
    }

    /// Finds all terms and cues in `text`, and tells its language.
    fn scan(&self, text: &str, scratch: &mut Scratch) -> crate::record::Language {
        scratch.text.clear();
        scratch.terms.clear();
        scratch.cues.clear();
        let mut census = language::Census::default();
        let (mut sentence, mut clause, mut turn) = (0, 0, 0u16);
        let mut n_words = 0;
        for token in tokens(text) {
            match break_at(text, token) {
                Break::Sentence => {
                    sentence += 1;
                    clause = 0;
                    n_words = 0;
                    continue;
                }
                Break::Clause => {
                    clause += 1;
                    continue;
                }
                Break::None => {}
            }
            if !token.kind.is_word() && token.kind != TokenKind::Number {
                continue;
            }
            let word = self.word(token.span.of(text), token.kind, scratch);
            let known = &scratch.words[word as usize];
            census.count(known.class);
            if known.contrast {
                clause += 1;
                turn = turn.wrapping_add(1);
            }
            if known.transparent {
                continue;
            }
            n_words += 1;
            if n_words > crate::matching::MAX_WORDS {
                sentence += 1;
                clause = 0;
                n_words = 1;
            }
            scratch.text.push(Placed {
                word,
                span: token.span,
                sentence,
                clause,
                turn,
            });
        }
        let roman = census.is_roman();
        scratch.roman = roman;
        let mut from = 0;
        while from < scratch.text.len() {
            let sentence = scratch.text[from].sentence;
            let n = scratch.text[from..]
                .iter()
                .take_while(|p| p.sentence == sentence)
                .count();
            self.match_sentence(from..from + n, roman, scratch);
            from += n;
        }
        census.language()
    }

    fn word(&self, token: &str, kind: TokenKind, scratch: &mut Scratch) -> u32 {
        if let Some(&id) = scratch.ids.get(token) {
            return id;
        }
        let id = scratch.words.len() as u32;
        let word = self.matcher.analyse(token, kind);
        if let Some(coder) = &self.coder {
            let mut form = String::new();
            normalize::word(token, &mut form);
            for reading in coder::readings(&form, kind, &word) {
                coder.model.weigh(reading, kind, &mut scratch.weights);
            }
        }
        scratch.words.push(word);
        scratch.ids.insert(token.into(), id);
        id
    }

    fn match_sentence(&self, range: std::ops::Range<usize>, roman: bool, scratch: &mut Scratch) {
        let Scratch {
            words,
            text,
            sentence,
            found,
            terms,
            cues,
            ..
        } = scratch;
        sentence.clear();
        found.clear();
        for placed in &text[range.clone()] {
            sentence.push(
                &words[placed.word as usize],
                placed.span,
                placed.clause,
                placed.turn,
                roman,
            );
        }
        self.matcher.find(sentence, found);
        let id = text[range.start].sentence;
        let n_terms = self.taxonomy.terms().len() as u32;
        for f in found.iter() {
            let turn = sentence.turn_of(f);
            let words = (f.start, f.end);
            if f.rule >= n_terms {
                let cue = self.cues[(f.rule - n_terms) as usize];
                cues.push(Marked {
                    cue,
                    sentence: id,
                    turn,
                });
            } else {
                let contiguous = u16::from(f.filled) >= f.end - f.start;
                let span = sentence.span(f);
                terms.push(Match {
                    term: f.rule,
                    span,
                    sentence: id,
                    turn,
                    words,
                    contiguous,
                    score: f.score,
                });
            }
        }
    }
}

/// Whether a text is so short and judges something so plainly that its context may say what.
fn is_elliptic(scratch: &Scratch) -> bool {
    let n_words = scratch.text.len();
    (2..=8).contains(&n_words)
        && scratch
            .cues
            .iter()
            .any(|c| cues().cues[usize::from(c.cue)].elliptic)
}
