//! Buses and rules.

use serde_json::json;

use super::Move;

const BUS_ARN: &str = "arn:aws:events:us-east-1:123456789012:event-bus/orders";

#[tokio::test]
async fn a_bus_of_version_5() {
    let bus = Move {
        noun: "bus",
        version: 0,
        state: json!({
            "arn": BUS_ARN, "id": "orders", "name": "orders", "description": "", "event_source_name": "",
            "kms_key_identifier": "", "dead_letter_config": [], "tags": {"team": "shop"},
            "tags_all": {"team": "shop"},
        }),
        // Its ARN tells the region.
        becomes: json!({
            "arn": BUS_ARN, "id": "orders", "name": "orders", "region": "us-east-1", "adopt": false,
            "adopt_default": false, "tags": {"team": "shop"}, "tags_all": {"team": "shop"},
        }),
        config: json!({ "name": "orders", "region": "us-east-1", "tags": {"team": "shop"} }),
    };
    bus.check().await;
}

#[tokio::test]
async fn a_bus_of_version_6() {
    let bus = Move {
        noun: "bus",
        version: 0,
        state: json!({
            "arn": BUS_ARN, "id": "orders", "name": "orders", "description": "all orders", "event_source_name": null,
            "kms_key_identifier": "alias/orders", "region": "us-east-1",
            "dead_letter_config": [{"arn": "arn:aws:sqs:us-east-1:123456789012:dead"}],
            "log_config": [{"include_detail": "FULL", "level": "TRACE"}], "tags": null, "tags_all": {},
        }),
        becomes: json!({
            "arn": BUS_ARN, "id": "orders", "name": "orders", "description": "all orders",
            "kms_key_identifier": "alias/orders", "region": "us-east-1", "adopt": false, "adopt_default": false,
            "dead_letter_config": [{"arn": "arn:aws:sqs:us-east-1:123456789012:dead"}],
            "log_config": [{"include_detail": "FULL", "level": "TRACE"}], "tags_all": {},
        }),
        config: json!({
            "name": "orders", "description": "all orders", "kms_key_identifier": "alias/orders", "region": "us-east-1",
            "dead_letter_config": [{"arn": "arn:aws:sqs:us-east-1:123456789012:dead"}],
            "log_config": [{"include_detail": "FULL", "level": "TRACE"}],
        }),
    };
    bus.check().await;
}

#[tokio::test]
async fn a_rule_of_version_4_with_its_flag() {
    for enabled in [true, false] {
        let state = if enabled { "ENABLED" } else { "DISABLED" };
        let rule = Move {
            noun: "rule",
            version: 0,
            state: json!({
                "arn": "arn:aws:events:eu-west-1:123456789012:rule/hourly", "id": "hourly", "name": "hourly",
                "name_prefix": "", "description": "", "event_bus_name": "default", "event_pattern": null,
                "schedule_expression": "rate(1 hour)", "is_enabled": enabled, "role_arn": "", "tags": {},
                "tags_all": {},
            }),
            becomes: json!({
                "arn": "arn:aws:events:eu-west-1:123456789012:rule/hourly", "id": "hourly", "name": "hourly",
                "event_bus_name": "default", "schedule_expression": "rate(1 hour)", "is_enabled": enabled,
                "state": state, "region": "eu-west-1", "adopt": false, "force_destroy": false,
                "remove_targets_on_destroy": false, "tags_all": {},
            }),
            config: json!({ "name": "hourly", "schedule_expression": "rate(1 hour)", "is_enabled": enabled }),
        };
        rule.check().await;
    }
}

#[tokio::test]
async fn a_rule_of_version_5_on_a_bus() {
    let pattern = r#"{"detail":{"total":[{"numeric":[">",100]}]},"source":["shop.orders"]}"#;
    let rule = Move {
        noun: "rule",
        version: 1,
        state: json!({
            "arn": "arn:aws:events:eu-west-1:123456789012:rule/orders/big", "id": "orders/big", "name": "big",
            "name_prefix": "", "description": "big orders", "event_bus_name": "orders", "event_pattern": pattern,
            "schedule_expression": "", "is_enabled": null, "state": "DISABLED",
            "role_arn": "arn:aws:iam::123456789012:role/rule", "force_destroy": false, "tags": null, "tags_all": {},
        }),
        becomes: json!({
            "arn": "arn:aws:events:eu-west-1:123456789012:rule/orders/big", "id": "orders/big", "name": "big",
            "description": "big orders", "event_bus_name": "orders", "event_pattern": pattern, "state": "DISABLED",
            "role_arn": "arn:aws:iam::123456789012:role/rule", "region": "eu-west-1", "adopt": false,
            "force_destroy": false, "remove_targets_on_destroy": false, "tags_all": {},
        }),
        config: json!({
            // As it stood in the configuration: the old provider stored it sorted.
            "event_pattern": r#"{"source": ["shop.orders"], "detail": {"total": [{"numeric": [">", 100]}]}}"#,
            "name": "big", "description": "big orders", "event_bus_name": "orders", "state": "DISABLED",
            "role_arn": "arn:aws:iam::123456789012:role/rule",
        }),
    };
    rule.check().await;
}

#[tokio::test]
async fn a_rule_of_version_6_with_a_generated_name() {
    let name = "nightly-20240501120000000000000001";
    let arn = format!("arn:aws:events:us-east-1:123456789012:rule/{name}");
    let rule = Move {
        noun: "rule",
        version: 1,
        state: json!({
            "arn": arn, "id": name, "name": name, "name_prefix": "nightly-", "description": null,
            "event_bus_name": "default", "event_pattern": null, "schedule_expression": "cron(0 3 * * ? *)",
            "is_enabled": null, "state": null, "role_arn": null, "force_destroy": true, "region": "us-east-1",
            "tags": null, "tags_all": {},
        }),
        becomes: json!({
            "arn": arn, "id": name, "name": name, "name_prefix": "nightly-", "event_bus_name": "default",
            "schedule_expression": "cron(0 3 * * ? *)", "state": "ENABLED", "force_destroy": true,
            "region": "us-east-1", "adopt": false, "remove_targets_on_destroy": false, "tags_all": {},
        }),
        config: json!({
            "name_prefix": "nightly-", "schedule_expression": "cron(0 3 * * ? *)", "force_destroy": true,
            "region": "us-east-1",
        }),
    };
    rule.check().await;
}
