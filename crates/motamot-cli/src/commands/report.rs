//! `motamot report`: the main job.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use anyhow::{Context, Result, bail};
use motamot::cluster::{Answer, Corpus, Sample};
use motamot::input::{self, Batch};
use motamot::parallel::{on_threads, ordered_map};
use motamot::report::{Coder, Made};
use motamot::tally::{By, ByGroup};
use motamot::text::non_answer::non_answer;
use motamot::{Classifier, Coded, Model, Report, Response, Scratch, Tally, Taxonomy, output};

use super::Only;
use crate::args::Coding;
use crate::files::{BOM, Draft, GROUPS, REJECTS, REPORT, keep_all, keep_apart};
use crate::inputs::{Inputs, Piece};
use crate::progress::Progress;
use crate::unfinished;

/// Answers without a theme that are clustered at most; a sample of so many stands for more.
const WITHOUT: usize = 10_000;
/// Answers with a theme that stand beside them on the map at most.
const WITH: usize = 1_500;

/// What the report is to be like.
pub(crate) struct Options<'a> {
    /// The column whose groups are compared.
    pub(crate) by: Option<&'a str>,
    pub(crate) title: &'a str,
    /// Whether tables are to be opened in Excel.
    pub(crate) excel: bool,
    /// Whether what the taxonomy missed is looked for.
    pub(crate) clusters: bool,
    /// Whether the inputs are codings.
    pub(crate) coded: bool,
}

/// What there is to count.
enum Work {
    Piece(Piece),
    /// What was coded before.
    Coded(Vec<(Response, Coded)>),
}

/// What one chunk came to.
struct Part {
    lines: Vec<u8>,
    tally: Tally,
    groups: Option<ByGroup>,
    rejects: Vec<motamot::Reject>,
    /// Answers for the two samples (without and with a theme), with their ranks.
    answers: [Vec<(u64, Answer)>; 2],
}

/// Above which rank no answer gets into the samples any more. A late view of them does no harm.
type Bounds = [AtomicU64; 2];

pub(crate) fn run(coding: &Coding, folder: &Path, options: &Options<'_>) -> Result<()> {
    may_be_folder(folder)?;
    let only = Only::new(coding)?;
    let inputs = match options.coded {
        true => Inputs::of_codings(&coding.reading)?,
        false => Inputs::find(&coding.reading)?,
    };
    let outputs = REPORT
        .iter()
        .chain([&REJECTS, &GROUPS])
        .map(|name| folder.join(name));
    keep_apart(outputs, inputs.paths().chain(super::settings(coding)))?;
    let classifier = match options.coded {
        // Only words are asked of it, which it reads as it did when they were coded.
        true => Classifier::builder()
            .taxonomy(super::taxonomy_named(&coding.taxonomy)?)
            .build()?,
        false => super::classifier(coding)?,
    };
    let is_new = !folder.exists();
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder '{}'", folder.display()))?;
    if is_new {
        unfinished::folder(folder.to_path_buf());
    }
    let done = write(coding, &only, classifier, inputs, folder, options);
    if is_new && done.is_err() {
        // It stays where anything is in it.
        let _ = fs::remove_dir(folder);
    }
    done
}

/// Refuses a path under which no folder can be, before anything is read.
fn may_be_folder(folder: &Path) -> Result<()> {
    let there = folder.ancestors().find(|path| path.exists());
    match there.filter(|path| !path.is_dir()) {
        None => Ok(()),
        Some(file) if file == folder => bail!(
            "'{}' is a file, and a report needs a folder for its files; name another after -o",
            file.display()
        ),
        Some(file) => bail!(
            "'{}' is a file, so there can be no folder '{}'; name another after -o",
            file.display(),
            folder.display()
        ),
    }
}

