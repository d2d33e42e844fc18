//! Files that are not whole yet, so that none is left behind where a signal ends the run.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// What goes away on a signal. A file that has got its name since, or is gone, is no longer under the path that stands here.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a temporary file that goes away on a signal.
pub(crate) fn file(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<NamedTempFile> {
    watch();
    // Held while the file is made, so that no signal comes between it and its entry.
    let mut all = unfinished();
    let file = make()?;
    all.push(file.path().to_path_buf());
    Ok(file)
}

/// A folder that this run has made goes away on a signal, where nothing is in it.
pub(crate) fn folder(path: PathBuf) {
    watch();
    unfinished().push(path);
}

/// Waits for the signals that ask a program to end, clears up and lets the signal do what it does to any program.
#[cfg(unix)]
fn watch() {
    use std::sync::Once;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                let all = unfinished();
                // A folder stands before the files in it.
                for path in all.iter().rev() {
                    if std::fs::remove_file(path).is_err() {
                        let _ = std::fs::remove_dir(path);
                    }
                }
                let _ = emulate_default_handler(signal);
            }
        });
    });
}

#[cfg(not(unix))]
fn watch() {}
