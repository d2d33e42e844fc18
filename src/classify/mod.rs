//! One response in, one [`Coded`] out: composes text, matching, polarity and role.

mod carry;
mod clauses;
mod coder;
mod evidence;
#[cfg(all(test, feature = "learn"))]
mod fit;
mod language;
mod memory;
mod parts;
mod polarity;
#[cfg(test)]
#[path = "../../tests/reference/coding.rs"]
mod reference;
mod role;
#[cfg(test)]
mod tests;
mod themes;
mod weighed;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use crate::error::Error;
use crate::matching::{Finder, Found, InSentence, MarkSet as CueSet, Marks, Matcher, ViewId};
use crate::model::phrases::Key;
use crate::model::{Activity, Model, Pool};
use crate::record::{Coded, Coding, Language, Origin, Response, Role};
use crate::span::Span;
use crate::taxonomy::Taxonomy;
use crate::text::bijoy;
use crate::text::non_answer::non_answer;
use crate::text::sentence::{Break, break_at};
use crate::text::tokenize::{Token, TokenKind, tokens};
use clauses::Clauses;
use coder::Coder;
use memory::{Memory, Shared};
use themes::Outline;

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
    /// Unlike an address it is never given twice, so that a [`Scratch`] knows what it remembers of which classifier.
    number: u64,
    taxonomy: Arc<Taxonomy>,
    outline: Outline,
    matcher: Matcher,
    shared: Shared,
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

    /// The statistical coder beside the rules. Where none is given, the built-in one codes the themes of a built-in taxonomy, also
    /// where another extends that; what the other adds is coded by rules.
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
        let (model, is_builtin) = match self.model {
            Some(model) => {
                model.fits(&taxonomy)?;
                (Some(model), false)
            }
            None if self.rules_only => (None, false),
            None => (Model::builtin(&taxonomy), true),
        };
        // A theme is told best beside its neighbours: the built-in model also asks what speaks for themes that are not given, and
        // `nsss` begins with all of `core`.
        let wide = (model.is_some() && is_builtin && taxonomy.is_builtin()).then(Taxonomy::nsss);
        let read = wide.as_ref().unwrap_or(&taxonomy);
        let base = read.extends();
        let outline = Outline::new(read, base.as_ref());
        let matcher = Matcher::of(read);
        let base = base.filter(|_| is_builtin);
        let coder = model.map(|model| Coder::new(model, read, base.as_ref()));
        static BUILT: AtomicU64 = AtomicU64::new(0);
        Ok(Classifier {
            number: BUILT.fetch_add(1, Ordering::Relaxed) + 1,
            shared: Shared::default(),
            outline,
            coder,
            taxonomy,
            matcher,
        })
    }
}

/// The buffers and the word memory of one thread. Using one for another classifier is harmless: it then starts anew.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The number of the classifier that the remembered words belong to.
    owner: u64,
    memory: Memory,
    /// The words of the text, in the memory and in their places.
    ids: Vec<Met>,
    text: Vec<InSentence>,
    /// The sentences that hold words.
    sentences: Vec<Sentence>,
    finder: Finder,
    found: Vec<Found>,
    marks: Vec<Marks>,
    terms: Vec<Match>,
    cues: Vec<Marked>,
    /// Whether the text is romanised Bangla.
    roman: bool,
    pool: Pool,
    /// The keys of its words in their order.
    order: Vec<Key>,
    /// The rules' score of each theme: with its subthemes, and alone.
    scores: Vec<f32>,
    own: Vec<f32>,
    /// A bit for each term that the scores hold already.
    met: Vec<u64>,
    context: coder::Context,
    question: role::Question,
    inputs: Vec<f32>,
    activity: Activity,
}

/// What coding asks of a word of the text after it was read.
#[derive(Clone, Copy, Debug)]
struct Met {
    /// Its number in the memory.
    word: u32,
    roman_view: ViewId,
}

/// A sentence that holds words.
#[derive(Clone, Copy, Debug)]
struct Sentence {
    number: u32,
    /// One past its last word.
    end: u32,
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

/// The cues met in a stretch of the text.
#[derive(Clone, Copy, Debug)]
struct Marked {
    cues: CueSet,
    sentence: u32,
    /// How many contrasts stand before it in the text, told by a conjunction or by a comma after a verb (…আছে, …নাই).
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

