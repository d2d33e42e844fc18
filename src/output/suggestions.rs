//! Suggestions as a taxonomy in TOML that a researcher edits and loads: what they rest on stands in remarks.

use std::fmt::Write;

use super::display::shown_in_line;
use crate::cluster::{Proposal, ProposedTerm, Quote, Suggestions};
use crate::taxonomy::Taxonomy;

/// Characters of a quote at most.
const QUOTE: usize = 240;

/// The draft. `extends` is the name of the built-in taxonomy, or the path of the file, by which the answers were coded.
#[must_use]
pub fn suggestions_toml(found: &Suggestions, taxonomy: &Taxonomy, extends: &str) -> String {
    let mut out = String::from(
        "# A draft: keep what fits, rename and move it, delete the rest. Each theme stands with answers that speak for it.\n\
         # How terms are written: data/taxonomies/README.md. A weight below 50 needs a second term beside it.\n",
    );
    let beside = match found.weak {
        0 => String::new(),
        1 => "; 1 weakly coded one was looked at beside them".to_string(),
        n => format!("; {n} weakly coded ones were looked at beside them"),
    };
    let without = match found.uncoded {
        1 => "1 answer has".to_string(),
        n => format!("{n} answers have"),
    };
    line(&mut out, format_args!("# {without} no theme{beside}."));
    if found.themes.is_empty() {
        out.push_str(
            "# No group among them is large and steady enough to be proposed as a theme.\n",
        );
    }
    if found.terms.is_empty() {
        out.push_str("# No word goes with a theme so often that it should become a term of it.\n");
    }
    let name = format!("{}-draft", taxonomy.name());
    line(&mut out, format_args!("\nname = {}", text(&name)));
    line(&mut out, format_args!("extends = {}", text(extends)));
    for proposal in &found.themes {
        theme(&mut out, proposal);
    }
    for of_theme in found.terms.chunk_by(|a, b| a.theme == b.theme) {
        let theme = taxonomy.theme(of_theme[0].theme);
        out.push_str("\n# Words that go with this theme and are not among its terms.\n");
        for addition in of_theme {
            let term = &addition.term;
            line(
                &mut out,
                format_args!(
                    "# {}: in {} answers of the theme, of {} that hold it (G² {:.0})",
                    remark(&term.term),
                    term.here,
                    term.total,
                    addition.g2
                ),
            );
            quotes(&mut out, &addition.quotes);
        }
        head(&mut out, &theme.code, &theme.label_en, &theme.label_bn);
        let added: Vec<&ProposedTerm> = of_theme.iter().map(|a| &a.term).collect();
        terms(&mut out, &added);
    }
    out
}

fn theme(out: &mut String, proposal: &Proposal) {
    let same = match proposal.answers - proposal.distinct {
        0 => String::new(),
        n => format!(" ({n} of them say the same as another)"),
    };
    line(
        out,
        format_args!(
            "\n# {} answers{same}; cohesion {:.2}, stability {:.2}{}",
            proposal.answers,
            proposal.cohesion,
            proposal.stability,
            if proposal.is_stable() {
                ""
            } else {
                ": unstable, other answers may bring out another theme"
            }
        ),
    );
    quotes(out, &proposal.quotes);
    head(out, &proposal.code, &proposal.label_en, &proposal.label_bn);
    terms(out, &proposal.terms.iter().collect::<Vec<_>>());
}

fn head(out: &mut String, code: &str, en: &str, bn: &str) {
    line(out, format_args!("[[theme]]\ncode = {}", text(code)));
    let labels: Vec<String> = [("en", en), ("bn", bn)]
        .into_iter()
        .filter(|(_, label)| !label.is_empty())
        .map(|(language, label)| format!("{language} = {}", text(label)))
        .collect();
    // A theme that is only told by romanised words is called by its code.
    match labels.is_empty() {
        true => line(out, format_args!("label = {{ en = {} }}", text(code))),
        false => line(out, format_args!("label = {{ {} }}", labels.join(", "))),
    }
}

fn terms(out: &mut String, terms: &[&ProposedTerm]) {
    for list in ["en", "bn", "roman"] {
        let of: Vec<_> = terms.iter().filter(|t| t.list == list).collect();
        if of.is_empty() {
            continue;
        }
        line(out, format_args!("terms.{list} = ["));
        for term in of {
            line(
                out,
                format_args!(
                    "  {{ term = {}, weight = {} }}, # {} of {}",
                    text(&term.term),
                    term.weight,
                    term.here,
                    term.total
                ),
            );
        }
        out.push_str("]\n");
    }
}

fn quotes(out: &mut String, quotes: &[Quote]) {
    for quote in quotes {
        line(
            out,
            format_args!("#   “{}” ({})", remark(&quote.text), remark(&quote.id)),
        );
    }
}

/// Writing into memory cannot fail.
fn line(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
    out.push('\n');
}

/// A text that can stand in a remark whatever it holds: on one line, without control characters and without marks that turn
/// the direction of what follows, cut where it is long.
fn remark(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in shown_in_line(text).chars().enumerate() {
        if n == QUOTE {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// A TOML string.
fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in shown_in_line(text).chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(words: &str) -> Suggestions {
        let quote = Quote {
            id: words.into(),
            text: words.into(),
        };
        Suggestions {
            themes: vec![Proposal {
                code: "new".into(),
                label_en: words.into(),
                label_bn: String::new(),
                terms: vec![ProposedTerm {
                    term: "ferry".into(),
                    list: "en",
                    weight: 80,
                    here: 4,
                    total: 5,
                }],
                answers: 5,
                distinct: 4,
                cohesion: 0.5,
                stability: 0.4,
                quotes: vec![quote],
                ids: Vec::new(),
            }],
            terms: Vec::new(),
            uncoded: 9,
            weak: 0,
        }
    }

    #[test]
    fn an_unstable_theme_says_so_and_marks_that_turn_the_text_are_gone() {
        let toml = suggestions_toml(
            &found("a\u{202e}b\n[[theme]]\r\u{7}\"c\\"),
            &Taxonomy::core(),
            "core",
        );
        assert!(
            toml.contains("unstable") && toml.contains("“ab [[theme]] \"c\\” ("),
            "{toml}"
        );
        let taxonomy = Taxonomy::from_toml("draft.toml", &toml).unwrap();
        assert_eq!(taxonomy.tops().count(), 6);
        assert_eq!(
            taxonomy.theme(taxonomy.find("new").unwrap()).label_en,
            "ab [[theme]] \"c\\"
        );
    }

    #[test]
    fn a_draft_without_anything_is_a_taxonomy_all_the_same() {
        let nothing = Suggestions {
            themes: Vec::new(),
            terms: Vec::new(),
            uncoded: 0,
            weak: 0,
        };
        let toml = suggestions_toml(&nothing, &Taxonomy::nsss(), "nsss");
        assert_eq!(
            Taxonomy::from_toml("draft.toml", &toml)
                .unwrap()
                .tops()
                .count(),
            12
        );
    }

    proptest! {
        #[test]
        fn whatever_people_wrote_the_draft_loads(words in "\\PC{0,30}|[\\x00-\\x20\"\\\\#\u{85}\u{2028}\u{202e}]{0,12}") {
            let label = format!("x{words}");
            let toml = suggestions_toml(&found(&label), &Taxonomy::core(), "core");
            prop_assert!(Taxonomy::from_toml("draft.toml", &toml).is_ok(), "{}", toml);
        }
    }
}
