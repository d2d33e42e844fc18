//! `motamot text`: the text layer on its own.

use std::io::{self, BufRead, BufWriter, Write};

use anyhow::Result;
use motamot::text::{bijoy, key, normalize, stem, tokenize};

use crate::args::TextCommand;

pub(crate) fn run(what: TextCommand) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    while input.read_until(b'\n', &mut bytes)? > 0 {
        // Broken bytes become U+FFFD, so that as many lines come out as went in.
        let line = String::from_utf8_lossy(&bytes);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        out.write_all(apply(what, line).as_bytes())?;
        out.write_all(b"\n")?;
        bytes.clear();
    }
    Ok(out.flush()?)
}

fn apply(what: TextCommand, line: &str) -> String {
    match what {
        TextCommand::Normalize => normalize::normalize(line).text.into_owned(),
        TextCommand::Tokenize => tokenize::words(line)
            .map(|t| t.span.of(line))
            .collect::<Vec<_>>()
            .join("\t"),
        TextCommand::Stem => stem::stem(&word(line)).into_owned(),
        TextCommand::Bijoy => bijoy::to_unicode(line).text.into_owned(),
        TextCommand::Key => key::key(&word(line)),
    }
}

/// The look-up form of the word on a line.
fn word(line: &str) -> String {
    let mut form = String::new();
    normalize::word(line.trim(), &mut form);
    form
}
