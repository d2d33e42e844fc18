//! How is a large corpus coded on all cores, in order, in bounded memory, with a progress bar?
//!
//! ```text
//! cargo run --release --example walk_corpus -- big.jsonl
//! ```

use std::error::Error;
use std::fs::File;

use indicatif::ProgressBar;
use motamot::input::{self, Options};
use motamot::parallel::ordered_map;
use motamot::{Classifier, Report, Scratch, Tally, Taxonomy};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "data/samples/phone-answers.jsonl".into());
    let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
    let file = File::open(&path)?;
    let bar = ProgressBar::new(file.metadata()?.len());

    let mut total = Some(Tally::new(classifier.taxonomy()));
    ordered_map(
        // About a megabyte at a time: two chunks a thread are in memory, whatever the size of the file.
        input::chunks(&path, bar.wrap_read(file), &Options::default()),
        0,
        1,
        Scratch::default,
        |scratch, chunk| {
            let mut tally = Tally::new(classifier.taxonomy());
            let batch = chunk?.parse();
            for response in &batch.responses {
                tally.add(response, &classifier.classify(response, scratch));
            }
            batch
                .rejects
                .iter()
                .for_each(|reject| tally.add_reject(reject));
            Ok::<Tally, std::io::Error>(tally)
        },
        |tally| {
            let tally = tally?;
            total = total.take().map(|sum| sum.merge(tally));
            Ok::<(), std::io::Error>(())
        },
    )?;
    bar.finish_and_clear();

    if let Some(tally) = total {
        print!(
            "{}",
            motamot::output::report_table(&Report::new(&tally, classifier.taxonomy()))
        );
    }
    Ok(())
}
