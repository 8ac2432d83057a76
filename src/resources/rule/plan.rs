//! What a rule's plan says beyond its schema.

use super::super::shared::{bus_name, event_pattern, pattern_tests};
use super::state::{bus_of, id};
use super::{DISABLED, ENABLED};
use crate::aws::Arn;
use crate::provider::{Diagnostics, Path, Plan, Value};

/// Adjusts the plan; `account` is ours where that is known.
pub fn adjust(account: Option<&str>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
    keep_bus(account, plan);
    plan_state(plan);
    if plan.is_create() {
        results_of_create(plan);
    }
    if let Some(by) = plan.before("managed_by").as_set_str()
        && plan.changes_besides(OURS)
    {
        let name = plan.before("name").as_str().unwrap_or_default();
        managed_rule(name, by, out);
    }
    tell_behaviour(plan, out);
}

/// Arguments and results that are nothing to AWS.
const OURS: &[&str] = &[
    pattern_tests::NAME,
    "adopt",
    "force_destroy",
    "remove_targets_on_destroy",
    "timeouts",
    "is_enabled",
    "tags",
    "created_by",
    "managed_by",
];

/// Name and ARN of one bus are the same: no replacement.
fn keep_bus(account: Option<&str>, plan: &mut Plan<'_>) {
    let Some(mut arn) = plan.before("arn").as_str().and_then(Arn::parse) else {
        return;
    };
    // On another account's bus the rule's ARN names that account, not ours.
    let ours = account.or(plan.before("created_by").as_set_str());
    if let Some(ours) = ours {
        arn.account = ours.to_owned();
    }
    bus_name::keep_same(plan, "event_bus_name", &arn.to_string());
}

/// `state` follows the deprecated `is_enabled` where that is configured, which else follows it.
fn plan_state(plan: &mut Plan<'_>) {
    let word = |enabled: bool| if enabled { ENABLED } else { DISABLED };
    let follows =
        plan.is_create() || plan.before("is_enabled").as_bool().is_some() && plan.changes("state");
    match plan.config.get("is_enabled").clone() {
        Value::Null if follows => {
            let enabled = match plan.after("state").as_str() {
                Some(state) => Value::from(state != DISABLED),
                None => Value::unknown(),
            };
            plan.set("is_enabled", enabled);
        }
        Value::Null => {}
        enabled if plan.config.get("state").is_null() => {
            let state = enabled.as_bool().map(|enabled| Value::from(word(enabled)));
            plan.set("state", state.unwrap_or_else(Value::unknown));
        }
        _ => {}
    }
}

/// What is known already of a rule to be made.
fn results_of_create(plan: &mut Plan<'_>) {
    if plan.config.get("name_prefix").is_null() && !plan.config.get("name").is_null() {
        plan.set("name_prefix", Value::Null);
    }
    if let Some(name) = plan.after("name").as_str()
        && !plan.after("event_bus_name").is_unknown()
    {
        let id = id(bus_of(&plan.planned), name);
        plan.set("id", id);
    }
}

/// A rule of an AWS service can be deleted by force, but not changed.
pub fn managed_rule(name: &str, by: &str, out: &mut Diagnostics) {
    out.error(
        format!("Rule {name:?} is managed by {by}"),
        format!(
            "Only {by} can change this rule: PutRule refuses managed rules. Make the configuration as the rule is, or \
             take it out of the configuration with a `removed` block. `force_destroy = true` lets a destroy delete it."
        ),
    );
}

