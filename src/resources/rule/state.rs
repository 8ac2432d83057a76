//! A rule between its state and the API's form.

use super::super::context::At;
use super::super::shared::{form, generated, tags};
use super::{DISABLED, ENABLED};
use crate::aws::events::{Rule as Remote, RuleSettings};
use crate::aws::{Arn, BusRef};
use crate::provider::{Block, Value};

pub fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// The bus as the user wrote it.
pub fn bus_of(state: &Value) -> &str {
    let bus = state.get("event_bus_name").as_set_str();
    bus.unwrap_or(super::super::shared::bus_name::DEFAULT)
}

/// The id as hashicorp/aws writes it: the bus as written, left out where it is `default`.
pub fn id(bus: &str, name: &str) -> String {
    match bus {
        super::super::shared::bus_name::DEFAULT => name.to_owned(),
        _ => format!("{bus}/{name}"),
    }
}

/// The rule as PutRule takes it, tags left out. What is not set is sent empty
/// where AWS takes that, since some implementations keep what is left out.
pub fn settings(state: &Value) -> RuleSettings {
    let text = |name: &str| state.get(name).as_set_str().map(str::to_owned);
    RuleSettings {
        name: name_of(state).to_owned(),
        event_bus_name: bus_of(state).to_owned(),
        event_pattern: text("event_pattern"),
        schedule_expression: text("schedule_expression"),
        state: text("state").unwrap_or_else(|| ENABLED.to_owned()),
        description: Some(text("description").unwrap_or_default()),
        role_arn: text("role_arn"),
        tags: Default::default(),
    }
}

/// The rule as its state, in the form of `like` where that means the same.
pub fn state_of(rule: &Remote, block: &Block, like: &Value) -> Value {
    let text = |text: &Option<String>| Value::from(text.clone());
    let actual = Value::map([
        ("name", Value::from(rule.name.as_str())),
        ("arn", rule.arn.as_str().into()),
        ("id", id(bus_of(like), &rule.name).into()),
        ("event_bus_name", bus_of(like).into()),
        ("event_pattern", text(&rule.event_pattern)),
        ("schedule_expression", text(&rule.schedule_expression)),
        ("state", rule.state.as_str().into()),
        ("description", text(&rule.description)),
        ("role_arn", text(&rule.role_arn)),
        ("managed_by", text(&rule.managed_by)),
        ("created_by", text(&rule.created_by)),
    ]);
    let mut state = form::keep(block, like, actual);
    for ours in [
        "adopt",
        "force_destroy",
        "remove_targets_on_destroy",
        "name_prefix",
        "tests",
        "timeouts",
        "region",
    ] {
        state.set(ours, like.get(ours).clone());
    }
    // Unknown in a plan with neither name nor prefix: then the name was generated.
    if like.get("name_prefix").is_unknown() {
        state.set(
            "name_prefix",
            generated::prefix_of(&rule.name).map(Value::from),
        );
    }
    if !like.get("is_enabled").is_null() {
        state.set("is_enabled", rule.state != DISABLED);
    }
    state
}

/// The planned rule with the results of PutRule.
pub fn made(planned: &Value, name: &str, arn: &str, created_by: Option<String>) -> Value {
    let mut state = planned.clone();
    state.set("name", name);
    state.set("id", id(bus_of(planned), name));
    state.set("arn", arn);
    state.set("managed_by", Value::Null);
    state.set("created_by", created_by);
    if planned.get("name_prefix").is_unknown() {
        state.set("name_prefix", generated::prefix_of(name).map(Value::from));
    }
    if planned.get("is_enabled").is_unknown() {
        let state_word = planned.get("state").as_set_str();
        state.set("is_enabled", state_word != Some(DISABLED));
    }
    state
}

/// Who made a rule that we made: this account. On another account's bus the
/// rule's ARN names the bus's owner.
pub async fn own_account(at: &At<'_>, bus: &str, rule_arn: &str) -> Option<String> {
    if BusRef::new(bus).arn().is_some()
        && let Ok(account) = at.region().account().await
    {
        return Some(account);
    }
    let arn = Arn::parse(rule_arn)?;
    Some(arn.account).filter(|account| !account.is_empty())
}

/// The tags a rule is made with.
pub fn with_tags(mut settings: RuleSettings, planned: &Value) -> RuleSettings {
    settings.tags = tags::planned(planned);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        super::super::schema::schema().block
    }

    fn remote() -> Remote {
        Remote {
            name: "placed".into(),
            arn: "arn:aws:events:us-east-1:123456789012:rule/orders/placed".into(),
            event_bus_name: "orders".into(),
            event_pattern: Some(r#"{"source":["a"]}"#.into()),
            state: "ENABLED".into(),
            created_by: Some("123456789012".into()),
            ..Remote::default()
        }
    }

    #[test]
    fn ids_are_those_of_the_peer() {
        assert_eq!(id("default", "placed"), "placed");
        assert_eq!(id("orders", "placed"), "orders/placed");
    }

    #[test]
    fn a_read_keeps_the_users_form() {
        let like = Value::map([
            ("name", Value::from("placed")),
            ("event_bus_name", "orders".into()),
            ("event_pattern", "{ \"source\": [\"a\"] }".into()),
            ("description", "".into()),
            ("state", "".into()),
            ("is_enabled", true.into()),
        ]);
        let state = state_of(&remote(), &block(), &like);
        for (name, _) in like.entries().into_iter().flatten() {
            assert_eq!(state.get(name), like.get(name), "{name}");
        }
        assert_eq!(state.get("id").as_str(), Some("orders/placed"));
    }

    #[test]
    fn a_read_sees_what_changed_outside() {
        let like = Value::map([
            ("event_bus_name", Value::from("orders")),
            ("event_pattern", r#"{"source":["b"]}"#.into()),
            ("description", "mine".into()),
            ("role_arn", "arn:aws:iam::123456789012:role/r".into()),
            ("is_enabled", true.into()),
        ]);
        let disabled = Remote {
            state: DISABLED.into(),
            event_pattern: None,
            ..remote()
        };
        let state = state_of(&disabled, &block(), &like);
        for gone in ["event_pattern", "description", "role_arn"] {
            assert!(state.get(gone).is_null(), "{gone}");
        }
        assert_eq!(state.get("state").as_str(), Some(DISABLED));
        assert_eq!(state.get("is_enabled").as_bool(), Some(false));
    }

    #[test]
    fn what_is_not_set_is_sent_empty_or_not_at_all() {
        let sent = settings(&Value::map([
            ("name", Value::from("a")),
            ("role_arn", "".into()),
        ]));
        assert_eq!(sent.state, ENABLED);
        assert_eq!(sent.description.as_deref(), Some(""));
        assert_eq!((sent.role_arn, sent.event_pattern), (None, None));
        assert_eq!(sent.event_bus_name, "default");
    }
}
