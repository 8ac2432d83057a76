//! What one service's targets need, save ECS.

use crate::provider::types::Type;
use crate::provider::{Attribute, Check, NestedBlock};

pub fn appsync() -> NestedBlock {
    NestedBlock::list("appsync_target")
        .max(1)
        .describe("For an AppSync GraphQL API: the operation that is run.")
        .attribute(
            Attribute::string("graphql_operation")
                .optional()
                .check(Check::length(1, 1_048_576))
                .describe("GraphQL operation."),
        )
}

pub fn batch() -> NestedBlock {
    NestedBlock::list("batch_target")
        .max(1)
        .describe("For a Batch job queue: the job that is submitted.")
        .attribute(
            Attribute::string("job_definition")
                .required()
                .check(Check::length(1, 2048))
                .describe("ARN or name of the job definition."),
        )
        .attribute(
            Attribute::string("job_name")
                .required()
                .check(Check::length(1, 2048))
                .describe("Name of the job."),
        )
        .attribute(
            Attribute::number("array_size")
                .optional()
                .check(Check::range(2, 10_000))
                .describe("Size of an array job: 2 to 10000."),
        )
        .attribute(
            Attribute::number("job_attempts")
                .optional()
                .check(Check::range(1, 10))
                .describe("How often the job is tried: 1 to 10 times."),
        )
}

pub fn http() -> NestedBlock {
    let keys = Check::length(1, 512).keys();
    NestedBlock::list("http_target")
        .max(1)
        .describe("For an API Gateway endpoint or an API destination: what goes into the request.")
        .attribute(
            Attribute::new("path_parameter_values", Type::list(Type::String))
                .optional()
                .describe("What stands for the `*` in the endpoint's path, in order."),
        )
        .attribute(
            Attribute::new("header_parameters", Type::map(Type::String))
                .optional()
                .check(keys.clone())
                .check(
                    Check::matches(
                        r"[0-9A-Za-z_!#$%&'*+,.^`|~-]+",
                        "a header name: letters, digits and _!#$%&'*+,.^`|~-",
                    )
                    .keys(),
                )
                .check(Check::length(0, 512).each())
                .check(
                    Check::matches(
                        r"[ \t]*[\x20-\x7E]*([ \t]+[\x20-\x7E]+)*[ \t]*",
                        "a header value: printable ASCII",
                    )
                    .each(),
                )
                .describe("Headers of the request."),
        )
        .attribute(
            Attribute::new("query_string_parameters", Type::map(Type::String))
                .optional()
                .check(keys)
                .check(
                    Check::matches(r"[^\x00-\x1F\x7F]+", "text without control characters").keys(),
                )
                .check(Check::length(0, 512).each())
                .check(
                    Check::matches(
                        r"[^\x00-\x09\x0B\x0C\x0E-\x1F\x7F]*",
                        "text without control characters",
                    )
                    .each(),
                )
                .describe("Query string of the request."),
        )
}

pub fn kinesis() -> NestedBlock {
    NestedBlock::list("kinesis_target")
        .max(1)
        .describe("For a Kinesis stream: how events spread over its shards. Without it by the event's id.")
        .attribute(
            Attribute::string("partition_key_path")
                .optional()
                .check(Check::length(1, 256))
                .describe("JSON path of the partition key, such as `$.detail.id`. Needed inside the block."),
        )
}

pub fn redshift() -> NestedBlock {
    let text = |name, max| {
        Attribute::string(name)
            .optional()
            .check(Check::length(1, max))
    };
    NestedBlock::list("redshift_target")
        .max(1)
        .describe("For a Redshift cluster or workgroup: the statement that is run.")
        .attribute(
            Attribute::string("database")
                .required()
                .check(Check::length(1, 64))
                .describe("Name of the database."),
        )
        .attribute(text("db_user", 128).describe("Database user, for temporary credentials."))
        .attribute(
            text("secrets_manager_arn", 1600)
                .check(Check::matches(
                    r"arn:.*|\$.*",
                    "the ARN of a secret, or a JSON path that leads to it, such as \"$.detail.secret\"",
                ))
                .describe("ARN of the secret with the database's credentials, or a JSON path that leads to it."),
        )
        .attribute(text("sql", 100_000).describe("SQL statement. Conflicts with `sqls`."))
        .attribute(
            Attribute::new("sqls", Type::list(Type::String))
                .optional()
                .check(Check::max_items(40))
                .check(Check::length(1, 100_000).each())
                .describe(
                    "SQL statements that run in order, as one transaction. Conflicts with `sql`.",
                ),
        )
        .attribute(text("statement_name", 500).describe("Name of the statement."))
        .attribute(
            Attribute::bool("with_event")
                .default(false)
                .describe("Whether an event is sent back when the statement has run."),
        )
}

pub fn run_command() -> NestedBlock {
    NestedBlock::list("run_command_targets")
        .max(5)
        .describe("For an SSM document: the instances it is run on. The service takes one block.")
        .attribute(
            Attribute::string("key")
                .required()
                .check(Check::length(1, 128))
                .describe("`InstanceIds` or `tag:NAME`."),
        )
        .attribute(
            Attribute::new("values", Type::list(Type::String))
                .required()
                .check(Check::not_empty())
                .check(Check::max_items(50))
                .check(Check::length(1, 256).each())
                .describe("Instance ids, or values of the tag."),
        )
}

pub fn sagemaker() -> NestedBlock {
    NestedBlock::list("sagemaker_pipeline_target")
        .max(1)
        .describe("For a SageMaker pipeline: its parameters.")
        .block(
            NestedBlock::set("pipeline_parameter_list")
                .max(200)
                .describe("One parameter, at most 200 of them.")
                .attribute(
                    Attribute::string("name")
                        .required()
                        .check(Check::length(1, 256))
                        .describe("Name of the parameter."),
                )
                .attribute(
                    Attribute::string("value")
                        .required()
                        .check(Check::length(0, 1024))
                        .describe("Its value."),
                ),
        )
}

pub fn sqs() -> NestedBlock {
    NestedBlock::list("sqs_target")
        .max(1)
        .describe("For an SQS queue.")
        .attribute(
            Attribute::string("message_group_id")
                .optional()
                .check(Check::length(1, 100))
                .describe("Message group; a FIFO queue needs it, a standard queue may have it (fair queues)."),
        )
}
