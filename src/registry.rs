//! The one list of what this provider offers.

use std::sync::Arc;

use async_trait::async_trait;

use crate::data_sources;
use crate::functions;
use crate::provider::{
    Configured, DataSource, Diagnostics, Function, Provider, Resource, Schema, Served, Server,
    Value,
};
use crate::resources::shared::Managed;
use crate::resources::{self, Context, provider_block};

/// The provider, ready to be served.
#[must_use]
pub fn server() -> Arc<dyn Server> {
    Arc::new(Served::new(EventBridge))
}

/// The EventBridge provider.
pub struct EventBridge;

#[async_trait]
impl Provider for EventBridge {
    type Ctx = Context;

    fn schema(&self) -> Schema {
        provider_block::schema()
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        provider_block::validate(config, out);
    }

    async fn configure(
        &self,
        config: &Value,
        terraform_version: &str,
        _out: &mut Diagnostics,
    ) -> Option<Configured<Context>> {
        Some(provider_block::configure(config, terraform_version).await)
    }

    fn resources(&self) -> Vec<Box<dyn Resource<Context>>> {
        vec![
            Box::new(Managed(resources::Bus)),
            Box::new(Managed(resources::BusPolicy)),
            Box::new(Managed(resources::Permission)),
            Box::new(resources::ProductLogPipeline),
            Box::new(Managed(resources::Archive)),
            Box::new(Managed(resources::Connection::default())),
            Box::new(Managed(resources::ApiDestination)),
            Box::new(Managed(resources::Endpoint::default())),
            Box::new(Managed(resources::Rule::default())),
            Box::new(Managed(resources::Target::default())),
        ]
    }

    fn data_sources(&self) -> Vec<Box<dyn DataSource<Context>>> {
        vec![
            Box::new(data_sources::PatternTest),
            Box::new(data_sources::Bus),
            Box::new(data_sources::Buses),
            Box::new(data_sources::Connection),
            Box::new(data_sources::Rule),
            Box::new(data_sources::Rules),
            Box::new(data_sources::Source),
        ]
    }

    fn functions(&self) -> Vec<Box<dyn Function>> {
        vec![
            Box::new(functions::Event),
            Box::new(functions::Explain),
            Box::new(functions::Matches),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::faults;

    #[test]
    fn terraform_accepts_every_schema() {
        let served = Served::new(EventBridge);
        assert_eq!(faults(served.schemas()), Vec::<String>::new());
    }
}
