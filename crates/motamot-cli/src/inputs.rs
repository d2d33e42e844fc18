//! From the paths on the command line to chunks of named files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use motamot::input::{self, Batch, Chunk, Chunks, Format, Options};

use crate::args::Reading;
use crate::files::{GROUPS, Identity, REJECTS, REPORT, identity};
use crate::progress::Progress;

/// A file to read and the name under which its responses are known.
struct Named {
    path: PathBuf,
    name: String,
    /// Whether it was found in a folder and not named by itself.
    is_found: bool,
}

/// All inputs of a run.
pub(crate) struct Inputs {
    files: Vec<Named>,
    options: Options,
    /// Paths that could not be read, each told on standard error already.
    pub(crate) unread: usize,
    seen: BTreeSet<Identity>,
    /// What was found and is not read, to be told.
    left_out: LeftOut,
}

/// What is found and not read, by names.
#[derive(Default)]
struct LeftOut {
    /// Files that were found already.
    again: Vec<String>,
    /// Files of a folder that hold what another one holds, each with the name of that.
    copies: Vec<(String, String)>,
    /// Files of a folder of which no reader is known.
    unknown: Vec<String>,
    /// Folders with the files of a report in them.
    reports: Vec<String>,
}

impl Inputs {
    /// Finds the files. A path that cannot be read is told and counted; the others go on.
    pub(crate) fn find(reading: &Reading) -> Result<Self> {
        let format = match reading.input_format.as_deref() {
            None => None,
            Some(name) => match Format::from_name(name) {
                Some(format) => Some(format),
                None => bail!(
                    "there is no input format '{name}'; take jsonl, csv, tsv, text, lines, paragraphs, list, transcript, vtt or srt"
                ),
            },
        };
        let mut options = Options::with_format(format);
        options.columns.text.clone_from(&reading.text);
        options.columns.id.clone_from(&reading.id);
        options.columns.respondent.clone_from(&reading.respondent);
        let mut out = Self {
            files: Vec::new(),
            options,
            unread: 0,
            seen: BTreeSet::new(),
            left_out: LeftOut::default(),
        };
        for path in &reading.inputs {
            if path == Path::new("-") {
                out.add(path.clone(), "-".into(), false);
            } else if path.is_dir() {
                out.walk(path, path, &mut BTreeSet::new());
            } else {
                let name = path
                    .file_name()
                    .unwrap_or(path.as_os_str())
                    .to_string_lossy()
                    .into_owned();
                out.add(path.clone(), name, false);
            }
        }
        out.leave_out_copies();
        if !reading.quiet {
            out.left_out.tell();
        }
        out.tell_apart();
        if out.files.is_empty() && out.unread == 0 {
            bail!(
                "nothing to read in '{}': a folder is searched for .jsonl, .csv, .tsv, .txt, .vtt and .srt files",
                reading.inputs[0].display()
            );
        }
        Ok(out)
    }

    /// Finds the files of codings, which are named one by one.
    pub(crate) fn of_codings(reading: &Reading) -> Result<Self> {
        if let Some(folder) = reading.inputs.iter().find(|path| path.is_dir()) {
            let folder = folder.display();
            bail!(
                "'{folder}' is a folder; name the files of codings, such as '{folder}/codings.jsonl'"
            );
        }
        let mut out = Self::find(reading)?;
        out.options.columns.of_codings = true;
        Ok(out)
    }

    /// Adds a file once, by whatever names it is given.
    fn add(&mut self, path: PathBuf, name: String, is_found: bool) {
        let is_new = identity(&path).is_none_or(|file| self.seen.insert(file));
        if is_new {
            self.files.push(Named {
                path,
                name,
                is_found,
            });
        } else {
            self.left_out.again.push(path.display().to_string());
        }
    }

