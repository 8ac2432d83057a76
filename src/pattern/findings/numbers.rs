//! Numbers that the documentation does not cover.

use super::never::never_paths;
use super::{Finding, FindingKind};
use crate::pattern::ast::Parts;
use crate::pattern::operator::number::{DOCUMENTED_LIMIT, Number};
use crate::pattern::operator::{Excluded, Operator};

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    let never = never_paths(findings);
    for field in &parts.fields {
        let path = || parts.places.path(field.place);
        // Of a field that never matches that is said already.
        if never.contains(&path()) {
            continue;
        }
        for number in field.leaves.iter().flat_map(|leaf| numbers(&leaf.operator)) {
            let text = number.shown();
            match number.value() {
                None => findings.push(Finding::new(
                    FindingKind::NumberText,
                    path(),
                    format!(
                        "{text} is more than a number keeps, in digits or in size: it matches only an event that writes it the same way, digit for digit; use a string in both"
                    ),
                )),
                Some(value) if value.abs() > DOCUMENTED_LIMIT => findings.push(Finding::new(
                    FindingKind::NumberRange,
                    path(),
                    format!("{text} lies outside -5e9 to 5e9, the range that EventBridge documents for numbers"),
                )),
                Some(_) => {}
            }
        }
    }
}

/// The numbers that an operator names.
fn numbers(operator: &Operator) -> Vec<&Number> {
    match operator {
        Operator::Number(number) | Operator::NumericEquals(number) => vec![number],
        Operator::Numeric(range) => {
            let bounds = [&range.lower, &range.upper];
            bounds
                .into_iter()
                .flatten()
                .map(|bound| &bound.number)
                .collect()
        }
        Operator::AnythingBut(Excluded::Numbers(numbers)) => numbers.iter().collect(),
        _ => Vec::new(),
    }
}
