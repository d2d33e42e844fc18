//! Counts the instructions that coding takes for each byte, which are the same on every run where times are not, and fails
//! where they are more than `benches/instructions.toml` allows. It needs `valgrind`.
//!
//! What start-up takes falls out: two sizes of text are coded, and only the difference counts.

use std::path::Path;
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
    /// Codes so many bytes and tells nothing: what runs under valgrind.
    Run {
        bytes: usize,
        #[arg(long)]
        model: bool,
    },
}

const SMALL: usize = 300_000;
const LARGE: usize = 900_000;

fn main() -> Result<ExitCode> {
    match Args::parse().work {
        Some(Work::Run { bytes, model }) => {
            run(bytes, model)?;
            Ok(ExitCode::SUCCESS)
        }
        None => guard(),
    }
}

fn run(bytes: usize, model: bool) -> Result<()> {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let builder = if model { builder } else { builder.rules_only() };
    let classifier = builder.build()?;
    // The text is made in full either way, so that making it falls out too.
    let text = lines(Kind::Generated, 1, LARGE);
    let end = text.as_bytes()[..bytes.min(text.len())]
        .iter()
        .rposition(|b| *b == b'\n');
    let bytes = &text.as_bytes()[..end.map_or(0, |i| i + 1)];
    std::hint::black_box(to_tally(&classifier, bytes, &mut Scratch::default()));
    Ok(())
}

/// Instructions a byte.
fn count(model: bool) -> Result<f64> {
    let of = |bytes: usize| -> Result<f64> {
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe()?)
            .args(["run", &bytes.to_string()]);
        if model {
            valgrind.arg("--model");
        }
        let done = valgrind
            .output()
            .context("valgrind could not be run; on Debian it is the package 'valgrind'")?;
        let told = String::from_utf8_lossy(&done.stderr);
        let counted = told
            .lines()
            .find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok());
        counted.with_context(|| format!("valgrind told no count:\n{told}"))
    };
    Ok((of(LARGE)? - of(SMALL)?) / (LARGE - SMALL) as f64)
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
    for (name, model) in [("rules", false), ("model", true)] {
        let (limit, counted) = (number(name)?, count(model)?);
        let change = (counted / limit - 1.0) * 100.0;
        println!("{name}: {counted:.1} instructions a byte, {change:+.1}% of the limit {limit}");
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
