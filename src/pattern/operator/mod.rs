//! Operators: what one element of a leaf array accepts, judged on one value.

pub mod address;
pub mod fold;
pub mod number;
pub mod wildcard;

use std::borrow::Cow;
use std::net::IpAddr;

use address::{Cidr, parse_address};
use fold::Folded;
use number::{Number, Range};
use wildcard::Wildcard;

use crate::json::{Decimal, quote};

/// The names that an operator's object can have.
pub(crate) const NAMES: [&str; 9] = [
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

/// One element of a leaf array. See the user guide, "Comparison operators".
#[derive(Clone, Debug)]
pub enum Operator {
    /// A bare string: the same text.
    Text(String),
    /// A bare string that is an IP address: the same address, however written.
    Address(String, IpAddr),
    /// `exactly`: the same text.
    Exactly(String),
    /// A bare number, or `numeric` with `=`.
    Number(Number),
    True,
    False,
    Null,
    Prefix(String),
    PrefixIgnoreCase(Folded),
    Suffix(String),
    SuffixIgnoreCase(Folded),
    EqualsIgnoreCase(Folded),
    Wildcard(Wildcard),
    Numeric(Range),
    /// `numeric` with `=`: the same value.
    NumericEquals(Number),
    Cidr(Cidr),
    AnythingBut(Excluded),
    /// `exists: true` accepts every value; `exists: false` accepts none, it is
    /// judged where the values of a path are looked for.
    Exists(bool),
}

/// What an `anything-but` excludes; all of one kind, never empty.
#[derive(Clone, Debug)]
pub enum Excluded {
    Texts(Vec<String>),
    Numbers(Vec<Number>),
    Prefixes(Vec<String>),
    Suffixes(Vec<String>),
    IgnoreCase(Vec<Folded>),
    Wildcards(Vec<Wildcard>),
}

/// A leaf value of an event.
#[derive(Clone, Debug)]
pub enum Value<'e> {
    String(Cow<'e, str>),
    Number(&'e str),
    True,
    False,
    Null,
}

impl Value<'_> {
    /// Returns the value's type with its article, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Number(_) => "a number",
            Value::True | Value::False => "a boolean",
            Value::Null => "null",
        }
    }

    /// Returns the value as JSON writes it.
    pub fn json(&self) -> String {
        match self {
            Value::String(text) => quote(text),
            Value::Number(text) => (*text).to_owned(),
            Value::True => "true".to_owned(),
            Value::False => "false".to_owned(),
            Value::Null => "null".to_owned(),
        }
    }

    /// Returns a string's text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// What judging a value takes, counted before it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Comparisons that end early.
    comparisons: u64,
    /// Those that read the value from one end to the other.
    readings: u64,
}

impl Effort {
    /// Returns the steps that a value of so many bytes takes. To find and to
    /// decode it is a reading too.
    pub fn steps(self, bytes: u64) -> u64 {
        self.comparisons + (1 + self.readings).saturating_mul(bytes / 64)
    }
}

impl std::iter::Sum for Effort {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        each.fold(Effort::default(), |sum, next| Effort {
            comparisons: sum.comparisons + next.comparisons,
            readings: sum.readings + next.readings,
        })
    }
}

impl Operator {
    /// Returns what judging one value takes.
    pub fn effort(&self) -> Effort {
        let (comparisons, readings) = match self {
            Operator::AnythingBut(excluded) => (excluded.len(), excluded.readings()),
            Operator::Wildcard(_)
            | Operator::Number(_)
            | Operator::NumericEquals(_)
            | Operator::Numeric(_) => (1, 1),
            _ => (1, 0),
        };
        Effort {
            comparisons: comparisons as u64,
            readings: readings as u64,
        }
    }

    /// Returns whether the operator accepts a value that is there.
    pub fn accepts(&self, value: &Value<'_>) -> bool {
        match self {
            Operator::Exists(wanted) => *wanted,
            Operator::AnythingBut(excluded) => !excluded.contains(value),
            Operator::True => matches!(value, Value::True),
            Operator::False => matches!(value, Value::False),
            Operator::Null => matches!(value, Value::Null),
            Operator::Number(number) => match value {
                Value::Number(text) => number.equals(text, Decimal::as_exact_f64(text)),
                _ => false,
            },
            Operator::NumericEquals(number) => match value {
                Value::Number(text) => Decimal::as_exact_f64(text) == number.value(),
                _ => false,
            },
            Operator::Numeric(range) => match value {
                Value::Number(text) => {
                    Decimal::as_exact_f64(text).is_some_and(|value| range.contains(value))
                }
                _ => false,
            },
            Operator::Text(own) | Operator::Exactly(own) => value.as_str() == Some(own),
            _ => value.as_str().is_some_and(|text| self.accepts_text(text)),
        }
    }

