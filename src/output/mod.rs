//! Results to bytes: the only room that knows JSON, CSV, HTML and code-point offsets.
//!
//! Functions write into any [`std::io::Write`] or return a `String`; paths are the caller's.

#[cfg(feature = "cluster")]
mod clusters;
mod code_points;
#[cfg(feature = "formats")]
mod csv;
mod display;
mod evaluation;
mod groups;
#[cfg(feature = "html")]
mod groups_html;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "html")]
mod missed_html;
mod report_json;
#[cfg(feature = "cluster")]
mod suggestions;
mod table;
mod taxonomy;

#[cfg(feature = "cluster")]
pub use clusters::clusters_json;
#[cfg(feature = "formats")]
pub use csv::{CodingsCsv, GROUPS_CSV_BEGINS, groups_csv, themes_csv};
pub use display::{shown, shown_in_line};
pub use evaluation::{evaluation_json, evaluation_table};
#[cfg(feature = "html")]
pub use html::report_html;
pub use json::{coding_line, reject_line, response_line};
pub use report_json::report_json;
#[cfg(feature = "cluster")]
pub use suggestions::suggestions_toml;
pub use table::report_table;
#[cfg(feature = "qda")]
pub use taxonomy::taxonomy_qdc;
pub use taxonomy::{taxonomy_json, taxonomy_list};
