//! `motamot cluster`: groups of answers that belong together, named in their own words.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use motamot::cluster::{Answer, Clusters, Corpus, Options};
use motamot::model::WordVectors;
use motamot::output;
use motamot::parallel::{on_threads, ordered_map};
use motamot::text::non_answer::non_answer;
use motamot::{Classifier, Coded, Response, Scratch};

use crate::args::{Coding, Method};
use crate::files::{Sink, keep_apart};
use crate::inputs::Inputs;
use crate::progress::Progress;

/// What the answers' themes are good for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Themes {
    /// They are told of each cluster.
    Told,
    /// Only answers without one that say something are clustered.
    Without,
    /// New ones are looked for in the answers without one that say something.
    Sought,
    /// Nothing: no answer is coded.
    Unknown,
}

impl Themes {
    pub(crate) fn new(uncoded: bool, no_themes: bool) -> Self {
        match (uncoded, no_themes) {
            (true, _) => Self::Without,
            (_, true) => Self::Unknown,
            _ => Self::Told,
        }
    }
}

pub(crate) fn options(method: Method, k: Option<usize>, seed: u64) -> Result<Options> {
    if method == Method::Density && k.is_some() {
        bail!("--method density finds the number of clusters by itself; leave --k out");
    }
    let method = match method {
        Method::KMeans => motamot::cluster::Method::KMeans,
        Method::Density => motamot::cluster::Method::Density,
    };
    Ok(Options { k, seed, method })
}

pub(crate) fn run(
    coding: &Coding,
    path: Option<&Path>,
    options: &Options,
    themes: Themes,
    vectors: Option<&Path>,
) -> Result<()> {
    let inputs = Inputs::find(&coding.reading)?;
    let files = vectors.map(vector_files);
    let settings = super::settings(coding).chain(files.iter().flatten().map(PathBuf::as_path));
    keep_apart(path, inputs.paths().chain(settings))?;
    let classifier = if themes == Themes::Unknown {
        // Only words are asked of it, which need no statistical coder.
        let taxonomy = super::taxonomy_named(&coding.taxonomy)?;
        Classifier::builder()
            .taxonomy(taxonomy)
            .rules_only()
            .build()?
    } else {
        super::classifier(coding)?
    };
    let mut sink = Sink::new(path)?;
    let (mut corpus, read) = corpus(&classifier, coding, inputs, themes)?;
    read.any()?;
    if let Some(path) = vectors {
        let vectors = read_vectors(path, &corpus)?;
        let (known, words) = corpus.use_vectors(&vectors);
        if known == 0 && words > 0 {
            bail!(
                "'{}' knows none of the {words} words of the answers; is it for other languages?",
                path.display()
            );
        }
        if !coding.reading.quiet {
            say!("motamot: the vectors know {known} of the {words} different words");
        }
    }
    let found = on_threads(coding.reading.threads, || corpus.cluster(options));
    if found.too_few && !coding.reading.quiet {
        say!(
            "motamot: fewer than {} different answers are too few to look for groups; these may be chance, and none is called stable",
            Clusters::FEWEST
        );
    }
    let taxonomy = (themes != Themes::Unknown).then(|| classifier.taxonomy());
    output::clusters_json(&mut sink, &found, taxonomy)?;
    sink.finish()?;
    read.all()
}

/// Reads the inputs and codes them as far as their themes are asked for.
pub(super) fn corpus(
    classifier: &Classifier,
    coding: &Coding,
    mut inputs: Inputs,
    themes: Themes,
) -> Result<(Corpus, super::Read)> {
    let progress = Progress::new(inputs.bytes(), coding.reading.quiet);
    let (mut n_responses, mut n_rejects) = (0, 0);
    let mut corpus = Corpus::new();
    let only = super::Only::new(coding)?;
    let threads = coding.reading.threads;
    ordered_map(
        inputs.pieces(&progress, coding.carry),
        threads,
        1,
        Scratch::default,
        |scratch, piece| {
            let batch = piece.parse(&progress);
            let mut answers = Vec::with_capacity(batch.responses.len());
            if themes == Themes::Unknown {
                let each = batch.responses.iter();
                answers.extend(each.map(|r| Answer::without_themes(classifier, r, scratch)));
            } else {
                let take = |response, coded, scratch: &mut _| {
                    answers.push(match is_left_out(themes, &response, &coded) {
                        true => Answer::outside(&response),
                        false => Answer::new(classifier, &response, &coded, scratch),
                    });
                };
                super::each_coded(classifier, batch.responses, coding, &only, scratch, take);
            }
            (answers, batch.rejects)
        },
        |(answers, rejects)| {
            for answer in answers {
                n_responses += 1;
                corpus.add(answer);
            }
            for reject in &rejects {
                n_rejects += 1;
                progress.reject(reject);
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    progress.finish(None);
    only.left_out(coding.reading.quiet)?;
    let read = super::Read {
        unread: inputs.unread,
        responses: n_responses,
        rejects: n_rejects,
    };
    Ok((corpus, read))
}

fn is_left_out(themes: Themes, response: &Response, coded: &Coded) -> bool {
    let is_coded = !coded.codings.is_empty();
    let says_nothing = || !is_coded && non_answer(&response.text).is_some();
    match themes {
        Themes::Without => is_coded || says_nothing(),
        Themes::Sought => says_nothing(),
        Themes::Told | Themes::Unknown => false,
    }
}

/// The files of word vectors: of model2vec two, of others the one.
fn vector_files(path: &Path) -> Vec<PathBuf> {
    let model = match path.is_dir() {
        true => path.join("model.safetensors"),
        false => path.to_path_buf(),
    };
    match model.extension().is_some_and(|e| e == "safetensors") {
        true => vec![model.with_file_name("tokenizer.json"), model],
        false => vec![model],
    }
}

/// A folder or a file of model2vec, or a text file of vectors, of which only the words of the answers are kept.
fn read_vectors(path: &Path, corpus: &Corpus) -> Result<WordVectors> {
    if let [tokenizer, model] = &vector_files(path)[..] {
        let read = |path: &Path| {
            fs::read(path).with_context(|| {
                format!(
                    "cannot read '{}'; vectors of model2vec are a folder with model.safetensors and tokenizer.json",
                    path.display()
                )
            })
        };
        let (file, tokenizer) = (read(model)?, read(tokenizer)?);
        return WordVectors::from_safetensors(file, &tokenizer)
            .with_context(|| format!("'{}'", path.display()));
    }
    let file = File::open(path).with_context(|| {
        format!(
            "cannot read the vectors '{}'; check the path",
            path.display()
        )
    })?;
    WordVectors::from_text(BufReader::new(file), |word| corpus.has_word(word))
        .with_context(|| format!("'{}'", path.display()))
}
