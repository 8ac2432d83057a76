//! What a person starts: `--debug`, `--version`, `--help`, and how commands end.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};
use terraform_provider_eventbridge::plugin::proto::go_plugin::Empty;
use terraform_provider_eventbridge::plugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;

use crate::support::connection::plaintext;
use crate::support::process::{PROGRAM, command};
use crate::support::{Object, Plugin, Process};

fn run(arguments: &[&str]) -> Output {
    command(PROGRAM, &[])
        .args(arguments)
        .output()
        .expect("it runs")
}

/// The value that a person copies.
fn reattach(process: &Process) -> Json {
    for _ in 0..500 {
        let printed = process.stdout();
        if let Some(value) = printed.split('\'').nth(1) {
            return serde_json::from_str(value).expect("JSON");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no TF_REATTACH_PROVIDERS: {}", process.stdout());
}

#[tokio::test]
async fn debug_serves_many_runs_until_ctrl_c() {
    let mut debug = command(PROGRAM, &[]);
    debug.arg("--debug");
    let process = Process::start(debug);
    let id = Pid::from_child(&process.child);
    let providers = reattach(&process);
    let ours = &providers["eventbridge-rs/eventbridge"];
    assert_eq!(ours["Protocol"], "grpc");
    assert_eq!(ours["ProtocolVersion"], 6);
    assert_eq!(ours["Pid"], id.as_raw_nonzero().get());
    assert_eq!(ours["Addr"]["Network"], "unix");
    let path = Path::new(ours["Addr"]["String"].as_str().expect("a path")).to_owned();
    let directory = path.parent().expect("a directory");
    let mode = directory.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);

    let channel = plaintext(path.clone()).await;
    let mut plugin = Plugin::connected(process, channel).await;
    for region in ["eu-west-1", "us-east-1"] {
        plugin.configure(json!({ "region": region })).await.good();
        let config = json!({ "name": "orders" });
        let planned = plugin
            .plan("eventbridge_bus", &Object::default(), config)
            .await;
        assert_eq!(planned.good().state["region"], region);
        plugin.stop().await;
        let mut controller = GrpcControllerClient::new(plugin.channel.clone());
        controller.shutdown(Empty {}).await.unwrap();
    }
    assert!(plugin.process.is_running());
    kill_process(id, Signal::INT).unwrap();
    let code = plugin.process.ended(Duration::from_secs(3)).await;
    assert_eq!(code, Some(0));
    assert!(!directory.exists());
}

#[test]
fn the_version_is_told() {
    let output = run(&["--version"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
}

#[test]
fn help_names_every_command() {
    let output = run(&["--help"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for word in ["match", "adopt", "--debug", "--version"] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn an_unknown_command_is_an_error() {
    let output = run(&["mtach"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("mtach"), "{text}");
}

#[test]
fn output_that_nobody_reads_on_ends_a_command_without_a_word() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let pattern = r#"{"source":["shop"]}"#;
    let output = command(PROGRAM, &[])
        .args(["match", "--pattern", pattern, r#"{"source":"shop"}"#])
        .stdout(writer)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
