//! Who is let in, and how the provider says where it is.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use crate::support::connection::{anonymous, connect};
use crate::support::process::{COOKIE, PROGRAM, command};
use crate::support::{Client, Handshake, Plugin, Process};

/// How an HTTP/2 client begins.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// The type of an HTTP/2 settings frame, at this place of it.
const SETTINGS: (usize, u8) = (3, 4);

fn started(client: &Client, environment: &[(&str, &str)]) -> (Process, Handshake) {
    let terraform = [
        COOKIE,
        ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
        ("PLUGIN_CLIENT_CERT", client.pem.as_str()),
    ];
    let process = Process::start(command(PROGRAM, &[&terraform, environment].concat()));
    let handshake = Handshake::parse(&process.line);
    (process, handshake)
}

fn finished(environment: &[(&str, &str)]) -> Output {
    command(PROGRAM, environment).output().expect("it runs")
}

/// Whether HTTP/2 is spoken with us over an open connection.
async fn is_served(stream: &mut (impl AsyncRead + AsyncWriteExt + Unpin)) -> bool {
    // A refusal may show while writing or while reading.
    if stream.write_all(PREFACE).await.is_err() || stream.flush().await.is_err() {
        return false;
    }
    let mut frame = [0; 9];
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_exact(&mut frame));
    matches!(read.await, Ok(Ok(_))) && frame[SETTINGS.0] == SETTINGS.1
}

async fn is_served_over(path: &Path, tls: ClientConfig) -> bool {
    match connect(path, Arc::new(tls)).await {
        Ok(mut stream) => is_served(&mut stream).await,
        Err(_) => false,
    }
}

#[tokio::test]
async fn only_terraforms_certificate_is_let_in() {
    let (terraform, stranger) = (Client::new(), Client::new());
    let (_process, server) = started(&terraform, &[]);
    assert!(is_served_over(&server.path, terraform.tls(&server, &["h2"])).await);
    assert!(!is_served_over(&server.path, stranger.tls(&server, &["h2"])).await);
    assert!(!is_served_over(&server.path, anonymous(&server, &["h2"])).await);
    let mut plaintext = UnixStream::connect(&server.path).await.unwrap();
    assert!(!is_served(&mut plaintext).await);
}

#[tokio::test]
async fn a_stolen_certificate_without_its_key_is_refused() {
    let (terraform, thief) = (Client::new(), Client::new());
    let (_process, server) = started(&terraform, &[]);
    let stolen = thief.showing(&terraform);
    assert!(!is_served_over(&server.path, stolen.tls(&server, &["h2"])).await);
}

#[tokio::test]
async fn http2_is_chosen_whenever_it_is_offered() {
    let terraform = Client::new();
    let (_process, server) = started(&terraform, &[]);
    for offer in [&["h2"][..], &["http/1.1", "h2"]] {
        let tls = Arc::new(terraform.tls(&server, offer));
        let stream = connect(&server.path, tls).await.unwrap();
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(&b"h2"[..]),
            "{offer:?}"
        );
    }
    // Older Terraforms did not mind when nothing was chosen.
    assert!(is_served_over(&server.path, terraform.tls(&server, &[])).await);
}

#[tokio::test]
async fn a_silent_peer_holds_up_nobody() {
    let terraform = Client::new();
    let (_process, server) = started(&terraform, &[]);
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(UnixStream::connect(&server.path).await.unwrap());
    }
    assert!(is_served_over(&server.path, terraform.tls(&server, &["h2"])).await);
}

/// Whoever found the socket may say nothing, half a greeting, a greeting without
/// TLS or rubbish, hundreds at a time: Terraform is served, before and after.
#[tokio::test]
async fn a_crowd_of_strangers_holds_up_nobody() {
    let terraform = Client::new();
    let (mut process, server) = started(&terraform, &[]);
    // A TLS record of 512 bytes begins, with a ClientHello in it; the rest never comes.
    let half_a_greeting: &[u8] = &[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    let rubbish = [0xff; 4096];
    let mut crowd = Vec::new();
    for words in [b"", half_a_greeting, PREFACE, &rubbish].repeat(60) {
        let mut stranger = UnixStream::connect(&server.path).await.unwrap();
        // Who is refused at once cannot say it all.
        drop(stranger.write_all(words).await);
        crowd.push(stranger);
    }
    let mut guest = connect(&server.path, Arc::new(terraform.tls(&server, &["h2"])))
        .await
        .unwrap();
    crowd.truncate(crowd.len() / 2);
    assert!(is_served(&mut guest).await);
    assert!(is_served_over(&server.path, terraform.tls(&server, &["h2"])).await);
    assert!(process.is_running());
}

/// Its half-open connection would hold a file handle for ever.
#[tokio::test]
async fn who_never_finishes_the_greeting_is_shown_out() {
    let terraform = Client::new();
    let (_process, server) = started(&terraform, &[]);
    let mut stranger = UnixStream::connect(&server.path).await.unwrap();
    stranger.write_all(&[22, 3, 1]).await.unwrap();
    let mut byte = [0; 1];
    let end = tokio::time::timeout(Duration::from_secs(60), stranger.read(&mut byte));
    assert!(matches!(end.await, Ok(Ok(0) | Err(_))));
}

#[tokio::test]
async fn the_socket_lies_in_a_private_directory_that_goes_away() {
    let mut plugin = Plugin::start(&[]).await;
    let path = Handshake::parse(&plugin.process.line).path;
    let directory = path.parent().unwrap();
    let mode = directory.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    plugin.shutdown().await;
    assert!(!directory.exists());
}

#[tokio::test]
async fn a_deep_tmpdir_makes_no_long_path() {
    let base = tempfile::tempdir().unwrap();
    let deep = base.path().join("deep".repeat(30));
    std::fs::create_dir(&deep).unwrap();
    let plugin = Plugin::start(&[("TMPDIR", deep.to_str().unwrap())]).await;
    let path = Handshake::parse(&plugin.process.line).path;
    assert!(path.as_os_str().len() < 104, "{}", path.display());
}

#[test]
fn started_by_hand_it_explains_itself() {
    for environment in [&[][..], &[(COOKIE.0, "wrong")]] {
        let output = finished(environment);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains("plugin") && text.contains("required_providers"),
            "{text}"
        );
    }
}

/// Terraform shows the first line of standard output when it is no handshake.
#[test]
fn without_a_certificate_terraform_shows_what_to_change() {
    for environment in [&[COOKIE][..], &[COOKIE, ("PLUGIN_CLIENT_CERT", "")]] {
        let output = finished(environment);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("TF_DISABLE_PLUGIN_TLS"), "{text}");
        assert!(text.lines().count() == 1 && !text.contains('|'), "{text}");
    }
}

#[test]
fn other_protocols_are_refused_by_name() {
    let output = finished(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "4,5")]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("protocol 6") && text.contains("4,5"),
        "{text}"
    );
}
