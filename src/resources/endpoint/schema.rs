//! The endpoint's schema, and what is wrong beyond single arguments.

use super::super::shared::{adopt, bus_name, region};
use crate::aws::Arn;
use crate::provider::{Attribute, Check, Diagnostics, NestedBlock, Path, Schema, Value, timeouts};

pub fn schema() -> Schema {
    Schema::new(
        "A global endpoint: sends events to a bus in a primary region, and to its twin in a secondary region while a \
         health check of the primary one fails.\n\nIt belongs to the region of the provider (or `region`), which is the primary one.",
    )
    .attribute(
        Attribute::string("name")
            .required()
            .replaces()
            .check(Check::matches(
                r"[.\-_A-Za-z0-9]{1,64}",
                "an endpoint name: 1 to 64 letters, digits, `.`, `-` or `_`",
            ))
            .describe("Name of the endpoint."),
    )
    .attribute(
        Attribute::string("description")
            .optional()
            .check(Check::length(0, 512))
            .describe("Description of the endpoint."),
    )
    .attribute(
        Attribute::string("role_arn")
            .optional()
            .check(Check::arn())
            .check(Check::length(1, 256))
            .describe("IAM role that replicates the events. Required unless replication is `DISABLED`."),
    )
    .attribute(adopt::attribute())
    .attribute(region::attribute())
    .attribute(Attribute::string("arn").computed().describe("ARN of the endpoint."))
    .attribute(
        Attribute::string("endpoint_id")
            .computed()
            .describe("Id to send events with (`EndpointId` of PutEvents)."),
    )
    .attribute(Attribute::string("endpoint_url").computed().describe("URL of the endpoint."))
    .attribute(
        Attribute::string("state")
            .computed()
            .describe("State of the endpoint, such as `ACTIVE`."),
    )
    .attribute(Attribute::string("id").computed().describe("Name of the endpoint."))
    .block(
        NestedBlock::list("event_bus")
            .min(2)
            .max(2)
            .describe("The two event buses, of one name: first that of the primary region, then that of the secondary.")
            .attribute(
                Attribute::string("event_bus_arn")
                    .required()
                    .check(bus_name::arn())
                    .describe("ARN of the bus."),
            ),
    )
    .block(
        NestedBlock::list("replication_config")
            .max(1)
            .describe("Whether events are copied to both regions. Without the block they are.")
            .attribute(
                Attribute::string("state")
                    .default(super::ENABLED)
                    .check(Check::one_of(&[super::ENABLED, "DISABLED"]))
                    .describe("`ENABLED` or `DISABLED`."),
            ),
    )
    .block(routing_config())
    .block(timeouts::block(&["create", "update", "delete"]))
    .iam(&[
        "events:CreateEndpoint",
        "events:DescribeEndpoint",
        "events:UpdateEndpoint",
        "events:DeleteEndpoint",
        "iam:PassRole",
        "route53:GetHealthCheck",
    ])
    .import(&["NAME"])
}

fn routing_config() -> NestedBlock {
    let primary = NestedBlock::list("primary")
        .min(1)
        .max(1)
        .describe("When to leave the primary region.")
        .attribute(
            Attribute::string("health_check")
                .required()
                .check(Check::matches(
                    "arn:[a-z0-9-]+:route53:::healthcheck/[a-z0-9-]+",
                    "the ARN of a Route 53 health check (`arn:aws:route53:::healthcheck/ID`)",
                ))
                .describe("ARN of the Route 53 health check."),
        );
    let secondary = NestedBlock::list("secondary")
        .min(1)
        .max(1)
        .describe("Where events go then.")
        .attribute(
            Attribute::string("route")
                .required()
                .check(Check::matches(
                    "[a-z0-9-]{9,20}",
                    "a region name, such as \"us-east-1\"",
                ))
                .describe("The secondary region."),
        );
    let failover = NestedBlock::list("failover_config")
        .min(1)
        .max(1)
        .describe("The two regions.")
        .block(primary)
        .block(secondary);
    NestedBlock::list("routing_config")
        .min(1)
        .max(1)
        .describe("Which region gets the events.")
        .block(failover)
}

