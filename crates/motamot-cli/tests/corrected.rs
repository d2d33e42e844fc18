//! `motamot report --coded`: a report on codings that were corrected, without coding anew.

mod common;

use std::fs;
use std::path::Path;

use common::{motamot, text};

/// What a run prints and says, and how it ends.
fn run(folder: &Path, args: &str) -> (String, String, Option<i32>) {
    let args: Vec<&str> = args.split(' ').collect();
    let out = motamot(folder, &args);
    (text(&out.stdout), text(&out.stderr), out.status.code())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

fn json(folder: &Path, name: &str) -> serde_json::Value {
    serde_json::from_str(&read(folder, name)).unwrap()
}

/// Answers with all that a row can tell, one that looks like a formula, and a transcript with a moderator.
fn inputs(folder: &Path) {
    let survey = "id,text,District,who,weight,role,question,theme\n\
                  1,\"No budget, and the net is slow; staff, staff!\",Dhaka,p1,2,Problem,What is hard?,mine\n\
                  =2,- no shortage of staff,Dhaka,p1,1,,What is hard?,\n\
                  3,N/A,,p2,0.5,,What is hard?,\n\
                  4,আমাদের জনবল নেই,Kurigram,p3,1,boss,,\n";
    fs::write(folder.join("a.csv"), survey).unwrap();
    let talk = "Moderator: Is there a budget?\nR1: There is no money at all.\nR2: We have no internet.\nModerator: Thank you.\n";
    fs::write(folder.join("talk.txt"), talk).unwrap();
}

#[test]
fn codings_that_nobody_changed_give_the_report_that_they_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    inputs(folder);
    let input = "a.csv talk.txt --respondent who";
    let (table, _, status) = run(
        folder,
        &format!("report {input} --by district -o plain --title T"),
    );
    assert_eq!(status, Some(0));
    run(
        folder,
        &format!("code {input} --format csv --excel -o codings.csv"),
    );
    // As a spreadsheet of another country saves it, sorted by another column.
    let semicolons = {
        let table = read(folder, "codings.csv");
        let mut rows: Vec<String> = table.lines().map(str::to_owned).collect();
        rows[1..].reverse();
        rows.join("\n") + "\n"
    };
    fs::write(folder.join("sorted.csv"), semicolons).unwrap();
    let whole = |table: &str| table.split("\nWritten").next().unwrap().to_owned();
    for (codings, out) in [
        ("plain/codings.jsonl", "lines"),
        ("codings.csv", "rows"),
        ("sorted.csv", "sorted"),
    ] {
        let args = format!("report --coded {codings} --by district -o {out} --title T");
        let (again, said, status) = run(folder, &args);
        assert_eq!((said.as_str(), status), ("", Some(0)), "{out}");
        assert_eq!(whole(&again), whole(&table), "{out}");
        assert!(!again.contains("taxonomy suggest"), "{again}");
        for file in ["themes.csv", "groups.csv"] {
            let [old, new] = ["plain", out].map(|run| read(folder, &format!("{run}/{file}")));
            assert_eq!(old, new, "{out}/{file}");
        }
        let made = &json(folder, &format!("{out}/report.json"))["made"];
        assert_eq!(made["coder"], "codings that were read");
        let page = read(folder, &format!("{out}/report.html"));
        assert!(page.contains("codings were read, perhaps corrected, and not made here"));
    }
    // JSON keeps all.
    let [old, new] = ["plain", "lines"].map(|run| read(folder, &format!("{run}/codings.jsonl")));
    assert_eq!(old, new);
    let mut reports = ["plain", "lines"].map(|run| json(folder, &format!("{run}/report.json")));
    for report in &mut reports {
        report.as_object_mut().unwrap().remove("made");
    }
    assert_eq!(reports[0], reports[1]);
    // Of a table the words of the evidence are found again, and what an answer tells comes back.
    let line = |run: &str, id: &str| -> serde_json::Value {
        let lines = read(folder, &format!("{run}/codings.jsonl"));
        let mut lines = lines.lines().map(|l| serde_json::from_str(l).unwrap());
        lines.find(|l: &serde_json::Value| l["id"] == id).unwrap()
    };
    for id in ["1", "=2", "3", "4", "talk.txt:2"] {
        let [mut old, mut new] = ["plain", "rows"].map(|run| line(run, id));
        for line in [&mut old, &mut new] {
            let line = line.as_object_mut().unwrap();
            // A table tells neither the kind of place, nor terms, nor whether an empty cell was one.
            line["source"].as_object_mut().unwrap().remove("turn");
            line["source"].as_object_mut().unwrap().remove("line");
            let attributes = line["attributes"].as_object_mut().unwrap();
            attributes.retain(|name, value| *value != "" && name != "moderator");
            for coding in line["codings"].as_array_mut().unwrap() {
                for evidence in coding["evidence"].as_array_mut().unwrap() {
                    evidence.as_object_mut().unwrap().remove("term");
                }
            }
        }
        assert_eq!(old, new);
    }
}

