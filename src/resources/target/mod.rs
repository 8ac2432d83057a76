//! `eventbridge_target`: a target of a rule (`aws_cloudwatch_event_target` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html>

mod blocks;
mod checks;
pub mod from_aws;
mod place;
mod plan;
mod put;
mod quotas;
mod roles;
mod schema;
mod to_aws;

use async_trait::async_trait;

use super::context::{At, Context};
use super::rule;
use super::shared::census::Group;
use super::shared::preflight::Quota;
use super::shared::rule_ref::RuleRef;
use super::shared::{Failure, Object, form, generated, import};
use crate::aws::events::Target as Remote;
use crate::aws::{Arn, AwsError, ErrorKind, Region, Service};
use crate::provider::{
    Block, Call, Create, Diagnostics, IdentitySchema, ImportBy, MoveFrom, Plan, Schema, State,
    Update, Value,
};
use place::Place;

const TYPE: &str = "eventbridge_target";

/// A target of a rule.
pub struct Target {
    block: Block,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            block: schema::schema().block,
        }
    }
}

#[async_trait]
impl Object for Target {
    const TYPE: &'static str = TYPE;
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_target");
    const NOT_COMPARED: &'static [&'static str] = &["force_destroy"];

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::regional()
            .required(
                "event_bus_name",
                "The rule's event bus: by its name, or by its ARN where it is another account's.",
            )
            .required("rule", "Name of the rule.")
            .required("target_id", "Id of the target.")
    }

    fn title(&self, state: &Value) -> String {
        let rule =
            Place::of(state).map_or_else(String::new, |place| format!(" of rule {:?}", place.rule));
        match id_of(state) {
            "" => format!("a target with a generated id{rule}"),
            id => format!("target {id:?}{rule}"),
        }
    }

    fn key(&self, state: &Value) -> String {
        Place::of(state).map_or_else(String::new, |place| place.import_id(id_of(state)))
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        let own = at.region().aws().known_account();
        let place = Place::of(state);
        let bus = place
            .as_ref()
            .map(|p| p.canonical_bus(own, at.region_name()));
        let bus = bus.unwrap_or_default();
        // Another account's bus is that account's, and so are its rules.
        let account = Arn::parse(&bus).map(|arn| arn.account);
        let arn = Arn {
            partition: String::new(),
            service: String::new(),
            region: at.region_name().to_owned(),
            account: account.or(own.map(str::to_owned)).unwrap_or_default(),
            resource: String::new(),
        };
        let own = [
            ("event_bus_name", bus.as_str()),
            ("rule", place.as_ref().map_or("", |place| &place.rule)),
            ("target_id", id_of(state)),
        ];
        import::identity(Some(&arn), Some(at.region_name()), &own)
    }

    fn private(&self, at: &At<'_>, _state: &Value) -> Option<Vec<u8>> {
        at.region().aws().known_account().map(plan::private)
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        checks::check(config, out);
    }

    fn plan(&self, call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        plan::adjust(call, plan, out);
    }

    fn groups(&self, account: Option<&str>, region: &str, state: &Value) -> Vec<Group> {
        quotas::groups(account, region, state)
    }

    fn name_in_group(&self, state: &Value) -> Option<String> {
        state.get("target_id").as_set_str().map(str::to_owned)
    }

    fn standing(
        &self,
        used: Option<&Region>,
        _account: Option<&str>,
        planned: &Value,
    ) -> Option<Value> {
        let place = Place::of(planned)?;
        let targets = used?
            .events()
            .seen_targets(&place.bus_to_send, &place.rule)?;
        let target = targets.iter().find(|target| target.id == id_of(planned))?;
        Some(self.state_of(target, &place, planned))
    }

    fn quotas(
        &self,
        used: Option<&Region>,
        region: &str,
        account: Option<&str>,
        planned: &Value,
    ) -> Vec<Quota> {
        quotas::quotas(used, region, account, planned)
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let (Some(place), id) = (Place::of(like), id_of(like)) else {
            return Ok(None);
        };
        if id.is_empty() {
            return Ok(None);
        }
        if self.is_fresh(at, &place, id) {
            return Ok(None);
        }
        let targets = at
            .events()
            .read_targets(&place.bus_to_send, &place.rule)
            .await?;
        let found = targets.unwrap_or_default().into_iter().find(|t| t.id == id);
        // Which account is ours is stored with the target; without it plans know less.
        let _ = at.region().account().await;
        Ok(found.map(|target| self.state_of(&target, &place, like)))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let Some(place) = Place::of(new.planned) else {
            return Err(no_place().into());
        };
        let given = new.planned.get("target_id").as_set_str();
        let id = given.map_or_else(|| generated::name(generated::PREFIX), str::to_owned);
        let mut state = new.planned.clone();
        state.set("target_id", id.as_str());
        state.set("id", place.id(&id));
        let target = to_aws::target(&state);
        keep_empty(new.planned, &mut state);
        if state.get("event_bus_name").as_str() != Some("") {
            state.set("event_bus_name", place.bus.as_str());
        }

        // Two resources of one run may name the same target: the second finds the first's.
        let key = self.key(&state);
        let _one_at_a_time = at.region().locks().hold(&format!("{TYPE} {key}")).await;
        if at.ctx().was_made(TYPE, at.region_name(), &key) {
            let exists = put::exists(at, &place, &id).await?;
            if exists {
                return Err(made_twice(&id).into());
            }
        }
        at.ctx().remember_made(TYPE, at.region_name(), &key);
        match put::put(at, &place, &target).await {
            Err(error) if given.is_none() => {
                return Err(Failure::Generated(Box::new((state, error))));
            }
            result => result?,
        }
        let _ = at.region().account().await;
        Ok(state)
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let Some(place) = Place::of(change.planned) else {
            return Err(no_place().into());
        };
        let (before, after) = (to_aws::target(change.prior), to_aws::target(change.planned));
        if before.role_arn.is_some() && after.role_arn.is_none() {
            // PutTargets alone does not take a role away.
            put::put_anew(at, &place, &before, &after, is_forced(change.planned), out).await?;
        } else if before != after {
            put::put(at, &place, &after).await?;
        }
        Ok(change.planned.clone())
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let Some(place) = Place::of(prior) else {
            return Err(no_place().into());
        };
        put::remove(at, &place, id_of(prior), is_forced(prior), out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::import(by, out, |named| {
            let (rule, id) = match named {
                import::Named::Id(text) => {
                    let (rule, id) = text.rsplit_once('/').ok_or(FORMS)?;
                    (RuleRef::parse(rule)?, id)
                }
                import::Named::Identity(identity) => {
                    let part = |name: &str| identity.get(name).as_set_str();
                    let rule = part("rule").unwrap_or_default();
                    (
                        RuleRef::on(part("event_bus_name"), rule)?,
                        part("target_id").unwrap_or_default(),
                    )
                }
            };
            if id.is_empty() {
                return Err(FORMS.to_owned());
            }
            let bus = rule
                .bus_to_send()
                .unwrap_or_else(|| super::shared::bus_name::DEFAULT.to_owned());
            let mut state = Value::map([
                ("rule", Value::from(rule.name.as_str())),
                ("event_bus_name", bus.into()),
                ("target_id", id.into()),
            ]);
            let text = Place::of(&state).map(|place| place.id(id));
            state.set("id", text);
            Ok(state)
        })
    }

    fn moved(&self, from: &MoveFrom, state: &mut Value) {
        // `arn` is the destination's: it does not tell where the rule is.
        let region = from.state.get("region").and_then(|region| region.as_str());
        state.set("region", region.map(Value::from));
        form::fill_defaults(&self.block, state);
    }
}

