//! When two policies grant the same.
//!
//! The order of statements, of members and of the values of a list counts for
//! nothing; one value and a list of it are the same; so are an account id and
//! the ARN of its root, actions in other letter case, and a condition's `true`
//! and `"true"`.

use std::collections::BTreeSet;

use super::{OLD_VERSION, account, list, plain, text_of};
use crate::json::{Document, Kind, Node, compact, quote};
use crate::provider::Value;

/// Whether two texts grant the same. Texts that are no policies are the same
/// only when they are the same text.
pub fn same(a: &str, b: &str) -> bool {
    a == b
        || match (canonical(a), canonical(b)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
}

/// [`same`] for the plan engine.
pub fn same_values(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

/// A text that is the same for all documents that grant the same.
fn canonical(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let root = document.root().filter(|root| root.kind() == Kind::Object)?;
    let version = text_of(root, "Version").unwrap_or_else(|| OLD_VERSION.into());
    let statements = root.get("Statement").map(list).unwrap_or_default();
    let statements = statements.into_iter().map(canonical_statement);
    let others = root.members().filter_map(|(key, value)| {
        let name = plain(key);
        let known = ["Version", "Statement"].contains(&name.as_str());
        (!known).then(|| format!("{name}={}", compact(value)))
    });
    Some(format!(
        "{version}{}{}",
        set("statements", statements),
        set("others", others)
    ))
}

fn canonical_statement(node: Node<'_>) -> String {
    let members = node.members().filter_map(|(key, _)| {
        let name = plain(key);
        // The last of a duplicate key counts, as everywhere.
        let value = node.get(&name)?;
        let values = match name.as_str() {
            // No id and an empty one are the same.
            "Sid" if value.as_str().is_some_and(|id| id.is_empty()) => return None,
            "Principal" | "NotPrincipal" => canonical_principal(value),
            "Action" | "NotAction" => {
                let actions = list(value).into_iter().map(plain);
                set("", actions.map(|action| action.to_ascii_lowercase()))
            }
            "Resource" | "NotResource" => set("", list(value).into_iter().map(plain)),
            "Condition" => canonical_condition(value),
            _ => compact(value),
        };
        Some(format!("{name}={values}"))
    });
    set("", members)
}

/// `"*"` is every account, as `{"AWS": "*"}` is.
fn canonical_principal(node: Node<'_>) -> String {
    let of = |kind: &str, value: Node<'_>| {
        let named = list(value).into_iter().map(plain);
        set(
            kind,
            named.map(|name| match kind {
                "AWS" => account(&name),
                _ => name,
            }),
        )
    };
    match node.kind() {
        Kind::Object => {
            let kinds = node.members().map(|(key, value)| of(&plain(key), value));
            set("", kinds)
        }
        _ => set("", [of("AWS", node)]),
    }
}

fn canonical_condition(node: Node<'_>) -> String {
    let operators = node.members().map(|(operator, keys)| {
        let keys = keys.members().map(|(key, values)| {
            let values = list(values).into_iter().map(plain);
            set(&plain(key).to_ascii_lowercase(), values)
        });
        set(&plain(operator), keys)
    });
    set("", operators)
}

/// Members in no order, each once.
fn set(name: &str, members: impl IntoIterator<Item = String>) -> String {
    let members: BTreeSet<String> = members.into_iter().map(|member| quote(&member)).collect();
    let members: Vec<String> = members.into_iter().collect();
    format!("{name}[{}]", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, policy};
    use super::*;

    #[test]
    fn spellings_that_grant_the_same() {
        let one = allow(r#"{"AWS":"111122223333"}"#, r#""events:PutEvents""#);
        for other in [
            allow(
                r#"{"AWS":"arn:aws:iam::111122223333:root"}"#,
                r#""events:PutEvents""#,
            ),
            allow(r#"{"AWS":["111122223333"]}"#, r#"["events:PutEvents"]"#),
            allow(r#""111122223333""#, r#""events:putevents""#),
        ] {
            assert!(
                same(&policy(&one), &policy(&format!("[{other}]"))),
                "{other}"
            );
        }
        let two = one.replace(r#""a""#, r#""b""#);
        assert!(same(
            &policy(&format!("[{one},{two}]")),
            &policy(&format!("[{two}, {one}]"))
        ));
        let actions = |list| policy(&allow(r#""*""#, list));
        assert!(same(
            &actions(r#"["events:A","events:B"]"#),
            &actions(r#"["events:B","events:A","events:B"]"#)
        ));
        assert!(same(
            &policy(&allow(r#""*""#, r#""x""#)),
            &policy(&allow(r#"{"AWS":"*"}"#, r#""x""#))
        ));
    }

    #[test]
    fn conditions_are_compared_by_what_they_mean() {
        let with = |condition: &str| {
            let statement = allow(r#""*""#, r#""events:PutEvents""#);
            policy(&statement.replace(
                r#""Resource""#,
                &format!(r#""Condition":{condition},"Resource""#),
            ))
        };
        assert!(same(
            &with(r#"{"Bool":{"aws:SecureTransport":true}}"#),
            &with(r#"{"Bool":{"aws:securetransport":["true"]}}"#)
        ));
        assert!(!same(
            &with(r#"{"Bool":{"aws:SecureTransport":true}}"#),
            &with(r#"{"Bool":{"aws:SecureTransport":false}}"#)
        ));
    }

    #[test]
    fn what_grants_something_else_differs() {
        let one = policy(&allow(r#"{"AWS":"111122223333"}"#, r#""events:PutEvents""#));
        for other in [
            one.replace("111122223333", "444455556666"),
            one.replace("PutEvents", "PutRule"),
            one.replace("Allow", "Deny"),
            one.replace("2012-10-17", "2008-10-17"),
            one.replace("AWS", "Service"),
            one.replace("/orders", "/other"),
            one.replace(r#""Sid":"a""#, r#""Sid":"b""#),
            one.replace(r#""Principal""#, r#""NotPrincipal""#),
            "not json".into(),
        ] {
            assert!(!same(&one, &other), "{other}");
        }
        // Lists joined otherwise than by a comma inside a value.
        let of = |actions| policy(&allow(r#""*""#, actions));
        assert!(!same(&of(r#"["a","b"]"#), &of(r#"["a\",\"b"]"#)));
    }
}
