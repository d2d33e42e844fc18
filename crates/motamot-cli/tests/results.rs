//! What results say, and what they are fit for: tables that come back, marks for Excel, losses that are told.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{motamot, text};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// Runs it to a good end; what it printed and what it said.
fn run(folder: &Path, args: &str) -> (String, String) {
    let args: Vec<&str> = args.split(' ').collect();
    let out = motamot(folder, &args);
    let said = text(&out.stderr);
    assert!(out.status.success(), "{args:?}: {said}");
    (text(&out.stdout), said)
}

/// What it says where it fails.
fn fault(folder: &Path, args: &str) -> String {
    let args: Vec<&str> = args.split(' ').collect();
    let out = motamot(folder, &args);
    assert_eq!(out.status.code(), Some(1), "{args:?}");
    text(&out.stderr)
}

const ANSWERS: &str = "id,text,district,weight\n\
                       -1,No budget and slow internet,Dhaka,2\n\
                       @2,Hello there,,1\n\
                       3,জনবলের ঘাটতি নেই,ঢাকা,1\n\
                       4,N/A,,1\n";

#[test]
fn a_table_of_codings_has_every_answer_and_comes_back_as_what_it_was() {
    let folder = folder(&[
        ("a.csv", ANSWERS),
        (
            "b.jsonl",
            "{\"id\": \"5\", \"text\": \"No staff\", \"age\": 31}\n",
        ),
    ]);
    run(folder.path(), "code a.csv b.jsonl -o codings.jsonl");
    run(
        folder.path(),
        "code a.csv b.jsonl --format csv -o codings.csv",
    );
    let table = fs::read_to_string(folder.path().join("codings.csv")).unwrap();
    assert!(
        table.starts_with("id,file,"),
        "no mark unless it is asked for"
    );
    assert!(
        table
            .lines()
            .next()
            .unwrap()
            .ends_with(",text,weight,district,age"),
        "{table}"
    );
    for answer in ["Hello there", "N/A"] {
        assert!(table.contains(&format!(",,,,,,{answer},1,,")), "{table}");
    }
    // The same for any number of threads, and on standard output.
    let (printed, _) = run(folder.path(), "code a.csv b.jsonl --format csv --threads 3");
    assert_eq!(printed, table);
    // Both forms are the same coder.
    let pairs = [
        ("codings.jsonl", "codings.csv"),
        ("codings.csv", "codings.jsonl"),
    ];
    for (gold, coded) in pairs {
        let (json, _) = run(
            folder.path(),
            &format!("evaluate --gold {gold} --coded {coded} --subthemes --resamples 0 --json"),
        );
        let found: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(found["all"]["exact"]["value"], 1.0, "{json}");
        assert_eq!(found["all"]["polarity"]["value"], 1.0, "{json}");
        assert_eq!(
            (&found["all"]["answers"], &found["missing"], &found["extra"]),
            (&5.into(), &serde_json::json!([]), &0.into())
        );
        assert!(found["reliability"].is_object(), "scores come back");
    }
}

#[test]
fn a_mark_for_excel_is_written_where_it_is_asked_for_and_harms_no_reader_of_ours() {
    let folder = folder(&[("a.csv", ANSWERS)]);
    run(
        folder.path(),
        "code a.csv --format csv --excel -o codings.csv",
    );
    run(folder.path(), "report a.csv --excel --no-clusters -o out");
    for name in ["codings.csv", "out/themes.csv"] {
        let bytes = fs::read(folder.path().join(name)).unwrap();
        assert!(bytes.starts_with(b"\xef\xbb\xbf"), "{name}");
    }
    let (printed, _) = run(folder.path(), "code a.csv --format csv --excel");
    assert!(printed.starts_with("id,"));
    run(
        folder.path(),
        "evaluate --gold codings.csv --coded codings.csv --resamples 0",
    );
    let (lines, _) = run(folder.path(), "split codings.csv");
    assert!(lines.starts_with("{\"id\":"), "{lines}");
    run(folder.path(), "report a.csv --no-clusters -o plain");
    let plain = fs::read_to_string(folder.path().join("plain/themes.csv")).unwrap();
    assert!(plain.starts_with("rank,"));
    assert!(fault(folder.path(), "code a.csv --excel").contains("add --format csv"));
}

