//! Exact numbers.
//!
//! Terraform computes with decimals of 512 bits. On the wire a number is an
//! integer, a double or decimal text; each numeric value has one form here, so
//! that equality is the derived one.

use std::fmt;

/// A number, exactly as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// A whole number of 64 bits.
    Int(i64),
    /// A number with a fraction that a double holds exactly.
    Float(f64),
    /// Any other, as canonical decimal text (`-12.5`, never `1e3` or `1.0`).
    Decimal(String),
}

impl Number {
    /// From decimal text such as `0.1`, `1e3` or `12345678901234567890`.
    /// `None` when it is no number.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = plain_decimal(text)?;
        if let Ok(int) = plain.parse::<i64>() {
            return Some(Number::Int(int));
        }
        if plain.contains('.')
            && let Ok(float) = plain.parse::<f64>()
            && exact_text(float) == plain
        {
            return Some(Number::Float(float));
        }
        Some(Number::Decimal(plain))
    }

    /// From a double, by its exact value. `None` when it is not finite.
    pub fn from_f64(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        Number::parse(&exact_text(float))
    }

    /// The whole number, if it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Number::Int(int) => Some(*int),
            Number::Float(_) | Number::Decimal(_) => None,
        }
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Number::Int(int) => (*int).into(),
            Number::Float(float) => (*float).into(),
            Number::Decimal(text) => text
                .parse::<f64>()
                .map_or(serde_json::Value::Null, Into::into),
        }
    }

    pub(super) fn from_json(number: &serde_json::Number) -> Self {
        Number::parse(&number.to_string()).unwrap_or(Number::Int(0))
    }
}

impl From<i64> for Number {
    fn from(int: i64) -> Self {
        Number::Int(int)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(int) => write!(f, "{int}"),
            Number::Float(float) => f.write_str(&exact_text(*float)),
            Number::Decimal(text) => f.write_str(text),
        }
    }
}

/// Every digit of a double, in plain notation.
fn exact_text(float: f64) -> String {
    // 1,074 fraction digits are all that a double can have.
    let text = format!("{float:.1074}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// Canonical plain notation of decimal text; refuses exponents that would make
/// it longer than any number Terraform can hold.
fn plain_decimal(text: &str) -> Option<String> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > 4_000 {
        return None;
    }
    let point = whole.len() as i64 + i64::from(exponent);
    let (whole, fraction) = if point <= 0 {
        (
            String::new(),
            format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        )
    } else if point as usize >= digits.len() {
        (
            format!("{digits}{}", "0".repeat(point as usize - digits.len())),
            String::new(),
        )
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        (whole.to_owned(), fraction.to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let mut plain = String::new();
    if negative && !(whole.is_empty() && fraction.is_empty()) {
        plain.push('-');
    }
    plain.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_form() {
        assert_eq!(Number::parse("3.0e2"), Some(Number::Int(300)));
        assert_eq!(Number::parse("1.50"), Some(Number::Float(1.5)));
        assert_eq!(Number::parse("-0.0"), Some(Number::Int(0)));
        assert_eq!(Number::parse("0.1"), Some(Number::Decimal("0.1".into())));
        assert_eq!(
            Number::parse("12345678901234567890"),
            Some(Number::Decimal("12345678901234567890".into()))
        );
        assert_eq!(Number::parse("1e"), None);
        assert_eq!(Number::parse("1e999999999"), None);
    }

    #[test]
    fn a_double_is_not_the_decimal_it_looks_like() {
        assert_ne!(Number::from_f64(0.1), Number::parse("0.1"));
        assert_eq!(Number::from_f64(7.0), Some(Number::Int(7)));
    }
}
