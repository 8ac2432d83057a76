//! Create, read, update and delete of a pipeline.

use super::assemble::check;
use super::change::{bring_about, change, leave_behind};
use super::dismantle::{Going, dismantle};
use super::losses::{When, look_first, refuse_shared_bus};
use super::plan::NO_CALL;
use super::release::release;
use super::standing::{Standing, refuses_another, take_over, was_taken_over};
use super::survey::{results, survey};
use super::work::{In, Part, Stopped, Work};
use super::{remnants, schema, smoke_test, undo};
use crate::provider::{Call, Diagnostics, State, Value, fill_defaults, schema::same};
use crate::resources::context::{At, Context};
use crate::resources::shared::adopt;
use crate::resources::shared::import;
use crate::resources::shared::seen::Seen;

/// The pipeline as it is; `None` when nothing of it is left.
pub async fn read(call: Call<'_, Context>, state: &Value, out: &mut Diagnostics) -> Option<State> {
    let at = call.ctx.at(call, state, out).await?;
    let mut work = begin(&at, state, "create", "reading", out).await?;
    let actual = match survey(&work).await {
        Ok(actual) => actual,
        Err(stopped) => {
            stopped.tell(out, &doing("Reading", &work), "Nothing was changed.");
            return None;
        }
    };
    if state.get("tags_all").is_null() {
        // After an import: the rule's tags are those that the other parts should have.
        work.spec.tags_all = actual.users_tags(&work);
    }
    (!actual.is_gone(&work)).then(|| stored(&at, actual.state(&work, &filled(state))))
}

/// Makes the pipeline, goes on with one that an interrupted run left, or takes
/// over a complete one.
pub async fn create(
    call: Call<'_, Context>,
    planned: &Value,
    out: &mut Diagnostics,
) -> Option<State> {
    let at = call.ctx.at(call, planned, out).await?;
    let work = begin(&at, planned, "create", "creating", out).await?;
    let _alone = alone(&work).await;
    let actual = match survey(&work).await {
        Ok(actual) => actual,
        Err(stopped) => {
            stopped.tell(out, &doing("Creating", &work), NOT_MADE);
            return None;
        }
    };
    if !check(&work, &actual, out) || refuses_another(&work, &actual, out).await {
        return None;
    }
    let standing = match Standing::look(&work, &actual, planned).await {
        Ok(standing) => standing,
        Err(stopped) => {
            stopped.tell(out, &doing("Creating", &work), "Nothing was made.");
            return None;
        }
    };
    if let Some(standing) = &standing
        && !standing.may_become(&work, planned, out).await
    {
        return None;
    }
    let takes_over = standing.as_ref().is_some_and(|s| s.is_complete);
    // What stands becomes this address's, whole or not. So does what is made now: of one that
    // failed twice, Terraform destroys two old objects.
    take_over(&work);
    if let Some(found) = &standing
        && !found.left.actual.is_gone(&found.work)
    {
        take_over(&found.work);
    }
    let left = standing.iter().map(|s| (&s.work, &s.left));
    let role_arn = match bring_about(&work, &actual, left, out).await {
        Ok(role_arn) => role_arn,
        Err(stopped) => {
            let doing = doing("Creating", &work);
            // Of one that was there before, no state: it would be tainted.
            if takes_over {
                stopped.tell(out, &doing, STAYS);
                return None;
            }
            let made = match look_again(&at, planned, "create").await {
                Seen::There(state) => Some(stored(&at, state)),
                Seen::Gone => None,
                Seen::NoAnswer => at.region().has_written().then(|| {
                    let mut state = adopt::filled(planned, &Value::Null);
                    results(&work, None, &mut state);
                    stored(&at, state)
                }),
            };
            let go_on = if made.is_some() { GO_ON } else { NOT_MADE };
            stopped.tell(out, &doing, go_on);
            return made;
        }
    };
    let mut state = planned.clone();
    state.set("drift", Value::Null);
    results(&work, role_arn, &mut state);
    if work.spec.smoke_test.is_some() {
        let verdict = smoke_test::run(&work).await;
        state.set("smoke_test_passed", verdict.is_ok());
        if let Err(problem) = verdict {
            // An error would taint a pipeline whose parts are all right.
            out.warning(
                format!("The smoke test of pipeline {} failed", work.spec.name),
                format!("{problem}\n\nThe pipeline was made. The next plan shows an update that runs the test again."),
            );
        }
    }
    Some(stored(&at, state))
}

