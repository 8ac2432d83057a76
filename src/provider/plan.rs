//! The one plan engine: what a resource will look like, from its schema, the
//! configuration and the prior state.
//!
//! It obeys what Terraform core checks of a plan (see `docs/architecture.md`,
//! "What a plan may say"): a configured value is planned as written, or as the
//! prior one where both mean the same; a default where nothing is configured;
//! a result that may still change is unknown. Resources adjust the outcome in
//! [`Resource::plan`](super::resource::Resource::plan) through [`Plan`].

use super::path::Path;
use super::schema::{Attribute, Block, Equality, Kind, NestedBlock, Nesting, same};
use super::value::Value;

/// A plan in the making.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What the user wrote, unknowns included.
    pub config: &'a Value,
    /// The state as it is; `None` when the object is to be made.
    pub prior: Option<&'a Value>,
    /// The bytes stored beside the state; empty on create.
    pub private: &'a [u8],
    /// What the state will be.
    pub planned: Value,
    /// Changes that make a new object, besides those the schema names.
    pub replace: Vec<Path>,
    block: &'a Block,
}

impl<'a> Plan<'a> {
    /// The plan that follows from the schema alone.
    pub fn new(block: &'a Block, config: &'a Value, prior: Option<&'a Value>) -> Self {
        let planned = object(&block.attributes, &block.blocks, config, prior);
        Self {
            config,
            prior,
            private: &[],
            planned,
            replace: Vec::new(),
            block,
        }
    }

    /// Whether the object is to be made.
    pub fn is_create(&self) -> bool {
        self.prior.is_none()
    }

    /// The prior value of a top-level attribute; null on create.
    pub fn before(&self, name: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.prior.map_or(&NULL, |prior| prior.get(name))
    }

    /// The planned value of a top-level attribute.
    pub fn after(&self, name: &str) -> &Value {
        self.planned.get(name)
    }

    /// Whether a top-level attribute or block will be another (or may: unknown). Always on create.
    pub fn changes(&self, name: &str) -> bool {
        let Some(prior) = self.prior else { return true };
        let (before, after) = (prior.get(name), self.planned.get(name));
        if before == after {
            return false;
        }
        match self.block.find(name) {
            Some(attribute) => !same(&attribute.ty(), before, after),
            None => !same_blocks(self.block, name, before, after),
        }
    }

    /// Whether any attribute or block but those named changes.
    pub fn changes_besides(&self, except: &[&str]) -> bool {
        let names = self
            .block
            .attributes
            .iter()
            .map(|a| a.name)
            .chain(self.block.blocks.iter().map(|b| b.name));
        names
            .into_iter()
            .any(|name| !except.contains(&name) && self.changes(name))
    }

    /// Plans a top-level result.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.planned.set(name, value);
    }

    /// Plans the prior value again, spelling included: the configured one means the same.
    pub fn keep(&mut self, name: &str) {
        let before = self.before(name).clone();
        if !before.is_null() {
            self.planned.set(name, before);
        }
    }

    /// Plans a result as "known after apply" on an update that may change it.
    pub fn unknown(&mut self, name: &str) {
        self.planned.set(name, Value::unknown());
    }

    /// The paths whose change makes a new object.
    pub fn requires_replace(&self) -> Vec<Path> {
        let Some(_) = self.prior else {
            return Vec::new();
        };
        let mut paths: Vec<Path> = self
            .block
            .attributes
            .iter()
            .filter(|a| a.replaces && self.changes(a.name))
            // A state that never knew its region was moved in; it stays where it is.
            .filter(|a| a.name != "region" || !self.before("region").is_null())
            .map(|a| Path::of(a.name))
            .collect();
        for path in &self.replace {
            if !paths.contains(path) {
                paths.push(path.clone());
            }
        }
        paths
    }
}

