//! From settings to SDK clients. Reads files and environment, contacts nothing.

use std::path::PathBuf;

use aws_config::BehaviorVersion;
use aws_config::meta::region::ProvideRegion as _;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::SdkConfig;
use aws_types::region::Region as SdkRegion;
use aws_types::service_config::ServiceConfigKey;

use super::assume_role::{RoleProvider, WebIdentityProvider};
use super::credentials::{self, Cached};
use super::error::AwsError;
use super::http;
use super::service::Service;
use super::settings::Settings;

/// The SDK's configuration, made once per configured provider.
#[derive(Debug)]
pub(super) struct Config {
    sdk: SdkConfig,
    settings: Settings,
    region: Option<String>,
}

impl Config {
    /// Reads environment and shared files.
    pub(super) async fn load(settings: &Settings) -> Result<Self, AwsError> {
        let files = profile_files(settings);
        let region = region(settings, files.clone()).await;
        let http_client = http::client(settings)?;
        let sdk_region = region.clone().map(SdkRegion::new);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(files.clone())
            .region(sdk_region.clone())
            .http_client(http_client.clone())
            // Ours is the loop around every call (`call`).
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .no_credentials();
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(fips) = settings.use_fips_endpoint {
            loader = loader.use_fips(fips);
        }
        if let Some(dualstack) = settings.use_dualstack_endpoint {
            loader = loader.use_dual_stack(dualstack);
        }
        let mut config = Self {
            sdk: loader.load().await,
            settings: settings.clone(),
            region,
        };
        let provider_config = ProviderConfig::empty()
            .with_region(sdk_region)
            .with_http_client(http_client);
        let base = credentials::base(settings, &provider_config, files)?;
        config.sdk = config.with_credentials(config.assume_roles(base));
        Ok(config)
    }

    /// The configured region.
    pub(super) fn region(&self) -> Result<&str, AwsError> {
        self.region.as_deref().ok_or_else(|| {
            AwsError::configuration(
                Service::Events,
                "no region is configured: set `region` in the provider block or AWS_REGION",
            )
        })
    }

    /// True when a setting, the environment or a profile names an endpoint.
    pub(super) fn has_endpoint(&self, service: Service) -> bool {
        let native = || {
            let key = ServiceConfigKey::builder()
                .service_id(service.sdk_id())
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .build()
                .ok()?;
            self.sdk.service_config()?.load_config(key)
        };
        self.settings.endpoints.contains_key(&service) || native().is_some()
    }

    fn with_credentials(&self, credentials: SharedCredentialsProvider) -> SdkConfig {
        self.sdk
            .to_builder()
            .credentials_provider(credentials)
            .build()
    }

    /// Puts the roles to assume over the base credentials.
    fn assume_roles(&self, base: SharedCredentialsProvider) -> SharedCredentialsProvider {
        let mut credentials = base;
        if let Some(identity) = &self.settings.assume_role_with_web_identity {
            credentials = Cached::shared(WebIdentityProvider {
                sts: self.role_sts(credentials),
                identity: identity.clone(),
            });
        }
        for role in &self.settings.assume_role {
            credentials = Cached::shared(RoleProvider {
                sts: self.role_sts(credentials),
                role: role.clone(),
            });
        }
        credentials
    }

    /// An STS client for getting credentials; it retries by itself.
    fn role_sts(&self, credentials: SharedCredentialsProvider) -> aws_sdk_sts::Client {
        let mut builder = aws_sdk_sts::config::Builder::from(&self.with_credentials(credentials))
            .retry_config(RetryConfig::standard());
        let region = self.settings.sts_region.as_ref().or(self.region.as_ref());
        if let Some(region) = region {
            builder = builder.region(SdkRegion::new(region.clone()));
        }
        if let Some(url) = self.settings.endpoints.get(&Service::Sts) {
            builder = builder.endpoint_url(url);
        }
        aws_sdk_sts::Client::from_conf(builder.build())
    }
}

/// Client constructors: one SDK client of a region each.
macro_rules! clients {
    ($($name:ident: $sdk:ident, $service:expr;)*) => {
        impl Config {
            $(pub(super) fn $name(&self, region: &str) -> $sdk::Client {
                let mut builder = $sdk::config::Builder::from(&self.sdk)
                    .region(SdkRegion::new(region.to_owned()));
                if let Some(url) = self.settings.endpoints.get(&$service) {
                    builder = builder.endpoint_url(url);
                }
                $sdk::Client::from_conf(builder.build())
            })*
        }
    };
}

