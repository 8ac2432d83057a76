//! A target's state as PutTargets takes it.

use crate::aws::Tags;
use crate::aws::events as aws;
use crate::provider::Value;
use crate::provider::conventions::text_map;

/// The target; a block that says nothing is not sent.
pub fn target(state: &Value) -> aws::Target {
    let block = |name: &str| state.get(name).at(0);
    let when = |name: &str, says: &[&str]| {
        let block = block(name);
        let said = says.iter().any(|argument| is_set(block.get(argument)));
        said.then_some(block)
    };
    aws::Target {
        id: super::id_of(state).to_owned(),
        arn: text(state, "arn").unwrap_or_default(),
        role_arn: text(state, "role_arn"),
        input: text(state, "input"),
        input_path: text(state, "input_path"),
        input_transformer: when("input_transformer", &["input_template"]).map(input_transformer),
        kinesis: when("kinesis_target", &["partition_key_path"]).map(kinesis),
        run_command: state
            .get("run_command_targets")
            .items()
            .iter()
            .map(run_command)
            .collect(),
        ecs: when("ecs_target", &["task_definition_arn"]).map(ecs),
        batch: when("batch_target", &["job_definition", "job_name"]).map(batch),
        sqs: when("sqs_target", &["message_group_id"]).map(sqs),
        http: when(
            "http_target",
            &[
                "path_parameter_values",
                "header_parameters",
                "query_string_parameters",
            ],
        )
        .map(http),
        redshift: when("redshift_target", &["database"]).map(redshift),
        sagemaker: when("sagemaker_pipeline_target", &["pipeline_parameter_list"]).map(sagemaker),
        dead_letter: when("dead_letter_config", &["arn"]).map(dead_letter),
        retry_policy: when(
            "retry_policy",
            &["maximum_event_age_in_seconds", "maximum_retry_attempts"],
        )
        .map(retry_policy),
        appsync: when("appsync_target", &["graphql_operation"]).map(appsync),
    }
}

fn input_transformer(block: &Value) -> aws::InputTransformer {
    aws::InputTransformer {
        input_paths: text_map(block.get("input_paths")),
        input_template: text(block, "input_template").unwrap_or_default(),
    }
}

fn kinesis(block: &Value) -> aws::Kinesis {
    aws::Kinesis {
        partition_key_path: text(block, "partition_key_path").unwrap_or_default(),
    }
}

fn run_command(block: &Value) -> aws::RunCommandTarget {
    aws::RunCommandTarget {
        key: text(block, "key").unwrap_or_default(),
        values: texts(block, "values"),
    }
}

fn ecs(block: &Value) -> aws::Ecs {
    let each = |name: &str| block.get(name).items().iter();
    let flag = |name: &str| block.get(name).as_bool().unwrap_or(false);
    aws::Ecs {
        task_definition_arn: text(block, "task_definition_arn").unwrap_or_default(),
        task_count: number(block, "task_count"),
        launch_type: text(block, "launch_type"),
        network_configuration: block
            .get("network_configuration")
            .items()
            .first()
            .map(network),
        platform_version: text(block, "platform_version"),
        group: text(block, "group"),
        capacity_provider_strategy: each("capacity_provider_strategy")
            .map(|item| aws::CapacityProvider {
                capacity_provider: text(item, "capacity_provider").unwrap_or_default(),
                weight: number(item, "weight").unwrap_or(0),
                base: number(item, "base").unwrap_or(0),
            })
            .collect(),
        enable_ecs_managed_tags: flag("enable_ecs_managed_tags"),
        enable_execute_command: flag("enable_execute_command"),
        placement_constraints: each("placement_constraint")
            .map(|item| aws::PlacementConstraint {
                kind: text(item, "type"),
                expression: text(item, "expression"),
            })
            .collect(),
        placement_strategy: each("ordered_placement_strategy")
            .map(|item| aws::PlacementStrategy {
                kind: text(item, "type"),
                field: text(item, "field"),
            })
            .collect(),
        propagate_tags: text(block, "propagate_tags"),
        reference_id: None,
        tags: Tags::from_iter(text_map(block.get("tags"))),
    }
}

fn network(block: &Value) -> aws::NetworkConfiguration {
    let public = block.get("assign_public_ip").as_bool() == Some(true);
    aws::NetworkConfiguration {
        aws_vpc: Some(aws::AwsVpc {
            subnets: texts(block, "subnets"),
            security_groups: texts(block, "security_groups"),
            assign_public_ip: Some(if public { "ENABLED" } else { "DISABLED" }.to_owned()),
        }),
    }
}

fn batch(block: &Value) -> aws::Batch {
    aws::Batch {
        job_definition: text(block, "job_definition").unwrap_or_default(),
        job_name: text(block, "job_name").unwrap_or_default(),
        array_size: number(block, "array_size"),
        job_attempts: number(block, "job_attempts"),
    }
}

fn sqs(block: &Value) -> aws::Sqs {
    aws::Sqs {
        message_group_id: text(block, "message_group_id"),
    }
}

fn http(block: &Value) -> aws::Http {
    aws::Http {
        path_parameter_values: texts(block, "path_parameter_values"),
        header_parameters: text_map(block.get("header_parameters")),
        query_string_parameters: text_map(block.get("query_string_parameters")),
    }
}

fn redshift(block: &Value) -> aws::Redshift {
    aws::Redshift {
        database: text(block, "database").unwrap_or_default(),
        db_user: text(block, "db_user"),
        secrets_manager_arn: text(block, "secrets_manager_arn"),
        sql: text(block, "sql"),
        sqls: texts(block, "sqls"),
        statement_name: text(block, "statement_name"),
        with_event: block.get("with_event").as_bool().unwrap_or(false),
    }
}

fn sagemaker(block: &Value) -> Vec<aws::SageMakerParameter> {
    let parameters = block.get("pipeline_parameter_list").items().iter();
    parameters
        .map(|item| aws::SageMakerParameter {
            name: text(item, "name").unwrap_or_default(),
            value: item.get("value").as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn dead_letter(block: &Value) -> aws::DeadLetterConfig {
    aws::DeadLetterConfig {
        arn: text(block, "arn"),
    }
}

/// One field alone is sent alone: 0 for the other would be refused.
fn retry_policy(block: &Value) -> aws::RetryPolicy {
    aws::RetryPolicy {
        maximum_event_age_in_seconds: number(block, "maximum_event_age_in_seconds"),
        maximum_retry_attempts: number(block, "maximum_retry_attempts"),
    }
}

fn appsync(block: &Value) -> aws::AppSync {
    aws::AppSync {
        graphql_operation: text(block, "graphql_operation"),
    }
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Map(_) => value.set_entries().next().is_some(),
        other => crate::provider::validate::is_set(other),
    }
}

fn text(block: &Value, name: &str) -> Option<String> {
    block.get(name).as_set_str().map(str::to_owned)
}

fn texts(block: &Value, name: &str) -> Vec<String> {
    let items = block.get(name).items().iter();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn number(block: &Value, name: &str) -> Option<i32> {
    block.get(name).as_i64().and_then(|n| i32::try_from(n).ok())
}
