//! A unix stream that is woken for what there is to read only.
//!
//! A stream of tokio's listens for room to write as well, and a unix socket tells of room each time
//! its peer has read something: once more for each answer, though there was room all the time. That
//! is a fifth of what a refresh is woken for.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// An open unix stream.
pub struct Local {
    stream: AsyncFd<UnixStream>,
    /// The same stream while it is full, listening for room.
    full: Option<AsyncFd<UnixStream>>,
}

impl Local {
    /// # Errors
    /// Those of the system, where the stream cannot be listened to.
    pub fn new(stream: tokio::net::UnixStream) -> io::Result<Self> {
        Ok(Self {
            stream: listen(stream.into_std()?, Interest::READABLE)?,
            full: None,
        })
    }
}

#[expect(
    deprecated,
    reason = "its successor is unsafe, for types whose descriptor may become another; that of a UnixStream does not"
)]
fn listen(stream: UnixStream, interest: Interest) -> io::Result<AsyncFd<UnixStream>> {
    AsyncFd::with_interest(stream, interest)
}

impl AsyncRead for Local {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut there = ready!(self.stream.poll_read_ready(context))?;
            let room = buffer.initialize_unfilled();
            let wanted = room.len();
            let Ok(read) = there.try_io(|stream| stream.get_ref().read(room)) else {
                continue;
            };
            let read = read?;
            // All there was, which saves asking for more.
            if 0 < read && read < wanted {
                there.clear_ready();
            }
            buffer.advance(read);
            return Poll::Ready(Ok(()));
        }
    }
}

impl AsyncWrite for Local {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            if let Some(full) = &self.full {
                let mut room = ready!(full.poll_write_ready(context))?;
                let Ok(written) = room.try_io(|stream| stream.get_ref().write(bytes)) else {
                    continue;
                };
                self.full = None;
                return Poll::Ready(written);
            }
            match self.stream.get_ref().write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let stream = self.stream.get_ref().try_clone()?;
                    self.full = Some(listen(stream, Interest::WRITABLE)?);
                }
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.get_ref().shutdown(std::net::Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn more_than_the_socket_holds_goes_through_both_ways() {
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        let ours = Local::new(ours).unwrap();
        let sent: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
        let (mut reads, mut writes) = tokio::io::split(ours);
        let (mut hears, mut says) = theirs.into_split();
        let (there, back) = (sent.clone(), sent.clone());
        let writing = tokio::spawn(async move {
            writes.write_all(&there).await.unwrap();
            writes.shutdown().await.unwrap();
        });
        let saying = tokio::spawn(async move {
            says.write_all(&back).await.unwrap();
            says.shutdown().await.unwrap();
        });
        // Reads nothing before the socket is full.
        tokio::task::yield_now().await;
        let (mut heard, mut read) = (Vec::new(), Vec::new());
        hears.read_to_end(&mut heard).await.unwrap();
        reads.read_to_end(&mut read).await.unwrap();
        writing.await.unwrap();
        saying.await.unwrap();
        assert!(heard == sent && read == sent);
    }

    #[tokio::test]
    async fn what_comes_in_pieces_is_read_piece_by_piece() {
        let (ours, mut theirs) = tokio::net::UnixStream::pair().unwrap();
        let mut ours = Local::new(ours).unwrap();
        for piece in [&b"one"[..], b"two", b"three"] {
            theirs.write_all(piece).await.unwrap();
            let mut buffer = [0; 64];
            let read = ours.read(&mut buffer).await.unwrap();
            assert_eq!(buffer.get(..read), Some(piece));
        }
        drop(theirs);
        assert_eq!(ours.read(&mut [0; 64]).await.unwrap(), 0);
        assert!(ours.write_all(b"nobody").await.is_err());
    }
}
