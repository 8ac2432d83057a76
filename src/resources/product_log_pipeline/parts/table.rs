//! The log table: the pipeline's own, or one of the user's that is only checked.

use std::time::Duration;

use super::table_change::{changes, kms};
use super::{foreign, unusable};
use crate::aws::dynamodb::{KeyAttribute, NewTable, Table, TimeToLive};
use crate::aws::{Arn, AwsError, Service, Tags};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::names::PIPELINE_TAG;
use crate::resources::product_log_pipeline::spec::Spec;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::Failure;

/// The attribute that rows expire by.
pub const EXPIRES_AT: &str = "ExpiresAt";
const POLL: Duration = Duration::from_secs(2);
/// The status of a table that DeleteTable has begun to delete.
const DELETING: &str = "DELETING";
/// Rows are counted so far; beyond it is "1,000 or more".
pub const ROWS_COUNTED: usize = 1000;

/// The table as it is; the rest only of one that the pipeline makes.
pub struct Seen {
    pub table: Table,
    pub ttl: Option<TimeToLive>,
    pub point_in_time_recovery: bool,
    pub tags: Tags,
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let dynamodb = work.at.region().dynamodb();
    let name = work.spec.table_name();
    let Some(table) = dynamodb.describe_table(&name).await? else {
        return Ok(None);
    };
    let is_managed = work.spec.manages_table();
    if !is_managed || table.status == DELETING {
        // Of one that is going DynamoDB may tell no more, and whose it was no longer matters.
        let own = is_managed.then(|| (PIPELINE_TAG.to_owned(), work.spec.name.clone()));
        let tags = own.into_iter().collect();
        return Ok(Some(Seen {
            table,
            ttl: None,
            point_in_time_recovery: false,
            tags,
        }));
    }
    let ttl = dynamodb.time_to_live(&name).await?;
    let point_in_time_recovery = dynamodb
        .point_in_time_recovery(&name)
        .await?
        .unwrap_or(false);
    let tags = dynamodb.list_tags(&table.arn).await?.unwrap_or_default();
    Ok(Some(Seen {
        table,
        ttl,
        point_in_time_recovery,
        tags,
    }))
}

