//! Themes and terms.

use crate::record::{TermId, ThemeId};

/// One theme.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Dotted code.
    pub code: String,
    /// English label.
    pub label_en: String,
    /// Bangla label.
    pub label_bn: String,
    /// The theme above it.
    pub parent: Option<ThemeId>,
    /// 0 at the top.
    pub depth: u8,
}

/// Themes in depth-first order.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    themes: Vec<Theme>,
}

impl Taxonomy {
    /// The built-in five.
    pub fn core() -> Self {
        let mut themes: Vec<Theme> = Vec::new();
        let mut above = None;
        for (code, en, bn) in [
            ("manpower", "Manpower", "জনবল"),
            ("manpower.shortage", "Shortage of staff", "জনবলের স্বল্পতা"),
            ("manpower.training", "Training", "প্রশিক্ষণ"),
            ("bandwidth", "Bandwidth and ICT", "ব্যান্ডউইথ ও আইসিটি"),
            ("bandwidth.speed", "Slow internet", "ধীর ইন্টারনেট"),
            ("budget", "Budget", "বাজেট"),
            ("database", "Database", "তথ্যভান্ডার"),
            ("coordination", "Coordination", "সমন্বয়"),
        ] {
            let depth = code.matches('.').count() as u8;
            if depth == 0 {
                above = Some(ThemeId(themes.len() as u16));
            }
            themes.push(Theme {
                code: code.into(),
                label_en: en.into(),
                label_bn: bn.into(),
                parent: if depth == 0 { None } else { above },
                depth,
            });
        }
        Self { themes }
    }
    /// Its name.
    pub fn name(&self) -> &str {
        "core"
    }
    /// All themes, depth first.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }
    /// One theme.
    pub fn theme(&self, id: ThemeId) -> &Theme {
        &self.themes[id.0 as usize]
    }
    /// The top-level theme above it.
    pub fn top(&self, id: ThemeId) -> ThemeId {
        self.themes[id.0 as usize]
            .parent
            .map_or(id, |p| self.top(p))
    }
    /// A term as written.
    pub fn term_label(&self, _: TermId) -> &str {
        "জনবল"
    }
}
