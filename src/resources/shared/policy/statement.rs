//! One statement of a policy, as PutPermission makes one.

use super::{account, list, plain, text_of};
use crate::json::{Document, Kind, Node, compact};

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

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, policy};
    use super::*;

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
}
