//! The log function: the managed writer, or a function of the user's that is
//! only looked up.

use std::time::Duration;

use super::{foreign, unusable};
use crate::aws::lambda::{AsyncSettings, Function, FunctionSettings, NewFunction};
use crate::aws::{AwsError, ErrorKind, Service};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::spec::Spec;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::product_log_pipeline::{documents, package};
use crate::resources::shared::Failure;

const POLL: Duration = Duration::from_secs(1);
const ROLE_POLL: Duration = Duration::from_secs(3);

/// The function as it is; the asynchronous settings only of the managed one.
pub struct Seen {
    pub function: Function,
    pub asynchronous: Option<AsyncSettings>,
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let lambda = work.at.region().lambda();
    if !work.spec.manages_function() {
        let arn = documents::function_arn(&work.spec, &work.names);
        let function = lambda.get_function(&arn).await?;
        return Ok(function.map(|function| Seen {
            function,
            asynchronous: None,
        }));
    }
    let name = &work.names.pipeline;
    let Some(function) = lambda.get_function(name).await? else {
        return Ok(None);
    };
    let asynchronous = lambda.async_settings(name).await?;
    Ok(Some(Seen {
        function,
        asynchronous,
    }))
}

/// The note on a function that someone moved to another role: apply moves it
/// back, which makes `role_arn` another one.
pub const OTHER_ROLE: &str = "has another role";

/// What no argument shows: `shown` are the arguments as they were just read,
/// `role_arn` is the role that the function should have, where that is known.
pub fn drift(
    work: &Work<'_>,
    seen: Option<&Seen>,
    role_arn: Option<&str>,
    shown: &Spec,
) -> Option<String> {
    let Some(Seen { function, .. }) = seen else {
        return Some(MISSING.into());
    };
    if !work.spec.manages_function() {
        return None;
    }
    let mut wrong = Vec::new();
    if package::zipped().is_ok_and(|zip| package::code_sha256(&zip) != function.code_sha256) {
        wrong.push("code differs".to_owned());
    }
    let actual = &function.settings;
    let wanted = settings(work, role_arn.unwrap_or(&actual.role_arn));
    if actual.role_arn != wanted.role_arn {
        wrong.push(OTHER_ROLE.to_owned());
    }
    if actual.runtime != wanted.runtime || actual.handler != wanted.handler {
        wrong.push("runtime or handler differs".to_owned());
    }
    if actual.description != wanted.description {
        wrong.push("description differs".to_owned());
    }
    let variables = package::unlike(
        [&wanted.environment, &package::environment(shown)],
        &actual.environment,
    );
    if !variables.is_empty() {
        wrong.push(format!("environment differs ({})", variables.join(", ")));
    }
    if function.state == "Failed" {
        wrong.push("state is Failed".to_owned());
    }
    if function.last_update_status == "Failed" {
        wrong.push("its last update failed".to_owned());
    }
    if tags_differ(work, &function.tags) {
        wrong.push("tags differ".to_owned());
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// The asynchronous settings' own drift: where events go.
pub fn async_drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    let seen = seen.filter(|_| work.spec.manages_function())?;
    let Some(settings) = &seen.asynchronous else {
        return Some(MISSING.into());
    };
    let wanted = documents::queue_arn(&work.spec, &work.names);
    match (settings.on_failure_arn.as_deref(), &settings.on_success_arn) {
        (Some(arn), None) if arn == wanted => None,
        (Some(arn), Some(_)) if arn == wanted => Some("has a destination for successes".into()),
        _ => Some("dead letters go elsewhere".into()),
    }
}

/// Refuses a function of somebody else's, and one of the user's that is not there.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    match (seen, work.spec.manages_function()) {
        (Some(seen), true) if !work.names.owns(&seen.function.tags) => {
            Err(foreign(work, Part::Function, &work.names.pipeline, out))
        }
        (None, false) => {
            let arn = documents::function_arn(&work.spec, &work.names);
            let problem =
                "There is no such function. Make it first, or leave `log_function.arn` out.";
            Err(unusable(Part::Function, &arn, problem, out))
        }
        _ => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>, role_arn: &str) -> Result<(), Failure> {
    let lambda = work.at.region().lambda();
    if !work.spec.manages_function() {
        return Ok(());
    }
    let name = &work.names.pipeline;
    let code = package::zipped().map_err(|error| {
        AwsError::new(
            Service::Lambda,
            "CreateFunction",
            ErrorKind::Other,
            format!("packing the writer: {error}"),
        )
    })?;
    let settings = settings(work, role_arn);
    let architecture = work
        .spec
        .log_function
        .architecture
        .clone()
        .unwrap_or_else(|| "arm64".into());
    match seen {
        None => {
            let function = NewFunction {
                name: name.clone(),
                settings,
                code,
                architecture,
                tags: work.tags(),
            };
            // IAM tells Lambda of a fresh role in its own time.
            loop {
                match lambda.create_function(&function).await {
                    Err(error) if error.cannot_be_assumed() => {
                        work.pause(
                            Service::Lambda,
                            "the new role to be known to Lambda",
                            ROLE_POLL,
                        )
                        .await?;
                    }
                    Err(error) if error.is_already_exists() && error.maybe_applied => break,
                    result => break drop(result?),
                }
            }
            ready(work).await?;
        }
        Some(seen) => update(work, seen, &settings, &code, &architecture).await?,
    }
    concurrency(work, seen).await?;
    asynchronous(work, seen).await
}

