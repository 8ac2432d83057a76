//! Numbers: exact values and `numeric` ranges.
//!
//! A number can be compared if it survives a round trip through binary64.
//! Any other equals only itself, character for character, and lies in no range.

use crate::json::Decimal;

/// The bounds that EventBridge documents for numbers in patterns.
pub const DOCUMENTED_LIMIT: f64 = 5.0e9;

/// A JSON number with its text.
#[derive(Clone, Debug)]
pub struct Number {
    text: String,
    value: Option<f64>,
}

impl Number {
    /// Takes the text of a JSON number.
    pub fn new(text: &str) -> Self {
        Number {
            text: text.to_owned(),
            value: Decimal::as_exact_f64(text),
        }
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text to be told: of a great many digits the first.
    pub fn shown(&self) -> String {
        const MOST: usize = 40;
        match self.text.get(..MOST - 1) {
            Some(start) if self.text.len() > MOST => format!("{start}…"),
            _ => self.text.clone(),
        }
    }

    /// Returns the value; none if it cannot be compared.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Returns whether an event's number, given as text and value, is this one.
    pub fn equals(&self, text: &str, value: Option<f64>) -> bool {
        match (self.value, value) {
            (Some(own), Some(other)) => own == other,
            _ => self.text == text,
        }
    }
}

/// One end of a range.
#[derive(Clone, Debug)]
pub struct Bound {
    pub number: Number,
    /// Whether the number itself belongs to the range.
    pub inclusive: bool,
}

/// The operand of `numeric`, but for `=`.
#[derive(Clone, Debug)]
pub struct Range {
    pub lower: Option<Bound>,
    pub upper: Option<Bound>,
}

impl Range {
    /// Returns whether a value lies in the range.
    pub fn contains(&self, value: f64) -> bool {
        let above = self.lower.as_ref().is_none_or(|bound| {
            let own = bound.number.value().unwrap_or(f64::INFINITY);
            value > own || (bound.inclusive && value == own)
        });
        let below = self.upper.as_ref().is_none_or(|bound| {
            let own = bound.number.value().unwrap_or(f64::NEG_INFINITY);
            value < own || (bound.inclusive && value == own)
        });
        above && below
    }

    /// Returns the range as people write it: `> 0 and <= 5`.
    pub fn words(&self) -> String {
        let lower = self.lower.as_ref().map(|bound| {
            format!(
                "{} {}",
                if bound.inclusive { ">=" } else { ">" },
                bound.number.shown()
            )
        });
        let upper = self.upper.as_ref().map(|bound| {
            format!(
                "{} {}",
                if bound.inclusive { "<=" } else { "<" },
                bound.number.shown()
            )
        });
        [lower, upper]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// Returns the operand as JSON writes it.
    pub fn json(&self) -> String {
        let lower = self.lower.as_ref().map(|bound| {
            format!(
                "\"{}\",{}",
                if bound.inclusive { ">=" } else { ">" },
                bound.number.text()
            )
        });
        let upper = self.upper.as_ref().map(|bound| {
            format!(
                "\"{}\",{}",
                if bound.inclusive { "<=" } else { "<" },
                bound.number.text()
            )
        });
        let parts: Vec<String> = [lower, upper].into_iter().flatten().collect();
        format!("[{}]", parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(pattern: &str, event: &str) -> bool {
        Number::new(pattern).equals(event, Decimal::as_exact_f64(event))
    }

    #[test]
    fn values_are_compared_where_they_can_be() {
        assert!(equal("5", "50e-1"));
        assert!(equal("-0", "0.0"));
        assert!(equal("9007199254740992", "9007199254740992.0"));
        assert!(equal("9007199254740993", "9007199254740993"));
        assert!(!equal("9007199254740993", "9007199254740992"));
        assert!(!equal("9007199254740993", "9007199254740993.0"));
        assert!(!equal("0", "1e-400"));
    }

    #[test]
    fn ranges_keep_their_ends() {
        let bound = |text: &str, inclusive| {
            Some(Bound {
                number: Number::new(text),
                inclusive,
            })
        };
        let range = Range {
            lower: bound("0", false),
            upper: bound("5", true),
        };
        assert!(
            !range.contains(-0.0)
                && range.contains(5.0)
                && range.contains(1e-6)
                && !range.contains(5.000001)
        );
        assert_eq!(
            (range.words().as_str(), range.json().as_str()),
            ("> 0 and <= 5", "[\">\",0,\"<=\",5]")
        );
    }
}
