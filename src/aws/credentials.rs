//! Who we are: static keys, or the usual chain (environment, profile, web
//! identity, container, instance), then the roles to assume.
//!
//! Nothing is looked up before the first signed call; what was found is kept
//! until shortly before it expires, for all services and regions alike.

use std::time::{Duration, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::EnvConfigFiles;
use tokio::sync::Mutex;

use super::error::AwsError;
use super::secret::Secret;
use super::service::Service;
use super::settings::Settings;

/// Credentials are fetched anew this long before they expire.
const BEFORE_EXPIRY: Duration = Duration::from_secs(300);

/// The credentials that the settings name, before any role is assumed.
pub(super) fn base(
    settings: &Settings,
    config: &ProviderConfig,
    files: EnvConfigFiles,
) -> Result<SharedCredentialsProvider, AwsError> {
    if let Some(credentials) = static_keys(settings)? {
        return Ok(SharedCredentialsProvider::new(credentials));
    }
    let mut profile = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(files);
    if let Some(name) = &settings.profile {
        profile = profile.profile_name(name);
    }
    let profile = profile.build();
    // A profile named in the provider block is meant: nothing else will do.
    if let Some(name) = &settings.profile {
        return Ok(Cached::shared(NamedProfile {
            name: name.clone(),
            provider: profile,
        }));
    }
    let web_identity = WebIdentityTokenCredentialsProvider::builder()
        .configure(config)
        .build();
    let container = EcsCredentialsProvider::builder().configure(config).build();
    let environment = EnvironmentVariableCredentialsProvider::new();
    let mut chain = CredentialsProviderChain::first_try("Environment", environment)
        .or_else("Profile", profile)
        .or_else("WebIdentityToken", web_identity)
        .or_else("EcsContainer", container);
    if settings.skip_metadata_api_check != Some(true) {
        chain = chain.or_else("Ec2InstanceMetadata", instance(settings, config)?);
    }
    Ok(Cached::shared(chain))
}

/// `access_key`, `secret_key` and `token`.
fn static_keys(settings: &Settings) -> Result<Option<Credentials>, AwsError> {
    match (&settings.access_key, &settings.secret_key) {
        (Some(key), Some(secret)) => Ok(Some(Credentials::new(
            key,
            secret.reveal(),
            settings
                .token
                .as_ref()
                .map(|token| token.reveal().to_owned()),
            None,
            "provider block",
        ))),
        (None, None) => Ok(None),
        (key, _) => {
            let (set, missing) = match key {
                Some(_) => ("access_key", "secret_key"),
                None => ("secret_key", "access_key"),
            };
            Err(AwsError::configuration(
                Service::Sts,
                format!("`{set}` is set and `{missing}` is not: set both, or neither"),
            ))
        }
    }
}

/// The instance metadata service.
fn instance(
    settings: &Settings,
    config: &ProviderConfig,
) -> Result<ImdsCredentialsProvider, AwsError> {
    let wrong = |name: &str, value: &str, right: &str| {
        AwsError::configuration(
            Service::Sts,
            format!("`{name}` is \"{value}\": write {right}"),
        )
    };
    let mut client = imds::Client::builder().configure(config);
    if let Some(url) = &settings.ec2_metadata_service_endpoint {
        client = client.endpoint(url).map_err(|_| {
            wrong(
                "ec2_metadata_service_endpoint",
                url,
                "a URL such as http://169.254.169.254",
            )
        })?;
    }
    if let Some(mode) = &settings.ec2_metadata_service_endpoint_mode {
        client = client.endpoint_mode(
            mode.parse()
                .map_err(|_| wrong("ec2_metadata_service_endpoint_mode", mode, "IPv4 or IPv6"))?,
        );
    }
    Ok(ImdsCredentialsProvider::builder()
        .configure(config)
        .imds_client(client.build())
        .build())
}

/// A profile, which says its name where it holds no credentials.
#[derive(Debug)]
struct NamedProfile {
    name: String,
    provider: ProfileFileCredentialsProvider,
}

impl NamedProfile {
    async fn get(&self) -> Result<Credentials, CredentialsError> {
        self.provider
            .provide_credentials()
            .await
            .map_err(|error| match error {
                CredentialsError::CredentialsNotLoaded(_) => {
                    CredentialsError::invalid_configuration(format!(
                        "the shared files have no profile \"{}\" with credentials",
                        self.name
                    ))
                }
                other => other,
            })
    }
}

impl ProvideCredentials for NamedProfile {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

/// Keeps credentials until shortly before they expire, and a "there are none"
/// for good.
#[derive(Debug)]
pub(super) struct Cached<P> {
    provider: P,
    kept: Mutex<Option<Kept>>,
}

#[derive(Clone, Debug)]
enum Kept {
    Found(Credentials),
    None,
}

impl<P: ProvideCredentials + 'static> Cached<P> {
    /// A provider that asks `provider` as seldom as can be.
    pub(super) fn shared(provider: P) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Self {
            provider,
            kept: Mutex::default(),
        })
    }

    async fn get(&self) -> Result<Credentials, CredentialsError> {
        // Held while asking: those who come meanwhile share the answer.
        let mut kept = self.kept.lock().await;
        match kept.as_ref() {
            Some(Kept::Found(credentials)) if is_fresh(credentials, SystemTime::now()) => {
                return Ok(credentials.clone());
            }
            Some(Kept::None) => return Err(CredentialsError::not_loaded_no_source()),
            _ => {}
        }
        match self.provider.provide_credentials().await {
            Ok(credentials) => {
                *kept = Some(Kept::Found(credentials.clone()));
                Ok(credentials)
            }
            Err(error) => {
                if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
                    *kept = Some(Kept::None);
                }
                Err(error)
            }
        }
    }
}

