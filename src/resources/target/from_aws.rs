//! A target as AWS answers it, as its blocks. The form that the user wrote is
//! put back afterwards (`shared::form`).

use crate::aws::events as aws;
use crate::provider::Value;

/// The target's own arguments and blocks.
pub fn target(target: &aws::Target) -> Value {
    let run_command = target.run_command.iter().map(run_command).collect();
    Value::map([
        ("target_id", Value::from(target.id.as_str())),
        ("arn", target.arn.as_str().into()),
        ("role_arn", target.role_arn.clone().into()),
        ("input", target.input.clone().into()),
        ("input_path", target.input_path.clone().into()),
        ("appsync_target", block(&target.appsync, appsync)),
        ("batch_target", block(&target.batch, batch)),
        (
            "dead_letter_config",
            block(&target.dead_letter, dead_letter),
        ),
        ("ecs_target", block(&target.ecs, ecs)),
        ("http_target", block(&target.http, http)),
        (
            "input_transformer",
            block(&target.input_transformer, input_transformer),
        ),
        ("kinesis_target", block(&target.kinesis, kinesis)),
        ("redshift_target", block(&target.redshift, redshift)),
        ("retry_policy", block(&target.retry_policy, retry_policy)),
        ("run_command_targets", Value::List(run_command)),
        (
            "sagemaker_pipeline_target",
            block(&target.sagemaker, |p| sagemaker(p)),
        ),
        ("sqs_target", block(&target.sqs, sqs)),
    ])
}

fn block<T>(parameters: &Option<T>, value: impl Fn(&T) -> Value) -> Value {
    Value::List(parameters.iter().map(value).collect())
}

fn appsync(parameters: &aws::AppSync) -> Value {
    Value::map([(
        "graphql_operation",
        parameters.graphql_operation.clone().into(),
    )])
}

fn batch(parameters: &aws::Batch) -> Value {
    Value::map([
        (
            "job_definition",
            Value::from(parameters.job_definition.as_str()),
        ),
        ("job_name", parameters.job_name.as_str().into()),
        // 0 is how some answers have "none".
        (
            "array_size",
            number(parameters.array_size.filter(|n| *n > 0)),
        ),
        (
            "job_attempts",
            number(parameters.job_attempts.filter(|n| *n > 0)),
        ),
    ])
}

fn dead_letter(config: &aws::DeadLetterConfig) -> Value {
    Value::map([("arn", config.arn.clone().into())])
}

fn ecs(parameters: &aws::Ecs) -> Value {
    let vpc = parameters.network_configuration.as_ref();
    let vpc = vpc.and_then(|network| network.aws_vpc.as_ref());
    let constraint = |item: &aws::PlacementConstraint| {
        Value::map([
            ("type", Value::from(item.kind.clone())),
            ("expression", item.expression.clone().into()),
        ])
    };
    let strategy = |item: &aws::PlacementStrategy| {
        Value::map([
            ("type", Value::from(item.kind.clone())),
            ("field", item.field.clone().into()),
        ])
    };
    let capacity_provider = |item: &aws::CapacityProvider| {
        Value::map([
            (
                "capacity_provider",
                Value::from(item.capacity_provider.as_str()),
            ),
            ("base", i64::from(item.base).into()),
            ("weight", i64::from(item.weight).into()),
        ])
    };
    Value::map([
        (
            "task_definition_arn",
            Value::from(parameters.task_definition_arn.as_str()),
        ),
        ("task_count", number(parameters.task_count)),
        ("launch_type", parameters.launch_type.clone().into()),
        (
            "platform_version",
            parameters.platform_version.clone().into(),
        ),
        ("group", parameters.group.clone().into()),
        (
            "enable_ecs_managed_tags",
            parameters.enable_ecs_managed_tags.into(),
        ),
        (
            "enable_execute_command",
            parameters.enable_execute_command.into(),
        ),
        ("propagate_tags", parameters.propagate_tags.clone().into()),
        ("tags", parameters.tags.clone().into()),
        (
            "network_configuration",
            Value::List(vpc.into_iter().map(network).collect()),
        ),
        (
            "capacity_provider_strategy",
            each(&parameters.capacity_provider_strategy, capacity_provider),
        ),
        (
            "placement_constraint",
            each(&parameters.placement_constraints, constraint),
        ),
        (
            "ordered_placement_strategy",
            each(&parameters.placement_strategy, strategy),
        ),
    ])
}

fn network(vpc: &aws::AwsVpc) -> Value {
    Value::map([
        ("subnets", Value::from(vpc.subnets.clone())),
        ("security_groups", vpc.security_groups.clone().into()),
        (
            "assign_public_ip",
            (vpc.assign_public_ip.as_deref() == Some("ENABLED")).into(),
        ),
    ])
}

fn http(parameters: &aws::Http) -> Value {
    Value::map([
        (
            "path_parameter_values",
            Value::from(parameters.path_parameter_values.clone()),
        ),
        (
            "header_parameters",
            parameters.header_parameters.clone().into(),
        ),
        (
            "query_string_parameters",
            parameters.query_string_parameters.clone().into(),
        ),
    ])
}

pub fn input_transformer(transformer: &aws::InputTransformer) -> Value {
    Value::map([
        ("input_paths", Value::from(transformer.input_paths.clone())),
        ("input_template", transformer.input_template.as_str().into()),
    ])
}

fn kinesis(parameters: &aws::Kinesis) -> Value {
    Value::map([(
        "partition_key_path",
        Value::from(parameters.partition_key_path.as_str()),
    )])
}

fn redshift(parameters: &aws::Redshift) -> Value {
    Value::map([
        ("database", Value::from(parameters.database.as_str())),
        ("db_user", parameters.db_user.clone().into()),
        (
            "secrets_manager_arn",
            parameters.secrets_manager_arn.clone().into(),
        ),
        ("sql", parameters.sql.clone().into()),
        ("sqls", parameters.sqls.clone().into()),
        ("statement_name", parameters.statement_name.clone().into()),
        ("with_event", parameters.with_event.into()),
    ])
}

pub fn retry_policy(policy: &aws::RetryPolicy) -> Value {
    Value::map([
        (
            "maximum_event_age_in_seconds",
            number(policy.maximum_event_age_in_seconds),
        ),
        (
            "maximum_retry_attempts",
            number(policy.maximum_retry_attempts),
        ),
    ])
}

fn run_command(target: &aws::RunCommandTarget) -> Value {
    Value::map([
        ("key", Value::from(target.key.as_str())),
        ("values", target.values.clone().into()),
    ])
}

fn sagemaker(parameters: &[aws::SageMakerParameter]) -> Value {
    let parameter = |item: &aws::SageMakerParameter| {
        Value::map([
            ("name", Value::from(item.name.as_str())),
            ("value", item.value.as_str().into()),
        ])
    };
    Value::map([("pipeline_parameter_list", each(parameters, parameter))])
}

fn sqs(parameters: &aws::Sqs) -> Value {
    Value::map([(
        "message_group_id",
        parameters.message_group_id.clone().into(),
    )])
}

fn each<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    Value::List(items.iter().map(value).collect())
}

fn number(n: Option<i32>) -> Value {
    n.map(i64::from).into()
}