    /// Codes one response. Any text is data.
    ///
    /// A moderator's turn gets no codings, nor does a text that [says nothing](non_answer). An elliptic text without a theme of its own may take that of its context.
    /// Words in legacy Bijoy encoding are read as the Bangla that they stand for; evidence points to them as they were given.
    ///
    /// # Panics
    /// When the text has 4 GiB or more, over which no [`Span`](crate::Span) reaches.
    pub fn classify(&self, response: &Response, scratch: &mut Scratch) -> Coded {
        assert!(
            u32::try_from(response.text.len()).is_ok(),
            "a response of 4 GiB or more"
        );
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
        let coder = self.coder.as_ref();
        let context = response.context.as_deref().filter(|_| coder.is_some());
        if let Some(context) = context {
            self.read_context(context, scratch);
        }
        let language = self.scan(text, scratch);
        themes::drop_swallowed(&self.outline, &mut scratch.terms);
        if let Some(coder) = coder {
            coder.prepare(&self.outline, context.is_some(), scratch);
        }
        // Both before a context is scanned, since that takes the place of what was found in the text.
        let mut codings = match coder {
            _ if response.moderator => Vec::new(),
            Some(coder) => coder.decide(&self.outline, context.is_some(), scratch),
            None => themes::decide(&self.outline, scratch, themes::THRESHOLD),
        };
        // Nor does a label add anything to a text that says nothing: 'N/A' under 'Internet problems'.
        if !codings.is_empty() && non_answer(text).is_some() {
            codings.clear();
        }
        let role = response.role.unwrap_or_else(|| {
            let asked = response.context.as_deref();
            let asked = asked.and_then(|question| scratch.question.asks(question));
            let rules = role::infer(&scratch.cues, text, asked);
            let told = coder
                .filter(|_| rules != Role::Other)
                .and_then(|c| c.role(asked, scratch));
            role::of_polarity(&codings).or(told).unwrap_or(rules)
        });
        if let Some(coder) = coder {
            self.part(coder, text, context.is_some(), &mut codings, scratch);
        }
        if codings.is_empty()
            && !response.moderator
            && let Some(context) = &response.context
            && is_elliptic(scratch)
            && non_answer(text).is_none()
        {
            codings = self.context_codings(context, scratch);
            if let Some(coder) = coder {
                codings.retain(|c| coder.allows(&self.outline, c.theme, scratch));
            }
        }
        codings.retain(|c| usize::from(c.theme.0) < self.taxonomy.themes().len());
        Coded {
            language,
            role,
            role_given: response.role.is_some(),
            codings,
        }
    }

    /// The themes that the context names, for a text that names none.
    fn context_codings(&self, context: &str, scratch: &mut Scratch) -> Vec<Coding> {
        self.scan_as_given(context, scratch);
        themes::drop_swallowed(&self.outline, &mut scratch.terms);
        let mut codings = themes::decide(&self.outline, scratch, themes::LABEL_THRESHOLD);
        for coding in &mut codings {
            // Its evidence stands in the context, not in the text that the spans are for.
            coding.evidence.clear();
            coding.origin = Origin::Context;
            coding.score *= 0.8;
        }
        codings
    }

    fn adopt(&self, scratch: &mut Scratch) {
        if scratch.owner != self.number || scratch.memory.is_full() {
            scratch.owner = self.number;
            scratch.memory = Memory::new(&self.shared);
            scratch.context = coder::Context::default();
        }
    }

    /// Finds all terms and cues in `text`, and tells its language.
    fn scan(&self, text: &str, scratch: &mut Scratch) -> Language {
        let language = self.read(text, scratch);
        self.find(scratch);
        language
    }

    /// The same for a text whose words in legacy Bijoy encoding still stand as they were given.
    fn scan_as_given(&self, text: &str, scratch: &mut Scratch) -> Language {
        match bijoy::may_hold(text) {
            true => self.scan(&bijoy::mend(text).text, scratch),
            false => self.scan(text, scratch),
        }
    }

