//! `eventbridge_rules`: the rules of a bus, looked up.

use async_trait::async_trait;

use crate::aws::AwsError;
use crate::aws::events::Rule;
use crate::provider::types::Type;
use crate::provider::{
    Attribute, Call, Check, DataSource, Diagnostics, Nesting, Path, Schema, Value,
};
use crate::resources::shared::{bus_name, failed, region};
use crate::resources::{At, Context};

/// The rules of a bus.
pub struct Rules;

#[async_trait]
impl DataSource<Context> for Rules {
    fn name(&self) -> &'static str {
        "eventbridge_rules"
    }

    fn schema(&self) -> Schema {
        let name = Attribute::string("name")
            .computed()
            .describe("Name of the rule.");
        let rules = std::iter::once(name).chain(described());
        let texts = |name| Attribute::new(name, Type::list(Type::String)).computed();
        Schema::new("Looks up the rules of an event bus, by name.")
            .attribute(bus_name::question())
            .attribute(
                Attribute::string("name_prefix")
                    .optional()
                    .check(Check::length(1, 64))
                    .describe("Beginning of the names to look for. All rules without it."),
            )
            .attribute(region::question())
            .attribute(texts("names").describe("Names of the rules, sorted."))
            .attribute(texts("arns").describe("ARNs of the rules, in the same order."))
            .attribute(
                Attribute::nested("rules", Nesting::List, rules)
                    .computed()
                    .describe("The rules, in the same order."),
            )
            .iam(&["events:ListRules"])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let bus = bus_name::asked(config);
        match look_up(&at, bus, config.get("name_prefix").as_set_str()).await {
            Ok(Some(rules)) => {
                let mut state = config.clone();
                state.set("event_bus_name", bus);
                state.set("region", at.region_name());
                state.set(
                    "names",
                    rules
                        .iter()
                        .map(|rule| rule.name.clone())
                        .collect::<Vec<_>>(),
                );
                state.set(
                    "arns",
                    rules
                        .iter()
                        .map(|rule| rule.arn.clone())
                        .collect::<Vec<_>>(),
                );
                state.set("rules", Value::List(rules.iter().map(describe).collect()));
                Some(state)
            }
            Ok(None) => {
                out.error_at(
                    Path::of("event_bus_name"),
                    format!("Event bus {bus:?} not found"),
                    format!("Event bus {bus} does not exist. Check its name and the region."),
                );
                None
            }
            Err(error) => {
                failed(
                    out,
                    &format!("reading the rules of event bus {bus:?}"),
                    &error,
                );
                None
            }
        }
    }
}

async fn look_up(
    at: &At<'_>,
    bus: &str,
    prefix: Option<&str>,
) -> Result<Option<Vec<Rule>>, AwsError> {
    match prefix {
        Some(prefix) => at.events().read_rules_named(bus, prefix).await,
        None => at.events().read_rules(bus).await,
    }
}

/// What is told of each rule, besides its name.
pub(super) fn described() -> [Attribute; 6] {
    let text = |name| Attribute::string(name).computed();
    [
        text("arn").describe("ARN of the rule."),
        text("event_pattern").describe("Event pattern, as JSON text."),
        text("schedule_expression").describe("Schedule expression."),
        text("state")
            .describe("`ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`."),
        text("description").describe("Description of the rule."),
        text("managed_by").describe("The AWS service that manages the rule, if one does."),
    ]
}

/// The same of a rule.
pub(super) fn describe(rule: &Rule) -> Value {
    Value::map([
        ("name", Value::from(rule.name.as_str())),
        ("arn", rule.arn.as_str().into()),
        ("event_pattern", rule.event_pattern.clone().into()),
        (
            "schedule_expression",
            rule.schedule_expression.clone().into(),
        ),
        ("state", rule.state.as_str().into()),
        ("description", rule.description.clone().into()),
        ("managed_by", rule.managed_by.clone().into()),
    ])
}
