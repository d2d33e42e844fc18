//! `motamot cluster`: groups of answers that belong together, named in their own words.

use std::path::Path;

use anyhow::Result;
use motamot::cluster::{Answer, Corpus, Options};
use motamot::parallel::{on_threads, ordered_map};
use motamot::{Classifier, Scratch, output};

use crate::args::Coding;
use crate::files::Sink;
use crate::inputs::Inputs;
use crate::progress::Progress;

pub(crate) fn run(
    coding: &Coding,
    path: Option<&Path>,
    options: &Options,
    uncoded: bool,
) -> Result<()> {
    let classifier = super::classifier(coding)?;
    let mut sink = Sink::new(path)?;
    let (corpus, read) = corpus(&classifier, coding, uncoded)?;
    let found = on_threads(coding.reading.threads, || corpus.cluster(options));
    output::clusters_json(&mut sink, &found, classifier.taxonomy())?;
    sink.finish()?;
    read.all()
}

/// How much was read.
pub(super) struct Read {
    unread: usize,
    responses: u64,
    rejects: u64,
}

impl Read {
    /// Says so where something that was asked for was not read.
    pub(super) fn all(self) -> Result<()> {
        super::unread(self.unread, self.responses, self.rejects)
    }
}

/// Reads and codes the inputs; with `uncoded`, answers that have a theme stay outside.
pub(super) fn corpus(
    classifier: &Classifier,
    coding: &Coding,
    uncoded: bool,
) -> Result<(Corpus, Read)> {
    let mut inputs = Inputs::find(&coding.reading)?;
    let progress = Progress::new(inputs.bytes(), coding.reading.quiet);
    let (mut n_responses, mut n_rejects) = (0, 0);
    let mut corpus = Corpus::new();
    let threads = coding.reading.threads;
    ordered_map(
        inputs.chunks(&progress),
        threads,
        1,
        Scratch::default,
        |scratch, chunk| {
            let batch = chunk.parse();
            let coded = super::code_all(classifier, &batch.responses, coding, scratch);
            let answers: Vec<Answer> = batch
                .responses
                .iter()
                .zip(&coded)
                .map(|(response, coded)| {
                    if uncoded && !coded.codings.is_empty() {
                        Answer::outside(response)
                    } else {
                        Answer::new(classifier, response, coded, scratch)
                    }
                })
                .collect();
            (answers, batch.rejects)
        },
        |(answers, rejects)| {
            for answer in answers {
                n_responses += 1;
                corpus.add(answer);
            }
            for reject in &rejects {
                n_rejects += 1;
                progress.reject(n_rejects, reject);
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    progress.finish(n_rejects);
    let read = Read {
        unread: inputs.unread,
        responses: n_responses,
        rejects: n_rejects,
    };
    Ok((corpus, read))
}
