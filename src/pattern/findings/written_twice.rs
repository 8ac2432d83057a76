//! Names and paths that are written twice.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Finding, FindingKind};
use crate::json::{Document, Kind, Node};
use crate::pattern::ast::Field;
use crate::pattern::path::{PathId, push_name};
use crate::pattern::{Pattern, quoted};

pub(super) fn find(pattern: &Pattern, findings: &mut Vec<Finding>) {
    duplicate_keys(pattern, findings);
    dotted_beside_nested(pattern, findings);
}

/// Looks into every object of the text.
fn duplicate_keys(pattern: &Pattern, findings: &mut Vec<Finding>) {
    let Ok(document) = Document::parse(pattern.text()) else {
        return;
    };
    // Objects still to look into, with their paths; the last is the next in text order.
    let mut work: Vec<(String, Node<'_>)> = document
        .root()
        .map(|root| (String::new(), root))
        .into_iter()
        .collect();
    while let Some((path, node)) = work.pop() {
        let start = work.len();
        if node.kind() == Kind::Array {
            for (number, element) in node.elements().enumerate() {
                work.push((format!("{path}[{number}]"), element));
            }
        } else {
            let mut seen: HashSet<Cow<'_, str>> = HashSet::new();
            for (key, value) in node.members() {
                let name = key.as_str().unwrap_or_default();
                let mut inner = path.clone();
                push_name(&mut inner, &name);
                let fields = value.kind() == Kind::Object || &*name == "$or";
                if !seen.insert(name.clone()) {
                    let position = key.position();
                    let text = format!(
                        "{} is written again in line {}, column {}: {}",
                        quoted(&name),
                        position.line,
                        position.column,
                        match (&*name, value.kind()) {
                            ("$or", _) => "both hold, but many tools keep only the last",
                            (_, Kind::Object) =>
                                "both objects hold (of a field in both the last), but many tools keep only the last object",
                            _ => "the last one holds, the first is ignored",
                        }
                    );
                    findings.push(Finding::new(FindingKind::DuplicateKey, inner.clone(), text));
                }
                if fields {
                    work.push((inner, value));
                }
            }
        }
        if let Some(added) = work.get_mut(start..) {
            added.reverse();
        }
    }
}

/// A path that one expansion has from two spellings: the later replaces the earlier.
fn dotted_beside_nested(pattern: &Pattern, findings: &mut Vec<Finding>) {
    let parts = &pattern.parts;
    let spelling = |field: &Field| parts.places.names(field.place);
    // For each path, from the last field backwards: the field, its spelling,
    // and the nearest one after it that is spelt otherwise.
    let mut later: HashMap<PathId, (&Field, String, Option<&Field>)> = HashMap::new();
    let mut found = Vec::new();
    for field in parts.fields.iter().rev() {
        let own = spelling(field);
        let other = match later.remove(&field.path) {
            Some((_, spelt, other)) if spelt == own => other,
            Some((next, ..)) => Some(next),
            None => None,
        };
        later.insert(field.path, (field, own, other));
        if let Some(other) = other.filter(|_| field.replaced) {
            found.push((field, other));
        }
    }
    for (field, other) in found.into_iter().rev() {
        let path = parts.places.path(field.place);
        let text = format!(
            "{path} and {} are the same field, once with dots and once nested: the later one replaces the earlier",
            parts.places.path(other.place)
        );
        findings.push(Finding::new(FindingKind::DottedBesideNested, path, text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_is_told_with_the_next_other_one() {
        let pattern = Pattern::parse(
            r#"{"detail":{"a":{"b":[1]},"a.b":[2],"a":{"b":[3]}},"detail.a.b":[4],"source":["s"]}"#,
        );
        let findings = pattern.unwrap().findings();
        let told: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.kind == FindingKind::DottedBesideNested)
            .filter_map(|finding| finding.text.split(" are the same").next())
            .collect();
        assert_eq!(
            told,
            [
                "detail.a.b and detail.\"a.b\"",
                "detail.\"a.b\" and detail.a.b"
            ]
        );
    }

    #[test]
    fn one_spelling_is_no_second_one() {
        let pattern = Pattern::parse(r#"{"detail":{"a":[1],"a":[2]}}"#).unwrap();
        let kinds: Vec<FindingKind> = pattern.findings().iter().map(|told| told.kind).collect();
        assert_eq!(kinds, [FindingKind::DuplicateKey]);
    }
}
