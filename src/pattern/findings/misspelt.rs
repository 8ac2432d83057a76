//! Names and literals that are nearly known ones, or stand in the wrong place.

use std::collections::HashSet;

use super::never::{TOP_LEVEL, never_paths};
use super::{Finding, FindingKind};
use crate::json::{Document, Kind};
use crate::pattern::ast::{Field, Parts};
use crate::pattern::names::{self, is_near};
use crate::pattern::operator::wildcard::Wildcard;
use crate::pattern::operator::{self, Operator};
use crate::pattern::quoted;

pub(super) fn find(parts: &Parts, findings: &mut Vec<Finding>) {
    let top = |name: &str| {
        parts
            .fields
            .iter()
            .any(|field| parts.paths.parts(field.path).first() == Some(&name))
    };
    let literals = |name: &str| -> Vec<&str> {
        let named = parts
            .fields
            .iter()
            .filter(|field| parts.paths.parts(field.path) == [name]);
        named.flat_map(literals_of).collect()
    };
    let from_aws = literals("source")
        .iter()
        .any(|source| source.starts_with("aws."));
    let from_aws_in = |field: &Field| literals_of(field).any(|literal| literal.starts_with("aws."));
    let only_detail = parts
        .fields
        .iter()
        .all(|field| parts.paths.parts(field.path).first() == Some(&"detail"));
    let from_cloudtrail = literals("detail-type")
        .iter()
        .any(|kind| kind.ends_with(" via CloudTrail"));
    let (has_source, has_detail_type) = (top("source"), top("detail-type"));
    let never = never_paths(findings);
    for field in &parts.fields {
        let path = || parts.places.path(field.place);
        let mut did_you_mean =
            |text: String| findings.push(Finding::new(FindingKind::DidYouMean, path(), text));
        match parts.paths.parts(field.path).as_slice() {
            ["source"] => literals_of(field).for_each(|literal| {
                if let Some(known) = names::near_source(literal) {
                    did_you_mean(format!(
                        "\"{literal}\" is no source of AWS events that is known here: did you mean \"{known}\"?"
                    ));
                }
            }),
            ["detail-type"] if from_aws => literals_of(field).for_each(|literal| {
                if let Some(known) = names::near_detail_type(literal) {
                    did_you_mean(format!(
                        "\"{literal}\" is nearly \"{known}\": did you mean that?"
                    ));
                }
            }),
            ["detail", "source"] if !has_source && (only_detail || from_aws_in(field)) => {
                did_you_mean("\"source\" stands beside \"detail\", not inside it: did you mean {\"source\": […], \"detail\": {…}}?".to_owned());
            }
            ["detail", "detail-type"] if !has_detail_type => {
                did_you_mean("\"detail-type\" stands beside \"detail\", not inside it: did you mean {\"detail-type\": […], \"detail\": {…}}?".to_owned());
            }
            ["detail", name, ..] if from_cloudtrail => {
                if let Some(known) = names::near_cloudtrail_field(name) {
                    did_you_mean(format!(
                        "a CloudTrail event has \"{known}\", not \"{name}\": did you mean that?"
                    ));
                }
            }
            _ => {}
        }
        stars(parts, field, &never, findings);
    }
    misspelt_in_branches(parts, &never, findings);
}

/// A top-level name that is nearly known, in a branch that others make up for.
fn misspelt_in_branches(parts: &Parts, never: &HashSet<String>, findings: &mut Vec<Finding>) {
    for field in &parts.fields {
        let name = parts.places.top_name(field.place);
        let path = parts.places.path(field.place);
        if let Some(known) = near_top_level(&name)
            && (parts.paths.parts(field.path).len() == 1 || known == "detail")
            && !never.contains(&path)
        {
            let text = format!("no event has \"{name}\": did you mean \"{known}\"?");
            findings.push(Finding::new(FindingKind::DidYouMean, path, text));
        }
    }
}

