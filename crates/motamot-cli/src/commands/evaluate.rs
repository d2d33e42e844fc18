//! `motamot evaluate`: one coder beside another.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use motamot::evaluate::{Judgements, Options, evaluate};
use motamot::output;

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
        bail!("the gold files hold no answer");
    }
    let evaluation = evaluate(&gold, &coded, &options);
    let mut out = std::io::stdout().lock();
    if json {
        output::evaluation_json(&mut out, &evaluation)?;
    } else {
        out.write_all(output::evaluation_table(&evaluation).as_bytes())?;
    }
    Ok(())
}

fn read(paths: &[PathBuf]) -> Result<Judgements> {
    let mut all = Judgements::new();
    for path in paths {
        let text = text_of(path)?;
        all.extend(&text)
            .map_err(|fault| anyhow!("{}: {fault}", path.display()))?;
    }
    Ok(all)
}

fn text_of(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read '{}'", path.display()))?;
    String::from_utf8(bytes)
        .with_context(|| format!("'{}' is not UTF-8; save it as UTF-8", path.display()))
}
