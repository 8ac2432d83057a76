//! What to write for an operator that does not exist, or may not stand where it stands.

use super::meant::{Meant, meant};
use super::numeric::{outside, range_meant};
use super::{list, object, shown};
use crate::json::{Decimal, Kind, Node, quote};
use crate::pattern::operator::NAMES;
use crate::pattern::operator::wildcard::Wildcard;
use crate::pattern::parse::leaf::operator_advice;

const NO_REGEX: &str =
    "there are no regular expressions; write {\"wildcard\": \"a*b\"}, prefix or suffix";
const NO_CIDR: &str = "no operator excludes addresses: list the ranges that are wanted, [{\"cidr\": …}, {\"cidr\": …}]";

/// What to write where null is not wanted.
pub(crate) const NOT_NULL: &str = "anything-but takes strings or numbers and cannot exclude null; for any string write {\"prefix\": \"\"}";

/// What to write for an operator that does not exist.
pub(crate) fn unknown_operator_advice(name: &str, operand: Node<'_>) -> String {
    let operators = format!("operators are {}", NAMES.join(", "));
    let better = match meant(name) {
        Some((false, meant)) => Some(in_its_place(meant, operand)),
        Some((true, meant)) => negated(meant, operand),
        None => None,
    };
    let may_be_field = better.is_none() || FIELDS_TOO.contains(&name);
    let advice = better.unwrap_or(operators);
    if may_be_field && matches!(operand.kind(), Kind::Array | Kind::Object) {
        return format!(
            "for a field {} take the brackets around the object away; {advice}",
            quote(name)
        );
    }
    advice
}

/// Names that are as likely a field's as a misnamed operator's.
const FIELDS_TOO: [&str; 9] = [
    "value", "values", "range", "pattern", "match", "before", "after", "present", "is",
];

fn in_its_place(meant: Meant, operand: Node<'_>) -> String {
    let raw = shown(operand);
    match meant {
        Meant::Operator(name) => renamed(name, &raw),
        Meant::Value if operand.kind() == Kind::Array => {
            format!("several values in one list mean or already: {raw}")
        }
        Meant::Value => format!("write the value alone: [{raw}]"),
        Meant::Contains => {
            let texts = containing(operand);
            let mut objects = texts.iter().map(|text| object("wildcard", text));
            match (objects.next(), texts.len()) {
                (Some(only), 1) => format!("write {only}"),
                (first, _) => format!("write {}", list(first.into_iter().chain(objects))),
            }
        }
        Meant::Comparison(comparison) => {
            let number = match operand.as_str() {
                Some(text) if Decimal::parse(&text).is_some() => text.into_owned(),
                _ if operand.kind() == Kind::Number => raw,
                _ => "5".to_owned(),
            };
            let operand = format!("[\"{comparison}\", {number}]");
            format!("write {}", object("numeric", &operand))
        }
        Meant::Between => {
            let range = range_meant(&[operand], true).unwrap_or("[\">=\", 0, \"<=\", 5]".into());
            format!("write {}", object("numeric", &range))
        }
        Meant::Regex => NO_REGEX.into(),
        Meant::Null if operand.as_bool() == Some(false) => NOT_NULL.into(),
        Meant::Null => "write the value alone: [null]".into(),
        Meant::And => {
            "a field is not held to several operators at once: elements of its list are alternatives"
                .into()
        }
        Meant::Time => {
            "no operator compares times: {\"prefix\": \"2026-11\"} accepts texts that begin so"
                .into()
        }
    }
}

fn negated(meant: Meant, operand: Node<'_>) -> Option<String> {
    let raw = shown(operand);
    Some(match meant {
        Meant::Operator("exists") => {
            let wanted = operand.as_bool() == Some(false);
            format!("write {{\"exists\": {wanted}}}")
        }
        Meant::Operator("cidr") => NO_CIDR.into(),
        Meant::Operator("numeric") => outside(operand)?,
        Meant::Operator(name) => renamed("anything-but", &object(name, &raw)),
        Meant::Value => renamed("anything-but", &raw),
        Meant::Contains => {
            let texts = containing(operand);
            let texts = match texts.as_slice() {
                [one] => one.clone(),
                several => list(several.iter().cloned()),
            };
            format!(
                "write {}",
                object("anything-but", &object("wildcard", &texts))
            )
        }
        Meant::Regex => NO_REGEX.into(),
        Meant::Null => NOT_NULL.into(),
        _ => return None,
    })
}

/// An operator under its right name; if its operand is wrong too, what to write for that.
fn renamed(name: &str, operand: &str) -> String {
    let whole = object(name, operand);
    match operator_advice(&whole) {
        _ if operand.ends_with('…') => format!("write \"{name}\""),
        None => format!("write {whole}"),
        Some(advice) => format!("write \"{name}\"; {advice}"),
    }
}

/// Wildcards that stand for texts which contain others.
fn containing(operand: Node<'_>) -> Vec<String> {
    let items: Vec<Node<'_>> = match operand.kind() {
        Kind::Array => operand.elements().take(5).collect(),
        _ => vec![operand],
    };
    let texts: Option<Vec<String>> = items
        .into_iter()
        .map(|item| {
            let text = item.as_str().filter(|text| !text.is_empty())?;
            Some(format!("*{}*", Wildcard::escaped(&text)))
        })
        .collect();
    let texts = texts.filter(|texts| !texts.is_empty());
    let texts = texts.unwrap_or_else(|| vec!["*text*".to_owned()]);
    texts.iter().map(|text| quote(text)).collect()
}

