//! The statistical coder beside the rules: what it sees of an answer, and what its word counts for.

use super::themes::Outline;
use std::sync::LazyLock;

use super::memory::Memory;
use super::polarity::{self, Polarities, place};
use super::{CueSet, Marked, Met, Scratch, Sentence, evidence, role, themes};
use crate::matching::{InSentence, Traits};
use crate::model::phrases::{self, Key};
use crate::model::{EXTRA, Model, Pool, sigmoid};
use crate::record::{Coding, Origin, Polarity, Role, ThemeId};
use crate::span::Span;
use crate::taxonomy::{Taxonomy, Weights};
#[cfg(feature = "cluster")]
use crate::text::bijoy;
use crate::text::tokenize::TokenKind;
use smallvec::SmallVec;

/// A model, with its numbers brought to those of the taxonomy.
#[derive(Debug)]
pub(super) struct Coder {
    pub(super) model: Model,
    /// For each output that is a theme, the theme, where the taxonomy has it.
    tops: Vec<Option<ThemeId>>,
    /// Top-level themes that the model does not know: rules alone decide on them.
    unknown: Vec<ThemeId>,
    /// For each input, where it comes from: so many of the text, then those of its context.
    inputs: Vec<Input>,
    of_text: usize,
}

/// The roles that a model tells, in the order of its outputs.
const ROLES: [Role; 3] = [Role::Challenge, Role::Initiative, Role::Suggestion];

/// Words that explain a coding of the model at most.
const WEIGHED: usize = 3;

/// One number that the model is given.
#[derive(Clone, Copy, Debug)]
enum Input {
    /// What the rules say of a theme.
    Theme(ThemeId, Of),
    /// What the cues say, by place in [`EXTRA`].
    Cue(usize, Of),
    /// Whether there is a context.
    HasContext,
    /// A theme that this taxonomy has not.
    None,
}

#[derive(Clone, Copy, Debug)]
enum Of {
    Text,
    Context,
}

/// A theme that is given, with the model's output and its probability where the model gives it.
type Told = (ThemeId, Option<(usize, f32)>);

/// What rules and cues say of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// For each theme.
    themes: Vec<f32>,
    /// For each of [`EXTRA`], from minus one to one.
    cues: [f32; EXTRA.len()],
}

/// The context that was read last; many answers share one.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    text: String,
    said: Said,
    /// What its words come to in the model, where there is one.
    pool: Pool,
}

/// What the names of inputs that are of the context begin with.
const CONTEXT: &str = "context:";

/// What the log-odds of a challenge gain where no cue tells a role. A bare name ('Skilled manpower', 'NID verification') that people
/// write down is oftener that of what is wanting than the authors of the training answers think; the data card tells what it gains.
const CHALLENGE_WITHOUT_CUE: f32 = 2.0;

impl Coder {
    /// Fits a model to a taxonomy for whose top-level themes it was trained, or to one that extends `base`, of which it knows the
    /// themes.
    pub(super) fn new(model: Model, taxonomy: &Taxonomy, base: Option<&Taxonomy>) -> Self {
        let is_of_base = |code: &&String| base.is_none_or(|base| base.find(code).is_some());
        let themes = model.outputs().len().saturating_sub(EXTRA.len());
        let themes = model.outputs().iter().take(themes);
        let tops: Vec<Option<ThemeId>> = themes
            .map(|code| taxonomy.find(Some(code).filter(is_of_base)?))
            .collect();
        let unknown = taxonomy.tops().filter(|top| !tops.contains(&Some(*top)));
        let input = |name: &String| {
            let (code, of) = match name.strip_prefix(CONTEXT) {
                Some("") => return Input::HasContext,
                Some(code) => (code, Of::Context),
                None => (name.as_str(), Of::Text),
            };
            match EXTRA.iter().position(|e| *e == code) {
                Some(n) => Input::Cue(n, of),
                None => taxonomy
                    .find(code)
                    .map_or(Input::None, |theme| Input::Theme(theme, of)),
            }
        };
        let inputs: Vec<Input> = model.inputs().iter().map(input).collect();
        let of_text = model
            .inputs()
            .iter()
            .take_while(|name| !name.starts_with(CONTEXT))
            .count();
        Self {
            unknown: unknown.collect(),
            model,
            tops,
            inputs,
            of_text,
        }
    }

