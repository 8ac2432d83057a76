//! `eventbridge_permission`: one statement of an event bus's policy
//! (`aws_cloudwatch_event_permission` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html>

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::{Failure, Object, adopt, bus_name, bus_policy, import, policy, region};
use crate::aws::BusRef;
use crate::aws::events::{PermissionCondition, PermissionStatement};
use crate::provider::{
    Attribute, Call, Check, Create, Diagnostics, IdentitySchema, ImportBy, NestedBlock, Plan,
    Schema, State, Update, Value,
};

/// One statement of the policy of an event bus.
pub struct Permission;

#[async_trait]
impl Object for Permission {
    const TYPE: &'static str = "eventbridge_permission";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_permission");

    fn schema(&self) -> Schema {
        Schema::new(
            "One statement of the policy of an event bus: lets another account, or all accounts of an organization, \
             send events to it.\n\nFor roles, services and other conditions use `eventbridge_bus_policy`, but not \
             both on the same bus.",
        )
        .attribute(
            Attribute::string("statement_id")
                .required()
                .replaces()
                .check(Check::matches(
                    "[0-9A-Za-z_-]{1,64}",
                    "a statement id: 1 to 64 letters, digits, `-` or `_`",
                ))
                .describe("What tells the statement from the others of the policy (`Sid`)."),
        )
        .attribute(
            Attribute::string("principal")
                .required()
                .check(Check::matches(
                    r"[0-9]{12}|\*",
                    "a principal: an account id of 12 digits, or \"*\" for every account",
                ))
                .describe(
                    "Account that may act, by its 12 digits; `*` for every account, best with a `condition`.",
                ),
        )
        .attribute(
            Attribute::string("action")
                .default("events:PutEvents")
                .check(Check::length(1, 64))
                .check(Check::matches(
                    "events:[A-Za-z]+",
                    "an action of EventBridge, such as \"events:PutEvents\"",
                ))
                .describe("What the principal may do."),
        )
        .attribute(bus_policy::attribute())
        .attribute(adopt::attribute())
        .attribute(region::attribute())
        .attribute(
            Attribute::string("id")
                .computed()
                .describe("`STATEMENT` on the default bus, `BUS/STATEMENT` on another."),
        )
        .block(
            NestedBlock::list("condition")
                .max(1)
                .describe("Limits `principal = \"*\"` to the accounts of one organization.")
                .attribute(
                    Attribute::string("key")
                        .required()
                        .check(Check::one_of(&["aws:PrincipalOrgID"]))
                        .describe("`aws:PrincipalOrgID`."),
                )
                .attribute(
                    Attribute::string("type")
                        .required()
                        .check(Check::one_of(&["StringEquals"]))
                        .describe("`StringEquals`."),
                )
                .attribute(
                    Attribute::string("value")
                        .required()
                        .check(Check::length(1, 1024))
                        .describe("Id of the organization, such as `o-1234567890`."),
                ),
        )
        .iam(&["events:PutPermission", "events:RemovePermission", "events:DescribeEventBus"])
        .import(&["STATEMENT", "BUS/STATEMENT"])
    }

    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::regional()
            .required("statement_id", "Id of the statement.")
            .optional(
                "event_bus_name",
                "Name of the event bus; `default` when absent.",
            )
    }

    fn title(&self, state: &Value) -> String {
        format!(
            "permission {:?} on event bus {:?}",
            sid_of(state),
            bus_policy::name_of(state)
        )
    }

    fn key(&self, state: &Value) -> String {
        id(&bus_policy::name_of(state), sid_of(state))
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        let bus = bus_policy::name_of(state);
        import::identity_in(
            at,
            &[("statement_id", sid_of(state)), ("event_bus_name", &bus)],
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        bus_policy::check(config, out);
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        let known = |name| plan.after(name).as_str().is_some();
        if plan.is_create() && known("statement_id") && known("event_bus_name") {
            let id = self.key(&plan.planned);
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
        let found = bus_policy::read(at, &bus).await?.unwrap_or_default();
        let statement = policy::statement(&found, sid_of(like));
        Ok(statement.map(|statement| state_of(&bus, statement, like)))
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
        if statement(change.prior) == statement(change.planned) {
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
        let sid = sid_of(prior);
        let gone = |actual: &str| policy::statement(actual, sid).is_none();
        let remove = || async { at.events().remove_permission(&bus, sid).await };
        bus_policy::write(at, &bus, gone, remove, out).await
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::import(by, out, |named| {
            let (bus, sid) = match named {
                import::Named::Id(id) => match id.rsplit_once('/') {
                    Some((bus, sid)) => (Some(bus), sid),
                    None => (None, id),
                },
                import::Named::Identity(identity) => (
                    identity.get("event_bus_name").as_set_str(),
                    identity.get("statement_id").as_str().unwrap_or_default(),
                ),
            };
            let bus = bus.unwrap_or(bus_name::DEFAULT);
            if BusRef::new(bus).name().contains('/') {
                return Err(format!(
                    "{bus:?} is the bus of a partner event source, and those have no policy"
                ));
            }
            if sid.is_empty() || bus.is_empty() {
                return Err("write STATEMENT, or BUS/STATEMENT on a bus other than default".into());
            }
            Ok(Value::map([
                ("statement_id", Value::from(sid)),
                ("event_bus_name", bus.into()),
            ]))
        })
    }
}

async fn put(at: &At<'_>, planned: &Value, out: &mut Diagnostics) -> Result<Value, Failure> {
    let bus = bus_policy::own_bus(at, planned, out).await?;
    let wanted = statement(planned);
    let sid = wanted.statement_id.as_str();
    let there = |actual: &str| policy::statement(actual, sid).is_some_and(|s| means(&wanted, &s));
    let put = || async { at.events().put_permission(&bus, &wanted).await };
    bus_policy::write(at, &bus, there, put, out).await?;
    let mut state = planned.clone();
    state.set("id", id(&bus, sid));
    Ok(state)
}

fn sid_of(state: &Value) -> &str {
    state.get("statement_id").as_str().unwrap_or_default()
}

/// The id as hashicorp/aws writes it.
fn id(bus: &str, sid: &str) -> String {
    match bus {
        bus_name::DEFAULT => sid.to_owned(),
        _ => format!("{bus}/{sid}"),
    }
}

/// The statement as PutPermission takes it.
fn statement(state: &Value) -> PermissionStatement {
    let text = |block: &Value, name: &str| block.get(name).as_str().unwrap_or_default().to_owned();
    let condition = state.get("condition").at(0);
    PermissionStatement {
        statement_id: sid_of(state).to_owned(),
        principal: text(state, "principal"),
        action: text(state, "action"),
        condition: (!condition.is_null()).then(|| PermissionCondition {
            key: text(condition, "key"),
            kind: text(condition, "type"),
            value: text(condition, "value"),
        }),
    }
}

/// Whether a statement of a policy is the one that was put.
fn means(wanted: &PermissionStatement, actual: &policy::Statement) -> bool {
    let condition = wanted.condition.iter();
    let conditions = condition.map(|c| (c.kind.clone(), c.key.clone(), c.value.clone()));
    *actual
        == policy::Statement {
            principal: wanted.principal.clone(),
            action: wanted.action.clone(),
            conditions: conditions.collect(),
        }
}

/// The statement as its state.
fn state_of(bus: &str, statement: policy::Statement, like: &Value) -> Value {
    let conditions = statement.conditions.into_iter();
    let conditions = conditions.map(|(operator, key, value)| {
        Value::map([
            ("key", Value::from(key)),
            ("type", operator.into()),
            ("value", value.into()),
        ])
    });
    let mut state = Value::map([
        ("id", Value::from(id(bus, sid_of(like)))),
        ("principal", statement.principal.into()),
        ("action", statement.action.into()),
        ("condition", Value::List(conditions.collect())),
    ]);
    for kept in ["statement_id", "event_bus_name", "adopt", "region"] {
        state.set(kept, like.get(kept).clone());
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(id: &str) -> Result<(String, String), String> {
        let mut out = Diagnostics::new();
        let state = Permission.import(&ImportBy::Id(id.into()), &mut out);
        let Some(state) = state else {
            return Err(out
                .iter()
                .next()
                .map(|d| d.detail.clone())
                .unwrap_or_default());
        };
        let text = |name: &str| {
            state
                .value
                .get(name)
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        Ok((text("event_bus_name"), text("statement_id")))
    }

    #[test]
    fn import_ids() {
        let named = |bus: &str, sid: &str| Ok((bus.to_owned(), sid.to_owned()));
        assert_eq!(imported("one"), named("default", "one"));
        assert_eq!(imported("one@eu-west-1"), named("default", "one"));
        assert_eq!(imported("orders/one"), named("orders", "one"));
        let arn = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";
        assert_eq!(imported(&format!("{arn}/one")), named(arn, "one"));
        assert!(
            imported("aws.partner/a.com/b/one")
                .unwrap_err()
                .contains("partner")
        );
        for wrong in ["", "/", "orders/", "/one"] {
            assert!(imported(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_statement_comes_back_as_it_was_put() {
        let condition = Value::map([
            ("key", Value::from("aws:PrincipalOrgID")),
            ("type", "StringEquals".into()),
            ("value", "o-1".into()),
        ]);
        let state = Value::map([
            ("statement_id", Value::from("one")),
            ("principal", "*".into()),
            ("action", "events:PutEvents".into()),
            ("event_bus_name", "orders".into()),
            ("condition", Value::List(vec![condition])),
        ]);
        let document = r#"{"Statement":{"Sid":"one","Effect":"Allow","Principal":"*","Action":"events:PutEvents",
            "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}}"#;
        let read = policy::statement(document, "one").unwrap();
        assert!(means(&statement(&state), &read));
        let again = state_of("orders", read, &state);
        for (name, value) in state.entries().into_iter().flatten() {
            assert_eq!(again.get(name), value, "{name}");
        }
        assert_eq!(again.get("id").as_str(), Some("orders/one"));
    }
}
