//! A connection between its state and the API's form. Secrets go out and never
//! come back: a read takes them from the state before.

use super::super::shared::form;
use crate::aws::Secret;
use crate::aws::events::{
    Connection as Remote, ConnectionAuth, ConnectionSettings, Connectivity, HttpParameter,
    HttpParameters, OAuth,
};
use crate::provider::{Block, Value};

pub fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// Whether the connection leads into a private network.
pub fn is_private(state: &Value) -> bool {
    let auth = state.get("auth_parameters").at(0);
    configuration_arn(auth.get("connectivity_parameters")).is_some()
        || configuration_arn(state.get("invocation_connectivity_parameters")).is_some()
}

/// The connection as CreateConnection takes it; `config` holds the write-only
/// secrets. `None` when no way to authorize is there.
pub fn settings(state: &Value, config: &Value) -> Option<ConnectionSettings> {
    let text = |name: &str| state.get(name).as_set_str().map(str::to_owned);
    let (auth, written) = (
        first(state, "auth_parameters"),
        first(config, "auth_parameters"),
    );
    Some(ConnectionSettings {
        name: name_of(state).to_owned(),
        description: text("description"),
        auth: authorization(auth, written)?,
        invocation_http_parameters: http(
            auth.get("invocation_http_parameters"),
            written.get("invocation_http_parameters"),
        ),
        connectivity_arn: configuration_arn(auth.get("connectivity_parameters")),
        invocation_connectivity_arn: configuration_arn(
            state.get("invocation_connectivity_parameters"),
        ),
        kms_key_identifier: text("kms_key_identifier"),
    })
}

/// The connection as UpdateConnection takes it: what was removed is sent empty,
/// so that it goes.
pub fn update(before: &ConnectionSettings, mut after: ConnectionSettings) -> ConnectionSettings {
    let empty = |before: &Option<String>| before.is_some().then(String::new);
    after.description = after.description.or_else(|| empty(&before.description));
    after.kms_key_identifier = after
        .kms_key_identifier
        .or_else(|| empty(&before.kms_key_identifier));
    after.connectivity_arn = after
        .connectivity_arn
        .or_else(|| empty(&before.connectivity_arn));
    after.invocation_connectivity_arn = after
        .invocation_connectivity_arn
        .or_else(|| empty(&before.invocation_connectivity_arn));
    if before.invocation_http_parameters.is_some() {
        after.invocation_http_parameters.get_or_insert_default();
    }
    after
}

fn authorization(auth: &Value, written: &Value) -> Option<ConnectionAuth> {
    let text = |block: &Value, name: &str| block.get(name).as_str().unwrap_or_default().to_owned();
    if let block @ Value::Map(_) = first(auth, "api_key") {
        return Some(ConnectionAuth::ApiKey {
            key: text(block, "key"),
            value: secret(block, first(written, "api_key"), "value"),
        });
    }
    if let block @ Value::Map(_) = first(auth, "basic") {
        return Some(ConnectionAuth::Basic {
            username: text(block, "username"),
            password: secret(block, first(written, "basic"), "password"),
        });
    }
    let block @ Value::Map(_) = first(auth, "oauth") else {
        return None;
    };
    let written = first(written, "oauth");
    let client = first(block, "client_parameters");
    Some(ConnectionAuth::OAuth(OAuth {
        authorization_endpoint: text(block, "authorization_endpoint"),
        http_method: text(block, "http_method"),
        client_id: client.get("client_id").as_str().map(str::to_owned),
        client_secret: secret(client, first(written, "client_parameters"), "client_secret"),
        http_parameters: http(
            block.get("oauth_http_parameters"),
            written.get("oauth_http_parameters"),
        ),
    }))
}

