//! Times motamot for the table of peers: rules alone, one thread, an answer a line. With `--known` its memory has met the
//! words of the text before; a peer has no such memory, so without it none has been met.

use anyhow::{Context, Result};
use motamot::{Classifier, Scratch, Taxonomy};
use motamot_bench::run::to_tally;
use motamot_bench::time::{median, took};

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("a file of answers")?;
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read '{file}'"))?;
    // Its threads share analyses, so that only a new one knows none.
    let new = || {
        let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
        builder.rules_only().build()
    };
    let mut classifier = new()?;
    let mut coded = 0;
    let is_known = std::env::args().nth(2).is_some_and(|arg| arg == "--known");
    let mut scratch = Scratch::default();
    if is_known {
        to_tally(&classifier, &bytes, &mut scratch);
    }
    let mut times = Vec::new();
    for _ in 0..3 {
        if !is_known {
            (classifier, scratch) = (new()?, Scratch::default());
        }
        let took = took(|| {
            let tally = to_tally(&classifier, &bytes, &mut scratch);
            coded = tally.responses() - tally.uncoded();
        });
        times.push(took.cpu);
    }
    let seconds = median(times);
    println!("took {seconds} {coded}");
    Ok(())
}
