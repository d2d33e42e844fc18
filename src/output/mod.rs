//! Results to bytes: the only room that knows JSON, CSV, HTML and code-point offsets.
//!
//! Functions write into any [`std::io::Write`] or return a `String`; paths are the caller's.

mod code_points;
#[cfg(feature = "formats")]
mod csv;
#[cfg(feature = "html")]
mod html;
mod json;
mod table;

#[cfg(feature = "formats")]
pub use csv::{CodingsCsv, themes_csv};
#[cfg(feature = "html")]
pub use html::report_html;
pub use json::{coding_line, reject_line, report_json, response_line};
pub use table::report_table;
