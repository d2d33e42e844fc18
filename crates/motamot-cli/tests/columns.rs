//! Survey exports whose columns have names of their own, and several open questions.

mod common;

use std::fs;
use std::process::Output;

use common::{motamot, text};

/// Id, text, context and respondent of each line that `motamot split` gives.
fn rows(out: &Output) -> Vec<[String; 4]> {
    assert!(out.status.success(), "{}", text(&out.stderr));
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        ["id", "text", "context", "respondent"].map(|name| row[name].as_str().unwrap_or("-").into())
    };
    text(&out.stdout).lines().map(row).collect()
}

const SURVEY: &str = "case;person;What is hard?;What would help?;upazila\n\
                      7;p1;No budget;More staff;Ulipur\n\
                      8;p2;;A road;Rowmari\n\
                      9;p3; ;;Chilmari\n";

#[test]
fn each_question_of_a_survey_gives_its_answers() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.csv"), SURVEY).unwrap();
    let json = "{\"case\": 7, \"person\": \"p1\", \"What is hard?\": \"No budget\", \"What would help?\": \"More staff\"}\n\
                {\"case\": 8, \"person\": \"p2\", \"What is hard?\": null, \"What would help?\": \"A road\"}\n\
                {\"case\": 9}\n";
    fs::write(folder.path().join("s.jsonl"), json).unwrap();
    let array = format!("[{}]", json.trim_end().replace('\n', ",\n"));
    fs::write(folder.path().join("s.json"), array).unwrap();
    for file in ["s.csv", "s.jsonl", "s.json"] {
        let asked = "--text|What is hard?|--text|what would help?|--id|case|--respondent|Person";
        let args: Vec<&str> = ["split", file]
            .into_iter()
            .chain(asked.split('|'))
            .collect();
        let out = motamot(folder.path(), &args);
        let want = [
            ["7:What is hard?", "No budget", "What is hard?", "p1"],
            ["7:What would help?", "More staff", "What would help?", "p1"],
            ["8:What would help?", "A road", "What would help?", "p2"],
        ];
        assert_eq!(rows(&out), want, "{file}");
        // Who answers nothing is told, as in any table.
        assert!(
            text(&out.stderr).contains(
                "no words in `What is hard?`, `what would help?`: none is there, or an empty one"
            ),
            "{file}"
        );
    }
}

#[test]
fn one_question_keeps_the_ids_and_other_columns_stay_attributes() {
    let folder = tempfile::tempdir().unwrap();
    let survey = "id,text,Comment,context\n1,ignored,No budget,Office\n2,ignored,Slow net,\n";
    fs::write(folder.path().join("s.csv"), survey).unwrap();
    let out = motamot(folder.path(), &["split", "s.csv", "--text", "comment"]);
    let want = [
        ["1", "No budget", "Office", "-"],
        ["2", "Slow net", "Comment", "-"],
    ];
    assert_eq!(rows(&out), want);
    // A column `text` that holds no answers is then a column like any other.
    let out = motamot(folder.path(), &["code", "s.csv", "--text", "comment"]);
    let coded: serde_json::Value =
        serde_json::from_str(text(&out.stdout).lines().next().unwrap()).unwrap();
    assert_eq!(coded["attributes"], serde_json::json!({"text": "ignored"}));
}

#[test]
fn a_table_without_the_column_says_how_to_name_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.csv"), SURVEY).unwrap();
    for (more, want) in [
        (
            &[][..],
            "rename the column that holds the answers to `text`, or name it: --text COLUMN",
        ),
        (
            &["--text", "What is herd?"],
            "no column `What is herd?` among `case`, `person`",
        ),
        (
            &["--text", "What is hard?", "--id", "cse"],
            "no column `cse` among",
        ),
    ] {
        let out = motamot(folder.path(), &[&["code", "s.csv"], more].concat());
        assert_eq!(out.status.code(), Some(1));
        assert!(text(&out.stderr).contains(want), "{}", text(&out.stderr));
    }
}

