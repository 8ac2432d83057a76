//! Values from JSON text at once: every plan reads each state so, and a tree of
//! JSON between the two would be most of that work.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::number::Number;
use super::value::{Entries, Key, Value};

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        text.deserialize_any(Parts)
    }
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E: Error>(self, int: i64) -> Result<Value, E> {
        Ok(Value::Number(Number::Int(int)))
    }

    fn visit_u64<E: Error>(self, int: u64) -> Result<Value, E> {
        Ok(Value::Number(Number::from_json(&int.into())))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Value, E> {
        let number = serde_json::Number::from_f64(float);
        Ok(number.map_or(Value::Null, |n| Value::Number(Number::from_json(&n))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry::<Key, Value>()? {
            map.push(entry);
        }
        Ok(Value::Map(Entries::from_iter(map)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_its_tree_is() {
        for text in [
            r#"{"a": null, "b": [true, {"c": "\u00e9\n"}], "a-name-of-more-than-three-and-twenty-bytes": ""}"#,
            r#"[0, -1, 9223372036854775807, 18446744073709551615, 1.5, 1.0, 1e300, -0.0]"#,
            r#"{"twice": 1, "twice": 2}"#,
            r#""text""#,
        ] {
            let tree: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(
                serde_json::from_str::<Value>(text).unwrap(),
                Value::from_json(tree)
            );
        }
        for text in ["", "{", "[1,]", "{\"a\":1} 2", "nul"] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text:?}");
        }
    }
}
