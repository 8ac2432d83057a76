//! Values as Terraform has them: null, unknown, or known.
//!
//! Untyped on purpose: a list, a set and a tuple are all [`Value::List`], a map
//! and an object both [`Value::Map`]; the schema beside a value says which.

use std::collections::BTreeMap;

use litemap::LiteMap;
use serde::{Serialize, de::DeserializeOwned};
use smol_str::SmolStr;

use super::number::Number;

/// The name of an attribute or the key of a map. Nearly all are short, and short ones need
/// no allocation: a call holds three values of some thirty names each.
pub type Key = SmolStr;

/// The attributes of an object, or the entries of a map, sorted by their names: they come so, and are
/// made once and read often.
pub type Entries = LiteMap<Key, Value>;

/// A value of a configuration, a plan or a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Not set.
    #[default]
    Null,
    /// Not known until apply.
    Unknown(Unknown),
    Bool(bool),
    Number(Number),
    String(String),
    /// A list, a set (any order) or a tuple.
    List(Vec<Value>),
    /// A map or an object.
    Map(Entries),
}

/// An unknown value, with what Terraform promised about it.
///
/// The promise (a refinement) is kept as the bytes that came, because an
/// unknown block must go back exactly so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown(Option<Box<[u8]>>);

impl Unknown {
    /// An unknown with the refinement's MessagePack bytes.
    pub fn refined(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Some(bytes.into()))
    }

    /// The refinement's MessagePack bytes, if it came with any.
    pub fn refinement(&self) -> Option<&[u8]> {
        self.0.as_deref()
    }
}

static NULL: Value = Value::Null;

impl Value {
    /// An unknown of which nothing is promised.
    pub fn unknown() -> Self {
        Value::Unknown(Unknown::default())
    }

    /// An object or map of these entries.
    pub fn map<K: Into<Key>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::Map(entries.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this very value is unknown (its elements may be all the same).
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown(_))
    }

    /// Whether neither it nor anything inside it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Value::Unknown(_) => false,
            Value::List(items) => items.iter().all(Value::is_wholly_known),
            Value::Map(entries) => entries.values().all(Value::is_wholly_known),
            _ => true,
        }
    }

    /// The value at an attribute or key; null where there is none.
    /// Inside an unknown everything is unknown.
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Value::Map(entries) => entries.get(name).unwrap_or(&NULL),
            Value::Unknown(_) => self,
            _ => &NULL,
        }
    }

    /// The element of a list; null where there is none.
    pub fn at(&self, index: usize) -> &Value {
        match self {
            Value::List(items) => items.get(index).unwrap_or(&NULL),
            Value::Unknown(_) => self,
            _ => &NULL,
        }
    }

    /// Sets an attribute; does nothing on anything but an object.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        if let Value::Map(entries) = self {
            entries.insert(name.into(), value.into());
        }
    }

    /// A known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// A known string that is not empty: `""` means "not set" in an optional argument.
    pub fn as_set_str(&self) -> Option<&str> {
        self.as_str().filter(|s| !s.is_empty())
    }

    /// A known boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A known whole number in range.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(n) => n.as_i64(),
            _ => None,
        }
    }

    /// The elements of a known list or set; none otherwise.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a known map or object.
    pub fn entries(&self) -> Option<&Entries> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entries of a known map that are written: a null one counts as left out.
    pub fn set_entries(&self) -> impl Iterator<Item = (&Key, &Value)> {
        let entries = self.entries().into_iter().flatten();
        entries.filter(|(_, value)| !value.is_null())
    }

    /// The known part as JSON; unknown becomes null.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null | Value::Unknown(_) => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => n.to_json(),
            Value::String(s) => s.as_str().into(),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Map(entries) => serde_json::Value::Object(
                entries
                    .iter()
                    .map(|(k, v)| (k.to_string(), v.to_json()))
                    .collect(),
            ),
        }
    }

    /// A value from JSON of no particular type.
    pub fn from_json(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => Value::Number(Number::from_json(&n)),
            serde_json::Value::String(s) => Value::String(s),
            serde_json::Value::Array(items) => {
                Value::List(items.into_iter().map(Value::from_json).collect())
            }
            serde_json::Value::Object(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(k, v)| (k.into(), Value::from_json(v)))
                    .collect(),
            ),
        }
    }

    /// A typed view of an object, for code that works on known values only:
    /// null and unknown become `None`.
    ///
    /// # Errors
    /// A sentence naming the field that does not fit `T`. Against a schema-checked
    /// value that is a bug of ours, never of the user's.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_value(self.to_json()).map_err(|error| error.to_string())
    }

    /// The other way round: a typed state as a value.
    pub fn encode<T: Serialize>(state: &T) -> Self {
        serde_json::to_value(state)
            .map(Value::from_json)
            .unwrap_or_default()
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Value::Number(Number::from(n))
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::String(s.to_owned())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Value::String(s)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Value::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<BTreeMap<String, T>> for Value {
    fn from(entries: BTreeMap<String, T>) -> Self {
        Value::Map(
            entries
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_an_unknown_everything_is_unknown() {
        assert!(Value::unknown().get("a").at(3).is_unknown());
        assert!(Value::Null.get("a").is_null());
    }

    #[test]
    fn typed_states_come_and_go() {
        #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
        struct State {
            name: String,
            age: Option<i64>,
            tags: Option<BTreeMap<String, String>>,
        }
        let state = State {
            name: "a".into(),
            age: Some(60),
            tags: None,
        };
        let value = Value::encode(&state);
        assert_eq!(value.get("age").as_i64(), Some(60));
        assert_eq!(value.decode::<State>(), Ok(state));
    }
}
