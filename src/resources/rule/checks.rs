//! What is said of a rule's configuration before AWS sees it. Unknown values
//! pass: Terraform asks again when they are known.

use super::super::shared::{bus_name, event_pattern, pattern_tests};
use super::TRAIL;
use crate::aws::BusRef;
use crate::provider::validate::{at_least_one, conflicts};
use crate::provider::{Check, Diagnostics, Path, Value};
use crate::schedule;

/// A schedule expression that EventBridge takes.
pub fn schedule() -> Check {
    Check::text("must be a rate(…) or cron(…) expression", |text| {
        schedule::check(text).map(drop).map_err(|error| {
            // The report ends the sentence.
            error.to_string().trim_end_matches('.').to_owned()
        })
    })
}

pub fn check(config: &Value, out: &mut Diagnostics) {
    conflicts(config, &["name", "name_prefix"], out);
    check_name(config, out);
    conflicts(config, &["state", "is_enabled"], out);
    at_least_one(config, &[event_pattern::NAME, "schedule_expression"], out);
    check_schedule(config, out);
    check_trail(config, out);
    if let Some(pattern) = event_pattern::check(config, &owner(config), out) {
        pattern_tests::check(&pattern, config.get(pattern_tests::NAME), out);
    }
    tests_without_pattern(config, out);
}

/// What refers to the rule's name would get the empty text, and not the name
/// that is generated.
fn check_name(config: &Value, out: &mut Diagnostics) {
    if config.get("name").as_str() == Some("") {
        out.error_at(
            Path::of("name"),
            "Invalid value for name",
            "name: \"\" is no name. Leave `name` out, or write `null`, to have one generated.",
        );
    }
}

/// The rule for messages, as far as its name is known.
fn owner(config: &Value) -> String {
    match (
        config.get("name").as_set_str(),
        config.get("name_prefix").as_set_str(),
    ) {
        (Some(name), _) => format!("Rule {name}"),
        (None, Some(prefix)) => format!("Rule {prefix}…"),
        (None, None) => match event_pattern::beginning(config) {
            none if none.is_empty() => "Rule with a generated name".to_owned(),
            pattern => format!("Rule with a generated name and pattern {pattern}"),
        },
    }
}

fn check_schedule(config: &Value, out: &mut Diagnostics) {
    let Some(expression) = config.get("schedule_expression").as_set_str() else {
        return;
    };
    for finding in schedule::check(expression).unwrap_or_default() {
        out.warning_at(
            Path::of("schedule_expression"),
            format!("{}: its schedule may not be what is meant", owner(config)),
            finding.to_string(),
        );
    }
    if let Some(bus) = config.get("event_bus_name").as_set_str()
        && BusRef::new(bus).name() != bus_name::DEFAULT
        // What is no bus at all is the schema's to report.
        && bus_name::name_or_arn().run(&bus.into()).is_ok()
    {
        out.error_at(
            Path::of("schedule_expression"),
            "A schedule is possible on the default bus only",
            format!(
                "{}\nThis rule is on {bus:?}. Leave out `event_bus_name`, or give the rule an `event_pattern` instead \
                 of the schedule.",
                schedule::DEFAULT_BUS_ONLY
            ),
        );
    }
}

/// CloudTrail's read-only events reach rules with a pattern on own buses only;
/// a schedule in that state stops.
fn check_trail(config: &Value, out: &mut Diagnostics) {
    if config.get("state").as_str() != Some(TRAIL) {
        return;
    }
    let mut refuse = |why: &str| {
        out.error_at(
            Path::of("state"),
            format!("{TRAIL} is not possible here"),
            format!("state: {TRAIL} {why}; write \"ENABLED\"."),
        );
    };
    if config.get("schedule_expression").as_set_str().is_some() {
        refuse("is for rules with an event pattern; a rule with a schedule stops firing in it");
    }
    let bus = config.get("event_bus_name").as_set_str().map(BusRef::new);
    if bus.is_some_and(|bus| bus.name().starts_with("aws.partner/")) {
        refuse("is not for partner event buses");
    }
}

fn tests_without_pattern(config: &Value, out: &mut Diagnostics) {
    let tests = config.get(pattern_tests::NAME);
    let pattern = config.get(event_pattern::NAME);
    let no_pattern = pattern.is_null() || pattern.as_str() == Some("");
    if no_pattern && tests.entries().is_some_and(|tests| !tests.is_empty()) {
        out.error_at(
            Path::of(pattern_tests::NAME),
            "Nothing to test",
            "`tests` holds sample events to `event_pattern`, which is not set. Set it, or remove `tests`.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(entries: &[(&str, &str)]) -> Vec<String> {
        let config = Value::map(entries.iter().map(|(k, v)| (*k, Value::from(*v))));
        let mut out = Diagnostics::new();
        check(&config, &mut out);
        out.iter().map(|d| d.path.to_string()).collect()
    }

    const PATTERN: (&str, &str) = ("event_pattern", r#"{"source":["a"]}"#);
    const HOURLY: (&str, &str) = ("schedule_expression", "rate(1 hour)");

    #[test]
    fn schedules_stand_on_the_default_bus_only() {
        assert!(errors(&[HOURLY]).is_empty());
        assert!(errors(&[HOURLY, ("event_bus_name", "default")]).is_empty());
        let arn = "arn:aws:events:us-east-1:123456789012:event-bus/default";
        assert!(errors(&[HOURLY, ("event_bus_name", arn)]).is_empty());
        assert_eq!(
            errors(&[HOURLY, ("event_bus_name", "orders")]),
            ["schedule_expression"]
        );
    }

    #[test]
    fn trail_events_are_for_patterns_on_own_buses() {
        assert!(errors(&[PATTERN, ("state", TRAIL)]).is_empty());
        assert_eq!(errors(&[PATTERN, HOURLY, ("state", TRAIL)]), ["state"]);
        let partner = ("event_bus_name", "aws.partner/a.com/b");
        assert_eq!(errors(&[PATTERN, partner, ("state", TRAIL)]), ["state"]);
    }

    #[test]
    fn a_pattern_or_a_schedule_is_needed() {
        assert_eq!(errors(&[("name", "a")]), [""]);
        assert_eq!(errors(&[PATTERN, ("name", "")]), ["name"]);
        assert_eq!(
            errors(&[PATTERN, ("name", "a"), ("name_prefix", "b")]),
            ["name_prefix"]
        );
    }
}
