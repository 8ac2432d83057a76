//! What a known value must satisfy, each rule with the words that say so.

use std::fmt;
use std::sync::Arc;

use regex::Regex;

use super::value::{Entries, Value};

/// One rule for one argument.
#[derive(Clone)]
pub struct Check {
    /// For the docs page: "must be …".
    pub rule: String,
    run: Arc<Rule>,
}

/// Gets a known, non-null value.
type Rule = dyn Fn(&Value) -> Result<(), String> + Send + Sync;

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.rule).finish()
    }
}

impl Check {
    /// A rule of its own: `run` gets a known, non-null value and answers what is
    /// wrong with it and what to write instead.
    pub fn new(
        rule: impl Into<String>,
        run: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            rule: rule.into(),
            run: Arc::new(run),
        }
    }

    /// A rule for text.
    pub fn text(
        rule: impl Into<String>,
        run: impl Fn(&str) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        Self::new(rule, move |value| value.as_str().map_or(Ok(()), &run))
    }

    /// Between `min` and `max` characters.
    pub fn length(min: usize, max: usize) -> Self {
        Self::text(
            format!("must be {min} to {max} characters long"),
            move |text| {
                let length = text.chars().count();
                if (min..=max).contains(&length) {
                    return Ok(());
                }
                Err(format!(
                    "{} has {length} characters; write {min} to {max}",
                    quoted(text)
                ))
            },
        )
    }

    /// The whole text matches `pattern`; `words` says which characters those are.
    /// The expression is compiled at its first use. In parentheses, since the crate goes
    /// through a text in one pass only for what captures.
    pub fn matches(pattern: &'static str, words: &'static str) -> Self {
        let regex = std::sync::OnceLock::new();
        Self::text(format!("must be {words}"), move |text| {
            let regex = regex.get_or_init(|| Regex::new(&format!("^((?s:{pattern}))$")));
            match regex {
                Ok(regex) if !regex.is_match(text) => {
                    Err(format!("{} is not {words}", quoted(text)))
                }
                _ => Ok(()),
            }
        })
    }

    /// One of a few words, in this case.
    pub fn one_of(words: &'static [&'static str]) -> Self {
        let list = words
            .iter()
            .map(|w| format!("\"{w}\""))
            .collect::<Vec<_>>()
            .join(", ");
        Self::text(format!("must be one of {list}"), move |text| {
            if words.contains(&text) {
                return Ok(());
            }
            let near = words.iter().find(|w| w.eq_ignore_ascii_case(text));
            Err(match near {
                Some(near) => format!(
                    "{} is not {near:?}: letters count by case; write {near:?}",
                    quoted(text)
                ),
                None => format!("{} is not one of {list}", quoted(text)),
            })
        })
    }

    /// A whole number between `min` and `max`.
    pub fn range(min: i64, max: i64) -> Self {
        Self::new(
            format!("must be a whole number from {min} to {max}"),
            move |value| {
                let Value::Number(number) = value else {
                    return Ok(());
                };
                match number.as_i64() {
                    Some(int) if (min..=max).contains(&int) => Ok(()),
                    _ => Err(format!(
                        "{number} is not a whole number from {min} to {max}"
                    )),
                }
            },
        )
    }

    /// At most `max` elements.
    pub fn max_items(max: usize) -> Self {
        Self::new(format!("may have at most {max} elements"), move |value| {
            let count = value.entries().map_or(value.items().len(), Entries::len);
            if count <= max {
                return Ok(());
            }
            Err(format!(
                "there are {count} elements; expected number of items to be less than or equal to {max}"
            ))
        })
    }

    /// JSON text.
    pub fn json() -> Self {
        Self::text("must be JSON", |text| {
            match serde_json::from_str::<serde::de::IgnoredAny>(text) {
                Ok(_) => Ok(()),
                Err(error) => {
                    let ours = crate::json::Document::parse(text).err();
                    let why = ours.map_or_else(|| error.to_string(), |ours| ours.to_string());
                    Err(format!("{} is not JSON: {why}", quoted(text)))
                }
            }
        })
    }

    /// An ARN of any partition and service. Values that a test's mocks make up
    /// reach validation too, so no more than the shape is asked. The account of
    /// what AWS itself owns, such as its managed policies, is `aws`.
    pub fn arn() -> Self {
        Self::matches(
            r"arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:(?:[0-9*]*|aws):.+",
            "an ARN, such as \"arn:aws:service:region:account:resource\"",
        )
    }

    /// At least one element.
    pub fn not_empty() -> Self {
        Self::new("must have an element", |value| match value.items() {
            [] => Err("the list is empty; write at least one element".to_owned()),
            _ => Ok(()),
        })
    }

    /// The same rule for each element of a list, a set or a map.
    #[must_use]
    pub fn each(self) -> Self {
        let rule = format!("each element {}", self.rule);
        Self::new(rule, move |value| match value {
            Value::List(items) => items
                .iter()
                .filter(|v| is_known(v))
                .try_for_each(|v| self.run(v)),
            Value::Map(entries) => entries
                .values()
                .filter(|v| is_known(v))
                .try_for_each(|v| self.run(v)),
            _ => Ok(()),
        })
    }

    /// The same rule for each key of a map.
    #[must_use]
    pub fn keys(self) -> Self {
        let rule = format!("each key {}", self.rule);
        Self::new(rule, move |value| match value {
            Value::Map(entries) => entries
                .keys()
                .try_for_each(|k| self.run(&Value::String(k.to_string()))),
            _ => Ok(()),
        })
    }

    /// Asks the rule of a known, non-null value.
    ///
    /// # Errors
    /// What is wrong, the user's value, and what to write instead.
    pub fn run(&self, value: &Value) -> Result<(), String> {
        (self.run)(value)
    }
}

fn is_known(value: &Value) -> bool {
    !value.is_null() && !value.is_unknown()
}

/// A user's text in quotes, cut to a readable length.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head:?}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_says_the_value_and_the_way_out() {
        let error = Check::one_of(&["ENABLED", "DISABLED"]).run(&"enabled".into());
        assert_eq!(
            error,
            Err(r#""enabled" is not "ENABLED": letters count by case; write "ENABLED""#.into())
        );
        assert!(Check::length(1, 3).run(&"abcd".into()).is_err());
        assert!(Check::range(60, 86_400).run(&Value::from(0)).is_err());
        assert!(Check::range(60, 86_400).run(&Value::from(60)).is_ok());
        assert!(
            Check::matches("[a-z]+", "small letters")
                .run(&"a\n".into())
                .is_err()
        );
        assert!(
            Check::length(1, 2)
                .keys()
                .run(&Value::map([("abc", Value::Null)]))
                .is_err()
        );
    }

    #[test]
    fn arns_of_every_partition_pass() {
        for arn in [
            "arn:aws-cn:events:cn-north-1:123456789012:event-bus/b",
            "arn:aws-eusc:sqs:eusc-de-east-1:1:q",
            "arn:aws:iam::123456789012:role/r",
            "arn:aws:s3:::bucket",
            "arn:aws:iam::aws:policy/PowerUserAccess",
        ] {
            assert_eq!(Check::arn().run(&arn.into()), Ok(()), "{arn}");
        }
        assert!(Check::arn().run(&"my-queue".into()).is_err());
    }
}
