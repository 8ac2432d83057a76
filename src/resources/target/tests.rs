//! Targets of every kind between state and API, and what plans make of them.

use super::*;
use crate::provider::conform::conform;

fn list(entries: &[(&str, Value)]) -> Value {
    Value::List(vec![Value::map(
        entries.iter().map(|(k, v)| (*k, v.clone())),
    )])
}

fn full() -> Vec<(&'static str, Value)> {
    let arn = |text: &str| Value::from(format!("arn:aws:{text}"));
    let texts = |items: &[&str]| Value::from(items.to_vec());
    let map = |key: &str, value: &str| Value::map([(key, Value::from(value))]);
    vec![
        (
            "appsync_target",
            list(&[("graphql_operation", "mutation M{a}".into())]),
        ),
        (
            "batch_target",
            list(&[
                ("job_definition", "d".into()),
                ("job_name", "n".into()),
                ("array_size", 2.into()),
                ("job_attempts", 3.into()),
            ]),
        ),
        (
            "dead_letter_config",
            list(&[("arn", arn("sqs:us-east-1:1:d"))]),
        ),
        (
            "ecs_target",
            list(&[
                (
                    "task_definition_arn",
                    arn("ecs:us-east-1:1:task-definition/t"),
                ),
                ("task_count", 2.into()),
                ("launch_type", "FARGATE".into()),
                ("platform_version", "1.1.0".into()),
                ("group", "g".into()),
                ("enable_ecs_managed_tags", true.into()),
                ("enable_execute_command", true.into()),
                ("propagate_tags", "TASK_DEFINITION".into()),
                ("tags", map("a", "b")),
                (
                    "network_configuration",
                    list(&[
                        ("subnets", texts(&["s-1", "s-2"])),
                        ("security_groups", texts(&["sg"])),
                        ("assign_public_ip", true.into()),
                    ]),
                ),
                (
                    "capacity_provider_strategy",
                    list(&[
                        ("capacity_provider", "FARGATE_SPOT".into()),
                        ("base", 1.into()),
                        ("weight", 100.into()),
                    ]),
                ),
                (
                    "placement_constraint",
                    list(&[("type", "memberOf".into()), ("expression", "x == y".into())]),
                ),
                (
                    "ordered_placement_strategy",
                    list(&[("type", "spread".into()), ("field", "host".into())]),
                ),
            ]),
        ),
        (
            "http_target",
            list(&[
                ("path_parameter_values", texts(&["b", "a"])),
                ("header_parameters", map("X-A", "1")),
                ("query_string_parameters", map("q", "$.detail")),
            ]),
        ),
        (
            "input_transformer",
            list(&[
                ("input_paths", map("id", "$.id")),
                ("input_template", "{\n  \"id\": <id>\n}\n".into()),
            ]),
        ),
        (
            "kinesis_target",
            list(&[("partition_key_path", "$.detail.id".into())]),
        ),
        (
            "redshift_target",
            list(&[
                ("database", "d".into()),
                ("db_user", "u".into()),
                ("secrets_manager_arn", "$.detail.secret".into()),
                ("sqls", texts(&["select 1", "select 2"])),
                ("statement_name", "s".into()),
                ("with_event", true.into()),
            ]),
        ),
        (
            "retry_policy",
            list(&[
                ("maximum_event_age_in_seconds", 60.into()),
                ("maximum_retry_attempts", 0.into()),
            ]),
        ),
        (
            "run_command_targets",
            list(&[("key", "tag:Name".into()), ("values", texts(&["b", "a"]))]),
        ),
        (
            "sagemaker_pipeline_target",
            list(&[(
                "pipeline_parameter_list",
                list(&[("name", "n".into()), ("value", "v".into())]),
            )]),
        ),
        ("sqs_target", list(&[("message_group_id", "g".into())])),
    ]
}

