//! Credentials of assumed roles, with everything that STS lets one ask for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::types::{Credentials as StsCredentials, PolicyDescriptorType, Tag};

use super::call::Operation;
use super::classify::classify;
use super::credentials::reveal;
use super::error::AwsError;
use super::service::Service;
use super::settings::{AssumeRole, WebIdentity};

const ASSUME: Operation = Operation::write(Service::Sts, "AssumeRole");
const ASSUME_WITH_WEB_IDENTITY: Operation =
    Operation::write(Service::Sts, "AssumeRoleWithWebIdentity");

/// A role assumed with other credentials (those of the client).
#[derive(Debug)]
pub(super) struct RoleProvider {
    pub sts: aws_sdk_sts::Client,
    pub role: AssumeRole,
}

impl RoleProvider {
    async fn get(&self) -> Result<Credentials, CredentialsError> {
        let role = &self.role;
        let tags = role
            .tags
            .iter()
            .filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok());
        let answer = self
            .sts
            .assume_role()
            .role_arn(&role.role_arn)
            .role_session_name(session_name(&role.session_name))
            .set_external_id(role.external_id.clone())
            .set_duration_seconds(seconds(role.duration))
            .set_policy(role.policy.clone())
            .set_policy_arns(policy_arns(&role.policy_arns))
            .set_source_identity(role.source_identity.clone())
            .set_tags(some(tags.collect()))
            .set_transitive_tag_keys(some(role.transitive_tag_keys.clone()))
            .send()
            .await
            .map_err(|error| refused(&role.role_arn, classify(&ASSUME, error)))?;
        credentials(answer.credentials, "AssumeRole")
    }
}

impl ProvideCredentials for RoleProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

/// A role assumed with a token of an identity provider; unsigned.
#[derive(Debug)]
pub(super) struct WebIdentityProvider {
    pub sts: aws_sdk_sts::Client,
    pub identity: WebIdentity,
}

impl WebIdentityProvider {
    async fn get(&self) -> Result<Credentials, CredentialsError> {
        let identity = &self.identity;
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let role_arn = identity
            .role_arn
            .clone()
            .or_else(|| env("AWS_ROLE_ARN"))
            .ok_or_else(|| missing("role_arn", "AWS_ROLE_ARN"))?;
        let token = match reveal(&identity.web_identity_token) {
            Some(token) => token,
            None => {
                let path = identity
                    .web_identity_token_file
                    .clone()
                    .or_else(|| env("AWS_WEB_IDENTITY_TOKEN_FILE"))
                    .ok_or_else(|| {
                        missing(
                            "web_identity_token` or `web_identity_token_file",
                            "AWS_WEB_IDENTITY_TOKEN_FILE",
                        )
                    })?;
                tokio::fs::read_to_string(&path).await.map_err(|error| {
                    invalid(format!("the web identity token file \"{path}\": {error}"))
                })?
            }
        };
        let session = identity
            .session_name
            .clone()
            .or_else(|| env("AWS_ROLE_SESSION_NAME"));
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&role_arn)
            .role_session_name(session_name(&session))
            .web_identity_token(token.trim())
            .set_duration_seconds(seconds(identity.duration))
            .set_policy(identity.policy.clone())
            .set_policy_arns(policy_arns(&identity.policy_arns))
            .send()
            .await
            .map_err(|error| refused(&role_arn, classify(&ASSUME_WITH_WEB_IDENTITY, error)))?;
        credentials(answer.credentials, "AssumeRoleWithWebIdentity")
    }
}

impl ProvideCredentials for WebIdentityProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

/// STS's answer as the SDK's credentials.
fn credentials(
    answer: Option<StsCredentials>,
    source: &'static str,
) -> Result<Credentials, CredentialsError> {
    let answer = answer.ok_or_else(|| invalid("STS answered no credentials".into()))?;
    let expiry = SystemTime::try_from(answer.expiration)
        .map_err(|_| invalid("STS answered an expiry that is no time".into()))?;
    Ok(Credentials::new(
        answer.access_key_id,
        answer.secret_access_key,
        Some(answer.session_token),
        Some(expiry),
        source,
    ))
}

/// What a user is told when STS refuses: the role too.
fn refused(role_arn: &str, mut error: AwsError) -> CredentialsError {
    error.message = format!("{} (the role \"{role_arn}\")", error.message);
    CredentialsError::provider_error(error)
}

fn missing(setting: &str, variable: &str) -> CredentialsError {
    invalid(format!(
        "`assume_role_with_web_identity` needs `{setting}`, or {variable}"
    ))
}

fn invalid(text: String) -> CredentialsError {
    CredentialsError::invalid_configuration(text)
}

/// STS wants a name for the session; ours tells when it began.
fn session_name(name: &Option<String>) -> String {
    name.clone().unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        format!("terraform-{}", now.unwrap_or_default().as_millis())
    })
}

fn seconds(duration: Option<Duration>) -> Option<i32> {
    duration.and_then(|duration| i32::try_from(duration.as_secs()).ok())
}

fn policy_arns(arns: &[String]) -> Option<Vec<PolicyDescriptorType>> {
    let descriptors = arns
        .iter()
        .map(|arn| PolicyDescriptorType::builder().arn(arn).build());
    some(descriptors.collect())
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}