/// The three lists; `None` when none of them has an element.
fn http(blocks: &Value, written: &Value) -> Option<HttpParameters> {
    let (block, written) = (blocks.at(0), written.at(0));
    let list = |name: &str| -> Vec<HttpParameter> {
        let items = block.get(name).items().iter().enumerate();
        let parameters = items.map(|(i, item)| HttpParameter {
            key: item.get("key").as_str().unwrap_or_default().to_owned(),
            value: secret(item, written.get(name).at(i), "value"),
            is_value_secret: item.get("is_value_secret").as_bool().unwrap_or(false),
        });
        parameters.collect()
    };
    let parameters = HttpParameters {
        header: list("header"),
        query_string: list("query_string"),
        body: list("body"),
    };
    (parameters != HttpParameters::default()).then_some(parameters)
}

/// A secret from the state, or its write-only variant from the configuration.
fn secret(block: &Value, written: &Value, name: &str) -> Option<Secret> {
    let plain = block.get(name).as_str();
    let hidden = || written.get(&format!("{name}_wo")).as_str();
    plain.or_else(hidden).map(Secret::new)
}

fn configuration_arn(blocks: &Value) -> Option<String> {
    let resource = first(blocks.at(0), "resource_parameters");
    resource
        .get("resource_configuration_arn")
        .as_set_str()
        .map(str::to_owned)
}

/// The connection as its state; `like` gives the secrets, and the form of what
/// has several.
pub fn state_of(connection: &Remote, block: &Block, like: &Value) -> Value {
    let mut actual = Value::map([
        ("name", Value::from(connection.name.as_str())),
        ("id", connection.name.as_str().into()),
        ("arn", connection.arn.as_str().into()),
        ("secret_arn", connection.secret_arn.clone().into()),
        ("description", connection.description.clone().into()),
        (
            "kms_key_identifier",
            connection.kms_key_identifier.clone().into(),
        ),
        (
            "authorization_type",
            connection.authorization_type.as_str().into(),
        ),
        (
            "invocation_connectivity_parameters",
            connectivity(connection.invocation_connectivity.as_ref()),
        ),
    ]);
    actual.set(
        "auth_parameters",
        auth_parameters(connection, first(like, "auth_parameters")),
    );
    let mut state = form::keep(block, like, actual);
    for kept in ["adopt", "region", "timeouts"] {
        state.set(kept, like.get(kept).clone());
    }
    state
}

fn auth_parameters(connection: &Remote, like: &Value) -> Value {
    let mut auth = Value::map([
        (
            "invocation_http_parameters",
            parameters(
                connection.invocation_http_parameters.as_ref(),
                like.get("invocation_http_parameters"),
            ),
        ),
        (
            "connectivity_parameters",
            connectivity(connection.connectivity.as_ref()),
        ),
    ]);
    let answer = &connection.auth;
    if let Some(key) = &answer.api_key_name {
        let named = Value::map([("key", Value::from(key.as_str()))]);
        auth.set(
            "api_key",
            one(with_secret(named, first(like, "api_key"), "value")),
        );
    }
    if let Some(username) = &answer.basic_username {
        let named = Value::map([("username", Value::from(username.as_str()))]);
        auth.set(
            "basic",
            one(with_secret(named, first(like, "basic"), "password")),
        );
    }
    if let Some(oauth) = &answer.oauth {
        let before = first(like, "oauth");
        let client = Value::map([("client_id", Value::from(oauth.client_id.clone()))]);
        let client = with_secret(client, first(before, "client_parameters"), "client_secret");
        let block = Value::map([
            (
                "authorization_endpoint",
                Value::from(oauth.authorization_endpoint.as_str()),
            ),
            ("http_method", oauth.http_method.as_str().into()),
            ("client_parameters", one(client)),
            (
                "oauth_http_parameters",
                parameters(
                    oauth.http_parameters.as_ref(),
                    before.get("oauth_http_parameters"),
                ),
            ),
        ]);
        auth.set("oauth", one(block));
    }
    one(auth)
}

/// A block with the secret of before, and the version of its write-only variant.
fn with_secret(mut block: Value, before: &Value, name: &str) -> Value {
    for kept in [name.to_owned(), format!("{name}_wo_version")] {
        block.set(&kept, before.get(&kept).clone());
    }
    block
}

