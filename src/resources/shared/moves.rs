//! Objects that move in from hashicorp/aws, major versions 4 to 6.

use crate::aws::Arn;
use crate::provider::{Attribute, Block, MoveFrom, Value};

/// The moved object's state, or `None` when its type is another one.
///
/// The old provider stores zero values (`""`, `0`, `false`, empty) for arguments
/// that were never set: those become null, or the default where there is one. A
/// Read follows each move, and brings back a zero that was really set.
pub fn from_aws(from: &MoveFrom, type_name: &str, block: &Block) -> Option<Value> {
    if from.provider != "hashicorp/aws" || from.type_name != type_name {
        return None;
    }
    let mut state = Value::from_json(serde_json::Value::Object(from.state.clone()));
    zeros_to_null(block, &mut state);
    if block.find("region").is_some() && state.get("region").is_null() {
        let region = state
            .get("arn")
            .as_str()
            .and_then(Arn::parse)
            .map(|arn| arn.region);
        state.set("region", region.filter(|r| !r.is_empty()));
    }
    Some(state)
}

fn zeros_to_null(block: &Block, state: &mut Value) {
    for attribute in block.attributes.iter().filter(|a| !a.required) {
        if is_zero(attribute, state.get(attribute.name)) {
            state.set(attribute.name, Value::Null);
        }
    }
    for nested in &block.blocks {
        if let Value::List(items) = state.get(nested.name) {
            let mut items = items.clone();
            items
                .iter_mut()
                .for_each(|item| zeros_to_null(&nested.block, item));
            state.set(nested.name, Value::List(items));
        }
    }
}

fn is_zero(attribute: &Attribute, value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Bool(b) => !b && attribute.default.is_none(),
        Value::Number(n) => n.as_i64() == Some(0),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty() && attribute.name != "tags_all",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{NestedBlock, Schema, types::Type};

    fn moved(json: serde_json::Value) -> Option<Value> {
        let schema = Schema::new("")
            .attribute(Attribute::string("name").required())
            .attribute(Attribute::string("description").optional())
            .attribute(Attribute::new("tags", Type::map(Type::String)).optional())
            .attribute(Attribute::string("region").optional().computed())
            .block(
                NestedBlock::list("retry_policy").attribute(Attribute::number("age").optional()),
            );
        let from = MoveFrom {
            provider: "hashicorp/aws".into(),
            type_name: "aws_cloudwatch_event_rule".into(),
            schema_version: 1,
            state: json.as_object().cloned().unwrap_or_default(),
        };
        from_aws(&from, "aws_cloudwatch_event_rule", &schema.block)
    }

    #[test]
    fn zeros_that_were_never_set_become_null() {
        let state = moved(serde_json::json!({
            "name": "a", "description": "", "tags": {}, "retry_policy": [{"age": 0}],
            "arn": "arn:aws:events:eu-west-1:123456789012:rule/a",
        }))
        .unwrap();
        assert!(state.get("description").is_null() && state.get("tags").is_null());
        assert!(state.get("retry_policy").at(0).get("age").is_null());
        assert_eq!(state.get("region").as_str(), Some("eu-west-1"));
    }
}