const FORMS: &str = "write \"RULE/TARGET\" or \"BUS/RULE/TARGET\", the bus by name or ARN";

impl Target {
    /// Whether nobody can have put it there: this run made the rule, and has not
    /// tried to put this target yet.
    fn is_fresh(&self, at: &At<'_>, place: &Place, id: &str) -> bool {
        let made = |type_name, key: &str| at.ctx().was_made(type_name, at.region_name(), key);
        let bus = place.canonical_bus(at.region().aws().known_account(), at.region_name());
        made(rule::TYPE, &rule::id(&bus, &place.rule)) && !made(TYPE, &place.import_id(id))
    }

    /// The target as its state, in the form of `like` where that means the same.
    fn state_of(&self, target: &Remote, place: &Place, like: &Value) -> Value {
        let mut state = form::keep(&self.block, like, from_aws::target(target));
        for ours in ["rule", "force_destroy", "region"] {
            state.set(ours, like.get(ours).clone());
        }
        state.set("event_bus_name", place.bus.as_str());
        state.set("id", place.id(&target.id));
        keep_empty(like, &mut state);
        state
    }
}

/// The target's id; empty while it is still to be generated. Of a target whose
/// `target_id` was written as `""`, which stays so, it stands in `id`.
fn id_of(state: &Value) -> &str {
    let generated = || {
        let beginning = Place::of(state)?.id("");
        state.get("id").as_str()?.strip_prefix(&beginning)
    };
    let given = state.get("target_id").as_set_str();
    given.or_else(generated).unwrap_or_default()
}

/// What was written as `""`, which means "not set", stays written so.
fn keep_empty(like: &Value, state: &mut Value) {
    for name in ["target_id", "event_bus_name"] {
        if like.get(name).as_str() == Some("") {
            state.set(name, "");
        }
    }
}

fn is_forced(state: &Value) -> bool {
    state.get("force_destroy").as_bool() == Some(true)
}

fn no_place() -> AwsError {
    let message = "the state names no rule; import the target anew";
    AwsError::new(Service::Events, "", ErrorKind::Validation, message)
}

fn made_twice(id: &str) -> AwsError {
    let message = format!("another resource of this configuration made target {id:?} just now");
    AwsError::new(
        Service::Events,
        "PutTargets",
        ErrorKind::AlreadyExists,
        message,
    )
}

#[cfg(test)]
mod tests;
