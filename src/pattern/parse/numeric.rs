//! The operand of `numeric`.

use super::advice::numeric::range_meant;
use super::advice::shown;
use super::leaf::{LeafMistake, Parsed, TOO_MANY, mistake, token};
use crate::json::{Kind, Node};
use crate::pattern::operator::Operator;
use crate::pattern::operator::number::{Bound, Number, Range};

/// Reads the operand of `numeric`.
pub(crate) fn numeric(operand: Node<'_>) -> Parsed<Operator> {
    let form = || match range_meant(&[operand], false) {
        Some(range) => format!("write {range}"),
        None => "write [\"=\", 5], [\"<\", 5], [\">=\", 0] or [\">=\", 0, \"<\", 5]".to_owned(),
    };
    if operand.kind() != Kind::Array {
        return mistake("Value of numeric must be an array.", operand, form());
    }
    let mut items = operand.elements();
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
                "!=" | "<>" => {
                    let number = items.next().filter(|item| item.kind() == Kind::Number);
                    let number = number.map_or("5".to_owned(), shown);
                    format!("write {{\"anything-but\": {number}}} instead of numeric")
                }
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
        return mistake(TOO_MANY, next, form());
    }
    let Some(second) = next.as_str() else {
        return mistake(
            format!("Bad value in numeric range: {}", token(next)),
            next,
            form(),
        );
    };
    if !matches!(&*second, "<" | "<=") {
        let advice = match range_meant(&[operand], false) {
            Some(range) => format!("write {range}"),
            None => "after the lower end write \"<\" or \"<=\"".into(),
        };
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
    let lower = comparable(number)?;
    let upper = comparable(top)?;
    if lower.value() >= upper.value() {
        let (low, high) = (lower.shown(), upper.shown());
        let advice = if lower.value() == upper.value() {
            format!("for the number {low} alone write [\"=\", {low}]")
        } else {
            format!(
                "no number is {comparison} {low} and {second} {high}: for those between write \
                 [\"{comparison}\", {high}, \"{second}\", {low}], for those outside two elements, \
                 {{\"numeric\": [\"{comparison}\", {low}]}} and {{\"numeric\": [\"{second}\", {high}]}}"
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
    let number = comparable(number)?;
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
pub(crate) fn comparable(number: Node<'_>) -> Result<Number, LeafMistake> {
    let parsed = Number::new(number.raw());
    if parsed.value().is_some() {
        return Ok(parsed);
    }
    Err(LeafMistake {
        reason: format!("Cannot compare number : {}", number.raw()),
        offset: number.offset(),
        advice: match number.raw().parse::<f64>() {
            Ok(value) if value.is_infinite() => "numbers end at 1.7976931348623157e308".into(),
            Ok(0.0) => "nearer to 0 no number is told from 0".into(),
            _ => "write a number of at most 15 digits".into(),
        },
    })
}
