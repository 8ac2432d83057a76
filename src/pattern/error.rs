//! What is wrong with a pattern: AWS's sentence, the place, and the fix.

use std::fmt;

use super::bounds;
use crate::json::Position;

/// How AWS begins its answer to an invalid pattern.
pub const INVALID: &str = "Event pattern is not valid. Reason: ";

/// One mistake in a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// AWS's sentence, or ours where the text is not JSON.
    pub reason: String,
    /// Where inside the pattern: names joined by dots; empty for the whole of it.
    pub path: String,
    pub position: Position,
    /// What to write instead.
    pub advice: Option<String>,
}

impl Mistake {
    fn bounded(self) -> Self {
        Mistake {
            reason: bounds::sentence(self.reason),
            path: bounds::path(self.path),
            advice: self.advice.map(bounds::sentence),
            ..self
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column, .. } = self.position;
        write!(out, "{}\n  at ", self.reason)?;
        if !self.path.is_empty() {
            write!(out, "{}, ", self.path)?;
        }
        write!(out, "line {line}, column {column}")?;
        for line in self.advice.iter().flat_map(|advice| advice.lines()) {
            write!(out, "\n  {line}")?;
        }
        Ok(())
    }
}

/// The mistakes of an invalid pattern in text order, so that the first is the
/// one that AWS names. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternErrors {
    mistakes: Vec<Mistake>,
    /// How many more there are than are kept.
    more: usize,
}

impl PatternErrors {
    pub(crate) fn new(mistakes: Vec<Mistake>, more: usize) -> Self {
        let mistakes = mistakes.into_iter().map(Mistake::bounded).collect();
        PatternErrors { mistakes, more }
    }

    /// Returns the mistake that AWS reports.
    pub fn first(&self) -> &Mistake {
        // INVARIANT: made only from mistakes that were found.
        &self.mistakes[0]
    }

    /// Returns all mistakes, the one that AWS reports first.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for PatternErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{INVALID}{}", self.first())?;
        for mistake in self.mistakes.iter().skip(1) {
            write!(out, "\nAlso: {mistake}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(out, "\n… and {more} more"),
        }
    }
}

impl std::error::Error for PatternErrors {}

/// The search for a match was given up: no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no verdict after {steps} steps: the pattern's $or combinations or wildcards and the event's \
     values multiply; test a smaller event or split the pattern"
)]
pub struct BudgetError {
    pub steps: u64,
}

/// A text that is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not JSON: what, where and the fix.
    #[error("{0}")]
    Json(#[from] crate::json::Error),
    /// JSON, but another type.
    #[error("an event is one JSON object; this is {0}{hint}", hint = if *.1 {
        ": the text was encoded as JSON twice, encode it once"
    } else {
        ""
    })]
    NotAnObject(&'static str, bool),
    /// An envelope field that has no default.
    #[error("the event has no \"{0}\": every event has one, and it has no default")]
    Missing(&'static str),
}