#[test]
fn the_report_tells_what_is_no_complaint_what_says_nothing_and_what_weighs() {
    let folder = folder(&[("a.csv", ANSWERS)]);
    let (table, _) = run(folder.path(), "report a.csv -o out");
    assert!(table.contains("Denied  Over  Share"), "{table}");
    assert!(
        table.contains("1 of the 2 without a theme says nothing: N/A (1)"),
        "{table}"
    );
    assert!(table.contains("Weighted"), "{table}");
    let json = fs::read(folder.path().join("out/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(
        (&report["coded"], &report["uncoded"]),
        (&2.into(), &2.into())
    );
    assert_eq!(
        report["non_answers"],
        serde_json::json!({"responses": 1, "texts": {"N/A": 1}})
    );
    let lines = fs::read_to_string(folder.path().join("out/codings.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 4, "what says nothing has its line");
}

#[test]
fn what_says_nothing_is_in_no_group_of_missed_answers() {
    let places = ["here", "by the school", "in the bazar", "at the river"];
    let said = [
        "the road is broken",
        "the bridge is broken",
        "repair the road",
    ];
    let mut answers: Vec<String> = Vec::new();
    for place in places {
        answers.extend(said.map(|what| format!("{what} {place}")));
    }
    answers.extend(["N/A", "জানি না", "no comment", "nai", "-"].map(String::from));
    let rows: String = answers
        .iter()
        .map(|text| format!("{}\n", serde_json::json!({"text": text})))
        .collect();
    let folder = folder(&[("a.jsonl", &rows)]);
    run(folder.path(), "report a.jsonl --model none -o out");
    let json = fs::read(folder.path().join("out/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(report["uncoded"], 17);
    assert_eq!(report["missed"]["answers"], 12, "{}", report["missed"]);
    assert_eq!(report["non_answers"]["responses"], 5);
    let (json, said) = run(
        folder.path(),
        "cluster a.jsonl --model none --uncoded --k 2",
    );
    assert!(said.contains("too few to look for groups") && !json.contains("\"stable\": true"));
    let page: serde_json::Value = serde_json::from_str(&json).unwrap();
    let assignments = page["assignments"].as_array().unwrap();
    assert!(
        assignments[..12].iter().all(|a| a["cluster"].is_u64()),
        "{json}"
    );
    assert!(
        assignments[12..].iter().all(|a| a["cluster"].is_null()),
        "{json}"
    );
}

#[test]
fn gold_that_waits_for_its_judge_is_left_out_and_that_is_said() {
    let gold = "{\"id\": 1, \"themes\": [\"budget\"]}\n{\"id\": 2}\n{\"id\": 3, \"themes\": null}\n{\"id\": 4, \"themes\": []}\n";
    let coded = "id,theme\n1,budget\n2,budget\n3,media\n4,\n";
    let folder = folder(&[
        ("gold.jsonl", gold),
        ("coded.csv", coded),
        ("none.jsonl", "{\"id\": 1, \"theme\": \"budget\"}\n"),
    ]);
    let (table, _) = run(
        folder.path(),
        "evaluate --gold gold.jsonl --coded coded.csv",
    );
    let line = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        line.starts_with(
            "2 answers compared. 2 answers whose themes the first coder did not judge left out"
        ),
        "{table}"
    );
    assert!(!table.contains("differ"), "{table}");
    let none = fault(
        folder.path(),
        "evaluate --gold none.jsonl --coded coded.csv",
    );
    assert!(
        none.contains("no row of --gold tells themes: write `themes`"),
        "{none}"
    );
}

#[test]
fn a_report_where_a_file_is_says_so_before_it_reads() {
    let folder = folder(&[("a.csv", ANSWERS), ("out", "mine")]);
    let is_file = fault(folder.path(), "report a.csv -o out");
    assert_eq!(
        is_file,
        "motamot: 'out' is a file, and a report needs a folder for its files; name another after -o\n"
    );
    let under = fault(folder.path(), "report a.csv -o out/deep/er");
    assert_eq!(
        under,
        "motamot: 'out' is a file, so there can be no folder 'out/deep/er'; name another after -o\n"
    );
    assert_eq!(fs::read(folder.path().join("out")).unwrap(), b"mine");
    let is_folder = fault(folder.path(), "code a.csv -o .");
    assert!(
        is_folder.contains("'.' is a folder; name a file in it"),
        "{is_folder}"
    );
}

#[test]
fn a_quiet_run_still_tells_that_answers_were_lost() {
    let folder = folder(&[
        ("a.csv", "id,text\n1,No budget\n2,\n3,\n"),
        ("b.csv", "id,text\n1,No staff\n"),
    ]);
    let (_, said) = run(folder.path(), "report a.csv --quiet -o out");
    assert_eq!(
        said,
        format!(
            "motamot: 2 rows, lines or files gave no answer, being empty or not to be read; see '{}'\n",
            Path::new("out").join("rejects.jsonl").display()
        )
    );
    let (_, said) = run(folder.path(), "code a.csv --quiet");
    assert!(
        said.lines().count() == 1 && said.ends_with("the causes are told without --quiet\n"),
        "{said}"
    );
    let (_, said) = run(folder.path(), "code b.csv --quiet");
    assert_eq!(said, "");
}

#[test]
fn work_goes_on_where_nobody_listens_to_what_it_says() {
    let folder = folder(&[("a.jsonl", "{\"text\": \"No budget\"}\n{broken\n")]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_motamot"))
        .args(["code", "a.jsonl", "-o", "codings.jsonl"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
    let codings = fs::read_to_string(folder.path().join("codings.jsonl")).unwrap();
    assert_eq!(codings.lines().count(), 1);
}

#[test]
fn a_report_tells_what_made_it_and_names_no_path() {
    let own = "name = \"roads\"\n[[theme]]\ncode = \"road\"\nlabel = { en = \"Road\", bn = \"রাস্তা\" }\nterms.en = [\"road\"]\n";
    let table = "id,What is hard?\n1,The road is broken\n2,No staff\n";
    let folder = folder(&[("own.toml", own), ("a.csv", table)]);
    let here = folder.path().display().to_string();
    let made = |args: &str| {
        let (_, said) = run(folder.path(), args);
        let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        let (json, page) = (read("report.json"), read("report.html"));
        assert!(!json.contains(&here) && !page.contains(&here), "no path");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        (report["made"].clone(), page, said)
    };
    let text = ["report", "-o", "out", "--text", "What is hard?"];
    let out = motamot(
        folder.path(),
        &[&text[..], &["--carry", &format!("{here}/a.csv")]].concat(),
    );
    assert!(out.status.success());
    let json = fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let want = serde_json::json!({
        "program": format!("motamot {}", env!("CARGO_PKG_VERSION")),
        "coder": "rules and built-in coder", "model": null, "taxonomy_file": null,
        "files": 1, "inputs": ["a.csv"], "text": ["What is hard?"], "carry": true,
        "where": [], "left_out": 0,
    });
    assert_eq!(report["made"], want);
    fs::write(
        folder.path().join("b.txt"),
        "The road is broken\nNo staff\n",
    )
    .unwrap();
    let (rules, page, said) = made("report b.txt -o out --model none");
    assert_eq!(rules["coder"], "rules");
    assert!(page.contains("Taxonomy core · coded by rules alone · 1 input file: b.txt"));
    assert!(!said.contains("coded by rules alone"), "it was asked for");
    let (own, page, said) = made("report b.txt -o out --taxonomy own.toml");
    assert_eq!(
        (&own["coder"], &own["taxonomy_file"]),
        (&"rules".into(), &"own.toml".into())
    );
    assert!(page.contains("Taxonomy roads · from own.toml · coded by rules alone"));
    assert_eq!(said.matches("coded by rules alone").count(), 1, "{said}");
    assert!(said.contains("motamot learn"));
    let (_, _, said) = made("report b.txt -o out --taxonomy own.toml --quiet");
    assert_eq!(said, "");
    let roads = fs::read_to_string(folder.path().join("own.toml")).unwrap();
    let wider = roads.replacen("[[theme]]", "extends = \"core\"\n[[theme]]", 1);
    fs::write(folder.path().join("wider.toml"), wider).unwrap();
    let (both, _, said) = made("report b.txt -o out --taxonomy wider.toml");
    assert_eq!(both["coder"], "rules and built-in coder");
    assert!(
        said.contains("the themes of core; coded by rules alone: road;"),
        "{said}"
    );
}
