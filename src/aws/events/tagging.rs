//! Tags of buses and rules: ListTagsForResource, TagResource, UntagResource.

use aws_sdk_eventbridge::types::Tag;

use super::super::call::{Operation, found};
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::Events;

const LIST: Operation = Operation::read(Service::Events, "ListTagsForResource");
const TAG: Operation = Operation::write(Service::Events, "TagResource");
const UNTAG: Operation = Operation::write(Service::Events, "UntagResource");

impl Events {
    /// The tags of a bus or rule, asked directly; `None` when it is not there.
    pub async fn list_tags(&self, arn: &str) -> Result<Option<Tags>, AwsError> {
        let request = self.sdk().await?.list_tags_for_resource().resource_arn(arn);
        let answer = found(self.call(LIST, || request.clone().send()).await)?;
        Ok(answer.map(|answer| from_sdk(answer.tags)))
    }

    /// Adds tags to a bus or rule, or changes their values.
    pub async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), AwsError> {
        if tags.is_empty() {
            return Ok(());
        }
        let request = self
            .sdk()
            .await?
            .tag_resource()
            .resource_arn(arn)
            .set_tags(to_sdk(tags));
        let pages = &self.pages().tags;
        pages.unclear(arn, tags.keys());
        self.call(TAG, || request.clone().send()).await?;
        pages.tagged(arn, tags);
        Ok(())
    }

    /// Takes tags off a bus or rule.
    pub async fn untag(&self, arn: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let request = self
            .sdk()
            .await?
            .untag_resource()
            .resource_arn(arn)
            .set_tag_keys(Some(keys.to_vec()));
        let pages = &self.pages().tags;
        pages.unclear(arn, keys.iter());
        self.call(UNTAG, || request.clone().send()).await?;
        pages.untagged(arn, keys);
        Ok(())
    }
}

/// The SDK's list; `None` when there are no tags.
pub(super) fn to_sdk(tags: &Tags) -> Option<Vec<Tag>> {
    let list: Vec<Tag> = tags
        .iter()
        // `build` fails only where key or value is missing; both are set.
        .filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok())
        .collect();
    (!list.is_empty()).then_some(list)
}

/// Our map of the SDK's list.
pub(super) fn from_sdk(tags: Option<Vec<Tag>>) -> Tags {
    tags.unwrap_or_default()
        .into_iter()
        .map(|tag| (tag.key, tag.value))
        .collect()
}
