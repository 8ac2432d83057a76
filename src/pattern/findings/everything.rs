//! Patterns that every event of a bus matches.

use super::never::{STRINGS, TOP_LEVEL};
use super::{Finding, FindingKind};
use crate::pattern::ast::{Field, Parts};
use crate::pattern::operator::{Excluded, Operator, Value};

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    if parts.fields.iter().any(|field| field.replaced) || says_so(parts) {
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

/// The usual way to write a rule that takes everything: one field with an empty
/// prefix. Who writes it means it.
fn says_so(parts: &Parts) -> bool {
    match parts.fields.as_slice() {
        [field] => field
            .leaves
            .iter()
            .all(|leaf| matches!(&leaf.operator, Operator::Prefix(text) if text.is_empty())),
        _ => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;

    fn remarked(text: &str) -> bool {
        let pattern = Pattern::parse(text).unwrap();
        let kinds = pattern.findings();
        kinds
            .iter()
            .any(|finding| finding.kind == FindingKind::MatchesEverything)
    }

    #[test]
    fn who_writes_the_usual_catch_all_means_it() {
        assert!(!remarked(r#"{"source":[{"prefix":""}]}"#));
        assert!(remarked(r#"{"source":[{"exists":true}]}"#));
        assert!(remarked(r#"{"source":[{"anything-but":[1]}]}"#));
    }
}
