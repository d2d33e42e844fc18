//! What the styles and the numbering of a Word document say of a paragraph: its font, its list, whether it is a heading.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

/// What styles say.
#[derive(Default)]
pub(super) struct Styles {
    /// The font of what has no other.
    pub(super) font: Option<String>,
    /// The style of a paragraph that names none.
    pub(super) usual: Option<String>,
    styles: FxHashMap<String, Style>,
    /// For each numbering whether its first level has bullets.
    bullets: FxHashMap<String, bool>,
}

#[derive(Default)]
pub(super) struct Style {
    pub(super) font: Option<String>,
    /// Its numbering; '0' is none.
    pub(super) numbering: Option<String>,
    pub(super) is_heading: Option<bool>,
    /// The style that holds where it says nothing itself.
    base: Option<String>,
}

impl Styles {
    /// Those of `word/styles.xml` and `word/numbering.xml`.
    pub(super) fn read(styles: &str, numbering: &str) -> Result<Self, quick_xml::Error> {
        let mut all = Self::default();
        let mut open: Option<String> = None;
        each(styles, |event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else {
                return;
            };
            let name = tag.local_name();
            if name.as_ref() == "style" {
                open = attribute(tag, "styleId");
                let says = |name, value| attribute(tag, name).is_some_and(|v| v == value);
                if says("type", "paragraph") && (says("default", "1") || says("default", "true")) {
                    all.usual.clone_from(&open);
                }
            }
            let Some(style) = &open else {
                if name.as_ref() == "rFonts" {
                    all.font = font(tag);
                }
                return;
            };
            let style = all.styles.entry(style.clone()).or_default();
            match name.as_ref() {
                "name" => {
                    let name = attribute(tag, "val").unwrap_or_default().to_lowercase();
                    let heads =
                        name.starts_with("heading ") || name == "title" || name == "subtitle";
                    style.is_heading = heads.then_some(true).or(style.is_heading);
                }
                "rFonts" => style.font = font(tag),
                "numId" => style.numbering = attribute(tag, "val"),
                "outlineLvl" => style.is_heading = is_heading(tag),
                "basedOn" => style.base = attribute(tag, "val"),
                _ => {}
            }
        })?;
        // Numberings are made of abstract ones, which come first.
        let mut is_bullet: FxHashMap<String, bool> = FxHashMap::default();
        let (mut of, mut level) = (String::new(), String::new());
        each(numbering, |event| {
            let (Event::Start(tag) | Event::Empty(tag)) = event else {
                return;
            };
            let value = |name| attribute(tag, name).unwrap_or_default();
            match tag.local_name().as_ref() {
                "abstractNum" => of = value("abstractNumId"),
                "lvl" => level = value("ilvl"),
                "numFmt" if level == "0" => {
                    is_bullet.insert(of.clone(), value("val") == "bullet");
                }
                "num" => of = value("numId"),
                "abstractNumId" => {
                    let is_bullet = is_bullet.get(&value("val")).copied();
                    all.bullets.insert(of.clone(), is_bullet.unwrap_or(true));
                }
                _ => {}
            }
        })?;
        Ok(all)
    }

    /// What a style, or one on which it is based, says.
    pub(super) fn of<'a, T>(
        &'a self,
        style: Option<&str>,
        says: impl Fn(&'a Style) -> Option<T>,
    ) -> Option<T> {
        let mut style = self.styles.get(style?)?;
        // They may be based on each other in a circle.
        for _ in 0..16 {
            match (says(style), &style.base) {
                (Some(said), _) => return Some(said),
                (None, Some(base)) => style = self.styles.get(base)?,
                (None, None) => break,
            }
        }
        None
    }

    /// Whether the items of a numbering have bullets.
    pub(super) fn has_bullets(&self, numbering: &str) -> bool {
        self.bullets.get(numbering).copied().unwrap_or(true)
    }
}

/// Calls `take` with each event of `xml`.
pub(super) fn each(xml: &str, mut take: impl FnMut(&Event<'_>)) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(()),
            event => take(&event),
        }
    }
}

/// An attribute, whatever the prefix of its name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|a| a.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    Some(value.ok()?.into_owned())
}

/// Whether a tag that is there without a value, or with one, switches something on.
pub(super) fn is_on(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "val").is_none_or(|v| !matches!(&*v, "0" | "false" | "off" | "none"))
}

/// The font in which Latin letters stand, as those of Bijoy are; no theme has one that draws Bijoy.
pub(super) fn font(tag: &BytesStart<'_>) -> Option<String> {
    match attribute(tag, "asciiTheme") {
        Some(_) => Some(String::new()),
        None => attribute(tag, "ascii").or_else(|| attribute(tag, "hAnsi")),
    }
}

/// Whether a paragraph of this outline level is a heading; 9 is that of the body.
pub(super) fn is_heading(tag: &BytesStart<'_>) -> Option<bool> {
    Some(attribute(tag, "val")? != "9")
}
