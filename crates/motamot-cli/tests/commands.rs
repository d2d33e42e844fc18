//! The command as a user types it: the real binary in a temporary folder, whole outputs compared.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn motamot(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_motamot"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails early does not read: a broken pipe is no fault of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn code_writes_the_line_that_the_contract_shows() {
    let folder = tempfile::tempdir().unwrap();
    let input = "id,text,district\nr1,জনবলের ঘাটতি আছে,Dhaka\n";
    fs::write(folder.path().join("a.csv"), input).unwrap();
    let out = motamot(folder.path(), &["code", "a.csv", "--model", "none"], b"");
    assert!(out.status.success(), "{}", text(&out.stderr));
    let line: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(line["id"], "r1");
    assert_eq!(
        line["source"],
        serde_json::json!({"file": "a.csv", "line": 2})
    );
    assert_eq!(line["attributes"], serde_json::json!({"district": "Dhaka"}));
    assert_eq!(line["language"], "bn");
    assert_eq!(line["role_given"], false);
    let coding = &line["codings"][0];
    assert_eq!(coding["theme"], "manpower.shortage");
    assert_eq!(coding["polarity"], "present");
    assert_eq!(coding["from"], "rules");
    // Offsets count code points, as Python does.
    let evidence = &coding["evidence"][0];
    let (start, end) = (
        evidence["start"].as_u64().unwrap() as usize,
        evidence["end"].as_u64().unwrap() as usize,
    );
    let quoted: String = line["text"]
        .as_str()
        .unwrap()
        .chars()
        .skip(start)
        .take(end - start)
        .collect();
    assert_eq!(evidence["text"], quoted);
    assert_eq!(quoted, "জনবলের ঘাটতি");
    // With the statistical coder, which agrees, the evidence stays.
    let out = motamot(folder.path(), &["code", "a.csv"], b"");
    let both: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(both["codings"][0]["from"], "both");
    assert_eq!(both["codings"][0]["evidence"], coding["evidence"]);
}

/// A taxonomy whose rules know nothing of what is said, and coded answers: theme, text and number of the person.
fn clinic(folder: &Path) -> Vec<(&'static str, String, usize)> {
    let taxonomy = "name = \"clinic\"\n[[theme]]\ncode = \"waiting\"\nlabel = { en = \"Waiting\" }\nterms = [\"queue\"]\n[[theme]]\ncode = \"medicine\"\nlabel = { en = \"Medicine\" }\nterms = [\"medicine\"]\n";
    fs::write(folder.join("clinic.toml"), taxonomy).unwrap();
    let said = [
        (
            "waiting",
            [
                "hours on the bench before the doctor",
                "we sat there until noon",
                "the line went round the house",
            ],
        ),
        (
            "medicine",
            [
                "the tablets were finished",
                "buy the syrup outside",
                "no capsule in the store",
            ],
        ),
        ("", ["the nurse was kind", "clean rooms", "far from home"]),
    ];
    let mut answers = Vec::new();
    for n in 0..12 {
        for (theme, texts) in &said {
            answers.extend(texts.map(|text| (*theme, format!("{text} {n}"), n)));
        }
    }
    answers
}

#[test]
fn learn_trains_a_coder_on_answers_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut gold = String::new();
    for (theme, text, n) in clinic(folder.path()) {
        let themes: Vec<&str> = Some(theme).filter(|t| !t.is_empty()).into_iter().collect();
        let row = serde_json::json!({"id": n, "text": text, "themes": themes, "respondent": n});
        gold.push_str(&format!("{row}\n"));
    }
    fs::write(folder.path().join("gold.jsonl"), gold).unwrap();
    let args = [
        "learn",
        "--gold",
        "gold.jsonl",
        "--taxonomy",
        "clinic.toml",
        "-o",
        "clinic.bin",
    ];
    let out = motamot(folder.path(), &args, b"");
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(
        text(&out.stdout).contains("waiting"),
        "{}",
        text(&out.stdout)
    );
    // The rules know none of these words; the coder has learnt them.
    fs::write(
        folder.path().join("new.txt"),
        "hours on the bench\nthe syrup was finished\n",
    )
    .unwrap();
    let args = [
        "code",
        "new.txt",
        "--taxonomy",
        "clinic.toml",
        "--model",
        "clinic.bin",
        "--input-format",
        "lines",
    ];
    let out = motamot(folder.path(), &args, b"");
    let codings: Vec<serde_json::Value> = text(&out.stdout)
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["codings"][0].clone())
        .collect();
    assert_eq!(codings[0]["theme"], "waiting");
    assert_eq!(codings[1]["theme"], "medicine");
    // No term stands for it, but the words that told it are named.
    assert_eq!(codings[1]["from"], "model");
    assert_eq!(codings[1]["evidence"], serde_json::json!([]));
    let words = codings[1]["weighed"].as_array().unwrap();
    assert!(words.iter().any(|w| w["text"] == "syrup"), "{words:?}");
    // A model of other themes does not fit, and that is said.
    let out = motamot(
        folder.path(),
        &["code", "new.txt", "--model", "clinic.bin"],
        b"",
    );
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("a theme `waiting` that the taxonomy `core` has not"));
}

