//! The HTTP interface: `POST /product`, and the preflight that a browser sends before it.
//!
//! 200 means that the product is stored, and says whether its event is `published` already or
//! `queued`; 4xx that the body is at fault, with one line for every fault; 5xx that nothing is
//! stored, so that a client may send the product again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tracing::error;

use crate::outbox::Outbox;
use crate::product::Product;
use crate::store::{NotAdded, Store};

/// Four fields of 255 characters fit many times over.
const LARGEST_BODY: usize = 64 * 1024;

/// The article's answer.
const MESSAGE: &str = "This is EventBridge API";

/// What a browser may send; the headers are API Gateway's own list for `cors: true`.
const CORS: [(header::HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "OPTIONS,POST"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id",
    ),
];

/// What a request needs.
#[derive(Clone)]
pub struct App {
    /// Where products go.
    pub store: Store,
    /// Where their events go.
    pub outbox: Outbox,
}

/// Makes the interface.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/product", post(add).options(preflight))
        .fallback(|| async {
            answer(
                StatusCode::NOT_FOUND,
                json!({"message": "there is only POST /product"}),
            )
        })
        .method_not_allowed_fallback(|| async {
            let message =
                json!({"message": "send a product with POST, or a preflight with OPTIONS"});
            let allowed = [(header::ALLOW, "OPTIONS,POST")];
            (allowed, answer(StatusCode::METHOD_NOT_ALLOWED, message)).into_response()
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(app)
}

/// Stores a product, then tries its event once.
async fn add(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Response {
    let product = match body {
        Ok(body) => Product::parse(&body),
        Err(unread) => return faults(unread.status(), vec![unread.body_text()]),
    };
    let product = match product {
        Ok(product) => product,
        Err(lines) => return faults(StatusCode::BAD_REQUEST, lines),
    };
    match app.store.add(&product).await {
        Ok(loan) => {
            let event = match app.outbox.publish(&loan).await {
                true => "published",
                false => "queued",
            };
            let body = json!({"message": MESSAGE, "id": loan.product_id, "event": event});
            answer(StatusCode::OK, body)
        }
        Err(NotAdded::Refused(fault)) => faults(StatusCode::BAD_REQUEST, vec![fault]),
        Err(not_added) => {
            error!(error = %not_added, "product not added");
            // The database's own words are for the log, not for a client.
            let message = match not_added {
                NotAdded::Unknown { product_id, .. } => format!(
                    "it is not known whether the product was stored; \
                     look for ID {product_id} before sending it again"
                ),
                _ => "nothing was stored; send the product again later".to_owned(),
            };
            answer(StatusCode::SERVICE_UNAVAILABLE, json!({"message": message}))
        }
    }
}

async fn preflight() -> Response {
    (StatusCode::NO_CONTENT, cors()).into_response()
}

fn faults(status: StatusCode, faults: Vec<String>) -> Response {
    let body = json!({"message": "the product was not added", "faults": faults});
    answer(status, body)
}

fn answer(status: StatusCode, body: Value) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, cors(), json, body.to_string()).into_response()
}

fn cors() -> HeaderMap {
    let headers = CORS.into_iter();
    headers
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
}
