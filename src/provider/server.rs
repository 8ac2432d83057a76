//! The provider as the plugin sees it: every call of the protocol with its
//! values decoded, and nothing of AWS or of single resources.
//!
//! [`Served`](super::served::Served) implements it for any
//! [`Provider`](super::Provider).

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::diagnostic::Diagnostics;
use super::function::{FunctionError, Signature};
use super::identity::IdentitySchema;
use super::path::Path;
use super::schema::Schema;
use super::value::Value;

/// Everything the provider can do, by type name.
#[derive(Clone, Debug)]
pub struct Schemas {
    pub provider: Schema,
    pub resources: BTreeMap<&'static str, ResourceSchema>,
    pub data_sources: BTreeMap<&'static str, Schema>,
    pub functions: BTreeMap<&'static str, Signature>,
}

/// A managed resource's two schemas.
#[derive(Clone, Debug)]
pub struct ResourceSchema {
    pub schema: Schema,
    pub identity: IdentitySchema,
}

/// A stored object with what is stored beside it. `value` is null for an object
/// that does not exist; `identity` is null where none is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    pub value: Value,
    pub identity: Value,
    pub private: Vec<u8>,
}

/// A question about one planned change.
#[derive(Clone, Debug, Default)]
pub struct PlanRequest {
    /// Null to create.
    pub prior: Value,
    pub prior_identity: Value,
    pub prior_private: Vec<u8>,
    /// Null to destroy.
    pub config: Value,
    /// Null to destroy.
    pub proposed: Value,
}

/// The planned change.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    pub value: Value,
    pub identity: Value,
    pub private: Vec<u8>,
    pub requires_replace: Vec<Path>,
}

/// A planned change to carry out.
#[derive(Clone, Debug, Default)]
pub struct ApplyRequest {
    pub prior: Value,
    /// Null to destroy.
    pub planned: Value,
    pub planned_identity: Value,
    pub planned_private: Vec<u8>,
    pub config: Value,
}

/// An object to import; an empty `id` means by identity.
#[derive(Clone, Debug, Default)]
pub struct ImportRequest {
    pub id: String,
    pub identity: Value,
}

/// An object of another type to take over.
#[derive(Clone, Debug, Default)]
pub struct MoveRequest {
    /// With the registry's host, as `registry.terraform.io/hashicorp/aws`.
    pub source_provider: String,
    pub source_type: String,
    pub source_version: i64,
    /// JSON text.
    pub source_state: Vec<u8>,
}

/// The provider, seen from the protocol. All answers are conformed to their
/// schemas; a type name that does not exist is an error diagnostic.
#[async_trait]
pub trait Server: Send + Sync {
    fn schemas(&self) -> &Schemas;

    fn validate_provider(&self, config: &Value) -> Diagnostics;

    /// May come several times; the latest counts. Contacts nobody.
    async fn configure(&self, config: Value, terraform_version: &str) -> Diagnostics;

    /// `write_only_allowed`: the client can hold back write-only values.
    fn validate_resource(
        &self,
        type_name: &str,
        config: &Value,
        write_only_allowed: bool,
    ) -> Diagnostics;

    fn validate_data_source(&self, type_name: &str, config: &Value) -> Diagnostics;

    /// `state` is JSON text.
    fn upgrade_state(&self, type_name: &str, version: i64, state: &[u8]) -> (Value, Diagnostics);

    /// `identity` is JSON text.
    fn upgrade_identity(
        &self,
        type_name: &str,
        version: i64,
        identity: &[u8],
    ) -> (Value, Diagnostics);

    async fn read(&self, type_name: &str, current: Stored) -> (Stored, Diagnostics);

    async fn plan(&self, type_name: &str, request: PlanRequest) -> (Planned, Diagnostics);

    async fn apply(&self, type_name: &str, request: ApplyRequest) -> (Stored, Diagnostics);

    async fn import(
        &self,
        type_name: &str,
        request: ImportRequest,
    ) -> (Option<Stored>, Diagnostics);

    fn move_in(&self, type_name: &str, request: MoveRequest) -> (Option<Stored>, Diagnostics);

    async fn read_data_source(&self, type_name: &str, config: Value) -> (Value, Diagnostics);

    /// Arguments as many as parameters.
    fn call_function(&self, name: &str, arguments: &[Value]) -> Result<Value, FunctionError>;

    /// Cancels the calls in flight; later calls run as usual.
    fn stop(&self);
}
