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

mod ast;
mod bounds;
mod complexity;
mod error;
mod event;
mod expansion;
mod explain;
mod findings;
mod names;
mod operator;
mod parse;
mod path;
mod place;
mod print;
mod search;
mod set;
mod values;

use error::PatternErrors as Errors;
pub use error::{BudgetError, EventError, INVALID, Mistake, PatternErrors};
pub use event::Event;
pub use explain::{Explanation, Row};
pub use findings::{
    Finding, FindingKind, MAX_COMBINATIONS, MAX_COMPLEXITY, MAX_LENGTH, QUOTA_LENGTH,
    QUOTA_WILDCARD_RULES,
};
pub use set::PatternSet;

use ast::Parts;
use search::Search;
use values::{Values, View};

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
        let (mut parts, mistakes, more) = parse::parse(text);
        if !mistakes.is_empty() {
            return Err(Errors::new(mistakes, more));
        }
        expansion::mark_replaced(&mut parts);
        let paths = expansion::most_paths(&parts, MAX_PATHS);
        if paths > MAX_PATHS {
            let mistake = Mistake {
                reason: format!(
                    "The number of distinct field paths ({paths}) exceeds max value of {MAX_PATHS}"
                ),
                path: String::new(),
                position: crate::json::Position::of(text, 0),
                advice: Some("split the pattern into several rules".to_owned()),
            };
            return Err(Errors::new(vec![mistake], 0));
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
    /// No verdict within a bounded number of steps; only duplicate names,
    /// great numbers of `$or` combinations over arrays, or thousands of
    /// wildcards on a great text come to that.
    pub fn matches(&self, event: &Event<'_>) -> Result<bool, BudgetError> {
        let values = Values::collect(event, &self.parts.paths);
        Search::new(&self.parts, View::own(&values)).matches()
    }

    /// Explains the verdict on an event, field by field.
    pub fn explain(&self, event: &Event<'_>) -> Explanation {
        explain::explain(&self.parts, event)
    }

    /// Returns what the pattern says that its author hardly meant, by kind and
    /// then in text order.
    pub fn findings(&self) -> Vec<Finding> {
        findings::all(self)
    }

    /// Returns the findings for which the service refuses the pattern, though
    /// it is valid: errors in a plan.
    pub fn service_refusals(&self) -> Vec<Finding> {
        self.findings()
            .into_iter()
            .filter(|finding| finding.refused)
            .collect()
    }

    /// Returns whether the pattern counts toward the quota of rules with wildcards on a bus.
    pub fn uses_wildcards(&self) -> bool {
        !complexity::measure(&self.parts).is_empty()
    }

    /// Returns the largest wildcard complexity of a field, and whether it is
    /// exactly the count of AWS's matcher; if not, it may be too high.
    pub fn wildcard_complexity(&self) -> (usize, bool) {
        let all = complexity::measure(&self.parts);
        let largest = all
            .iter()
            .max_by_key(|complexity| (complexity.value, complexity.exact));
        largest.map_or((0, true), |largest| (largest.value, largest.exact))
    }
}

/// A text in quotes, cut so that a message stays readable.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    if text.chars().count() <= SHOWN {
        return crate::json::quote(text);
    }
    let cut: String = text.chars().take(SHOWN - 1).collect();
    let mut quoted = crate::json::quote(&cut);
    quoted.insert(quoted.len() - 1, '…');
    quoted
}
