//! Writes answers to a file, for the other programs and for measurements by hand.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use motamot::Taxonomy;
use motamot_bench::forms::surface_forms;
use motamot_bench::generator::{Kind, json_lines, lines};

/// Makes up answers; the same for the same seed and size.
#[derive(Parser)]
struct Args {
    /// File to write.
    #[arg(short, long)]
    output: PathBuf,
    /// Size, in millions of bytes.
    #[arg(long, default_value_t = 10.0)]
    mb: f64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t = What::Generated)]
    what: What,
    /// Plain text, an answer a line, in place of JSON Lines.
    #[arg(long)]
    plain: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Words by their frequencies.
    Generated,
    /// The training answers, drawn with replacement.
    Training,
    /// No answers: the surface forms of nsss, one a line.
    Forms,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let file = File::create(&args.output)
        .with_context(|| format!("cannot write '{}'", args.output.display()))?;
    let mut out = BufWriter::new(file);
    let bytes = args.mb * 1e6;
    let kind = match args.what {
        What::Generated => Kind::Generated,
        What::Training => Kind::Training,
        What::Forms => {
            for form in surface_forms(&Taxonomy::nsss(), true) {
                writeln!(out, "{form}")?;
            }
            return Ok(out.flush()?);
        }
    };
    if args.plain {
        out.write_all(lines(kind, args.seed, bytes as usize).as_bytes())?;
    } else {
        json_lines(kind, args.seed, bytes as u64, &mut out)?;
    }
    Ok(out.flush()?)
}
