//! Brings a value to exactly the shape of its schema.
//!
//! Terraform drops an object from state when it cannot decode an answer, so
//! every state that comes in (from any earlier version of ours) and every one
//! that goes out passes here: missing attributes become null, missing blocks
//! empty, unknown names are dropped, and what has the wrong type is reported.

use super::number::Number;
use super::path::Path;
use super::schema::{Attribute, Block, Kind, NestedBlock, Nesting};
use super::types::Type;
use super::value::{Entries, Value};

/// What did not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub path: Path,
    /// A sentence: what was wanted and what was found.
    pub problem: String,
}

/// A place in the value. Nearly all values fit, so that no [`Path`] is made of it.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    Root,
    Attribute(&'a Place<'a>, &'a str),
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn path(&self) -> Path {
        match self {
            Place::Root => Path::root(),
            Place::Attribute(outer, name) => outer.path().attribute(*name),
            Place::Key(outer, key) => outer.path().key(*key),
            Place::Index(outer, index) => outer.path().index(*index),
        }
    }
}

/// An object of exactly this block's attributes and nested blocks. A part that
/// does not fit becomes null and is reported.
pub fn conform(block: &Block, value: Value, misfits: &mut Vec<Misfit>) -> Value {
    object_of(
        &block.attributes,
        &block.blocks,
        value,
        Place::Root,
        misfits,
    )
}

fn object_of(
    attributes: &[Attribute],
    blocks: &[NestedBlock],
    value: Value,
    place: Place<'_>,
    misfits: &mut Vec<Misfit>,
) -> Value {
    let mut entries = match value {
        Value::Map(entries) => entries,
        Value::Unknown(_) => return value,
        Value::Null => Entries::new(),
        other => {
            misfit(place, "an object", &other, misfits);
            Entries::new()
        }
    };
    for attribute in attributes {
        let here = Place::Attribute(&place, attribute.name);
        change(&mut entries, attribute.name, |value| {
            attribute_value(attribute, value, here, misfits)
        });
    }
    for nested in blocks {
        let here = Place::Attribute(&place, nested.name);
        change(&mut entries, nested.name, |value| {
            block_value(nested, value, here, misfits)
        });
    }
    if entries.len() > attributes.len() + blocks.len() {
        entries.retain(|name, _| {
            attributes.iter().any(|attribute| attribute.name == *name)
                || blocks.iter().any(|nested| nested.name == *name)
        });
    }
    Value::Map(entries)
}

/// Changes the entry of this name where it stands; one that is missing is made from null.
pub fn change(entries: &mut Entries, name: &str, changed: impl FnOnce(Value) -> Value) {
    match entries.get_mut(name) {
        Some(value) => *value = changed(std::mem::take(value)),
        None => {
            entries.insert(name.into(), changed(Value::Null));
        }
    }
}

fn attribute_value(
    attribute: &Attribute,
    value: Value,
    place: Place<'_>,
    misfits: &mut Vec<Misfit>,
) -> Value {
    match &attribute.kind {
        Kind::Type(ty) => typed(ty, value, place, misfits),
        Kind::Nested(nesting, attributes) => match (nesting, value) {
            (_, value @ (Value::Null | Value::Unknown(_))) => value,
            (Nesting::Single, value) => object_of(attributes, &[], value, place, misfits),
            (Nesting::List | Nesting::Set, Value::List(items)) => {
                each(items, place, |item, here| {
                    object_of(attributes, &[], item, here, misfits)
                })
            }
            (Nesting::Map, Value::Map(entries)) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, item)| {
                        let here = Place::Key(&place, &key);
                        let item = object_of(attributes, &[], item, here, misfits);
                        (key, item)
                    })
                    .collect(),
            ),
            (_, other) => misfit(place, "nested objects", &other, misfits),
        },
    }
}

fn block_value(
    nested: &NestedBlock,
    value: Value,
    place: Place<'_>,
    misfits: &mut Vec<Misfit>,
) -> Value {
    match (nested.nesting, value) {
        (_, value @ Value::Unknown(_)) => value,
        (Nesting::Single, Value::Null) => Value::Null,
        (Nesting::Single, value) => object_of(
            &nested.block.attributes,
            &nested.block.blocks,
            value,
            place,
            misfits,
        ),
        (Nesting::Map, Value::Null) => Value::Map(Entries::new()),
        (Nesting::Map, Value::Map(entries)) => Value::Map(
            entries
                .into_iter()
                .map(|(key, item)| {
                    let here = Place::Key(&place, &key);
                    let item = object_of(
                        &nested.block.attributes,
                        &nested.block.blocks,
                        item,
                        here,
                        misfits,
                    );
                    (key, item)
                })
                .collect(),
        ),
        (Nesting::List | Nesting::Set, Value::Null) => Value::List(Vec::new()),
        (Nesting::List | Nesting::Set, Value::List(items)) => each(items, place, |item, here| {
            object_of(
                &nested.block.attributes,
                &nested.block.blocks,
                item,
                here,
                misfits,
            )
        }),
        (_, other) => {
            misfit(place, "nested blocks", &other, misfits);
            Value::List(Vec::new())
        }
    }
}

