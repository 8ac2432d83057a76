//! `event(source, detail_type, detail)`: a full sample event.

use super::json_argument;
use crate::json::{Document, Kind, compact};
use crate::pattern::Event as PatternEvent;
use crate::provider::types::Type;
use crate::provider::{Function, FunctionError, Parameter, Signature, Value};

/// The function.
pub struct Event;

impl Function for Event {
    fn name(&self) -> &'static str {
        "event"
    }

    fn signature(&self) -> Signature {
        let text = |name, description| Parameter {
            name,
            ty: Type::String,
            description,
        };
        Signature {
            summary: "A full sample event, as JSON text",
            description: "An event as EventBridge delivers it, for `tests`, `matches` and `explain`. The fields that \
                          EventBridge adds are always the same: account 123456789012, region us-east-1, time \
                          1970-01-01T00:00:00Z.",
            parameters: vec![
                text("source", "Source, such as `shop.orders`."),
                text("detail_type", "Detail type, such as `Order Placed`."),
                json_argument::parameter("detail", "Detail: JSON text of an object, or an object."),
            ],
            result: Type::String,
        }
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let [source, detail_type, detail] = arguments else {
            return Err(FunctionError {
                argument: None,
                text: "event takes source, detail type and detail".into(),
            });
        };
        if !detail.is_wholly_known() {
            return Ok(Value::unknown());
        }
        let detail = json_argument::text(detail);
        let document = Document::parse(detail.as_str())
            .map_err(|error| FunctionError::at(2, error.to_string()))?;
        let Some(root) = document.root().filter(|root| root.kind() == Kind::Object) else {
            let found = document.root().map_or("nothing", |root| root.kind().name());
            return Err(FunctionError::at(
                2,
                format!("a detail is a JSON object; this is {found}"),
            ));
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(PatternEvent::sample(&text(source), &text(detail_type), &compact(root)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_whole_event() {
        let detail = Value::map([("total", Value::from(250))]);
        let call = |detail: Value| Event.call(&["shop".into(), "Placed".into(), detail]);
        let event = call(detail).expect("an event");
        assert_eq!(call(r#"{ "total": 250 }"#.into()), Ok(event.clone()));
        let text = event.as_str().unwrap_or_default();
        let parsed: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(parsed["detail"]["total"], 250);
        assert_eq!(parsed["detail-type"], "Placed");
        for wrong in ["[]", "{", "\"x\""] {
            assert_eq!(call(wrong.into()).unwrap_err().argument, Some(2), "{wrong}");
        }
    }
}
