//! Cuts words into the pieces of a vocabulary, as `tokenizer.json` of the Hugging Face tokenizers describes it.
//!
//! Only the vocabulary is read: words come clean, in lower case and one by one, so what such a file says of normal forms and of
//! cutting texts into words is not needed.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::error::Error;

/// A vocabulary of pieces, and how a word is put together from them.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    ids: FxHashMap<Box<str>, u32>,
    way: Way,
    /// Bytes of the longest piece.
    longest: usize,
}

#[derive(Clone, Debug)]
enum Way {
    /// The word as it is.
    Whole,
    /// The longest piece first; those inside a word bear a prefix (Schuster & Nakajima 2012).
    Greedy { prefix: String },
    /// The likeliest row of pieces (Kudo 2018); a word begins with `▁`.
    Likeliest { scores: Vec<f32> },
}

/// What a character that is no piece costs in a row of pieces.
const UNKNOWN: f32 = -100.0;

impl Pieces {
    /// Reads `tokenizer.json`.
    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        let file: Value = serde_json::from_slice(bytes).map_err(|e| {
            Error::model(format!(
                "no JSON ({e}); take the tokenizer.json that came with the vectors"
            ))
        })?;
        let model = &file["model"];
        let (mut ids, mut scores) = (FxHashMap::<Box<str>, u32>::default(), Vec::new());
        match &model["vocab"] {
            Value::Object(vocab) => {
                for (piece, id) in vocab {
                    let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
                    let id =
                        id.ok_or_else(|| bad(&format!("the piece '{piece}' has no number")))?;
                    ids.insert(piece.as_str().into(), id);
                }
            }
            Value::Array(vocab) => {
                for (id, entry) in vocab.iter().enumerate() {
                    let (Some(piece), Some(score)) = (entry[0].as_str(), entry[1].as_f64()) else {
                        return Err(bad(&format!("entry {id} is no piece with a score")));
                    };
                    ids.insert(piece.into(), id as u32);
                    scores.push(score as f32);
                }
            }
            _ => return Err(bad("there is no list of pieces")),
        }
        let way = match model["type"].as_str() {
            Some("WordLevel") => Way::Whole,
            Some("Unigram") | None if !scores.is_empty() => Way::Likeliest { scores },
            Some("WordPiece") | None if scores.is_empty() => {
                let prefix = model["continuing_subword_prefix"].as_str();
                Way::Greedy {
                    prefix: prefix.unwrap_or("##").to_string(),
                }
            }
            other => {
                return Err(Error::model(format!(
                    "a vocabulary of the kind {} is not read, only WordPiece, Unigram and WordLevel; \
                     write the vectors as word2vec text instead",
                    other.unwrap_or("unknown")
                )));
            }
        };
        let longest = ids.keys().map(|piece| piece.len()).max().unwrap_or(0);
        Ok(Self { ids, way, longest })
    }

    /// The largest number of a piece, plus one.
    pub(super) fn len(&self) -> usize {
        self.ids.values().max().map_or(0, |&id| id as usize + 1)
    }

    /// The pieces of a word; none where it cannot be put together.
    pub(super) fn of(&self, word: &str) -> Vec<u32> {
        match &self.way {
            Way::Whole => self.ids.get(word).copied().into_iter().collect(),
            Way::Greedy { prefix } => self.greedy(word, prefix),
            Way::Likeliest { scores } => self.likeliest(&format!("▁{word}"), scores),
        }
    }

    fn greedy(&self, word: &str, prefix: &str) -> Vec<u32> {
        let (mut out, mut at) = (Vec::new(), 0);
        let mut piece = String::new();
        while at < word.len() {
            let ends = word[at..]
                .char_indices()
                .map(|(i, c)| at + i + c.len_utf8());
            let ends: Vec<usize> = ends.take_while(|end| end - at <= self.longest).collect();
            let found = ends.iter().rev().find_map(|&end| {
                piece.clear();
                piece.push_str(if at > 0 { prefix } else { "" });
                piece.push_str(&word[at..end]);
                self.ids.get(piece.as_str()).map(|&id| (id, end))
            });
            // As in BERT, a word with an unknown part is unknown as a whole.
            let Some((id, end)) = found else {
                return Vec::new();
            };
            out.push(id);
            at = end;
        }
        out
    }

    /// Viterbi's algorithm over the places between characters.
    fn likeliest(&self, word: &str, scores: &[f32]) -> Vec<u32> {
        let places: Vec<usize> = word
            .char_indices()
            .map(|(i, _)| i)
            .chain([word.len()])
            .collect();
        // The best score up to each place, and the piece and place before it.
        let mut best = vec![(f32::NEG_INFINITY, None, 0usize); places.len()];
        best[0].0 = 0.0;
        for from in 0..places.len() - 1 {
            for to in from + 1..places.len() {
                let piece = &word[places[from]..places[to]];
                if piece.len() > self.longest.max(4) {
                    break;
                }
                let id = self.ids.get(piece).copied();
                let score = match id {
                    Some(id) => scores[id as usize],
                    None if to == from + 1 => UNKNOWN,
                    None => continue,
                };
                if best[from].0 + score > best[to].0 {
                    best[to] = (best[from].0 + score, id, from);
                }
            }
        }
        let (mut out, mut at) = (Vec::new(), places.len() - 1);
        while at > 0 {
            out.extend(best[at].1);
            at = best[at].2;
        }
        out.reverse();
        out
    }
}

fn bad(cause: &str) -> Error {
    Error::model(format!(
        "{cause}; take the tokenizer.json that came with the vectors"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Pieces, Error> {
        Pieces::from_json(json.as_bytes())
    }

    #[test]
    fn words_fall_into_the_longest_pieces() {
        let pieces = read(
            r###"{"model": {"type": "WordPiece", "vocab": {"work": 0, "##load": 1, "##lo": 2, "w": 3}}}"###,
        )
        .unwrap();
        assert_eq!(pieces.of("workload"), [0, 1]);
        assert_eq!(pieces.of("worklo"), [0, 2]);
        assert_eq!(pieces.of("workx"), [] as [u32; 0], "unknown as a whole");
        assert_eq!(pieces.len(), 4);
    }

    #[test]
    fn words_fall_into_the_likeliest_pieces() {
        let pieces = read(
            r#"{"model": {"type": "Unigram", "vocab": [["<unk>", 0], ["▁", -2], ["▁বাজেট", -5], ["বাজেট", -4], ["ের", -3], ["▁বা", -9]]}}"#,
        )
        .unwrap();
        assert_eq!(pieces.of("বাজেটের"), [2, 4]);
        assert_eq!(pieces.of("xবাজেট"), [1, 3], "what is unknown is passed over");
    }

    #[test]
    fn a_file_that_is_none_says_what_is_wrong() {
        for (json, want) in [
            ("{", "no JSON"),
            ("{}", "no list of pieces"),
            (r#"{"model": {"vocab": {"a": "b"}}}"#, "'a' has no number"),
            (r#"{"model": {"vocab": [["a"]]}}"#, "entry 0"),
            (
                r#"{"model": {"type": "BPE", "vocab": {"a": 0}}}"#,
                "the kind BPE is not read",
            ),
        ] {
            let error = read(json).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
