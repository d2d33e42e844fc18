//! Codes a response by rules as plainly as it can be told, from the text to its codings, without tables or memory.
//!
//! It is compiled into the crate's own tests (`classify::reference`). From the crate it takes tokens, the ends of sentences
//! and clauses, what one word means, which texts say nothing, what a question asks for, and the taxonomy with its cues; it shares no step of what follows with the classifier.
//! How patterns are met stands in `sentence.rs`, how the two are set side by side in `cases.rs`.

mod cases;

use std::collections::HashMap;
use std::sync::Arc;

use super::Classifier;
use super::role::asked;
use crate::matching::reference::{Patterns, Placed};
use crate::matching::{Class, Connective, MAX_WORDS, Word};
use crate::record::{
    Coded, Coding, Evidence, Language, Origin, Polarity, Response, Role, TermId, ThemeId,
};
use crate::span::Span;
use crate::taxonomy::{CueBrief, Taxonomy, Weights, cues};
use crate::text::bijoy;
use crate::text::non_answer::non_answer;
use crate::text::sentence::{Break, break_at};
use crate::text::tokenize::{TokenKind, tokens};

/// From this score on a theme is given.
const GIVEN: f32 = 0.5;
/// The same for what a context names.
const GIVEN_BY_CONTEXT: f32 = 0.25;

/// A term met in the text.
#[derive(Clone)]
struct Term {
    id: u32,
    span: Span,
    sentence: usize,
    turn: usize,
    start: usize,
    end: usize,
    side_by_side: bool,
    score: u8,
}

/// A cue met in the text.
struct CueMet {
    cue: usize,
    sentence: usize,
    turn: usize,
}

/// All that is read out of a text.
struct Reading {
    terms: Vec<Term>,
    cues: Vec<CueMet>,
    language: Language,
    /// How many words each sentence has.
    n_words: Vec<usize>,
}

/// The rules of a classifier, to be followed to the letter.
struct Reference<'a> {
    classifier: &'a Classifier,
    patterns: Patterns<'a>,
    /// What words mean, which depends on nothing but the word: without it the tests take minutes.
    words: HashMap<(String, TokenKind), Arc<Word>>,
}

impl<'a> Reference<'a> {
    fn of(classifier: &'a Classifier) -> Self {
        Self {
            classifier,
            patterns: Patterns::of(&classifier.matcher),
            words: HashMap::new(),
        }
    }

    fn analyse(&mut self, token: &str, kind: TokenKind) -> Arc<Word> {
        let word = self.words.entry((token.into(), kind));
        word.or_insert_with(|| Arc::new(self.classifier.matcher.analyse_anew(token, kind)))
            .clone()
    }
}

/// Codes one response.
fn code(reference: &mut Reference<'_>, response: &Response) -> Coded {
    let mended = bijoy::may_hold(&response.text).then(|| bijoy::mend(&response.text));
    let text = mended.as_ref().map_or(&*response.text, |m| &*m.text);
    let taxonomy = reference.classifier.taxonomy();
    let reading = read(reference, text);
    let says_nothing = response.moderator || non_answer(text).is_some();
    let mut codings = if says_nothing {
        Vec::new()
    } else {
        decide(taxonomy, &reading, GIVEN)
    };
    let role = response
        .role
        .unwrap_or_else(|| infer_role(&codings, &reading, text, response.context.as_deref()));
    let mut briefs = reading.cues.iter().map(|c| cues().cues[c.cue].brief);
    let judges_only = (2..=8).contains(&reading.n_words.iter().sum::<usize>())
        && briefs.clone().any(|cue| cue.elliptic)
        && !briefs.any(|cue| cue.empty);
    if let Some(context) = &response.context
        && codings.is_empty()
        && !says_nothing
        && judges_only
    {
        codings = decide(taxonomy, &read(reference, context), GIVEN_BY_CONTEXT);
        for coding in &mut codings {
            coding.evidence.clear();
            coding.origin = Origin::Context;
            coding.score *= 0.8;
        }
    }
    if let Some(mended) = mended.filter(|m| !m.map.is_identity()) {
        for evidence in codings.iter_mut().flat_map(|c| &mut c.evidence) {
            evidence.span = mended.to_source(evidence.span);
        }
    }
    Coded {
        language: reading.language,
        role,
        role_given: response.role.is_some(),
        codings,
    }
}

