//! `eventbridge_bus`: an event bus (`aws_cloudwatch_event_bus` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>

mod delete;
mod schema;
mod state;

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::census::Group;
use super::shared::{Failure, Object, bus_name, import, tags};
use crate::aws::{Arn, Region, Tags};
use crate::provider::{
    Call, Create, Diagnostics, IdentitySchema, ImportBy, Path, Plan, Schema, State, Update, Value,
};
use state::name_of;

/// An event bus.
pub struct Bus;

#[async_trait]
impl Object for Bus {
    const TYPE: &'static str = "eventbridge_bus";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_bus");
    const NOT_COMPARED: &'static [&'static str] = &["adopt_default", "event_source_name"];

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn adopts(&self, planned: &Value) -> bool {
        let says = |name: &str| planned.get(name).as_bool() == Some(true);
        says("adopt") || says("adopt_default") && name_of(planned) == bus_name::DEFAULT
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the bus.")
    }

    fn title(&self, state: &Value) -> String {
        format!("event bus {:?}", name_of(state))
    }

    fn key(&self, state: &Value) -> String {
        name_of(state).to_owned()
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        let arn = state.get("arn").as_str().and_then(Arn::parse);
        import::identity(
            arn.as_ref(),
            Some(at.region_name()),
            &[("name", name_of(state))],
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        schema::check(config, out);
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        if plan.is_create() && plan.planned.get("name").as_str().is_some() {
            let name = plan.planned.get("name").clone();
            plan.set("id", name);
        }
        let log_level = plan.after("log_config").at(0).get("level");
        let logs = log_level.as_set_str().is_some_and(|level| level != "OFF");
        if logs && plan.changes("log_config") {
            let name = plan.after("name").as_str().unwrap_or("(known after apply)");
            out.warning_at(
                Path::of("log_config"),
                format!("Logs of event bus {name} need a delivery"),
                "`log_config` alone delivers nothing: make a delivery source for the bus and a delivery to a log \
                 group, bucket or stream (CloudWatch Logs: PutDeliverySource, CreateDelivery).",
            );
        }
    }

    fn groups(&self, _account: Option<&str>, region: &str, _state: &Value) -> Vec<Group> {
        vec![Group {
            type_name: Self::TYPE,
            region: region.to_owned(),
            within: String::new(),
        }]
    }

    fn name_in_group(&self, state: &Value) -> Option<String> {
        state.get("name").as_set_str().map(str::to_owned)
    }

    fn standing(
        &self,
        used: Option<&Region>,
        _account: Option<&str>,
        planned: &Value,
    ) -> Option<Value> {
        let bus = used?.events().seen_bus(name_of(planned)).flatten()?;
        let mut state = state::state_of(&bus, planned);
        // A bus is described without its tags.
        state.set("tags_all", planned.get("tags_all").clone());
        Some(state)
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let Some(bus) = at.events().describe_bus(name_of(like)).await? else {
            return Ok(None);
        };
        let fits = |remote: &Tags| tags::are_as_known(at.conventions(), like, remote);
        let remote_tags = at.events().read_tags(&bus.arn, fits).await?;
        let mut state = state::state_of(&bus, like);
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
        let arn = at
            .events()
            .create_bus(&state::settings(new.planned))
            .await?;
        let mut state = new.planned.clone();
        state.set("arn", arn);
        state.set("id", name_of(new.planned));
        Ok(state)
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (prior, planned) = (change.prior, change.planned);
        let (before, after) = (state::settings(prior), state::settings(planned));
        let update = state::update(&before, &after);
        if update != state::update(&before, &before) {
            at.events().update_bus(&update).await?;
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
        if name_of(prior) == bus_name::DEFAULT {
            return Ok(());
        }
        delete::delete(at, prior, out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "bus")
    }
}
