//! `motamot learn`: trains the statistical coder on coded answers.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use motamot::evaluate::{Judgement, Judgements};
use motamot::model::learn::{Example, Learned, learn};
use motamot::model::vectors::Vectors;
use motamot::text::non_answer::is_nobody;
use motamot::{Classifier, Polarity, Response, Role, Scratch};

use crate::files::{Draft, keep_apart};

pub(crate) fn run(gold: &[PathBuf], to: &Path, taxonomy: &str, group: &str) -> Result<()> {
    let inputs = gold.iter().map(PathBuf::as_path);
    keep_apart([to], inputs.chain(super::taxonomy_file(taxonomy)))?;
    let taxonomy = super::taxonomy_named(taxonomy)?;
    let classifier = Classifier::builder()
        .taxonomy(taxonomy)
        .rules_only()
        .build()?;
    let answers = read(gold, group)?;
    let mut scratch = Scratch::default();
    let examples = answers
        .iter()
        .map(|answer| example(&classifier, answer, &mut scratch))
        .collect::<Result<Vec<_>>>()?;
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
    out.write_all(summary(&learned, examples.len()).as_bytes())?;
    if !learned.role.decides && !learned.themes.iter().any(|theme| theme.decides) {
        say!(
            "motamot: no theme was learnt better than the rules know it; the model leaves them all to the rules"
        );
    }
    writeln!(
        out,
        "\nWritten to {}; use it with --model {}",
        to.display(),
        to.display()
    )?;
    Ok(())
}

/// The coded answers of all files.
fn read(gold: &[PathBuf], group: &str) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    let (mut n_unjudged, mut n_grouped) = (0, 0);
    for path in gold {
        let text = super::evaluate::text_of(path)?;
        if is_training(path, &text) {
            answers.append(&mut from_rows(path, &text)?);
            continue;
        }
        let mut judgements = Judgements::of_any_id();
        super::evaluate::add(&mut judgements, path, &text)?;
        for (n, row) in judgements.rows().iter().enumerate() {
            if !row.judged {
                n_unjudged += 1;
                continue;
            }
            let own = row.field(group).filter(|own| !is_nobody(own));
            n_grouped += usize::from(own.is_some());
            // Of an answer without a group nobody knows that another belongs to it.
            let own = own.unwrap_or_else(|| format!("{}:{n}", path.display()));
            let answer = from_judgement(row, own);
            answers.push(answer.with_context(|| {
                format!("{}: answer {} (id '{}')", path.display(), n + 1, row.id)
            })?);
        }
    }
    if group != RESPONDENT && n_grouped == 0 {
        bail!("no row has a column '{group}'; check the name after --group");
    }
    if n_unjudged > 0 {
        say!(
            "motamot: {n_unjudged} rows tell no `themes` and teach nothing; write an empty list where there is none"
        );
    }
    Ok(answers)
}

/// The column of groups where none is named.
pub(crate) const RESPONDENT: &str = "respondent";

struct Answer {
    text: String,
    context: Option<String>,
    themes: Vec<String>,
    polarity: Polarity,
    role: Option<Role>,
    group: String,
}

fn from_judgement(row: &Judgement, group: String) -> Result<Answer> {
    if row.text.trim().is_empty() {
        bail!("no `text`, from which to learn; give the words beside the codings");
    }
    Ok(Answer {
        text: row.text.clone(),
        context: row.field("context"),
        themes: row.themes.keys().cloned().collect(),
        polarity: row.polarity,
        role: row.role,
        group,
    })
}

/// Whether a file is one of `data/training`: columns parted by tabs, without a header. A table of codings names its own.
fn is_training(path: &Path, text: &str) -> bool {
    let mut names = text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap_or_default()
        .split('\t')
        .map(str::trim);
    path.extension().is_some_and(|e| e == "tsv") && !names.any(|name| name == "theme")
}

/// Reads a training file, whose answers are of one author and thus of one group.
fn from_rows(path: &Path, text: &str) -> Result<Vec<Answer>> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(n, line)| {
            let mut answer =
                from_row(line).with_context(|| format!("{}:{}", path.display(), n + 1))?;
            answer.group = path.to_string_lossy().into_owned();
            Ok(answer)
        })
        .collect()
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

fn summary(learned: &Learned, answers: usize) -> String {
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
    if learned.judged < answers {
        out.push_str(&format!(
            "Only {} of {answers} answers are counted: one fold of whole groups holds more than half of all,\n\
             and the others are too few to judge it by. Answers of more people mend that.\n",
            learned.judged
        ));
    }
    out
}
