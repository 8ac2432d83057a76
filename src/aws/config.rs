//! From settings to SDK clients. Reads files and environment, contacts nothing.

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_types::SdkConfig;
use aws_types::region::Region as SdkRegion;

use super::error::AwsError;
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
        let region = settings
            .region
            .clone()
            .or_else(|| std::env::var("AWS_REGION").ok())
            .or_else(|| std::env::var("AWS_DEFAULT_REGION").ok())
            .filter(|region| !region.is_empty());
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .region(region.clone().map(SdkRegion::new))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .load()
            .await;
        Ok(Self {
            sdk,
            settings: settings.clone(),
            region,
        })
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

    /// An EventBridge client for a region.
    pub(super) fn events(&self, region: &str) -> aws_sdk_eventbridge::Client {
        let mut config = aws_sdk_eventbridge::config::Builder::from(&self.sdk)
            .region(SdkRegion::new(region.to_owned()));
        if let Some(url) = self.settings.endpoints.get(&Service::Events) {
            config = config.endpoint_url(url);
        }
        aws_sdk_eventbridge::Client::from_conf(config.build())
    }
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