/// Changes the pipeline in place, then takes away what the change leaves behind.
pub async fn update(
    call: Call<'_, Context>,
    prior: &Value,
    planned: &Value,
    out: &mut Diagnostics,
) -> Option<State> {
    let at = call.ctx.at(call, planned, out).await?;
    if only_ours_changes(prior, planned) {
        return Some(stored(&at, planned.clone()));
    }
    let old = begin(&at, prior, "update", "updating", out).await?;
    let new = begin(&at, planned, "update", "updating", out).await?;
    let _alone = alone(&new).await;
    let result = change(&old, &new, planned, out).await;
    let role_arn = match result {
        Ok(Some(role_arn)) => role_arn,
        // Refused before anything was touched.
        Ok(None) => return None,
        Err(stopped) => {
            stopped.tell(
                out,
                &doing("Updating", &new),
                "Apply again to go on from there.",
            );
            let mut like = prior.clone();
            if undo::has_moved(&old, &new).await {
                for argument in ["event_bus_name", "owns_event_bus"] {
                    like.set(argument, planned.get(argument).clone());
                }
            }
            return match look_again(&at, &like, "update").await {
                Seen::There(state) => Some(stored(&at, state)),
                // With an error and no state, Terraform keeps the prior one.
                Seen::Gone | Seen::NoAnswer => None,
            };
        }
    };
    let mut state = planned.clone();
    results(&new, role_arn, &mut state);
    if new.spec.smoke_test.is_some() {
        let verdict = smoke_test::run(&new).await;
        state.set("smoke_test_passed", verdict.is_ok());
        if let Err(problem) = verdict {
            out.error(
                format!("The smoke test of pipeline {} failed", new.spec.name),
                problem,
            );
        }
    }
    Some(stored(&at, state))
}

/// Refuses a destroy at plan that this run cannot make possible.
pub async fn plan_destroy(call: Call<'_, Context>, prior: &Value, out: &mut Diagnostics) {
    let Some(at) = call.ctx.at(call, prior, out).await else {
        return;
    };
    let Some(work) = begin(&at, prior, "delete", "planning the destruction of", out).await else {
        return;
    };
    // The delete will leave it: a replacement that was created before it is the same pipeline.
    if was_taken_over(&work) {
        return;
    }
    let looked = async {
        let actual = survey(&work).await?;
        look_first(&work, &actual, Going::all(&work), When::Plan, out).await
    };
    if let Err(stopped) = looked.await {
        stopped.tell(
            out,
            &doing("Planning the destruction of", &work),
            "Nothing was changed.",
        );
    }
}

/// Takes everything away that the pipeline made, after looking again.
pub async fn delete(
    call: Call<'_, Context>,
    prior: &Value,
    out: &mut Diagnostics,
) -> Option<State> {
    let at = call.ctx.at(call, prior, out).await?;
    let work = begin(&at, prior, "delete", "deleting", out).await?;
    let _alone = alone(&work).await;
    if was_taken_over(&work) {
        out.warning(
            format!("Left pipeline {} in place", work.spec.name),
            "Another object of this run has it by now (its replacement, or another address), so this one only leaves the \
             state.",
        );
        return None;
    }
    let going = Going::all(&work);
    let removed = async {
        let actual = survey(&work).await?;
        look_first(&work, &actual, going, When::Apply, out).await?;
        refuse_shared_bus(&work, &actual, going, out).await?;
        let remnants = remnants::find(&work, &work, &actual, None, prior, out).await?;
        if out.has_errors() {
            return Ok(());
        }
        release(&work, None, prior, out).await?;
        // First, for the tags that tell of them go with the parts.
        for (old, left) in &remnants {
            leave_behind(&work, old, left, out).await?;
        }
        dismantle(&work, &actual, going, out).await
    };
    let Err(stopped) = removed.await else {
        return None;
    };
    let left = match look_again(&at, prior, "delete").await {
        // All of it is gone, whatever became of the last call: that is what was asked for.
        Seen::Gone => return None,
        Seen::There(state) => Some(stored(&at, state)),
        // With an error and no state, Terraform keeps the prior one.
        Seen::NoAnswer => None,
    };
    stopped.tell(
        out,
        &doing("Deleting", &work),
        "What is gone is gone; destroy again to go on from there.",
    );
    left
}

