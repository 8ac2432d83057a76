//! The provider model: what a provider is, in Terraform's words. Knows neither
//! the wire protocol nor AWS.
//!
//! In reading order: a [`Value`] has a [`Type`](types::Type) and stands at a
//! [`Path`]; a [`Schema`] describes values and their behaviour;
//! [`validate`] checks a configuration, [`plan`] derives a plan, [`conform`]
//! fits states; [`Resource`], [`DataSource`] and [`Function`] are what a
//! provider consists of; [`Served`] makes a [`Provider`] a [`Server`], which is
//! all that the plugin sees.

pub mod check;
pub mod conform;
pub mod conventions;
mod data_source;
mod diagnostic;
mod function;
mod identity;
pub mod number;
mod path;
pub mod plan;
mod resource;
pub mod schema;
mod schema_rules;
mod served;
mod server;
pub mod timeouts;
pub mod types;
pub mod validate;
mod value;
mod value_text;

use async_trait::async_trait;

pub use check::Check;
pub use conventions::{Conventions, IgnoreTags, Tags};
pub use data_source::DataSource;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use function::{Function, FunctionError, Parameter, Signature};
pub use identity::{IdentityAttribute, IdentitySchema};
pub use path::{Path, Step};
pub use plan::Plan;
pub use resource::{Call, Create, ImportBy, MoveFrom, Resource, State, Update};
pub use schema::{Attribute, Block, Equality, Kind, NestedBlock, Nesting, Schema};
pub use schema_rules::faults;
pub use served::{Served, fill_defaults};
pub use server::{
    ApplyRequest, ImportRequest, MoveRequest, PlanRequest, Planned, ResourceSchema, Schemas,
    Server, Stored,
};
pub use value::{Entries, Key, Unknown, Value};

/// What ConfigureProvider makes: the context that calls use, and the facts that
/// planning needs.
pub struct Configured<Ctx> {
    pub ctx: Ctx,
    pub conventions: Conventions,
}

/// A provider: its own block, and everything it offers.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    type Ctx: Send + Sync + 'static;

    /// The provider block.
    fn schema(&self) -> Schema;

    /// Checks beyond those of single arguments. Unknown values pass.
    fn validate(&self, _config: &Value, _out: &mut Diagnostics) {}

    /// Contacts nobody and looks up no credentials; unknown values are no error
    /// until a call needs them.
    async fn configure(
        &self,
        config: &Value,
        terraform_version: &str,
        out: &mut Diagnostics,
    ) -> Option<Configured<Self::Ctx>>;

    fn resources(&self) -> Vec<Box<dyn Resource<Self::Ctx>>>;

    fn data_sources(&self) -> Vec<Box<dyn DataSource<Self::Ctx>>>;

    fn functions(&self) -> Vec<Box<dyn Function>>;
}