    /// Works out what the model says of a text that was scanned.
    pub(super) fn prepare(&self, outline: &Outline, has_context: bool, scratch: &mut Scratch) {
        themes::scores(outline, scratch);
        let Scratch {
            ids,
            text,
            sentences,
            roman,
            memory,
            pool,
            order,
            cues,
            scores,
            context,
            inputs,
            activity,
            ..
        } = scratch;
        *pool = pooled(ids, *roman, memory);
        let cues = cue_scores(cues);
        let said = &context.said;
        let (of_text, of_context) = self.inputs.split_at(self.of_text);
        let number = |input: &Input| match *input {
            Input::Theme(theme, Of::Text) => scores[usize::from(theme.0)],
            Input::Cue(n, Of::Text) => cues[n],
            Input::Theme(theme, Of::Context) => said.themes[usize::from(theme.0)],
            Input::Cue(n, Of::Context) => said.cues[n],
            Input::HasContext => 1.0,
            Input::None => 0.0,
        };
        inputs.clear();
        inputs.extend(of_text.iter().map(number));
        match has_context {
            true => inputs.extend(of_context.iter().map(number)),
            false => inputs.resize(self.inputs.len(), 0.0),
        }
        let label = has_context.then_some(&context.pool);
        let key = |at: usize| memory.weights(ids[at].word, *roman).key;
        put_in_order(text, sentences, key, order);
        self.model.judge(pool, order, label, inputs, activity);
    }

