//! An endpoint between its state and the API's form.

use super::super::shared::form;
use super::ENABLED;
use crate::aws::events::{Endpoint as Remote, EndpointSettings};
use crate::provider::{Block, Value};

pub fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// The endpoint as UpdateEndpoint takes it: `""` takes a description away, and
/// the replication is always said, since it may be what was removed.
pub fn settings(state: &Value) -> EndpointSettings {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let failover = state
        .get("routing_config")
        .at(0)
        .get("failover_config")
        .at(0);
    let replication = state.get("replication_config").at(0).get("state");
    let buses = state.get("event_bus").items().iter();
    EndpointSettings {
        name: name_of(state).to_owned(),
        description: Some(text(state.get("description"))),
        health_check: text(failover.get("primary").at(0).get("health_check")),
        secondary_route: text(failover.get("secondary").at(0).get("route")),
        replication_state: Some(replication.as_set_str().unwrap_or(ENABLED).to_owned()),
        event_bus_arns: buses.map(|bus| text(bus.get("event_bus_arn"))).collect(),
        role_arn: state.get("role_arn").as_set_str().map(str::to_owned),
    }
}

/// The endpoint as its state; `like` gives the form of what has several.
pub fn state_of(endpoint: &Remote, block: &Block, like: &Value) -> Value {
    let text = |text: &Option<String>| Value::from(text.clone());
    let one = |name: &str, value: Value| Value::List(vec![Value::map([(name, value)])]);
    let buses = endpoint.event_bus_arns.iter();
    let buses = buses.map(|arn| Value::map([("event_bus_arn", Value::from(arn.as_str()))]));
    let failover = Value::map([
        ("primary", one("health_check", text(&endpoint.health_check))),
        ("secondary", one("route", text(&endpoint.secondary_route))),
    ]);
    // Replication is on unless it is off: then no block says the same.
    let replication = match endpoint.replication_state.as_deref().unwrap_or(ENABLED) {
        ENABLED if like.get("replication_config").items().is_empty() => Value::List(vec![]),
        state => one("state", state.into()),
    };
    let actual = Value::map([
        ("name", Value::from(endpoint.name.as_str())),
        ("id", endpoint.name.as_str().into()),
        ("arn", endpoint.arn.as_str().into()),
        ("description", text(&endpoint.description)),
        ("role_arn", text(&endpoint.role_arn)),
        ("endpoint_id", text(&endpoint.endpoint_id)),
        ("endpoint_url", text(&endpoint.endpoint_url)),
        ("state", endpoint.state.as_str().into()),
        ("event_bus", Value::List(buses.collect())),
        ("replication_config", replication),
        (
            "routing_config",
            one("failover_config", Value::List(vec![failover])),
        ),
    ]);
    let mut state = form::keep(block, like, actual);
    for kept in ["adopt", "region", "timeouts"] {
        state.set(kept, like.get(kept).clone());
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(replication: &str, like: serde_json::Value) -> Value {
        let remote = Remote {
            name: "global".into(),
            replication_state: Some(replication.into()),
            event_bus_arns: vec!["a".into(), "b".into()],
            health_check: Some("h".into()),
            secondary_route: Some("us-east-1".into()),
            ..Remote::default()
        };
        state_of(
            &remote,
            &super::super::schema::schema().block,
            &Value::from_json(like),
        )
    }

    #[test]
    fn replication_keeps_the_form_of_before() {
        let blocks = |state: &Value| state.get("replication_config").clone();
        let written = serde_json::json!({"replication_config": [{"state": "ENABLED"}]});
        assert_eq!(
            blocks(&read("ENABLED", written.clone()))
                .at(0)
                .get("state")
                .as_str(),
            Some("ENABLED")
        );
        assert_eq!(
            blocks(&read("ENABLED", serde_json::json!({}))),
            Value::List(vec![])
        );
        assert_eq!(
            blocks(&read("DISABLED", serde_json::json!({})))
                .at(0)
                .get("state")
                .as_str(),
            Some("DISABLED")
        );
        assert_eq!(
            blocks(&read("DISABLED", written))
                .at(0)
                .get("state")
                .as_str(),
            Some("DISABLED")
        );
    }

    #[test]
    fn what_is_read_is_what_was_sent() {
        let sent = settings(&read("DISABLED", serde_json::json!({})));
        assert_eq!(sent.event_bus_arns, ["a", "b"]);
        assert_eq!(
            (sent.health_check.as_str(), sent.secondary_route.as_str()),
            ("h", "us-east-1")
        );
        assert_eq!(sent.replication_state.as_deref(), Some("DISABLED"));
        assert_eq!(
            settings(&Value::Null).replication_state.as_deref(),
            Some("ENABLED")
        );
    }
}