/// Stars and operators in literals of fields that may really hold them.
fn stars(parts: &Parts, field: &Field, never: &HashSet<String>, findings: &mut Vec<Finding>) {
    let path = parts.places.path(field.place);
    if never.contains(&path) {
        return;
    }
    for literal in literals_of(field) {
        if is_operator_text(literal) {
            let text = format!(
                "an operator inside a string is compared as text: did you mean {literal}, without the quotes around it?"
            );
            findings.push(Finding::new(FindingKind::DidYouMean, path.clone(), text));
        } else if literal.contains('*') {
            let text = format!(
                "the * in {} is compared as a star; if any text is meant, write {{\"wildcard\": {}}}",
                quoted(literal),
                quoted(&Wildcard::meant(literal))
            );
            findings.push(Finding::new(FindingKind::StarInLiteral, path.clone(), text));
        }
    }
}

fn literals_of(field: &Field) -> impl Iterator<Item = &str> {
    field.leaves.iter().filter_map(|leaf| match &leaf.operator {
        Operator::Text(text) | Operator::Exactly(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Whether a literal is the JSON text of an operator.
pub(super) fn is_operator_text(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let Ok(document) = Document::parse(text) else {
        return false;
    };
    let Some(root) = document.root().filter(|root| root.kind() == Kind::Object) else {
        return false;
    };
    let mut keys = root.members().filter_map(|(key, _)| key.as_str());
    keys.any(|key| operator::NAMES.contains(&&*key))
}

/// Letters and digits alone, in lower case: `detailType`, `detail_type` and `detail-type` are one.
fn plain(name: &str) -> String {
    let letters = name
        .chars()
        .filter(|character| !matches!(character, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// The known top-level name that a name nearly is.
fn near_top_level(name: &str) -> Option<&'static str> {
    if TOP_LEVEL.contains(&name) || name.contains('.') {
        return None;
    }
    let own = plain(name);
    let same = TOP_LEVEL.into_iter().find(|known| plain(known) == own);
    same.or_else(|| {
        TOP_LEVEL
            .into_iter()
            .filter(|known| known.len() > 3)
            .find(|known| is_near(known, &name.to_lowercase()))
    })
}

/// The envelope's field that people call so, though a detail may have one of that name too.
fn alias_of_top_level(name: &str) -> Option<&'static str> {
    Some(match plain(name).as_str() {
        "eventtype" | "type" => "detail-type",
        "eventsource" => "source",
        "accountid" => "account",
        "awsregion" => "region",
        "eventtime" | "timestamp" => "time",
        "eventid" => "id",
        "resourcearn" | "resourcearns" => "resources",
        _ => return None,
    })
}

/// Why a top-level name is in no event, and what to write. Of the envelope only
/// `detail` has fields, so a name with fields of its own can be but that, misspelt.
pub(super) fn top_level_advice(name: &str, nested: bool) -> String {
    let shown = quoted(name);
    let fits = |known: &&str| !nested || *known == "detail";
    if let Some(known) = near_top_level(name).filter(fits) {
        return format!("no event has {shown} at the top: did you mean \"{known}\"?");
    }
    if nested && matches!(plain(name).as_str(), "eventpattern" | "pattern") {
        return format!(
            "no event has {shown} at the top: if it names the pattern, write what stands in it alone"
        );
    }
    let inner = if nested { "{…}" } else { "[…]" };
    let inside = format!("{{\"detail\": {{{shown}: {inner}}}}}");
    match alias_of_top_level(name).filter(fits) {
        _ if names::is_cloudtrail_field(name) => format!(
            "no event has {shown} at the top: in CloudTrail's events it stands inside detail, {inside}"
        ),
        Some(known) => format!(
            "no event has {shown} at the top: did you mean \"{known}\", or a field inside detail, {inside}?"
        ),
        None => format!(
            "no event has {shown} at the top: fields of your own stand inside detail, {inside}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    /// Kind, path and text of the findings of a pattern.
    fn found(text: &str) -> Vec<String> {
        let findings = Pattern::parse(text).unwrap().findings();
        let told = |finding: &super::Finding| {
            let name = finding.kind.name();
            format!("{name} {}: {}", finding.path, finding.text)
        };
        findings.iter().map(told).collect()
    }

    fn told(text: &str, wanted: &str) {
        let found = found(text);
        assert!(
            found.len() == 1 && found[0].contains(wanted),
            "{text}: {found:?}"
        );
    }

    #[test]
    fn what_is_told_to_write_can_be_written() {
        told(
            r#"{"detail":{"k":["a/**"]}}"#,
            r#"write {"wildcard": "a/*"}"#,
        );
        told(
            r#"{"detail":{"k":["C:\\d*"]}}"#,
            r#"write {"wildcard": "C:\\\\d*"}"#,
        );
        told(r#"{"source":["a/**"]}"#, r#"write {"wildcard": "a/*"}"#);
        told(
            r#"{"source":{"prefix":["log."]}}"#,
            r#"write {"source": [{"prefix": "log."}]}"#,
        );
        told(
            r#"{"detail":["{\"name\":[\"x\"]}"]}"#,
            "one jsonencode around the whole pattern",
        );
    }

    #[test]
    fn a_name_at_the_top_that_no_event_has_is_told_with_what_was_meant() {
        for (text, wanted) in [
            (r#"{"detail_type":["x"]}"#, r#"did you mean "detail-type"?"#),
            (r#"{"resource":["x"]}"#, r#"did you mean "resources"?"#),
            (r#"{"details":{"a":["x"]}}"#, r#"did you mean "detail"?"#),
            (
                r#"{"EventPattern":{"source":["x"]}}"#,
                "write what stands in it alone",
            ),
            // A list of strings has no fields: this is GuardDuty's detail.resource.
            (
                r#"{"resource":{"resourceType":["x"]}}"#,
                r#"stand inside detail, {"detail": {"resource": {…}}}"#,
            ),
            (
                r#"{"eventType":["AwsApiCall"]}"#,
                r#"in CloudTrail's events it stands inside detail, {"detail": {"eventType": […]}}"#,
            ),
            (
                r#"{"event_type":["x"]}"#,
                r#"did you mean "detail-type", or a field inside detail, {"detail": {"event_type": […]}}?"#,
            ),
            (
                r#"{"severity":[5]}"#,
                r#"fields of your own stand inside detail, {"detail": {"severity": […]}}"#,
            ),
        ] {
            told(text, wanted);
        }
    }

    #[test]
    fn a_name_is_told_as_json_writes_it() {
        told(
            r#"{"a\"\u001b":["x"]}"#,
            r#"no event has "a\"\u001b" at the top: fields of your own stand inside detail, {"detail": {"a\"\u001b": […]}}"#,
        );
    }

    #[test]
    fn a_name_of_aws_that_is_nearly_known_is_told() {
        told(r#"{"source":["aws.guarduty"]}"#, r#""aws.guardduty"?"#);
        told(
            r#"{"source":["aws.ec2"],"detail-type":["EC2 Instance State Change Notification"]}"#,
            r#"nearly "EC2 Instance State-change Notification""#,
        );
        // A digit more or less is another service, a source of one's own is nobody's business.
        for text in [
            r#"{"source":["aws.inspector"],"detail-type":["Inspector Finding"]}"#,
            r#"{"source":["my.guarduty"],"detail-type":["Object Create"]}"#,
            r#"{"source":["aws.a-new-service"],"detail-type":["Something New"]}"#,
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn one_field_has_one_finding() {
        told(
            r#"{"account":[123456789012]}"#,
            r#"never-matches account: "account" is text in every event: write "123456789012" in quotes"#,
        );
    }
}
