//! The arguments of a rule: hashicorp/aws's by the same names, and ours.

use super::super::shared::{
    adopt, bus_name, event_pattern, generated, pattern_tests, region, rule_ref, tags,
};
use super::checks;
use crate::provider::{Attribute, Check, Equality, Schema, Value, timeouts};

/// The longest `name_prefix`: a generated name has 64 characters at most.
const LONGEST_PREFIX: usize = 64 - generated::SUFFIX;

pub fn schema() -> Schema {
    Schema::new(
        "A rule: which events of a bus go to its targets (`event_pattern`), or when an event is made \
         (`schedule_expression`).\n\nThe pattern is parsed and judged at plan time, and `tests` holds sample events \
         to it, offline.",
    )
    .attributes(names())
    .attributes(behaviour())
    .attributes(lifecycle())
    .attribute(region::attribute())
    .attributes(tags::attributes())
    .attributes(results())
    .block(timeouts::block(&["delete"]))
    .iam(&[
        "events:PutRule",
        "events:DescribeRule",
        "events:DeleteRule",
        "events:ListRules",
        "events:ListTargetsByRule",
        "events:RemoveTargets",
        "events:ListTagsForResource",
        "events:TagResource",
        "events:UntagResource",
        // Reads the tags of many at once; where it is denied they are read one by one.
        "tag:GetResources",
        "iam:PassRole",
    ])
    .import(&["RULE", "BUS/RULE", "BUS_ARN/RULE"])
}

fn names() -> [Attribute; 3] {
    [
        Attribute::string("name")
            .optional()
            .computed()
            .replaces()
            .check(rule_ref::name())
            .describe("Name of the rule. Generated when neither it nor `name_prefix` is set."),
        Attribute::string("name_prefix")
            .optional()
            .computed()
            .replaces()
            .check(Check::length(1, LONGEST_PREFIX))
            .check(Check::matches(
                r"[.\-_A-Za-z0-9]+",
                "letters, digits, `.`, `-` and `_`",
            ))
            .describe("Beginning of a generated name, at most 38 characters. Conflicts with `name`."),
        bus_name::attribute().describe(
            "Name or ARN of the event bus; both spellings of one bus are equal. Defaults to `default`.",
        ),
    ]
}

fn behaviour() -> [Attribute; 7] {
    [
        event_pattern::attribute()
            .optional()
            .describe(
                "Event pattern, as JSON text. Sent as written; compared as JSON, numbers exactly. It or \
                 `schedule_expression` is needed.",
            ),
        Attribute::string("schedule_expression")
            .optional()
            .check(checks::schedule())
            .describe("`rate(…)` or `cron(…)`, in UTC. On the default bus only."),
        pattern_tests::attribute().optional(),
        Attribute::string("state")
            .default(super::ENABLED)
            .equal(Equality::By(same_state))
            .check(Check::one_of(&[
                super::ENABLED,
                super::DISABLED,
                super::TRAIL,
            ]))
            .describe(
                "`ENABLED`, `DISABLED`, or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS` (read-only management \
                 events of CloudTrail too). Not set means `ENABLED`.",
            ),
        Attribute::bool("is_enabled")
            .optional()
            .computed()
            .deprecated("Use `state` instead.")
            .describe("Whether the rule is enabled. Conflicts with `state`."),
        Attribute::string("description")
            .optional()
            .check(Check::length(0, 512))
            .describe("Description of the rule."),
        Attribute::string("role_arn")
            .optional()
            .check(Check::arn())
            .check(Check::length(1, 1600))
            .describe("ARN of the IAM role that the rule itself uses. Targets have roles of their own."),
    ]
}

fn lifecycle() -> [Attribute; 3] {
    [
        adopt::attribute(),
        Attribute::bool("force_destroy").default(false).describe(
            "Whether to delete a *managed* rule, one that an AWS service made. It removes no targets.",
        ),
        Attribute::bool("remove_targets_on_destroy")
            .default(false)
            .describe(
                "Whether targets that others put on the rule are removed when it is destroyed. Without it a destroy \
                 lists them and stops.",
            ),
    ]
}

fn results() -> [Attribute; 4] {
    [
        Attribute::string("arn")
            .computed()
            .describe("ARN of the rule."),
        Attribute::string("id")
            .computed()
            .describe("`RULE` on the default bus, `BUS/RULE` on any other."),
        Attribute::string("managed_by")
            .computed()
            .describe("The AWS service that manages the rule, if one does."),
        Attribute::string("created_by")
            .computed()
            .describe("The account that made the rule."),
    ]
}

/// `""` is not set, and not set is `ENABLED`.
fn same_state(a: &Value, b: &Value) -> bool {
    let word = |value: &Value| value.as_set_str().unwrap_or(super::ENABLED).to_owned();
    word(a) == word(b)
}
