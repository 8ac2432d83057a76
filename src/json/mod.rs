//! Exact JSON: reads text without losing anything, compares and prints it.
//!
//! The bottom layer: it knows nothing of patterns, Terraform or AWS. Where
//! `serde_json` answers "what does it mean", this module also answers "how was
//! it written": key order, duplicate keys, the text of numbers, and the line
//! and column of every value. It reads strict RFC 8259, in memory that grows
//! with the text only, at any depth of nesting.
//!
//! | module | holds |
//! |---|---|
//! | [`document`] | a parsed text, and [`Node`], a view of one value in it |
//! | [`scan`] | text to tape, the one pass over the bytes |
//! | `lexeme` | where strings and numbers end |
//! | [`error`] | what is wrong with a text, where, and what to write instead |
//! | [`number`] | decimals compared exactly |
//! | [`equal`] | equality of two texts as JSON |
//! | [`print`] | compact text again |

pub mod document;
pub mod equal;
pub mod error;
mod lexeme;
pub mod number;
pub mod print;
pub mod scan;

pub use document::{Document, Kind, Node, Position};
pub use equal::equal;
pub use error::Error;
pub use number::Decimal;
pub use print::{compact, quote};
