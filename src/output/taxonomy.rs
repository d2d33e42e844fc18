//! A taxonomy as a list, as JSON, and as a REFI-QDA codebook.

use std::io::{self, Write};

use serde::Serialize;

use crate::record::ThemeId;
use crate::taxonomy::{Taxonomy, Theme};

/// The themes with their labels, indented, for the terminal.
#[must_use]
pub fn taxonomy_list(taxonomy: &Taxonomy) -> String {
    let mut out = format!(
        "{}: {} ({})\n",
        taxonomy.name(),
        taxonomy.label_en(),
        taxonomy.label_bn()
    );
    for theme in taxonomy.themes() {
        let indent = "  ".repeat(usize::from(theme.depth) + 1);
        out.push_str(&format!(
            "{indent}{:<28} {} / {}\n",
            theme.code, theme.label_en, theme.label_bn
        ));
    }
    out
}

#[derive(Serialize)]
struct TaxonomyJson<'a> {
    name: &'a str,
    label: LabelJson<'a>,
    themes: Vec<ThemeJson<'a>>,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    en: &'a str,
    bn: &'a str,
}

#[derive(Serialize)]
struct ThemeJson<'a> {
    code: &'a str,
    label: LabelJson<'a>,
    definition: &'a str,
    include: &'a str,
    exclude: &'a str,
    terms: Vec<&'a str>,
    subthemes: Vec<ThemeJson<'a>>,
}

/// The taxonomy as one JSON object, themes nested.
///
/// # Errors
/// Those of the writer.
pub fn taxonomy_json(out: &mut impl Write, taxonomy: &Taxonomy) -> io::Result<()> {
    let json = TaxonomyJson {
        name: taxonomy.name(),
        label: LabelJson {
            en: taxonomy.label_en(),
            bn: taxonomy.label_bn(),
        },
        themes: themes_below(taxonomy, None),
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}

fn children(
    taxonomy: &Taxonomy,
    parent: Option<ThemeId>,
) -> impl Iterator<Item = (ThemeId, &Theme)> {
    let all = taxonomy.themes().iter().enumerate();
    all.filter(move |(_, t)| t.parent == parent)
        .map(|(i, t)| (ThemeId(i as u16), t))
}

fn themes_below(taxonomy: &Taxonomy, parent: Option<ThemeId>) -> Vec<ThemeJson<'_>> {
    children(taxonomy, parent)
        .map(|(id, theme)| ThemeJson {
            code: &theme.code,
            label: LabelJson {
                en: &theme.label_en,
                bn: &theme.label_bn,
            },
            definition: &theme.definition,
            include: &theme.include,
            exclude: &theme.exclude,
            terms: taxonomy
                .terms()
                .iter()
                .filter(|t| t.theme == id)
                .map(|t| t.source.as_str())
                .collect(),
            subthemes: themes_below(taxonomy, Some(id)),
        })
        .collect()
}

/// The themes as a REFI-QDA 1.5 codebook (`.qdc`), which `MAXQDA`, `NVivo`, `ATLAS.ti` and `QualCoder` import.
///
/// The GUIDs are made from the taxonomy's name and the codes (UUID version 5, RFC 9562), so that a second export names
/// the same codes.
///
/// # Errors
/// Those of the writer.
#[cfg(feature = "qda")]
pub fn taxonomy_qdc(out: &mut impl Write, taxonomy: &Taxonomy) -> io::Result<()> {
    use quick_xml::Writer;
    use quick_xml::events::{BytesDecl, Event};

    let mut xml = Writer::new_with_indent(&mut *out, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.create_element("CodeBook")
        .with_attributes([
            ("xmlns", "urn:QDA-XML:codebook:1.0"),
            ("origin", concat!("motamot ", env!("CARGO_PKG_VERSION"))),
        ])
        .write_inner_content(|xml| {
            xml.create_element("Codes")
                .write_inner_content(|xml| write_codes(xml, taxonomy, None))?;
            Ok(())
        })?;
    writeln!(out)
}

#[cfg(feature = "qda")]
fn write_codes<W: Write>(
    xml: &mut quick_xml::Writer<W>,
    taxonomy: &Taxonomy,
    parent: Option<ThemeId>,
) -> io::Result<()> {
    use quick_xml::events::BytesText;

    for (id, theme) in children(taxonomy, parent) {
        let name = format!("{}/{}", taxonomy.name(), theme.code);
        let guid = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string();
        let parts = [
            ("", &theme.definition),
            ("Goes in: ", &theme.include),
            ("Stays out: ", &theme.exclude),
        ];
        let lines: Vec<String> = parts
            .iter()
            .filter(|(_, t)| !t.is_empty())
            .map(|(h, t)| format!("{h}{t}"))
            .collect();
        xml.create_element("Code")
            .with_attributes([
                ("guid", guid.as_str()),
                ("name", theme.label_en.as_str()),
                ("isCodable", "true"),
            ])
            .write_inner_content(|xml| {
                if !lines.is_empty() {
                    xml.create_element("Description")
                        .write_text_content(BytesText::new(&lines.join("\n")))?;
                }
                write_codes(xml, taxonomy, Some(id))
            })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_nests_subthemes_below_their_theme() {
        let mut out = Vec::new();
        taxonomy_json(&mut out, &Taxonomy::core()).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["themes"].as_array().unwrap().len(), 5);
        assert_eq!(
            json["themes"][0]["subthemes"][0]["code"],
            "manpower.shortage"
        );
    }

    #[cfg(feature = "qda")]
    #[test]
    fn the_codebook_keeps_its_guids_from_export_to_export() {
        let export = || {
            let mut out = Vec::new();
            taxonomy_qdc(&mut out, &Taxonomy::core()).unwrap();
            String::from_utf8(out).unwrap()
        };
        let xml = export();
        assert_eq!(xml, export());
        assert_eq!(
            xml.matches("<Code ").count(),
            Taxonomy::core().themes().len()
        );
        assert!(xml.contains("urn:QDA-XML:codebook:1.0"));
    }
}
