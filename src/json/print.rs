//! Values as compact text. Numbers and the order of members stay as they were.

use super::document::{Kind, Node};

/// Prints a value without blanks; strings with the fewest escapes.
pub fn compact(node: Node<'_>) -> String {
    let mut text = String::with_capacity(node.raw().len());
    print(&mut text, node);
    text
}

/// What is still to be printed.
enum Rest<'d> {
    Value(Node<'d>),
    Text(&'static str),
    Key(Node<'d>),
}

fn print(text: &mut String, node: Node<'_>) {
    // The list holds what follows, last first, so depth costs no stack.
    let mut rest = vec![Rest::Value(node)];
    while let Some(next) = rest.pop() {
        match next {
            Rest::Text(plain) => text.push_str(plain),
            Rest::Key(key) => {
                quote_into(text, &key.as_str().unwrap_or_default());
                text.push(':');
            }
            Rest::Value(node) => match node.kind() {
                Kind::String => quote_into(text, &node.as_str().unwrap_or_default()),
                Kind::Object => {
                    text.push('{');
                    let start = rest.len();
                    for (at, (key, value)) in node.members().enumerate() {
                        if at > 0 {
                            rest.push(Rest::Text(","));
                        }
                        rest.extend([Rest::Key(key), Rest::Value(value)]);
                    }
                    rest.push(Rest::Text("}"));
                    rest[start..].reverse();
                }
                Kind::Array => {
                    text.push('[');
                    let start = rest.len();
                    for (at, value) in node.elements().enumerate() {
                        if at > 0 {
                            rest.push(Rest::Text(","));
                        }
                        rest.push(Rest::Value(value));
                    }
                    rest.push(Rest::Text("]"));
                    rest[start..].reverse();
                }
                _ => text.push_str(node.raw()),
            },
        }
    }
}

/// Returns a string as JSON writes it, with the fewest escapes.
pub fn quote(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    quote_into(&mut text, value);
    text
}

fn quote_into(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control < ' ' => {
                text.push_str(&format!("\\u{:04x}", control as u32));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    fn printed(text: &str) -> String {
        compact(Document::parse(text).unwrap().root().unwrap())
    }

    #[test]
    fn blanks_go_and_the_rest_stays() {
        assert_eq!(
            printed("{ \"b\" : [ 1.50 , true, {} ], \"a\": \"\\u0041\\n\\u0001\", \"b\": [] }"),
            "{\"b\":[1.50,true,{}],\"a\":\"A\\n\\u0001\",\"b\":[]}"
        );
        assert_eq!(printed(" 1E+2 "), "1E+2");
    }

    #[test]
    fn printing_what_was_printed_changes_nothing() {
        for text in [
            "[[],{\"\":null}]",
            "\"\\ud83d\\ude00\\\\\"",
            "{\"a\":{\"b\":[{}]}}",
        ] {
            assert_eq!(printed(&printed(text)), printed(text));
        }
    }
}
