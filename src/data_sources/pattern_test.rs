//! `eventbridge_pattern_test`: holds an event pattern to sample events, offline.

use async_trait::async_trait;

use crate::pattern::Pattern;
use crate::provider::{
    Attribute, Call, Check, DataSource, Diagnostics, Nesting, Path, Schema, Value,
};
use crate::resources::Context;
use crate::resources::shared::{event_pattern, pattern_tests};

/// Sample events, and what a pattern makes of them.
pub struct PatternTest;

const ON_FAILURE: &str = "on_failure";
const ERROR: &str = "error";
const WARNING: &str = "warning";

#[async_trait]
impl DataSource<Context> for PatternTest {
    fn name(&self) -> &'static str {
        "eventbridge_pattern_test"
    }

    fn schema(&self) -> Schema {
        Schema::new(
            "Holds an event pattern to sample events. Needs neither credentials nor a network: nothing is asked of \
             AWS.",
        )
        .attribute(event_pattern::attribute().required().describe("Event pattern, as JSON text."))
        .attribute(pattern_tests::attribute().required())
        .attribute(
            Attribute::string(ON_FAILURE)
                .default(ERROR)
                .check(Check::one_of(&[ERROR, WARNING]))
                .describe(
                    "What a wrong verdict is: `error` or `warning`. Defaults to `error`. Inside of a `check` block \
                     write `warning`: an error that is found before anything is read fails the plan even there.",
                ),
        )
        .attribute(
            Attribute::nested("results", Nesting::Map, results())
                .computed()
                .describe("What the pattern makes of each event, by the names in `tests`."),
        )
        .attribute(
            Attribute::bool("passed")
                .computed()
                .describe("Whether every event gets the verdict that is wanted."),
        )
        .attribute(
            Attribute::number("length")
                .computed()
                .describe("Length of the pattern in characters, as AWS counts them for the quota of 2048."),
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        let owner = format!("Pattern test of {}", event_pattern::beginning(config));
        let Some(pattern) = event_pattern::check(config, &owner, out) else {
            return;
        };
        let on_failure = config.get(ON_FAILURE);
        if on_failure.is_null() || on_failure.as_str() == Some(ERROR) {
            pattern_tests::check(&pattern, config.get(pattern_tests::NAME), out);
        }
    }

    async fn read(
        &self,
        _call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let text = config.get(event_pattern::NAME).as_str().unwrap_or_default();
        let pattern = match Pattern::parse(text) {
            Ok(pattern) => pattern,
            Err(errors) => {
                let at = Path::of(event_pattern::NAME);
                out.error_at(at, "Invalid event pattern", errors.to_string());
                return None;
            }
        };
        let fails = config.get(ON_FAILURE).as_str() != Some(WARNING);
        let mut state = config.clone();
        let mut results = Value::Map(Default::default());
        let mut passed = true;
        for sample in pattern_tests::samples(config.get(pattern_tests::NAME)) {
            let verdict = match pattern_tests::judge(&pattern, sample.event) {
                Ok(verdict) => verdict,
                Err(problem) => {
                    pattern_tests::no_event(sample.name, problem, out);
                    continue;
                }
            };
            let right = verdict.matched == sample.matches;
            passed &= right;
            let result = Value::map([
                ("matched", Value::from(verdict.matched)),
                ("passed", right.into()),
                ("explanation", verdict.explanation.text().into()),
            ]);
            results.set(sample.name, result);
            if !right {
                if fails {
                    pattern_tests::wrong(sample.name, verdict, out);
                } else {
                    let pattern = event_pattern::beginning(config);
                    pattern_tests::warn_wrong(sample.name, &pattern, verdict, out);
                }
            }
        }
        if out.has_errors() {
            return None;
        }
        state.set(ON_FAILURE, if fails { ERROR } else { WARNING });
        state.set(
            pattern_tests::NAME,
            pattern_tests::with_defaults(config.get(pattern_tests::NAME)),
        );
        state.set("results", results);
        state.set("passed", passed);
        state.set(
            "length",
            i64::try_from(pattern.length()).unwrap_or(i64::MAX),
        );
        Some(state)
    }
}

fn results() -> [Attribute; 3] {
    [
        Attribute::bool("matched")
            .computed()
            .describe("Whether the pattern matches the event."),
        Attribute::bool("passed")
            .computed()
            .describe("Whether that is the verdict that is wanted."),
        Attribute::string("explanation").computed().describe(
            "The verdict in a line, then field by field what is wanted, what is found, and why that matches or not.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Settings;
    use crate::provider::Conventions;

    const ORDER: &str = r#"{"source": "shop.orders", "detail-type": "Placed"}"#;

    fn config(pattern: &str, wanted: bool, on_failure: Value) -> Value {
        let test = Value::map([("event", Value::from(ORDER)), ("matches", wanted.into())]);
        Value::map([
            (event_pattern::NAME, Value::from(pattern)),
            (pattern_tests::NAME, Value::map([("order", test)])),
            (ON_FAILURE, on_failure),
        ])
    }

    async fn read(config: &Value) -> (Option<Value>, Diagnostics) {
        let ctx = Context::new(Settings::default(), Vec::new());
        let (conventions, cancel) = (Conventions::default(), Default::default());
        let call = Call {
            ctx: &ctx,
            conventions: &conventions,
            cancel: &cancel,
        };
        let mut out = Diagnostics::new();
        (PatternTest.read(call, config, &mut out).await, out)
    }

    #[tokio::test]
    async fn results_tell_verdict_and_reason() {
        let (state, out) = read(&config(r#"{"source": ["shop.orders"]}"#, true, Value::Null)).await;
        let state = state.expect("a state");
        assert!(out.is_empty());
        assert_eq!(state.get("passed").as_bool(), Some(true));
        assert_eq!(state.get("length").as_i64(), Some(27));
        let result = state.get("results").get("order");
        assert_eq!(result.get("matched").as_bool(), Some(true));
        assert!(
            result
                .get("explanation")
                .as_str()
                .is_some_and(|text| text.starts_with("the pattern matches this event\n  source"))
        );
    }

    #[tokio::test]
    async fn a_wrong_verdict_is_an_error_or_a_warning() {
        let (state, out) = read(&config(r#"{"source": ["shop.order"]}"#, true, Value::Null)).await;
        assert!(state.is_none() && out.has_errors());
        let (state, out) = read(&config(
            r#"{"source": ["shop.order"]}"#,
            true,
            WARNING.into(),
        ))
        .await;
        assert!(!out.has_errors() && !out.is_empty());
        assert_eq!(state.expect("a state").get("passed").as_bool(), Some(false));
    }
}
