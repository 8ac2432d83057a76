//! `event_pattern`: an argument that is judged before AWS does, with AWS's own
//! sentence, the place inside the pattern, and what to write instead.

use crate::pattern::Pattern;
use crate::provider::{Attribute, Diagnostics, Equality, Path, Value};

/// The argument's name.
pub const NAME: &str = "event_pattern";

/// Characters of a pattern that name it.
const BEGINNING: usize = 40;

/// The argument: kept and sent as written, compared as JSON with exact numbers.
pub fn attribute() -> Attribute {
    Attribute::string(NAME).equal(Equality::Json)
}

/// Judges the pattern of a configuration: errors for what AWS refuses, warnings
/// for what its author hardly meant. `owner` is the object for the warnings'
/// summaries, such as `Rule orders`. Answers the pattern when it is known and valid.
pub fn check(config: &Value, owner: &str, out: &mut Diagnostics) -> Option<Pattern> {
    let text = config.get(NAME).as_set_str()?;
    let pattern = match Pattern::parse(text) {
        Ok(pattern) => pattern,
        Err(errors) => {
            out.error_at(Path::of(NAME), "Invalid event pattern", errors.to_string());
            return None;
        }
    };
    for finding in pattern.findings() {
        let place = match finding.path.as_str() {
            "" => String::new(),
            path => format!("\n  at {path}"),
        };
        let detail = format!("{}{place}", capital(&finding.text));
        if finding.refused {
            out.error_at(Path::of(NAME), "Event pattern that AWS refuses", detail);
        } else {
            let summary = format!("{owner}: {}", finding.summary());
            out.warning_at(Path::of(NAME), summary, detail);
        }
    }
    Some(pattern)
}

/// The beginning of a pattern, which tells messages about several apart where
/// nothing else has a name: Terraform shows one of those with equal summaries.
pub fn beginning(config: &Value) -> String {
    let text = config.get(NAME).as_str().unwrap_or_default();
    let text = crate::json::Document::parse(text)
        .ok()
        .and_then(|document| document.root().map(crate::json::compact))
        .unwrap_or_default();
    if text.chars().count() <= BEGINNING {
        return text;
    }
    text.chars().take(BEGINNING).chain(['…']).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Diagnostics {
        let mut out = Diagnostics::new();
        check(
            &Value::map([(NAME, Value::from(pattern))]),
            "Rule orders",
            &mut out,
        );
        out
    }

    #[test]
    fn an_invalid_pattern_is_an_error_with_awss_sentence() {
        let out = found(r#"{"source": "aws.ec2"}"#);
        let error = out.iter().next().expect("an error");
        assert!(out.has_errors() && error.path == Path::of(NAME));
        assert!(
            error
                .detail
                .starts_with("Event pattern is not valid. Reason: ")
        );
        assert!(error.detail.contains(r#"["aws.ec2"]"#), "{}", error.detail);
    }

    #[test]
    fn what_was_hardly_meant_is_a_warning_that_names_rule_and_subject() {
        let out = found(r#"{"source": ["a"], "source": ["b"]}"#);
        let warning = out.iter().next().expect("a warning");
        assert!(!out.has_errors());
        assert!(warning.summary.contains("Rule orders") && warning.summary.contains("source"));
    }

    #[test]
    fn what_is_unknown_or_not_set_is_not_judged() {
        let mut out = Diagnostics::new();
        for value in [Value::Null, Value::unknown(), "".into()] {
            assert!(check(&Value::map([(NAME, value)]), "Rule", &mut out).is_none());
        }
        assert!(out.is_empty());
        assert!(found(r#"{"source": ["shop.orders"]}"#).is_empty());
        assert!(found(r#"{ "source": [{ "prefix": "" }] }"#).is_empty());
        assert!(found(&format!(r#"{{"source": ["{}"]}}"#, "a".repeat(4096))).has_errors());
    }
}
