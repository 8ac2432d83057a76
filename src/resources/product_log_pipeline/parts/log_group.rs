//! The function's log group, made before the function so that its retention is ours.

use super::foreign;
use crate::aws::Tags;
use crate::aws::logs::LogGroup;
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::Failure;

/// The log group as it is.
pub struct Seen {
    pub group: LogGroup,
    pub tags: Tags,
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let logs = work.at.region().logs();
    let Some(group) = logs.describe_log_group(&work.names.log_group()).await? else {
        return Ok(None);
    };
    let tags = logs.list_tags(&group.arn).await?.unwrap_or_default();
    Ok(Some(Seen { group, tags }))
}

pub fn drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    match seen {
        None => Some(MISSING.into()),
        Some(seen) if tags_differ(work, &seen.tags) => Some("tags differ".into()),
        Some(_) => None,
    }
}

/// Refuses a log group of somebody else's.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    match seen.filter(|seen| !work.names.owns(&seen.tags)) {
        Some(_) => Err(foreign(work, Part::LogGroup, &work.names.log_group(), out)),
        None => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    let logs = work.at.region().logs();
    let name = work.names.log_group();
    // 0 keeps lines for ever.
    let days = work
        .spec
        .log_function
        .log_retention_days
        .filter(|days| *days > 0);
    let days = days.and_then(|days| i32::try_from(days).ok());
    let retention = match seen {
        None => {
            match logs.create_log_group(&name, &work.tags()).await {
                Err(error) if error.is_already_exists() && error.maybe_applied => {}
                result => result?,
            }
            None
        }
        Some(seen) => {
            let (set, removed) = tag_changes(work, &seen.tags);
            logs.untag(&seen.group.arn, &removed).await?;
            logs.tag(&seen.group.arn, &set).await?;
            seen.group.retention_in_days
        }
    };
    if retention != days {
        logs.set_retention(&name, days).await?;
    }
    Ok(())
}

pub async fn remove(work: &Work<'_>) -> Result<(), Failure> {
    Ok(work
        .at
        .region()
        .logs()
        .delete_log_group(&work.names.log_group())
        .await?)
}