/// Looks for what EventBridge would refuse. Unknown values pass.
pub fn check(config: &Value, out: &mut Diagnostics) {
    let replication = config.get("replication_config");
    let state = replication.at(0).get("state");
    let replicates = match state {
        _ if replication.is_unknown() => false,
        Value::Null => true,
        state => state.as_str() == Some(super::ENABLED),
    };
    let role = config.get("role_arn");
    if replicates && role.as_set_str().is_none() && !role.is_unknown() {
        out.error_at(
            Path::of("role_arn"),
            "Replication needs a role",
            "role_arn: missing, and without `replication_config` events are replicated. Write the ARN of a role that \
             may put events on both buses, or replication_config { state = \"DISABLED\" }.",
        );
    }
    let bus = |i: usize| {
        let arn = config
            .get("event_bus")
            .at(i)
            .get("event_bus_arn")
            .as_str()?;
        Arn::parse(arn)
    };
    let (Some(first), Some(second)) = (bus(0), bus(1)) else {
        return;
    };
    let at_second = || Path::of("event_bus").index(1).attribute("event_bus_arn");
    if first.bus_name() != second.bus_name() {
        out.error_at(
            at_second(),
            "The two event buses differ in name",
            format!(
                "event_bus: {:?} and {:?}; the buses of an endpoint have one name.",
                first.bus_name().unwrap_or_default(),
                second.bus_name().unwrap_or_default()
            ),
        );
    } else if first.account != second.account {
        out.error_at(
            at_second(),
            "The two event buses are in different accounts",
            format!(
                "event_bus: {} and {}; both buses of an endpoint are in one account.",
                first.account, second.account
            ),
        );
    } else if first.region == second.region {
        out.error_at(
            at_second(),
            "The two event buses are in one region",
            format!(
                "event_bus: both are in {:?}; write the bus of the secondary region second.",
                first.region
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(
        first: &str,
        second: &str,
        role: Option<&str>,
        replication: serde_json::Value,
    ) -> Vec<String> {
        let config = serde_json::json!({"role_arn": role, "replication_config": replication, "event_bus": [
            {"event_bus_arn": format!("arn:aws:events:{first}")},
            {"event_bus_arn": format!("arn:aws:events:{second}")}]});
        let mut out = Diagnostics::new();
        check(&Value::from_json(config), &mut out);
        out.iter().map(|d| d.summary.clone()).collect()
    }

    const FIRST: &str = "eu-west-1:123456789012:event-bus/a";
    const SECOND: &str = "us-east-1:123456789012:event-bus/a";

    #[test]
    fn replication_needs_a_role() {
        let none = || serde_json::json!([]);
        let state = |state: &str| serde_json::json!([{"state": state}]);
        let needs = ["Replication needs a role"];
        assert_eq!(checked(FIRST, SECOND, None, none()), needs);
        assert_eq!(checked(FIRST, SECOND, None, state("ENABLED")), needs);
        assert_eq!(
            checked(
                FIRST,
                SECOND,
                Some(""),
                serde_json::json!([{"state": null}])
            ),
            needs
        );
        assert!(checked(FIRST, SECOND, None, state("DISABLED")).is_empty());
        assert!(
            checked(
                FIRST,
                SECOND,
                Some("arn:aws:iam::123456789012:role/r"),
                none()
            )
            .is_empty()
        );
    }

    #[test]
    fn two_buses_of_one_name_in_two_regions() {
        let pair = |second: &str| checked(FIRST, second, Some("r"), serde_json::json!([]));
        assert!(pair(SECOND).is_empty());
        assert_eq!(
            pair("us-east-1:123456789012:event-bus/b"),
            ["The two event buses differ in name"]
        );
        assert_eq!(
            pair("us-east-1:999999999999:event-bus/a"),
            ["The two event buses are in different accounts"]
        );
        assert_eq!(pair(FIRST), ["The two event buses are in one region"]);
    }
}
