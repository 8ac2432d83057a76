//! Findings: what a valid pattern says that its author hardly meant.
//!
//! "Never" is said only where the structure alone shows it; about names there
//! is at most a "did you mean". What occurs in patterns that work is no finding.

mod everything;
mod limits;
mod misspelt;
mod never;
mod numbers;
mod unlisted;
mod written_twice;

pub use limits::{
    MAX_COMBINATIONS, MAX_COMPLEXITY, MAX_LENGTH, QUOTA_LENGTH, QUOTA_WILDCARD_RULES,
};

use std::collections::HashMap;

use super::{Pattern, bounds};

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// No event can match.
    NeverMatches,
    /// Every event of the bus matches.
    MatchesEverything,
    /// A name or literal that is nearly a known one, or stands in the wrong place.
    DidYouMean,
    /// A `*` in an exact literal, where it is compared as a star.
    StarInLiteral,
    /// A name written twice in one object.
    DuplicateKey,
    /// One path written both with dots and nested.
    DottedBesideNested,
    /// A number outside the documented range.
    NumberRange,
    /// A number that is compared as text only.
    NumberText,
    /// Longer than the quota.
    TooLong,
    /// Wildcards too complex for the service.
    TooComplex,
    /// Wildcards just within the service's limit.
    ComplexityNearLimit,
    /// More `$or` combinations than the service takes.
    TooManyOrCombinations,
    /// More rules with wildcards on a bus than the quota.
    WildcardQuota,
}

impl FindingKind {
    /// Returns the name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::NeverMatches => "never-matches",
            FindingKind::MatchesEverything => "matches-everything",
            FindingKind::DidYouMean => "did-you-mean",
            FindingKind::StarInLiteral => "star-in-literal",
            FindingKind::DuplicateKey => "duplicate-key",
            FindingKind::DottedBesideNested => "dotted-beside-nested",
            FindingKind::NumberRange => "number-range",
            FindingKind::NumberText => "number-text",
            FindingKind::TooLong => "too-long",
            FindingKind::TooComplex => "too-complex",
            FindingKind::ComplexityNearLimit => "complexity-near-limit",
            FindingKind::TooManyOrCombinations => "too-many-or-combinations",
            FindingKind::WildcardQuota => "wildcard-quota",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    /// Where inside the pattern; empty for the whole of it.
    pub path: String,
    /// What it is and what to write instead.
    pub text: String,
    /// Whether the service refuses the pattern for it.
    pub refused: bool,
}

impl Finding {
    fn new(kind: FindingKind, path: impl Into<String>, text: impl Into<String>) -> Self {
        Finding {
            kind,
            path: path.into(),
            text: text.into(),
            refused: false,
        }
    }

    fn bounded(self) -> Self {
        Finding {
            path: bounds::path(self.path),
            text: bounds::sentence(self.text),
            ..self
        }
    }

    /// Returns a line that names the subject, so that two findings never read the same.
    pub fn summary(&self) -> String {
        let subject = if self.path.is_empty() {
            "the event pattern"
        } else {
            self.path.as_str()
        };
        match self.kind {
            FindingKind::NeverMatches => format!("{subject} can never match"),
            FindingKind::MatchesEverything => format!("{subject} matches every event"),
            FindingKind::DidYouMean => format!("{subject} is perhaps misspelt or misplaced"),
            FindingKind::StarInLiteral => format!("{subject} holds a * that is no wildcard"),
            FindingKind::DuplicateKey => format!("{subject} is written twice"),
            FindingKind::DottedBesideNested => format!("{subject} is written with dots and nested"),
            FindingKind::NumberRange => {
                format!("{subject} holds a number outside the documented range")
            }
            FindingKind::NumberText => format!("{subject} holds a number that is compared as text"),
            FindingKind::TooLong => format!("{subject} is longer than the quota"),
            FindingKind::TooComplex => format!("{subject} has too complex wildcards"),
            FindingKind::ComplexityNearLimit => format!("{subject} has wildcards near the limit"),
            FindingKind::TooManyOrCombinations => {
                format!("{subject} has too many $or combinations")
            }
            FindingKind::WildcardQuota => format!("{subject} uses wildcards beyond the quota"),
        }
    }
}

/// As many findings of one kind as anyone reads.
const OF_A_KIND: usize = 50;

/// Longer texts are only judged by the service's limits: they are refused anyway.
const LOOKED_INTO: usize = 65_536;

/// Returns all findings, by kind and then in text order; one for each kind and path.
pub(super) fn all(pattern: &Pattern) -> Vec<Finding> {
    let mut findings = Vec::new();
    if pattern.text().len() <= LOOKED_INTO {
        never::find(&pattern.parts, &mut findings);
        everything::find(&pattern.parts, &mut findings);
        unlisted::find(&pattern.parts, &mut findings);
        misspelt::find(&pattern.parts, &mut findings);
        written_twice::find(pattern, &mut findings);
        numbers::find(&pattern.parts, &mut findings);
    }
    limits::find(pattern, &mut findings);
    findings.sort_by_key(|finding| finding.kind);
    few_of_a_kind(one_each(findings))
        .into_iter()
        .map(Finding::bounded)
        .collect()
}

/// Keeps the first of each kind and counts the rest.
fn few_of_a_kind(findings: Vec<Finding>) -> Vec<Finding> {
    let kinds = findings.chunk_by(|left, right| left.kind == right.kind);
    let few = kinds.flat_map(|kind| {
        let (kept, rest) = kind.split_at(kind.len().min(OF_A_KIND));
        let rest = rest.first().map(|first| {
            let text = format!("{} more fields are like those told before", rest.len());
            Finding {
                refused: rest.iter().any(|finding| finding.refused),
                ..Finding::new(first.kind, "", text)
            }
        });
        kept.iter().cloned().chain(rest)
    });
    few.collect()
}

/// Folds findings of one kind at one path: the first is told, the others counted.
fn one_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut folded: Vec<(Finding, usize)> = Vec::new();
    let mut known: HashMap<(FindingKind, String), usize> = HashMap::new();
    for finding in findings {
        match known.get(&(finding.kind, finding.path.clone())) {
            Some(at) => folded[*at].1 += 1,
            None => {
                known.insert((finding.kind, finding.path.clone()), folded.len());
                folded.push((finding, 0));
            }
        }
    }
    let told = |(mut finding, more): (Finding, usize)| {
        if more > 0 {
            finding
                .text
                .push_str(&format!(" ({more} more like it in this field)"));
        }
        finding
    };
    folded.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_great_many_findings_the_first_are_told_and_the_rest_counted() {
        let fields: Vec<String> = (0..60).map(|number| format!("\"f{number}\":[1]")).collect();
        let pattern = Pattern::parse(&format!("{{{}}}", fields.join(","))).unwrap();
        let findings = pattern.findings();
        assert_eq!(findings.len(), OF_A_KIND + 1);
        assert_eq!(findings[0].path, "f0");
        let last = &findings[OF_A_KIND];
        assert_eq!(last.kind, FindingKind::NeverMatches);
        assert_eq!(last.text, "10 more fields are like those told before");
    }
}
