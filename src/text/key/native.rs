//! placeholder
/// b
pub fn best_native(_: &str) -> Option<(&'static str, f32)> {
    None
}
