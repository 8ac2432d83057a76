//! Input transformers: does a template name only what it can be given, and will what it
//! makes be delivered? Checks, no rendering; how long and how many is said by the schema.
//! Pure; knows neither Terraform nor AWS calls.
//!
//! Rules: EventBridge API reference, `InputTransformer`, and user guide, "Amazon
//! EventBridge input transformation".

mod path;
mod template;

use std::fmt;

/// The names that EventBridge fills by itself, without an entry in `input_paths`.
pub const PREDEFINED: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

/// Whether EventBridge refuses, or delivers something else than was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// PutTargets refuses it.
    Error,
    /// It is taken, and delivered wrong or not at all.
    Warning,
}

/// The argument a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `input_template`.
    Template,
    /// The entry of `input_paths` with this key.
    Path(String),
}

/// One thing that is wrong with a transformer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong, with the user's value.
    pub wrong: String,
    /// What to write instead.
    pub instead: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}.", self.wrong, self.instead)
    }
}

/// The entries of `input_paths`, as far as they are known.
#[derive(Debug, Clone, Copy)]
pub enum Paths<'a> {
    /// Keys, each with its path, or `None` for a path that is not known yet.
    Known(&'a [(&'a str, Option<&'a str>)]),
    /// Nothing is known of them yet.
    Unknown,
}

/// Checks a transformer: `template` is `None` while it is not known; `target` is the
/// target's id, as AWS's own sentence names it. Errors come first.
#[must_use]
pub fn check(target: &str, template: Option<&str>, paths: Paths<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Paths::Known(entries) = paths {
        for (key, path) in entries {
            findings.extend(path::check(key, *path));
        }
    }
    if let Some(template) = template {
        findings.extend(template::check(target, template, paths));
    }
    findings.sort_by_key(|finding| finding.severity == Severity::Warning);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_transformer_has_no_findings() {
        let paths = [
            ("instance", Some("$.detail.instance-id")),
            ("state", Some("$.detail.state")),
        ];
        for template in [
            r#""<instance> is in state <state>""#,
            "{\"instance\": <instance>, \"text\": \"<instance> is \\\"<state>\\\"\"}",
            "\"<instance>\"\n\"<state>\"",
            r#"{"all": <aws.events.event.json>, "rule": "<aws.events.rule-name>"}"#,
            "<instance>",
            "42",
        ] {
            assert_eq!(
                check("t", Some(template), Paths::Known(&paths)),
                [],
                "{template}"
            );
        }
    }

    #[test]
    fn what_is_unknown_is_not_judged() {
        assert_eq!(check("t", Some(r#""<anything>""#), Paths::Unknown), []);
        assert_eq!(check("t", None, Paths::Known(&[("a", None)])), []);
    }

    #[test]
    fn errors_come_first() {
        let findings = check("t", Some("hello <nobody>"), Paths::Known(&[]));
        assert_eq!(
            findings
                .iter()
                .map(|finding| finding.severity)
                .collect::<Vec<_>>(),
            [Severity::Error, Severity::Warning]
        );
    }
}
