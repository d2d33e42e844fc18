//! Slips of the hand that would lose data or bend figures without a word: each is refused, or said.

mod common;

use std::fs;
use std::path::Path;

use common::{motamot, text};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// What the command says on standard error, where it is to end like this.
fn said(folder: &Path, args: &[&str], status: i32) -> String {
    let out = motamot(folder, args);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(status), "{args:?}: {said}");
    said
}

fn report(folder: &Path, name: &str) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join(name).join("report.json")).unwrap()).unwrap()
}

const ANSWERS: &str = "id\ttext\na\tNo budget\nb\tSlow internet\n";
const TAXONOMY: &str =
    "name = \"x\"\n[[theme]]\ncode = \"a\"\nlabel = { en = \"A\" }\nterms = [\"budget\"]\n";

#[test]
fn no_result_takes_the_place_of_what_it_is_made_from() {
    let gold = r#"{"id": "a", "text": "No budget", "themes": ["budget"]}"#;
    let folder = folder(&[
        ("a.tsv", ANSWERS),
        ("draft.toml", TAXONOMY),
        ("gold.jsonl", gold),
        ("own/themes.csv", "text\nNo budget\n"),
        ("own.vec", "1 2\nbudget 1 0\n"),
    ]);
    let before = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let names = [
        "a.tsv",
        "draft.toml",
        "gold.jsonl",
        "own/themes.csv",
        "own.vec",
    ];
    let was = names.map(before);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.tsv", folder.path().join("link.tsv")).unwrap();
        fs::hard_link(folder.path().join("a.tsv"), folder.path().join("hard.tsv")).unwrap();
    }
    let mut runs: Vec<&str> = vec![
        "code a.tsv -o a.tsv",
        "code a.tsv -o ./own/../a.tsv",
        "code a.tsv --format csv -o a.tsv",
        "split a.tsv -o a.tsv",
        "cluster a.tsv -o a.tsv",
        "cluster a.tsv --vectors own.vec -o own.vec",
        "taxonomy suggest a.tsv -o a.tsv",
        "taxonomy suggest a.tsv --taxonomy draft.toml -o draft.toml",
        "code a.tsv --model own.vec -o own.vec",
        "report own/themes.csv -o own",
        "report own -o own",
        "learn --gold gold.jsonl -o gold.jsonl",
        "learn --gold gold.jsonl --taxonomy draft.toml -o draft.toml",
    ];
    if cfg!(unix) {
        runs.extend([
            "code a.tsv -o link.tsv",
            "code link.tsv -o a.tsv",
            "code hard.tsv -o a.tsv",
        ]);
    }
    for run in runs {
        let args: Vec<&str> = run.split(' ').collect();
        let said = said(folder.path(), &args, 1);
        assert!(
            said.contains("is also an input; choose another name"),
            "{run}: {said}"
        );
        assert!(was == names.map(before), "{run}");
    }
    assert_eq!(fs::read_dir(folder.path().join("own")).unwrap().count(), 1);
}

/// As many different answers as groups are looked for in.
fn roads() -> Vec<String> {
    let said = [
        "the road is broken in",
        "the bridge fell down at",
        "repair the road to",
    ];
    let places = "Rangpur Bogura Sylhet Khulna Barishal Cumilla Feni Jashore Natore Pabna Gazipur Dinajpur Kurigram Naogaon Tangail Faridpur";
    let each = places.split(' ');
    each.flat_map(|place| said.map(|what| format!("{what} {place}")))
        .collect()
}