/// What no argument shows: `shown` are the arguments as they were just read.
pub fn drift(work: &Work<'_>, seen: Option<&Seen>, shown: &Spec) -> Option<String> {
    let Some(seen) = seen else {
        return Some(MISSING.into());
    };
    if !work.spec.manages_table() {
        return None;
    }
    if seen.table.status == DELETING {
        return Some("is being deleted".into());
    }
    let mut wrong = Vec::new();
    if let Some(problem) = key_problem(&seen.table) {
        wrong.push(problem);
    }
    // That rows of a table with `ttl_days` do not expire shows at that argument.
    let expiry = seen.ttl.as_ref().filter(|ttl| ttl.is_on());
    let days = work.spec.log_table.ttl_days.or(shown.log_table.ttl_days);
    match (expiry, days) {
        (Some(_), None) => wrong.push("rows expire".to_owned()),
        (Some(ttl), Some(_)) if !is_by_us(ttl) => {
            wrong.push("rows expire by another attribute".to_owned());
        }
        _ => {}
    }
    if tags_differ(work, &seen.tags) {
        wrong.push("tags differ".to_owned());
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// Refuses a table of somebody else's, and one of the user's that cannot be used.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    let arn = documents::table_arn(&work.spec, &work.names);
    let refuse =
        |problem: &str, out: &mut Diagnostics| Err(unusable(Part::Table, &arn, problem, out));
    let managed = work.spec.manages_table();
    if let Some(parsed) = Arn::parse(&arn).filter(|_| !managed)
        && (&parsed.account, &parsed.region) != (&work.names.account, &work.names.region)
    {
        let problem = format!(
            "The writer puts rows into tables of its own account and region, {} in {}.",
            work.names.account, work.names.region
        );
        return refuse(&problem, out);
    }
    let Some(seen) = seen else {
        return match managed {
            true => Ok(()),
            false => refuse(
                "There is no such table. Make it first, or leave `log_table.arn` out.",
                out,
            ),
        };
    };
    if managed && !work.names.owns(&seen.tags) {
        return Err(foreign(work, Part::Table, &work.names.pipeline, out));
    }
    match key_problem(&seen.table) {
        Some(problem) => refuse(&format!("Its keys do not fit: {problem}."), out),
        None => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    if !work.spec.manages_table() {
        return Ok(());
    }
    let dynamodb = work.at.region().dynamodb();
    let name = &work.names.pipeline;
    let is_going = seen.is_some_and(|seen| seen.table.status == DELETING);
    if is_going {
        gone(work).await?;
    }
    let Some(seen) = seen.filter(|_| !is_going) else {
        match dynamodb.create_table(&new_table(work)).await {
            Err(error) if error.is_already_exists() && error.maybe_applied => {}
            result => drop(result?),
        }
        active(work).await?;
        return extras(work, None, false).await;
    };
    active(work).await?;
    for change in changes(&work.spec, &seen.table) {
        dynamodb.update_table(name, &change).await?;
        active(work).await?;
    }
    extras(work, seen.ttl.as_ref(), seen.point_in_time_recovery).await?;
    let (set, removed) = tag_changes(work, &seen.tags);
    dynamodb.untag(&seen.table.arn, &removed).await?;
    Ok(dynamodb.tag(&seen.table.arn, &set).await?)
}

/// What UpdateTable does not cover: expiry and continuous backups.
async fn extras(work: &Work<'_>, ttl: Option<&TimeToLive>, backups: bool) -> Result<(), Failure> {
    let dynamodb = work.at.region().dynamodb();
    let name = &work.names.pipeline;
    let wants_ttl = work.spec.log_table.ttl_days.is_some();
    let expiry = ttl.filter(|ttl| ttl.is_on());
    let kept = wants_ttl && expiry.is_some_and(is_by_us);
    if let Some(attribute) = expiry
        .filter(|_| !kept)
        .and_then(|ttl| ttl.attribute.as_deref())
    {
        let switched = dynamodb.set_time_to_live(name, attribute, false).await;
        switched.map_err(once_an_hour)?;
    }
    if wants_ttl && !kept {
        let switched = dynamodb.set_time_to_live(name, EXPIRES_AT, true).await;
        switched.map_err(once_an_hour)?;
    }
    let wants_backups = work.spec.log_table.point_in_time_recovery == Some(true);
    if backups != wants_backups {
        // A table that was just made refuses for a few seconds.
        loop {
            match dynamodb
                .set_point_in_time_recovery(name, wants_backups)
                .await
            {
                Err(error) if error.code.starts_with("ContinuousBackupsUnavailable") => {
                    work.pause(Service::DynamoDb, "continuous backups of the table", POLL)
                        .await?;
                }
                result => break result?,
            }
        }
    }
    Ok(())
}

/// Says of a change of the expiry that DynamoDB refuses so soon when it will take it.
fn once_an_hour(mut error: AwsError) -> AwsError {
    if error.message.contains("multiple times within") {
        let when = ". DynamoDB takes one change of a table's expiry (`ttl_days` set or removed) an hour: apply again then";
        error.message.push_str(when);
    }
    error
}

/// Waits until the table takes the next change.
async fn active(work: &Work<'_>) -> Result<(), Failure> {
    let name = &work.names.pipeline;
    loop {
        match work.at.region().dynamodb().describe_table(name).await? {
            Some(table) if table.status == "ACTIVE" => return Ok(()),
            Some(table) => {
                let waiting = format!("table {name} to be ACTIVE (it is {})", table.status);
                work.pause(Service::DynamoDb, &waiting, POLL).await?;
            }
            None => {
                work.pause(Service::DynamoDb, &format!("table {name} to appear"), POLL)
                    .await?
            }
        }
    }
}

/// How many rows it holds, up to [`ROWS_COUNTED`].
pub async fn rows(work: &Work<'_>) -> Result<usize, Failure> {
    let counted = work
        .at
        .region()
        .dynamodb()
        .count_rows(&work.names.pipeline, ROWS_COUNTED)
        .await?;
    Ok(counted.unwrap_or(0))
}

pub async fn remove(work: &Work<'_>) -> Result<(), Failure> {
    let name = &work.names.pipeline;
    work.at.region().dynamodb().delete_table(name).await?;
    gone(work).await
}

/// Waits while the table is being deleted.
async fn gone(work: &Work<'_>) -> Result<(), Failure> {
    let (dynamodb, name) = (work.at.region().dynamodb(), &work.names.pipeline);
    while dynamodb
        .describe_table(name)
        .await?
        .is_some_and(|table| table.status == DELETING)
    {
        work.pause(Service::DynamoDb, &format!("table {name} to be gone"), POLL)
            .await?;
    }
    Ok(())
}

fn new_table(work: &Work<'_>) -> NewTable {
    let key = |name: &str| KeyAttribute {
        name: name.to_owned(),
        kind: "S".to_owned(),
    };
    let table = &work.spec.log_table;
    NewTable {
        name: work.names.pipeline.clone(),
        hash_key: key("PK"),
        range_key: Some(key("SK")),
        billing_mode: table
            .billing_mode
            .clone()
            .unwrap_or_else(|| "PAY_PER_REQUEST".into()),
        capacity: table.read_capacity.zip(table.write_capacity),
        table_class: table.table_class.clone(),
        deletion_protection: table.deletion_protection == Some(true),
        kms_key_arn: kms(&work.spec),
        stream_view_type: table.stream_view_type.clone().filter(|v| !v.is_empty()),
        tags: work.tags(),
    }
}

fn is_by_us(ttl: &TimeToLive) -> bool {
    ttl.attribute.as_deref() == Some(EXPIRES_AT)
}

/// What is wrong with a table's keys, if anything.
fn key_problem(table: &Table) -> Option<String> {
    let wrong = |key: Option<&KeyAttribute>, name: &str| match key {
        Some(key) if key.name == name && key.kind == "S" => None,
        Some(key) => Some(format!(
            "the key {} ({}) should be {name} (S)",
            key.name, key.kind
        )),
        None => Some(format!("the key {name} (S) is missing")),
    };
    wrong(table.hash_key.as_ref(), "PK").or_else(|| wrong(table.range_key.as_ref(), "SK"))
}
