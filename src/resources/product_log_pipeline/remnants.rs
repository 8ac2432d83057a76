//! What an interrupted change has left that neither the state nor the plan has: told by the
//! bus that parts' tags name or a permission is for, by the pipeline's tag on a part that would
//! be its own, and by the function that the target invokes.

use super::dismantle::{Going, Left};
use super::documents::function_arn;
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
    let buses = [Some(old.names.bus.as_str()), Some(&new.names.bus), of_tags];
    found.extend(of_own_parts(old, new, &buses, planned, out).await?);
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

/// Parts that have the pipeline's tag, where old and new have the user's. `buses` are those
/// on which no other pipeline has the name: of old, of new, and of an interrupted move.
async fn of_own_parts<'a>(
    old: &Work<'a>,
    new: &Work<'a>,
    buses: &[Option<&str>],
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
    // Pipelines on other buses may have the name too.
    keep_parts(&mut actual, |tags| {
        bus_of(tags).is_some_and(|bus| buses.contains(&Some(bus)))
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
