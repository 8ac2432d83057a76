//! A bus that answers PutEvents as it is told, over HTTP, so that the SDK's own reading of
//! answers is under test too.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use add_product::bus::Bus;
use aws_credential_types::Credentials;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::config::timeout::TimeoutConfig;
use aws_sdk_eventbridge::config::{BehaviorVersion, Config, Region};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One answer.
pub enum Reply {
    /// An error code for each entry, or none where the bus takes it.
    Entries(Vec<Option<&'static str>>),
    /// The call fails as a whole.
    Error(u16, &'static str),
    /// No answer before the caller loses patience.
    Silence,
}

/// The bus, and what it was sent.
#[derive(Clone)]
pub struct FakeBus {
    url: String,
    state: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    calls: Vec<Vec<Value>>,
    replies: VecDeque<Reply>,
}

impl FakeBus {
    /// Starts a bus that gives these answers first and takes everything after them.
    pub async fn new(replies: impl IntoIterator<Item = Reply>) -> FakeBus {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let replies = replies.into_iter().collect();
        let calls = Vec::new();
        let state = Arc::new(Mutex::new(Seen { calls, replies }));
        let bus = FakeBus { url, state };
        let app = Router::new().fallback(answer).with_state(bus.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        bus
    }

    /// The service's way to this bus.
    pub fn bus(&self) -> Bus {
        bus_at(&self.url)
    }

    /// The entries of each call so far.
    pub fn calls(&self) -> Vec<Vec<Value>> {
        self.seen().calls.clone()
    }

    /// The details of all entries so far.
    pub fn details(&self) -> Vec<Value> {
        let entries = self.calls().into_iter().flatten();
        let detail = |entry: Value| entry["Detail"].as_str().map(str::to_owned);
        entries
            .filter_map(detail)
            .map(|detail| serde_json::from_str(&detail).expect("JSON"))
            .collect()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.state.lock().expect("no test panicked with it")
    }
}

/// A bus that nothing answers for.
pub fn dead_bus() -> Bus {
    bus_at("http://127.0.0.1:1")
}

fn bus_at(url: &str) -> Bus {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(Duration::from_secs(2))
                .build(),
        )
        .endpoint_url(url)
        .build();
    Bus::new(Client::from_conf(config), "log")
}

async fn answer(State(bus): State<FakeBus>, body: Bytes) -> Response {
    let call: Value = serde_json::from_slice(&body).expect("JSON");
    let entries = call["Entries"].as_array().cloned().unwrap_or_default();
    let number = entries.len();
    let reply = {
        let mut seen = bus.seen();
        seen.calls.push(entries);
        seen.replies.pop_front()
    };
    match reply.unwrap_or_else(|| Reply::Entries(vec![None; number])) {
        Reply::Entries(codes) => {
            let entry = |(index, code): (usize, Option<&str>)| match code {
                None => json!({"EventId": format!("event-{index}")}),
                Some(code) => json!({"ErrorCode": code, "ErrorMessage": "as told"}),
            };
            let failed = codes.iter().flatten().count();
            let entries: Vec<Value> = codes.into_iter().enumerate().map(entry).collect();
            json!({"FailedEntryCount": failed, "Entries": entries})
                .to_string()
                .into_response()
        }
        Reply::Error(status, code) => {
            let status = StatusCode::from_u16(status).expect("a status");
            (
                status,
                json!({"__type": code, "message": "as told"}).to_string(),
            )
                .into_response()
        }
        Reply::Silence => std::future::pending().await,
    }
}
