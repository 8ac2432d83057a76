//! The arguments and results of `eventbridge_product_log_pipeline`.

use super::{log_item, package};
use crate::provider::{
    Attribute, Check, Equality, Nesting, Schema, Value, conventions, timeouts, types::Type,
    validate::parse_duration,
};
use crate::resources::shared::{adopt, bus_name, region, tags};

/// The pattern of the article's rule.
pub const DEFAULT_PATTERN: &str = r#"{"source":["log.addProduct"]}"#;

/// CloudWatch Logs' enumeration of retention times, in days.
const RETENTION_DAYS: [i64; 23] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653, 0,
];

/// Variables that Lambda sets itself, and refuses.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
const LAMBDAS_VARIABLES: [&str; 16] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// The whole resource.
pub fn schema() -> Schema {
    Schema::new(
        "Everything between \"an event was published\" and \"a row is in the log table\": a rule on a bus, a Lambda \
         function that writes the row (the log writer), the table, a dead-letter queue, a least-privilege role, the \
         invoke permission and a log group.\n\nEvery argument but `name` changes in place. What someone changes or \
         deletes behind Terraform's back is named in the plan (`drift`, or its argument) and repaired by apply.",
    )
    .attributes(arguments())
    .attribute(log_table())
    .attribute(log_function())
    .attribute(retry_policy())
    .attribute(smoke_test())
    .attribute(adopt::attribute())
    .attribute(region::attribute())
    .attributes(tags::attributes())
    .attributes(results())
    .block(timeouts::block(&["create", "update", "delete"]))
    .iam(IAM_ACTIONS)
    .import(&["NAME", "BUS/NAME"])
}

const IAM_ACTIONS: &[&str] = &[
    "dynamodb:CreateTable",
    "dynamodb:DeleteItem",
    "dynamodb:DeleteTable",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:GetItem",
    "dynamodb:ListTagsOfResource",
    "dynamodb:Scan",
    "dynamodb:TagResource",
    "dynamodb:UntagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTimeToLive",
    "events:CreateEventBus",
    "events:DeleteEventBus",
    "events:DeleteRule",
    "events:DescribeEventBus",
    "events:DescribeRule",
    "events:ListRules",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "events:PutEvents",
    "events:PutRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:TagResource",
    "events:UntagResource",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PassRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "lambda:AddPermission",
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:DeleteFunctionConcurrency",
    "lambda:GetFunction",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionEventInvokeConfig",
    "lambda:GetPolicy",
    "lambda:ListTags",
    "lambda:PutFunctionConcurrency",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:RemovePermission",
    "lambda:TagResource",
    "lambda:UntagResource",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:DeleteRetentionPolicy",
    "logs:DescribeLogGroups",
    "logs:FilterLogEvents",
    "logs:ListTagsForResource",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
    "sqs:CreateQueue",
    "sqs:DeleteQueue",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
    "sqs:SetQueueAttributes",
    "sqs:TagQueue",
    "sqs:UntagQueue",
];

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::string("name")
            .required()
            .replaces()
            .check(Check::matches(
                "[A-Za-z0-9_-]{3,40}",
                "a pipeline name: 3 to 40 letters, digits, `-` or `_`",
            ))
            .check(Check::text("must not be `default`", |name| match name {
                "default" => Err("\"default\" is the name of the bus that every account has; choose another".into()),
                _ => Ok(()),
            }))
            .describe("Name of the pipeline, and of its parts. The role, global in an account, is `NAME-REGION`."),
        Attribute::string("event_bus_name").optional().computed().check(bus_name::name_or_arn()).describe(
            "Name or ARN of an existing bus of this account to listen on. Absent: the pipeline makes and owns a bus \
             of its own `name`.",
        ),
        Attribute::string("event_pattern")
            .default(DEFAULT_PATTERN)
            .equal(Equality::Json)
            .check(Check::length(1, 4096))
            .describe("Event pattern of the rule, JSON: which events are logged."),
        Attribute::nested(
            "tests",
            Nesting::Map,
            [
                Attribute::string("event").required().describe(
                    "A sample event, JSON. `source` and `detail-type` it must have; other envelope fields get defaults.",
                ),
                Attribute::bool("matches").default(true).describe("Whether the pattern should match it."),
            ],
        )
        .optional()
        .describe("Sample events that the pattern is tested with at plan. Never sent to AWS."),
        Attribute::bool("enabled").default(true).describe("Whether the rule is enabled."),
        Attribute::string("idempotency_key")
            .default("$.id")
            .check(Check::text("must be a path into the event", |text| {
                log_item::check_key(text).map(drop)
            }))
            .describe(
                "Path into the event that makes a row unique: the key `PK` is `Log#` and its value. The event's id, \
                 or a path into the detail where producers publish again (which makes a new event with a new id).",
            ),
        Attribute::new("log_item", Type::map(Type::String))
            .default(default_item())
            .equal(Equality::By(same_rows))
            .check(Check::new("must be values and paths of a row", check_item))
            .describe(
                "What a row consists of: attribute to value. A value that starts with `$.` is a path into the event \
                 (`$.detail.userId:S`), optionally with the type it must have (`:S`, `:N`, `:BOOL`, `:M`, `:L`) and \
                 `?` where it may be absent. Anything else is literal text; `$$` at its start is one `$`. Replaces \
                 the default, save `SK` where it is left out.",
            ),
        Attribute::string("dead_letter_queue_arn").optional().check(Check::arn()).describe(
            "ARN of a standard SQS queue of yours, in the same region, for events that could not be logged. Its \
             policy stays yours. Absent: the pipeline makes a queue that keeps messages for 14 days.",
        ),
        Attribute::bool("force_destroy").default(false).describe(
            "Whether destroy may delete rows, unread dead letters and targets of others on the rule. Set it, apply, \
             then destroy.",
        ),
        Attribute::bool("retain_table").default(false).describe("Whether destroy leaves the table and its rows."),
    ]
}

