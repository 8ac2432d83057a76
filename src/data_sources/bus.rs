//! `eventbridge_bus`: an event bus, looked up (`aws_cloudwatch_event_bus` in hashicorp/aws).

use async_trait::async_trait;

use crate::aws::events::Bus as Remote;
use crate::provider::types::Type;
use crate::provider::{Attribute, Call, DataSource, Diagnostics, Path, Schema, Value};
use crate::resources::Context;
use crate::resources::shared::{bus_name, failed, region};

/// An event bus.
pub struct Bus;

#[async_trait]
impl DataSource<Context> for Bus {
    fn name(&self) -> &'static str {
        "eventbridge_bus"
    }

    fn schema(&self) -> Schema {
        let texts = |name: &'static str, fields: &[&str]| {
            let fields = fields
                .iter()
                .map(|field| ((*field).to_owned(), Type::String));
            Attribute::new(name, Type::list(Type::Object(fields.collect()))).computed()
        };
        let text = |name| Attribute::string(name).computed();
        Schema::new("Looks up an event bus.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .check(bus_name::name_or_arn())
                    .describe("Name of the bus, or its ARN."),
            )
            .attribute(region::question())
            .attribute(text("arn").describe("ARN of the bus."))
            .attribute(text("description").describe("Description of the bus."))
            .attribute(text("kms_key_identifier").describe(
                "Customer managed KMS key that encrypts the events; null where AWS owns the key.",
            ))
            .attribute(
                texts("dead_letter_config", &["arn"])
                    .describe("Where events go that could not be delivered to any target: `arn` of a queue."),
            )
            .attribute(
                texts("log_config", &["include_detail", "level"])
                    .describe("What EventBridge logs of the bus: `include_detail` and `level`; empty where that was never set."),
            )
            .attribute(text("id").describe("Name of the bus."))
            .iam(&["events:DescribeEventBus"])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let name = config.get("name").as_str().unwrap_or_default();
        match at.events().read_bus(name).await {
            Ok(Some(bus)) => {
                let mut state = answer(&bus);
                state.set("name", name);
                state.set("region", at.region_name());
                Some(state)
            }
            Ok(None) => {
                out.error_at(
                    Path::of("name"),
                    format!("Event bus {name:?} not found"),
                    format!(
                        "There is no event bus {name:?} in {}. Check its name and the region.",
                        at.region_name()
                    ),
                );
                None
            }
            Err(error) => {
                failed(out, &format!("reading event bus {name:?}"), &error);
                None
            }
        }
    }
}

fn answer(bus: &Remote) -> Value {
    let dead_letters = bus.dead_letter_arn.iter();
    let dead_letters = dead_letters.map(|arn| Value::map([("arn", Value::from(arn.as_str()))]));
    let logs = bus.log_config.iter().map(|logs| {
        Value::map([
            ("include_detail", Value::from(logs.include_detail.clone())),
            ("level", logs.level.clone().into()),
        ])
    });
    Value::map([
        ("arn", Value::from(bus.arn.as_str())),
        ("id", bus.name.as_str().into()),
        ("description", bus.description.clone().into()),
        ("kms_key_identifier", bus.kms_key_identifier.clone().into()),
        ("dead_letter_config", Value::List(dead_letters.collect())),
        ("log_config", Value::List(logs.collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_empty() {
        let bare = answer(&Remote {
            name: "orders".into(),
            ..Remote::default()
        });
        assert_eq!(bare.get("id").as_str(), Some("orders"));
        assert!(bare.get("description").is_null());
        assert!(bare.get("dead_letter_config").items().is_empty());
        let full = answer(&Remote {
            dead_letter_arn: Some("arn:q".into()),
            ..Remote::default()
        });
        let arn = full.get("dead_letter_config").at(0).get("arn");
        assert_eq!(arn.as_str(), Some("arn:q"));
    }
}
