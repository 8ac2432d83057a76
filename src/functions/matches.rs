//! `matches(pattern, event)`: whether an event pattern matches an event.

use super::json_argument;
use crate::provider::types::Type;
use crate::provider::{Function, FunctionError, Signature, Value};

/// The function.
pub struct Matches;

impl Function for Matches {
    fn name(&self) -> &'static str {
        "matches"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: "Whether an event pattern matches an event",
            description: "Answers as EventBridge would, offline. An invalid pattern is an error with AWS's sentence. \
                          The event is taken as it is: nothing is filled in.",
            parameters: vec![
                json_argument::parameter("pattern", "Event pattern: JSON text, or an object."),
                json_argument::parameter("event", "Event: JSON text, or an object."),
            ],
            result: Type::Bool,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [pattern, event] = arguments else {
            return Err(FunctionError {
                argument: None,
                text: "matches takes a pattern and an event".into(),
            });
        };
        if !pattern.is_wholly_known() || !event.is_wholly_known() {
            return Ok(Value::unknown());
        }
        let pattern = json_argument::pattern(0, pattern)?;
        let event = json_argument::event(1, event)?;
        match pattern.matches(&event) {
            Ok(matches) => Ok(matches.into()),
            Err(error) => Err(FunctionError::at(1, error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_are_the_same() {
        let pattern = Value::map([("source", Value::from(vec!["shop"]))]);
        let event = Value::map([("source", Value::from("shop"))]);
        for pattern in [pattern, r#"{"source":["shop"]}"#.into()] {
            for event in [event.clone(), r#"{"source":"shop"}"#.into()] {
                assert_eq!(Matches.call(&[pattern.clone(), event]), Ok(true.into()));
            }
            let other = r#"{"source":"shops"}"#.into();
            assert_eq!(Matches.call(&[pattern, other]), Ok(false.into()));
        }
    }

    #[test]
    fn what_is_wrong_is_said_of_its_argument() {
        let error = Matches.call(&["{}".into(), "{}".into()]).unwrap_err();
        assert_eq!(error.argument, Some(0));
        assert!(
            error
                .text
                .starts_with("Event pattern is not valid. Reason: ")
        );
        let good = r#"{"source":["shop"]}"#;
        assert_eq!(
            Matches
                .call(&[good.into(), "[]".into()])
                .unwrap_err()
                .argument,
            Some(1)
        );
        let partly = Value::map([("source", Value::unknown())]);
        assert_eq!(Matches.call(&[good.into(), partly]), Ok(Value::unknown()));
    }
}
