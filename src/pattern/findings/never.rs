//! Patterns that no event can match, as their structure alone shows.
//!
//! What every event of a bus looks like: the envelope's fields, of which all
//! but `resources` (a list of strings) and `detail` (an object) are strings.

use std::collections::HashSet;

use super::misspelt::{is_operator_text, top_level_advice};
use super::{Finding, FindingKind};
use crate::pattern::ast::{Field, Parts};
use crate::pattern::operator::number::Range;
use crate::pattern::operator::wildcard::Wildcard;
use crate::pattern::operator::{self, Excluded, Operator};
use crate::pattern::parse::advice::{ENCODED_INSIDE, is_json};
use crate::pattern::quoted;

/// The envelope's fields that are strings in every event.
pub(super) const STRINGS: [&str; 7] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
];

/// Top-level names that events have, envelope and replays.
pub(super) const TOP_LEVEL: [&str; 11] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
    "ingestion-time",
];

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    let reasons: Vec<Option<String>> = parts
        .fields
        .iter()
        .map(|field| {
            if field.replaced {
                None
            } else {
                impossible(parts, field)
            }
        })
        .collect();
    let mut viable = vec![true; parts.branches.len()];
    // Branches stand after the ones around them.
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        let fields = branch.fields.iter().all(|field| reasons[*field].is_none());
        let ors = branch
            .ors
            .iter()
            .all(|or| parts.ors[*or].branches.iter().any(|branch| viable[*branch]));
        viable[at] = fields && ors;
    }
    if viable.first() == Some(&true) {
        return;
    }
    let unconditional = parts.branches[0]
        .fields
        .iter()
        .any(|field| reasons[*field].is_some());
    for (field, reason) in parts.fields.iter().zip(reasons) {
        if let Some(reason) = reason.filter(|_| !unconditional || field.branch == 0) {
            let path = parts.places.path(field.place);
            findings.push(Finding::new(FindingKind::NeverMatches, path, reason));
        }
    }
}

/// The fields of which it is said already that they never match.
pub(super) fn never_paths(findings: &[Finding]) -> HashSet<String> {
    let never = findings
        .iter()
        .filter(|finding| finding.kind == FindingKind::NeverMatches);
    never.map(|finding| finding.path.clone()).collect()
}

/// Why a field can hold in no event.
fn impossible(parts: &Parts, field: &Field) -> Option<String> {
    if field.accepts_absence {
        // What no event has is absent in every event.
        let names = parts.paths.parts(field.path);
        let always_there = matches!(names.as_slice(), [name] if STRINGS.contains(name));
        let only_absence = field
            .leaves
            .iter()
            .all(|leaf| matches!(leaf.operator, Operator::Exists(false)));
        return (always_there && only_absence)
            .then(|| format!("every event has \"{}\": it is never absent", names[0]));
    }
    shape(parts, field).or_else(|| operators(parts, field))
}

/// A field that no event has, or has in another shape.
fn shape(parts: &Parts, field: &Field) -> Option<String> {
    let parts_of_path = parts.paths.parts(field.path);
    let (top, below) = parts_of_path.split_first()?;
    let top_name = parts.places.top_name(field.place);
    if top_name.contains('.') && *top != "detail" {
        return None;
    }
    if !TOP_LEVEL.contains(top) {
        return Some(top_level_advice(top, !below.is_empty()));
    }
    let dotted = top_name.contains('.');
    let first = field.leaves.first().map(|leaf| &leaf.operator);
    if let (false, [inner]) = (dotted || *top == "detail", below)
        && operator::NAMES.contains(inner)
    {
        let operand = first.map(Operator::json).unwrap_or_default();
        return Some(format!(
            "an operator stands in a list: write {{\"{top}\": [{{\"{inner}\": {operand}}}]}}"
        ));
    }
    if let (true, Some(Operator::Text(text))) = (*top == "detail" && below.is_empty(), first)
        && is_json(text)
    {
        return Some(format!(
            "\"detail\" is an object in every event; {ENCODED_INSIDE}"
        ));
    }
    match (*top, below.is_empty()) {
        ("detail", true) => Some(format!(
            "\"detail\" is an object in every event: name its fields, {{\"detail\": {{\"field\": [{}]}}}}",
            field
                .leaves
                .first()
                .map(|leaf| leaf.operator.json())
                .unwrap_or_default()
        )),
        ("detail" | "replay-name" | "ingestion-time", false) | (_, true) => None,
        (name, false) if !dotted => {
            let shape = if name == "resources" {
                "a list of strings"
            } else {
                "a string"
            };
            Some(format!(
                "\"{name}\" is {shape} in every event: it has no fields of its own"
            ))
        }
        _ => None,
    }
}

/// A field whose list accepts nothing that can be there.
fn operators(parts: &Parts, field: &Field) -> Option<String> {
    let names = parts.paths.parts(field.path);
    let envelope = match names.as_slice() {
        [name] if STRINGS.contains(name) || *name == "resources" => Some(*name),
        _ => None,
    };
    let reasons: Option<Vec<String>> = field
        .leaves
        .iter()
        .map(|leaf| nothing(&leaf.operator, envelope))
        .collect();
    reasons?.into_iter().next()
}

/// Why an operator accepts no value at all, or none of those that an envelope field can have.
fn nothing(operator: &Operator, envelope: Option<&str>) -> Option<String> {
    if let Operator::Numeric(range) = operator
        && is_empty(range)
    {
        return Some(format!("no number is {}", range.words()));
    }
    let name = envelope?;
    let is_text = if name == "resources" {
        "\"resources\" is a list of texts in every event".to_owned()
    } else {
        format!("\"{name}\" is text in every event")
    };
    match operator {
        Operator::Number(number) | Operator::NumericEquals(number) => {
            Some(format!("{is_text}: write \"{}\" in quotes", number.shown()))
        }
        Operator::True | Operator::False | Operator::Null | Operator::Numeric(_) => {
            Some(format!("{is_text}: {} never matches it", operator.json()))
        }
        Operator::AnythingBut(Excluded::Wildcards(wildcards))
            if wildcards.iter().any(|wildcard| wildcard.text() == "*") =>
        {
            Some(format!(
                "{is_text}, and anything-but wildcard \"*\" excludes all text"
            ))
        }
        Operator::Text(text) | Operator::Exactly(text) => literal(name, text),
        _ => None,
    }
}

fn literal(name: &str, text: &str) -> Option<String> {
    if is_operator_text(text) {
        return Some(format!(
            "an operator inside a string is compared as text: write {text} without the quotes around it"
        ));
    }
    if !text.contains('*') {
        return None;
    }
    if text == "*" && name == "resources" {
        return Some("a * in a literal is compared as a star: leave \"resources\" out, or write {\"exists\": true} where there must be one".to_owned());
    }
    if text == "*" {
        return Some(format!(
            "a * in a literal is compared as a star: to accept every \"{name}\" leave the field out or write {{\"exists\": true}}"
        ));
    }
    Some(format!(
        "a * in a literal is compared as a star: write {{\"wildcard\": {}}}",
        quoted(&Wildcard::meant(text))
    ))
}

/// Whether no number that can be compared lies in the range.
fn is_empty(range: &Range) -> bool {
    let lowest = range.lower.as_ref().map_or(f64::MIN, |bound| {
        let own = bound.number.value().unwrap_or(f64::INFINITY);
        if bound.inclusive { own } else { own.next_up() }
    });
    !lowest.is_finite() || !range.contains(lowest)
}