#[test]
fn the_command_that_a_report_proposes_replaces_no_file() {
    let roads = roads().join("\n");
    let folder = folder(&[("a.txt", &roads), ("draft.toml", TAXONOMY)]);
    let args = ["report", "a.txt", "--taxonomy", "draft.toml", "-o", "out"];
    let out = motamot(folder.path(), &args);
    assert!(out.status.success(), "{}", text(&out.stderr));
    let hint = "motamot taxonomy suggest a.txt --taxonomy draft.toml -o draft-2.toml";
    assert!(text(&out.stdout).contains(hint), "{}", text(&out.stdout));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let folder = folder(&[("in/a.tsv", ANSWERS)]);
    let pipe = folder.path().join("in/pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let said = said(folder.path(), &["report", "in", "-o", "out"], 0);
    assert!(said.contains("not read: pipe.txt"), "{said}");
}

#[test]
fn an_exact_copy_in_a_folder_is_left_out_and_named() {
    let folder = folder(&[
        ("in/a (copy).tsv", ANSWERS),
        ("in/a.tsv", ANSWERS),
        ("in/b.tsv", "id\ttext\nc\tNo budget\nd\tSlow internet\n"),
        ("in/empty.txt", ""),
        ("in/empty2.txt", ""),
    ]);
    let once = said(folder.path(), &["report", "in", "-o", "out"], 0);
    assert!(
        once.contains("motamot: 'a (copy).tsv' is an exact copy of 'a.tsv' and is left out\n"),
        "{once}"
    );
    assert!(!once.contains("empty2.txt' is"), "{once}");
    assert_eq!(report(folder.path(), "out")["responses"], 4);
    fs::create_dir(folder.path().join("in/old")).unwrap();
    fs::copy(
        folder.path().join("in/b.tsv"),
        folder.path().join("in/old/b.tsv"),
    )
    .unwrap();
    let twice = said(folder.path(), &["report", "in", "-o", "out"], 0);
    let want = "2 files were left out as exact copies of others: 'a (copy).tsv' of 'a.tsv', 'old/b.tsv' of 'b.tsv'";
    assert!(twice.contains(want), "{twice}");
    // What is named by itself was meant.
    let named = ["report", "in/a.tsv", "in/a (copy).tsv", "-o", "out"];
    assert!(!said(folder.path(), &named, 0).contains("copy of"));
    assert_eq!(report(folder.path(), "out")["responses"], 4);
}

#[test]
fn lines_that_are_taken_for_headings_are_told() {
    let list = "Problems:\n- No budget\n- No staff\n\nWhat could be done?\n- Hire staff\n";
    let folder = folder(&[("a.txt", list)]);
    let told = said(folder.path(), &["split", "a.txt"], 0);
    let want = "motamot: a.txt: 2 lines were taken for questions or headings and not for answers, the first is line 1: Problems:\n";
    assert!(told.contains(want), "{told}");
    assert_eq!(said(folder.path(), &["split", "a.txt", "--quiet"], 0), "");
}

#[test]
fn a_report_into_the_folder_of_its_answers_does_not_count_itself() {
    let folder = folder(&[("a.tsv", ANSWERS), ("bad.jsonl", "{\n")]);
    said(folder.path(), &["report", ".", "-o", "."], 0);
    let first = fs::read(folder.path().join("report.json")).unwrap();
    let again = said(folder.path(), &["report", ".", "-o", "."], 0);
    assert!(
        again.contains("the files of an earlier report in '.' are not read"),
        "{again}"
    );
    assert_eq!(first, fs::read(folder.path().join("report.json")).unwrap());
    assert_eq!(report(folder.path(), ".")["responses"], 2);
    // Named on its own, a file of a report is what somebody wants to read.
    said(folder.path(), &["code", "codings.jsonl"], 0);
}

#[test]
fn a_file_that_is_given_twice_is_read_once() {
    let other = "id\ttext\na\tNo staff\nb\tSlow net\n";
    let folder = folder(&[("f/a.tsv", ANSWERS), ("f/b.tsv", other)]);
    for (inputs, answers, warning) in [
        (
            &["f/a.tsv", "./f/a.tsv"][..],
            2,
            "./f/a.tsv was given twice and is read once",
        ),
        (
            &["f", "f/a.tsv", "f"],
            4,
            "3 files were given more than once and are read once: f/a.tsv, f/a.tsv, f/b.tsv",
        ),
    ] {
        let args = [&["report"], inputs, &["-o", "out"]].concat();
        let said = said(folder.path(), &args, 0);
        assert!(said.contains(warning), "{said}");
        assert_eq!(report(folder.path(), "out")["responses"], answers);
    }
    // Two files with the same ids are two files.
    let both = said(folder.path(), &["code", "f/a.tsv", "f/b.tsv"], 0);
    assert!(
        both.starts_with("motamot: 2 ids occur more than once, such as '"),
        "{both}"
    );
}

#[test]
fn files_of_a_folder_that_nobody_reads_are_named() {
    let folder = folder(&[
        ("f/a.tsv", ANSWERS),
        ("f/a.ods", "PK\u{3}\u{4}"),
        ("f/deep/b.pdf", "%PDF-1.7"),
        ("f/README.md", "What lies here"),
        ("f/.hidden", ""),
        (
            "f/~$a.xlsx",
            "what Excel puts beside a workbook that is open",
        ),
        ("only/c.odt", "PK\u{3}\u{4}"),
    ]);
    let not_read = said(folder.path(), &["code", "f"], 0);
    assert_eq!(
        not_read,
        "motamot: 2 files were not read: a.ods, b.pdf (save what holds answers as CSV or text)\n"
    );
    assert_eq!(said(folder.path(), &["code", "f", "--quiet"], 0), "");
    let nothing = said(folder.path(), &["code", "only"], 1);
    assert!(nothing.contains("1 file was not read: c.odt"), "{nothing}");
    assert!(nothing.contains("nothing to read in 'only'"), "{nothing}");
    // A file that fails whole is no row.
    let out = motamot(
        folder.path(),
        &["report", "f/a.tsv", "f/a.ods", "-o", "out"],
    );
    let table = text(&out.stdout)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(table.contains("One row, line or file gave none"), "{table}");
}

#[test]
fn a_role_that_is_not_understood_is_said_once_a_file() {
    let rows = "text,role\nNo budget,Problem\nNo budget,পরামর্শ\nNo budget,UNO\nMore staff,UNO\nNo budget,মেম্বার\nNo budget,\n";
    let folder = folder(&[("a.csv", rows)]);
    let out = motamot(folder.path(), &["code", "a.csv"]);
    let lines = text(&out.stdout);
    let roles: Vec<(String, bool)> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| {
            (
                line["role"].as_str().unwrap().into(),
                line["role_given"] == true,
            )
        })
        .collect();
    assert_eq!(
        roles[..2],
        [("challenge".into(), true), ("suggestion".into(), true)]
    );
    assert!(roles[2..].iter().all(|(_, given)| !given), "{roles:?}");
    assert_eq!(
        text(&out.stderr),
        "motamot: a.csv: column `role`: 3 values are not understood (UNO, মেম্বার); the role is told from the text instead. \
         Write challenge, initiative, suggestion or other\n"
    );
}

