//! One element of a field's list: literal or operator, or what is wrong with it.

use super::advice::operator::unknown_operator_advice;
use super::advice::{
    cidr_advice, cidr_operand_advice, object, second_operator_advice, shown, string_advice,
};
use super::anything_but::excluded;
use super::numeric::numeric;
use crate::json::{Document, Kind, Node};
use crate::pattern::operator::Operator;
use crate::pattern::operator::address::{Cidr, parse_address};
use crate::pattern::operator::fold::Folded;
use crate::pattern::operator::number::Number;
use crate::pattern::operator::wildcard::{Wildcard, WildcardError};

/// A mistake inside a list; the field is known to the caller.
pub(crate) struct LeafMistake {
    pub reason: String,
    pub offset: usize,
    pub advice: String,
}

/// None where the text breaks off inside the element: that is told elsewhere.
pub(crate) type Parsed<T> = Result<Option<T>, LeafMistake>;

/// The sentence for a second operator in one object.
const ONE_KEY: &str = "Only one key allowed in match expression";
/// How AWS begins its sentence about an operator that there is not.
pub(crate) const NO_OPERATOR: &str = "Unrecognized match type";
pub(crate) const TOO_MANY: &str = "Too many elements in numeric expression";

/// Reads one element of a field's list.
pub(crate) fn parse(element: Node<'_>) -> Parsed<Operator> {
    Ok(Some(match element.kind() {
        Kind::String => {
            let text = element.as_str().unwrap_or_default().into_owned();
            match parse_address(&text) {
                Some(address) => Operator::Address(text, address),
                None => Operator::Text(text),
            }
        }
        Kind::Number => Operator::Number(Number::new(element.raw())),
        Kind::True => Operator::True,
        Kind::False => Operator::False,
        Kind::Null => Operator::Null,
        Kind::Object => return operator(element),
        Kind::Array => {
            return mistake(
                "Match value must be String, number, true, false, or null",
                element,
                "take the inner brackets away: a field has one list".into(),
            );
        }
    }))
}

/// Returns whether a text is an element with an operator.
pub(crate) fn is_operator(text: &str) -> bool {
    operator_advice(text).is_none()
}

/// What to write instead of a text that is no element with an operator.
pub(crate) fn operator_advice(text: &str) -> Option<String> {
    let document = Document::parse(text).ok();
    let element = document.as_ref().and_then(Document::root);
    match element.map(parse) {
        Some(Ok(Some(_))) => None,
        Some(Err(mistake)) => Some(mistake.advice),
        _ => Some(String::new()),
    }
}

fn operator(object: Node<'_>) -> Parsed<Operator> {
    let mut members = object.members();
    let Some((key, operand)) = members.next() else {
        if !object.is_closed() {
            return Ok(None);
        }
        let advice = "write an operator in it, as {\"prefix\": \"text\"}, or take it away".into();
        return mistake("Match expression name not found", object, advice);
    };
    let name = key.as_str().unwrap_or_default();
    let (parsed, extra) = match &*name {
        "exactly" => (exactly(operand), ONE_KEY),
        "prefix" => (
            end(
                operand,
                "prefix",
                Operator::Prefix,
                Operator::PrefixIgnoreCase,
            ),
            ONE_KEY,
        ),
        "suffix" => (
            end(
                operand,
                "suffix",
                Operator::Suffix,
                Operator::SuffixIgnoreCase,
            ),
            ONE_KEY,
        ),
        "equals-ignore-case" => (
            text(operand, "equals-ignore-case", each("equals-ignore-case"))
                .map(|text| text.map(|text| Operator::EqualsIgnoreCase(Folded::new(&text)))),
            ONE_KEY,
        ),
        "wildcard" => (
            wildcard(operand).map(|wildcard| wildcard.map(Operator::Wildcard)),
            ONE_KEY,
        ),
        "cidr" => (cidr(operand), ONE_KEY),
        "exists" => (exists(operand), ONE_KEY),
        "numeric" => (numeric(operand), TOO_MANY),
        "anything-but" => (
            excluded(operand).map(|excluded| excluded.map(Operator::AnythingBut)),
            TOO_MANY,
        ),
        other => {
            return mistake(
                format!("{NO_OPERATOR} {other}"),
                key,
                unknown_operator_advice(other, operand),
            );
        }
    };
    let Some(parsed) = parsed? else {
        return Ok(None);
    };
    if let Some((second, other)) = members.next() {
        return mistake(
            extra,
            second,
            second_operator_advice((key, operand), (second, other)),
        );
    }
    Ok(object.is_closed().then_some(parsed))
}

/// Writes an operator with an operand.
fn each(name: &str) -> impl Fn(&str) -> String {
    move |text| object(name, text)
}

