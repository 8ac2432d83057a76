//! The invoke permission: lets the rule, and nothing else, call the function.
//! Of a function of the user's it stands at the qualifier that the ARN names.

use serde_json::Value;

use crate::aws::lambda::Permission;
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::work::{MISSING, Work};
use crate::resources::shared::Failure;

const ACTION: &str = "lambda:InvokeFunction";
const PRINCIPAL: &str = "events.amazonaws.com";

/// The statement as it is.
pub struct Seen(Value);

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let (function, qualifier) = place(work);
    let policy = work
        .at
        .region()
        .lambda()
        .get_policy(&function, qualifier.as_deref())
        .await?;
    let policy: Option<Value> = policy.and_then(|text| serde_json::from_str(&text).ok());
    let id = work.names.statement_id();
    let statements = policy
        .as_ref()
        .and_then(|p| p.get("Statement"))
        .and_then(Value::as_array);
    let ours = statements
        .into_iter()
        .flatten()
        .find(|s| s.get("Sid").and_then(Value::as_str) == Some(&id));
    Ok(ours.cloned().map(Seen))
}

pub fn drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    let Some(Seen(statement)) = seen else {
        return Some(MISSING.into());
    };
    let source = statement
        .pointer("/Condition/ArnLike/AWS:SourceArn")
        .and_then(Value::as_str);
    let principal = statement
        .pointer("/Principal/Service")
        .or(statement.get("Principal"))
        .and_then(Value::as_str);
    let action = statement.get("Action").and_then(Value::as_str);
    let right = source == Some(work.names.rule_arn().as_str())
        && principal == Some(PRINCIPAL)
        && action == Some(ACTION);
    (!right).then(|| "differs".into())
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    let reason = drift(work, seen);
    if reason.is_none() {
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
    if seen.is_some() {
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