fn parameters(actual: Option<&HttpParameters>, like: &Value) -> Value {
    let Some(actual) = actual else {
        return Value::List(vec![]);
    };
    let before = like.at(0);
    let list = |name: &str, parameters: &[HttpParameter]| {
        let items = parameters.iter().enumerate();
        Value::List(
            items
                .map(|(i, p)| parameter(p, before.get(name), i))
                .collect(),
        )
    };
    one(Value::map([
        ("body", list("body", &actual.body)),
        ("header", list("header", &actual.header)),
        ("query_string", list("query_string", &actual.query_string)),
    ]))
}

fn parameter(actual: &HttpParameter, before: &Value, index: usize) -> Value {
    let is_same = |item: &&Value| item.get("key").as_str().unwrap_or_default() == actual.key;
    let in_place = Some(before.at(index)).filter(is_same);
    let before = in_place.or_else(|| before.items().iter().find(is_same));
    let block = Value::map([
        ("key", Value::from(actual.key.as_str())),
        ("is_value_secret", actual.is_value_secret.into()),
    ]);
    let before = before.unwrap_or(&Value::Null);
    let mut block = with_secret(block, before, "value");
    let hidden = actual.is_value_secret || !before.get("value_wo_version").is_null();
    if let Some(value) = actual.value.as_ref().filter(|_| !hidden) {
        block.set("value", value.reveal());
    }
    block
}

fn connectivity(actual: Option<&Connectivity>) -> Value {
    let Some(actual) = actual else {
        return Value::List(vec![]);
    };
    let resource = Value::map([
        (
            "resource_configuration_arn",
            Value::from(actual.resource_configuration_arn.as_str()),
        ),
        (
            "resource_association_arn",
            actual.resource_association_arn.as_str().into(),
        ),
    ]);
    one(Value::map([("resource_parameters", one(resource))]))
}

fn one(block: Value) -> Value {
    Value::List(vec![block])
}

