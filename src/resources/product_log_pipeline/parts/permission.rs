//! The invoke permission: lets the rule, and nothing else, call the function.
//! Of a function of the user's it stands at the qualifier that the ARN names.

use serde_json::Value;

use crate::aws::lambda::Permission;
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::work::{MISSING, Work};
use crate::resources::shared::Failure;

const ACTION: &str = "lambda:InvokeFunction";
const PRINCIPAL: &str = "events.amazonaws.com";

/// The pipeline's statements in the function's policy.
#[derive(Default)]
pub struct Seen {
    own: Option<Value>,
    /// Other buses whose rule of this pipeline may invoke the function as well.
    pub other_buses: Vec<String>,
}

impl Seen {
    pub fn is_there(&self) -> bool {
        self.own.is_some()
    }
}

pub async fn look(work: &Work<'_>) -> Result<Seen, Failure> {
    let (function, qualifier) = place(work);
    let policy = work
        .at
        .region()
        .lambda()
        .get_policy(&function, qualifier.as_deref())
        .await?;
    let policy: Option<Value> = policy.and_then(|text| serde_json::from_str(&text).ok());
    let statements = policy
        .as_ref()
        .and_then(|p| p.get("Statement"))
        .and_then(Value::as_array);
    let mut seen = Seen::default();
    for statement in statements.into_iter().flatten() {
        let id = statement.get("Sid").and_then(Value::as_str);
        if id == Some(&work.names.statement_id()) {
            seen.own = Some(statement.clone());
        } else if let Some(bus) = rule_of(statement).and_then(|rule| work.names.bus_of(rule))
            && id == Some(&work.on_bus(&bus).names.statement_id())
        {
            seen.other_buses.push(bus);
        }
    }
    Ok(seen)
}

fn rule_of(statement: &Value) -> Option<&str> {
    statement
        .pointer("/Condition/ArnLike/AWS:SourceArn")
        .and_then(Value::as_str)
}

pub fn drift(work: &Work<'_>, seen: &Seen) -> Option<String> {
    let Some(statement) = &seen.own else {
        return Some(MISSING.into());
    };
    let source = rule_of(statement);
    let principal = statement
        .pointer("/Principal/Service")
        .or(statement.get("Principal"))
        .and_then(Value::as_str);
    let action = statement.get("Action").and_then(Value::as_str);
    let right = source == Some(work.names.rule_arn().as_str())
        && principal == Some(PRINCIPAL)
        && action == Some(ACTION);
    match seen.other_buses.first() {
        _ if !right => Some("differs".into()),
        Some(bus) => Some(format!("one for the rule on bus {bus} is left")),
        None => None,
    }
}

pub async fn ensure(work: &Work<'_>, seen: &Seen) -> Result<(), Failure> {
    let own = Seen {
        own: seen.own.clone(),
        ..Seen::default()
    };
    if drift(work, &own).is_none() {
        return Ok(());
    }
    let (function, qualifier) = place(work);
    let lambda = work.at.region().lambda();
    let _writer = work
        .at
        .region()
        .locks()
        .hold(&format!("function-policy {function}"))
        .await;
    if seen.is_there() {
        lambda
            .remove_permission(&function, qualifier.as_deref(), &work.names.statement_id())
            .await?;
    }
    let permission = Permission {
        function,
        qualifier,
        statement_id: work.names.statement_id(),
        action: ACTION.into(),
        principal: PRINCIPAL.into(),
        source_arn: Some(work.names.rule_arn()),
        source_account: None,
    };
    match lambda.add_permission(&permission).await {
        Err(error) if error.is_already_exists() && error.maybe_applied => Ok(()),
        result => Ok(result?),
    }
}

pub async fn remove(work: &Work<'_>) -> Result<(), Failure> {
    let (function, qualifier) = place(work);
    let _writer = work
        .at
        .region()
        .locks()
        .hold(&format!("function-policy {function}"))
        .await;
    let lambda = work.at.region().lambda();
    Ok(lambda
        .remove_permission(&function, qualifier.as_deref(), &work.names.statement_id())
        .await?)
}

fn place(work: &Work<'_>) -> (String, Option<String>) {
    match work.spec.manages_function() {
        true => (work.names.pipeline.clone(), None),
        false => documents::split_qualifier(&documents::function_arn(&work.spec, &work.names)),
    }
}
