//! What is checked before AWS is asked, and what a plan says beyond the schema.

use super::names::{BUS_TAG, PIPELINE_TAG};
use super::parts::function::OTHER_ROLE;
use super::schema::DEFAULT_PATTERN;
use super::work::{MISSING, Part};
use super::{documents, log_item, package, smoke_test, users_parts};
use crate::pattern::Event;
use crate::provider::{Diagnostics, Key, Path, Plan, Value, conventions};
use crate::resources::shared::{bus_name, event_pattern, pattern_tests};

/// Arguments whose change makes no call.
pub const NO_CALL: [&str; 5] = [
    "tests",
    "force_destroy",
    "retain_table",
    "adopt",
    "timeouts",
];

/// Checks across arguments; unknown values pass.
pub fn validate(config: &Value, out: &mut Diagnostics) {
    table(config.get("log_table"), out);
    function(config, out);
    users_parts::validate(config, out);
    pattern(config, out);
}

/// Judges pattern, tests and smoke test of a configuration or a plan.
fn pattern(config: &Value, out: &mut Diagnostics) {
    let mut judged = config.clone();
    if config.get("event_pattern").is_null() {
        judged.set("event_pattern", DEFAULT_PATTERN);
    }
    let owner = format!(
        "Pipeline {}",
        config.get("name").as_str().unwrap_or("(unknown)")
    );
    let Some(pattern) = event_pattern::check(&judged, &owner, out) else {
        return;
    };
    pattern_tests::check(&pattern, config.get("tests"), out);
    let Some(text) = config.get("smoke_test").get("event").as_set_str() else {
        return;
    };
    let at = || Path::of("smoke_test").attribute("event");
    let event: serde_json::Value = match serde_json::from_str(text) {
        Ok(event) => event,
        Err(_) => return,
    };
    let word = |name: &str| event.get(name).and_then(serde_json::Value::as_str);
    let (Some(source), Some(_)) = (word("source"), word("detail-type")) else {
        out.error_at(
            at(),
            "Incomplete smoke test event",
            "smoke_test.event: it needs `source`, `detail-type` and `detail`, as PutEvents does.",
        );
        return;
    };
    if !event
        .get("detail")
        .is_some_and(serde_json::Value::is_object)
    {
        out.error_at(
            at(),
            "Incomplete smoke test event",
            "smoke_test.event: `detail` must be a JSON object.",
        );
        return;
    }
    if source.starts_with("aws.") {
        out.error_at(
            at(),
            "Smoke test event with a source of AWS's",
            format!("smoke_test.event: only AWS services publish as {source:?}; choose a source of your own."),
        );
        return;
    }
    let key = config.get("idempotency_key").as_str().unwrap_or_default();
    if ["$.time", "$.time:S"].contains(&key) {
        out.error_at(
            at(),
            "The smoke test cannot know its row's key",
            format!(
                "idempotency_key is {key:?}, and the bus chooses an event's time. Choose \"$.id\" or a path into the detail, or remove `smoke_test`."
            ),
        );
        return;
    }
    smoke_row(config, text, out);
    if let Ok(event) = Event::with_defaults(text)
        && pattern.matches(&event).ok() == Some(false)
    {
        out.error_at(
            at(),
            "The smoke test event does not match the pattern",
            format!(
                "It would never reach the function:\n{}",
                pattern.explain(&event)
            ),
        );
    }
}

/// Judges whether the smoke test's event can have a row, once the settings of rows are known and right.
fn smoke_row(config: &Value, event: &str, out: &mut Diagnostics) {
    let (item, key) = (config.get("log_item"), config.get("idempotency_key"));
    if !item.is_wholly_known() || !key.is_wholly_known() {
        return;
    }
    let given = (!item.is_null()).then(|| conventions::text_map(item));
    let item = log_item::effective(given.as_ref());
    let key = key.as_str().unwrap_or("$.id");
    if !log_item::check(&item).is_empty() || log_item::check_key(key).is_err() {
        return;
    }
    let envelope = ["any", "123456789012", "any-region-1"];
    if let Err(problem) = smoke_test::row_of(event, envelope, &item, key) {
        out.error_at(
            Path::of("smoke_test").attribute("event"),
            "The smoke test's event has no row",
            format!("{problem}. Write into the event what `log_item` takes from it, or make its path optional (`?`)."),
        );
    }
}

fn table(table: &Value, out: &mut Diagnostics) {
    if table.is_null() || table.is_unknown() {
        return;
    }
    if table.get("arn").as_set_str().is_some() {
        only_arn(
            "log_table",
            table,
            "The settings of a table of yours are yours",
            out,
        );
        return;
    }
    let capacities = ["read_capacity", "write_capacity"];
    match table.get("billing_mode").as_set_str() {
        Some("PROVISIONED") => {
            for name in capacities.iter().filter(|name| table.get(name).is_null()) {
                out.error_at(
                    Path::of("log_table").attribute(*name),
                    format!("Missing {name}"),
                    format!("log_table: billing_mode = \"PROVISIONED\" needs `{name}`."),
                );
            }
        }
        Some("PAY_PER_REQUEST") | None if !table.get("billing_mode").is_unknown() => {
            for name in capacities.iter().filter(|name| !table.get(name).is_null()) {
                out.error_at(
                    Path::of("log_table").attribute(*name),
                    format!("{name} without provisioned capacity"),
                    format!("log_table.{name}: set billing_mode = \"PROVISIONED\", or remove it."),
                );
            }
        }
        _ => {}
    }
}