/// Finds the terms and cues of `text`.
fn read(reference: &mut Reference<'_>, text: &str) -> Reading {
    let mut sentences: Vec<(usize, Vec<Placed>, Vec<Span>)> = vec![(0, Vec::new(), Vec::new())];
    let (mut sentence, mut clause, mut turn) = (0, 0, 0);
    let mut classes = Vec::new();
    // What has been met since the sentence began, word by word and mark by mark.
    let mut course: Vec<Step> = Vec::new();
    for token in tokens(text) {
        match break_at(text, token) {
            Break::Sentence => {
                sentence += 1;
                clause = 0;
                course.clear();
                sentences.push((sentence, Vec::new(), Vec::new()));
                continue;
            }
            Break::Clause => {
                clause += 1;
                let mark = token.span.of(text);
                turn += usize::from(!ends_apart(&course) && parts(&course, mark));
                course.push(Step::Mark(mark.to_owned()));
                continue;
            }
            Break::None => {}
        }
        if !token.kind.is_word() && token.kind != TokenKind::Number {
            continue;
        }
        let word = reference.analyse(token.span.of(text), token.kind);
        classes.push(word.traits.class);
        if word.traits.transparent {
            course.push(Step::Transparent);
            continue;
        }
        if sentences.last().is_some_and(|s| s.1.len() == MAX_WORDS) {
            sentence += 1;
            clause = 0;
            course.clear();
            sentences.push((sentence, Vec::new(), Vec::new()));
        }
        let connective = word.traits.connective;
        let is_contrast = matches!(connective, Connective::Contrast | Connective::Leading);
        clause += usize::from(is_contrast);
        let denies = connective == Connective::Denying
            && matches!(course.last(), Some(Step::Mark(_)))
            && course.contains(&Step::Word(Connective::Having));
        turn += usize::from((is_contrast || denies) && !ends_apart(&course));
        let is_granting = connective == Connective::Granting;
        if let Some((_, words, spans)) = sentences.last_mut() {
            words.push(Placed { word, clause, turn });
            spans.push(token.span);
        }
        course.push(Step::Word(connective));
        clause += usize::from(is_granting);
        turn += usize::from(is_granting);
    }
    let (language, roman) = language(&classes);
    let mut reading = Reading {
        terms: Vec::new(),
        cues: Vec::new(),
        language,
        n_words: sentences.iter().map(|s| s.1.len()).collect(),
    };
    for (sentence, words, spans) in &sentences {
        find(reference, *sentence, words, spans, roman, &mut reading);
    }
    drop_swallowed(reference.classifier.taxonomy(), &mut reading.terms);
    reading
}

/// What a sentence consists of.
#[derive(PartialEq)]
enum Step {
    Word(Connective),
    /// An article or a detached suffix.
    Transparent,
    /// The end of a clause.
    Mark(String),
}

/// Whether a mark is a turn, after all this.
fn parts(course: &[Step], mark: &str) -> bool {
    let word = |step: &Step| matches!(step, Step::Word(_));
    // 'Although' came as the first word, and since then no mark.
    let is_led = course.iter().position(word).is_some_and(|first| {
        let is_mark = |step: &Step| matches!(step, Step::Mark(_));
        course[first] == Step::Word(Connective::Leading) && !course[first..].iter().any(is_mark)
    });
    mark == ";" || is_led || course.last() == Some(&Step::Word(Connective::Closing))
}

/// Whether a turn came after the last word.
fn ends_apart(course: &[Step]) -> bool {
    let is_mark = |step: &Step| matches!(step, Step::Mark(_));
    let marks = course.iter().rev().take_while(|step| is_mark(step)).count();
    let from = course.len() - marks;
    let is_turn = |at: usize| match &course[at] {
        Step::Mark(mark) => parts(&course[..at], mark),
        _ => false,
    };
    let granted = Step::Word(Connective::Granting);
    course[..from].last() == Some(&granted) || (from..course.len()).any(is_turn)
}

/// Finds the terms and cues of one sentence. The patterns of the cues follow those of the terms, cue by cue.
fn find(
    reference: &Reference<'_>,
    sentence: usize,
    words: &[Placed],
    spans: &[Span],
    roman: bool,
    out: &mut Reading,
) {
    let n_terms = reference.classifier.taxonomy().terms().len();
    for met in reference.patterns.find(words, roman) {
        let turn = words[met.start].turn;
        if (met.rule as usize) < n_terms {
            out.terms.push(Term {
                id: met.rule,
                span: spans[met.start].join(spans[met.end - 1]),
                sentence,
                turn,
                start: met.start,
                end: met.end,
                side_by_side: met.filled >= met.end - met.start,
                score: met.score,
            });
        } else {
            let mut rule = met.rule as usize - n_terms;
            let mut cue = 0;
            while rule >= cues().cues[cue].patterns.len() {
                rule -= cues().cues[cue].patterns.len();
                cue += 1;
            }
            out.cues.push(CueMet {
                cue,
                sentence,
                turn,
            });
        }
    }
}

