//! Which destinations need a role, by their ARN.
//!
//! EventBridge user guide, "Using IAM roles with EventBridge" and "Resource-based policies".

use crate::aws::Arn;

/// Why a target needs `role_arn`; `None` where it can do without, or where too
/// little is known to say so. `account` and `region` are the rule's.
pub fn needed(target: &Arn, account: Option<&str>, region: Option<&str>) -> Option<String> {
    if let Some(what) = always(target) {
        return Some(format!("{what} is called with a role"));
    }
    let other_region = region.is_some_and(|region| target.region != region);
    let other_account =
        !target.account.is_empty() && account.is_some_and(|account| target.account != account);
    let is_bus = target.bus_name().is_some();
    if is_bus && other_region {
        return Some(format!(
            "an event bus of another region ({}) is reached with a role",
            target.region
        ));
    }
    let what = match target.service.as_str() {
        _ if is_bus => "an event bus",
        "lambda" => "a Lambda function",
        "sns" => "an SNS topic",
        "sqs" => "an SQS queue",
        "execute-api" => "an API Gateway endpoint",
        _ => return None,
    };
    other_account.then(|| {
        format!(
            "{what} of another account ({}) is reached with a role",
            target.account
        )
    })
}

/// What needs a role wherever it is.
fn always(target: &Arn) -> Option<&'static str> {
    let is = |prefix: &str| target.resource.starts_with(prefix);
    match target.service.as_str() {
        "ecs" if is("cluster/") => Some("an ECS cluster"),
        "kinesis" if is("stream/") => Some("a Kinesis stream"),
        "states" if is("stateMachine:") => Some("a Step Functions state machine"),
        "batch" if is("job-queue/") => Some("a Batch job queue"),
        "codepipeline" => Some("a CodePipeline pipeline"),
        "codebuild" if is("project/") => Some("a CodeBuild project"),
        "ssm" if is("document/") || is("automation-definition/") => Some("an SSM document"),
        "sagemaker" if is("pipeline/") => Some("a SageMaker pipeline"),
        "redshift" | "redshift-serverless" => Some("a Redshift database"),
        "events" if is("api-destination/") => Some("an API destination"),
        "events" if is_custom_bus(target) => {
            Some("a bus of the Custom Event Bus API (event-busv2)")
        }
        _ => None,
    }
}

/// A bus of the newer API: a destination like any other, but with a role and
/// without a transformer.
pub fn is_custom_bus(target: &Arn) -> bool {
    target.service == "events" && target.resource.starts_with("event-busv2/")
}

/// Another account's event bus, which takes the event as it is.
pub fn is_foreign_bus(target: &Arn, account: Option<&str>) -> bool {
    target.bus_name().is_some() && account.is_some_and(|account| target.account != account)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(service: &str, region: &str, account: &str, resource: &str) -> bool {
        let arn = Arn::parse(&format!("arn:aws:{service}:{region}:{account}:{resource}"));
        needed(
            &arn.expect("an ARN"),
            Some("123456789012"),
            Some("us-east-1"),
        )
        .is_some()
    }

    #[test]
    fn services_that_are_called_with_a_role() {
        for (service, resource) in [
            ("ecs", "cluster/c"),
            ("kinesis", "stream/s"),
            ("states", "stateMachine:m"),
            ("batch", "job-queue/q"),
            ("codepipeline", "p"),
            ("codebuild", "project/p"),
            ("ssm", "document/AWS-RunShellScript"),
            ("sagemaker", "pipeline/p"),
            ("redshift", "cluster:c"),
            ("events", "api-destination/d/0a1b"),
            ("events", "event-busv2/b"),
        ] {
            assert!(
                needs(service, "us-east-1", "123456789012", resource),
                "{service}"
            );
        }
    }

    #[test]
    fn services_that_have_policies_need_one_across_accounts_only() {
        for (service, resource) in [
            ("lambda", "function:f"),
            ("sns", "t"),
            ("sqs", "q"),
            ("execute-api", "a/live/GET/x"),
            ("events", "event-bus/b"),
        ] {
            assert!(
                !needs(service, "us-east-1", "123456789012", resource),
                "{service}"
            );
            assert!(
                needs(service, "us-east-1", "999999999999", resource),
                "{service}"
            );
        }
        assert!(needs("events", "eu-west-1", "123456789012", "event-bus/b"));
        assert!(!needs(
            "logs",
            "us-east-1",
            "999999999999",
            "log-group:/aws/events/x"
        ));
    }

    #[test]
    fn what_is_not_known_needs_nothing() {
        let bus = Arn::parse("arn:aws:events:eu-west-1:999999999999:event-bus/b").expect("an ARN");
        assert_eq!(needed(&bus, None, None), None);
    }
}