#[test]
fn learn_compares_on_the_answers_that_others_are_enough_to_judge() {
    let folder = tempfile::tempdir().unwrap();
    let row = |(theme, text, n): (&str, String, usize)| {
        let themes: Vec<&str> = Some(theme).filter(|t| !t.is_empty()).into_iter().collect();
        // Two thirds are of one person.
        let who = n.max(7);
        serde_json::json!({"text": text, "themes": themes, "respondent": who}).to_string() + "\n"
    };
    let gold: String = clinic(folder.path()).into_iter().map(row).collect();
    fs::write(folder.path().join("gold.jsonl"), gold).unwrap();
    let args = "learn --gold gold.jsonl --taxonomy clinic.toml -o clinic.bin";
    let args: Vec<&str> = args.split(' ').collect();
    let said = text(&motamot(folder.path(), &args, b"").stdout);
    assert!(said.contains("Only 36 of 108 answers"), "{said}");
    let medicine: Vec<&str> = said.lines().filter(|l| l.contains("medicine")).collect();
    let cells: Vec<&str> = medicine[0].split_whitespace().collect();
    assert_eq!(cells, ["medicine", "12", "0.000", "1.000"], "{said}");
}

#[test]
fn learn_reads_codings_corrected_in_a_spreadsheet_of_which_nobody_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut gold = "id;theme;polarity;role;text\n".to_string();
    for (at, (theme, text, _)) in clinic(folder.path()).into_iter().enumerate() {
        gold += &format!("{at};{theme};;challenge;{text}\n");
    }
    let learn = |gold: &str, more: &[&str]| {
        fs::write(folder.path().join("gold.csv"), gold).unwrap();
        let args = "learn --gold gold.csv --taxonomy clinic.toml -o clinic.bin";
        let args: Vec<&str> = args.split(' ').chain(more.iter().copied()).collect();
        motamot(folder.path(), &args, b"")
    };
    let out = learn(&gold, &[]);
    assert!(out.status.success(), "{}", text(&out.stderr));
    fs::write(
        folder.path().join("new.csv"),
        "text\nthe syrup was finished\n",
    )
    .unwrap();
    let args = "code new.csv --taxonomy clinic.toml --model clinic.bin";
    let args: Vec<&str> = args.split(' ').collect();
    let coded = text(&motamot(folder.path(), &args, b"").stdout);
    assert!(coded.contains("\"theme\":\"medicine\""), "{coded}");
    // What teaches nothing, or what nobody meant, is refused.
    let slip = gold.replacen(";;challenge", ";abscent;challenge", 1);
    let role = gold.replacen(";;challenge", ";;chalenge", 1);
    for (gold, more, want) in [
        (&gold, &["--group", "role"][..], "are of one group"),
        (
            &gold,
            &["--group", "village"],
            "no row has a column 'village'",
        ),
        (&slip, &[], "gold.csv: line 2: \"abscent\" is no polarity"),
        (&role, &[], "gold.csv: line 2: \"chalenge\" is no role"),
    ] {
        fs::remove_file(folder.path().join("clinic.bin")).unwrap_or_default();
        let out = learn(gold, more);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(said.contains(want), "{said}");
        assert!(!folder.path().join("clinic.bin").exists());
    }
}