/// What `motamot code` says of a file, which is to end like this.
fn said(content: &str, name: &str, more: &[&str], status: i32) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let out = motamot(folder.path(), &[&["code", name], more].concat());
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(status), "{name}: {said}");
    said
}

#[test]
fn a_misspelt_key_of_json_is_told_with_the_keys_that_are_there() {
    let lines = "{\"case\": 1, \"answer\": \"No budget\"}\n{\"case\": 2, \"answer\": \"No staff\", \"upazila\": \"Ulipur\"}\n";
    let array = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
    let broken = format!("{lines}{{\"case\": \n");
    for (name, content) in [("s.jsonl", lines), ("s.json", &array), ("s.jsonl", &broken)] {
        let told = said(content, name, &["--text", "anser"], 1);
        let want = "no column `anser` among `case`, `answer`, `upazila`; check the name";
        assert!(told.contains(want), "{told}");
        let told = said(content, name, &["--text", "Answer", "--id", "cse"], 1);
        assert!(told.contains("no column `cse` among"), "{told}");
        let faults = said(content, name, &["--text", "Answer", "--id", "case"], 0);
        assert_eq!(faults.is_empty(), content != broken, "{faults}");
        // Many rows leave a question out.
        assert_eq!(
            said(content, name, &["--text", "answer", "--text", "upazila"], 0),
            faults
        );
    }
}

#[test]
fn in_a_long_file_a_question_may_be_answered_late() {
    let early =
        "{\"early\": \"No budget\", \"pad\": \"0123456789012345678901234567890123456789\"}\n"
            .repeat(16_000);
    let content = format!("{early}{{\"late\": \"No staff\"}}\n");
    said(
        &content,
        "s.jsonl",
        &["--text", "early", "--text", "late", "--model", "none"],
        0,
    );
    let told = said(&content, "s.jsonl", &["--text", "lat"], 1);
    assert!(
        told.contains("no column `lat` among `early`, `pad`"),
        "{told}"
    );
}

#[test]
fn a_table_without_rows_says_so() {
    for content in ["id,text\n", "id,text", "\u{feff}id;text\r\n\r\n \n"] {
        let told = said(content, "s.csv", &[], 1);
        assert!(
            told.contains("s.csv:1: a header row and no rows under it"),
            "{told}"
        );
    }
    let told = said("id,text\n,\n", "s.csv", &[], 0);
    assert!(
        told.contains("no answer was found in what was read"),
        "{told}"
    );
    let told = said("id,text\n", "s.csv", &["--text", "Answer"], 1);
    assert!(
        told.contains("no column `Answer` among `id`, `text`"),
        "{told}"
    );
}

#[test]
fn a_text_of_tab_separated_columns_is_a_table() {
    let folder = tempfile::tempdir().unwrap();
    for (content, more, n) in [
        (
            "id\ttext\n7\tNo budget, no staff\n8\tSlow net\n",
            &[][..],
            2,
        ),
        (
            "text\tdistrict\nNo budget\tKurigram\n\tUlipur\nSlow net\t\n",
            &[],
            2,
        ),
        (
            "\u{feff}ID\tRole\tAnswer\r\n7\tProblem\tNo budget\r\n",
            &[],
            1,
        ),
        ("ক্রম\tমতামত\n৭\tবাজেট নেই\n", &[], 1),
        (
            "case\tWhat is hard?\n7\tNo budget\n",
            &["--text", "what is hard?"],
            1,
        ),
    ] {
        fs::write(folder.path().join("s.txt"), content).unwrap();
        let out = motamot(folder.path(), &[&["split", "s.txt"], more].concat());
        let rows = rows(&out);
        assert_eq!(rows.len(), n, "{content}");
        assert!(
            rows.iter().all(|r| !r[1].contains(['7', '৭', '\t'])),
            "{rows:?}"
        );
    }
    for content in [
        "The text\tis long\nand no table\n",
        "The answer\tis: no budget\nand no staff\n",
        "answer\nNo budget\t1\n",
    ] {
        fs::write(folder.path().join("s.txt"), content).unwrap();
        let out = motamot(folder.path(), &["split", "s.txt"]);
        assert_eq!(rows(&out).len(), 2, "{content}");
    }
}