fn state(blocks: &[(&str, Value)]) -> Value {
    let mut state = Value::map([
        ("rule", Value::from("orders/placed")),
        ("event_bus_name", "orders".into()),
        ("target_id", "one".into()),
        ("id", "orders-placed-one".into()),
        ("arn", "arn:aws:sqs:us-east-1:123456789012:q".into()),
        ("force_destroy", false.into()),
        ("region", "us-east-1".into()),
    ]);
    for (name, value) in blocks {
        state.set(name, value.clone());
    }
    let mut misfits = Vec::new();
    let state = conform(&schema::schema().block, state, &mut misfits);
    assert_eq!(misfits, []);
    state
}

/// To the API's form and back, read as `like` is written.
fn there_and_back(sent: &Value, like: &Value) -> Value {
    let place = Place::of(sent).expect("a place");
    let target = Target::default();
    let read = target.state_of(&to_aws::target(sent), &place, like);
    conform(&target.block, read, &mut Vec::new())
}

#[test]
fn every_block_goes_to_aws_and_comes_back() {
    for (name, block) in full() {
        let state = state(&[(name, block)]);
        let sent = to_aws::target(&state);
        assert_ne!(sent, to_aws::target(&self::state(&[])), "{name} is sent");
        assert_eq!(there_and_back(&state, &state), state, "{name}");
        let imported = Value::map(
            [
                "rule",
                "event_bus_name",
                "target_id",
                "id",
                "force_destroy",
                "region",
            ]
            .map(|argument| (argument, state.get(argument).clone())),
        );
        assert_eq!(there_and_back(&state, &imported), state, "{name}, imported");
    }
}

#[test]
fn a_block_that_goes_is_seen() {
    let bare = state(&[]);
    for (name, block) in full() {
        let with = state(&[(name, block)]);
        assert_eq!(there_and_back(&bare, &with), bare, "{name} removed outside");
        assert_eq!(there_and_back(&with, &bare), with, "{name} added outside");
    }
}

#[test]
fn empty_blocks_are_not_sent_and_stay_as_written() {
    let empty = Value::List(vec![Value::map::<&str>([])]);
    for name in [
        "appsync_target",
        "dead_letter_config",
        "http_target",
        "retry_policy",
        "sagemaker_pipeline_target",
        "sqs_target",
    ] {
        let state = state(&[(name, empty.clone())]);
        assert_eq!(
            to_aws::target(&state),
            to_aws::target(&self::state(&[])),
            "{name}"
        );
        assert_eq!(there_and_back(&state, &state), state, "{name}");
    }
}

#[test]
fn other_spellings_of_nothing_stay_as_written() {
    let http = list(&[
        ("path_parameter_values", Value::List(vec![])),
        ("header_parameters", Value::map::<&str>([])),
        (
            "query_string_parameters",
            Value::map([("q", Value::from("1"))]),
        ),
    ]);
    let ecs = list(&[
        (
            "task_definition_arn",
            "arn:aws:ecs:us-east-1:1:task-definition/t".into(),
        ),
        ("launch_type", "".into()),
        ("group", "".into()),
        ("tags", Value::map::<&str>([])),
        ("task_count", 1.into()),
        ("enable_ecs_managed_tags", false.into()),
        ("enable_execute_command", false.into()),
        (
            "capacity_provider_strategy",
            list(&[
                ("capacity_provider", "a".into()),
                ("base", 0.into()),
                ("weight", 0.into()),
            ]),
        ),
    ]);
    let state = state(&[
        ("http_target", http),
        ("ecs_target", ecs),
        ("role_arn", "".into()),
        ("input_path", "".into()),
    ]);
    assert_eq!(there_and_back(&state, &state), state);
}

#[test]
fn one_field_of_a_retry_policy_is_sent_alone() {
    let state = state(&[(
        "retry_policy",
        list(&[("maximum_event_age_in_seconds", 90.into())]),
    )]);
    let policy = to_aws::target(&state).retry_policy.expect("a policy");
    assert_eq!(policy.maximum_event_age_in_seconds, Some(90));
    assert_eq!(policy.maximum_retry_attempts, None);
}

#[test]
fn equal_inputs_are_kept_as_written() {
    let ours = state(&[("input", "{ \"a\": 1.0,\n \"b\": \"<\" }".into())]);
    let theirs = state(&[("input", "{\"b\":\"\\u003c\",\"a\":1}".into())]);
    assert_eq!(there_and_back(&theirs, &ours), ours);
}

