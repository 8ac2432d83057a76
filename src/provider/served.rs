//! Serves any [`Provider`] as a [`Server`]: finds the type, runs the schema's
//! part of each call, and hands the rest to the resource.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::conform::{Misfit, conform, storable};
use super::data_source::DataSource;
use super::diagnostic::Diagnostics;
use super::function::{Function, FunctionError};
use super::resource::{Call, Resource};
use super::schema::Block;
use super::server::{
    ApplyRequest, ImportRequest, MoveRequest, PlanRequest, Planned, ResourceSchema, Schemas,
    Server, Stored,
};
use super::validate::validate;
use super::value::Value;
use super::{Configured, Provider};

mod change;
mod stored;

pub use stored::fill_defaults;

/// A provider, served.
pub struct Served<P: Provider> {
    provider: P,
    schemas: Schemas,
    resources: BTreeMap<&'static str, Box<dyn Resource<P::Ctx>>>,
    data_sources: BTreeMap<&'static str, Box<dyn DataSource<P::Ctx>>>,
    functions: BTreeMap<&'static str, Box<dyn Function>>,
    configured: RwLock<Option<Arc<Configured<P::Ctx>>>>,
    cancel: RwLock<CancellationToken>,
}

impl<P: Provider> Served<P> {
    pub fn new(provider: P) -> Self {
        let resources: BTreeMap<_, _> = provider
            .resources()
            .into_iter()
            .map(|r| (r.name(), r))
            .collect();
        let data_sources: BTreeMap<_, _> = provider
            .data_sources()
            .into_iter()
            .map(|d| (d.name(), d))
            .collect();
        let functions: BTreeMap<_, _> = provider
            .functions()
            .into_iter()
            .map(|f| (f.name(), f))
            .collect();
        let schemas = Schemas {
            provider: provider.schema(),
            resources: resources
                .iter()
                .map(|(name, r)| {
                    (
                        *name,
                        ResourceSchema {
                            schema: r.schema(),
                            identity: r.identity(),
                        },
                    )
                })
                .collect(),
            data_sources: data_sources
                .iter()
                .map(|(name, d)| (*name, d.schema()))
                .collect(),
            functions: functions
                .iter()
                .map(|(name, f)| (*name, f.signature()))
                .collect(),
        };
        Self {
            provider,
            schemas,
            resources,
            data_sources,
            functions,
            configured: RwLock::new(None),
            cancel: RwLock::new(CancellationToken::new()),
        }
    }

    fn resource(
        &self,
        name: &str,
        out: &mut Diagnostics,
    ) -> Option<(&dyn Resource<P::Ctx>, &ResourceSchema)> {
        match (self.resources.get(name), self.schemas.resources.get(name)) {
            (Some(resource), Some(schema)) => Some((resource.as_ref(), schema)),
            _ => {
                out.error(
                    "Unknown resource type",
                    format!("This provider has no resource type {name:?}."),
                );
                None
            }
        }
    }

    fn data_source(
        &self,
        name: &str,
        out: &mut Diagnostics,
    ) -> Option<(&dyn DataSource<P::Ctx>, &Block)> {
        match (
            self.data_sources.get(name),
            self.schemas.data_sources.get(name),
        ) {
            (Some(source), Some(schema)) => Some((source.as_ref(), &schema.block)),
            _ => {
                out.error(
                    "Unknown data source type",
                    format!("This provider has no data source type {name:?}."),
                );
                None
            }
        }
    }

    /// What ConfigureProvider made; an error before it.
    fn configured(&self, out: &mut Diagnostics) -> Option<Arc<Configured<P::Ctx>>> {
        let configured = self.configured.read().ok().and_then(|c| c.clone());
        if configured.is_none() {
            out.error(
                "Provider not configured",
                "Terraform asked for this before it configured the provider.",
            );
        }
        configured
    }

    fn token(&self) -> CancellationToken {
        self.cancel
            .read()
            .map(|token| token.clone())
            .unwrap_or_default()
    }
}

fn call<'a, Ctx>(configured: &'a Configured<Ctx>, cancel: &'a CancellationToken) -> Call<'a, Ctx> {
    Call {
        ctx: &configured.ctx,
        conventions: &configured.conventions,
        cancel,
    }
}

/// Conforms an answer of ours. What does not fit is a bug of ours, and said as
/// one, but the rest of the object is kept.
fn fit(block: &Block, value: Value, out: &mut Diagnostics) -> Value {
    let mut misfits = Vec::new();
    let fitted = conform(block, value, &mut misfits);
    report_bugs(misfits, out);
    fitted
}

/// Conforms an answer of ours that will be stored: wholly known, and without the
/// write-only values that Terraform refuses to store.
fn fit_stored(block: &Block, value: Value, out: &mut Diagnostics) -> Value {
    let fitted = fit(block, value, out);
    let mut misfits = Vec::new();
    let stored = storable(block, fitted, &mut misfits);
    report_bugs(misfits, out);
    stored
}

fn report_bugs(misfits: Vec<Misfit>, out: &mut Diagnostics) {
    for Misfit { path, problem } in misfits {
        let detail = format!(
            "The provider's own answer for `{path}` {problem}. The rest of the object is stored. \
             This is a bug in the provider; please report it."
        );
        out.error_at(path, "Inconsistent answer of the provider", detail);
    }
}

#[async_trait]
impl<P: Provider> Server for Served<P> {
    fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    fn validate_provider(&self, config: &Value) -> Diagnostics {
        let mut out = Diagnostics::new();
        validate(&self.schemas.provider.block, config, &mut out);
        self.provider.validate(config, &mut out);
        out
    }

