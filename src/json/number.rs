//! Decimal numbers as JSON writes them, compared by value and never rounded.

use std::cmp::Ordering;

/// The value of a JSON number: sign, digits without zeros at either end, and
/// the power of ten of the last digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    digits: String,
    exponent: Exponent,
}

/// A power of ten. One of more than 17 digits is kept as text: nothing is added to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Exponent {
    Power(i64),
    Huge(String),
}

impl Decimal {
    /// Reads the text of a JSON number; none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent),
            None => (rest, "0"),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let plain = exponent.trim_start_matches(['+', '-']);
        if whole.is_empty() || plain.is_empty() || exponent.len() > plain.len() + 1 {
            return None;
        }
        if !digits
            .bytes()
            .chain(plain.bytes())
            .all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let trimmed = digits.trim_end_matches('0');
        let zeros = digits.len() - trimmed.len();
        let trimmed = trimmed.trim_start_matches('0');
        if trimmed.is_empty() {
            return Some(Decimal {
                negative: false,
                digits: String::new(),
                exponent: Exponent::Power(0),
            });
        }
        let plain = plain.trim_start_matches('0');
        let shift = zeros as i64 - fraction.len() as i64;
        let exponent = if plain.len() > 17 {
            let sign = if exponent.starts_with('-') { "-" } else { "" };
            Exponent::Huge(format!("{sign}{plain}/{shift}"))
        } else {
            let power: i64 = if plain.is_empty() {
                0
            } else {
                plain.parse().ok()?
            };
            let power = if exponent.starts_with('-') {
                -power
            } else {
                power
            };
            Exponent::Power(power + shift)
        };
        Some(Decimal {
            negative,
            digits: trimmed.to_owned(),
            exponent,
        })
    }

    /// Returns the nearest binary64 number if it has exactly this value when
    /// printed in the fewest digits, that is, if the number survives a round trip.
    pub fn as_exact_f64(text: &str) -> Option<f64> {
        let float: f64 = text.parse().ok()?;
        if !float.is_finite() {
            return None;
        }
        // 15 significant digits survive in all of the normal range.
        let magnitude = float.abs();
        if text.len() <= 15 && (1e-290..1e290).contains(&magnitude) {
            return Some(float);
        }
        let shortest = format!("{float:e}");
        (Self::parse(text)? == Self::parse(&shortest)?).then_some(float)
    }

    /// Returns whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }
}

impl PartialOrd for Decimal {
    /// Orders by value; none where an exponent is beyond any use.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self == other {
            return Some(Ordering::Equal);
        }
        let sign = |number: &Self| match (number.is_zero(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let order = sign(self).cmp(&sign(other));
        if order.is_ne() {
            return Some(order);
        }
        let (Exponent::Power(left), Exponent::Power(right)) = (&self.exponent, &other.exponent)
        else {
            return None;
        };
        let left_top = left + self.digits.len() as i64;
        let right_top = right + other.digits.len() as i64;
        let order = left_top
            .cmp(&right_top)
            .then_with(|| self.digits.cmp(&other.digits));
        Some(if self.negative {
            order.reverse()
        } else {
            order
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(left: &str, right: &str) -> Option<Ordering> {
        Decimal::parse(left)
            .unwrap()
            .partial_cmp(&Decimal::parse(right).unwrap())
    }

    #[test]
    fn spellings_of_one_value_are_equal() {
        for text in ["7", "7.0", "70e-1", "0.7E1", "7e0", "7000e-03", "0.0007e+4"] {
            assert_eq!(Decimal::parse(text), Decimal::parse("7"), "{text}");
        }
        for text in ["0", "-0", "0.0", "0e99999999999999999999"] {
            assert_eq!(Decimal::parse(text), Decimal::parse("0"), "{text}");
        }
        assert_ne!(
            Decimal::parse("9007199254740993"),
            Decimal::parse("9007199254740992")
        );
        assert_ne!(
            Decimal::parse("1e999999999999999999999"),
            Decimal::parse("1e999999999999999999998")
        );
    }

    #[test]
    fn order_is_by_value() {
        assert_eq!(order("2", "10"), Some(Ordering::Less));
        assert_eq!(order("-2", "-10"), Some(Ordering::Greater));
        assert_eq!(order("0.1", "0.09"), Some(Ordering::Greater));
        assert_eq!(order("1e400", "9e399"), Some(Ordering::Greater));
        assert_eq!(order("-1", "0"), Some(Ordering::Less));
        assert_eq!(order("12", "120e-1"), Some(Ordering::Equal));
    }

    #[test]
    fn other_text_is_no_number() {
        for text in ["", "-", "x", "1e", "1e+-1", ".5", "--1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn round_trips_through_binary64() {
        for text in [
            "5",
            "0.1",
            "0",
            "-0.0",
            "1e308",
            "0.1E+309",
            "9007199254740992",
            "3.0000000000000004e-1",
        ] {
            assert!(Decimal::as_exact_f64(text).is_some(), "{text}");
        }
        for text in [
            "9007199254740993",
            "1e309",
            "1e-400",
            "1e999999999",
            "0.1000000000000000055511151231257827",
        ] {
            assert!(Decimal::as_exact_f64(text).is_none(), "{text}");
        }
    }
}
