//! Takes parts away: all of them at destroy, or those that an update leaves
//! behind.

use super::documents::{self, function_place as place};
use super::names::Names;
use super::parts::{bus, function, log_group, permission, queue, role, rule, table, target};
use super::spec::Spec;
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work};
use crate::aws::Tags;
use crate::provider::Diagnostics;

/// The parts that are to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Going {
    pub bus: bool,
    pub table: bool,
    pub queue: bool,
    pub roles: bool,
    pub function: bool,
    /// Rule and target.
    pub rule: bool,
    pub permission: bool,
}

impl Going {
    /// Every part that the pipeline made.
    pub fn all(work: &Work<'_>) -> Self {
        let spec = &work.spec;
        Self {
            bus: spec.owns_bus(),
            table: spec.manages_table() && !spec.retain_table,
            queue: spec.manages_queue(),
            roles: spec.manages_function(),
            function: spec.manages_function(),
            rule: true,
            permission: true,
        }
    }

    /// What an update from `old` to `new` leaves behind. A part whose own ARN is given
    /// from now on is not: it is in use, and the user's.
    pub fn left_behind(old: &Work<'_>, new: &Work<'_>) -> Self {
        let moved = old.names.bus != new.names.bus;
        let (was, is) = (&old.spec, &new.spec);
        let others = |arn: fn(&Spec, &Names) -> String| arn(was, &old.names) != arn(is, &new.names);
        let function = was.manages_function() && others(|spec, names| place(spec, names).0);
        let role_given = is.log_function.role_arn.as_deref();
        let gives_own_role = role_given.is_some_and(|arn| new.names.is_role(arn));
        Self {
            bus: moved && was.owns_bus(),
            table: was.manages_table()
                && others(documents::table_arn)
                && !(was.retain_table || is.retain_table),
            queue: was.manages_queue() && others(documents::queue_arn),
            // A function that is given keeps its role and log group.
            roles: was.manages_role()
                && !is.manages_role()
                && (function || is.manages_function())
                && !gives_own_role,
            function,
            rule: moved,
            permission: moved || place(was, &old.names) != place(is, &new.names),
        }
    }

    /// Without what a pipeline with these arguments makes.
    pub fn without_parts_of(self, spec: &Spec) -> Self {
        Self {
            bus: self.bus && !spec.owns_bus(),
            table: self.table && !spec.manages_table(),
            queue: self.queue && !spec.manages_queue(),
            roles: self.roles && !spec.manages_role(),
            function: self.function && !spec.manages_function(),
            rule: false,
            permission: false,
        }
    }

    /// Without parts of the user's.
    pub fn without(self, users: Self) -> Self {
        Self {
            bus: self.bus && !users.bus,
            table: self.table && !users.table,
            queue: self.queue && !users.queue,
            roles: self.roles && !users.roles,
            function: self.function && !users.function,
            ..self
        }
    }

    /// Only what is there and has the pipeline's tag.
    pub fn of_whats_there(self, work: &Work<'_>, actual: &Actual) -> Self {
        let owns = |tags: Option<&Tags>| tags.is_some_and(|tags| work.names.owns(tags));
        let of_function = actual.function.as_ref().map(|seen| &seen.function.tags);
        let of_log_group = actual.log_group.as_ref().map(|seen| &seen.tags);
        Self {
            bus: self.bus && owns(actual.bus.as_ref().map(|seen| &seen.tags)),
            table: self.table && actual.owns_table(work),
            queue: self.queue && owns(actual.queue.as_ref().map(|seen| &seen.tags)),
            roles: self.roles && actual.roles.iter().any(|seen| owns(Some(&seen.role.tags))),
            function: self.function && (owns(of_function) || owns(of_log_group)),
            rule: self.rule && owns(actual.rule.as_ref().map(|seen| &seen.tags)),
            permission: self.permission && actual.permission.is_there(),
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What is left of a pipeline as it was, and which of it is to go.
pub struct Left {
    pub actual: Actual,
    pub going: Going,
}

impl Left {
    /// Only bus, rule, target and permission.
    pub fn of_its_bus(self) -> Self {
        let going = Going {
            bus: self.going.bus,
            rule: self.going.rule,
            permission: self.going.permission,
            ..Going::default()
        };
        Self { going, ..self }
    }
}

/// Takes the parts away, last made first. What someone put in a part's place
/// since is not the pipeline's, and stays.
pub async fn dismantle(
    work: &Work<'_>,
    actual: &Actual,
    going: Going,
    out: &mut Diagnostics,
) -> Result<(), Stopped> {
    let bus = &work.spec.event_bus_name;
    if going.rule {
        let is_ours = actual
            .rule
            .as_ref()
            .is_some_and(|seen| ours(work, Part::Rule, &seen.tags, out));
        let mut ids: Vec<String> = target::own(work, &actual.targets)
            .filter(|target| is_ours || target::invokes_ours(work, target))
            .map(|target| target.id.clone())
            .into_iter()
            .collect();
        if is_ours {
            ids.extend(rule::others(work, &actual.targets));
        }
        target::remove(work, bus, &ids).await.of(Part::Target)?;
        if is_ours {
            rule::remove(work, bus).await.of(Part::Rule)?;
        }
    }
    if going.permission && actual.permission.is_there() {
        permission::remove(work).await.of(Part::Permission)?;
    }
    if going.function {
        if actual
            .function
            .as_ref()
            .is_some_and(|seen| ours(work, Part::Function, &seen.function.tags, out))
        {
            function::remove(work).await.of(Part::Function)?;
        }
        if actual
            .log_group
            .as_ref()
            .is_some_and(|seen| ours(work, Part::LogGroup, &seen.tags, out))
        {
            log_group::remove(work).await.of(Part::LogGroup)?;
        }
    }
    if going.roles {
        // One whose own ARN is given is the user's.
        let given = work.spec.log_function.role_arn.as_ref();
        for seen in actual
            .roles
            .iter()
            .filter(|seen| work.names.owns(&seen.role.tags) && given != Some(&seen.role.arn))
        {
            role::remove(work, &seen.role, out).await.of(Part::Role)?;
        }
    }
    if going.queue
        && let Some(seen) = &actual.queue
        && ours(work, Part::Queue, &seen.tags, out)
    {
        queue::remove(work, seen).await.of(Part::Queue)?;
    }
    if going.table
        && actual
            .table
            .as_ref()
            .is_some_and(|seen| ours(work, Part::Table, &seen.tags, out))
    {
        table::remove(work).await.of(Part::Table)?;
    }
    if going.bus
        && actual
            .bus
            .as_ref()
            .is_some_and(|seen| ours(work, Part::Bus, &seen.tags, out))
    {
        bus::remove(work).await.of(Part::Bus)?;
    }
    Ok(())
}

fn ours(work: &Work<'_>, part: Part, tags: &Tags, out: &mut Diagnostics) -> bool {
    let ours = work.names.owns(tags);
    if !ours {
        out.warning(
            format!("Left the {} of {} in place", part.title(), work.spec.name),
            "It no longer has the pipeline's tag, so it is somebody else's now.",
        );
    }
    ours
}
