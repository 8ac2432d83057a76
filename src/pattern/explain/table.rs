//! Rows to text: three columns in 80, long values cut, long verdicts wrapped.

use std::fmt;

use super::{Explanation, Row};

/// Columns of a terminal.
const WIDTH: usize = 80;

/// The widest a path and a value may be.
const PATH: usize = 36;
const VALUE: usize = 24;

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |column: fn(&Row) -> &str, most: usize| {
            let lengths = self.rows.iter().map(|row| column(row).chars().count());
            lengths.max().unwrap_or(0).min(most)
        };
        let path = widest(|row| &row.path, PATH);
        let value = widest(|row| &row.value, VALUE);
        let mut lines = Vec::new();
        for row in &self.rows {
            let start = format!(
                "  {:path$}  {:value$}  ",
                cut_start(&row.path, path),
                cut_end(&row.value, value)
            );
            let indent = start.chars().count();
            for (number, words) in wrap(&row.words, WIDTH - indent).into_iter().enumerate() {
                let line = if number == 0 {
                    format!("{start}{words}")
                } else {
                    format!("{:indent$}{words}", "")
                };
                lines.push(line);
            }
        }
        if self.omitted > 0 {
            let rest =
                if self.rows.iter().all(|row| row.holds) || self.rows.iter().any(|row| row.holds) {
                    "more that hold"
                } else {
                    "more"
                };
            lines.push(format!("  … and {} {rest}", self.omitted));
        }
        if let Err(error) = self.verdict {
            lines.extend(
                wrap(&error.to_string(), WIDTH - 2)
                    .into_iter()
                    .map(|line| format!("  {line}")),
            );
        }
        out.write_str(&lines.join("\n"))
    }
}

/// Keeps the beginning; a string keeps its closing quote.
pub(super) fn cut_end(text: &str, width: usize) -> String {
    let flat: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if flat.chars().count() <= width {
        return flat;
    }
    let end = if flat.starts_with('"') {
        "…\""
    } else {
        "…"
    };
    let kept: String = flat
        .chars()
        .take(width.saturating_sub(end.chars().count()))
        .collect();
    format!("{kept}{end}")
}

/// Keeps the end: the last names of a path say most.
fn cut_start(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length + 1 - width).collect();
    format!("…{kept}")
}

/// Breaks at blanks; a word that is longer than a line is broken anywhere.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word.to_owned();
        loop {
            let last = lines.last_mut().map_or(0, |line| line.chars().count());
            let gap = usize::from(last > 0);
            let length = word.chars().count();
            if last + gap + length <= width {
                if let Some(line) = lines.last_mut() {
                    line.push_str(if gap > 0 { " " } else { "" });
                    line.push_str(&word);
                }
                break;
            }
            if last > 0 {
                lines.push(String::new());
                continue;
            }
            let rest = word.chars().skip(width).collect();
            let head: String = word.chars().take(width).collect();
            if let Some(line) = lines.last_mut() {
                line.push_str(&head);
            }
            lines.push(String::new());
            word = rest;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_wrapped() {
        assert_eq!(cut_end("\"abcdefgh\"", 6), "\"abc…\"");
        assert_eq!(cut_end("1234567", 4), "123…");
        assert_eq!(cut_start("detail.very.long", 8), "…ry.long");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
    }
}