clients! {
    sdk_events: aws_sdk_eventbridge, Service::Events;
    sdk_dynamodb: aws_sdk_dynamodb, Service::DynamoDb;
    sdk_lambda: aws_sdk_lambda, Service::Lambda;
    sdk_iam: aws_sdk_iam, Service::Iam;
    sdk_sqs: aws_sdk_sqs, Service::Sqs;
    sdk_sts: aws_sdk_sts, Service::Sts;
    sdk_logs: aws_sdk_cloudwatchlogs, Service::Logs;
    sdk_tagging: aws_sdk_resourcegroupstagging, Service::Tagging;
}

/// The shared files: those of the settings, else the usual ones.
fn profile_files(settings: &Settings) -> EnvConfigFiles {
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(settings.shared_config_files.is_empty())
        .include_default_credentials_file(settings.shared_credentials_files.is_empty());
    for path in &settings.shared_config_files {
        files = files.with_file(EnvConfigFileKind::Config, expand_home(path));
    }
    for path in &settings.shared_credentials_files {
        files = files.with_file(EnvConfigFileKind::Credentials, expand_home(path));
    }
    files.build()
}

/// `~/x` is in the user's home directory.
fn expand_home(path: &str) -> PathBuf {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// The region of settings, environment or profile.
async fn region(settings: &Settings, files: EnvConfigFiles) -> Option<String> {
    let env = |name: &str| std::env::var(name).ok();
    let set = |region: &String| !region.is_empty();
    let named = settings
        .region
        .clone()
        .filter(set)
        .or_else(|| env("AWS_REGION").filter(set))
        .or_else(|| env("AWS_DEFAULT_REGION").filter(set));
    if named.is_some() {
        return named;
    }
    let mut profile = ProfileFileRegionProvider::builder().profile_files(files);
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    let region = profile.build().region().await;
    region.map(|region| region.to_string())
}

/// A region's name has the shape `xx-word-9`.
pub(super) fn check_region(name: &str) -> Result<(), AwsError> {
    let mut parts = name.split('-');
    let lower = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let last = parts.next_back().is_some_and(number);
    let words: Vec<&str> = parts.collect();
    if last && words.len() >= 2 && words.iter().all(|word| lower(word)) {
        return Ok(());
    }
    Err(AwsError::configuration(
        Service::Events,
        format!(
            "\"{name}\" is not the name of an AWS region, such as eu-west-1. If it is one, set \
             `skip_region_validation = true` in the provider block"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_a_shape() {
        for name in [
            "eu-west-1",
            "us-gov-east-1",
            "us-iso-east-1",
            "eusc-de-east-1",
            "xx-nowhere-9",
        ] {
            assert_eq!(check_region(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "eu",
            "eu-west",
            "EU-west-1",
            "eu_west_1",
            "eu-west-1a",
            "-1",
        ] {
            let error = check_region(name).expect_err(name);
            assert!(error.message.contains("skip_region_validation"), "{error}");
        }
    }

    #[tokio::test]
    async fn endpoints_of_the_settings_are_known() {
        let mut settings = Settings {
            region: Some("eu-west-1".into()),
            ..Settings::default()
        };
        settings
            .endpoints
            .insert(Service::Events, "http://127.0.0.1:1".into());
        let config = Config::load(&settings).await.expect("config");
        assert!(config.has_endpoint(Service::Events));
        assert!(!config.has_endpoint(Service::Sts));
        assert_eq!(config.region().as_deref(), Ok("eu-west-1"));
    }

    #[tokio::test]
    async fn a_profile_file_gives_the_region() {
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), "[profile x]\nregion = ap-south-2\n").expect("write");
        let settings = Settings {
            profile: Some("x".into()),
            shared_config_files: vec![file.path().to_string_lossy().into_owned()],
            ..Settings::default()
        };
        let region = region(&settings, profile_files(&settings)).await;
        let expected = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
        assert_eq!(region, Some(expected.unwrap_or("ap-south-2".into())));
    }
}