/// A string operand; `each` writes the operator with one.
fn text(operand: Node<'_>, name: &str, each: impl Fn(&str) -> String) -> Parsed<String> {
    match operand.as_str() {
        Some(text) => Ok(Some(text.into_owned())),
        None => {
            let reason = format!("{name} match pattern must be a string");
            mistake(reason, operand, string_advice(operand, each))
        }
    }
}

fn exactly(operand: Node<'_>) -> Parsed<Operator> {
    let exactly = text(operand, "exact", each("exactly"));
    exactly
        .map(|text| text.map(Operator::Exactly))
        .map_err(|mistake| match operand.kind() {
            Kind::Number => LeafMistake {
                advice: format!(
                    "{}; for the number itself write [{}]",
                    mistake.advice,
                    shown(operand)
                ),
                ..mistake
            },
            _ => mistake,
        })
}

/// `prefix` or `suffix`: a string, or one with `equals-ignore-case`.
fn end(
    operand: Node<'_>,
    name: &str,
    plain: fn(String) -> Operator,
    folded: fn(Folded) -> Operator,
) -> Parsed<Operator> {
    if operand.kind() != Kind::Object {
        return Ok(text(operand, name, each(name))?.map(plain));
    }
    let mut members = operand.members();
    let Some((key, inner)) = members.next() else {
        if !operand.is_closed() {
            return Ok(None);
        }
        let capital = if name == "prefix" { "Prefix" } else { "Suffix" };
        let advice = format!("write \"{name}\": \"text\"");
        return mistake(
            format!("{capital} expression name not found"),
            operand,
            advice,
        );
    };
    let operator = key.as_str().unwrap_or_default();
    if operator != "equals-ignore-case" {
        let advice = format!("inside {name} only equals-ignore-case may stand");
        return mistake(
            format!("Unsupported {name} pattern: {operator}"),
            key,
            advice,
        );
    }
    let each = |text: &str| object(name, &object("equals-ignore-case", text));
    let Some(text) = text(inner, "equals-ignore-case", each)? else {
        return Ok(None);
    };
    if let Some((second, _)) = members.next() {
        return mistake(
            ONE_KEY,
            second,
            format!("inside {name} only equals-ignore-case may stand"),
        );
    }
    Ok(operand.is_closed().then(|| folded(Folded::new(&text))))
}

fn wildcard(operand: Node<'_>) -> Parsed<Wildcard> {
    let Some(text) = text(operand, "wildcard", each("wildcard"))? else {
        return Ok(None);
    };
    Wildcard::parse(&text)
        .map(Some)
        .or_else(|error| wildcard_mistake(&error, operand))
}

pub(crate) fn wildcard_mistake<T>(error: &WildcardError, operand: Node<'_>) -> Parsed<T> {
    let advice = match error {
        WildcardError::Consecutive(_) => "write one *: it stands for any run of characters",
        WildcardError::Escape(_) => {
            "a backslash goes before * or \\ only: in JSON text \\\\* is a literal star, \\\\\\\\ a literal backslash"
        }
    };
    mistake(error.to_string(), operand, advice.into())
}

fn cidr(operand: Node<'_>) -> Parsed<Operator> {
    let Some(text) = operand.as_str() else {
        return mistake(
            "prefix match pattern must be a string",
            operand,
            cidr_operand_advice(operand),
        );
    };
    match Cidr::parse(&text) {
        Ok(cidr) => Ok(Some(Operator::Cidr(cidr))),
        Err(error) => {
            let advice = cidr_advice(&text, &error);
            mistake(error.to_string(), operand, advice)
        }
    }
}

fn exists(operand: Node<'_>) -> Parsed<Operator> {
    match operand.as_bool() {
        Some(wanted) => Ok(Some(Operator::Exists(wanted))),
        None => {
            let only = operand.elements().next().unwrap_or(operand);
            let advice = match (only.as_str().as_deref(), only.as_bool()) {
                (Some(word @ ("true" | "false")), _) => format!("write {word} without quotes"),
                (_, Some(wanted)) => format!("write {wanted} without brackets"),
                _ => "write true or false".into(),
            };
            mistake(
                "exists match pattern must be either true or false.",
                operand,
                advice,
            )
        }
    }
}

/// The token at which Jackson stands, as it prints it.
pub(crate) fn token(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Object => "{".into(),
        Kind::Array => "[".into(),
        Kind::String => node.as_str().unwrap_or_default().into_owned(),
        _ => node.raw().to_owned(),
    }
}

pub(crate) fn mistake<T>(reason: impl Into<String>, node: Node<'_>, advice: String) -> Parsed<T> {
    Err(LeafMistake {
        reason: reason.into(),
        offset: node.offset(),
        advice,
    })
}