    /// The role of an answer that comes without one; `asked` is the one that its question asks for.
    pub(super) fn role(&self, asked: Option<Role>, scratch: &Scratch) -> Option<Role> {
        let mut likely: [f32; 3] =
            std::array::from_fn(|n| scratch.activity.outputs[self.tops.len() + n]);
        if !evidence::tell_role(&scratch.cues) {
            likely[0] += CHALLENGE_WITHOUT_CUE;
        }
        for (likely, role) in likely.iter_mut().zip(ROLES) {
            if asked == Some(role) {
                *likely += f32::from(role::ASKED) / 10.0;
            }
        }
        // A model that was trained without roles leaves them to the cues.
        let known = (0..3).any(|n| self.model.is_trained(self.tops.len() + n));
        let best = likely
            .into_iter()
            .zip(ROLES)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, role)| role);
        best.filter(|_| known)
    }

    /// The codings of an answer. A label that it stands under may settle what it means, but adds nothing to a text that by the
    /// rules names a theme of its own.
    pub(super) fn decide(
        &self,
        outline: &Outline,
        has_context: bool,
        scratch: &Scratch,
    ) -> Vec<Coding> {
        let rules = |top: ThemeId| scratch.scores[usize::from(top.0)];
        let is_named = |top: &ThemeId| rules(*top) >= themes::THRESHOLD;
        let tops = self.tops.iter().enumerate();
        let known = || {
            tops.clone()
                .filter_map(|(output, top)| Some((output, (*top)?)))
        };
        let unknown = || self.unknown.iter().copied();
        let names_some = known()
            .map(|(_, top)| top)
            .chain(unknown())
            .any(|top| is_named(&top));
        let of_label = |top: ThemeId| {
            let said = || scratch.context.said.themes[usize::from(top.0)];
            has_context && names_some && said() >= themes::LABEL_THRESHOLD
        };
        // What a user's own terms tell the model has not learnt, so that they are believed.
        let own = scratch.terms.iter().filter(|m| outline.is_own(m));
        let own = own.map(|m| outline.top(outline.theme_of(m)));
        let own: SmallVec<[ThemeId; 4]> = own.collect();
        // Those that the model gives, with the number of its output, and those of the rules.
        let mut tops: SmallVec<[Told; 8]> = SmallVec::new();
        for (output, top) in known() {
            let backed = is_named(&top);
            let threshold = self.model.threshold(output, backed);
            let probability = probability(output, scratch);
            // Where too little was learnt of it, its threshold is out of reach.
            if probability >= threshold && (backed || !of_label(top)) {
                tops.push((top, Some((output, probability))));
            } else if backed && (threshold > 1.0 || own.contains(&top)) {
                tops.push((top, None));
            }
        }
        tops.extend(unknown().filter(is_named).map(|top| (top, None)));
        let whole = self.polarity(scratch);
        let mut codings = Vec::new();
        for (top, told) in tops {
            let Some((output, probability)) = told else {
                themes::code_top(outline, scratch, top, rules(top), &mut codings);
                continue;
            };
            if is_named(&top) {
                let from = codings.len();
                themes::code_top(outline, scratch, top, probability, &mut codings);
                for coding in &mut codings[from..] {
                    coding.score = probability;
                    coding.origin = Origin::Both;
                }
            } else {
                let weighed = self.weighed(output, scratch);
                codings.push(Coding {
                    theme: top,
                    polarity: around(&weighed, scratch),
                    score: probability,
                    origin: Origin::Model,
                    evidence: Vec::new(),
                    weighed,
                });
            }
        }
        let are_told_apart = polarity::set_against(outline, &mut codings, scratch);
        if let Some(whole) = whole.filter(|_| !are_told_apart) {
            settle(&mut codings, whole);
        }
        codings.sort_by_key(|c| c.theme);
        codings
    }

    /// The few words that speak most for an output, in text order.
    fn weighed(&self, output: usize, scratch: &Scratch) -> Vec<Span> {
        let words = scratch
            .ids
            .iter()
            .map(|met| scratch.memory.weights(met.word, scratch.roman));
        let weights = self
            .model
            .speaks(output, &scratch.pool, &scratch.activity, words);
        let in_order = self.model.speaks_in_order(output, &scratch.order);
        let of_words = in_order.into_iter().zip(&scratch.order);
        let of_words =
            of_words.filter_map(|(weight, key)| (*key != phrases::BREAK).then_some(weight));
        let spans = scratch.text.iter().map(|placed| placed.span);
        let mut words: Vec<(f32, Span)> = weights
            .into_iter()
            .zip(of_words)
            .map(|(weight, more)| weight + more)
            .zip(spans)
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        words.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
        // A word of less than a quarter of the first one's weight explains nothing.
        let least = words.first().map_or(0.0, |(weight, _)| weight / 4.0);
        let mut spans: Vec<Span> = words
            .iter()
            .take(WEIGHED)
            .filter(|(w, _)| *w > least)
            .map(|(_, s)| *s)
            .collect();
        spans.sort_unstable();
        spans
    }

    /// Whether an elliptic answer may be of a theme that its context names: a model that learnt the theme must find that likely.
    pub(super) fn allows(&self, outline: &Outline, theme: ThemeId, scratch: &Scratch) -> bool {
        let top = outline.top(theme);
        let mut outputs = (self.tops.iter().enumerate()).filter(|(_, t)| **t == Some(top));
        outputs.next().is_none_or(|(output, _)| {
            let least = self.model.threshold(output, false) / 2.0;
            least > 0.5 || probability(output, scratch) >= least
        })
    }

    /// The polarity of the whole answer, where the model was taught any.
    pub(super) fn polarity(&self, scratch: &Scratch) -> Option<Polarity> {
        let [absent, resolved] = self.over(scratch)?;
        Some(match (absent >= 1.0, resolved >= 1.0) {
            (false, false) => Polarity::Present,
            (true, false) => Polarity::Absent,
            (false, true) => Polarity::Resolved,
            (true, true) if absent > resolved => Polarity::Absent,
            (true, true) => Polarity::Resolved,
        })
    }

    /// Whether an answer that as a whole is neither denied nor over comes near to it, so that a part of it may be.
    pub(super) fn may_deny_in_part(&self, scratch: &Scratch) -> bool {
        let over = self.over(scratch);
        over.is_some_and(|over| over.iter().any(|over| *over >= IN_PART))
    }

    /// How far the probabilities that all is denied, and that all is over, are above their thresholds.
    fn over(&self, scratch: &Scratch) -> Option<[f32; 2]> {
        let (absent, resolved) = (self.tops.len() + 3, self.tops.len() + 4);
        if !self.model.is_trained(absent) && !self.model.is_trained(resolved) {
            return None;
        }
        let over = |output: usize, against: &CueSet, of: fn(Weights) -> i16| match is_ruled_out(
            &scratch.cues,
            against,
            of,
        ) {
            true => 0.0,
            false => probability(output, scratch) / self.model.threshold(output, false),
        };
        Some([
            over(absent, &NOT_ABSENT, |told| told.absent),
            over(resolved, &NOT_RESOLVED, |told| told.resolved),
        ])
    }
}

