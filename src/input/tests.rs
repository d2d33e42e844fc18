//! What the room as a whole promises: nothing panics, ids are unique, and cuts do not show.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::record::{RejectKind, Role};

#[test]
fn json_lines_keep_what_they_give() {
    let line = r#"{"id": 7, "text": "No staff", "role": "Challenge", "context": "Office", "respondent": "r1", "weight": 2.5, "district": "Kurigram", "age": 41}"#;
    let batch = read("a.jsonl", line.as_bytes(), &Options::default());
    let r = &batch.responses[0];
    assert_eq!(
        (r.id.as_str(), r.text.as_str(), r.role, r.weight),
        ("7", "No staff", Some(Role::Challenge), 2.5)
    );
    assert_eq!(
        (r.context.as_deref(), r.respondent.as_deref()),
        (Some("Office"), Some("r1"))
    );
    let names: Vec<&str> = r.attributes.iter().map(|a| a.0.as_str()).collect();
    assert_eq!(names, ["district", "age"], "other columns, in order");
}

#[test]
fn keys_of_json_are_known_however_they_are_typed() {
    let line = r#"{"ID": "1", " Text ": "No staff", "Role": "challenge", "District": "Kurigram", "role": "suggestion", "id ": "2"}"#;
    for text in [line.to_owned(), format!("[{line}]")] {
        let batch = read("a.json", text.as_bytes(), &Options::default());
        let r = &batch.responses[0];
        assert_eq!((r.id.as_str(), r.text.as_str()), ("1", "No staff"));
        assert_eq!(
            r.role,
            Some(Role::Suggestion),
            "the one that is typed as ours"
        );
        let names: Vec<&str> = r.attributes.iter().map(|a| a.0.as_str()).collect();
        assert_eq!(names, ["Role", "District", "id "]);
    }
}

#[test]
fn a_file_of_json_without_a_text_names_its_keys_and_the_remedy() {
    for text in [
        "{\"id\":1,\"Txt\":\"a\"}\n{\"Txt\":\"b\"}\n",
        "[{\"id\":1,\"Txt\":\"a\"}]",
    ] {
        let batch = read("a.json", text.as_bytes(), &Options::default());
        assert!(batch.responses.is_empty());
        assert_eq!(batch.rejects.len(), 1);
        let cause = &batch.rejects[0].cause;
        assert!(
            cause.starts_with("no column `text` among `id`, `Txt`; rename"),
            "{cause}"
        );
        assert!(cause.contains("(did you mean `Txt`?)"), "{cause}");
    }
    let some = "{\"id\":1}\n{\"text\":\"b\"}\n";
    let batch = read("a.json", some.as_bytes(), &Options::default());
    assert_eq!((batch.responses.len(), batch.rejects.len()), (1, 1));
    assert_eq!(batch.rejects[0].kind, RejectKind::Empty);
}

#[test]
fn a_broken_line_spoils_no_other() {
    let mut bytes = b"{\"text\": \"one\"}\n{\"text\": \"tw".to_vec();
    bytes.extend(b"\xff\xfe\"}\n\n{\"text\": 3, \n{\"id\": \"x\"}\n{\"text\": \"four\"}\n");
    let batch = read("a.jsonl", &bytes, &Options::default());
    let ids: Vec<&str> = batch.responses.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["a.jsonl:1", "a.jsonl:6"]);
    let places: Vec<u64> = batch
        .rejects
        .iter()
        .map(|r| r.source.place.number())
        .collect();
    assert_eq!(places, [2, 4, 5]);
    assert!(batch.rejects[0].cause.contains("UTF-8"));
    assert!(batch.rejects[1].cause.contains("JSON"));
    assert!(batch.rejects[2].cause.contains("text"));
}

#[test]
fn a_weight_or_role_that_is_none_is_told() {
    let lines =
        "{\"text\": \"a\", \"weight\": \"heavy\"}\n{\"text\": \"b\", \"role\": \"complaint\"}\n";
    let batch = read("a.jsonl", lines.as_bytes(), &Options::default());
    assert!(batch.rejects[0].cause.contains("heavy"));
    assert_eq!(batch.responses[0].role, None);
    assert_eq!(
        batch.responses[0].attributes,
        [("role".to_owned(), "complaint".into())]
    );
}

