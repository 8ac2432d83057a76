//! The program as a server: answers requests, and drains the outbox beside them.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval};
use tracing::info;

use crate::api::{self, App};
use crate::outbox::Outbox;

/// How often the outbox is looked at.
const ROUND: Duration = Duration::from_secs(5);

/// Connections to the database, shared by requests and the outbox.
pub const CONNECTIONS: u32 = 10;

/// Serves until `stop`; requests that have begun are answered first.
pub async fn run(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    info!(address = %listener.local_addr()?, "listening");
    let draining = tokio::spawn(drain(app.outbox.clone()));
    let served = axum::serve(listener, api::router(app)).with_graceful_shutdown(stop);
    let outcome = served.await;
    // What it was about to publish is lent to it, and free again when the loan ends.
    draining.abort();
    outcome
}

async fn drain(outbox: Outbox) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        while outbox.drain_some().await {}
    }
}
