//! `tags` and `tags_all`, where AWS can tag.

use std::collections::BTreeMap;

use super::errors::Failure;
use crate::provider::{
    Attribute, Check, Conventions, Tags, Value, conventions::text_map, types::Type,
};
use crate::resources::context::At;

/// The two attributes.
pub fn attributes() -> [Attribute; 2] {
    [
        Attribute::new("tags", Type::map(Type::String))
            .optional()
            .check(Check::max_items(50))
            .check(Check::length(1, 128).keys())
            .check(not_of_aws().keys())
            .check(Check::length(0, 256).each())
            .describe(
                "Tags of the object. They win over `default_tags` of the provider block; \
                 tags that `ignore_tags` names are left alone.",
            ),
        Attribute::new("tags_all", Type::map(Type::String))
            .computed()
            .describe("All tags of the object, those of `default_tags` included."),
    ]
}

/// Keys with AWS's prefix are AWS's own: it refuses them, and reads leave them out.
fn not_of_aws() -> Check {
    Check::text("may not begin with `aws:`", |key| {
        let reserved = key
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
        if !reserved {
            return Ok(());
        }
        Err(format!(
            "the key {key:?} begins with `aws:`, which is reserved for AWS; choose another key"
        ))
    })
}

/// The tags to make an object with: `tags_all` as planned.
pub fn planned(planned: &Value) -> Tags {
    text_map(planned.get("tags_all"))
}

/// Puts the tags that AWS has into a state that is being read.
pub fn read(
    conventions: &Conventions,
    prior: &Value,
    remote: &BTreeMap<String, String>,
    state: &mut Value,
) {
    let (tags, tags_all) = conventions.read_tags(prior.get("tags"), remote);
    state.set("tags", tags);
    state.set("tags_all", tags_all);
}

/// Whether `remote` would leave a state's tags as they are.
pub fn are_as_known(conventions: &Conventions, prior: &Value, remote: &Tags) -> bool {
    let (tags, tags_all) = conventions.read_tags(prior.get("tags"), remote);
    &tags == prior.get("tags") && &tags_all == prior.get("tags_all")
}

/// Brings an object's tags from its prior `tags_all` to the planned one.
///
/// # Errors
/// Those of TagResource and UntagResource.
pub async fn update(at: &At<'_>, arn: &str, prior: &Value, planned: &Value) -> Result<(), Failure> {
    let (set, removed) = at
        .conventions()
        .tag_changes(prior.get("tags_all"), planned.get("tags_all"));
    if !removed.is_empty() {
        at.events().untag(arn, &removed).await?;
    }
    if !set.is_empty() {
        at.events().tag(arn, &set).await?;
    }
    Ok(())
}
