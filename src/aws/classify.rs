//! From an SDK error to an [`AwsError`]: the kind by AWS's code, and readable
//! words for what the SDK calls a "dispatch failure".

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::call::Operation;
use super::error::{AwsError, ErrorKind};

/// What a user without credentials is told.
const NO_CREDENTIALS: &str = "no AWS credentials were found. Set `profile` or `access_key` and \
     `secret_key` in the provider block, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and \
     AWS_SECRET_ACCESS_KEY; with IAM Identity Center run `aws sso login`";

/// Reads everything we use out of the SDK's error.
pub(super) fn classify<E>(operation: &Operation, error: SdkError<E, HttpResponse>) -> AwsError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let mut result = AwsError::new(
        operation.service,
        operation.name,
        ErrorKind::Other,
        String::new(),
    );
    result.sent = !never_sent(&error);
    if let Some(raw) = error.raw_response() {
        result.status = Some(raw.status().as_u16());
        result.request_id = ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
            .into_iter()
            .find_map(|name| raw.headers().get(name))
            .map(str::to_owned);
        result.retry_after = raw
            .headers()
            .get("retry-after")
            .and_then(|seconds| seconds.parse().ok())
            .map(Duration::from_secs);
    }
    match &error {
        SdkError::ServiceError(context) => {
            service_error(&mut result, context.err(), context.raw());
        }
        SdkError::ResponseError(context) => {
            unreadable(&mut result, context.raw());
        }
        SdkError::TimeoutError(_) => {
            result.kind = ErrorKind::Lost;
            result.message = "no answer in time".into();
        }
        SdkError::DispatchFailure(failure) => {
            let source = failure
                .as_connector_error()
                .map(|e| e as &(dyn Error + 'static));
            dispatch_failure(&mut result, source);
        }
        SdkError::ConstructionFailure(_) => {
            // The request never left: bad input, or no endpoint for the region.
            result.kind = ErrorKind::Validation;
            result.message = match find::<CredentialsError>(Some(&error)) {
                Some(_) => NO_CREDENTIALS.into(),
                None => root_cause(&error),
            };
        }
        _ => result.message = root_cause(&error),
    }
    result
}

/// An answer that names an error.
fn service_error<E: ProvideErrorMetadata>(result: &mut AwsError, error: &E, raw: &HttpResponse) {
    let meta = error.meta();
    // Query services send `AWS.SimpleQueueService.NonExistentQueue`, JSON ones
    // may send `com.amazonaws.events#ResourceNotFoundException`.
    let code = meta.code().unwrap_or_default();
    result.code = code.rsplit(['#', '.']).next().unwrap_or(code).to_owned();
    result.message = meta.message().unwrap_or_default().to_owned();
    if result.code.is_empty() {
        unreadable(result, raw);
        return;
    }
    result.kind = kind_of(&result.code, &result.message, result.status);
}

/// An answer whose body says nothing we can read: an HTML page, XML where JSON
/// was due, cut or malformed JSON.
fn unreadable(result: &mut AwsError, raw: &HttpResponse) {
    let status = raw.status().as_u16();
    let body = raw.body().bytes().map(String::from_utf8_lossy);
    let tag = |name: &str| {
        let body = body.as_deref()?;
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        Some(text.trim().to_owned())
    };
    if let (Some(code), Some(message)) = (tag("Code"), tag("Message")) {
        result.kind = kind_of(&code, &message, Some(status));
        result.code = code;
        result.message = message;
        return;
    }
    (result.kind, result.message) = match status {
        200..=299 => (
            ErrorKind::Lost,
            format!("HTTP {status} with a body that cannot be read"),
        ),
        403 => (ErrorKind::AccessDenied, format!("HTTP {status}")),
        429 => (ErrorKind::Throttling, format!("HTTP {status}")),
        500.. => (
            ErrorKind::Server,
            format!("HTTP {status} with a body that names no error"),
        ),
        _ => (
            ErrorKind::Other,
            format!("HTTP {status} with a body that names no error"),
        ),
    };
}

/// No answer at all: no credentials, no connection, or a cut one.
fn dispatch_failure(result: &mut AwsError, source: Option<&(dyn Error + 'static)>) {
    // An error of ours that went through the SDK: STS refused a role, a CA
    // bundle cannot be read.
    if let Some(ours) = find::<AwsError>(source) {
        result.kind = match ours.kind {
            ErrorKind::Configuration => ErrorKind::Configuration,
            _ => ErrorKind::Credentials,
        };
        result.message = ours.to_string();
        return;
    }
    if let Some(credentials) = find::<CredentialsError>(source) {
        result.kind = ErrorKind::Credentials;
        result.message = match credentials {
            CredentialsError::CredentialsNotLoaded(_) => NO_CREDENTIALS.into(),
            CredentialsError::ProviderTimedOut(_) => {
                "the credentials provider did not answer in time".into()
            }
            other => format!("the credentials cannot be used: {}", root_cause(other)),
        };
        return;
    }
    result.kind = ErrorKind::Lost;
    result.message = match source {
        None => "the request could not be sent".into(),
        Some(source) => {
            let io = find::<std::io::Error>(Some(source)).map(std::io::Error::kind);
            match io {
                Some(std::io::ErrorKind::ConnectionRefused) => {
                    "connection refused: nothing listens at the endpoint".into()
                }
                _ => root_cause(source),
            }
        }
    };
}

/// True when the request cannot have reached AWS: no connection was made.
fn never_sent<E, R>(error: &SdkError<E, R>) -> bool
where
    E: Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => {
            let source = failure
                .as_connector_error()
                .map(|e| e as &(dyn Error + 'static));
            find::<CredentialsError>(source).is_some()
                || chain(source).any(|error| error.to_string() == "client error (Connect)")
        }
        _ => false,
    }
}

/// The kind that a code stands for; `status` decides where the code is unknown.
pub(super) fn kind_of(code: &str, message: &str, status: Option<u16>) -> ErrorKind {
    let name = code.strip_suffix("Exception").unwrap_or(code);
    match name {
        "ResourceNotFound"
        | "NotFound"
        | "NoSuchEntity"
        | "QueueDoesNotExist"
        | "NonExistentQueue"
        | "TableNotFound"
        | "PolicyNotFound"
        | "EventSourceNotFound" => ErrorKind::NotFound,
        // Lambda says the same code for "exists" and for "being changed".
        "ResourceConflict" if !message.contains("exist") => ErrorKind::ConcurrentModification,
        // DynamoDB too: "Table already exists", "Table is being created".
        "ResourceInUse" if !message.contains("already exists") => ErrorKind::ConcurrentModification,
        "ResourceAlreadyExists"
        | "ResourceConflict"
        | "ResourceInUse"
        | "EntityAlreadyExists"
        | "QueueAlreadyExists"
        | "QueueNameExists"
        | "TableAlreadyExists" => ErrorKind::AlreadyExists,
        "ConcurrentModification" | "OperationAborted" => ErrorKind::ConcurrentModification,
        // DynamoDB: "Up to 500 requests can be … simultaneously": a queue, not a quota.
        "LimitExceeded" if message.contains("simultaneously") => ErrorKind::Throttling,
        "LimitExceeded"
        | "PolicyLengthExceeded"
        | "ServiceQuotaExceeded"
        | "CodeStorageExceeded"
        | "ResourceLimitExceeded"
        | "TooManyTags" => ErrorKind::LimitExceeded,
        "Throttling"
        | "Throttled"
        | "ThrottledRequest"
        | "RequestThrottled"
        | "TooManyRequests"
        | "RequestLimitExceeded"
        | "ProvisionedThroughputExceeded"
        | "BandwidthLimitExceeded"
        | "SlowDown"
        | "PriorRequestNotComplete" => ErrorKind::Throttling,
        "AccessDenied" | "UnauthorizedOperation" | "NotAuthorized" | "AuthorizationError" => {
            ErrorKind::AccessDenied
        }
        "ExpiredToken"
        | "InvalidClientTokenId"
        | "UnrecognizedClient"
        | "SignatureDoesNotMatch"
        | "InvalidSignature"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "RequestExpired"
        | "OptInRequired"
        | "InvalidAccessKeyId" => ErrorKind::Credentials,
        "Internal"
        | "InternalFailure"
        | "InternalError"
        | "InternalServerError"
        | "Service"
        | "ServiceUnavailable"
        | "ServiceFailure"
        | "RequestTimeout" => ErrorKind::Server,
        _ if name.starts_with("Invalid")
            || name.starts_with("Malformed")
            || name.starts_with("Validation") =>
        {
            ErrorKind::Validation
        }
        _ => match status {
            Some(500..) => ErrorKind::Server,
            Some(429) => ErrorKind::Throttling,
            Some(403) => ErrorKind::AccessDenied,
            _ => ErrorKind::Other,
        },
    }
}

/// An error and the errors that caused it, outermost first.
fn chain<'a>(
    error: Option<&'a (dyn Error + 'static)>,
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error, |error: &&'a (dyn Error + 'static)| {
        (**error).source()
    })
}

