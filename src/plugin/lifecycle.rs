//! When this process ends: go-plugin's controller and idle streams, signals,
//! the parent's death.
//!
//! Knows processes; must not know the protocol's calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use super::proto::go_plugin;
use super::proto::go_plugin::grpc_broker_server::GrpcBroker;
use super::proto::go_plugin::grpc_controller_server::GrpcController;
use super::proto::go_plugin::grpc_stdio_server::GrpcStdio;

/// Terraform kills two seconds after it asked for the end; calls in flight have
/// this long to give their partial state back.
const GRACE: Duration = Duration::from_millis(1500);
/// How often the parent is looked for.
#[cfg(unix)]
const PARENT_POLL: Duration = Duration::from_millis(500);

/// Who decides when this process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Terraform started it, and ends it.
    Terraform,
    /// A person started it with `--debug`; many Terraform commands come and go.
    Person,
}

/// The process's life, shared by everything that may end it.
#[derive(Debug, Clone)]
pub struct Lifecycle(Arc<Life>);

#[derive(Debug)]
struct Life {
    owner: Owner,
    ended: CancellationToken,
    ending: AtomicBool,
    directory: Mutex<Option<TempDir>>,
}

impl Lifecycle {
    /// A life that just began; `directory` is removed at its end.
    #[must_use]
    pub fn new(owner: Owner, directory: Option<TempDir>) -> Self {
        Self(Arc::new(Life {
            owner,
            ended: CancellationToken::new(),
            ending: AtomicBool::new(false),
            directory: Mutex::new(directory),
        }))
    }

    /// The end: told to everyone who waits for [`Lifecycle::ended`], and made sure
    /// of after [`GRACE`] even if a call never returns.
    pub fn end(&self) {
        if self.0.ending.swap(true, Ordering::SeqCst) {
            return;
        }
        self.0.ended.cancel();
        let life = self.clone();
        // A thread, for the runtime's own threads may be what hangs.
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            life.clean();
            std::process::exit(0);
        });
    }

    /// Resolves when the end was asked for.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        self.0.ended.clone().cancelled_owned()
    }

    /// Removes the socket's directory.
    pub fn clean(&self) {
        let mut directory = self
            .0
            .directory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        drop(directory.take());
    }

    /// Holds a stream open until the end: an idle one keeps the connection from
    /// being closed, and one that outlived the end would hang it.
    fn held<T: Send + 'static>(&self) -> Held<T> {
        let ended = tokio_stream::once(()).then({
            let ended = self.0.ended.clone();
            move |()| ended.clone().cancelled_owned()
        });
        Box::pin(ended.filter_map(|()| None))
    }
}

/// A stream that says nothing until the end.
type Held<T> = std::pin::Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl GrpcController for Lifecycle {
    async fn shutdown(
        &self,
        _request: Request<go_plugin::Empty>,
    ) -> Result<Response<go_plugin::Empty>, Status> {
        match self.0.owner {
            Owner::Terraform => self.end(),
            Owner::Person => tracing::debug!("one Terraform command ended"),
        }
        Ok(Response::new(go_plugin::Empty {}))
    }
}

#[tonic::async_trait]
impl GrpcStdio for Lifecycle {
    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<Held<go_plugin::StdioData>>, Status> {
        Ok(Response::new(self.held()))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Lifecycle {
    async fn start_stream(
        &self,
        request: Request<Streaming<go_plugin::ConnInfo>>,
    ) -> Result<Response<Held<go_plugin::ConnInfo>>, Status> {
        // Terraform says nothing on its half; kept, so that it is not reset.
        let unheard = request.into_inner();
        let held = self.held().filter(move |_| {
            let _kept = &unheard;
            true
        });
        Ok(Response::new(Box::pin(held)))
    }
}

/// Terraform's interrupts reach the whole process group; only Terraform acts on
/// them. With `--debug` they end this process.
///
/// Handlers, not "ignore": the latter would be inherited by `credential_process`.
///
/// # Errors
/// When the system refuses a handler.
#[cfg(unix)]
pub fn mind_signals(life: &Lifecycle) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind)?;
        let life = life.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                match life.0.owner {
                    Owner::Terraform => tracing::debug!("a signal is left to Terraform"),
                    Owner::Person => life.end(),
                }
            }
        });
    }
    Ok(())
}

/// Terraform's interrupts reach the whole console; only Terraform acts on them.
///
/// # Errors
/// When the system refuses a handler.
#[cfg(windows)]
pub fn mind_signals(life: &Lifecycle) -> std::io::Result<()> {
    let mut interrupts = tokio::signal::windows::ctrl_c()?;
    let life = life.clone();
    tokio::spawn(async move {
        while interrupts.recv().await.is_some() {
            if life.0.owner == Owner::Person {
                life.end();
            }
        }
    });
    Ok(())
}

/// Ends the life when Terraform died: it cannot say so itself, and nothing else
/// tells. Standard input is Terraform's own, the connection may idle and come
/// back, and Linux's parent-death signal fires when one *thread* ends.
#[cfg(unix)]
pub fn mind_parent(life: &Lifecycle) {
    let parent = rustix::process::getppid();
    let life = life.clone();
    std::thread::spawn(move || {
        while rustix::process::getppid() == parent {
            std::thread::sleep(PARENT_POLL);
        }
        life.end();
    });
}

/// Windows tells no process of its parent's death; Terraform's kill has to do.
#[cfg(windows)]
pub fn mind_parent(_life: &Lifecycle) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn held_streams_end_with_the_process() {
        let life = Lifecycle::new(Owner::Terraform, None);
        let mut stream = life.held::<()>();
        let waiting = tokio::time::timeout(Duration::from_millis(20), stream.next());
        assert!(waiting.await.is_err());
        life.0.ended.cancel();
        assert!(stream.next().await.is_none());
    }
}
