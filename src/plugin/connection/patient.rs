//! A connection that lets its answers to HTTP/2 pings wait.
//!
//! Terraform's gRPC client pings after each answer to learn the round trip, and sends the next ping
//! only once the last is answered. On a local socket that tells it nothing, yet it wakes both sides
//! once more for each call: a third of what a refresh is woken for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long an answer waits: well within the 20 s after which a gRPC client may take a connection
/// for dead.
/// <https://grpc.io/docs/guides/keepalive/>
const PATIENCE: Duration = Duration::from_secs(1);

/// The frame that answers a ping: eight octets, of the type PING, with the flag ACK, of no stream.
/// <https://www.rfc-editor.org/rfc/rfc9113.html#name-ping>
const ANSWER: [u8; 9] = [0, 0, 8, 6, 1, 0, 0, 0, 0];
const ANSWER_LENGTH: usize = ANSWER.len() + 8;

/// A stream whose server's answers to pings wait.
pub struct Patient<S> {
    stream: S,
    patience: Duration,
    waiting: Option<Waiting>,
    /// Whether all that was written has been handed over: then a frame begins with the next write,
    /// for h2 flushes only at a frame's end.
    is_flushed: bool,
}

struct Waiting {
    answer: [u8; ANSWER_LENGTH],
    written: usize,
    due: Pin<Box<Sleep>>,
}

impl<S> Patient<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            patience: PATIENCE,
            waiting: None,
            is_flushed: true,
        }
    }
}

impl<S: AsyncWrite + Unpin> Patient<S> {
    /// Writes the answer once it is due.
    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(waiting) = &mut self.waiting else {
            return Poll::Ready(Ok(()));
        };
        // Once begun it is written to its end: a timer that has run out may still ask to wait.
        if waiting.written == 0 && waiting.due.as_mut().poll(context).is_pending() {
            return Poll::Ready(Ok(()));
        }
        self.is_flushed = false;
        while let Some(rest @ [_, ..]) = waiting.answer.get(waiting.written..) {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            waiting.written += written;
        }
        self.waiting = None;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let answer = <[u8; ANSWER_LENGTH]>::try_from(bytes).ok();
        if let Some(answer) = answer.filter(|answer| answer.starts_with(&ANSWER))
            && self.is_flushed
            // A second ping before the first is answered asks for more than the round trip.
            && self.waiting.is_none()
        {
            self.waiting = Some(Waiting {
                answer,
                written: 0,
                due: Box::pin(sleep(self.patience)),
            });
            return Poll::Ready(Ok(ANSWER_LENGTH));
        }
        if self.waiting.as_ref().is_some_and(|w| w.written > 0) {
            ready!(self.poll_answer(context))?;
        }
        self.is_flushed = false;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_answer(context))?;
        if !self.is_flushed {
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
            self.is_flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter, DuplexStream, duplex};
    use tokio::time::timeout;

    const FOR_EVER: Duration = Duration::from_secs(3600);

    fn answer(to: u8) -> Vec<u8> {
        [&ANSWER[..], &[to; 8]].concat()
    }

    fn pair(patience: Duration, room: usize) -> (Patient<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(room);
        let patient = Patient {
            patience,
            ..Patient::new(ours)
        };
        (patient, theirs)
    }

    async fn send(patient: &mut Patient<DuplexStream>, bytes: &[u8]) {
        patient.write_all(bytes).await.unwrap();
        patient.flush().await.unwrap();
    }

    /// What is there to read now.
    async fn arrived(theirs: &mut DuplexStream) -> Vec<u8> {
        let mut buffer = [0; 64];
        match timeout(Duration::ZERO, theirs.read(&mut buffer)).await {
            Ok(read) => buffer.iter().take(read.unwrap()).copied().collect(),
            Err(_) => Vec::new(),
        }
    }

    #[tokio::test]
    async fn an_answer_waits_and_nothing_else_does() {
        let (mut patient, mut theirs) = pair(FOR_EVER, 64);
        send(&mut patient, &answer(1)).await;
        assert!(arrived(&mut theirs).await.is_empty());
        send(&mut patient, b"a call's answer").await;
        assert_eq!(arrived(&mut theirs).await, b"a call's answer");
    }

    #[tokio::test]
    async fn one_that_is_due_does_not_part_a_frame() {
        let (mut patient, mut theirs) = pair(Duration::from_millis(1), 64);
        send(&mut patient, &answer(1)).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        patient.write_all(b"head, ").await.unwrap();
        send(&mut patient, b"payload").await;
        let whole = [b"head, payload", answer(1).as_slice()].concat();
        assert_eq!(arrived(&mut theirs).await, whole);
    }

    #[tokio::test]
    async fn the_answer_is_known_by_its_octets() {
        let (mut patient, mut theirs) = pair(FOR_EVER, 64);
        send(&mut patient, b"\0\0\x08\x06\x01\0\0\0\0octets12").await;
        assert!(arrived(&mut theirs).await.is_empty());
        // A ping of ours has no ACK, and is no answer.
        let ping = b"\0\0\x08\x06\0\0\0\0\0octets12";
        send(&mut patient, ping).await;
        assert_eq!(arrived(&mut theirs).await, ping);
    }

    #[tokio::test]
    async fn one_that_is_due_wakes_the_connection() {
        let (ours, mut theirs) = duplex(64);
        // What stands below may hold bytes until it is flushed, as TLS does.
        let mut patient = Patient {
            patience: Duration::from_millis(1),
            ..Patient::new(BufWriter::new(ours))
        };
        patient.write_all(&answer(1)).await.unwrap();
        tokio::spawn(async move {
            poll_fn(|context| {
                let flushed = Pin::new(&mut patient).poll_flush(context);
                assert!(matches!(flushed, Poll::Ready(Ok(()))));
                Poll::<()>::Pending
            })
            .await;
        });
        let mut buffer = [0; ANSWER_LENGTH];
        let arriving = timeout(Duration::from_secs(10), theirs.read_exact(&mut buffer));
        arriving.await.unwrap().unwrap();
        assert_eq!(buffer.as_slice(), answer(1));
    }

    #[tokio::test]
    async fn a_second_answer_goes_at_once() {
        let (mut patient, mut theirs) = pair(FOR_EVER, 64);
        send(&mut patient, &answer(1)).await;
        send(&mut patient, &answer(2)).await;
        assert_eq!(arrived(&mut theirs).await, answer(2));
    }

    #[tokio::test]
    async fn what_looks_like_an_answer_inside_a_frame_is_none() {
        let (mut patient, mut theirs) = pair(FOR_EVER, 64);
        patient.write_all(b"head of a frame").await.unwrap();
        send(&mut patient, &answer(1)).await;
        let whole = [b"head of a frame", answer(1).as_slice()].concat();
        assert_eq!(arrived(&mut theirs).await, whole);
    }

    #[tokio::test]
    async fn an_answer_that_is_half_written_is_not_interrupted() {
        let (mut patient, mut theirs) = pair(Duration::from_millis(1), 8);
        send(&mut patient, &answer(1)).await;
        // Until it is due, and does not fit.
        poll_fn(|context| match Pin::new(&mut patient).poll_flush(context) {
            Poll::Ready(_) => Poll::Pending,
            Poll::Pending => Poll::Ready(()),
        })
        .await;
        let writing = tokio::spawn(async move {
            send(&mut patient, b"a call's answer").await;
        });
        let mut all = Vec::new();
        theirs.read_to_end(&mut all).await.unwrap();
        writing.await.unwrap();
        assert_eq!(all, [answer(1).as_slice(), b"a call's answer"].concat());
    }
}
