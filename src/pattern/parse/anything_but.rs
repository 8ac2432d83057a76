//! The operand of `anything-but`.

use super::advice::operator::{NOT_NULL, unsupported_inside_advice};
use super::advice::string_advice;
use super::leaf::{Parsed, TOO_MANY, mistake, wildcard_mistake};
use super::numeric::comparable;
use crate::json::{Kind, Node, quote};
use crate::pattern::operator::Excluded;
use crate::pattern::operator::fold::Folded;
use crate::pattern::operator::wildcard::Wildcard;

/// Reads the operand of `anything-but`.
pub(crate) fn excluded(operand: Node<'_>) -> Parsed<Excluded> {
    match operand.kind() {
        Kind::Object => excluded_by_operator(operand),
        Kind::String => Ok(Some(Excluded::Texts(vec![
            operand.as_str().unwrap_or_default().into_owned(),
        ]))),
        Kind::Number => Ok(Some(Excluded::Numbers(vec![comparable(operand)?]))),
        Kind::Array => excluded_list(operand),
        kind => {
            let advice = match kind {
                Kind::True => {
                    "anything-but takes strings or numbers; for the other boolean write [false]"
                }
                Kind::False => {
                    "anything-but takes strings or numbers; for the other boolean write [true]"
                }
                _ => NOT_NULL,
            };
            mistake(ANYTHING_BUT, operand, advice.into())
        }
    }
}

const ANYTHING_BUT: &str = "Value of anything-but must be an array or single string/number value.";

fn excluded_list(list: Node<'_>) -> Parsed<Excluded> {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for item in list.elements() {
        match item.kind() {
            Kind::String => texts.push(item.as_str().unwrap_or_default().into_owned()),
            Kind::Number => numbers.push(comparable(item)?),
            kind => {
                let advice = match kind {
                    Kind::Object if list.elements().all(|item| item.kind() == Kind::Object) => {
                        let all = list.elements();
                        together_advice(all.flat_map(|item| item.members().collect::<Vec<_>>()))
                    }
                    Kind::Object => ONE_OPERATOR.into(),
                    Kind::Array => "take the inner brackets away".into(),
                    _ => "list strings or numbers only".into(),
                };
                return mistake(
                    "Inside anything but list, start|null|boolean is not supported.",
                    item,
                    advice,
                );
            }
        }
    }
    if !list.is_closed() {
        return Ok(None);
    }
    match (texts.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(Some(Excluded::Texts(texts))),
        (true, false) => Ok(Some(Excluded::Numbers(numbers))),
        (empty, _) => {
            let advice = if empty {
                "list what is not wanted, or write {\"exists\": true} for any value"
            } else {
                "list strings only or numbers only"
            };
            mistake(
                "Inside anything but list, either all values are number or string, mixed type is not supported",
                list,
                advice.into(),
            )
        }
    }
}

/// What to write where one object with one operator is wanted.
const ONE_OPERATOR: &str = "anything-but takes strings, numbers, or one object with one operator: \
     {\"anything-but\": {\"prefix\": [\"a\", \"b\"]}}";

/// What to write for several operators of anything-but: the one that says the same,
/// a list of one kind or of wildcards, where there is one that is short enough to read.
fn together_advice<'d>(operators: impl Iterator<Item = (Node<'d>, Node<'d>)>) -> String {
    let together = together(operators).filter(|text| text.chars().count() <= 200);
    together.map_or_else(
        || ONE_OPERATOR.to_owned(),
        |operator| format!("write {{\"anything-but\": {operator}}}"),
    )
}

/// One operator for several of `anything-but`; none if no one says the same.
pub(crate) fn together<'d>(
    operators: impl Iterator<Item = (Node<'d>, Node<'d>)>,
) -> Option<String> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for (key, operand) in operators {
        let name = key.as_str()?.into_owned();
        match operand.kind() {
            Kind::Array => {
                for item in operand.elements() {
                    texts.push((name.clone(), item.as_str()?.into_owned()));
                }
            }
            _ => texts.push((name, operand.as_str()?.into_owned())),
        }
    }
    let (same, _) = texts.first()?;
    let known = matches!(
        same.as_str(),
        "prefix" | "suffix" | "wildcard" | "equals-ignore-case"
    );
    if known && texts.iter().all(|(name, _)| name == same) {
        let list: Vec<String> = texts.iter().map(|(_, text)| quote(text)).collect();
        return Some(format!("{{\"{same}\": [{}]}}", list.join(", ")));
    }
    let star = |(name, text): &(String, String)| match name.as_str() {
        "prefix" => Some(quote(&format!("{}*", Wildcard::escaped(text)))),
        "suffix" => Some(quote(&format!("*{}", Wildcard::escaped(text)))),
        "wildcard" => Some(quote(text)),
        // No wildcard folds case.
        _ => None,
    };
    let stars: Vec<String> = texts.iter().map(star).collect::<Option<_>>()?;
    Some(format!("{{\"wildcard\": [{}]}}", stars.join(", ")))
}

