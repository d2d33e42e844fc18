//! Each stage of coding on its own, the whole, and the limits beside them: `cargo bench -p motamot-bench`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use motamot::input::{self, Options};
use motamot::text::{normalize, stem, tokenize};
use motamot::{Classifier, Coded, Response, Scratch, Tally, Taxonomy, output};
use motamot_bench::forms::surface_forms;
use motamot_bench::generator::{Kind, json_lines, lines};
use motamot_bench::limits::{Naive, dfa, scan};
use motamot_bench::run::to_tally;
use unicode_segmentation::UnicodeSegmentation;

const BYTES: usize = 2_000_000;

fn all(criterion: &mut Criterion) {
    let text = lines(Kind::Generated, 1, BYTES);
    let mut group = criterion.benchmark_group("2 MB generated");
    group
        .throughput(Throughput::Bytes(text.len() as u64))
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    limits(&mut group, &text);
    text_layer(&mut group, &text);
    coding(&mut group, &text);
    files(&mut group);
    group.finish();
}

fn limits(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    let forms = surface_forms(&Taxonomy::nsss(), true);
    let (automaton, naive) = (dfa(&forms), Naive::new(&forms));
    let mut copy = vec![0; text.len()];
    group.bench_function("limit: memory copy", |b| {
        b.iter(|| copy.copy_from_slice(black_box(text.as_bytes())));
    });
    group.bench_function("limit: UTF-8 validation", |b| {
        b.iter(|| std::str::from_utf8(black_box(text.as_bytes())).is_ok());
    });
    group.bench_function("limit: DFA scan", |b| {
        b.iter(|| scan(&automaton, text.as_bytes()));
    });
    group.bench_function("limit: unicode_words", |b| {
        b.iter(|| text.unicode_words().count());
    });
    group.bench_function("limit: naive pipeline", |b| b.iter(|| naive.count(text)));
}

fn text_layer(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    group.bench_function("stage: tokenise", |b| {
        b.iter(|| {
            text.lines()
                .map(|l| tokenize::tokens(l).count())
                .sum::<usize>()
        });
    });
    group.bench_function("stage: normalise whole answers", |b| {
        b.iter(|| {
            text.lines()
                .map(|l| normalize::normalize(l).text.len())
                .sum::<usize>()
        });
    });
    // What a coder does for every distinct word, and no oftener; the rate is that of the text that they stand for.
    let mut distinct: BTreeMap<&str, ()> = BTreeMap::new();
    for line in text.lines() {
        distinct.extend(tokenize::words(line).map(|t| (t.span.of(line), ())));
    }
    group.bench_function("stage: normalise and stem distinct words", |b| {
        let mut form = String::new();
        b.iter(|| {
            let mut n = 0;
            for word in distinct.keys() {
                form.clear();
                normalize::word(word, &mut form);
                n += stem::stem(&form).len();
            }
            n
        });
    });
}

fn classifier(model: bool) -> Classifier {
    let builder = Classifier::builder().taxonomy(Taxonomy::nsss());
    let builder = if model { builder } else { builder.rules_only() };
    builder.build().expect("a built-in taxonomy fits")
}

fn coding(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    let responses: Vec<Response> = text.lines().map(|l| Response::new("x", l)).collect();
    let code = |classifier: &Classifier, scratch: &mut Scratch| -> Vec<Coded> {
        responses
            .iter()
            .map(|r| classifier.classify(r, scratch))
            .collect()
    };
    for (name, model) in [("rules", false), ("model", true)] {
        let classifier = classifier(model);
        let mut scratch = Scratch::default();
        group.bench_function(format!("stage: code, {name}"), |b| {
            b.iter(|| code(&classifier, &mut scratch));
        });
        group.bench_function(format!("stage: code with a cold memory, {name}"), |b| {
            b.iter(|| code(&classifier, &mut Scratch::default()));
        });
        group.bench_function(format!("whole: bytes to tally, {name}"), |b| {
            b.iter(|| to_tally(&classifier, text.as_bytes(), &mut scratch));
        });
    }
    let rules = classifier(false);
    let coded = code(&rules, &mut Scratch::default());
    group.bench_function("stage: tally", |b| {
        b.iter(|| {
            let mut tally = Tally::new(rules.taxonomy());
            for (response, coded) in responses.iter().zip(&coded) {
                tally.add(response, coded);
            }
            tally
        });
    });
    group.bench_function("stage: JSON out", |b| {
        b.iter(|| {
            let mut out = Vec::new();
            for (response, coded) in responses.iter().zip(&coded) {
                output::coding_line(&mut out, response, coded, rules.taxonomy())
                    .expect("memory takes all");
            }
            out
        });
    });
}

fn files(group: &mut BenchmarkGroup<'_, WallTime>) {
    let mut json = Vec::new();
    json_lines(Kind::Generated, 1, BYTES as u64, &mut json).expect("memory takes all");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("stage: JSON in", |b| {
        b.iter(|| input::read("answers.jsonl", &json, &Options::default()));
    });
}

criterion_group!(benches, all);
criterion_main!(benches);
