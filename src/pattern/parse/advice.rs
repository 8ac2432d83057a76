//! What to write instead: the part of a mistake that AWS does not tell.

use crate::json::error::is_encoded_twice;
use crate::json::{Document, Kind, Node, compact, quote};
use crate::pattern::names::is_near;
use crate::pattern::operator::NAMES;
use crate::pattern::operator::wildcard::Wildcard;

/// What to write for JSON text inside JSON text.
pub(crate) const ENCODED_INSIDE: &str = "this text is JSON that was encoded by itself: write its fields as they are, with one jsonencode around the whole pattern";

/// Whether a text is a JSON object or array in its turn.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && Document::parse(text).is_ok()
}

/// What to write for a field whose value stands without brackets.
pub(crate) fn bare_value_advice(path: &str, name: &str, value: Node<'_>) -> String {
    if value.as_str().is_some_and(|text| is_json(&text)) {
        return ENCODED_INSIDE.into();
    }
    let raw = shown(value);
    if NAMES.contains(&name) {
        return format!(
            "an operator stands in a list: write [{{\"{name}\": {raw}}}] as the field's value"
        );
    }
    if path == "detail" {
        return format!(
            "detail is an object in every event: write {{\"field\": [{raw}]}}, with the field's name"
        );
    }
    format!("write [{raw}] instead of {raw}")
}

/// What to write where an operator wants a string.
pub(crate) fn string_advice(operand: Node<'_>) -> String {
    match operand.kind() {
        Kind::Array => match operand.elements().next() {
            Some(only) if operand.elements().count() == 1 => {
                format!("write one string without brackets: {}", shown(only))
            }
            _ => "write one string; several are several objects in the field's list, [{…}, {…}]"
                .into(),
        },
        Kind::Number | Kind::True | Kind::False => {
            format!("write it in quotes: \"{}\"", operand.raw())
        }
        _ => "write a string".into(),
    }
}

/// What to write where one object has two operators: a list's elements are
/// alternatives, but a beginning and an end together are a wildcard.
pub(crate) fn second_operator_advice(
    first: (Node<'_>, Node<'_>),
    second: (Node<'_>, Node<'_>),
) -> String {
    let each = "write each operator as an object of its own, [{…}, {…}]: any of them may match";
    let end = |wanted: &str| {
        let named = [first, second]
            .into_iter()
            .find(|(name, _)| name.as_str().as_deref() == Some(wanted));
        named.and_then(|(_, operand)| operand.as_str())
    };
    match (end("prefix"), end("suffix")) {
        (Some(prefix), Some(suffix)) => {
            let both = format!(
                "{}*{}",
                Wildcard::escaped(&prefix),
                Wildcard::escaped(&suffix)
            );
            let both = quote(&both);
            format!("{each}; for both at once write {{\"wildcard\": {both}}}")
        }
        _ => each.to_owned(),
    }
}

/// What to write for an operator that does not exist.
pub(crate) fn unknown_operator_advice(name: &str, operand: Node<'_>) -> String {
    let plain = name.to_ascii_lowercase().replace('_', "-");
    let meant = match plain.as_str() {
        "in" | "one-of" | "oneof" | "any-of" | "anyof" => {
            return "several values in one list mean or already: [\"a\", \"b\"]".into();
        }
        "anything-but-prefix" | "anything-but-suffix" | "anything-but-wildcard" => {
            let inner = plain.trim_start_matches("anything-but-");
            return format!("write {{\"anything-but\": {{\"{inner}\": {}}}}}", shown(operand));
        }
        "equalsignorecase" | "ignore-case" | "ignorecase" => "equals-ignore-case",
        "contains" => {
            let text = operand.as_str().unwrap_or("text".into());
            return format!("write {{\"wildcard\": {}}}", quote(&format!("*{text}*")));
        }
        "starts-with" | "startswith" => "prefix",
        "ends-with" | "endswith" => "suffix",
        "equals" | "equal" | "eq" => return "write the value alone: [\"text\"]".into(),
        "not" | "not-in" | "notin" | "not-equals" | "notequals" | "anythingbut" | "ne" => "anything-but",
        "exist" => "exists",
        "regex" | "match" | "like" => return "there are no regular expressions; write {\"wildcard\": \"a*b\"}, prefix or suffix".into(),
        ">" | ">=" | "<" | "<=" | "=" => return format!("write {{\"numeric\": [\"{name}\", 5]}}"),
        "$or" => return "$or stands beside fields, not in a field's list; several values in one list mean or already".into(),
        other => match NAMES.iter().find(|known| **known == other || is_near(known, other)) {
            Some(known) => known,
            None if matches!(operand.kind(), Kind::Array | Kind::Object) => {
                return format!("for a field \"{name}\" take the brackets around the object away; operators are {}", NAMES.join(", "));
            }
            None => return format!("operators are {}", NAMES.join(", ")),
        },
    };
    format!("write \"{meant}\"")
}

/// What to write where a field that is named like `$or` holds objects of fields.
pub(crate) fn or_advice(field: &str) -> Option<&'static str> {
    match field.to_ascii_lowercase().trim_start_matches('$') {
        "or" => Some("alternatives stand under \"$or\", in small letters and with the dollar sign"),
        "and" => Some("fields beside each other mean and already: write them without this list"),
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

/// What to write where the pattern is no object.
pub(crate) fn not_an_object_advice(text: &str, root: Node<'_>) -> String {
    match root.kind() {
        Kind::String if is_encoded_twice(text) => {
            "the text was encoded as JSON twice (jsonencode of text that is JSON already): encode it once".into()
        }
        Kind::Array => "take the outer brackets away: a pattern is one object".into(),
        kind => format!("a pattern is an object, {{\"source\": [\"my.app\"]}}; this is {}", kind.name()),
    }
}

/// What to write for a field inside `$or` that is named like an operator.
pub(crate) fn reserved_advice(name: &str, value: Node<'_>) -> String {
    match value.kind() {
        Kind::Array | Kind::Object => format!(
            "an operator stands in a field's list: \"field\": [{{\"{name}\": …}}]; \
             for a field of this name write it outside $or"
        ),
        _ => format!(
            "an operator stands in a field's list: \"field\": [{{\"{name}\": {}}}]",
            value.raw()
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

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
                r#"{"source":[{"contains":"shop"}]}"#,
                r#"write {"wildcard": "*shop*"}"#,
            ),
            (
                r#"{"source":[{"prefix":"a*","suffix":"z"}]}"#,
                r#"for both at once write {"wildcard": "a\\**z"}"#,
            ),
            (
                r#"{"source":[{"prefix":"a","exists":true}]}"#,
                "an object of its own, [{…}, {…}]: any of them may match",
            ),
            (
                r#"{"source":[{"anything_but":["a","b"]}]}"#,
                r#"write "anything-but""#,
            ),
            (r#"{"p":[{"Numeric":[">",1]}]}"#, r#"write "numeric""#),
            (
                r#"{"source":[{"in":["a","b"]}]}"#,
                r#"mean or already: ["a", "b"]"#,
            ),
            (
                r#"{"source":[{"anything-but-prefix":"x"}]}"#,
                r#"write {"anything-but": {"prefix": "x"}}"#,
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
