//! What motamot's speed is measured with: generated answers, the limits beside it, and a clock that counts CPU seconds.

pub mod forms;
pub mod generator;
pub mod limits;
mod romanise;
pub mod run;
pub mod time;
mod words;
