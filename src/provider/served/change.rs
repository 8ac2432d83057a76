//! Reading, planning and applying one object: the part that is the same for
//! every resource.

use super::super::diagnostic::Diagnostics;
use super::super::path::Path;
use super::super::plan::Plan;
use super::super::resource::{Call, Create, Resource, State, Update};
use super::super::schema::Block;
use super::super::server::{ApplyRequest, PlanRequest, Planned, ResourceSchema, Stored};
use super::super::value::Value;
use super::{fit, fit_stored};

/// The object as it is now; null when it is gone, as it was on errors.
pub async fn read<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    call: Call<'_, Ctx>,
    current: Stored,
    out: &mut Diagnostics,
) -> Stored {
    match resource.read(call, &current.value, out).await {
        Some(state) => stored(&schema.schema.block, state, &current, out),
        None if out.has_errors() => current,
        None => Stored {
            value: Value::Null,
            ..current
        },
    }
}

/// The planned change of one object.
pub async fn plan<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    call: Call<'_, Ctx>,
    request: PlanRequest,
    out: &mut Diagnostics,
) -> Planned {
    if request.proposed.is_null() {
        resource.plan_destroy(call, &request.prior, out).await;
        let PlanRequest {
            prior_identity: identity,
            prior_private: private,
            ..
        } = request;
        return Planned {
            value: Value::Null,
            identity,
            private,
            requires_replace: Vec::new(),
        };
    }
    let block = &schema.schema.block;
    let prior = Some(&request.prior).filter(|prior| !prior.is_null());
    let mut plan = Plan::new(block, &request.config, prior);
    if prior.is_some() {
        plan.private = &request.prior_private;
    }
    plan_region(call, block, &mut plan);
    if block.find("tags_all").is_some() {
        let tags_all = call.conventions.plan_tags_all(plan.after("tags"));
        plan.set("tags_all", tags_all);
    }
    resource.plan(call, &mut plan, out);
    let requires_replace = plan.requires_replace();
    let value = fit(block, plan.planned, out);
    // Known on an update; a new object has no identity yet.
    let identity = if prior.is_some() && requires_replace.is_empty() {
        request.prior_identity
    } else {
        Value::Null
    };
    Planned {
        value,
        identity,
        private: request.prior_private,
        requires_replace,
    }
}

/// An unconfigured `region` is planned as the provider's. A state that never
/// knew its region (moved in from an older provider) is not replaced for it.
fn plan_region<Ctx>(call: Call<'_, Ctx>, block: &Block, plan: &mut Plan<'_>) {
    const REGION: &str = "region";
    if block.find(REGION).is_none() || !plan.config.get(REGION).is_null() {
        return;
    }
    let provider = &call.conventions.region;
    if provider.is_null() {
        return;
    }
    plan.set(REGION, provider.clone());
}

/// Carries out a planned change. What is returned is stored, errors or not.
pub async fn apply<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    call: Call<'_, Ctx>,
    request: ApplyRequest,
    out: &mut Diagnostics,
) -> Stored {
    let block = &schema.schema.block;
    let ApplyRequest {
        prior,
        planned,
        planned_identity,
        planned_private,
        config,
    } = request;
    let before = Stored {
        value: prior,
        identity: planned_identity,
        private: planned_private,
    };
    if planned.is_null() {
        let left = resource.delete(call, &before.value, out).await;
        return match left {
            Some(state) if out.has_errors() => stored(block, state, &before, out),
            _ if out.has_errors() => before,
            _ => Stored::default(),
        };
    }
    let creates = before.value.is_null();
    let state = if creates {
        resource
            .create(
                call,
                Create {
                    planned: &planned,
                    config: &config,
                },
                out,
            )
            .await
    } else {
        let (prior, private) = (&before.value, before.private.as_slice());
        resource
            .update(
                call,
                Update {
                    prior,
                    planned: &planned,
                    config: &config,
                    private,
                },
                out,
            )
            .await
    };
    match state {
        Some(state) => {
            let after = stored(block, state, &before, out);
            if after.identity.is_null() && creates && !out.has_errors() {
                tracing::debug!("created without an identity");
            }
            after
        }
        None => {
            if !out.has_errors() {
                out.error_at(
                    Path::root(),
                    "No answer from the provider",
                    "The change ended with neither a new state nor an error. \
                     This is a bug in the provider; please report it.",
                );
            }
            before
        }
    }
}

/// A state as it is stored: conformed, with the parts it left out taken from before.
fn stored(block: &Block, state: State, before: &Stored, out: &mut Diagnostics) -> Stored {
    Stored {
        value: fit_stored(block, state.value, out),
        identity: state.identity.unwrap_or_else(|| before.identity.clone()),
        private: state.private.unwrap_or_else(|| before.private.clone()),
    }
}