#[test]
fn code_as_csv_gives_one_row_a_coding() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("a.txt"),
        "No budget and slow internet\nHello\n",
    )
    .unwrap();
    let out = motamot(
        folder.path(),
        &["code", "a.txt", "--format", "csv", "-o", "codings.csv"],
        b"",
    );
    assert!(out.status.success(), "{}", text(&out.stderr));
    let csv = fs::read_to_string(folder.path().join("codings.csv")).unwrap();
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 4, "{csv}");
    assert!(rows[0].starts_with("id,file,"));
    assert!(rows[3].contains(",,,,,,Hello"), "{csv}");
}

#[test]
fn bad_lines_are_named_and_the_good_ones_coded() {
    let folder = tempfile::tempdir().unwrap();
    let lines = b"{\"id\":\"a\",\"text\":\"No budget\"}\n{\"id\":\"b\",\"text\":\n{\"id\":\"c\",\"text\":\"\xff\"}\n{\"id\":\"d\",\"text\":\"\xe0\xa6\x9c\xe0\xa6\xa8\xe0\xa6\xac\xe0\xa6\xb2 \xe0\xa6\xa8\xe0\xa7\x87\xe0\xa6\x87\"}\n";
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let out = motamot(folder.path(), &["report", "a.jsonl", "-o", "out"], b"");
    assert!(out.status.success());
    let errors = text(&out.stderr);
    assert!(errors.contains("a.jsonl:2: bad JSON"), "{errors}");
    assert!(errors.contains("a.jsonl:3: bad UTF-8"), "{errors}");
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("out/report.json")).unwrap()).unwrap();
    assert_eq!(report["responses"], 2);
    assert_eq!(report["rejects"], 2);
    assert_eq!(report["coded"], 2);
    let rejects = fs::read_to_string(folder.path().join("out/rejects.jsonl")).unwrap();
    assert_eq!(rejects.lines().count(), 2);
    // A clean run into the same folder leaves no rejects of the old one behind.
    fs::write(folder.path().join("b.jsonl"), "{\"text\":\"No budget\"}\n").unwrap();
    assert!(
        motamot(folder.path(), &["report", "b.jsonl", "-o", "out"], b"")
            .status
            .success()
    );
    assert!(!folder.path().join("out/rejects.jsonl").exists());
}

#[test]
fn an_input_without_a_single_answer_is_a_fault_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.txt"), "").unwrap();
    fs::write(folder.path().join("no.csv"), "id,comment\n1,hello\n").unwrap();
    let cases = [
        (vec!["code", "empty.txt"], "empty.txt:1: the file is empty"),
        (
            vec!["code", "no.csv"],
            "no column `text` among `id`, `comment`; rename",
        ),
        (
            vec!["code", "missing.csv"],
            "there is no such file or folder; check the path",
        ),
        (
            vec!["code", "-", "--input-format", "pdf"],
            "there is no input format 'pdf'; take jsonl",
        ),
        (
            vec!["code", "-", "--taxonomy", "none.toml"],
            "neither a built-in taxonomy (core, nsss) nor a file",
        ),
        (
            vec!["code", "-", "--model", "big.bin"],
            "'big.bin' is neither builtin, none nor a model file",
        ),
    ];
    for (args, want) in cases {
        let out = motamot(folder.path(), &args, b"");
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(
            text(&out.stderr).contains(want),
            "{args:?}: {}",
            text(&out.stderr)
        );
    }
    assert_eq!(
        motamot(folder.path(), &["code"], b"").status.code(),
        Some(2)
    );
}

#[test]
fn an_unreadable_input_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "No budget\nSlow internet\n").unwrap();
    let out = motamot(
        folder.path(),
        &["report", "gone.txt", "a.txt", "-o", "out"],
        b"",
    );
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("cannot read 'gone.txt'"));
    assert!(text(&out.stdout).contains("2 answers were read"));
}

