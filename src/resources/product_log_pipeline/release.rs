//! Parts that the pipeline made, and that are the user's since the configuration gives their own
//! ARN (or names the bus). When the pipeline no longer uses one, its tags go from it: by them the
//! next change, destroy or create would take it for something that an interrupted run left.

use super::dismantle::Going;
use super::documents::{self, function_place};
use super::names::{BUS_TAG, PIPELINE_TAG};
use super::parts::rule;
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work, is_denied};
use super::{import, remnants};
use crate::aws::{AwsError, Tags};
use crate::provider::{Diagnostics, Value};

/// Parts of the user's that the pipeline made, and that `old` uses and `new` does not.
pub fn released(own: &Work<'_>, old: &Work<'_>, new: Option<&Work<'_>>) -> Going {
    let used = |uses: fn(&Work<'_>, &Work<'_>) -> bool| {
        uses(own, old) && !new.is_some_and(|new| uses(own, new))
    };
    let spec = &old.spec;
    Going {
        bus: !spec.owns_bus() && used(|own, work| work.names.bus == own.names.bus),
        table: !spec.manages_table()
            && used(|own, work| {
                documents::table_arn(&work.spec, &work.names) == own.names.table_arn()
            }),
        queue: !spec.manages_queue()
            && used(|own, work| {
                documents::queue_arn(&work.spec, &work.names) == own.names.queue_arn()
            }),
        function: !spec.manages_function() && used(uses_function),
        // A function that is given keeps its role.
        roles: !spec.manages_role() && used(uses_role),
        ..Going::default()
    }
}

fn uses_function(own: &Work<'_>, work: &Work<'_>) -> bool {
    function_place(&work.spec, &work.names).0 == own.names.function_arn()
}

fn uses_role(own: &Work<'_>, work: &Work<'_>) -> bool {
    let given = work.spec.log_function.role_arn.as_deref();
    match work.spec.manages_function() {
        true => work.spec.manages_role() || given.is_some_and(|arn| own.names.is_role(arn)),
        false => uses_function(own, work),
    }
}

/// Takes the tags from them.
pub async fn release(
    old: &Work<'_>,
    new: Option<&Work<'_>>,
    like: &Value,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    let own = import::with_own_parts(like);
    let own = Work::on(old.at, &own, "update", &mut Diagnostics::new())
        .await
        .of(Part::Bus)?;
    let released = released(&own, old, new);
    if released.is_nothing() {
        return Ok(());
    }
    let actual = remnants::look(&own, released).await?;
    if is_of_another(&own, old, new, &actual).await? {
        return Ok(());
    }
    let (events, region) = (own.at.events(), own.at.region());
    let keys = [PIPELINE_TAG, BUS_TAG].map(str::to_owned);
    let owns = |tags: &Tags| own.names.owns(tags);
    if let Some(seen) = actual.bus.filter(|seen| owns(&seen.tags)) {
        let done = events.untag(&seen.bus.arn, &keys).await;
        told(done, Part::Bus, &own.names.bus, out)?;
    }
    if let Some(seen) = actual.table.filter(|seen| owns(&seen.tags)) {
        let done = region.dynamodb().untag(&seen.table.arn, &keys).await;
        told(done, Part::Table, &own.names.pipeline, out)?;
    }
    if let Some(seen) = actual.queue.filter(|seen| owns(&seen.tags)) {
        let done = region.sqs().untag(&seen.url, &keys).await;
        told(done, Part::Queue, &own.names.pipeline, out)?;
    }
    if let Some(seen) = actual.function.filter(|seen| owns(&seen.function.tags)) {
        let done = region.lambda().untag(&seen.function.arn, &keys).await;
        told(done, Part::Function, &own.names.pipeline, out)?;
    }
    if let Some(seen) = actual.log_group.filter(|seen| owns(&seen.tags)) {
        let done = region.logs().untag(&seen.group.arn, &keys).await;
        told(done, Part::LogGroup, &own.names.log_group(), out)?;
    }
    for seen in actual.roles.iter().filter(|seen| owns(&seen.role.tags)) {
        let done = region.iam().untag(&seen.role.name, &keys).await;
        told(done, Part::Role, &seen.role.name, out)?;
    }
    Ok(())
}

/// Whether a whole pipeline of the name on another bus has the parts, as their tags tell.
/// What may not be looked at is taken for one.
async fn is_of_another(
    own: &Work<'_>,
    old: &Work<'_>,
    new: Option<&Work<'_>>,
    actual: &Actual,
) -> Result<bool, Stopped> {
    let is_ours = |bus: &str| old.names.bus == bus || new.is_some_and(|new| new.names.bus == bus);
    for bus in actual.named_buses(own).filter(|bus| !is_ours(bus)) {
        match rule::is_complete_on(own, bus).await {
            Ok(false) => {}
            Ok(true) => return Ok(true),
            Err(failure) if is_denied(&failure) => return Ok(true),
            failed => return failed.of(Part::Rule),
        }
    }
    Ok(false)
}

/// Whoever may not change the user's part is told of the tag.
fn told(
    done: Result<(), AwsError>,
    part: Part,
    name: &str,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    let done = done.of(part);
    match done {
        Err(stopped) if is_denied(&stopped.failure) => {
            out.warning(
                format!("The {} {name} keeps the pipeline's tag", part.title()),
                format!(
                    "It is yours since its own ARN was given, and the pipeline no longer uses it. By the tag \
                     {PIPELINE_TAG} a pipeline of that name would take it for its own, and the credentials may \
                     not remove it: remove it yourself, and {BUS_TAG}."
                ),
            );
            Ok(())
        }
        done => done,
    }
}
