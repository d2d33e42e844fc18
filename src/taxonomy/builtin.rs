//! The taxonomies that come with the crate.

use super::{Taxonomy, parse};

/// Names of the built-in taxonomies, the default first.
pub(super) const NAMES: [&str; 2] = ["core", "nsss"];

/// The TOML source of a built-in taxonomy.
pub(super) fn source(name: &str) -> Option<&'static str> {
    match name {
        "core" => Some(include_str!("../../data/taxonomies/core.toml")),
        "nsss" => Some(include_str!("../../data/taxonomies/nsss.toml")),
        _ => None,
    }
}

/// Loads a built-in taxonomy; tests keep them free of faults.
pub(super) fn load(name: &str) -> Taxonomy {
    let source = source(name).unwrap_or_default();
    parse::parse(&format!("{name}.toml"), source)
        .unwrap_or_else(|error| panic!("built-in taxonomy: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_taxonomy_loads_and_nsss_holds_all_of_core() {
        let [core, nsss] = NAMES.map(load);
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
}
