//! Names and paths that are written twice.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Finding, FindingKind};
use crate::json::{Document, Kind, Node};
use crate::pattern::Pattern;
use crate::pattern::path::push_name;

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
                        "\"{name}\" is written again in line {}, column {}: {}",
                        position.line,
                        position.column,
                        match (&*name, value.kind()) {
                            ("$or", _) => "both hold, but many tools keep only the last",
                            (_, Kind::Object) =>
                                "both objects hold, but many tools keep only the last",
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
    for (number, field) in parts
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.replaced)
    {
        let path = parts.places.path(field.place);
        let spelling = |number: usize| parts.places.names(parts.fields[number].place);
        let own = spelling(number);
        let mut later = (number + 1..parts.fields.len())
            .filter(|later| parts.fields[*later].path == field.path);
        if let Some(other) = later.find(|later| spelling(*later) != own) {
            let text = format!(
                "{path} and {} are the same field, once with dots and once nested: the later one replaces the earlier",
                parts.places.path(parts.fields[other].place)
            );
            findings.push(Finding::new(FindingKind::DottedBesideNested, path, text));
        }
    }
}