const HEAD: &str = "id,theme,polarity,score,from,evidence,role,text,district\n";

fn codings(folder: &Path, rows: &str) {
    fs::write(folder.join("codings.csv"), format!("{HEAD}{rows}")).unwrap();
}

#[test]
fn a_correction_counts_and_only_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    codings(
        folder,
        "1,budget,absent,\"0,9\",rules,money | nowhere,suggestion,There is money,Dhaka\n\
         2,,,,,,other,There is no budget at all,Dhaka\n\
         3,manpower,,,,,challenge,We have no road,Kurigram\n\
         1,Database ,resolved,1,,,suggestion,There is money,Dhaka\n",
    );
    let (_, said, status) = run(folder, "report codings.csv --coded --by district -o out");
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(
        said,
        "motamot: 1 stretch of evidence is not in the words of its answer and was left out\n"
    );
    let report = json(folder, "out/report.json");
    assert_eq!(
        (&report["responses"], &report["coded"]),
        (&3.into(), &2.into())
    );
    assert_eq!(report["by_role"]["suggestion"], 1);
    let theme = |code: &str| {
        let themes = report["themes"].as_array().unwrap().iter();
        themes.clone().find(|t| t["code"] == code).unwrap().clone()
    };
    assert_eq!(theme("budget")["by_polarity"]["absent"], 1);
    assert_eq!(theme("database")["by_polarity"]["resolved"], 1);
    assert_eq!(theme("manpower")["responses"], 1);
    let lines = read(folder, "out/codings.jsonl");
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let codings = first["codings"].as_array().unwrap();
    assert_eq!(codings[0]["evidence"][0]["text"], "money");
    assert_eq!(
        (&codings[1]["from"], &codings[1]["score"]),
        (&"hand".into(), &1.0.into())
    );
}

