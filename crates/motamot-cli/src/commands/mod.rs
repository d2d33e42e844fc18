//! One file for each command.

mod cluster;
mod code;
mod evaluate;
mod learn;
mod report;
mod split;
mod suggest;
mod taxonomy;
mod text;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use motamot::tally::Filter;
use motamot::{Classifier, Coded, Model, Response, Scratch, Taxonomy};

use crate::args::{Args, Coding, Command};
use crate::inputs::plain;

pub(crate) use learn::RESPONDENT;

pub(crate) fn run(args: Args) -> Result<()> {
    match args.command {
        Command::Report {
            coding,
            output,
            by,
            title,
            excel,
            no_clusters,
            coded,
        } => report::run(
            &coding,
            &output,
            &report::Options {
                by: by.as_deref(),
                title: &title,
                excel,
                clusters: !no_clusters,
                coded,
            },
        ),
        Command::Code {
            coding,
            output,
            format,
            excel,
        } => code::run(&coding, output.as_deref(), format, excel),
        Command::Cluster {
            coding,
            output,
            method,
            k,
            seed,
            uncoded,
            no_themes,
            vectors,
        } => cluster::run(
            &coding,
            output.as_deref(),
            &cluster::options(method, k, seed)?,
            cluster::Themes::new(uncoded, no_themes),
            vectors.as_deref(),
        ),
        Command::Split { reading, output } => split::run(&reading, output.as_deref()),
        Command::Evaluate {
            gold,
            coded,
            themes,
            by,
            subthemes,
            resamples,
            json,
        } => evaluate::run(
            &gold,
            &coded,
            evaluate::options(themes, by, subthemes, resamples),
            json,
        ),
        Command::Learn {
            gold,
            output,
            taxonomy,
            group,
        } => learn::run(&gold, &output, &taxonomy, &group),
        Command::Taxonomy { command } => taxonomy::run(command),
        Command::Text { what } => text::run(what),
    }
}

/// The text of a file that is read as it is, in UTF-8.
fn utf8(bytes: Vec<u8>, path: &Path) -> Result<String> {
    let is_packed = bytes.starts_with(b"PK\x03\x04");
    String::from_utf8(bytes).map_err(|_| match is_packed {
        true => anyhow!(
            "'{}' is an Excel workbook or another packed file; save the sheet as CSV (UTF-8), and name that",
            path.display()
        ),
        false => anyhow!("'{}' is not UTF-8; save it as UTF-8", path.display()),
    })
}

/// A built-in taxonomy by name, or one from a file.
fn taxonomy_named(name: &str) -> Result<Taxonomy> {
    if let Some(taxonomy) = Taxonomy::builtin(name) {
        return Ok(taxonomy);
    }
    let source = std::fs::read(Path::new(name)).map_err(|error| {
        let names = Taxonomy::builtin_names().join(", ");
        let cause = plain(&error);
        anyhow!(
            "'{name}' is neither a built-in taxonomy ({names}) nor a file that can be read: {cause}"
        )
    })?;
    let source = utf8(source, Path::new(name))?;
    // What a file extends lies beside it, where no whole path is given.
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    Ok(Taxonomy::from_toml_extending(name, &source, |base| {
        std::fs::read_to_string(folder.join(base)).ok()
    })?)
}

/// The files by which is coded: a taxonomy and a model that are not built in.
fn settings(coding: &Coding) -> impl Iterator<Item = &Path> {
    let taxonomy = taxonomy_file(&coding.taxonomy);
    let is_file = !matches!(coding.model.as_str(), "builtin" | "none");
    taxonomy
        .into_iter()
        .chain(is_file.then(|| Path::new(&coding.model)))
}

fn taxonomy_file(name: &str) -> Option<&Path> {
    (!Taxonomy::builtin_names().contains(&name)).then(|| Path::new(name))
}

/// Tells which themes of a user's own taxonomy the built-in coder does not know.
fn tell_what_rules_decide(taxonomy: &Taxonomy) {
    let Some(base) = taxonomy.extends() else {
        say!(
            "motamot: coded by rules alone: the built-in coder knows none of the themes of a taxonomy of your own; train one with motamot learn"
        );
        return;
    };
    let codes = taxonomy.tops().map(|top| taxonomy.theme(top).code.as_str());
    let own: Vec<&str> = codes.filter(|code| base.find(code).is_none()).collect();
    if !own.is_empty() {
        say!(
            "motamot: the built-in coder codes the themes of {}; coded by rules alone: {}; train a coder for them with motamot learn",
            base.name(),
            own.join(", ")
        );
    }
}

