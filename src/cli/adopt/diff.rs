//! A unified diff of two texts, as `--dry-run` prints it. Knows no HCL.

use std::fmt::Write;

/// Lines that stay around a change.
const CONTEXT: usize = 3;

#[derive(Clone, Copy, PartialEq)]
enum Line<'a> {
    Same(&'a str),
    Old(&'a str),
    New(&'a str),
}

/// The diff, or an empty text where nothing differs. `path` stands in its head.
pub(super) fn unified(path: &str, before: Option<&str>, after: &str) -> String {
    let old: Vec<&str> = before.unwrap_or_default().lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let lines = compare(&old, &new);
    let mut out = String::new();
    for hunk in hunks(&lines) {
        if out.is_empty() {
            let from = if before.is_some() {
                format!("a/{path}")
            } else {
                "/dev/null".to_owned()
            };
            let _ = writeln!(out, "--- {from}\n+++ b/{path}");
        }
        write_hunk(&mut out, &lines, hunk);
    }
    out
}

/// Both texts as one list of lines, by the longest common subsequence.
fn compare<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);

    // lengths[i][j]: the longest common subsequence of a[i..] and b[j..].
    let mut lengths = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i][j] = if a[i] == b[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let mut lines: Vec<Line> = old[..head].iter().copied().map(Line::Same).collect();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push(Line::Same(a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            lines.push(Line::Old(a[i]));
            i += 1;
        } else {
            lines.push(Line::New(b[j]));
            j += 1;
        }
    }
    lines.extend(old[old.len() - tail..].iter().copied().map(Line::Same));
    lines
}

/// Ranges of lines around changes, joined where they touch.
fn hunks(lines: &[Line]) -> Vec<std::ops::Range<usize>> {
    let mut hunks: Vec<std::ops::Range<usize>> = Vec::new();
    let changed = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Same(_)));
    for (index, _) in changed {
        let (start, end) = (
            index.saturating_sub(CONTEXT),
            (index + 1 + CONTEXT).min(lines.len()),
        );
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

fn write_hunk(out: &mut String, lines: &[Line], hunk: std::ops::Range<usize>) {
    let count = |lines: &[Line], without: fn(&Line) -> bool| {
        lines.iter().filter(|line| !without(line)).count()
    };
    let is_new = |line: &Line| matches!(line, Line::New(_));
    let is_old = |line: &Line| matches!(line, Line::Old(_));
    let (before, inside) = (&lines[..hunk.start], &lines[hunk]);
    let (old, new) = (count(inside, is_new), count(inside, is_old));
    // An empty side counts from the line before it.
    let first = |lines_before: usize, length: usize| lines_before + usize::from(length > 0);
    let _ = writeln!(
        out,
        "@@ -{},{old} +{},{new} @@",
        first(count(before, is_new), old),
        first(count(before, is_old), new),
    );
    for line in inside {
        let (sign, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Old(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        let _ = writeln!(out, "{sign}{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_with_context() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten\n";
        assert_eq!(
            unified("f", Some(before), after),
            "--- a/f\n+++ b/f\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+ten\n"
        );
    }

    #[test]
    fn far_apart_changes_are_two_hunks() {
        let before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";
        let after = "A\n1\n2\n3\n4\n5\n6\n7\nB\n";
        assert_eq!(unified("f", Some(before), after).matches("@@ -").count(), 2);
    }

    #[test]
    fn new_files_and_equal_texts() {
        assert_eq!(
            unified("f", None, "a\n"),
            "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n"
        );
        assert_eq!(unified("f", Some("a\n"), "a\n"), "");
    }
}
