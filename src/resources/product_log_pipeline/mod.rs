//! `eventbridge_product_log_pipeline`: an event published becomes a row logged.
//!
//! In reading order: `schema` (arguments and results), `spec` (them, typed), `names` and
//! `documents` (what the parts are called and say), `package` and `writer/` (the log writer),
//! `plan` and `users_parts` (checks, and what a plan says), `work` and `parts/` (one file a
//! part), `survey` and `arguments` (all parts as they are), `assemble` and `dismantle` (bring
//! them about, take them away), `losses` (what that would lose), `standing` (what a create
//! finds there), `remnants` and `undo` (what an interrupted change left), `release` (what became the
//! user's), `change` and `life` (create, update, delete), `import`, `smoke_test`; `log_item`,
//! `event_path` and `row` are the language of rows.

mod arguments;
mod assemble;
mod change;
mod dismantle;
mod documents;
mod event_path;
mod import;
mod life;
mod log_item;
mod losses;
mod names;
mod package;
mod parts;
mod plan;
mod release;
mod remnants;
mod row;
mod schema;
mod smoke_test;
mod spec;
mod standing;
mod survey;
mod undo;
mod users_parts;
mod work;

use async_trait::async_trait;

use super::context::Context;
use super::shared::import as imports;
use crate::provider::{
    Call, Create, Diagnostics, IdentitySchema, ImportBy, Plan, Resource, Schema, State, Update,
    Value,
};

/// A product log pipeline.
pub struct ProductLogPipeline;

/// The resource type.
pub const TYPE: &str = "eventbridge_product_log_pipeline";

#[async_trait]
impl Resource<Context> for ProductLogPipeline {
    fn name(&self) -> &'static str {
        TYPE
    }

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn identity(&self) -> IdentitySchema {
        imports::named_identity("Name of the pipeline.").optional(
            "event_bus_name",
            "Its bus, where that is not the pipeline's own.",
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        plan::validate(config, out);
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        plan::adjust(plan, out);
    }

    async fn plan_destroy(&self, call: Call<'_, Context>, prior: &Value, out: &mut Diagnostics) {
        life::plan_destroy(call, prior, out).await;
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        state: &Value,
        out: &mut Diagnostics,
    ) -> Option<State> {
        life::read(call, state, out).await
    }

    async fn create(
        &self,
        call: Call<'_, Context>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Option<State> {
        life::create(call, new.planned, out).await
    }

    async fn update(
        &self,
        call: Call<'_, Context>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Option<State> {
        life::update(call, change.prior, change.planned, out).await
    }

    async fn delete(
        &self,
        call: Call<'_, Context>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Option<State> {
        life::delete(call, prior, out).await
    }

    async fn import(
        &self,
        call: Call<'_, Context>,
        by: ImportBy,
        out: &mut Diagnostics,
    ) -> Option<State> {
        import::import(call, &by, out).await
    }
}
