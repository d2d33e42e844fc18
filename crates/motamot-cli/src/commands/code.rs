//! `motamot code`: one line for each response.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use motamot::parallel::ordered_map;
use motamot::{Coded, Response, Scratch, output};

use crate::args::{CodeFormat, Coding};
use crate::files::Sink;
use crate::inputs::Inputs;
use crate::progress::Progress;

pub(crate) fn run(coding: &Coding, path: Option<&Path>, format: CodeFormat) -> Result<()> {
    let classifier = super::classifier(coding)?;
    let taxonomy = classifier.taxonomy();
    let mut inputs = Inputs::find(&coding.reading)?;
    let mut out = Sink::new(path)?;
    let progress = Progress::new(inputs.bytes(), coding.reading.quiet);
    let mut n_rejects = 0;
    let mut csv = match format {
        CodeFormat::Csv => Some(output::CodingsCsv::new(Vec::new())?),
        CodeFormat::Jsonl => None,
    };
    ordered_map(
        inputs.chunks(&progress),
        coding.reading.threads,
        1,
        Scratch::default,
        |scratch, chunk| {
            let batch = chunk.parse();
            let coded: Vec<(Response, Coded)> = batch
                .responses
                .into_iter()
                .map(|response| {
                    let coded = classifier.classify(&response, scratch);
                    (response, coded)
                })
                .collect();
            let mut lines = Vec::new();
            if matches!(format, CodeFormat::Jsonl) {
                for (response, coded) in &coded {
                    // Writing into memory cannot fail.
                    let _ = output::coding_line(&mut lines, response, coded, taxonomy);
                }
            }
            (lines, coded, batch.rejects)
        },
        |(lines, coded, rejects)| {
            out.write_all(&lines)?;
            if let Some(csv) = &mut csv {
                for (response, coded) in &coded {
                    csv.write(response, coded, taxonomy)?;
                }
            }
            for reject in &rejects {
                n_rejects += 1;
                progress.reject(n_rejects, reject);
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    progress.finish(n_rejects);
    out.finish()?;
    super::unread(inputs.unread)
}