/// The language of a text with words of these classes, and whether its Latin words are Bangla.
fn language(classes: &[Class]) -> (Language, bool) {
    let count = |class| classes.iter().filter(|c| **c == class).count();
    let (bangla, either) = (count(Class::Bangla), count(Class::Either));
    let (mut english, mut roman) = (count(Class::English), count(Class::Roman));
    let is_roman = roman > 0 && 2 * (roman + either) >= english;
    if is_roman {
        roman += either;
    } else {
        english += either;
    }
    let all = bangla + english + roman;
    let most = bangla.max(english).max(roman);
    let language = if all == 0 {
        Language::Undetermined
    } else if 6 * (all - most) > all {
        Language::Mixed
    } else if roman == most {
        Language::RomanBangla
    } else if english == most {
        Language::English
    } else {
        Language::Bangla
    };
    (language, is_roman)
}

fn top_of(taxonomy: &Taxonomy, term: &Term) -> ThemeId {
    taxonomy.top(taxonomy.terms()[term.id as usize].theme)
}

/// A phrase without gaps swallows the shorter terms of other top-level themes that lie in it.
fn drop_swallowed(taxonomy: &Taxonomy, terms: &mut Vec<Term>) {
    let all = terms.clone();
    terms.retain(|term| {
        let swallows = |phrase: &Term| {
            phrase.side_by_side
                && phrase.sentence == term.sentence
                && phrase.start <= term.start
                && term.end <= phrase.end
                && term.end - term.start < phrase.end - phrase.start
                && top_of(taxonomy, phrase) != top_of(taxonomy, term)
        };
        !all.iter().any(swallows)
    });
}

/// Whether `theme` is `above`, or lies below it.
fn is_within(taxonomy: &Taxonomy, theme: ThemeId, above: ThemeId) -> bool {
    theme == above
        || taxonomy
            .theme(theme)
            .parent
            .is_some_and(|parent| is_within(taxonomy, parent, above))
}

/// 1 − Π(1 − w) over the distinct terms that `counts` picks, each as sure as where it is met first.
fn score(taxonomy: &Taxonomy, terms: &[Term], counts: impl Fn(ThemeId) -> bool) -> f32 {
    let mut seen = Vec::new();
    let mut doubt = 1.0f32;
    for met in terms {
        let term = &taxonomy.terms()[met.id as usize];
        if counts(term.theme) && !seen.contains(&met.id) {
            seen.push(met.id);
            doubt *= 1.0 - f32::from(term.weight) / 100.0 * f32::from(met.score) / 100.0;
        }
    }
    1.0 - doubt
}

/// The codings, by theme.
fn decide(taxonomy: &Taxonomy, reading: &Reading, bar: f32) -> Vec<Coding> {
    let terms = &reading.terms;
    let tops: Vec<(f32, ThemeId)> = taxonomy
        .tops()
        .map(|top| (score(taxonomy, terms, |t| taxonomy.top(t) == top), top))
        .filter(|(score, top)| *score >= bar && terms.iter().any(|t| top_of(taxonomy, t) == *top))
        .collect();
    let mut codings = Vec::new();
    for (whole, top) in tops {
        // Themes that are told by terms of their own, and none that is would be told more closely below them.
        let told: Vec<(f32, ThemeId)> = (0..taxonomy.themes().len())
            .map(|i| ThemeId(i as u16))
            .filter(|theme| taxonomy.top(*theme) == top)
            .map(|theme| (score(taxonomy, terms, |t| t == theme), theme))
            .filter(|(score, _)| *score >= GIVEN)
            .collect();
        let closest = told.iter().filter(|(_, theme)| {
            !told
                .iter()
                .any(|(_, other)| other != theme && is_within(taxonomy, *other, *theme))
        });
        let mut given: Vec<(f32, ThemeId)> = closest.copied().collect();
        if given.is_empty() {
            given.push((whole, top));
        }
        codings.extend(
            given
                .into_iter()
                .map(|(score, theme)| coding(taxonomy, reading, theme, score)),
        );
    }
    set_against(taxonomy, reading, &mut codings);
    codings.sort_by_key(|c| c.theme);
    codings
}