/// Whether the blocks of one name are the same, sets inside them in any order.
fn same_blocks(block: &Block, name: &str, before: &Value, after: &Value) -> bool {
    match block.find_block(name) {
        Some(nested) => same(&nested.ty(), before, after),
        None => before == after,
    }
}

fn object(
    attributes: &[Attribute],
    blocks: &[NestedBlock],
    config: &Value,
    prior: Option<&Value>,
) -> Value {
    if !matches!(config, Value::Map(_)) {
        return config.clone();
    }
    let planned_attributes = attributes.iter().map(|a| {
        (
            a.name.into(),
            attribute(a, config.get(a.name), prior.map(|p| p.get(a.name))),
        )
    });
    let planned_blocks = blocks.iter().map(|b| {
        (
            b.name.into(),
            nested_blocks(b, config.get(b.name), prior.map(|p| p.get(b.name))),
        )
    });
    Value::Map(planned_attributes.chain(planned_blocks).collect())
}

fn attribute(attribute: &Attribute, config: &Value, prior: Option<&Value>) -> Value {
    if attribute.write_only {
        return Value::Null;
    }
    if config.is_null() {
        return match (&attribute.default, attribute.computed, prior) {
            (Some(default), _, prior) => keep_if_same(attribute, default.clone(), prior),
            (None, true, Some(prior)) => prior.clone(),
            (None, true, None) => Value::unknown(),
            (None, false, _) => Value::Null,
        };
    }
    let planned = match &attribute.kind {
        Kind::Type(_) => config.clone(),
        Kind::Nested(nesting, inner) => nested_attributes(*nesting, inner, config, prior),
    };
    keep_if_same(attribute, planned, prior)
}

/// The prior value where it means the same, the planned one otherwise.
fn keep_if_same(attribute: &Attribute, planned: Value, prior: Option<&Value>) -> Value {
    let Some(prior) = prior.filter(|p| !p.is_null()) else {
        return planned;
    };
    let equal = match attribute.equality {
        _ if !planned.is_wholly_known() => false,
        Equality::Exact => same(&attribute.ty(), &planned, prior),
        Equality::Json => match (planned.as_str(), prior.as_str()) {
            (Some(a), Some(b)) => a == b || crate::json::equal(a, b),
            _ => false,
        },
        Equality::By(rule) => &planned == prior || rule(&planned, prior),
    };
    if equal { prior.clone() } else { planned }
}

fn nested_attributes(
    nesting: Nesting,
    inner: &[Attribute],
    config: &Value,
    prior: Option<&Value>,
) -> Value {
    match (nesting, config) {
        (Nesting::Single, Value::Map(_)) => {
            object(inner, &[], config, prior.filter(|p| !p.is_null()))
        }
        (Nesting::List, Value::List(items)) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(i, item)| object(inner, &[], item, element(prior, i)))
                .collect(),
        ),
        (Nesting::Map, Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let prior = prior.and_then(Value::entries).and_then(|p| p.get(key));
                    (key.clone(), object(inner, &[], item, prior))
                })
                .collect(),
        ),
        (Nesting::Set, Value::List(items)) => Value::List(
            items
                .iter()
                .map(|item| object(inner, &[], item, None))
                .collect(),
        ),
        _ => config.clone(),
    }
}

fn nested_blocks(nested: &NestedBlock, config: &Value, prior: Option<&Value>) -> Value {
    let inside = |item: &Value, prior: Option<&Value>| {
        object(&nested.block.attributes, &nested.block.blocks, item, prior)
    };
    match (nested.nesting, config) {
        (Nesting::Single, Value::Map(_)) => inside(config, prior.filter(|p| !p.is_null())),
        (Nesting::List, Value::List(items)) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(i, item)| inside(item, element(prior, i)))
                .collect(),
        ),
        (Nesting::Set, Value::List(items)) => Value::List(
            items
                .iter()
                .map(|item| {
                    // The prior element that this one is again, spelling aside.
                    let candidates = prior.map_or(&[][..], Value::items);
                    let again = candidates.iter().find(|p| &inside(item, Some(p)) == *p);
                    again.cloned().unwrap_or_else(|| inside(item, None))
                })
                .collect(),
        ),
        (Nesting::Map, Value::Map(entries)) => Value::Map(
            entries
                .iter()
                .map(|(key, item)| {
                    let prior = prior.and_then(Value::entries).and_then(|p| p.get(key));
                    (key.clone(), inside(item, prior))
                })
                .collect(),
        ),
        _ => config.clone(),
    }
}

