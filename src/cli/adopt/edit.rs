//! Changes to a text at byte ranges, so that every byte outside of them stays.

use hcl_edit::Span;
use hcl_edit::structure::Block;
use std::ops::Range;

/// A list of changes to one text, in any order.
#[derive(Debug, Clone, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of the changes brings this text.
    pub(super) fn bring(&self, text: &str) -> bool {
        self.0.iter().any(|(_, new)| new.contains(text))
    }

    /// Adds the changes of another list for the same text; false if the two differ about one
    /// place.
    pub(super) fn merge(&mut self, other: &Edits) -> bool {
        // One list may well insert twice at one place.
        let news = other.0.iter().filter(|edit| !self.0.contains(edit));
        let news: Vec<_> = news.cloned().collect();
        let touches = |own: &Range<usize>, range: &Range<usize>| {
            own == range || (own.start < range.end && range.start < own.end)
        };
        let clash =
            |(range, _): &(Range<usize>, String)| self.0.iter().any(|(own, _)| touches(own, range));
        if news.iter().any(clash) {
            return false;
        }
        self.0.extend(news);
        true
    }

    /// The text with all changes made. Insertions at one place keep their order.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut edits: Vec<_> = self.0.iter().collect();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + 64);
        let mut from = 0;
        for (range, new) in edits {
            debug_assert!(range.start >= from, "changes do not overlap");
            out.push_str(&text[from..range.start]);
            out.push_str(new);
            from = range.end;
        }
        out.push_str(&text[from..]);
        out
    }

    /// The number that a line of the text has with all changes made.
    pub(super) fn line_after(&self, text: &str, line: usize) -> usize {
        let lines = |text: &str| text.matches('\n').count();
        let before = self
            .0
            .iter()
            .filter(|(range, _)| line_number(text, range.start) < line);
        let (added, removed) = before.fold((0, 0), |(added, removed), (range, new)| {
            (added + lines(new), removed + lines(&text[range.clone()]))
        });
        line + added - removed
    }
}

/// The number of the line, from 1, that the byte is on.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The white space that the line of this byte begins with.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let start = line_start(text, at);
    let rest = &text[start..];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}

/// Where the line of this byte begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line of this byte ends: at its newline, or at the end of the text.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline)
}

/// The line ending that a text uses.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where a block stands, and what is between its braces; `None` if it was not parsed from
/// this text.
pub(super) fn block_extent(text: &str, block: &Block) -> Option<(Range<usize>, Range<usize>)> {
    let span = block.span()?;
    let head = block
        .labels
        .last()
        .map_or_else(|| block.ident.span(), Span::span)?
        .end;
    let open = head + text.get(head..span.end)?.find('{')? + 1;
    Some((span.clone(), open..span.end - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_any_order() {
        let mut edits = Edits::default();
        edits.replace(6..11, "you");
        edits.insert(0, "> ");
        edits.insert(11, "!");
        edits.insert(11, "?");
        assert_eq!(edits.apply("hello world"), "> hello you!?");
    }

    #[test]
    fn two_lists_for_one_text() {
        let list = |changes: &[(Range<usize>, &str)]| {
            let mut edits = Edits::default();
            for (range, new) in changes {
                edits.replace(range.clone(), *new);
            }
            edits
        };
        let mut edits = list(&[(0..5, "bye"), (11..11, "!")]);
        assert!(edits.merge(&list(&[(0..5, "bye"), (6..11, "you")])));
        let twice = list(&[(5..5, "1"), (5..5, "2")]);
        assert!(edits.clone().merge(&twice) && twice.clone().merge(&twice));
        assert_eq!(edits.apply("hello world"), "bye you!");
        for other in [(0..5, "hi"), (3..7, "p m"), (11..11, "?")] {
            assert!(
                !edits.clone().merge(&list(std::slice::from_ref(&other))),
                "{other:?}"
            );
        }
    }

    #[test]
    fn lines_move_with_the_changes_above_them() {
        let text = "a\nb\nc\nd\n";
        let mut edits = Edits::default();
        edits.insert(1, "\n1\n2");
        edits.replace(4..6, "");
        edits.replace(6..7, "D");
        assert_eq!(edits.apply(text), "a\n1\n2\nb\nD\n");
        assert_eq!(
            [1, 2, 4].map(|line| edits.line_after(text, line)),
            [1, 4, 5]
        );
    }

    #[test]
    fn lines() {
        let text = "a\n  b = 1\nc";
        assert_eq!(line_number(text, 4), 2);
        assert_eq!(indent(text, 6), "  ");
        assert_eq!((line_start(text, 6), line_end(text, 6)), (2, 9));
        assert_eq!(line_end(text, 10), text.len());
        assert_eq!(newline("a\r\nb"), "\r\n");
    }
}
