//! The way of an event from the outbox to the bus, on a real MariaDB.

mod support;

use serde_json::{Value, json};
use support::bus::{FakeBus, Reply, dead_bus};
use support::database::Database;
use support::{add, app, article};

fn ids(details: &[Value]) -> Vec<u64> {
    details
        .iter()
        .filter_map(|detail| detail["insertedId"].as_u64())
        .collect()
}

#[tokio::test]
async fn a_dead_bus_queues_the_event_and_a_living_one_gets_it_once() {
    let database = Database::new().await;
    let answer = add(&app(&database.settings, dead_bus()), &article()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["event"], "queued");
    let queued = database.outbox().await;
    assert!(queued[0].starts_with("1 | 1 | 0 | "), "{queued:?}");
    assert!(!queued[0].ends_with("NULL"), "{queued:?}");

    let bus = FakeBus::new([]).await;
    let outbox = app(&database.settings, bus.bus()).outbox;
    outbox.drain_some().await;
    assert!(bus.calls().is_empty(), "it is not due yet");
    database.make_due().await;
    outbox.drain_some().await;
    outbox.drain_some().await;
    assert_eq!(ids(&bus.details()), [1]);
    assert!(database.outbox().await.is_empty());
}

#[tokio::test]
async fn passing_errors_queue() {
    for reply in [
        Reply::Entries(vec![Some("ThrottlingException")]),
        Reply::Entries(vec![Some("InternalFailure")]),
        Reply::Error(400, "ThrottlingException"),
        Reply::Error(500, "InternalException"),
        Reply::Entries(vec![]),
        Reply::Silence,
    ] {
        let (database, bus) = (Database::new().await, FakeBus::new([reply]).await);
        let app = app(&database.settings, bus.bus());
        assert_eq!(add(&app, &article()).await.body["event"], "queued");
        database.make_due().await;
        app.outbox.drain_some().await;
        assert_eq!(ids(&bus.details()), [1, 1]);
        assert!(database.outbox().await.is_empty());
    }
}

#[tokio::test]
async fn final_errors_park_with_the_reason() {
    for (reply, reason) in [
        (
            Reply::Entries(vec![Some("MalformedDetail")]),
            "MalformedDetail: as told",
        ),
        (
            Reply::Error(400, "AccessDeniedException"),
            "AccessDeniedException: as told",
        ),
    ] {
        let (database, bus) = (Database::new().await, FakeBus::new([reply]).await);
        let app = app(&database.settings, bus.bus());
        assert_eq!(add(&app, &article()).await.body["event"], "queued");
        assert_eq!(database.outbox().await, [format!("1 | 1 | 1 | {reason}")]);
        database.make_due().await;
        app.outbox.drain_some().await;
        assert_eq!(bus.calls().len(), 1, "a parked event is left alone");

        database
            .run("UPDATE ProductsOutbox SET Parked = false")
            .await;
        app.outbox.drain_some().await;
        assert_eq!(bus.calls().len(), 2, "a person can give it another attempt");
        assert!(database.outbox().await.is_empty());
    }
}

#[tokio::test]
async fn each_entry_of_a_call_has_its_own_end() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..3 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let mixed = vec![None, Some("InternalFailure"), Some("InvalidArgument")];
    let bus = FakeBus::new([Reply::Entries(mixed)]).await;
    app(&database.settings, bus.bus()).outbox.drain_some().await;
    assert_eq!(
        database.outbox().await,
        [
            "2 | 2 | 0 | InternalFailure: as told",
            "3 | 2 | 1 | InvalidArgument: as told",
        ]
    );
}

#[tokio::test]
async fn an_event_that_no_call_may_hold_keeps_back_no_other() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..4 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let bus = FakeBus::new([
        Reply::Error(400, "ValidationException"),
        Reply::Entries(vec![None]),
        Reply::Error(400, "ValidationException"),
        Reply::Entries(vec![None]),
        Reply::Entries(vec![Some("InternalFailure")]),
    ])
    .await;
    app(&database.settings, bus.bus()).outbox.drain_some().await;
    let sizes: Vec<usize> = bus.calls().iter().map(Vec::len).collect();
    assert_eq!(sizes, [4, 1, 1, 1, 1]);
    assert_eq!(
        database.outbox().await,
        [
            "2 | 2 | 1 | ValidationException: as told",
            "4 | 2 | 0 | InternalFailure: as told",
        ]
    );
}

#[tokio::test]
async fn a_bus_that_fails_among_single_calls_is_left_alone() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..3 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let bus = FakeBus::new([
        Reply::Error(413, "RequestEntityTooLargeException"),
        Reply::Error(500, "InternalException"),
    ])
    .await;
    app(&database.settings, bus.bus()).outbox.drain_some().await;
    assert_eq!(bus.calls().len(), 2);
    let later = ["1", "2", "3"].map(|id| format!("{id} | 2 | 0 | InternalException: as told"));
    assert_eq!(database.outbox().await, later);
}

#[tokio::test]
async fn many_events_go_ten_a_call_oldest_first() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..23 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let bus = FakeBus::new([]).await;
    let outbox = app(&database.settings, bus.bus()).outbox;
    while outbox.drain_some().await {}
    let sizes: Vec<usize> = bus.calls().iter().map(Vec::len).collect();
    assert_eq!(sizes, [10, 10, 3]);
    assert_eq!(ids(&bus.details()), Vec::from_iter(1..=23));
}

#[tokio::test]
async fn a_bus_that_fails_is_not_asked_again_at_once() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..12 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let bus = FakeBus::new([Reply::Error(500, "InternalException")]).await;
    let outbox = app(&database.settings, bus.bus()).outbox;
    while outbox.drain_some().await {}
    assert_eq!(bus.calls().len(), 1);
}

#[tokio::test]
async fn two_processes_never_borrow_one_event() {
    let database = Database::new().await;
    let down = app(&database.settings, dead_bus());
    for _ in 0..10 {
        add(&down, &article()).await;
    }
    database.make_due().await;
    let (one, two) = (
        down.store.clone(),
        app(&database.settings, dead_bus()).store,
    );
    let (one, two) = tokio::join!(one.borrow(10), two.borrow(10));
    let mut lent: Vec<u64> = [one.expect("loans"), two.expect("loans")]
        .iter()
        .flatten()
        .map(|loan| loan.product_id)
        .collect();
    lent.sort_unstable();
    assert_eq!(lent, Vec::from_iter(1..=10));
}

#[tokio::test]
async fn an_event_whose_borrower_died_is_lent_again() {
    let database = Database::new().await;
    let bus = FakeBus::new([]).await;
    let app = app(&database.settings, bus.bus());
    // A process that stored the product and died before it published the event.
    let body = article().to_string();
    let product = add_product::product::Product::parse(body.as_bytes()).expect("a product");
    app.store.add(&product).await.expect("stored");
    assert!(
        app.store.borrow(10).await.expect("loans").is_empty(),
        "it is lent"
    );
    database.make_due().await;
    app.outbox.drain_some().await;
    assert_eq!(ids(&bus.details()), [1]);
    assert_eq!(bus.details()[0]["price"], json!(100));
}
