//! The life of a managed object, written once.
//!
//! A resource says how its object is found, made, changed and removed
//! ([`Object`]); [`Managed`] turns that into what Terraform asks, so that the
//! promises hold alike for all: a create never overwrites, a lost answer is
//! looked up before it is an error, and the state after a failure is what AWS has.

use async_trait::async_trait;

use super::adopt::{Existing, Verdict, filled};
use super::census::Group;
use super::errors::Failure;
use super::moves;
use super::preflight::{self, Quota};
use super::seen::Seen;
use crate::aws::{AwsError, Region};
use crate::provider::{
    Block, Call, Create, Diagnostics, IdentitySchema, ImportBy, MoveFrom, Plan, Resource, Schema,
    State, Update, Value,
};
use crate::resources::context::{At, Context};

/// A kind of object at AWS. Values are states: whole objects of the schema's
/// shape, of which null attributes may be left out.
#[async_trait]
pub trait Object: Send + Sync {
    /// The resource type, such as `eventbridge_bus`.
    const TYPE: &'static str;
    /// The type in hashicorp/aws that moves in.
    const AWS_TYPE: Option<&'static str>;
    /// Arguments that AWS does not return, or that are ours alone: no reason to
    /// refuse an existing object.
    const NOT_COMPARED: &'static [&'static str] = &[];

    fn schema(&self) -> Schema;

    /// Whether a create may update the object that is there already.
    fn adopts(&self, planned: &Value) -> bool {
        planned.get("adopt").as_bool() == Some(true)
    }

    fn identity_schema(&self) -> IdentitySchema;

    /// The object for messages, such as `event bus "orders"`.
    fn title(&self, state: &Value) -> String;

    /// What tells the object from all others of its type in the region; also
    /// what an import names it by.
    fn key(&self, state: &Value) -> String;

    fn identity(&self, at: &At<'_>, state: &Value) -> Value;

    /// Bytes to store beside the state, for later plans; `None` keeps what is stored.
    fn private(&self, _at: &At<'_>, _state: &Value) -> Option<Vec<u8>> {
        None
    }

    /// See [`Resource::validate`].
    fn validate(&self, _config: &Value, _out: &mut Diagnostics) {}

    /// See [`Resource::plan`].
    fn plan(&self, _call: Call<'_, Context>, _plan: &mut Plan<'_>, _out: &mut Diagnostics) {}

    /// What the object counts among, for quotas that a plan can foresee.
    fn groups(&self, _account: Option<&str>, _region: &str, _state: &Value) -> Vec<Group> {
        Vec::new()
    }

    /// The object's name among those; `None` while it is not known.
    fn name_in_group(&self, _state: &Value) -> Option<String> {
        None
    }

    /// The object that stands where one is to be made, as a state, if memory
    /// tells of one; asks nothing of AWS. `used` is the region where this
    /// process has asked anything of it.
    fn standing(
        &self,
        _used: Option<&Region>,
        _account: Option<&str>,
        _planned: &Value,
    ) -> Option<Value> {
        None
    }

    /// What the object counts against, with what memory tells of the others;
    /// asks nothing of AWS.
    fn quotas(
        &self,
        _used: Option<&Region>,
        _region: &str,
        _account: Option<&str>,
        _planned: &Value,
    ) -> Vec<Quota> {
        Vec::new()
    }

    /// The object as it is, in the spelling of `like` (a state or a plan) where
    /// that means the same; `None` when it is not there.
    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure>;

    /// Makes the object, which is not there; `planned` with its results filled in.
    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure>;

    /// Changes the object; `planned` with its results filled in.
    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure>;

    /// Removes the object; one that is gone already is no error.
    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure>;

    /// The state by which [`Object::find`] finds an object to import.
    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State>;

    /// Reshapes what [`moves::from_aws`] made of another provider's state.
    fn moved(&self, _from: &MoveFrom, _state: &mut Value) {}
}

/// Serves an [`Object`] as a resource.
pub struct Managed<T>(pub T);

impl<T: Object> Managed<T> {
    fn state(&self, at: &At<'_>, mut value: Value) -> State {
        if value.get("region").is_null() || value.get("region").is_unknown() {
            value.set("region", at.region_name());
        }
        let identity = self.0.identity(at, &value);
        State {
            private: self.0.private(at, &value),
            value,
            identity: Some(identity),
        }
    }

    /// What is true after a failure. AWS is asked even when Terraform is told to
    /// stop: what is not in the state is lost.
    async fn look_again(&self, at: &At<'_>, like: &Value) -> Seen {
        let Ok(at) = at.uncancelled().await else {
            return Seen::NoAnswer;
        };
        Seen::by(self.0.find(&at, like, &mut Diagnostics::new())).await
    }

    /// Deals with an object that stands where ours was to be made.
    async fn judge(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        actual: Value,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let block: Block = self.0.schema().block;
        let existing = Existing {
            type_name: T::TYPE,
            object: self.0.title(new.planned),
            import_id: self.0.key(&actual),
            block: &block,
            adopt: self.0.adopts(new.planned),
            planned: new.planned,
            actual: &actual,
            not_compared: T::NOT_COMPARED,
        };
        let verdict = existing.judge(out);
        if verdict == Verdict::Refuse {
            return None;
        }
        at.ctx()
            .take_over(T::TYPE, at.region_name(), &self.0.key(&actual));
        // An update of nothing makes no call, save where AWS never returns a part (secrets).
        let planned = filled(new.planned, &actual);
        let update = Update {
            prior: &actual,
            planned: &planned,
            config: new.config,
            private: &[],
        };
        match self.0.change(at, update, out).await {
            Ok(value) => Some(self.state(at, value)),
            // No state: nothing is tainted, and the user's object stays.
            Err(failure) => {
                failure.tell(out, &format!("updating {}", self.0.title(new.planned)));
                None
            }
        }
    }
}

