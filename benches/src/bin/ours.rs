//! Times motamot for the table of peers: rules alone, one thread, an answer a line.

use anyhow::{Context, Result};
use motamot::{Classifier, Scratch, Taxonomy};
use motamot_bench::run::to_tally;
use motamot_bench::time::{median, took};

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("a file of answers")?;
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read '{file}'"))?;
    let classifier = Classifier::builder()
        .taxonomy(Taxonomy::nsss())
        .rules_only()
        .build()?;
    let mut coded = 0;
    // Its memory of words is cold, as a peer's is.
    let times = (0..3).map(|_| {
        took(|| {
            let tally = to_tally(&classifier, &bytes, &mut Scratch::default());
            coded = tally.responses() - tally.uncoded();
        })
        .cpu
    });
    let seconds = median(times.collect());
    println!("took {seconds} {coded}");
    Ok(())
}
