//! How Lambda retries asynchronous events, and where it puts those that fail:
//! PutFunctionEventInvokeConfig and its siblings.

use aws_sdk_lambda::types::{DestinationConfig, OnFailure};

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::Lambda;

const GET: Operation = Operation::read(Service::Lambda, "GetFunctionEventInvokeConfig");
const PUT: Operation = Operation::write(Service::Lambda, "PutFunctionEventInvokeConfig");
const DELETE: Operation = Operation::write(Service::Lambda, "DeleteFunctionEventInvokeConfig");

/// A function's asynchronous settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsyncSettings {
    /// Seconds, 60 to 21,600.
    pub maximum_event_age_in_seconds: Option<i32>,
    /// 0 to 2.
    pub maximum_retry_attempts: Option<i32>,
    /// The queue or topic that failed events go to.
    pub on_failure_arn: Option<String>,
}

impl Lambda {
    /// The asynchronous settings; `None` when there are none.
    pub async fn async_settings(&self, name: &str) -> Result<Option<AsyncSettings>, AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk.get_function_event_invoke_config().function_name(name);
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.map(|answer| AsyncSettings {
            maximum_event_age_in_seconds: answer.maximum_event_age_in_seconds,
            maximum_retry_attempts: answer.maximum_retry_attempts,
            on_failure_arn: answer
                .destination_config
                .and_then(|config| config.on_failure)
                .and_then(|on_failure| on_failure.destination),
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
        let destination = settings.on_failure_arn.as_ref().map(|arn| {
            let on_failure = OnFailure::builder().destination(arn).build();
            DestinationConfig::builder().on_failure(on_failure).build()
        });
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .put_function_event_invoke_config()
            .function_name(name)
            .set_maximum_event_age_in_seconds(settings.maximum_event_age_in_seconds)
            .set_maximum_retry_attempts(settings.maximum_retry_attempts)
            .set_destination_config(destination);
        self.region
            .call(PUT, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes the asynchronous settings away; none is no error.
    pub async fn delete_async_settings(&self, name: &str) -> Result<(), AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .delete_function_event_invoke_config()
            .function_name(name);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }
}
