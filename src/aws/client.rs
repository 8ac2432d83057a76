//! One configured provider's way to AWS, and its regions.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::account::AccountAsked;
use super::config::Config;
use super::dynamodb::DynamoDb;
use super::error::AwsError;
use super::events::{ENTRIES_PER_CALL, Events, Target};
use super::gather::Gather;
use super::iam::Iam;
use super::lambda::Lambda;
use super::limiter::Limiter;
use super::locks::Locks;
use super::logs::Logs;
use super::pages::Pages;
use super::retry::{DEFAULT_MAX_ATTEMPTS, Retry};
use super::sdk::SdkClients;
use super::service::Service;
use super::settings::Settings;
use super::sqs::Sqs;
use super::tagging::Tagging;

/// AWS as one provider block configures it. Cheap to clone; nothing is
/// contacted, and no credentials are looked up, before the first call.
#[derive(Clone, Debug)]
pub struct Aws {
    shared: Arc<Shared>,
    cancel: CancellationToken,
    wrote: Arc<AtomicBool>,
}

/// What all clones of one [`Aws`] share.
struct Shared {
    settings: Settings,
    config: OnceCell<Config>,
    retry: Retry,
    locks: Locks,
    regions: Mutex<HashMap<String, Arc<RegionShared>>>,
    account: OnceLock<String>,
    account_checked: OnceCell<Result<(), AwsError>>,
}

/// One region of an [`Aws`]: where the calls are made. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Region {
    aws: Aws,
    shared: Arc<RegionShared>,
    unchecked: bool,
}

struct RegionShared {
    name: String,
    limiters: Mutex<HashMap<Service, Arc<Limiter>>>,
    sdk: SdkClients,
    pages: Pages,
    account_asked: tokio::sync::Mutex<Option<AccountAsked>>,
    puts: Gather<Target>,
    removals: Gather<String>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl fmt::Debug for RegionShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Aws {
    /// Takes the settings; contacts nothing.
    pub fn new(settings: Settings) -> Self {
        let retry = Retry::new(
            settings.max_retries.unwrap_or(DEFAULT_MAX_ATTEMPTS),
            settings.token_bucket_rate_limiter_capacity.unwrap_or(0),
        );
        Self {
            shared: Arc::new(Shared {
                settings,
                config: OnceCell::new(),
                retry,
                locks: Locks::default(),
                regions: Mutex::default(),
                account: OnceLock::new(),
                account_checked: OnceCell::new(),
            }),
            cancel: CancellationToken::new(),
            wrote: Arc::default(),
        }
    }

    /// The same with every wait ended, and no call begun, once `cancel` is
    /// cancelled. A write that is under way may still answer. Has written nothing yet.
    pub fn with_cancel(&self, cancel: CancellationToken) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            cancel,
            wrote: Arc::default(),
        }
    }

    /// The same, deaf to cancellation: for putting things right at the end.
    pub fn without_cancel(&self) -> Self {
        self.with_cancel(CancellationToken::new())
    }

    /// The region by this name, or the configured one.
    ///
    /// # Errors
    /// `Configuration` when no region is configured, or its name has no
    /// region's shape (unless `skip_region_validation`).
    pub async fn region(&self, name: Option<&str>) -> Result<Region, AwsError> {
        let config = self.config().await?;
        let name = match name {
            Some(name) => name.to_owned(),
            None => config.region()?.to_owned(),
        };
        if !self.shared.settings.skip_region_validation {
            super::config::check_region(&name)?;
        }
        Ok(Region {
            shared: self.region_shared(&name),
            aws: self.clone(),
            unchecked: false,
        })
    }

    /// A region that was used before, with what is remembered of it.
    pub fn used_region(&self, name: &str) -> Option<Region> {
        let regions = &self.shared.regions;
        let regions = regions.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = regions.get(name)?;
        Some(Region {
            shared: Arc::clone(shared),
            aws: self.clone(),
            unchecked: false,
        })
    }

    /// The configured region's name, from settings, environment or shared
    /// configuration files; nothing is contacted.
    pub async fn region_name(&self) -> Result<String, AwsError> {
        Ok(self.config().await?.region()?.to_owned())
    }

    /// The account, where an answer of EventBridge has told it already.
    pub fn known_account(&self) -> Option<&str> {
        self.shared.account.get().map(String::as_str)
    }

    /// The locks of this provider.
    pub fn locks(&self) -> &Locks {
        &self.shared.locks
    }

    fn region_shared(&self, name: &str) -> Arc<RegionShared> {
        let mut regions = self
            .shared
            .regions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let shared = regions.entry(name.to_owned()).or_insert_with_key(|name| {
            Arc::new(RegionShared {
                name: name.clone(),
                limiters: Mutex::default(),
                sdk: SdkClients::default(),
                pages: Pages::default(),
                account_asked: tokio::sync::Mutex::default(),
                puts: Gather::new(ENTRIES_PER_CALL),
                removals: Gather::new(ENTRIES_PER_CALL),
            })
        });
        Arc::clone(shared)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    pub(super) fn account_cell(&self) -> &OnceLock<String> {
        &self.shared.account
    }

    pub(super) fn account_check(&self) -> &OnceCell<Result<(), AwsError>> {
        &self.shared.account_checked
    }

    async fn config(&self) -> Result<&Config, AwsError> {
        // Boxed, as it is done once: each call's future would have room for it.
        self.shared
            .config
            .get_or_try_init(|| Box::pin(Config::load(&self.shared.settings)))
            .await
    }
}

