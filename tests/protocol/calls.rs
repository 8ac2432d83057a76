//! What goes in and out of the calls: unknown values, states of before, large
//! ones, and what an error must not lose.

use serde_json::{Value as Json, json};
use terraform_provider_eventbridge::plugin::proto::tfplugin6 as wire;
use tonic::Code;

use crate::support::{Object, Plugin, values};
use crate::{OFFLINE, silent_aws};

const BUS: &str = "eventbridge_bus";
/// An unknown string that is not null and begins with "b-": extension type 12.
const REFINED: &[u8] = &[0xc7, 7, 12, 0x82, 1, 0xc2, 2, 0xa2, b'b', b'-'];
/// An unknown value of which nothing is promised.
const UNKNOWN: &[u8] = &[0xd4, 0, 0];

/// Puts raw bytes in the place of one attribute or block.
fn with(block: &wire::schema::Block, config: &Json, name: &str, raw: &[u8]) -> wire::DynamicValue {
    let mark = "\u{0}raw";
    let mut names: Vec<_> = block.attributes.iter().map(|a| a.name.as_str()).collect();
    names.extend(block.block_types.iter().map(|b| b.type_name.as_str()));
    assert!(names.contains(&name), "{name}");
    let mut msgpack = vec![0xde];
    msgpack.extend(u16::try_from(names.len()).unwrap().to_be_bytes());
    for each in names {
        msgpack.push(0xd9);
        msgpack.push(u8::try_from(each.len()).unwrap());
        msgpack.extend(each.as_bytes());
        let value = config.get(each).unwrap_or(&Json::Null);
        let is_block = block
            .block_types
            .iter()
            .any(|b| b.type_name == each && b.nesting != 1);
        match value {
            _ if each == name => msgpack.extend(raw),
            Json::String(text) => {
                assert_ne!(text, mark);
                msgpack.push(0xd9);
                msgpack.push(u8::try_from(text.len()).unwrap());
                msgpack.extend(text.as_bytes());
            }
            Json::Null if is_block => msgpack.push(0x90),
            Json::Null => msgpack.push(0xc0),
            other => panic!("only strings here, not {other}"),
        }
    }
    wire::DynamicValue {
        msgpack,
        ..Default::default()
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

#[tokio::test]
async fn unknown_values_and_blocks_go_back_as_they_came() {
    let plugin = Plugin::start(&OFFLINE).await;
    plugin.configure(json!({})).await.good();
    let block = plugin.block(BUS);
    let base = json!({ "name": "orders" });
    for (name, raw) in [
        ("name", REFINED),
        ("description", UNKNOWN),
        ("dead_letter_config", REFINED),
        ("log_config", UNKNOWN),
    ] {
        let config = with(block, &base, name, raw);
        let validated = plugin
            .client
            .clone()
            .validate_resource_config(wire::validate_resource_config::Request {
                type_name: BUS.into(),
                config: Some(config.clone()),
                client_capabilities: None,
            })
            .await
            .unwrap()
            .into_inner();
        assert_eq!(validated.diagnostics, [], "{name}");
        let planned = plugin
            .client
            .clone()
            .plan_resource_change(wire::plan_resource_change::Request {
                type_name: BUS.into(),
                prior_state: None,
                proposed_new_state: Some(config.clone()),
                config: Some(config),
                ..Default::default()
            })
            .await
            .unwrap()
            .into_inner();
        assert_eq!(planned.diagnostics, [], "{name}");
        let planned = planned.planned_state.unwrap().msgpack;
        let key = [
            &[0xa0 | u8::try_from(name.len()).unwrap()],
            name.as_bytes(),
            raw,
        ]
        .concat();
        assert!(contains(&planned, &key), "{name} in {planned:x?}");
    }
}

#[tokio::test]
async fn calls_need_no_schema_call_and_no_configuration() {
    let plugin = Plugin::start(&[]).await;
    let capabilities = plugin.schema.server_capabilities.unwrap();
    assert!(capabilities.get_provider_schema_optional);
    assert!(capabilities.plan_destroy && capabilities.move_resource_state);
    // Another process, which is told nothing before.
    let client = crate::support::Client::new();
    let environment = [
        crate::support::process::COOKIE,
        ("PLUGIN_CLIENT_CERT", client.pem.as_str()),
    ];
    let program = crate::support::process::PROGRAM;
    let process =
        crate::support::Process::start(crate::support::process::command(program, &environment));
    let handshake = crate::support::Handshake::parse(&process.line);
    let mut fresh = wire::provider_client::ProviderClient::new(client.channel(&handshake).await);
    let config = values::encode(plugin.block(BUS), &json!({ "name": "not a bus" }));
    let answer = fresh
        .validate_resource_config(wire::validate_resource_config::Request {
            type_name: BUS.into(),
            config: Some(config),
            client_capabilities: None,
        })
        .await
        .unwrap()
        .into_inner();
    let [found] = &answer.diagnostics[..] else {
        panic!("one finding, not {:?}", answer.diagnostics);
    };
    let place = found.attribute.as_ref().map(crate::support::calls::path);
    assert_eq!(place.as_deref(), Some("name"));
    let answer = fresh
        .call_function(wire::call_function::Request {
            name: "nothing".into(),
            arguments: vec![],
        })
        .await
        .unwrap()
        .into_inner();
    assert!(answer.error.unwrap().text.contains("nothing"));
}

#[tokio::test]
async fn a_state_of_before_is_filled_in() {
    let plugin = Plugin::start(&[]).await;
    // Fewer attributes than today, one that is gone, a number as text.
    let old = r#"{ "name": "old", "event_source_arn": "arn:aws:events:eu-west-1:1:event-bus/a",
        "retention_days": "7", "gone": [1] }"#;
    let archive = plugin.upgrade("eventbridge_archive", 0, old).await.good();
    assert_eq!(archive["name"], "old");
    assert_eq!(archive["retention_days"], 7);
    let attributes = &plugin.block("eventbridge_archive").attributes;
    for attribute in attributes {
        assert!(archive.get(&attribute.name).is_some(), "{}", attribute.name);
    }
    let bus = plugin.upgrade(BUS, 0, r#"{"name":"old"}"#).await.good();
    assert_eq!(bus["dead_letter_config"], json!([]));
    assert_eq!(bus["timeouts"], Json::Null);
    let broken = plugin.upgrade(BUS, 0, "[1").await;
    assert_eq!(broken.errors().len(), 1);
}

#[tokio::test]
async fn a_state_of_five_megabytes_passes() {
    let plugin = Plugin::start(&OFFLINE).await;
    plugin.configure(json!({})).await.good();
    let large = "x".repeat(5 << 20);
    let state = json!({ "name": "orders", "id": "orders", "region": "eu-west-1",
        "tags": { "large": large }, "tags_all": { "large": large } });
    let upgraded = plugin.upgrade(BUS, 0, &state.to_string()).await.good();
    assert_eq!(upgraded["tags"]["large"], state["tags"]["large"]);
    let prior = Object {
        state: upgraded,
        ..Object::default()
    };
    let planned = plugin.plan(
        BUS,
        &prior,
        json!({ "name": "orders", "tags": { "large": large } }),
    );
    assert_eq!(planned.await.good().state["tags"], state["tags"]);
}

#[tokio::test]
async fn an_error_loses_neither_state_nor_identity_nor_private_bytes() {
    let (aws, url) = silent_aws();
    drop(aws);
    let refusing = [
        ("AWS_ENDPOINT_URL", url.as_str()),
        ("AWS_MAX_ATTEMPTS", "1"),
    ];
    let plugin = Plugin::start(&[&OFFLINE[..], &refusing].concat()).await;
    plugin.configure(json!({})).await.good();
    let upgraded = plugin.upgrade(
        BUS,
        0,
        r#"{ "name": "orders", "id": "orders", "region": "eu-west-1", "tags_all": {},
            "adopt": false, "adopt_default": false,
            "arn": "arn:aws:events:eu-west-1:111122223333:event-bus/orders" }"#,
    );
    let bus = Object {
        state: upgraded.await.good(),
        identity: json!({ "name": "orders", "account_id": "111122223333", "region": "eu-west-1" }),
        private: b"private".to_vec(),
    };
    let read = plugin.read(BUS, &bus).await;
    assert_eq!((read.errors().len(), read.value), (1, bus.clone()));
    let changed = json!({ "name": "orders", "description": "new" });
    let planned = plugin.plan(BUS, &bus, changed).await.good();
    assert_eq!(
        (&planned.private, &planned.identity),
        (&bus.private, &bus.identity)
    );
    let updated = plugin.apply(&planned).await;
    assert_eq!((updated.errors().len(), updated.value), (1, bus.clone()));
    let destroyed = plugin.destroy(BUS, &bus).await;
    assert_eq!((destroyed.errors().len(), destroyed.value), (1, bus));
    let made = plugin.create(BUS, json!({ "name": "other" })).await;
    assert_eq!((made.errors().len(), made.value.state), (1, Json::Null));
}

#[tokio::test]
async fn what_is_not_written_yet_is_unimplemented() {
    let plugin = Plugin::start(&[]).await;
    let mut client = plugin.client.clone();
    let request = wire::open_ephemeral_resource::Request::default();
    let status = client.open_ephemeral_resource(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    let request = wire::list_resource::Request::default();
    let status = client.list_resource(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    let request = wire::plan_action::Request::default();
    let status = client.plan_action(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}
