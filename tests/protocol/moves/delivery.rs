//! Bus policies, permissions, archives and global endpoints.

use serde_json::json;

use super::Move;

#[tokio::test]
async fn a_bus_policy_of_version_4() {
    let policy = r#"{"Statement":[{"Action":"events:PutEvents","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Resource":"*","Sid":"one"}],"Version":"2012-10-17"}"#;
    let bus_policy = Move {
        noun: "bus_policy",
        version: 0,
        state: json!({ "event_bus_name": "orders", "id": "orders", "policy": policy }),
        becomes: json!({ "event_bus_name": "orders", "id": "orders", "policy": policy, "adopt": false }),
        config: json!({ "event_bus_name": "orders", "policy": policy }),
    };
    bus_policy.check().await;
}

#[tokio::test]
async fn a_permission_of_version_5() {
    let permission = Move {
        noun: "permission",
        version: 0,
        state: json!({
            "action": "events:PutEvents", "condition": [], "event_bus_name": "default", "id": "shop",
            "principal": "123456789012", "statement_id": "shop",
        }),
        becomes: json!({
            "adopt": false, "action": "events:PutEvents", "event_bus_name": "default", "id": "shop", "principal": "123456789012",
            "statement_id": "shop",
        }),
        config: json!({ "principal": "123456789012", "statement_id": "shop" }),
    };
    permission.check().await;
}

#[tokio::test]
async fn a_permission_of_version_6_for_an_organization() {
    let condition =
        json!([{"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-1234567890"}]);
    let permission = Move {
        noun: "permission",
        version: 0,
        state: json!({
            "action": "events:PutEvents", "condition": condition, "event_bus_name": "orders", "id": "orders/all",
            "principal": "*", "statement_id": "all", "region": "us-east-1",
        }),
        becomes: json!({
            "adopt": false, "action": "events:PutEvents", "condition": condition, "event_bus_name": "orders", "id": "orders/all",
            "principal": "*", "statement_id": "all", "region": "us-east-1",
        }),
        config: json!({
            "condition": condition, "event_bus_name": "orders", "principal": "*", "statement_id": "all",
            "region": "us-east-1",
        }),
    };
    permission.check().await;
}

#[tokio::test]
async fn an_archive_of_version_4() {
    let arn = "arn:aws:events:us-east-1:123456789012:archive/orders";
    let bus = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
    let archive = Move {
        noun: "archive",
        version: 0,
        state: json!({
            "arn": arn, "id": "orders", "name": "orders", "description": "", "event_pattern": "",
            "event_source_arn": bus, "retention_days": 0,
        }),
        becomes: json!({
            "arn": arn, "id": "orders", "name": "orders", "event_source_arn": bus, "retention_days": 0,
            "region": "us-east-1", "adopt": false,
        }),
        config: json!({ "name": "orders", "event_source_arn": bus, "region": "us-east-1" }),
    };
    archive.check().await;
}

#[tokio::test]
async fn an_archive_of_version_6() {
    let arn = "arn:aws:events:eu-west-1:123456789012:archive/orders";
    let bus = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";
    let archive = Move {
        noun: "archive",
        version: 0,
        state: json!({
            "arn": arn, "id": "orders", "name": "orders", "description": "a month", "region": "eu-west-1",
            "event_pattern": r#"{"source":["shop"]}"#, "event_source_arn": bus, "retention_days": 30,
            "kms_key_identifier": "alias/archive",
        }),
        becomes: json!({
            "arn": arn, "id": "orders", "name": "orders", "description": "a month", "region": "eu-west-1",
            "event_pattern": r#"{"source":["shop"]}"#, "event_source_arn": bus, "retention_days": 30,
            "kms_key_identifier": "alias/archive", "adopt": false,
        }),
        config: json!({
            "name": "orders", "description": "a month", "event_pattern": r#"{ "source": ["shop"] }"#,
            "event_source_arn": bus, "retention_days": 30, "kms_key_identifier": "alias/archive",
        }),
    };
    archive.check().await;
}

#[tokio::test]
async fn an_endpoint_of_version_5() {
    let arn = "arn:aws:events:eu-west-1:123456789012:endpoint/orders";
    let buses = json!([
        {"event_bus_arn": "arn:aws:events:eu-west-1:123456789012:event-bus/orders"},
        {"event_bus_arn": "arn:aws:events:us-east-1:123456789012:event-bus/orders"},
    ]);
    let routing = json!([{"failover_config": [{
        "primary": [{"health_check": "arn:aws:route53:::healthcheck/abcdef11-2222-3333-4444-555555fedcba"}],
        "secondary": [{"route": "us-east-1"}],
    }]}]);
    let url = "https://abcde.veo.endpoints.event.amazonaws.com";
    let endpoint = Move {
        noun: "endpoint",
        version: 0,
        state: json!({
            "arn": arn, "id": "orders", "name": "orders", "description": "", "endpoint_url": url,
            "role_arn": "arn:aws:iam::123456789012:role/replication", "event_bus": buses,
            "replication_config": [{"state": "ENABLED"}], "routing_config": routing,
        }),
        becomes: json!({
            "arn": arn, "id": "orders", "name": "orders", "endpoint_url": url, "region": "eu-west-1", "adopt": false,
            "role_arn": "arn:aws:iam::123456789012:role/replication", "event_bus": buses,
            "replication_config": [{"state": "ENABLED"}], "routing_config": routing,
        }),
        config: json!({
            "name": "orders", "role_arn": "arn:aws:iam::123456789012:role/replication", "event_bus": buses,
            "replication_config": [{}], "routing_config": routing,
        }),
    };
    endpoint.check().await;
}
