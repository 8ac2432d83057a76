//! `tests`: sample events beside a pattern, each with the verdict that the
//! pattern must give. Judged offline; what is not known yet is judged later.

use crate::pattern::{Event, Explanation, Pattern};
use crate::provider::{Attribute, Diagnostics, Nesting, Path, Value};

/// The argument's name.
pub const NAME: &str = "tests";

/// The argument.
pub fn attribute() -> Attribute {
    Attribute::nested(
        NAME,
        Nesting::Map,
        [
            Attribute::string("event").required().describe(
                "A sample event, as JSON text. `source` and `detail-type` it must have; other envelope fields get \
                 defaults.",
            ),
            Attribute::bool("matches")
                .default(true)
                .describe("Whether the pattern is to match the event."),
        ],
    )
    .describe("Sample events by name, held to the pattern at validate and plan. They are never sent to AWS.")
}

/// One sample event, wholly known.
pub struct Sample<'a> {
    pub name: &'a str,
    pub event: &'a str,
    /// The verdict that is wanted.
    pub matches: bool,
}

/// What the pattern makes of a sample.
pub struct Verdict {
    pub matched: bool,
    pub explanation: Explanation,
}

/// The samples that are wholly known, by name.
pub fn samples(tests: &Value) -> impl Iterator<Item = Sample<'_>> {
    let known = tests.entries().into_iter().flatten();
    known.filter_map(|(name, test)| {
        let matches = test.get("matches");
        Some(Sample {
            name,
            event: test.get("event").as_str()?,
            matches: matches.as_bool().or(matches.is_null().then_some(true))?,
        })
    })
}

/// Asks the pattern about a sample event.
///
/// # Errors
/// What is wrong with the event, or why there is no verdict.
pub fn judge(pattern: &Pattern, event: &str) -> Result<Verdict, String> {
    let event = Event::with_defaults(event).map_err(|error| error.to_string())?;
    let explanation = pattern.explain(&event);
    Ok(Verdict {
        matched: explanation.matches().map_err(|error| error.to_string())?,
        explanation,
    })
}

/// Only whether the pattern matches a sample event; `None` where [`judge`] fails.
fn matches(pattern: &Pattern, event: &str) -> Option<bool> {
    pattern.matches(&Event::with_defaults(event).ok()?).ok()
}

/// Holds a pattern to its tests: an error for each that gives another verdict.
pub fn check(pattern: &Pattern, tests: &Value, out: &mut Diagnostics) {
    for sample in samples(tests) {
        if matches(pattern, sample.event) == Some(sample.matches) {
            continue;
        }
        match judge(pattern, sample.event) {
            Ok(verdict) => wrong(sample.name, verdict, out),
            Err(problem) => no_event(sample.name, problem, out),
        }
    }
}

/// Says that a test got another verdict than it wants, and why.
pub fn wrong(name: &str, verdict: Verdict, out: &mut Diagnostics) {
    let at = Path::of(NAME).key(name);
    out.error_at(at, failed(name, &verdict), verdict.explanation.to_string());
}

/// [`wrong`] as a warning. Of warnings with equal summaries Terraform shows one, so
/// this one names the pattern too.
pub fn warn_wrong(name: &str, pattern: &str, verdict: Verdict, out: &mut Diagnostics) {
    let summary = format!("{} ({pattern})", failed(name, &verdict));
    let at = Path::of(NAME).key(name);
    out.warning_at(at, summary, verdict.explanation.to_string());
}

fn failed(name: &str, verdict: &Verdict) -> String {
    let what = if verdict.matched {
        "matches"
    } else {
        "does not match"
    };
    format!("test {name:?} failed: the pattern {what} this event")
}

/// Says that a test's event is none.
pub fn no_event(name: &str, problem: String, out: &mut Diagnostics) {
    // Terraform shows no line for a place any deeper.
    out.error_at(
        Path::of(NAME).key(name),
        format!("test {name:?} has no event to test with"),
        problem,
    );
}

/// The tests with `matches` filled in, as a state has them.
pub fn with_defaults(tests: &Value) -> Value {
    let filled = tests.entries().into_iter().flatten().map(|(name, test)| {
        let mut test = test.clone();
        if test.get("matches").is_null() {
            test.set("matches", true);
        }
        (name.clone(), test)
    });
    Value::map(filled)
}

/// Which samples a changed pattern judges otherwise than before: those that it
/// matches now, and those it no longer does.
pub fn difference<'a>(before: &str, after: &str, tests: &'a Value) -> (Vec<&'a str>, Vec<&'a str>) {
    let (Ok(before), Ok(after)) = (Pattern::parse(before), Pattern::parse(after)) else {
        return (Vec::new(), Vec::new());
    };
    let (mut now, mut no_longer) = (Vec::new(), Vec::new());
    for sample in samples(tests) {
        match (
            matches(&before, sample.event),
            matches(&after, sample.event),
        ) {
            (Some(false), Some(true)) => now.push(sample.name),
            (Some(true), Some(false)) => no_longer.push(sample.name),
            _ => {}
        }
    }
    (now, no_longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).expect("a pattern")
    }

    fn tests(events: &[(&str, Value, Value)]) -> Value {
        Value::map(events.iter().map(|(name, event, matches)| {
            let test = Value::map([("event", event.clone()), ("matches", matches.clone())]);
            (*name, test)
        }))
    }

    const ORDER: &str =
        r#"{"source": "shop.orders", "detail-type": "Placed", "detail": {"total": 250}}"#;

    #[test]
    fn a_wrong_verdict_is_an_error_at_its_test() {
        let mut out = Diagnostics::new();
        let all = tests(&[
            ("right", ORDER.into(), Value::Null),
            ("not wanted", ORDER.into(), false.into()),
            ("no event", "[]".into(), Value::Null),
        ]);
        check(&pattern(r#"{"source": ["shop.orders"]}"#), &all, &mut out);
        let found: Vec<_> = out
            .iter()
            .map(|d| (d.path.to_string(), d.summary.clone()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    r#"tests["no event"]"#.to_owned(),
                    r#"test "no event" has no event to test with"#.to_owned()
                ),
                (
                    r#"tests["not wanted"]"#.to_owned(),
                    r#"test "not wanted" failed: the pattern matches this event"#.to_owned()
                ),
            ]
        );
    }

    #[test]
    fn what_is_unknown_never_fails() {
        let mut out = Diagnostics::new();
        let all = tests(&[
            ("event", Value::unknown(), true.into()),
            ("matches", ORDER.into(), Value::unknown()),
        ]);
        check(&pattern(r#"{"source": ["x"]}"#), &all, &mut out);
        check(
            &pattern(r#"{"source": ["x"]}"#),
            &Value::unknown(),
            &mut out,
        );
        assert!(out.is_empty());
    }

    #[test]
    fn a_changed_pattern_tells_which_events_it_judges_otherwise() {
        let other = ORDER.replace("shop.orders", "shop.returns");
        let all = tests(&[
            ("order", ORDER.into(), Value::Null),
            ("return", other.into(), Value::Null),
        ]);
        let (now, no_longer) = difference(
            r#"{"source": ["shop.orders"]}"#,
            r#"{"source": ["shop.returns"]}"#,
            &all,
        );
        assert_eq!((now, no_longer), (vec!["return"], vec!["order"]));
    }
}
