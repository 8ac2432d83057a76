//! Connections, whose secrets the old state holds in plain text, and API destinations.

use serde_json::json;

use super::Move;

const ARN: &str =
    "arn:aws:events:eu-west-1:123456789012:connection/shop/0a1b2c3d-0000-1111-2222-333344445555";
const SECRET: &str =
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:events!connection/shop/0a1b2c3d-AbCdEf";

#[tokio::test]
async fn a_connection_of_version_4_with_a_password() {
    let connection = Move {
        noun: "connection",
        version: 0,
        state: json!({
            "arn": ARN, "id": "shop", "name": "shop", "description": "", "secret_arn": SECRET,
            "authorization_type": "BASIC",
            "auth_parameters": [{
                "api_key": [], "basic": [{"username": "shop", "password": "hunter2"}], "oauth": [],
                "invocation_http_parameters": [],
            }],
        }),
        becomes: json!({
            "arn": ARN, "id": "shop", "name": "shop", "secret_arn": SECRET, "authorization_type": "BASIC",
            "auth_parameters": [{"basic": [{"username": "shop", "password": "hunter2"}]}], "adopt": false,
            "region": "eu-west-1",
        }),
        config: json!({
            "name": "shop", "authorization_type": "BASIC",
            "auth_parameters": [{"basic": [{"username": "shop", "password": "hunter2"}]}],
        }),
    };
    connection.check().await;
}

#[tokio::test]
async fn a_connection_that_was_imported_before_has_no_secret() {
    let connection = Move {
        noun: "connection",
        version: 0,
        state: json!({
            "arn": ARN, "id": "shop", "name": "shop", "description": "the shop", "secret_arn": SECRET,
            "authorization_type": "API_KEY", "kms_key_identifier": "", "invocation_connectivity_parameters": [],
            "auth_parameters": [{
                "api_key": [{"key": "x-key", "value": ""}], "basic": [], "oauth": [], "connectivity_parameters": [],
                "invocation_http_parameters": [{
                    "body": [{"key": "a", "value": "1", "is_value_secret": false}],
                    "header": [{"key": "x-shop", "value": "", "is_value_secret": true}], "query_string": [],
                }],
            }],
        }),
        becomes: json!({
            "arn": ARN, "id": "shop", "name": "shop", "description": "the shop", "secret_arn": SECRET,
            "authorization_type": "API_KEY", "adopt": false, "region": "eu-west-1",
            "auth_parameters": [{
                "api_key": [{"key": "x-key"}],
                "invocation_http_parameters": [{
                    "body": [{"key": "a", "value": "1", "is_value_secret": false}],
                    "header": [{"key": "x-shop", "is_value_secret": true}],
                }],
            }],
        }),
        config: json!({
            "name": "shop", "description": "the shop", "authorization_type": "API_KEY",
            "auth_parameters": [{
                "api_key": [{"key": "x-key"}],
                "invocation_http_parameters": [{
                    "body": [{"key": "a", "value": "1"}], "header": [{"key": "x-shop", "is_value_secret": true}],
                }],
            }],
        }),
    };
    connection.check().await;
}

#[tokio::test]
async fn a_connection_of_version_6_with_oauth_in_a_private_network() {
    let lattice =
        "arn:aws:vpc-lattice:eu-west-1:123456789012:resourceconfiguration/rcfg-0123456789abcdef0";
    let association =
        "arn:aws:vpc-lattice:eu-west-1:123456789012:servicenetworkresourceassociation/snra-0";
    let oauth = |none: serde_json::Value| {
        json!([{
            "authorization_endpoint": "https://login.acme.test/token", "http_method": "POST",
            "client_parameters": [{"client_id": "shop", "client_secret": "s3cret"}],
            "oauth_http_parameters": [{
                "body": [{"key": "grant", "value": "client", "is_value_secret": false}], "header": none,
                "query_string": none,
            }],
        }])
    };
    let network = |association| {
        json!([{"resource_parameters": [{
            "resource_configuration_arn": lattice, "resource_association_arn": association,
        }]}])
    };
    let mut set = oauth(json!([]));
    let parameters = set[0]["oauth_http_parameters"][0]
        .as_object_mut()
        .expect("an object");
    parameters.retain(|_, value| value != &json!([]));
    let connection = Move {
        noun: "connection",
        version: 0,
        state: json!({
            "arn": ARN, "id": "shop", "name": "shop", "description": null, "secret_arn": SECRET,
            "authorization_type": "OAUTH_CLIENT_CREDENTIALS", "kms_key_identifier": "alias/shop",
            "region": "eu-west-1", "invocation_connectivity_parameters": network(json!(association)),
            "auth_parameters": [{
                "api_key": [], "basic": [], "oauth": oauth(json!([])), "invocation_http_parameters": [],
                "connectivity_parameters": network(json!(association)),
            }],
        }),
        becomes: json!({
            "arn": ARN, "id": "shop", "name": "shop", "secret_arn": SECRET, "kms_key_identifier": "alias/shop",
            "authorization_type": "OAUTH_CLIENT_CREDENTIALS", "region": "eu-west-1", "adopt": false,
            "invocation_connectivity_parameters": network(json!(association)),
            "auth_parameters": [{"oauth": set, "connectivity_parameters": network(json!(association))}],
        }),
        config: json!({
            "name": "shop", "authorization_type": "OAUTH_CLIENT_CREDENTIALS", "kms_key_identifier": "alias/shop",
            "invocation_connectivity_parameters": network(json!(null)),
            "auth_parameters": [{"oauth": set, "connectivity_parameters": network(json!(null))}],
        }),
    };
    connection.check().await;
}

#[tokio::test]
async fn an_api_destination_of_version_5() {
    let arn = "arn:aws:events:eu-west-1:123456789012:api-destination/shop/0a1b2c3d-0000-1111-2222-333344445555";
    let destination = Move {
        noun: "api_destination",
        version: 0,
        state: json!({
            "arn": arn, "id": "shop", "name": "shop", "description": "", "connection_arn": ARN, "http_method": "POST",
            "invocation_endpoint": "https://shop.acme.test/*", "invocation_rate_limit_per_second": 300,
        }),
        becomes: json!({
            "arn": arn, "id": "shop", "name": "shop", "connection_arn": ARN, "http_method": "POST",
            "invocation_endpoint": "https://shop.acme.test/*", "invocation_rate_limit_per_second": 300,
            "region": "eu-west-1", "adopt": false,
        }),
        config: json!({
            "name": "shop", "connection_arn": ARN, "http_method": "POST",
            "invocation_endpoint": "https://shop.acme.test/*",
        }),
    };
    destination.check().await;
}
