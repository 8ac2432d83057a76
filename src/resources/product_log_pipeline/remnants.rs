//! What an interrupted change has left that neither the state nor the plan has: told by the
//! bus that parts' tags name or a permission is for, by the pipeline's tag on a part that would
//! be its own, and by the function that the target invokes.

use super::dismantle::{Going, Left};
use super::documents::{function_arn, function_place};
use super::import;
use super::losses::{When, look_first};
use super::names::bus_of;
use super::parts::{bus, function, log_group, permission, queue, role, rule, table, target};
use super::release::released;
use super::standing::{Standing, tell_kept_table};
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work, is_denied, where_allowed, where_reachable};
use crate::aws::events::Target;
use crate::aws::{Arn, Tags};
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
    let of_tags = actual.other_bus(new).or(of_old);
    let permissions = [Some(actual), before].into_iter().flatten();
    let permitted = permissions.flat_map(|seen| &seen.permission.other_buses);
    let mut seen = vec![old.names.bus.as_str(), new.names.bus.as_str()];
    let mut found = Vec::new();
    for bus in of_tags.into_iter().chain(permitted.map(String::as_str)) {
        if !seen.contains(&bus) {
            seen.push(bus);
            found.extend(of_a_move(old, new, bus, planned).await?);
        }
    }
    found.extend(of_own_parts(old, new, planned, out).await?);
    let invoked = target::own(new, &actual.targets);
    found.extend(of_the_target(old, new, new, invoked, planned).await?);
    if let Some(before) = before.filter(|_| old.names.bus != new.names.bus) {
        let invoked = target::own(old, &before.targets);
        found.extend(of_the_target(old, new, old, invoked, planned).await?);
    }
    for (work, left) in &found {
        look_first(work, &left.actual, left.going, When::Apply, out).await?;
    }
    Ok(found)
}

/// The rule on another bus, that bus if it is the pipeline's own, and the permissions for the rule.
async fn of_a_move<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    bus: &str,
    planned: &Value,
) -> Result<Vec<(Work<'a>, Left)>, Stopped> {
    let mut found = match Standing::find(new, planned, Some(bus), false).await {
        Ok(standing) => vec![(standing.work, standing.left.of_its_bus())],
        Err(stopped) if is_denied(&stopped.failure) => Vec::new(),
        Err(stopped) => return Err(stopped),
    };
    // Where no target was made yet, nothing on the bus tells of a function of the user's.
    for work in [old, new].map(|work| work.on_bus(bus)) {
        if !work.spec.manages_function() {
            found.extend(permission_alone(work).await?);
        }
    }
    Ok(found)
}

/// The permission of this work, where it is there.
async fn permission_alone(work: Work<'_>) -> Result<Option<(Work<'_>, Left)>, Stopped> {
    let permission = where_allowed(true, permission::look(&work));
    let permission = permission.await.of(Part::Permission)?;
    let going = Going {
        permission: permission.is_there(),
        ..Going::default()
    };
    let actual = Actual {
        permission,
        ..Actual::default()
    };
    Ok((!going.is_nothing()).then_some((work, Left { actual, going })))
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
    if actual.bus.is_some() && is_in_use(&own, &actual).await? {
        actual.bus = None;
    }
    // Pipelines on other buses may have the name too; on the buses of old and new, just this one.
    keep_parts(&mut actual, |tags| {
        bus_of(tags).is_some_and(|bus| [old, new].iter().any(|work| work.names.bus == bus))
    });
    let mut going = unknown.of_whats_there(&own, &actual);
    // It may be one that `retain_table` kept.
    if going.table {
        going.table = false;
        tell_kept_table(new, out);
    }
    Ok((!going.is_nothing()).then_some((own, Left { actual, going })))
}

/// Whether the own bus is more than what an interrupted move made: it was left to others, a
/// part's tag names it, or it has the rule. What may not be looked at is taken for that.
async fn is_in_use(own: &Work<'_>, actual: &Actual) -> Result<bool, Stopped> {
    let left = actual.bus.as_ref();
    let is_left = left.is_some_and(|seen| bus::is_left_to_others(own, seen));
    if is_left || actual.named_buses(own).any(|bus| bus == own.names.bus) {
        return Ok(true);
    }
    match rule::look(own).await {
        Err(failure) if is_denied(&failure) => Ok(true),
        rule => Ok(rule.of(Part::Rule)?.is_some()),
    }
}

