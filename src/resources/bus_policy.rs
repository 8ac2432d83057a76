//! `eventbridge_bus_policy`: the whole policy of an event bus
//! (`aws_cloudwatch_event_bus_policy` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html>

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::{Failure, Object, adopt, bus_name, bus_policy, import, policy, region};
use crate::provider::{
    Attribute, Call, Create, Diagnostics, Equality, IdentitySchema, ImportBy, Path, Plan, Schema,
    State, Update, Value,
};

/// The policy of an event bus.
pub struct BusPolicy;

/// The quota of EventBridge for a policy; it can be raised.
const QUOTA: usize = 10_240;

#[async_trait]
impl Object for BusPolicy {
    const TYPE: &'static str = "eventbridge_bus_policy";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_bus_policy");

    fn schema(&self) -> Schema {
        Schema::new(
            "The whole policy of an event bus: who may send events to it and who may manage its rules.\n\nThis \
             resource owns every statement. Do not use it beside `eventbridge_permission` on the same bus.",
        )
        .attribute(
            Attribute::string("policy")
                .required()
                .equal(Equality::By(policy::same_values))
                .check(policy::check())
                .describe(
                    "The policy document as JSON. Kept as written; another spelling of the same policy is no change.",
                ),
        )
        .attribute(bus_policy::attribute())
        .attribute(adopt::attribute())
        .attribute(region::attribute())
        .attribute(Attribute::string("id").computed().describe("Name of the bus."))
        .iam(&["events:PutPermission", "events:RemovePermission", "events:DescribeEventBus"])
        .import(&["BUS"])
    }

    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::regional().required("event_bus_name", "Name of the event bus.")
    }

    fn title(&self, state: &Value) -> String {
        format!("policy of event bus {:?}", bus_policy::name_of(state))
    }

    fn key(&self, state: &Value) -> String {
        bus_policy::name_of(state)
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        import::identity_in(at, &[("event_bus_name", &bus_policy::name_of(state))])
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        bus_policy::check(config, out);
        let length = policy::compacted(config.get("policy").as_str().unwrap_or_default())
            .chars()
            .count();
        if length > QUOTA {
            let bus = bus_policy::name_of(config);
            out.warning_at(
                Path::of("policy"),
                format!("The policy of event bus {bus:?} is longer than the default quota"),
                format!(
                    "policy: {length} characters without blanks; EventBridge takes {QUOTA} unless the account's \
                     quota was raised. Name an organization (`aws:PrincipalOrgID`) in place of many accounts."
                ),
            );
        }
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        if plan.is_create() && plan.after("event_bus_name").as_str().is_some() {
            let id = bus_policy::name_of(&plan.planned);
            plan.set("id", id);
        }
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let bus = bus_policy::own_bus(at, like, out).await?;
        let found = bus_policy::read(at, &bus).await?;
        let Some(actual) = found.filter(|policy| !is_empty(policy)) else {
            return Ok(None);
        };
        Ok(Some(state_of(&bus, actual, like)))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        put(at, new.planned, out).await
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        if policy::same(text_of(change.prior), text_of(change.planned)) {
            return Ok(change.planned.clone());
        }
        put(at, change.planned, out).await
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let bus = bus_policy::own_bus(at, prior, out).await?;
        let remove = || async { at.events().remove_policy(&bus).await };
        bus_policy::write(at, &bus, is_empty, remove, out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::import(by, out, |named| {
            let bus = match named {
                import::Named::Id(id) => Some(id),
                import::Named::Identity(identity) => identity.get("event_bus_name").as_set_str(),
            };
            let bus = bus.filter(|bus| bus_name::name_or_arn().run(&(*bus).into()).is_ok());
            let bus = bus.ok_or("write the name of the event bus")?;
            Ok(Value::map([("event_bus_name", Value::from(bus))]))
        })
    }
}

async fn put(at: &At<'_>, planned: &Value, out: &mut Diagnostics) -> Result<Value, Failure> {
    let bus = bus_policy::own_bus(at, planned, out).await?;
    let wanted = policy::compacted(text_of(planned));
    let done = |actual: &str| policy::same(actual, &wanted);
    let put = || async { at.events().put_policy(&bus, &wanted).await };
    bus_policy::write(at, &bus, done, put, out).await?;
    let mut state = planned.clone();
    state.set("id", bus);
    Ok(state)
}

fn text_of(state: &Value) -> &str {
    state.get("policy").as_str().unwrap_or_default()
}

/// The policy as its state; `like` gives the spelling while it means the same.
fn state_of(bus: &str, actual: String, like: &Value) -> Value {
    let mut state = Value::map([("id", Value::from(bus))]);
    for kept in ["event_bus_name", "adopt", "region"] {
        state.set(kept, like.get(kept).clone());
    }
    let spelling = like
        .get("policy")
        .as_str()
        .filter(|text| policy::same(text, &actual));
    state.set("policy", spelling.map_or(actual.clone(), str::to_owned));
    state
}

/// Whether no statement is left: emulators keep the document around them.
fn is_empty(policy: &str) -> bool {
    policy.is_empty() || policy::is_hollow(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"events:PutEvents"}]}"#;

    #[test]
    fn a_read_keeps_the_spelling_that_means_the_same() {
        let mine = POLICY
            .replace(['[', ']'], "")
            .replace(r#""*""#, r#"{ "AWS": "*" }"#);
        let like = Value::map([("policy", Value::from(mine.as_str()))]);
        let read = |actual: &str| {
            let state = state_of("orders", actual.to_owned(), &like);
            state.get("policy").as_str().map(str::to_owned)
        };
        assert_eq!(read(POLICY).as_deref(), Some(mine.as_str()));
        let other = POLICY.replace("PutEvents", "PutRule");
        assert_eq!(read(&other).as_deref(), Some(other.as_str()));
    }

    #[test]
    fn a_long_policy_is_a_warning() {
        let long = POLICY.replace("events:PutEvents", &"a".repeat(QUOTA));
        let mut out = Diagnostics::new();
        BusPolicy.validate(&Value::map([("policy", Value::from(long))]), &mut out);
        assert!(!out.has_errors() && out.iter().count() == 1);
        let blanks = format!("{POLICY}{}", " ".repeat(QUOTA));
        let mut out = Diagnostics::new();
        BusPolicy.validate(&Value::map([("policy", Value::from(blanks))]), &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn a_document_without_statements_is_none() {
        assert!(is_empty("") && is_empty(r#"{"Version":"2012-10-17","Statement":[]}"#));
        assert!(!is_empty(POLICY));
    }
}
