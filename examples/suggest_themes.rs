//! How are the answers grouped that no theme fits, and how does a draft of new themes come of them?
//!
//! ```text
//! cargo run --example suggest_themes
//! ```

use motamot::cluster::{Answer, Corpus, Options};
use motamot::output::suggestions_toml;
use motamot::{Classifier, Error, Response, Scratch, Taxonomy};

const ANSWERS: [&str; 18] = [
    "the ferry does not run in the rains",
    "ferry ghat is far",
    "no ferry at night",
    "ফেরি চলে না",
    "ফেরি ঘাট দূরে",
    "রাতে ফেরি নাই",
    "ferry ghat dure",
    "boats and ferry cross the river late",
    "নৌকা আর ফেরি নদী পার হয় দেরিতে",
    "children leave school early",
    "the school teacher is kind",
    "school has no toilet",
    "স্কুলে টয়লেট নাই",
    "স্কুলের শিক্ষক ভালো",
    "বাচ্চারা স্কুল ছাড়ে",
    "school er teacher bhalo",
    "girls walk to school",
    "মেয়েরা হেঁটে স্কুলে যায়",
];

fn main() -> Result<(), Error> {
    let classifier = Classifier::builder().taxonomy(Taxonomy::core()).build()?;
    let (mut corpus, mut scratch) = (Corpus::new(), Scratch::default());
    for (i, text) in ANSWERS.iter().enumerate() {
        let response = Response::new(format!("r{i}"), *text);
        let coded = classifier.classify(&response, &mut scratch);
        corpus.add(Answer::new(&classifier, &response, &coded, &mut scratch));
    }

    let options = Options {
        k: Some(2),
        ..Options::default()
    };
    for cluster in corpus.cluster(&options).clusters {
        println!("{} answers: {}", cluster.size, cluster.label.join(", "));
    }

    // The draft is a taxonomy: it can be loaded as it stands, or after editing.
    let found = corpus.suggest(classifier.taxonomy(), &options);
    let draft = suggestions_toml(&found, classifier.taxonomy(), "core");
    println!("\n{draft}");
    let taxonomy = Taxonomy::from_toml("draft.toml", &draft)?;
    println!("{} themes", taxonomy.tops().count());
    Ok(())
}
