//! What to write instead: the part of a mistake that AWS does not tell.

mod address;
mod meant;
pub(crate) mod numeric;
pub(crate) mod operator;
mod second;

use self::meant::meant;
use self::operator::unknown_operator_advice;
use super::leaf::{is_operator, operator_advice};
use crate::json::error::is_encoded_twice;
use crate::json::{Document, Kind, Node, compact, quote};
use crate::pattern::operator::NAMES;

pub(crate) use address::{cidr_advice, cidr_operand_advice};
pub(crate) use second::second_operator_advice;

/// What to write for JSON text inside JSON text.
pub(crate) const ENCODED_INSIDE: &str = "this text is JSON that was encoded by itself: write its fields as they are, with one jsonencode around the whole pattern";

/// Whether a text is a JSON object or array in its turn.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && Document::parse(text).is_ok()
}

/// What to write for a field whose value stands without brackets. The names lead to it.
pub(crate) fn bare_value_advice(names: &[&str], value: Node<'_>) -> String {
    if value.as_str().is_some_and(|text| is_json(&text)) {
        return ENCODED_INSIDE.into();
    }
    let raw = shown(value);
    let (fields, operators) = split_operators(names);
    // More operators inside each other than three are no operators.
    if (1..=3).contains(&operators.len()) {
        let nested = operators.iter().rev();
        let element = nested.fold(raw, |operand, name| object(name, &operand));
        return in_list_advice(fields, &element);
    }
    if names == ["detail"] {
        return format!(
            "detail is an object in every event: write {{\"field\": [{raw}]}}, with the field's name"
        );
    }
    format!("write [{raw}] instead of {raw}")
}

/// What to write where an operator stands beside or in place of a field.
fn in_list_advice(fields: &[&str], element: &str) -> String {
    // A list as the value of detail itself matches nothing.
    let field = fields.last().filter(|_| fields != ["detail"]);
    let field = quote(field.copied().unwrap_or("field"));
    match operator_advice(element) {
        Some(advice) if !advice.is_empty() => {
            format!("an operator stands in a field's list, {field}: [{element}]; and {advice}")
        }
        _ => format!("an operator stands in a field's list: write {field}: [{element}]"),
    }
}

