//! The arguments of a pipeline as its parts have them, in the form of the state.

use std::collections::BTreeMap;

use super::parts::{role, rule, target};
use super::survey::Actual;
use super::work::Work;
use super::{log_item, package};
use crate::provider::Value;
use crate::resources::shared::bus_name;

impl Actual {
    /// Those that the rule and its target hold.
    pub fn rule_arguments(&self, work: &Work<'_>, like: &Value, state: &mut Value) {
        if let Some(seen) = &self.rule {
            let pattern = seen.rule.event_pattern.as_deref().unwrap_or_default();
            let before = like.get("event_pattern").as_str().unwrap_or_default();
            if !crate::json::equal(before, pattern) {
                state.set("event_pattern", pattern);
            }
            state.set("enabled", seen.rule.state != rule::state(false));
            let written = like.get("event_bus_name");
            if !(written.as_str() == Some("") && work.spec.owns_bus()) {
                let bus = bus_name::spelling(written, &work.names.bus, &seen.rule.arn);
                state.set("event_bus_name", bus);
            }
        }
        if let Some(target) = target::own(work, &self.targets) {
            let policy = target.retry_policy.clone().unwrap_or_default();
            let fields = [
                (
                    "maximum_event_age_in_seconds",
                    policy.maximum_event_age_in_seconds.map(i64::from),
                ),
                (
                    "maximum_retry_attempts",
                    policy.maximum_retry_attempts.map(i64::from),
                ),
            ];
            let is_set = fields.iter().any(|(_, value)| value.is_some());
            if is_set || !like.get("retry_policy").is_null() {
                state.set(
                    "retry_policy",
                    Value::map(fields.map(|(name, value)| (name, value.into()))),
                );
            }
        }
    }

    /// `log_table`.
    pub fn table_arguments(&self, work: &Work<'_>, like: &Value, state: &mut Value) {
        let Some(seen) = &self.table else { return };
        let table = &seen.table;
        let mut argument = like.get("log_table").clone();
        let provisioned = table.billing_mode == "PROVISIONED";
        let is_expiring = seen.ttl.as_ref().is_some_and(|ttl| ttl.is_on());
        let days = self
            .environment("LOG_TTL_DAYS")
            .and_then(|days| days.parse::<i64>().ok());
        argument.set("billing_mode", table.billing_mode.as_str());
        argument.set("read_capacity", provisioned.then_some(table.read_capacity));
        argument.set(
            "write_capacity",
            provisioned.then_some(table.write_capacity),
        );
        argument.set("table_class", table.table_class.as_str());
        argument.set("deletion_protection", table.deletion_protection);
        argument.set("point_in_time_recovery", seen.point_in_time_recovery);
        argument.set(
            "kms_key_arn",
            keep_unset(&argument, "kms_key_arn", table.kms_key_arn.clone()),
        );
        argument.set(
            "stream_view_type",
            keep_unset(
                &argument,
                "stream_view_type",
                table.stream_view_type.clone(),
            ),
        );
        let writer = self.function.as_ref();
        match (is_expiring, writer.filter(|_| work.spec.manages_function())) {
            (false, _) => argument.set("ttl_days", Value::Null),
            (true, Some(_)) => argument.set("ttl_days", days),
            // The function that knows the days is missing (its own drift says so), or the user's.
            (true, None) => {}
        }
        state.set("log_table", argument);
    }

    /// `log_function`, and what the writer's environment holds.
    pub fn function_arguments(&self, work: &Work<'_>, like: &Value, state: &mut Value) {
        let Some(seen) = &self.function else { return };
        let (function, settings) = (&seen.function, &seen.function.settings);
        let mut argument = like.get("log_function").clone();
        argument.set("memory_size", i64::from(settings.memory_size));
        argument.set("timeout", i64::from(settings.timeout));
        argument.set("architecture", function.architecture.as_str());
        argument.set("tracing", settings.tracing.as_str());
        argument.set(
            "reserved_concurrent_executions",
            function.reserved_concurrent_executions.map(i64::from),
        );
        if let Some(asynchronous) = &seen.asynchronous {
            let age = asynchronous.maximum_event_age_in_seconds.unwrap_or(21_600);
            let attempts = asynchronous.maximum_retry_attempts.unwrap_or(2);
            argument.set("maximum_event_age_in_seconds", i64::from(age));
            argument.set("maximum_retry_attempts", i64::from(attempts));
        }
        if let Some(group) = &self.log_group {
            argument.set(
                "log_retention_days",
                i64::from(group.group.retention_in_days.unwrap_or(0)),
            );
        }
        let of_function = self.roles.iter().find(|r| r.role.arn == settings.role_arn);
        // A role of the pipeline's own that nobody gave is what an interrupted change moved it to.
        let is_given = argument.get("role_arn").as_str() == Some(&settings.role_arn);
        let is_own = of_function.is_some_and(|r| work.names.owns(&r.role.tags)) && !is_given;
        if !work.spec.manages_role() {
            let users = Some(settings.role_arn.as_str()).filter(|_| !is_own);
            argument.set("role_arn", users);
        }
        if (work.spec.manages_role() || is_own)
            && let Some(role) = of_function.or_else(|| role::current(work, &self.roles))
        {
            let boundary = keep_unset(
                &argument,
                "permissions_boundary",
                role.role.permissions_boundary.clone(),
            );
            argument.set("permissions_boundary", boundary);
            argument.set("role_path", role.role.path.as_str());
        }
        argument.set("log_events", self.environment("LOG_EVENTS") == Some("true"));
        let own: BTreeMap<String, String> = settings
            .environment
            .iter()
            .filter(|(name, _)| !name.starts_with(package::PREFIX))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !(own.is_empty() && argument.get("environment").is_null()) {
            argument.set("environment", Value::from(own));
        }
        state.set("log_function", argument);
        if let Some(key) = self.environment("LOG_IDEMPOTENCY_KEY") {
            state.set("idempotency_key", key);
        }
        let item = self
            .environment("LOG_ITEM")
            .and_then(|text| serde_json::from_str(text).ok());
        let item: Option<BTreeMap<String, String>> = item;
        let before = crate::provider::conventions::text_map(like.get("log_item"));
        if let Some(item) = item.filter(|item| *item != log_item::effective(Some(&before))) {
            state.set("log_item", Value::from(item));
        }
    }

    fn environment(&self, name: &str) -> Option<&str> {
        let function = self.function.as_ref()?;
        function
            .function
            .settings
            .environment
            .get(name)
            .map(String::as_str)
    }
}

fn keep_unset(argument: &Value, name: &str, actual: Option<String>) -> Value {
    crate::resources::shared::unset_as(argument.get(name), actual)
}
