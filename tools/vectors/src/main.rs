//! Makes `data/model/vectors.bin`. See README.md beside this folder's manifest for the three steps.

use std::error::Error;
use std::fs;
use std::io::{BufRead, Write, stdin, stdout};

use motamot::model::vectors::Vectors;
use motamot::{Classifier, Scratch, Taxonomy};

const ROWS: usize = 1 << 16;
/// Ridge penalty.
const PENALTY: f32 = 0.3;
/// A single word counts for this much of a sentence.
const WORD_WEIGHT: f32 = 0.25;
const ITERATIONS: usize = 60;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let classifier = Classifier::builder().taxonomy(Taxonomy::core()).rules_only().build()?;
    let mut scratch = Scratch::default();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["readings"] => {
            let mut out = stdout().lock();
            for line in stdin().lock().lines() {
                writeln!(out, "{}", classifier.reading(&line?, &mut scratch))?;
            }
            Ok(())
        }
        ["teach", texts, n_sentences, targets, to] => {
            let texts = fs::read_to_string(texts)?;
            let rows: Vec<Vec<u16>> = texts.lines().map(|t| classifier.features(t, &mut scratch)).collect();
            let n_sentences: usize = n_sentences.parse()?;
            let floats = fs::read(targets)?;
            let floats: Vec<f32> =
                floats.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            let dims = floats.len() / rows.len();
            fs::write(to, teach(&rows, n_sentences, &floats, dims))?;
            Ok(())
        }
        _ => Err("usage: motamot-vectors readings < TEXTS | teach TEXTS N_SENTENCES TARGETS.f32 VECTORS.bin".into()),
    }
}

/// Ridge regression from features to targets; the first `n_sentences` texts are sentences, the others single words.
fn teach(texts: &[Vec<u16>], n_sentences: usize, targets: &[f32], dims: usize) -> Vec<u8> {
    let mut df = vec![0u32; ROWS];
    for text in &texts[..n_sentences] {
        let mut rows = text.clone();
        rows.sort_unstable();
        rows.dedup();
        rows.iter().for_each(|r| df[usize::from(*r)] += 1);
    }
    // In sixteenths, as the file keeps it: what is taught is what is used.
    let idf: Vec<u8> = df
        .iter()
        .map(|n| (((1 + n_sentences) as f32 / (1 + n) as f32).ln() * 16.0).round().clamp(1.0, 255.0) as u8)
        .collect();
    let matrix: Vec<Vec<(u16, f32)>> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let norm = text.iter().map(|r| f32::from(idf[usize::from(*r)]).powi(2)).sum::<f32>().sqrt().max(1e-9);
            let weight = if i < n_sentences { 1.0 } else { WORD_WEIGHT };
            text.iter().map(|r| (*r, weight * f32::from(idf[usize::from(*r)]) / norm)).collect()
        })
        .collect();
    let mut table = vec![0f32; ROWS * dims];
    let target: Vec<f32> = targets
        .chunks_exact(dims)
        .enumerate()
        .flat_map(|(i, row)| row.iter().map(move |x| x * if i < n_sentences { 1.0 } else { WORD_WEIGHT }))
        .collect();
    conjugate_gradients(&matrix, &target, dims, &mut table);
    Vectors::to_bytes(dims, &idf, &table)
}

/// Solves (AᵀA + penalty) W = AᵀY for all columns of Y at once, each with its own step.
fn conjugate_gradients(a: &[Vec<(u16, f32)>], y: &[f32], dims: usize, w: &mut [f32]) {
    let mut residual = transposed(a, y, dims);
    let mut direction = residual.clone();
    let mut size = squares(&residual, dims);
    let first = size.clone();
    for step in 0..ITERATIONS {
        let mut image = transposed(a, &times(a, &direction, dims), dims);
        image.iter_mut().zip(&direction).for_each(|(x, d)| *x += PENALTY * d);
        let along = products(&direction, &image, dims);
        let alpha: Vec<f32> = size.iter().zip(&along).map(|(s, a)| if *a > 0.0 { s / a } else { 0.0 }).collect();
        for (i, row) in w.chunks_exact_mut(dims).enumerate() {
            for (k, x) in row.iter_mut().enumerate() {
                *x += alpha[k] * direction[i * dims + k];
                residual[i * dims + k] -= alpha[k] * image[i * dims + k];
            }
        }
        let next = squares(&residual, dims);
        let beta: Vec<f32> = next.iter().zip(&size).map(|(n, s)| if *s > 0.0 { n / s } else { 0.0 }).collect();
        for (d, r) in direction.chunks_exact_mut(dims).zip(residual.chunks_exact(dims)) {
            for k in 0..dims {
                d[k] = r[k] + beta[k] * d[k];
            }
        }
        size = next;
        let left = size.iter().zip(&first).map(|(s, f)| s / f.max(1e-30)).fold(0f32, f32::max).sqrt();
        eprintln!("step {step}: largest residual {left:.5}");
        if left < 1e-3 {
            break;
        }
    }
}

fn times(a: &[Vec<(u16, f32)>], w: &[f32], dims: usize) -> Vec<f32> {
    let mut out = vec![0f32; a.len() * dims];
    for (row, to) in a.iter().zip(out.chunks_exact_mut(dims)) {
        for &(column, x) in row {
            let from = &w[usize::from(column) * dims..][..dims];
            to.iter_mut().zip(from).for_each(|(t, f)| *t += x * f);
        }
    }
    out
}

fn transposed(a: &[Vec<(u16, f32)>], y: &[f32], dims: usize) -> Vec<f32> {
    let mut out = vec![0f32; ROWS * dims];
    for (row, from) in a.iter().zip(y.chunks_exact(dims)) {
        for &(column, x) in row {
            let to = &mut out[usize::from(column) * dims..][..dims];
            to.iter_mut().zip(from).for_each(|(t, f)| *t += x * f);
        }
    }
    out
}

fn squares(x: &[f32], dims: usize) -> Vec<f32> {
    products(x, x, dims)
}

fn products(x: &[f32], y: &[f32], dims: usize) -> Vec<f32> {
    let mut out = vec![0f32; dims];
    for (a, b) in x.chunks_exact(dims).zip(y.chunks_exact(dims)) {
        out.iter_mut().zip(a.iter().zip(b)).for_each(|(o, (a, b))| *o += a * b);
    }
    out
}
