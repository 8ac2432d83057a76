//! One object's life: read, plan, apply. Whatever happens, its private bytes
//! and its identity go back: what is left out is erased.

use super::answer::{answer, read as value, read_identity, resource_span, write, write_identity};
use super::{Reply, Service};
use crate::plugin::codec::diagnostic::{encode_all, encode_path};
use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::{ApplyRequest, PlanRequest, Stored};

/// The object as it is now.
pub async fn read(
    service: &Service,
    request: wire::read_resource::Request,
) -> Reply<wire::read_resource::Response> {
    let type_name = request.type_name.clone();
    let otherwise = wire::read_resource::Response {
        new_state: request.current_state.clone(),
        private: request.private.clone(),
        new_identity: request.current_identity.clone(),
        ..Default::default()
    };
    let work = async {
        let resource = service.resource(&type_name)?;
        let block = &resource.schema.block;
        let current = Stored {
            value: value("state", block, request.current_state.as_ref())?,
            identity: read_identity(&resource.identity, request.current_identity.as_ref())?,
            private: request.private,
        };
        let (now, found) = service.server.read(&type_name, current).await;
        let mut diagnostics = encode_all(found);
        Ok(wire::read_resource::Response {
            new_state: Some(write("state", block, now.value, &mut diagnostics)),
            private: now.private,
            new_identity: write_identity(&resource.identity, &now.identity, &mut diagnostics),
            diagnostics,
            deferred: None,
        })
    };
    answer(resource_span("ReadResource", &type_name), otherwise, work).await
}

/// What the object will be.
pub async fn plan(
    service: &Service,
    request: wire::plan_resource_change::Request,
) -> Reply<wire::plan_resource_change::Response> {
    let type_name = request.type_name.clone();
    let otherwise = wire::plan_resource_change::Response {
        planned_state: request.prior_state.clone(),
        planned_private: request.prior_private.clone(),
        planned_identity: request.prior_identity.clone(),
        ..Default::default()
    };
    let work = async {
        let resource = service.resource(&type_name)?;
        let block = &resource.schema.block;
        let question = PlanRequest {
            prior: value("prior state", block, request.prior_state.as_ref())?,
            prior_identity: read_identity(&resource.identity, request.prior_identity.as_ref())?,
            prior_private: request.prior_private,
            config: value("configuration", block, request.config.as_ref())?,
            proposed: value("proposal", block, request.proposed_new_state.as_ref())?,
        };
        let (planned, found) = service.server.plan(&type_name, question).await;
        let mut diagnostics = encode_all(found);
        Ok(wire::plan_resource_change::Response {
            planned_state: Some(write("plan", block, planned.value, &mut diagnostics)),
            requires_replace: planned.requires_replace.iter().map(encode_path).collect(),
            planned_private: planned.private,
            planned_identity: write_identity(
                &resource.identity,
                &planned.identity,
                &mut diagnostics,
            ),
            diagnostics,
            ..Default::default()
        })
    };
    let span = resource_span("PlanResourceChange", &type_name);
    answer(span, otherwise, work).await
}

/// Makes it so.
pub async fn apply(
    service: &Service,
    request: wire::apply_resource_change::Request,
) -> Reply<wire::apply_resource_change::Response> {
    let type_name = request.type_name.clone();
    let otherwise = wire::apply_resource_change::Response {
        new_state: request.prior_state.clone(),
        private: request.planned_private.clone(),
        new_identity: request.planned_identity.clone(),
        ..Default::default()
    };
    let work = async {
        let resource = service.resource(&type_name)?;
        let block = &resource.schema.block;
        let change = ApplyRequest {
            prior: value("prior state", block, request.prior_state.as_ref())?,
            planned: value("plan", block, request.planned_state.as_ref())?,
            planned_identity: read_identity(&resource.identity, request.planned_identity.as_ref())?,
            planned_private: request.planned_private,
            config: value("configuration", block, request.config.as_ref())?,
        };
        let (now, found) = service.server.apply(&type_name, change).await;
        let mut diagnostics = encode_all(found);
        Ok(wire::apply_resource_change::Response {
            new_state: Some(write("state", block, now.value, &mut diagnostics)),
            private: now.private,
            new_identity: write_identity(&resource.identity, &now.identity, &mut diagnostics),
            diagnostics,
            ..Default::default()
        })
    };
    let span = resource_span("ApplyResourceChange", &type_name);
    answer(span, otherwise, work).await
}