/// From this share of a threshold on each part of an answer is asked for itself.
const IN_PART: f32 = 0.2;

/// Against a reading, in tenths of a natural logarithm of the odds: so much rules out that the model gives it.
const RULES_OUT: i16 = -20;
static NOT_ABSENT: LazyLock<CueSet> =
    LazyLock::new(|| evidence::all(|cue| cue.weights.absent <= RULES_OUT));
static NOT_RESOLVED: LazyLock<CueSet> =
    LazyLock::new(|| evidence::all(|cue| cue.weights.resolved <= RULES_OUT));

/// Whether a cue rules a reading out: it is believed where the cues as a whole say so too, and where no other sentence speaks for the
/// reading as much ('Staff shortage is over. Now the line is slow.').
fn is_ruled_out(cues: &[Marked], against: &CueSet, of: impl Fn(Weights) -> i16) -> bool {
    // They stand in the order of their sentences; a long text has many.
    let sentences = cues.chunk_by(|a, b| a.sentence == b.sentence);
    let rest = sentences.filter(|there| !evidence::any(there, against));
    evidence::any(cues, against)
        && of(evidence::polarity(cues.iter())) <= 0
        && of(evidence::polarity(rest.flatten())) - of(evidence::polarity([].iter())) < -RULES_OUT
}

/// The probability of an output.
fn probability(output: usize, scratch: &Scratch) -> f32 {
    sigmoid(scratch.activity.outputs[output])
}

/// What the cues say around words that weighed most, where a contrast parts them from the rest of the text.
fn around(weighed: &[Span], scratch: &Scratch) -> Polarity {
    if scratch.text.last().is_none_or(|word| word.turn == 0) {
        return Polarity::Present;
    }
    let mut polarities = Polarities::new(&scratch.cues);
    let places = weighed.iter().filter_map(|span| place(*span, scratch));
    let told = places.map(|place| polarities.of(place)).min();
    told.unwrap_or(Polarity::Present)
}

/// Brings the codings' polarities, told by the cues around their terms, in line with that of the whole answer. Where the cues tell one
/// coding from another ('no shortage of staff, but the line is slow'), a whole that is present leaves each its own.
fn settle(codings: &mut [Coding], whole: Polarity) {
    if codings.iter().all(|c| c.polarity != whole) {
        codings.iter_mut().for_each(|c| c.polarity = whole);
    }
}

/// What the cues say, from minus one to one.
fn cue_scores(cues: &[Marked]) -> [f32; EXTRA.len()] {
    let sum = evidence::sum(cues.iter());
    [
        sum.challenge,
        sum.initiative,
        sum.suggestion,
        sum.absent,
        sum.resolved,
    ]
    .map(|tenths| (f32::from(tenths) / 40.0).clamp(-1.0, 1.0))
}

/// The words of a text, taken together.
fn pooled(ids: &[Met], roman: bool, memory: &Memory) -> Pool {
    Pool::of(ids.iter().map(|met| memory.weights(met.word, roman)))
}

