//! Imports by id and by identity: both name the same object, which the Read
//! that follows looks for. They ask nothing of AWS.

use serde_json::{Value as Json, json};

use crate::OFFLINE;
use crate::support::Plugin;

const THEIRS: &str = "arn:aws:events:eu-west-1:999999999999:event-bus/shared";

/// Imports an object both ways; checks that `found` is what its state tells.
async fn check(noun: &str, id: &str, identity: &Json, found: &Json) {
    let plugin = Plugin::start(&OFFLINE).await;
    plugin.configure(json!({})).await.good();
    let type_name = format!("eventbridge_{noun}");
    let by_id = plugin.import(&type_name, id, &Json::Null).await.good();
    let by_identity = plugin.import(&type_name, "", identity).await.good();
    let (by_id, by_identity) = (by_id.expect("an object"), by_identity.expect("an object"));
    for (name, value) in found.as_object().expect("an object") {
        assert_eq!(&by_id.state[name], value, "{noun} {name}");
    }
    assert_eq!(by_id.state, by_identity.state, "{noun}");
    // Terraform wants the identity back that it imports by.
    for (name, value) in identity.as_object().expect("an object") {
        assert_eq!(&by_identity.identity[name], value, "{noun} {name}");
    }
}

#[tokio::test]
async fn objects_that_their_name_tells_apart() {
    for noun in [
        "bus",
        "archive",
        "connection",
        "api_destination",
        "endpoint",
    ] {
        let found = json!({ "name": "shop", "id": "shop" });
        check(noun, "shop", &json!({ "name": "shop" }), &found).await;
        let (far, identity) = (
            "shop@us-east-1",
            json!({ "name": "shop", "region": "us-east-1" }),
        );
        check(
            noun,
            far,
            &identity,
            &json!({ "name": "shop", "region": "us-east-1" }),
        )
        .await;
    }
}

#[tokio::test]
async fn a_rule_on_any_bus() {
    let default = json!({ "name": "placed", "event_bus_name": "default", "id": "placed" });
    check("rule", "placed", &json!({ "name": "placed" }), &default).await;
    let on_shop = json!({ "name": "placed", "event_bus_name": "shop" });
    check("rule", "shop/placed", &on_shop, &on_shop).await;
    let shared = json!({ "name": "placed", "event_bus_name": THEIRS });
    check("rule", &format!("{THEIRS}/placed"), &shared, &shared).await;
    let partner = json!({ "name": "placed", "event_bus_name": "aws.partner/acme.test/a/b" });
    check(
        "rule",
        "aws.partner/acme.test/a/b/placed",
        &partner,
        &partner,
    )
    .await;
}

#[tokio::test]
async fn a_target_on_any_bus() {
    let one = |bus: &str| json!({ "rule": "placed", "event_bus_name": bus, "target_id": "one" });
    check("target", "placed/one", &one("default"), &one("default")).await;
    check("target", "shop/placed/one", &one("shop"), &one("shop")).await;
    check(
        "target",
        &format!("{THEIRS}/placed/one"),
        &one(THEIRS),
        &one(THEIRS),
    )
    .await;
    let mut far = one("shop");
    far["region"] = json!("us-east-1");
    check("target", "shop/placed/one@us-east-1", &far, &far).await;
}

#[tokio::test]
async fn policies_and_permissions() {
    let shop = json!({ "event_bus_name": "shop" });
    check("bus_policy", "shop", &shop, &shop).await;
    let statement = json!({ "statement_id": "all" });
    let found = json!({ "statement_id": "all", "event_bus_name": "default" });
    check("permission", "all", &statement, &found).await;
    let on_shop = json!({ "statement_id": "all", "event_bus_name": "shop" });
    check("permission", "shop/all", &on_shop, &on_shop).await;
}

#[tokio::test]
async fn what_names_no_object_is_told_with_the_form() {
    let plugin = Plugin::start(&OFFLINE).await;
    plugin.configure(json!({})).await.good();
    for (noun, id, form) in [
        ("rule", "a//", "BUS/RULE"),
        ("target", "placed", "RULE/TARGET"),
        ("permission", "shop/", "STATEMENT"),
    ] {
        let type_name = format!("eventbridge_{noun}");
        let errors = plugin.import(&type_name, id, &Json::Null).await.errors();
        let [error] = &errors[..] else {
            panic!("{noun} {id}: {errors:?}");
        };
        assert!(error.contains(id) && error.contains(form), "{error}");
    }
}
