//! IAM roles: the role, its trust, its inline policies, its boundary and tags.
//!
//! IAM is one for all regions of an account; its changes reach other services
//! after some seconds.

use aws_sdk_iam::error::BuildError;
use aws_sdk_iam::types as sdk;

use super::call::{Operation, found, gone};
use super::client::Region;
use super::error::AwsError;
use super::service::Service;
use super::tags::Tags;

const GET: Operation = Operation::read(Service::Iam, "GetRole");
const CREATE: Operation = Operation::write(Service::Iam, "CreateRole");
const UPDATE: Operation = Operation::write(Service::Iam, "UpdateRole");
const UPDATE_TRUST: Operation = Operation::write(Service::Iam, "UpdateAssumeRolePolicy");
const DELETE: Operation = Operation::write(Service::Iam, "DeleteRole");
const PUT_BOUNDARY: Operation = Operation::write(Service::Iam, "PutRolePermissionsBoundary");
const DELETE_BOUNDARY: Operation = Operation::write(Service::Iam, "DeleteRolePermissionsBoundary");
const GET_POLICY: Operation = Operation::read(Service::Iam, "GetRolePolicy");
const PUT_POLICY: Operation = Operation::write(Service::Iam, "PutRolePolicy");
const DELETE_POLICY: Operation = Operation::write(Service::Iam, "DeleteRolePolicy");
const LIST_POLICIES: Operation = Operation::read(Service::Iam, "ListRolePolicies");
const LIST_ATTACHED: Operation = Operation::read(Service::Iam, "ListAttachedRolePolicies");
const DETACH: Operation = Operation::write(Service::Iam, "DetachRolePolicy");
const TAG: Operation = Operation::write(Service::Iam, "TagRole");
const UNTAG: Operation = Operation::write(Service::Iam, "UntagRole");

/// IAM's calls. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Iam {
    pub(super) region: Region,
}

/// A role to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRole {
    pub name: String,
    /// `/`, or `/a/b/`.
    pub path: String,
    pub description: String,
    /// Who may assume it, JSON.
    pub trust_policy: String,
    pub permissions_boundary: Option<String>,
    pub tags: Tags,
}

/// A role as IAM answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    pub name: String,
    pub arn: String,
    pub path: String,
    pub description: Option<String>,
    pub trust_policy: String,
    pub permissions_boundary: Option<String>,
    pub tags: Tags,
}

