//! The values of `log_item` and the path `idempotency_key`: read and checked at plan time.
//! Pure; knows neither Terraform nor AWS.
//!
//! A value that starts with `$.` is a path into the event (event_path.rs); anything else is a
//! literal string, and `$$` at its start stands for one `$`.
//!
//! The writer (writer/log_writer.py) reads the same grammar when an event comes;
//! tests/corpus/log_item.jsonl holds both to it.

use std::collections::BTreeMap;

use super::event_path::{Malformed, Path};

/// The sort key of every row, unless `log_item` has its own.
pub const DEFAULT_SORT_KEY: &str = "Product#Log";

/// The default of `log_item`: the article's row.
pub const DEFAULT: [(&str, &str); 5] = [
    ("Action", "NEW_PRODUCT"),
    ("Name", "$.detail.name:S"),
    ("ProductId", "$.detail.insertedId:N"),
    ("SK", DEFAULT_SORT_KEY),
    ("UserId", "$.detail.userId:S"),
];

/// The longest sort key in bytes, by DynamoDB's quotas.
const SORT_KEY_LIMIT: usize = 1024;

/// What one attribute of a row is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The same string in every row.
    Literal(String),
    /// Taken from the event.
    Path(Path),
}

/// One thing wrong with one attribute of `log_item`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The attribute, a key of `log_item`.
    pub attribute: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Value {
    /// Reads one value of `log_item`.
    pub fn parse(text: &str) -> Result<Value, Malformed> {
        if text.starts_with("$.") {
            return Path::parse(text).map(Value::Path);
        }
        let literal = match text.strip_prefix("$$") {
            Some(_) => &text[1..],
            None => text,
        };
        Ok(Value::Literal(literal.to_owned()))
    }
}

/// Returns the `log_item` in force: the given one, or the default; either way with its `SK`.
pub fn effective(given: Option<&BTreeMap<String, String>>) -> BTreeMap<String, String> {
    let mut item = given.cloned().unwrap_or_else(|| {
        let defaults = DEFAULT.iter();
        defaults
            .map(|(a, v)| (a.to_string(), v.to_string()))
            .collect()
    });
    item.entry("SK".to_owned())
        .or_insert_with(|| DEFAULT_SORT_KEY.to_owned());
    item
}

/// Checks every attribute of a `log_item`; an `SK` may be absent.
pub fn check(log_item: &BTreeMap<String, String>) -> Vec<Finding> {
    let checked = log_item.iter().filter_map(|(attribute, value)| {
        let message = check_one(attribute, value).err()?;
        Some(Finding {
            attribute: attribute.clone(),
            message,
        })
    });
    checked.collect()
}

fn check_one(attribute: &str, value: &str) -> Result<(), String> {
    match attribute {
        "" => Err("an attribute needs a name; write one before the value".to_owned()),
        "PK" => Err(format!(
            "PK is made from the idempotency key, it can't be `{value}`; \
             set idempotency_key to the path that makes a row unique"
        )),
        "ExpiresAt" => Err(format!(
            "ExpiresAt is the row's expiry, it can't be `{value}`; set log_table.ttl_days"
        )),
        _ => match (attribute, Value::parse(value).map_err(|e| e.to_string())?) {
            ("SK", Value::Path(_)) => Err(format!(
                "SK must be the same in every row, and `{value}` is a path into the event; \
                 write a literal such as `{DEFAULT_SORT_KEY}`"
            )),
            ("SK", Value::Literal(text)) if text.is_empty() || text.len() > SORT_KEY_LIMIT => {
                Err(format!(
                    "SK is a key and has {} bytes; write 1 to {SORT_KEY_LIMIT}",
                    text.len()
                ))
            }
            _ => Ok(()),
        },
    }
}

/// Checks an `idempotency_key` and returns it read.
pub fn check_key(text: &str) -> Result<Path, String> {
    if !text.starts_with("$.") {
        return Err(format!(
            "`{text}` is not a path into the event; write one such as `$.id` or `$.detail.orderId`"
        ));
    }
    let path = Path::parse(text).map_err(|e| e.to_string())?;
    if path.of.is_some() || path.optional {
        return Err(format!(
            "`{text}` has a type or a question mark, but a key is always a string or an integer \
             and always there; write the path alone"
        ));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPUS: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpus/log_item.jsonl"
    ));

    fn item(values: &[(&str, &str)]) -> BTreeMap<String, String> {
        let values = values.iter();
        values
            .map(|(a, v)| (a.to_string(), v.to_string()))
            .collect()
    }

    #[test]
    fn the_corpus_that_the_writer_runs_too() {
        for line in CORPUS.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect(line);
            let refused = case["refused"].as_str();
            if let Some(key) = case["idempotency_key"].as_str() {
                assert_eq!(check_key(key).is_err(), refused.is_some(), "{line}");
            }
            if let Some(values) = case["log_item"].as_object() {
                let values = values.iter();
                let values = values.map(|(a, v)| (a.clone(), v.as_str().expect(line).to_owned()));
                let findings = check(&values.collect());
                let attributes: Vec<&str> = findings.iter().map(|f| f.attribute.as_str()).collect();
                assert_eq!(attributes, Vec::from_iter(refused), "{line}");
            }
        }
    }

    #[test]
    fn keys_of_the_pipeline_are_refused_by_name() {
        let findings = check(&item(&[
            ("PK", "x"),
            ("ExpiresAt", "$.time"),
            ("SK", "$.id"),
            ("A", ""),
        ]));
        let said: Vec<String> = findings.into_iter().map(|f| f.message).collect();
        assert_eq!(said.len(), 3);
        assert!(said[0].contains("log_table.ttl_days"), "{}", said[0]);
        assert!(said[1].contains("idempotency_key"), "{}", said[1]);
        assert!(
            said[2].contains("`$.id` is a path into the event"),
            "{}",
            said[2]
        );
        let long = "x".repeat(1025);
        assert!(
            check(&item(&[("SK", &long)]))[0]
                .message
                .contains("has 1025 bytes")
        );
    }

    #[test]
    fn a_key_is_a_path_alone() {
        assert!(check_key("$.detail.insertedId").is_ok());
        assert!(check_key("id").unwrap_err().contains("`id` is not a path"));
        assert!(
            check_key("$.id:S")
                .unwrap_err()
                .contains("write the path alone")
        );
    }

    #[test]
    fn a_given_item_replaces_the_default_but_its_sort_key() {
        assert_eq!(effective(None), item(&DEFAULT));
        assert_eq!(
            effective(Some(&item(&[("A", "x")]))),
            item(&[("A", "x"), ("SK", DEFAULT_SORT_KEY)])
        );
        assert_eq!(
            effective(Some(&item(&[("SK", "mine")]))),
            item(&[("SK", "mine")])
        );
    }
}
