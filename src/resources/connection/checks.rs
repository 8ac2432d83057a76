//! What is wrong with a connection beyond its single arguments.

use super::KINDS;
use crate::provider::validate::is_set;
use crate::provider::{Diagnostics, Path, Value};

/// The three lists of HTTP parameters.
const LISTS: [&str; 3] = ["body", "header", "query_string"];

/// Looks for what EventBridge would refuse. Unknown values pass.
pub fn check(config: &Value, out: &mut Diagnostics) {
    let place = Path::of("auth_parameters").index(0);
    let auth = config.get("auth_parameters").at(0);
    kind(config, auth, out);
    let api_key = place.clone().attribute("api_key").index(0);
    required(auth.get("api_key").at(0), &api_key, "value", out);
    let basic = place.clone().attribute("basic").index(0);
    required(auth.get("basic").at(0), &basic, "password", out);
    let (oauth, oauth_place) = (
        auth.get("oauth").at(0),
        place.clone().attribute("oauth").index(0),
    );
    let client = oauth_place.clone().attribute("client_parameters").index(0);
    required(
        oauth.get("client_parameters").at(0),
        &client,
        "client_secret",
        out,
    );
    http_parameters(oauth, &oauth_place, "oauth_http_parameters", out);
    http_parameters(auth, &place, "invocation_http_parameters", out);
}

/// One way to authorize, and it is the one that `authorization_type` names.
fn kind(config: &Value, auth: &Value, out: &mut Diagnostics) {
    if auth.is_null() || KINDS.iter().any(|(block, _)| auth.get(block).is_unknown()) {
        return;
    }
    let given: Vec<_> = KINDS
        .iter()
        .filter(|(block, _)| is_set(auth.get(block)))
        .collect();
    let at_block = |block: &str| Path::of("auth_parameters").index(0).attribute(block);
    match given.as_slice() {
        [] => out.error_at(
            at_block("api_key"),
            "Missing block: api_key, basic or oauth",
            "auth_parameters: write the one of `api_key`, `basic` and `oauth` that `authorization_type` names.",
        ),
        [(block, kind)] => {
            let named = config.get("authorization_type").as_str();
            // A word that names none is the schema's to report.
            let is_kind = |word: &&str| KINDS.iter().any(|(_, kind)| kind == word);
            if let Some(named) = named.filter(is_kind).filter(|named| named != kind) {
                out.error_at(
                    Path::of("authorization_type"),
                    "authorization_type and auth_parameters differ",
                    format!(
                        "authorization_type: {named:?}, but auth_parameters has the block `{block}`, which goes with \
                         {kind:?}. Write authorization_type = {kind:?}, or the other block."
                    ),
                );
            }
        }
        [(first, _), (second, _), ..] => out.error_at(
            at_block(second),
            format!("Conflicting blocks {first} and {second}"),
            format!("auth_parameters: only one of `api_key`, `basic` and `oauth` may stand; remove {first} or {second}."),
        ),
    }
}

fn http_parameters(parent: &Value, place: &Path, name: &str, out: &mut Diagnostics) {
    let parameters = parent.get(name).at(0);
    for list in LISTS {
        for (i, parameter) in parameters.get(list).items().iter().enumerate() {
            let place = place.clone().attribute(name).index(0);
            variant(parameter, &place.attribute(list).index(i), "value", out);
        }
    }
}

/// A secret that must be given, one way or the other.
fn required(block: &Value, place: &Path, name: &str, out: &mut Diagnostics) {
    if block.is_null() || block.is_unknown() {
        return;
    }
    let write_only = format!("{name}_wo");
    if block.get(name).is_null() && block.get(&write_only).is_null() {
        out.error_at(
            place.clone(),
            format!("Missing argument: {name}"),
            format!("{place}: write `{name}`, or `{write_only}` with `{write_only}_version` to keep it out of the state."),
        );
    }
    variant(block, place, name, out);
}