fn write(
    coding: &Coding,
    only: &Only,
    classifier: Classifier,
    mut inputs: Inputs,
    folder: &Path,
    options: &Options<'_>,
) -> Result<()> {
    let mut codings = Draft::new(&folder.join("codings.jsonl"))?;
    let mut rejected: Option<Draft> = None;
    let mut tally = Some(Tally::new(classifier.taxonomy()));
    let no_groups = options
        .by
        .map(|column| ByGroup::new(classifier.taxonomy(), By::new(column)));
    let mut groups = no_groups.clone();
    let clusters = options.clusters;
    let limits = if clusters { [WITHOUT, WITH] } else { [0, 0] };
    let mut samples = limits.map(Sample::new);
    let bounds: Bounds = limits.map(|n| AtomicU64::new(if n > 0 { u64::MAX } else { 0 }));
    let threads = coding.reading.threads;
    let progress = Progress::new(inputs.bytes(), coding.reading.quiet);
    let mut made = made(coding, only, classifier.taxonomy(), &inputs, options.coded);
    let work: Box<dyn Iterator<Item = Work>> = match options.coded {
        true => Box::new(read_codings(
            &mut inputs,
            &progress,
            coding,
            classifier.taxonomy(),
        )?),
        false => Box::new(inputs.pieces(&progress, coding.carry).map(Work::Piece)),
    };
    ordered_map(
        work,
        threads,
        1,
        Scratch::default,
        |scratch, work| {
            let (batch, coded) = match work {
                Work::Piece(piece) => (piece.parse(&progress), Vec::new()),
                Work::Coded(coded) => (Batch::default(), coded),
            };
            let groups = no_groups.clone();
            count(
                &classifier,
                coding,
                only,
                scratch,
                batch,
                coded,
                groups,
                &bounds,
            )
        },
        |part: Part| {
            codings.write_all(&part.lines)?;
            for reject in &part.rejects {
                progress.reject(reject);
                let out = match &mut rejected {
                    Some(out) => out,
                    None => rejected.insert(Draft::new(&folder.join(REJECTS))?),
                };
                output::reject_line(out, reject)?;
            }
            for ((sample, answers), bound) in samples.iter_mut().zip(part.answers).zip(&bounds) {
                for (rank, answer) in answers {
                    sample.add(rank, answer);
                }
                bound.store(sample.bound(), Relaxed);
            }
            tally = tally.take().map(|t| t.merge(part.tally));
            if let Some(more) = part.groups {
                let merged = groups.take().map(|g| g.merge(more));
                // A column that makes no groups is told before all is read.
                merged.as_ref().map_or(Ok(()), ByGroup::is_bounded)?;
                groups = merged;
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    let read = super::Read {
        unread: inputs.unread,
        responses: tally.as_ref().map_or(0, Tally::responses),
        rejects: tally.as_ref().map_or(0, Tally::rejects),
    };
    let kept = folder.join(REJECTS);
    progress.finish((read.responses > 0).then_some(&kept));
    made.left_out = only.left_out(coding.reading.quiet)?;
    read.any()?;
    if read.responses == 0 {
        bail!("no answer was found in what was read, so nothing was written");
    }
    let taxonomy = classifier.taxonomy().clone();
    // Of words nothing is asked any more, and groups need the memory that they take.
    drop(classifier);
    let tally = tally.unwrap_or_else(|| Tally::new(&taxonomy));
    let mut report = Report::new(&tally, &taxonomy);
    report.made = Some(made);
    if let Some(groups) = &groups {
        report.compare(groups, &taxonomy)?;
    }
    if clusters && report.uncoded > 0 {
        let mut corpus = Corpus::new();
        let answers = samples.into_iter().flat_map(Sample::into_answers);
        answers.for_each(|answer| corpus.add(answer));
        report.missed = on_threads(threads, || {
            corpus.missed(&taxonomy, &motamot::cluster::Options::default())
        });
        if let Some(missed) = &mut report.missed {
            let grouped = report.uncoded - report.non_answers.responses;
            missed.sampled = grouped > WITHOUT as u64;
        }
    }
    // All results are made before the first takes its place, so that a fault leaves the old ones whole.
    let mut json = Draft::new(&folder.join("report.json"))?;
    output::report_json(&mut json, &report)?;
    let mut csv = Draft::new(&folder.join("themes.csv"))?;
    if options.excel {
        csv.write_all(BOM)?;
    }
    output::themes_csv(&mut csv, &report)?;
    let mut of_groups = None;
    if let Some(groups) = &report.groups {
        let csv = of_groups.insert(Draft::new(&folder.join(GROUPS))?);
        if options.excel {
            csv.write_all(BOM)?;
        }
        output::groups_csv(csv, groups)?;
    }
    let mut html = Draft::new(&folder.join("report.html"))?;
    output::report_html(&mut html, &report, options.title)?;
    let (is_whole, has_groups) = (rejected.is_none(), of_groups.is_some());
    let drafts = [codings, json, csv, html].into_iter();
    keep_all(drafts.chain(of_groups).chain(rejected))?;
    // What an earlier run left in the same folder would be taken for this one's.
    if is_whole {
        let _ = fs::remove_file(folder.join(REJECTS));
    }
    if !has_groups {
        forget_groups(&folder.join(GROUPS));
    }
    let missed = report.missed.as_ref();
    let has_missed = missed.is_some_and(|missed| !missed.clusters.is_empty());
    let summary = output::report_table(&report);
    let files = REPORT.into_iter().chain(has_groups.then_some(GROUPS));
    let draft = (has_missed && !options.coded).then(|| draft_command(coding));
    print(&summary, folder, files, draft).context("the report is written, but not its summary")?;
    read.all()
}

/// What an audit asks of a report. Of files their names, since the same ones lie elsewhere on another machine.
fn made(coding: &Coding, only: &Only, taxonomy: &Taxonomy, inputs: &Inputs, coded: bool) -> Made {
    let name = |path: &Path| match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    };
    let read_name = |path: &Path| match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => name(path),
    };
    Made {
        coder: match coding.model.as_str() {
            _ if coded => Coder::Read,
            "builtin" if Model::builtin(taxonomy).is_some() => Coder::Builtin,
            "builtin" | "none" => Coder::Rules,
            file => Coder::Model(name(Path::new(file))),
        },
        taxonomy_file: super::taxonomy_file(&coding.taxonomy).map(name),
        inputs: inputs.paths().take(Made::INPUTS).map(read_name).collect(),
        files: inputs.paths().count() as u64,
        text: coding.reading.text.clone(),
        carry: coding.carry,
        conditions: only.none.conditions().collect(),
        left_out: 0,
    }
}

/// Removes the groups of an earlier report; a file of that name that no report wrote stays.
fn forget_groups(path: &Path) {
    let begins = output::GROUPS_CSV_BEGINS.as_bytes();
    let mut found = Vec::new();
    let most = (BOM.len() + begins.len()) as u64;
    let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut found));
    let found = found.strip_prefix(BOM).unwrap_or(&found);
    if read.is_ok() && found.starts_with(begins) {
        let _ = fs::remove_file(path);
    }
}

