//! What to write for two operators in one object: what both are meant for together.

use super::numeric::range_meant;
use super::{list, object, shown};
use crate::json::{Kind, Node, quote};
use crate::pattern::operator::wildcard::Wildcard;
use crate::pattern::parse::anything_but::together;
use crate::pattern::parse::leaf::is_operator;

/// What to write where one object has two operators. A list's elements are
/// alternatives, which is seldom what two operators in one object are meant for.
pub(crate) fn second_operator_advice(
    first: (Node<'_>, Node<'_>),
    second: (Node<'_>, Node<'_>),
) -> String {
    let name = |member: (Node<'_>, Node<'_>)| member.0.as_str().unwrap_or_default().into_owned();
    let (left, right) = (name(first), name(second));
    // `exists` with true says nothing that another operator does not.
    let is_presence = |member: (Node<'_>, Node<'_>), other: (Node<'_>, Node<'_>)| {
        let is_true = name(member) == "exists" && member.1.as_bool() == Some(true);
        is_true && is_operator(&object(&name(other), &shown(other.1)))
    };
    let both = match (left.as_str(), right.as_str()) {
        (_, "exists") if is_presence(second, first) => return presence_advice(&left, first.1),
        ("exists", _) if is_presence(first, second) => return presence_advice(&right, second.1),
        ("exists", _) | (_, "exists") => None,
        ("numeric", "numeric") => {
            range_meant(&[first.1, second.1], false).map(|range| object("numeric", &range))
        }
        ("anything-but", "anything-but") => excluded_together(first.1, second.1),
        ("anything-but", _) | (_, "anything-but") => {
            return "a field is not held to both at once: keep one of them; as two elements of \
                    its list, [{…}, {…}], either is enough, and anything-but accepts nearly all"
                .into();
        }
        ("prefix", "suffix") => around(first.1, second.1),
        ("suffix", "prefix") => around(second.1, first.1),
        _ => None,
    };
    let each = "write each operator as an object of its own, [{…}, {…}]: any of them may match";
    match both.filter(|both| is_operator(both)) {
        Some(both) if left == right => format!("for both at once write {both}"),
        Some(both) => format!("{each}; for both at once write {both}"),
        // Two alternatives would exclude nothing.
        None if left == "anything-but" && right == left => {
            "list all that is not wanted once: {\"anything-but\": [\"a\", \"b\"]}".to_owned()
        }
        None => each.to_owned(),
    }
}

/// What to write where `exists` stands beside another operator: it says nothing more.
fn presence_advice(name: &str, operand: Node<'_>) -> String {
    if name == "exists" {
        return "write exists once".to_owned();
    }
    let alone = object(name, &shown(operand));
    format!("leave exists out, for {name} accepts no absent field: write {alone}")
}

/// `anything-but` of all that two of them exclude.
fn excluded_together(left: Node<'_>, right: Node<'_>) -> Option<String> {
    let operands = [left, right];
    let excluded = if operands
        .iter()
        .all(|operand| operand.kind() == Kind::Object)
    {
        together(left.members().chain(right.members()))?
    } else {
        let items = operands
            .into_iter()
            .flat_map(|operand| match operand.kind() {
                Kind::Array => operand.elements().collect(),
                _ => vec![operand],
            });
        list(items.map(shown))
    };
    let short = excluded.chars().count() <= 200;
    short.then(|| object("anything-but", &excluded))
}

/// The wildcard of a beginning and an end.
fn around(prefix: Node<'_>, suffix: Node<'_>) -> Option<String> {
    let (prefix, suffix) = (prefix.as_str()?, suffix.as_str()?);
    let text = format!(
        "{}*{}",
        Wildcard::escaped(&prefix),
        Wildcard::escaped(&suffix)
    );
    Some(object("wildcard", &quote(&text)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::advice;

    #[test]
    fn a_second_operator_is_told_by_what_both_are_meant_for() {
        for (element, wanted) in [
            (
                r#"{"anything-but":"x","exists":true}"#,
                r#"leave exists out, for anything-but accepts no absent field: write {"anything-but": "x"}"#,
            ),
            (
                r#"{"exists":true,"prefix":"a"}"#,
                r#"leave exists out, for prefix accepts no absent field: write {"prefix": "a"}"#,
            ),
            (
                r#"{"numeric":["<",5],"numeric":[">",1]}"#,
                r#"for both at once write {"numeric": [">", 1, "<", 5]}"#,
            ),
            (
                r#"{"anything-but":"x","anything-but":["y"]}"#,
                r#"for both at once write {"anything-but": ["x", "y"]}"#,
            ),
            (
                r#"{"anything-but":{"prefix":"x"},"anything-but":{"suffix":"y"}}"#,
                r#"for both at once write {"anything-but": {"wildcard": ["x*", "*y"]}}"#,
            ),
            (
                r#"{"anything-but":"x","anything-but":5}"#,
                r#"list all that is not wanted once: {"anything-but": ["a", "b"]}"#,
            ),
            (
                r#"{"prefix":"a","exists":false}"#,
                "write each operator as an object of its own, [{…}, {…}]: any of them may match",
            ),
            (
                r#"{"prefix":"a","suffix":"z"}"#,
                r#"write each operator as an object of its own, [{…}, {…}]: any of them may match; for both at once write {"wildcard": "a*z"}"#,
            ),
        ] {
            assert_eq!(advice(element), wanted, "{element}");
        }
        // As alternatives the two would accept nearly everything.
        let told = advice(r#"{"prefix":"a","anything-but":"ab"}"#);
        assert!(told.contains("keep one of them"), "{told}");
    }
}
