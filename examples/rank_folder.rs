//! Which themes do the answers of a folder name, most frequent first?
//!
//! ```text
//! cargo run --example rank_folder -- data/samples
//! ```

use std::error::Error;
use std::fs;

use motamot::input::{self, Options};
use motamot::{Classifier, Report, Scratch, Tally, Taxonomy};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "data/samples".into());
    let classifier = Classifier::builder().taxonomy(Taxonomy::nsss()).build()?;
    let mut scratch = Scratch::default();
    let mut tally = Tally::new(classifier.taxonomy());

    let mut paths: Vec<_> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e != "md"));
    paths.sort();
    for path in paths {
        let batch = input::read(
            &path.to_string_lossy(),
            &fs::read(&path)?,
            &Options::default(),
        );
        for response in &batch.responses {
            tally.add(response, &classifier.classify(response, &mut scratch));
        }
        batch
            .rejects
            .iter()
            .for_each(|reject| tally.add_reject(reject));
    }

    let report = Report::new(&tally, classifier.taxonomy());
    print!("{}", motamot::output::report_table(&report));
    Ok(())
}