/// The first error of type `T` in the chain.
fn find<'a, T: Error + 'static>(error: Option<&'a (dyn Error + 'static)>) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// The innermost error's text: the outer ones only repeat "failed".
fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(Some(error))
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_for_kinds() {
        for (code, message, kind) in [
            ("ResourceNotFoundException", "", ErrorKind::NotFound),
            ("NoSuchEntity", "", ErrorKind::NotFound),
            ("NonExistentQueue", "", ErrorKind::NotFound),
            (
                "ResourceAlreadyExistsException",
                "",
                ErrorKind::AlreadyExists,
            ),
            (
                "ResourceConflictException",
                "Function already exist: f",
                ErrorKind::AlreadyExists,
            ),
            (
                "ResourceConflictException",
                "The operation cannot be performed at this time. An update is in progress",
                ErrorKind::ConcurrentModification,
            ),
            (
                "ResourceInUseException",
                "Table already exists: t",
                ErrorKind::AlreadyExists,
            ),
            (
                "ResourceInUseException",
                "Attempt to change a resource which is still in use: Table is being updated: t",
                ErrorKind::ConcurrentModification,
            ),
            ("LimitExceededException", "", ErrorKind::LimitExceeded),
            (
                "PolicyLengthExceededException",
                "",
                ErrorKind::LimitExceeded,
            ),
            (
                "LimitExceededException",
                "Up to 500 tables can be created, updated, or deleted simultaneously",
                ErrorKind::Throttling,
            ),
            ("ThrottlingException", "", ErrorKind::Throttling),
            ("InvalidEventPatternException", "", ErrorKind::Validation),
            ("MalformedPolicyDocument", "", ErrorKind::Validation),
            ("ValidationException", "", ErrorKind::Validation),
            ("AccessDeniedException", "", ErrorKind::AccessDenied),
            ("ExpiredTokenException", "", ErrorKind::Credentials),
            ("InternalException", "", ErrorKind::Server),
            ("ManagedRuleException", "", ErrorKind::Other),
        ] {
            assert_eq!(kind_of(code, message, Some(400)), kind, "{code} {message}");
        }
        assert_eq!(kind_of("Strange", "", Some(503)), ErrorKind::Server);
    }
}
