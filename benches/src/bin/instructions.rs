//! Counts the instructions that coding takes for each byte, which are the same on every run where times are not, and fails
//! where they are more than `benches/instructions.toml` allows. It needs `valgrind`.
//!
//! What start-up takes falls out: only the difference of two runs counts. A text is coded once and three times, which tells
//! what known words cost; and half of it is coded once, which tells what new ones add.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use motamot::{Classifier, Scratch, Taxonomy};
use motamot_bench::generator::{Kind, lines};
use motamot_bench::run::to_tally;

/// Counts the instructions that coding takes for each byte.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    work: Option<Work>,
}

#[derive(Subcommand)]
enum Work {
    /// Codes a file and tells nothing: what runs under valgrind.
    Run {
        file: PathBuf,
        passes: usize,
        #[arg(long)]
        model: bool,
    },
}

const BYTES: usize = 80_000;

fn main() -> Result<ExitCode> {
    match Args::parse().work {
        Some(Work::Run {
            file,
            passes,
            model,
        }) => {
            run(&std::fs::read(file)?, passes, model)?;
            Ok(ExitCode::SUCCESS)
        }
        None => guard(),
    }
}

fn run(bytes: &[u8], passes: usize, model: bool) -> Result<()> {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let builder = if model { builder } else { builder.rules_only() };
    let classifier = builder.build()?;
    let mut scratch = Scratch::default();
    for _ in 0..passes {
        std::hint::black_box(to_tally(&classifier, bytes, &mut scratch));
    }
    Ok(())
}

/// Instructions of a whole run.
fn count(file: &Path, passes: usize, model: bool) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .arg("run")
        .arg(file)
        .arg(passes.to_string())
        .args(model.then_some("--model"));
    let done = valgrind
        .output()
        .context("valgrind could not be run; on Debian it is the package 'valgrind'")?;
    let told = String::from_utf8_lossy(&done.stderr);
    let counted = told
        .lines()
        .find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok());
    counted.with_context(|| format!("valgrind told no count:\n{told}"))
}

/// Instructions a byte where all words are known, and where they are met for the first time.
fn counts(model: bool) -> Result<(f64, f64)> {
    let folder = std::env::temp_dir();
    let path = |name| folder.join(format!("motamot-{name}-{}.txt", std::process::id()));
    let (whole, half) = (path("whole"), path("half"));
    let text = lines(Kind::Generated, 1, BYTES);
    let middle = text.as_bytes()[..BYTES / 2]
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |i| i + 1);
    std::fs::write(&whole, &text)?;
    std::fs::write(&half, &text[..middle])?;
    let once = count(&whole, 1, model)?;
    let known = (count(&whole, 3, model)? - once) / (2 * text.len()) as f64;
    let new = (once - count(&half, 1, model)?) / (text.len() - middle) as f64;
    std::fs::remove_file(whole)?;
    std::fs::remove_file(half)?;
    Ok((known, new))
}

fn guard() -> Result<ExitCode> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.toml");
    let file = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read '{}'", path.display()))?;
    let limits: toml::Table = toml::from_str(&file).context("instructions.toml")?;
    let number = |name: &str| -> Result<f64> {
        let value = limits.get(name);
        let float = value.and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
        match float {
            Some(number) => Ok(number),
            None => bail!("instructions.toml has no number '{name}'"),
        }
    };
    let tolerance = number("tolerance_percent")?;
    let mut worst = ExitCode::SUCCESS;
    let (rules, model) = (counts(false)?, counts(true)?);
    for (name, counted) in [
        ("rules", rules.0),
        ("rules_new_words", rules.1),
        ("model", model.0),
        ("model_new_words", model.1),
    ] {
        let limit = number(name)?;
        let change = (counted / limit - 1.0) * 100.0;
        println!(
            "{name}: {counted:.1} instructions a byte, {change:+.1}% beside the limit {limit}"
        );
        if change > tolerance {
            println!(
                "  Coding has become slower: more than {tolerance}% above the limit. Mend it, or raise `{name}` in \
                 benches/instructions.toml and say why."
            );
            worst = ExitCode::FAILURE;
        } else if change < -tolerance {
            println!(
                "  Coding has become faster: lower `{name}` in benches/instructions.toml to keep it so."
            );
        }
    }
    Ok(worst)
}
