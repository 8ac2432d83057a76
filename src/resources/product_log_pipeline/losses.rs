//! What a destroy or an update would lose, looked at before anything is touched.

use super::dismantle::Going;
use super::parts::{bus, queue, rule, table};
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work};
use crate::provider::Diagnostics;

/// Whether this is a plan (which the same run may still make true) or the apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Plan,
    Apply,
}

/// Refuses what would lose rows, unread dead letters, a protected table or the
/// rules of others.
pub async fn look_first(
    work: &Work<'_>,
    actual: &Actual,
    going: Going,
    when: When,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    let name = &work.spec.name;
    let go_on =
        "To delete them all the same: set `force_destroy = true`, apply, then do this again.";
    let tainted =
        "Where the pipeline is tainted, `terraform untaint` it first: an apply would replace it.";
    if going.table && actual.table.is_some() {
        if actual
            .table
            .as_ref()
            .is_some_and(|seen| seen.table.deletion_protection)
        {
            out.error(
                format!("Table {name} is protected against deletion"),
                "The provider never lifts that protection by itself. Set log_table.deletion_protection = false, \
                 apply, then destroy; or set `retain_table = true` to keep the table.",
            );
        }
        if !work.spec.force_destroy {
            let rows = table::rows(work).await.of(Part::Table)?;
            if rows > 0 {
                let count = match rows {
                    1 => "1 row".to_owned(),
                    table::ROWS_COUNTED.. => "1,000 or more rows".to_owned(),
                    rows => format!("{rows} rows"),
                };
                out.error(
                    format!("Table {name} holds {count}"),
                    format!("Nothing was touched. {go_on} To keep the table: set `retain_table = true` and apply. {tainted}"),
                );
            }
        }
    }
    if going.queue && !work.spec.force_destroy {
        let letters = actual.queue.as_ref().map_or(0, queue::Seen::messages);
        if letters > 0 {
            let plural = if letters == 1 { "" } else { "s" };
            out.error(
                format!("Queue {name} holds {letters} unread dead letter{plural}"),
                format!(
                    "They are events that were not logged. Nothing was touched. {go_on} {tainted}"
                ),
            );
        }
    }
    let rule_is_ours = actual
        .rule
        .as_ref()
        .is_some_and(|seen| work.names.owns(&seen.tags));
    if when == When::Apply && going.rule && rule_is_ours {
        let others = rule::others(work, &actual.targets);
        if !others.is_empty() && !work.spec.force_destroy {
            out.error(
                format!("Rule {name} has targets of others"),
                format!(
                    "They would go with it: {}. Remove them first. {go_on}",
                    others.join(", ")
                ),
            );
        }
    }
    Ok(())
}

/// Refuses to delete an owned bus that holds others' rules.
pub async fn refuse_shared_bus(
    work: &Work<'_>,
    actual: &Actual,
    going: Going,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    if !going.bus {
        return Ok(());
    }
    let others = bus::others_rules(work, actual.rule.as_ref()).await;
    let others = others.of(Part::Bus)?;
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|rule| rule.name.as_str()).collect();
        out.error(
            format!("Event bus {} holds rules of others", work.names.bus),
            format!(
                "Nothing was touched. Delete these first, or move them to another bus: {}.",
                names.join(", ")
            ),
        );
    }
    Ok(())
}
