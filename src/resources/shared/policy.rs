//! A policy document as IAM means it: when two texts grant the same, and what a
//! statement says.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
//!
//! The order of statements, of members and of the values of a list counts for
//! nothing; one value and a list of it are the same; so are an account id and
//! the ARN of its root, actions in other letter case, and a condition's `true`
//! and `"true"`.

use std::collections::BTreeSet;

use crate::aws::Arn;
use crate::json::{Document, Kind, Node, compact, quote};
use crate::provider::{Check, Value};

/// What IAM takes a document without `Version` for.
const OLD_VERSION: &str = "2008-10-17";
const VERSIONS: [&str; 2] = ["2012-10-17", OLD_VERSION];

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

/// A document that AWS may take for the policy of a resource.
pub fn check() -> Check {
    Check::text("must be the JSON of a resource policy", problem)
}

/// The text without blanks, as it is sent: they would count against the quota.
pub fn compacted(text: &str) -> String {
    let document = Document::parse(text).ok();
    let root = document.as_ref().and_then(Document::root);
    root.map_or_else(|| text.to_owned(), compact)
}

/// Whether a document has no statement at all.
pub fn is_hollow(text: &str) -> bool {
    let document = Document::parse(text).ok();
    let root = document.as_ref().and_then(Document::root);
    let statements = root.and_then(|root| root.get("Statement")).map(list);
    root.is_some() && statements.unwrap_or_default().is_empty()
}

/// One statement, as far as PutPermission can make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// An account id, `*`, or the text of anything else.
    pub principal: String,
    /// Several are joined with commas.
    pub action: String,
    /// Operator, key and value.
    pub conditions: Vec<(String, String, String)>,
}

/// The statement of that id in a policy document; `None` when it has none.
pub fn statement(policy: &str, id: &str) -> Option<Statement> {
    let document = Document::parse(policy).ok()?;
    let statements = list(document.root()?.get("Statement")?);
    let wanted = |node: &Node<'_>| text_of(*node, "Sid").as_deref() == Some(id);
    statements.into_iter().find(wanted).map(read)
}

fn read(node: Node<'_>) -> Statement {
    let action = node.get("Action").map(list).unwrap_or_default();
    Statement {
        principal: node.get("Principal").map(principal).unwrap_or_default(),
        action: action.into_iter().map(plain).collect::<Vec<_>>().join(","),
        conditions: node.get("Condition").map(conditions).unwrap_or_default(),
    }
}

/// `*`, `"123456789012"` and `{"AWS": …}` of one account are told as PutPermission
/// takes them, all else as it stands.
fn principal(node: Node<'_>) -> String {
    let members: Vec<_> = node.members().collect();
    let named = match members.as_slice() {
        [] => Some(node),
        [(key, value)] if key.as_str().as_deref() == Some("AWS") => Some(*value),
        _ => None,
    };
    match named.map(list).as_deref() {
        Some([one]) if one.kind() == Kind::String => account(&plain(*one)),
        _ => compact(node),
    }
}

fn conditions(node: Node<'_>) -> Vec<(String, String, String)> {
    // Not AWS: an emulator stores the request's own three members.
    if let (Some(operator), Some(key), Some(value)) = (
        text_of(node, "Type"),
        text_of(node, "Key"),
        text_of(node, "Value"),
    ) {
        return vec![(operator, key, value)];
    }
    let mut found = Vec::new();
    for (operator, keys) in node.members() {
        for (key, values) in keys.members() {
            let values: Vec<String> = list(values).into_iter().map(plain).collect();
            found.push((plain(operator), plain(key), values.join(",")));
        }
    }
    found
}

/// What is wrong with a text as a resource policy, and what to write instead.
fn problem(text: &str) -> Result<(), String> {
    let document = Document::parse(text).map_err(|error| format!("this is not JSON: {error}"))?;
    let root = document.root().filter(|root| root.kind() == Kind::Object);
    let Some(root) = root else {
        return Err(
            "a policy is a JSON object with `Version` and `Statement`; write it with jsonencode()"
                .into(),
        );
    };
    if let Some(version) = root.get("Version")
        && !VERSIONS.contains(&plain(version).as_str())
    {
        return Err(format!(
            "`Version` {} is no version of the policy language; write \"2012-10-17\"",
            version.raw()
        ));
    }
    let statements = root.get("Statement").map(list).unwrap_or_default();
    if statements.is_empty() {
        return Err(
            "the policy has no `Statement`; to grant nothing, remove the resource instead".into(),
        );
    }
    for (index, statement) in statements.into_iter().enumerate() {
        let place = format!("Statement[{index}]");
        if statement.kind() != Kind::Object {
            return Err(format!(
                "{place} is {}, not an object",
                statement.kind().name()
            ));
        }
        let effect = statement.get("Effect").map(plain);
        if !matches!(effect.as_deref(), Some("Allow" | "Deny")) {
            return Err(format!(
                "{place} needs `Effect` \"Allow\" or \"Deny\"{}",
                effect.map_or(String::new(), |found| format!(", not {}", quote(&found)))
            ));
        }
        for pair in [["Principal", "NotPrincipal"], ["Action", "NotAction"]] {
            if pair.iter().all(|name| statement.get(name).is_none()) {
                return Err(format!("{place} has no `{}`", pair[0]));
            }
        }
    }
    Ok(())
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

/// The account id for the ARN of an account's root; the text itself otherwise.
fn account(principal: &str) -> String {
    match Arn::parse(principal) {
        Some(arn) if arn.service == "iam" && arn.resource == "root" => arn.account,
        _ => principal.to_owned(),
    }
}

/// The elements of an array, or the one value that stands for a list of it.
fn list(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        Kind::Array => node.elements().collect(),
        _ => vec![node],
    }
}