#[test]
fn what_cannot_be_understood_is_named_with_its_row_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows = [
        (
            "1,buget,,,,,other,a,",
            "there is no theme 'buget' in the taxonomy core (did you mean `budget`?); correct the code",
        ),
        (
            "1,health,,,,,other,a,",
            "or name the taxonomy of these codings: --taxonomy",
        ),
        (
            "1,budget,denied,,,,other,a,",
            "there is no polarity 'denied'; write present, absent or resolved",
        ),
        (
            "1,budget,,90%,,,other,a,",
            "the score '90%' is no number between 0 and 1",
        ),
        (
            "1,budget,,,,,boss,a,",
            "there is no role \"boss\"; write challenge",
        ),
        ("1,budget,,,,,other,,", "no `text`, or an empty one"),
        (
            "1,budget,,,,,other,a,,more",
            "10 cells where the header has 9",
        ),
    ];
    for (row, cause) in rows {
        codings(folder, &format!("0,,,,,,other,fine,\n{row}\n"));
        let (_, said, status) = run(folder, "report --coded codings.csv -o out");
        assert_eq!(status, Some(1), "{row}");
        assert!(
            said.starts_with(&format!("motamot: codings.csv:3: {cause}")) || said.contains(cause),
            "{said}"
        );
        assert!(said.contains("so nothing was written"), "{said}");
        assert!(!folder.join("out").exists());
    }
    codings(
        folder,
        "1,budget,absent,,,,other,a,\n1,budget,,,,,other,a,\n",
    );
    let (_, said, _) = run(folder, "report --coded codings.csv -o out");
    let cause = "codings.csv:3: the answer '1' has `budget` twice, with another polarity in row 2";
    assert!(said.contains(cause), "{said}");
    codings(
        folder,
        "1,budget,,,,,other,a,\n1,manpower,,,,,challenge,a,\n2,,,,,,other,a,\n2,,,,,,other,b,\n",
    );
    let (_, said, _) = run(folder, "report --coded codings.csv -o out");
    for told in [
        "codings.csv:3: `role` is not what it is in row 2 of the same answer, '1'",
        "codings.csv:5: `text` is not what it is in row 4 of the same answer, '2'",
        "2 rows of the codings cannot be understood",
    ] {
        assert!(said.contains(told), "{said}");
    }
    for (name, content, cause) in [
        (
            "x.csv",
            "id,text\n1,a\n",
            "x.csv:2: the table has no column `theme`",
        ),
        (
            "x.jsonl",
            "{\"id\": 1, \"text\": \"a\"}\n",
            "x.jsonl:1: no `codings`, which are a list",
        ),
        (
            "x.csv",
            "text,theme\na,budget\na,manpower\n",
            "x.csv:2: the row has no `id`",
        ),
        (
            "x.csv",
            "id,text,theme,moderator\n1,a,budget,WAHR\n",
            "x.csv:2: `moderator` is neither yes nor no: 'WAHR'",
        ),
        (
            "x.txt",
            "No budget\n",
            "x.txt:1: no `codings`, which are a list",
        ),
    ] {
        fs::write(folder.join(name), content).unwrap();
        let (_, said, status) = run(folder, &format!("report --coded {name} -o out"));
        assert!(said.contains(cause) && status == Some(1), "{said}");
    }
    let (_, said, _) = run(folder, "report --coded . -o out");
    assert!(said.contains("'.' is a folder; name the files"), "{said}");
    let (_, said, status) = run(folder, "report --coded x.csv --carry -o out");
    assert!(
        said.contains("cannot be used with") && status == Some(2),
        "{said}"
    );
}

#[test]
fn codings_that_are_read_as_answers_or_twice_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    inputs(folder);
    run(folder, "code a.csv --format csv -o codings.csv");
    run(folder, "code a.csv -o codings.jsonl");
    for name in ["codings.csv", "codings.jsonl"] {
        let (_, said, _) = run(folder, &format!("code {name} -o out.jsonl"));
        assert!(
            said.contains(&format!("{name}: holds codings")) && said.contains("report --coded"),
            "{said}"
        );
    }
    let (_, said, _) = run(folder, "code a.csv -o out.jsonl");
    assert!(!said.contains("holds codings"), "{said}");
    // The table and its corrected copy; one without ids is told apart by file and place.
    fs::copy(folder.join("codings.csv"), folder.join("copy.csv")).unwrap();
    let (_, said, status) = run(folder, "report --coded codings.csv copy.csv -o out");
    assert!(
        said.contains("copy.csv:2: the answer '1' of a.csv:2 is in codings.csv too")
            && status == Some(1),
        "{said}"
    );
    let table = read(folder, "codings.csv");
    let bare: String = (table.lines())
        .map(|row| row.split_once(',').unwrap().1.to_owned() + "\n")
        .collect();
    assert!(table.starts_with("id,") && !bare.contains("id,"));
    fs::write(folder.join("bare.csv"), bare).unwrap();
    let count = |name: &str| {
        let (_, said, status) = run(folder, &format!("report --coded {name} -o out"));
        assert_eq!(status, Some(0), "{said}");
        json(folder, "out/report.json")["responses"].clone()
    };
    assert_eq!(count("bare.csv"), count("codings.csv"));
}
