//! `eventbridge_buses`: event buses, looked up (`aws_cloudwatch_event_buses` in hashicorp/aws).

use async_trait::async_trait;

use crate::aws::events::Bus;
use crate::provider::types::Type;
use crate::provider::{Attribute, Call, Check, DataSource, Diagnostics, Schema, Value};
use crate::resources::Context;
use crate::resources::shared::{failed, region};

/// Event buses, by the beginning of their names.
pub struct Buses;

const FIELDS: [&str; 6] = [
    "arn",
    "creation_time",
    "description",
    "last_modified_time",
    "name",
    "policy",
];

#[async_trait]
impl DataSource<Context> for Buses {
    fn name(&self) -> &'static str {
        "eventbridge_buses"
    }

    fn schema(&self) -> Schema {
        let fields = FIELDS.iter().map(|name| ((*name).to_owned(), Type::String));
        let bus = Type::Object(fields.collect());
        Schema::new("Looks up event buses, by name.")
            .attribute(
                Attribute::string("name_prefix")
                    .optional()
                    .check(Check::length(1, 256))
                    .describe("Beginning of the names to look for. All buses without it."),
            )
            .attribute(region::question())
            .attribute(
                Attribute::new("event_buses", Type::list(bus))
                    .computed()
                    .describe(
                        "The buses, sorted by name: `arn`, `creation_time` and `last_modified_time` (RFC 3339), \
                         `description`, `name`, `policy` (JSON text).",
                    ),
            )
            .iam(&["events:ListEventBuses"])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let prefix = config.get("name_prefix").as_set_str();
        match at.events().list_buses(prefix).await {
            Ok(mut buses) => {
                // Some implementations take the prefix for an expression.
                buses.retain(|bus| prefix.is_none_or(|prefix| bus.name.starts_with(prefix)));
                buses.sort_by(|a, b| a.name.cmp(&b.name));
                let mut state = config.clone();
                state.set("region", at.region_name());
                state.set(
                    "event_buses",
                    Value::List(buses.iter().map(describe).collect()),
                );
                Some(state)
            }
            Err(error) => {
                failed(out, "listing event buses", &error);
                None
            }
        }
    }
}

fn describe(bus: &Bus) -> Value {
    Value::map([
        ("arn", Value::from(bus.arn.as_str())),
        ("creation_time", bus.creation_time.clone().into()),
        ("description", bus.description.clone().into()),
        ("last_modified_time", bus.last_modified_time.clone().into()),
        ("name", bus.name.as_str().into()),
        ("policy", bus.policy.clone().into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_told() {
        let told = describe(&Bus::default());
        let names: Vec<&str> = told
            .entries()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, FIELDS);
    }
}