/// Puts the words of a text in their order into `out`, by the keys that `key` gives them, with a break where a mark or a contrast parts
/// two.
fn put_in_order(
    words: &[InSentence],
    sentences: &[Sentence],
    key: impl Fn(usize) -> Key,
    out: &mut Vec<Key>,
) {
    out.clear();
    let mut from = 0;
    for sentence in sentences {
        let end = sentence.end as usize;
        let mut clause = None;
        for (at, word) in (from..end).zip(&words[from..end]) {
            let own = Some(word.clause);
            if own != clause && at > 0 {
                out.push(phrases::BREAK);
            }
            clause = own;
            out.push(key(at));
        }
        from = end;
    }
}

/// The form by which a word counts in the model, plain and in romanised Bangla; a regional word counts as the standard one.
pub(super) fn readings<'a>(form: &'a str, word: &Traits) -> [&'a str; 2] {
    match (word.kind, word.native) {
        (TokenKind::Latin, Some(native)) if word.english => [form, native],
        (_, Some(native)) => [native, native],
        _ => [form, form],
    }
}

impl super::Classifier {
    /// Scans a context and remembers what rules and cues say of it.
    pub(super) fn read_context(&self, context: &str, scratch: &mut Scratch) {
        if scratch.context.text == context && !scratch.context.said.themes.is_empty() {
            return;
        }
        self.scan_as_given(context, scratch);
        themes::drop_swallowed(&self.outline, &mut scratch.terms);
        themes::scores(&self.outline, scratch);
        let Scratch {
            ids,
            roman,
            memory,
            cues,
            scores,
            context: Context { text, said, pool },
            ..
        } = scratch;
        text.clear();
        text.push_str(context);
        said.themes.clone_from(scores);
        said.cues = cue_scores(cues);
        if self.coder.is_some() {
            *pool = pooled(ids, *roman, memory);
        }
    }
}

#[cfg(any(feature = "learn", feature = "cluster"))]
impl super::Classifier {
    /// Calls `take` with each word of the text that was scanned last, in the form by which it counts in a model.
    fn each_reading(scratch: &Scratch, mut take: impl FnMut(&str, TokenKind, Span)) {
        let words = scratch.memory.words();
        for (met, placed) in scratch.ids.iter().zip(&scratch.text) {
            let (form, traits) = words.form(met.word);
            let reading = readings(form, traits)[usize::from(scratch.roman)];
            take(reading, traits.kind, placed.span);
        }
    }

    /// Calls `take` with each word of a text: as it was typed, in the form by which it counts in a model, and its kind.
    /// Tells the language of the text.
    ///
    /// Words in legacy Bijoy encoding come as the Bangla that they stand for.
    #[cfg(feature = "cluster")]
    pub(crate) fn each_word(
        &self,
        text: &str,
        scratch: &mut Scratch,
        mut take: impl FnMut(&str, &str, TokenKind),
    ) -> crate::record::Language {
        let mended = bijoy::may_hold(text).then(|| bijoy::mend(text));
        let text = mended.as_ref().map_or(text, |m| &m.text);
        self.adopt(scratch);
        let language = self.read(text, scratch);
        Self::each_reading(scratch, |word, kind, span| {
            take(span.of(text), word, kind);
        });
        language
    }

    /// The words of a text in the form by which they count in a model: clean, and romanised Bangla in Bangla script. For `tools/vectors`.
    #[doc(hidden)]
    pub fn reading(&self, text: &str, scratch: &mut Scratch) -> String {
        self.adopt(scratch);
        self.scan_as_given(text, scratch);
        let mut out = String::new();
        Self::each_reading(scratch, |word, _, _| {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        });
        out
    }

    /// The hashed features of a text, each as often as it comes. For `tools/vectors`.
    #[doc(hidden)]
    pub fn features(&self, text: &str, scratch: &mut Scratch) -> Vec<u16> {
        self.adopt(scratch);
        self.scan_as_given(text, scratch);
        Self::rows(scratch).concat()
    }

