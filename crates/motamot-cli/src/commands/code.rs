//! `motamot code`: one line for each response, or one row for each coding.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, bail};
use motamot::Scratch;
use motamot::output::{self, CodingsCsv};
use motamot::parallel::ordered_map;

use crate::args::{CodeFormat, Coding};
use crate::files::{BOM, Sink, keep_apart};
use crate::inputs::Inputs;
use crate::progress::Progress;

/// Where codings go, by format. Rows wait in a file of their own until all columns are known.
enum Out {
    Lines(Sink),
    Rows(Box<CodingsCsv<File>>, Sink),
}

pub(crate) fn run(
    coding: &Coding,
    path: Option<&Path>,
    format: CodeFormat,
    excel: bool,
) -> Result<()> {
    if excel && format != CodeFormat::Csv {
        bail!("--excel is for tables; add --format csv");
    }
    let only = super::Only::new(coding)?;
    let mut inputs = Inputs::find(&coding.reading)?;
    keep_apart(path, inputs.paths().chain(super::settings(coding)))?;
    let classifier = super::classifier(coding)?;
    let taxonomy = classifier.taxonomy();
    let sink = Sink::new(path)?;
    let mut out = match format {
        CodeFormat::Jsonl => Out::Lines(sink),
        CodeFormat::Csv => Out::Rows(Box::new(CodingsCsv::new(spool()?)), sink),
    };
    let progress = Progress::new(inputs.bytes(), coding.reading.quiet);
    let (mut n_responses, mut n_rejects) = (0, 0);
    ordered_map(
        inputs.pieces(&progress, coding.carry),
        coding.reading.threads,
        1,
        Scratch::default,
        |scratch, piece| {
            let batch = piece.parse(&progress);
            let n = batch.responses.len() as u64;
            let (mut lines, mut rows) = (Vec::new(), Vec::new());
            if format == CodeFormat::Jsonl {
                lines = super::room(&batch.responses);
            }
            let take = |response, coded, _: &mut _| match format {
                CodeFormat::Jsonl => {
                    // Writing into memory cannot fail.
                    let _ = output::coding_line(&mut lines, &response, &coded, taxonomy);
                }
                CodeFormat::Csv => rows.push((response, coded)),
            };
            super::each_coded(&classifier, batch.responses, coding, &only, scratch, take);
            (lines, n, rows, batch.rejects)
        },
        |(lines, n, rows, rejects)| {
            n_responses += n;
            match &mut out {
                Out::Lines(sink) => sink.write_all(&lines)?,
                Out::Rows(csv, _) => {
                    for (response, coded) in &rows {
                        csv.write(response, coded, taxonomy).map_err(spooled)?;
                    }
                }
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
    read.any()?;
    match out {
        Out::Lines(sink) => sink.finish()?,
        Out::Rows(csv, mut sink) => {
            if excel && sink.is_file() {
                sink.write_all(BOM)?;
            }
            csv.finish(&mut sink)?;
            sink.finish()?;
        }
    }
    read.all()
}

/// A file without a name, which is gone when the program ends, however it ends.
fn spool() -> Result<File> {
    tempfile::tempfile().map_err(spooled)
}

/// What a fault of the file in which rows wait means to the user; what is wrong with a row says so itself.
fn spooled(fault: io::Error) -> anyhow::Error {
    if fault.kind() == io::ErrorKind::InvalidInput {
        return fault.into();
    }
    let folder = std::env::temp_dir();
    let said = format!(
        "cannot keep rows in a temporary file in '{}'; set TMPDIR to a folder with room",
        folder.display()
    );
    anyhow::Error::new(fault).context(said)
}