#[test]
fn where_nothing_could_be_read_an_earlier_result_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (report, codings) = ("out/report.json", "codings.jsonl");
    fs::create_dir(folder.path().join("out")).unwrap();
    for file in [report, codings] {
        fs::write(folder.path().join(file), "earlier").unwrap();
    }
    for args in [
        &["report", "gone.txt", "-o", "out"][..],
        &["code", "gone.txt", "-o", codings],
        &["split", "gone.txt", "-o", codings],
        &["cluster", "gone.txt", "-o", codings],
    ] {
        let out = motamot(folder.path(), args, b"");
        assert_eq!(out.status.code(), Some(1));
        assert!(text(&out.stderr).contains("cannot read 'gone.txt'"));
        assert!(text(&out.stderr).ends_with("so nothing was written\n"));
    }
    for file in [report, codings] {
        let kept = fs::read_to_string(folder.path().join(file)).unwrap();
        assert_eq!(kept, "earlier");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_fault_in_a_taxonomy_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let taxonomy = "name = \"x\"\n\n[[theme]]\ncode = \"a\"\nlabel = { en = \"A\" }\nterms = [\"<people>\", \"<peple> & far\"]\n";
    fs::write(folder.path().join("x.toml"), taxonomy).unwrap();
    let out = motamot(folder.path(), &["taxonomy", "check", "x.toml"], b"");
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(
        text(&out.stderr),
        "motamot: x.toml:6:23: there is no set <peple>\n  |\n6 | terms = [\"<people>\", \"<peple> & far\"]\n  |                       ^\n  help: did you mean <people>?\n"
    );
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/samples");
    let samples = samples.to_str().unwrap();
    let mut seen = Vec::new();
    for threads in ["1", "2", "8"] {
        let out = motamot(
            folder.path(),
            &[
                "report",
                samples,
                "-o",
                threads,
                "--threads",
                threads,
                "--quiet",
            ],
            b"",
        );
        assert!(out.status.success());
        let read = |name: &str| fs::read(folder.path().join(threads).join(name)).unwrap();
        seen.push(["report.json", "codings.jsonl", "themes.csv", "report.html"].map(read));
    }
    assert!(seen[0] == seen[1] && seen[1] == seen[2]);
}

#[test]
fn the_text_layer_answers_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (
            "tokenize",
            "নাম:রহিম serverটা ১০টি\n",
            "নাম\tরহিম\tserver\tটা\t১০\tটি\n",
        ),
        ("normalize", "উত্স\n\n", "উৎস\n\n"),
        (
            "stem",
            "জনবলের\nকরতাছি\nministries\n",
            "জনবল\nকরা\nministri\n",
        ),
        ("bijoy", "Rbej\n", "জনবল\n"),
    ];
    for (what, input, want) in cases {
        let out = motamot(folder.path(), &["text", what], input.as_bytes());
        assert_eq!(text(&out.stdout), want, "text {what}");
    }
    let keys = text(
        &motamot(
            folder.path(),
            &["text", "key"],
            "জনবল\njonobol\njanabal\n".as_bytes(),
        )
        .stdout,
    );
    let keys: Vec<&str> = keys.lines().collect();
    assert!(keys[0] == keys[1] && keys[1] == keys[2], "{keys:?}");
}

#[test]
fn split_gives_merged_answers_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let input = "What challenges do you meet?\n- Challenge 1: No staff / Ministry/division do not talk / Slow net\n";
    fs::write(folder.path().join("q.txt"), input).unwrap();
    let out = motamot(folder.path(), &["split", "q.txt"], b"");
    let rows: Vec<serde_json::Value> = text(&out.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let texts: Vec<&str> = rows.iter().map(|r| r["text"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        ["No staff", "Ministry/division do not talk", "Slow net"]
    );
    assert!(rows.iter().all(|r| r["role"] == "challenge"));
}

#[test]
fn a_reply_takes_over_what_it_answers_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let talk = "Moderator: What is hard?\nRahim: The internet is very slow.\nKarim: Same here.\nRahim: We have no printer.\nKarim: Exactly.\n";
    fs::write(folder.path().join("talk.txt"), talk).unwrap();
    let from = |args: &[&str]| -> Vec<String> {
        text(&motamot(folder.path(), args, b"").stdout)
            .lines()
            .map(|l| {
                serde_json::from_str::<serde_json::Value>(l).unwrap()["codings"][0]["from"]
                    .to_string()
            })
            .collect()
    };
    let plain = from(&["code", "talk.txt", "--model", "none"]);
    assert_eq!(plain, ["null", "\"rules\"", "null", "\"rules\"", "null"]);
    let carried = from(&["code", "talk.txt", "--model", "none", "--carry"]);
    assert_eq!(
        carried,
        [
            "null",
            "\"rules\"",
            "\"carried\"",
            "\"rules\"",
            "\"carried\""
        ]
    );
}