/// When the pattern of an existing rule changes, its own sample events tell
/// what that means.
fn tell_behaviour(plan: &Plan<'_>, out: &mut Diagnostics) {
    let (Some(before), Some(after)) = (
        plan.before(event_pattern::NAME).as_set_str(),
        plan.after(event_pattern::NAME).as_set_str(),
    ) else {
        return;
    };
    if before == after {
        return;
    }
    let mut samples = Value::Map(Default::default());
    for tests in [
        plan.before(pattern_tests::NAME),
        plan.after(pattern_tests::NAME),
    ] {
        for (name, test) in tests.entries().into_iter().flatten() {
            samples.set(name, test.clone());
        }
    }
    let (now, no_longer) = pattern_tests::difference(before, after, &samples);
    let mut lines = Vec::new();
    for (events, what) in [(now, "matches now"), (no_longer, "no longer matches")] {
        lines.extend(events.iter().map(|event| format!("  {event:?} {what}")));
    }
    if !lines.is_empty() {
        let name = plan.after("name").as_str().unwrap_or("(known after apply)");
        out.warning_at(
            Path::of(event_pattern::NAME),
            format!("Rule {name} will match other events than before"),
            format!("Of the events in `tests`:\n{}", lines.join("\n")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Block, conform::conform};

    const ARN: &str = "arn:aws:events:us-east-1:123456789012:rule/orders/placed";
    const BUS_ARN: &str = "arn:aws:events:us-east-1:123456789012:event-bus/orders";

    fn block() -> Block {
        super::super::schema::schema().block
    }

    fn value(block: &Block, entries: &[(&str, Value)]) -> Value {
        let given = Value::map(entries.iter().map(|(k, v)| (*k, v.clone())));
        conform(block, given, &mut Vec::new())
    }

    fn planned(
        config: &[(&str, Value)],
        prior: Option<&[(&str, Value)]>,
    ) -> (Value, Vec<Path>, Diagnostics) {
        let block = block();
        let config = value(&block, config);
        let prior = prior.map(|prior| value(&block, prior));
        let mut plan = Plan::new(&block, &config, prior.as_ref());
        let mut out = Diagnostics::new();
        adjust(None, &mut plan, &mut out);
        let replace = plan.requires_replace();
        (plan.planned, replace, out)
    }

    fn prior(more: &[(&str, Value)]) -> Vec<(&'static str, Value)> {
        let mut all = vec![
            ("name", Value::from("placed")),
            ("event_bus_name", "orders".into()),
            ("state", ENABLED.into()),
            ("arn", ARN.into()),
            ("id", "orders/placed".into()),
            ("adopt", false.into()),
            ("force_destroy", false.into()),
            ("remove_targets_on_destroy", false.into()),
            ("created_by", "123456789012".into()),
        ];
        for (name, value) in more {
            let known: Vec<&'static str> = vec![
                "state",
                "is_enabled",
                "managed_by",
                "tests",
                "event_pattern",
            ];
            if let Some(known) = known.into_iter().find(|k| k == name) {
                all.retain(|(k, _)| k != name);
                all.push((known, value.clone()));
            }
        }
        all
    }

    #[test]
    fn a_create_knows_its_id() {
        let (plan, _, _) = planned(&[("name", "a".into())], None);
        assert_eq!(plan.get("id").as_str(), Some("a"));
        assert!(plan.get("name_prefix").is_null());
        assert_eq!(plan.get("is_enabled").as_bool(), Some(true));
        let (plan, _, _) = planned(&[("name", "a".into()), ("state", Value::unknown())], None);
        assert!(plan.get("is_enabled").is_unknown());
        let (plan, _, _) = planned(&[("name_prefix", "a-".into())], None);
        assert!(plan.get("id").is_unknown() && plan.get("name").is_unknown());
    }

    #[test]
    fn name_and_arn_of_a_bus_are_no_replacement() {
        let config = [
            ("name", "placed".into()),
            ("event_bus_name", BUS_ARN.into()),
        ];
        let (plan, replace, _) = planned(&config, Some(&prior(&[])));
        assert_eq!(plan, value(&block(), &prior(&[])));
        assert!(replace.is_empty());
        let foreign = BUS_ARN.replace("123456789012", "999999999999");
        let config = [
            ("name", "placed".into()),
            ("event_bus_name", foreign.into()),
        ];
        let (_, replace, _) = planned(&config, Some(&prior(&[])));
        assert_eq!(replace, [Path::of("event_bus_name")]);
    }

    #[test]
    fn state_follows_is_enabled_where_it_is_configured() {
        let config = |more: &[(&'static str, Value)]| {
            let mut all = vec![
                ("name", "placed".into()),
                ("event_bus_name", "orders".into()),
            ];
            all.extend(more.iter().cloned());
            all
        };
        let state = |config: &[(&str, Value)], before: &[(&str, Value)]| {
            let (plan, _, _) = planned(config, Some(&prior(before)));
            (plan.get("state").clone(), plan.get("is_enabled").clone())
        };
        assert_eq!(
            state(&config(&[("is_enabled", false.into())]), &[]),
            (DISABLED.into(), false.into())
        );
        // Moved in from an older state: the flag stays while nothing changes …
        let moved = [("is_enabled", true.into())];
        assert_eq!(state(&config(&[]), &moved), (ENABLED.into(), true.into()));
        // … and tells the truth when the state does.
        let disabled = [("is_enabled", false.into()), ("state", DISABLED.into())];
        assert_eq!(
            state(&config(&[]), &disabled),
            (ENABLED.into(), true.into())
        );
        let (state, _) = state(&config(&[("is_enabled", Value::unknown())]), &[]);
        assert!(state.is_unknown());
    }

    #[test]
    fn a_managed_rule_cannot_change_but_its_flags_can() {
        let managed = [("managed_by", Value::from("states.amazonaws.com"))];
        let same = [
            ("name", "placed".into()),
            ("event_bus_name", "orders".into()),
        ];
        let flag = [
            same[0].clone(),
            same[1].clone(),
            ("force_destroy", true.into()),
        ];
        let other = [
            same[0].clone(),
            same[1].clone(),
            ("description", "x".into()),
        ];
        assert!(planned(&same, Some(&prior(&managed))).2.is_empty());
        assert!(planned(&flag, Some(&prior(&managed))).2.is_empty());
        assert!(planned(&other, Some(&prior(&managed))).2.has_errors());
    }

    #[test]
    fn a_changed_pattern_is_shown_by_its_tests() {
        let event = r#"{"source": "b", "detail-type": "x"}"#;
        let tests = Value::map([("it", Value::map([("event", Value::from(event))]))]);
        let config = [
            ("name", "placed".into()),
            ("event_bus_name", "orders".into()),
            ("event_pattern", r#"{"source":["b"]}"#.into()),
            ("tests", tests),
        ];
        let before = [("event_pattern", Value::from(r#"{"source":["a"]}"#))];
        let (_, _, out) = planned(&config, Some(&prior(&before)));
        let warning = out.iter().next().expect("a warning");
        assert!(
            warning.detail.contains(r#""it" matches now"#),
            "{}",
            warning.detail
        );
    }
}
