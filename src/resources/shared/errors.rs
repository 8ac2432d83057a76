//! How an error of AWS is told to a person.

use crate::aws::{AwsError, ErrorKind};
use crate::provider::{Diagnostics, Path, Value};

/// Why a step did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// A call failed.
    Aws(AwsError),
    /// The call failed that makes an object under a name of our own: the object as
    /// planned, with that name. Without it nobody would find the object again.
    Generated(Box<(Value, AwsError)>),
    /// The diagnostics hold the error already.
    Told,
}

impl From<AwsError> for Failure {
    fn from(error: AwsError) -> Self {
        Failure::Aws(error)
    }
}

impl Failure {
    /// The failed call, if that is what it was.
    pub fn aws(&self) -> Option<&AwsError> {
        match self {
            Failure::Aws(error) => Some(error),
            Failure::Generated(named) => Some(&named.1),
            Failure::Told => None,
        }
    }

    /// The planned object under the name that was generated for it.
    pub fn generated(&self) -> Option<&Value> {
        match self {
            Failure::Generated(named) => Some(&named.0),
            _ => None,
        }
    }

    /// Adds the error to the diagnostics, unless it is there.
    pub fn tell(&self, out: &mut Diagnostics, doing: &str) {
        if let Some(error) = self.aws() {
            failed(out, doing, error);
        }
    }
}

/// Adds the error that ended an operation on an object, such as
/// `failed(out, "creating event bus \"orders\"", &error)`.
pub fn failed(out: &mut Diagnostics, doing: &str, error: &AwsError) {
    failed_at(out, Path::root(), doing, error);
}

/// The same, at one attribute.
pub fn failed_at(out: &mut Diagnostics, path: Path, doing: &str, error: &AwsError) {
    let mut detail = error.to_string();
    if let Some(advice) = advice(error) {
        detail.push_str("\n\n");
        detail.push_str(advice);
    }
    let mut summary = doing.to_owned();
    if let Some(first) = summary.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    out.error_at(path, format!("{summary} failed"), detail);
}

fn advice(error: &AwsError) -> Option<&'static str> {
    match error.kind {
        ErrorKind::AccessDenied => Some(
            "The credentials in use may not make this call. The resource's documentation page lists the IAM \
             actions it needs.",
        ),
        ErrorKind::LimitExceeded => Some(
            "This is a quota of the account, so trying again does not help. Ask for more in the Service Quotas \
             console, or remove what is no longer needed.",
        ),
        ErrorKind::Lost => Some(
            "No answer came back, so the change may or may not have been made. The next apply looks before it \
             changes anything.",
        ),
        ErrorKind::Cancelled => {
            Some("Terraform was told to stop. The state holds what was done until then.")
        }
        _ => None,
    }
}
