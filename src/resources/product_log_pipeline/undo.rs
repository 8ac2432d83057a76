//! Takes back what a failed change made, where neither the state nor any part would tell the next
//! run of it: of all else `remnants` takes care then.

use super::dismantle::{Going, dismantle};
use super::documents::{function_arn, function_place};
use super::parts::{bus, permission, target};
use super::survey::{Actual, survey};
use super::work::{Stopped, Work};
use crate::aws::events::Target;
use crate::provider::{Diagnostics, Value};
use crate::resources::shared::Failure;

/// Takes back what a failed change made and nothing would tell of later: the permission on a
/// function of the user's that the target does not invoke yet, and all that a move to another bus
/// made before the new one hands events over alone. What cannot be taken back is warned of.
pub async fn take_back(
    old: &Work<'_>,
    new: &Work<'_>,
    was: &Actual,
    planned: &Value,
    out: &mut Diagnostics,
) {
    let Ok(at) = new.at.uncancelled().await else {
        return;
    };
    let taking = async {
        let work = Work::on(&at, planned, "update", &mut Diagnostics::new()).await?;
        let old = &old.with(&at);
        let place = |work: &Work<'_>| function_place(&work.spec, &work.names);
        let (before, after) = (own_target(old).await?, own_target(&work).await?);
        let has_moved = before.is_none() && after.is_some();
        if was.rule.is_none() && !has_moved && is_told_by_nothing(old, new).await? {
            take_away_new(&work, old, was, out).await?;
        } else if !new.spec.manages_function()
            && place(old) != place(new)
            && !was.permission.is_there()
            && !after.is_some_and(|own| target::invokes_ours(&work, &own))
        {
            permission::remove(&work).await?;
        }
        Ok::<_, Failure>(())
    };
    let taken: Result<(), Failure> = taking.await;
    if let Some(error) = taken.as_ref().err().and_then(Failure::aws) {
        out.warning(
            format!("What the failed change of {} made may be left", new.spec.name),
            format!(
                "{error}\n\nIt may be the rule {} on bus {} with its target, the permission {} on {}, and parts of \
                 the pipeline's own that it did not have before. Apply again to go on with the change. If it is not \
                 to be: remove them yourself, for no later run knows of them.",
                new.spec.name,
                new.names.bus,
                new.names.statement_id(),
                function_arn(&new.spec, &new.names)
            ),
        );
    }
}

/// Takes away the parts that the pipeline as it was has no use for, and that were not there then.
/// The table stays, for it may hold rows already (who comes upon it is told), and so do unread
/// dead letters and what others have on the bus.
async fn take_away_new(
    work: &Work<'_>,
    old: &Work<'_>,
    was: &Actual,
    out: &mut Diagnostics,
) -> Result<(), Failure> {
    let failure = |stopped: Stopped| *stopped.failure;
    let actual = survey(work).await.map_err(failure)?;
    let were_there = Going::all(work).of_whats_there(work, was);
    let mut going = Going::left_behind(work, old)
        .of_whats_there(work, &actual)
        .without(were_there);
    going.table = false;
    going.queue &= actual
        .queue
        .as_ref()
        .is_none_or(|seen| seen.messages() == 0);
    going.bus = going.bus
        && bus::others_rules(work, actual.rule.as_ref())
            .await?
            .is_empty();
    let role = actual
        .function
        .as_ref()
        .map(|f| &f.function.settings.role_arn);
    let is_in_use = role.is_some_and(|arn| work.names.is_role(arn));
    going.roles &= going.function || !is_in_use;
    going.permission &= !was.permission.is_there();
    dismantle(work, &actual, going, out).await.map_err(failure)
}

/// Whether a move that failed has gone so far that the pipeline is on the new bus: the old one
/// hands nothing over any more, and no part has a tag that would tell.
pub async fn has_moved(old: &Work<'_>, new: &Work<'_>) -> bool {
    let Ok(at) = new.at.uncancelled().await else {
        return false;
    };
    let looking = async {
        let (old, new) = (old.with(&at), new.with(&at));
        Ok::<_, Failure>(
            own_target(&old).await?.is_none()
                && own_target(&new).await?.is_some()
                && is_told_by_nothing(&old, &new).await?,
        )
    };
    looking.await.unwrap_or(false)
}

async fn own_target(work: &Work<'_>) -> Result<Option<Target>, Failure> {
    let targets = target::look(work).await?;
    Ok(target::own(work, &targets).cloned())
}

/// Whether the tag of no part that the pipeline had before names the bus that it moves to: by that
/// the next run would know of the move.
async fn is_told_by_nothing(old: &Work<'_>, new: &Work<'_>) -> Result<bool, Failure> {
    if old.names.bus == new.names.bus {
        return Ok(false);
    }
    let actual = survey(old).await.map_err(|stopped| *stopped.failure)?;
    let is_told = actual.named_buses(old).any(|bus| bus == new.names.bus);
    Ok(!is_told)
}