fn function(config: &Value, out: &mut Diagnostics) {
    let function = config.get("log_function");
    if function.is_null() || function.is_unknown() {
        return;
    }
    if function.get("arn").as_set_str().is_some() {
        only_arn(
            "log_function",
            function,
            "The settings of a function of yours are yours",
            out,
        );
        for name in ["log_item", "idempotency_key", "smoke_test"] {
            if !config.get(name).is_null() {
                out.error_at(
                    Path::of(name),
                    format!("{name} beside a function of yours"),
                    format!(
                        "`{name}` is the managed writer's; remove it, or remove `log_function.arn`."
                    ),
                );
            }
        }
        return;
    }
    if function.get("role_arn").as_set_str().is_some() {
        for name in ["permissions_boundary", "role_path"] {
            if !function.get(name).is_null() {
                out.error_at(
                    Path::of("log_function").attribute(name),
                    format!("{name} beside a role of yours"),
                    format!("log_function.{name} is for the role that the pipeline makes; remove it, or `role_arn`."),
                );
            }
        }
    }
}

fn only_arn(argument: &str, value: &Value, why: &str, out: &mut Diagnostics) {
    for (name, field) in value.entries().into_iter().flatten() {
        if name != "arn" && !field.is_null() {
            out.error_at(
                Path::of(argument).attribute(name.clone()),
                format!("{name} beside {argument}.arn"),
                format!("{why}: remove `{argument}.{name}`, or remove `{argument}.arn`."),
            );
        }
    }
}

/// Plans defaults that depend on others, and the results.
pub fn adjust(plan: &mut Plan<'_>, out: &mut Diagnostics) {
    let bus = plan.config.get("event_bus_name");
    let is_empty = bus.as_str() == Some("");
    let given = !(bus.is_null() || is_empty);
    if is_empty {
        // As written, or as it was while the bus is the pipeline's own all the same.
        if plan.before("event_bus_name") == plan.after("name") {
            plan.keep("event_bus_name");
        }
    } else if given {
        let arn = plan
            .before("event_bus_arn")
            .as_str()
            .unwrap_or_default()
            .to_owned();
        bus_name::keep_same(plan, "event_bus_name", &arn);
    } else {
        let name = plan.after("name").clone();
        plan.set("event_bus_name", name);
    }
    // What is unknown may turn out to be none.
    match bus.is_unknown() {
        true => plan.unknown("owns_event_bus"),
        false => plan.set("owns_event_bus", !given),
    }
    only_the_arn(plan, "log_table");
    only_the_arn(plan, "log_function");
    pattern(&plan.planned.clone(), out);
    users_parts::same_region(&plan.planned, out);
    settings(&plan.planned, out);
    warn_of_changes(plan, out);

    let id = plan.after("name").clone();
    plan.set("id", id);
    plan.set("drift", Value::map([] as [(&str, Value); 0]));
    let own_function = is_given(plan.after("log_function").get("arn"));
    let hash = match (own_function, package::planned_sha256(&plan.planned)) {
        (Some(true), _) => Value::Null,
        (Some(false), Some(hash)) => hash.into(),
        _ => Value::unknown(),
    };
    plan.set("writer_sha256", hash);
    let sample = match plan.after("event_pattern").as_str() {
        Some(text) => crate::json::equal(text, DEFAULT_PATTERN)
            .then(documents::sample_event)
            .into(),
        None => Value::unknown(),
    };
    plan.set("sample_event", sample);
    if !plan.is_create() {
        arns(plan);
    }
    smoke_test_result(plan);
}

/// What fits each argument, and not AWS as a whole.
fn settings(planned: &Value, out: &mut Diagnostics) {
    for tag in [PIPELINE_TAG, BUS_TAG] {
        if !planned.get("tags_all").get(tag).is_null() {
            out.error_at(
                Path::of("tags"),
                "A tag of the pipeline's own",
                format!("tags: {tag:?} is how the provider knows the pipeline's parts; choose another key, here and in `default_tags`."),
            );
        }
    }
    let Some(bytes) =
        package::planned_environment(planned).map(|variables| package::bytes(&variables))
    else {
        return;
    };
    if bytes > package::MOST_BYTES {
        out.error_at(
            Path::of("log_item"),
            "More settings than a function's environment holds",
            format!(
                "log_item, idempotency_key and log_function.environment become {bytes} bytes of environment variables; \
                 Lambda takes {}. Log fewer attributes, or whole objects (`$.detail`), or set fewer variables.",
                package::MOST_BYTES
            ),
        );
    }
}