impl Iam {
    /// One role with its tags; `None` when there is none of that name.
    pub async fn get_role(&self, name: &str) -> Result<Option<Role>, AwsError> {
        let request = self.region.sdk_iam().await?.get_role().role_name(name);
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.and_then(|answer| answer.role).map(Role::from))
    }

    /// Creates a role; the answer is its ARN.
    pub async fn create_role(&self, role: &NewRole) -> Result<String, AwsError> {
        let request = self
            .region
            .sdk_iam()
            .await?
            .create_role()
            .role_name(&role.name)
            .path(&role.path)
            .description(&role.description)
            .assume_role_policy_document(&role.trust_policy)
            .set_permissions_boundary(role.permissions_boundary.clone())
            .set_tags(tags(&role.tags)?);
        let answer = self.region.call(CREATE, || request.clone().send()).await?;
        Ok(answer.role.map(|role| role.arn).unwrap_or_default())
    }

    /// Replaces the role's description.
    pub async fn update_description(&self, role: &str, description: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.update_role().role_name(role).description(description);
        self.region
            .call(UPDATE, || request.clone().send())
            .await
            .map(drop)
    }

    /// Replaces who may assume the role.
    pub async fn update_trust_policy(&self, role: &str, policy: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk
            .update_assume_role_policy()
            .role_name(role)
            .policy_document(policy);
        self.region
            .call(UPDATE_TRUST, || request.clone().send())
            .await
            .map(drop)
    }

    /// Sets the permissions boundary, or (`None`) takes it away.
    pub async fn set_boundary(&self, role: &str, arn: Option<&str>) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        match arn {
            Some(arn) => {
                let request = sdk
                    .put_role_permissions_boundary()
                    .role_name(role)
                    .permissions_boundary(arn);
                self.region
                    .call(PUT_BOUNDARY, || request.clone().send())
                    .await
                    .map(drop)
            }
            None => {
                let request = sdk.delete_role_permissions_boundary().role_name(role);
                gone(
                    self.region
                        .call(DELETE_BOUNDARY, || request.clone().send())
                        .await,
                )
            }
        }
    }

    /// Deletes a role; one that is not there is no error. Its policies must be
    /// gone (`DeleteConflict`).
    pub async fn delete_role(&self, name: &str) -> Result<(), AwsError> {
        let request = self.region.sdk_iam().await?.delete_role().role_name(name);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }

    /// One inline policy, JSON; `None` when there is none of that name.
    pub async fn get_role_policy(
        &self,
        role: &str,
        policy: &str,
    ) -> Result<Option<String>, AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.get_role_policy().role_name(role).policy_name(policy);
        let answer = found(
            self.region
                .call(GET_POLICY, || request.clone().send())
                .await,
        )?;
        Ok(answer.map(|answer| percent_decoded(&answer.policy_document)))
    }

    /// Puts an inline policy, replacing one of that name.
    pub async fn put_role_policy(
        &self,
        role: &str,
        policy: &str,
        document: &str,
    ) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk
            .put_role_policy()
            .role_name(role)
            .policy_name(policy)
            .policy_document(document);
        self.region
            .call(PUT_POLICY, || request.clone().send())
            .await
            .map(drop)
    }

    /// Deletes an inline policy; one that is not there is no error.
    pub async fn delete_role_policy(&self, role: &str, policy: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.delete_role_policy().role_name(role).policy_name(policy);
        gone(
            self.region
                .call(DELETE_POLICY, || request.clone().send())
                .await,
        )
    }

    /// The names of a role's inline policies; none where there is no role.
    pub async fn list_role_policies(&self, role: &str) -> Result<Vec<String>, AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.list_role_policies().role_name(role);
        let mut names = Vec::new();
        let mut marker = None;
        loop {
            let page = self
                .region
                .call(LIST_POLICIES, || {
                    request.clone().set_marker(marker.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(names);
            };
            names.extend(page.policy_names);
            marker = page.marker.filter(|_| page.is_truncated);
            if marker.is_none() {
                return Ok(names);
            }
        }
    }

    /// The ARNs of the policies attached to a role; none where there is no role.
    pub async fn list_attached_policies(&self, role: &str) -> Result<Vec<String>, AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.list_attached_role_policies().role_name(role);
        let mut arns = Vec::new();
        let mut marker = None;
        loop {
            let page = self
                .region
                .call(LIST_ATTACHED, || {
                    request.clone().set_marker(marker.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(arns);
            };
            let policies = page.attached_policies.unwrap_or_default().into_iter();
            arns.extend(policies.filter_map(|policy| policy.policy_arn));
            marker = page.marker.filter(|_| page.is_truncated);
            if marker.is_none() {
                return Ok(arns);
            }
        }
    }

    /// Detaches a policy from a role; one that is not attached is no error.
    pub async fn detach_role_policy(&self, role: &str, arn: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.detach_role_policy().role_name(role).policy_arn(arn);
        gone(self.region.call(DETACH, || request.clone().send()).await)
    }

    /// Adds tags to a role, or changes their values.
    pub async fn tag(&self, role: &str, new: &Tags) -> Result<(), AwsError> {
        let Some(list) = tags(new)? else {
            return Ok(());
        };
        let sdk = self.region.sdk_iam().await?;
        let request = sdk.tag_role().role_name(role).set_tags(Some(list));
        self.region
            .call(TAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes tags off a role.
    pub async fn untag(&self, role: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_iam().await?;
        let request = sdk
            .untag_role()
            .role_name(role)
            .set_tag_keys(Some(keys.to_vec()));
        self.region
            .call(UNTAG, || request.clone().send())
            .await
            .map(drop)
    }
}

fn tags(tags: &Tags) -> Result<Option<Vec<sdk::Tag>>, BuildError> {
    let list = tags
        .iter()
        .map(|(key, value)| sdk::Tag::builder().key(key).value(value).build())
        .collect::<Result<Vec<_>, _>>()?;
    Ok((!list.is_empty()).then_some(list))
}

/// IAM answers policies percent-encoded (RFC 3986).
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

impl From<sdk::Role> for Role {
    fn from(role: sdk::Role) -> Self {
        Self {
            name: role.role_name,
            arn: role.arn,
            path: role.path,
            description: role.description.filter(|text| !text.is_empty()),
            trust_policy: percent_decoded(&role.assume_role_policy_document.unwrap_or_default()),
            permissions_boundary: role
                .permissions_boundary
                .and_then(|boundary| boundary.permissions_boundary_arn),
            tags: role
                .tags
                .unwrap_or_default()
                .into_iter()
                .map(|tag| (tag.key, tag.value))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_decoded() {
        assert_eq!(
            percent_decoded("%7B%22a%22%3A%22%C3%A9%22%7D"),
            "{\"a\":\"é\"}"
        );
        assert_eq!(percent_decoded("{\"a\":\"100%\"}"), "{\"a\":\"100%\"}");
        assert_eq!(percent_decoded("%"), "%");
        assert_eq!(percent_decoded("é%41"), "éA");
    }
}