#[test]
fn bijoy_text_in_an_answer_is_coded_and_quoted_as_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    // 'দক্ষ জনবলের অভাব আছে' as SutonnyMJ glyphs.
    let given = "`¶ Rbe‡ji Afve Av‡Q";
    fs::write(
        folder.path().join("a.jsonl"),
        serde_json::json!({"text": given}).to_string(),
    )
    .unwrap();
    let out = motamot(folder.path(), &["code", "a.jsonl", "--model", "none"], b"");
    let line: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(line["text"], given);
    assert_eq!(line["language"], "bn");
    let codings = line["codings"].as_array().unwrap();
    let shortage = codings
        .iter()
        .find(|c| c["theme"] == "manpower.shortage")
        .expect("the lack of staff is found");
    assert_eq!(shortage["evidence"][0]["text"], "Rbe‡ji Afve");
}

#[test]
fn cluster_writes_what_the_contract_shows_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut input = String::new();
    for (id, text) in [
        "budget is low",
        "বাজেট কম",
        "the budget is not enough",
        "বাজেটের অভাব",
        "more budget is needed",
        "broken road",
        "রাস্তা ভাঙা",
        "the road is bad",
        "ভাঙা রাস্তা",
        "repair the road",
        "",
    ]
    .iter()
    .enumerate()
    {
        let row = serde_json::json!({"id": format!("r{id}"), "text": text});
        input.push_str(&format!("{row}\n"));
    }
    fs::write(folder.path().join("a.jsonl"), input).unwrap();
    let run = |more: &[&str]| {
        let args = [&["cluster", "a.jsonl", "--quiet"], more].concat();
        let out = motamot(folder.path(), &args, b"");
        assert!(out.status.success(), "{}", text(&out.stderr));
        out.stdout
    };
    let once = run(&["--k", "2", "--seed", "7"]);
    for threads in ["1", "2", "8"] {
        let again = run(&["--k", "2", "--seed", "7", "--threads", threads]);
        assert_eq!(text(&once), text(&again));
    }
    let page: serde_json::Value = serde_json::from_slice(&once).unwrap();
    let clusters = page["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 2);
    for (id, cluster) in clusters.iter().enumerate() {
        assert_eq!(cluster["id"], id);
        assert_eq!(cluster["size"], 5);
        assert!(cluster["label"][0].is_string());
        for share in ["share_uncoded", "cohesion", "stability"] {
            assert!((0.0..=1.0).contains(&cluster[share].as_f64().unwrap()));
        }
        assert!(cluster["quotes"][0]["id"].is_string() && cluster["quotes"][0]["text"].is_string());
    }
    let assignments = page["assignments"].as_array().unwrap();
    let ids: Vec<&str> = assignments
        .iter()
        .map(|a| a["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids[..3], ["r0", "r1", "r2"]);
    assert_eq!(assignments[0]["cluster"], assignments[1]["cluster"]);
    assert_ne!(assignments[0]["cluster"], assignments[5]["cluster"]);
    let top = assignments[0]["cluster"].as_u64().unwrap() as usize;
    assert_eq!(clusters[top]["top_theme"], "budget");
    // What has a theme is left out on demand.
    let page: serde_json::Value = serde_json::from_slice(&run(&["--uncoded"])).unwrap();
    assert!(page["assignments"][0]["cluster"].is_null());
    // No clusters are no clusters.
    let out = motamot(folder.path(), &["cluster", "a.jsonl", "--k", "0"], b"");
    assert_eq!(out.status.code(), Some(2));
}

/// Answers on roads, of which the taxonomy `core` knows nothing, and two on its themes.
fn roads(folder: &Path) {
    let texts = [
        "the road is broken",
        "রাস্তা ভাঙা",
        "rasta bhanga",
        "the road to the school is bad",
        "রাস্তা খারাপ, গাড়ি চলে না",
        "the bridge is broken too",
        "সেতু ভেঙে গেছে",
        "repair the road",
        "the road is a pond in the rains",
        "<b>roads</b>",
        "বাজেট কম",
        "slow internet",
    ];
    let line = |(i, t): (usize, &&str)| {
        format!(
            "{}\n",
            serde_json::json!({"id": format!("r{i}"), "text": t})
        )
    };
    let lines: String = texts.iter().enumerate().map(line).collect();
    fs::write(folder.join("roads.jsonl"), lines).unwrap();
}

#[test]
fn the_report_shows_what_the_taxonomy_missed_unless_it_is_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    roads(folder.path());
    let run = |to: &str, extra: &[&str]| {
        let mut args = vec!["report", "roads.jsonl", "-o", to, "--model", "none"];
        args.extend(extra);
        let out = motamot(folder.path(), &args, b"");
        assert!(out.status.success(), "{}", text(&out.stderr));
        let read = |name: &str| fs::read_to_string(folder.path().join(to).join(name)).unwrap();
        let report: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
        (report, read("report.html"))
    };
    let (report, page) = run("with", &["--threads", "1"]);
    let missed = &report["missed"];
    assert_eq!(
        (&missed["answers"], &missed["sampled"]),
        (&10.into(), &false.into())
    );
    assert_eq!(missed["clusters"], serde_json::json!([]), "too few");
    assert!(missed["too_few"].as_bool().unwrap() && page.contains("too few to look for groups"));
    // 'rasta bhanga' reads as রাস্তা ভাঙা does, so the two are one dot.
    assert_eq!(missed["map"].as_array().unwrap().len(), 11);
    assert_eq!(missed["distinct"], 9);
    assert!(page.contains("What the taxonomy missed") && !page.contains("<b>roads"));
    assert_eq!((report.clone(), page), run("again", &["--threads", "8"]));
    let (report, page) = run("without", &["--no-clusters"]);
    assert!(report.get("missed").is_none() && !page.contains("What the taxonomy missed"));
}

#[test]
fn answers_may_stay_outside_of_dense_clusters() {
    let folder = tempfile::tempdir().unwrap();
    roads(folder.path());
    let mut lines = fs::read_to_string(folder.path().join("roads.jsonl")).unwrap();
    // What many say is dense by itself.
    for i in 0..20 {
        let said = if i % 2 == 0 {
            "no comment"
        } else {
            "ধন্যবাদ"
        };
        lines += &format!("{{\"id\": \"n{i}\", \"text\": \"{said}\"}}\n");
    }
    fs::write(folder.path().join("roads.jsonl"), lines).unwrap();
    let dense = ["cluster", "roads.jsonl", "--method", "density"];
    let out = motamot(folder.path(), &dense, b"");
    assert!(out.status.success(), "{}", text(&out.stderr));
    let page: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let of = |id: &str| {
        let all = page["assignments"].as_array().unwrap();
        all.iter().find(|a| a["id"] == id).unwrap()["cluster"].clone()
    };
    assert!(of("n0").is_u64() && of("n1").is_u64() && of("n0") != of("n1"));
    let out = motamot(folder.path(), &[&dense[..], &["--k", "3"]].concat(), b"");
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("leave --k out"));
}