/// The names of fields, and those of operators that are written as if they were fields.
fn split_operators<'n>(names: &'n [&'n str]) -> (&'n [&'n str], &'n [&'n str]) {
    let field = names.iter().rposition(|name| !NAMES.contains(name));
    names.split_at(field.map_or(0, |at| at + 1))
}

/// What to write where an operator wants a string; `each` puts one into the operator.
pub(crate) fn string_advice(operand: Node<'_>, each: impl Fn(&str) -> String) -> String {
    let in_quotes = |value: Node<'_>| format!("write it in quotes: \"{}\"", value.raw());
    match operand.kind() {
        Kind::Number | Kind::True | Kind::False => in_quotes(operand),
        Kind::Array => {
            let all_texts = operand.elements().all(|item| item.kind() == Kind::String);
            let items: Vec<Node<'_>> = operand.elements().take(6).collect();
            match items.as_slice() {
                [one] if all_texts => {
                    format!("write one string without brackets: {}", shown(*one))
                }
                [_, _, ..] if all_texts && items.len() < 6 => {
                    let objects = items.into_iter().map(|item| each(&shown(item)));
                    format!("write an object for each: {}", list(objects))
                }
                [one] if one.raw().len() <= 60 && one.kind() == Kind::Number => in_quotes(*one),
                _ => "write one string; for several write an object for each, [{…}, {…}]".into(),
            }
        }
        _ => "write a string".into(),
    }
}

/// What to write where a field that is named like `$or` holds objects of fields.
pub(crate) fn or_advice(field: &str) -> Option<&'static str> {
    match field.to_ascii_lowercase().trim_start_matches('$') {
        "or" | "any" | "anyof" | "oneof" => {
            Some("alternatives stand under \"$or\", in small letters and with the dollar sign")
        }
        "and" | "all" | "allof" => {
            Some("fields beside each other mean and already: write them without this list")
        }
        _ => None,
    }
}

/// A value's text, short enough to be repeated in advice.
pub(crate) fn shown(value: Node<'_>) -> String {
    let compact = Document::parse(value.raw())
        .ok()
        .and_then(|document| document.root().map(compact));
    let text = compact.unwrap_or_else(|| value.raw().to_owned());
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(59).chain(['…']).collect()
}

/// An operator, or an object of one field, as JSON writes it.
pub(crate) fn object(name: &str, value: &str) -> String {
    format!("{{{}: {value}}}", quote(name))
}

/// A list of what is JSON text.
pub(crate) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// What to write where the pattern is no object.
pub(crate) fn not_an_object_advice(text: &str, root: Node<'_>) -> String {
    match root.kind() {
        Kind::String if is_encoded_twice(text) => {
            "the text was encoded as JSON twice (jsonencode of text that is JSON already): encode it once".into()
        }
        Kind::Array if root.elements().nth(1).is_some() => {
            "a pattern is one object: for alternatives write {\"$or\": [{…}, {…}]}".into()
        }
        Kind::Array => "take the outer brackets away: a pattern is one object".into(),
        kind => format!("a pattern is an object, {{\"source\": [\"my.app\"]}}; this is {}", kind.name()),
    }
}

/// What to write for an object of fields in a list that has other elements too.
pub(crate) fn fields_in_list_advice(field: &str, list: Node<'_>) -> Option<&'static str> {
    if let Some(advice) = or_advice(field) {
        return Some(advice);
    }
    let is_fields = |element: Node<'_>| {
        let member = element.members().next();
        member.is_some_and(|(name, value)| {
            matches!(value.kind(), Kind::Array | Kind::Object)
                && name.as_str().is_some_and(|name| meant(&name).is_none())
        })
    };
    let fields = list.elements().filter(|element| is_fields(*element));
    match (fields.count(), list.elements().count()) {
        (0, _) | (_, 1) => None,
        (fields, all) if fields == all => Some(
            "a list holds no fields: for alternatives write {\"$or\": [{…}, {…}]} in its place",
        ),
        _ => Some("a list holds values and operators, or an object of fields stands in its place"),
    }
}

/// What to write for a field inside `$or` that is named like an operator. The names
/// lead to it from the branch, and to the `$or`.
pub(crate) fn reserved_advice(names: &[&str], or: &[&str], value: Node<'_>) -> String {
    let Some((name, fields)) = names.split_last() else {
        return String::new();
    };
    let only = value
        .elements()
        .next()
        .filter(|_| value.elements().nth(1).is_none());
    let advice = if NAMES.contains(name) {
        let operands = [Some(value), only].into_iter().flatten();
        let mut elements = operands.map(|operand| object(name, &shown(operand)));
        let element = elements.find(|element| is_operator(element));
        let element = element.unwrap_or_else(|| object(name, "…"));
        match (fields, or) {
            ([], [.., field]) if or != ["detail"] => format!(
                "alternatives of one field are elements of its list: write {}: [{element}, …], without $or",
                quote(field)
            ),
            _ => in_list_advice(fields, &element),
        }
    } else {
        unknown_operator_advice(name, only.unwrap_or(value))
    };
    match value.kind() {
        Kind::Array | Kind::Object => {
            format!("{advice}; a field of this name can stand outside $or only")
        }
        _ => advice,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    /// The advice on one element of a field's list.
    pub(super) fn advice(element: &str) -> String {
        let text = format!("{{\"p\":[{element}]}}");
        let errors = Pattern::parse(&text).unwrap_err();
        errors.first().advice.clone().unwrap_or_default()
    }

    #[test]
    fn advice_uses_what_was_written() {
        for (text, wanted) in [
            (
                r#"{"source":"shop"}"#,
                r#"write ["shop"] instead of "shop""#,
            ),
            (
                "{}",
                r#"for every event write {"source": [{"prefix": ""}]}"#,
            ),
            (r#"{"detail":{}}"#, "leave the empty object out"),
            (
                r#"{"detail":"placed"}"#,
                r#"write {"field": ["placed"]}, with the field's name"#,
            ),
            (
                r#"{"detail":{"detail":"x"}}"#,
                r#"write ["x"] instead of "x""#,
            ),
            (
                r#"{"source":[{"prefix":"a*","suffix":"z"}]}"#,
                r#"for both at once write {"wildcard": "a\\**z"}"#,
            ),
            (
                r#"{"detail":{"status":{"anything-but":{"prefix":"x"}}}}"#,
                r#"write "status": [{"anything-but": {"prefix": "x"}}]"#,
            ),
            (
                r#"{"detail":{"items":[{"sku":["x"]},{"sku":["y"]}]}}"#,
                r#"for alternatives write {"$or": [{…}, {…}]} in its place"#,
            ),
            (
                r#"{"detail":{"a":["x",{"b":["y"]}]}}"#,
                "a list holds values and operators, or",
            ),
            (
                r#"[{"source":["a"]},{"source":["b"]}]"#,
                r#"for alternatives write {"$or": [{…}, {…}]}"#,
            ),
            (
                r#"{"anyOf":[{"source":["a"]},{"source":["b"]}]}"#,
                r#"alternatives stand under "$or""#,
            ),
            (
                r#"{"$or":[{"source":["a"]},{}]}"#,
                "an empty branch would accept everything",
            ),
            (
                r#"{"detail":{"a":{"$or":[{"prefix":["x"]},{"suffix":"y"}]}}}"#,
                r#"elements of its list: write "a": [{"prefix": "x"}, …], without $or"#,
            ),
            (
                r#"{"$or":[{"detail":{"a":{"prefix":"x"}}},{"b":[2]}]}"#,
                r#"write "a": [{"prefix": "x"}]"#,
            ),
            (
                r#"{"$or":[{"detail":{"a":{">":5}}},{"b":[2]}]}"#,
                r#"write {"numeric": [">", 5]}"#,
            ),
            (
                r#"{"detail":"{\"name\":[\"x\"]}"}"#,
                "one jsonencode around the whole pattern",
            ),
            (
                r#"{"or":[{"source":["a"]},{"source":["b"]}]}"#,
                r#"alternatives stand under "$or""#,
            ),
            (
                r#"{"p":[{"anything-but":{"prefix":"a","suffix":"b"}}]}"#,
                r#"{"wildcard": ["a*", "*b"]}"#,
            ),
            (
                r#"{"p":[{"anything-but":[{"prefix":"a"},{"prefix":"b"}]}]}"#,
                r#"write {"anything-but": {"prefix": ["a", "b"]}}"#,
            ),
            (
                r#"{"p":[{"anything-but":[{"exists":true}]}]}"#,
                "one object with one operator",
            ),
            (
                r#"{"p":[{"anything-but":[{"prefix":"a"},{"equals-ignore-case":"b"}]}]}"#,
                "one object with one operator",
            ),
            (
                r#"{"p":[{"anything-but":["x",{"prefix":"a"}]}]}"#,
                "one object with one operator",
            ),
            (
                r#"{"p":[{"anything-but":[{"prefix":"a"},{"suffix":"b"}]}]}"#,
                r#"write {"anything-but": {"wildcard": ["a*", "*b"]}}"#,
            ),
        ] {
            let told = Pattern::parse(text).unwrap_err().to_string();
            assert!(told.contains(wanted), "{text}: {told}");
        }
    }
}