/// Tells in short what stands in the report.
fn print(
    summary: &str,
    folder: &Path,
    files: impl Iterator<Item = &'static str>,
    draft: Option<String>,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(summary.as_bytes())?;
    let files = files.collect::<Vec<_>>().join(", ");
    let folder = folder.display();
    writeln!(out, "\nWritten to {folder}: {files}")?;
    if let Some(draft) = draft {
        writeln!(out, "To draft themes for answers that name none: {draft}")?;
    }
    Ok(())
}

/// The command that proposes themes for what was read.
fn draft_command(coding: &Coding) -> String {
    let mut words = vec!["motamot taxonomy suggest".to_string()];
    let inputs = coding.reading.inputs.iter();
    words.extend(inputs.map(|input| quoted(&input.display().to_string())));
    let mut option = |name: &str, value: &String| {
        // What begins with a dash would be taken for an option of its own.
        let sign = if value.starts_with('-') { '=' } else { ' ' };
        words.push(format!("--{name}{sign}{}", quoted(value)));
    };
    let reading = &coding.reading;
    reading
        .input_format
        .iter()
        .for_each(|f| option("input-format", f));
    reading.text.iter().for_each(|c| option("text", c));
    reading.id.iter().for_each(|c| option("id", c));
    reading
        .respondent
        .iter()
        .for_each(|c| option("respondent", c));
    coding.only.iter().for_each(|c| option("where", c));
    if coding.taxonomy != "core" {
        option("taxonomy", &coding.taxonomy);
    }
    if coding.model != "builtin" {
        option("model", &coding.model);
    }
    if coding.carry {
        words.push("--carry".into());
    }
    words.push(format!("-o {}", free_name()));
    words.join(" ")
}

