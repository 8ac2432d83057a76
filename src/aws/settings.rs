//! Everything a provider block can say about reaching AWS, as plain data.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::secret::Secret;
use super::service::Service;
use super::tags::Tags;

/// How to reach AWS. What is unset comes from the environment and the shared
/// configuration files, as in every AWS SDK.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub region: Option<String>,
    pub profile: Option<String>,
    pub shared_config_files: Vec<String>,
    pub shared_credentials_files: Vec<String>,
    pub access_key: Option<String>,
    pub secret_key: Option<Secret>,
    pub token: Option<Secret>,
    /// Roles assumed one after the other.
    pub assume_role: Vec<AssumeRole>,
    pub assume_role_with_web_identity: Option<WebIdentity>,
    pub allowed_account_ids: Vec<String>,
    pub forbidden_account_ids: Vec<String>,
    pub skip_credentials_validation: bool,
    pub skip_requesting_account_id: bool,
    pub skip_region_validation: bool,
    /// `Some(true)`: the instance metadata service is never asked.
    pub skip_metadata_api_check: Option<bool>,
    pub sts_region: Option<String>,
    pub ec2_metadata_service_endpoint: Option<String>,
    /// `IPv4` or `IPv6`.
    pub ec2_metadata_service_endpoint_mode: Option<String>,
    /// Tries in all, the first included; 25 where unset.
    pub max_retries: Option<u32>,
    /// `standard` or `adaptive`. Ours always adapts: accepted, no difference.
    pub retry_mode: Option<String>,
    /// Retries cost 5 (10 after a timeout), answers give back; 0: no limit.
    pub token_bucket_rate_limiter_capacity: Option<u32>,
    pub use_fips_endpoint: Option<bool>,
    pub use_dualstack_endpoint: Option<bool>,
    pub http_proxy: Option<String>,
    pub https_proxy: Option<String>,
    pub no_proxy: Option<String>,
    /// Path of a PEM file; else `AWS_CA_BUNDLE`.
    pub custom_ca_bundle: Option<String>,
    /// Server certificates are not checked.
    pub insecure: bool,
    /// Endpoint URLs.
    pub endpoints: BTreeMap<Service, String>,
    /// Requests per second to each service of a region, over the default.
    pub max_requests_per_second: Option<f64>,
    pub user_agent: UserAgent,
}

/// One role to assume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssumeRole {
    pub role_arn: String,
    pub session_name: Option<String>,
    pub external_id: Option<String>,
    pub duration: Option<Duration>,
    /// An IAM policy, JSON.
    pub policy: Option<String>,
    pub policy_arns: Vec<String>,
    pub source_identity: Option<String>,
    pub tags: Tags,
    pub transitive_tag_keys: Vec<String>,
}

/// A role to assume with a token of an identity provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebIdentity {
    pub role_arn: Option<String>,
    pub session_name: Option<String>,
    pub web_identity_token: Option<Secret>,
    pub web_identity_token_file: Option<String>,
    pub duration: Option<Duration>,
    pub policy: Option<String>,
    pub policy_arns: Vec<String>,
}

/// What the `User-Agent` header says before and after the SDK's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent {
    /// Products in front, such as `Terraform/1.11.4 (+https://…)`.
    pub prefix: Vec<String>,
    /// Words at the end: the setting `user_agent`, and what
    /// `TF_APPEND_USER_AGENT` holds.
    pub suffix: Vec<String>,
}

impl fmt::Display for UserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} … {}", self.prefix.join(" "), self.suffix.join(" "))
    }
}
