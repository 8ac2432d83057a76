//! Operators outside a list: they are read as names of fields, and no event has them.

use super::never::never_paths;
use super::{Finding, FindingKind};
use crate::pattern::ast::{Field, Parts};
use crate::pattern::operator::Operator;
use crate::pattern::quoted;

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    let never = never_paths(findings);
    for field in &parts.fields {
        let names = parts.paths.parts(field.path);
        let path = parts.places.path(field.place);
        let operator = names.iter().position(|name| is_operator(name, field));
        // What is at the top is in no event whatever its name.
        let Some(at) = operator.filter(|at| *at > 1 && !never.contains(&path)) else {
            continue;
        };
        let (around, name) = (quoted(names[at - 1]), names[at]);
        let text = format!(
            "an operator stands in a list, else it is a field's name: did you mean \
             {{{around}: [{{\"{name}\": …}}]}}?"
        );
        findings.push(Finding::new(FindingKind::DidYouMean, path, text));
    }
}

/// Whether a name can hardly be a field's: `prefix`, `suffix` and `exists` may well be.
fn is_operator(name: &str, field: &Field) -> bool {
    let is_text = |wanted: &[&str]| {
        let mut leaves = field.leaves.iter();
        leaves.any(
            |leaf| matches!(&leaf.operator, Operator::Text(text) if wanted.contains(&text.as_str())),
        )
    };
    match name {
        "anything-but" | "equals-ignore-case" => true,
        "numeric" => is_text(&["=", "<", "<=", ">", ">="]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    #[test]
    fn an_operator_outside_a_list_is_told_where_it_is_meant_to_stand() {
        let found = |text: &str| {
            let findings = Pattern::parse(text).unwrap().findings();
            let told = |finding: &super::Finding| format!("{}: {}", finding.path, finding.text);
            findings.iter().map(told).collect::<Vec<_>>().join("\n")
        };
        for (text, wanted) in [
            (
                r#"{"detail":{"state":{"anything-but":["ok"]}}}"#,
                r#"detail.state.anything-but: an operator stands in a list, else it is a field's name: did you mean {"state": [{"anything-but": …}]}?"#,
            ),
            (
                r#"{"detail":{"state":{"anything-but":{"prefix":["ok"]}}}}"#,
                r#"did you mean {"state": [{"anything-but": …}]}?"#,
            ),
            (
                r#"{"detail":{"total":{"numeric":[">",5]}}}"#,
                r#"did you mean {"total": [{"numeric": …}]}?"#,
            ),
        ] {
            let told = found(text);
            assert!(told.contains(wanted) && !told.contains('\n'), "{told}");
        }
        // These are names that fields really have.
        for text in [
            r#"{"detail":{"suffix":[{"suffix":".com"}]}}"#,
            r#"{"detail":{"rule":{"prefix":["a"],"exists":[true],"numeric":[5],"cidr":["x"]}}}"#,
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
