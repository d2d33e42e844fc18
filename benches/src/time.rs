//! A clock that counts wall and CPU seconds, and pairs of measurements taken in turn.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

/// How long something took: on the wall, and on all CPUs together.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// Seconds on the wall.
    pub wall: f64,
    /// CPU seconds of this process.
    pub cpu: f64,
}

/// Runs `work` once.
pub fn took<T>(work: impl FnOnce() -> T) -> Took {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    std::hint::black_box(work());
    Took {
        wall: wall.elapsed().as_secs_f64(),
        cpu: cpu.elapsed().as_secs_f64(),
    }
}

/// `a` and `b` in turn (A B A B …), after one run of each that does not count: their times, run by run.
pub fn in_turn<A, B>(
    rounds: usize,
    mut a: impl FnMut() -> A,
    mut b: impl FnMut() -> B,
) -> Vec<(Took, Took)> {
    std::hint::black_box((a(), b()));
    (0..rounds).map(|_| (took(&mut a), took(&mut b))).collect()
}

/// The middle one; of two, the upper.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds as milliseconds.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
