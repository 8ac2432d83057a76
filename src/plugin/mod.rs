//! PROTOCOL: the only place that knows gRPC, go-plugin and MessagePack. It sees
//! the provider as the model's [`Server`] and nothing of AWS or of resources.
//!
//! In reading order:
//!
//! | module | holds |
//! |---|---|
//! | [`handshake`] | what Terraform asks of this process, and our one line |
//! | [`tls`], [`socket`] | one certificate let in, on a private socket |
//! | [`lifecycle`] | when the process ends |
//! | [`service`] | the protocol's calls |
//! | [`codec`] | values, schemas and findings on the wire |
//! | [`guard`], [`logging`] | what a bug does; what the log says |
//! | [`by_hand`] | what a person sees who starts the program |
//! | [`proto`] | the generated messages, and [`messages`], how they become bytes |

pub mod by_hand;
pub mod codec;
pub mod connection;
pub mod guard;
pub mod handshake;
pub mod lifecycle;
pub mod logging;
pub mod messages;
pub mod proto;
pub mod service;
pub mod socket;
pub mod tls;

use std::process::ExitCode;
use std::sync::Arc;

use rustls::ServerConfig;
use tonic_health::ServingStatus;

use self::handshake::Refusal;
use self::lifecycle::{Lifecycle, Owner};
use self::proto::go_plugin::grpc_broker_server::GrpcBrokerServer;
use self::proto::go_plugin::grpc_controller_server::GrpcControllerServer;
use self::proto::go_plugin::grpc_stdio_server::GrpcStdioServer;
use self::proto::tfplugin6::provider_server::ProviderServer;
use self::service::Service;
use self::socket::Socket;
use crate::provider::Server;

/// What configurations call the provider by. Without a host: each command has its own registry.
pub const ADDRESS: &str = "eventbridge-rs/eventbridge";
/// go-plugin asks for the health of a service of this name.
const HEALTH_NAME: &str = "plugin";
/// States and schemas may be large; Terraform's own limit is the same.
const MESSAGE_LIMIT: usize = 256 << 20;
/// Calls wait for AWS, and one that waits holds no thread. A second one would only
/// be woken for work that the first has at hand.
const THREADS: usize = 1;

/// Why the process ends without having served.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    #[error("no socket could be opened for Terraform to call: {0}")]
    Socket(std::io::Error),
    #[error("the handshake could not be written to standard output: {0}")]
    Handshake(std::io::Error),
    #[error("the operating system refused what the provider needs: {0}")]
    System(#[from] std::io::Error),
    #[error("the gRPC server failed: {0}")]
    Grpc(#[from] tonic::transport::Error),
}

/// Serves the provider until its owner ends it: Terraform, or with `--debug` a
/// person. Contacts nobody but the caller.
pub fn serve(provider: impl FnOnce() -> Arc<dyn Server>, owner: Owner) -> ExitCode {
    let environment = |name: &str| std::env::var_os(name);
    logging::start(&environment, owner);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build();
    let done = runtime.map_err(Failure::System).and_then(|runtime| {
        let done = runtime.block_on(async {
            match owner {
                Owner::Terraform => for_terraform(provider, &environment).await,
                Owner::Person => for_a_person(provider).await,
            }
        });
        // A call that never returns must not hold up the end.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Refused(Refusal::NoCookie)) => {
            by_hand::say(&by_hand::not_by_hand());
            ExitCode::FAILURE
        }
        Err(failure) => {
            tracing::error!("{failure}");
            match owner {
                // The first line of stdout is what Terraform shows when it is no
                // handshake; the log is seen by few.
                Owner::Terraform => drop(handshake::announce(&failure.to_string())),
                Owner::Person => by_hand::say(&format!("Error: {failure}\n")),
            }
            ExitCode::FAILURE
        }
    }
}

async fn for_terraform(
    provider: impl FnOnce() -> Arc<dyn Server>,
    environment: handshake::Environment<'_>,
) -> Result<(), Failure> {
    let demands = handshake::demands(environment)?;
    let (tls, certificate) = tls::server(demands.client)?;
    let mut socket = Socket::bind(demands.ports).await.map_err(Failure::Socket)?;
    let life = Lifecycle::new(Owner::Terraform, socket.directory.take());
    lifecycle::mind_signals(&life)?;
    lifecycle::mind_parent(&life);
    let line = handshake::line(&socket.address, &certificate);
    handshake::announce(&line).map_err(Failure::Handshake)?;
    run(provider(), socket, Some(tls), life).await
}

#[cfg(unix)]
async fn for_a_person(provider: impl FnOnce() -> Arc<dyn Server>) -> Result<(), Failure> {
    let mut socket = Socket::private().map_err(Failure::Socket)?;
    let life = Lifecycle::new(Owner::Person, socket.directory.take());
    lifecycle::mind_signals(&life)?;
    let text = by_hand::reattach(&socket.address, std::process::id());
    handshake::announce(&text).map_err(Failure::Handshake)?;
    run(provider(), socket, None, life).await
}

/// Without TLS a private directory is what keeps others out.
#[cfg(not(unix))]
async fn for_a_person(_provider: impl FnOnce() -> Arc<dyn Server>) -> Result<(), Failure> {
    Err(Failure::Socket(std::io::ErrorKind::Unsupported.into()))
}

/// Answers calls until the end.
async fn run(
    server: Arc<dyn Server>,
    socket: Socket,
    tls: Option<ServerConfig>,
    life: Lifecycle,
) -> Result<(), Failure> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health
        .set_service_status(HEALTH_NAME, ServingStatus::Serving)
        .await;
    let provider = ProviderServer::new(Service::new(server.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT);
    tokio::spawn({
        let ended = life.ended();
        async move {
            ended.await;
            server.stop();
        }
    });
    let served = tonic::transport::Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(life.clone()))
        .add_service(GrpcStdioServer::new(life.clone()))
        .add_service(GrpcBrokerServer::new(life.clone()))
        .add_service(health_service)
        .serve_with_incoming_shutdown(socket.connections(tls), life.ended())
        .await;
    life.clean();
    Ok(served?)
}
