//! EventBridge: one file per noun, each with its plain structs and calls.
//!
//! A bus is given as its name or ARN everywhere; the ARN of an own bus is
//! sent as its name. All lists are read to their last page. Answers to
//! "does it exist" are `Option`s, and deleting what is not there succeeds.

mod api_destination;
mod archive;
mod bus;
mod connection;
mod connection_auth;
mod endpoint;
mod entries;
mod policy;
mod put_events;
mod read;
mod rule;
mod source;
mod tagging;
mod target;
mod target_parameters;

pub use api_destination::{ApiDestination, ApiDestinationSettings};
pub use archive::{Archive, ArchiveSettings};
pub use bus::{Bus, BusSettings, LogConfig};
pub use connection::{
    Connection, ConnectionAuth, ConnectionAuthAnswer, ConnectionSettings, Connectivity,
    HttpParameter, HttpParameters, OAuth,
};
pub use endpoint::{Endpoint, EndpointSettings};
pub use policy::{PermissionCondition, PermissionStatement};
pub use put_events::{Event, PutEventResult};
pub(super) use rule::RULES_PER_CALL;
pub use rule::{Rule, RuleSettings};
pub use source::EventSource;
pub(super) use target::ENTRIES_PER_CALL;
pub use target::{
    AppSync, AwsVpc, Batch, CapacityProvider, DeadLetterConfig, Ecs, Http, InputTransformer,
    Kinesis, NetworkConfiguration, PlacementConstraint, PlacementStrategy, Redshift, RetryPolicy,
    RunCommandTarget, SageMakerParameter, Sqs, Target,
};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::arn::{Arn, BusRef};
use super::call::Operation;
use super::client::Region;
use super::error::AwsError;
use super::pages::Pages;

/// The answer to making or changing what EventBridge takes its time for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    pub arn: String,
    /// `CREATING`, `UPDATING` and the like while it is at work; empty where the
    /// answer does not say.
    pub state: String,
}

/// EventBridge's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Events {
    pub(super) region: Region,
}

impl Events {
    /// The bus as this account and region send it.
    ///
    /// Only an ARN of this region needs the account; where AWS does not tell
    /// it, the ARN goes out as written.
    async fn bus(&self, name_or_arn: &str) -> Result<String, AwsError> {
        let bus = BusRef::new(name_or_arn);
        let here = bus
            .arn()
            .is_some_and(|arn| arn.region == self.region.name());
        let account = match here {
            true => self.region.account().await.ok(),
            false => None,
        };
        Ok(bus.sent(account.as_deref(), self.region.name()).to_owned())
    }

    /// Learns the account from the ARN of an object that a bus *name* led to.
    fn learn_account(&self, bus_sent: &str, arn: &str) {
        if BusRef::new(bus_sent).arn().is_none()
            && let Some(arn) = Arn::parse(arn)
        {
            self.region.learn_account(&arn);
        }
    }

    /// The SDK's client of this region.
    async fn sdk(&self) -> Result<aws_sdk_eventbridge::Client, AwsError> {
        self.region.sdk_events().await
    }

    /// What reads have been answered by the page so far.
    fn pages(&self) -> &Pages {
        self.region.pages()
    }

    /// Makes one call, as often as it takes.
    async fn call<T, E, F, Fut>(&self, operation: Operation, send: F) -> Result<T, AwsError>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        T: RequestId + Send,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.region.call(operation, send).await
    }
}

/// `None` for absent and for empty text: emulators answer `""` for unset.
fn set(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The text, or nothing: for identifiers that AWS always answers.
fn text(value: Option<String>) -> String {
    value.unwrap_or_default()
}