const NOT_MADE: &str = "Nothing was made. Apply again once this is mended.";
const STAYS: &str = "The pipeline was there before, so it stays out of the state until an apply brings it to the \
                     configuration. Apply again to go on from there.";
const GO_ON: &str = "What was made is in the state, tainted: the next apply replaces it. To go on from there instead, \
                     run `terraform untaint` with this resource's address, then apply.";

async fn begin<'a>(
    at: &'a At<'a>,
    value: &Value,
    operation: &str,
    doing: &str,
    out: &mut Diagnostics,
) -> Option<Work<'a>> {
    match Work::on(at, &filled(value), operation, out).await {
        Ok(work) => Some(work),
        Err(failure) => {
            let name = value.get("name").as_str().unwrap_or_default();
            failure.tell(out, &format!("{doing} product log pipeline {name:?}"));
            None
        }
    }
}

/// Pipelines of one name on several buses are worked on one after the other: what one of
/// them has made so far would look to the others like something that is left.
async fn alone(work: &Work<'_>) -> impl Drop + use<> {
    let locks = work.at.region().locks();
    locks.hold(&format!("pipeline {}", work.spec.name)).await
}

pub fn doing(verb: &str, work: &Work<'_>) -> String {
    format!("{verb} product log pipeline {:?}", work.spec.name)
}

/// Arguments that are null (after an import, or in a state of before) as their defaults.
pub fn filled(value: &Value) -> Value {
    let mut filled = value.clone();
    fill_defaults(&schema::schema().block, &mut filled);
    filled
}

/// What is true after a failure. AWS is asked even when Terraform is told to
/// stop: what is not in the state is lost.
async fn look_again(at: &At<'_>, like: &Value, operation: &str) -> Seen {
    let Ok(at) = at.uncancelled().await else {
        return Seen::NoAnswer;
    };
    let looking = async {
        let like = filled(like);
        let work = Work::on(&at, &like, operation, &mut Diagnostics::new()).await;
        let work = work.of(Part::Bus)?;
        let actual = survey(&work).await?;
        if actual.is_gone(&work) {
            return Ok::<_, Stopped>(None);
        }
        // `drift` is what differs from the state that is told, not from the one before.
        let told = filled(&actual.state(&work, &like));
        let work = Work::on(&at, &told, operation, &mut Diagnostics::new()).await;
        Ok(Some(actual.state(&work.of(Part::Bus)?, &told)))
    };
    Seen::by(looking).await
}

/// Whether nothing changes but what AWS never hears of.
fn only_ours_changes(prior: &Value, planned: &Value) -> bool {
    let schema = schema::schema();
    schema
        .block
        .attributes
        .iter()
        .filter(|a| !NO_CALL.contains(&a.name))
        .all(|a| same(&a.ty(), prior.get(a.name), planned.get(a.name)))
}

fn stored(at: &At<'_>, state: Value) -> State {
    let owns = state.get("owns_event_bus").as_bool() == Some(true);
    let name = state.get("name").as_str().unwrap_or_default().to_owned();
    let bus = state
        .get("event_bus_name")
        .as_str()
        .filter(|_| !owns)
        .unwrap_or_default()
        .to_owned();
    let identity = import::identity_in(at, &[("name", &name), ("event_bus_name", &bus)]);
    State::from(state).identified(identity)
}