#[test]
fn an_empty_file_says_so() {
    for bytes in [&b""[..], b"\n \n", b"\xef\xbb\xbf"] {
        let batch = read("a.txt", bytes, &Options::default());
        assert!(batch.responses.is_empty());
        assert_eq!(batch.rejects.len(), 1);
        assert!(batch.rejects[0].cause.contains("empty"));
    }
}

#[test]
fn a_row_without_words_is_told_from_one_that_cannot_be_read() {
    let kinds = |name: &str, text: &str| {
        let batch = read(name, text.as_bytes(), &Options::default());
        batch.rejects.iter().map(|r| r.kind).collect::<Vec<_>>()
    };
    let both = [RejectKind::Empty, RejectKind::Unreadable];
    let rows = "{\"id\": 1}\n{, or an empty one\n{\"text\": \"x\"}";
    assert_eq!(kinds("a.jsonl", rows), both);
    assert_eq!(kinds("a.json", "[{\"id\": 1}, {\"text\": \"x\"}, 7]"), both);
    #[cfg(feature = "formats")]
    assert_eq!(kinds("a.csv", "id,text\n1,\n2,x,y\n3,z\n"), both);
}

#[test]
fn a_spreadsheet_is_named_not_read() {
    let batch = read("a.xlsx", b"PK\x03\x04rest", &Options::default());
    assert!(
        batch.rejects[0].cause.contains("CSV"),
        "{:?}",
        batch.rejects
    );
}

#[cfg(feature = "formats")]
mod tables {
    use super::*;

    fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
        read(name, bytes, &Options::default())
            .responses
            .into_iter()
            .map(|r| r.text)
            .collect()
    }

    #[test]
    fn quotes_newlines_separators_and_header_spellings() {
        let csv = "\u{feff} ID ; Text ;District\r\n1;\"No staff;\r\nno funds\";Kurigram\r\n\r\n;Slow net;\r\n";
        let batch = read("k.csv", csv.as_bytes(), &Options::default());
        let got: Vec<_> = batch
            .responses
            .iter()
            .map(|r| (r.id.as_str(), r.text.as_str(), r.source.place.number()))
            .collect();
        assert_eq!(
            got,
            [
                ("1", "No staff;\r\nno funds", 2),
                ("k.csv:5", "Slow net", 5)
            ]
        );
        assert_eq!(
            batch.responses[0].attributes,
            [("District".to_owned(), "Kurigram".into())]
        );
        assert_eq!(
            texts("b.csv", "ক্রম,মতামত\n১,জনবল নেই\n".as_bytes()),
            ["জনবল নেই"]
        );
        assert_eq!(texts("b.tsv", b"id\ttext\n1\tone, two\n"), ["one, two"]);
        assert_eq!(
            texts("b.csv", b"sep=;\nid;text\n1;one, two\n"),
            ["one, two"]
        );
    }

    #[test]
    fn a_table_without_text_names_its_columns_and_the_remedy() {
        let batch = read("k.csv", b"id,district\n1,Kurigram\n", &Options::default());
        assert!(batch.responses.is_empty());
        assert_eq!(batch.rejects.len(), 1);
        let cause = &batch.rejects[0].cause;
        assert!(
            cause.contains("`id`, `district`") && cause.contains("rename"),
            "{cause}"
        );
    }

    #[test]
    fn a_table_saved_as_text_without_a_column_text_is_no_prose() {
        let table =
            "start\tজেলা\tপ্রধান সমস্যা কী?\n2024-02-01\tখুলনা\tলোক নেই\n2024-02-02\tফেনী\t\"নেট ধীর\"\n";
        let utf16: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(table.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [
            table.as_bytes().to_vec(),
            table.replace('\t', ";").into_bytes(),
            utf16,
        ] {
            let batch = read("k.txt", &bytes, &Options::default());
            assert!(batch.responses.is_empty());
            let cause = &batch.rejects[0].cause;
            assert!(
                cause.starts_with("no column `text` among `start`, `জেলা`"),
                "{cause}"
            );
            let mut options = Options::default();
            options.columns.text.push("প্রধান সমস্যা কী?".into());
            let batch = read("k.txt", &bytes, &options);
            let texts: Vec<&str> = batch.responses.iter().map(|r| r.text.as_str()).collect();
            assert_eq!(texts, ["লোক নেই", "নেট ধীর"]);
        }
    }

    #[test]
    fn faults_of_rows_are_rejects_and_the_others_are_read() {
        let mut bytes = "id,text\n1,জনবল নেই\n2,".as_bytes().to_vec();
        bytes.extend(b"\xff\xfe\n3,\n4,one, two\n,,\n5,\"never closed\n6,six\n7,seven\n");
        let batch = read("k.csv", &bytes, &Options::default());
        let ids: Vec<&str> = batch.responses.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["1", "6", "7"]);
        let lines: Vec<u64> = batch
            .rejects
            .iter()
            .map(|r| r.source.place.number())
            .collect();
        assert_eq!(lines, [3, 4, 5, 7]);
    }

    #[test]
    fn a_forgotten_quote_costs_its_line_and_no_other() {
        let row = |n: usize| match n {
            5 => "5,\"no staff at all,Kurigram\n".to_owned(),
            25 => "25,\"net\",Kurigram\n".to_owned(),
            30 => "30,\"no staff,\nno net,\nno road\",Kurigram\n".to_owned(),
            _ => format!("{n},slow,Kurigram\n"),
        };
        let rows: String = (1..=40).map(row).collect();
        let batch = read(
            "k.csv",
            format!("id,text,place\n{rows}").as_bytes(),
            &Options::default(),
        );
        let want: Vec<String> = (1..=40)
            .filter(|n| *n != 5)
            .map(|n| n.to_string())
            .collect();
        let ids: Vec<&str> = batch.responses.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, want);
        assert_eq!(batch.responses[28].text, "no staff,\nno net,\nno road");
        assert_eq!(batch.rejects.len(), 1);
        assert_eq!(batch.rejects[0].source.to_string(), "k.csv:6");
        assert_eq!(batch.rejects[0].bytes, b"5,\"no staff at all,Kurigram");
        assert!(batch.rejects[0].cause.contains("never closed; close it"));
    }

    #[test]
    fn many_forgotten_quotes_are_read_in_one_go() {
        let rows = "x\"y,\"a\n1,b\n2,c\n".repeat(100_000);
        let batch = read(
            "k.csv",
            format!("id,text\n{rows}").as_bytes(),
            &Options::default(),
        );
        assert_eq!(
            (batch.responses.len(), batch.rejects.len()),
            (200_000, 100_000)
        );
    }

    #[test]
    fn bangla_is_read_where_the_first_look_ends_in_a_letter() {
        let csv = format!("text\n{}\nজনবল নেই\n", "a".repeat((1 << 20) - 7));
        assert_eq!(texts("a.csv", csv.as_bytes())[1], "জনবল নেই");
    }

    #[test]
    fn other_encodings_are_read() {
        let csv = "id,text\n1,জনবল নেই\n";
        let utf16: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(csv.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(texts("a.csv", &utf16), ["জনবল নেই"]);
        assert_eq!(texts("a.csv", &utf16[2..]), ["জনবল নেই"]);
        assert_eq!(
            texts("a.csv", b"id,text\n1,they don\x92t know\n"),
            ["they don’t know"]
        );
    }
}

#[test]
fn a_line_too_long_is_a_reject_and_the_next_is_read() {
    for chunk_bytes in [1, 7, 1 << 20] {
        let options = Options {
            record_bytes: 10,
            chunk_bytes,
            format: Some(Format::Lines),
            ..Options::default()
        };
        let batch = read(
            "a.txt",
            b"one\n0123456789abcdef\ntwo\r\n012345678\r\n0123456789\n",
            &options,
        );
        let ids: Vec<&str> = batch.responses.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["a.txt:1", "a.txt:3", "a.txt:4"], "{chunk_bytes}");
        assert_eq!(batch.rejects.len(), 2);
        assert_eq!(
            batch.rejects[0].bytes, b"0123456789",
            "kept up to the limit"
        );
    }
}

#[test]
fn a_failing_reader_ends_with_its_error() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let mut all = chunks("a.txt", Failing, &Options::default());
    assert!(all.next().is_some_and(|c| c.is_err()));
    assert!(all.next().is_none());
}

/// Gives a few bytes at a time, as a pipe does.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.1.min(out.len()).min(self.0.len());
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn in_pieces(name: &str, bytes: &[u8], options: &Options, drip: usize) -> Batch {
    let mut all = Batch::default();
    for chunk in chunks(name, Drip(bytes, drip), options) {
        all.append(chunk.expect("a slice never fails").parse());
    }
    all
}

