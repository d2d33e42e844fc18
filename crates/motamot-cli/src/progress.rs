//! What is shown while work goes on: a bar on a terminal, warnings above it; nothing where it is not wanted.

use std::io::{IsTerminal, Read, stderr};

use indicatif::{ProgressBar, ProgressStyle};
use motamot::Reject;

/// Rejects named one by one at most; the rest stand in rejects.jsonl, and a broken export should not fill the screen.
const NAMED: u64 = 20;

pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// For `bytes` of input; 0 where that is not known.
    pub(crate) fn new(bytes: u64, quiet: bool) -> Self {
        let bar = if quiet || !stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(bytes)
        };
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
        {
            bar.set_style(style);
        }
        Self { bar, quiet }
    }

    /// `reader`, counted.
    pub(crate) fn reader(&self, reader: Box<dyn Read>) -> Box<dyn Read> {
        if self.bar.is_hidden() {
            reader
        } else {
            Box::new(self.bar.wrap_read(reader))
        }
    }

    /// A line on standard error, above the bar. It is said even when quiet: something asked for was not done.
    pub(crate) fn say(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    /// Names a piece of input that could not be read; `nth` counts from 1.
    pub(crate) fn reject(&self, nth: u64, reject: &Reject) {
        if !self.quiet && nth <= NAMED {
            self.say(&format!("motamot: {}: {}", reject.source, reject.cause));
        }
    }

    pub(crate) fn finish(&self, rejects: u64) {
        self.bar.finish_and_clear();
        if !self.quiet && rejects > NAMED {
            eprintln!(
                "motamot: and {} more that could not be read",
                rejects - NAMED
            );
        }
    }
}