#[test]
fn without_themes_no_cluster_tells_one() {
    let folder = tempfile::tempdir().unwrap();
    roads(folder.path());
    let args = ["cluster", "roads.jsonl", "--k", "2", "--no-themes"];
    let page: serde_json::Value =
        serde_json::from_slice(&motamot(folder.path(), &args, b"").stdout).unwrap();
    let cluster = &page["clusters"][0];
    assert!(cluster["top_theme"].is_null() && cluster["share_uncoded"].is_null());
    assert!(cluster["size"].as_u64() > Some(0));
}

#[test]
fn vectors_of_ones_own_take_the_place_of_the_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    roads(folder.path());
    let run = |vectors: &str| {
        let args = ["cluster", "roads.jsonl", "--k", "2", "--vectors", vectors];
        motamot(folder.path(), &args, b"")
    };
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write(
        "own.vec",
        "3 2\nroad 1 0\nরাস্তা 1 0.1\ninternet 0 1\n".as_bytes(),
    );
    let out = run("own.vec");
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(
        text(&out.stderr).contains("the vectors know 3 of the"),
        "{}",
        text(&out.stderr)
    );
    for (name, bytes, want) in [
        ("cut.vec", "road 1 0\nrasta 1\n", "line 2: 1 numbers"),
        ("other.vec", "chemin 1 0\n", "knows none of the"),
        ("cut.safetensors", "x", "tokenizer.json"),
    ] {
        write(name, bytes.as_bytes());
        let out = run(name);
        assert_eq!(out.status.code(), Some(1), "{name}");
        let said = text(&out.stderr);
        assert!(said.contains(name) || said.contains("tokenizer"), "{said}");
        assert!(said.contains(want), "{said}");
    }
    write(
        "tokenizer.json",
        br#"{"model": {"type": "WordLevel", "vocab": {"road": 0}}}"#,
    );
    let said = text(&run("cut.safetensors").stderr);
    assert!(said.contains("damaged or cut"), "{said}");
    let said = text(&run("nowhere.vec").stderr);
    assert!(
        said.contains("nowhere.vec") && said.contains("check the path"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_for_the_result_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let out = motamot(
        folder.path(),
        &["code", "-", "-o", "pipe"],
        b"budget is low\n",
    );
    assert!(out.status.success(), "{}", text(&out.stderr));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().contains("\"budget"));
}