#[test]
fn a_moderator_is_told_by_any_usual_yes() {
    let rows = "text,Moderator\nWell?,yes\nWell?,1\nWell?,হ্যাঁ\nNo budget,no\nNo staff,\nNo road,0\nNo net,Salma\n";
    let folder = folder(&[("a.csv", rows)]);
    let out = motamot(folder.path(), &["report", "a.csv", "-o", "out"]);
    assert!(
        text(&out.stdout).starts_with("4 answers were read"),
        "{}",
        text(&out.stdout)
    );
    let told = text(&out.stderr);
    let want = "motamot: a.csv: column `moderator`: 1 value is not understood (Salma); such rows count as answers. Write true or false\n";
    assert!(told.starts_with(want), "{told}");
}

#[test]
fn empty_answers_are_counted_in_one_line() {
    let mut rows = "id,text\n".to_string();
    for n in 0..100 {
        rows += &format!("{n},{}\n", if n % 2 == 0 { "No budget" } else { "" });
    }
    let folder = folder(&[("a.csv", &rows), ("b.csv", "id,text\n1,No budget\n2, \n")]);
    let once = said(folder.path(), &["report", "a.csv", "b.csv", "-o", "out"], 0);
    assert_eq!(
        once,
        "motamot: a.csv:3: no `text`, or an empty one: 50 answers are empty (3, 5, 7, 9, 11 and 45 more)\n\
         motamot: b.csv:3: no `text`, or an empty one\n"
    );
    // They still count as rejects, and each is kept.
    assert_eq!(report(folder.path(), "out")["rejects"], 51);
    let rejects = fs::read_to_string(folder.path().join("out/rejects.jsonl")).unwrap();
    assert_eq!(rejects.lines().count(), 51);
}

