//! `motamot report --by COLUMN`: the same report, and beside it its groups.

mod common;

use std::fs;
use std::path::Path;

use common::{motamot, text};

/// 30 people of each of two districts, of whom in one 24 and in the other 3 name the budget; two rows without a district.
fn survey(folder: &Path, name: &str, districts: [&str; 2]) {
    let mut rows = "id,text,District,who\n".to_owned();
    let mut id = 0;
    for (district, budget) in districts.into_iter().zip([24, 3]) {
        for n in 0..30 {
            id += 1;
            let text = if n < budget {
                "No budget"
            } else {
                "Tea was good"
            };
            rows += &format!("{id},{text},\"{district}\",p{id}\n");
        }
    }
    rows += "98,No staff,,p1\n99,No budget, ,p2\n";
    fs::write(folder.join(name), rows).unwrap();
}

/// What `report` prints and says, with its exit status.
fn report(folder: &Path, args: &str) -> (String, String, Option<i32>) {
    let args: Vec<&str> = ["report", "--no-clusters", "--model", "none"]
        .into_iter()
        .chain(args.split(' '))
        .collect();
    let out = motamot(folder, &args);
    (text(&out.stdout), text(&out.stderr), out.status.code())
}

fn json(folder: &Path, name: &str) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn two_districts_are_set_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    survey(folder, "a.csv", ["Kurigram", "Satkhira"]);
    let (plain, ..) = report(folder, "a.csv --respondent who -o plain");
    let (table, said, status) = report(folder, "a.csv --respondent who --by district -o by");
    assert_eq!((said.as_str(), status), ("", Some(0)));
    // The whole stands as it does without groups.
    let whole = plain.split("\nWritten").next().unwrap();
    assert!(table.starts_with(whole), "{table}");
    for file in ["themes.csv", "codings.jsonl"] {
        let read = |run: &str| fs::read(folder.join(run).join(file)).unwrap();
        assert_eq!(read("plain"), read("by"), "{file}");
    }
    assert!(!folder.join("plain/groups.csv").exists());
    let mut found = json(folder, "by/report.json");
    let groups = found.as_object_mut().unwrap().remove("groups").unwrap();
    assert_eq!(found, json(folder, "plain/report.json"));

    assert_eq!(groups["by"], "district");
    assert_eq!(groups["compared_by"], "respondents");
    let told = groups["groups"].as_array().unwrap().iter().map(|g| {
        let budget = g["themes"].as_array().unwrap().iter();
        let budget = budget.clone().find(|t| t["code"] == "budget").unwrap();
        let numbers = ["responses", "share_of_responses", "ci95"].map(|k| budget[k].clone());
        serde_json::json!([
            g["value"],
            g["responses"],
            g["respondents"],
            g["coded"],
            numbers
        ])
    });
    assert_eq!(
        serde_json::Value::from_iter(told),
        serde_json::json!([
            ["Kurigram", 30, 30, 24, [24, 0.8, [0.626_943, 0.904_949]]],
            ["Satkhira", 30, 30, 3, [3, 0.1, [0.034_6, 0.256_211]]],
            [null, 2, 2, 2, [1, 0.5, [0.094_531, 0.905_469]]],
        ])
    );
    let budget = &groups["themes"][0];
    assert_eq!(
        (&budget["code"], &budget["differs"]),
        (&"budget".into(), &true.into())
    );

    for line in [
        "A       30  Kurigram",
        "B       30  Satkhira",
        "         2  not told",
        "* the theme differs between groups more than chance explains. Each respondent\ncounts once.",
        "Written to by: report.html, report.json, themes.csv, codings.jsonl, groups.csv",
    ] {
        assert!(table.contains(line), "{line}: {table}");
    }
    let row = table.lines().find(|l| l.starts_with("* Budget")).unwrap();
    assert!(row.ends_with("45%   80%   10%"), "{row}");
    let csv = fs::read_to_string(folder.join("by/groups.csv")).unwrap();
    assert!(csv.contains("\nSatkhira,30,30,0.900000,1,budget,Budget,"));
    let page = fs::read_to_string(folder.join("by/report.html")).unwrap();
    assert!(page.contains("<b class=\"differs\">differs</b>"));
    // The same for any number of threads.
    report(
        folder,
        "a.csv --respondent who --by district --threads 3 -o threads",
    );
    for file in ["report.json", "groups.csv", "report.html"] {
        let read = |run: &str| fs::read(folder.join(run).join(file)).unwrap();
        assert_eq!(read("threads"), read("by"), "{file}");
    }
}

