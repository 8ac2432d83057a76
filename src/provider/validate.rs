//! The checks that every schema carries, run over a configuration.
//!
//! Unknown values pass: they are checked again when they are known.

use super::check::quoted;
use super::diagnostic::Diagnostics;
use super::path::Path;
use super::schema::{Attribute, Block, Kind, Nesting};
use super::value::Value;

/// Runs the checks of a block and of everything inside it.
pub fn validate(block: &Block, config: &Value, out: &mut Diagnostics) {
    walk(block, config, &Path::root(), out);
}

fn walk(block: &Block, config: &Value, path: &Path, out: &mut Diagnostics) {
    attributes(&block.attributes, config, path, out);
    for nested in &block.blocks {
        let value = config.get(nested.name);
        let here = path.clone().attribute(nested.name);
        match nested.nesting {
            Nesting::Single => {
                if value.entries().is_some() {
                    walk(&nested.block, value, &here, out);
                }
            }
            Nesting::List | Nesting::Set => {
                for (i, item) in value.items().iter().enumerate() {
                    let place = if nested.nesting == Nesting::List {
                        here.clone().index(i)
                    } else {
                        here.clone()
                    };
                    walk(&nested.block, item, &place, out);
                }
            }
            Nesting::Map => {
                for (key, item) in value.entries().into_iter().flatten() {
                    walk(&nested.block, item, &here.clone().key(key.clone()), out);
                }
            }
        }
    }
}

fn attributes(attributes_: &[Attribute], config: &Value, path: &Path, out: &mut Diagnostics) {
    for attribute in attributes_ {
        let value = config.get(attribute.name);
        if value.is_null() || value.is_unknown() {
            continue;
        }
        let here = path.clone().attribute(attribute.name);
        if let Some(instead) = attribute.deprecated {
            let summary = format!("Argument {} is deprecated", attribute.name);
            out.warning_at(here.clone(), summary, instead);
        }
        let unset = attribute.optional && value.as_str() == Some("");
        if !unset {
            for check in &attribute.checks {
                if let Err(problem) = check.run(value) {
                    report(attribute, &here, &check.rule, &problem, out);
                    break;
                }
            }
        }
        if let Kind::Nested(nesting, inner) = &attribute.kind {
            nested(*nesting, inner, value, &here, out);
        }
    }
}

fn nested(
    nesting: Nesting,
    inner: &[Attribute],
    value: &Value,
    here: &Path,
    out: &mut Diagnostics,
) {
    match nesting {
        Nesting::Single => attributes(inner, value, here, out),
        Nesting::List => {
            for (i, item) in value.items().iter().enumerate() {
                attributes(inner, item, &here.clone().index(i), out);
            }
        }
        Nesting::Set => {
            for item in value.items() {
                attributes(inner, item, here, out);
            }
        }
        Nesting::Map => {
            for (key, item) in value.entries().into_iter().flatten() {
                attributes(inner, item, &here.clone().key(key.clone()), out);
            }
        }
    }
}

fn report(attribute: &Attribute, path: &Path, rule: &str, problem: &str, out: &mut Diagnostics) {
    let summary = format!("Invalid value for {}", attribute.name);
    if attribute.sensitive || attribute.write_only {
        // The problem's words hold the value.
        out.error_at(
            path.clone(),
            summary,
            format!("The value {rule}. It is sensitive and not shown."),
        );
    } else {
        out.error_at(path.clone(), summary, format!("{path}: {problem}."));
    }
}

/// An error when more than one of the arguments is set. `""` counts as not set.
pub fn conflicts(config: &Value, names: &[&str], out: &mut Diagnostics) {
    let set: Vec<&str> = names
        .iter()
        .copied()
        .filter(|n| is_set(config.get(n)))
        .collect();
    if let [first, second, ..] = set.as_slice() {
        let list = names
            .iter()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(", ");
        // Terraform shows an attribute in its place, but not a block.
        let is_block = config.get(second).at(0).entries().is_some();
        out.error_at(
            Path::of(if is_block { *first } else { *second }),
            format!("Conflicting arguments {first} and {second}"),
            format!(
                "Only one of {list} may be set; {} are. Remove all but one.",
                set.join(" and ")
            ),
        );
    }
}

/// An error when none of the arguments is set, as far as they are known.
pub fn at_least_one(config: &Value, names: &[&str], out: &mut Diagnostics) {
    if names
        .iter()
        .all(|n| !is_set(config.get(n)) && !config.get(n).is_unknown())
    {
        let list = names
            .iter()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(" or ");
        out.error(
            format!("Missing argument: {}", names.join(" or ")),
            format!("Set {list}."),
        );
    }
}

/// Whether an argument or block is there and says something.
pub fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Unknown(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => true,
    }
}

/// A Go duration, as a `timeouts` block writes it: `1h30m`, `90s`, `500ms`.
pub fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || {
        format!(
            "{} is not a duration; write it like \"30s\", \"5m\" or \"1h30m\"",
            quoted(text)
        )
    };
    let mut rest = text;
    let mut total = 0f64;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return Err(wrong()),
        };
        total += number.parse::<f64>().map_err(|_| wrong())? * seconds;
        rest = tail;
    }
    std::time::Duration::try_from_secs_f64(total).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::check::Check;
    use crate::provider::schema::{NestedBlock, Schema};

    fn schema() -> Schema {
        Schema::new("")
            .attribute(
                Attribute::string("name")
                    .optional()
                    .check(Check::length(1, 3)),
            )
            .block(
                NestedBlock::list("retry").attribute(
                    Attribute::number("age")
                        .optional()
                        .check(Check::range(60, 90)),
                ),
            )
    }

    #[test]
    fn problems_stand_at_their_attribute() {
        let retry = Value::List(vec![Value::map([("age", Value::from(1))])]);
        let config = Value::map([("name", Value::from("long")), ("retry", retry)]);
        let mut out = Diagnostics::new();
        validate(&schema().block, &config, &mut out);
        let paths: Vec<_> = out.iter().map(|d| d.path.to_string()).collect();
        assert_eq!(paths, ["name", "retry[0].age"]);
    }

    #[test]
    fn empty_and_unknown_pass() {
        let mut out = Diagnostics::new();
        validate(
            &schema().block,
            &Value::map([("name", Value::from(""))]),
            &mut out,
        );
        validate(
            &schema().block,
            &Value::map([("name", Value::unknown())]),
            &mut out,
        );
        assert!(out.is_empty());
    }

    #[test]
    fn a_deprecated_argument_says_what_to_use() {
        let block = Schema::new("")
            .attribute(Attribute::bool("old").optional().deprecated("Use `new`."))
            .block;
        let mut out = Diagnostics::new();
        validate(&block, &Value::map([("old", Value::Null)]), &mut out);
        assert!(out.is_empty());
        validate(&block, &Value::map([("old", true.into())]), &mut out);
        assert!(!out.has_errors() && out.iter().any(|d| d.detail == "Use `new`."));
    }

    #[test]
    fn durations_as_go_writes_them() {
        assert_eq!(parse_duration("1h30m").unwrap().as_secs(), 5400);
        assert_eq!(parse_duration("1.5s").unwrap().as_millis(), 1500);
        for wrong in ["", "5", "m", "5 m", "5x", "1..2s"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