#[test]
fn an_evaluation_of_nothing_in_common_is_refused() {
    let row = |id: &str, theme: &str| format!("{{\"id\": \"{id}\", \"themes\": [\"{theme}\"]}}\n");
    let folder = folder(&[
        ("gold.jsonl", &row("a", "budget.insufficient")),
        ("same.jsonl", &row("a", "own.theme")),
        ("other.jsonl", &row("x", "budget")),
        ("empty.jsonl", "\n"),
    ]);
    let run = |coded: &str, more: &[&str], status: i32| {
        let args = ["evaluate", "--gold", "gold.jsonl", "--coded", coded];
        said(folder.path(), &[&args, more].concat(), status)
    };
    let none = run("empty.jsonl", &[], 1);
    assert!(none.contains("--coded hold no answer; name"), "{none}");
    let apart = run("other.jsonl", &[], 1);
    assert!(
        apart.contains("no id stands in both files: --gold begins with 'a', --coded with 'x'"),
        "{apart}"
    );
    let slip = run("same.jsonl", &["--themes", "budget,budgte"], 1);
    assert_eq!(
        slip,
        "motamot: there is no theme 'budgte'; the files have budget, own\n"
    );
    // A theme that exists and that nobody gave is no slip, nor one of a taxonomy of one's own.
    run("same.jsonl", &["--themes", "manpower,own"], 0);
    run("same.jsonl", &["--themes", "own.theme", "--subthemes"], 0);
    let level = run("same.jsonl", &["--themes", "manpower.shortage"], 1);
    assert!(level.contains("add --subthemes"), "{level}");
}

#[test]
fn a_theme_that_one_file_alone_has_is_named_with_the_one_that_may_be_meant() {
    let rows = |themes: &[&str]| -> String {
        let rows = themes.iter().enumerate();
        rows.map(|(id, theme)| format!("{{\"id\": {id}, \"themes\": [\"{theme}\"]}}\n"))
            .collect()
    };
    let folder = folder(&[
        (
            "gold.jsonl",
            &rows(&["BUDGET", "manpwer", "budget", "media"]),
        ),
        (
            "coded.jsonl",
            &rows(&["budget", "manpower", "budget", "budget"]),
        ),
    ]);
    let args = ["evaluate", "--resamples", "0", "--gold", "gold.jsonl"];
    let run = |coded| said(folder.path(), &[&args[..], &["--coded", coded]].concat(), 0);
    let remarks = run("coded.jsonl");
    let lines: Vec<&str> = remarks.lines().collect();
    assert_eq!(lines.len(), 2, "{remarks}");
    assert!(
        lines[0].starts_with(
            "motamot: --gold has themes that --coded never gives: 'BUDGET' (did you mean 'budget'?), \
             'manpwer' (did you mean 'manpower'?), 'media'; "
        ),
        "{remarks}"
    );
    assert!(
        lines[1].starts_with(
            "motamot: --coded has themes that --gold never gives: 'manpower' (did you mean 'manpwer'?); "
        ),
        "{remarks}"
    );
    assert_eq!(
        run("gold.jsonl"),
        "",
        "two files with the same themes need no remark"
    );
}