/// Where two parts of a sentence stand on both sides of a turn, or two sentences beside each other, and the one says that something
/// is there, the other that something is wanting, themes met only in the first are denied and those met only in the second are
/// not. Of two sentences that which says that something is there must have four words at most.
fn set_against(taxonomy: &Taxonomy, reading: &Reading, codings: &mut [Coding]) {
    let mut places: Vec<(usize, usize)> =
        reading.cues.iter().map(|c| (c.sentence, c.turn)).collect();
    places.sort_unstable();
    places.dedup();
    let at = |place: (usize, usize)| {
        let cues = reading.cues.iter();
        cues.filter(move |c| (c.sentence, c.turn) == place)
    };
    let says = |place: (usize, usize), what: fn(&CueBrief) -> bool| {
        at(place).any(|c| what(&cues().cues[c.cue].brief))
    };
    for pair in places.windows(2) {
        let [first, second] = [pair[0], pair[1]];
        let is_set = |there, wanting| says(there, |b| b.there) && says(wanting, |b| b.wanting);
        let (there, wanting) = match () {
            () if is_set(first, second) => (first, second),
            () if is_set(second, first) => (second, first),
            () => continue,
        };
        let is_turn = first.0 == second.0 && first.1 + 1 == second.1;
        let is_bare = || reading.n_words[there.0] <= 4;
        let is_next = first.0 + 1 == second.0 && is_bare();
        if !(is_turn || is_next) || sum(at(wanting)).absent > 0 {
            continue;
        }
        let stands = |coding: &Coding, at: (usize, usize)| {
            coding.polarity != Polarity::Resolved
                && coding.evidence.iter().all(|e| {
                    let mut terms = reading.terms.iter();
                    let term = terms.find(|t| t.id == e.term.0 && t.span == e.span);
                    term.is_some_and(|t| (t.sentence, t.turn) == at)
                })
        };
        let tops = |at| -> Vec<ThemeId> {
            let there = codings.iter().filter(|c| stands(c, at));
            there.map(|c| taxonomy.top(c.theme)).collect()
        };
        let (had, wanted) = (tops(there), tops(wanting));
        if wanted.is_empty() || had.iter().all(|top| wanted.contains(top)) {
            continue;
        }
        for coding in codings.iter_mut() {
            if stands(coding, wanting) {
                coding.polarity = Polarity::Present;
            } else if stands(coding, there) && !wanted.contains(&taxonomy.top(coding.theme)) {
                coding.polarity = Polarity::Absent;
            }
        }
    }
}

fn coding(taxonomy: &Taxonomy, reading: &Reading, theme: ThemeId, score: f32) -> Coding {
    let is_mine = |t: &&Term| is_within(taxonomy, taxonomy.terms()[t.id as usize].theme, theme);
    let mine: Vec<&Term> = reading.terms.iter().filter(is_mine).collect();
    let mut all: Vec<Evidence> = mine
        .iter()
        .map(|t| Evidence {
            span: t.span,
            term: TermId(t.id),
        })
        .collect();
    all.sort_by_key(|e| (e.span.start, std::cmp::Reverse(e.span.end), e.term));
    let mut evidence: Vec<Evidence> = Vec::new();
    for e in all {
        if evidence.iter().all(|kept| e.span.end > kept.span.end) {
            evidence.push(e);
        }
    }
    let polarities = mine.iter().map(|t| polarity(t, &reading.cues));
    Coding {
        theme,
        polarity: polarities.min().unwrap_or(Polarity::Present),
        score,
        origin: Origin::Rules,
        evidence,
        weighed: Vec::new(),
    }
}

/// The prior and each of the cues once.
fn sum<'a>(met: impl Iterator<Item = &'a CueMet>) -> Weights {
    let mut distinct: Vec<usize> = met.map(|c| c.cue).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.iter().fold(cues().prior, |sum, cue| {
        let weights = cues().cues[*cue].brief.weights;
        Weights {
            absent: sum.absent + weights.absent,
            resolved: sum.resolved + weights.resolved,
            challenge: sum.challenge + weights.challenge,
            initiative: sum.initiative + weights.initiative,
            suggestion: sum.suggestion + weights.suggestion,
        }
    })
}

/// Cues of the term's sentence and of those beside it tell; those of absence only on the same side of a contrast.
fn polarity(term: &Term, met: &[CueMet]) -> Polarity {
    let near = |c: &&CueMet| c.sentence.abs_diff(term.sentence) <= 1;
    let resolved = sum(met.iter().filter(near)).resolved;
    let absent = sum(met.iter().filter(near).filter(|c| c.turn == term.turn)).absent;
    if resolved > absent.max(0) {
        Polarity::Resolved
    } else if absent > 0 {
        Polarity::Absent
    } else {
        Polarity::Present
    }
}

/// By the polarity of the codings, else by the cues and by what was asked.
fn infer_role(codings: &[Coding], reading: &Reading, text: &str, question: Option<&str>) -> Role {
    let has = |polarity| codings.iter().any(|c| c.polarity == polarity);
    let mut sum = sum(reading.cues.iter());
    match question.and_then(asked) {
        Some(Role::Challenge) => sum.challenge += 30,
        Some(Role::Initiative) => sum.initiative += 30,
        Some(Role::Suggestion) => sum.suggestion += 30,
        _ => {}
    }
    if has(Polarity::Resolved) {
        Role::Initiative
    } else if has(Polarity::Absent) {
        Role::Challenge
    } else if !text.chars().any(char::is_alphanumeric) {
        Role::Other
    } else if sum.suggestion > sum.challenge.max(sum.initiative) {
        Role::Suggestion
    } else if sum.initiative > sum.challenge {
        Role::Initiative
    } else {
        Role::Challenge
    }
}