fn log_table() -> Attribute {
    let capacity = || Check::range(1, 40_000);
    let fields = [
            Attribute::string("arn").optional().check(Check::arn()).describe(
                "ARN of a table of yours, of the same account and region, with the keys `PK` and `SK`, both strings. \
                 Then no other field may be set.",
            ),
            Attribute::string("billing_mode")
                .default("PAY_PER_REQUEST")
                .check(Check::one_of(&["PAY_PER_REQUEST", "PROVISIONED"]))
                .describe("`PAY_PER_REQUEST` or `PROVISIONED`."),
            Attribute::number("read_capacity")
                .optional()
                .check(capacity())
                .describe("Read capacity units of a `PROVISIONED` table."),
            Attribute::number("write_capacity")
                .optional()
                .check(capacity())
                .describe("Write capacity units of a `PROVISIONED` table."),
            Attribute::string("table_class")
                .default("STANDARD")
                .check(Check::one_of(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"]))
                .describe("`STANDARD` or `STANDARD_INFREQUENT_ACCESS`."),
            Attribute::bool("point_in_time_recovery").default(false).describe("Whether to keep continuous backups."),
            Attribute::bool("deletion_protection")
                .default(false)
                .describe("Whether AWS refuses to delete the table. Destroy never lifts it: unset it and apply first."),
            Attribute::number("ttl_days").optional().check(Check::range(1, 36_500)).describe(
                "Days after which rows expire, through the attribute `ExpiresAt`. For rows written from then on. \
                 DynamoDB takes one switch of it (on or off) an hour.",
            ),
            Attribute::string("kms_key_arn").optional().check(Check::arn()).describe(
                "ARN of a customer managed key to encrypt the table with. The role gets the rights it needs; who \
                 applies needs `kms:CreateGrant` and `kms:DescribeKey` on it.",
            ),
            Attribute::string("stream_view_type")
                .optional()
                .check(Check::one_of(&["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]))
                .describe("What the table's stream holds. Absent: no stream."),
        ];
    let defaults = defaults_of(&fields);
    Attribute::nested("log_table", Nesting::Single, fields)
        .default(defaults)
        .describe(
            "The table: settings of the one that the pipeline makes, or `arn` of one of yours.",
        )
}

fn log_function() -> Attribute {
    let fields = [
            Attribute::string("arn").optional().check(Check::arn()).describe(
                "ARN of a function, version or alias of yours. The pipeline then only lets the rule invoke it, and \
                 makes neither role nor log group; no other field may be set.",
            ),
            Attribute::number("memory_size").default(128).check(Check::range(128, 10_240)).describe("Memory in MB."),
            Attribute::number("timeout").default(10).check(Check::range(1, 900)).describe("Timeout in seconds."),
            Attribute::string("architecture")
                .default("arm64")
                .check(Check::one_of(&["arm64", "x86_64"]))
                .describe("`arm64` or `x86_64`."),
            Attribute::number("reserved_concurrent_executions")
                .optional()
                .check(Check::range(0, 100_000))
                .describe("Concurrent executions reserved for the function. Absent: none are."),
            Attribute::number("maximum_event_age_in_seconds")
                .default(21_600)
                .check(Check::range(60, 21_600))
                .describe("How long Lambda keeps trying one event."),
            Attribute::number("maximum_retry_attempts")
                .default(2)
                .check(Check::range(0, 2))
                .describe("How often Lambda tries a failed event again, before the dead-letter queue."),
            Attribute::string("role_arn")
                .optional()
                .check(Check::arn())
                .describe("ARN of a role of yours for the function. Absent: the pipeline makes one."),
            Attribute::string("permissions_boundary")
                .optional()
                .check(Check::arn())
                .describe("ARN of a policy that bounds the role that the pipeline makes."),
            Attribute::string("role_path")
                .default("/")
                .check(Check::matches(r"/|/[!-~]{1,510}/", "a path that begins and ends with `/`"))
                .describe("IAM path of that role. A change makes the role anew and moves the function to it."),
            Attribute::string("tracing")
                .default("PassThrough")
                .check(Check::one_of(&["PassThrough", "Active"]))
                .describe("X-Ray tracing: `PassThrough` or `Active`."),
            Attribute::number("log_retention_days")
                .default(30)
                .check(Check::new("must be a retention time of CloudWatch Logs", check_retention))
                .describe("Days the log group keeps lines, of AWS's enumeration (1, 3, 5, 7, 14, 30, …); 0: for ever."),
            Attribute::bool("log_events").default(false).describe("Whether the log line holds the whole event."),
            Attribute::new("environment", Type::map(Type::String))
                .optional()
                .check(Check::matches("[A-Za-z][A-Za-z0-9_]+", "a variable name").keys())
                .check(Check::new("may not hold names of the writer's or of Lambda's", check_environment))
                .describe(
                    "Environment variables of yours. Names that start with `LOG_` are the writer's, and some are \
                     Lambda's (`AWS_REGION`); all of them together, `log_item` included, have 4 KB.",
                ),
        ];
    let defaults = defaults_of(&fields);
    Attribute::nested("log_function", Nesting::Single, fields).default(defaults).describe(
        "The log writer: settings of the function that the pipeline makes, or `arn` of one of yours.",
    )
}

fn retry_policy() -> Attribute {
    Attribute::nested(
        "retry_policy",
        Nesting::Single,
        [
            Attribute::number("maximum_event_age_in_seconds")
                .optional()
                .check(Check::range(60, 86_400))
                .describe("How long EventBridge keeps trying to hand an event to Lambda."),
            Attribute::number("maximum_retry_attempts")
                .optional()
                .check(Check::range(0, 185))
                .describe("How often it tries."),
        ],
    )
    .optional()
    .describe("Retries of the hand-over to Lambda only; what the writer fails on is retried by Lambda (`log_function`).")
}

fn smoke_test() -> Attribute {
    Attribute::nested(
        "smoke_test",
        Nesting::Single,
        [
            Attribute::string("event").required().check(Check::json()).describe(
                "The event to publish, JSON with `source`, `detail-type` and `detail`.",
            ),
            Attribute::string("timeout")
                .default("60s")
                .check(Check::text("must be a duration, such as \"60s\"", |text| {
                    parse_duration(text).map(drop)
                }))
                .describe("How long to wait for its row."),
        ],
    )
    .optional()
    .describe(
        "After create and after an update that changed anything: publish this event, wait for its row, compare and \
         delete it.",
    )
}

fn results() -> Vec<Attribute> {
    let text = |name: &'static str, markdown: &'static str| {
        Attribute::string(name).computed().describe(markdown)
    };
    vec![
        text("id", "Name of the pipeline."),
        Attribute::bool("owns_event_bus").computed().describe("Whether the pipeline made the bus and owns it."),
        text("event_bus_arn", "ARN of the bus."),
        text("rule_arn", "ARN of the rule."),
        text("log_table_arn", "ARN of the table."),
        text("log_table_name", "Name of the table."),
        text("log_function_arn", "ARN of the function."),
        text("role_arn", "ARN of the function's role; null with a function of yours."),
        text("queue_arn", "ARN of the dead-letter queue."),
        text("put_events_policy", "An IAM policy document that lets its bearer publish to the bus."),
        text("sample_event", "An event that the default pattern matches; null for another pattern."),
        text("writer_sha256", "Hash of the writer's code and settings; null with a function of yours."),
        Attribute::new("drift", Type::map(Type::String)).computed().describe(
            "What is wrong with parts that have no argument of their own, by part. Planned as empty: apply repairs it.",
        ),
        Attribute::bool("smoke_test_passed").computed().describe(
            "Whether the last smoke test passed; null without one. False: the next apply runs it again.",
        ),
    ]
}

/// What the whole argument is when it is absent: its fields' own defaults.
fn defaults_of(fields: &[Attribute]) -> Value {
    Value::map(
        fields
            .iter()
            .map(|f| (f.name, f.default.clone().unwrap_or_default())),
    )
}

/// The default row as the argument's default.
fn default_item() -> Value {
    Value::map(log_item::DEFAULT.map(|(attribute, value)| (attribute, Value::from(value))))
}

/// Whether two `log_item` make the same rows: with an `SK` that one of them leaves out.
fn same_rows(a: &Value, b: &Value) -> bool {
    let rows = |item| log_item::effective(Some(&conventions::text_map(item)));
    rows(a) == rows(b)
}

fn check_item(value: &Value) -> Result<(), String> {
    let item = conventions::text_map(value);
    let findings = log_item::check(&item);
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = findings
        .iter()
        .map(|f| format!("{}: {}", f.attribute, f.message))
        .collect();
    Err(lines.join("\n"))
}

fn check_retention(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(days) if RETENTION_DAYS.contains(&days) => Ok(()),
        _ => Err(format!(
            "{} is not a retention time of CloudWatch Logs; write one of {}",
            value.to_json(),
            RETENTION_DAYS.map(|d| d.to_string()).join(", ")
        )),
    }
}

fn check_environment(value: &Value) -> Result<(), String> {
    for (name, _) in value.entries().into_iter().flatten() {
        if name.starts_with(package::PREFIX) {
            return Err(format!(
                "{name:?} starts with LOG_, which is the writer's own; choose another name"
            ));
        }
        if LAMBDAS_VARIABLES.contains(&name.as_str()) {
            return Err(format!(
                "{name:?} is set by Lambda and can't be yours; choose another name"
            ));
        }
    }
    Ok(())
}
