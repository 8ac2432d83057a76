//! The row that an event becomes, worked out as the writer does it (writer/log_writer.py).
//! The smoke test compares it with what the table holds. Pure; knows neither Terraform nor AWS.

use std::collections::BTreeMap;

use super::event_path::{Path, Step, Type};
use super::log_item::Value;
use crate::json::{Decimal, Kind, Node};

/// DynamoDB keeps this many digits of a number.
const DIGITS: usize = 38;

/// DynamoDB nests lists and maps this deep.
const DEPTH: usize = 32;

/// A row: attribute name to value.
pub type Row = BTreeMap<String, Attribute>;

/// One attribute's value, in DynamoDB's types. Numbers are equal by value, not by text.
#[derive(Debug, Clone)]
pub enum Attribute {
    /// A string.
    S(String),
    /// A number's text.
    N(String),
    /// A boolean.
    Bool(bool),
    /// Null.
    Null,
    /// A list.
    L(Vec<Attribute>),
    /// A map.
    M(BTreeMap<String, Attribute>),
}

/// Why an event has no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{attribute} = `{path}`: {reason}")]
pub struct Failure {
    /// The attribute that can't be made; `PK` where it is the key.
    pub attribute: String,
    /// Its path as the user wrote it.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Attribute::S(a), Attribute::S(b)) => a == b,
            (Attribute::N(a), Attribute::N(b)) => {
                a == b
                    || matches!((Decimal::parse(a), Decimal::parse(b)), (Some(a), Some(b)) if a == b)
            }
            (Attribute::Bool(a), Attribute::Bool(b)) => a == b,
            (Attribute::Null, Attribute::Null) => true,
            (Attribute::L(a), Attribute::L(b)) => a == b,
            (Attribute::M(a), Attribute::M(b)) => a == b,
            _ => false,
        }
    }
}

/// Makes the row of an event, without `ExpiresAt`. `log_item` is the one in force
/// ([`super::log_item::effective`]) and both it and `idempotency_key` have been checked.
pub fn row(
    log_item: &BTreeMap<String, String>,
    idempotency_key: &str,
    event: Node<'_>,
) -> Result<Row, Failure> {
    let mut row = Row::new();
    let pk = key(idempotency_key, event).map_err(failure("PK", idempotency_key))?;
    row.insert("PK".to_owned(), Attribute::S(pk));
    for (attribute, text) in log_item {
        let failure = failure(attribute, text);
        let value = match Value::parse(text).map_err(|e| failure(e.to_string()))? {
            Value::Literal(literal) => Some(Attribute::S(literal)),
            Value::Path(path) => taken(&path, event).map_err(failure)?,
        };
        row.extend(value.map(|value| (attribute.clone(), value)));
    }
    Ok(row)
}

/// Returns the `PK` of an event's row.
fn key(text: &str, event: Node<'_>) -> Result<String, String> {
    let path = Path::parse(text).map_err(|e| e.to_string())?;
    let Some(value) = find(&path, event) else {
        return Err("is not in the event".to_owned());
    };
    if let Some(text) = value.as_str() {
        return match text.is_empty() {
            true => Err("is empty in the event".to_owned()),
            false => Ok(format!("Log#{text}")),
        };
    }
    match value.as_number().filter(|text| is_integer(text)) {
        Some(text) => Ok(format!("Log#{}", number(text)?)),
        None => Err("is neither a string nor an integer in the event".to_owned()),
    }
}

/// Returns what a path finds, none where it may be absent and is.
fn taken(path: &Path, event: Node<'_>) -> Result<Option<Attribute>, String> {
    let value = match find(path, event) {
        None if path.optional => return Ok(None),
        None => return Err("is not in the event".to_owned()),
        Some(value) if value.is_null() && path.optional => return Ok(None),
        Some(value) if value.is_null() => return Err("is null in the event".to_owned()),
        Some(value) => value,
    };
    let found = type_of(value.kind());
    if let Some(wanted) = path.of.filter(|wanted| Some(*wanted) != found) {
        let (has, wants) = (value.kind().name(), wanted.name());
        return Err(format!("is {has} in the event, not {wants}"));
    }
    attribute(value, DEPTH).map(Some)
}

fn find<'d>(path: &Path, event: Node<'d>) -> Option<Node<'d>> {
    path.steps.iter().try_fold(event, |node, step| match step {
        Step::Key(name) => node.get(name),
        Step::Index(index) => node.elements().nth(*index),
    })
}

fn type_of(kind: Kind) -> Option<Type> {
    match kind {
        Kind::String => Some(Type::S),
        Kind::Number => Some(Type::N),
        Kind::True | Kind::False => Some(Type::Bool),
        Kind::Object => Some(Type::M),
        Kind::Array => Some(Type::L),
        Kind::Null => None,
    }
}