/// Of a secret and its write-only variant at most one; the latter with its version.
fn variant(block: &Value, place: &Path, name: &str, out: &mut Diagnostics) {
    let write_only = format!("{name}_wo");
    let version = format!("{write_only}_version");
    let (plain, hidden) = (block.get(name), block.get(&write_only));
    let given = |value: &Value| !value.is_null() && !value.is_unknown();
    if given(plain) && given(hidden) {
        out.error_at(
            place.clone().attribute(&write_only),
            format!("Conflicting arguments {name} and {write_only}"),
            format!("{place}: both hold the same secret. Remove one: `{name}` is stored in the state, `{write_only}` is not."),
        );
    }
    match (given(hidden), block.get(&version)) {
        (true, Value::Null) => out.error_at(
            place.clone().attribute(&write_only),
            format!("Missing argument: {version}"),
            format!("{place}: Terraform does not see when a write-only value changes; write `{version} = 1`, and raise it whenever `{write_only}` changes."),
        ),
        (false, Value::Number(_)) if hidden.is_null() => out.error_at(
            place.clone().attribute(&version),
            format!("{version} without {write_only}"),
            format!("{place}: `{version}` says nothing by itself; write `{write_only}`, or remove it."),
        ),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(kind: &str, auth: serde_json::Value) -> Vec<String> {
        let config = serde_json::json!({"authorization_type": kind, "auth_parameters": [auth]});
        let mut out = Diagnostics::new();
        check(&Value::from_json(config), &mut out);
        out.iter()
            .map(|d| format!("{}: {}", d.path, d.summary))
            .collect()
    }

    #[test]
    fn good_connections_pass() {
        let parameters = serde_json::json!([{"header": [{"key": "a", "value_wo": "s", "value_wo_version": 1}], "body": [{"key": "b"}]}]);
        for (kind, auth) in [
            (
                "API_KEY",
                serde_json::json!({"api_key": [{"key": "k", "value": "v"}], "invocation_http_parameters": parameters}),
            ),
            (
                "BASIC",
                serde_json::json!({"basic": [{"username": "u", "password_wo": "p", "password_wo_version": 1}]}),
            ),
            (
                "OAUTH_CLIENT_CREDENTIALS",
                serde_json::json!({"oauth": [{
                "client_parameters": [{"client_id": "i", "client_secret": "s"}], "oauth_http_parameters": parameters}]}),
            ),
        ] {
            assert_eq!(checked(kind, auth), Vec::<String>::new());
        }
    }

    #[test]
    fn one_way_to_authorize() {
        let both = serde_json::json!({"api_key": [{"key": "k", "value": "v"}], "basic": [{"username": "u", "password": "p"}]});
        assert_eq!(
            checked("BASIC", both),
            ["auth_parameters[0].basic: Conflicting blocks api_key and basic"]
        );
        let other = serde_json::json!({"basic": [{"username": "u", "password": "p"}]});
        assert_eq!(
            checked("API_KEY", other),
            ["authorization_type: authorization_type and auth_parameters differ"]
        );
        let no_kind = serde_json::json!({"basic": [{"username": "u", "password": "p"}]});
        assert!(checked("basic", no_kind).is_empty(), "the schema says it");
        assert_eq!(
            checked("API_KEY", serde_json::json!({})),
            ["auth_parameters[0].api_key: Missing block: api_key, basic or oauth"]
        );
    }

    #[test]
    fn a_secret_is_given_one_way_or_the_other() {
        let basic = |more: serde_json::Value| {
            let mut block = more;
            block["username"] = "u".into();
            checked("BASIC", serde_json::json!({"basic": [block]}))
        };
        let at = |problem: &str| vec![format!("auth_parameters[0].basic[0]{problem}")];
        assert_eq!(
            basic(serde_json::json!({})),
            at(": Missing argument: password")
        );
        assert_eq!(
            basic(
                serde_json::json!({"password": "p", "password_wo": "p", "password_wo_version": 1})
            ),
            at(".password_wo: Conflicting arguments password and password_wo")
        );
        assert_eq!(
            basic(serde_json::json!({"password_wo": "p"})),
            at(".password_wo: Missing argument: password_wo_version")
        );
        assert_eq!(
            basic(serde_json::json!({"password": "p", "password_wo_version": 1})),
            at(".password_wo_version: password_wo_version without password_wo")
        );
    }

    #[test]
    fn no_secret_is_shown() {
        let mut out = Diagnostics::new();
        let config = serde_json::json!({"authorization_type": "BASIC", "auth_parameters": [
            {"basic": [{"username": "u", "password": "hush", "password_wo": "hush"}]}]});
        check(&Value::from_json(config), &mut out);
        assert!(out.has_errors() && out.iter().all(|d| !d.detail.contains("hush")));
    }
}
