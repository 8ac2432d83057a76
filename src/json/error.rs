//! What is wrong with a JSON text, in plain words, with the place and the fix.

use std::fmt;

use super::document::{Document, Kind, Position};
use super::scan::{Fault, FaultKind};

/// A text that is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    hint: Option<String>,
    position: Position,
}

impl Error {
    /// Puts a fault into words.
    pub(crate) fn new(text: &str, fault: Fault) -> Self {
        let (offset, message, hint) = describe(text, fault);
        Error {
            message,
            hint,
            position: Position::of(text, offset),
        }
    }

    /// Returns what is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to write instead; may be several lines.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Returns where it is.
    pub fn position(&self) -> Position {
        self.position
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column, .. } = self.position;
        write!(out, "line {line}, column {column}: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(out, "\n{hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Returns whether a text is a JSON string whose value is JSON text of an
/// object or array: the result of encoding twice.
pub fn is_encoded_twice(text: &str) -> bool {
    let Ok(document) = Document::parse(text) else {
        return false;
    };
    let inner = document.root().and_then(|root| root.as_str());
    inner.is_some_and(|inner| {
        let kind = Document::parse(&*inner)
            .ok()
            .and_then(|inner| inner.root().map(|root| root.kind()));
        matches!(kind, Some(Kind::Object | Kind::Array))
    })
}

/// The offset to point at, what is wrong, and the fix.
fn describe(text: &str, fault: Fault) -> (usize, String, Option<String>) {
    let at = fault.offset;
    let here = Here { text, fault };
    let found = here.found();
    let (message, hint) = match fault.kind {
        FaultKind::Empty => ("the text is empty".into(), None),
        FaultKind::TooLong => ("the text is longer than 4 GB".into(), None),
        FaultKind::End => return here.end(),
        FaultKind::OpenString => (
            "a string that begins here has no closing quote".into(),
            Some("end it with \" (a quote inside a string is written \\\")".into()),
        ),
        FaultKind::Value => here.value(),
        FaultKind::Key => here.key(),
        FaultKind::Colon => (
            format!("a colon is missing after a name: found {found}"),
            Some("write \"name\": value".into()),
        ),
        FaultKind::Comma => return here.comma(),
        FaultKind::Bracket => (
            format!("{found} closes what {} does not open", here.opening()),
            Some(format!("what opens with {} closes with {}", here.opening(), here.closing())),
        ),
        FaultKind::TrailingComma => (
            "a comma stands before a closing bracket".into(),
            Some("take the comma away: JSON has none after the last item".into()),
        ),
        FaultKind::Control => (
            format!("{found} stands in a string as it is"),
            Some(format!("write it as {}", here.escaped())),
        ),
        FaultKind::Escape => (
            format!("unknown escape {}", here.words(2)),
            Some("known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; a backslash itself is written \\\\".into()),
        ),
        FaultKind::Unicode => (
            format!("\\u needs four hexadecimal digits: found {}", here.words(6)),
            None,
        ),
        FaultKind::LeadingZero => (
            format!("the number {} begins with a zero", here.word()),
            Some(format!("write {}, or \"{}\" if it is text", here.without_zeros(), here.word())),
        ),
        FaultKind::Number => (
            format!("{} is not a JSON number", here.word()),
            Some(format!("write \"{}\" if it is text", here.word())),
        ),
        FaultKind::Trailing => (
            format!("{found} follows the end of the JSON value"),
            Some("one text holds one value: take away what follows it, or a closing bracket too many before it".into()),
        ),
    };
    (at, message, hint)
}

/// A fault and the text around it.
struct Here<'t> {
    text: &'t str,
    fault: Fault,
}

impl Here<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.fault.offset..).unwrap_or_default()
    }

    fn opening(&self) -> char {
        let opened = self.fault.opened.and_then(|at| self.text.get(at..));
        opened.and_then(|rest| rest.chars().next()).unwrap_or('{')
    }

    fn closing(&self) -> char {
        if self.opening() == '[' { ']' } else { '}' }
    }

    /// The character at the fault, in words.
    fn found(&self) -> String {
        match self.rest().chars().next() {
            None => "the end of the text".into(),
            Some('\u{feff}') => "a byte order mark (U+FEFF)".into(),
            Some('\t') => "a tab".into(),
            Some('\n') => "a line break".into(),
            Some(control) if control.is_control() => {
                format!("the control character U+{:04X}", control as u32)
            }
            Some('/') if self.rest().starts_with("//") || self.rest().starts_with("/*") => {
                "a comment".into()
            }
            Some(quote @ ('“' | '”' | '‘' | '’')) => {
                format!("the typographic quote {quote}")
            }
            Some(character) if character.is_alphanumeric() || character == '_' => {
                format!("`{}`", self.word())
            }
            Some(character) => format!("`{character}`"),
        }
    }

    /// The run of letters and digits at the fault, cut after 30.
    fn word(&self) -> String {
        let part = |character: &char| {
            character.is_alphanumeric() || matches!(character, '_' | '.' | '+' | '-' | '$')
        };
        let mut word: String = self.rest().chars().take_while(part).take(30).collect();
        if word.is_empty() {
            word.extend(self.rest().chars().next());
        }
        word
    }

    fn words(&self, count: usize) -> String {
        self.rest().chars().take(count).collect()
    }

    fn without_zeros(&self) -> String {
        let word = self.word();
        let (sign, digits) = match word.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", word.as_str()),
        };
        let trimmed = digits.trim_start_matches('0');
        let zero = if trimmed.starts_with(|first: char| first.is_ascii_digit()) {
            ""
        } else {
            "0"
        };
        format!("{sign}{zero}{trimmed}")
    }

    fn escaped(&self) -> String {
        match self.rest().chars().next() {
            Some('\n') => "\\n".into(),
            Some('\t') => "\\t".into(),
            Some('\r') => "\\r".into(),
            other => format!("\\u{:04x}", other.map_or(0, |control| control as u32)),
        }
    }

    fn end(&self) -> (usize, String, Option<String>) {
        let end = self.text.len();
        let Some(opened) = self.fault.opened else {
            return (end, "the text ends too early".into(), None);
        };
        let Position { line, column, .. } = Position::of(self.text, opened);
        let what = if self.opening() == '[' {
            "array"
        } else {
            "object"
        };
        let message =
            format!("the text ends inside the {what} that begins at line {line}, column {column}");
        (
            end,
            message,
            Some(format!("close it with {}", self.closing())),
        )
    }

    fn value(&self) -> (String, Option<String>) {
        let found = self.found();
        let message = format!("a value is expected here: found {found}");
        let word = self.word();
        let hint = match self.rest().chars().next() {
            Some('\'' | '“' | '”' | '‘' | '’') => {
                "write strings with straight double quotes: \"text\"".into()
            }
            Some('\\') if self.rest().starts_with("\\\"") => twice(),
            Some('/') => "take it away: JSON has no comments".into(),
            Some('\u{feff}') => "save the file as UTF-8 without a byte order mark".into(),
            Some('+') => "a number has no plus sign".into(),
            Some('.') => "write a digit before the point: 0.5".into(),
            Some(']' | '}' | ',' | ':') => {
                "a value is a string, a number, true, false, null, an object or an array".into()
            }
            _ => match word.to_ascii_lowercase().as_str() {
                "true" | "false" | "null" => {
                    format!("write {}, in small letters", word.to_ascii_lowercase())
                }
                "none" | "nil" | "undefined" => "write null".into(),
                "nan" | "inf" | "infinity" => "JSON has no such number".into(),
                _ if self.fault.opened.is_none() && word.ends_with(".json") => {
                    format!("if this is the name of a file, read it: file(\"{word}\")")
                }
                _ if self.fault.opened.is_none() && self.is_yaml(&word) => {
                    format!("YAML is not read here, write JSON: {{\"{word}\": […]}}")
                }
                _ if self.fault.opened.is_none() && self.is_hcl(&word) => {
                    format!(
                        "write what stands behind {word} = alone, as JSON or as jsonencode({{…}})"
                    )
                }
                _ if self.fault.opened.is_none() => {
                    "JSON text is wanted here: an object begins with {".into()
                }
                _ => format!("write \"{word}\" if it is text"),
            },
        };
        (message, Some(hint))
    }

    /// Whether the text goes on as YAML's `name: value` does.
    fn is_yaml(&self, word: &str) -> bool {
        let after = self.rest().strip_prefix(word);
        after.is_some_and(|rest| rest.trim_start_matches('-').starts_with(':'))
    }

    /// Whether the text goes on as HCL's `name = value` does.
    fn is_hcl(&self, word: &str) -> bool {
        let after = self.rest().strip_prefix(word);
        after.is_some_and(|rest| rest.trim_start().starts_with('='))
    }

    fn key(&self) -> (String, Option<String>) {
        let message = format!(
            "a name in double quotes is expected here: found {}",
            self.found()
        );
        let hint = match self.rest().chars().next() {
            Some('\\') => twice(),
            Some('\'' | '“' | '”' | '‘' | '’') => {
                "write names with straight double quotes: \"name\"".into()
            }
            Some('/') => "take it away: JSON has no comments".into(),
            Some('{' | '[') => "an object holds \"name\": value pairs".into(),
            Some(character) if character.is_alphabetic() || character == '_' => {
                format!("write \"{}\"", self.word())
            }
            _ => "write \"name\": value".into(),
        };
        (message, Some(hint))
    }

    /// A missing comma is seen at the next item, yet belongs after the last: both lines are shown.
    fn comma(&self) -> (usize, String, Option<String>) {
        let at = self.fault.offset;
        let what = if self.opening() == '[' { "]" } else { "}" };
        let first = self.rest().chars().next();
        if !matches!(
            first,
            Some('"' | '{' | '[' | '-' | '0'..='9' | 't' | 'f' | 'n')
        ) {
            let hint = match first {
                Some('\\') => twice(),
                Some('/') => "take it away: JSON has no comments".into(),
                Some('=') => "write \"name\": value".into(),
                Some(':') => "a name and its value stand in an object: {\"name\": value}".into(),
                _ => "separate items with a comma".into(),
            };
            return (
                at,
                format!("a comma or {what} is expected here: found {}", self.found()),
                Some(hint),
            );
        }
        let before = self.text.get(..at).unwrap_or_default().trim_end().len();
        let (last, next) = (Position::of(self.text, before), Position::of(self.text, at));
        let mut hint = format!(
            "write the comma after line {}, column {}:",
            last.line,
            last.column.saturating_sub(1)
        );
        for line in [last.line, next.line]
            .into_iter()
            .take(if last.line == next.line { 1 } else { 2 })
        {
            let shown = self.text.lines().nth(line - 1).unwrap_or_default().trim();
            let cut: String = shown.chars().take(66).collect();
            let more = if cut.len() < shown.len() { "…" } else { "" };
            hint.push_str(&format!("\n  line {line}: {cut}{more}"));
        }
        (
            at,
            format!("a comma is missing before {}", self.found()),
            Some(hint),
        )
    }
}

