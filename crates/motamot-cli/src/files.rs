//! Files that are written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// A file that takes its place under its name only by [`Draft::keep`]; dropped before, it leaves nothing behind.
pub(crate) struct Draft {
    out: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Draft {
    /// Begins a file beside its final place, so that the last step is a rename.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let temp = tempfile::Builder::new()
            .prefix(".motamot-")
            .tempfile_in(folder)
            .with_context(|| {
                format!(
                    "cannot write in '{}'; is the folder there and yours?",
                    folder.display()
                )
            })?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 18, temp),
            path: path.to_path_buf(),
        })
    }

    /// Puts it in its place.
    pub(crate) fn keep(self) -> Result<()> {
        let say = || format!("cannot write '{}'", self.path.display());
        let temp = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
            .with_context(say)?;
        // A temporary file is for its owner alone; a result is as open as any new file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let _ = temp
                .as_file()
                .set_permissions(fs::Permissions::from_mode(0o644));
        }
        temp.persist(&self.path)
            .map_err(|e| e.error)
            .with_context(say)?;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Where results go: a file, or standard output.
pub(crate) enum Sink {
    File(Draft),
    /// A device or a pipe, which a rename would replace by a file.
    Device(BufWriter<fs::File>),
    Stdout(BufWriter<io::StdoutLock<'static>>),
}

impl Sink {
    pub(crate) fn new(path: Option<&Path>) -> Result<Self> {
        match path {
            Some(path) if path != Path::new("-") => match fs::metadata(path) {
                Ok(there) if !there.is_file() && !there.is_dir() => {
                    let device = fs::OpenOptions::new().write(true).open(path);
                    let device =
                        device.with_context(|| format!("cannot write '{}'", path.display()))?;
                    Ok(Sink::Device(BufWriter::new(device)))
                }
                _ => Ok(Sink::File(Draft::new(path)?)),
            },
            _ => Ok(Sink::Stdout(BufWriter::with_capacity(
                1 << 16,
                io::stdout().lock(),
            ))),
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Sink::File(draft) => draft.keep(),
            Sink::Device(mut out) => out.flush().context("cannot write the result"),
            Sink::Stdout(mut out) => Ok(out.flush()?),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::File(draft) => draft.write(bytes),
            Sink::Device(out) => out.write(bytes),
            Sink::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::File(draft) => draft.flush(),
            Sink::Device(out) => out.flush(),
            Sink::Stdout(out) => out.flush(),
        }
    }
}
