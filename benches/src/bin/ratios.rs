//! Prints how fast coding is beside the limits, as ratios taken in one run: the thing and the limit in turn, the median of
//! the ratios, in CPU seconds. It tells which targets are met and never fails for one that is not.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use motamot::{Classifier, Response, Scratch, Taxonomy};
use motamot_bench::forms::surface_forms;
use motamot_bench::generator::{Kind, json_lines, lines, training};
use motamot_bench::limits::{Naive, dfa, scan};
use motamot_bench::run::{to_tally, to_tally_on};
use motamot_bench::time::{Took, in_turn, median, milliseconds, took};
use unicode_segmentation::UnicodeSegmentation;
use wait4::Wait4;

/// Measures coding beside its limits.
#[derive(Parser)]
struct Args {
    /// Size of the text in memory, in millions of bytes.
    #[arg(long, default_value_t = 20.0)]
    mb: f64,
    /// How often each pair is measured.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// The largest file for `motamot report`, in millions of bytes; from 10 in steps of ten.
    #[arg(long, default_value_t = 100)]
    report_mb: u64,
    /// The `motamot` to run; built where none is given.
    #[arg(long)]
    motamot: Option<PathBuf>,
}

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == LAUNCH) {
        return launch(words);
    }
    let args = Args::parse();
    let motamot = binary(args.motamot.as_deref())?;
    let rules = Classifier::builder()
        .taxonomy(Taxonomy::nsss())
        .rules_only()
        .build()?;
    let model = Classifier::builder().taxonomy(Taxonomy::nsss()).build()?;
    let forms = surface_forms(&Taxonomy::nsss(), true);
    let text = lines(Kind::Generated, 1, (args.mb * 1e6) as usize);
    let real = lines(Kind::Training, 1, (args.mb * 1e6) as usize);
    describe(&rules, &forms, &text, &real);

    println!("| measured | MB/s | beside | MB/s | ratio | target | |");
    println!("|---|---|---|---|---|---|---|");
    in_memory(&args, &rules, &model, &forms, &text, &real);
    reports(&args, &motamot, &rules)?;
    start_up(&motamot)
}

/// The release build of the command, beside this program's.
fn binary(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.into());
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "-p", "motamot-cli"])
        .arg("--manifest-path")
        .arg(manifest)
        .status()
        .context("cargo could not be run to build motamot")?;
    anyhow::ensure!(built.success(), "motamot could not be built");
    Ok(std::env::current_exe()?.with_file_name("motamot"))
}

fn describe(rules: &Classifier, forms: &[String], text: &str, real: &str) {
    let written = surface_forms(&Taxonomy::nsss(), false).len();
    let automaton = dfa(forms);
    println!(
        "{} surface forms of nsss ({written} as written, the rest inflected); their DFA takes {:.0} MB.",
        forms.len(),
        automaton.memory_usage() as f64 / 1e6
    );
    let trained: Vec<&str> = training().map(|(_, text)| text).collect();
    for (name, some) in [
        (
            "training answers",
            trained.iter().step_by(5).copied().collect::<Vec<_>>(),
        ),
        ("generated answers", text.lines().take(5000).collect()),
    ] {
        let (mut scratch, mut codings, mut words) = (Scratch::default(), 0, 0);
        for text in &some {
            codings += rules
                .classify(&Response::new("", *text), &mut scratch)
                .codings
                .len();
            words += text.split_whitespace().count();
        }
        println!(
            "{name}: {:.2} codings and {:.1} words an answer.",
            codings as f64 / some.len() as f64,
            words as f64 / some.len() as f64
        );
    }
    println!(
        "{:.1} MB generated, {:.1} MB of training answers.\n",
        text.len() as f64 / 1e6,
        real.len() as f64 / 1e6
    );
}

/// One row: both rates and the median of the ratios, in CPU seconds (on the wall for threads).
struct Row<'a> {
    name: &'a str,
    beside: &'a str,
    target: Option<f64>,
    bytes: usize,
    clock: fn(&Took) -> f64,
}

/// A row in CPU seconds.
fn row<'a>(bytes: &[u8], name: &'a str, beside: &'a str, target: Option<f64>) -> Row<'a> {
    Row {
        name,
        beside,
        target,
        bytes: bytes.len(),
        clock: |t| t.cpu,
    }
}

