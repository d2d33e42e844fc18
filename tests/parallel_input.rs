//! Tables, lines of JSON, arrays of JSON and transcripts are parsed on several threads at a time, and give the same for any number.

#![cfg(all(feature = "parallel", feature = "formats"))]

use std::convert::Infallible;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use motamot::input::{Batch, Chunk, Options, chunks};
use motamot::parallel::ordered_map;

/// Waits until two have come; false where the other does not.
#[derive(Default)]
struct Meeting(Mutex<usize>, Condvar);

impl Meeting {
    fn attend(&self) -> bool {
        let mut here = self.0.lock().unwrap();
        *here += 1;
        self.1.notify_all();
        let (here, _) = self
            .1
            .wait_timeout_while(here, Duration::from_secs(60), |here| *here < 2)
            .unwrap();
        *here >= 2
    }
}

fn pieces(files: &[(String, String)]) -> Vec<Chunk> {
    let mut options = Options::default();
    options.chunk_bytes = 1000;
    let each = files.iter();
    each.flat_map(|(name, text)| chunks(name, text.as_bytes(), &options))
        .map(|chunk| chunk.expect("a slice never fails to be read"))
        .collect()
}

fn parsed(files: &[(String, String)], threads: usize) -> Batch {
    let meeting = Meeting::default();
    let mut all = Batch::default();
    let done: Result<(), Infallible> = ordered_map(
        pieces(files).into_iter().enumerate(),
        threads,
        1,
        || (),
        |(), (number, chunk)| {
            // The first two meet while they are worked on, which they cannot on one thread.
            assert!(threads == 1 || number > 1 || meeting.attend());
            chunk.parse()
        },
        |batch| {
            all.append(batch);
            Ok(())
        },
    );
    let Ok(()) = done;
    all
}

#[test]
fn every_format_is_parsed_on_several_threads_and_gives_the_same() {
    let rows = || (0..500).map(|n| (n, format!("Answer number {n}, no budget")));
    let csv: String = rows().map(|(n, t)| format!("{n},\"{t}\"\n")).collect();
    let json: Vec<String> = rows()
        .map(|(n, t)| format!("{{\"id\": {n}, \"text\": \"{t}\"}}"))
        .collect();
    let turns = |from: usize| -> String {
        let mine = rows().skip(from).step_by(4);
        mine.map(|(n, t)| format!("P{}: {t}\n", n % 3 + 1))
            .collect()
    };
    let named = |name: &str, text: String| (name.to_string(), text);
    let inputs = [
        vec![named("a.csv", format!("id,text\n{csv}"))],
        vec![named("a.jsonl", json.join("\n"))],
        vec![named("a.json", format!("[\n{}\n]\n", json.join(",\n")))],
        // A transcript is read whole, since a turn may go on anywhere: they are parsed side by side.
        (0..4)
            .map(|n| named(&format!("{n}.txt"), turns(n)))
            .collect(),
    ];
    for files in &inputs {
        let one = parsed(files, 1);
        assert_eq!(
            (one.responses.len(), one.rejects.len()),
            (500, 0),
            "{}",
            files[0].0
        );
        assert!(
            one == parsed(files, 2) && one == parsed(files, 5),
            "{}",
            files[0].0
        );
    }
}
