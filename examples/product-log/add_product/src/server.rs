//! The program as a server: answers requests, and drains the outbox beside them.

use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{info, warn};

use crate::api::{self, App};
use crate::outbox::Outbox;

/// How often the outbox is looked at.
const ROUND: Duration = Duration::from_secs(5);

/// Connections to the database, shared by requests and the outbox.
pub const CONNECTIONS: u32 = 10;

/// How long requests that have begun are waited for: longer than any takes that a client has
/// sent whole, and shorter than what service managers allow.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Serves until `stop`; requests that have begun are answered first, but for `patience` at most.
pub async fn run(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
    patience: Duration,
) -> io::Result<()> {
    info!(address = %listener.local_addr()?, "listening");
    let draining = tokio::spawn(drain(app.outbox.clone()));
    let (stopping, stopped) = oneshot::channel();
    let stop = async move {
        stop.await;
        let _ = stopping.send(());
    };
    let served = axum::serve(listener, api::router(app)).with_graceful_shutdown(stop);
    let mut serving = tokio::spawn(served.into_future());
    let outcome = tokio::select! {
        outcome = &mut serving => outcome?,
        () = async {
            let _ = stopped.await;
            sleep(patience).await;
        } => {
            warn!("ended with requests that their clients have not sent whole");
            serving.abort();
            Ok(())
        }
    };
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