    /// Leaves out what was copied within the folders, so that no answer counts twice: of files with the same bytes the one with
    /// the shortest name is read.
    fn leave_out_copies(&mut self) {
        let mut by_size: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, file) in self.files.iter().enumerate().filter(|(_, f)| f.is_found) {
            let size = fs::metadata(&file.path).map_or(0, |there| there.len());
            by_size.entry(size).or_default().push(at);
        }
        // An empty file says so for itself.
        by_size.remove(&0);
        let mut copies: BTreeMap<usize, usize> = BTreeMap::new();
        for mut alike in by_size.into_values() {
            alike.sort_by_key(|&at| self.files[at].name.chars().count());
            let mut kept: Vec<usize> = Vec::new();
            for at in alike {
                let is_same = |&&of: &&usize| {
                    let pair = [of, at].map(|at| self.files[at].path.as_path());
                    // A file that cannot be read is told when its turn comes.
                    has_same_bytes(pair).unwrap_or(false)
                };
                match kept.iter().find(is_same) {
                    Some(&of) => drop(copies.insert(at, of)),
                    None => kept.push(at),
                }
            }
        }
        let name = |at: usize| self.files[at].name.clone();
        let told = copies.iter().map(|(&at, &of)| (name(at), name(of)));
        self.left_out.copies = told.collect();
        let mut at = 0..;
        self.files
            .retain(|_| at.next().is_some_and(|at| !copies.contains_key(&at)));
    }

    /// The files that are going to be read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Walks a folder and those in it, each once: a link can lead back up.
    fn walk(&mut self, root: &Path, folder: &Path, walked: &mut BTreeSet<PathBuf>) {
        if fs::canonicalize(folder).is_ok_and(|folder| !walked.insert(folder)) {
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
        paths.sort();
        // What an earlier run made of answers would count as answers.
        let is_report = REPORT.iter().all(|name| folder.join(name).is_file());
        if is_report {
            self.left_out.reports.push(folder.display().to_string());
        }
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_known = || REPORT.iter().chain(&[REJECTS, GROUPS]).any(|n| *n == name);
            let is_reports = is_report && is_known();
            // Word and Excel put such a file beside one that is open.
            let is_lock = name.starts_with("~$");
            if name.starts_with('.') || is_lock || is_reports {
                continue;
            }
            // Of a pipe or a device nobody knows when it ends; one that is named by itself is meant.
            let is_special = fs::metadata(&path).is_ok_and(|there| !there.is_file());
            if path.is_dir() {
                self.walk(root, &path, walked);
            } else if is_data(&path) && !is_special {
                let name = path
                    .strip_prefix(root)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .into_owned();
                self.add(path, name, true);
            } else if !is_readme(&name) {
                self.left_out.unknown.push(name.into_owned());
            }
        }
    }

    /// Two files of one name keep their whole paths, so that no two responses share an id.
    fn tell_apart(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for file in &self.files {
            *seen.entry(file.name.clone()).or_default() += 1;
        }
        for file in &mut self.files {
            if seen[&file.name] > 1 {
                file.name = file.path.to_string_lossy().into_owned();
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        say!(
            "motamot: cannot read '{}': {}",
            path.display(),
            plain(error)
        );
        self.unread += 1;
    }

    /// All bytes to read, where that is known.
    pub(crate) fn bytes(&self) -> u64 {
        self.files
            .iter()
            .filter_map(|f| fs::metadata(&f.path).ok())
            .map(|m| m.len())
            .sum()
    }

    /// What there is to code, piece by piece, so that all cores find work. A long transcript is parsed while others work and
    /// comes in pieces, unless its turns are asked for `together`.
    pub(crate) fn pieces<'a>(
        &'a mut self,
        progress: &'a Progress,
        together: bool,
    ) -> impl Iterator<Item = Piece> + 'a {
        self.chunks(progress)
            .flat_map(move |chunk| match chunk.is_whole() && !together {
                true if chunk.len() > LONG => parted(chunk.parse()),
                _ => vec![Piece::Unread(chunk)],
            })
    }

    /// Reads file after file, chunk after chunk, holding one chunk at a time.
    fn chunks<'a>(&'a mut self, progress: &'a Progress) -> ChunkIter<'a> {
        let files = std::mem::take(&mut self.files).into_iter();
        ChunkIter {
            files,
            open: None,
            options: &self.options,
            unread: &mut self.unread,
            progress,
        }
    }
}

impl LeftOut {
    fn tell(&self) {
        let (were, names) = (counted(self.again.len()), listed(&self.again));
        match self.again.len() {
            0 => {}
            1 => say!("motamot: {names} was given twice and is read once"),
            _ => say!("motamot: {were} given more than once and are read once: {names}"),
        }
        let copies: Vec<String> = self
            .copies
            .iter()
            .map(|(copy, of)| format!("'{copy}' of '{of}'"))
            .collect();
        match &self.copies[..] {
            [] => {}
            [(copy, of)] => {
                say!("motamot: '{copy}' is an exact copy of '{of}' and is left out");
            }
            all => {
                let (were, names) = (counted(all.len()), listed(&copies));
                say!("motamot: {were} left out as exact copies of others: {names}");
            }
        }
        if !self.unknown.is_empty() {
            let (were, names) = (counted(self.unknown.len()), listed(&self.unknown));
            say!("motamot: {were} not read: {names} (save what holds answers as CSV or text)");
        }
        for folder in &self.reports {
            say!("motamot: the files of an earlier report in '{folder}' are not read as answers");
        }
    }
}

