//! What a table has beside its description: time to live, point-in-time
//! recovery, tags.

use aws_sdk_dynamodb::types as sdk;

use super::super::call::{Operation, found};
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::DynamoDb;
use super::table::tags;

const DESCRIBE_TTL: Operation = Operation::read(Service::DynamoDb, "DescribeTimeToLive");
const UPDATE_TTL: Operation = Operation::write(Service::DynamoDb, "UpdateTimeToLive");
const DESCRIBE_BACKUPS: Operation = Operation::read(Service::DynamoDb, "DescribeContinuousBackups");
const UPDATE_BACKUPS: Operation = Operation::write(Service::DynamoDb, "UpdateContinuousBackups");
const LIST_TAGS: Operation = Operation::read(Service::DynamoDb, "ListTagsOfResource");
const TAG: Operation = Operation::write(Service::DynamoDb, "TagResource");
const UNTAG: Operation = Operation::write(Service::DynamoDb, "UntagResource");

/// A table's time to live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeToLive {
    /// The attribute that holds the second at which a row expires.
    pub attribute: Option<String>,
    /// `ENABLING`, `ENABLED`, `DISABLING` or `DISABLED`.
    pub status: String,
}

impl TimeToLive {
    /// On, or about to be.
    pub fn is_on(&self) -> bool {
        matches!(self.status.as_str(), "ENABLED" | "ENABLING")
    }
}

impl DynamoDb {
    /// A table's time to live; `None` when there is no such table.
    pub async fn time_to_live(&self, table: &str) -> Result<Option<TimeToLive>, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk.describe_time_to_live().table_name(table);
        let answer = found(
            self.region
                .call(DESCRIBE_TTL, || request.clone().send())
                .await,
        )?;
        Ok(answer.map(|answer| match answer.time_to_live_description {
            None => TimeToLive::default(),
            Some(ttl) => TimeToLive {
                attribute: ttl.attribute_name,
                status: ttl
                    .time_to_live_status
                    .map(|v| v.as_str().to_owned())
                    .unwrap_or_default(),
            },
        }))
    }

    /// Switches time to live on or off.
    ///
    /// # Errors
    /// `Validation` for a second change within an hour, and for switching on
    /// what is on.
    pub async fn set_time_to_live(
        &self,
        table: &str,
        attribute: &str,
        enabled: bool,
    ) -> Result<(), AwsError> {
        let specification = sdk::TimeToLiveSpecification::builder()
            .attribute_name(attribute)
            .enabled(enabled)
            .build()?;
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk
            .update_time_to_live()
            .table_name(table)
            .time_to_live_specification(specification);
        let result = self
            .region
            .call(UPDATE_TTL, || request.clone().send())
            .await;
        result.map(drop)
    }

    /// Whether point-in-time recovery is on; `None` when there is no table.
    pub async fn point_in_time_recovery(&self, table: &str) -> Result<Option<bool>, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk.describe_continuous_backups().table_name(table);
        let answer = self
            .region
            .call(DESCRIBE_BACKUPS, || request.clone().send());
        let answer = found(answer.await)?;
        Ok(answer.map(|answer| {
            let recovery = answer
                .continuous_backups_description
                .and_then(|backups| backups.point_in_time_recovery_description)
                .and_then(|recovery| recovery.point_in_time_recovery_status);
            recovery == Some(sdk::PointInTimeRecoveryStatus::Enabled)
        }))
    }

    /// Switches point-in-time recovery on or off. A table that was just made
    /// refuses for a few seconds (`ContinuousBackupsUnavailableException`,
    /// retried by the caller).
    pub async fn set_point_in_time_recovery(
        &self,
        table: &str,
        enabled: bool,
    ) -> Result<(), AwsError> {
        let specification = sdk::PointInTimeRecoverySpecification::builder()
            .point_in_time_recovery_enabled(enabled)
            .build()?;
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk
            .update_continuous_backups()
            .table_name(table)
            .point_in_time_recovery_specification(specification);
        let result = self
            .region
            .call(UPDATE_BACKUPS, || request.clone().send())
            .await;
        result.map(drop)
    }

    /// A table's tags; `None` when it is not there.
    pub async fn list_tags(&self, arn: &str) -> Result<Option<Tags>, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk.list_tags_of_resource().resource_arn(arn);
        let mut tags = Tags::new();
        let mut token = None;
        loop {
            let page = self
                .region
                .call(LIST_TAGS, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(None);
            };
            let list = page.tags.unwrap_or_default().into_iter();
            tags.extend(list.map(|tag| (tag.key, tag.value)));
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(Some(tags));
            }
        }
    }

    /// Adds tags to a table, or changes their values.
    pub async fn tag(&self, arn: &str, new: &Tags) -> Result<(), AwsError> {
        let Some(list) = tags(new)? else {
            return Ok(());
        };
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk.tag_resource().resource_arn(arn).set_tags(Some(list));
        self.region
            .call(TAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes tags off a table.
    pub async fn untag(&self, arn: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk
            .untag_resource()
            .resource_arn(arn)
            .set_tag_keys(Some(keys.to_vec()));
        self.region
            .call(UNTAG, || request.clone().send())
            .await
            .map(drop)
    }
}
