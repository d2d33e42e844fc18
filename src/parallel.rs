//! A map over many items on all cores, its results in input order and its memory bounded.
//!
//! The only room that names rayon; without the feature `parallel` the same call works on one core. Matrices of `learn` and `cluster`
//! are multiplied on rayon's threads too, by way of `ndarray`; [`on_threads`] sets how many those are.
//! `par_bridge` was not taken because it gives up the order, and collecting not because it holds
//! the whole corpus.

/// Runs `work`, which may use cores by itself, on `threads` threads; 0 for one a core.
pub fn on_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    #[cfg(feature = "parallel")]
    if threads > 0
        && let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build()
    {
        return pool.install(work);
    }
    let _ = threads;
    work()
}

/// Applies `map` to every item and hands the results to `sink`, in the order of the items.
///
/// `threads` is the number of workers, 0 for one a core. Each worker keeps a state made by `init`
/// (buffers, memories of words) from item to item; results must not depend on it. `chunk` items are
/// handed over at a time: some dozens where an item takes microseconds, 1 where it is a whole file.
/// Items are drawn from the iterator on the calling thread, where `sink` runs too, and never more than
/// 2 × `threads` chunks are between the two. The results are the same for any `threads` and `chunk`.
///
/// # Errors
/// The first error of `sink`; no more items are drawn after it.
///
/// # Panics
/// When `items`, `map` or `sink` does; the panic of the earliest item is passed on.
pub fn ordered_map<T, S, R, E>(
    items: impl Iterator<Item = T>,
    threads: usize,
    chunk: usize,
    init: impl Fn() -> S + Sync,
    map: impl Fn(&mut S, T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    S: Send,
    R: Send,
{
    #[cfg(feature = "parallel")]
    {
        let threads = if threads == 0 {
            std::thread::available_parallelism().map_or(1, usize::from)
        } else {
            threads
        };
        // A machine that gives no more threads still gives the results, on this one.
        let pool =
            (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
        if let Some(Ok(pool)) = pool {
            return on_pool(
                &pool,
                items,
                threads.saturating_mul(2),
                chunk.max(1),
                init,
                map,
                sink,
            );
        }
    }
    let _ = (threads, chunk);
    let mut state = init();
    items
        .map(|item| map(&mut state, item))
        .try_for_each(&mut sink)
}

#[cfg(feature = "parallel")]
fn on_pool<T: Send, S: Send, R: Send, E>(
    pool: &rayon::ThreadPool,
    mut items: impl Iterator<Item = T>,
    limit: usize,
    chunk: usize,
    init: impl Fn() -> S + Sync,
    map: impl Fn(&mut S, T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    use std::collections::VecDeque;
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use std::sync::{Mutex, PoisonError, mpsc};

    // A worker takes a state and puts it back; after a panic the state is dropped with its chunk.
    let states: Mutex<Vec<S>> = Mutex::new(Vec::new());
    let work = |batch: Vec<T>| {
        let taken = states.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut state = taken.unwrap_or_else(&init);
        let done: Vec<R> = batch
            .into_iter()
            .map(|item| map(&mut state, item))
            .collect();
        states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(state);
        done
    };
    let work = &work;

    // First in, first out: the oldest chunk, for which the sink waits, is never overtaken at the start.
    pool.in_place_scope_fifo(|scope| {
        let (report, results) = mpsc::channel();
        // Chunks under way, oldest first; those that are done wait here for their turn.
        let mut under_way: VecDeque<Option<std::thread::Result<Vec<R>>>> = VecDeque::new();
        let mut delivered = 0;
        let mut at_end = false;
        loop {
            while !at_end && under_way.len() < limit {
                let batch: Vec<T> = items.by_ref().take(chunk).collect();
                at_end = batch.len() < chunk;
                if !batch.is_empty() {
                    let (number, report) = (delivered + under_way.len(), report.clone());
                    under_way.push_back(None);
                    scope.spawn_fifo(move |_| {
                        // Caught and sent, since a lost result would leave the caller waiting for ever.
                        let done = catch_unwind(AssertUnwindSafe(|| work(batch)));
                        // The receiver is gone only where the sink has failed.
                        let _ = report.send((number, done));
                    });
                }
            }
            if under_way.is_empty() {
                return Ok(());
            }
            let Ok((number, done)) = results.recv() else {
                unreachable!("this thread holds a sender")
            };
            under_way[number - delivered] = Some(done);
            while let Some(done) = under_way.front_mut().and_then(Option::take) {
                under_way.pop_front();
                delivered += 1;
                match done {
                    Ok(batch) => batch.into_iter().try_for_each(&mut sink)?,
                    Err(panic) => resume_unwind(panic),
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn collect(n: u64, threads: usize, chunk: usize, map: impl Fn(u64) -> u64 + Sync) -> Vec<u64> {
        let mut results = Vec::new();
        let done: Result<(), Infallible> = ordered_map(
            0..n,
            threads,
            chunk,
            || (),
            |(), i| map(i),
            |r| {
                results.push(r);
                Ok(())
            },
        );
        done.unwrap();
        results
    }

    #[test]
    fn results_come_in_the_order_of_the_items_however_long_each_takes() {
        let want: Vec<u64> = (0..200).map(|i| i * i).collect();
        for (threads, chunk) in [(0, 1), (1, 1), (2, 1), (8, 1), (8, 7), (3, 1000), (2, 0)] {
            let found = collect(200, threads, chunk, |i| {
                std::thread::sleep(Duration::from_micros(i * 7919 % 300));
                i * i
            });
            assert_eq!(found, want, "{threads} threads, {chunk} a chunk");
        }
        assert!(collect(0, 4, 8, |i| i).is_empty());
    }

    #[test]
    fn a_slow_first_item_does_not_make_the_rest_pile_up() {
        for (threads, chunk) in [(1, 1), (2, 1), (4, 3)] {
            let (drawn, delivered, most) = (
                AtomicUsize::new(0),
                AtomicUsize::new(0),
                AtomicUsize::new(0),
            );
            let items = (0..300).inspect(|_| {
                let held =
                    drawn.fetch_add(1, Ordering::SeqCst) + 1 - delivered.load(Ordering::SeqCst);
                most.fetch_max(held, Ordering::SeqCst);
            });
            let slow_first = |(): &mut (), i| {
                std::thread::sleep(Duration::from_millis(if i == 0 { 50 } else { 0 }))
            };
            let count = |()| {
                delivered.fetch_add(1, Ordering::SeqCst);
                Ok::<(), Infallible>(())
            };
            ordered_map(items, threads, chunk, || (), slow_first, count).unwrap();
            assert_eq!(delivered.load(Ordering::SeqCst), 300);
            let most = most.load(Ordering::SeqCst);
            assert!(
                most <= 2 * threads * chunk,
                "{most} items at once, {threads} threads, {chunk} a chunk"
            );
        }
    }

    #[test]
    fn a_state_is_kept_from_item_to_item_and_made_once_a_worker_at_most() {
        let made = AtomicUsize::new(0);
        let init = || {
            made.fetch_add(1, Ordering::SeqCst);
        };
        ordered_map(0..1000, 4, 1, init, |(), i| i, |_| Ok::<(), Infallible>(())).unwrap();
        assert!((1..=4).contains(&made.load(Ordering::SeqCst)));
    }

    #[test]
    fn an_error_of_the_sink_stops_the_run() {
        for threads in [1, 4] {
            let drawn = AtomicUsize::new(0);
            let items = (0..100_000).inspect(|_| {
                drawn.fetch_add(1, Ordering::SeqCst);
            });
            let full = |i| if i == 10 { Err("disk full") } else { Ok(()) };
            assert_eq!(
                ordered_map(items, threads, 1, || (), |(), i| i, full),
                Err("disk full")
            );
            assert!(drawn.load(Ordering::SeqCst) < 100);
        }
    }

    #[test]
    fn a_panic_is_passed_on_and_nothing_hangs() {
        for threads in [1, 4] {
            let run = std::panic::catch_unwind(|| {
                collect(
                    50,
                    threads,
                    2,
                    |i| if i == 20 { panic!("item 20") } else { i },
                )
            });
            assert_eq!(run.unwrap_err().downcast_ref::<&str>(), Some(&"item 20"));
        }
    }
}
