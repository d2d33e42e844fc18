//! The `motamot` command. It alone touches paths, the environment, standard streams and the terminal; all else is the library's.

/// Tells something on standard error. Where nobody listens any more (`2>&1 | head`) the work goes on, while `eprintln!` would panic.
macro_rules! say {
    ($($told:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($told)*);
    }};
}

mod args;
mod commands;
mod files;
mod inputs;
mod progress;
mod unfinished;

use std::io;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            // Help and version are answers, not faults.
            return if error.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say!("motamot: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the reader of our output has gone away, as `head` does: nobody is left to be told.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|e| e.downcast_ref::<io::Error>())
        .any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
