//! `cron(minutes hours day-of-month month day-of-week year)`: the six fields together,
//! and what they mean to one another. The grammar of one field is `field.rs`'s.

use super::Finding;
use super::field::{self, FIELDS, Field};

/// `cron(` stands before the text that is checked.
const OFFSET: usize = "cron(".len();
const MONTH: usize = 3;
const DAY_OF_MONTH: usize = 2;
const DAY_OF_WEEK: usize = 4;

/// A field as written, with its place in the expression.
struct Part<'a> {
    field: &'static Field,
    text: &'a str,
    position: usize,
}

impl Part<'_> {
    fn finding(&self, wrong: impl Into<String>, instead: impl Into<String>) -> Finding {
        Finding {
            field: self.field.name,
            value: self.text.to_owned(),
            position: self.position,
            wrong: wrong.into(),
            instead: instead.into(),
        }
    }
}

/// Checks what stands between the parentheses of `cron(…)`; returns warnings.
pub(super) fn check(inside: &str) -> Result<Vec<Finding>, Finding> {
    let texts: Vec<&str> = inside.split_whitespace().collect();
    if texts.len() != FIELDS.len() {
        return Err(wrong_count(inside, &texts));
    }
    let parts: Vec<Part> = FIELDS
        .iter()
        .zip(&texts)
        .map(|(field, text)| Part {
            field,
            text,
            position: position(inside, text),
        })
        .collect();

    let mut warnings = Vec::new();
    for part in &parts {
        for note in field::check(part.field, part.text).map_err(|fault| locate(part, fault))? {
            warnings.push(locate(part, note));
        }
    }
    one_day_field(&texts, &parts[DAY_OF_MONTH], &parts[DAY_OF_WEEK])?;
    warnings.extend(never_fires(&parts[DAY_OF_MONTH], &parts[MONTH]));
    Ok(warnings)
}

/// A fault inside a field, placed in the expression.
fn locate(part: &Part, fault: field::Fault) -> Finding {
    Finding {
        field: part.field.name,
        position: part.position + fault.offset,
        value: fault.value,
        wrong: fault.wrong,
        instead: fault.instead,
    }
}

/// One of the two day fields says which days, the other one is `?`.
fn one_day_field(texts: &[&str], month: &Part, week: &Part) -> Result<(), Finding> {
    let (part, wrong, replaced, by) = match (month.text == "?", week.text == "?") {
        (true, false) | (false, true) => return Ok(()),
        (true, true) => (
            month,
            "is ? as day-of-week is: one of the two must say which days",
            DAY_OF_MONTH,
            "*",
        ),
        (false, false) if month.text == "*" && week.text != "*" => (
            month,
            "is * although day-of-week says which days: one of the two must be ?",
            DAY_OF_MONTH,
            "?",
        ),
        (false, false) => (
            week,
            "stands beside a day-of-month: EventBridge cannot combine the two, one must be ?",
            DAY_OF_WEEK,
            "?",
        ),
    };
    Err(part.finding(
        wrong,
        format!("Write {:?}", written_with(texts, replaced, by)),
    ))
}

/// The whole expression with one field replaced.
fn written_with(texts: &[&str], replaced: usize, by: &str) -> String {
    let mut texts = texts.to_vec();
    texts[replaced] = by;
    format!("cron({})", texts.join(" "))
}

/// Days that no named month has, such as the 30th of February.
fn never_fires(day: &Part, month: &Part) -> Option<Finding> {
    let first_day = field::values(day.field, day.text)?.into_iter().min()?;
    let longest = field::values(month.field, month.text)?
        .into_iter()
        .map(days_of)
        .max()?;
    (first_day > longest).then(|| {
        day.finding(
            format!("never comes in month {}: the rule never fires", month.text),
            "Write L for the last day of the month",
        )
    })
}

