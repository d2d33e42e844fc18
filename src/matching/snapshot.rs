//! The matcher of a taxonomy: compiled, or read from `data/compiled`, where that was done before.

use super::compile::{Matcher, PatternSource};
use crate::taxonomy::{Taxonomy, cues};

impl Matcher {
    /// The matcher for the terms of a taxonomy and the cues. The index of a term is the id under which it is found.
    pub(crate) fn of(taxonomy: &Taxonomy) -> Self {
        let compiled = taxonomy.compiled();
        compiled
            .and_then(|mut bytes| Self::read(&mut bytes))
            .unwrap_or_else(|| Self::compile(taxonomy))
    }

    fn compile(taxonomy: &Taxonomy) -> Self {
        let cues = cues();
        let terms = taxonomy.terms().iter().map(|t| PatternSource {
            pattern: &t.pattern,
            not: &t.not,
            unless: &t.unless,
            mark: None,
        });
        let extra = (0u8..).zip(&cues.cues).flat_map(|(id, cue)| {
            cue.patterns.iter().map(move |pattern| PatternSource {
                pattern,
                not: &cue.not,
                unless: &cue.unless,
                mark: Some(id),
            })
        });
        let patterns: Vec<PatternSource<'_>> = terms.chain(extra).collect();
        Self::new(&patterns, taxonomy.sets(), &cues.particles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::{Reader, Writer, settle};
    use crate::taxonomy::{builtin, write_briefs};

    #[test]
    fn compiled_files_are_what_their_sources_compile_to() {
        let mut cues = Writer::default();
        write_briefs(&mut cues);
        settle("cues", &cues.bytes);
        for name in builtin::NAMES {
            let taxonomy = builtin::parse(name);
            let mut out = Writer::default();
            builtin::write(&taxonomy, &mut out);
            let head = out.bytes.len();
            Matcher::compile(&taxonomy).write(&mut out);
            settle(name, &out.bytes);
            // Read and written again, a matcher is the same.
            let mut again = Writer::default();
            let matcher = out.bytes[head..].to_vec().leak();
            Matcher::read(&mut Reader::new(matcher))
                .unwrap()
                .write(&mut again);
            assert!(again.bytes == out.bytes[head..]);
        }
    }
}