    async fn configure(&self, config: Value, terraform_version: &str) -> Diagnostics {
        let mut out = Diagnostics::new();
        let configured = self
            .provider
            .configure(&config, terraform_version, &mut out)
            .await;
        if let (Some(configured), Ok(mut slot)) = (configured, self.configured.write()) {
            *slot = Some(Arc::new(configured));
        }
        out
    }

    fn validate_resource(
        &self,
        type_name: &str,
        config: &Value,
        write_only_allowed: bool,
    ) -> Diagnostics {
        let mut out = Diagnostics::new();
        if let Some((resource, schema)) = self.resource(type_name, &mut out) {
            if !write_only_allowed {
                stored::refuse_write_only(&schema.schema.block, config, &mut out);
            }
            validate(&schema.schema.block, config, &mut out);
            resource.validate(config, &mut out);
        }
        out
    }

    fn validate_data_source(&self, type_name: &str, config: &Value) -> Diagnostics {
        let mut out = Diagnostics::new();
        if let Some((source, block)) = self.data_source(type_name, &mut out) {
            validate(block, config, &mut out);
            source.validate(config, &mut out);
        }
        out
    }

    fn upgrade_state(&self, type_name: &str, version: i64, state: &[u8]) -> (Value, Diagnostics) {
        let mut out = Diagnostics::new();
        let value = self
            .resource(type_name, &mut out)
            .and_then(|(resource, schema)| {
                stored::upgrade(resource, schema, version, state, &mut out)
            });
        (value.unwrap_or_default(), out)
    }

    fn upgrade_identity(
        &self,
        type_name: &str,
        _version: i64,
        identity: &[u8],
    ) -> (Value, Diagnostics) {
        let mut out = Diagnostics::new();
        let value = self.resource(type_name, &mut out).and_then(|(_, schema)| {
            stored::identity_from_json(&schema.identity, identity, &mut out)
        });
        (value.unwrap_or_default(), out)
    }

    async fn read(&self, type_name: &str, current: Stored) -> (Stored, Diagnostics) {
        let mut out = Diagnostics::new();
        let (Some((resource, schema)), Some(configured)) = (
            self.resource(type_name, &mut out),
            self.configured(&mut out),
        ) else {
            return (current, out);
        };
        let cancel = self.token();
        let stored = change::read(
            resource,
            schema,
            call(&configured, &cancel),
            current,
            &mut out,
        )
        .await;
        (stored, out)
    }

    async fn plan(&self, type_name: &str, request: PlanRequest) -> (Planned, Diagnostics) {
        let mut out = Diagnostics::new();
        let (Some((resource, schema)), Some(configured)) = (
            self.resource(type_name, &mut out),
            self.configured(&mut out),
        ) else {
            let planned = Planned {
                value: request.proposed,
                private: request.prior_private,
                ..Planned::default()
            };
            return (planned, out);
        };
        let cancel = self.token();
        let planned = change::plan(
            resource,
            schema,
            call(&configured, &cancel),
            request,
            &mut out,
        )
        .await;
        (planned, out)
    }

    async fn apply(&self, type_name: &str, request: ApplyRequest) -> (Stored, Diagnostics) {
        let mut out = Diagnostics::new();
        let (Some((resource, schema)), Some(configured)) = (
            self.resource(type_name, &mut out),
            self.configured(&mut out),
        ) else {
            let ApplyRequest {
                prior: value,
                planned_identity: identity,
                planned_private: private,
                ..
            } = request;
            return (
                Stored {
                    value,
                    identity,
                    private,
                },
                out,
            );
        };
        let cancel = self.token();
        let stored = change::apply(
            resource,
            schema,
            call(&configured, &cancel),
            request,
            &mut out,
        )
        .await;
        (stored, out)
    }

    async fn import(
        &self,
        type_name: &str,
        request: ImportRequest,
    ) -> (Option<Stored>, Diagnostics) {
        let mut out = Diagnostics::new();
        let (Some((resource, schema)), Some(configured)) = (
            self.resource(type_name, &mut out),
            self.configured(&mut out),
        ) else {
            return (None, out);
        };
        let cancel = self.token();
        let stored = stored::import(
            resource,
            schema,
            call(&configured, &cancel),
            request,
            &mut out,
        )
        .await;
        (stored, out)
    }

    fn move_in(&self, type_name: &str, request: MoveRequest) -> (Option<Stored>, Diagnostics) {
        let mut out = Diagnostics::new();
        let stored = self
            .resource(type_name, &mut out)
            .and_then(|(resource, schema)| stored::move_in(resource, schema, request, &mut out));
        (stored, out)
    }

    async fn read_data_source(&self, type_name: &str, config: Value) -> (Value, Diagnostics) {
        let mut out = Diagnostics::new();
        let (Some((source, block)), Some(configured)) = (
            self.data_source(type_name, &mut out),
            self.configured(&mut out),
        ) else {
            return (Value::Null, out);
        };
        let cancel = self.token();
        let answer = source
            .read(call(&configured, &cancel), &config, &mut out)
            .await;
        let value = answer
            .map(|value| fit_stored(block, value, &mut out))
            .unwrap_or_default();
        (value, out)
    }

    fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
        match self.functions.get(name) {
            Some(function) => function.call(arguments),
            None => Err(FunctionError {
                argument: None,
                text: format!("This provider has no function {name:?}."),
            }),
        }
    }

    fn stop(&self) {
        if let Ok(mut slot) = self.cancel.write() {
            std::mem::take(&mut *slot).cancel();
        }
    }
}
