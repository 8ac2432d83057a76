//! A managed resource: its schema, and how it is read, made, changed and deleted.
//!
//! Generic over a context (the AWS clients) that the model never looks into.
//! Everything Terraform asks beyond these methods is answered from the schema.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::conventions::Conventions;
use super::diagnostic::Diagnostics;
use super::identity::IdentitySchema;
use super::plan::Plan;
use super::schema::Schema;
use super::value::Value;

/// What a call may use.
pub struct Call<'a, Ctx> {
    /// The provider's own: its AWS clients.
    pub ctx: &'a Ctx,
    pub conventions: &'a Conventions,
    /// Cancelled when Terraform is told to stop: end at the next safe point,
    /// with an error and the state as it is by then.
    pub cancel: &'a CancellationToken,
}

// By hand: a derived `Copy` would ask it of the context too.
impl<Ctx> Clone for Call<'_, Ctx> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Ctx> Copy for Call<'_, Ctx> {}

/// An object as it is in the world.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// May leave out attributes that are null.
    pub value: Value,
    /// The object's identity; `None` keeps the one that is stored.
    pub identity: Option<Value>,
    /// Bytes that come back with every later call; `None` keeps what is stored.
    pub private: Option<Vec<u8>>,
}

impl From<Value> for State {
    fn from(value: Value) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }
}

impl State {
    #[must_use]
    pub fn identified(mut self, identity: Value) -> Self {
        self.identity = Some(identity);
        self
    }
}

/// The object to be made.
#[derive(Clone, Copy, Debug)]
pub struct Create<'a> {
    /// Wholly known but for results.
    pub planned: &'a Value,
    /// As written; holds the write-only values.
    pub config: &'a Value,
}

/// The object to be changed.
#[derive(Clone, Copy, Debug)]
pub struct Update<'a> {
    pub prior: &'a Value,
    pub planned: &'a Value,
    pub config: &'a Value,
    pub private: &'a [u8],
}

/// How an object to import is named.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportBy {
    /// The id of `terraform import` or of an `import` block.
    Id(String),
    /// The identity of an `import` block (Terraform 1.12).
    Identity(Value),
}

/// An object of another type that a `moved` block turns into one of ours.
#[derive(Clone, Debug)]
pub struct MoveFrom {
    /// As in `hashicorp/aws`: namespace and type, without the registry's host.
    pub provider: String,
    pub type_name: String,
    pub schema_version: i64,
    /// The source's state as it is stored.
    pub state: serde_json::Map<String, serde_json::Value>,
}

/// A managed resource.
#[async_trait]
pub trait Resource<Ctx: Sync>: Send + Sync {
    /// The type's name, such as `eventbridge_rule`.
    fn name(&self) -> &'static str;

    fn schema(&self) -> Schema;

    /// What tells this object from all others of its type.
    fn identity(&self) -> IdentitySchema;

    /// Checks beyond those of single arguments. Unknown values pass.
    fn validate(&self, _config: &Value, _out: &mut Diagnostics) {}

    /// Adjusts the plan that follows from the schema, and says what will go
    /// wrong. Never calls AWS.
    fn plan(&self, _call: Call<'_, Ctx>, _plan: &mut Plan<'_>, _out: &mut Diagnostics) {}

    /// Refuses a destroy that cannot succeed. The only plan step that may ask AWS.
    async fn plan_destroy(&self, _call: Call<'_, Ctx>, _prior: &Value, _out: &mut Diagnostics) {}

    /// The object as it is now; `None` without an error when it is gone. After an
    /// import the state holds only what [`Resource::import`] put there.
    async fn read(
        &self,
        call: Call<'_, Ctx>,
        state: &Value,
        out: &mut Diagnostics,
    ) -> Option<State>;

    /// Makes the object. With errors: `Some` is a half-made object to be stored
    /// (tainted), `None` says that nothing of ours exists.
    async fn create(
        &self,
        call: Call<'_, Ctx>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Option<State>;

    /// Changes the object. With errors: `Some` is what is true now, `None` says
    /// that nothing was changed.
    async fn update(
        &self,
        call: Call<'_, Ctx>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Option<State>;

    /// Deletes the object; with errors it stays in the state, as `Some` where a
    /// part of it is gone.
    async fn delete(
        &self,
        call: Call<'_, Ctx>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Option<State>;

    /// The state by which [`Resource::read`] finds an object to be imported.
    async fn import(
        &self,
        call: Call<'_, Ctx>,
        by: ImportBy,
        out: &mut Diagnostics,
    ) -> Option<State>;

    /// Reshapes a state of an older schema version; attributes that are missing
    /// are filled in afterwards.
    fn upgrade(
        &self,
        _version: i64,
        state: serde_json::Map<String, serde_json::Value>,
    ) -> Result<serde_json::Map<String, serde_json::Value>, String> {
        Ok(state)
    }

    /// The state of an object that moves in from another provider, `None` when
    /// that type is not one of ours. Names that we lack are dropped and defaults
    /// filled in afterwards. Runs unconfigured.
    fn move_in(&self, _from: &MoveFrom, _out: &mut Diagnostics) -> Option<Value> {
        None
    }
}
