//! One element of a field's list: literal or operator, or what is wrong with it.

use super::address::{Cidr, parse_address};
use super::fold::Folded;
use super::number::{Bound, Number, Range};
use super::operator::{Excluded, Operator};
use super::wildcard::Wildcard;
use crate::json::{Document, Kind, Node};

/// A mistake inside a list; the field is known to the caller.
pub(crate) struct LeafMistake {
    pub reason: String,
    pub offset: usize,
    pub advice: String,
}

/// None where the text breaks off inside the element: that is told elsewhere.
type Parsed<T> = Result<Option<T>, LeafMistake>;

const ONE_KEY: &str = "Only one key allowed in match expression";
const TOO_MANY: &str = "Too many elements in numeric expression";

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

/// What to write for a field whose value stands without brackets.
pub(crate) fn bare_value_advice(name: &str, value: Node<'_>) -> String {
    let raw = shown(value);
    if matches!(
        name,
        "prefix"
            | "suffix"
            | "wildcard"
            | "equals-ignore-case"
            | "exists"
            | "cidr"
            | "anything-but"
            | "numeric"
    ) {
        return format!(
            "an operator stands in a list: write [{{\"{name}\": {raw}}}] as the field's value"
        );
    }
    format!("write [{raw}] instead of {raw}")
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
        "exactly" => (
            text(operand, "exact").map(|text| text.map(Operator::Exactly)),
            ONE_KEY,
        ),
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
            text(operand, "equals-ignore-case")
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
                format!("Unrecognized match type {other}"),
                key,
                unknown_operator_advice(other, operand),
            );
        }
    };
    let Some(parsed) = parsed? else {
        return Ok(None);
    };
    if let Some((second, _)) = members.next() {
        let advice =
            "write each operator as an object of its own, [{…}, {…}]: any of them may match".into();
        return mistake(extra, second, advice);
    }
    Ok(object.is_closed().then_some(parsed))
}

/// A string operand.
fn text(operand: Node<'_>, name: &str) -> Parsed<String> {
    match operand.as_str() {
        Some(text) => Ok(Some(text.into_owned())),
        None => {
            let reason = format!("{name} match pattern must be a string");
            mistake(reason, operand, string_advice(operand))
        }
    }
}

