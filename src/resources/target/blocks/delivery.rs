//! How events are made and delivered, whatever the destination: transformer,
//! retries, dead letters.

use crate::provider::types::Type;
use crate::provider::{Attribute, Check, Equality, NestedBlock, Value};

/// What EventBridge does without a retry policy.
const DEFAULT_AGE: i64 = 86_400;
const DEFAULT_ATTEMPTS: i64 = 185;

pub fn dead_letter() -> NestedBlock {
    NestedBlock::list("dead_letter_config")
        .max(1)
        .describe("Where events go that could not be delivered.")
        .attribute(
            Attribute::string("arn")
                .optional()
                .check(Check::arn())
                .check(Check::length(1, 1600))
                .describe("ARN of a standard SQS queue."),
        )
}

pub fn retry_policy() -> NestedBlock {
    NestedBlock::list("retry_policy")
        .max(1)
        .describe("How often and how long delivery is tried. What is left out is EventBridge's default.")
        .attribute(
            Attribute::number("maximum_event_age_in_seconds")
                .optional()
                .check(Check::range(60, DEFAULT_AGE))
                .equal(Equality::By(|a, b| same_number(a, b, DEFAULT_AGE)))
                .describe("How long an event is kept for retries: 60 to 86400 seconds. Without it 86400 (24 hours)."),
        )
        .attribute(
            Attribute::number("maximum_retry_attempts")
                .optional()
                .check(Check::range(0, DEFAULT_ATTEMPTS))
                .equal(Equality::By(|a, b| same_number(a, b, DEFAULT_ATTEMPTS)))
                .describe("How often delivery is tried again: 0 to 185 times. Without it 185."),
        )
}

pub fn input_transformer() -> NestedBlock {
    NestedBlock::list("input_transformer")
        .max(1)
        .describe("Makes what is sent from parts of the event. Conflicts with `input` and `input_path`.")
        .attribute(
            Attribute::new("input_paths", Type::map(Type::String))
                .optional()
                .check(Check::max_items(100))
                .describe("JSON paths in dot notation by the names that the template uses, at most 100."),
        )
        .attribute(
            Attribute::string("input_template")
                .required()
                .check(Check::length(1, 8192))
                .equal(Equality::By(same_template))
                .describe(
                    "Template with placeholders such as `<name>`: JSON, or quoted text. Sent as written; white space \
                     outside of quotes makes no change.",
                ),
        )
}

/// Whether two numbers are equal, where none at all means `default`.
fn same_number(a: &Value, b: &Value, default: i64) -> bool {
    let number = |value: &Value| match value {
        Value::Null => Some(default),
        value => value.as_i64(),
    };
    number(a).is_some() && number(a) == number(b)
}

/// Whether two templates make the same: white space outside of quotes is
/// nothing to JSON, and around other text it is the heredoc's.
fn same_template(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else {
        return false;
    };
    let is_json = |text: &str| text.trim_start().starts_with(['{', '[']);
    if is_json(a) && is_json(b) {
        return without_blanks(a).eq(without_blanks(b));
    }
    a.trim_end() == b.trim_end()
}

/// The characters of a JSON text with placeholders, without the white space outside of quotes.
fn without_blanks(text: &str) -> impl Iterator<Item = char> + '_ {
    let (mut quoted, mut escaped) = (false, false);
    text.chars().filter(move |&c| {
        let inside = quoted;
        match c {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
        inside || !c.is_whitespace()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_equals_none() {
        assert!(same_number(&Value::Null, &185.into(), DEFAULT_ATTEMPTS));
        assert!(!same_number(&Value::Null, &0.into(), DEFAULT_ATTEMPTS));
        assert!(!same_number(
            &Value::unknown(),
            &185.into(),
            DEFAULT_ATTEMPTS
        ));
    }

    #[test]
    fn layout_of_a_template_makes_no_change() {
        let same = |a: &str, b: &str| same_template(&a.into(), &b.into());
        assert!(same(
            "{\"a\": <x>,\n \"b c\": 1}\n",
            "{\"a\":<x>,\"b c\":1}"
        ));
        assert!(!same("{\"a\": \"b c\"}", "{\"a\": \"bc\"}"));
        assert!(!same("{\"a\": \"\\\" x\"}", "{\"a\": \"\\\"x\"}"));
        assert!(same("\"<x> is\"\n", "\"<x> is\""));
        assert!(!same("\"a\"\n\"b\"", "\"a\"\"b\""));
    }
}
