//! The program as a server, on a socket: its end.

mod support;

use std::time::Duration;

use add_product::server;
use add_product::settings::Settings;
use support::app;
use support::bus::dead_bus;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// A database that nothing answers for.
fn nowhere() -> Settings {
    let set = |name: &str| match name {
        "MYSQL_HOST" => Some("127.0.0.1".to_owned()),
        "MYSQL_PORT" => Some("1".to_owned()),
        _ => Some("x".to_owned()),
    };
    Settings::read(set).expect("complete")
}

#[tokio::test]
async fn a_client_that_never_sends_its_request_whole_does_not_keep_it_from_ending() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let patience = Duration::from_millis(100);
    let running = tokio::spawn(server::run(
        app(&nowhere(), dead_bus()),
        listener,
        async move { drop(stopped.await) },
        patience,
    ));
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let head =
        b"POST /product HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\n";
    client.write_all(head).await.expect("a head");
    let mut said = [0; 12];
    client.read_exact(&mut said).await.expect("an answer");
    assert_eq!(&said, b"HTTP/1.1 100", "the body is waited for");

    stop.send(()).expect("it runs");
    let ended = timeout(Duration::from_secs(30), running).await;
    ended.expect("an end").expect("no panic").expect("no error");
}
