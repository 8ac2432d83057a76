//! `eventbridge_connection`: how requests to API destinations are authorized
//! (`aws_cloudwatch_event_connection` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html>

mod checks;
mod plan;
mod schema;
mod state;

use std::time::Duration;

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::settle::{self, Stage};
use super::shared::{Failure, Object, import};
use crate::aws::events::{Begun, ConnectionSettings};
use crate::aws::{Arn, AwsError};
use crate::provider::{
    Block, Call, Create, Diagnostics, IdentitySchema, ImportBy, Plan, Schema, State, Update, Value,
    timeouts,
};
use state::name_of;

/// The ways to authorize: the block, and its name as `authorization_type`.
const KINDS: [(&str, &str); 3] = [
    ("api_key", "API_KEY"),
    ("basic", "BASIC"),
    ("oauth", "OAUTH_CLIENT_CREDENTIALS"),
];

/// How long a connection may be under way.
const WAIT: Duration = Duration::from_secs(5 * 60);
/// Into a private network.
const WAIT_PRIVATE: Duration = Duration::from_secs(20 * 60);
/// How long a private connection may rest in `AUTHORIZED` before that is taken for its last word.
const WAIT_ACTIVE: Duration = Duration::from_secs(30);

/// A connection.
pub struct Connection {
    block: Block,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            block: schema::schema().block,
        }
    }
}

#[async_trait]
impl Object for Connection {
    const TYPE: &'static str = "eventbridge_connection";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_connection");

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the connection.")
    }

    fn title(&self, state: &Value) -> String {
        format!("connection {:?}", name_of(state))
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
        checks::check(config, out);
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        plan::adjust(plan);
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at.events().describe_connection(name_of(like)).await? else {
            return Ok(None);
        };
        let to_be_made = like.get("arn").is_unknown();
        if to_be_made && found.state == settle::DELETING {
            // The name is free once the old connection is gone.
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
        let connection = self.settings(new.planned, new.config, out)?;
        let begun = at.events().create_connection(&connection).await;
        let begun = begun.map_err(|error| without_secrets(error, &connection))?;
        self.settled(at, new.planned, "create", &begun, out).await?;
        self.result(at, new.planned, &begun.arn, out).await
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (prior, planned) = (change.prior, change.planned);
        if prior != planned && without_ours(prior) == without_ours(planned) {
            return Ok(planned.clone());
        }
        // All of it, secrets included: one that is taken over has others.
        let after = self.settings(planned, change.config, out)?;
        let connection = match state::settings(prior, change.config) {
            Some(before) => state::update(&before, after),
            None => after,
        };
        let begun = at.events().update_connection(&connection).await;
        let begun = begun.map_err(|error| without_secrets(error, &connection))?;
        self.settled(at, planned, "update", &begun, out).await?;
        self.result(at, planned, &begun.arn, out).await
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        at.events().delete_connection(name_of(prior)).await?;
        self.gone(at, prior, "delete", out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "connection")
    }
}

impl Connection {
    fn settings(
        &self,
        planned: &Value,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Result<ConnectionSettings, Failure> {
        state::settings(planned, config).ok_or_else(|| {
            checks::check(planned, out);
            Failure::Told
        })
    }

    /// The planned connection with what EventBridge alone knows.
    async fn result(
        &self,
        at: &At<'_>,
        planned: &Value,
        arn: &str,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let mut state = planned.clone();
        if !planned.is_wholly_known() {
            // Its secret and its associations stand in no other answer.
            let look = || async { at.events().describe_connection(name_of(planned)).await };
            let found = settle::until_seen(at, &self.title(planned), look, out).await?;
            let actual = state::state_of(&found, &self.block, planned);
            state = super::shared::adopt::filled(planned, &actual);
        }
        if !arn.is_empty() {
            state.set("arn", arn);
        }
        Ok(state)
    }

    /// Waits until EventBridge has authorized it, and reached its private network.
    async fn settled(
        &self,
        at: &At<'_>,
        state: &Value,
        operation: &str,
        begun: &Begun,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let title = self.title(state);
        let is_private = state::is_private(state);
        let limit = limit(state, operation);
        let look = || look(at, name_of(state));
        let mut stage = settle::until_settled(at, &title, limit, begun, look, out).await?;
        if is_private && stage.state == "AUTHORIZED" {
            let more = |stage: Option<&Stage>| {
                stage.is_none_or(|stage| stage.state != "AUTHORIZED" && !stage.is_under_way())
            };
            let limit = limit.min(WAIT_ACTIVE);
            if let (_, Some(last)) = settle::poll(at, &title, limit, look, more).await? {
                stage = last;
            }
        }
        match stage.state.as_str() {
            "FAILED_CONNECTIVITY" => Err(stage.fail(&title, out)),
            "DEAUTHORIZED" => {
                out.warning(
                    format!("The {title} is not authorized"),
                    format!(
                        "{} Events for its API destinations are not delivered until it is.",
                        stage.why()
                    ),
                );
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn gone(
        &self,
        at: &At<'_>,
        state: &Value,
        operation: &str,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let look = || look(at, name_of(state));
        settle::until_gone(at, &self.title(state), limit(state, operation), look, out).await
    }
}

async fn look(at: &At<'_>, name: &str) -> Result<Option<Stage>, AwsError> {
    let found = at.events().describe_connection(name).await?;
    Ok(found.map(|connection| Stage {
        state: connection.state,
        reason: connection.state_reason,
    }))
}

fn limit(state: &Value, operation: &str) -> Duration {
    let default = if state::is_private(state) {
        WAIT_PRIVATE
    } else {
        WAIT
    };
    timeouts::limit(state, operation, default)
}

/// The state without the arguments that are ours alone.
fn without_ours(state: &Value) -> Value {
    let mut state = state.clone();
    for ours in ["adopt", "timeouts"] {
        state.set(ours, Value::Null);
    }
    state
}

/// EventBridge repeats a value that it refuses: no secret may be shown so.
fn without_secrets(mut error: AwsError, connection: &ConnectionSettings) -> AwsError {
    /// Shorter ones stand in too many words.
    const SHORTEST: usize = 4;
    for secret in connection.secrets() {
        let text = secret.reveal();
        if text.len() >= SHORTEST {
            error.message = error.message.replace(text, "(sensitive)");
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{ErrorKind, Service};

    #[test]
    fn no_error_shows_a_secret() {
        let config = serde_json::json!({"auth_parameters": [{
            "basic": [{"username": "user", "password_wo": "hush-1"}],
            "invocation_http_parameters": [{"header": [{"key": "a", "value": "hush-2"}]}]}]});
        let config = Value::from_json(config);
        let settings = state::settings(&config, &config).unwrap();
        let message = "Value 'hush-1' at 'password', 'hush-2' at 'value' failed";
        let error = AwsError::new(
            Service::Events,
            "CreateConnection",
            ErrorKind::Validation,
            message,
        );
        let told = without_secrets(error, &settings).to_string();
        assert!(!told.contains("hush") && told.contains("'(sensitive)' at 'password'"));
    }

    #[test]
    fn a_private_connection_gets_more_time() {
        let private = serde_json::json!({"invocation_connectivity_parameters": [
            {"resource_parameters": [{"resource_configuration_arn": "r"}]}]});
        assert_eq!(limit(&Value::from_json(private), "create"), WAIT_PRIVATE);
        assert_eq!(limit(&Value::Null, "create"), WAIT);
        let own = serde_json::json!({"timeouts": {"create": "90s"}});
        assert_eq!(
            limit(&Value::from_json(own), "create"),
            Duration::from_secs(90)
        );
    }
}
