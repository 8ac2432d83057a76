//! Archives: CreateArchive, UpdateArchive, DescribeArchive, ListArchives,
//! DeleteArchive.

use aws_sdk_eventbridge::operation::describe_archive::DescribeArchiveOutput;

use super::super::call::{Operation, found, gone};
use super::super::convert::timestamp;
use super::super::error::AwsError;
use super::super::service::Service;
use super::{Begun, Events, set, text};

const CREATE: Operation = Operation::write(Service::Events, "CreateArchive");
const UPDATE: Operation = Operation::write(Service::Events, "UpdateArchive");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeArchive");
const LIST: Operation = Operation::read(Service::Events, "ListArchives");
const DELETE: Operation = Operation::write(Service::Events, "DeleteArchive");

/// An archive as CreateArchive and UpdateArchive take it. `None` is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveSettings {
    pub name: String,
    /// The bus's ARN; create only.
    pub event_source_arn: String,
    pub description: Option<String>,
    pub event_pattern: Option<String>,
    /// Days; 0 keeps for ever.
    pub retention_days: Option<i32>,
    pub kms_key_identifier: Option<String>,
}

/// An archive as EventBridge answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    pub name: String,
    pub arn: String,
    pub event_source_arn: String,
    pub description: Option<String>,
    pub event_pattern: Option<String>,
    pub retention_days: i32,
    pub kms_key_identifier: Option<String>,
    /// `ENABLED`, `DISABLED`, `CREATING`, `UPDATING`, `CREATE_FAILED` or
    /// `UPDATE_FAILED`.
    pub state: String,
    pub state_reason: Option<String>,
    /// RFC 3339.
    pub creation_time: Option<String>,
}

impl Events {
    /// Creates an archive.
    pub async fn create_archive(&self, archive: &ArchiveSettings) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .create_archive()
            .archive_name(&archive.name)
            .event_source_arn(&archive.event_source_arn)
            .set_description(archive.description.clone())
            .set_event_pattern(archive.event_pattern.clone())
            .set_retention_days(archive.retention_days)
            .set_kms_key_identifier(archive.kms_key_identifier.clone());
        let answer = self.call(CREATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.archive_arn),
            state: text(answer.state.map(|v| v.as_str().to_owned())),
        })
    }

    /// Updates everything but name and source.
    pub async fn update_archive(&self, archive: &ArchiveSettings) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .update_archive()
            .archive_name(&archive.name)
            .set_description(archive.description.clone())
            .set_event_pattern(archive.event_pattern.clone())
            .set_retention_days(archive.retention_days)
            .set_kms_key_identifier(archive.kms_key_identifier.clone());
        let answer = self.call(UPDATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.archive_arn),
            state: text(answer.state.map(|v| v.as_str().to_owned())),
        })
    }

    /// One archive; `None` when there is none of that name.
    pub async fn describe_archive(&self, name: &str) -> Result<Option<Archive>, AwsError> {
        let request = self.sdk().await?.describe_archive().archive_name(name);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.map(Archive::from))
    }

    /// The names of the archives that a bus feeds.
    pub async fn list_archive_names(&self, bus_arn: &str) -> Result<Vec<String>, AwsError> {
        let request = self
            .sdk()
            .await?
            .list_archives()
            .event_source_arn(bus_arn)
            .limit(100);
        let mut names = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .call(LIST, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await?;
            let archives = page.archives.unwrap_or_default();
            names.extend(
                archives
                    .into_iter()
                    .filter_map(|archive| archive.archive_name),
            );
            token = set(page.next_token);
            if token.is_none() {
                return Ok(names);
            }
        }
    }

    /// Deletes an archive; one that is not there is no error.
    pub async fn delete_archive(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.delete_archive().archive_name(name);
        gone(self.call(DELETE, || request.clone().send()).await)
    }
}

impl From<DescribeArchiveOutput> for Archive {
    fn from(sdk: DescribeArchiveOutput) -> Self {
        Self {
            name: text(sdk.archive_name),
            arn: text(sdk.archive_arn),
            event_source_arn: text(sdk.event_source_arn),
            description: set(sdk.description),
            event_pattern: set(sdk.event_pattern),
            retention_days: sdk.retention_days.unwrap_or(0),
            kms_key_identifier: set(sdk.kms_key_identifier),
            state: sdk.state.map(|v| v.as_str().to_owned()).unwrap_or_default(),
            state_reason: set(sdk.state_reason),
            creation_time: sdk.creation_time.map(timestamp),
        }
    }
}