/// `prefix` or `suffix`: a string, or one with `equals-ignore-case`.
fn end(
    operand: Node<'_>,
    name: &str,
    plain: fn(String) -> Operator,
    folded: fn(Folded) -> Operator,
) -> Parsed<Operator> {
    if operand.kind() != Kind::Object {
        return Ok(text(operand, name)?.map(plain));
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
    let Some(text) = text(inner, "equals-ignore-case")? else {
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
    let Some(text) = text(operand, "wildcard")? else {
        return Ok(None);
    };
    Wildcard::parse(&text)
        .map(Some)
        .or_else(|error| wildcard_mistake(&error, operand))
}

fn wildcard_mistake<T>(error: &super::wildcard::WildcardError, operand: Node<'_>) -> Parsed<T> {
    let advice = match error {
        super::wildcard::WildcardError::Consecutive(_) => {
            "write one *: it stands for any run of characters"
        }
        super::wildcard::WildcardError::Escape(_) => {
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
            "write a range in one string: \"10.0.0.0/24\"; several are several objects, [{\"cidr\": …}, {\"cidr\": …}]".into(),
        );
    };
    match Cidr::parse(&text) {
        Ok(cidr) => Ok(Some(Operator::Cidr(cidr))),
        Err(error) => {
            use super::address::CidrError;
            let address = text.split('/').next().unwrap_or_default();
            let advice = match error {
                CidrError::Slash if parse_address(address).is_some() && !text.contains('/') => {
                    format!("for this one address write \"{address}\" without cidr")
                }
                CidrError::Bits4 | CidrError::Bits6
                    if text.ends_with("/32") || text.ends_with("/128") =>
                {
                    format!("for this one address write \"{address}\" without cidr")
                }
                CidrError::Bits4 => "write 0 to 31 bits".into(),
                CidrError::Bits6 => "write 0 to 127 bits".into(),
                _ => "write an address and a number of bits: \"10.0.0.0/24\" or \"2001:db8::/32\""
                    .into(),
            };
            mistake(error.to_string(), operand, advice)
        }
    }
}

fn exists(operand: Node<'_>) -> Parsed<Operator> {
    match operand.as_bool() {
        Some(wanted) => Ok(Some(Operator::Exists(wanted))),
        None => {
            let advice = match operand.as_str().as_deref() {
                Some(word @ ("true" | "false")) => format!("write {word} without quotes"),
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

fn numeric(operand: Node<'_>) -> Parsed<Operator> {
    if operand.kind() != Kind::Array {
        let advice =
            "write a comparison and a number in a list: [\">\", 5] or [\">=\", 0, \"<\", 5]".into();
        return mistake("Value of numeric must be an array.", operand, advice);
    }
    let mut items = operand.elements();
    let form = || "write [\"=\", 5], [\"<\", 5], [\">=\", 0] or [\">=\", 0, \"<\", 5]".to_owned();
    // The token where an item is missing: the closing bracket, or nothing if the text ends.
    let Some(first) = items.next() else {
        return if operand.is_closed() {
            mistake("Invalid member in numeric match: ]", operand, form())
        } else {
            Ok(None)
        };
    };
    let Some(comparison) = first.as_str() else {
        return mistake(
            format!("Invalid member in numeric match: {}", token(first)),
            first,
            form(),
        );
    };
    let label = match &*comparison {
        "=" => "equals",
        "<" | "<=" | ">" | ">=" => &*comparison,
        other => {
            let advice = match other {
                "==" => "write \"=\"".into(),
                "!=" | "<>" => "write {\"anything-but\": number} instead".into(),
                "=>" => "write \">=\"".into(),
                "=<" => "write \"<=\"".into(),
                _ => form(),
            };
            return mistake(
                format!("Unrecognized numeric range operator: {other}"),
                first,
                advice,
            );
        }
    };
    let Some(number) = comparable_item(items.next(), operand, label)? else {
        return Ok(None);
    };
    let Some(next) = items.next() else {
        return single(&comparison, number, operand);
    };
    if !comparison.starts_with('>') {
        let advice = if comparison == "=" {
            "write [\"=\", number] alone"
        } else {
            "write the lower end first: [\">=\", 0, \"<\", 5]"
        };
        return mistake(TOO_MANY, next, advice.into());
    }
    let Some(second) = next.as_str() else {
        return mistake(
            format!("Bad value in numeric range: {}", token(next)),
            next,
            form(),
        );
    };
    if !matches!(&*second, "<" | "<=") {
        let advice = "after the lower end write \"<\" or \"<=\"".into();
        return mistake(
            format!("Bad numeric range operator: {second}"),
            next,
            advice,
        );
    }
    let Some(top) = comparable_item(items.next(), operand, &second)? else {
        return Ok(None);
    };
    if let Some(extra) = items.next() {
        return mistake("Too many terms in numeric range expression", extra, form());
    }
    if !operand.is_closed() {
        return Ok(None);
    }
    let lower = comparable(number, operand)?;
    let upper = comparable(top, operand)?;
    if lower.value() >= upper.value() {
        let advice = if lower.value() == upper.value() && comparison == ">=" && second == "<=" {
            format!("write [\"=\", {}]", lower.text())
        } else {
            format!(
                "no number lies between {} and {}: write the smaller one first",
                lower.text(),
                upper.text()
            )
        };
        return mistake("Bottom must be less than top", operand, advice);
    }
    Ok(Some(Operator::Numeric(Range {
        lower: Some(Bound {
            number: lower,
            inclusive: comparison == ">=",
        }),
        upper: Some(Bound {
            number: upper,
            inclusive: second == "<=",
        }),
    })))
}

/// The number that must follow a comparison.
fn comparable_item<'d>(item: Option<Node<'d>>, list: Node<'d>, label: &str) -> Parsed<Node<'d>> {
    match item {
        Some(item) if item.kind() == Kind::Number => Ok(Some(item)),
        None if !list.is_closed() => Ok(None),
        other => {
            let advice = match other.and_then(|item| item.as_str()) {
                Some(text) if crate::json::Decimal::parse(&text).is_some() => {
                    format!("write {text} without quotes")
                }
                _ => "write a number after the comparison".into(),
            };
            mistake(
                format!("Value of {label} must be numeric"),
                other.unwrap_or(list),
                advice,
            )
        }
    }
}

fn single(comparison: &str, number: Node<'_>, list: Node<'_>) -> Parsed<Operator> {
    if !list.is_closed() {
        return Ok(None);
    }
    let number = comparable(number, list)?;
    if comparison == "=" {
        return Ok(Some(Operator::NumericEquals(number)));
    }
    let bound = Some(Bound {
        number,
        inclusive: comparison.ends_with('='),
    });
    let range = if comparison.starts_with('>') {
        Range {
            lower: bound,
            upper: None,
        }
    } else {
        Range {
            lower: None,
            upper: bound,
        }
    };
    Ok(Some(Operator::Numeric(range)))
}

/// A number that survives a round trip through binary64.
fn comparable(number: Node<'_>, place: Node<'_>) -> Result<Number, LeafMistake> {
    let parsed = Number::new(number.raw());
    if parsed.value().is_some() {
        return Ok(parsed);
    }
    let _ = place;
    Err(LeafMistake {
        reason: format!("Cannot compare number : {}", number.raw()),
        offset: number.offset(),
        advice: "write a number of at most 15 digits".into(),
    })
}

fn excluded(operand: Node<'_>) -> Parsed<Excluded> {
    match operand.kind() {
        Kind::Object => excluded_by_operator(operand),
        Kind::String => Ok(Some(Excluded::Texts(vec![
            operand.as_str().unwrap_or_default().into_owned(),
        ]))),
        Kind::Number => Ok(Some(Excluded::Numbers(vec![comparable(operand, operand)?]))),
        Kind::Array => excluded_list(operand),
        kind => {
            let advice = match kind {
                Kind::Null => "anything-but takes strings or numbers; null cannot be excluded",
                _ => "anything-but takes strings or numbers; for a boolean write [true] or [false]",
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
            Kind::Number => numbers.push(comparable(item, list)?),
            kind => {
                let advice = match kind {
                    Kind::Object => format!(
                        "write the operator without brackets: \"anything-but\": {}",
                        shown(item)
                    ),
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
        let advice =
            "inside anything-but stand prefix, suffix, equals-ignore-case and wildcard".into();
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
        let advice =
            "write one operator; for a second one add another field with anything-but".into();
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
            return mistake(reason, item, string_advice(item));
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

fn string_advice(operand: Node<'_>) -> String {
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

fn unknown_operator_advice(name: &str, operand: Node<'_>) -> String {
    const KNOWN: [&str; 9] = [
        "prefix",
        "suffix",
        "wildcard",
        "equals-ignore-case",
        "anything-but",
        "numeric",
        "exists",
        "cidr",
        "exactly",
    ];
    let plain = name.to_ascii_lowercase().replace('_', "-");
    let meant = match plain.as_str() {
        "contains" => return "write {\"wildcard\": \"*text*\"}".into(),
        "starts-with" | "startswith" => "prefix",
        "ends-with" | "endswith" => "suffix",
        "equals" | "equal" | "eq" => return "write the value alone: [\"text\"]".into(),
        "not" | "not-in" | "anythingbut" | "anything-but-prefix" | "ne" => "anything-but",
        "exist" => "exists",
        "regex" | "match" | "like" => return "there are no regular expressions; write {\"wildcard\": \"a*b\"}, prefix or suffix".into(),
        ">" | ">=" | "<" | "<=" | "=" => return format!("write {{\"numeric\": [\"{name}\", 5]}}"),
        "$or" => return "$or stands beside fields, not in a field's list; several values in one list mean or already".into(),
        other => match KNOWN.iter().find(|known| super::names::is_near(known, other)) {
            Some(known) => known,
            None if matches!(operand.kind(), Kind::Array | Kind::Object) => {
                return format!("for a field \"{name}\" take the brackets around the object away; operators are {}", KNOWN.join(", "));
            }
            None => return format!("operators are {}", KNOWN.join(", ")),
        },
    };
    format!("write \"{meant}\"")
}

/// A value's text, short enough to be repeated in advice.
fn shown(value: Node<'_>) -> String {
    let compact = Document::parse(value.raw())
        .ok()
        .and_then(|document| document.root().map(crate::json::compact));
    let text = compact.unwrap_or_else(|| value.raw().to_owned());
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(59).chain(['…']).collect()
}

/// The token at which Jackson stands, as it prints it.
fn token(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Object => "{".into(),
        Kind::Array => "[".into(),
        Kind::String => node.as_str().unwrap_or_default().into_owned(),
        _ => node.raw().to_owned(),
    }
}

fn mistake<T>(reason: impl Into<String>, node: Node<'_>, advice: String) -> Parsed<T> {
    Err(LeafMistake {
        reason: reason.into(),
        offset: node.offset(),
        advice,
    })
}
