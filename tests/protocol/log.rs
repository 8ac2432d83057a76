//! What may stand on standard error: go-hclog's lines, and no secret.

use serde_json::{Value as Json, json};

use crate::support::{Object, Plugin, unknown};
use crate::{OFFLINE, silent_aws};

const LINE_LIMIT: usize = 64 * 1024;

/// Every line, checked for what makes Terraform panic or split it.
fn lines(stderr: &str) -> Vec<Json> {
    let lines = stderr.lines();
    lines
        .map(|line| {
            assert!(line.len() < LINE_LIMIT, "a line of {} bytes", line.len());
            let json: Json = serde_json::from_str(line).expect(line);
            for name in ["@level", "@message", "@timestamp"] {
                assert!(json[name].is_string(), "{name} in {line}");
            }
            json
        })
        .collect()
}

#[tokio::test]
async fn a_bad_line_cannot_leave() {
    let environment = [&OFFLINE[..], &[("TF_LOG", "JSON")]].concat();
    let mut plugin = Plugin::start(&environment).await;
    plugin
        .configure(json!({ "secret_key": "s3cret/key+of+mine", "access_key": "AKIAX" }))
        .await;
    let long = "\u{1}\"\n".repeat(40_000);
    let config = json!({ "name": long, "description": unknown() });
    plugin.validate("eventbridge_bus", config.clone()).await;
    plugin
        .plan("eventbridge_bus", &Object::default(), config)
        .await;
    plugin.shutdown().await;
    let lines = lines(&plugin.process.stderr());
    assert!(lines.len() > 4);
    let planned = lines
        .iter()
        .find(|line| line["tf_rpc"] == "PlanResourceChange");
    let planned = planned.expect("the call is logged");
    assert_eq!(planned["tf_resource_type"], "eventbridge_bus");
    assert_eq!(planned["tf_req_id"].as_str().map(str::len), Some(32));
}

#[tokio::test]
async fn secrets_stay_out_of_the_log() {
    let (aws, url) = silent_aws();
    drop(aws);
    let environment = [
        &OFFLINE[..],
        &[
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_MAX_ATTEMPTS", "1"),
            ("AWS_SESSION_TOKEN", "session-token-of-mine"),
            ("TF_LOG_PROVIDER", "trace"),
        ],
    ]
    .concat();
    let mut plugin = Plugin::start(&environment).await;
    plugin
        .configure(json!({ "secret_key": "s3cret/key+of+mine", "access_key": "my-access-key" }))
        .await;
    let bus = Object {
        state: json!({ "name": "orders", "id": "orders", "region": "eu-west-1" }),
        ..Object::default()
    };
    plugin.read("eventbridge_bus", &bus).await;
    plugin.shutdown().await;
    let log = plugin.process.stderr();
    let called = lines(&log);
    let called = called
        .iter()
        .find(|l| l["@module"] == "eventbridge.aws.call");
    let called = called.expect("the call of AWS is logged");
    assert_eq!(called["tf_rpc"], "ReadResource");
    assert!(called["rpc.method"].is_string());
    for secret in [
        "s3cret/key+of+mine",
        "my-access-key",
        "session-token-of-mine",
        OFFLINE[1].1,
        OFFLINE[2].1,
        "AWS4-HMAC-SHA256",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn without_a_level_nothing_is_written() {
    for environment in [
        &[][..],
        &[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")],
        &[
            ("TF_LOG", "trace"),
            ("TF_LOG_PROVIDER_EVENTBRIDGE", "error"),
        ],
    ] {
        let mut plugin = Plugin::start(environment).await;
        plugin
            .validate("eventbridge_bus", json!({ "name": "orders" }))
            .await;
        plugin.shutdown().await;
        assert_eq!(plugin.process.stderr(), "", "{environment:?}");
    }
}
