//! JSON to values and back, by the schema that the provider told. Also what
//! Terraform itself does with a configuration: fills it in and proposes a state.

use serde_json::{Map, Value as Json, json};
use terraform_provider_eventbridge::plugin::codec::value;
use terraform_provider_eventbridge::plugin::proto::tfplugin6 as wire;
use terraform_provider_eventbridge::provider::Value;
use terraform_provider_eventbridge::provider::types::Type;
use wire::schema::nested_block::NestingMode as BlockNesting;
use wire::schema::object::NestingMode as ObjectNesting;
use wire::schema::{Attribute, Block, NestedBlock};

const UNKNOWN: &str = "\u{0}unknown";

/// An unknown value, inside JSON.
pub fn unknown() -> Json {
    json!(UNKNOWN)
}

/// JSON on the wire; what an object lacks is null, blocks that it lacks are
/// none.
pub fn encode(block: &Block, json: &Json) -> wire::DynamicValue {
    let whole = complete(block, json);
    value::encode(&block_type(block), &to_value(whole)).expect("fits the schema")
}

/// The wire's value as JSON.
pub fn decode(block: &Block, value: Option<&wire::DynamicValue>) -> Json {
    let value = value::decode(&block_type(block), value);
    to_json(&value.expect("fits the schema"))
}

pub fn encode_identity(
    schema: &wire::ResourceIdentitySchema,
    json: &Json,
) -> Option<wire::ResourceIdentityData> {
    let mut whole = json.clone();
    if let Json::Object(given) = &mut whole {
        for attribute in &schema.identity_attributes {
            given.entry(&attribute.name).or_insert(Json::Null);
        }
    }
    let identity = value::encode_identity(&identity_type(schema), &to_value(whole));
    identity.expect("fits the schema")
}

pub fn decode_identity(
    schema: &wire::ResourceIdentitySchema,
    identity: Option<&wire::ResourceIdentityData>,
) -> Json {
    let identity = value::decode_identity(&identity_type(schema), identity);
    to_json(&identity.expect("fits the schema"))
}

/// A value of a type that stands as JSON beside it: a function's.
pub fn encode_any(ty: &[u8], json: &Json) -> wire::DynamicValue {
    value::encode(&read_type(ty), &to_value(json.clone())).expect("fits the type")
}

pub fn decode_any(ty: &[u8], value: Option<&wire::DynamicValue>) -> Json {
    to_json(&value::decode(&read_type(ty), value).expect("fits the type"))
}

fn to_value(json: Json) -> Value {
    match json {
        Json::String(text) if text == UNKNOWN => Value::unknown(),
        Json::Array(items) => Value::List(items.into_iter().map(to_value).collect()),
        Json::Object(entries) => Value::map(entries.into_iter().map(|(k, v)| (k, to_value(v)))),
        scalar => Value::from_json(scalar),
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Unknown(_) => unknown(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(k, v)| (k.to_string(), to_json(v)));
            Json::Object(entries.collect())
        }
        scalar => scalar.to_json(),
    }
}

fn complete(block: &Block, json: &Json) -> Json {
    let Json::Object(given) = json else {
        return json.clone();
    };
    for name in given.keys() {
        let is_known = block.attributes.iter().any(|a| a.name == *name)
            || block.block_types.iter().any(|b| b.type_name == *name);
        assert!(is_known, "the schema has no {name}");
    }
    let mut whole = Map::new();
    for attribute in &block.attributes {
        let value = given.get(&attribute.name).unwrap_or(&Json::Null);
        let value = match &attribute.nested_type {
            Some(object) => each(value, object.nesting() == ObjectNesting::Map, &|item| {
                complete(&object_block(object), item)
            }),
            None => value.clone(),
        };
        whole.insert(attribute.name.clone(), value);
    }
    for nested in &block.block_types {
        let value = match (given.get(&nested.type_name), nested.nesting()) {
            (Some(value), nesting) => each(value, nesting == BlockNesting::Map, &|item| {
                complete(body(nested), item)
            }),
            (None, BlockNesting::Single) => Json::Null,
            (None, BlockNesting::Map) => json!({}),
            (None, _) => json!([]),
        };
        whole.insert(nested.type_name.clone(), value);
    }
    Json::Object(whole)
}

/// Applies to a single object, or to each of a list or map of them.
fn each(value: &Json, is_map: bool, change: &dyn Fn(&Json) -> Json) -> Json {
    match value {
        Json::Array(items) => items.iter().map(change).collect(),
        Json::Object(entries) if is_map => {
            let entries = entries.iter().map(|(k, v)| (k.clone(), change(v)));
            Json::Object(entries.collect())
        }
        Json::Object(_) => change(value),
        other => other.clone(),
    }
}

/// What Terraform proposes: the configuration, and the prior value of what is
/// computed and not configured.
pub fn propose(block: &Block, prior: &Json, config: &Json) -> Json {
    let config = complete(block, config);
    if !config.is_object() {
        return config;
    }
    let mut proposed = Map::new();
    for attribute in &block.attributes {
        let name = attribute.name.as_str();
        let value = match &config[name] {
            Json::Null if attribute.computed => prior.get(name).cloned().unwrap_or_default(),
            configured => configured.clone(),
        };
        proposed.insert(name.to_owned(), value);
    }
    for nested in &block.block_types {
        let name = nested.type_name.as_str();
        let before = prior.get(name).cloned().unwrap_or_default();
        let value = match &config[name] {
            Json::Array(items) => {
                let before = |at| before.get(at).cloned().unwrap_or_default();
                let items = items.iter().enumerate();
                items
                    .map(|(at, item)| propose(body(nested), &before(at), item))
                    .collect()
            }
            Json::Object(_) if nested.nesting() == BlockNesting::Single => {
                propose(body(nested), &before, &config[name])
            }
            other => other.clone(),
        };
        proposed.insert(name.to_owned(), value);
    }
    Json::Object(proposed)
}

/// The type of a whole block on the wire.
pub fn block_type(block: &Block) -> Type {
    let attributes = block.attributes.iter();
    let attributes = attributes.map(|a| (a.name.clone(), attribute_type(a)));
    let blocks = block.block_types.iter().map(|nested| {
        let object = block_type(body(nested));
        let ty = match nested.nesting() {
            BlockNesting::List => Type::list(object),
            BlockNesting::Set => Type::set(object),
            BlockNesting::Map => Type::map(object),
            _ => object,
        };
        (nested.type_name.clone(), ty)
    });
    Type::Object(attributes.chain(blocks).collect())
}

fn attribute_type(attribute: &Attribute) -> Type {
    let Some(object) = &attribute.nested_type else {
        return read_type(&attribute.r#type);
    };
    let item = block_type(&object_block(object));
    match object.nesting() {
        ObjectNesting::List => Type::list(item),
        ObjectNesting::Set => Type::set(item),
        ObjectNesting::Map => Type::map(item),
        _ => item,
    }
}

fn object_block(object: &wire::schema::Object) -> Block {
    Block {
        attributes: object.attributes.clone(),
        ..Block::default()
    }
}

fn body(nested: &NestedBlock) -> &Block {
    nested.block.as_ref().expect("a nested block has a body")
}

fn identity_type(schema: &wire::ResourceIdentitySchema) -> Type {
    let attributes = schema.identity_attributes.iter();
    let attributes = attributes.map(|a| (a.name.clone(), read_type(&a.r#type)));
    Type::Object(attributes.collect())
}

fn read_type(json: &[u8]) -> Type {
    let json = serde_json::from_slice(json).expect("a type is JSON");
    Type::from_json(&json).expect("a type of Terraform's")
}
