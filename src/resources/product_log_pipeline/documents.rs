//! The JSON documents of a pipeline: policies, and the event it is made for.
//! Compared with what AWS holds as IAM means them, not as text.

use serde_json::{Value, json};

use super::names::{Names, partition};
use super::spec::Spec;
use crate::aws::Arn;

/// Lets Lambda, and nobody else, assume the role.
pub fn trust_policy() -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }],
    })
    .to_string()
}

/// What the writer may do: put rows, send dead letters, write its log. It may not
/// create log groups, or a late line would bring the group back after destroy.
pub fn role_policy(spec: &Spec, names: &Names) -> String {
    let mut statements = vec![
        allow("WriteRows", &["dynamodb:PutItem"], &table_arn(spec, names)),
        allow(
            "SendDeadLetters",
            &["sqs:SendMessage"],
            &queue_arn(spec, names),
        ),
        allow(
            "WriteLog",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            &format!("{}:*", names.log_group_arn()),
        ),
    ];
    if let Some(key) = spec
        .log_table
        .kms_key_arn
        .as_deref()
        .filter(|k| !k.is_empty())
    {
        statements.push(allow(
            "UseTableKey",
            &["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            key,
        ));
    }
    if spec.log_function.tracing.as_deref() == Some("Active") {
        statements.push(allow(
            "Trace",
            &["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            "*",
        ));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Lets the rule, and nothing else, send dead letters to the queue.
pub fn queue_policy(names: &Names) -> String {
    json!({"Version": "2012-10-17", "Statement": [queue_statement(&names.queue_arn(), &names.rule_arn())]}).to_string()
}

/// The statement that a queue of the user's needs.
pub fn queue_statement(queue_arn: &str, rule_arn: &str) -> Value {
    json!({
        "Sid": "EventBridgeDeadLetters",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    })
}

/// Lets its bearer publish to the bus: the result `put_events_policy`.
pub fn put_events_policy(bus_arn: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus_arn}],
    })
    .to_string()
}

/// An event that the default pattern matches: the result `sample_event`.
pub fn sample_event() -> String {
    json!({
        "version": "0",
        "id": "87dafa0a-9e87-9502-a032-c6b02b48a37a",
        "detail-type": "add-product",
        "source": "log.addProduct",
        "account": "123456789012",
        "time": "2022-07-11T21:03:56Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 1},
    })
    .to_string()
}

/// The table's ARN, the pipeline's own or the user's.
pub fn table_arn(spec: &Spec, names: &Names) -> String {
    let own = spec.log_table.arn.clone().filter(|arn| !arn.is_empty());
    own.unwrap_or_else(|| names.table_arn())
}

/// The queue's ARN, the pipeline's own or the user's.
pub fn queue_arn(spec: &Spec, names: &Names) -> String {
    let own = spec
        .dead_letter_queue_arn
        .clone()
        .filter(|arn| !arn.is_empty());
    own.unwrap_or_else(|| names.queue_arn())
}

/// The function's ARN, the pipeline's own or the user's (with its qualifier).
pub fn function_arn(spec: &Spec, names: &Names) -> String {
    let own = spec.log_function.arn.clone().filter(|arn| !arn.is_empty());
    own.unwrap_or_else(|| names.function_arn())
}

/// Where the function's policy stands: the function's ARN, and its version or alias.
pub fn function_place(spec: &Spec, names: &Names) -> (String, Option<String>) {
    split_qualifier(&function_arn(spec, names))
}

/// A Lambda ARN's function, and its version or alias.
pub fn split_qualifier(arn: &str) -> (String, Option<String>) {
    let Some(parsed) = Arn::parse(arn) else {
        return (arn.to_owned(), None);
    };
    let mut parts = parsed.resource.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("function"), Some(name), Some(qualifier)) => {
            let place = partition(&parsed.region);
            let function = format!(
                "arn:{place}:lambda:{}:{}:function:{name}",
                parsed.region, parsed.account
            );
            (function, Some(qualifier.to_owned()))
        }
        _ => (arn.to_owned(), None),
    }
}

fn allow(id: &str, actions: &[&str], resource: &str) -> Value {
    json!({"Sid": id, "Effect": "Allow", "Action": actions, "Resource": resource})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qualified_function_arn_is_split() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:f:live";
        let (function, qualifier) = split_qualifier(arn);
        assert_eq!(function, "arn:aws:lambda:eu-west-1:123456789012:function:f");
        assert_eq!(qualifier.as_deref(), Some("live"));
        assert_eq!(split_qualifier(&function), (function, None));
    }

    #[test]
    fn the_default_pattern_matches_the_sample_event() {
        let pattern = crate::pattern::Pattern::parse(super::super::schema::DEFAULT_PATTERN)
            .expect("a pattern");
        let event = sample_event();
        let event = crate::pattern::Event::parse(&event).expect("an event");
        assert_eq!(pattern.matches(&event).ok(), Some(true));
    }
}