fn attribute(node: Node<'_>, depth: usize) -> Result<Attribute, String> {
    let inner = || {
        depth
            .checked_sub(1)
            .ok_or(format!("nests deeper than DynamoDB's {DEPTH} levels"))
    };
    match node.kind() {
        Kind::String => Ok(Attribute::S(node.as_str().unwrap_or_default().into_owned())),
        Kind::Number => number(node.as_number().unwrap_or_default()).map(Attribute::N),
        Kind::True | Kind::False => Ok(Attribute::Bool(node.kind() == Kind::True)),
        Kind::Null => Ok(Attribute::Null),
        Kind::Array => {
            let depth = inner()?;
            let elements = node.elements().map(|element| attribute(element, depth));
            elements.collect::<Result<_, _>>().map(Attribute::L)
        }
        Kind::Object => {
            let depth = inner()?;
            let members = node.members().map(|(name, value)| {
                let name = name.as_str().unwrap_or_default().into_owned();
                attribute(value, depth).map(|value| (name, value))
            });
            members.collect::<Result<_, _>>().map(Attribute::M)
        }
    }
}

/// Returns a number as the writer keeps it: integers exactly, decimals as the nearest double.
fn number(text: &str) -> Result<String, String> {
    let float: f64 = text.parse().unwrap_or(f64::NAN);
    let integer = is_integer(text);
    let digits = text.trim_start_matches('-');
    if digits.bytes().all(|b| b == b'0') || float == 0.0 && !integer {
        return Ok("0".to_owned());
    }
    let in_range = match integer {
        true => digits.len() <= 126,
        false => (1e-130..1e126).contains(&float.abs()),
    };
    if !in_range {
        return Err("is a number outside DynamoDB's range, 1E-130 to 1E+126".to_owned());
    }
    if !integer {
        return Ok(float.to_string());
    }
    match digits.trim_end_matches('0').len() > DIGITS {
        true => Err(format!(
            "is an integer of more than {DIGITS} digits, which DynamoDB can't keep"
        )),
        false => Ok(text.to_owned()),
    }
}

/// Whether JSON readers take the number for an integer: by its text, as Python does.
fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

fn failure(attribute: &str, path: &str) -> impl Fn(String) -> Failure {
    move |reason| Failure {
        attribute: attribute.to_owned(),
        path: path.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    const CORPUS: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpus/log_item.jsonl"
    ));

    /// Reads DynamoDB's JSON, `{"S": "x"}`.
    fn typed(node: Node<'_>) -> Attribute {
        let (name, value) = node.members().next().expect("one type");
        let text = || value.as_str().expect("text").into_owned();
        match name.as_str().as_deref() {
            Some("S") => Attribute::S(text()),
            Some("N") => Attribute::N(text()),
            Some("BOOL") => Attribute::Bool(value.as_bool().expect("a boolean")),
            Some("NULL") => Attribute::Null,
            Some("L") => Attribute::L(value.elements().map(typed).collect()),
            _ => Attribute::M(members(value, typed)),
        }
    }

    fn members<T>(node: Node<'_>, of: impl Fn(Node<'_>) -> T) -> BTreeMap<String, T> {
        let members = node.members();
        let name = |node: Node<'_>| node.as_str().expect("a name").into_owned();
        members.map(|(key, value)| (name(key), of(value))).collect()
    }

    #[test]
    fn the_corpus_that_the_writer_runs_too() {
        for line in CORPUS.lines() {
            let document = Document::parse(line).expect(line);
            let case = document.root().expect(line);
            let Some(event) = case.get("event") else {
                continue;
            };
            let log_item = members(case.get("log_item").expect(line), |value| {
                value.as_str().expect(line).into_owned()
            });
            let key = case.get("idempotency_key").and_then(|key| key.as_str());
            let made = row(&log_item, key.as_deref().unwrap_or("$.id"), event);
            match (case.get("row"), case.get("fails")) {
                (Some(wanted), None) => assert_eq!(made, Ok(members(wanted, typed)), "{line}"),
                (None, Some(attribute)) => {
                    let failed = made.expect_err(line).attribute;
                    assert_eq!(
                        Some(failed.as_str()),
                        attribute.as_str().as_deref(),
                        "{line}"
                    );
                }
                _ => panic!("row or fails: {line}"),
            }
        }
    }

    #[test]
    fn a_failure_says_what_the_writer_says() {
        let event = Document::parse(r#"{"id":"1","detail":{"userId":5}}"#).expect("JSON");
        let item = BTreeMap::from([("UserId".to_owned(), "$.detail.userId:S".to_owned())]);
        let failure = row(&item, "$.id", event.root().expect("a value")).expect_err("a number");
        let said = "UserId = `$.detail.userId:S`: is a number in the event, not a string";
        assert_eq!(failure.to_string(), said);
    }

    #[test]
    fn numbers_are_equal_by_value() {
        let n = |text: &str| Attribute::N(text.to_owned());
        assert_eq!(n("1"), n("1.0"));
        assert_eq!(n("1E+16"), n("10000000000000000"));
        assert_ne!(n("9007199254740993"), n("9007199254740992"));
        assert_ne!(n("1"), Attribute::S("1".to_owned()));
    }

    #[test]
    fn what_nests_too_deep_has_no_row() {
        let deep = format!(r#"{{"id":"1","a":{}{}}}"#, "[".repeat(40), "]".repeat(40));
        let event = Document::parse(deep).expect("JSON");
        let item = BTreeMap::from([("A".to_owned(), "$.a".to_owned())]);
        let failure = row(&item, "$.id", event.root().expect("a value")).expect_err("too deep");
        assert!(failure.reason.contains("32 levels"), "{failure}");
    }
}
