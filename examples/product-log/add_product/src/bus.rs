//! The event bus: PutEvents, and which of its errors are worth another attempt.

use std::error::Error;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::ProvideErrorMetadata;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};

/// The event's source, which the pipeline's rule matches.
pub const SOURCE: &str = "log.addProduct";

/// The event's detail type.
pub const DETAIL_TYPE: &str = "add-product";

/// PutEvents takes this many entries in a call.
pub const MAX_ENTRIES: usize = 10;

/// How long a call may take in all. A client waits for it, and an outbox row is lent for longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Error codes that another attempt will not change; PutEvents' API reference lists them.
const FINAL: [&str; 7] = [
    "NotAuthorizedForSource",
    "NotAuthorizedForDetailType",
    "MalformedDetail",
    "InvalidArgument",
    "InvalidAccountId",
    "RedactionFailure",
    "AccessDenied",
];

/// Error codes of a call that is refused for what its entries hold, their size for one.
const REFUSED: [&str; 3] = ["Validation", "RequestEntityTooLarge", "Serialization"];

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The bus has it, under this id.
    Published(String),
    /// Not now: worth another attempt.
    Later(String),
    /// Not ever, unless a person changes something.
    Never(String),
}

/// A bus to publish on.
#[derive(Clone)]
pub struct Bus {
    client: Client,
    name: String,
}

impl Bus {
    /// Reaches the bus as the environment says (region, credentials, endpoint).
    pub async fn from_environment(name: &str) -> Bus {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_timeout(PATIENCE)
            .build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            // The outbox tries again, and every attempt of ours may become an event of its own.
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .load()
            .await;
        Bus::new(Client::new(&config), name)
    }

    /// Publishes with a client of the caller's.
    pub fn new(client: Client, name: &str) -> Bus {
        let name = name.to_owned();
        Bus { client, name }
    }

    /// Publishes up to [`MAX_ENTRIES`] details; returns what became of each, in their order.
    pub async fn put(&self, details: &[&str]) -> Vec<Outcome> {
        match self.call(details).await {
            Ok(outcomes) => outcomes,
            // One of them is at fault, and would hold back the others for ever.
            Err(failure) if failure.refused && details.len() > 1 => self.put_alone(details).await,
            Err(failure) => vec![failure.outcome; details.len()],
        }
    }

    /// Publishes each in a call of its own, until the bus fails: a loan does not last for ever.
    async fn put_alone(&self, details: &[&str]) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for detail in details {
            let outcome = match self.call(&[detail]).await {
                Ok(outcomes) => outcomes.into_iter().next(),
                Err(failure) => Some(failure.outcome),
            };
            outcomes.extend(outcome);
            if let Some(later @ Outcome::Later(_)) = outcomes.last().cloned() {
                outcomes.resize(details.len(), later);
                break;
            }
        }
        outcomes
    }

    async fn call(&self, details: &[&str]) -> Result<Vec<Outcome>, Failure> {
        let entries = details.iter().map(|detail| {
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source(SOURCE)
                .detail_type(DETAIL_TYPE)
                .detail(*detail)
                .build()
        });
        let call = self
            .client
            .put_events()
            .set_entries(Some(entries.collect()));
        // Boxed: futures nest as deep as the compiler allows.
        let answer = Box::pin(call.send())
            .await
            .map_err(|error| match error.code() {
                Some(code) => Failure::new(code, error.message()),
                None => Failure {
                    outcome: Outcome::Later(causes(&error)),
                    refused: false,
                },
            })?;
        let mut outcomes: Vec<Outcome> = answer.entries().iter().map(of_entry).collect();
        let silence = Outcome::Later("PutEvents did not say what became of it".to_owned());
        outcomes.resize(details.len(), silence);
        Ok(outcomes)
    }
}

/// A call that failed as a whole.
struct Failure {
    /// What became of each of its entries.
    outcome: Outcome,
    /// Whether another call with some of them may succeed.
    refused: bool,
}

impl Failure {
    fn new(code: &str, message: Option<&str>) -> Failure {
        let refused = REFUSED.contains(&code.trim_end_matches("Exception"));
        let outcome = match of_error(code, message) {
            Outcome::Later(reason) if refused => Outcome::Never(reason),
            outcome => outcome,
        };
        Failure { outcome, refused }
    }
}

fn of_entry(entry: &PutEventsResultEntry) -> Outcome {
    match (entry.event_id(), entry.error_code()) {
        (Some(id), None) => Outcome::Published(id.to_owned()),
        (_, code) => of_error(code.unwrap_or("InternalFailure"), entry.error_message()),
    }
}

fn of_error(code: &str, message: Option<&str>) -> Outcome {
    let reason = format!("{code}: {}", message.unwrap_or("no message"));
    // An entry says AccessDenied, a call that fails as a whole AccessDeniedException.
    match FINAL.contains(&code.trim_end_matches("Exception")) {
        true => Outcome::Never(reason),
        false => Outcome::Later(reason),
    }
}

/// An error and what caused it, on one line: the SDK's own text for a dead bus is "dispatch failure".
fn causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let causes: Vec<String> = causes.map(|error| error.to_string()).collect();
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documented_errors_are_final() {
        for code in FINAL {
            assert!(matches!(of_error(code, None), Outcome::Never(_)), "{code}");
        }
        let denied = Outcome::Never("AccessDeniedException: no".to_owned());
        assert_eq!(of_error("AccessDeniedException", Some("no")), denied);
        for code in [
            "InternalFailure",
            "ThrottlingException",
            "ResourceNotFoundException",
            "ExpiredTokenException",
        ] {
            assert!(matches!(of_error(code, None), Outcome::Later(_)), "{code}");
        }
    }

    #[test]
    fn an_entry_is_published_by_its_id_alone() {
        let entry = PutEventsResultEntry::builder();
        assert_eq!(
            of_entry(&entry.clone().event_id("e-1").build()),
            Outcome::Published("e-1".to_owned())
        );
        assert!(matches!(of_entry(&entry.build()), Outcome::Later(_)));
    }
}
