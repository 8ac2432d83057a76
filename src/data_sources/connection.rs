//! `eventbridge_connection`: a connection, looked up (`aws_cloudwatch_event_connection` in hashicorp/aws).

use async_trait::async_trait;

use crate::provider::{Attribute, Call, Check, DataSource, Diagnostics, Path, Schema, Value};
use crate::resources::Context;
use crate::resources::shared::{failed, region};

/// A connection.
pub struct Connection;

#[async_trait]
impl DataSource<Context> for Connection {
    fn name(&self) -> &'static str {
        "eventbridge_connection"
    }

    fn schema(&self) -> Schema {
        let text = |name| Attribute::string(name).computed();
        Schema::new("Looks up a connection. Its secrets are in the secret that `secret_arn` names.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .check(Check::length(1, 64))
                    .describe("Name of the connection."),
            )
            .attribute(region::question())
            .attribute(text("arn").describe("ARN of the connection."))
            .attribute(
                text("authorization_type")
                    .describe("`API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`."),
            )
            .attribute(
                text("kms_key_identifier").describe(
                    "Customer managed KMS key for the secret; null where AWS owns the key.",
                ),
            )
            .attribute(
                text("secret_arn")
                    .describe("ARN of the Secrets Manager secret that EventBridge keeps for it."),
            )
            .attribute(text("state").describe("State, such as `AUTHORIZED`."))
            .attribute(text("state_reason").describe("Why it is in that state, where AWS says."))
            .attribute(text("id").describe("Name of the connection."))
            .iam(&["events:DescribeConnection"])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let name = config.get("name").as_str().unwrap_or_default();
        match at.events().describe_connection(name).await {
            Ok(Some(connection)) => Some(Value::map([
                ("name", Value::from(name)),
                ("id", name.into()),
                ("region", at.region_name().into()),
                ("arn", connection.arn.into()),
                ("authorization_type", connection.authorization_type.into()),
                ("kms_key_identifier", connection.kms_key_identifier.into()),
                ("secret_arn", connection.secret_arn.into()),
                ("state", connection.state.into()),
                ("state_reason", connection.state_reason.into()),
            ])),
            Ok(None) => {
                out.error_at(
                    Path::of("name"),
                    format!("Connection {name:?} not found"),
                    format!(
                        "There is no connection {name:?} in {}. Check its name and the region.",
                        at.region_name()
                    ),
                );
                None
            }
            Err(error) => {
                failed(out, &format!("reading connection {name:?}"), &error);
                None
            }
        }
    }
}
