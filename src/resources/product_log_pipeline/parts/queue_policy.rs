//! Whether the policy of a queue of the user's lets the rule send dead letters,
//! as far as the document tells.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
//!
//! A condition that asks for something we do not know (an organization, say) gets
//! the benefit of the doubt: an `Allow` under it counts, a `Deny` does not.

use serde_json::Value;

use crate::aws::Arn;

const ACTION: &str = "sqs:SendMessage";
const SERVICE: &str = "events.amazonaws.com";

/// What a policy says to EventBridge's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// No statement allows it.
    Missing,
    /// This statement denies it, whatever others allow: its Sid, or its place.
    Denied(String),
}

/// Judges `policy` on a dead letter of the rule to the queue.
pub fn judge(policy: Option<&str>, queue_arn: &str, rule_arn: &str) -> Verdict {
    let document: Value = policy
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let statements = list(&document["Statement"]);
    let covers = |statement: &Value, doubt: bool| {
        let asks = |name: &str, not: &str, asked: &dyn Fn(&Value) -> bool| match (
            statement.get(name),
            statement.get(not),
        ) {
            (Some(value), _) => asked(value),
            (None, Some(value)) => !asked(value),
            (None, None) => false,
        };
        asks("Principal", "NotPrincipal", &is_service)
            && asks("Action", "NotAction", &is_action)
            && asks("Resource", "NotResource", &|value| {
                texts(value).any(|wanted| is_like(wanted, queue_arn))
            })
            && holds(&statement["Condition"], rule_arn).unwrap_or(doubt)
    };
    let denying = statements
        .iter()
        .enumerate()
        .find(|(_, s)| s["Effect"] == "Deny" && covers(s, false));
    if let Some((index, statement)) = denying {
        let sid = statement["Sid"].as_str().filter(|sid| !sid.is_empty());
        return Verdict::Denied(sid.map_or(format!("Statement[{index}]"), str::to_owned));
    }
    let allows = |s: &&Value| s["Effect"] == "Allow" && covers(s, true);
    match statements.iter().any(allows) {
        true => Verdict::Allowed,
        false => Verdict::Missing,
    }
}

fn is_service(principal: &Value) -> bool {
    let everyone = |value: &Value| texts(value).any(|name| name == "*");
    let service = texts(&principal["Service"]).any(|name| name == SERVICE);
    everyone(principal) || everyone(&principal["AWS"]) || service
}

fn is_action(action: &Value) -> bool {
    let wanted = ACTION.to_ascii_lowercase();
    texts(action).any(|pattern| is_like(&pattern.to_ascii_lowercase(), &wanted))
}

/// Whether a condition holds; `None` where it asks for what we do not know.
fn holds(condition: &Value, rule_arn: &str) -> Option<bool> {
    let account = Arn::parse(rule_arn)
        .map(|arn| arn.account)
        .unwrap_or_default();
    let mut known = Some(true);
    for (operator, keys) in condition.as_object().into_iter().flatten() {
        for (key, wanted) in keys.as_object().into_iter().flatten() {
            let actual = match key.to_ascii_lowercase().as_str() {
                "aws:sourcearn" => rule_arn,
                "aws:sourceaccount" => &account,
                "aws:securetransport" | "aws:principalisawsservice" => "true",
                "aws:principalservicename" => SERVICE,
                _ => {
                    known = None;
                    continue;
                }
            };
            match compares(operator, &list(wanted), actual) {
                Some(true) => {}
                // One that fails is enough, whatever the others ask for.
                Some(false) => return Some(false),
                None => known = None,
            }
        }
    }
    known
}

/// Whether one operator holds for a key that is there; `None` for an operator
/// that we do not know.
fn compares(operator: &str, wanted: &[&Value], actual: &str) -> Option<bool> {
    let any = |same: &dyn Fn(&str) -> bool| wanted.iter().any(|value| same(&plain(value)));
    Some(
        match operator.strip_suffix("IfExists").unwrap_or(operator) {
            "StringEquals" => any(&|text| text == actual),
            "StringNotEquals" => !any(&|text| text == actual),
            "StringEqualsIgnoreCase" | "Bool" => any(&|text| text.eq_ignore_ascii_case(actual)),
            "StringLike" => any(&|text| is_like(text, actual)),
            "StringNotLike" => !any(&|text| is_like(text, actual)),
            "ArnEquals" | "ArnLike" => any(&|text| is_arn_like(text, actual)),
            "ArnNotEquals" | "ArnNotLike" => !any(&|text| is_arn_like(text, actual)),
            "Null" => any(&|text| text == "false"),
            _ => return None,
        },
    )
}

/// Wildcards of an ARN reach no further than its colon-separated part.
fn is_arn_like(pattern: &str, arn: &str) -> bool {
    let (wanted, actual): (Vec<_>, Vec<_>) = (
        pattern.splitn(6, ':').collect(),
        arn.splitn(6, ':').collect(),
    );
    wanted.len() == actual.len() && wanted.iter().zip(actual).all(|(w, a)| is_like(w, a))
}

