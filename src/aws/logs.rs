//! CloudWatch Logs: log groups, their retention and tags, and reading events.

use super::call::{Operation, found, gone};
use super::client::Region;
use super::error::AwsError;
use super::service::Service;
use super::tags::Tags;

const CREATE: Operation = Operation::write(Service::Logs, "CreateLogGroup");
const DESCRIBE: Operation = Operation::read(Service::Logs, "DescribeLogGroups");
const PUT_RETENTION: Operation = Operation::write(Service::Logs, "PutRetentionPolicy");
const DELETE_RETENTION: Operation = Operation::write(Service::Logs, "DeleteRetentionPolicy");
const DELETE: Operation = Operation::write(Service::Logs, "DeleteLogGroup");
const LIST_TAGS: Operation = Operation::read(Service::Logs, "ListTagsForResource");
const TAG: Operation = Operation::write(Service::Logs, "TagResource");
const UNTAG: Operation = Operation::write(Service::Logs, "UntagResource");
const FILTER: Operation = Operation::read(Service::Logs, "FilterLogEvents");

/// CloudWatch Logs' calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Logs {
    pub(super) region: Region,
}

/// A log group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogGroup {
    pub name: String,
    /// Without the trailing `:*`.
    pub arn: String,
    /// `None`: for ever.
    pub retention_in_days: Option<i32>,
    pub kms_key_arn: Option<String>,
}

/// One line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEvent {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub message: String,
}

impl Logs {
    /// Creates a log group.
    pub async fn create_log_group(&self, name: &str, tags: &Tags) -> Result<(), AwsError> {
        let sdk = self.region.sdk_logs().await?;
        let request = sdk
            .create_log_group()
            .log_group_name(name)
            .set_tags((!tags.is_empty()).then(|| tags.clone().into_iter().collect()));
        self.region
            .call(CREATE, || request.clone().send())
            .await
            .map(drop)
    }

    /// One log group; `None` when there is none of that name.
    pub async fn describe_log_group(&self, name: &str) -> Result<Option<LogGroup>, AwsError> {
        let sdk = self.region.sdk_logs().await?;
        let request = sdk.describe_log_groups().log_group_name_prefix(name);
        let mut token = None;
        loop {
            let page = self
                .region
                .call(DESCRIBE, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(None);
            };
            let groups = page.log_groups.unwrap_or_default();
            let group = groups
                .into_iter()
                .find(|group| group.log_group_name.as_deref() == Some(name));
            if let Some(group) = group {
                let arn = group.log_group_arn.or(group.arn).unwrap_or_default();
                return Ok(Some(LogGroup {
                    name: name.to_owned(),
                    arn: arn.strip_suffix(":*").unwrap_or(&arn).to_owned(),
                    retention_in_days: group.retention_in_days,
                    kms_key_arn: group.kms_key_id,
                }));
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(None);
            }
        }
    }

    /// Keeps a group's events for so many days (`None`: for ever).
    pub async fn set_retention(&self, name: &str, days: Option<i32>) -> Result<(), AwsError> {
        let sdk = self.region.sdk_logs().await?;
        match days {
            Some(days) => {
                let request = sdk
                    .put_retention_policy()
                    .log_group_name(name)
                    .retention_in_days(days);
                self.region
                    .call(PUT_RETENTION, || request.clone().send())
                    .await
                    .map(drop)
            }
            None => {
                let request = sdk.delete_retention_policy().log_group_name(name);
                self.region
                    .call(DELETE_RETENTION, || request.clone().send())
                    .await
                    .map(drop)
            }
        }
    }

    /// Deletes a log group; one that is not there is no error.
    pub async fn delete_log_group(&self, name: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_logs().await?;
        let request = sdk.delete_log_group().log_group_name(name);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }

    /// A log group's tags; `None` when it is not there.
    pub async fn list_tags(&self, arn: &str) -> Result<Option<Tags>, AwsError> {
        let sdk = self.region.sdk_logs().await?;
        let request = sdk.list_tags_for_resource().resource_arn(arn);
        let answer = found(self.region.call(LIST_TAGS, || request.clone().send()).await)?;
        Ok(answer.map(|answer| answer.tags.unwrap_or_default().into_iter().collect()))
    }

    /// Adds tags to a log group, or changes their values.
    pub async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), AwsError> {
        if tags.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_logs().await?;
        let request = sdk
            .tag_resource()
            .resource_arn(arn)
            .set_tags(Some(tags.clone().into_iter().collect()));
        self.region
            .call(TAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes tags off a log group.
    pub async fn untag(&self, arn: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_logs().await?;
        let request = sdk
            .untag_resource()
            .resource_arn(arn)
            .set_tag_keys(Some(keys.to_vec()));
        self.region
            .call(UNTAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// The events of a group since `start` (milliseconds since 1970) that the
    /// filter pattern finds (`""`: all), oldest first, at most `most`; `None`
    /// when there is no such group.
    pub async fn filter_events(
        &self,
        group: &str,
        pattern: &str,
        start: i64,
        most: usize,
    ) -> Result<Option<Vec<LogEvent>>, AwsError> {
        let sdk = self.region.sdk_logs().await?;
        let request = sdk
            .filter_log_events()
            .log_group_name(group)
            .set_filter_pattern((!pattern.is_empty()).then(|| pattern.to_owned()))
            .start_time(start);
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .region
                .call(FILTER, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(None);
            };
            let found = page.events.unwrap_or_default().into_iter();
            events.extend(found.map(|event| LogEvent {
                timestamp: event.timestamp.unwrap_or(0),
                message: event.message.unwrap_or_default(),
            }));
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() || events.len() >= most {
                events.truncate(most);
                return Ok(Some(events));
            }
        }
    }
}
