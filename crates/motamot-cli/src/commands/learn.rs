//! `motamot learn`: trains the statistical coder on coded answers.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use motamot::model::learn::{Example, Learned, learn};
use motamot::model::vectors::Vectors;
use motamot::{Classifier, Polarity, Response, Role, Scratch};
use serde_json::Value;

use crate::files::{Draft, keep_apart};

pub(crate) fn run(gold: &[PathBuf], to: &Path, taxonomy: &str, group: &str) -> Result<()> {
    let inputs = gold.iter().map(PathBuf::as_path);
    keep_apart([to], inputs.chain(super::taxonomy_file(taxonomy)))?;
    let taxonomy = super::taxonomy_named(taxonomy)?;
    let classifier = Classifier::builder()
        .taxonomy(taxonomy)
        .rules_only()
        .build()?;
    let mut scratch = Scratch::default();
    let mut examples = Vec::new();
    for path in gold {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read '{}'", path.display()))?;
        let is_table = path.extension().is_some_and(|e| e == "tsv");
        for (n, line) in text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let answer = if is_table {
                from_row(line)
            } else {
                from_json(line, group)
            };
            let mut answer = answer.with_context(|| format!("{}:{}", path.display(), n + 1))?;
            if answer.group.is_empty() {
                answer.group = path.to_string_lossy().into_owned();
            }
            examples.push(example(&classifier, &answer, &mut scratch)?);
        }
    }
    let (outputs, inputs) = classifier.model_names();
    say!(
        "{} coded answers; training takes about a minute for ten thousand",
        examples.len()
    );
    let learned = learn(&examples, outputs, inputs, &Vectors::builtin())?;
    let mut draft = Draft::new(to)?;
    draft.write_all(&learned.model.to_bytes())?;
    draft.keep()?;
    let mut out = std::io::stdout().lock();
    out.write_all(summary(&learned).as_bytes())?;
    writeln!(
        out,
        "\nWritten to {}; use it with --model {}",
        to.display(),
        to.display()
    )?;
    Ok(())
}

struct Answer {
    text: String,
    context: Option<String>,
    themes: Vec<String>,
    polarity: Polarity,
    role: Option<Role>,
    group: String,
}

fn from_json(line: &str, group: &str) -> Result<Answer> {
    let row: Value = serde_json::from_str(line).context("bad JSON")?;
    let Some(text) = row["text"].as_str() else {
        bail!("no `text`")
    };
    let Some(themes) = row["themes"].as_array() else {
        bail!("no list of `themes`")
    };
    let themes = themes
        .iter()
        .map(|t| t.as_str().map(str::to_string))
        .collect::<Option<_>>();
    Ok(Answer {
        text: text.to_string(),
        context: row["context"].as_str().map(str::to_string),
        themes: themes.context("a theme that is no text")?,
        polarity: row["polarity"]
            .as_str()
            .and_then(Polarity::parse)
            .unwrap_or(Polarity::Present),
        role: row["role"].as_str().and_then(Role::parse),
        group: row[group].as_str().unwrap_or_default().to_string(),
    })
}

fn from_row(line: &str) -> Result<Answer> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [themes, polarity, role, _, text, ..] = columns.as_slice() else {
        bail!(
            "{} columns where themes, polarity, role, language and text are wanted",
            columns.len()
        );
    };
    let themes = themes
        .split(',')
        .map(str::trim)
        .filter(|t| !t.is_empty() && *t != "-");
    let context = columns.get(5).map(|c| c.trim()).filter(|c| !c.is_empty());
    Ok(Answer {
        text: text.to_string(),
        context: context.map(str::to_string),
        themes: themes.map(str::to_string).collect(),
        polarity: Polarity::parse(polarity)
            .with_context(|| format!("there is no polarity '{polarity}'"))?,
        role: Role::parse(role),
        group: String::new(),
    })
}

fn example(classifier: &Classifier, answer: &Answer, scratch: &mut Scratch) -> Result<Example> {
    let taxonomy = classifier.taxonomy();
    let tops: Vec<&str> = taxonomy
        .tops()
        .map(|t| taxonomy.theme(t).code.as_str())
        .collect();
    // A wider gold serves a narrower taxonomy: nsss answers train core. A theme of neither is a slip.
    let known = |theme: &str| {
        let top = theme.split('.').next().unwrap_or(theme);
        tops.contains(&top) || motamot::Taxonomy::nsss().find(top).is_some()
    };
    if let Some(theme) = answer
        .themes
        .iter()
        .find(|t| !tops.contains(&t.split('.').next().unwrap_or(t)) && !known(t))
    {
        bail!(
            "there is no theme '{theme}' in the taxonomy {}",
            taxonomy.name()
        );
    }
    // FNV-1a, since the standard hasher may change from one compiler to the next.
    let group = answer
        .group
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |h: u64, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut response = Response::new("", answer.text.as_str());
    response.role = answer.role;
    response.context = answer.context.as_deref().map(Into::into);
    let themes: Vec<&str> = answer.themes.iter().map(String::as_str).collect();
    Ok(classifier.example(&response, &themes, answer.polarity, group, scratch))
}

fn summary(learned: &Learned) -> String {
    let mut out = format!(
        "{:<16}{:>8}  {:>9}  {:>9}\n",
        "Theme", "Answers", "Rules F1", "With model"
    );
    let mut sums = (0.0, 0.0);
    let note = |decides: bool| {
        if decides { "" } else { "  left to the rules" }
    };
    for theme in &learned.themes {
        let note = note(theme.decides);
        out.push_str(&format!(
            "{:<16}{:>8}  {:>9.3}  {:>9.3}{note}\n",
            theme.code, theme.answers, theme.rules_f1, theme.model_f1
        ));
        sums.0 += theme.rules_f1;
        sums.1 += if theme.decides {
            theme.model_f1
        } else {
            theme.rules_f1
        };
    }
    let n = learned.themes.len().max(1) as f64;
    out.push_str(&format!(
        "{:<16}{:>8}  {:>9.3}  {:>9.3}\n",
        "mean",
        "",
        sums.0 / n,
        sums.1 / n
    ));
    let role = &learned.role;
    if role.answers > 0 {
        let note = note(role.decides);
        out.push_str(&format!(
            "{:<16}{:>8}  {:>9.3}  {:>9.3}{note}\n",
            "role (share)", role.answers, role.rules, role.model
        ));
    }
    out.push_str(
        "By cross-validation: each answer is judged by a model that saw none of its group.\n",
    );
    out
}
