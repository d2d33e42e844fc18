//! Which themes does one sentence name, and on which words does that rest?
//!
//! ```text
//! cargo run --example classify_sentence -- "দক্ষ জনবলের অভাব, net khub slow"
//! ```

use motamot::{Classifier, Error, Response, Scratch, Taxonomy};

fn main() -> Result<(), Error> {
    let text = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "দক্ষ জনবলের অভাব, net khub slow, but no shortage of funds".into());
    let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
    let response = Response::new("1", text);
    let coded = classifier.classify(&response, &mut Scratch::default());

    println!("{}", response.text);
    println!("language {}, role {}", coded.language, coded.role);
    for coding in &coded.codings {
        let theme = classifier.taxonomy().theme(coding.theme);
        println!("{} ({}), {}", theme.code, theme.label_bn, coding.polarity);
        for evidence in &coding.evidence {
            println!("  \u{201c}{}\u{201d}", evidence.span.of(&response.text));
        }
    }
    Ok(())
}