impl Row<'_> {
    fn print(&self, pairs: &[(Took, Took)]) {
        let rate = |times: Vec<f64>| self.bytes as f64 / 1e6 / median(times);
        let a = rate(pairs.iter().map(|(a, _)| (self.clock)(a)).collect());
        let b = rate(pairs.iter().map(|(_, b)| (self.clock)(b)).collect());
        let ratio = median(
            pairs
                .iter()
                .map(|(a, b)| (self.clock)(b) / (self.clock)(a))
                .collect(),
        );
        let (target, met) = verdict(self.target, |t| ratio >= t, "≥");
        println!(
            "| {} | {a:.1} | {} | {b:.1} | {ratio:.2} | {target} | {met} |",
            self.name, self.beside
        );
    }
}

fn verdict(target: Option<f64>, met: impl Fn(f64) -> bool, sign: &str) -> (String, &'static str) {
    match target {
        Some(t) => (
            format!("{sign} {t}"),
            if met(t) { "met" } else { "**missed**" },
        ),
        None => (String::new(), ""),
    }
}

/// The ratios of what runs in memory.
fn in_memory(
    args: &Args,
    rules: &Classifier,
    model: &Classifier,
    forms: &[String],
    text: &str,
    real: &str,
) {
    let automaton = dfa(forms);
    let written = dfa(&surface_forms(&Taxonomy::nsss(), false));
    let naive = Naive::new(forms);
    let bytes = text.as_bytes();
    let few = args.rounds.min(3);
    for (name, classifier, text, target) in [
        ("rules, generated", rules, text, Some(1.0)),
        ("rules, training answers", rules, real, None),
        ("with the model, generated", model, text, Some(0.5)),
    ] {
        let bytes = text.as_bytes();
        let cold = format!("{name}, no word known before");
        let mut scratch = Scratch::default();
        row(bytes, name, "DFA scan, all forms", target).print(&in_turn(
            args.rounds,
            || to_tally(classifier, bytes, &mut scratch),
            || scan(&automaton, bytes),
        ));
        row(bytes, name, "DFA scan, forms as written", None).print(&in_turn(
            few,
            || to_tally(classifier, bytes, &mut scratch),
            || scan(&written, bytes),
        ));
        row(bytes, &cold, "DFA scan, all forms", target).print(&in_turn(
            few,
            || {
                // The threads of a classifier share analyses, so that only a new one knows none; it is made in two milliseconds.
                let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
                let new = match name.starts_with("rules") {
                    true => builder.rules_only().build(),
                    false => builder.build(),
                };
                let new = new.expect("the built-in taxonomy compiles");
                to_tally(&new, bytes, &mut Scratch::default())
            },
            || scan(&automaton, bytes),
        ));
    }
    let mut scratch = Scratch::default();
    row(bytes, "rules, generated", "naive pipeline", Some(8.0)).print(&in_turn(
        few,
        || to_tally(rules, bytes, &mut scratch),
        || naive.count(text),
    ));
    row(bytes, "rules, generated", "`unicode_words`", None).print(&in_turn(
        few,
        || to_tally(rules, bytes, &mut scratch),
        || text.unicode_words().count(),
    ));
    row(bytes, "rules, generated", "UTF-8 validation", None).print(&in_turn(
        few,
        || to_tally(rules, bytes, &mut scratch),
        || std::str::from_utf8(bytes).is_ok(),
    ));
    let pairs = in_turn(
        args.rounds,
        || to_tally_on(rules, bytes, 2),
        || to_tally_on(rules, bytes, 1),
    );
    // On a machine that is shared the wall says little; twice as fast would be as many CPU seconds on two threads as on one.
    row(bytes, "rules, two threads (CPU)", "one thread", None).print(&pairs);
    Row {
        clock: |t| t.wall,
        ..row(bytes, "rules, two threads (wall)", "one thread", Some(1.85))
    }
    .print(&pairs);
}

/// What a child process took.
struct Child {
    wall: f64,
    cpu: f64,
    /// In millions of bytes.
    peak: f64,
}

/// The first argument that makes this program a launcher.
const LAUNCH: &str = "launch";

/// Runs a command and prints what it took. Linux counts the memory of whoever starts a process among that process's peak, so
/// that is done by one that has next to none.
fn launch(mut words: impl Iterator<Item = std::ffi::OsString>) -> Result<()> {
    let program = words.next().context("nothing to launch")?;
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let used = child.wait4()?;
    anyhow::ensure!(used.status.success(), "motamot failed");
    let (usage, wall) = (used.rusage, begun.elapsed());
    let cpu = usage.utime + usage.stime;
    println!(
        "{} {} {}",
        wall.as_secs_f64(),
        cpu.as_secs_f64(),
        usage.maxrss
    );
    Ok(())
}

fn child(command: &Command) -> Result<Child> {
    let told = Command::new(std::env::current_exe()?)
        .arg(LAUNCH)
        .arg(command.get_program())
        .args(command.get_args())
        .output()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let numbers: Vec<f64> = told
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect();
    let [wall, cpu, peak] = numbers[..] else {
        anyhow::bail!("motamot failed");
    };
    Ok(Child {
        wall,
        cpu,
        peak: peak / 1e6,
    })
}

