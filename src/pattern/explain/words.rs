//! The words of an explanation's rows.

use super::Row;
use super::near::{EXCLUDED, compare};
use super::spot::{Spot, look, path_of, shown};
use super::table::cut_end;
use crate::json::Kind;
use crate::pattern::ast::{Field, Leaf, Parts};
use crate::pattern::bounds;
use crate::pattern::operator::{self, Excluded, Operator, Value};
use crate::pattern::values::{Found, NONE, Values};

/// How much of a value a row keeps, and of a literal in words.
const VALUE: usize = 200;
const LITERAL: usize = 40;

/// Values and list elements that are looked at for the nearest pair.
const LOOKED_AT: usize = 100;

/// A branch of an `$or`.
pub(super) fn branch(matches: bool, others: usize) -> String {
    let plural = if others == 1 { "other" } else { "others" };
    if matches {
        format!("this branch matches; {others} {plural} not needed")
    } else {
        format!("the closest branch; {others} {plural} came less close")
    }
}

/// A field that holds with a value.
pub(super) fn holds(field: &Field, values: &Values<'_>, found: Found) -> Row {
    let value = values.value(found);
    let leaf = field
        .leaves
        .iter()
        .find(|leaf| leaf.operator.accepts(&value));
    let words = match leaf.map(|leaf| &leaf.operator) {
        Some(Operator::Exists(_)) => "is there, as wanted".to_owned(),
        Some(operator) => format!("matches {}", wish(operator)),
        None => String::new(),
    };
    row(
        path_of(values.event(), found.index as usize),
        value.json(),
        words,
        true,
    )
}

/// A field that holds by being absent.
pub(super) fn absent_as_wanted(parts: &Parts, field: &Field) -> Row {
    row(
        parts.places.names(field.place),
        absent(),
        "is absent, as wanted".to_owned(),
        true,
    )
}

/// A field that does not count, since a later one of the same path does.
pub(super) fn replaced(parts: &Parts, field: &Field) -> Row {
    let words = "does not count: a later field of the same path replaces it".to_owned();
    row(parts.places.names(field.place), String::new(), words, true)
}

/// A field that holds in another array element than the others.
pub(super) fn elsewhere(field: &Field, values: &Values<'_>, own: Found, other: Option<u32>) -> Row {
    let value = values.value(own);
    let path = path_of(values.event(), own.index as usize);
    let element = other.and_then(|other| values.elements.get(other as usize));
    let words = match element {
        Some(element) => {
            let place = path_of(values.event(), element.index as usize);
            format!(
                "matches, but in another array element than the other fields ({})",
                cut_end(&place, LITERAL)
            )
        }
        None => format!(
            "wants {} in the same array element as the other fields",
            wishes(&field.leaves, None)
        ),
    };
    row(path, value.json(), words, false)
}

/// A field that must be absent and is not; `chosen` if other fields are in an
/// array element around the value.
pub(super) fn present(values: &Values<'_>, found: Found, chosen: bool) -> Row {
    let mut words = "must be absent (exists is false)".to_owned();
    if chosen {
        words.push_str(" in the array element of the other fields");
    } else if found.element != NONE {
        words.push_str(
            "; all array elements count, since no field before it in path order has chosen one",
        );
    }
    row(
        path_of(values.event(), found.index as usize),
        values.value(found).json(),
        words,
        false,
    )
}

