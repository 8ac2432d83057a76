//! Objects that come from elsewhere: a state file, an import, another
//! provider's state.

use super::answer::{answer, read_identity, resource_span, write, write_identity};
use super::{Reply, Service};
use crate::plugin::codec::diagnostic::{bug, encode_all};
use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::{ImportRequest, MoveRequest};

/// A state as it lies in the file, in today's shape. Called for every object of
/// every run.
pub async fn upgrade_state(
    service: &Service,
    request: wire::upgrade_resource_state::Request,
) -> Reply<wire::upgrade_resource_state::Response> {
    let type_name = &request.type_name;
    let work = async {
        let block = &service.resource(type_name)?.schema.block;
        let state = json(request.raw_state.as_ref())?;
        let (value, found) = service
            .server
            .upgrade_state(type_name, request.version, state);
        let mut diagnostics = encode_all(found);
        Ok(wire::upgrade_resource_state::Response {
            upgraded_state: Some(write("state", block, value, &mut diagnostics)),
            diagnostics,
        })
    };
    let span = resource_span("UpgradeResourceState", type_name);
    answer(span, Default::default(), work).await
}

/// An identity as it lies in the file, in today's shape.
pub async fn upgrade_identity(
    service: &Service,
    request: wire::upgrade_resource_identity::Request,
) -> Reply<wire::upgrade_resource_identity::Response> {
    let type_name = &request.type_name;
    let work = async {
        let schema = &service.resource(type_name)?.identity;
        let identity = json(request.raw_identity.as_ref())?;
        let (value, found) = service
            .server
            .upgrade_identity(type_name, request.version, identity);
        let mut diagnostics = encode_all(found);
        Ok(wire::upgrade_resource_identity::Response {
            upgraded_identity: write_identity(schema, &value, &mut diagnostics),
            diagnostics,
        })
    };
    let span = resource_span("UpgradeResourceIdentity", type_name);
    answer(span, Default::default(), work).await
}

/// An object that exists, by id or by identity.
pub async fn import(
    service: &Service,
    request: wire::import_resource_state::Request,
) -> Reply<wire::import_resource_state::Response> {
    let type_name = request.type_name.clone();
    let work = async {
        let resource = service.resource(&type_name)?;
        let named = ImportRequest {
            id: request.id,
            identity: read_identity(&resource.identity, request.identity.as_ref())?,
        };
        let (stored, found) = service.server.import(&type_name, named).await;
        let mut diagnostics = encode_all(found);
        let imported = stored.map(|stored| wire::import_resource_state::ImportedResource {
            type_name: type_name.clone(),
            state: Some(write(
                "state",
                &resource.schema.block,
                stored.value,
                &mut diagnostics,
            )),
            private: stored.private,
            identity: write_identity(&resource.identity, &stored.identity, &mut diagnostics),
        });
        Ok(wire::import_resource_state::Response {
            imported_resources: imported.into_iter().collect(),
            diagnostics,
            deferred: None,
        })
    };
    let span = resource_span("ImportResourceState", &type_name);
    answer(span, Default::default(), work).await
}

/// An object of another type that becomes one of ours. Its private bytes are
/// the other provider's and stay behind.
pub async fn move_in(
    service: &Service,
    request: wire::move_resource_state::Request,
) -> Reply<wire::move_resource_state::Response> {
    let type_name = &request.target_type_name;
    let work = async {
        let resource = service.resource(type_name)?;
        let from = MoveRequest {
            source_state: json(request.source_state.as_ref())?.to_vec(),
            source_provider: request.source_provider_address,
            source_type: request.source_type_name,
            source_version: request.source_schema_version,
        };
        let (stored, found) = service.server.move_in(type_name, from);
        let mut diagnostics = encode_all(found);
        let Some(stored) = stored else {
            return Ok(wire::move_resource_state::Response {
                diagnostics,
                ..Default::default()
            });
        };
        let block = &resource.schema.block;
        Ok(wire::move_resource_state::Response {
            target_state: Some(write("state", block, stored.value, &mut diagnostics)),
            target_private: stored.private,
            target_identity: write_identity(&resource.identity, &stored.identity, &mut diagnostics),
            diagnostics,
        })
    };
    let span = resource_span("MoveResourceState", type_name);
    answer(span, Default::default(), work).await
}

/// The JSON text of a stored object.
fn json(state: Option<&wire::RawState>) -> Result<&[u8], wire::Diagnostic> {
    match state {
        Some(state) if !state.json.is_empty() => Ok(&state.json),
        Some(state) if !state.flatmap.is_empty() => Err(bug(
            "State of Terraform 0.11 or older",
            "The stored state is in the form that Terraform wrote before 0.12, when this provider \
             did not exist. Run `terraform apply` once with Terraform 0.12 to 1.x and the provider \
             that made the object, then move or import it.",
        )),
        _ => Err(bug(
            "No stored state",
            "Terraform asked for a stored object to be read and sent none.",
        )),
    }
}
