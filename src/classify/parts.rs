//! An answer that tells of several things one after the other: what is over in one sentence may be wanting in the next.

use super::coder::Coder;
use super::themes::{self, Outline};
use super::{Classifier, Scratch};
use crate::record::{Coding, Polarity};

/// A stretch of a text, and which of the codings stand in it.
struct Part {
    /// The first and the last byte of their evidence.
    start: usize,
    end: usize,
    codings: Vec<usize>,
}

impl Classifier {
    /// Lets each part of an answer speak for its own themes, where the answer as a whole denies all of them or says that all are over, or
    /// comes near to that: 'The posts are filled now. But the line is dead since May.'
    ///
    /// A part reaches to the first sentence of the next one, so that what came of a thing may be told after it ('We had one clerk. Now
    /// there are four.'). A problem that is told before anything is denied or over is that which is: 'Nobody knew of it. Now the line is
    /// good and all can look it up.' What was found in the text is lost from `scratch`.
    pub(super) fn part(
        &self,
        coder: &Coder,
        text: &str,
        has_context: bool,
        codings: &mut [Coding],
        scratch: &mut Scratch,
    ) {
        let Some(whole) = codings.first().map(|c| c.polarity) else {
            return;
        };
        // No two parts share a sentence.
        if scratch.sentences.len() < 2 {
            return;
        }
        let is_whole = codings.iter().all(|c| c.polarity == whole);
        let is_asked = || whole != Polarity::Present || coder.may_deny_in_part(scratch);
        if !is_whole || !is_asked() {
            return;
        }
        let parts = parts(&self.outline, codings, scratch);
        if parts.len() < 2 {
            return;
        }
        let starts = parts.iter().skip(1).map(|next| next.start);
        let ends: Vec<usize> = starts.chain([text.len()]).collect();
        let mut from = 0;
        let mut told = Vec::new();
        for end in ends {
            self.scan(&text[from..end], scratch);
            themes::drop_swallowed(&self.outline, &mut scratch.terms);
            coder.prepare(&self.outline, has_context, scratch);
            told.push(coder.polarity(scratch).unwrap_or(whole));
            from = end;
        }
        let parts = parts.into_iter().zip(told);
        for (part, polarity) in parts.skip_while(|(_, told)| *told == Polarity::Present) {
            for at in part.codings {
                codings[at].polarity = polarity;
            }
        }
    }
}

/// The parts of the text that was scanned last, in its order: the sentences in which the evidence of a top-level theme stands, those of
/// themes that share one taken together. Each begins where its first sentence does.
fn parts(outline: &Outline, codings: &[Coding], scratch: &Scratch) -> Vec<Part> {
    let mut starts = vec![];
    let mut first = 0;
    for sentence in &scratch.sentences {
        starts.push(scratch.text[first].span.start as usize);
        first = sentence.end as usize;
    }
    let sentence = |byte: u32| starts.partition_point(|start| *start <= byte as usize) - 1;
    let all: Vec<usize> = (0..codings.len()).collect();
    let same_top =
        |a: &usize, b: &usize| outline.top(codings[*a].theme) == outline.top(codings[*b].theme);
    let mut parts: Vec<Part> = all
        .chunk_by(same_top)
        .filter_map(|group| {
            let of_group = group.iter().map(|at| &codings[*at]);
            let spans = of_group.flat_map(|c| {
                c.evidence
                    .iter()
                    .map(|e| e.span)
                    .chain(c.weighed.iter().copied())
            });
            let whole = spans.reduce(|a, b| a.join(b))?;
            Some(Part {
                start: starts[sentence(whole.start)],
                end: whole.end as usize,
                codings: group.to_vec(),
            })
        })
        .collect();
    parts.sort_by_key(|part| part.start);
    parts.dedup_by(|next, part| {
        let is_shared = next.start == part.start || next.start < part.end;
        if is_shared {
            part.end = part.end.max(next.end);
            part.codings.append(&mut next.codings);
        }
        is_shared
    });
    parts
}
