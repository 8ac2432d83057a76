//! The Resource Groups Tagging API: tags of many objects in one walk.

use std::time::Duration;

use super::call::Operation;
use super::client::Region;
use super::error::AwsError;
use super::service::Service;
use super::tags::Tags;

const GET_RESOURCES: Operation = Operation::read(Service::Tagging, "GetResources");
/// A private network may have no way to this API, and each plan would wait for it
/// long: tags can be asked for one by one.
const FIRST_PAGE: Operation = GET_RESOURCES
    .with_another_way()
    .answering_within(Duration::from_secs(8));
/// The most that one page may hold.
const PAGE: i32 = 100;

/// The tagging API's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tagging {
    pub(super) region: Region,
}

impl Tagging {
    /// All objects of one of the `types` (such as `events:rule`): ARN and tags.
    /// Objects that never had a tag are not in the answer.
    pub async fn get_resources(&self, types: &[&str]) -> Result<Vec<(String, Tags)>, AwsError> {
        let types: Vec<String> = types.iter().map(|kind| (*kind).to_owned()).collect();
        let request = self
            .region
            .sdk_tagging()
            .await?
            .get_resources()
            .resources_per_page(PAGE)
            .set_resource_type_filters(Some(types));
        let mut found = Vec::new();
        let (mut operation, mut token) = (FIRST_PAGE, None);
        loop {
            let page = self
                .region
                .call(operation, || {
                    request.clone().set_pagination_token(token.clone()).send()
                })
                .await?;
            for mapping in page.resource_tag_mapping_list.unwrap_or_default() {
                let tags = mapping.tags.unwrap_or_default().into_iter();
                let tags = tags.map(|tag| (tag.key, tag.value)).collect();
                found.push((mapping.resource_arn.unwrap_or_default(), tags));
            }
            token = page.pagination_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(found);
            }
            operation = GET_RESOURCES;
        }
    }
}
