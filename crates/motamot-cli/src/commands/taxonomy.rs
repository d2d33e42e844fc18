//! `motamot taxonomy`: shows, checks and converts taxonomies.

use std::io::Write;

use anyhow::Result;
use motamot::cluster::Options;
use motamot::{Taxonomy, output};

use crate::args::{TaxonomyCommand, TaxonomyFormat};

pub(crate) fn run(command: TaxonomyCommand) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match command {
        TaxonomyCommand::List => {
            for name in Taxonomy::builtin_names() {
                if let Some(taxonomy) = Taxonomy::builtin(name) {
                    out.write_all(output::taxonomy_list(&taxonomy).as_bytes())?;
                }
            }
        }
        TaxonomyCommand::Check { file } => {
            let taxonomy = super::taxonomy_named(&file)?;
            writeln!(
                out,
                "{file}: {} themes, {} terms, no fault found",
                taxonomy.themes().len(),
                taxonomy.terms().len()
            )?;
        }
        TaxonomyCommand::Suggest {
            coding,
            output,
            k,
            seed,
        } => super::suggest::run(
            &coding,
            output.as_deref(),
            &Options {
                k,
                seed,
                ..Options::default()
            },
        )?,
        TaxonomyCommand::Export { taxonomy, format } => {
            let taxonomy = super::taxonomy_named(&taxonomy)?;
            match format {
                TaxonomyFormat::Toml => out.write_all(taxonomy.source().as_bytes())?,
                TaxonomyFormat::Json => output::taxonomy_json(&mut out, &taxonomy)?,
                TaxonomyFormat::Qdc => output::taxonomy_qdc(&mut out, &taxonomy)?,
            }
        }
    }
    Ok(())
}