#[test]
fn a_name_is_found_whatever_its_case_and_white_space_and_a_slip_is_told() {
    let table = "id,\"What  is\nhard?\",What helps?\n1,No budget,\n2,,A road\n";
    for asked in ["what is hard?", " What is\r\nhard ?", "Whatis hard?"] {
        let told = said(table, "s.csv", &["--text", asked], 0);
        assert!(told.contains("s.csv:4: no `"), "{told}");
    }
    let told = said(table, "s.csv", &["--text", "What is herd?"], 1);
    assert!(
        told.contains("among `id`, `What is hard?`, `What helps?`; check the name that was asked for (did you mean `What is hard?`?)"),
        "{told}"
    );
    let told = said(table, "s.csv", &["--text", "district"], 1);
    assert!(!told.contains("did you mean"), "{told}");
}

#[test]
fn empty_cells_are_called_by_their_column_and_told_from_rows_not_read() {
    let table = "id,a,b,c\n1,No budget,,\n2,,,\n3,,A road,x\n";
    let one = said(table, "s.csv", &["--text", "a"], 0);
    assert_eq!(
        one,
        "motamot: s.csv:3: no `a`, or an empty one: 2 answers are empty (3, 4)\n"
    );
    let both = said(table, "s.csv", &["--text", "a", "--text", "b"], 0);
    assert_eq!(
        both,
        "motamot: s.csv:3: no words in `a`, `b`: none is there, or an empty one\n\
         motamot: s.csv: 2 empty cells beside answers to other questions\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let torn = format!("{table}4,x,y,z,too many\n");
    fs::write(folder.path().join("s.csv"), torn).unwrap();
    let out = motamot(
        folder.path(),
        &["report", "s.csv", "--text", "a", "-o", "out"],
    );
    let table = text(&out.stdout)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        table.contains("3 rows, lines or files gave none: 2 empty, 1 not to be read."),
        "{table}"
    );
}

#[test]
fn one_column_may_tell_the_id_and_the_person() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("s.csv"),
        "person,text\np1,No budget\nN/A,Slow net\n",
    )
    .unwrap();
    let args = ["split", "s.csv", "--id", "person", "--respondent", "Person"];
    let want = [
        ["p1", "No budget", "-", "p1"],
        ["N/A", "Slow net", "-", "-"],
    ];
    assert_eq!(rows(&motamot(folder.path(), &args)), want);
}

#[test]
fn of_two_columns_of_one_name_the_second_is_asked_for_by_its_number() {
    let table = "id,Comment,x, comment,text,text\n1,No budget,,A road,,\n";
    let twice = said(table, "s.csv", &["--text", "Comment"], 1);
    let want = "columns 2 and 4 are all called `Comment`; rename all but one, or ask for the first as `Comment#1`";
    assert!(twice.contains(want), "{twice}");
    assert!(said(table, "s.csv", &[], 1).contains("columns 5 and 6 are all called `text`"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.csv"), table).unwrap();
    let args = "split s.csv --text Comment#1 --text comment#2";
    let args: Vec<&str> = args.split(' ').collect();
    let want = [
        ["1:Comment#1", "No budget", "Comment#1", "-"],
        ["1:comment#2", "A road", "comment#2", "-"],
    ];
    assert_eq!(rows(&motamot(folder.path(), &args)), want);
    let none = said(table, "s.csv", &["--text", "Comment#3"], 1);
    assert!(none.contains("no column `Comment#3` among"), "{none}");
}