/// A value of a type. States of older providers hold numbers and booleans as
/// text; those are read as what they say.
pub fn typed(ty: &Type, value: Value, place: Place<'_>, misfits: &mut Vec<Misfit>) -> Value {
    match (ty, value) {
        (_, value @ (Value::Null | Value::Unknown(_))) => value,
        (Type::Dynamic, value) => value,
        (Type::String, value @ Value::String(_)) => value,
        (Type::String, Value::Number(number)) => Value::String(number.to_string()),
        (Type::String, Value::Bool(b)) => Value::String(b.to_string()),
        (Type::Bool, value @ Value::Bool(_)) => value,
        (Type::Bool, Value::String(text)) if text == "true" || text == "false" => {
            Value::Bool(text == "true")
        }
        (Type::Number, value @ Value::Number(_)) => value,
        (Type::Number, Value::String(text)) => match Number::parse(&text) {
            Some(number) => Value::Number(number),
            None => misfit(place, "a number", &Value::String(text), misfits),
        },
        (Type::List(of) | Type::Set(of), Value::List(items)) => {
            each(items, place, |item, here| typed(of, item, here, misfits))
        }
        (Type::Tuple(types), Value::List(items)) if types.len() == items.len() => Value::List(
            types
                .iter()
                .zip(items)
                .enumerate()
                .map(|(i, (ty, item))| typed(ty, item, Place::Index(&place, i), misfits))
                .collect(),
        ),
        (Type::Map(of), Value::Map(entries)) => Value::Map(
            entries
                .into_iter()
                .map(|(key, item)| {
                    let item = typed(of, item, Place::Key(&place, &key), misfits);
                    (key, item)
                })
                .collect(),
        ),
        (Type::Object(fields), Value::Map(mut entries)) => Value::Map(
            fields
                .iter()
                .map(|(name, ty)| {
                    let item = entries.remove(name.as_str()).unwrap_or_default();
                    (
                        name.into(),
                        typed(ty, item, Place::Attribute(&place, name), misfits),
                    )
                })
                .collect(),
        ),
        (ty, other) => misfit(place, words(ty), &other, misfits),
    }
}

/// Nulls what must not be stored: write-only values, and unknown ones that an
/// apply left over (reported).
pub fn storable(block: &Block, value: Value, misfits: &mut Vec<Misfit>) -> Value {
    let Value::Map(mut entries) = value else {
        return value;
    };
    for attribute in &block.attributes {
        let Some(value) = entries.get_mut(attribute.name) else {
            continue;
        };
        if attribute.write_only {
            *value = Value::Null;
        } else if !value.is_wholly_known() {
            let path = Path::of(attribute.name);
            misfits.push(Misfit {
                path,
                problem: "is still unknown".into(),
            });
            *value = known_part(std::mem::take(value));
        }
    }
    for nested in &block.blocks {
        let Some(value) = entries.get_mut(nested.name) else {
            continue;
        };
        *value = match std::mem::take(value) {
            Value::List(items) => Value::List(
                items
                    .into_iter()
                    .map(|item| storable(&nested.block, item, misfits))
                    .collect(),
            ),
            Value::Map(inner) if nested.nesting == Nesting::Map => Value::Map(
                inner
                    .into_iter()
                    .map(|(key, item)| (key, storable(&nested.block, item, misfits)))
                    .collect(),
            ),
            single => storable(&nested.block, single, misfits),
        };
    }
    Value::Map(entries)
}

/// The value with every unknown in it made null.
fn known_part(value: Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(items) => Value::List(items.into_iter().map(known_part).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(k, v)| (k, known_part(v)))
                .collect(),
        ),
        known => known,
    }
}

fn each(
    items: Vec<Value>,
    place: Place<'_>,
    mut fit: impl FnMut(Value, Place<'_>) -> Value,
) -> Value {
    Value::List(
        items
            .into_iter()
            .enumerate()
            .map(|(i, item)| fit(item, Place::Index(&place, i)))
            .collect(),
    )
}

fn misfit(place: Place<'_>, wanted: &str, found: &Value, misfits: &mut Vec<Misfit>) -> Value {
    let problem = format!("wants {wanted}, found {}", kind(found));
    misfits.push(Misfit {
        path: place.path(),
        problem,
    });
    Value::Null
}

fn words(ty: &Type) -> &'static str {
    match ty {
        Type::String => "a string",
        Type::Number => "a number",
        Type::Bool => "true or false",
        Type::Dynamic => "any value",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::Object(_) => "an object",
        Type::Tuple(_) => "a tuple",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Unknown(_) => "an unknown value",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::schema::Schema;

    fn block() -> Block {
        Schema::new("")
            .attribute(Attribute::string("name").required())
            .attribute(Attribute::number("age").optional())
            .attribute(Attribute::string("secret_wo").optional().write_only())
            .block(NestedBlock::list("retry").attribute(Attribute::bool("on").optional()))
            .block(
                NestedBlock::single("timeouts").attribute(Attribute::string("create").optional()),
            )
            .block
    }

    #[test]
    fn an_old_state_is_filled_in() {
        let old = Value::map([
            ("name", Value::from("a")),
            ("age", Value::from("60")),
            ("gone", Value::from(1)),
        ]);
        let mut misfits = Vec::new();
        let state = conform(&block(), old, &mut misfits);
        assert_eq!(misfits, []);
        assert_eq!(state.get("age").as_i64(), Some(60));
        assert_eq!(state.get("retry"), &Value::List(vec![]));
        assert!(state.get("timeouts").is_null() && state.entries().unwrap().len() == 5);
    }

    #[test]
    fn a_wrong_type_is_named_by_its_path() {
        let mut misfits = Vec::new();
        let retry = Value::List(vec![Value::map([("on", Value::from(3))])]);
        conform(&block(), Value::map([("retry", retry)]), &mut misfits);
        assert_eq!(misfits[0].path.to_string(), "retry[0].on");
        assert_eq!(misfits[0].problem, "wants true or false, found a number");
    }

    #[test]
    fn nothing_secret_or_unknown_is_stored() {
        let value = Value::map([("name", Value::unknown()), ("secret_wo", Value::from("s"))]);
        let mut misfits = Vec::new();
        let stored = storable(&block(), value, &mut misfits);
        assert!(stored.get("name").is_null() && stored.get("secret_wo").is_null());
        assert_eq!(misfits.len(), 1);
    }
}