fn twice() -> String {
    "the quotes are escaped: the text was encoded as JSON twice, encode it once".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Document::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_missing_comma_shows_both_lines() {
        assert_eq!(
            error("{\n  \"source\": [\"aws.s3\"]\n  \"detail-type\": [\"x\"]\n}"),
            "line 3, column 3: a comma is missing before `\"`\n\
             write the comma after line 2, column 22:\n  \
             line 2: \"source\": [\"aws.s3\"]\n  \
             line 3: \"detail-type\": [\"x\"]"
        );
    }

    #[test]
    fn every_fault_says_what_to_write() {
        for (text, words) in [
            ("{\"a\":1,}", "take the comma away"),
            ("{a:1}", "write \"a\""),
            ("{'a':1}", "straight double quotes"),
            ("{\"a\":None}", "write null"),
            ("pattern.json", "file(\"pattern.json\")"),
            ("source: [\"a\"]", "write JSON: {\"source\": […]}"),
            ("{\"a\":True}", "write true"),
            ("[01]", "write 1, or \"01\""),
            ("[\"a\tb\"]", "write it as \\t"),
            ("{\\\"a\\\":1}", "encoded as JSON twice"),
            ("/*c*/{}", "no comments"),
            ("{} x", "one text holds one value"),
            ("{\"a\":[1", "close it with ]"),
            ("\u{feff}{}", "byte order mark"),
            ("{\"a\":[1}", "closes with ]"),
            ("[\"\\q\"]", "a backslash itself is written"),
        ] {
            assert!(error(text).contains(words), "{text}: {}", error(text));
        }
    }

    #[test]
    fn encoding_twice_is_seen() {
        assert!(is_encoded_twice("\"{\\\"source\\\":[\\\"a\\\"]}\""));
        assert!(!is_encoded_twice("\"text\""));
        assert!(!is_encoded_twice("{}"));
    }
}
