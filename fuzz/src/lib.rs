//! The pure layers of the provider, compiled alone for fuzzing.

#[path = "../../src/json/mod.rs"]
pub mod json;
#[path = "../../src/pattern/mod.rs"]
pub mod pattern;
