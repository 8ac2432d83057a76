//! Where Terraform reaches us: a unix socket in a private directory, or TCP on
//! 127.0.0.1 where there are no unix sockets.
//!
//! Knows addresses and connections; must not know what is said on them (what wakes them: `connection`).

use std::io;
use std::ops::RangeInclusive;
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[cfg(unix)]
use super::connection::Local;
use super::connection::{Connection, Patient};

use rustls::ServerConfig;
use tempfile::TempDir;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

/// The longest path that every system's socket address holds, with its end mark.
#[cfg(unix)]
const PATH_ROOM: usize = 104;
/// Who connects and says nothing is dropped: reattaching hosts probe so.
const TLS_PATIENCE: Duration = Duration::from_secs(10);

/// An address as the handshake line and TF_REATTACH_PROVIDERS write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `unix` or `tcp`.
    pub network: &'static str,
    /// A path, or `127.0.0.1:port`.
    pub place: String,
}

/// A bound socket.
#[derive(Debug)]
pub struct Socket {
    listener: Listener,
    /// Where to call.
    pub address: Address,
    /// The private directory, gone when this value is dropped.
    pub directory: Option<TempDir>,
}

#[derive(Debug)]
enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Socket {
    /// A unix socket in a new directory that only this user may enter, else TCP.
    ///
    /// # Errors
    /// When neither can be bound.
    pub async fn bind(ports: RangeInclusive<u16>) -> io::Result<Self> {
        #[cfg(unix)]
        return Self::bind_in(bases(), ports).await;
        #[cfg(not(unix))]
        Self::tcp(ports).await
    }

    /// A full disk, or a sandbox without directories to write to, is no reason to
    /// fail: TCP needs none.
    #[cfg(unix)]
    async fn bind_in(
        bases: impl Iterator<Item = PathBuf>,
        ports: RangeInclusive<u16>,
    ) -> io::Result<Self> {
        match Self::private_in(bases) {
            Ok(socket) => Ok(socket),
            Err(_) => Self::tcp(ports).await,
        }
    }

    /// A unix socket in a new directory that only this user may enter.
    ///
    /// # Errors
    /// When no directory can be made, or every path is too long for a socket.
    #[cfg(unix)]
    pub fn private() -> io::Result<Self> {
        Self::private_in(bases())
    }

    #[cfg(unix)]
    fn private_in(bases: impl Iterator<Item = PathBuf>) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for base in bases {
            match Self::within(&base) {
                Ok(socket) => return Ok(socket),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    #[cfg(unix)]
    fn within(base: &Path) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::Builder::new()
            .prefix("tf-eventbridge-")
            .permissions(PermissionsExt::from_mode(0o700))
            .tempdir_in(base)?;
        let path = directory.path().join("s");
        let place = path.to_str().map(str::to_owned);
        let place = place.filter(|place| place.len() < PATH_ROOM && !place.contains('|'));
        let place = place.ok_or(io::ErrorKind::InvalidFilename)?;
        Ok(Self {
            listener: Listener::Unix(UnixListener::bind(path)?),
            address: Address {
                network: "unix",
                place,
            },
            directory: Some(directory),
        })
    }

    /// TCP on 127.0.0.1, on the first free port of a range.
    ///
    /// # Errors
    /// When no port of the range is free.
    pub async fn tcp(ports: RangeInclusive<u16>) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for port in ports {
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => {
                    let place = listener.local_addr()?.to_string();
                    return Ok(Self {
                        listener: Listener::Tcp(listener),
                        address: Address {
                            network: "tcp",
                            place,
                        },
                        directory: None,
                    });
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The connections, as the gRPC server wants them. With `tls`, each is one whose
    /// handshake is done; each handshake has a task of its own, so that a silent
    /// peer holds up nobody.
    #[must_use]
    pub fn connections(self, tls: Option<ServerConfig>) -> ReceiverStream<io::Result<Connection>> {
        let (sender, receiver) = mpsc::channel(16);
        let acceptor = tls.map(|settings| TlsAcceptor::from(Arc::new(settings)));
        tokio::spawn(async move {
            while !sender.is_closed() {
                match self.listener.accept().await {
                    Ok(peer) => {
                        tokio::spawn(admit(peer, acceptor.clone(), sender.clone()));
                    }
                    // Out of file handles: others may be given back.
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            }
        });
        ReceiverStream::new(receiver)
    }
}

/// Directories to try: the user's own, then the short ones (a socket's path has
/// little room, and TMPDIR may be deep).
#[cfg(unix)]
fn bases() -> impl Iterator<Item = PathBuf> {
    let short = ["/tmp", "/var/tmp"].map(PathBuf::from);
    std::iter::once(std::env::temp_dir()).chain(short)
}

impl Listener {
    async fn accept(&self) -> io::Result<Connection> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Connection::new(Local::new(listener.accept().await?.0)?)),
            Self::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                stream.set_nodelay(true)?;
                Ok(Connection::new(stream))
            }
        }
    }
}

async fn admit(
    peer: Connection,
    acceptor: Option<TlsAcceptor>,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let admitted = match acceptor {
        None => Ok(Connection::new(Patient::new(peer))),
        Some(acceptor) => match tokio::time::timeout(TLS_PATIENCE, acceptor.accept(peer)).await {
            Ok(done) => done.map(|tls| Connection::new(Patient::new(tls))),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        },
    };
    match admitted {
        // Nobody listens any more when the server has ended.
        Ok(connection) => drop(sender.send(Ok(connection)).await),
        Err(error) => tracing::debug!(%error, "a connection was refused"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_private_directory_is_private_and_goes_away() {
        use std::os::unix::fs::PermissionsExt;
        let socket = Socket::private().unwrap();
        let directory = socket.directory.as_ref().unwrap().path().to_owned();
        let mode = directory.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        drop(socket);
        assert!(!directory.exists());
    }

    #[tokio::test]
    async fn a_deep_directory_is_refused_and_leaves_nothing() {
        let base = tempfile::tempdir().unwrap();
        let deep = base.path().join("d".repeat(90));
        std::fs::create_dir(&deep).unwrap();
        assert!(Socket::within(&deep).is_err());
        assert_eq!(deep.read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn where_no_directory_can_be_made_there_is_tcp() {
        let base = tempfile::tempdir().unwrap();
        let file = base.path().join("file");
        std::fs::write(&file, "").unwrap();
        let bases = [file, base.path().join("missing")].into_iter();
        let ports = 10_000..=60_000;
        let socket = Socket::bind_in(bases, ports).await.unwrap();
        assert_eq!(socket.address.network, "tcp");
    }

    #[tokio::test]
    async fn tcp_takes_the_first_free_port() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let first = taken.local_addr().unwrap().port();
        let socket = Socket::tcp(first..=first.saturating_add(50)).await.unwrap();
        assert_eq!(socket.address.network, "tcp");
        assert!(Socket::tcp(first..=first).await.is_err());
    }
}
