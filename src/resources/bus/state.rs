//! A bus between its state and the API's form.

use super::super::shared::{tags, unset_as};
use crate::aws::events::{Bus as Remote, BusSettings, LogConfig};
use crate::provider::Value;

/// Logs that are not written: the same as no block.
const OFF: &str = "OFF";
const NO_DETAIL: &str = "NONE";

pub fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// The bus as CreateEventBus takes it.
pub fn settings(state: &Value) -> BusSettings {
    let text = |name: &str| state.get(name).as_set_str().map(str::to_owned);
    let logs = state.get("log_config").at(0);
    let log = |name: &str| logs.get(name).as_set_str().map(str::to_owned);
    BusSettings {
        name: name_of(state).to_owned(),
        event_source_name: text("event_source_name"),
        description: text("description"),
        kms_key_identifier: text("kms_key_identifier"),
        dead_letter_arn: state
            .get("dead_letter_config")
            .at(0)
            .get("arn")
            .as_set_str()
            .map(str::to_owned),
        log_config: (!logs.is_null()).then(|| LogConfig {
            include_detail: log("include_detail"),
            level: log("level"),
        }),
        tags: tags::planned(state),
    }
}

/// The bus as its state; `like` gives the form of what has several.
pub fn state_of(bus: &Remote, like: &Value) -> Value {
    let mut state = Value::map([
        ("name", Value::from(bus.name.as_str())),
        ("id", bus.name.as_str().into()),
        ("arn", bus.arn.as_str().into()),
        (
            "description",
            unset_as(like.get("description"), bus.description.clone()),
        ),
        (
            "kms_key_identifier",
            unset_as(
                like.get("kms_key_identifier"),
                bus.kms_key_identifier.clone(),
            ),
        ),
    ]);
    for kept in ["adopt", "adopt_default", "timeouts", "region"] {
        state.set(kept, like.get(kept).clone());
    }
    // A partner bus is named like its source.
    let source = bus
        .name
        .starts_with("aws.partner/")
        .then_some(bus.name.as_str());
    let source = unset_as(like.get("event_source_name"), source.map(str::to_owned));
    state.set("event_source_name", source);
    state.set(
        "dead_letter_config",
        dead_letters(
            bus.dead_letter_arn.as_deref(),
            like.get("dead_letter_config"),
        ),
    );
    state.set(
        "log_config",
        logs(bus.log_config.as_ref(), like.get("log_config")),
    );
    state
}

/// The block in the form of before: an empty block and none are the same.
fn dead_letters(arn: Option<&str>, like: &Value) -> Value {
    match (arn, like.items()) {
        (None, []) => Value::List(vec![]),
        (None, [block, ..]) if block.get("arn").as_set_str().is_none() => like.clone(),
        (arn, _) => match arn {
            Some(arn) => Value::List(vec![Value::map([("arn", Value::from(arn))])]),
            None => Value::List(vec![]),
        },
    }
}

/// Logs switched off equal no block at all: the form of before is kept.
fn logs(actual: Option<&LogConfig>, like: &Value) -> Value {
    let level = actual.and_then(|l| l.level.as_deref()).unwrap_or(OFF);
    let detail = actual
        .and_then(|l| l.include_detail.as_deref())
        .unwrap_or(NO_DETAIL);
    if level == OFF && detail == NO_DETAIL && like.items().is_empty() {
        return Value::List(vec![]);
    }
    let before = like.at(0);
    let kept = |name: &str, actual: &str, default: &str| match before.get(name).as_set_str() {
        None if actual == default => before.get(name).clone(),
        _ => actual.into(),
    };
    Value::List(vec![Value::map([
        ("include_detail", kept("include_detail", detail, NO_DETAIL)),
        ("level", kept("level", level, OFF)),
    ])])
}

/// The bus as UpdateEventBus takes it: everything that is set, and what was
/// removed so that it goes. What was never set stays out.
pub fn update(before: &BusSettings, after: &BusSettings) -> BusSettings {
    let text = |before: &Option<String>, after: &Option<String>| {
        let gone = before.is_some().then(String::new);
        after.clone().or(gone)
    };
    BusSettings {
        name: after.name.clone(),
        description: text(&before.description, &after.description),
        kms_key_identifier: text(&before.kms_key_identifier, &after.kms_key_identifier),
        dead_letter_arn: text(&before.dead_letter_arn, &after.dead_letter_arn),
        log_config: updated_logs(before.log_config.as_ref(), after.log_config.as_ref()),
        ..BusSettings::default()
    }
}