    /// The hashed features of each word of the text that was scanned last.
    fn rows(scratch: &Scratch) -> Vec<Vec<u16>> {
        let mut words = Vec::new();
        Self::each_reading(scratch, |word, kind, _| {
            let mut rows = Vec::new();
            crate::model::features::of_word(word, kind, |row| rows.push(row));
            if !rows.is_empty() {
                words.push(rows);
            }
        });
        words
    }
}

#[cfg(feature = "learn")]
impl super::Classifier {
    /// What a statistical coder can learn from one answer that people have coded.
    ///
    /// `themes` are dotted codes (a subtheme counts for its top-level theme); `group` is an author, respondent or place whose
    /// answers are never split between training and testing.
    pub fn example(
        &self,
        response: &crate::record::Response,
        themes: &[&str],
        polarity: Polarity,
        group: u64,
        scratch: &mut Scratch,
    ) -> crate::model::learn::Example {
        self.adopt(scratch);
        let context = response.context.as_deref();
        let label = context.map(|context| {
            self.scan_as_given(context, scratch);
            let rows = Self::rows(scratch);
            self.read_context(context, scratch);
            rows
        });
        // Not by `features`, which might empty a full memory and what was kept of the context with it.
        self.scan_as_given(&response.text, scratch);
        let words = Self::rows(scratch);
        let mut keys = Vec::new();
        Self::each_reading(scratch, |word, kind, _| keys.push(phrases::key(word, kind)));
        let mut order = Vec::new();
        put_in_order(&scratch.text, &scratch.sentences, |at| keys[at], &mut order);
        themes::drop_swallowed(&self.outline, &mut scratch.terms);
        themes::scores(&self.outline, scratch);
        let mut scores = scratch.scores.clone();
        scores.extend(cue_scores(&scratch.cues));
        match context.map(|_| &scratch.context.said) {
            Some(said) => scores.extend(said.themes.iter().chain(&said.cues)),
            None => scores.resize(scores.len() * 2, 0.0),
        }
        scores.push(f32::from(context.is_some()));
        let tops = self
            .taxonomy
            .tops()
            .map(|t| self.taxonomy.theme(t).code.as_str());
        let has = |code: &str| themes.iter().any(|t| t.split('.').next() == Some(code));
        let mut labels: Vec<Option<bool>> = tops.map(|code| Some(has(code))).collect();
        // Under a label an initiative that no cue tells of is one only by the column in which it stood, which the text does not
        // show; whoever asks by label asks for what is wrong and what should be done.
        let by_rules = role::infer(&scratch.cues, &response.text, None);
        let told_by_column = context.is_some()
            && response.role == Some(Role::Initiative)
            && by_rules != Role::Initiative;
        let role = response
            .role
            .filter(|r| *r != Role::Other && !told_by_column);
        labels.extend(ROLES.map(|one| role.map(|r| r == one)));
        // Of an answer without a theme nobody says that it is denied.
        let told = !themes.is_empty();
        labels.extend(
            [Polarity::Absent, Polarity::Resolved].map(|one| told.then_some(polarity == one)),
        );
        crate::model::learn::Example {
            words,
            order,
            label: label.unwrap_or_default(),
            scores,
            role_by_rules: ROLES.iter().position(|role| *role == by_rules),
            labels,
            group,
        }
    }

    /// The names of what a model for this taxonomy decides, and of what it takes from the rules.
    #[must_use]
    pub fn model_names(&self) -> (Vec<String>, Vec<String>) {
        let extra = || EXTRA.map(String::from);
        let tops = self
            .taxonomy
            .tops()
            .map(|t| self.taxonomy.theme(t).code.clone());
        let themes = self.taxonomy.themes().iter().map(|t| t.code.clone());
        let mut inputs: Vec<String> = themes.chain(extra()).collect();
        let of_context: Vec<String> = inputs.iter().map(|i| format!("{CONTEXT}{i}")).collect();
        inputs.extend(of_context);
        inputs.push(CONTEXT.to_string());
        (tops.chain(extra()).collect(), inputs)
    }
}
