//! The taxonomies that come with the crate.
//!
//! `data/compiled` holds what each of them compiles to; it is made from the TOML files, and taken only while these are as they were.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::cues::CUES;
use super::{Taxonomy, Theme, Told, parse};
#[cfg(test)]
use crate::packed::Writer;
use crate::packed::{Flat, Reader, Strings, hash};
use crate::record::ThemeId;

/// Names of the built-in taxonomies, the default first.
pub(crate) const NAMES: [&str; 2] = ["core", "nsss"];

const CORE: &str = include_str!("../../data/taxonomies/core.toml");
const NSSS: &str = include_str!("../../data/taxonomies/nsss.toml");

/// To be raised when the layout of compiled files changes.
const FORMAT: u32 = 2;

/// The TOML source of a built-in taxonomy.
pub(super) fn source(name: &str) -> Option<&'static str> {
    match name {
        "core" => Some(CORE),
        "nsss" => Some(NSSS),
        _ => None,
    }
}

/// Its name, where that is the name of a built-in taxonomy.
pub(super) fn known(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|known| *known == name)
}

/// Loads a built-in taxonomy.
pub(super) fn load(name: &str) -> Taxonomy {
    let compiled: &'static [u8] = match name {
        "core" => include_bytes!("../../data/compiled/core.bin"),
        _ => include_bytes!("../../data/compiled/nsss.bin"),
    };
    read(name, Reader::new(compiled)).unwrap_or_else(|| parse(name))
}

/// Parses a built-in taxonomy; tests keep them free of faults.
pub(crate) fn parse(name: &str) -> Taxonomy {
    let source = source(name).unwrap_or_default();
    parse::parse(&format!("{name}.toml"), source)
        .unwrap_or_else(|error| panic!("built-in taxonomy: {error}"))
}

/// What tells whether a compiled file is of these sources: an edited taxonomy is compiled anew.
pub(super) fn fingerprint() -> [u32; 3] {
    let parts = [CORE, NSSS, CUES].map(|source| hash(source.as_bytes()));
    let all = hash(parts.map(u64::to_le_bytes).as_flattened());
    [FORMAT, all as u32, (all >> 32) as u32]
}

/// Writes all but the patterns.
#[cfg(test)]
pub(crate) fn write(taxonomy: &Taxonomy, out: &mut Writer) {
    out.items(&fingerprint());
    out.text(&taxonomy.name);
    out.text(&taxonomy.label_en);
    out.text(&taxonomy.label_bn);
    out.number(taxonomy.themes.len() as u32);
    for theme in &taxonomy.themes {
        for text in [
            &theme.code,
            &theme.label_en,
            &theme.label_bn,
            &theme.definition,
            &theme.include,
            &theme.exclude,
        ] {
            out.text(text);
        }
        out.number(theme.parent.map_or(0, |parent| u32::from(parent.0) + 1));
        out.number(u32::from(theme.depth));
    }
    out.items(&taxonomy.told);
    taxonomy.labels.write(out);
}

fn read(name: &str, mut from: Reader) -> Option<Taxonomy> {
    if from.items::<u32>()? != fingerprint() {
        return None;
    }
    let text = |from: &mut Reader| from.text().map(str::to_string);
    let (own, label_en, label_bn) = (text(&mut from)?, text(&mut from)?, text(&mut from)?);
    let n = from.number()?;
    let theme = |_| {
        Some(Theme {
            code: text(&mut from)?,
            label_en: text(&mut from)?,
            label_bn: text(&mut from)?,
            definition: text(&mut from)?,
            include: text(&mut from)?,
            exclude: text(&mut from)?,
            parent: from.number()?.checked_sub(1).map(|id| ThemeId(id as u16)),
            depth: from.number()? as u8,
        })
    };
    let themes = (0..n).map(theme).collect::<Option<_>>()?;
    let taxonomy = Taxonomy {
        name: own,
        label_en,
        label_bn,
        themes,
        told: from.items()?,
        labels: Strings::read(&mut from)?,
        parsed: OnceLock::new(),
        source: Cow::Borrowed(source(name)?),
        extends: None,
        compiled: Some(from),
    };
    (taxonomy.name == name).then_some(taxonomy)
}

impl Flat for Told {
    const WIDTH: usize = 2;
    #[cfg(test)]
    fn put(&self, out: &mut Vec<u32>) {
        out.extend([u32::from(self.theme.0), u32::from(self.weight)]);
    }
    fn get(numbers: &[u32]) -> Self {
        Self {
            theme: ThemeId(numbers[0] as u16),
            weight: numbers[1] as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::TermId;

    #[test]
    fn every_built_in_taxonomy_loads_and_nsss_holds_all_of_core() {
        let [core, nsss] = NAMES.map(parse);
        assert_eq!(core.tops().count(), 5);
        assert_eq!(nsss.tops().count(), 12);
        for theme in core.themes() {
            assert!(
                nsss.find(&theme.code).is_some(),
                "{} is missing from nsss",
                theme.code
            );
        }
    }

    #[test]
    fn nsss_begins_with_core_so_that_a_number_means_the_same_in_both() {
        let [core, nsss] = NAMES.map(load);
        assert!(nsss.themes().starts_with(core.themes()));
        assert!(nsss.told().starts_with(core.told()));
        for id in (0..core.told().len() as u32).map(TermId) {
            assert_eq!(core.term_label(id), nsss.term_label(id));
        }
    }

    #[test]
    fn a_compiled_taxonomy_tells_the_same_as_its_source() {
        for name in NAMES {
            let (compiled, parsed) = (load(name), parse(name));
            assert_eq!(compiled.themes(), parsed.themes());
            assert_eq!(compiled.told(), parsed.told());
            assert_eq!(compiled.terms(), parsed.terms());
            assert_eq!(compiled.sets(), parsed.sets());
        }
    }
}
