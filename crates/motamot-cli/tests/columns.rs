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
            text(&out.stderr).contains("no `text`, or an empty one"),
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