async fn update(
    work: &Work<'_>,
    seen: &Seen,
    settings: &FunctionSettings,
    code: &[u8],
    architecture: &str,
) -> Result<(), Failure> {
    let lambda = work.at.region().lambda();
    let name = &work.names.pipeline;
    // What failed before is asked for again; as it was left it would refuse every apply.
    let failed = settled(work).await?.failure().is_some();
    if failed || seen.function.settings != *settings {
        loop {
            match lambda.update_configuration(name, settings).await {
                Err(error) if error.cannot_be_assumed() => {
                    work.pause(
                        Service::Lambda,
                        "the new role to be known to Lambda",
                        ROLE_POLL,
                    )
                    .await?;
                }
                result => break result?,
            }
        }
        ready(work).await?;
    }
    if seen.function.code_sha256 != package::code_sha256(code)
        || seen.function.architecture != architecture
    {
        lambda.update_code(name, code, architecture).await?;
        ready(work).await?;
    }
    let (set, removed) = tag_changes(work, &seen.function.tags);
    lambda.untag(&seen.function.arn, &removed).await?;
    Ok(lambda.tag(&seen.function.arn, &set).await?)
}

async fn concurrency(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    let wanted = work
        .spec
        .log_function
        .reserved_concurrent_executions
        .and_then(|n| i32::try_from(n).ok());
    let actual = seen.and_then(|seen| seen.function.reserved_concurrent_executions);
    if wanted != actual {
        work.at
            .region()
            .lambda()
            .set_concurrency(&work.names.pipeline, wanted)
            .await?;
    }
    Ok(())
}

async fn asynchronous(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    let number = |value: Option<i64>| value.and_then(|n| i32::try_from(n).ok());
    let wanted = AsyncSettings {
        maximum_event_age_in_seconds: number(work.spec.log_function.maximum_event_age_in_seconds),
        maximum_retry_attempts: number(work.spec.log_function.maximum_retry_attempts),
        on_failure_arn: Some(documents::queue_arn(&work.spec, &work.names)),
        on_success_arn: None,
    };
    if seen.and_then(|seen| seen.asynchronous.as_ref()) == Some(&wanted) {
        return Ok(());
    }
    loop {
        match work
            .at
            .region()
            .lambda()
            .put_async_settings(&work.names.pipeline, &wanted)
            .await
        {
            Err(error) if error.lacks_permissions_yet() => {
                work.pause(
                    Service::Lambda,
                    "the role's right to send dead letters",
                    ROLE_POLL,
                )
                .await?;
            }
            result => return Ok(result?),
        }
    }
}

/// Waits until the function takes the next change, which it does not once it failed.
async fn ready(work: &Work<'_>) -> Result<(), Failure> {
    match settled(work).await?.failure() {
        Some(failure) => Err(failed(failure).into()),
        None => Ok(()),
    }
}

/// Waits until nothing is under way.
async fn settled(work: &Work<'_>) -> Result<Function, Failure> {
    let name = &work.names.pipeline;
    loop {
        let waiting = match work.at.region().lambda().get_function(name).await? {
            Some(function)
                if function.state == "Pending" || function.last_update_status == "InProgress" =>
            {
                format!("function {name} to be Active (it is {})", function.state)
            }
            Some(function) => return Ok(function),
            None => format!("function {name} to appear"),
        };
        work.pause(Service::Lambda, &waiting, POLL).await?;
    }
}

fn failed(message: String) -> AwsError {
    AwsError::new(Service::Lambda, "GetFunction", ErrorKind::Other, message)
}

fn settings(work: &Work<'_>, role_arn: &str) -> FunctionSettings {
    let function = &work.spec.log_function;
    let number = |value: Option<i64>, default: i32| {
        value.and_then(|n| i32::try_from(n).ok()).unwrap_or(default)
    };
    FunctionSettings {
        role_arn: role_arn.to_owned(),
        runtime: package::RUNTIME.to_owned(),
        handler: package::HANDLER.to_owned(),
        description: format!("Log writer of the product log pipeline {}", work.spec.name),
        memory_size: number(function.memory_size, 128),
        timeout: number(function.timeout, 10),
        environment: package::environment(&work.spec),
        tracing: function
            .tracing
            .clone()
            .unwrap_or_else(|| "PassThrough".into()),
    }
}

pub async fn remove(work: &Work<'_>) -> Result<(), Failure> {
    Ok(work
        .at
        .region()
        .lambda()
        .delete_function(&work.names.pipeline)
        .await?)
}