#[cfg(unix)]
#[test]
fn a_link_that_is_named_for_the_result_stays_and_leads_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.jsonl"), "{\"text\":\"No budget\"}\n").unwrap();
    fs::create_dir(path("there")).unwrap();
    fs::write(path("there/old.jsonl"), "old").unwrap();
    std::os::unix::fs::symlink("there/old.jsonl", path("out")).unwrap();
    // A link may also wait for its file, and lead on to a further link.
    std::os::unix::fs::symlink("there/new.jsonl", path("next")).unwrap();
    std::os::unix::fs::symlink("next", path("first")).unwrap();
    for (link, file) in [("out", "there/old.jsonl"), ("first", "there/new.jsonl")] {
        let out = motamot(
            folder.path(),
            &["code", "a.jsonl", "--quiet", "-o", link],
            b"",
        );
        assert!(out.status.success(), "{}", text(&out.stderr));
        assert!(fs::symlink_metadata(path(link)).unwrap().is_symlink());
        let coded = fs::read_to_string(path(file)).unwrap();
        assert!(coded.contains("No budget"), "{coded}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_ended_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    use std::time::{Duration, Instant};

    for (signal, number, command) in [("TERM", 15, "code"), ("INT", 2, "report")] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_motamot"))
            .args([command, "-", "--quiet", "-o", "out"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        // It waits for input that never comes, since this end stays open.
        let stdin = child.stdin.take();
        // A report's files lie in its folder.
        let begun = |at: &Path| fs::read_dir(at).is_ok_and(|mut files| files.next().is_some());
        let at = match command {
            "report" => folder.path().join("out"),
            _ => folder.path().to_path_buf(),
        };
        let start = Instant::now();
        while !begun(&at) && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let killed = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{command}");
        drop(stdin);
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert!(left.is_empty(), "{command}: {left:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_report_that_cannot_be_written_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.jsonl"), "{\"text\":\"No budget\"}\n").unwrap();
    // No file may grow beyond a kilobyte, as on a disk that is nearly full; the signal that says so is not wanted.
    let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" report a.jsonl --quiet -o out";
    let out = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_motamot")])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    let said = text(&out.stderr);
    assert!(said.contains("cannot write 'out/"), "{said}");
    assert!(!said.contains(".motamot-"), "{said}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn every_format_gives_the_same_lines_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let said = [
        "No budget for the office",
        "জনবল নেই",
        "internet khub slow",
        "Trained staff left",
    ];
    let texts = (0..3000).map(|n| format!("{}, {n}", said[n % said.len()]));
    let (mut csv, mut lines, mut turns) = ("id;text\n".to_string(), String::new(), String::new());
    let mut rows = Vec::new();
    for (n, text) in texts.enumerate() {
        let row = serde_json::json!({"id": n, "text": text});
        csv.push_str(&format!("{n};{text}\n"));
        lines.push_str(&format!("{row}\n"));
        turns.push_str(&format!("P{}: {text}\n", n % 7 + 1));
        rows.push(row);
    }
    let array = serde_json::to_string_pretty(&rows).unwrap();
    let files = [
        ("a.csv", &csv),
        ("a.jsonl", &lines),
        ("a.json", &array),
        ("a.txt", &turns),
    ];
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
        let coded = |threads: &str| {
            let args = [
                "code",
                name,
                "--model",
                "none",
                "--quiet",
                "--threads",
                threads,
            ];
            let out = motamot(folder.path(), &args, b"");
            assert!(out.status.success(), "{}", text(&out.stderr));
            out.stdout
        };
        let one = coded("1");
        assert_eq!(one.iter().filter(|b| **b == b'\n').count(), 3000, "{name}");
        assert!(one == coded("2") && one == coded("5"), "{name}");
    }
}
