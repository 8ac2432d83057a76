//! When the provider ends, and when it does not.

use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::json;
use terraform_provider_eventbridge::plugin::proto::go_plugin::grpc_broker_client::GrpcBrokerClient;
use terraform_provider_eventbridge::plugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use terraform_provider_eventbridge::plugin::proto::go_plugin::grpc_stdio_client::GrpcStdioClient;
use terraform_provider_eventbridge::plugin::proto::go_plugin::{ConnInfo, Empty};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::support::process::{COOKIE, PROGRAM, command};
use crate::support::{Client, Handshake, Object, Plugin, Process};
use crate::{OFFLINE, silent_aws};

/// Terraform kills after this long.
const TERRAFORMS_PATIENCE: Duration = Duration::from_secs(2);

fn pid(process: &Process) -> Pid {
    Pid::from_child(&process.child)
}

/// A provider with a read under way that AWS never answers.
async fn with_a_call_in_flight() -> (Plugin, tokio::task::JoinHandle<Vec<String>>) {
    let (aws, url) = silent_aws();
    let environment = [&OFFLINE[..], &[("AWS_ENDPOINT_URL", url.as_str())]].concat();
    let plugin = Plugin::start(&environment).await;
    plugin.configure(json!({})).await.good();
    let block = plugin.block("eventbridge_bus").clone();
    let mut client = plugin.client.clone();
    let call = tokio::spawn(async move {
        let state = json!({ "name": "orders", "id": "orders", "region": "eu-west-1" });
        let request =
            terraform_provider_eventbridge::plugin::proto::tfplugin6::read_resource::Request {
                type_name: "eventbridge_bus".into(),
                current_state: Some(crate::support::values::encode(&block, &state)),
                private: b"private".to_vec(),
                ..Default::default()
            };
        let answer = client
            .read_resource(request)
            .await
            .map(tonic::Response::into_inner);
        let answer = answer.unwrap_or_default();
        let said = answer.diagnostics.into_iter();
        said.map(|d| format!("{}: {}", d.summary, d.detail))
            .collect()
    });
    let (connection, _) = tokio::task::spawn_blocking(move || aws.accept())
        .await
        .unwrap()
        .unwrap();
    // Held open by the test's end, and never answered.
    std::mem::forget(connection);
    (plugin, call)
}

#[tokio::test]
async fn it_ends_at_once_when_asked() {
    let mut plugin = Plugin::start(&[]).await;
    assert!(plugin.shutdown().await < TERRAFORMS_PATIENCE);
    assert_eq!(plugin.process.stdout(), "", "nothing after the handshake");
}

#[tokio::test]
async fn it_ends_in_time_with_a_call_in_flight() {
    let (mut plugin, _call) = with_a_call_in_flight().await;
    assert!(plugin.shutdown().await < TERRAFORMS_PATIENCE);
}

#[tokio::test]
async fn a_stop_ends_the_calls_in_flight_and_not_the_process() {
    let (mut plugin, call) = with_a_call_in_flight().await;
    let asked = Instant::now();
    plugin.stop().await;
    assert!(
        asked.elapsed() < Duration::from_millis(500),
        "it answers at once"
    );
    let said = tokio::time::timeout(Duration::from_secs(2), call).await;
    let said = said.expect("the call ends").unwrap();
    assert!(!said.is_empty(), "an interrupted read is an error");
    assert!(plugin.process.is_running());
    let config = json!({ "name": "orders" });
    plugin
        .validate("eventbridge_bus", config.clone())
        .await
        .good();
    // The next run is not the stopped one.
    plugin.configure(json!({})).await.good();
    plugin
        .plan("eventbridge_bus", &Object::default(), config)
        .await
        .good();
}

#[tokio::test]
async fn signals_to_the_whole_group_are_terraforms_business() {
    let mut plugin = Plugin::start(&[]).await;
    for signal in [Signal::INT, Signal::TERM, Signal::INT] {
        kill_process(pid(&plugin.process), signal).unwrap();
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(plugin.process.is_running());
    plugin
        .validate("eventbridge_bus", json!({ "name": "orders" }))
        .await
        .good();
    assert!(plugin.shutdown().await < TERRAFORMS_PATIENCE);
}

#[tokio::test]
async fn a_lost_connection_is_no_end() {
    let client = Client::new();
    let process = Process::start(command(
        PROGRAM,
        &[COOKIE, ("PLUGIN_CLIENT_CERT", client.pem.as_str())],
    ));
    let handshake = Handshake::parse(&process.line);
    drop(client.channel(&handshake).await);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let channel = client.channel(&handshake).await;
    let plugin = Plugin::connected(process, channel).await;
    plugin
        .validate("eventbridge_bus", json!({ "name": "orders" }))
        .await
        .good();
}

#[tokio::test]
async fn it_does_not_outlive_its_parent() {
    let client = Client::new();
    // The shell is the parent; it tells the provider's id on the error stream.
    let mut shell = command(
        "/bin/sh",
        &[
            COOKIE,
            ("PLUGIN_CLIENT_CERT", client.pem.as_str()),
            ("PROGRAM", PROGRAM),
        ],
    );
    shell
        .args(["-c", "\"$PROGRAM\" & echo $! >&2; wait"])
        .process_group(0);
    let mut shell = Process::start(shell);
    let socket = Handshake::parse(&shell.line).path;
    let provider: i32 = shell.stderr().trim().parse().expect("an id");
    let provider = Pid::from_raw(provider).expect("an id");
    assert!(test_kill_process(provider).is_ok(), "it runs");
    shell.child.kill().unwrap();
    shell.child.wait().unwrap();
    let died = Instant::now();
    // Where nobody collects orphans a dead one keeps its id: the socket tells.
    while socket.exists() && died.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(died.elapsed() < Duration::from_secs(3), "it ends soon");
}

#[tokio::test]
async fn go_plugins_streams_stay_open_until_the_end() {
    let mut plugin = Plugin::start(&[]).await;
    let mut stdio = GrpcStdioClient::new(plugin.channel.clone());
    let mut stdio = stdio.stream_stdio(()).await.unwrap().into_inner();
    let mut broker = GrpcBrokerClient::new(plugin.channel.clone());
    let nothing = tokio_stream::pending::<ConnInfo>();
    let mut broker = broker.start_stream(nothing).await.unwrap().into_inner();
    let quiet = Duration::from_millis(100);
    assert!(tokio::time::timeout(quiet, stdio.message()).await.is_err());
    assert!(tokio::time::timeout(quiet, broker.message()).await.is_err());
    let mut controller = GrpcControllerClient::new(plugin.channel.clone());
    controller.shutdown(Empty {}).await.unwrap();
    assert_eq!(stdio.message().await.unwrap(), None);
    assert_eq!(broker.message().await.unwrap(), None);
    let code = plugin.process.ended(TERRAFORMS_PATIENCE).await;
    assert_eq!(code, Some(0));
}

#[tokio::test]
async fn it_is_healthy() {
    let plugin = Plugin::start(&[]).await;
    let mut health = HealthClient::new(plugin.channel.clone());
    let request = HealthCheckRequest {
        service: "plugin".into(),
    };
    let answer = health.check(request).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
}
