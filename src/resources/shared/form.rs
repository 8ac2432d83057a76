//! The form of a value: how it is written, where several ways mean the same.
//!
//! AWS answers in its own form (no list for an empty one, its own layout of JSON,
//! its defaults). A state that took that form would differ from the
//! configuration for ever, so a read keeps the form of before where the meaning
//! is the same, and only then.

use crate::provider::conform::change;
use crate::provider::schema::same;
use crate::provider::{Attribute, Block, Equality, NestedBlock, Nesting, Value};

/// `actual` (a block as AWS has it) in the form of `like` (a state or a plan)
/// where both mean the same; defaults filled in.
pub fn keep(block: &Block, like: &Value, actual: Value) -> Value {
    let Value::Map(mut entries) = actual else {
        return actual;
    };
    for a in &block.attributes {
        change(&mut entries, a.name, |value| match like {
            Value::Map(like) => attribute(a, like.get(a.name).unwrap_or(&Value::Null), value),
            _ => found(a, value),
        });
    }
    for nested in &block.blocks {
        change(&mut entries, nested.name, |value| {
            blocks(nested, like.get(nested.name), value)
        });
    }
    Value::Map(entries)
}

/// A value that nobody wrote before: an unset one is null, or the default.
fn found(a: &Attribute, actual: Value) -> Value {
    match &a.default {
        _ if !unset(&actual) => actual,
        Some(default) if actual.is_null() => default.clone(),
        Some(_) => actual,
        None if a.required => actual,
        None => Value::Null,
    }
}

fn attribute(a: &Attribute, like: &Value, actual: Value) -> Value {
    let actual = match (&a.default, actual) {
        (Some(default), Value::Null) => default.clone(),
        (_, actual) => actual,
    };
    let result = a.computed && !a.optional;
    if !result && like.is_wholly_known() && means_same(a, like, &actual) {
        // A default stands in the state even where nobody wrote it.
        return match (&a.default, like) {
            (Some(_), Value::Null) => actual,
            _ => like.clone(),
        };
    }
    actual
}

fn means_same(a: &Attribute, like: &Value, actual: &Value) -> bool {
    if unset(like) && unset(actual) || same(&a.ty(), like, actual) {
        return true;
    }
    // "" means "not set", and what is not set is the default.
    if like.as_str() == Some("") && a.default.as_ref() == Some(actual) {
        return true;
    }
    match (a.equality, like.as_str(), actual.as_str()) {
        (Equality::Json, Some(a), Some(b)) => crate::json::equal(a, b),
        (Equality::By(rule), _, _) => rule(like, actual),
        _ => false,
    }
}

fn blocks(nested: &NestedBlock, like: &Value, actual: Value) -> Value {
    let items = match actual {
        Value::List(items) => items,
        Value::Null if nested.nesting == Nesting::Single => return Value::Null,
        Value::Null => Vec::new(),
        single => return keep(&nested.block, like, single),
    };
    let all_hollow = |items: &[Value]| items.iter().all(|item| is_hollow(&nested.block, item));
    if like.is_wholly_known() && all_hollow(&items) && all_hollow(like.items()) {
        return Value::List(like.items().to_vec());
    }
    if nested.nesting == Nesting::Set {
        return Value::List(set(&nested.block, like.items(), items));
    }
    let kept = items.into_iter().enumerate();
    Value::List(
        kept.map(|(i, item)| keep(&nested.block, like.at(i), item))
            .collect(),
    )
}

/// Elements that mean the same as one of before are that one, in its place.
fn set(block: &Block, like: &[Value], actual: Vec<Value>) -> Vec<Value> {
    let mut rest = actual;
    let mut kept = Vec::new();
    for before in like {
        let again = rest
            .iter()
            .position(|item| &keep(block, before, item.clone()) == before);
        if let Some(index) = again {
            rest.remove(index);
            kept.push(before.clone());
        }
    }
    kept.extend(rest.into_iter().map(|item| keep(block, &Value::Null, item)));
    kept
}

/// Whether a block says nothing: having it means what having none means.
fn is_hollow(block: &Block, value: &Value) -> bool {
    let says_nothing = |a: &Attribute| {
        let value = value.get(a.name);
        unset(value) || a.default.as_ref() == Some(value)
    };
    block.attributes.iter().all(says_nothing)
        && block.blocks.iter().all(|nested| {
            let items = value.get(nested.name).items();
            items.iter().all(|item| is_hollow(&nested.block, item))
        })
}

