//! Can field offices count by themselves and send only their counts? Yes: tallies add up, in any order.
//!
//! ```text
//! cargo run --example merge_tallies
//! ```

use motamot::{Classifier, Error, Report, Response, Scratch, Tally, Taxonomy};

fn main() -> Result<(), Error> {
    let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
    let kurigram = ["Internet is slow", "জনবল কম", "No budget for meetings"];
    let satkhira = [
        "net thake na",
        "কোনো সমস্যা নেই",
        "Two of us for four desks",
        "বাজেট নাই",
    ];

    let count = |district: &str, answers: &[&str]| {
        let mut scratch = Scratch::default();
        let mut tally = Tally::new(classifier.taxonomy());
        for (i, text) in answers.iter().enumerate() {
            let response = Response::new(format!("{district}-{i}"), *text);
            tally.add(&response, &classifier.classify(&response, &mut scratch));
        }
        tally
    };
    let one_way = count("K", &kurigram).merge(count("S", &satkhira));
    let other_way = count("S", &satkhira).merge(count("K", &kurigram));
    assert_eq!(one_way, other_way);

    let report = Report::new(&one_way, classifier.taxonomy());
    print!("{}", motamot::output::report_table(&report));
    Ok(())
}
