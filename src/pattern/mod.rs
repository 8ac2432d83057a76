//! Event patterns: parsed, matched, explained and checked, offline.
//!
//! Pure: text in, verdict out. Knows nothing of Terraform or AWS SDKs. The
//! language is specified in docs/patterns.md.
//!
//! ```
//! use terraform_provider_eventbridge::pattern::{Event, Pattern};
//!
//! let pattern = Pattern::parse(r#"{"detail": {"total": [{"numeric": [">", 100]}]}}"#).unwrap();
//! let event = Event::parse(r#"{"detail": {"total": 250}}"#).unwrap();
//! assert!(pattern.matches(&event).unwrap());
//! ```

mod address;
mod ast;
mod error;
mod event;
mod expansion;
mod fold;
mod leaf;
mod names;
mod number;
mod operator;
mod parse;
mod path;
mod place;
mod search;
mod values;
mod wildcard;

use error::PatternErrors as Errors;
pub use error::{BudgetError, EventError, INVALID, Mistake, PatternErrors};
pub use event::Event;

use parse::Parts;
use search::Search;
use values::Values;

/// The most distinct paths that AWS's matcher takes in one expansion.
const MAX_PATHS: usize = 256;

/// A valid event pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    parts: Parts,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Every mistake, the one that AWS reports first, each with its place and
    /// what to write instead.
    pub fn parse(text: &str) -> Result<Self, PatternErrors> {
        let (mut parts, mistakes) = parse::parse(text);
        if !mistakes.is_empty() {
            return Err(Errors::new(mistakes));
        }
        expansion::mark_replaced(&mut parts);
        let paths = expansion::most_paths(&parts, MAX_PATHS);
        if paths > MAX_PATHS {
            return Err(Errors::new(vec![Mistake {
                reason: format!(
                    "The number of distinct field paths ({paths}) exceeds max value of {MAX_PATHS}"
                ),
                path: String::new(),
                position: crate::json::Position::of(text, 0),
                advice: Some("split the pattern into several rules".to_owned()),
            }]));
        }
        Ok(Pattern {
            text: text.to_owned(),
            parts,
        })
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the length as AWS counts it: in UTF-16 units.
    pub fn length(&self) -> usize {
        self.text.encode_utf16().count()
    }

    /// Returns whether the pattern matches the event.
    ///
    /// # Errors
    /// No verdict within a bounded number of steps; only duplicate names or
    /// great numbers of `$or` combinations over arrays come to that.
    pub fn matches(&self, event: &Event<'_>) -> Result<bool, BudgetError> {
        let values = Values::collect(event, &self.parts.paths);
        Search::new(&self.parts, &values).matches()
    }
}
