//! The program as a Lambda function, behind API Gateway's REST (v1) or HTTP (v2) interface.
//!
//! Nothing runs between invocations, so the outbox is drained by invocations: each request tries
//! its own event and then a few that are due, and a rule with `rate(1 minute)` that has the
//! function as its target does the rest.

use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceExt;
use lambda_http::{
    Adapter, Error, LambdaEvent, Request, RequestExt, Service, lambda_runtime, service_fn,
};
use serde_json::{Value, json};

use crate::api::{self, App};
use crate::outbox::Outbox;

/// A function answers one invocation at a time.
pub const CONNECTIONS: u32 = 1;

/// What is left of an invocation's time when draining goes on no more: one call of the bus fits.
const RESERVE: Duration = Duration::from_secs(5);

/// Answers invocations until the runtime ends the process.
pub async fn run(app: App) -> Result<(), Error> {
    lambda_runtime::run(service_fn(move |event| invoke(app.clone(), event))).await
}

/// Answers one invocation: a scheduled event, or a request.
pub async fn invoke(app: App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    if payload["source"] == "aws.events" {
        drain(&app.outbox, context.deadline()).await;
        return Ok(json!({"message": "outbox drained"}));
    }
    let stage = payload["requestContext"]["stage"].as_str();
    let stage = stage.unwrap_or_default().to_owned();
    let request: LambdaRequest = serde_json::from_value(payload)?;
    let outbox = app.outbox.clone();
    let router = api::router(app);
    let mut http = Adapter::from(service_fn(move |request| {
        route(router.clone(), stage.clone(), request)
    }));
    let response = http.call(LambdaEvent::new(request, context)).await?;
    outbox.drain_some().await;
    Ok(serde_json::to_value(response)?)
}

/// Hands a request to the interface, whose paths begin behind the stage.
async fn route(router: Router, stage: String, request: Request) -> Result<Response, Infallible> {
    let path = without_stage(request.raw_http_path(), &stage).parse::<PathAndQuery>();
    let mut request = request.map(Body::new);
    if let Ok(path) = path {
        *request.uri_mut() = Uri::from(path);
    }
    router.oneshot(request).await
}

/// HTTP interfaces put the stage before the path, REST interfaces do not.
fn without_stage<'p>(path: &'p str, stage: &str) -> &'p str {
    let inner = path.strip_prefix('/').and_then(|p| p.strip_prefix(stage));
    match inner {
        Some(inner) if !stage.is_empty() && inner.starts_with('/') => inner,
        _ => path,
    }
}

async fn drain(outbox: &Outbox, deadline: SystemTime) {
    let time_left = || {
        deadline
            .duration_since(SystemTime::now())
            .unwrap_or_default()
    };
    // Once in any case: a function with Lambda's default timeout has less than the reserve to begin with.
    while outbox.drain_some().await && time_left() > RESERVE {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_is_no_part_of_the_path() {
        for (path, stage, inner) in [
            ("/product", "$default", "/product"),
            ("/product", "prod", "/product"),
            ("/prod/product", "prod", "/product"),
            ("/product", "product", "/product"),
            ("/products", "product", "/products"),
            ("/product", "", "/product"),
        ] {
            assert_eq!(without_stage(path, stage), inner, "{path} in {stage}");
        }
    }
}