/// What to write for an operator that cannot stand inside `anything-but`.
pub(crate) fn unsupported_inside_advice(name: &str, operand: Node<'_>) -> String {
    let better = match meant(name) {
        // Two negations.
        Some((false, Meant::Operator("anything-but"))) => Some(in_its_place(Meant::Value, operand)),
        Some((false, Meant::Operator("exists"))) => negated(Meant::Operator("exists"), operand),
        Some((false, meant)) => negated(meant, operand),
        _ => None,
    };
    better.unwrap_or_else(|| {
        "inside anything-but stand prefix, suffix, equals-ignore-case and wildcard".into()
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::advice;

    #[test]
    fn a_name_that_is_no_operator_is_told_with_what_was_meant() {
        for (element, wanted) in [
            (r#"{"startsWith":"a"}"#, r#"write {"prefix": "a"}"#),
            (r#"{"begins_with":"a"}"#, r#"write {"prefix": "a"}"#),
            (r#"{"Numeric":[">",1]}"#, r#"write {"numeric": [">",1]}"#),
            (
                r#"{"ends-with":["a","b"]}"#,
                r#"write "suffix"; write an object for each: [{"suffix": "a"}, {"suffix": "b"}]"#,
            ),
            (r#"{"equals":"a"}"#, r#"write the value alone: ["a"]"#),
            (
                r#"{"in":["a","b"]}"#,
                r#"several values in one list mean or already: ["a","b"]"#,
            ),
            (
                r#"{"$or":[{"prefix":"a"},"b"]}"#,
                r#"several values in one list mean or already: [{"prefix":"a"},"b"]"#,
            ),
            (r#"{"contains":"a*"}"#, r#"write {"wildcard": "*a\\**"}"#),
            (
                r#"{"contains":["a","b"]}"#,
                r#"write [{"wildcard": "*a*"}, {"wildcard": "*b*"}]"#,
            ),
            (
                r#"{"not-contains":["a","b"]}"#,
                r#"write {"anything-but": {"wildcard": ["*a*", "*b*"]}}"#,
            ),
            (
                r#"{"anything-but-prefix":"x"}"#,
                r#"write {"anything-but": {"prefix": "x"}}"#,
            ),
            (r#"{"notEquals":"x"}"#, r#"write {"anything-but": "x"}"#),
            (
                r#"{"not":[1,"x"]}"#,
                r#"write "anything-but"; list strings only or numbers only"#,
            ),
            (r#"{"does-not-exist":true}"#, r#"write {"exists": false}"#),
            (r#"{">=":"25"}"#, r#"write {"numeric": [">=", 25]}"#),
            (r#"{"greaterThan":5}"#, r#"write {"numeric": [">", 5]}"#),
            (
                r#"{"between":[1,5]}"#,
                r#"write {"numeric": [">=", 1, "<=", 5]}"#,
            ),
            (r#"{"null":true}"#, "write the value alone: [null]"),
            (
                r#"{"ip-address-in-range":"10.0.0.0/8"}"#,
                r#"write {"cidr": "10.0.0.0/8"}"#,
            ),
        ] {
            assert_eq!(advice(element), wanted, "{element}");
        }
        // These are names of fields as well.
        let told = advice(r#"{"value":["x"]}"#);
        assert!(told.starts_with("for a field \"value\" take"), "{told}");
    }

    #[test]
    fn what_cannot_stand_inside_anything_but_is_told_otherwise() {
        for (operand, wanted) in [
            (
                r#"{"numeric":[">",5]}"#,
                r#"for the other numbers write {"numeric": ["<=", 5]}"#,
            ),
            (
                r#"{"numeric":[">=",1,"<",5]}"#,
                r#"for the other numbers write [{"numeric": ["<", 1]}, {"numeric": [">=", 5]}]"#,
            ),
            (
                r#"{"numeric":["=",5]}"#,
                r#"for the other numbers write {"anything-but": 5}"#,
            ),
            (r#"{"exists":false}"#, r#"write {"exists": true}"#),
            (r#"{"anything-but":"x"}"#, r#"write the value alone: ["x"]"#),
            (
                r#"{"starts-with":"x"}"#,
                r#"write {"anything-but": {"prefix": "x"}}"#,
            ),
            (r#"{"equals":["x"]}"#, r#"write {"anything-but": ["x"]}"#),
            (
                r#"{"cidr":"10.0.0.0/8"}"#,
                r#"no operator excludes addresses: list the ranges that are wanted, [{"cidr": …}, {"cidr": …}]"#,
            ),
            (
                "true",
                "anything-but takes strings or numbers; for the other boolean write [false]",
            ),
            (r#"{"prefix":[["a"]]}"#, "take the inner brackets away"),
        ] {
            let element = format!("{{\"anything-but\":{operand}}}");
            assert_eq!(advice(&element), wanted, "{element}");
        }
    }

    #[test]
    fn an_operand_of_another_type_is_told_as_what_is_valid() {
        for (element, wanted) in [
            (
                r#"{"prefix":["a","b"]}"#,
                r#"write an object for each: [{"prefix": "a"}, {"prefix": "b"}]"#,
            ),
            (
                r#"{"prefix":{"equals-ignore-case":["a","b"]}}"#,
                r#"write an object for each: [{"prefix": {"equals-ignore-case": "a"}}, {"prefix": {"equals-ignore-case": "b"}}]"#,
            ),
            (
                r#"{"suffix":[":x"]}"#,
                "write one string without brackets: \":x\"",
            ),
            (r#"{"wildcard":[5]}"#, "write it in quotes: \"5\""),
            (
                r#"{"exactly":5}"#,
                "write it in quotes: \"5\"; for the number itself write [5]",
            ),
            (r#"{"exists":[true]}"#, "write true without brackets"),
            (r#"{"exists":"false"}"#, "write false without quotes"),
        ] {
            assert_eq!(advice(element), wanted, "{element}");
        }
    }
}
