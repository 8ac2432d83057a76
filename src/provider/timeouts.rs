//! The `timeouts` block, as other providers have it: how long one operation may
//! take in all, in Go's duration syntax.

use std::time::Duration;

use super::check::Check;
use super::schema::{Attribute, NestedBlock};
use super::validate::parse_duration;
use super::value::Value;

/// The block's name.
pub const TIMEOUTS: &str = "timeouts";

/// The block, for the operations named (`create`, `update`, `delete`).
pub fn block(operations: &[&'static str]) -> NestedBlock {
    let mut block = NestedBlock::single(TIMEOUTS).describe(
        "How long an operation may take in all, waiting included, such as `30s`, `5m` or `1h30m`.",
    );
    for &operation in operations {
        let description = match operation {
            "create" => "Limit for making the object.",
            "update" => "Limit for changing it.",
            _ => "Limit for deleting it.",
        };
        let duration = Check::text("must be a duration, such as \"5m\"", |text| {
            parse_duration(text).map(drop)
        });
        block = block.attribute(
            Attribute::string(operation)
                .optional()
                .check(duration)
                .describe(description),
        );
    }
    block
}

/// The configured limit of an operation, or `default`.
pub fn limit(state: &Value, operation: &str, default: Duration) -> Duration {
    let configured = state.get(TIMEOUTS).get(operation).as_set_str();
    configured
        .and_then(|text| parse_duration(text).ok())
        .unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configured_limit_wins() {
        let state = Value::map([(TIMEOUTS, Value::map([("delete", Value::from("90s"))]))]);
        assert_eq!(
            limit(&state, "delete", Duration::ZERO),
            Duration::from_secs(90)
        );
        assert_eq!(
            limit(&state, "create", Duration::from_secs(1)),
            Duration::from_secs(1)
        );
    }
}
