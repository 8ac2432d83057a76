//! The bus's schema, and what is wrong beyond single arguments.

use super::super::shared::{adopt, bus_name, kms, region, tags};
use crate::provider::{Attribute, Check, Diagnostics, NestedBlock, Path, Schema, Value, timeouts};

pub fn schema() -> Schema {
    Schema::new(
            "An event bus: receives events and hands them to its rules.\n\nThe `default` bus exists in every account \
             and region; it is managed here only with `adopt_default = true`, and never deleted.",
        )
        .attribute(
            Attribute::string("name").required().replaces().check(bus_name::name()).describe(
                "Name of the bus. Of a partner bus: the name of its event source (`event_source_name`).",
            ),
        )
        .attribute(
            Attribute::string("description").optional().check(Check::length(0, 512)).describe("Description of the bus."),
        )
        .attribute(
            Attribute::string("event_source_name")
                .optional()
                .replaces()
                .check(Check::length(1, 256))
                .check(Check::matches(
                    r"aws\.partner(/[.\-_A-Za-z0-9]+){2,}",
                    "a partner event source name, such as \"aws.partner/example.com/a/b\"",
                ))
                .describe("Partner event source to match the bus with; the bus has the same `name`."),
        )
        .attribute(kms::attribute().describe(
            "Customer managed KMS key that encrypts the events: key id, key ARN, alias name or alias ARN.",
        ))
        .attribute(adopt::attribute())
        .attribute(Attribute::bool("adopt_default").default(false).describe(
            "Whether to manage the settings of the `default` bus. Create updates it, destroy leaves it as it is.",
        ))
        .attribute(region::attribute())
        .attributes(tags::attributes())
        .attribute(Attribute::string("arn").computed().describe("ARN of the bus."))
        .attribute(Attribute::string("id").computed().describe("Name of the bus."))
        .block(
            NestedBlock::list("dead_letter_config")
                .max(1)
                .describe("Where events go that could not be delivered to any target.")
                .attribute(
                    Attribute::string("arn")
                        .optional()
                        .check(Check::arn())
                        .check(Check::length(1, 1600))
                        .describe("ARN of a standard SQS queue."),
                ),
        )
        .block(
            NestedBlock::list("log_config")
                .max(1)
                .describe(
                    "What EventBridge logs of the bus. By itself this delivers nothing: a delivery source and a \
                     destination of CloudWatch Logs take the logs further.",
                )
                .attribute(
                    Attribute::string("include_detail")
                        .optional()
                        .check(Check::one_of(&["NONE", "FULL"]))
                        .describe("Whether log entries hold the event's detail: `NONE` or `FULL`."),
                )
                .attribute(
                    Attribute::string("level")
                        .optional()
                        .check(Check::one_of(&["OFF", "ERROR", "INFO", "TRACE"]))
                        .describe("How much is logged: `OFF`, `ERROR`, `INFO` or `TRACE`."),
                ),
        )
        .block(timeouts::block(&["delete"]))
        .iam(&[
            "events:CreateEventBus",
            "events:DescribeEventBus",
            "events:UpdateEventBus",
            "events:DeleteEventBus",
            "events:ListRules",
            "events:ListArchives",
            "events:ListTagsForResource",
            "events:TagResource",
            "events:UntagResource",
            // Reads the tags of many at once; where it is denied they are read one by one.
            "tag:GetResources",
        ])
        .import(&["NAME"])
}

/// Looks for what EventBridge would refuse. Unknown values pass.
pub fn check(config: &Value, out: &mut Diagnostics) {
    let Some(name) = config.get("name").as_str() else {
        return;
    };
    let at_name = || Path::of("name");
    if name == bus_name::DEFAULT {
        if config.get("adopt_default").as_bool() == Some(false)
            || config.get("adopt_default").is_null()
        {
            out.error_at(
                    at_name(),
                    "The default bus cannot be created",
                    "name: cannot be 'default': that bus exists in every account and region. To manage its settings, \
                     set `adopt_default = true`; to use it, write `event_bus_name = \"default\"` in rules, or leave \
                     that argument out.",
                );
        }
        return;
    }
    let source = config.get("event_source_name");
    match source.as_set_str() {
        Some(source) if source != name => out.error_at(
            at_name(),
            "A partner bus is named like its event source",
            format!(
                "name: {name:?} differs from event_source_name {source:?}; write name = {source:?}."
            ),
        ),
        None if name.contains('/') && !source.is_unknown() => out.error_at(
            at_name(),
            "A custom bus name has no slash",
            format!(
                "name: {name:?} holds a `/`, which only partner buses may. Leave it out, or set \
                     `event_source_name = {name:?}`."
            ),
        ),
        _ => {}
    }
}
