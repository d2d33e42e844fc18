//! `--where COLUMN=VALUE`: only the answers that are asked for.

mod common;

use std::fs;
use std::path::Path;

use common::{motamot, text};

/// What a run prints and says, and how it ends; an argument ends at `|`.
fn run(folder: &Path, args: &str) -> (String, String, Option<i32>) {
    let args: Vec<&str> = args.split('|').collect();
    let out = motamot(folder, &args);
    (text(&out.stdout), text(&out.stderr), out.status.code())
}

fn ids(lines: &str) -> Vec<String> {
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].clone();
    lines
        .lines()
        .map(|line| id(line).as_str().unwrap().to_owned())
        .collect()
}

const SURVEY: &str = "id,text,District,role\n\
                      1,No budget,Dhaka,challenge\n\
                      2,Slow net, dhaka,suggestion\n\
                      3,No staff,Cox's  Bazar,challenge\n\
                      4,No staff,,challenge\n";

#[test]
fn only_answers_that_meet_all_conditions_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.csv"), SURVEY).unwrap();
    for (asked, want, left) in [
        ("--where|district=DHAKA", &["1", "2"][..], 2),
        ("--where|district!=Dhaka", &["3", "4"], 2),
        ("--where|District = cox's bazar", &["3"], 3),
        ("--where|district=", &["4"], 3),
        ("--where|district=Dhaka|--where|role!=challenge", &["2"], 3),
        ("--where|role=challenge|--where|district!=", &["1", "3"], 2),
    ] {
        let (lines, said, status) = run(folder, &format!("code|a.csv|{asked}"));
        assert_eq!(
            (ids(&lines), status),
            (want.iter().map(|id| id.to_string()).collect(), Some(0))
        );
        let told = format!("motamot: {left} of 4 answers were left aside by --where\n");
        assert_eq!(said, told, "{asked}");
    }
    // A name may have the sign of a condition in it.
    fs::write(
        folder.join("b.csv"),
        "id,text,Sex (1=M 2=F),Why!\n1,No budget,1,a=b\n2,No staff,2,\n3,No staff,,\n",
    )
    .unwrap();
    for (asked, want) in [
        ("Sex (1=M 2=F)=2", &["2"][..]),
        ("sex (1=m 2=f)!=2", &["1", "3"]),
        ("Sex (1=M 2=F)=", &["3"]),
        ("Why!!=a=b", &["2", "3"]),
    ] {
        let (lines, said, _) = run(folder, &format!("code|b.csv|--where|{asked}"));
        assert_eq!(ids(&lines), want, "{asked}: {said}");
    }
    let asked = "--where|district=dhaka|--where|role!=x";
    let (_, said, _) = run(
        folder,
        &format!("report|a.csv|{asked}|-o|out|--no-clusters"),
    );
    assert!(said.contains("2 of 4 answers"), "{said}");
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("out/report.json")).unwrap()).unwrap();
    assert_eq!(json["responses"], 2);
    let made = &json["made"];
    assert_eq!(
        (&made["where"], &made["left_out"]),
        (&serde_json::json!(["district=dhaka", "role!=x"]), &2.into())
    );
    let page = fs::read_to_string(folder.join("out/report.html")).unwrap();
    assert!(
        page.contains("only answers with district=dhaka and role!=x; 2 others were left aside")
    );
    // The same answers as in a file of their own, and of codings as of answers.
    let few: String = SURVEY
        .lines()
        .take(3)
        .map(|l| l.to_owned() + "\n")
        .collect();
    fs::write(folder.join("few.csv"), few).unwrap();
    run(folder, "report|few.csv|-o|few|--no-clusters");
    run(folder, "code|a.csv|-o|codings.jsonl");
    run(
        folder,
        "report|--coded|codings.jsonl|--where|District=Dhaka|-o|coded|--no-clusters",
    );
    let themes = |run: &str| fs::read(folder.join(run).join("themes.csv")).unwrap();
    assert_eq!(themes("out"), themes("few"));
    assert_eq!(themes("coded"), themes("few"));
}

#[test]
fn a_condition_that_cannot_have_been_meant_is_told_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("a.csv"), SURVEY).unwrap();
    for (asked, cause) in [
        (
            "distrct!=Dhaka",
            "--where: no column `distrct` to choose by among `District`; check the name, or take one of `role`",
        ),
        (
            "district=Dhka",
            "--where: no answer has `district=Dhka`; the column has `Cox's Bazar`, `Dhaka`",
        ),
        ("district", "'district' is no condition; write COLUMN=VALUE"),
    ] {
        for command in ["report|--no-clusters|-o|out", "code|-o|out"] {
            let (_, said, status) = run(folder, &format!("{command}|a.csv|--where|{asked}"));
            assert_eq!(status, Some(1));
            assert!(said.contains(cause), "{said}");
            assert!(!folder.join("out").exists());
        }
    }
}

#[test]
fn replies_carry_over_what_was_left_aside() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let talk =
        "Moderator: What is hard?\nR1: There is no budget.\nR2: Same here.\nModerator: Thanks.\n";
    fs::write(folder.join("talk.txt"), talk).unwrap();
    let (lines, said, _) = run(folder, "code|talk.txt|--carry|--where|speaker=r2");
    assert!(said.contains("1 of 2 answers were left aside"), "{said}");
    assert_eq!(ids(&lines), ["talk.txt:3"]);
    assert!(lines.contains("\"carried\""), "{lines}");
}