fn element(prior: Option<&Value>, index: usize) -> Option<&Value> {
    prior
        .and_then(|p| p.items().get(index))
        .filter(|p| !p.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::schema::Schema;

    fn block() -> Block {
        Schema::new("")
            .attribute(Attribute::string("name").required().replaces())
            .attribute(Attribute::string("state").default("ENABLED"))
            .attribute(
                Attribute::string("pattern")
                    .optional()
                    .equal(Equality::Json),
            )
            .attribute(Attribute::string("arn").computed())
            .attribute(Attribute::string("note").optional())
            .block(
                NestedBlock::list("retry")
                    .max(1)
                    .attribute(Attribute::number("age").default(60)),
            )
            .block
    }

    fn config(entries: &[(&str, Value)]) -> Value {
        let mut all = Value::map([("retry", Value::List(vec![]))]);
        for name in ["name", "state", "pattern", "arn", "note"] {
            all.set(name, Value::Null);
        }
        for (name, value) in entries {
            all.set(name, value.clone());
        }
        all
    }

    #[test]
    fn create_plans_defaults_and_unknown_results() {
        let block = block();
        let retry = Value::List(vec![Value::map([("age", Value::Null)])]);
        let config = config(&[("name", "a".into()), ("retry", retry)]);
        let plan = Plan::new(&block, &config, None);
        assert_eq!(plan.after("state").as_str(), Some("ENABLED"));
        assert!(plan.after("arn").is_unknown() && plan.after("note").is_null());
        assert_eq!(plan.after("retry").at(0).get("age").as_i64(), Some(60));
        assert!(plan.requires_replace().is_empty());
    }

    #[test]
    fn an_update_of_nothing_is_the_prior_state() {
        let block = block();
        let prior = config(&[
            ("name", "a".into()),
            ("state", "ENABLED".into()),
            ("arn", "arn:x".into()),
            ("pattern", r#"{"a":[1.0]}"#.into()),
        ]);
        let config = config(&[("name", "a".into()), ("pattern", r#"{ "a": [1] }"#.into())]);
        let plan = Plan::new(&block, &config, Some(&prior));
        assert_eq!(plan.planned, prior);
    }

    #[test]
    fn removing_an_argument_plans_its_default_or_null() {
        let block = block();
        let prior = config(&[
            ("name", "a".into()),
            ("state", "DISABLED".into()),
            ("note", "n".into()),
        ]);
        let config = config(&[("name", "b".into())]);
        let plan = Plan::new(&block, &config, Some(&prior));
        assert_eq!(plan.after("state").as_str(), Some("ENABLED"));
        assert!(plan.after("note").is_null());
        assert_eq!(plan.requires_replace(), [Path::of("name")]);
    }

    #[test]
    fn an_unknown_block_goes_back_as_it_came() {
        let block = block();
        let unknown = Value::Unknown(crate::provider::value::Unknown::refined(vec![
            0x81, 1, 0xc2,
        ]));
        let config = config(&[("name", "a".into()), ("retry", unknown.clone())]);
        assert_eq!(Plan::new(&block, &config, None).after("retry"), &unknown);
    }

    #[test]
    fn a_configured_unknown_stays_unknown() {
        let block = block();
        let config = config(&[("name", Value::unknown()), ("state", Value::unknown())]);
        let plan = Plan::new(&block, &config, None);
        assert!(plan.after("state").is_unknown() && plan.after("name").is_unknown());
    }
}