#[test]
fn a_report_of_nothing_replaces_no_report() {
    let folder = folder(&[
        ("a.tsv", ANSWERS),
        ("empty.csv", ""),
        ("rows.csv", "id,text\n,\n"),
        ("cells.csv", "id,text\n1,\n"),
        ("a.xlsx", "PK\u{3}\u{4}"),
    ]);
    said(folder.path(), &["report", "a.tsv", "-o", "out"], 0);
    let files = || {
        let entries = fs::read_dir(folder.path().join("out")).unwrap();
        let mut all: Vec<_> = entries
            .map(|e| e.unwrap().path())
            .map(|p| (fs::read(&p).unwrap(), p))
            .collect();
        all.sort();
        all
    };
    let was = files();
    for (args, cause) in [
        (&["a.tsv", "--text", "tekst"][..], "did you mean `text`?"),
        (&["empty.csv"], "the file is empty"),
        (&["rows.csv"], "so nothing was written"),
        (&["cells.csv"], "no `text`, or an empty one"),
        (&["a.xlsx"], "save it as CSV or plain text"),
    ] {
        for out in ["out", "new"] {
            let args = [&["report"], args, &["-o", out]].concat();
            let run = motamot(folder.path(), &args);
            let said = text(&run.stderr);
            assert_eq!(run.status.code(), Some(1), "{said}");
            assert!(said.contains(cause), "{said}");
            assert_eq!(text(&run.stdout), "");
            assert!(files() == was && !folder.path().join("new").exists());
        }
        // No lines of codings take the place of others either.
        let out = folder.path().join("out").join("codings.jsonl");
        if args[0] != "rows.csv" {
            let args = [&["code"], args, &["-o", out.to_str().unwrap()]].concat();
            motamot(folder.path(), &args);
            assert!(files() == was, "{args:?}");
        }
    }
}

#[test]
fn letters_that_were_lost_are_told_with_the_remedy() {
    let folder = folder(&[(
        "a.csv",
        "id,text\n1,???? ???\n2,?????? ????? ???\n3,No budget\n",
    )]);
    let said = said(folder.path(), &["code", "a.csv"], 0);
    assert!(
        said.starts_with("motamot: a.csv: 2 of 3 answers are nothing but question marks")
            && said.contains("save it again as 'CSV UTF-8'"),
        "{said}"
    );
}

#[test]
fn the_command_that_a_report_proposes_codes_as_the_report_did() {
    let table = format!("who,my answer\n,{}\n", roads().join("\n,"));
    let folder = folder(&[("a.csv", &table)]);
    let args =
        "report a.csv --text|my answer|--id|who|--respondent|who|--model|none|--carry|-o|out";
    let args: Vec<&str> = args
        .split(' ')
        .take(2)
        .chain(args[13..].split('|'))
        .collect();
    let out = motamot(folder.path(), &args);
    let hint = "motamot taxonomy suggest a.csv --text 'my answer' --id who --respondent who --model none --carry -o draft.toml";
    assert!(text(&out.stdout).contains(hint), "{}", text(&out.stdout));
}

#[cfg(unix)]
#[test]
fn a_folder_with_links_upwards_is_walked_once() {
    let folder = folder(&[
        ("f/a.tsv", ANSWERS),
        ("f/deep/b.tsv", "id\ttext\nc\tNo staff\n"),
    ]);
    for name in ["up", "again", "deep/up"] {
        std::os::unix::fs::symlink(folder.path().join("f"), folder.path().join("f").join(name))
            .unwrap();
    }
    let out = motamot(folder.path(), &["split", "f"]);
    assert_eq!(text(&out.stdout).lines().count(), 3);
    assert_eq!(text(&out.stderr), "");
}

#[test]
fn a_taxonomy_that_is_wrong_is_told_in_plain_words() {
    let plain = TAXONOMY.replace("{ en = \"A\" }", "\"A\"");
    let folder = folder(&[("own.toml", &plain)]);
    let label = said(folder.path(), &["taxonomy", "check", "own.toml"], 1);
    let want = "expected a label for each language, as in label = { en = \"Roads\"";
    assert!(label.contains(want) && !label.contains("struct"), "{label}");
    let missing = said(folder.path(), &["taxonomy", "check", "owm.toml"], 1);
    let want = "there is no such file or folder; check the path\n";
    assert!(missing.ends_with(want), "{missing}");
}

#[test]
fn a_workbook_given_for_codings_is_known_as_one() {
    let folder = folder(&[("a.txt", "No budget\n")]);
    std::fs::write(folder.path().join("k.xlsx"), b"PK\x03\x04\xff\xfexl/").unwrap();
    for args in [
        &["learn", "--gold", "k.xlsx", "-o", "m"][..],
        &["evaluate", "--gold", "k.xlsx", "--coded", "k.xlsx"],
    ] {
        let told = said(folder.path(), args, 1);
        assert!(
            told.contains("Excel workbook") && told.contains("CSV"),
            "{told}"
        );
    }
}