/// A word as a shell takes it, which has spaces and signs of its own; on Windows `\` is none of them.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '.' | '_' | '-' | '/' | ':')
            || cfg!(windows) && c == '\\'
    };
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// `draft.toml`, or what is like it and replaces no file.
fn free_name() -> String {
    let is_free = |name: &String| fs::symlink_metadata(name).is_err();
    std::iter::once("draft.toml".to_string())
        .chain((2..).map(|n| format!("draft-{n}.toml")))
        .find(is_free)
        .expect("no folder holds a file of each number")
}

/// Reads all codings, since the rows of an answer may stand anywhere. What cannot be understood is told, and stops the run: a report
/// on part of the codings would pass for one on all.
fn read_codings(
    inputs: &mut Inputs,
    progress: &Progress,
    coding: &Coding,
    taxonomy: &Taxonomy,
) -> Result<impl Iterator<Item = Work>> {
    /// Faults told at most, and answers that are counted together.
    const TOLD: usize = 20;
    const TOGETHER: usize = 500;
    let mut rows = Batch::default();
    for piece in inputs.pieces(progress, false) {
        rows.append(piece.read());
    }
    let found = input::codings(rows.responses, taxonomy);
    let faults = rows.rejects.iter().chain(&found.faults);
    for fault in faults.clone().take(TOLD) {
        progress.say(&format!("motamot: {}: {}", fault.source, fault.cause));
    }
    match faults.count() {
        0 => {}
        1 => {
            bail!("one row of the codings cannot be understood, so nothing was written; correct it")
        }
        n => bail!(
            "{n} rows of the codings cannot be understood, so nothing was written; correct them (the first {} are named above)",
            n.min(TOLD)
        ),
    }
    if found.lost > 0 && !coding.reading.quiet {
        progress.say(&match found.lost {
            1 => "motamot: 1 stretch of evidence is not in the words of its answer and was left out".into(),
            n => format!("motamot: {n} stretches of evidence are not in the words of their answers and were left out"),
        });
    }
    let mut rest = found.answers.into_iter();
    Ok(std::iter::from_fn(move || {
        let some: Vec<_> = rest.by_ref().take(TOGETHER).collect();
        (!some.is_empty()).then_some(Work::Coded(some))
    }))
}

/// Codes a batch and counts it, or what was coded before.
#[expect(clippy::too_many_arguments, reason = "one call, on any thread")]
fn count(
    classifier: &Classifier,
    coding: &Coding,
    only: &Only,
    scratch: &mut Scratch,
    batch: Batch,
    coded: Vec<(Response, Coded)>,
    groups: Option<ByGroup>,
    bounds: &Bounds,
) -> Part {
    let mut part = Part {
        lines: super::room(&batch.responses),
        tally: Tally::new(classifier.taxonomy()),
        groups,
        rejects: batch.rejects,
        answers: Default::default(),
    };
    let rejects = part.rejects.iter();
    rejects.for_each(|reject| part.tally.add_reject(reject));
    let mut take = |response: Response, coded: Coded, scratch: &mut Scratch| {
        part.tally.add(&response, &coded);
        if let Some(groups) = &mut part.groups {
            groups.add(&response, &coded);
        }
        // Writing into memory cannot fail.
        let _ = output::coding_line(&mut part.lines, &response, &coded, classifier.taxonomy());
        let is_coded = !coded.codings.is_empty();
        if !is_coded && non_answer(&response.text).is_some() {
            return;
        }
        let which = usize::from(is_coded);
        let bound = bounds[which].load(Relaxed);
        let rank = Sample::rank(&response);
        if bound > 0 && rank <= bound && !response.moderator {
            let answer = Answer::new(classifier, &response, &coded, scratch);
            part.answers[which].push((rank, answer));
        }
    };
    let mut filter = only.none.clone();
    for (response, coded) in coded {
        if filter.admits(&response, &coded) {
            take(response, coded, scratch);
        }
    }
    only.add(filter);
    super::each_coded(classifier, batch.responses, coding, only, scratch, take);
    part
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_wherever_a_shell_would_change_it() {
        assert_eq!(quoted("a/b-1.csv"), "a/b-1.csv");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("What's hard?"), r"'What'\''s hard?'");
        if cfg!(unix) {
            assert_eq!(quoted(r"a\b"), r"'a\b'");
        }
    }
}
