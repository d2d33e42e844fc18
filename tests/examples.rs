//! Runs every example and compares what it prints with what is committed: `tests/data/examples/NAME.txt`.
//!
//! Where a change of an example's output is meant, look at the new output and commit it:
//! `cargo run --example NAME > tests/data/examples/NAME.txt`.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn every_example_prints_what_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Test programs lie in `deps` of the build folder, examples beside it.
    let program = std::env::current_exe().unwrap();
    let built = program.ancestors().nth(2).unwrap().join("examples");
    let mut n_examples = 0;
    for entry in fs::read_dir(root.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let program = built
            .join(name)
            .with_extension(std::env::consts::EXE_EXTENSION);
        let out = Command::new(&program).current_dir(root).output().unwrap();
        assert!(
            out.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        let want = root
            .join("tests/data/examples")
            .join(name)
            .with_extension("txt");
        let want = fs::read_to_string(&want).unwrap_or_else(|e| panic!("{}: {e}", want.display()));
        assert_eq!(String::from_utf8(out.stdout).unwrap(), want, "{name}");
        n_examples += 1;
    }
    assert!(n_examples >= 5);
}