#[async_trait]
impl<T: Object> Resource<Context> for Managed<T> {
    fn name(&self) -> &'static str {
        T::TYPE
    }

    fn schema(&self) -> Schema {
        self.0.schema()
    }

    fn identity(&self) -> IdentitySchema {
        self.0.identity_schema()
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        self.0.validate(config, out);
    }

    fn plan(&self, call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        self.0.plan(call, plan, out);
        preflight::plan(&self.0, call, plan, out);
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        state: &Value,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let at = call.ctx.at(call, state, out).await?;
        match self.0.find(&at, state, out).await {
            Ok(found) => found.map(|value| {
                preflight::read(&self.0, at.ctx(), at.region_name(), &value);
                self.state(&at, value)
            }),
            Err(failure) => {
                failure.tell(out, &format!("reading {}", self.0.title(state)));
                None
            }
        }
    }

    async fn create(
        &self,
        call: Call<'_, Context>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let at = call.ctx.at(call, new.planned, out).await?;
        let doing = format!("creating {}", self.0.title(new.planned));
        match self.0.find(&at, new.planned, out).await {
            Ok(Some(actual)) => return self.judge(&at, new, actual, out).await,
            Ok(None) => {}
            Err(failure) => {
                failure.tell(out, &doing);
                return None;
            }
        }
        let failure = match self.0.make(&at, new, out).await {
            Ok(value) => return Some(self.state(&at, value)),
            Err(failure) => failure,
        };
        // Looked, and it was not there; now the call failed. Whatever stands there
        // now is ours (a part of it was made, or the answer was lost), unless AWS
        // says that someone else was quicker.
        let like = failure.generated().unwrap_or(new.planned);
        let answer_lost = failure.aws().is_some_and(|e: &AwsError| e.maybe_applied);
        let someone_else = failure.aws().is_some_and(AwsError::is_already_exists) && !answer_lost;
        match self.look_again(&at, like).await {
            Seen::There(actual) if someone_else => return self.judge(&at, new, actual, out).await,
            Seen::There(actual) if answer_lost && self.equals(like, &actual) => {
                return Some(self.state(&at, filled(like, &actual)));
            }
            Seen::There(actual) => {
                failure.tell(out, &doing);
                Some(self.state(&at, actual))
            }
            Seen::Gone => {
                failure.tell(out, &doing);
                None
            }
            Seen::NoAnswer => {
                failure.tell(out, &doing);
                let may_be_there = (at.region().has_written() || answer_lost) && !someone_else;
                may_be_there.then(|| self.state(&at, filled(like, &Value::Null)))
            }
        }
    }

    async fn update(
        &self,
        call: Call<'_, Context>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let at = call.ctx.at(call, change.planned, out).await?;
        match self.0.change(&at, change, out).await {
            Ok(value) => Some(self.state(&at, value)),
            Err(failure) => {
                failure.tell(out, &format!("updating {}", self.0.title(change.planned)));
                match self.look_again(&at, change.prior).await {
                    Seen::There(actual) => Some(self.state(&at, actual)),
                    // With an error and no state, Terraform keeps the prior one.
                    Seen::Gone | Seen::NoAnswer => None,
                }
            }
        }
    }

    async fn delete(
        &self,
        call: Call<'_, Context>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let at = call.ctx.at(call, prior, out).await?;
        let title = self.0.title(prior);
        if at
            .ctx()
            .was_taken_over(T::TYPE, at.region_name(), &self.0.key(prior))
        {
            out.warning(
                format!("Left {title} in place"),
                "This run took the object over for another address, so the old address only leaves the state.",
            );
            return None;
        }
        let mut told = Diagnostics::new();
        let Err(failure) = self.0.remove(&at, prior, &mut told).await else {
            out.extend(told);
            return None;
        };
        let left = match self.look_again(&at, prior).await {
            // It is gone, whatever became of the last call: that is what was asked for.
            Seen::Gone => return None,
            Seen::There(actual) => Some(self.state(&at, actual)),
            // With an error and no state, Terraform keeps the prior one.
            Seen::NoAnswer => None,
        };
        out.extend(told);
        failure.tell(out, &format!("deleting {title}"));
        left
    }

    async fn import(
        &self,
        _call: Call<'_, Context>,
        by: ImportBy,
        out: &mut Diagnostics,
    ) -> Option<State> {
        let mut state = self.0.import(&by, out)?;
        crate::provider::fill_defaults(&self.0.schema().block, &mut state.value);
        Some(state)
    }

    fn move_in(&self, from: &MoveFrom, _out: &mut Diagnostics) -> Option<Value> {
        let mut state = moves::from_aws(from, T::AWS_TYPE?, &self.0.schema().block)?;
        self.0.moved(from, &mut state);
        Some(state)
    }
}

impl<T: Object> Managed<T> {
    fn equals(&self, planned: &Value, actual: &Value) -> bool {
        let block = self.0.schema().block;
        let existing = Existing {
            type_name: T::TYPE,
            object: String::new(),
            import_id: String::new(),
            block: &block,
            adopt: false,
            planned,
            actual,
            not_compared: T::NOT_COMPARED,
        };
        existing.is_equal()
    }
}

#[cfg(test)]
mod tests;
