//! A scripted AWS for unit tests: answers each request with the next reply.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::client::{Aws, Region};
use super::secret::Secret;
use super::service::Service;
use super::settings::Settings;

/// What to answer.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// A status and a body.
    Body(u16, String),
    /// An AWS error of the JSON protocols.
    Error(u16, &'static str, &'static str),
    /// The connection is closed without an answer.
    Drop,
    /// No answer ever.
    Hang,
}

impl Reply {
    /// 200 with JSON.
    pub fn ok(body: &str) -> Self {
        Self::Body(200, body.into())
    }
}

/// One request as it came in.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    /// The operation of `X-Amz-Target`, such as `PutRule`.
    pub operation: String,
    pub user_agent: String,
    pub body: String,
}

/// The server; stops when dropped.
pub(super) struct Fake {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    server: tokio::task::JoinHandle<()>,
}

type Answer = dyn Fn(&Request) -> Option<Reply> + Send + Sync;

impl Fake {
    /// Answers with `replies` in order, then with 500s.
    pub async fn scripted(replies: Vec<Reply>) -> Self {
        let replies = Mutex::new(VecDeque::from(replies));
        Self::answering(move |_| replies.lock().expect("replies").pop_front()).await
    }

    /// Answers as the function says.
    pub async fn answering(
        answer: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let answer: Arc<Answer> = Arc::new(answer);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        Self {
            url,
            requests,
            server,
        }
    }

    /// Settings that lead here.
    pub fn settings(&self) -> Settings {
        Settings {
            region: Some("eu-west-1".into()),
            access_key: Some("AKIAIOSFODNN7EXAMPLE".into()),
            secret_key: Some(Secret::from("secret")),
            endpoints: Service::ALL
                .into_iter()
                .map(|service| (service, self.url.clone()))
                .collect(),
            skip_credentials_validation: true,
            ..Settings::default()
        }
    }

    /// The region that leads here.
    pub async fn region(&self) -> Region {
        let aws = Aws::new(self.settings());
        aws.region(None).await.expect("region")
    }

    /// The operations asked for, in order.
    pub fn operations(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("requests");
        requests
            .iter()
            .map(|request| request.operation.clone())
            .collect()
    }

    /// The requests, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("requests").clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, answer: Arc<Answer>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    seen.lock().expect("requests").push(request.clone());
    let reply =
        answer(&request).unwrap_or(Reply::Error(500, "InternalException", "no more replies"));
    let (status, body) = match reply {
        Reply::Body(status, body) => (status, body),
        Reply::Error(status, code, message) => (
            status,
            format!(r#"{{"__type":"{code}","message":"{message}"}}"#),
        ),
        Reply::Drop => return,
        Reply::Hang => return std::future::pending().await,
    };
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\n\
         x-amzn-requestid: req-1\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body.as_bytes()).await;
}

/// Reads one HTTP request.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                let line = head
                    .lines()
                    .find(|line| line.to_lowercase().starts_with(&format!("{name}:")))?;
                Some(line.split_once(':')?.1.trim().to_owned())
            };
            let length = header("content-length")
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                let target = header("x-amz-target").unwrap_or_default();
                let action = body
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("Action="));
                let operation = target.rsplit('.').next().filter(|name| !name.is_empty());
                return Some(Request {
                    operation: operation.or(action).unwrap_or_default().to_owned(),
                    user_agent: header("user-agent").unwrap_or_default(),
                    body: body.to_owned(),
                });
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}
