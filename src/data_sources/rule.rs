//! `eventbridge_rule`: one rule and its targets, looked up.

use async_trait::async_trait;

use crate::aws::events::{Rule as RemoteRule, Target};
use crate::provider::types::Type;
use crate::provider::{
    Attribute, Call, Conventions, DataSource, Diagnostics, Nesting, Schema, Value,
};
use crate::resources::shared::{Failure, bus_name, region, rule_ref};
use crate::resources::{At, Context, rule, target};

/// A rule, looked up.
pub struct Rule;

#[async_trait]
impl DataSource<Context> for Rule {
    fn name(&self) -> &'static str {
        "eventbridge_rule"
    }

    fn schema(&self) -> Schema {
        Schema::new("Looks up a rule and its targets.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .check(rule_ref::name())
                    .describe("Name of the rule."),
            )
            .attribute(bus_name::question())
            .attribute(region::question())
            .attributes(super::rules::described())
            .attribute(
                Attribute::string("id")
                    .computed()
                    .describe("`RULE` on the default bus, `BUS/RULE` on any other."),
            )
            .attribute(
                Attribute::string("role_arn")
                    .computed()
                    .describe("ARN of the IAM role that the rule itself uses."),
            )
            .attribute(
                Attribute::string("created_by")
                    .computed()
                    .describe("The account that made the rule."),
            )
            .attribute(
                Attribute::new("tags", Type::map(Type::String))
                    .computed()
                    .describe("Tags of the rule."),
            )
            .attribute(
                Attribute::nested("targets", Nesting::List, targets())
                    .computed()
                    .describe("The rule's targets, by their ids."),
            )
            .iam(&[
                "events:DescribeRule",
                "events:ListTargetsByRule",
                "events:ListTagsForResource",
            ])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let name = config.get("name").as_str().unwrap_or_default();
        let bus = bus_name::asked(config);
        match look_up(&at, bus, name).await {
            Ok(Some(found)) => Some(state(&found, config, call.conventions, at.region_name())),
            Ok(None) => {
                out.error(
                    format!("Rule {name:?} not found"),
                    format!("Rule {name} does not exist on EventBus {bus}. Check the name, the bus and the region."),
                );
                None
            }
            Err(failure) => {
                failure.tell(out, &format!("reading rule {name:?}"));
                None
            }
        }
    }
}

struct Found {
    rule: RemoteRule,
    targets: Vec<Target>,
    tags: crate::provider::Tags,
}

async fn look_up(at: &At<'_>, bus: &str, name: &str) -> Result<Option<Found>, Failure> {
    let Some(rule) = at.events().read_rule_whole(bus, name).await? else {
        return Ok(None);
    };
    let mut targets = at
        .events()
        .read_targets(bus, name)
        .await?
        .unwrap_or_default();
    targets.sort_by(|a, b| a.id.cmp(&b.id));
    let tags = at
        .events()
        .read_tags(&rule.arn, |tags| !tags.is_empty())
        .await?
        .unwrap_or_default();
    Ok(Some(Found {
        rule,
        targets,
        tags,
    }))
}

fn state(found: &Found, config: &Value, conventions: &Conventions, region: &str) -> Value {
    let rule = &found.rule;
    let bus = bus_name::asked(config);
    let mut state = super::rules::describe(rule);
    state.set("id", rule::id(bus, &rule.name));
    state.set("event_bus_name", bus);
    state.set("region", region);
    state.set("role_arn", rule.role_arn.clone());
    state.set("created_by", rule.created_by.clone());
    state.set("tags", conventions.read_tags(&Value::Null, &found.tags).1);
    state.set(
        "targets",
        Value::List(found.targets.iter().map(target_value).collect()),
    );
    state
}

fn targets() -> [Attribute; 8] {
    let text = |name| Attribute::string(name).computed();
    [
        text("target_id").describe("Id of the target."),
        text("arn").describe("ARN of what the events are sent to."),
        text("role_arn").describe("ARN of the IAM role that is used for the target."),
        text("input").describe("JSON text that is sent instead of the event."),
        text("input_path").describe("JSON path of the part of the event that is sent."),
        Attribute::nested(
            "input_transformer",
            Nesting::Single,
            [
                Attribute::new("input_paths", Type::map(Type::String))
                    .computed()
                    .describe("JSON paths by the names that the template uses."),
                text("input_template").describe("Template of what is sent."),
            ],
        )
        .computed()
        .describe("Makes what is sent from parts of the event."),
        Attribute::nested(
            "retry_policy",
            Nesting::Single,
            [
                Attribute::number("maximum_event_age_in_seconds")
                    .computed()
                    .describe("How long an event is kept for retries."),
                Attribute::number("maximum_retry_attempts")
                    .computed()
                    .describe("How often delivery is tried again."),
            ],
        )
        .computed()
        .describe("How often and how long delivery is tried."),
        text("dead_letter_arn")
            .describe("ARN of the queue for events that could not be delivered."),
    ]
}

fn target_value(target: &Target) -> Value {
    let dead_letter = target
        .dead_letter
        .as_ref()
        .and_then(|config| config.arn.clone());
    let transformer = target
        .input_transformer
        .as_ref()
        .map(target::from_aws::input_transformer);
    let retries = target
        .retry_policy
        .as_ref()
        .map(target::from_aws::retry_policy);
    Value::map([
        ("target_id", Value::from(target.id.as_str())),
        ("arn", target.arn.as_str().into()),
        ("role_arn", target.role_arn.clone().into()),
        ("input", target.input.clone().into()),
        ("input_path", target.input_path.clone().into()),
        ("input_transformer", transformer.into()),
        ("retry_policy", retries.into()),
        ("dead_letter_arn", dead_letter.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::events::{DeadLetterConfig, InputTransformer, RetryPolicy};
    use crate::provider::conform::conform;

    #[test]
    fn a_found_rule_fits_the_schema() {
        let found = Found {
            rule: RemoteRule {
                name: "placed".into(),
                arn: "arn:aws:events:us-east-1:123456789012:rule/orders/placed".into(),
                event_pattern: Some("{}".into()),
                state: "ENABLED".into(),
                ..RemoteRule::default()
            },
            targets: vec![Target {
                id: "one".into(),
                arn: "arn:aws:sqs:us-east-1:123456789012:q".into(),
                input_transformer: Some(InputTransformer {
                    input_paths: [("id".to_owned(), "$.id".to_owned())].into(),
                    input_template: "<id>".into(),
                }),
                retry_policy: Some(RetryPolicy {
                    maximum_event_age_in_seconds: None,
                    maximum_retry_attempts: Some(3),
                }),
                dead_letter: Some(DeadLetterConfig {
                    arn: Some("arn:aws:sqs:us-east-1:1:d".into()),
                }),
                ..Target::default()
            }],
            tags: Default::default(),
        };
        let config = Value::map([
            ("name", Value::from("placed")),
            ("event_bus_name", "orders".into()),
        ]);
        let state = state(&found, &config, &Conventions::default(), "us-east-1");
        let mut misfits = Vec::new();
        let state = conform(&Rule.schema().block, state, &mut misfits);
        assert_eq!(misfits, []);
        assert_eq!(state.get("id").as_str(), Some("orders/placed"));
        let target = state.get("targets").at(0);
        assert_eq!(
            target
                .get("retry_policy")
                .get("maximum_retry_attempts")
                .as_i64(),
            Some(3)
        );
        assert_eq!(
            target.get("dead_letter_arn").as_str(),
            Some("arn:aws:sqs:us-east-1:1:d")
        );
    }
}