/// Nested defaults of a state that comes from elsewhere, filled in.
pub fn fill_defaults(block: &Block, state: &mut Value) {
    let Value::Map(entries) = state else { return };
    for a in &block.attributes {
        let value = entries.entry(a.name.into()).or_default();
        if let (true, Some(default)) = (value.is_null(), &a.default) {
            *value = default.clone();
        }
    }
    for nested in &block.blocks {
        if let Some(Value::List(items)) = entries.get_mut(nested.name) {
            items
                .iter_mut()
                .for_each(|item| fill_defaults(&nested.block, item));
        }
    }
}

/// `""`, no elements, null elements only and null are all "not set".
pub(super) fn unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.values().all(Value::is_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::types::Type;
    use crate::provider::{NestedBlock, Schema};

    fn block() -> Block {
        Schema::new("")
            .attribute(Attribute::string("input").optional().equal(Equality::Json))
            .attribute(Attribute::new("names", Type::set(Type::String)).optional())
            .attribute(Attribute::string("arn").computed())
            .block(
                NestedBlock::list("ecs")
                    .max(1)
                    .attribute(Attribute::string("task").required())
                    .attribute(Attribute::number("count").default(1))
                    .block(
                        NestedBlock::set("strategy")
                            .attribute(Attribute::string("name").required())
                            .attribute(Attribute::number("base").default(0)),
                    ),
            )
            .block(NestedBlock::list("dead").attribute(Attribute::string("arn").optional()))
            .block
    }

    fn strategy(name: &str, base: i64) -> Value {
        Value::map([("name", Value::from(name)), ("base", base.into())])
    }

    #[test]
    fn an_empty_text_stands_for_the_default() {
        let bus = Attribute::string("bus").default("default");
        for (like, actual, kept) in [
            ("", "default", ""),
            ("", "orders", "orders"),
            ("default", "default", "default"),
        ] {
            assert_eq!(attribute(&bus, &like.into(), actual.into()), kept.into());
        }
    }

    #[test]
    fn the_form_of_before_is_kept_while_it_means_the_same() {
        let ecs = |items: Vec<Value>| {
            Value::List(vec![Value::map([
                ("task", Value::from("t")),
                ("count", 1.into()),
                ("strategy", Value::List(items)),
            ])])
        };
        let like = Value::map([
            ("input", Value::from("{ \"a\": 1.0 }")),
            ("names", vec!["b", "a"].into()),
            ("arn", "old".into()),
            ("ecs", ecs(vec![strategy("x", 0), strategy("y", 1)])),
            (
                "dead",
                Value::List(vec![Value::map([("arn", Value::from(""))])]),
            ),
        ]);
        let actual = Value::map([
            ("input", Value::from("{\"a\":1}")),
            ("names", vec!["a", "b"].into()),
            ("arn", "new".into()),
            ("ecs", ecs(vec![strategy("y", 1), strategy("x", 0)])),
        ]);
        let mut wanted = like.clone();
        wanted.set("arn", "new");
        assert_eq!(keep(&block(), &like, actual), wanted);
    }

    #[test]
    fn drift_is_not_kept() {
        let like = Value::map([("input", Value::from("{}")), ("names", vec!["a"].into())]);
        let actual = Value::map([
            ("input", Value::Null),
            (
                "dead",
                Value::List(vec![Value::map([("arn", Value::from("q"))])]),
            ),
        ]);
        let kept = keep(&block(), &like, actual);
        assert!(kept.get("input").is_null() && kept.get("names").is_null());
        assert_eq!(kept.get("dead").at(0).get("arn").as_str(), Some("q"));
    }

    #[test]
    fn a_moved_state_gets_the_defaults_inside_its_blocks() {
        let mut state = Value::map([(
            "ecs",
            Value::List(vec![Value::map([("count", Value::Null)])]),
        )]);
        fill_defaults(&block(), &mut state);
        assert_eq!(state.get("ecs").at(0).get("count").as_i64(), Some(1));
    }

    #[test]
    fn defaults_are_filled_in_and_hollow_blocks_are_none() {
        let actual = Value::map([
            (
                "ecs",
                Value::List(vec![Value::map([("task", Value::from("t"))])]),
            ),
            (
                "dead",
                Value::List(vec![Value::map([("arn", Value::from(""))])]),
            ),
        ]);
        let kept = keep(&block(), &Value::Null, actual);
        assert_eq!(kept.get("ecs").at(0).get("count").as_i64(), Some(1));
        assert_eq!(kept.get("dead"), &Value::List(vec![]));
    }
}
