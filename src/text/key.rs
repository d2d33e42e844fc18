//! key
/// k
pub fn key(word: &str) -> String {
    word.to_owned()
}
/// s
pub fn similarity(_: &str, _: &str) -> f32 {
    0.0
}
/// b
pub fn best_native(_: &str) -> Option<(&'static str, f32)> {
    None
}
