//! `rate()` and `cron()`: is a schedule expression one that EventBridge takes, and if
//! not, which of its characters is to blame. Pure; knows neither Terraform nor AWS calls.
//!
//! Rules: EventBridge user guide, "Setting a schedule pattern for scheduled rules".
//! Where the guide and the service differ, the service wins: what it takes is not refused.

mod cron;
mod field;
mod rate;

use std::fmt;

/// What the API answers to a schedule expression that it does not take.
pub const NOT_VALID: &str = "Parameter ScheduleExpression is not valid.";

/// What the API answers to a schedule on any bus but `default`.
pub const DEFAULT_BUS_ONLY: &str = "ScheduleExpression is supported only on the default event bus.";

/// The longest expression that the API takes, in characters.
const MAX_LENGTH: usize = 256;

/// One thing that is wrong with an expression, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The part it is about: `minutes`, `day-of-week`, `unit`…, or `expression` for the whole.
    pub field: &'static str,
    /// That part as the user wrote it.
    pub value: String,
    /// Where the part begins in the expression, in characters from 1.
    pub position: usize,
    /// What is wrong with it.
    pub wrong: String,
    /// What to write instead.
    pub instead: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            field,
            value,
            position,
            wrong,
            instead,
        } = self;
        write!(
            f,
            "{field} {value:?} (character {position}): {wrong}. {instead}."
        )
    }
}

/// An expression that EventBridge refuses; displayed with its own sentence first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{NOT_VALID}\n{0}")]
pub struct Invalid(pub Finding);

/// Checks a schedule expression.
///
/// The answer lists what EventBridge takes but what can hardly be meant, such as the
/// 30th of February, which never fires.
///
/// # Errors
/// [`Invalid`] names the first part that makes EventBridge refuse the expression.
pub fn check(expression: &str) -> Result<Vec<Finding>, Invalid> {
    let length = expression.chars().count();
    if length > MAX_LENGTH {
        return refuse(
            expression,
            format!("has {length} characters, and {MAX_LENGTH} are the most"),
            "Split it into several rules",
        );
    }
    match check_form(expression) {
        Some(verdict) => verdict.map_err(Invalid),
        None => refuse(
            expression,
            "is neither rate(…) nor cron(…)",
            advice(expression),
        ),
    }
}

/// Checks what has one of the two forms; `None` for what has neither.
fn check_form(expression: &str) -> Option<Result<Vec<Finding>, Finding>> {
    if let Some(inside) = inside("rate", expression) {
        return Some(rate::check(inside).map(|()| Vec::new()));
    }
    inside("cron", expression).map(cron::check)
}

/// The text between `name(` and the closing parenthesis at the very end.
fn inside<'a>(name: &str, expression: &'a str) -> Option<&'a str> {
    expression
        .strip_prefix(name)?
        .strip_prefix('(')?
        .strip_suffix(')')
}

fn refuse<T>(
    expression: &str,
    wrong: impl Into<String>,
    instead: impl Into<String>,
) -> Result<T, Invalid> {
    Err(Invalid(Finding {
        field: "expression",
        value: expression.to_owned(),
        position: 1,
        wrong: wrong.into(),
        instead: instead.into(),
    }))
}

/// The way out for an expression that is of neither form.
fn advice(expression: &str) -> String {
    let meant = expression.trim();
    let lower = meant.to_ascii_lowercase();
    if lower.starts_with("at(") {
        return "A rule cannot fire at one point in time: use an aws_scheduler_schedule for at(…)"
            .to_owned();
    }
    let candidates = [
        meant.to_owned(),
        match meant.find('(') {
            Some(open) => format!("{}{}", lower[..open].trim_end(), &meant[open..]),
            None => meant.to_owned(),
        },
        format!("{meant})"),
        format!("cron({meant})"),
        format!("rate({meant})"),
    ];
    match candidates
        .iter()
        .find(|candidate| matches!(check_form(candidate), Some(Ok(_))))
    {
        Some(good) => format!("Write {good:?}"),
        None => "Write for example \"rate(5 minutes)\" or \"cron(0 12 * * ? *)\"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of the corpus: an expression, and `valid`, `warned` or the field to blame.
    #[test]
    fn corpus() {
        let mut failures = Vec::new();
        for line in include_str!("../../tests/corpus/schedules.jsonl").lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
            let expression = case["expression"].as_str().expect("expression");
            let verdict = match check(expression) {
                Ok(warnings) if warnings.is_empty() => "valid",
                Ok(_) => "warned",
                Err(Invalid(finding)) => finding.field,
            };
            if case["verdict"] != verdict {
                failures.push(format!("{expression}: {verdict}, not {}", case["verdict"]));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn an_error_has_the_services_sentence_the_place_and_the_way_out() {
        let error = check("cron(71 8 1 * ? *)").unwrap_err();
        assert_eq!(
            error.to_string(),
            "Parameter ScheduleExpression is not valid.\n\
             minutes \"71\" (character 6): is not from 0 to 59. \
             Write for example 0, 0/15 or 0,30."
        );
    }

    #[test]
    fn advice_is_an_expression_that_passes() {
        for (wrong, right) in [
            ("0 12 * * ? *", "cron(0 12 * * ? *)"),
            ("5 minutes", "rate(5 minutes)"),
            (" rate(10 minutes)", "rate(10 minutes)"),
            ("Rate(10 minutes)", "rate(10 minutes)"),
            ("cron (0 12 * * ? *)", "cron(0 12 * * ? *)"),
            ("cron(0 12 * * ? *", "cron(0 12 * * ? *)"),
        ] {
            let Invalid(finding) = check(wrong).unwrap_err();
            assert_eq!(finding.instead, format!("Write {right:?}"), "{wrong}");
        }
        assert!(
            check("at(2030-01-01T00:00:00)")
                .unwrap_err()
                .0
                .instead
                .contains("scheduler")
        );
        assert!(check("").unwrap_err().0.instead.contains("rate(5 minutes)"));
    }

    #[test]
    fn length_counts_characters() {
        let long = format!("cron({}0 12 * * ? *)", "0,".repeat(119));
        assert!(check(&long).is_ok());
        assert!(check(&format!("cron({}0 12 * * ? *)", "0,".repeat(120))).is_err());
    }
}