    /// The operators that look into strings only.
    fn accepts_text(&self, text: &str) -> bool {
        match self {
            Operator::Address(_, own) => parse_address(text) == Some(*own),
            Operator::Prefix(own) => text.starts_with(own.as_str()),
            Operator::PrefixIgnoreCase(own) => own.is_prefix_of(text),
            Operator::Suffix(own) => text.ends_with(own.as_str()),
            Operator::SuffixIgnoreCase(own) => own.is_suffix_of(text),
            Operator::EqualsIgnoreCase(own) => own.equals(text),
            Operator::Wildcard(own) => own.matches(text),
            Operator::Cidr(own) => parse_address(text).is_some_and(|address| own.contains(address)),
            _ => false,
        }
    }

    /// Returns the element as JSON writes it.
    pub fn json(&self) -> String {
        match self {
            Operator::Text(text) | Operator::Address(text, _) => quote(text),
            Operator::Exactly(text) => format!("{{\"exactly\":{}}}", quote(text)),
            Operator::Number(number) => number.text().to_owned(),
            Operator::True => "true".to_owned(),
            Operator::False => "false".to_owned(),
            Operator::Null => "null".to_owned(),
            Operator::Prefix(text) => format!("{{\"prefix\":{}}}", quote(text)),
            Operator::PrefixIgnoreCase(text) => {
                format!("{{\"prefix\":{{\"equals-ignore-case\":{}}}}}", text.json())
            }
            Operator::Suffix(text) => format!("{{\"suffix\":{}}}", quote(text)),
            Operator::SuffixIgnoreCase(text) => {
                format!("{{\"suffix\":{{\"equals-ignore-case\":{}}}}}", text.json())
            }
            Operator::EqualsIgnoreCase(text) => {
                format!("{{\"equals-ignore-case\":{}}}", text.json())
            }
            Operator::Wildcard(wildcard) => format!("{{\"wildcard\":{}}}", wildcard.json()),
            Operator::Numeric(range) => format!("{{\"numeric\":{}}}", range.json()),
            Operator::NumericEquals(number) => {
                format!("{{\"numeric\":[\"=\",{}]}}", number.text())
            }
            Operator::Cidr(cidr) => format!("{{\"cidr\":{}}}", quote(cidr.text())),
            Operator::AnythingBut(excluded) => format!("{{\"anything-but\":{}}}", excluded.json()),
            Operator::Exists(wanted) => format!("{{\"exists\":{wanted}}}"),
        }
    }
}

impl Excluded {
    /// Returns whether any item is the value or describes it.
    pub fn contains(&self, value: &Value<'_>) -> bool {
        if let Excluded::Numbers(numbers) = self {
            let Value::Number(text) = value else {
                return false;
            };
            let value = Decimal::as_exact_f64(text);
            return value.is_some() && numbers.iter().any(|number| number.value() == value);
        }
        let Value::String(text) = value else {
            return false;
        };
        match self {
            Excluded::Numbers(_) => false,
            Excluded::Texts(texts) => texts.iter().any(|own| own == text),
            Excluded::Prefixes(prefixes) => {
                prefixes.iter().any(|own| text.starts_with(own.as_str()))
            }
            Excluded::Suffixes(suffixes) => suffixes.iter().any(|own| text.ends_with(own.as_str())),
            Excluded::IgnoreCase(texts) => texts.iter().any(|own| own.equals(text)),
            Excluded::Wildcards(wildcards) => wildcards.iter().any(|own| own.matches(text)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Excluded::Texts(items) | Excluded::Prefixes(items) | Excluded::Suffixes(items) => {
                items.len()
            }
            Excluded::Numbers(items) => items.len(),
            Excluded::IgnoreCase(items) => items.len(),
            Excluded::Wildcards(items) => items.len(),
        }
    }

    /// How often a value is read from one end to the other.
    fn readings(&self) -> usize {
        match self {
            Excluded::Wildcards(items) => items.len(),
            Excluded::Numbers(_) => 1,
            _ => 0,
        }
    }

    /// Returns the operand as JSON writes it: one item alone, several as a list.
    pub fn json(&self) -> String {
        match self {
            Excluded::Texts(items) => list(items.iter().map(|item| quote(item))),
            Excluded::Numbers(items) => list(items.iter().map(|item| item.text().to_owned())),
            Excluded::Prefixes(items) => {
                format!(
                    "{{\"prefix\":{}}}",
                    list(items.iter().map(|item| quote(item)))
                )
            }
            Excluded::Suffixes(items) => {
                format!(
                    "{{\"suffix\":{}}}",
                    list(items.iter().map(|item| quote(item)))
                )
            }
            Excluded::IgnoreCase(items) => {
                format!(
                    "{{\"equals-ignore-case\":{}}}",
                    list(items.iter().map(Folded::json))
                )
            }
            Excluded::Wildcards(items) => {
                format!(
                    "{{\"wildcard\":{}}}",
                    list(items.iter().map(Wildcard::json))
                )
            }
        }
    }
}

fn list(mut items: impl ExactSizeIterator<Item = String>) -> String {
    if items.len() == 1 {
        return items.next().unwrap_or_default();
    }
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value<'_> {
        Value::String(value.into())
    }