fn is_fresh(credentials: &Credentials, now: SystemTime) -> bool {
    credentials
        .expiry()
        .is_none_or(|expiry| now + BEFORE_EXPIRY < expiry)
}

impl<P: ProvideCredentials + 'static> ProvideCredentials for Cached<P> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

/// Secret text from settings, for builders of the SDK.
pub(super) fn reveal(secret: &Option<Secret>) -> Option<String> {
    secret.as_ref().map(|secret| secret.reveal().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Debug, Default)]
    struct Counting {
        asked: std::sync::Arc<AtomicUsize>,
        lasts: Option<Duration>,
        none: bool,
    }

    impl ProvideCredentials for Counting {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.none {
                return future::ProvideCredentials::ready(Err(
                    CredentialsError::not_loaded_no_source(),
                ));
            }
            let expiry = self.lasts.map(|lasts| SystemTime::now() + lasts);
            future::ProvideCredentials::ready(Ok(Credentials::new("k", "s", None, expiry, "test")))
        }
    }

    async fn asked(lasts: Option<Duration>, none: bool) -> usize {
        let asked = std::sync::Arc::new(AtomicUsize::new(0));
        let cached = Cached::shared(Counting {
            asked: asked.clone(),
            lasts,
            none,
        });
        for _ in 0..3 {
            let _ = cached.provide_credentials().await;
        }
        asked.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn credentials_are_asked_for_as_seldom_as_can_be() {
        assert_eq!(asked(None, false).await, 1);
        assert_eq!(asked(Some(Duration::from_secs(3600)), false).await, 1);
        assert_eq!(asked(Some(Duration::from_secs(60)), false).await, 3);
        assert_eq!(asked(None, true).await, 1);
    }

    #[test]
    fn half_a_key_pair_is_refused() {
        let settings = Settings {
            access_key: Some("AKIA".into()),
            ..Settings::default()
        };
        let error = static_keys(&settings).expect_err("half");
        assert!(error.message.contains("`secret_key` is not"), "{error}");
    }
}