fn any_format() -> impl Strategy<Value = Option<Format>> {
    proptest::option::of(proptest::sample::select(
        Format::NAMES.iter().map(|n| n.1).collect::<Vec<_>>(),
    ))
}

/// Bytes that steer into the corners: delimiters, quotes, labels, stamps, markers, broken bytes.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "\n",
            "\r\n",
            "\r",
            ",",
            ";",
            "\t",
            "\"",
            "\"\"",
            ":",
            " ",
            "/",
            "(",
            ")",
            "P1: ",
            "M: ",
            "রহিমা: ",
            "নামঃ ",
            "[00:01:02] ",
            "- ",
            "* ",
            "1. ",
            "(ক) ",
            "Challenge 1: ",
            "সুপারিশ: ",
            "id,text\n",
            "{\"text\": \"a\"}\n",
            "WEBVTT\n\n",
            "00:01.000 --> 00:02.000\n",
            "<v Rina>",
            "</v>",
            "জনবল নেই",
            "No staff",
            "Title: x\n",
            "Participants: Rina, Jamal\n",
            "?",
            "।",
            "2) ",
            "\u{feff}",
            "\u{200d}",
            "<",
            "{",
            "}",
            "http://a/b",
            "and/or",
            "[{\"text\": \"a\"},",
            "[\n",
            "[",
            "]",
            "{\n\"text\": ",
            "\"b\"\n},",
            "\\",
        ])
        .prop_map(|s| s.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
        "\\PC{0,6}".prop_map(String::into_bytes),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

/// An array, more or less.
fn array() -> impl Strategy<Value = Vec<u8>> {
    let sign = proptest::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        ",",
        ":",
        " ",
        "\n",
        "\r",
        "\r\n",
        "1",
        "{\"text\": \"a\"}",
        "{\"text\":\n\"b\"},\n",
        "ক",
    ]);
    proptest::collection::vec(sign, 0..50)
        .prop_map(|signs| format!("[{{{}", signs.concat()).into_bytes())
}

/// A table, more or less.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let sign = proptest::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        " ",
        "\n",
        "\r",
        "\r\n",
        "a",
        "1,a\n",
        "2,b\r\n",
        "5,\"a\n",
        "\"6\",\"b\"\n",
        "ক",
    ]);
    proptest::collection::vec(sign, 0..50)
        .prop_map(|signs| format!("id,text\n{}", signs.concat()).into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_and_made_ids_are_unique(bytes in soup(), format in any_format()) {
        let batch = read("f", &bytes, &Options::with_format(format));
        let made: Vec<&str> = batch.responses.iter().map(|r| r.id.as_str()).filter(|id| id.starts_with("f:")).collect();
        prop_assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
        prop_assert!(batch.responses.iter().all(|r| !r.text.trim().is_empty()));
    }

    #[test]
    fn cuts_do_not_show(bytes in soup(), format in any_format(), chunk_bytes in 1usize..60, drip in 1usize..40, record_bytes in prop_oneof![Just(64 << 20), 4usize..40]) {
        let options = Options { record_bytes, ..Options::with_format(format) };
        let whole = read("f", &bytes, &options);
        let options = Options { chunk_bytes, ..options };
        prop_assert_eq!(whole, in_pieces("f", &bytes, &options, drip));
    }

    #[test]
    fn cuts_of_arrays_do_not_show(bytes in array(), chunk_bytes in 1usize..60, drip in 1usize..40, record_bytes in prop_oneof![Just(64 << 20), 4usize..40]) {
        let options = Options { record_bytes, ..Options::with_format(Some(Format::JsonLines)) };
        let whole = read("f", &bytes, &options);
        let options = Options { chunk_bytes, ..options };
        prop_assert_eq!(whole, in_pieces("f", &bytes, &options, drip));
    }
    #[test]
    fn cuts_of_tables_do_not_show(bytes in table(), chunk_bytes in 1usize..60, drip in 1usize..40, record_bytes in prop_oneof![Just(64 << 20), 4usize..40]) {
        let options = Options { record_bytes, ..Options::with_format(Some(Format::Csv)) };
        let whole = read("f", &bytes, &options);
        let options = Options { chunk_bytes, ..options };
        prop_assert_eq!(whole, in_pieces("f", &bytes, &options, drip));
    }
}
