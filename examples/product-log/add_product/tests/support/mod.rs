//! What the tests share: a real MariaDB, a bus that answers as it is told, and the service between.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod bus;
pub mod database;
pub mod proxy;

use add_product::api::{App, router};
use add_product::bus::Bus;
use add_product::outbox::Outbox;
use add_product::settings::Settings;
use add_product::store::Store;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Puts the service together.
pub fn app(settings: &Settings, bus: Bus) -> App {
    let store = Store::new(settings, 5);
    let outbox = Outbox::new(store.clone(), bus);
    App { store, outbox }
}

/// The article's body.
pub fn article() -> Value {
    json!({"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100})
}

/// An answer of the interface.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

/// Sends a request to the interface.
pub async fn send(app: &App, method: &str, path: &str, body: impl Into<Body>) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(body.into()).expect("a request");
    let response = router(app.clone())
        .oneshot(request)
        .await
        .expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer {
        status,
        headers,
        body,
    }
}

/// Sends a product to the interface.
pub async fn add(app: &App, product: &Value) -> Answer {
    send(app, "POST", "/product", product.to_string()).await
}
