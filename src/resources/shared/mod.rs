//! What every resource has, once: region, tags, import ids, generated names, the
//! rule that a create never overwrites, and how AWS's errors are told.

pub mod adopt;
pub mod bus_name;
pub mod bus_policy;
pub mod census;
pub mod errors;
pub mod event_pattern;
pub mod form;
pub mod generated;
pub mod https;
pub mod import;
pub mod kms;
pub mod managed;
pub mod moves;
pub mod pattern_tests;
pub mod policy;
pub mod preflight;
pub mod region;
pub mod retry;
pub mod rule_ref;
pub mod seen;
pub mod settle;
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
