//! What the provider is: GetProviderSchema, GetMetadata, identities, functions.

use super::answer::{answer, span};
use super::{Reply, Service};
use crate::plugin::codec::schema::{encode, encode_function, encode_identity};
use crate::plugin::proto::tfplugin6 as wire;

/// What we can do beyond the protocol's first version.
const CAPABILITIES: wire::ServerCapabilities = wire::ServerCapabilities {
    // A destroy is planned by us too: it may refuse, and private state survives.
    plan_destroy: true,
    // One schema call per command instead of one per process.
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: false,
};

/// All schemas.
pub async fn schema(service: &Service) -> Reply<wire::get_provider_schema::Response> {
    let work = async {
        let schemas = service.server.schemas();
        let resources = schemas.resources.iter();
        let data_sources = schemas.data_sources.iter();
        Ok(wire::get_provider_schema::Response {
            provider: Some(encode(&schemas.provider)),
            resource_schemas: resources
                .map(|(name, resource)| ((*name).to_owned(), encode(&resource.schema)))
                .collect(),
            data_source_schemas: data_sources
                .map(|(name, schema)| ((*name).to_owned(), encode(schema)))
                .collect(),
            functions: all_functions(service).collect(),
            server_capabilities: Some(CAPABILITIES),
            ..Default::default()
        })
    };
    answer(span("GetProviderSchema"), Default::default(), work).await
}

/// The names alone.
pub async fn metadata(service: &Service) -> Reply<wire::get_metadata::Response> {
    use wire::get_metadata::{DataSourceMetadata, FunctionMetadata, ResourceMetadata};
    let work = async {
        let schemas = service.server.schemas();
        let names = |name: &&str| (*name).to_owned();
        let resources = schemas.resources.keys().map(names);
        let data_sources = schemas.data_sources.keys().map(names);
        let functions = schemas.functions.keys().map(names);
        Ok(wire::get_metadata::Response {
            server_capabilities: Some(CAPABILITIES),
            resources: resources
                .map(|type_name| ResourceMetadata { type_name })
                .collect(),
            data_sources: data_sources
                .map(|type_name| DataSourceMetadata { type_name })
                .collect(),
            functions: functions.map(|name| FunctionMetadata { name }).collect(),
            ..Default::default()
        })
    };
    answer(span("GetMetadata"), Default::default(), work).await
}

/// The identities of all resource types.
pub async fn identities(service: &Service) -> Reply<wire::get_resource_identity_schemas::Response> {
    let work = async {
        let resources = service.server.schemas().resources.iter();
        Ok(wire::get_resource_identity_schemas::Response {
            identity_schemas: resources
                .map(|(name, resource)| ((*name).to_owned(), encode_identity(&resource.identity)))
                .collect(),
            ..Default::default()
        })
    };
    answer(span("GetResourceIdentitySchemas"), Default::default(), work).await
}

/// The functions' signatures.
pub async fn functions(service: &Service) -> Reply<wire::get_functions::Response> {
    let work = async {
        Ok(wire::get_functions::Response {
            functions: all_functions(service).collect(),
            ..Default::default()
        })
    };
    answer(span("GetFunctions"), Default::default(), work).await
}

fn all_functions(service: &Service) -> impl Iterator<Item = (String, wire::Function)> {
    let functions = service.server.schemas().functions.iter();
    functions.map(|(name, signature)| ((*name).to_owned(), encode_function(signature)))
}