/// Both members, since one that is left out may stay as it is; off, where the
/// block is gone.
fn updated_logs(before: Option<&LogConfig>, after: Option<&LogConfig>) -> Option<LogConfig> {
    before.or(after)?;
    let member = |of: fn(&LogConfig) -> &Option<String>, off: &str| {
        let set = after.and_then(|logs| of(logs).clone());
        Some(set.unwrap_or_else(|| off.to_owned()))
    };
    Some(LogConfig {
        include_detail: member(|logs| &logs.include_detail, NO_DETAIL),
        level: member(|logs| &logs.level, OFF),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bus(json: serde_json::Value) -> BusSettings {
        settings(&Value::from_json(json))
    }

    #[test]
    fn what_is_removed_is_sent_so_that_it_goes() {
        let full = bus(
            serde_json::json!({"name": "a", "description": "d", "kms_key_identifier": "k",
            "dead_letter_config": [{"arn": "q"}], "log_config": [{"level": "TRACE"}]}),
        );
        let bare = bus(serde_json::json!({"name": "a"}));
        let sent = update(&full, &bare);
        let empty = Some(String::new());
        assert_eq!(
            (
                &sent.description,
                &sent.kms_key_identifier,
                &sent.dead_letter_arn
            ),
            (&empty, &empty, &empty)
        );
        let logs = sent.log_config.unwrap();
        assert_eq!(
            (logs.level.as_deref(), logs.include_detail.as_deref()),
            (Some("OFF"), Some("NONE"))
        );
        assert_eq!(update(&bare, &bare), bare);
    }

    #[test]
    fn an_update_says_everything_that_is_set() {
        let before = bus(serde_json::json!({"description": "d", "kms_key_identifier": "k"}));
        let after = bus(serde_json::json!({"description": "e", "kms_key_identifier": "k"}));
        assert_eq!(
            update(&before, &after).kms_key_identifier.as_deref(),
            Some("k")
        );
    }

    #[test]
    fn a_read_keeps_the_form_of_before() {
        let remote = Remote {
            name: "a".into(),
            log_config: Some(LogConfig {
                include_detail: Some("NONE".into()),
                level: Some("OFF".into()),
            }),
            ..Remote::default()
        };
        for like in [
            serde_json::json!({}),
            serde_json::json!({"description": "", "dead_letter_config": [{"arn": null}], "log_config": [{"level": "OFF", "include_detail": null}]}),
            serde_json::json!({"log_config": [{"level": null, "include_detail": "NONE"}]}),
        ] {
            let like = Value::from_json(like);
            let state = state_of(&remote, &like);
            for (name, value) in like.entries().into_iter().flatten() {
                assert_eq!(state.get(name), value, "{name}");
            }
        }
        let imported = state_of(&remote, &Value::Null);
        assert!(imported.get("log_config").items().is_empty());
    }

    #[test]
    fn drift_is_seen() {
        let like = Value::from_json(
            serde_json::json!({"description": "mine", "kms_key_identifier": "k",
            "dead_letter_config": [{"arn": "q"}], "log_config": [{"level": "INFO", "include_detail": "FULL"}]}),
        );
        let state = state_of(&Remote::default(), &like);
        assert!(state.get("description").is_null() && state.get("kms_key_identifier").is_null());
        assert!(state.get("dead_letter_config").items().is_empty());
        assert_eq!(
            state.get("log_config").at(0).get("level").as_str(),
            Some("OFF")
        );
    }

    #[test]
    fn a_partner_bus_is_its_source() {
        let partner = Remote {
            name: "aws.partner/a.com/b".into(),
            ..Remote::default()
        };
        let source = state_of(&partner, &Value::Null)
            .get("event_source_name")
            .clone();
        assert_eq!(source.as_str(), Some("aws.partner/a.com/b"));
    }
}
