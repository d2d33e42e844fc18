//! Keeps the order of rooms that `ARCHITECTURE.md` draws: a room imports only from rooms above it.

use std::fs;
use std::path::{Path, PathBuf};

const ROOMS: [&str; 17] = [
    "span", "error", "packed", "stats", "record", "text", "taxonomy", "matching", "model",
    "classify", "tally", "report", "cluster", "evaluate", "input", "output", "parallel",
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// What follows each `crate::` of a line, in imports as in paths between other words; of a list in braces, nothing.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.split("crate::")
        .skip(1)
        .map(move |rest| rest.split(|c| !is_name(c)).next().unwrap_or_default())
}

#[test]
fn paths_are_met_wherever_they_stand() {
    let found = |line| named(line).collect::<Vec<_>>();
    assert_eq!(found("use crate::text::key;"), ["text"]);
    assert_eq!(
        found("fn f(a: &crate::report::Report) -> crate::Error {"),
        ["report", "Error"]
    );
    assert_eq!(found("use crate::{Tally, Taxonomy};"), [""]);
    assert!(found("pub(crate) mod hits;").is_empty());
}

#[test]
fn a_room_imports_only_from_rooms_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in files {
        let inside = path.strip_prefix(&root).unwrap().with_extension("");
        let room = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .into_owned();
        let Some(place) = ROOMS.iter().position(|r| *r == room) else {
            continue;
        };
        let source = fs::read_to_string(&path).unwrap();
        // Tests of a room may look anywhere.
        if inside.ends_with("tests") {
            continue;
        }
        let code = source.split("mod tests {").next().unwrap_or_default();
        for line in code.lines().map(str::trim).filter(|l| !l.starts_with("//")) {
            for other in named(line) {
                seen += 1;
                match ROOMS.iter().position(|r| *r == other) {
                    Some(above) if above <= place => {}
                    Some(_) => wrong.push(format!("{}: {line}", path.display())),
                    None => wrong.push(format!(
                        "{}: '{other}' is no room of the list: {line}",
                        path.display()
                    )),
                }
            }
        }
    }
    assert!(seen > 30, "the test reads the imports");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_architecture_page_lists_every_room_in_order() {
    let page = include_str!("../ARCHITECTURE.md");
    let listed: Vec<&str> = page
        .lines()
        .filter_map(|l| l.strip_prefix("| `"))
        .filter_map(|l| l.split('`').next())
        .collect();
    assert_eq!(listed, ROOMS);
}
