//! `eventbridge_rule`: a rule of an event bus (`aws_cloudwatch_event_rule` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>

mod checks;
mod delete;
mod plan;
mod quotas;
mod schema;
mod state;

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::census::Group;
use super::shared::preflight::Quota;
use super::shared::rule_ref::RuleRef;
use super::shared::{Failure, Object, bus_name, generated, import, pattern_tests, retry, tags};
use crate::aws::{Arn, AwsError, BusRef, Region, Tags};
use crate::provider::{
    Block, Call, Create, Diagnostics, IdentitySchema, ImportBy, MoveFrom, Plan, Schema, State,
    Update, Value,
};
pub use state::id;
use state::{bus_of, name_of};

pub const TYPE: &str = "eventbridge_rule";

const ENABLED: &str = "ENABLED";
const DISABLED: &str = "DISABLED";
const TRAIL: &str = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/// A rule.
pub struct Rule {
    block: Block,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            block: schema::schema().block,
        }
    }
}

#[async_trait]
impl Object for Rule {
    const TYPE: &'static str = TYPE;
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_rule");
    const NOT_COMPARED: &'static [&'static str] = &[
        pattern_tests::NAME,
        "force_destroy",
        "remove_targets_on_destroy",
        "name_prefix",
        "is_enabled",
    ];

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::regional()
            .required("name", "Name of the rule.")
            .optional(
                "event_bus_name",
                "The event bus: by its name, or by its ARN where it is another account's. `default` when absent.",
            )
    }

    fn title(&self, state: &Value) -> String {
        let on = match bus_of(state) {
            bus_name::DEFAULT => String::new(),
            bus => format!(" on event bus {bus:?}"),
        };
        match name_of(state) {
            "" => format!("a rule with a generated name{on}"),
            name => format!("rule {name:?}{on}"),
        }
    }

    /// The id, with the bus by its name where it is the own account's.
    fn key(&self, state: &Value) -> String {
        let (bus, arn) = (bus_of(state), state.get("arn").as_str().unwrap_or_default());
        let name = BusRef::new(bus).name().to_owned();
        let bus = if bus_name::same(bus, &name, &own_arn(state, arn)) {
            &name
        } else {
            bus
        };
        state::id(bus, name_of(state))
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        let arn = state.get("arn").as_str().and_then(Arn::parse);
        let bus = BusRef::new(bus_of(state));
        let own = bus.sent(at.region().aws().known_account(), at.region_name());
        import::identity(
            arn.as_ref(),
            Some(at.region_name()),
            &[("name", name_of(state)), ("event_bus_name", own)],
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        checks::check(config, out);
    }

    fn plan(&self, call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        plan::adjust(call.ctx.aws().known_account(), plan, out);
    }

    fn groups(&self, account: Option<&str>, region: &str, state: &Value) -> Vec<Group> {
        quotas::groups(account, region, state)
    }

    fn name_in_group(&self, state: &Value) -> Option<String> {
        state.get("name").as_set_str().map(str::to_owned)
    }

    fn standing(
        &self,
        used: Option<&Region>,
        account: Option<&str>,
        planned: &Value,
    ) -> Option<Value> {
        let region = used?;
        let bus = BusRef::new(bus_of(planned));
        let bus = bus.sent(account, region.name());
        let rule = region.events().seen_rule(bus, name_of(planned))?;
        let mut state = state::state_of(&rule, &self.block, planned);
        // Pages tell no tags.
        state.set("tags_all", planned.get("tags_all").clone());
        Some(state)
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
        // A name that is to be generated is nobody's yet.
        let (Some(name), bus) = (like.get("name").as_set_str(), bus_of(like)) else {
            return Ok(None);
        };
        let events = at.events();
        // About to make it: a page of the last seconds tells that it is not there.
        let found = match like.get("arn").is_unknown() {
            true => events.look_for_rule(bus, name).await?,
            false => events.read_rule(bus, name).await?,
        };
        let Some(mut rule) = found else {
            return Ok(None);
        };
        if rule.created_by.is_none() {
            rule.created_by = match like.get("created_by").as_str() {
                Some(known) => Some(known.to_owned()),
                None => self.creator(at, bus, name, &rule.arn).await?,
            };
        }
        let fits = |remote: &Tags| tags::are_as_known(at.conventions(), like, remote);
        let remote_tags = events.read_tags(&rule.arn, fits).await?;
        let mut state = state::state_of(&rule, &self.block, like);
        tags::read(
            at.conventions(),
            like,
            &remote_tags.unwrap_or_default(),
            &mut state,
        );
        Ok(Some(state))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let planned = new.planned;
        let given = planned.get("name").as_set_str();
        let name = given.map_or_else(
            || {
                generated::name(
                    planned
                        .get("name_prefix")
                        .as_set_str()
                        .unwrap_or(generated::PREFIX),
                )
            },
            str::to_owned,
        );
        let mut settings = state::with_tags(state::settings(planned), planned);
        settings.name.clone_from(&name);
        let bus = &settings.event_bus_name;
        let put =
            retry::while_not_yet(at, retry::NEW_ROLE, AwsError::cannot_be_assumed, || async {
                at.events().put_rule(&settings).await
            });
        let arn = match put.await {
            Err(error) if given.is_none() => {
                let mut named = planned.clone();
                named.set("name", name.as_str());
                return Err(Failure::Generated(Box::new((named, error))));
            }
            result => result?,
        };
        let creator = state::own_account(at, bus, &arn).await;
        let state = state::made(planned, &name, &arn, creator);
        at.ctx()
            .remember_made(TYPE, at.region_name(), &self.key(&state));
        Ok(state)
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (prior, planned) = (change.prior, change.planned);
        let (before, after) = (state::settings(prior), state::settings(planned));
        let (set, removed) = at
            .conventions()
            .tag_changes(prior.get("tags_all"), planned.get("tags_all"));
        if before == after && set.is_empty() && removed.is_empty() {
            return Ok(planned.clone());
        }
        if let Some(by) = prior.get("managed_by").as_set_str() {
            plan::managed_rule(name_of(prior), by, out);
            return Err(Failure::Told);
        }
        if before != after {
            retry::while_not_yet(at, retry::NEW_ROLE, AwsError::cannot_be_assumed, || async {
                at.events().put_rule(&after).await
            })
            .await?;
        }
        let arn = prior.get("arn").as_str().unwrap_or_default();
        tags::update(at, arn, prior, planned).await?;
        Ok(planned.clone())
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        delete::delete(at, prior, out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::import(by, out, |named| {
            let rule = match named {
                import::Named::Id(id) => RuleRef::parse(id)?,
                import::Named::Identity(identity) => RuleRef::on(
                    identity.get("event_bus_name").as_set_str(),
                    identity.get("name").as_str().unwrap_or_default(),
                )?,
            };
            let bus = rule.bus.as_deref().unwrap_or(bus_name::DEFAULT);
            Ok(Value::map([
                ("name", Value::from(rule.name.as_str())),
                (
                    "name_prefix",
                    generated::prefix_of(&rule.name).map(Value::from).into(),
                ),
                ("event_bus_name", bus.into()),
                // The read that follows tells which: a configuration that has the flag then has nothing to change.
                ("is_enabled", true.into()),
                ("id", state::id(bus, &rule.name).into()),
            ]))
        })
    }

    fn moved(&self, from: &MoveFrom, state: &mut Value) {
        let enabled = from
            .state
            .get("is_enabled")
            .and_then(serde_json::Value::as_bool);
        state.set("is_enabled", enabled.map(Value::from));
        if state.get("state").is_null() && enabled == Some(false) {
            state.set("state", DISABLED);
        }
    }
}

impl Rule {
    /// Who made a rule that no state knows yet: pages do not tell it.
    async fn creator(
        &self,
        at: &At<'_>,
        bus: &str,
        name: &str,
        arn: &str,
    ) -> Result<Option<String>, Failure> {
        let rule = at.events().describe_rule(bus, name).await?;
        match rule.and_then(|rule| rule.created_by) {
            Some(creator) => Ok(Some(creator)),
            None => Ok(state::own_account(at, bus, arn).await),
        }
    }
}

/// An ARN of the rule's region in the account that looks at it: the rule's own
/// names the owner of the bus, which may be another.
fn own_arn(state: &Value, rule_arn: &str) -> String {
    let Some(mut arn) = Arn::parse(rule_arn) else {
        return rule_arn.to_owned();
    };
    if let Some(creator) = state.get("created_by").as_set_str()
        && BusRef::new(bus_of(state)).arn().is_some()
    {
        arn.account = creator.to_owned();
    }
    arn.to_string()
}
