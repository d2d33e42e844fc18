//! `motamot taxonomy suggest`: themes and terms that a taxonomy misses, as a draft to edit.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use motamot::cluster::Options;
use motamot::parallel::on_threads;
use motamot::{Taxonomy, output};

use crate::args::Coding;
use crate::files::{Sink, keep_apart};
use crate::inputs::Inputs;

pub(crate) fn run(coding: &Coding, path: Option<&Path>, options: &Options) -> Result<()> {
    let inputs = Inputs::find(&coding.reading)?;
    keep_apart(path, inputs.paths().chain(super::settings(coding)))?;
    let classifier = super::classifier(coding)?;
    let taxonomy = classifier.taxonomy();
    let extends = base(&coding.taxonomy)?;
    let mut sink = Sink::new(path)?;
    let (corpus, read) =
        super::cluster::corpus(&classifier, coding, inputs, super::cluster::Themes::Sought)?;
    read.any()?;
    let found = on_threads(coding.reading.threads, || corpus.suggest(taxonomy, options));
    sink.write_all(output::suggestions_toml(&found, taxonomy, &extends).as_bytes())?;
    sink.finish()?;
    if !coding.reading.quiet {
        let held: usize = found.themes.iter().map(|t| t.answers).sum();
        say!(
            "{} themes are proposed for {held} of {} answers without one, and {} terms",
            found.themes.len(),
            found.uncoded + found.weak,
            found.terms.len()
        );
    }
    read.all()
}

/// What a draft extends: a built-in taxonomy by name, or a file by its whole path, so that the draft can lie anywhere.
fn base(name: &str) -> Result<String> {
    if Taxonomy::builtin(name).is_some() {
        return Ok(name.to_string());
    }
    let whole = std::fs::canonicalize(name).with_context(|| format!("cannot find '{name}'"))?;
    Ok(whole.to_string_lossy().into_owned())
}
