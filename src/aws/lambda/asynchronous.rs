//! How Lambda retries asynchronous events, and where it puts those that fail:
//! PutFunctionEventInvokeConfig and its siblings.

use aws_sdk_lambda::types::{DestinationConfig, OnFailure, OnSuccess};

use super::super::call::{Operation, found};
use super::super::error::AwsError;
use super::super::service::Service;
use super::Lambda;

const GET: Operation = Operation::read(Service::Lambda, "GetFunctionEventInvokeConfig");
const PUT: Operation = Operation::write(Service::Lambda, "PutFunctionEventInvokeConfig");

/// A function's asynchronous settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsyncSettings {
    /// Seconds, 60 to 21,600.
    pub maximum_event_age_in_seconds: Option<i32>,
    /// 0 to 2.
    pub maximum_retry_attempts: Option<i32>,
    /// The queue or topic that failed events go to.
    pub on_failure_arn: Option<String>,
    /// Where news of the others goes.
    pub on_success_arn: Option<String>,
}

impl Lambda {
    /// The asynchronous settings; `None` when there are none.
    pub async fn async_settings(&self, name: &str) -> Result<Option<AsyncSettings>, AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk.get_function_event_invoke_config().function_name(name);
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.map(|answer| {
            let (failure, success) = answer
                .destination_config
                .map(|config| (config.on_failure, config.on_success))
                .unwrap_or_default();
            AsyncSettings {
                maximum_event_age_in_seconds: answer.maximum_event_age_in_seconds,
                maximum_retry_attempts: answer.maximum_retry_attempts,
                on_failure_arn: failure.and_then(|to| to.destination),
                on_success_arn: success.and_then(|to| to.destination),
            }
        }))
    }

    /// Replaces the asynchronous settings.
    ///
    /// # Errors
    /// A fresh role is [`AwsError::lacks_permissions_yet`].
    pub async fn put_async_settings(
        &self,
        name: &str,
        settings: &AsyncSettings,
    ) -> Result<(), AwsError> {
        let failures = settings.on_failure_arn.as_ref();
        let successes = settings.on_success_arn.as_ref();
        let destinations = DestinationConfig::builder()
            .set_on_failure(failures.map(|arn| OnFailure::builder().destination(arn).build()))
            .set_on_success(successes.map(|arn| OnSuccess::builder().destination(arn).build()))
            .build();
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .put_function_event_invoke_config()
            .function_name(name)
            .set_maximum_event_age_in_seconds(settings.maximum_event_age_in_seconds)
            .set_maximum_retry_attempts(settings.maximum_retry_attempts)
            .destination_config(destinations);
        self.region
            .call(PUT, || request.clone().send())
            .await
            .map(drop)
    }
}
