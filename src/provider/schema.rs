//! Schemas that carry their behaviour: what an argument is, what it defaults
//! to, when two spellings are equal, whether a change replaces.
//!
//! The plan engine (`plan.rs`), validation (`validate.rs`), the wire schema
//! (`plugin/codec`) and the docs pages are all made from this one description.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::check::Check;
use super::types::Type;
use super::value::Value;

/// The schema of a resource, a data source or the provider block.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Raised whenever states of before must be reshaped (`Resource::upgrade`).
    pub version: i64,
    pub block: Block,
    /// The IAM actions the operator needs, for the docs page.
    pub iam_actions: Vec<&'static str>,
    /// Forms of the import id, for the docs page.
    pub import_ids: Vec<&'static str>,
}

/// Arguments and nested blocks of one body.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Markdown.
    pub description: &'static str,
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<NestedBlock>,
    /// Made once: every value that comes or goes is read and written by it.
    ty: OnceLock<Type>,
}

/// How many nested objects there are, and how they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    Single,
    List,
    Set,
    Map,
}

/// A block inside a block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    pub name: &'static str,
    pub nesting: Nesting,
    pub min_items: i64,
    /// 0: no limit.
    pub max_items: i64,
    pub block: Block,
}

/// What an attribute holds.
#[derive(Clone, Debug)]
pub enum Kind {
    Type(Type),
    /// A nested attribute, written `name = { … }`.
    Nested(Nesting, Vec<Attribute>),
}

/// When the user's value and the prior one mean the same, so that no change is planned.
#[derive(Clone, Copy, Debug, Default)]
pub enum Equality {
    /// Only when they are the same (sets: in any order).
    #[default]
    Exact,
    /// As JSON texts, with exact numbers.
    Json,
    /// By a rule of the argument's own, asked with (configured, prior), both known.
    By(fn(&Value, &Value) -> bool),
}

/// One argument or result.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub optional: bool,
    pub computed: bool,
    pub sensitive: bool,
    pub write_only: bool,
    /// What to use instead.
    pub deprecated: Option<&'static str>,
    /// Markdown.
    pub description: &'static str,
    /// Planned whenever the configuration has null; implies optional and computed.
    pub default: Option<Value>,
    /// A change makes a new object.
    pub replaces: bool,
    pub equality: Equality,
    /// What a known value must satisfy; `""` in an optional argument is not checked.
    pub checks: Vec<Check>,
}

impl Schema {
    pub fn new(description: &'static str) -> Self {
        let block = Block {
            description,
            ..Block::default()
        };
        Self {
            version: 0,
            block,
            iam_actions: Vec::new(),
            import_ids: Vec::new(),
        }
    }

    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.block.attributes.push(attribute);
        self
    }

    #[must_use]
    pub fn attributes(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        self.block.attributes.extend(attributes);
        self
    }

    #[must_use]
    pub fn block(mut self, block: NestedBlock) -> Self {
        self.block.blocks.push(block);
        self
    }

    #[must_use]
    pub fn iam(mut self, actions: &[&'static str]) -> Self {
        self.iam_actions.extend(actions);
        self
    }

    #[must_use]
    pub fn import(mut self, ids: &[&'static str]) -> Self {
        self.import_ids.extend(ids);
        self
    }
}

impl Block {
    /// The attribute of that name.
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The nested block of that name.
    pub fn find_block(&self, name: &str) -> Option<&NestedBlock> {
        self.blocks.iter().find(|b| b.name == name)
    }
}

impl NestedBlock {
    fn new(name: &'static str, nesting: Nesting) -> Self {
        Self {
            name,
            nesting,
            min_items: 0,
            max_items: 0,
            block: Block::default(),
        }
    }

    /// A block that may stand any number of times, in order.
    pub fn list(name: &'static str) -> Self {
        Self::new(name, Nesting::List)
    }

    /// A block that may stand any number of times, in no order.
    pub fn set(name: &'static str) -> Self {
        Self::new(name, Nesting::Set)
    }

    /// A block that stands once or not at all, and is an object.
    pub fn single(name: &'static str) -> Self {
        Self::new(name, Nesting::Single)
    }

    #[must_use]
    pub fn min(mut self, items: i64) -> Self {
        self.min_items = items;
        self
    }

    #[must_use]
    pub fn max(mut self, items: i64) -> Self {
        self.max_items = items;
        self
    }

    #[must_use]
    pub fn describe(mut self, markdown: &'static str) -> Self {
        self.block.description = markdown;
        self
    }

    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.block.attributes.push(attribute);
        self
    }

    #[must_use]
    pub fn block(mut self, block: NestedBlock) -> Self {
        self.block.blocks.push(block);
        self
    }
}

