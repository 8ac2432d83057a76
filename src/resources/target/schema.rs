//! The arguments of a target: hashicorp/aws's by the same names, and ours.

use super::super::shared::{bus_name, region, rule_ref};
use super::blocks;
use crate::provider::{Attribute, Check, Equality, Schema};

pub fn schema() -> Schema {
    let mut schema = Schema::new(
        "A target of a rule: where EventBridge sends the events that the rule matches, and as what.\n\nA target that \
         AWS refuses is an error with AWS's code and message. A rule has five targets at most.",
    )
    .attributes(place())
    .attributes(destination())
    .attributes(input())
    .attribute(
        Attribute::bool("force_destroy")
            .default(false)
            .describe("Whether to remove the target from a *managed* rule, one that an AWS service made."),
    )
    .attribute(region::attribute())
    .attribute(Attribute::string("id").computed().describe("`RULE-TARGET` on the default bus, else `BUS-RULE-TARGET`."))
    .iam(&[
        "events:PutTargets",
        "events:ListTargetsByRule",
        "events:RemoveTargets",
        "events:DescribeEventBus",
        "iam:PassRole",
    ])
    .import(&["RULE/TARGET", "BUS/RULE/TARGET", "BUS_ARN/RULE/TARGET"]);
    for block in blocks::all() {
        schema = schema.block(block);
    }
    schema
}

fn place() -> [Attribute; 3] {
    [
        Attribute::string("rule")
            .required()
            .replaces()
            .check(rule_ref::check())
            .describe(
                "The rule: its name, its id (`BUS/RULE`) or its ARN. All name the same rule; the last two bring the \
                 bus along.",
            ),
        bus_name::attribute().describe(
            "Name or ARN of the rule's event bus. Defaults to the bus that `rule` names, and to `default` for a bare \
             name.",
        ),
        Attribute::string("target_id")
            .optional()
            .computed()
            .replaces()
            .check(Check::matches(
                r"[.\-_A-Za-z0-9]{1,64}",
                "a target id: 1 to 64 letters, digits, `.`, `-` or `_`",
            ))
            .describe("Id of the target, unique on its rule. Generated when absent."),
    ]
}

fn destination() -> [Attribute; 2] {
    [
        Attribute::string("arn")
            .required()
            .check(Check::arn())
            .check(Check::length(1, 1600))
            .describe("ARN of what the events are sent to."),
        Attribute::string("role_arn")
            .optional()
            .check(Check::arn())
            .check(Check::length(1, 1600))
            .describe(
                "ARN of the IAM role that EventBridge uses for this target. Lambda functions, SNS topics, SQS queues \
                 and log groups of the own account go without; most others need it.",
            ),
    ]
}

fn input() -> [Attribute; 2] {
    [
        Attribute::string("input")
            .optional()
            .equal(Equality::Json)
            .check(Check::json())
            .check(Check::length(0, 8192))
            .describe(
                "JSON text that is sent instead of the event. Sent as written; compared as JSON.",
            ),
        Attribute::string("input_path")
            .optional()
            .check(Check::length(1, 256))
            .check(Check::matches(r"\$.*", "a JSON path, such as \"$.detail\""))
            .describe("JSON path of the part of the event that is sent, such as `$.detail`."),
    ]
}
