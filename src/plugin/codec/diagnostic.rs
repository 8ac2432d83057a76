//! Findings and their places, for Terraform to print.

use super::Fault;
use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::{Diagnostic, Diagnostics, Path, Severity, Step};

/// All findings, in their order.
#[must_use]
pub fn encode_all(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    diagnostics.into_iter().map(encode).collect()
}

fn encode(diagnostic: Diagnostic) -> wire::Diagnostic {
    let Diagnostic {
        severity,
        summary,
        detail,
        path,
    } = diagnostic;
    let severity = match severity {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    wire::Diagnostic {
        severity: severity.into(),
        summary,
        detail,
        attribute: (!path.is_root()).then(|| encode_path(&path)),
    }
}

/// A value of Terraform's that we could not read.
#[must_use]
pub fn unreadable(what: &str, fault: &Fault) -> wire::Diagnostic {
    misfit(
        "Terraform sent a value that does not fit the schema",
        what,
        fault,
    )
}

/// A value of ours that could not be written.
#[must_use]
pub fn unwritable(what: &str, fault: &Fault) -> wire::Diagnostic {
    misfit("Inconsistent answer of the provider", what, fault)
}

fn misfit(summary: &str, what: &str, fault: &Fault) -> wire::Diagnostic {
    let (path, problem) = (fault.path(), &fault.problem);
    let place = if path.is_root() {
        format!("The {what}")
    } else {
        format!("The {what}'s `{path}`")
    };
    bug(
        summary,
        &format!(
            "{place}: {problem}. This is a bug; please report it to the provider's developers."
        ),
    )
}

/// An error of the whole block that is nobody's configuration.
#[must_use]
pub fn bug(summary: &str, detail: &str) -> wire::Diagnostic {
    wire::Diagnostic {
        severity: wire::diagnostic::Severity::Error.into(),
        summary: summary.to_owned(),
        detail: detail.to_owned(),
        attribute: None,
    }
}

/// A place, step by step.
#[must_use]
pub fn encode_path(path: &Path) -> wire::AttributePath {
    use wire::attribute_path::step::Selector;
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.to_string()),
            Step::Key(key) => Selector::ElementKeyString(key.to_string()),
            Step::Index(index) => {
                Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX))
            }
        };
        wire::attribute_path::Step {
            selector: Some(selector),
        }
    });
    wire::AttributePath {
        steps: steps.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::attribute_path::step::Selector;

    #[test]
    fn findings_keep_their_order_and_place() {
        let mut found = Diagnostics::new();
        found.warning("first", "w");
        found.error_at(Path::of("rule").index(0).key("k"), "second", "e");
        let wire = encode_all(found);
        assert_eq!((wire[0].severity, wire[1].severity), (2, 1));
        assert_eq!(wire[0].attribute, None);
        let steps = wire[1].attribute.clone().unwrap().steps;
        let selectors: Vec<_> = steps.into_iter().filter_map(|s| s.selector).collect();
        assert_eq!(
            selectors,
            [
                Selector::AttributeName("rule".into()),
                Selector::ElementKeyInt(0),
                Selector::ElementKeyString("k".into()),
            ]
        );
    }

    #[test]
    fn a_misfit_names_the_value_and_the_place() {
        let fault = Fault::new("wants a string, found a list").inside(Step::Attribute("a".into()));
        let diagnostic = unreadable("configuration", &fault);
        assert!(
            diagnostic
                .detail
                .starts_with("The configuration's `a`: wants")
        );
    }
}