    #[test]
    fn types_are_never_mixed() {
        assert!(!Operator::Text("5".into()).accepts(&Value::Number("5")));
        assert!(!Operator::Number(Number::new("5")).accepts(&text("5")));
        assert!(!Operator::True.accepts(&text("true")));
        assert!(!Operator::Prefix(String::new()).accepts(&Value::Null));
        assert!(!Operator::Wildcard(Wildcard::parse("*").unwrap()).accepts(&Value::Number("1")));
    }

    #[test]
    fn anything_but_accepts_every_other_value_of_any_type() {
        let not_stop = Operator::AnythingBut(Excluded::Texts(vec!["stop".into()]));
        assert!(!not_stop.accepts(&text("stop")));
        for value in [text("Stop"), Value::Null, Value::True, Value::Number("5")] {
            assert!(not_stop.accepts(&value), "{value:?}");
        }
        let not_zero = Operator::AnythingBut(Excluded::Numbers(vec![Number::new("0")]));
        assert!(!not_zero.accepts(&Value::Number("-0.0")));
        assert!(not_zero.accepts(&Value::Number("1e-400")));
    }

    #[test]
    fn what_reads_a_whole_value_costs_its_length_each_time() {
        let wildcards = |count| vec![Wildcard::parse("*a*").unwrap(); count];
        let steps = |operators: &[Operator]| {
            let effort: Effort = operators.iter().map(Operator::effort).sum();
            effort.steps(6_400)
        };
        let text = Operator::Text("a".into());
        assert_eq!(steps(&[text.clone(), text]), 2 + 100);
        let wildcard = Operator::Wildcard(wildcards(1).remove(0));
        assert_eq!(steps(&[wildcard.clone(), wildcard]), 2 + 3 * 100);
        let excluded = Operator::AnythingBut(Excluded::Wildcards(wildcards(7)));
        assert_eq!(steps(&[excluded]), 7 + 8 * 100);
        let numbers = vec![Number::new("1"), Number::new("2")];
        let excluded = Operator::AnythingBut(Excluded::Numbers(numbers));
        assert_eq!(steps(&[excluded]), 2 + 2 * 100);
    }

    #[test]
    fn a_bare_address_compares_as_one_and_exactly_as_text() {
        let address = parse_address("2001:db8::1").unwrap();
        let bare = Operator::Address("2001:db8::1".into(), address);
        assert!(bare.accepts(&text("2001:DB8:0:0:0:0:0:1")));
        assert!(!bare.accepts(&text("2001:db8::2")));
        assert!(!Operator::Exactly("2001:db8::1".into()).accepts(&text("2001:DB8::1")));
    }

    #[test]
    fn numbers_that_cannot_be_compared_lie_in_no_range() {
        let range = Range {
            lower: None,
            upper: None,
        };
        assert!(Operator::Numeric(range.clone()).accepts(&Value::Number("9007199254740992")));
        assert!(!Operator::Numeric(range).accepts(&Value::Number("9007199254740993")));
    }
}