/// A string's value; the text of anything else, such as `true`.
fn plain(node: Node<'_>) -> String {
    match node.as_str() {
        Some(text) => text.into_owned(),
        None => compact(node),
    }
}

fn text_of(node: Node<'_>, name: &str) -> Option<String> {
    let value = node.get(name)?;
    value.as_str().map(|text| text.into_owned())
}

/// Members in no order, each once.
fn set(name: &str, members: impl IntoIterator<Item = String>) -> String {
    let members: BTreeSet<String> = members.into_iter().map(|member| quote(&member)).collect();
    let members: Vec<String> = members.into_iter().collect();
    format!("{name}[{}]", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUS: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";

    fn policy(statements: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)
    }

    fn allow(principal: &str, action: &str) -> String {
        format!(
            r#"{{"Sid":"a","Effect":"Allow","Principal":{principal},"Action":{action},"Resource":"{BUS}"}}"#
        )
    }

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

    #[test]
    fn a_statement_is_read_in_every_shape() {
        let plain = |principal: &str| {
            statement(&policy(&allow(principal, r#""events:PutEvents""#)), "a").map(|s| s.principal)
        };
        for (shape, told) in [
            (
                r#"{"AWS":"arn:aws-cn:iam::111122223333:root"}"#,
                "111122223333",
            ),
            (
                r#"{"AWS":["arn:aws:iam::111122223333:root"]}"#,
                "111122223333",
            ),
            (r#""111122223333""#, "111122223333"),
            (r#""*""#, "*"),
            (r#"{"AWS":"*"}"#, "*"),
            (
                r#"{"AWS":"arn:aws:iam::1:role/r"}"#,
                "arn:aws:iam::1:role/r",
            ),
            (
                r#"{"Service":"x.amazonaws.com"}"#,
                r#"{"Service":"x.amazonaws.com"}"#,
            ),
        ] {
            assert_eq!(plain(shape).as_deref(), Some(told), "{shape}");
        }
    }

    #[test]
    fn foreign_statements_are_in_nobodys_way() {
        let foreign = r#"{"Effect":"Allow","Principal":{"AWS":["1","2"]},"Action":["a","b"],"Resource":"*",
            "Condition":{"StringEquals":{"k":["1","2"]},"Bool":{"l":true}}}"#;
        let own = r#"{"Sid":"own","Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"*",
            "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}"#;
        let document = policy(&format!("[{foreign},{own}]"));
        let found = statement(&document, "own").unwrap();
        let organization = (
            "StringEquals".into(),
            "aws:PrincipalOrgID".into(),
            "o-1".into(),
        );
        assert_eq!(found.conditions, [organization]);
        assert_eq!(statement(&document, "other"), None);
        let read = statement(&policy(&foreign.replacen('{', r#"{"Sid":"f","#, 1)), "f").unwrap();
        assert_eq!((read.action.as_str(), read.conditions.len()), ("a,b", 2));
        assert_eq!(statement("", "own"), None);
    }

    #[test]
    fn an_emulators_condition_is_read_too() {
        let document = r#"{"Statement":[{"Sid":"a","Effect":"Allow","Principal":"111122223333","Action":"x",
            "Condition":{"Type":"StringEquals","Key":"aws:PrincipalOrgID","Value":"o-1"}}]}"#;
        let condition = (
            "StringEquals".into(),
            "aws:PrincipalOrgID".into(),
            "o-1".into(),
        );
        assert_eq!(statement(document, "a").unwrap().conditions, [condition]);
    }

    #[test]
    fn what_is_no_policy_is_told() {
        for (text, said) in [
            ("not json", "not JSON"),
            ("[]", "object"),
            ("{}", "no `Statement`"),
            (r#"{"Statement":[]}"#, "no `Statement`"),
            (r#"{"Version":"2020-01-01","Statement":{}}"#, "2012-10-17"),
            (r#"{"Statement":["x"]}"#, "Statement[0] is a string"),
            (r#"{"Statement":{"Effect":"allow"}}"#, "not \"allow\""),
            (
                r#"{"Statement":{"Effect":"Allow","Action":"x"}}"#,
                "no `Principal`",
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":"*"}}"#,
                "no `Action`",
            ),
        ] {
            let problem = problem(text).unwrap_err();
            assert!(problem.contains(said), "{text}: {problem}");
        }
        assert_eq!(problem(&policy(&allow(r#""*""#, r#""x""#))), Ok(()));
    }

    #[test]
    fn it_is_sent_without_blanks() {
        assert_eq!(compacted("{ \"a\" : [1.0] }\n"), r#"{"a":[1.0]}"#);
    }
}
