//! What makes a schema invalid. Terraform refuses a whole provider for one
//! wrong attribute, so a test runs these rules over all of ours.

use std::collections::BTreeSet;

use super::schema::{Attribute, Block, Kind, Nesting};
use super::server::Schemas;
use super::types::Type;

/// Every breach of Terraform's schema rules, each as a sentence; empty when all is well.
pub fn faults(schemas: &Schemas) -> Vec<String> {
    let mut out = Vec::new();
    block("provider", &schemas.provider.block, false, &mut out);
    for (name, resource) in &schemas.resources {
        identifier(name, &mut out);
        block(name, &resource.schema.block, false, &mut out);
        if resource.identity.attributes.is_empty() {
            out.push(format!("{name}: no identity"));
        }
    }
    for (name, schema) in &schemas.data_sources {
        identifier(name, &mut out);
        block(name, &schema.block, false, &mut out);
    }
    for (name, function) in &schemas.functions {
        identifier(name, &mut out);
        let mut seen = BTreeSet::new();
        for parameter in &function.parameters {
            identifier(parameter.name, &mut out);
            if !seen.insert(parameter.name) {
                out.push(format!("{name}: parameter {} stands twice", parameter.name));
            }
        }
    }
    out
}

fn block(place: &str, block_: &Block, in_set: bool, out: &mut Vec<String>) {
    if block_.description.is_empty() {
        out.push(format!("{place}: no description"));
    }
    let mut seen = BTreeSet::new();
    for a in &block_.attributes {
        if !seen.insert(a.name) {
            out.push(format!("{place}.{}: stands twice", a.name));
        }
        attribute(place, a, in_set, false, out);
    }
    for nested in &block_.blocks {
        let here = format!("{place}.{}", nested.name);
        identifier(nested.name, out);
        if !seen.insert(nested.name) {
            out.push(format!("{here}: stands twice"));
        }
        match nested.nesting {
            Nesting::Single if nested.min_items != nested.max_items || nested.max_items > 1 => {
                out.push(format!(
                    "{here}: a single block's min and max are equal, 0 or 1"
                ));
            }
            Nesting::Map if nested.min_items != 0 || nested.max_items != 0 => {
                out.push(format!("{here}: a map block has no min or max"));
            }
            _ => {}
        }
        block(
            &here,
            &nested.block,
            in_set || nested.nesting == Nesting::Set,
            out,
        );
    }
}

/// `in_set`: somewhere inside a set. `in_nested_set`: inside one of nested
/// attributes, of which Terraform compares planned and configured elements; of
/// set blocks it does not.
fn attribute(place: &str, a: &Attribute, in_set: bool, in_nested_set: bool, out: &mut Vec<String>) {
    let here = format!("{place}.{}", a.name);
    identifier(a.name, out);
    let mut fault = |wrong: bool, text: &str| {
        if wrong {
            out.push(format!("{here}: {text}"));
        }
    };
    fault(a.description.is_empty(), "no description");
    fault(
        !a.required && !a.optional && !a.computed,
        "neither required, optional nor computed",
    );
    fault(
        a.required && (a.optional || a.computed),
        "required excludes optional and computed",
    );
    fault(
        a.default.is_some() && !(a.optional && a.computed),
        "a default needs optional and computed",
    );
    fault(
        a.default.is_some() && in_nested_set,
        "no defaults inside sets of nested attributes",
    );
    fault(
        a.write_only && (in_set || a.computed),
        "write-only excludes sets and computed",
    );
    match &a.kind {
        Kind::Type(ty) => fault(set_of_dynamic(ty, in_set), "no dynamic inside sets"),
        Kind::Nested(nesting, inner) => {
            let in_nested_set = in_nested_set || *nesting == Nesting::Set;
            for nested in inner {
                attribute(&here, nested, in_set || in_nested_set, in_nested_set, out);
            }
        }
    }
}

fn set_of_dynamic(ty: &Type, in_set: bool) -> bool {
    match ty {
        Type::Dynamic => in_set,
        Type::Set(of) => set_of_dynamic(of, true),
        Type::List(of) | Type::Map(of) => set_of_dynamic(of, in_set),
        Type::Object(fields) => fields.values().any(|ty| set_of_dynamic(ty, in_set)),
        Type::Tuple(items) => items.iter().any(|ty| set_of_dynamic(ty, in_set)),
        _ => false,
    }
}

fn identifier(name: &str, out: &mut Vec<String>) {
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !first
        || !name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        out.push(format!(
            "{name:?}: names are small letters, digits and underscores"
        ));
    }
}
