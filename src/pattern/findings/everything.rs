//! Patterns that every event of a bus matches.

use super::never::{STRINGS, TOP_LEVEL};
use super::{Finding, FindingKind};
use crate::pattern::ast::{Field, Parts};
use crate::pattern::operator::{Excluded, Operator, Value};

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    if parts.fields.iter().any(|field| field.replaced) {
        return;
    }
    let mut always = vec![true; parts.branches.len()];
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        always[at] = branch
            .fields
            .iter()
            .all(|field| holds_always(parts, &parts.fields[*field]))
            && branch
                .ors
                .iter()
                .all(|or| parts.ors[*or].branches.iter().any(|branch| always[*branch]));
    }
    if always.first() == Some(&true) {
        let text = "every event of the bus matches; if that is meant, {\"source\": [{\"prefix\": \"\"}]} says it shortest";
        findings.push(Finding::new(FindingKind::MatchesEverything, "", text));
    }
}

/// Whether a field holds in every event, whatever it carries.
fn holds_always(parts: &Parts, field: &Field) -> bool {
    let names = parts.paths.parts(field.path);
    match names.as_slice() {
        [name] if STRINGS.contains(name) => accepts_all_text(field),
        // An object is no value, so `detail` itself is absent in every event.
        ["detail"] => field.accepts_absence,
        [name, ..] if !TOP_LEVEL.contains(name) => field.accepts_absence,
        _ => false,
    }
}

fn accepts_all_text(field: &Field) -> bool {
    let accepts = |value: &Value<'_>| field.leaves.iter().any(|leaf| leaf.operator.accepts(value));
    field.leaves.iter().any(|leaf| match &leaf.operator {
        Operator::Exists(true) => true,
        Operator::Prefix(text) | Operator::Suffix(text) => text.is_empty(),
        Operator::PrefixIgnoreCase(text) | Operator::SuffixIgnoreCase(text) => {
            text.text().is_empty()
        }
        Operator::Wildcard(wildcard) => wildcard.text() == "*",
        Operator::AnythingBut(Excluded::Numbers(_)) => true,
        // What one element excludes another may accept.
        Operator::AnythingBut(Excluded::Texts(texts)) => texts
            .iter()
            .all(|text| accepts(&Value::String(text.as_str().into()))),
        _ => false,
    })
}