/// Beside an ARN of the user's, every other field is null (unknown while the ARN is).
fn only_the_arn(plan: &mut Plan<'_>, name: &str) {
    let config = plan.config.get(name);
    let Some(fields) = config.entries() else {
        return;
    };
    let rest = match is_given(config.get("arn")) {
        Some(true) => Value::Null,
        Some(false) => return,
        None => Value::unknown(),
    };
    let mut planned = plan.after(name).clone();
    let defaulted: Vec<Key> = match planned.entries() {
        // Only fields with a default may be unknown.
        Some(entries) => entries
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, _)| k.clone())
            .collect(),
        None => return,
    };
    for field in defaulted {
        if field != "arn" && fields.get(field.as_str()).is_none_or(Value::is_null) {
            planned.set(&field, rest.clone());
        }
    }
    plan.set(name, planned);
}

/// Whether an ARN is written; `None` while it is unknown.
fn is_given(arn: &Value) -> Option<bool> {
    match arn {
        Value::Unknown(_) => None,
        arn => Some(arn.as_set_str().is_some()),
    }
}

/// ARNs become unknown when their part will be another one.
fn arns(plan: &mut Plan<'_>) {
    let changes = |plan: &Plan<'_>, argument: &str, field: &str| {
        let (before, after) = (
            plan.before(argument).get(field),
            plan.after(argument).get(field),
        );
        before != after
    };
    let drift = plan.before("drift").clone();
    let drifted = |part: Part, note: &str| {
        let notes = drift.get(part.key()).as_str().unwrap_or_default();
        notes.split(", ").any(|found| found == note)
    };
    if plan.changes("event_bus_name") {
        for name in ["event_bus_arn", "rule_arn", "put_events_policy"] {
            plan.unknown(name);
        }
    }
    if changes(plan, "log_table", "arn") {
        for name in ["log_table_arn", "log_table_name"] {
            plan.unknown(name);
        }
    }
    if changes(plan, "log_function", "arn") {
        for name in ["log_function_arn", "role_arn"] {
            plan.unknown(name);
        }
    }
    let other_role = ["role_arn", "role_path"]
        .iter()
        .any(|field| changes(plan, "log_function", field));
    if other_role
        || drifted(Part::Role, MISSING)
        || drifted(Part::Function, MISSING)
        || drifted(Part::Function, OTHER_ROLE)
    {
        plan.unknown("role_arn");
    }
    if plan.changes("dead_letter_queue_arn") {
        plan.unknown("queue_arn");
    }
}

/// The smoke test runs after every change that makes a call, and again after one that failed.
fn smoke_test_result(plan: &mut Plan<'_>) {
    if plan.after("smoke_test").is_null() {
        plan.set("smoke_test_passed", Value::Null);
        return;
    }
    let mut unchanging: Vec<&str> = NO_CALL.to_vec();
    unchanging.push("smoke_test_passed");
    let failed = plan.before("smoke_test_passed").as_bool() != Some(true);
    if failed || plan.changes_besides(&unchanging) {
        plan.unknown("smoke_test_passed");
    }
}

fn warn_of_changes(plan: &Plan<'_>, out: &mut Diagnostics) {
    let (before, after) = (
        plan.before("event_pattern").as_str(),
        plan.after("event_pattern").as_str(),
    );
    let name = plan.after("name").as_str().unwrap_or("(unknown)");
    if let (Some(before), Some(after)) = (before, after) {
        let (now, no_longer) = pattern_tests::difference(before, after, plan.after("tests"));
        if !now.is_empty() || !no_longer.is_empty() {
            out.warning_at(
                Path::of("event_pattern"),
                format!("Pipeline {name}: the new pattern judges sample events otherwise"),
                format!(
                    "Matches now: {}\nNo longer: {}",
                    list(&now),
                    list(&no_longer)
                ),
            );
        }
    }
    let owns = |value: &Value| value.as_bool() == Some(true);
    let bus = plan.after("event_bus_name").as_str();
    if owns(plan.before("owns_event_bus"))
        && !owns(plan.after("owns_event_bus"))
        && bus == plan.before("event_bus_name").as_str()
    {
        out.warning_at(
            Path::of("event_bus_name"),
            format!("Event bus {name} is no longer the pipeline's own"),
            "event_bus_name: it names the bus that the pipeline made, so that is one which existed before to it now, \
             and stays when the pipeline goes. Remove `event_bus_name` to keep it the pipeline's own.",
        );
    }
    if !plan.after("smoke_test").is_null() && plan.after("owns_event_bus").as_bool() != Some(true) {
        let bus = plan
            .after("event_bus_name")
            .as_str()
            .unwrap_or("(known after apply)");
        if plan.is_create() || plan.changes("smoke_test") {
            out.warning_at(
                Path::of("smoke_test"),
                format!("The smoke test of {name} publishes to bus {bus}, which has other rules too"),
                "Every rule of that bus sees the event. Choose a source that only this pipeline's pattern matches.",
            );
        }
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
