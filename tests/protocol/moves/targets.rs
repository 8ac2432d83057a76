//! Targets, which have the most blocks and the most zeros.

use serde_json::{Value as Json, json};

use super::Move;

const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:q";

/// A target's state as the old provider writes it when nothing but the place
/// and the destination was set, and `more`.
fn stored(more: &Json) -> Json {
    let mut state = json!({
        "arn": QUEUE, "event_bus_name": "default", "force_destroy": false, "id": "placed-one", "input": "",
        "input_path": "", "role_arn": "", "rule": "placed", "target_id": "one", "appsync_target": [],
        "batch_target": [], "dead_letter_config": [], "ecs_target": [], "http_target": [], "input_transformer": [],
        "kinesis_target": [], "redshift_target": [], "retry_policy": [], "run_command_targets": [],
        "sagemaker_pipeline_target": [], "sqs_target": [],
    });
    add(&mut state, more);
    state
}

/// Ours, likewise.
fn becomes(more: &Json) -> Json {
    let mut state = json!({
        "arn": QUEUE, "event_bus_name": "default", "force_destroy": false, "id": "placed-one", "rule": "placed",
        "target_id": "one",
    });
    add(&mut state, more);
    state
}

fn config(more: &Json) -> Json {
    let mut config = json!({ "arn": QUEUE, "rule": "placed", "target_id": "one" });
    add(&mut config, more);
    config
}

fn add(object: &mut Json, more: &Json) {
    let more = more.as_object().expect("an object").clone();
    object.as_object_mut().expect("an object").extend(more);
}

async fn check(theirs: &Json, ours: &Json, written: &Json) {
    let target = Move {
        noun: "target",
        version: 1,
        state: stored(theirs),
        becomes: becomes(ours),
        config: config(written),
    };
    target.check().await;
}

#[tokio::test]
async fn nothing_but_a_queue() {
    // Its region is not told by the destination's ARN, but by the Read.
    check(&json!({}), &json!({}), &json!({})).await;
}

#[tokio::test]
async fn on_a_bus_of_version_6() {
    let place = json!({
        "event_bus_name": "orders", "id": "orders-placed-one", "region": "us-east-1",
        "input": r#"{"a": 1}"#, "role_arn": "arn:aws:iam::123456789012:role/r", "force_destroy": true,
    });
    let written = json!({
        "event_bus_name": "orders", "region": "us-east-1", "input": r#"{"a":1}"#,
        "role_arn": "arn:aws:iam::123456789012:role/r", "force_destroy": true,
    });
    check(&place, &place, &written).await;
}

#[tokio::test]
async fn empty_blocks() {
    // What SDK-based providers store for `sqs_target {}`.
    let theirs = json!({
        "sqs_target": [null], "dead_letter_config": [{"arn": ""}], "kinesis_target": [{"partition_key_path": ""}],
        "http_target": [{"header_parameters": {}, "path_parameter_values": [], "query_string_parameters": {}}],
    });
    let ours = json!({ "sqs_target": [{}], "dead_letter_config": [{}], "kinesis_target": [{}], "http_target": [{}] });
    check(&theirs, &ours, &ours).await;
}

#[tokio::test]
async fn a_retry_policy_with_a_zero() {
    // It may have been set or not: the Read tells.
    let theirs = json!({ "retry_policy": [{"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 0}] });
    let ours = json!({ "retry_policy": [{"maximum_event_age_in_seconds": 3600}] });
    check(&theirs, &ours, &ours).await;
}

#[tokio::test]
async fn every_block() {
    let ecs_set = json!({
        "task_definition_arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t:1", "task_count": 1,
        "enable_ecs_managed_tags": false, "enable_execute_command": false,
        "network_configuration": [{"subnets": ["subnet-1"], "assign_public_ip": false}],
        "capacity_provider_strategy": [{"capacity_provider": "spot", "base": 0, "weight": 1}],
        "placement_constraint": [{"type": "distinctInstance"}],
        "ordered_placement_strategy": [{"type": "random"}],
    });
    let mut ecs_stored = ecs_set.clone();
    add(
        &mut ecs_stored,
        &json!({ "launch_type": "", "platform_version": "", "group": "", "propagate_tags": "", "tags": {} }),
    );
    ecs_stored["network_configuration"][0]["security_groups"] = json!([]);
    ecs_stored["placement_constraint"][0]["expression"] = json!("");
    ecs_stored["ordered_placement_strategy"][0]["field"] = json!("");
    let transformer =
        json!([{"input_paths": {"id": "$.detail.id"}, "input_template": "{\"id\": <id>}"}]);
    let commands = json!([{"key": "tag:team", "values": ["shop"]}]);
    let pipeline = json!([{"pipeline_parameter_list": [{"name": "a", "value": "b"}]}]);
    let theirs = json!({
        "appsync_target": [{"graphql_operation": "mutation M { m }"}],
        "batch_target": [{"job_definition": "j", "job_name": "n", "array_size": 0, "job_attempts": 0}],
        "ecs_target": [ecs_stored], "input_transformer": transformer,
        "http_target": [{"header_parameters": {"X-A": "1"}, "path_parameter_values": [], "query_string_parameters": {}}],
        "redshift_target": [{
            "database": "d", "db_user": "", "secrets_manager_arn": "", "sql": "select 1", "statement_name": "",
            "with_event": false,
        }],
        "run_command_targets": commands, "sagemaker_pipeline_target": pipeline,
        "sqs_target": [{"message_group_id": "g"}],
    });
    let ours = json!({
        "appsync_target": [{"graphql_operation": "mutation M { m }"}],
        "batch_target": [{"job_definition": "j", "job_name": "n"}],
        "ecs_target": [ecs_set], "input_transformer": transformer,
        "http_target": [{"header_parameters": {"X-A": "1"}}],
        "redshift_target": [{"database": "d", "sql": "select 1", "with_event": false}],
        "run_command_targets": commands, "sagemaker_pipeline_target": pipeline,
        "sqs_target": [{"message_group_id": "g"}],
    });
    // A configuration of so many kinds is refused at validation; a move does not judge it.
    check(&theirs, &ours, &ours).await;
}
