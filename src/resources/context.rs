//! What every resource works with: AWS as the provider block configures it, and
//! what this process remembers of its own doings.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::shared::census::Census;
use super::shared::errors::failed_at;
use super::shared::region;
use crate::aws::events::Events;
use crate::aws::{Aws, AwsError, ErrorKind, Region, Service, Settings, scaled};
use crate::provider::{Call, Conventions, Diagnostics, Path, Value};

/// The context of one configured provider.
pub struct Context {
    aws: Aws,
    /// Settings that were unknown when the provider was configured, by name.
    unknown: Vec<&'static str>,
    made: Memory,
    taken_over: Memory,
    census: Census,
}

/// Objects of this process, by type, region and key.
#[derive(Default)]
struct Memory(Mutex<HashSet<(&'static str, String, String)>>);

impl Memory {
    fn add(&self, type_name: &'static str, region: &str, key: &str) {
        let mut objects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        objects.insert((type_name, region.to_owned(), key.to_owned()));
    }

    fn is_any(&self) -> bool {
        let objects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !objects.is_empty()
    }

    fn has(&self, type_name: &'static str, region: &str, key: &str) -> bool {
        let objects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        objects.contains(&(type_name, region.to_owned(), key.to_owned()))
    }
}

impl Context {
    /// Contacts nobody. `unknown` names the settings that are not known yet.
    pub fn new(settings: Settings, unknown: Vec<&'static str>) -> Self {
        Self {
            aws: Aws::new(settings),
            unknown,
            made: Memory::default(),
            taken_over: Memory::default(),
            census: Census::default(),
        }
    }

    /// AWS as it is configured, for the few things that belong to no region.
    pub fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The region that an object is in, ready for calls; `None` with an error in
    /// `out` when there is none, or when the provider's settings are unknown.
    pub async fn at<'a>(
        &'a self,
        call: Call<'a, Context>,
        object: &Value,
        out: &mut Diagnostics,
    ) -> Option<At<'a>> {
        if let [first, ..] = self.unknown.as_slice() {
            out.error(
                format!("Provider setting {first} is not known yet"),
                "The provider block depends on values that are known only after apply, so nothing can be asked of \
                 AWS now. Apply what those values come from first (`-target`), or write them out.",
            );
            return None;
        }
        let region = self
            .aws
            .with_cancel(call.cancel.clone())
            .region(region::of(object))
            .await;
        match region {
            Ok(region) => Some(At { call, region }),
            Err(error) => {
                let path = if region::of(object).is_some() {
                    Path::of("region")
                } else {
                    Path::root()
                };
                failed_at(out, path, "finding the AWS region", &error);
                None
            }
        }
    }

    /// What of the state was read and what is planned, for quotas.
    pub fn census(&self) -> &Census {
        &self.census
    }

    /// Remembers an object that this process made.
    pub fn remember_made(&self, type_name: &'static str, region: &str, key: &str) {
        self.made.add(type_name, region, key);
    }

    /// Whether this process made it: then nothing of anybody else's hangs on it.
    pub fn was_made(&self, type_name: &'static str, region: &str, key: &str) -> bool {
        self.made.has(type_name, region, key)
    }

    /// Whether this process has made anything: then an apply is under way, and
    /// AWS itself judges what is refused.
    pub fn is_applying(&self) -> bool {
        self.made.is_any()
    }

    /// Remembers an object that this process took over.
    pub fn take_over(&self, type_name: &'static str, region: &str, key: &str) {
        self.taken_over.add(type_name, region, key);
    }

    /// Whether this process took it over: then a delete of its old address (the
    /// second half of `create_before_destroy`) must not delete it.
    pub fn was_taken_over(&self, type_name: &'static str, region: &str, key: &str) -> bool {
        self.taken_over.has(type_name, region, key)
    }
}

/// A call at one region of AWS.
pub struct At<'a> {
    call: Call<'a, Context>,
    region: Region,
}

impl<'a> At<'a> {
    pub fn ctx(&self) -> &'a Context {
        self.call.ctx
    }

    pub fn conventions(&self) -> &'a Conventions {
        self.call.conventions
    }

    pub fn region(&self) -> &Region {
        &self.region
    }

    pub fn region_name(&self) -> &str {
        self.region.name()
    }

    /// The same, deaf to "stop": for looking what is true after a failure.
    ///
    /// # Errors
    /// Those of the provider's configuration.
    pub async fn uncancelled(&self) -> Result<At<'a>, AwsError> {
        let aws = self.region.aws().without_cancel();
        let region = aws.region(Some(self.region_name())).await?;
        Ok(At {
            call: self.call,
            region,
        })
    }

    /// EventBridge in this region.
    pub fn events(&self) -> Events {
        self.region.events()
    }

    /// Waits between two looks, scaled for tests; an error when Terraform is
    /// told to stop meanwhile.
    ///
    /// # Errors
    /// `Cancelled`.
    pub async fn pause(&self, wait: Duration) -> Result<(), AwsError> {
        tokio::select! {
            () = tokio::time::sleep(scaled(wait)) => Ok(()),
            () = self.call.cancel.cancelled() => Err(AwsError::new(
                Service::Events,
                "",
                ErrorKind::Cancelled,
                "stopped while waiting",
            )),
        }
    }
}
