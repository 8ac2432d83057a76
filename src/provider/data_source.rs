//! A data source: a question and its answer.

use async_trait::async_trait;

use super::diagnostic::Diagnostics;
use super::resource::Call;
use super::schema::Schema;
use super::value::Value;

/// A data source.
#[async_trait]
pub trait DataSource<Ctx: Sync>: Send + Sync {
    /// The type's name, such as `eventbridge_buses`.
    fn name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// Checks beyond those of single arguments. Unknown values pass.
    fn validate(&self, _config: &Value, _out: &mut Diagnostics) {}

    /// The answer, configured arguments included; may leave out what is null.
    /// What is not there is an error that says so.
    async fn read(
        &self,
        call: Call<'_, Ctx>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value>;
}
