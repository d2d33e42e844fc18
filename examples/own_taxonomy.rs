//! How is a taxonomy of one's own written and used?
//!
//! ```text
//! cargo run --example own_taxonomy
//! ```

use motamot::{Classifier, Error, Response, Scratch, Taxonomy};

const CLINIC: &str = r#"
name = "clinic"
label = { en = "Clinic survey", bn = "ক্লিনিক জরিপ" }

[sets]
wait = { en = ["wait", "queue", "stand in line"], bn = ["অপেক্ষা", "লাইনে দাঁড়ানো", "বসে থাকা"] }

[[theme]]
code = "waiting"
label = { en = "Waiting", bn = "অপেক্ষা" }
definition = "How long people wait, and where."
terms = ["<wait>", "(doctor|ডাক্তার) & (late|দেরি)"]

[[theme]]
code = "medicine"
label = { en = "Medicine", bn = "ওষুধ" }
definition = "Medicine that is there or not."
terms.en = ["medicine", "tablet", { term = "drug", not = ["drug addict"] }]
terms.bn = ["ওষুধ", "ঔষধ"]
"#;

fn main() -> Result<(), Error> {
    let classifier = Classifier::builder()
        .taxonomy(Taxonomy::from_toml("clinic.toml", CLINIC)?)
        .build()?;
    let mut scratch = Scratch::default();
    for text in [
        "Two hours in the queue and the doctor came late",
        "ওষুধ বাইরে থেকে কিনতে হয়",
        "oshudh nai, sobai opekkha kore",
        "Nurses are kind",
    ] {
        let coded = classifier.classify(&Response::new("", text), &mut scratch);
        let codes: Vec<&str> = coded
            .codings
            .iter()
            .map(|c| classifier.taxonomy().theme(c.theme).code.as_str())
            .collect();
        println!(
            "{text}\n  {}",
            if codes.is_empty() {
                "(no theme)".into()
            } else {
                codes.join(", ")
            }
        );
    }

    // A mistake is told with its place and what to do about it.
    if let Err(error) =
        Taxonomy::from_toml("clinic.toml", &CLINIC.replace("\"<wait>\"", "\"<wiat>\""))
    {
        println!("\n{error}");
    }
    Ok(())
}