    /// Cuts `text` into sentences of known words, and tells its language.
    fn read(&self, text: &str, scratch: &mut Scratch) -> Language {
        let Scratch {
            memory,
            ids,
            text: words,
            sentences,
            ..
        } = scratch;
        ids.clear();
        words.clear();
        sentences.clear();
        let mut census = language::Census::default();
        let mut clauses = Clauses::default();
        let mut number = 0;
        // The first word of the sentence that is being read; one without words is only counted.
        let mut first = 0;
        let mut close = |number: u32, first: &mut usize, end: usize| {
            if *first < end {
                sentences.push(Sentence {
                    number,
                    end: end as u32,
                });
                *first = end;
            }
        };
        let bytes = text.as_bytes();
        // Where a full stop surely ends a sentence: right after most words.
        let mut stop = usize::MAX;
        let mut tokens = tokens(text);
        loop {
            // Most of a text is known words with single spaces between.
            let start = tokens
                .start()
                .map(|at| at + usize::from(bytes.get(at) == Some(&b' ')));
            let met = start.and_then(|start| Some((start, memory.recognise(text, start)?)));
            let (span, known) = if let Some((start, (end, known))) = met {
                tokens.pass(end);
                (Span::new(start, end), *known)
            } else {
                let Some(token) = tokens.next() else { break };
                let Token { span, kind } = token;
                if kind.is_word() || kind == TokenKind::Number {
                    let coder = self.coder.as_ref();
                    (span, memory.word(span.of(text), kind, &self.matcher, coder))
                } else {
                    let is_plain_stop = span.start as usize == stop && bytes[stop] == b'.';
                    let ended = if is_plain_stop {
                        Break::Sentence
                    } else {
                        break_at(text, token)
                    };
                    match ended {
                        Break::Sentence => {
                            close(number, &mut first, words.len());
                            number += 1;
                            clauses.end_sentence();
                        }
                        Break::Clause => clauses.end_clause(span.of(text)),
                        Break::None => {}
                    }
                    continue;
                }
            };
            let start = span.start as usize;
            if known.ends_at_stop() && (start == 0 || bytes[start - 1] == b' ') {
                stop = span.end as usize;
            }
            census.count(known.class);
            if known.is_transparent() {
                clauses.pass();
                continue;
            }
            if words.len() - first == crate::matching::MAX_WORDS {
                close(number, &mut first, words.len());
                number += 1;
                clauses.end_sentence();
            }
            if known.is_connective() {
                clauses.before(known.connective(), words.len() == first);
            }
            ids.push(Met {
                word: known.word,
                roman_view: known.roman_view,
            });
            words.push(InSentence {
                view: known.view,
                span,
                clause: clauses.clause,
                turn: clauses.turn,
            });
            if known.is_connective() {
                clauses.after(known.connective());
            } else {
                clauses.pass();
            }
        }
        close(number, &mut first, words.len());
        scratch.roman = census.is_roman();
        if scratch.roman {
            for (word, met) in words.iter_mut().zip(ids.iter()) {
                word.view = met.roman_view;
            }
        }
        census.language()
    }

    /// Finds the terms and cues of all sentences.
    fn find(&self, scratch: &mut Scratch) {
        let Scratch {
            memory,
            text,
            sentences,
            finder,
            found,
            marks,
            terms,
            cues,
            ..
        } = scratch;
        terms.clear();
        cues.clear();
        let mut from = 0;
        for sentence in sentences.iter() {
            let words = &text[from..sentence.end as usize];
            from = sentence.end as usize;
            found.clear();
            marks.clear();
            self.matcher
                .find(words, memory.seen(), finder, found, marks);
            let told = marks.iter().filter(|m| m.set != CueSet::default());
            cues.extend(told.map(|m| Marked {
                cues: m.set,
                sentence: sentence.number,
                turn: m.turn,
            }));
            terms.extend(found.iter().map(|f| Match {
                term: f.rule,
                span: crate::matching::span(words, f),
                sentence: sentence.number,
                turn: words[usize::from(f.start)].turn,
                words: (f.start, f.end),
                contiguous: u16::from(f.filled) >= f.end - f.start,
                score: f.score,
            }));
        }
    }
}

static ELLIPTIC: LazyLock<CueSet> = LazyLock::new(|| evidence::all(|cue| cue.elliptic));
static EMPTY: LazyLock<CueSet> = LazyLock::new(|| evidence::all(|cue| cue.empty));

/// Whether a text is so short and judges something so plainly that its context may say what, if it says anything.
fn is_elliptic(scratch: &Scratch) -> bool {
    let n_words = scratch.text.len();
    (2..=8).contains(&n_words)
        && evidence::any(&scratch.cues, &ELLIPTIC)
        && !evidence::any(&scratch.cues, &EMPTY)
}