/// `motamot report` and `motamot code` on files of growing size: time per megabyte, and memory that does not grow.
fn reports(args: &Args, motamot: &Path, rules: &Classifier) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("motamot-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!("\n`--taxonomy nsss --model none --threads 2`, JSON Lines:\n");
    println!("| command | MB | ms a MB (wall) | CPU ms a MB | peak MB | target | |");
    println!("|---|---|---|---|---|---|---|");
    let mut size = 10;
    let mut first = None;
    // Seconds a megabyte in memory on two threads, for a text as large as the file, or of 100 MB beside a larger one.
    let mut in_memory = 0.0;
    while size <= args.report_mb {
        if size <= 100 {
            let text = lines(Kind::Generated, 1, size as usize * 1_000_000);
            in_memory = took(|| to_tally_on(rules, text.as_bytes(), 2)).wall / size as f64;
        }
        let file = folder.join("answers.jsonl");
        let mut out = BufWriter::new(File::create(&file)?);
        json_lines(Kind::Generated, 1, size * 1_000_000, &mut out)?;
        out.flush()?;
        for (name, output) in [("report", "report"), ("code", "coded.jsonl")] {
            let run = child(
                Command::new(motamot)
                    .arg(name)
                    .arg(&file)
                    .arg("-o")
                    .arg(folder.join(output))
                    .args([
                        "--taxonomy",
                        "nsss",
                        "--model",
                        "none",
                        "--threads",
                        "2",
                        "--quiet",
                    ]),
            )?;
            let a_megabyte = run.wall / size as f64;
            let (target, met) = if name == "report" {
                let slowest = in_memory / 0.6;
                let small = *first.get_or_insert(a_megabyte);
                let even = (a_megabyte / small - 1.0).abs() <= 0.1;
                let fast = a_megabyte <= slowest;
                let lean = run.peak <= 200.0;
                let verdict = match (fast, lean, even) {
                    (true, true, true) => "met".into(),
                    _ => format!(
                        "**missed**: {}",
                        [(fast, "time"), (lean, "memory"), (even, "evenness")]
                            .iter()
                            .filter(|(met, _)| !met)
                            .map(|(_, what)| *what)
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                };
                (
                    format!(
                        "≤ {:.1} ms a MB, ≤ 200 MB, within 10% of 10 MB",
                        slowest * 1e3
                    ),
                    verdict,
                )
            } else {
                (String::new(), String::new())
            };
            println!(
                "| {name} | {size} | {:.1} | {:.1} | {:.0} | {target} | {met} |",
                a_megabyte * 1e3,
                run.cpu / size as f64 * 1e3,
                run.peak
            );
        }
        size *= 10;
    }
    Ok(fs::remove_dir_all(&folder)?)
}

/// From the process's start to its end, with next to nothing to do.
fn start_up(motamot: &Path) -> Result<()> {
    println!("\n| start-up | median ms | CPU ms | target | |");
    println!("|---|---|---|---|---|");
    let one = std::env::temp_dir().join(format!("motamot-one-{}.jsonl", std::process::id()));
    fs::write(
        &one,
        "{\"id\":\"1\",\"text\":\"দক্ষ জনবলের অভাব, slow internet\"}\n",
    )?;
    for (name, taxonomy) in [
        ("`taxonomy list`", None),
        ("code one line, core with its model", Some("core")),
        ("code one line, nsss with its model", Some("nsss")),
    ] {
        let (mut wall, mut cpu) = (Vec::new(), Vec::new());
        for _ in 0..15 {
            let mut command = Command::new(motamot);
            match taxonomy {
                None => command.args(["taxonomy", "list"]),
                Some(taxonomy) => command.arg("code").arg(&one).args(["--taxonomy", taxonomy]),
            };
            let run = child(&command)?;
            wall.push(run.wall);
            cpu.push(run.cpu);
        }
        let ms = median(wall) * 1e3;
        let (target, met) = verdict(Some(15.0), |t| ms <= t, "≤");
        println!(
            "| {name} | {ms:.1} | {:.1} | {target} | {met} |",
            median(cpu) * 1e3
        );
    }
    let begun = Instant::now();
    let classifier = Classifier::builder().taxonomy(Taxonomy::nsss()).build()?;
    println!(
        "\nA second classifier in this process, nsss with its model: {:.1} ms ({} terms).",
        milliseconds(begun.elapsed()),
        classifier.taxonomy().terms().len()
    );
    Ok(fs::remove_file(one)?)
}