impl Region {
    /// The region's name, such as `eu-west-1`.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// The provider this region belongs to.
    pub fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The locks of this provider.
    pub fn locks(&self) -> &Locks {
        self.aws.locks()
    }

    /// EventBridge's calls.
    pub fn events(&self) -> Events {
        Events {
            region: self.clone(),
        }
    }

    /// DynamoDB's calls.
    pub fn dynamodb(&self) -> DynamoDb {
        DynamoDb {
            region: self.clone(),
        }
    }

    /// Lambda's calls.
    pub fn lambda(&self) -> Lambda {
        Lambda {
            region: self.clone(),
        }
    }

    /// IAM's calls.
    pub fn iam(&self) -> Iam {
        Iam {
            region: self.clone(),
        }
    }

    /// SQS's calls.
    pub fn sqs(&self) -> Sqs {
        Sqs {
            region: self.clone(),
        }
    }

    /// CloudWatch Logs' calls.
    pub fn logs(&self) -> Logs {
        Logs {
            region: self.clone(),
        }
    }

    /// The tagging API's calls.
    pub fn tagging(&self) -> Tagging {
        Tagging {
            region: self.clone(),
        }
    }

    pub(super) fn limiter(&self, service: Service) -> Arc<Limiter> {
        let mut limiters = self
            .shared
            .limiters
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let limiter = limiters.entry(service).or_insert_with(|| {
            let rate = self.aws.shared.settings.max_requests_per_second;
            Arc::new(Limiter::new(rate.unwrap_or(service.documented_rate())))
        });
        Arc::clone(limiter)
    }

    pub(super) fn retry(&self) -> &Retry {
        &self.aws.shared.retry
    }

    pub(super) fn account_asked(&self) -> &tokio::sync::Mutex<Option<AccountAsked>> {
        &self.shared.account_asked
    }

    pub(super) fn pages(&self) -> &Pages {
        &self.shared.pages
    }

    /// Targets about to be put on rules.
    pub(super) fn puts(&self) -> &Gather<Target> {
        &self.shared.puts
    }

    /// Targets about to be taken off rules.
    pub(super) fn removals(&self) -> &Gather<String> {
        &self.shared.removals
    }

    /// Whether a write of this operation has taken effect, or may have.
    pub fn has_written(&self) -> bool {
        self.aws.wrote.load(Ordering::SeqCst)
    }

    /// Remembers that a write has taken effect, or may have.
    pub(crate) fn remember_written(&self) {
        self.aws.wrote.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.aws.cancel.is_cancelled()
    }

    pub(super) async fn cancelled(&self) {
        self.aws.cancel.cancelled().await;
    }

    pub(super) async fn config(&self) -> Result<&Config, AwsError> {
        self.aws.config().await
    }

    pub(super) fn sdk_clients(&self) -> &SdkClients {
        &self.shared.sdk
    }

    /// The same region for calls that the account check itself makes.
    pub(super) fn unchecked(&self) -> Self {
        Self {
            unchecked: true,
            ..self.clone()
        }
    }

    pub(super) fn is_unchecked(&self) -> bool {
        self.unchecked
    }

    /// Another region of the same provider.
    pub(super) fn sibling(&self, name: &str) -> Self {
        Self {
            shared: self.aws.region_shared(name),
            ..self.clone()
        }
    }
}
