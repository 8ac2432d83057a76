//! Publishing: PutEvents.

use aws_sdk_eventbridge::types::PutEventsRequestEntry;

use super::super::call::Operation;
use super::super::error::AwsError;
use super::super::service::Service;
use super::{Events, text};

const PUT: Operation = Operation::write(Service::Events, "PutEvents");

/// One event to publish. Source, detail type and detail are required by AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Name or ARN.
    pub event_bus_name: String,
    pub source: String,
    pub detail_type: String,
    /// The text of a JSON object.
    pub detail: String,
    pub resources: Vec<String>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutEventResult {
    /// Accepted; the event's id.
    Accepted(String),
    /// Refused; AWS's code and message.
    Refused { code: String, message: String },
}

impl Events {
    /// Publishes one event.
    ///
    /// The id is given per call: where an answer is lost the call is made
    /// again, and both events may arrive.
    pub async fn put_event(&self, event: &Event) -> Result<PutEventResult, AwsError> {
        let sent = self.bus(&event.event_bus_name).await?;
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(sent)
            .source(&event.source)
            .detail_type(&event.detail_type)
            .detail(&event.detail)
            .set_resources((!event.resources.is_empty()).then(|| event.resources.clone()))
            .build();
        let request = self.sdk().await?.put_events().entries(entry);
        let answer = self.call(PUT, || request.clone().send()).await?;
        let entry = answer.entries.unwrap_or_default().into_iter().next();
        Ok(match entry {
            Some(entry) if entry.error_code.is_none() => {
                PutEventResult::Accepted(text(entry.event_id))
            }
            Some(entry) => PutEventResult::Refused {
                code: text(entry.error_code),
                message: text(entry.error_message),
            },
            None => PutEventResult::Refused {
                code: "NoAnswer".into(),
                message: "PutEvents answered no entry for the event".into(),
            },
        })
    }
}