fn first<'v>(value: &'v Value, block: &str) -> &'v Value {
    value.get(block).at(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::events::ConnectionAuthAnswer;

    fn block() -> Block {
        super::super::schema::schema().block
    }

    fn json(value: serde_json::Value) -> Value {
        Value::from_json(value)
    }

    fn parameter(key: &str, value: Option<&str>, secret: bool) -> HttpParameter {
        HttpParameter {
            key: key.into(),
            value: value.map(Secret::new),
            is_value_secret: secret,
        }
    }

    fn basic() -> Remote {
        Remote {
            name: "hook".into(),
            authorization_type: "BASIC".into(),
            auth: ConnectionAuthAnswer {
                basic_username: Some("user".into()),
                ..ConnectionAuthAnswer::default()
            },
            ..Remote::default()
        }
    }

    #[test]
    fn secrets_come_from_the_state_before() {
        let like = json(
            serde_json::json!({"auth_parameters": [{"basic": [{"username": "user", "password": "hush"}]}]}),
        );
        let state = state_of(&basic(), &block(), &like);
        let read = state.get("auth_parameters").at(0).get("basic").at(0);
        assert_eq!(read.get("password").as_str(), Some("hush"));
        let imported = state_of(&basic(), &block(), &Value::Null);
        let read = imported.get("auth_parameters").at(0).get("basic").at(0);
        assert_eq!(read.get("username").as_str(), Some("user"));
        assert!(read.get("password").is_null());
    }

    #[test]
    fn a_parameter_that_is_no_secret_is_watched() {
        let like = json(
            serde_json::json!({"auth_parameters": [{"invocation_http_parameters": [{
            "header": [
                {"key": "a", "value": "1", "is_value_secret": false},
                {"key": "b", "value": "hush", "is_value_secret": true},
                {"key": "c", "value_wo_version": 3, "is_value_secret": false},
            ]}]}]}),
        );
        let mut remote = basic();
        remote.invocation_http_parameters = Some(HttpParameters {
            header: vec![
                parameter("a", Some("2"), false),
                parameter("b", Some("never ours to read"), true),
                parameter("c", Some("hidden"), false),
                parameter("d", Some("4"), false),
            ],
            ..HttpParameters::default()
        });
        let state = state_of(&remote, &block(), &like);
        let http = state
            .get("auth_parameters")
            .at(0)
            .get("invocation_http_parameters")
            .at(0);
        let value = |i: usize| http.get("header").at(i).get("value").as_str();
        assert_eq!(
            (value(0), value(1), value(2), value(3)),
            (Some("2"), Some("hush"), None, Some("4"))
        );
        assert_eq!(
            http.get("header").at(2).get("value_wo_version").as_i64(),
            Some(3)
        );
    }

    #[test]
    fn drift_of_everything_else_is_seen() {
        let like = json(
            serde_json::json!({"description": "mine", "authorization_type": "API_KEY",
            "auth_parameters": [{"api_key": [{"key": "k", "value": "v"}], "invocation_http_parameters": [{"body": [{"key": "x"}]}]}]}),
        );
        let state = state_of(&basic(), &block(), &like);
        let auth = state.get("auth_parameters").at(0);
        assert!(state.get("description").is_null() && auth.get("api_key").items().is_empty());
        assert!(auth.get("invocation_http_parameters").items().is_empty());
        assert_eq!(state.get("authorization_type").as_str(), Some("BASIC"));
    }

    #[test]
    fn write_only_secrets_come_from_the_configuration() {
        let planned = json(serde_json::json!({"name": "hook", "auth_parameters": [{
            "basic": [{"username": "user", "password_wo_version": 1}],
            "invocation_http_parameters": [{"header": [{"key": "a", "value": "1"}, {"key": "b", "value_wo_version": 1}]}]}]}));
        let config = json(serde_json::json!({"auth_parameters": [{
            "basic": [{"username": "user", "password_wo": "hush"}],
            "invocation_http_parameters": [{"header": [{"key": "a"}, {"key": "b", "value_wo": "hush"}]}]}]}));
        let sent = settings(&planned, &config).unwrap();
        let password = Some(Secret::new("hush"));
        assert_eq!(
            sent.auth,
            ConnectionAuth::Basic {
                username: "user".into(),
                password: password.clone()
            }
        );
        let header = sent.invocation_http_parameters.unwrap().header;
        assert_eq!(
            (header[0].value.clone(), header[1].value.clone()),
            (Some(Secret::new("1")), password)
        );
        assert_eq!(settings(&Value::Null, &config), None);
    }

    #[test]
    fn what_is_removed_is_sent_so_that_it_goes() {
        let full = json(
            serde_json::json!({"description": "d", "kms_key_identifier": "k",
            "invocation_connectivity_parameters": [{"resource_parameters": [{"resource_configuration_arn": "r"}]}],
            "auth_parameters": [{"basic": [{"username": "u", "password": "p"}],
                "connectivity_parameters": [{"resource_parameters": [{"resource_configuration_arn": "r"}]}],
                "invocation_http_parameters": [{"body": [{"key": "x"}]}]}]}),
        );
        let bare = json(
            serde_json::json!({"auth_parameters": [{"basic": [{"username": "u", "password": "p"}]}]}),
        );
        let of = |state: &Value| settings(state, &Value::Null).unwrap();
        assert!(is_private(&full) && !is_private(&bare));
        let sent = update(&of(&full), of(&bare));
        let empty = Some(String::new());
        assert_eq!(
            (&sent.description, &sent.kms_key_identifier),
            (&empty, &empty)
        );
        assert_eq!(
            (&sent.connectivity_arn, &sent.invocation_connectivity_arn),
            (&empty, &empty)
        );
        assert_eq!(
            sent.invocation_http_parameters,
            Some(HttpParameters::default())
        );
        assert_eq!(update(&of(&bare), of(&bare)), of(&bare));
    }
}
