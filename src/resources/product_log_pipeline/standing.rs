//! What stands already where a pipeline is to be made. An interrupted run's parts are
//! gone on with, and what the configuration has no use for goes. A complete pipeline is
//! taken over as an import and an update would, where it may be.

use super::dismantle::{Going, Left};
use super::life::doing;
use super::losses::{When, look_first};
use super::survey::{Actual, survey};
use super::work::{In, Part, Stopped, Work};
use super::{TYPE, import, parts, schema};
use crate::provider::{Diagnostics, Value};
use crate::resources::shared::adopt::{Existing, Verdict};

/// The pipeline of that name as it stands.
pub struct Standing<'a> {
    /// With the parts that it has, which may be others than the configuration's.
    pub work: Work<'a>,
    /// What the configuration has no use for.
    pub left: Left,
    pub is_complete: bool,
    /// Whether its table stays beside the one that the configuration names.
    keeps_table: bool,
    like: Value,
}

impl<'a> Standing<'a> {
    /// Looks where something may stand that the configuration does not have.
    pub async fn look(
        work: &Work<'a>,
        actual: &Actual,
        planned: &Value,
    ) -> Result<Option<Self>, Stopped> {
        let is_complete = actual.is_complete(work);
        if !is_complete && work.spec.manages_all() && actual.other_bus(work).is_none() {
            return Ok(None);
        }
        // What an interrupted run left may be on another bus: its tags tell.
        let bus = is_complete.then_some(work.spec.event_bus_name.as_str());
        match Self::find(work, planned, bus, is_complete).await {
            // What is not asked for, and may not be looked at, stays.
            Err(_) if !is_complete => Ok(None),
            // A whole one on another bus is not what an interrupted run left.
            Ok(found) if !is_complete && found.left.actual.is_complete(&found.work) => Ok(None),
            found => found.map(Some),
        }
    }

    /// The pipeline of that name on `bus`, or where its tags say.
    pub async fn find(
        work: &Work<'a>,
        planned: &Value,
        bus: Option<&str>,
        is_complete: bool,
    ) -> Result<Self, Stopped> {
        let like = import::as_found(work.at, planned, bus)
            .await
            .of(Part::Function)?;
        let old = Work::on(work.at, &like, "create", &mut Diagnostics::new())
            .await
            .of(Part::Bus)?;
        let actual = survey(&old).await?;
        let mut going = Going::left_behind(&old, work).of_whats_there(&old, &actual);
        // A table without the rest may be one that `retain_table` kept.
        let keeps_table = going.table && !is_complete;
        going.table &= is_complete;
        Ok(Self {
            work: old,
            left: Left { actual, going },
            is_complete,
            keeps_table,
            like,
        })
    }

    /// Whether it may become what is planned, before anything is touched.
    pub async fn may_become(
        &self,
        work: &Work<'_>,
        planned: &Value,
        out: &mut Diagnostics,
    ) -> bool {
        let Left { actual, going } = &self.left;
        if self.is_complete {
            let state = actual.state(&self.work, &self.like);
            if judge(&self.work, planned, &state, out) == Verdict::Refuse {
                return false;
            }
        } else if self.keeps_table {
            tell_kept_table(work, out);
        }
        let looked = look_first(&self.work, actual, *going, When::Apply, out).await;
        if let Err(stopped) = looked {
            stopped.tell(out, &doing("Creating", work), "Nothing was made.");
        }
        !out.has_errors()
    }
}

/// Says that the pipeline's own table is not the one in use, and stays.
pub fn tell_kept_table(work: &Work<'_>, out: &mut Diagnostics) {
    let name = &work.spec.name;
    out.warning(
        format!("Table {name} stays beside {}", work.spec.table_name()),
        "It has the pipeline's tag, and `log_table.arn` names another one. An interrupted run made it, or \
         `retain_table` kept it. Delete it if nobody needs it.",
    );
}

/// Compares a complete pipeline that is there with the configuration.
fn judge(work: &Work<'_>, planned: &Value, actual: &Value, out: &mut Diagnostics) -> Verdict {
    let block = schema::schema().block;
    let mut planned = planned.clone();
    if planned.get("event_bus_name").as_str() == Some("") {
        planned.set("event_bus_name", work.spec.name.as_str());
    }
    let planned = &planned;
    let existing = Existing {
        type_name: TYPE,
        object: format!("product log pipeline {:?}", work.spec.name),
        import_id: import_id(work),
        block: &block,
        adopt: planned.get("adopt").as_bool() == Some(true),
        planned,
        actual,
        not_compared: &["tests", "force_destroy", "retain_table", "smoke_test"],
    };
    existing.judge(out)
}

/// Refuses to take the parts away from a complete pipeline of the same name on another bus.
pub async fn refuses_another(work: &Work<'_>, actual: &Actual, out: &mut Diagnostics) -> bool {
    let Some(bus) = actual.other_bus(work) else {
        return false;
    };
    let name = &work.spec.name;
    // One that another address has begun in this run is no interrupted run's.
    let is_begun = was_taken_over(&work.on_bus(bus));
    let is_complete = parts::rule::is_complete_on(work, bus).await;
    match is_complete.of(Part::Rule).map(|is| is || is_begun) {
        Ok(false) => return false,
        Ok(true) => out.error(
            format!("Product log pipeline {name:?} exists already, on bus {bus:?}"),
            format!(
                "Its parts are named after it, so there is one of a name in an account and region. Nothing was \
                 touched. Choose another `name`; or, to manage that one and move it, import it and apply:\n\n\
                 import {{\n  to = {TYPE}.NAME\n  id = \"{bus}/{name}\"\n}}"
            ),
        ),
        Err(stopped) => stopped.tell(out, &doing("Creating", work), "Nothing was made."),
    }
    true
}

/// Whether the pipeline may move to the bus of `new`: a whole one of its name there is taken over
/// as a create would, unless parts' tags tell that an interrupted run has moved this one.
pub async fn may_move(
    new: &Work<'_>,
    actual: &Actual,
    planned: &Value,
    out: &mut Diagnostics,
) -> Result<bool, Stopped> {
    let has_moved = actual.named_buses(new).any(|bus| bus == new.names.bus);
    if has_moved || !actual.is_complete(new) {
        take_over(new);
        return Ok(true);
    }
    let found = Standing::find(new, planned, Some(&new.spec.event_bus_name), true).await?;
    let state = found.left.actual.state(&found.work, &found.like);
    let may = judge(&found.work, planned, &state, out) != Verdict::Refuse;
    if may {
        take_over(new);
    }
    Ok(may)
}

/// Has a destroy or a move of its other address in this run leave the pipeline where it is.
pub fn take_over(work: &Work<'_>) {
    let at = work.at;
    at.ctx().take_over(TYPE, at.region_name(), &place(work));
}

/// Whether this run made the pipeline for another object, changed it there, or took it over.
pub fn was_taken_over(work: &Work<'_>) -> bool {
    let at = work.at;
    at.ctx()
        .was_taken_over(TYPE, at.region_name(), &place(work))
}

/// One of a name may be on each bus.
fn place(work: &Work<'_>) -> String {
    format!("{}/{}", work.names.bus, work.spec.name)
}

fn import_id(work: &Work<'_>) -> String {
    match work.spec.owns_bus() {
        true => work.spec.name.clone(),
        false => format!("{}/{}", work.names.bus, work.spec.name),
    }
}
