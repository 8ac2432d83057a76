//! An argument that is JSON text, or any value of the language, which is then
//! written as `jsonencode` writes it, numbers exactly.

use crate::json::quote;
use crate::pattern::{Event, Pattern};
use crate::provider::types::Type;
use crate::provider::{FunctionError, Parameter, Value};

/// The parameter.
pub fn parameter(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        ty: Type::Dynamic,
        description,
    }
}

/// The pattern that argument `index` holds.
///
/// # Errors
/// AWS's sentence, at that argument.
pub fn pattern(index: usize, argument: &Value) -> Result<Pattern, FunctionError> {
    Pattern::parse(&text(argument)).map_err(|error| FunctionError::at(index, error.to_string()))
}

/// The event that argument `index` holds, taken as it is.
///
/// # Errors
/// What is wrong with it, at that argument.
pub fn event(index: usize, argument: &Value) -> Result<Event<'static>, FunctionError> {
    Event::parse(text(argument)).map_err(|error| FunctionError::at(index, error.to_string()))
}

/// The argument as JSON text: text is JSON already.
pub fn text(argument: &Value) -> String {
    match argument {
        Value::String(text) => text.clone(),
        value => {
            let mut out = String::new();
            write(value, &mut out);
            out
        }
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&quote(text)),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separate(i, out);
                write(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (i, (key, item)) in entries.iter().enumerate() {
                separate(i, out);
                out.push_str(&quote(key));
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::number::Number;

    #[test]
    fn a_value_is_written_as_json_with_exact_numbers() {
        let number = Number::parse("12345678901234567890.10").expect("a number");
        let value = Value::map([
            ("n", Value::List(vec![Value::Number(number), Value::Null])),
            ("s", "<\"a\">".into()),
            ("b", true.into()),
        ]);
        assert_eq!(
            text(&value),
            r#"{"b":true,"n":[12345678901234567890.1,null],"s":"<\"a\">"}"#
        );
        assert_eq!(text(&"{ \"a\": 1 }".into()), "{ \"a\": 1 }");
    }
}
