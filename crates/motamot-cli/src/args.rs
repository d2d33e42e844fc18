//! What the command line takes.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Codes free-text answers and transcripts in Bangla, English and romanised Bangla.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The main job: ranked themes with evidence, as a table, JSON, CSV and one HTML page
    Report {
        #[command(flatten)]
        coding: Coding,
        /// Folder for report.json, codings.jsonl, themes.csv, report.html and, where needed, groups.csv and rejects.jsonl
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
        /// Also compare groups: those of a column of the input (`--by district`), or one of `role` (given or inferred), `language`
        /// (form), `question` (what the answer answers: its column `question` or its context, which is the column's name where
        /// several --text are given), `context`, `respondent`, `file`; in transcripts also `speaker`. At most 100 different values
        #[arg(long, value_name = "COLUMN")]
        by: Option<String>,
        /// Title of the page
        #[arg(long, default_value = "What people said")]
        title: String,
        /// Begin themes.csv and groups.csv with the mark (BOM) by which Excel knows that it is UTF-8
        #[arg(long)]
        excel: bool,
        /// Do not look for themes that the taxonomy lacks, and draw no map
        #[arg(long)]
        no_clusters: bool,
        /// INPUT holds codings, as `motamot code` (JSON Lines or CSV) or an earlier report wrote them, perhaps corrected: the report is made of
        /// these, and nothing is coded anew. --taxonomy is the one by which was coded
        #[arg(long, conflicts_with_all = ["model", "carry", "text", "id", "respondent"])]
        coded: bool,
    },
    /// A line of JSON for each response, in input order
    Code {
        #[command(flatten)]
        coding: Coding,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// One line a response (jsonl), or one row a coding, and one for a response without any (csv)
        #[arg(long, value_enum, default_value_t = CodeFormat::Jsonl)]
        format: CodeFormat,
        /// Begin the CSV file with the mark (BOM) by which Excel knows that it is UTF-8; standard output gets none
        #[arg(long)]
        excel: bool,
    },
    /// Groups answers by what they say, over languages, so that themes no taxonomy names come to light; JSON
    Cluster {
        #[command(flatten)]
        coding: Coding,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Every answer in the nearest of k clusters, or only those that lie dense, the others outside
        #[arg(long, value_enum, default_value_t = Method::KMeans)]
        method: Method,
        /// How many clusters, at most; chosen by the data otherwise
        #[arg(long, value_name = "N", value_parser = at_least_one)]
        k: Option<usize>,
        /// Another seed starts from other answers
        #[arg(long, default_value_t = 0, value_name = "N")]
        seed: u64,
        /// Only answers that the taxonomy leaves without a theme
        #[arg(long)]
        uncoded: bool,
        /// Do not code the answers: faster, but no cluster tells its theme
        #[arg(long, conflicts_with_all = ["uncoded", "only"])]
        no_themes: bool,
        /// Word vectors of your own: a model2vec folder (model.safetensors, tokenizer.json) or its model.safetensors, or word2vec or fastText text
        #[arg(long, value_name = "FILE|FOLDER")]
        vectors: Option<PathBuf>,
    },
    /// Only reads and segments: one line of JSON for each response unit
    Split {
        #[command(flatten)]
        reading: Reading,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Agreement and F1 by theme, with intervals: the program beside people, or one person beside another
    Evaluate {
        /// Coded answers to measure against: JSON Lines with `id` and `themes`, or what `motamot code` writes (JSON Lines or CSV)
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        gold: Vec<PathBuf>,
        /// The other coder's: the same, or the output of `motamot code`
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        coded: Vec<PathBuf>,
        /// Themes that count, by code, separated by commas; all that either gave otherwise
        #[arg(long, value_delimiter = ',')]
        themes: Vec<String>,
        /// Columns of the gold by which the figures are broken down
        #[arg(long, value_delimiter = ',', default_value = "language,role,register")]
        by: Vec<String>,
        /// Tell subthemes apart
        #[arg(long)]
        subthemes: bool,
        /// Bootstrap samples; 0 for no intervals
        #[arg(long, default_value_t = 1000)]
        resamples: usize,
        /// Print JSON instead of tables
        #[arg(long)]
        json: bool,
    },
    /// Trains the statistical coder on coded answers, and says what it gains over the rules
    Learn {
        /// Coded answers: JSON Lines with `text`, `themes`, `polarity`, `role`; what `motamot code` writes (JSON Lines or CSV), corrected; or TSV without a
        /// header, of the columns themes, polarity, role, language, text. Those of a file given twice count twice
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        gold: Vec<PathBuf>,
        /// The model's file
        #[arg(short, long, value_name = "MODEL")]
        output: PathBuf,
        /// core, nsss, or a TOML file
        #[arg(long, default_value = "core", value_name = "NAME|FILE")]
        taxonomy: String,
        /// Column that tells which answers stay together in cross-validation (an author, a person, a district); an answer without one stands alone. A TSV
        /// file without a header is one group
        #[arg(long, default_value = crate::commands::RESPONDENT, value_name = "COLUMN")]
        group: String,
    },
    /// Shows, checks and converts taxonomies
    Taxonomy {
        #[command(subcommand)]
        command: TaxonomyCommand,
    },
    /// The text layer on its own: a line in on standard input, a line out
    Text {
        /// What to do with each line
        #[arg(value_enum)]
        what: TextCommand,
    },
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("there is at least one cluster".into()),
        Ok(n) => Ok(n),
        Err(_) => Err("not a whole number".into()),
    }
}

