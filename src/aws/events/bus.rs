//! Event buses: CreateEventBus, UpdateEventBus, DescribeEventBus,
//! ListEventBuses, DeleteEventBus.

use aws_sdk_eventbridge::operation::describe_event_bus::DescribeEventBusOutput;
use aws_sdk_eventbridge::types::{
    DeadLetterConfig as SdkDeadLetterConfig, EventBus as SdkEventBus, LogConfig as SdkLogConfig,
};

use super::super::call::{Operation, found, gone};
use super::super::convert::timestamp;
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::{Events, set, text};

const CREATE: Operation = Operation::write(Service::Events, "CreateEventBus");
const UPDATE: Operation = Operation::write(Service::Events, "UpdateEventBus");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeEventBus");
const LIST: Operation = Operation::read(Service::Events, "ListEventBuses");
const DELETE: Operation = Operation::write(Service::Events, "DeleteEventBus");

/// A bus as CreateEventBus and UpdateEventBus take it.
///
/// `None` is not sent; `Some("")` unsets on update (a dead letter ARN of `""`
/// sends an empty `DeadLetterConfig`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BusSettings {
    /// Of a partner bus: the event source's name.
    pub name: String,
    /// Create only.
    pub event_source_name: Option<String>,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_arn: Option<String>,
    pub log_config: Option<LogConfig>,
    /// Create only.
    pub tags: Tags,
}

/// What EventBridge logs of a bus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogConfig {
    /// `NONE` or `FULL`.
    pub include_detail: Option<String>,
    /// `OFF`, `ERROR`, `INFO` or `TRACE`.
    pub level: Option<String>,
}

/// A bus as EventBridge answers it.
///
/// Lists lack the KMS key, the dead letter queue and the log settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bus {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub kms_key_identifier: Option<String>,
    pub dead_letter_arn: Option<String>,
    pub log_config: Option<LogConfig>,
    /// The whole resource policy, a JSON document.
    pub policy: Option<String>,
    /// RFC 3339.
    pub creation_time: Option<String>,
    /// RFC 3339.
    pub last_modified_time: Option<String>,
    /// The AWS service that owns a managed bus.
    pub managed_by: Option<String>,
}

impl Events {
    /// Creates a bus; the answer is its ARN.
    ///
    /// # Errors
    /// `AlreadyExists` (with `maybe_applied` when an earlier attempt of this
    /// very call may have made it), `LimitExceeded` (100 buses a region).
    pub async fn create_bus(&self, bus: &BusSettings) -> Result<String, AwsError> {
        let request = self
            .sdk()
            .await?
            .create_event_bus()
            .name(&bus.name)
            .set_event_source_name(bus.event_source_name.clone())
            .set_description(bus.description.clone())
            .set_kms_key_identifier(bus.kms_key_identifier.clone())
            .set_dead_letter_config(bus.dead_letter_arn.as_deref().map(dead_letter))
            .set_log_config(bus.log_config.as_ref().map(LogConfig::to_sdk))
            .set_tags(super::tagging::to_sdk(&bus.tags));
        let answer = self.call(CREATE, || request.clone().send()).await?;
        let arn = text(answer.event_bus_arn);
        self.learn_account(&bus.name, &arn);
        self.pages().bus_made(bus, &arn);
        self.pages().tags.made(&arn, &bus.tags);
        Ok(arn)
    }

    /// Updates description, key, dead letters and log settings of a bus.
    pub async fn update_bus(&self, bus: &BusSettings) -> Result<(), AwsError> {
        let request = self
            .sdk()
            .await?
            .update_event_bus()
            .name(&bus.name)
            .set_description(bus.description.clone())
            .set_kms_key_identifier(bus.kms_key_identifier.clone())
            .set_dead_letter_config(bus.dead_letter_arn.as_deref().map(dead_letter))
            .set_log_config(bus.log_config.as_ref().map(LogConfig::to_sdk));
        let result = self.call(UPDATE, || request.clone().send()).await;
        match &result {
            Ok(_) => self.pages().bus_updated(bus),
            Err(_) => self.pages().bus_unclear(&bus.name),
        }
        result.map(drop)
    }

    /// One bus with everything AWS tells of it, asked directly.
    pub async fn describe_bus(&self, name_or_arn: &str) -> Result<Option<Bus>, AwsError> {
        let sent = self.bus(name_or_arn).await?;
        let bus = self.describe_bus_as(&sent).await?;
        if let Some(bus) = &bus {
            self.learn_account(&sent, &bus.arn);
        }
        Ok(bus)
    }

    /// DescribeEventBus of the text as it stands.
    pub(in super::super) async fn describe_bus_as(
        &self,
        sent: &str,
    ) -> Result<Option<Bus>, AwsError> {
        let request = self.sdk().await?.describe_event_bus().name(sent);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.map(Bus::from))
    }

    /// All buses whose names start with `name_prefix`, in AWS's order.
    pub async fn list_buses(&self, name_prefix: Option<&str>) -> Result<Vec<Bus>, AwsError> {
        let request = self
            .sdk()
            .await?
            .list_event_buses()
            .limit(100)
            .set_name_prefix(name_prefix.map(str::to_owned));
        let mut buses = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .call(LIST, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await?;
            buses.extend(
                page.event_buses
                    .unwrap_or_default()
                    .into_iter()
                    .map(Bus::from),
            );
            token = set(page.next_token);
            if token.is_none() {
                return Ok(buses);
            }
        }
    }

    /// Deletes a bus; one that is not there is no error.
    ///
    /// # Errors
    /// `Validation` "EventBus can't be deleted since it has rules" (and see
    /// [`AwsError::has_rules`]).
    pub async fn delete_bus(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.delete_event_bus().name(name);
        let result = gone(self.call(DELETE, || request.clone().send()).await);
        self.pages().forget_bus(name);
        result
    }
}

/// `""` is an empty configuration, which takes the queue away.
fn dead_letter(arn: &str) -> SdkDeadLetterConfig {
    SdkDeadLetterConfig::builder()
        .set_arn(set(Some(arn.to_owned())))
        .build()
}

impl LogConfig {
    fn to_sdk(&self) -> SdkLogConfig {
        SdkLogConfig::builder()
            .set_include_detail(self.include_detail.as_deref().map(Into::into))
            .set_level(self.level.as_deref().map(Into::into))
            .build()
    }
}

impl From<SdkLogConfig> for LogConfig {
    fn from(sdk: SdkLogConfig) -> Self {
        Self {
            include_detail: sdk.include_detail.map(|v| v.as_str().to_owned()),
            level: sdk.level.map(|v| v.as_str().to_owned()),
        }
    }
}

impl From<DescribeEventBusOutput> for Bus {
    fn from(sdk: DescribeEventBusOutput) -> Self {
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            description: set(sdk.description),
            kms_key_identifier: set(sdk.kms_key_identifier),
            dead_letter_arn: sdk.dead_letter_config.and_then(|config| set(config.arn)),
            log_config: sdk.log_config.map(LogConfig::from),
            policy: set(sdk.policy),
            creation_time: sdk.creation_time.map(timestamp),
            last_modified_time: sdk.last_modified_time.map(timestamp),
            managed_by: set(sdk.managed_by),
        }
    }
}

impl From<SdkEventBus> for Bus {
    fn from(sdk: SdkEventBus) -> Self {
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            description: set(sdk.description),
            policy: set(sdk.policy),
            creation_time: sdk.creation_time.map(timestamp),
            last_modified_time: sdk.last_modified_time.map(timestamp),
            managed_by: set(sdk.managed_by),
            ..Self::default()
        }
    }
}
