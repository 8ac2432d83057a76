//! Import by id and by identity.

use crate::provider::{Diagnostics, IdentitySchema, ImportBy, State, Value};

use super::region::split_import_id;
use crate::resources::context::At;

/// What an import names, whichever way it was written: the id without its
/// region, or the identity's attributes.
pub enum Named<'a> {
    Id(&'a str),
    Identity(&'a Value),
}

/// Splits the region off and hands the rest to `state`, which answers the
/// attributes to read by; or what the id should look like.
pub fn import(
    by: &ImportBy,
    out: &mut Diagnostics,
    state: impl FnOnce(Named<'_>) -> Result<Value, String>,
) -> Option<State> {
    let (result, region) = match by {
        ImportBy::Id(id) => {
            let (rest, region) = split_import_id(id);
            (state(Named::Id(rest)), region.map(str::to_owned))
        }
        ImportBy::Identity(identity) => {
            let region = identity.get("region").as_set_str().map(str::to_owned);
            (state(Named::Identity(identity)), region)
        }
    };
    match result {
        Ok(mut value) => {
            if let Some(region) = region {
                value.set("region", region);
            }
            Some(State::from(value))
        }
        Err(wanted) => {
            let given = match by {
                ImportBy::Id(id) => format!("{id:?}"),
                ImportBy::Identity(_) => "This identity".to_owned(),
            };
            out.error(
                "Invalid import id",
                format!("{given} does not name an object to import; {wanted}."),
            );
            None
        }
    }
}

/// Import of an object that its `name` alone tells apart.
pub fn by_name(by: &ImportBy, out: &mut Diagnostics, what: &str) -> Option<State> {
    import(by, out, |named| {
        let name = match named {
            Named::Id(id) => Some(id),
            Named::Identity(identity) => identity.get("name").as_set_str(),
        };
        match name.filter(|name| !name.is_empty()) {
            Some(name) => Ok(Value::map([
                ("name", Value::from(name)),
                ("id", Value::from(name)),
            ])),
            None => Err(format!("write the {what}'s name")),
        }
    })
}

/// The identity of an object in an account and region, with its own attributes.
/// Account and region come from an ARN; empty text means unknown there.
pub fn identity(
    arn: Option<&crate::aws::Arn>,
    region: Option<&str>,
    own: &[(&str, &str)],
) -> Value {
    let set = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::from(text)
        }
    };
    let account = arn.map_or(Value::Null, |arn| set(&arn.account));
    let region = arn
        .map(|arn| arn.region.as_str())
        .filter(|r| !r.is_empty())
        .or(region);
    let mut value = Value::map([
        ("account_id", account),
        ("region", region.map_or(Value::Null, set)),
    ]);
    for (name, text) in own {
        value.set(name, set(text));
    }
    value
}

/// The identity of an object that has no ARN: account and region are those that
/// the calls reach.
pub fn identity_in(at: &At<'_>, own: &[(&str, &str)]) -> Value {
    let mut value = identity(None, Some(at.region_name()), own);
    value.set("account_id", at.region().aws().known_account());
    value
}

/// The identity schema of an object that its name tells apart.
pub fn named_identity(description: &'static str) -> IdentitySchema {
    IdentitySchema::regional().required("name", description)
}
