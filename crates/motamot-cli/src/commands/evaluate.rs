//! `motamot evaluate`: one coder beside another.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use motamot::evaluate::{Evaluation, Judgements, LoneTheme, Options, evaluate};
use motamot::output::shown_in_line;
use motamot::{Taxonomy, output};

use super::utf8;
use crate::inputs::plain;

/// Themes that only one file has and that are named at most: a wrong column should not fill the screen.
const NAMED: usize = 20;

pub(crate) fn options(
    themes: Vec<String>,
    by: Vec<String>,
    subthemes: bool,
    resamples: usize,
) -> Options {
    Options {
        themes: (!themes.is_empty()).then_some(themes),
        subthemes,
        by,
        resamples,
        ..Options::default()
    }
}

pub(crate) fn run(gold: &[PathBuf], coded: &[PathBuf], options: Options, json: bool) -> Result<()> {
    let (gold, coded) = (read(gold)?, read(coded)?);
    if gold.is_empty() {
        bail!("the files of --gold hold no answer; name the answers that were coded by hand");
    }
    if coded.is_empty() {
        bail!(
            "the files of --coded hold no answer; name the other coder's, such as the output of `motamot code`"
        );
    }
    share_ids(&gold, &coded)?;
    has_themes(&gold)?;
    name_themes(&options, &gold, &coded)?;
    let evaluation = evaluate(&gold, &coded, &options);
    remark_on_lone_themes(&evaluation);
    let mut out = std::io::stdout().lock();
    if json {
        output::evaluation_json(&mut out, &evaluation)?;
    } else {
        out.write_all(output::evaluation_table(&evaluation).as_bytes())?;
    }
    Ok(())
}

/// Figures of two files without an answer in common would look like those of a coder who is always wrong.
fn share_ids(gold: &Judgements, coded: &Judgements) -> Result<()> {
    let ids: BTreeSet<&str> = gold.rows().iter().map(|row| row.id.as_str()).collect();
    if !coded.rows().iter().any(|row| ids.contains(row.id.as_str())) {
        bail!(
            "no id stands in both files: --gold begins with '{}', --coded with '{}'; code the very answers that were coded by hand, \
             with their ids",
            gold.rows()[0].id,
            coded.rows()[0].id
        );
    }
    Ok(())
}

/// Where nobody judged a theme, the column has another name.
fn has_themes(gold: &Judgements) -> Result<()> {
    if !gold.rows().iter().any(|row| row.judged) {
        bail!(
            "no row of --gold tells themes: write `themes`, a list of codes, empty where there is none, or `codings`"
        );
    }
    Ok(())
}

/// A theme that nobody gave may be rare; one that no taxonomy has either is a slip.
fn name_themes(options: &Options, gold: &Judgements, coded: &Judgements) -> Result<()> {
    let rows = gold.rows().iter().chain(coded.rows());
    let given = rows.flat_map(|row| row.themes.keys()).map(String::as_str);
    let given: BTreeSet<&str> = given
        .map(|code| match options.subthemes {
            true => code,
            false => code.split('.').next().unwrap_or(code),
        })
        .collect();
    let names = Taxonomy::builtin_names().iter();
    let built_in: Vec<Taxonomy> = names.filter_map(|name| Taxonomy::builtin(name)).collect();
    for theme in options.themes.iter().flatten() {
        let is_level = options.subthemes || !theme.contains('.');
        let is_known = built_in.iter().any(|t| t.find(theme).is_some());
        if is_known && !is_level {
            bail!("'{theme}' is a subtheme; add --subthemes to tell them apart");
        }
        if !is_known && !given.contains(theme.as_str()) {
            let given: Vec<&str> = given.into_iter().collect();
            bail!(
                "there is no theme '{theme}'; the files have {}",
                given.join(", ")
            );
        }
    }
    Ok(())
}

/// A theme that only one file has may be rare; a slip, which no figure shows, would draw them all down.
fn remark_on_lone_themes(evaluation: &Evaluation) {
    for (own, other, in_gold) in [("--gold", "--coded", true), ("--coded", "--gold", false)] {
        let lone = || evaluation.lone.iter().filter(|t| t.in_gold == in_gold);
        let named = |theme: &LoneTheme| {
            let like = theme.like.as_deref().map(shown_in_line);
            let like = like.map_or(String::new(), |like| format!(" (did you mean '{like}'?)"));
            format!("'{}'{like}", shown_in_line(&theme.code))
        };
        let names: Vec<String> = lone().take(NAMED).map(named).collect();
        let more = match lone().count() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if !names.is_empty() {
            say!(
                "motamot: {own} has themes that {other} never gives: {}{more}; each counts as a theme of its own, so mend the file \
                 where one is a slip",
                names.join(", ")
            );
        }
    }
}

fn read(paths: &[PathBuf]) -> Result<Judgements> {
    let mut all = Judgements::new();
    for path in paths {
        add(&mut all, path, &text_of(path)?)?;
    }
    Ok(all)
}

/// Adds the judgements of a file that reads `text`.
pub(super) fn add(all: &mut Judgements, path: &Path, text: &str) -> Result<()> {
    let added = if is_table(path, text) {
        all.extend_csv(text)
    } else {
        all.extend(text)
    };
    added.map_err(|fault| anyhow!("{}: {fault}", path.display()))
}

/// Whether a file is CSV, by its extension; a pipe has none and is known by what it begins with.
fn is_table(path: &Path, text: &str) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("csv" | "tsv") => true,
        Some("jsonl" | "ndjson" | "json") => false,
        _ => !text
            .trim_start_matches(['\u{feff}', ' ', '\n'])
            .starts_with(['{', '[']),
    }
}

pub(super) fn text_of(path: &Path) -> Result<String> {
    let bytes = fs::read(path)
        .map_err(|error| anyhow!("cannot read '{}': {}", path.display(), plain(&error)))?;
    utf8(bytes, path)
}