fn classifier(coding: &Coding) -> Result<Classifier> {
    let taxonomy = taxonomy_named(&coding.taxonomy)?;
    if coding.model == "builtin" && !taxonomy.is_builtin() && !coding.reading.quiet {
        tell_what_rules_decide(&taxonomy);
    }
    let builder = Classifier::builder().taxonomy(taxonomy);
    Ok(match coding.model.as_str() {
        "builtin" => builder,
        "none" => builder.rules_only(),
        file => {
            let bytes = std::fs::read(file).map_err(|error| {
                let cause = plain(&error);
                anyhow!(
                    "'{file}' is neither builtin, none nor a model file that can be read: {cause}"
                )
            })?;
            builder.model(Model::from_bytes(bytes).with_context(|| format!("'{file}'"))?)
        }
    }
    .build()?)
}

/// Which answers are asked for, with what all threads left out.
struct Only {
    none: Filter,
    all: Mutex<Filter>,
}

impl Only {
    fn new(coding: &Coding) -> Result<Self> {
        let none = Filter::new(&coding.only).context("--where")?;
        let all = Mutex::new(none.clone());
        Ok(Self { none, all })
    }

    /// Adds what a thread left out of a piece.
    fn add(&self, part: Filter) {
        if !part.is_empty() {
            let mut all = self.all();
            let sum = std::mem::take(&mut *all);
            *all = sum.merge(part);
        }
    }

    fn all(&self) -> MutexGuard<'_, Filter> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many answers were left out, which is told; a fault where the conditions cannot have been meant.
    fn left_out(&self, quiet: bool) -> Result<u64> {
        let all = self.all();
        all.check().context("--where")?;
        let (n, of) = (all.left_out(), all.left_out() + all.admitted());
        if !all.is_empty() && !quiet {
            say!("motamot: {n} of {of} answers were left aside by --where");
        }
        Ok(n)
    }
}

/// Codes the responses of one piece and hands over those that are asked for, in order. Where replies carry over what they answer, a
/// transcript is one piece.
fn each_coded(
    classifier: &Classifier,
    responses: Vec<Response>,
    coding: &Coding,
    only: &Only,
    scratch: &mut Scratch,
    mut take: impl FnMut(Response, Coded, &mut Scratch),
) {
    let mut filter = only.none.clone();
    let mut take = |response: Response, coded: Coded, scratch: &mut Scratch| {
        if filter.admits(&response, &coded) {
            take(response, coded, scratch);
        }
    };
    each(classifier, responses, coding, scratch, &mut take);
    only.add(filter);
}

fn each(
    classifier: &Classifier,
    responses: Vec<Response>,
    coding: &Coding,
    scratch: &mut Scratch,
    mut take: impl FnMut(Response, Coded, &mut Scratch),
) {
    if !coding.carry {
        for response in responses {
            let coded = classifier.classify(&response, scratch);
            take(response, coded, scratch);
        }
        return;
    }
    let mut coded: Vec<Coded> = responses
        .iter()
        .map(|response| classifier.classify(response, scratch))
        .collect();
    classifier.carry(&responses, &mut coded, scratch);
    for (response, coded) in responses.into_iter().zip(coded) {
        take(response, coded, scratch);
    }
}

/// Room for the lines of some responses, about as much as they will take: text, evidence, and what stands around.
fn room(responses: &[Response]) -> Vec<u8> {
    Vec::with_capacity(responses.iter().map(|r| 2 * r.text.len() + 400).sum())
}

/// How much was read.
struct Read {
    /// Paths that could not be read.
    unread: usize,
    responses: u64,
    rejects: u64,
}

impl Read {
    /// A fault where no path or no row could be read: no empty result takes the place of an earlier one.
    fn any(&self) -> Result<()> {
        if self.responses == 0 && self.rejects > 0 {
            bail!("no answer could be read, so nothing was written");
        }
        if self.responses == 0 && self.unread > 0 {
            bail!("nothing could be read, so nothing was written");
        }
        Ok(())
    }

    /// What a run must say in the end where something that was asked for was not read.
    fn all(&self) -> Result<()> {
        match self.unread {
            0 => {
                if self.responses == 0 {
                    say!("motamot: no answer was found in what was read");
                }
                Ok(())
            }
            1 => bail!("one input could not be read; all others were"),
            n => bail!("{n} inputs could not be read; all others were"),
        }
    }
}