fn imported(id: &str) -> Option<(String, String, String)> {
    let mut out = Diagnostics::new();
    let state = Target::default().import(&ImportBy::Id(id.into()), &mut out)?;
    let text = |name: &str| {
        state
            .value
            .get(name)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Some((text("event_bus_name"), text("rule"), text("target_id")))
}

#[test]
fn import_ids_of_every_form_are_read() {
    let bus = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
    for (id, wanted) in [
        ("placed/one".to_owned(), ("default", "placed", "one")),
        ("orders/placed/one".to_owned(), ("orders", "placed", "one")),
        (format!("{bus}/placed/one"), (bus, "placed", "one")),
        (
            "aws.partner/a.com/b/placed/one@eu-west-1".to_owned(),
            ("aws.partner/a.com/b", "placed", "one"),
        ),
    ] {
        let (bus, rule, target) = wanted;
        assert_eq!(
            imported(&id),
            Some((bus.into(), rule.into(), target.into())),
            "{id}"
        );
    }
    for id in ["", "placed", "placed/", "/one", "a/b/c/d", "placed-one"] {
        assert_eq!(imported(id), None, "{id}");
    }
}

#[test]
fn a_moved_state_plans_no_change() {
    let from = MoveFrom {
        provider: "hashicorp/aws".into(),
        type_name: "aws_cloudwatch_event_target".into(),
        schema_version: 1,
        state: serde_json::json!({
            "rule": "placed", "event_bus_name": "orders", "target_id": "one", "id": "orders-placed-one",
            "arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c", "role_arn": "arn:aws:iam::123456789012:role/r",
            "input": "", "input_path": "", "force_destroy": false, "input_transformer": [], "http_target": [],
            "retry_policy": [{"maximum_event_age_in_seconds": 60, "maximum_retry_attempts": 185}],
            "ecs_target": [{
                "task_definition_arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/t", "task_count": 1,
                "launch_type": "", "platform_version": "", "group": "", "propagate_tags": "", "tags": {},
                "enable_ecs_managed_tags": false, "enable_execute_command": false,
                "network_configuration": [{"subnets": ["s"], "security_groups": [], "assign_public_ip": false}],
                "capacity_provider_strategy": [{"capacity_provider": "a", "base": 0, "weight": 1}],
                "placement_constraint": [], "ordered_placement_strategy": []
            }]
        })
        .as_object()
        .cloned()
        .unwrap_or_default(),
    };
    let block = schema::schema().block;
    let mut prior =
        crate::resources::shared::moves::from_aws(&from, "aws_cloudwatch_event_target", &block)
            .unwrap();
    Target::default().moved(&from, &mut prior);
    let prior = conform(&block, prior, &mut Vec::new());
    let retry = list(&[
        ("maximum_event_age_in_seconds", 60.into()),
        ("maximum_retry_attempts", 185.into()),
    ]);
    let network = list(&[("subnets", Value::from(vec!["s"]))]);
    let strategy = list(&[("capacity_provider", "a".into()), ("weight", 1.into())]);
    let ecs = list(&[
        (
            "task_definition_arn",
            "arn:aws:ecs:us-east-1:123456789012:task-definition/t".into(),
        ),
        ("network_configuration", network),
        ("capacity_provider_strategy", strategy),
    ]);
    let config = Value::map([
        ("rule", Value::from("placed")),
        ("event_bus_name", "orders".into()),
        ("target_id", "one".into()),
        ("arn", "arn:aws:ecs:us-east-1:123456789012:cluster/c".into()),
        ("role_arn", "arn:aws:iam::123456789012:role/r".into()),
        ("retry_policy", retry),
        ("ecs_target", ecs),
    ]);
    let config = conform(&block, config, &mut Vec::new());
    let plan = Plan::new(&block, &config, Some(&prior));
    assert!(
        !plan.changes_besides(&["region"]),
        "{:#?}\n{:#?}",
        plan.planned,
        prior
    );
}
