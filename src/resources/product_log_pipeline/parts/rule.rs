//! The rule: which events are logged.

use super::foreign;
use crate::aws::Tags;
use crate::aws::events::{Rule, RuleSettings, Target};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::Failure;

/// The rule as it is.
pub struct Seen {
    pub rule: Rule,
    pub tags: Tags,
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let events = work.at.events();
    let Some(rule) = events
        .describe_rule(&work.spec.event_bus_name, &work.names.pipeline)
        .await?
    else {
        return Ok(None);
    };
    let tags = events.list_tags(&rule.arn).await?.unwrap_or_default();
    Ok(Some(Seen { rule, tags }))
}

/// Whether a whole pipeline of this name listens on that bus.
pub async fn is_complete_on(work: &Work<'_>, bus: &str) -> Result<bool, Failure> {
    let (events, name) = (work.at.events(), &work.names.pipeline);
    let Some(rule) = events.describe_rule(bus, name).await? else {
        return Ok(false);
    };
    let tags = events.list_tags(&rule.arn).await?.unwrap_or_default();
    let targets = events.list_targets(bus, name).await?.unwrap_or_default();
    Ok(work.names.owns(&tags) && super::target::own(work, &targets).is_some())
}

/// Everything but pattern and state, which have arguments of their own.
pub fn drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    let Some(Seen { rule, tags }) = seen else {
        return Some(MISSING.into());
    };
    let mut wrong = Vec::new();
    if rule.description.as_deref() != Some(description(work).as_str()) {
        wrong.push("description differs");
    }
    if rule.role_arn.is_some() {
        wrong.push("has a role");
    }
    if rule.schedule_expression.is_some() {
        wrong.push("has a schedule");
    }
    if tags_differ(work, tags) {
        wrong.push("tags differ");
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// Refuses a rule of somebody else's.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    match seen.filter(|seen| !work.names.owns(&seen.tags)) {
        Some(_) => Err(foreign(work, Part::Rule, &work.names.pipeline, out)),
        None => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    let events = work.at.events();
    let settings = RuleSettings {
        name: work.names.pipeline.clone(),
        event_bus_name: work.spec.event_bus_name.clone(),
        event_pattern: Some(work.spec.event_pattern.clone()),
        schedule_expression: None,
        state: state(work.spec.enabled).to_owned(),
        description: Some(description(work)),
        role_arn: None,
        tags: if seen.is_none() {
            work.tags()
        } else {
            Tags::new()
        },
    };
    if let Some(seen) = seen {
        if !is(&seen.rule, &settings) {
            events.put_rule(&settings).await?;
        }
        let (set, removed) = tag_changes(work, &seen.tags);
        events.untag(&seen.rule.arn, &removed).await?;
        return Ok(events.tag(&seen.rule.arn, &set).await?);
    }
    events.put_rule(&settings).await?;
    Ok(())
}

fn is(rule: &Rule, wanted: &RuleSettings) -> bool {
    let pattern = match (
        rule.event_pattern.as_deref(),
        wanted.event_pattern.as_deref(),
    ) {
        (Some(a), Some(b)) => crate::json::equal(a, b),
        (a, b) => a == b,
    };
    pattern
        && rule.state == wanted.state
        && rule.description == wanted.description
        && rule.role_arn.is_none()
        && rule.schedule_expression.is_none()
}

/// The rule's state for `enabled`.
pub fn state(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}

fn description(work: &Work<'_>) -> String {
    format!("Events of the product log pipeline {}", work.spec.name)
}

/// Targets of others that hang on the rule: they go with it.
pub fn others(work: &Work<'_>, targets: &[Target]) -> Vec<String> {
    targets
        .iter()
        .filter(|t| t.id != work.names.pipeline)
        .map(|t| t.id.clone())
        .collect()
}

pub async fn remove(work: &Work<'_>, bus: &str) -> Result<(), Failure> {
    Ok(work
        .at
        .events()
        .delete_rule(bus, &work.names.pipeline, false)
        .await?)
}
