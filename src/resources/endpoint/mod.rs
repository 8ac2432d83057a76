//! `eventbridge_endpoint`: a global endpoint (`aws_cloudwatch_event_endpoint` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEndpoint.html>

mod schema;
mod state;

use std::time::Duration;

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::settle::{self, Stage};
use super::shared::{Failure, Object, import, retry};
use crate::aws::events::Begun;
use crate::aws::{Arn, AwsError};
use crate::provider::{
    Block, Call, Create, Diagnostics, IdentitySchema, ImportBy, MoveFrom, Path, Plan, Schema,
    State, Update, Value, timeouts, validate,
};
use state::name_of;

const ENABLED: &str = "ENABLED";
const ACTIVE: &str = "ACTIVE";

/// How long an endpoint may be under way.
const WAIT: Duration = Duration::from_secs(5 * 60);

/// A global endpoint.
pub struct Endpoint {
    block: Block,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self {
            block: schema::schema().block,
        }
    }
}

#[async_trait]
impl Object for Endpoint {
    const TYPE: &'static str = "eventbridge_endpoint";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_endpoint");

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the endpoint.")
    }

    fn title(&self, state: &Value) -> String {
        format!("endpoint {:?}", name_of(state))
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

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        if plan.is_create() {
            if plan.after("name").as_str().is_some() {
                let name = plan.after("name").clone();
                plan.set("id", name);
            }
        } else if plan.before("state").as_str() != Some(ACTIVE) && plan.changes_besides(&[]) {
            plan.unknown("state");
        }
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at.events().describe_endpoint(name_of(like)).await? else {
            return Ok(None);
        };
        let to_be_made = like.get("arn").is_unknown();
        if to_be_made && found.state == settle::DELETING {
            // The name is free once the old endpoint is gone.
            self.gone(at, like, "create", out).await?;
            return Ok(None);
        }
        Ok(Some(state::state_of(&found, &self.block, like)))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let mut endpoint = state::settings(new.planned);
        endpoint.description = endpoint.description.filter(|text| !text.is_empty());
        let begun =
            retry::while_not_yet(at, retry::NEW_ROLE, AwsError::cannot_be_assumed, || async {
                at.events().create_endpoint(&endpoint).await
            });
        let begun = begun.await?;
        self.settled(at, new.planned, "create", &begun, out).await
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (prior, planned) = (change.prior, change.planned);
        let (before, after) = (state::settings(prior), state::settings(planned));
        if before == after && planned.get("state").as_str() == Some(ACTIVE) {
            return Ok(planned.clone());
        }
        let begun =
            retry::while_not_yet(at, retry::NEW_ROLE, AwsError::cannot_be_assumed, || async {
                at.events().update_endpoint(&after).await
            });
        let begun = begun.await?;
        let state = self.settled(at, planned, "update", &begun, out).await?;
        if before.role_arn.is_some() && after.role_arn.is_none() {
            self.without_role(at, planned, out).await?;
        }
        Ok(state)
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        at.events().delete_endpoint(name_of(prior)).await?;
        self.gone(at, prior, "delete", out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "endpoint")
    }

    /// hashicorp/aws stores a block without a state where the configuration has none.
    fn moved(&self, _from: &MoveFrom, state: &mut Value) {
        if !validate::is_set(state.get("replication_config").at(0).get("state")) {
            state.set("replication_config", Value::List(vec![]));
        }
    }
}

impl Endpoint {
    /// Waits until it is active; the planned endpoint with what EventBridge alone knows.
    async fn settled(
        &self,
        at: &At<'_>,
        planned: &Value,
        operation: &str,
        begun: &Begun,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (title, name) = (self.title(planned), name_of(planned));
        let limit = timeouts::limit(planned, operation, WAIT);
        let look = || look(at, name);
        let stage = settle::until_settled(at, &title, limit, begun, look, out).await?;
        if stage.state != ACTIVE {
            return Err(stage.fail(&title, out));
        }
        if planned.is_wholly_known() {
            return Ok(planned.clone());
        }
        // Its id and URL stand in no other answer.
        let look = || async { at.events().describe_endpoint(name).await };
        let found = settle::until_seen(at, &title, look, out).await?;
        let actual = state::state_of(&found, &self.block, planned);
        Ok(super::shared::adopt::filled(planned, &actual))
    }

    async fn gone(
        &self,
        at: &At<'_>,
        state: &Value,
        operation: &str,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let limit = timeouts::limit(state, operation, WAIT);
        let look = || look(at, name_of(state));
        settle::until_gone(at, &self.title(state), limit, look, out).await
    }

    /// Makes sure that a role that was removed is gone: UpdateEndpoint takes no empty one.
    async fn without_role(
        &self,
        at: &At<'_>,
        planned: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let found = at.events().describe_endpoint(name_of(planned)).await?;
        let Some(role) = found.and_then(|endpoint| endpoint.role_arn) else {
            return Ok(());
        };
        out.error_at(
            Path::of("role_arn"),
            format!("The {} keeps its role", self.title(planned)),
            format!(
                "EventBridge took the update, but keeps {role:?}. Leave `role_arn` in the configuration (a disabled \
                 replication does not use it), or replace the endpoint (`-replace`), which gives it another id and URL."
            ),
        );
        Err(Failure::Told)
    }
}

async fn look(at: &At<'_>, name: &str) -> Result<Option<Stage>, AwsError> {
    let found = at.events().describe_endpoint(name).await?;
    Ok(found.map(|endpoint| Stage {
        state: endpoint.state,
        reason: endpoint.state_reason,
    }))
}
