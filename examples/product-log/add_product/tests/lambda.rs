//! The Lambda form: what API Gateway and the schedule send to the function.

mod support;

use std::time::{Duration, SystemTime};

use add_product::api::App;
use add_product::lambda::invoke;
use lambda_http::{Context, LambdaEvent};
use serde_json::{Value, json};
use support::bus::{FakeBus, dead_bus};
use support::database::Database;
use support::{add, app, article};

async fn answer(app: &App, payload: Value) -> Value {
    answer_within(Duration::from_secs(15), app, payload).await
}

/// The answer of a function with this timeout.
async fn answer_within(timeout: Duration, app: &App, payload: Value) -> Value {
    let mut context = Context::default();
    let end = SystemTime::now() + timeout;
    let since = end
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970");
    context.deadline = u64::try_from(since.as_millis()).expect("before the year 584542046");
    invoke(app.clone(), LambdaEvent::new(payload, context))
        .await
        .expect("an answer")
}

/// A request as a REST interface sends it (payload format 1.0).
fn rest(method: &str, body: &str) -> Value {
    json!({
        "resource": "/product", "path": "/product", "httpMethod": method,
        "headers": {"Content-Type": "application/json", "Host": "abc.execute-api.eu-west-1.amazonaws.com"},
        "multiValueHeaders": {"Content-Type": ["application/json"]},
        "queryStringParameters": null, "multiValueQueryStringParameters": null,
        "pathParameters": null, "stageVariables": null,
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "httpMethod": method, "path": "/dev/product",
            "protocol": "HTTP/1.1", "requestId": "r-1", "resourcePath": "/product", "stage": "dev",
            "identity": {"sourceIp": "127.0.0.1"}
        },
        "body": body, "isBase64Encoded": false
    })
}

/// A request as an HTTP interface sends it (payload format 2.0).
fn http(method: &str, path: &str, stage: &str, body: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": format!("{method} /product"), "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "abc.execute-api.eu-west-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abc", "requestId": "r-1", "routeKey": format!("{method} /product"), "stage": stage,
            "time": "12/Mar/2025:19:03:58 +0000", "timeEpoch": 1741806238000_u64,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "curl"}
        },
        "body": body, "isBase64Encoded": false
    })
}

/// What the rule with `rate(1 minute)` sends.
fn scheduled() -> Value {
    json!({
        "version": "0", "id": "e-1", "detail-type": "Scheduled Event", "source": "aws.events",
        "account": "123456789012", "time": "2025-03-12T19:03:58Z", "region": "eu-west-1",
        "resources": ["arn:aws:events:eu-west-1:123456789012:rule/drain"], "detail": {}
    })
}

fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().expect("a body")).expect("JSON")
}

#[tokio::test]
async fn both_interfaces_add_products() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    let product = article().to_string();
    let requests = [
        rest("POST", &product),
        http("POST", "/product", "$default", &product),
        http("POST", "/prod/product", "prod", &product),
    ];
    for (request, id) in requests.into_iter().zip(1..) {
        let answer = answer(&app, request).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(
            body(&answer),
            json!({"message": "This is EventBridge API", "id": id, "event": "published"})
        );
    }
    assert_eq!(database.products().await.len(), 3);
    assert_eq!(bus.details().len(), 3);
}

#[tokio::test]
async fn a_body_may_come_in_base64() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    // {"userId":"u","name":"n","category":"c","price":1}
    let text = "eyJ1c2VySWQiOiJ1IiwibmFtZSI6Im4iLCJjYXRlZ29yeSI6ImMiLCJwcmljZSI6MX0=";
    for mut request in [
        rest("POST", text),
        http("POST", "/product", "$default", text),
    ] {
        request["isBase64Encoded"] = json!(true);
        let answer = answer(&app, request).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
    }
    assert_eq!(database.products().await.len(), 2);
}

#[tokio::test]
async fn both_interfaces_answer_preflights_and_faults() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    for request in [
        rest("OPTIONS", ""),
        http("OPTIONS", "/product", "$default", ""),
    ] {
        let answer = answer(&app, request).await;
        assert_eq!(answer["statusCode"], 204, "{answer}");
        assert!(
            answer.to_string().contains("access-control-allow-origin"),
            "{answer}"
        );
    }
    let answer = answer(&app, rest("POST", "{}")).await;
    assert_eq!(answer["statusCode"], 400);
    assert_eq!(body(&answer)["faults"].as_array().expect("faults").len(), 4);
}

#[tokio::test]
async fn a_request_takes_what_is_due_along() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    add(&app(&database.settings, dead_bus()), &article()).await;
    database.make_due().await;
    answer(
        &app(&database.settings, bus.bus()),
        rest("POST", &article().to_string()),
    )
    .await;
    assert_eq!(bus.details().len(), 2);
    assert!(database.outbox().await.is_empty());
}

#[tokio::test]
async fn the_schedule_drains_the_outbox() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let down = app(&database.settings, dead_bus());
    for _ in 0..12 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let answer = answer(&app(&database.settings, bus.bus()), scheduled()).await;
    assert_eq!(answer, json!({"message": "outbox drained"}));
    assert_eq!(bus.details().len(), 12);
}

#[tokio::test]
async fn the_schedule_drains_in_lambdas_default_time_too() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    add(&app(&database.settings, dead_bus()), &article()).await;
    database.make_due().await;
    let app = app(&database.settings, bus.bus());
    answer_within(Duration::from_secs(3), &app, scheduled()).await;
    assert_eq!(bus.details().len(), 1);
}
