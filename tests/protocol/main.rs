//! Speaks to the built provider as Terraform does, and as nobody should.

#![cfg(unix)]

mod by_hand;
mod calls;
mod handshake;
mod hostile;
mod imports;
mod life;
mod log;
mod moves;
#[path = "../support/mod.rs"]
mod support;

use std::net::TcpListener;

/// Settings with which no call leaves this machine, and no wait is long.
pub const OFFLINE: [(&str, &str); 4] = [
    ("EVENTBRIDGE_WAIT_SCALE", "0.01"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7PROTOCOL"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIprotocolSECRET"),
    ("AWS_REGION", "eu-west-1"),
];

/// An AWS that takes connections and never says a word.
pub fn silent_aws() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    (listener, url)
}