fn excluded_by_operator(object: Node<'_>) -> Parsed<Excluded> {
    let mut members = object.members();
    let Some((key, operand)) = members.next() else {
        if !object.is_closed() {
            return Ok(None);
        }
        let advice = "write what is not wanted: \"anything-but\": \"text\"".into();
        return mistake("Anything-But expression name not found", object, advice);
    };
    let name = key.as_str().unwrap_or_default();
    if !matches!(
        &*name,
        "prefix" | "suffix" | "equals-ignore-case" | "wildcard"
    ) {
        let advice = unsupported_inside_advice(&name, operand);
        return mistake(
            format!("Unsupported anything-but pattern: {name}"),
            key,
            advice,
        );
    }
    if !matches!(operand.kind(), Kind::Array | Kind::String | Kind::Number) {
        let advice = format!("write \"{name}\": \"text\" or \"{name}\": [\"text\", …]");
        return mistake(ANYTHING_BUT, operand, advice);
    }
    let Some(items) = excluded_texts(&name, operand)? else {
        return Ok(None);
    };
    if let Some((second, _)) = members.next() {
        let advice = together_advice(object.members());
        return mistake(TOO_MANY, second, advice);
    }
    if !object.is_closed() {
        return Ok(None);
    }
    let texts = items.iter().map(|(text, _)| text.clone());
    Ok(Some(match &*name {
        "prefix" => Excluded::Prefixes(texts.collect()),
        "suffix" => Excluded::Suffixes(texts.collect()),
        "equals-ignore-case" => {
            Excluded::IgnoreCase(texts.map(|text| Folded::new(&text)).collect())
        }
        _ => {
            let mut wildcards = Vec::new();
            for (text, item) in items {
                match Wildcard::parse(&text) {
                    Ok(wildcard) => wildcards.push(wildcard),
                    Err(error) => return wildcard_mistake(&error, item),
                }
            }
            Excluded::Wildcards(wildcards)
        }
    }))
}

/// The strings of an operator inside anything-but: one, or a list of them.
fn excluded_texts<'d>(name: &str, operand: Node<'d>) -> Parsed<Vec<(String, Node<'d>)>> {
    let items: Vec<Node<'d>> = match operand.kind() {
        Kind::Array => operand.elements().collect(),
        _ => vec![operand],
    };
    let ends = matches!(name, "prefix" | "suffix");
    let mut texts = Vec::new();
    for item in items {
        let Some(text) = item.as_str() else {
            let reason = match name {
                "equals-ignore-case" => {
                    "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
                }
                "wildcard" => "wildcard match pattern must be a string",
                _ => "prefix/suffix match pattern must be a string",
            };
            let advice = match item.kind() {
                Kind::Array => "take the inner brackets away".to_owned(),
                _ => string_advice(item, str::to_owned),
            };
            return mistake(reason, item, advice);
        };
        if ends && text.is_empty() {
            let advice = format!("write a {name} of at least one character");
            return mistake("Null prefix/suffix not allowed", item, advice);
        }
        texts.push((text.into_owned(), item));
    }
    if !operand.is_closed() {
        return Ok(None);
    }
    if texts.is_empty() {
        let advice = format!("list what is not wanted: \"{name}\": [\"text\"]");
        return mistake("Empty arrays are not allowed", operand, advice);
    }
    Ok(Some(texts))
}

#[cfg(test)]
mod tests {
    use super::ONE_OPERATOR;
    use crate::pattern::Pattern;

    /// The advice on `anything-but` with two objects, each a prefix of this length.
    fn advice(length: usize) -> String {
        let text = "a".repeat(length);
        let pattern = format!(
            "{{\"p\":[{{\"anything-but\":[{{\"prefix\":\"{text}\"}},{{\"prefix\":\"b\"}}]}}]}}"
        );
        let errors = Pattern::parse(&pattern).unwrap_err();
        errors.first().advice.clone().unwrap()
    }

    #[test]
    fn what_is_too_long_to_be_read_is_told_in_general() {
        // {"prefix": ["a…", "b"]} is 21 characters and the text.
        let longest = advice(179);
        assert!(
            longest.starts_with("write {\"anything-but\": {\"prefix\": [\"aaa"),
            "{longest}"
        );
        assert_eq!(advice(180), ONE_OPERATOR);
    }
}
