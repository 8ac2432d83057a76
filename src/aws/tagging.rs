//! The Resource Groups Tagging API: tags of many objects in one walk.

use aws_sdk_resourcegroupstagging::types::TagFilter;

use super::call::Operation;
use super::client::Region;
use super::error::AwsError;
use super::service::Service;
use super::tags::Tags;

const GET_RESOURCES: Operation = Operation::read(Service::Tagging, "GetResources");
/// The most that one page may hold.
const PAGE: i32 = 100;

/// The tagging API's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tagging {
    pub(super) region: Region,
}

impl Tagging {
    /// All objects that have every one of the `filters` (key, and value where
    /// given) and are of one of the `types` (such as `events:rule`; none: of
    /// any): ARN and tags. Objects that never had a tag are not in the answer.
    pub async fn get_resources(
        &self,
        filters: &[(&str, Option<&str>)],
        types: &[&str],
    ) -> Result<Vec<(String, Tags)>, AwsError> {
        let filters: Vec<TagFilter> = filters
            .iter()
            .map(|(key, value)| {
                let values = value.map(|value| vec![value.to_owned()]);
                TagFilter::builder().key(*key).set_values(values).build()
            })
            .collect();
        let types: Vec<String> = types.iter().map(|kind| (*kind).to_owned()).collect();
        let request = self
            .region
            .sdk_tagging()
            .await?
            .get_resources()
            .resources_per_page(PAGE)
            .set_tag_filters((!filters.is_empty()).then_some(filters))
            .set_resource_type_filters((!types.is_empty()).then_some(types));
        let mut found = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .region
                .call(GET_RESOURCES, || {
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
        }
    }
}