fn counted(files: usize) -> String {
    match files {
        1 => "1 file was".into(),
        n => format!("{n} files were"),
    }
}

/// The first names, and how many there are besides.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A transcript or document of more bytes is coded in pieces …
const LONG: usize = 128 << 10;
/// … of so many answers.
const ANSWERS: usize = 500;

/// A piece of the input.
pub(crate) enum Piece {
    Unread(Chunk),
    Read(Batch),
}

impl Piece {
    /// Its responses and rejects; on any thread.
    pub(crate) fn parse(self, progress: &Progress) -> Batch {
        let batch = self.read();
        progress.note(&batch);
        batch
    }

    /// The same, of which nothing is told in the end.
    pub(crate) fn read(self) -> Batch {
        match self {
            Piece::Unread(chunk) => chunk.parse(),
            Piece::Read(batch) => batch,
        }
    }
}

/// The answers some at a time; all rejects, headings and notes come with the first.
fn parted(batch: Batch) -> Vec<Piece> {
    let mut rest = batch.responses.into_iter();
    let (mut rejects, mut headings, mut notes) = (batch.rejects, batch.headings, batch.notes);
    let mut pieces = Vec::new();
    loop {
        let mut piece = Batch::default();
        piece.responses.extend(rest.by_ref().take(ANSWERS));
        piece.rejects.append(&mut rejects);
        piece.headings.append(&mut headings);
        piece.notes.append(&mut notes);
        if piece.responses.is_empty() && !pieces.is_empty() {
            return pieces;
        }
        pieces.push(Piece::Read(piece));
    }
}

/// The chunks of all files, in order.
struct ChunkIter<'a> {
    files: std::vec::IntoIter<Named>,
    open: Option<(PathBuf, Chunks<Box<dyn Read>>)>,
    options: &'a Options,
    unread: &'a mut usize,
    progress: &'a Progress,
}

impl ChunkIter<'_> {
    fn fail(&mut self, path: &Path, error: &io::Error) {
        self.progress.say(&format!(
            "motamot: cannot read '{}': {}",
            path.display(),
            plain(error)
        ));
        *self.unread += 1;
    }
}

impl Iterator for ChunkIter<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        loop {
            if let Some((path, chunks)) = &mut self.open {
                match chunks.next() {
                    Some(Ok(chunk)) => return Some(chunk),
                    Some(Err(error)) => {
                        let path = path.clone();
                        self.fail(&path, &error);
                    }
                    None => self.open = None,
                }
                continue;
            }
            let Named { path, name, .. } = self.files.next()?;
            let reader: Box<dyn Read> = if path == Path::new("-") {
                Box::new(io::stdin().lock())
            } else {
                match File::open(&path) {
                    Ok(file) => Box::new(file),
                    Err(error) => {
                        self.fail(&path, &error);
                        continue;
                    }
                }
            };
            let reader = self.progress.reader(reader);
            self.open = Some((path, input::chunks(&name, reader, self.options)));
        }
    }
}

/// Whether two files of one size hold the same.
fn has_same_bytes(paths: [&Path; 2]) -> io::Result<bool> {
    let [mut one, mut other] = [File::open(paths[0])?, File::open(paths[1])?].map(BufReader::new);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let n = left.len().min(right.len());
        if left[..n] != right[..n] {
            return Ok(false);
        }
        if n == 0 {
            return Ok(left.len() == right.len());
        }
        one.consume(n);
        other.consume(n);
    }
}

/// Whether a file of a folder holds answers, by its extension; a README beside them does not.
fn is_data(path: &Path) -> bool {
    let lower = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let is_known = Format::from_extension(&lower).is_some() && !lower.ends_with(".md");
    is_known && !is_readme(&lower)
}

fn is_readme(name: &str) -> bool {
    name.to_lowercase().starts_with("readme")
}

/// The cause of a failed read, with what to do about it.
pub(crate) fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder; check the path".into(),
        io::ErrorKind::PermissionDenied => {
            "you may not read it; ask its owner, or copy it to a folder of your own".into()
        }
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}
