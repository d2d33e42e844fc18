//! `motamot code`: one line for each response, or one row for each coding.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use motamot::Scratch;
use motamot::output::{self, CodingsCsv};
use motamot::parallel::ordered_map;

use crate::args::{CodeFormat, Coding};
use crate::files::{Sink, keep_apart};
use crate::inputs::Inputs;
use crate::progress::Progress;

/// Where codings go, by format.
enum Out {
    Lines(Sink),
    Rows(Box<CodingsCsv<Sink>>),
}

pub(crate) fn run(coding: &Coding, path: Option<&Path>, format: CodeFormat) -> Result<()> {
    let mut inputs = Inputs::find(&coding.reading)?;
    keep_apart(path, inputs.paths().chain(super::settings(coding)))?;
    let classifier = super::classifier(coding)?;
    let taxonomy = classifier.taxonomy();
    let sink = Sink::new(path)?;
    let mut out = match format {
        CodeFormat::Jsonl => Out::Lines(sink),
        CodeFormat::Csv => Out::Rows(Box::new(CodingsCsv::new(sink)?)),
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
            let mut lines = Vec::new();
            let coded = super::code_all(&classifier, &batch.responses, coding, scratch);
            if matches!(format, CodeFormat::Jsonl) {
                for (response, coded) in batch.responses.iter().zip(&coded) {
                    // Writing into memory cannot fail.
                    let _ = output::coding_line(&mut lines, response, coded, taxonomy);
                }
            }
            (lines, batch.responses, coded, batch.rejects)
        },
        |(lines, responses, coded, rejects)| {
            n_responses += coded.len() as u64;
            match &mut out {
                Out::Lines(sink) => sink.write_all(&lines)?,
                Out::Rows(csv) => {
                    for (response, coded) in responses.iter().zip(&coded) {
                        csv.write(response, coded, taxonomy)?;
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
    progress.finish();
    match out {
        Out::Lines(sink) => sink.finish()?,
        Out::Rows(csv) => csv.finish()?.finish()?,
    }
    super::unread(inputs.unread, n_responses, n_rejects)
}
