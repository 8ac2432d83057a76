//! What `match` says of each event, in words or as JSON.

use std::io::{self, Write};

use super::{Options, cases};
use crate::json::{Document, quote};
use crate::pattern::{Event, Pattern};

/// Answers for one event after the other.
pub(super) struct Report<'r> {
    pub pattern: &'r Pattern,
    pub options: &'r Options,
    pub output: &'r mut dyn Write,
    pub all_match: bool,
    pub all_valid: bool,
}

impl Report<'_> {
    /// Tests an event, or says why its text is none.
    pub fn event(&mut self, name: &str, text: Result<String, String>) -> Result<(), String> {
        let text = match text {
            Ok(text) => text,
            Err(error) => return self.unreadable(name, &error),
        };
        // Of several events in one text the first can be read.
        let several = |text: &str| {
            let first = text.trim_start().lines().next().unwrap_or_default();
            first.len() < text.trim().len() && Document::parse(first).is_ok()
        };
        let is_several = several(&text);
        let event = match Event::parse(text) {
            Ok(event) => event,
            Err(error) => {
                let mut words = format!("event: {error}");
                if is_several {
                    words.push_str("\nseveral events, one a line, are read from standard input");
                }
                return self.error(name, &words, &cases::event_error(&error));
            }
        };
        let verdict = match self.pattern.matches(&event) {
            Ok(verdict) => verdict,
            Err(error) => return self.unreadable(name, &error.to_string()),
        };
        self.all_match &= verdict;
        let explanation = self.options.explain.then(|| self.pattern.explain(&event));
        if self.options.json {
            let rows = explanation.map_or_else(String::new, |explanation| {
                let rows: Vec<String> = explanation
                    .rows()
                    .iter()
                    .map(|row| {
                        format!(
                            "{{\"path\":{},\"value\":{},\"words\":{},\"holds\":{}}}",
                            quote(&row.path),
                            quote(&row.value),
                            quote(&row.words),
                            row.holds
                        )
                    })
                    .collect();
                format!(",\"rows\":[{}]", rows.join(","))
            });
            let line = format!(
                "{{\"event\":{},\"match\":{verdict},\"error\":null{rows}}}",
                quote(name)
            );
            return self.line(&line);
        }
        let words = if verdict { "matches" } else { "does not match" };
        self.line(&format!("{name}: {words}"))?;
        match explanation {
            Some(explanation) => self.line(&explanation.to_string()),
            None => Ok(()),
        }
    }

    /// What has no place in a text.
    fn unreadable(&mut self, name: &str, words: &str) -> Result<(), String> {
        self.error(name, words, &cases::error_json(words, "", None))
    }

    fn error(&mut self, name: &str, words: &str, json: &str) -> Result<(), String> {
        self.all_valid = false;
        let line = match self.options.json {
            true => format!(
                "{{\"event\":{},\"match\":null,\"error\":{json}}}",
                quote(name)
            ),
            false => format!("{name}: {}", words.replace('\n', "\n  ")),
        };
        self.line(&line)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        writeln!(self.output, "{line}")
            .and_then(|()| self.output.flush())
            .map_err(broken)
    }
}

/// The words for output that cannot be written.
pub(super) fn broken(error: io::Error) -> String {
    format!("cannot write: {error}")
}