#[derive(Subcommand)]
pub(crate) enum TaxonomyCommand {
    /// Names the built-in taxonomies and their themes
    List,
    /// Reads a taxonomy and tells what is in it, or the first fault with its place
    Check {
        /// A TOML file, or the name of a built-in taxonomy
        file: String,
    },
    /// Proposes themes for the answers that no theme fits, and missing terms, as a draft in TOML to edit and load
    Suggest {
        #[command(flatten)]
        coding: Box<Coding>,
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// How many new themes, at most; twelve otherwise
        #[arg(long, value_name = "N", value_parser = at_least_one)]
        k: Option<usize>,
        /// Another seed draws other samples of the answers
        #[arg(long, default_value_t = 0, value_name = "N")]
        seed: u64,
    },
    /// Writes a taxonomy to standard output
    Export {
        /// A TOML file, or the name of a built-in taxonomy
        #[arg(default_value = "core")]
        taxonomy: String,
        /// toml (to edit and load again), json, or qdc (a REFI-QDA codebook)
        #[arg(long, value_enum, default_value_t = TaxonomyFormat::Toml)]
        format: TaxonomyFormat,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TaxonomyFormat {
    Toml,
    Json,
    Qdc,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TextCommand {
    /// The clean form
    Normalize,
    /// Words and numbers, separated by one tab
    Tokenize,
    /// The stem of the one word on the line
    Stem,
    /// Legacy Bijoy/SutonnyMJ text as Unicode
    Bijoy,
    /// The key under which Bangla script and romanised spellings of the word meet
    Key,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// k-means
    #[value(name = "kmeans")]
    KMeans,
    /// HDBSCAN*
    Density,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodeFormat {
    Jsonl,
    Csv,
}

/// How to read.
#[derive(ClapArgs)]
pub(crate) struct Reading {
    /// Files, folders (walked in name order) or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Format of the inputs, whatever their extension: jsonl (also an array of objects), csv, tsv, text, lines, paragraphs, list, transcript, vtt, srt, xlsx, docx
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<String>,
    /// Column of CSV, TSV or JSON that holds answers, in place of `text`; several times for several questions, whose names become the context and end the ids
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text: Vec<String>,
    /// Column that holds the id, in place of `id`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// Column that tells who answered, in place of `respondent`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) respondent: Option<String>,
    /// Threads; one a core otherwise
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N")]
    pub(crate) threads: usize,
    /// No progress and no remarks; what could not be read is still counted in one line
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// How to read and code.
#[derive(ClapArgs)]
pub(crate) struct Coding {
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// core, nsss, or a TOML file
    #[arg(long, default_value = "core", value_name = "NAME|FILE")]
    pub(crate) taxonomy: String,
    /// The statistical coder beside the rules: builtin, none for the rules alone, or a file that `motamot learn` wrote
    #[arg(long, default_value = "builtin", value_name = "builtin|none|FILE")]
    pub(crate) model: String,
    /// In transcripts, a reply that only says 'same here' takes over the themes of the turn that it answers
    #[arg(long)]
    pub(crate) carry: bool,
    /// Only answers whose COLUMN (as for `report --by`) has this value, or with != any other or none; case and spaces do not matter. Several
    /// times: all must hold
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub(crate) only: Vec<String>,
}
