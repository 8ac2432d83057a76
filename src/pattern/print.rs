//! Patterns as text again: the shortest that means the same.

use std::fmt;

use super::Pattern;
use super::ast::{Parts, Step};
use crate::json::quote;

impl fmt::Display for Pattern {
    /// Writes the pattern without blanks, each field under its full dotted path.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.parts;
        out.write_str("{")?;
        let mut separator = "";
        let mut or_starts = Vec::new();
        for (at, step) in parts.steps.iter().enumerate() {
            while or_starts
                .last()
                .is_some_and(|or: &usize| parts.ors[*or].end == at)
            {
                or_starts.pop();
                out.write_str("]")?;
                separator = ",";
            }
            if let Some(or) = or_starts.last()
                && let Some(place) = parts.ors[*or]
                    .branches
                    .iter()
                    .position(|branch| parts.branches[*branch].start == at)
            {
                out.write_str(if place == 0 { "{" } else { ",{" })?;
                separator = "";
            }
            match *step {
                Step::Field(field) => {
                    write!(out, "{separator}{}", field_text(parts, field))?;
                    separator = ",";
                }
                Step::Choose(or) => {
                    write!(out, "{separator}\"$or\":[")?;
                    or_starts.push(or);
                }
                Step::Leave(_) => out.write_str("}")?,
            }
        }
        for _ in or_starts {
            out.write_str("]")?;
        }
        out.write_str("}")
    }
}

fn field_text(parts: &Parts, field: usize) -> String {
    let field = &parts.fields[field];
    let leaves: Vec<String> = field
        .leaves
        .iter()
        .map(|leaf| leaf.operator.json())
        .collect();
    format!(
        "{}:[{}]",
        quote(&parts.paths.dotted(field.path)),
        leaves.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_flat_and_branches_stay() {
        for (text, printed) in [
            (
                r#"{ "detail": {"a": [1, {"exists": true}]}, "source": ["s"] }"#,
                r#"{"detail.a":[1,{"exists":true}],"source":["s"]}"#,
            ),
            (
                r#"{"d":{"$or":[{"a":[1],"$or":[{"b":[2]},{"c":[3]}]},{"x":{"y":[4]}}]},"z":[5]}"#,
                r#"{"$or":[{"d.a":[1],"$or":[{"d.b":[2]},{"d.c":[3]}]},{"d.x.y":[4]}],"z":[5]}"#,
            ),
            (
                r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"c":[1]}]}"#,
                r#"{"$or":[{"$or":[{"a":[1]},{"b":[1]}]},{"c":[1]}]}"#,
            ),
        ] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), printed);
        }
    }
}
