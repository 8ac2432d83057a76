//! `POST /product` on a real MariaDB.

mod support;

use add_product::settings::Settings;
use axum::http::header;
use serde_json::json;
use support::bus::{FakeBus, dead_bus};
use support::database::Database;
use support::proxy::{Cut, cut_at_commit};
use support::{add, app, article, send};

#[tokio::test]
async fn the_articles_body_becomes_a_row_and_an_event() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    let answer = add(&app, &article()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        json!({"message": "This is EventBridge API", "id": 1, "event": "published"})
    );
    assert_eq!(
        database.products().await,
        ["1 | user-123 | My First Book | Finance | 100"]
    );
    let entry = &bus.calls()[0][0];
    assert_eq!(entry["Source"], "log.addProduct");
    assert_eq!(entry["DetailType"], "add-product");
    assert_eq!(entry["EventBusName"], "log");
    let mut detail = article();
    detail["insertedId"] = json!(1);
    assert_eq!(bus.details(), [detail]);
    assert!(database.outbox().await.is_empty());
}

#[tokio::test]
async fn the_table_has_the_articles_columns() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    add(&app(&database.settings, bus.bus()), &article()).await;
    let columns = database.rows(
        "SELECT COLUMN_NAME, CAST(COLUMN_TYPE AS char), IS_NULLABLE, EXTRA FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'Products' ORDER BY ORDINAL_POSITION",
    );
    assert_eq!(
        columns.await,
        [
            "ID | int(11) | NO | auto_increment",
            "UserID | varchar(255) | YES | ",
            "Name | varchar(255) | YES | ",
            "Category | varchar(255) | YES | ",
            "Price | varchar(255) | YES | ",
        ]
    );
}

#[tokio::test]
async fn a_preflight_is_answered() {
    // Nothing is contacted for it.
    let app = app(&nowhere(), dead_bus());
    let answer = send(&app, "OPTIONS", "/product", "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(
        answer.headers[header::ACCESS_CONTROL_ALLOW_METHODS],
        "OPTIONS,POST"
    );
    let allowed = answer.headers[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str();
    assert!(allowed.expect("text").starts_with("Content-Type,"));
}

#[tokio::test]
async fn a_faulty_body_stores_nothing() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    add(&app, &article()).await;
    let answer = add(
        &app,
        &json!({"userId": 5, "name": "x".repeat(256), "price": 1}),
    )
    .await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body["faults"],
        json!([
            "userId is a number; send a string of at most 255 characters",
            "name has 256 characters; send a string of at most 255 characters",
            "category is missing; send a string of at most 255 characters",
        ])
    );
    // A browser shows the answer to its page only with this header.
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(database.products().await.len(), 1);
    assert_eq!(bus.calls().len(), 1);
}

#[tokio::test]
async fn other_requests_are_told_what_there_is() {
    let app = app(&nowhere(), dead_bus());
    let answer = send(&app, "GET", "/product", "").await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers[header::ALLOW], "OPTIONS,POST");
    assert_eq!(send(&app, "POST", "/products", "").await.status, 404);
    let large = send(&app, "POST", "/product", "x".repeat(100_000)).await;
    assert_eq!(large.status, 413);
    assert!(large.body["faults"].is_array());
}

#[tokio::test]
async fn text_of_any_script_fits() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let app = app(&database.settings, bus.bus());
    let mut product = article();
    product["name"] = json!("📚".repeat(255));
    assert_eq!(add(&app, &product).await.status, 200);
    assert_eq!(bus.details()[0]["name"], product["name"]);
}

#[tokio::test]
async fn a_narrower_table_of_before_is_the_bodys_fault() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    database
        .run("CREATE TABLE Products (ID int NOT NULL AUTO_INCREMENT PRIMARY KEY, UserID varchar(255),
              Name varchar(5), Category varchar(255), Price varchar(255)) DEFAULT CHARACTER SET latin1")
        .await;
    let app = app(&database.settings, bus.bus());
    for (name, fault) in [
        (
            "longer",
            "name is longer than its column in the table Products",
        ),
        (
            "本",
            "name has characters which its column in the table Products can't hold",
        ),
    ] {
        let mut product = article();
        product["name"] = json!(name);
        let answer = add(&app, &product).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert_eq!(answer.body["faults"], json!([fault]));
    }
    assert!(database.products().await.is_empty());
    assert!(database.outbox().await.is_empty());
}

#[tokio::test]
async fn without_a_database_nothing_is_stored_and_nothing_leaks() {
    let bus = FakeBus::new([]).await;
    let answer = add(&app(&nowhere(), bus.bus()), &article()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.body,
        json!({"message": "nothing was stored; send the product again later"})
    );
    assert!(bus.calls().is_empty());
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_a_product_that_was_added() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let cut = cut_at_commit(&database.settings, Cut::After).await;
    let answer = add(&app(&cut, bus.bus()), &article()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["event"], "published");
    assert_eq!(database.products().await.len(), 1);
}

#[tokio::test]
async fn a_commit_that_is_lost_adds_nothing() {
    let (database, bus) = (Database::new().await, FakeBus::new([]).await);
    let cut = cut_at_commit(&database.settings, Cut::Before).await;
    let answer = add(&app(&cut, bus.bus()), &article()).await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.body["message"],
        "nothing was stored; send the product again later"
    );
    assert!(database.products().await.is_empty());
    assert!(bus.calls().is_empty());
}

/// Settings that lead to no database.
fn nowhere() -> Settings {
    let value = |name: &str| match name {
        "MYSQL_PORT" => "1",
        "LISTEN" | "EVENT_BUS_NAME" => "",
        _ => "127.0.0.1",
    };
    Settings::read(|name| Some(value(name).to_owned())).expect("complete settings")
}
