//! What every resource has, once: region, tags, import ids, the rule that a
//! create never overwrites, and how AWS's errors are told.

pub mod adopt;
pub mod bus_name;
pub mod errors;
pub mod import;
pub mod managed;
pub mod moves;
pub mod region;
pub mod tags;

pub use errors::{Failure, failed};
pub use managed::{Managed, Object};

use crate::provider::Value;

/// An optional text as it is stored: absent at AWS, it keeps the form of before
/// (`""` and null both mean "not set").
pub fn unset_as(before: &Value, actual: Option<String>) -> Value {
    match actual.filter(|text| !text.is_empty()) {
        Some(text) => text.into(),
        None if before.as_str() == Some("") => before.clone(),
        None => Value::Null,
    }
}
