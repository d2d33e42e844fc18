//! The `motamot` command.

fn main() {}
