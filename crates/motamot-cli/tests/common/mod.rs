//! What tests of the program share.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What the program does with these arguments in this folder.
pub(crate) fn motamot(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_motamot"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What it printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
