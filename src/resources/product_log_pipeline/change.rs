//! What an update does, and the second half of a create: the parts are brought to the
//! configuration, then goes what that leaves behind.

use super::assemble::{assemble, check};
use super::dismantle::{Going, Left, dismantle};
use super::losses::{When, look_first};
use super::release::release;
use super::standing::{may_move, take_over, was_taken_over};
use super::survey::{Actual, survey};
use super::work::{In, Part, Stopped, Work};
use super::{parts, remnants, undo};
use crate::provider::{Diagnostics, Value};

/// Brings the pipeline from `old` to `new`; `None` when that was refused before anything was
/// touched, else the function's role.
pub async fn change(
    old: &Work<'_>,
    new: &Work<'_>,
    planned: &Value,
    out: &mut Diagnostics,
) -> Result<Option<Option<String>>, Stopped> {
    let moves = old.names.bus != new.names.bus;
    let mut going = Going::left_behind(old, new);
    if moves && was_taken_over(old) {
        going = Going::default();
        out.warning(
            format!("Left pipeline {} in place on bus {}", old.spec.name, old.names.bus),
            "This run made it there or took it over for another address, so this one only moves away from it.",
        );
    }
    // A deposed object of this address is the same pipeline: its destroy would take all away.
    take_over(old);
    let left = match going.is_nothing() {
        true => None,
        false => {
            let actual = survey(old).await?;
            look_first(old, &actual, going, When::Apply, out).await?;
            Some(Left { actual, going })
        }
    };
    if out.has_errors() {
        return Ok(None);
    }
    let actual = survey(new).await?;
    if !check(new, &actual, out) || moves && !may_move(new, &actual, planned, out).await? {
        return Ok(None);
    }
    let before = left.as_ref().map(|left| &left.actual);
    let remnants = remnants::find(old, new, &actual, before, planned, out).await?;
    if out.has_errors() {
        return Ok(None);
    }
    let left = left.iter().map(|left| (old, left));
    let left = left.chain(remnants.iter().map(|(work, left)| (work, left)));
    let done = bring_about(new, &actual, left, out).await;
    if done.is_err() {
        undo::take_back(old, new, &actual, planned, out).await;
    }
    let role_arn = done?;
    release(old, Some(new), planned, out).await?;
    Ok(Some(role_arn))
}

/// Makes and mends the parts, then takes away what is left of the pipeline as it was.
pub async fn bring_about<'l>(
    new: &Work<'_>,
    actual: &Actual,
    left: impl Iterator<Item = (&'l Work<'l>, &'l Left)>,
    out: &mut Diagnostics,
) -> Result<Option<String>, Stopped> {
    let role_arn = assemble(new, actual, out).await?;
    for (old, left) in left {
        leave_behind(new, old, left, out).await?;
    }
    // A role whose path was changed was made anew; the function has left the old one.
    if new.spec.manages_role() {
        // By its name: the new one may have that of one that gave way to it.
        let in_force = role_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        let stale = actual
            .roles
            .iter()
            .filter(|r| new.names.owns(&r.role.tags) && Some(r.role.name.as_str()) != in_force);
        for seen in stale {
            parts::role::remove(new, &seen.role, out)
                .await
                .of(Part::Role)?;
        }
    }
    Ok(role_arn)
}

/// Takes away what is left, but for an owned bus that others use: it is told from what an
/// interrupted run made by its tag, which names the bus of `new`.
pub async fn leave_behind(
    new: &Work<'_>,
    old: &Work<'_>,
    Left { actual, going }: &Left,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    let mut going = *going;
    if going.bus
        && !parts::bus::others_rules(old, actual.rule.as_ref())
            .await
            .of(Part::Bus)?
            .is_empty()
    {
        going.bus = false;
        let done = parts::bus::leave_to_others(old, actual.bus.as_ref(), &new.names.bus);
        done.await.of(Part::Bus)?;
        out.warning(
            format!("Left event bus {} in place", old.names.bus),
            "It holds rules of others. It is no longer managed by this pipeline.",
        );
    }
    dismantle(old, actual, going, out).await
}
