//! `explain(pattern, event)`: why an event pattern matches an event or not.

use super::json_argument;
use crate::provider::types::Type;
use crate::provider::{Function, FunctionError, Signature, Value};

/// The function.
pub struct Explain;

impl Function for Explain {
    fn name(&self) -> &'static str {
        "explain"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: "Why an event pattern matches an event or not",
            description: "The verdict in a line, then field by field what is wanted, what is found, and why that \
                          matches or not. Of an invalid pattern it says what is wrong.",
            parameters: vec![
                json_argument::parameter("pattern", "Event pattern: JSON text, or an object."),
                json_argument::parameter("event", "Event: JSON text, or an object."),
            ],
            result: Type::String,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [pattern, event] = arguments else {
            return Err(FunctionError {
                argument: None,
                text: "explain takes a pattern and an event".into(),
            });
        };
        if !pattern.is_wholly_known() || !event.is_wholly_known() {
            return Ok(Value::unknown());
        }
        let pattern = match json_argument::pattern(0, pattern) {
            Ok(pattern) => pattern,
            Err(error) => return Ok(error.text.into()),
        };
        let explanation = pattern.explain(&json_argument::event(1, event)?);
        Ok(explanation.text().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_comes_first_and_the_fields_below() {
        let explain = |pattern: &str, event: &str| {
            let text = Explain
                .call(&[pattern.into(), event.into()])
                .expect("an explanation");
            text.as_str().map(str::to_owned).expect("text")
        };
        let text = explain(r#"{"source":["shop"]}"#, r#"{"source":"shops"}"#);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("the pattern does not match this event"));
        assert!(
            lines
                .next()
                .is_some_and(|line| line.contains("source") && line.contains("shops"))
        );
        assert!(explain("{}", "{}").starts_with("Event pattern is not valid. Reason: "));
    }
}
