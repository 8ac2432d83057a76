//! A pipeline as its configuration describes it, wholly known: what apply works with.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::log_item;
use crate::aws::{Arn, BusRef};
use crate::provider::Value;

/// A pipeline's arguments, from a state or a plan.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Spec {
    pub name: String,
    pub event_bus_name: String,
    pub event_pattern: String,
    #[serde(default)]
    pub enabled: bool,
    pub idempotency_key: String,
    pub log_item: BTreeMap<String, String>,
    pub log_table: Table,
    pub log_function: Function,
    #[serde(default)]
    pub dead_letter_queue_arn: Option<String>,
    #[serde(default)]
    pub retry_policy: Option<RetryPolicy>,
    #[serde(default)]
    pub force_destroy: bool,
    #[serde(default)]
    pub retain_table: bool,
    #[serde(default)]
    pub smoke_test: Option<SmokeTest>,
    /// Whether the bus is the pipeline's own.
    #[serde(default)]
    pub owns_event_bus: Option<bool>,
    #[serde(default, deserialize_with = "none_is_empty")]
    pub tags_all: BTreeMap<String, String>,
}

/// `log_table`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Table {
    /// A table of the user's.
    #[serde(default)]
    pub arn: Option<String>,
    #[serde(default)]
    pub billing_mode: Option<String>,
    #[serde(default)]
    pub read_capacity: Option<i64>,
    #[serde(default)]
    pub write_capacity: Option<i64>,
    #[serde(default)]
    pub table_class: Option<String>,
    #[serde(default)]
    pub point_in_time_recovery: Option<bool>,
    #[serde(default)]
    pub deletion_protection: Option<bool>,
    #[serde(default)]
    pub ttl_days: Option<i64>,
    #[serde(default)]
    pub kms_key_arn: Option<String>,
    #[serde(default)]
    pub stream_view_type: Option<String>,
}

/// `log_function`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Function {
    /// A function, version or alias of the user's.
    #[serde(default)]
    pub arn: Option<String>,
    #[serde(default)]
    pub memory_size: Option<i64>,
    #[serde(default)]
    pub timeout: Option<i64>,
    #[serde(default)]
    pub architecture: Option<String>,
    #[serde(default)]
    pub reserved_concurrent_executions: Option<i64>,
    #[serde(default)]
    pub maximum_event_age_in_seconds: Option<i64>,
    #[serde(default)]
    pub maximum_retry_attempts: Option<i64>,
    #[serde(default)]
    pub role_arn: Option<String>,
    #[serde(default)]
    pub permissions_boundary: Option<String>,
    #[serde(default)]
    pub role_path: Option<String>,
    #[serde(default)]
    pub tracing: Option<String>,
    #[serde(default)]
    pub log_retention_days: Option<i64>,
    #[serde(default)]
    pub log_events: Option<bool>,
    #[serde(default)]
    pub environment: Option<BTreeMap<String, String>>,
}

/// `retry_policy`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct RetryPolicy {
    #[serde(default)]
    pub maximum_event_age_in_seconds: Option<i64>,
    #[serde(default)]
    pub maximum_retry_attempts: Option<i64>,
}

/// `smoke_test`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct SmokeTest {
    pub event: String,
    pub timeout: String,
}

fn none_is_empty<'de, D: serde::Deserializer<'de>>(
    d: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

impl Spec {
    /// The arguments of a wholly known state or plan.
    ///
    /// # Errors
    /// The field that does not fit: a bug of ours, since the schema was checked.
    pub fn from_value(value: &Value) -> Result<Self, String> {
        let mut spec: Self = value.decode()?;
        if spec.event_bus_name.is_empty() {
            spec.event_bus_name.clone_from(&spec.name);
        }
        Ok(spec)
    }

    /// Whether the pipeline makes its own bus: it has the pipeline's name, and
    /// nobody said that it is someone else's.
    pub fn owns_bus(&self) -> bool {
        self.owns_event_bus
            .unwrap_or(self.event_bus_name == self.name)
    }

    /// The bus's own name, whichever form was written.
    pub fn bus_name(&self) -> String {
        BusRef::new(&self.event_bus_name).name().to_owned()
    }

    /// Whether the pipeline makes the table.
    pub fn manages_table(&self) -> bool {
        unset(&self.log_table.arn)
    }

    /// Whether the pipeline makes the function (and role and log group).
    pub fn manages_function(&self) -> bool {
        unset(&self.log_function.arn)
    }

    /// Whether the pipeline makes the function's role.
    pub fn manages_role(&self) -> bool {
        self.manages_function() && unset(&self.log_function.role_arn)
    }

    /// Whether the pipeline makes the dead-letter queue.
    pub fn manages_queue(&self) -> bool {
        unset(&self.dead_letter_queue_arn)
    }

    /// Whether the pipeline makes all of its parts.
    pub fn manages_all(&self) -> bool {
        self.owns_bus() && self.manages_table() && self.manages_role() && self.manages_queue()
    }

    /// The table's name, managed or not.
    pub fn table_name(&self) -> String {
        match self.log_table.arn.as_deref().and_then(Arn::parse) {
            Some(arn) => arn
                .resource
                .strip_prefix("table/")
                .unwrap_or(&arn.resource)
                .to_owned(),
            None => self.name.clone(),
        }
    }

    /// The rows to write, `SK` included.
    pub fn row_item(&self) -> BTreeMap<String, String> {
        log_item::effective(Some(&self.log_item))
    }
}

/// `""` means not set, as everywhere.
fn unset(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(str::is_empty)
}
