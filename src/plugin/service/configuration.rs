//! What the user wrote: validation, the provider's configuration, and the end
//! of a run.

use tonic::Response;

use super::answer::{answer, data_source_span, read, resource_span, span};
use super::{Reply, Service};
use crate::plugin::codec::diagnostic::encode_all;
use crate::plugin::proto::tfplugin6 as wire;

const CONFIGURATION: &str = "configuration";

/// The provider block, which may hold unknown values.
pub async fn validate_provider(
    service: &Service,
    request: wire::validate_provider_config::Request,
) -> Reply<wire::validate_provider_config::Response> {
    let work = async {
        let block = &service.server.schemas().provider.block;
        let config = read(CONFIGURATION, block, request.config.as_ref())?;
        let diagnostics = encode_all(service.server.validate_provider(&config));
        Ok(wire::validate_provider_config::Response { diagnostics })
    };
    answer(span("ValidateProviderConfig"), Default::default(), work).await
}

/// A resource block.
pub async fn validate_resource(
    service: &Service,
    request: wire::validate_resource_config::Request,
) -> Reply<wire::validate_resource_config::Response> {
    let type_name = &request.type_name;
    let work = async {
        let block = &service.resource(type_name)?.schema.block;
        let config = read(CONFIGURATION, block, request.config.as_ref())?;
        let capabilities = request.client_capabilities.unwrap_or_default();
        let write_only = capabilities.write_only_attributes_allowed;
        let found = service
            .server
            .validate_resource(type_name, &config, write_only);
        let diagnostics = encode_all(found);
        Ok(wire::validate_resource_config::Response { diagnostics })
    };
    let span = resource_span("ValidateResourceConfig", type_name);
    answer(span, Default::default(), work).await
}

/// A data block.
pub async fn validate_data_source(
    service: &Service,
    request: wire::validate_data_resource_config::Request,
) -> Reply<wire::validate_data_resource_config::Response> {
    let type_name = &request.type_name;
    let work = async {
        let block = &service.data_source(type_name)?.block;
        let config = read(CONFIGURATION, block, request.config.as_ref())?;
        let diagnostics = encode_all(service.server.validate_data_source(type_name, &config));
        Ok(wire::validate_data_resource_config::Response { diagnostics })
    };
    let span = data_source_span("ValidateDataResourceConfig", type_name);
    answer(span, Default::default(), work).await
}

/// The provider block, for use. With `--debug` it comes many times.
pub async fn configure(
    service: &Service,
    request: wire::configure_provider::Request,
) -> Reply<wire::configure_provider::Response> {
    let work = async {
        let block = &service.server.schemas().provider.block;
        let config = read(CONFIGURATION, block, request.config.as_ref())?;
        let found = service
            .server
            .configure(config, &request.terraform_version)
            .await;
        let diagnostics = encode_all(found);
        Ok(wire::configure_provider::Response { diagnostics })
    };
    answer(span("ConfigureProvider"), Default::default(), work).await
}

/// Ctrl-C in Terraform. Answers at once; the calls in flight end at their next
/// safe point, and the process goes on until Terraform has their answers.
pub fn stop(service: &Service) -> Reply<wire::stop_provider::Response> {
    tracing::info!("Terraform stops: work in flight ends at its next safe point");
    service.server.stop();
    Ok(Response::new(wire::stop_provider::Response::default()))
}
