//! Files that are written whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempPath;

use crate::unfinished;

/// The files of a report; `rejects.jsonl` is one where there are rejects, `groups.csv` where groups are compared.
pub(crate) const REPORT: [&str; 4] = ["report.html", "report.json", "themes.csv", "codings.jsonl"];
pub(crate) const REJECTS: &str = "rejects.jsonl";
pub(crate) const GROUPS: &str = "groups.csv";

/// By this mark at the beginning Excel knows a CSV file to be UTF-8; others may take it for a part of the first name.
pub(crate) const BOM: &[u8] = "\u{feff}".as_bytes();

/// What tells a file from all others, by whatever name or link it is reached.
#[cfg(unix)]
pub(crate) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Identity = PathBuf;

/// `None` where there is no such file, and for folders, devices and pipes.
pub(crate) fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Standard input may be a file too.
        let path = match path == Path::new("-") {
            true => Path::new("/dev/stdin"),
            false => path,
        };
        let there = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some((there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        fs::canonicalize(path).ok().filter(|path| path.is_file())
    }
}

/// Refuses a result that would take the place of what it is made from.
///
/// # Errors
/// The first output that is one of the inputs too, by whatever name.
pub(crate) fn keep_apart<'p>(
    outputs: impl IntoIterator<Item = impl AsRef<Path>>,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<()> {
    let inputs: BTreeSet<Identity> = inputs.into_iter().filter_map(identity).collect();
    for output in outputs {
        let output = output.as_ref();
        // That is standard output, not standard input.
        let is_stream = output == Path::new("-");
        if !is_stream && identity(output).is_some_and(|file| inputs.contains(&file)) {
            bail!(
                "the output '{}' is also an input; choose another name or folder for it",
                output.display()
            );
        }
    }
    Ok(())
}

/// A file that takes its place under its name only by [`Draft::keep`]; dropped before, it leaves nothing behind.
pub(crate) struct Draft {
    out: BufWriter<File>,
    temp: TempPath,
    path: PathBuf,
}

impl Draft {
    /// Begins a file beside its final place, so that the last step is a rename. Behind a symbolic link it is the file that the
    /// link leads to.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let path = behind_links(path);
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".motamot-");
        // A temporary file is for its owner alone; a result is as open as any new file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let temp = unfinished::file(|| builder.tempfile_in(folder)).with_context(|| {
            format!(
                "cannot write in '{}'; is the folder there and yours?",
                folder.display()
            )
        })?;
        let (file, temp) = temp.into_parts();
        Ok(Self {
            out: BufWriter::with_capacity(1 << 18, file),
            temp,
            path,
        })
    }

    /// Puts it in its place.
    pub(crate) fn keep(self) -> Result<()> {
        keep_all([self])
    }

    /// The file that was to be written, before the cause.
    fn fault(&self, cause: &io::Error) -> io::Error {
        fault(&format!("'{}'", self.path.display()), cause)
    }
}

/// A fault of writing, with the place before the cause. Its kind is kept: of a broken pipe nobody is told.
fn fault(place: &str, cause: &io::Error) -> io::Error {
    io::Error::new(cause.kind(), format!("cannot write {place}: {cause}"))
}

fn stdout_fault(cause: io::Error) -> io::Error {
    fault("to standard output", &cause)
}

/// Puts files in their places: all, or none where one cannot be written out, as on a full disk.
pub(crate) fn keep_all(drafts: impl IntoIterator<Item = Draft>) -> Result<()> {
    let mut drafts: Vec<Draft> = drafts.into_iter().collect();
    drafts.iter_mut().try_for_each(Write::flush)?;
    for Draft { out, temp, path } in drafts {
        // Some systems rename no open file.
        drop(out);
        temp.persist(&path)
            .map_err(|e| e.error)
            .with_context(|| format!("cannot write '{}'", path.display()))?;
    }
    Ok(())
}

/// Where a chain of symbolic links ends, be it a file or not.
fn behind_links(path: &Path) -> PathBuf {
    let mut at = path.to_path_buf();
    // As many as Linux follows; more are a circle.
    for _ in 0..40 {
        let Ok(to) = fs::read_link(&at) else { break };
        // A link that is no whole path leads on from where it lies.
        at = at.parent().unwrap_or(Path::new("")).join(to);
    }
    at
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        written.map_err(|cause| self.fault(&cause))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        flushed.map_err(|cause| self.fault(&cause))
    }
}

/// Where results go: a file, or standard output.
pub(crate) enum Sink {
    File(Draft),
    /// A device or a pipe, which a rename would replace by a file.
    Device(BufWriter<File>),
    Stdout(BufWriter<io::StdoutLock<'static>>),
}

impl Sink {
    pub(crate) fn new(path: Option<&Path>) -> Result<Self> {
        match path {
            Some(path) if path != Path::new("-") => match fs::metadata(path) {
                Ok(there) if !there.is_file() && !there.is_dir() => {
                    let device = File::options().write(true).open(path);
                    let device =
                        device.with_context(|| format!("cannot write '{}'", path.display()))?;
                    Ok(Sink::Device(BufWriter::new(device)))
                }
                Ok(there) if there.is_dir() => bail!(
                    "'{}' is a folder; name a file in it after -o",
                    path.display()
                ),
                _ => Ok(Sink::File(Draft::new(path)?)),
            },
            _ => Ok(Sink::Stdout(BufWriter::with_capacity(
                1 << 16,
                io::stdout().lock(),
            ))),
        }
    }

    /// Whether it is a file by name, neither a stream nor a device.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Sink::File(_))
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Sink::File(draft) => draft.keep(),
            Sink::Device(mut out) => out.flush().context("cannot write the result"),
            Sink::Stdout(mut out) => Ok(out.flush().map_err(stdout_fault)?),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::File(draft) => draft.write(bytes),
            Sink::Device(out) => out.write(bytes),
            Sink::Stdout(out) => out.write(bytes).map_err(stdout_fault),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::File(draft) => draft.flush(),
            Sink::Device(out) => out.flush(),
            Sink::Stdout(out) => out.flush().map_err(stdout_fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_belong_together_are_kept_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::write(&first, "old").unwrap();
        let mut good = Draft::new(&first).unwrap();
        good.write_all(b"new").unwrap();
        let mut full = Draft::new(&second).unwrap();
        // A file that takes nothing, as on a full disk.
        full.out = BufWriter::new(File::open(&full.temp).unwrap());
        full.write_all(b"new").unwrap();
        assert!(keep_all([good, full]).is_err());
        assert_eq!(fs::read(&first).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