/// Drops all parts but the bus whose tags are others.
fn keep_parts(actual: &mut Actual, keeps: impl Fn(&Tags) -> bool) {
    actual.table = actual.table.take().filter(|seen| keeps(&seen.tags));
    actual.queue = actual.queue.take().filter(|seen| keeps(&seen.tags));
    actual.log_group = actual.log_group.take().filter(|seen| keeps(&seen.tags));
    let function = actual.function.take();
    actual.function = function.filter(|seen| keeps(&seen.function.tags));
    actual.roles.retain(|seen| keeps(&seen.role.tags));
}

/// The permission on a function that the target on the bus of `there` still invokes, though it
/// is neither's.
async fn of_the_target<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    there: &Work<'a>,
    target: Option<&Target>,
    planned: &Value,
) -> Result<Option<(Work<'a>, Left)>, Stopped> {
    let Some(target) = target else {
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
    permission_alone(work.on_bus(&there.names.bus)).await
}

/// Takes back what a failed change made and nothing would tell of later: the permission on a
/// function of the user's that the target does not invoke yet, and the rule on another bus while
/// the old one still hands events over. What cannot be taken back is warned of.
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
        if is_told_by_nothing(old, new) && was.rule.is_none() && own_target(old).await?.is_some() {
            if rule::look(&work).await?.is_some() {
                let ids = own_target(&work).await?.map(|target| target.id);
                let bus = &work.spec.event_bus_name;
                target::remove(&work, bus, ids.as_slice()).await?;
                rule::remove(&work, bus).await?;
            }
            if !was.permission.is_there() && permission::look(&work).await?.is_there() {
                permission::remove(&work).await?;
            }
        } else if !new.spec.manages_function()
            && place(old) != place(new)
            && !was.permission.is_there()
            && !own_target(&work)
                .await?
                .is_some_and(|own| target::invokes_ours(&work, &own))
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
                "{error}\n\nIt may be the rule {} on bus {} with its target, and the permission {} on {}. Apply \
                 again to go on with the change. If it is not to be: remove them yourself, for no later run knows \
                 of them.",
                new.spec.name,
                new.names.bus,
                new.names.statement_id(),
                function_arn(&new.spec, &new.names)
            ),
        );
    }
}

/// Whether a move that failed has gone so far that the pipeline is on the new bus: the old one
/// hands nothing over any more, and no part has a tag that would tell.
pub async fn has_moved(old: &Work<'_>, new: &Work<'_>) -> bool {
    let Ok(at) = new.at.uncancelled().await else {
        return false;
    };
    let looking = async {
        let (old, new) = (old.with(&at), new.with(&at));
        Ok::<_, Failure>(own_target(&old).await?.is_none() && own_target(&new).await?.is_some())
    };
    is_told_by_nothing(old, new) && looking.await.unwrap_or(false)
}

async fn own_target(work: &Work<'_>) -> Result<Option<Target>, Failure> {
    let targets = target::look(work).await?;
    Ok(target::own(work, &targets).cloned())
}

/// Whether a move between buses changes no tag of any part, for all of them are the user's.
fn is_told_by_nothing(old: &Work<'_>, new: &Work<'_>) -> bool {
    let spec = &new.spec;
    let has_tags = spec.manages_table() || spec.manages_queue() || spec.manages_function();
    old.names.bus != new.names.bus && !has_tags && !spec.owns_bus()
}

/// Looks at the parts that may be left, and may be looked at: an operator of a pipeline
/// with parts of the user's may have no right to others, nor a way to their services.
pub async fn look(own: &Work<'_>, unknown: Going) -> Result<Actual, Stopped> {
    let mut actual = Actual {
        bus: where_reachable(unknown.bus, bus::look(own))
            .await
            .of(Part::Bus)?,
        table: where_reachable(unknown.table, table::look(own))
            .await
            .of(Part::Table)?,
        queue: where_reachable(unknown.queue, queue::look(own))
            .await
            .of(Part::Queue)?,
        roles: where_reachable(unknown.roles, role::look(own))
            .await
            .of(Part::Role)?,
        ..Actual::default()
    };
    actual.log_group = where_reachable(unknown.function, log_group::look(own))
        .await
        .of(Part::LogGroup)?;
    actual.function = where_reachable(unknown.function, function::look(own))
        .await
        .of(Part::Function)?;
    Ok(actual)
}