#[test]
fn names_of_groups_are_text_wherever_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let names = [
        "<script>alert(1)</script>",
        "=1+1 \u{202e}\u{1b}[31m & ''x''",
    ];
    survey(folder, "a.csv", names);
    let (table, _, status) = report(folder, "a.csv --excel --by DISTRICT -o out");
    assert_eq!(status, Some(0));
    assert!(table.contains("The answers do not tell") || table.contains("too sure"));
    assert!(!table.contains(['\u{202e}', '\u{1b}']), "{table}");
    let page = fs::read_to_string(folder.join("out/report.html")).unwrap();
    assert!(!page.contains("<script") && !page.contains(['\u{202e}', '\u{1b}']));
    assert!(page.contains("&#60;script&#62;alert(1)"), "{page}");
    let csv = fs::read_to_string(folder.join("out/groups.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}group,group_responses,"), "{csv}");
    assert!(csv.contains("\n'=1+1"), "{csv}");
}

#[test]
fn a_column_that_is_not_there_or_makes_no_groups_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    survey(folder, "a.csv", ["x", "y"]);
    let (_, said, status) = report(folder, "a.csv --by upazila -o out");
    let want = "motamot: no column `upazila` to group by among `District`, `who`; check the name, or take one of `role`";
    assert!(
        said.starts_with(want) && said.lines().count() == 1,
        "{said}"
    );
    assert_eq!((status, folder.join("out").exists()), (Some(1), false));
    let rows: String = (0..101).map(|n| format!("No staff,{n}\n")).collect();
    fs::write(folder.join("many.csv"), format!("text,serial\n{rows}")).unwrap();
    let (_, said, status) = report(folder, "many.csv --by serial -o out");
    assert!(
        said.contains("the column `serial` has more than 100 different values"),
        "{said}"
    );
    assert_eq!((status, folder.join("out").exists()), (Some(1), false));
}

#[test]
fn questions_json_and_speakers_make_groups() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let files = [
        ("q.csv", "What is hard?,What helps?\nNo budget,More staff\n"),
        (
            "j.jsonl",
            "{\"text\": \"No budget\", \"sex\": \"f\"}\n{\"text\": \"No staff\", \"sex\": \"m\"}\n",
        ),
        (
            "t.txt",
            "Rahim: We have no budget.\nKarim: We have no staff.\nRahim: None at all.\nKarim: Two left.\n",
        ),
    ];
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
    let asked = ["--text", "What is hard?", "--text", "What helps?"];
    let args = [
        &["report", "q.csv", "--by", "question", "-o", "q"],
        &asked[..],
    ]
    .concat();
    assert!(motamot(folder, &args).status.success());
    let values = |name: &str| -> Vec<String> {
        let found = json(folder, name);
        let groups = found["groups"]["groups"].as_array().unwrap().iter();
        groups.map(|g| g["value"].to_string()).collect()
    };
    let questions = ["\"What helps?\"", "\"What is hard?\""];
    assert_eq!(values("q/report.json"), questions);
    report(folder, "j.jsonl --by sex -o j");
    assert_eq!(values("j/report.json"), ["\"f\"", "\"m\""]);
    report(folder, "t.txt --input-format transcript --by speaker -o t");
    assert_eq!(values("t/report.json"), ["\"Karim\"", "\"Rahim\""]);
    report(folder, "j.jsonl t.txt --by role -o r");
    assert_eq!(values("r/report.json"), ["\"challenge\""]);
}

#[test]
fn groups_of_an_earlier_run_do_not_stay_and_files_of_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    survey(folder, "a.csv", ["x", "y"]);
    report(folder, "a.csv --excel --by district -o out");
    assert!(folder.join("out/groups.csv").exists());
    // They are no answers either.
    let (_, said, _) = report(folder, ". --by district -o again");
    assert!(!said.contains("groups.csv"), "{said}");
    report(folder, "a.csv -o out");
    assert!(!folder.join("out/groups.csv").exists());
    fs::write(folder.join("out/groups.csv"), "group,text\n1,mine\n").unwrap();
    report(folder, "a.csv -o out");
    assert!(folder.join("out/groups.csv").exists());
}
