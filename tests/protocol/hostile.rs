//! Bytes that no Terraform sends: values, states, import ids and provider
//! blocks that are cut, mixed up or huge. Each gets an answer, none a crash.
//! What gets as far as a call to AWS finds nobody there.

use std::panic::Location;

use fastrand::Rng;
use serde_json::json;
use terraform_provider_eventbridge::plugin::proto::tfplugin6 as wire;

use crate::OFFLINE;
use crate::support::{Plugin, values};

/// An AWS that does not listen.
const NOBODY: (&str, &str) = ("AWS_ENDPOINT_URL", "http://127.0.0.1:9");

/// What is said of a call whose work panicked.
const CRASH: &str = "The provider has a bug";

/// Ids that people mistype and machines make up.
const IDS: [&str; 22] = [
    "",
    "/",
    "//",
    "a/",
    "/a",
    "a/b/c/d/e",
    "@",
    "a@",
    "@eu-west-1",
    "a@b@c",
    "a@eu-west-1@eu-west-1",
    "arn:",
    "arn:aws:events:::",
    "arn:aws:events:eu-west-1:123456789012:rule/",
    "arn:aws:events:eu-west-1:123456789012:rule/a/b/c",
    "arn:aws:events:eu-west-1:123456789012:event-bus/a/b",
    "arn:🦀:events:eu-west-1:1:event-bus/é/ß",
    "\0",
    "\u{202e}\u{feff}",
    "%s%n%x",
    "../../etc/passwd",
    "${jndi:x}",
];

/// A test's own chance; another `SEED` in the environment tries other bytes.
fn chance(test: u64) -> Rng {
    let seed = std::env::var("SEED").ok();
    let seed = seed.map_or(0, |seed| seed.parse().expect("SEED is a whole number"));
    Rng::with_seed(test + seed)
}

/// Damages bytes: a few changed, put in, taken out, or the end cut off.
fn damaged(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    // What MessagePack reads as a length, an extension, an array or a map without end.
    const TELLING: [u8; 14] = [
        0x80, 0x8f, 0x9f, 0xc0, 0xc1, 0xc6, 0xc9, 0xcb, 0xd4, 0xd8, 0xdb, 0xdd, 0xdf, 0xff,
    ];
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..4) {
        let at = random.usize(0..=bytes.len());
        let byte = *random
            .choice(&TELLING)
            .filter(|_| random.bool())
            .unwrap_or(&random.u8(..));
        match random.u8(0..4) {
            0 if at < bytes.len() => bytes[at] = byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes.insert(at, byte),
        }
    }
    bytes
}

#[track_caller]
fn held(diagnostics: &[wire::Diagnostic], what: &str) {
    let at = Location::caller();
    for told in diagnostics {
        assert!(!told.summary.contains(CRASH), "{at}: {what}: {told:?}");
    }
}

fn types(plugin: &Plugin) -> Vec<String> {
    let mut types: Vec<String> = plugin.schema.resource_schemas.keys().cloned().collect();
    types.sort();
    types
}

