//! What is wrong with a text as the policy of a resource.

use super::{OLD_VERSION, list, plain};
use crate::json::{Document, Kind, quote};
use crate::provider::Check;

const VERSIONS: [&str; 2] = ["2012-10-17", OLD_VERSION];

/// A document that AWS may take for the policy of a resource.
pub fn check() -> Check {
    Check::text("must be the JSON of a resource policy", problem)
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

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, policy};
    use super::*;

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
}
