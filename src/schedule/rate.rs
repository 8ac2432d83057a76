//! `rate(value unit)`. Knows nothing of cron.
//!
//! The service compares letter by letter: one space, lower case, singular for 1 only.

use super::Finding;

const UNITS: [(&str, &str); 3] = [("minute", "minutes"), ("hour", "hours"), ("day", "days")];

/// `rate(` stands before the text that is checked.
const OFFSET: usize = "rate(".len();

/// Checks what stands between the parentheses of `rate(…)`.
pub(super) fn check(inside: &str) -> Result<(), Finding> {
    let words: Vec<&str> = inside.split_whitespace().collect();
    let [value, unit] = words[..] else {
        let wrong = match words.len() {
            0 => "is empty",
            1 => "lacks the value or the unit",
            _ => "has more than a value and a unit",
        };
        return Err(finding("rate", inside, OFFSET + 1, wrong, example()));
    };
    let number = number(inside, value)?;
    let Some((singular, plural)) = UNITS.into_iter().find(|pair| is_unit(unit, *pair)) else {
        return Err(unknown_unit(inside, value, unit));
    };
    let right = if number == 1 { singular } else { plural };
    let wanted = format!("Write \"rate({value} {right})\"");
    if unit != right {
        let wrong = if unit != singular && unit != plural {
            "is not in lower case"
        } else if number == 1 {
            "is plural, and the value is 1"
        } else {
            "is singular, and the value is not 1"
        };
        return Err(finding("unit", unit, position(inside, unit), wrong, wanted));
    }
    if inside != format!("{value} {unit}") {
        let wrong = "has spaces where none may be";
        return Err(finding("rate", inside, OFFSET + 1, wrong, wanted));
    }
    Ok(())
}

fn number(inside: &str, value: &str) -> Result<u64, Finding> {
    let wrong = match value.parse::<i128>() {
        Ok(1..) if value.bytes().all(|byte| byte.is_ascii_digit()) => match value.parse::<u64>() {
            Ok(number) => return Ok(number),
            Err(_) => "is too large",
        },
        Ok(0) => "is zero: a rate is 1 or more",
        Ok(_) => "is not a whole number of 1 or more, written in digits only",
        Err(_) => "is not a whole number",
    };
    Err(finding(
        "value",
        value,
        position(inside, value),
        wrong,
        example(),
    ))
}

fn is_unit(unit: &str, (singular, plural): (&str, &str)) -> bool {
    unit.eq_ignore_ascii_case(singular) || unit.eq_ignore_ascii_case(plural)
}

fn unknown_unit(inside: &str, value: &str, unit: &str) -> Finding {
    let wrong = "is not minute(s), hour(s) or day(s)";
    let lower = unit.to_ascii_lowercase();
    let instead = match lower.trim_end_matches('s') {
        "second" | "sec" => "A minute is the shortest: write \"rate(1 minute)\"".to_owned(),
        "week" => match value
            .parse::<u64>()
            .ok()
            .and_then(|weeks| weeks.checked_mul(7))
        {
            Some(days) => format!("Write \"rate({days} days)\""),
            None => example().to_owned(),
        },
        "month" | "year" => {
            "Use a date, such as \"cron(0 0 1 * ? *)\" for the first of each month".to_owned()
        }
        _ => example().to_owned(),
    };
    finding("unit", unit, position(inside, unit), wrong, instead)
}

fn example() -> &'static str {
    "Write for example \"rate(5 minutes)\", \"rate(1 hour)\" or \"rate(7 days)\""
}

/// Where `part`, a slice of `inside`, begins in the expression, in characters from 1.
fn position(inside: &str, part: &str) -> usize {
    let bytes = part.as_ptr() as usize - inside.as_ptr() as usize;
    OFFSET + inside[..bytes].chars().count() + 1
}

fn finding(
    field: &'static str,
    value: &str,
    position: usize,
    wrong: &str,
    instead: impl Into<String>,
) -> Finding {
    Finding {
        field,
        value: value.to_owned(),
        position,
        wrong: wrong.to_owned(),
        instead: instead.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_for_one_only() {
        assert_eq!(check("1 minute"), Ok(()));
        assert_eq!(check("2 hours"), Ok(()));
        let finding = check("1 minutes").unwrap_err();
        assert_eq!((finding.field, finding.position), ("unit", 8));
        assert_eq!(finding.instead, "Write \"rate(1 minute)\"");
        assert_eq!(
            check("10 day").unwrap_err().instead,
            "Write \"rate(10 days)\""
        );
    }

    #[test]
    fn values_are_whole_and_positive() {
        for value in ["0", "-1", "+5", "1.5", "foo", "99999999999999999999"] {
            let finding = check(&format!("{value} minutes")).unwrap_err();
            assert_eq!((finding.field, finding.value.as_str()), ("value", value));
        }
    }

    #[test]
    fn other_units_get_a_way_out() {
        assert!(
            check("30 seconds")
                .unwrap_err()
                .instead
                .contains("rate(1 minute)")
        );
        assert!(
            check("2 weeks")
                .unwrap_err()
                .instead
                .contains("rate(14 days)")
        );
        assert!(check("1 month").unwrap_err().instead.contains("cron("));
    }
}
