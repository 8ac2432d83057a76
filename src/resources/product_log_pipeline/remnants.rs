//! What an interrupted change has left that neither the state nor the plan has: told by the
//! bus that parts' tags name, by the pipeline's tag on a part that would be its own, and by
//! the function that the target invokes.

use super::dismantle::{Going, Left, When, look_first};
use super::documents::{function_arn, function_place};
use super::import;
use super::parts::{bus, function, log_group, permission, queue, role, rule, table, target};
use super::release::released;
use super::standing::{Standing, tell_kept_table};
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work, is_denied, where_allowed};
use crate::aws::Arn;
use crate::provider::{Diagnostics, Value};
use crate::resources::shared::Failure;

/// Finds it, each with the work that takes it away, and refuses what would be lost.
/// `actual` is as `new` sees it; `before` as `old` does, where that was looked at.
pub async fn find<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    actual: &Actual,
    before: Option<&Actual>,
    planned: &Value,
    out: &mut Diagnostics,
) -> Result<Vec<(Work<'a>, Left)>, Stopped> {
    let of_old = before.and_then(|before| before.other_bus(old));
    let bus = actual.other_bus(new).or(of_old);
    let bus = bus.filter(|bus| *bus != old.names.bus && *bus != new.names.bus);
    let found = [
        of_a_move(new, bus, planned).await?,
        of_own_parts(old, new, planned, out).await?,
        of_the_target(old, new, actual, planned).await?,
    ];
    let found: Vec<_> = found.into_iter().flatten().collect();
    for (work, left) in &found {
        look_first(work, &left.actual, left.going, When::Apply, out).await?;
    }
    Ok(found)
}

/// The rule on another bus, and that bus if it is the pipeline's own.
async fn of_a_move<'a>(
    new: &Work<'a>,
    bus: Option<&str>,
    planned: &Value,
) -> Result<Option<(Work<'a>, Left)>, Stopped> {
    let Some(bus) = bus else {
        return Ok(None);
    };
    let standing = Standing::find(new, planned, Some(bus), false).await?;
    Ok(Some((standing.work, standing.left.of_its_bus())))
}

/// Parts that have the pipeline's tag, where old and new have the user's.
async fn of_own_parts<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    planned: &Value,
    out: &mut Diagnostics,
) -> Result<Option<(Work<'a>, Left)>, Stopped> {
    let like = import::with_own_parts(planned);
    let own = Work::on(new.at, &like, "delete", &mut Diagnostics::new())
        .await
        .of(Part::Bus)?;
    let unknown = Going::left_behind(&own, new)
        .without_parts_of(&old.spec)
        .without(released(&own, old, Some(new)));
    if unknown.is_nothing() {
        return Ok(None);
    }
    let mut actual = look(&own, unknown).await?;
    let mut going = unknown.of_whats_there(&own, &actual);
    if going.bus {
        actual.rule = rule::look(&own).await.of(Part::Rule)?;
        actual.targets = target::look(&own).await.of(Part::Target)?;
        going.rule = true;
    }
    // One with rows may be the one that `retain_table` kept.
    if going.table && may_be_kept(&own, actual.table.as_ref()).await? {
        going.table = false;
        tell_kept_table(new, out);
    }
    Ok((!going.is_nothing()).then_some((own, Left { actual, going })))
}

/// Whether the table is protected, or has rows as far as may be known.
async fn may_be_kept(own: &Work<'_>, seen: Option<&table::Seen>) -> Result<bool, Stopped> {
    if seen.is_some_and(|seen| seen.table.deletion_protection) {
        return Ok(true);
    }
    match table::rows(own).await {
        Err(failure) if is_denied(&failure) => Ok(true),
        rows => Ok(rows.of(Part::Table)? > 0),
    }
}

/// The permission on a function that the target still invokes, though it is neither's.
async fn of_the_target<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    actual: &Actual,
    planned: &Value,
) -> Result<Option<(Work<'a>, Left)>, Stopped> {
    let Some(target) = target::own(new, &actual.targets) else {
        return Ok(None);
    };
    let is_function = Arn::parse(&target.arn).is_some_and(|arn| arn.service == "lambda");
    let is_known = [old, new]
        .iter()
        .any(|work| function_arn(&work.spec, &work.names) == target.arn);
    if !is_function || is_known || target.arn == new.names.function_arn() {
        return Ok(None);
    }
    let like = import::with_function(planned, &target.arn);
    let work = Work::on(new.at, &like, "delete", &mut Diagnostics::new())
        .await
        .of(Part::Permission)?;
    let permission = where_allowed(true, permission::look(&work));
    let permission = permission.await.of(Part::Permission)?;
    let going = Going {
        permission: permission.is_some(),
        ..Going::default()
    };
    let actual = Actual {
        permission,
        ..Actual::default()
    };
    Ok((!going.is_nothing()).then_some((work, Left { actual, going })))
}

/// Takes back the permission that a failed change gave on a function of the user's, unless
/// the target invokes it by now: nothing would tell of it later. As well as that can be done.
pub async fn take_back_permission(old: &Work<'_>, new: &Work<'_>, planned: &Value) {
    let place = |work: &Work<'_>| function_place(&work.spec, &work.names);
    if new.spec.manages_function() || place(old) == place(new) {
        return;
    }
    let Ok(at) = new.at.uncancelled().await else {
        return;
    };
    let taking = async {
        let work = Work::on(&at, planned, "update", &mut Diagnostics::new()).await?;
        let targets = target::look(&work).await?;
        match target::own(&work, &targets).is_some_and(|own| target::invokes_ours(&work, own)) {
            true => Ok(()),
            false => permission::remove(&work).await,
        }
    };
    let _: Result<(), Failure> = taking.await;
}

/// Looks at the parts that may be left, and may be looked at: an operator of a pipeline
/// with parts of the user's may have no right to others.
pub async fn look(own: &Work<'_>, unknown: Going) -> Result<Actual, Stopped> {
    let mut actual = Actual {
        bus: where_allowed(unknown.bus, bus::look(own))
            .await
            .of(Part::Bus)?,
        table: where_allowed(unknown.table, table::look(own))
            .await
            .of(Part::Table)?,
        queue: where_allowed(unknown.queue, queue::look(own))
            .await
            .of(Part::Queue)?,
        roles: where_allowed(unknown.roles, role::look(own))
            .await
            .of(Part::Role)?,
        ..Actual::default()
    };
    actual.log_group = where_allowed(unknown.function, log_group::look(own))
        .await
        .of(Part::LogGroup)?;
    actual.function = where_allowed(unknown.function, function::look(own))
        .await
        .of(Part::Function)?;
    Ok(actual)
}
