//! Partner event sources: ListEventSources.

use aws_sdk_eventbridge::types::EventSource as SdkEventSource;

use super::super::call::Operation;
use super::super::convert::timestamp;
use super::super::error::AwsError;
use super::super::service::Service;
use super::{Events, set, text};

const LIST: Operation = Operation::read(Service::Events, "ListEventSources");

/// A partner event source shared with this account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSource {
    pub name: String,
    pub arn: String,
    pub created_by: String,
    /// `PENDING`, `ACTIVE` or `DELETED`.
    pub state: String,
    /// RFC 3339.
    pub creation_time: Option<String>,
    /// RFC 3339; a pending source expires.
    pub expiration_time: Option<String>,
}

impl Events {
    /// All partner event sources whose names start with `name_prefix`.
    pub async fn list_event_sources(
        &self,
        name_prefix: Option<&str>,
    ) -> Result<Vec<EventSource>, AwsError> {
        let request = self
            .sdk()
            .await?
            .list_event_sources()
            .limit(100)
            .set_name_prefix(name_prefix.map(str::to_owned));
        let mut sources = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .call(LIST, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await?;
            let page_sources = page.event_sources.unwrap_or_default();
            sources.extend(page_sources.into_iter().map(EventSource::from));
            token = set(page.next_token);
            if token.is_none() {
                return Ok(sources);
            }
        }
    }
}

impl From<SdkEventSource> for EventSource {
    fn from(sdk: SdkEventSource) -> Self {
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            created_by: text(sdk.created_by),
            state: text(sdk.state.map(|v| v.as_str().to_owned())),
            creation_time: sdk.creation_time.map(timestamp),
            expiration_time: sdk.expiration_time.map(timestamp),
        }
    }
}
