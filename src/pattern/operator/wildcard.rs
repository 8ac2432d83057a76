//! `wildcard`: text in which `*` stands for any run of characters.

use crate::json::quote;

/// A parsed wildcard: the literal runs around its stars.
///
/// `a*b` is `["a", "b"]`; one run means no star. Escapes are resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wildcard {
    runs: Vec<String>,
    /// As written, escapes included.
    text: String,
}

/// Why a text is no wildcard: AWS's sentences. Positions count UTF-8 bytes,
/// the opening quote included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WildcardError {
    #[error("Consecutive wildcard characters at pos {0}")]
    Consecutive(usize),
    #[error("Invalid escape character at pos {0}")]
    Escape(usize),
}

impl Wildcard {
    /// Parses the operand of `wildcard`.
    ///
    /// # Errors
    /// `**`, and a backslash before anything but `*` and `\`.
    pub fn parse(text: &str) -> Result<Self, WildcardError> {
        let mut runs = vec![String::new()];
        let mut run = String::new();
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            match character {
                '*' if next == Some('*') => return Err(WildcardError::Consecutive(at + 1)),
                '*' => {
                    if let Some(last) = runs.last_mut() {
                        *last = std::mem::take(&mut run);
                    }
                    runs.push(String::new());
                }
                '\\' => match next {
                    Some(escaped @ ('*' | '\\')) => {
                        run.push(escaped);
                        characters.next();
                    }
                    _ => return Err(WildcardError::Escape(at + 1)),
                },
                plain => run.push(plain),
            }
        }
        if let Some(last) = runs.last_mut() {
            *last = run;
        }
        Ok(Wildcard {
            runs,
            text: text.to_owned(),
        })
    }

    /// Returns how a text is written inside a wildcard where it stands for itself.
    pub fn escaped(text: &str) -> String {
        text.replace('\\', "\\\\").replace('*', "\\*")
    }

    /// Returns the wildcard that a text with stars is meant as: one star for several
    /// in a row, and backslashes as they stand.
    pub fn meant(text: &str) -> String {
        let mut meant = String::new();
        for character in text.chars() {
            match character {
                '*' if meant.ends_with('*') => {}
                '\\' => meant.push_str("\\\\"),
                other => meant.push(other),
            }
        }
        meant
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the literal runs around the stars; a single one if there is no star.
    pub fn runs(&self) -> &[String] {
        &self.runs
    }

    /// Returns whether the whole of `value` fits. Takes time linear in its length.
    pub fn matches(&self, value: &str) -> bool {
        let [first, middle @ .., last] = self.runs.as_slice() else {
            return self.runs.first().is_some_and(|only| only == value);
        };
        let Some(rest) = value.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
            return false;
        };
        // The leftmost place of each run leaves the most for those after it.
        for run in middle {
            match rest.find(run.as_str()) {
                Some(at) => rest = rest.get(at + run.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        true
    }

    /// Returns the operand as JSON writes it.
    pub fn json(&self) -> String {
        quote(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, value) in [
            ("*", ""),
            ("a*", "a"),
            ("*a*", "xay"),
            ("a*b*c", "aXbYc"),
            ("ab*ab", "abab"),
            ("\\*", "*"),
            ("a\\\\*", "a\\bc"),
            ("", ""),
            ("*aba*", "ababa"),
            ("*a*a", "aa"),
        ] {
            assert!(
                Wildcard::parse(pattern).unwrap().matches(value),
                "{pattern} {value}"
            );
        }
        for (pattern, value) in [
            ("ab*ab", "ab"),
            ("aba*aba", "ababa"),
            ("", "x"),
            ("a?c", "abc"),
            ("*a*a", "a"),
            ("\\*", "x"),
            ("*.*.*", "a.b"),
            ("a*", "Abc"),
        ] {
            assert!(
                !Wildcard::parse(pattern).unwrap().matches(value),
                "{pattern} {value}"
            );
        }
    }

    #[test]
    fn errors_are_those_of_aws() {
        for (pattern, error) in [
            ("a**b", WildcardError::Consecutive(2)),
            ("***", WildcardError::Consecutive(1)),
            ("a\\b", WildcardError::Escape(2)),
            ("a\\", WildcardError::Escape(2)),
            ("é**", WildcardError::Consecutive(3)),
        ] {
            assert_eq!(Wildcard::parse(pattern), Err(error), "{pattern}");
        }
        assert!(Wildcard::parse("\\**").is_ok());
    }

    #[test]
    fn hostile_input_takes_linear_time() {
        let pattern = "*a".repeat(2_000) + "*b";
        assert!(
            !Wildcard::parse(&pattern)
                .unwrap()
                .matches(&"a".repeat(1_000_000))
        );
    }
}