impl Attribute {
    fn of(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: None,
            description: "",
            default: None,
            replaces: false,
            equality: Equality::Exact,
            checks: Vec::new(),
        }
    }

    pub fn new(name: &'static str, ty: Type) -> Self {
        Self::of(name, Kind::Type(ty))
    }

    pub fn string(name: &'static str) -> Self {
        Self::new(name, Type::String)
    }

    pub fn number(name: &'static str) -> Self {
        Self::new(name, Type::Number)
    }

    pub fn bool(name: &'static str) -> Self {
        Self::new(name, Type::Bool)
    }

    /// A nested attribute, written `name = { … }` (or a list or map of such).
    pub fn nested(
        name: &'static str,
        nesting: Nesting,
        attributes: impl IntoIterator<Item = Attribute>,
    ) -> Self {
        Self::of(
            name,
            Kind::Nested(nesting, attributes.into_iter().collect()),
        )
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    #[must_use]
    pub fn computed(mut self) -> Self {
        self.computed = true;
        self
    }

    /// Optional, and planned as `value` where the configuration has null.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.optional = true;
        self.computed = true;
        self.default = Some(value.into());
        self
    }

    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    #[must_use]
    pub fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    #[must_use]
    pub fn replaces(mut self) -> Self {
        self.replaces = true;
        self
    }

    #[must_use]
    pub fn equal(mut self, equality: Equality) -> Self {
        self.equality = equality;
        self
    }

    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    #[must_use]
    pub fn describe(mut self, markdown: &'static str) -> Self {
        self.description = markdown;
        self
    }

    /// Its type, nested attributes as objects.
    pub fn ty(&self) -> Cow<'_, Type> {
        match &self.kind {
            Kind::Type(ty) => Cow::Borrowed(ty),
            Kind::Nested(nesting, attributes) => {
                let fields = attributes.iter();
                let fields = fields.map(|a| (a.name.to_owned(), a.ty().into_owned()));
                Cow::Owned(nesting.of(Type::Object(fields.collect())))
            }
        }
    }
}

impl Nesting {
    /// The type of so many objects of a type.
    fn of(self, object: Type) -> Type {
        match self {
            Nesting::Single => object,
            Nesting::List => Type::list(object),
            Nesting::Set => Type::set(object),
            Nesting::Map => Type::map(object),
        }
    }
}

impl Block {
    /// Its type: what its values look like on the wire.
    pub fn ty(&self) -> &Type {
        self.ty.get_or_init(|| {
            let attributes = self.attributes.iter();
            let attributes = attributes.map(|a| (a.name.to_owned(), a.ty().into_owned()));
            let blocks = self.blocks.iter().map(|b| (b.name.to_owned(), b.ty()));
            Type::Object(attributes.chain(blocks).collect())
        })
    }
}

impl NestedBlock {
    /// Its type, nesting included.
    pub fn ty(&self) -> Type {
        self.nesting.of(self.block.ty().clone())
    }
}

/// Whether two values of a type are the same: sets in any order, and a null
/// entry of a map is one that is not there.
pub fn same(ty: &Type, a: &Value, b: &Value) -> bool {
    match (ty, a, b) {
        (Type::Set(of), Value::List(a), Value::List(b)) => {
            a.len() == b.len()
                && a.iter().all(|x| b.iter().any(|y| same(of, x, y)))
                && b.iter().all(|y| a.iter().any(|x| same(of, x, y)))
        }
        (Type::List(of), Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(of, x, y))
        }
        (Type::Map(of), Value::Map(_), Value::Map(_)) => a
            .set_entries()
            .map(|(key, _)| key)
            .chain(b.set_entries().map(|(key, _)| key))
            .all(|key| same(of, a.get(key), b.get(key))),
        (Type::Object(fields), Value::Map(_), Value::Map(_)) => fields
            .iter()
            .all(|(name, ty)| same(ty, a.get(name), b.get(name))),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_no_order() {
        let ty = Type::set(Type::String);
        assert!(same(&ty, &vec!["a", "b"].into(), &vec!["b", "a"].into()));
        assert!(!same(&ty, &vec!["a", "a"].into(), &vec!["a", "b"].into()));
        assert!(!same(
            &Type::list(Type::String),
            &vec!["a", "b"].into(),
            &vec!["b", "a"].into()
        ));
    }

    #[test]
    fn a_null_entry_of_a_map_is_not_there() {
        let ty = Type::map(Type::String);
        let map = |b: Option<&str>| {
            Value::map([("a", Value::from("1")), ("b", b.map(Value::from).into())])
        };
        let alone = Value::map([("a", Value::from("1"))]);
        assert!(same(&ty, &map(None), &alone) && same(&ty, &alone, &map(None)));
        assert!(!same(&ty, &map(Some("2")), &alone) && !same(&ty, &map(None), &map(Some("2"))));
    }

    #[test]
    fn a_default_makes_optional_and_computed() {
        let attribute = Attribute::string("state").default("ENABLED");
        assert!(attribute.optional && attribute.computed && !attribute.required);
    }
}
