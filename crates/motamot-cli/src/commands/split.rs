//! `motamot split`: only reads and segments.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use motamot::output;
use motamot::parallel::ordered_map;

use crate::args::Reading;
use crate::files::{Sink, keep_apart};
use crate::inputs::Inputs;
use crate::progress::Progress;

pub(crate) fn run(reading: &Reading, path: Option<&Path>) -> Result<()> {
    let mut inputs = Inputs::find(reading)?;
    keep_apart(path, inputs.paths())?;
    let mut out = Sink::new(path)?;
    let progress = Progress::new(inputs.bytes(), reading.quiet);
    let (mut n_responses, mut n_rejects) = (0, 0);
    ordered_map(
        inputs.pieces(&progress, true),
        reading.threads,
        1,
        || (),
        |(), piece| {
            let batch = piece.parse(&progress);
            let mut lines = Vec::new();
            for response in &batch.responses {
                // Writing into memory cannot fail.
                let _ = output::response_line(&mut lines, response);
            }
            (batch.responses.len() as u64, lines, batch.rejects)
        },
        |(n, lines, rejects)| {
            n_responses += n;
            out.write_all(&lines)?;
            for reject in &rejects {
                n_rejects += 1;
                progress.reject(reject);
            }
            Ok::<(), anyhow::Error>(())
        },
    )?;
    progress.finish(None);
    let read = super::Read {
        unread: inputs.unread,
        responses: n_responses,
        rejects: n_rejects,
    };
    read.any()?;
    out.finish()?;
    read.all()
}
