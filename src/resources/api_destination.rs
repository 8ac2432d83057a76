//! `eventbridge_api_destination`: an HTTP endpoint that rules send events to
//! (`aws_cloudwatch_event_api_destination` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html>

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::{Failure, Object, adopt, form, https, import, region};
use crate::aws::Arn;
use crate::aws::events::{ApiDestination as Remote, ApiDestinationSettings};
use crate::provider::{
    Attribute, Call, Check, Create, Diagnostics, Equality, IdentitySchema, ImportBy, Plan, Schema,
    State, Update, Value, check::quoted,
};

/// An API destination.
pub struct ApiDestination;

const METHODS: [&str; 7] = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"];

#[async_trait]
impl Object for ApiDestination {
    const TYPE: &'static str = "eventbridge_api_destination";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_api_destination");

    fn schema(&self) -> Schema {
        Schema::new("An API destination: an HTTP endpoint that rules send events to, through a connection.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .replaces()
                    .check(Check::matches(
                        r"[.\-_A-Za-z0-9]{1,64}",
                        "an API destination name: 1 to 64 letters, digits, `.`, `-` or `_`",
                    ))
                    .describe("Name of the API destination."),
            )
            .attribute(
                Attribute::string("connection_arn")
                    .required()
                    .check(connection_arn())
                    .describe("ARN of the connection that authorizes the requests."),
            )
            .attribute(
                Attribute::string("invocation_endpoint")
                    .required()
                    .check(Check::length(1, 2048))
                    .check(https::url())
                    .describe(
                        "HTTPS URL of the endpoint. Each `*` is filled in by a target's `http_target.path_parameter_values`.",
                    ),
            )
            .attribute(
                Attribute::string("http_method")
                    .required()
                    .equal(Equality::By(same_method))
                    .check(method())
                    .describe("`POST`, `GET`, `HEAD`, `OPTIONS`, `PUT`, `PATCH` or `DELETE`, in any letter case."),
            )
            .attribute(
                Attribute::number("invocation_rate_limit_per_second")
                    .default(300)
                    .check(Check::range(1, i64::from(i32::MAX)))
                    .describe("Most requests per second; events above it wait."),
            )
            .attribute(
                Attribute::string("description")
                    .optional()
                    .check(Check::length(0, 512))
                    .describe("Description of the API destination."),
            )
            .attribute(adopt::attribute())
            .attribute(region::attribute())
            .attribute(Attribute::string("arn").computed().describe("ARN of the API destination."))
            .attribute(Attribute::string("id").computed().describe("Name of the API destination."))
            .iam(&[
                "events:CreateApiDestination",
                "events:DescribeApiDestination",
                "events:UpdateApiDestination",
                "events:DeleteApiDestination",
            ])
            .import(&["NAME"])
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the API destination.")
    }

    fn title(&self, state: &Value) -> String {
        format!("API destination {:?}", name_of(state))
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

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        if plan.is_create() && plan.after("name").as_str().is_some() {
            let name = plan.after("name").clone();
            plan.set("id", name);
        }
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let found = at.events().describe_api_destination(name_of(like)).await?;
        Ok(found.map(|destination| self.state_of(&destination, like)))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let mut destination = settings(new.planned);
        destination.description = destination.description.filter(|text| !text.is_empty());
        let arn = at.events().create_api_destination(&destination).await?;
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
        let after = settings(change.planned);
        if settings(change.prior) != after {
            at.events().update_api_destination(&after).await?;
        }
        Ok(change.planned.clone())
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        _out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        Ok(at.events().delete_api_destination(name_of(prior)).await?)
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "API destination")
    }
}

impl ApiDestination {
    /// The API destination as its state; `like` gives the form of what has several.
    fn state_of(&self, destination: &Remote, like: &Value) -> Value {
        let rate = destination.invocation_rate_limit_per_second;
        let actual = Value::map([
            ("name", Value::from(destination.name.as_str())),
            ("arn", destination.arn.as_str().into()),
            ("id", destination.name.as_str().into()),
            ("connection_arn", destination.connection_arn.as_str().into()),
            (
                "invocation_endpoint",
                destination.invocation_endpoint.as_str().into(),
            ),
            ("http_method", destination.http_method.as_str().into()),
            (
                "invocation_rate_limit_per_second",
                rate.map(i64::from).into(),
            ),
            ("description", destination.description.clone().into()),
        ]);
        let mut state = form::keep(&self.schema().block, like, actual);
        for kept in ["adopt", "region"] {
            state.set(kept, like.get(kept).clone());
        }
        state
    }
}

fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// The API destination as UpdateApiDestination takes it: `""` takes a
/// description away.
fn settings(state: &Value) -> ApiDestinationSettings {
    let text = |name: &str| state.get(name).as_str().unwrap_or_default().to_owned();
    let rate = state.get("invocation_rate_limit_per_second").as_i64();
    ApiDestinationSettings {
        name: text("name"),
        description: Some(text("description")),
        connection_arn: text("connection_arn"),
        invocation_endpoint: text("invocation_endpoint"),
        http_method: text("http_method").to_ascii_uppercase(),
        invocation_rate_limit_per_second: rate.and_then(|rate| i32::try_from(rate).ok()),
    }
}

fn same_method(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    }
}

fn method() -> Check {
    let rule = format!("must be one of {} (in any letter case)", METHODS.join(", "));
    Check::text(rule, |text| {
        if METHODS
            .iter()
            .any(|method| method.eq_ignore_ascii_case(text))
        {
            return Ok(());
        }
        Err(format!(
            "{} is not one of {}",
            quoted(text),
            METHODS.join(", ")
        ))
    })
}

fn connection_arn() -> Check {
    Check::text("must be the ARN of a connection", |text| {
        let arn = Arn::parse(text);
        if arn.is_some_and(|arn| arn.service == "events" && arn.resource.starts_with("connection/"))
        {
            return Ok(());
        }
        Err(format!(
            "{} is not the ARN of a connection; write the `arn` of an eventbridge_connection",
            quoted(text)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_spelled_as_the_user_likes() {
        assert!(method().run(&"post".into()).is_ok() && method().run(&"FETCH".into()).is_err());
        assert!(same_method(&"Post".into(), &"POST".into()));
        let state = Value::map([("http_method", Value::from("post"))]);
        assert_eq!(settings(&state).http_method, "POST");
        let remote = Remote {
            http_method: "POST".into(),
            ..Remote::default()
        };
        let read = ApiDestination.state_of(&remote, &state);
        assert_eq!(read.get("http_method").as_str(), Some("post"));
        assert_eq!(
            read.get("invocation_rate_limit_per_second").as_i64(),
            Some(300)
        );
    }

    #[test]
    fn a_connection_is_named_by_its_arn() {
        let good = "arn:aws-cn:events:cn-north-1:123456789012:connection/hook/0a1b";
        assert!(connection_arn().run(&good.into()).is_ok());
        for wrong in [
            "hook",
            "arn:aws:events:eu-west-1:123456789012:event-bus/hook",
        ] {
            assert!(connection_arn().run(&wrong.into()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_description_that_goes_is_sent_empty() {
        assert_eq!(settings(&Value::Null).description.as_deref(), Some(""));
    }
}
