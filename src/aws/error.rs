//! What a call that failed says: which call, what kind of failure, AWS's own
//! code, message and request id.
//!
//! Never holds request or response bodies, nor anything secret.

use std::fmt;
use std::time::Duration;

use super::service::Service;

/// Kinds of failure that callers and the retry loop tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The object is not there.
    NotFound,
    /// An object of that name exists.
    AlreadyExists,
    /// AWS refuses the request as written.
    Validation,
    /// The credentials may not do this.
    AccessDenied,
    /// A quota is used up: asking again does not help.
    LimitExceeded,
    /// Too many requests at once: asking later helps.
    Throttling,
    /// Another write to the same object is under way.
    ConcurrentModification,
    /// AWS failed (5xx).
    Server,
    /// No (readable) answer: refused connection, cut connection, timeout,
    /// malformed body.
    Lost,
    /// There are no credentials, or AWS does not know them.
    Credentials,
    /// The provider's configuration cannot be used: no region, unreadable CA
    /// bundle, account not allowed.
    Configuration,
    /// Terraform asked us to stop.
    Cancelled,
    /// Anything else.
    Other,
}

/// One failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsError {
    pub service: Service,
    /// The API's operation, such as `PutRule`; empty where none was begun.
    pub operation: &'static str,
    pub kind: ErrorKind,
    /// AWS's code, such as `LimitExceededException`; empty where there is none.
    pub code: String,
    /// AWS's message, or ours.
    pub message: String,
    pub request_id: Option<String>,
    /// HTTP status of the last answer.
    pub status: Option<u16>,
    /// How often the call was made.
    pub attempts: u32,
    /// An attempt of this writing call may have taken effect although the call
    /// as a whole failed: `AlreadyExists` may then be our own object.
    pub maybe_applied: bool,
    /// The request of the last attempt may have reached AWS.
    pub(super) sent: bool,
    /// AWS's own word on when to come back.
    pub(super) retry_after: Option<Duration>,
}

/// One entry of a batch call that AWS refused while it took the others.
#[derive(Clone, Debug, Default)]
pub(super) struct FailedEntry {
    pub id: Option<String>,
    pub code: Option<String>,
    pub message: Option<String>,
}

impl AwsError {
    /// An error of our own making.
    pub fn new(
        service: Service,
        operation: &'static str,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            service,
            operation,
            kind,
            code: String::new(),
            message: message.into(),
            request_id: None,
            status: None,
            attempts: 0,
            maybe_applied: false,
            sent: true,
            retry_after: None,
        }
    }

    /// A setting that cannot be used.
    pub(super) fn configuration(service: Service, message: impl Into<String>) -> Self {
        Self::new(service, "", ErrorKind::Configuration, message)
    }

    /// The object is not there.
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// An object of that name exists.
    pub fn is_already_exists(&self) -> bool {
        self.kind == ErrorKind::AlreadyExists
    }

    /// The credentials may not do this.
    pub fn is_access_denied(&self) -> bool {
        self.kind == ErrorKind::AccessDenied
    }

    /// Terraform asked us to stop.
    pub fn is_cancelled(&self) -> bool {
        self.kind == ErrorKind::Cancelled
    }

    /// Asking again may help.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Throttling
                | ErrorKind::ConcurrentModification
                | ErrorKind::Server
                | ErrorKind::Lost
        )
    }

    /// IAM has not told every region of a fresh role yet: "… cannot be assumed
    /// by principal", "… cannot be assumed by Lambda".
    pub fn cannot_be_assumed(&self) -> bool {
        self.message.contains("cannot be assumed by")
    }

    /// A fresh role's rights have not arrived yet: "The function execution role
    /// does not have permissions to call SendMessage on SQS".
    pub fn lacks_permissions_yet(&self) -> bool {
        self.message
            .contains("execution role does not have permissions")
    }

    /// "Rule can't be deleted since it has targets."
    pub fn has_targets(&self) -> bool {
        self.message.contains("since it has targets")
    }

    /// "EventBus can't be deleted since it has rules."
    pub fn has_rules(&self) -> bool {
        self.message.contains("since it has rules")
    }

    /// A queue of this name was deleted less than 60 s ago.
    pub fn is_queue_deleted_recently(&self) -> bool {
        self.code.ends_with("QueueDeletedRecently")
    }

    /// A condition of a conditional write did not hold.
    pub fn is_condition_failed(&self) -> bool {
        self.code == "ConditionalCheckFailedException"
    }

    /// An entry of a batch call, as an error of that call.
    pub(super) fn from_entry(
        service: Service,
        operation: &'static str,
        entry: &FailedEntry,
    ) -> Self {
        let code = entry.code.clone().unwrap_or_default();
        let message = entry.message.clone().unwrap_or_default();
        let kind = super::classify::kind_of(&code, &message, None);
        let mut error = Self::new(service, operation, kind, message);
        error.code = code;
        error
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation.is_empty() {
            write!(f, "{} {}: ", self.service.title(), self.operation)?;
        }
        match (self.code.as_str(), self.message.as_str()) {
            ("", "") => f.write_str("no message")?,
            ("", message) => f.write_str(message)?,
            (code, "") => f.write_str(code)?,
            (code, message) => write!(f, "{code}: {message}")?,
        }
        let mut notes = Vec::new();
        if let Some(id) = &self.request_id {
            notes.push(format!("request id {id}"));
        }
        if self.attempts > 1 {
            notes.push(format!("after {} attempts", self.attempts));
        }
        if notes.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", notes.join(", "))
    }
}

impl std::error::Error for AwsError {}

/// The SDK's builders fail only where a field that AWS requires is missing.
impl From<aws_sdk_eventbridge::error::BuildError> for AwsError {
    fn from(error: aws_sdk_eventbridge::error::BuildError) -> Self {
        Self::new(
            Service::Events,
            "",
            ErrorKind::Validation,
            format!("the request is incomplete: {error}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_call_code_and_request() {
        let mut error = AwsError::new(
            Service::Events,
            "PutRule",
            ErrorKind::LimitExceeded,
            "The requested resource exceeds the maximum number allowed.",
        );
        error.code = "LimitExceededException".into();
        error.request_id = Some("1-2-3".into());
        assert_eq!(
            error.to_string(),
            "EventBridge PutRule: LimitExceededException: The requested resource exceeds the \
             maximum number allowed. (request id 1-2-3)"
        );
        error.attempts = 3;
        assert!(
            error
                .to_string()
                .ends_with("(request id 1-2-3, after 3 attempts)")
        );
    }

    #[test]
    fn an_entry_keeps_its_code() {
        let entry = FailedEntry {
            id: Some("t".into()),
            code: Some("ConcurrentModificationException".into()),
            message: Some("busy".into()),
        };
        let error = AwsError::from_entry(Service::Events, "PutTargets", &entry);
        assert_eq!(error.kind, ErrorKind::ConcurrentModification);
        assert_eq!(
            error.to_string(),
            "EventBridge PutTargets: ConcurrentModificationException: busy"
        );
    }
}
