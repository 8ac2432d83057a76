//! Equality of two texts as JSON values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::document::{Document, Kind, Node};
use super::number::Decimal;

/// Returns whether two texts are the same JSON value.
///
/// Numbers are compared by exact decimal value (`7`, `7.0` and `70e-1` are
/// equal, 9007199254740993 and 9007199254740992 are not), members in any
/// order, the last of a duplicate name counts, elements in order. Texts that
/// are not both JSON are equal only if they are the same text.
pub fn equal(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (Ok(left), Ok(right)) = (Document::parse(a), Document::parse(b)) else {
        return false;
    };
    match (left.root(), right.root()) {
        (Some(left), Some(right)) => same(left, right),
        _ => false,
    }
}

/// Compares two values; the work left to do is a list, so depth costs no stack.
pub(crate) fn same(left: Node<'_>, right: Node<'_>) -> bool {
    let mut work = vec![(left, right)];
    while let Some((left, right)) = work.pop() {
        if left.kind() != right.kind() {
            return false;
        }
        let equal = match left.kind() {
            Kind::True | Kind::False | Kind::Null => true,
            Kind::String => left.as_str() == right.as_str(),
            Kind::Number => {
                left.raw() == right.raw()
                    || Decimal::parse(left.raw()) == Decimal::parse(right.raw())
            }
            Kind::Array => {
                let before = work.len();
                work.extend(left.elements().zip(right.elements()));
                work.len() - before == left.elements().count()
                    && work.len() - before == right.elements().count()
            }
            Kind::Object => {
                let (left, right) = (members(left), members(right));
                let names = left.keys().eq(right.keys());
                work.extend(left.into_values().zip(right.into_values()));
                names
            }
        };
        if !equal {
            return false;
        }
    }
    true
}

fn members(object: Node<'_>) -> BTreeMap<Cow<'_, str>, Node<'_>> {
    object
        .members()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn meaning_counts_not_spelling() {
        for (a, b) in [
            ("7", "7.0"),
            ("7", "70e-1"),
            ("{\"a\":1,\"b\":[2]}", "{ \"b\": [2.0], \"a\": 1 }"),
            ("\"\\u0041\"", "\"A\""),
            ("{\"a\":1,\"a\":2}", "{\"a\":2}"),
            ("[]", " [ ] "),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890.0",
            ),
            ("not json", "not json"),
        ] {
            assert!(equal(a, b), "{a} {b}");
            assert!(equal(b, a), "{b} {a}");
        }
    }

    #[test]
    fn different_values_differ() {
        for (a, b) in [
            ("7", "\"7\""),
            ("[1,2]", "[2,1]"),
            ("[1]", "[1,2]"),
            ("{\"a\":1}", "{\"a\":1,\"b\":1}"),
            ("{\"a\":1}", "{\"b\":1}"),
            ("9007199254740993", "9007199254740992"),
            ("null", "false"),
            ("true", "false"),
            ("{}", "[]"),
            ("{", "{ "),
            ("1", "x"),
            ("{\"a\":[1,{\"b\":2}]}", "{\"a\":[1,{\"b\":3}]}"),
        ] {
            assert!(!equal(a, b), "{a} {b}");
            assert!(!equal(b, a), "{b} {a}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = |end: &str| format!("{}{end}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(equal(&deep("1"), &deep("1.0")));
        assert!(!equal(&deep("1"), &deep("2")));
    }
}
