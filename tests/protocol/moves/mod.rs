//! `moved` blocks from hashicorp/aws, over the wire and with no configuration,
//! as Terraform asks: states of its versions 4, 5 and 6 in, ours out.
//!
//! The old provider stores `""`, `0`, `false` and `[]` for arguments that were
//! never set. What is not said below is null or no block at all in our state.

mod connections;
mod delivery;
mod rules;
mod targets;

use serde_json::{Map, Value as Json, json};

use crate::OFFLINE;
use crate::support::{Object, Plugin};

const THEIRS: &str = "registry.terraform.io/hashicorp/aws";
const REGION: &str = "eu-west-1";

/// One stored object of hashicorp/aws, and what becomes of it.
struct Move {
    /// What both types are called after their prefix, such as `rule`.
    noun: &'static str,
    /// The old schema's version.
    version: i64,
    state: Json,
    /// All that our state has.
    becomes: Json,
    /// What the old configuration said.
    config: Json,
}

impl Move {
    /// Checks the state, and that the configuration plans no change of it.
    async fn check(&self) {
        let plugin = Plugin::start(&OFFLINE).await;
        let (ours, theirs) = types(self.noun);
        let from = (THEIRS, theirs.as_str(), self.version);
        let moved = plugin.move_in(&ours, from, &self.state).await.good();
        assert_eq!(what_is_set(&moved.state), self.becomes);
        // The private bytes are the other provider's. A Read follows, which
        // tells the identity; one that knows less is refused as another's.
        assert_eq!((moved.private, moved.identity), (Vec::new(), Json::Null));

        plugin.configure(json!({ "region": REGION })).await.good();
        let mut prior = Object {
            state: moved.state,
            ..Object::default()
        };
        if prior.state["region"].is_null() {
            // The Read tells it.
            prior.state["region"] = json!(REGION);
        }
        let planned = plugin.plan(&ours, &prior, self.config.clone()).await.good();
        assert_eq!(planned.state, prior.state);
        assert_eq!(planned.replaces, [""; 0]);
    }
}

fn types(noun: &str) -> (String, String) {
    (
        format!("eventbridge_{noun}"),
        format!("aws_cloudwatch_event_{noun}"),
    )
}

/// Without nulls and without blocks that are not there.
fn what_is_set(state: &Json) -> Json {
    match state {
        Json::Object(entries) => {
            let set = entries.iter().filter(|(_, value)| {
                !value.is_null() && !value.as_array().is_some_and(Vec::is_empty)
            });
            let set: Map<_, _> = set
                .map(|(name, value)| (name.clone(), what_is_set(value)))
                .collect();
            Json::Object(set)
        }
        Json::Array(items) => items.iter().map(what_is_set).collect(),
        scalar => scalar.clone(),
    }
}

#[tokio::test]
async fn a_registry_of_another_host_serves_the_same_provider() {
    let plugin = Plugin::start(&OFFLINE).await;
    let state = json!({ "event_bus_name": "orders", "policy": "{}", "id": "orders" });
    for provider in [
        "registry.opentofu.org/hashicorp/aws",
        "terraform.acme.test:8443/hashicorp/aws",
    ] {
        let from = (provider, "aws_cloudwatch_event_bus_policy", 0);
        let moved = plugin.move_in("eventbridge_bus_policy", from, &state).await;
        assert_eq!(moved.good().state["event_bus_name"], "orders", "{provider}");
    }
}

#[tokio::test]
async fn what_has_no_counterpart_is_one_error() {
    let plugin = Plugin::start(&OFFLINE).await;
    for (provider, their_type) in [
        (THEIRS, "aws_cloudwatch_event_target"),
        (THEIRS, "aws_cloudwatch_log_group"),
        (
            "registry.terraform.io/acme/aws",
            "aws_cloudwatch_event_rule",
        ),
        (
            "registry.terraform.io/hashicorp/awscc",
            "aws_cloudwatch_event_rule",
        ),
    ] {
        let from = (provider, their_type, 1);
        let moved = plugin
            .move_in("eventbridge_rule", from, &json!({ "name": "a" }))
            .await;
        let [error] = &moved.errors()[..] else {
            panic!("{:?}", moved.errors());
        };
        let namespace = provider.trim_start_matches("registry.terraform.io/");
        for part in [
            "Unsupported move",
            their_type,
            namespace,
            "eventbridge_rule",
        ] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(moved.value.state.is_null());
    }
}

#[tokio::test]
async fn a_state_that_does_not_fit_is_told_by_the_argument() {
    let plugin = Plugin::start(&OFFLINE).await;
    let from = (THEIRS, "aws_cloudwatch_event_archive", 0);
    let state = json!({ "name": "a", "retention_days": "a week" });
    let moved = plugin.move_in("eventbridge_archive", from, &state).await;
    let errors = moved.errors().join("\n");
    assert!(errors.contains("retention_days"), "{errors}");
}
