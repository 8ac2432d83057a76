//! The target: hands the rule's events to the function. Made last, so that a
//! pipeline without it is one that an interrupted run left.

use crate::aws::events::{DeadLetterConfig, RetryPolicy, Target};
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::work::{MISSING, Work};
use crate::resources::shared::Failure;

/// All targets of the rule; the pipeline's has the pipeline's name.
pub async fn look(work: &Work<'_>) -> Result<Vec<Target>, Failure> {
    let targets = work
        .at
        .events()
        .list_targets(&work.spec.event_bus_name, &work.names.pipeline)
        .await?;
    Ok(targets.unwrap_or_default())
}

/// The pipeline's own among them.
pub fn own<'t>(work: &Work<'_>, targets: &'t [Target]) -> Option<&'t Target> {
    targets
        .iter()
        .find(|target| target.id == work.names.pipeline)
}

/// Whether a target hands events to the pipeline's function.
pub fn invokes_ours(work: &Work<'_>, target: &Target) -> bool {
    target.arn == documents::function_arn(&work.spec, &work.names)
}

/// Everything but the retry policy, which has an argument of its own.
pub fn drift(work: &Work<'_>, targets: &[Target]) -> Option<String> {
    let Some(target) = own(work, targets) else {
        return Some(MISSING.into());
    };
    let wanted = wanted(work);
    let mut wrong = Vec::new();
    if target.arn != wanted.arn {
        wrong.push("invokes another function");
    }
    if target.dead_letter != wanted.dead_letter {
        wrong.push("dead letters go elsewhere");
    }
    let as_it_comes =
        target.input.is_none() && target.input_path.is_none() && target.input_transformer.is_none();
    if !as_it_comes {
        wrong.push("changes the event");
    }
    let besides_retries = Target {
        retry_policy: wanted.retry_policy.clone(),
        ..target.clone()
    };
    if wrong.is_empty() && besides_retries != wanted {
        wrong.push("has a role, or parameters of another service");
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

pub async fn ensure(work: &Work<'_>, targets: &[Target]) -> Result<(), Failure> {
    let wanted = wanted(work);
    if own(work, targets) == Some(&wanted) {
        return Ok(());
    }
    Ok(work
        .at
        .events()
        .put_target(&work.spec.event_bus_name, &work.names.pipeline, &wanted)
        .await?)
}

fn wanted(work: &Work<'_>) -> Target {
    let number = |value: Option<i64>| value.and_then(|n| i32::try_from(n).ok());
    let retry_policy = work.spec.retry_policy.as_ref().map(|policy| RetryPolicy {
        maximum_event_age_in_seconds: number(policy.maximum_event_age_in_seconds),
        maximum_retry_attempts: number(policy.maximum_retry_attempts),
    });
    Target {
        id: work.names.pipeline.clone(),
        arn: documents::function_arn(&work.spec, &work.names),
        dead_letter: Some(DeadLetterConfig {
            arn: Some(documents::queue_arn(&work.spec, &work.names)),
        }),
        retry_policy: retry_policy.filter(|policy| *policy != RetryPolicy::default()),
        ..Target::default()
    }
}

pub async fn remove(work: &Work<'_>, bus: &str, ids: &[String]) -> Result<(), Failure> {
    for id in ids {
        work.at
            .events()
            .remove_target(bus, &work.names.pipeline, id, false)
            .await?;
    }
    Ok(())
}
