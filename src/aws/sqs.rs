//! SQS queues: the queue, its attributes and tags, and how full it is.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;

use super::call::{Operation, found, gone};
use super::client::Region;
use super::error::AwsError;
use super::service::Service;
use super::tags::Tags;

const CREATE: Operation = Operation::write(Service::Sqs, "CreateQueue");
const GET_URL: Operation = Operation::read(Service::Sqs, "GetQueueUrl");
const GET_ATTRIBUTES: Operation = Operation::read(Service::Sqs, "GetQueueAttributes");
const SET_ATTRIBUTES: Operation = Operation::write(Service::Sqs, "SetQueueAttributes");
const DELETE: Operation = Operation::write(Service::Sqs, "DeleteQueue");
const LIST_TAGS: Operation = Operation::read(Service::Sqs, "ListQueueTags");
const TAG: Operation = Operation::write(Service::Sqs, "TagQueue");
const UNTAG: Operation = Operation::write(Service::Sqs, "UntagQueue");

/// A deleted queue's name is free again after 60 s.
const NAME_FREE_AGAIN: Duration = Duration::from_secs(90);

/// SQS's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sqs {
    pub(super) region: Region,
}

/// Attribute names, such as `MessageRetentionPeriod`, to values.
pub type QueueAttributes = BTreeMap<String, String>;

impl Sqs {
    /// Creates a queue; the answer is its URL. Waits where a queue of this
    /// name was deleted less than 60 s ago.
    ///
    /// # Errors
    /// `AlreadyExists` when there is one with other attributes.
    pub async fn create_queue(
        &self,
        name: &str,
        attributes: &QueueAttributes,
        tags: &Tags,
    ) -> Result<String, AwsError> {
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .create_queue()
            .queue_name(name)
            .set_attributes(Some(to_sdk(attributes)))
            .set_tags((!tags.is_empty()).then(|| tags.clone().into_iter().collect()));
        let create = || self.region.call(CREATE, || request.clone().send());
        let answer = self
            .region
            .retry_while(NAME_FREE_AGAIN, AwsError::is_queue_deleted_recently, create)
            .await?;
        Ok(answer.queue_url.unwrap_or_default())
    }

    /// A queue's URL; `None` when there is none of that name. `account`: of
    /// another account's queue.
    pub async fn queue_url(
        &self,
        name: &str,
        account: Option<&str>,
    ) -> Result<Option<String>, AwsError> {
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .get_queue_url()
            .queue_name(name)
            .set_queue_owner_aws_account_id(account.map(str::to_owned));
        let answer = found(self.region.call(GET_URL, || request.clone().send()).await)?;
        Ok(answer.and_then(|answer| answer.queue_url))
    }

    /// All attributes of a queue; `None` when it is not there.
    pub async fn attributes(&self, url: &str) -> Result<Option<QueueAttributes>, AwsError> {
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(QueueAttributeName::All);
        let answer = found(
            self.region
                .call(GET_ATTRIBUTES, || request.clone().send())
                .await,
        )?;
        Ok(answer.map(|answer| {
            let attributes = answer.attributes.unwrap_or_default().into_iter();
            attributes
                .map(|(name, value)| (name.as_str().to_owned(), value))
                .collect()
        }))
    }

    /// Sets attributes; `""` unsets a policy.
    pub async fn set_attributes(
        &self,
        url: &str,
        attributes: &QueueAttributes,
    ) -> Result<(), AwsError> {
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .set_queue_attributes()
            .queue_url(url)
            .set_attributes(Some(to_sdk(attributes)));
        self.region
            .call(SET_ATTRIBUTES, || request.clone().send())
            .await
            .map(drop)
    }

    /// How many messages a queue holds, those in flight and delayed included
    /// (SQS counts approximately); `None` when it is not there.
    pub async fn message_count(&self, url: &str) -> Result<Option<u64>, AwsError> {
        let attributes = self.attributes(url).await?;
        Ok(attributes.map(|attributes| message_count(&attributes)))
    }

    /// Deletes a queue; one that is not there is no error.
    pub async fn delete_queue(&self, url: &str) -> Result<(), AwsError> {
        let request = self.region.sdk_sqs().await?.delete_queue().queue_url(url);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }

    /// A queue's tags; `None` when it is not there.
    pub async fn list_tags(&self, url: &str) -> Result<Option<Tags>, AwsError> {
        let request = self
            .region
            .sdk_sqs()
            .await?
            .list_queue_tags()
            .queue_url(url);
        let answer = found(self.region.call(LIST_TAGS, || request.clone().send()).await)?;
        Ok(answer.map(|answer| answer.tags.unwrap_or_default().into_iter().collect()))
    }

    /// Adds tags to a queue, or changes their values.
    pub async fn tag(&self, url: &str, tags: &Tags) -> Result<(), AwsError> {
        if tags.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .tag_queue()
            .queue_url(url)
            .set_tags(Some(tags.clone().into_iter().collect()));
        self.region
            .call(TAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes tags off a queue.
    pub async fn untag(&self, url: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_sqs().await?;
        let request = sdk
            .untag_queue()
            .queue_url(url)
            .set_tag_keys(Some(keys.to_vec()));
        self.region
            .call(UNTAG, || request.clone().send())
            .await
            .map(drop)
    }
}

/// The messages that a queue's attributes tell of.
pub fn message_count(attributes: &QueueAttributes) -> u64 {
    [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    .into_iter()
    .filter_map(|name| attributes.get(name)?.parse::<u64>().ok())
    .sum()
}

fn to_sdk(attributes: &QueueAttributes) -> std::collections::HashMap<QueueAttributeName, String> {
    attributes
        .iter()
        .map(|(name, value)| (QueueAttributeName::from(name.as_str()), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_in_flight_and_delayed_count() {
        let attributes = QueueAttributes::from([
            ("ApproximateNumberOfMessages".into(), "2".into()),
            ("ApproximateNumberOfMessagesNotVisible".into(), "1".into()),
            ("VisibilityTimeout".into(), "30".into()),
        ]);
        assert_eq!(message_count(&attributes), 3);
    }
}