/// A field that holds nowhere.
pub(super) fn fails(parts: &Parts, field: &Field, values: &Values<'_>) -> Row {
    let all = values.at(field.slot);
    if all.is_empty() {
        return missing(parts, field, values);
    }
    let only_absence = field
        .leaves
        .iter()
        .all(|leaf| matches!(leaf.operator, Operator::Exists(false)));
    // One that lies in no array element is there whatever the others choose.
    let always = all.iter().find(|found| found.element == NONE);
    if let Some(found) = always.or(all.first()).filter(|_| only_absence) {
        return present(values, *found, false);
    }
    let looked_at = all.iter().take(LOOKED_AT);
    let judged = looked_at.map(|found| (*found, judge(&field.leaves, &values.value(*found))));
    let Some((found, judgement)) = judged.min_by_key(|(_, judgement)| judgement.distance) else {
        return missing(parts, field, values);
    };
    let mut words = judgement.words;
    if all.len() > 1 {
        words.push_str(&format!("; none of the {} values there matches", all.len()));
    }
    row(
        path_of(values.event(), found.index as usize),
        values.value(found).json(),
        words,
        false,
    )
}

/// A field that the event does not have.
fn missing(parts: &Parts, field: &Field, values: &Values<'_>) -> Row {
    let names = parts.paths.parts(field.path);
    let wants = wishes(&field.leaves, None);
    let mut value = absent();
    let why = match look(values.event(), &names) {
        Spot::Object => {
            value = shown(values.event(), &names);
            "the event has an object, which is no value itself".to_owned()
        }
        Spot::EmptyArray => {
            value = shown(values.event(), &names);
            "the event has an array without values".to_owned()
        }
        Spot::Missing {
            meant: Some(meant), ..
        } => {
            format!("the event has {}: did you mean that?", literal(&meant))
        }
        Spot::Missing {
            elsewhere: Some(place),
            ..
        } => {
            format!("the event has it at {}", cut_end(&place, LITERAL))
        }
        Spot::Missing { .. } => "the event has no such field".to_owned(),
        Spot::Scalar {
            path,
            kind: Kind::String,
        } if path == "detail" => {
            "detail is a string, and text inside a string is not looked into".to_owned()
        }
        Spot::Scalar { path, kind } => {
            let place = cut_end(&path, LITERAL);
            match parts.paths.parts(field.path).last() {
                Some(name) if operator::NAMES.contains(name) => format!(
                    "{place} is {}; an operator stands in a list, [{{\"{name}\": …}}]",
                    kind.name()
                ),
                _ => format!("{place} is {}, not an object", kind.name()),
            }
        }
    };
    row(
        parts.places.names(field.place),
        value,
        format!("wants {wants}; {why}"),
        false,
    )
}

/// How far a value is from what a list wants.
struct Judgement {
    distance: u8,
    words: String,
}

/// Compares a value that no element accepts with each of them; the nearest speaks.
fn judge(leaves: &[Leaf], value: &Value<'_>) -> Judgement {
    let nearest = leaves
        .iter()
        .take(LOOKED_AT)
        .enumerate()
        .filter_map(|(number, leaf)| {
            compare(&leaf.operator, value).map(|(distance, why)| (distance, number, why))
        })
        .min_by_key(|(distance, number, _)| (*distance, *number));
    match nearest {
        Some((distance, number, why)) if distance == EXCLUDED => Judgement {
            distance,
            words: format!("{why}{}", wish(&leaves[number].operator)),
        },
        Some((distance, number, why)) => Judgement {
            distance,
            words: format!("wants {}; {why}", wishes(leaves, Some(number))),
        },
        None if leaves.iter().all(|leaf| {
            wanted_type(&leaf.operator).is_some_and(|wanted| !wanted.contains(&value.type_name()))
        }) =>
        {
            Judgement {
                distance: 5,
                words: format!(
                    "wants {}; the event has {}",
                    wishes(leaves, None),
                    value.type_name()
                ),
            }
        }
        None => Judgement {
            distance: 6,
            words: format!("wants {}", wishes(leaves, None)),
        },
    }
}

/// The types that an operator can accept; none if it accepts all.
fn wanted_type(operator: &Operator) -> Option<&'static [&'static str]> {
    match operator {
        Operator::Number(_) | Operator::Numeric(_) | Operator::NumericEquals(_) => {
            Some(&["a number"])
        }
        Operator::True | Operator::False => Some(&["a boolean"]),
        Operator::Null => Some(&["null"]),
        Operator::AnythingBut(_) | Operator::Exists(_) => None,
        _ => Some(&["a string"]),
    }
}