/// The most days that a month can have.
fn days_of(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn wrong_count(inside: &str, texts: &[&str]) -> Finding {
    let instead = match texts {
        [minutes, hours, day, month, week] => from_unix(minutes, hours, day, month, week),
        [_, rest @ ..] if rest.len() == FIELDS.len() => {
            let shorter = rest.join(" ");
            match check(&shorter) {
                Ok(_) => format!("There is no field for seconds: write \"cron({shorter})\""),
                Err(_) => example(),
            }
        }
        _ => example(),
    };
    Finding {
        field: "cron",
        value: inside.to_owned(),
        position: OFFSET + 1,
        wrong: format!("has {} fields, and cron has 6", texts.len()),
        instead,
    }
}

/// Five fields are what Unix knows: there the days count from Sunday = 0 and no year follows.
fn from_unix(minutes: &str, hours: &str, day: &str, month: &str, week: &str) -> String {
    let (day, week) = match (day, week) {
        (_, "*") => (day, "?".to_owned()),
        ("*", _) => ("?", unix_days(week)),
        _ => (day, week.to_owned()),
    };
    let whole = format!("{minutes} {hours} {day} {month} {week} *");
    match check(&whole) {
        Ok(_) => format!("Five fields are Unix's: here a year follows; write \"cron({whole})\""),
        Err(_) => example(),
    }
}

/// Unix's numbers of days, 0 or 7 for Sunday, as names that mean the same on both sides.
fn unix_days(week: &str) -> String {
    let names = field::FIELDS[DAY_OF_WEEK].names;
    let mut named = String::new();
    for character in week.chars() {
        match character.to_digit(10) {
            // A step is a number too, but no day.
            Some(day) if day <= 7 && !named.ends_with('/') => {
                named.push_str(names[day as usize % names.len()]);
            }
            _ => named.push(character),
        }
    }
    named
}

fn example() -> String {
    "Write minutes hours day-of-month month day-of-week year, for example \
     \"cron(0 12 * * ? *)\" for noon of every day (UTC)"
        .to_owned()
}

/// Where `part`, a slice of `inside`, begins in the expression, in characters from 1.
fn position(inside: &str, part: &str) -> usize {
    let bytes = part.as_ptr() as usize - inside.as_ptr() as usize;
    OFFSET + inside[..bytes].chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_the_day_fields_is_a_question_mark() {
        for (wrong, field, right) in [
            ("0 1 * * * *", "day-of-week", "cron(0 1 * * ? *)"),
            ("0 1 ? * ? *", "day-of-month", "cron(0 1 * * ? *)"),
            ("0 1 * * MON *", "day-of-month", "cron(0 1 ? * MON *)"),
            ("0 1 1 * MON *", "day-of-week", "cron(0 1 1 * ? *)"),
        ] {
            let finding = check(wrong).unwrap_err();
            assert_eq!(finding.field, field, "{wrong}");
            assert_eq!(finding.instead, format!("Write {right:?}"), "{wrong}");
        }
    }

    #[test]
    fn unix_crons_are_translated() {
        for (unix, right) in [
            ("*/5 * * * *", "cron(*/5 * * * ? *)"),
            ("0 8 * * 1-5", "cron(0 8 ? * MON-FRI *)"),
            ("0 8 * * 0,6", "cron(0 8 ? * SUN,SAT *)"),
            ("0 8 1 * *", "cron(0 8 1 * ? *)"),
        ] {
            let finding = check(unix).unwrap_err();
            assert!(
                finding.instead.ends_with(&format!("write {right:?}")),
                "{}",
                finding.instead
            );
        }
        assert!(
            check("0 0 12 * * ? *")
                .unwrap_err()
                .instead
                .contains("cron(0 12 * * ? *)")
        );
    }

    #[test]
    fn a_fault_is_placed_to_the_character() {
        let finding = check("0  9 ? * MON-FRY *").unwrap_err();
        assert_eq!(
            (finding.field, finding.value.as_str()),
            ("day-of-week", "FRY")
        );
        assert_eq!(finding.position, "cron(0  9 ? * MON-".len() + 1);
    }

    #[test]
    fn days_that_never_come_are_a_warning() {
        assert_eq!(check("0 0 30 2 ? *").unwrap().len(), 1);
        assert_eq!(check("0 0 31 APR,JUN ? *").unwrap().len(), 1);
        assert!(check("0 0 29 2 ? *").unwrap().is_empty());
        assert!(check("0 0 31 * ? *").unwrap().is_empty());
        assert!(check("0 0 L 2 ? *").unwrap().is_empty());
    }
}
