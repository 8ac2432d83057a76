//! The protocol's calls: each decodes, delegates to the model's [`Server`] and
//! encodes. What is not here answers UNIMPLEMENTED: ephemeral and list
//! resources, actions, state stores, GenerateResourceConfig.
//!
//! - [`answer`]: what every call has around it: log context, panic guard;
//! - [`about`]: what the provider is: schemas, metadata;
//! - [`configuration`]: validation, ConfigureProvider, StopProvider;
//! - [`resource`]: read, plan, apply; [`stored`]: upgrade, import, move;
//! - [`data_source`], [`function`].

mod about;
mod answer;
mod configuration;
mod data_source;
mod function;
mod resource;
mod stored;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::codec::diagnostic::bug;
use super::proto::tfplugin6 as wire;
use super::proto::tfplugin6::provider_server::Provider;
use crate::provider::schema::Schema;
use crate::provider::{ResourceSchema, Server};

/// What a call answers.
type Reply<T> = Result<Response<T>, Status>;

/// A provider, on the wire.
pub struct Service {
    server: Arc<dyn Server>,
}

impl Service {
    /// Serves this provider.
    pub fn new(server: Arc<dyn Server>) -> Self {
        Self { server }
    }

    fn resource(&self, name: &str) -> Result<&ResourceSchema, wire::Diagnostic> {
        let found = self.server.schemas().resources.get(name);
        found.ok_or_else(|| unknown_type("resource", name))
    }

    fn data_source(&self, name: &str) -> Result<&Schema, wire::Diagnostic> {
        let found = self.server.schemas().data_sources.get(name);
        found.ok_or_else(|| unknown_type("data source", name))
    }
}

fn unknown_type(kind: &str, name: &str) -> wire::Diagnostic {
    bug(
        &format!("Unknown {kind} type"),
        &format!("This provider has no {kind} type {name:?}."),
    )
}

#[tonic::async_trait]
impl Provider for Service {
    async fn get_metadata(
        &self,
        _request: Request<wire::get_metadata::Request>,
    ) -> Reply<wire::get_metadata::Response> {
        about::metadata(self).await
    }

    async fn get_provider_schema(
        &self,
        _request: Request<wire::get_provider_schema::Request>,
    ) -> Reply<wire::get_provider_schema::Response> {
        about::schema(self).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _request: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Reply<wire::get_resource_identity_schemas::Response> {
        about::identities(self).await
    }

    async fn get_functions(
        &self,
        _request: Request<wire::get_functions::Request>,
    ) -> Reply<wire::get_functions::Response> {
        about::functions(self).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Reply<wire::validate_provider_config::Response> {
        configuration::validate_provider(self, request.into_inner()).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Reply<wire::validate_resource_config::Response> {
        configuration::validate_resource(self, request.into_inner()).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Reply<wire::validate_data_resource_config::Response> {
        configuration::validate_data_source(self, request.into_inner()).await
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Reply<wire::configure_provider::Response> {
        configuration::configure(self, request.into_inner()).await
    }

    async fn stop_provider(
        &self,
        _request: Request<wire::stop_provider::Request>,
    ) -> Reply<wire::stop_provider::Response> {
        configuration::stop(self)
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Reply<wire::read_resource::Response> {
        resource::read(self, request.into_inner()).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Reply<wire::plan_resource_change::Response> {
        resource::plan(self, request.into_inner()).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Reply<wire::apply_resource_change::Response> {
        resource::apply(self, request.into_inner()).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Reply<wire::upgrade_resource_state::Response> {
        stored::upgrade_state(self, request.into_inner()).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<wire::upgrade_resource_identity::Request>,
    ) -> Reply<wire::upgrade_resource_identity::Response> {
        stored::upgrade_identity(self, request.into_inner()).await
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Reply<wire::import_resource_state::Response> {
        stored::import(self, request.into_inner()).await
    }

    async fn move_resource_state(
        &self,
        request: Request<wire::move_resource_state::Request>,
    ) -> Reply<wire::move_resource_state::Response> {
        stored::move_in(self, request.into_inner()).await
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Reply<wire::read_data_source::Response> {
        data_source::read(self, request.into_inner()).await
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Reply<wire::call_function::Response> {
        function::call(self, request.into_inner()).await
    }
}