#[tokio::test]
async fn damaged_values_are_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(1);
    for type_name in types(&plugin) {
        let config = values::encode(plugin.block(&type_name), &json!({ "region": "eu-west-1" }));
        for _ in 0..60 {
            let value = wire::DynamicValue {
                msgpack: damaged(&config.msgpack, &mut random),
                ..Default::default()
            };
            let what = format!("{type_name} {:02x?}", value.msgpack);
            let request = wire::validate_resource_config::Request {
                type_name: type_name.clone(),
                config: Some(value.clone()),
                client_capabilities: None,
            };
            let answer = plugin.client.validate_resource_config(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
            let request = wire::plan_resource_change::Request {
                type_name: type_name.clone(),
                prior_state: Some(value.clone()),
                proposed_new_state: Some(value.clone()),
                config: Some(value),
                ..Default::default()
            };
            let answer = plugin.client.plan_resource_change(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
        }
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn damaged_values_are_answered_by_what_calls_aws() {
    let mut plugin = Plugin::start(&[OFFLINE.as_slice(), &[NOBODY]].concat()).await;
    plugin
        .configure(json!({ "region": "eu-west-1" }))
        .await
        .good();
    let mut random = chance(5);
    for type_name in types(&plugin) {
        let state = values::encode(plugin.block(&type_name), &json!({ "region": "eu-west-1" }));
        for _ in 0..30 {
            let mut value = || wire::DynamicValue {
                msgpack: damaged(&state.msgpack, &mut random),
                ..Default::default()
            };
            let (state, planned) = (value(), value());
            let what = format!(
                "{type_name} {:02x?} {:02x?}",
                state.msgpack, planned.msgpack
            );
            let request = wire::read_resource::Request {
                type_name: type_name.clone(),
                current_state: Some(state.clone()),
                private: planned.msgpack.clone(),
                ..Default::default()
            };
            let answer = plugin.client.read_resource(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
            let request = wire::apply_resource_change::Request {
                type_name: type_name.clone(),
                prior_state: Some(state.clone()),
                planned_state: Some(planned.clone()),
                config: Some(planned.clone()),
                planned_private: planned.msgpack,
                ..Default::default()
            };
            let answer = plugin.client.apply_resource_change(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
        }
    }
    let data_sources = plugin.schema.data_source_schemas.clone();
    for (type_name, schema) in data_sources {
        let config = values::encode(schema.block.as_ref().expect("a block"), &json!({}));
        for _ in 0..60 {
            let config = wire::DynamicValue {
                msgpack: damaged(&config.msgpack, &mut random),
                ..Default::default()
            };
            let what = format!("{type_name} {:02x?}", config.msgpack);
            let request = wire::read_data_source::Request {
                type_name: type_name.clone(),
                config: Some(config),
                ..Default::default()
            };
            let answer = plugin.client.read_data_source(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
        }
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn damaged_arguments_of_functions_are_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(6);
    let argument = json!({ "source": ["shop", 1, null, { "prefix": "a" }] }).to_string();
    for (name, function) in plugin.schema.functions.clone() {
        let types = function
            .parameters
            .iter()
            .map(|parameter| &parameter.r#type);
        let arguments: Vec<_> = types
            .map(|ty| values::encode_any(ty, &json!(argument)))
            .collect();
        for _ in 0..200 {
            let damage = |argument: &wire::DynamicValue| wire::DynamicValue {
                msgpack: damaged(&argument.msgpack, &mut random),
                ..Default::default()
            };
            let mut arguments: Vec<_> = arguments.iter().map(damage).collect();
            arguments.truncate(random.usize(0..=arguments.len()));
            let what = format!("{name} {arguments:02x?}");
            let request = wire::call_function::Request {
                name: name.clone(),
                arguments,
            };
            let answer = plugin.client.call_function(request).await;
            let error = answer.expect(&what).into_inner().error;
            let told = error.map(|error| error.text).unwrap_or_default();
            assert!(!told.contains(CRASH), "{what}: {told}");
        }
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn a_damaged_provider_block_is_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(2);
    let block = plugin
        .schema
        .provider
        .as_ref()
        .and_then(|schema| schema.block.as_ref());
    let config = values::encode(block.expect("a block"), &json!({ "region": "eu-west-1" }));
    for _ in 0..300 {
        let value = wire::DynamicValue {
            msgpack: damaged(&config.msgpack, &mut random),
            ..Default::default()
        };
        let what = format!("{:02x?}", value.msgpack);
        let request = wire::validate_provider_config::Request {
            config: Some(value.clone()),
        };
        let answer = plugin.client.validate_provider_config(request).await;
        held(&answer.expect(&what).into_inner().diagnostics, &what);
        let request = wire::configure_provider::Request {
            terraform_version: "1.11.4".into(),
            config: Some(value),
            client_capabilities: None,
        };
        let answer = plugin.client.configure_provider(request).await;
        held(&answer.expect(&what).into_inner().diagnostics, &what);
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn damaged_states_are_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(3);
    let state = br#"{"id":"orders","name":"orders","tags":{"a":"b"},"tests":{"x":{"event":"{}","matches":true}},"n":1e400}"#;
    let deep = "[".repeat(100_000);
    for type_name in types(&plugin) {
        let cases = (0..60).map(|_| damaged(state, &mut random));
        for json in cases.chain([deep.clone().into_bytes()]).collect::<Vec<_>>() {
            let what = format!(
                "{type_name} {}",
                String::from_utf8_lossy(&json[..json.len().min(200)])
            );
            let request = wire::upgrade_resource_state::Request {
                type_name: type_name.clone(),
                version: random.i64(-1..3),
                raw_state: Some(wire::RawState {
                    json,
                    ..Default::default()
                }),
            };
            let answer = plugin.client.upgrade_resource_state(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
        }
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn damaged_states_of_hashicorp_aws_are_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(7);
    let arn = "arn:aws:events:eu-west-1:123456789012:rule/orders/placed";
    let state = json!({
        "id": "orders/placed", "arn": arn, "name": "placed", "rule": "placed", "target_id": "one", "is_enabled": true,
        "event_bus_name": "orders", "tags": { "a": "b" }, "retry_policy": [{ "maximum_retry_attempts": 0 }],
        "auth_parameters": [{ "basic": [{ "username": "u", "password": "p" }] }], "event_bus": [{}, {}],
        "ecs_target": [{ "network_configuration": [{ "subnets": ["s"] }], "task_count": 1 }],
        "input_transformer": [{ "input_paths": { "a": "$.a" }, "input_template": "<a>" }], "retention_days": 1e3,
    });
    let (state, deep) = (state.to_string(), "[".repeat(100_000));
    for type_name in types(&plugin) {
        let theirs = type_name.replace("eventbridge_", "aws_cloudwatch_event_");
        let cases = (0..150).map(|_| damaged(state.as_bytes(), &mut random));
        for json in cases.chain([deep.clone().into_bytes()]).collect::<Vec<_>>() {
            let what = format!(
                "{theirs} {}",
                String::from_utf8_lossy(&json[..json.len().min(900)])
            );
            let raw = |json: Vec<u8>| wire::RawState {
                json,
                ..Default::default()
            };
            let request = wire::move_resource_state::Request {
                source_provider_address: "registry.terraform.io/hashicorp/aws".into(),
                source_type_name: theirs.clone(),
                source_schema_version: random.i64(-1..3),
                source_private: json.clone(),
                source_identity: Some(raw(json.clone())),
                source_state: Some(raw(json)),
                target_type_name: type_name.clone(),
                ..Default::default()
            };
            let answer = plugin.client.move_resource_state(request).await;
            held(&answer.expect(&what).into_inner().diagnostics, &what);
        }
    }
    assert!(plugin.process.is_running());
}

#[tokio::test]
async fn odd_import_ids_are_answered() {
    let mut plugin = Plugin::start(&OFFLINE).await;
    let mut random = chance(4);
    let long = "a/".repeat(50_000);
    for type_name in types(&plugin) {
        let made_up = (0..40).map(|_| {
            let pieces = [
                "a",
                "/",
                "@",
                ":",
                "arn:aws:events:",
                "eu-west-1",
                "é",
                " ",
                "rule",
            ];
            (0..random.usize(1..9))
                .map(|_| *random.choice(pieces.iter()).expect("some"))
                .collect()
        });
        let ids = IDS
            .map(str::to_owned)
            .into_iter()
            .chain(made_up)
            .chain([long.clone()]);
        for id in ids.collect::<Vec<String>>() {
            let answer = plugin.import(&type_name, &id, &json!(null)).await;
            held(&answer.diagnostics, &id);
            // What comes back is a state that can be read, or an error.
            let failed = !answer.errors().is_empty();
            assert_eq!(answer.value.is_none(), failed, "{type_name} {id:?}");
        }
    }
    assert!(plugin.process.is_running());
}
