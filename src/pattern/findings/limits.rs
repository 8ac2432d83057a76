//! The service's limits on one pattern. See the user guide, "Amazon EventBridge quotas".

use super::{Finding, FindingKind};
use crate::pattern::{Pattern, complexity, expansion};

/// The quota "Event pattern size", in UTF-16 units; it can be raised.
pub const QUOTA_LENGTH: usize = 2_048;

/// The longest pattern that the API takes.
pub const MAX_LENGTH: usize = 4_096;

/// The highest wildcard complexity that the service takes.
pub const MAX_COMPLEXITY: usize = 10;

/// The most `$or` combinations that the service takes.
pub const MAX_COMBINATIONS: u64 = 1_000;

/// The quota of rules with wildcards on one bus; it cannot be raised.
pub const QUOTA_WILDCARD_RULES: usize = 30;

/// AWS's sentence for wildcards that are too complex.
const TOO_COMPLEX: &str = "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";

pub(super) fn find(pattern: &Pattern, findings: &mut Vec<Finding>) {
    length(pattern, findings);
    combinations(pattern, findings);
    wildcards(pattern, findings);
}

fn length(pattern: &Pattern, findings: &mut Vec<Finding>) {
    let length = pattern.length();
    if length <= QUOTA_LENGTH {
        return;
    }
    let text = if length > MAX_LENGTH {
        format!(
            "the pattern has {length} characters; the API takes at most {MAX_LENGTH}: split it into several rules"
        )
    } else {
        format!(
            "the pattern has {length} characters; the quota \"Event pattern size\" is {QUOTA_LENGTH} unless it was raised for the account"
        )
    };
    findings.push(Finding {
        refused: length > MAX_LENGTH,
        ..Finding::new(FindingKind::TooLong, "", text)
    });
}

fn combinations(pattern: &Pattern, findings: &mut Vec<Finding>) {
    let count = expansion::count(&pattern.parts);
    if count <= MAX_COMBINATIONS {
        return;
    }
    let count = if count == u64::MAX {
        format!("more than {}", u64::MAX)
    } else {
        count.to_string()
    };
    let text = format!(
        "the $or branches multiply to {count} combinations; the service takes at most {MAX_COMBINATIONS}: split the pattern into several rules"
    );
    findings.push(Finding {
        refused: true,
        ..Finding::new(FindingKind::TooManyOrCombinations, "", text)
    });
}

fn wildcards(pattern: &Pattern, findings: &mut Vec<Finding>) {
    let paths = &pattern.parts.paths;
    let mut worst: Vec<complexity::Complexity> = Vec::new();
    for complexity in complexity::measure(&pattern.parts) {
        match worst.iter_mut().find(|known| known.slot == complexity.slot) {
            Some(known) if (known.value, known.exact) < (complexity.value, complexity.exact) => {
                *known = complexity
            }
            Some(_) => {}
            None => worst.push(complexity),
        }
    }
    for complexity::Complexity { value, exact, slot } in worst {
        let path = paths
            .slots()
            .get(slot)
            .map(|path| paths.dotted(*path))
            .unwrap_or_default();
        let at_most = if exact { "" } else { "up to " };
        if value > MAX_COMPLEXITY {
            let text = format!(
                "{TOO_COMPLEX} (complexity {at_most}{value}, the limit is {MAX_COMPLEXITY})"
            );
            findings.push(Finding {
                refused: exact,
                ..Finding::new(FindingKind::TooComplex, path, text)
            });
        } else if value == MAX_COMPLEXITY {
            let text = format!(
                "the wildcards have complexity {at_most}{value}, the service's limit: any more stars or repeated text after a star are refused"
            );
            findings.push(Finding::new(FindingKind::ComplexityNearLimit, path, text));
        }
    }
}