/// What a list wants, the nearest element first: `"a", "b" or 3 others`.
fn wishes(leaves: &[Leaf], nearest: Option<usize>) -> String {
    const NAMED: usize = 3;
    let mut order: Vec<usize> = (0..leaves.len()).collect();
    if let Some(nearest) = nearest.filter(|nearest| *nearest >= NAMED) {
        order.remove(nearest);
        order.insert(0, nearest);
    }
    let mut named: Vec<String> = order
        .iter()
        .take(NAMED)
        .map(|at| wish(&leaves[*at].operator))
        .collect();
    match leaves.len() - named.len() {
        0 => {}
        1 => named.extend(order.last().map(|at| wish(&leaves[*at].operator))),
        rest => named.push(format!("{rest} others")),
    }
    match named.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => named.concat(),
    }
}

/// What an operator wants, in words.
fn wish(operator: &Operator) -> String {
    match operator {
        Operator::Text(text) | Operator::Exactly(text) => literal(text),
        Operator::Address(text, _) => format!("the address {}", literal(text)),
        Operator::Number(number) => number.shown(),
        Operator::NumericEquals(number) => format!("a number = {}", number.shown()),
        Operator::True => "true".to_owned(),
        Operator::False => "false".to_owned(),
        Operator::Null => "null".to_owned(),
        Operator::Prefix(text) => format!("prefix {}", literal(text)),
        Operator::PrefixIgnoreCase(text) => format!("prefix {} in any case", literal(text.text())),
        Operator::Suffix(text) => format!("suffix {}", literal(text)),
        Operator::SuffixIgnoreCase(text) => format!("suffix {} in any case", literal(text.text())),
        Operator::EqualsIgnoreCase(text) => format!("{} in any case", literal(text.text())),
        Operator::Wildcard(wildcard) => format!("wildcard {}", literal(wildcard.text())),
        Operator::Numeric(range) => format!("a number {}", range.words()),
        Operator::Cidr(cidr) => format!("an address in {}", cut_end(cidr.text(), LITERAL)),
        Operator::AnythingBut(excluded) => format!("anything-but {}", exclusion(excluded)),
        Operator::Exists(true) => "any value".to_owned(),
        Operator::Exists(false) => "no value".to_owned(),
    }
}

fn exclusion(excluded: &Excluded) -> String {
    const NAMED: usize = 3;
    fn first<T>(items: &[T], word: impl Fn(&T) -> String) -> (Vec<String>, usize) {
        let named: Vec<String> = items.iter().take(NAMED).map(word).collect();
        let others = items.len() - named.len();
        (named, others)
    }
    let (kind, (named, others)) = match excluded {
        Excluded::Texts(items) => ("", first(items, |item| literal(item))),
        Excluded::Numbers(items) => ("", first(items, |item| item.shown())),
        Excluded::Prefixes(items) => ("prefix ", first(items, |item| literal(item))),
        Excluded::Suffixes(items) => ("suffix ", first(items, |item| literal(item))),
        Excluded::IgnoreCase(items) => ("in any case ", first(items, |item| literal(item.text()))),
        Excluded::Wildcards(items) => ("wildcard ", first(items, |item| literal(item.text()))),
    };
    let more = match others {
        0 => String::new(),
        others => format!(" and {others} others"),
    };
    format!("{kind}{}{more}", named.join(", "))
}

fn literal(text: &str) -> String {
    cut_end(&crate::json::quote(text), LITERAL)
}

fn absent() -> String {
    "(absent)".to_owned()
}

fn row(path: String, value: String, words: String, holds: bool) -> Row {
    Row {
        path: bounds::path(path),
        value: cut_end(&value, VALUE),
        words,
        holds,
    }
}