/// `*` is any text, `?` any one character. What follows the last `*` is tried
/// from ever further on: no more steps than the two lengths multiplied.
fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the pattern goes on after its last `*`, and the text from which that was tried.
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                p += 1;
                retry = Some((p, t));
            }
            Some(&wanted) if wanted == '?' || wanted == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((after_star, from)) = retry else {
                    return false;
                };
                retry = Some((after_star, from + 1));
                (p, t) = (after_star, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|&rest| rest == '*')
}

/// The elements of an array, or the one value that stands for a list of it.
fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    list(value).into_iter().filter_map(Value::as_str)
}

/// A text's own value; `true` for the boolean as for the text.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:mine";
    const RULE: &str = "arn:aws:events:eu-west-1:123456789012:rule/shop/shop";

    fn judged(statements: Value) -> Verdict {
        judge(
            Some(&json!({"Statement": statements}).to_string()),
            QUEUE,
            RULE,
        )
    }

    /// The statement that we tell users to add, with one member changed.
    fn with(member: &str, value: Value) -> Value {
        let mut statement = super::super::super::documents::queue_statement(QUEUE, RULE);
        statement[member] = value;
        statement
    }

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, is) in [
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
            ("a*b?d*", "axxbcd", true),
            ("a*bc", "abcbd", false),
            ("*é?", "caféx", true),
        ] {
            assert_eq!(is_like(pattern, text), is, "{pattern} {text}");
        }
        let (stars, long) = ("*a".repeat(1_000), "a".repeat(20_000));
        assert!(!is_like(&(stars + "b"), &long), "and not in all eternity");
    }

    #[test]
    fn what_allows_it() {
        for (member, value) in [
            ("Sid", json!("any")),
            ("Principal", json!("*")),
            ("Principal", json!({"AWS": ["*"]})),
            (
                "Principal",
                json!({"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}),
            ),
            ("Action", json!(["sqs:Get*", "SQS:Send*"])),
            ("Resource", json!("arn:aws:sqs:*:123456789012:*")),
            ("Condition", json!({})),
            (
                "Condition",
                json!({"ArnLike": {"AWS:SourceArn": "arn:aws:events:*:*:rule/shop/*"}}),
            ),
            (
                "Condition",
                json!({"StringLike": {"aws:SourceArn": ["x", "arn:aws:events:*"]}}),
            ),
            (
                "Condition",
                json!({"StringEquals": {"aws:SourceAccount": "123456789012"}}),
            ),
            (
                "Condition",
                json!({"StringEquals": {"aws:SourceOrgID": "o-1"}}),
            ),
        ] {
            assert_eq!(
                judged(with(member, value.clone())),
                Verdict::Allowed,
                "{member} {value}"
            );
        }
    }

    #[test]
    fn what_does_not_allow_it() {
        for (member, value) in [
            ("Effect", json!("allow")),
            ("Principal", json!({"Service": "sns.amazonaws.com"})),
            ("Principal", json!({"AWS": "events.amazonaws.com"})),
            ("Action", json!("sqs:ReceiveMessage")),
            (
                "Resource",
                json!("arn:aws:sqs:eu-west-1:123456789012:other"),
            ),
            (
                "Condition",
                json!({"ArnEquals": {"aws:SourceArn": RULE.replace("shop", "other")}}),
            ),
            (
                "Condition",
                json!({"ArnLike": {"aws:SourceArn": "arn:aws:*:rule/shop/shop"}}),
            ),
            (
                "Condition",
                json!({"StringEquals": {"aws:SourceAccount": "999999999999", "aws:SourceOrgID": "o-1"}}),
            ),
        ] {
            assert_eq!(
                judged(with(member, value.clone())),
                Verdict::Missing,
                "{member} {value}"
            );
        }
        assert_eq!(judge(None, QUEUE, RULE), Verdict::Missing);
        assert_eq!(
            judge(Some("events.amazonaws.com"), QUEUE, RULE),
            Verdict::Missing
        );
    }

    #[test]
    fn a_deny_wins_where_it_surely_holds() {
        let allow = with("Sid", json!("allow"));
        let deny = |condition: Value| json!([allow, {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": condition}]);
        assert_eq!(
            judged(deny(json!({}))),
            Verdict::Denied("Statement[1]".into())
        );
        let others = json!({"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}});
        assert_eq!(judged(deny(others)), Verdict::Denied("Statement[1]".into()));
        for condition in [
            json!({"Bool": {"aws:SecureTransport": false}}),
            json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
            json!({"Bool": {"aws:PrincipalIsAWSService": "false"}}),
        ] {
            assert_eq!(
                judged(deny(condition.clone())),
                Verdict::Allowed,
                "{condition}"
            );
        }
        let named = json!([allow, {"Sid": "no", "Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "NotAction": "sqs:Get*", "Resource": QUEUE}]);
        assert_eq!(judged(named), Verdict::Denied("no".into()));
    }
}
