//! Invoking a function.

use std::time::Duration;

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{InvocationType, LogType};

use super::super::call::Operation;
use super::super::error::AwsError;
use super::super::service::Service;
use super::Lambda;

/// A function may run for 15 minutes.
const INVOKE: Operation =
    Operation::write(Service::Lambda, "Invoke").answering_within(Duration::from_secs(910));

/// How to invoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvocationKind {
    /// Wait for the function's answer.
    RequestResponse,
    /// Leave the event with Lambda.
    Event,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvocationResult {
    /// 200, or 202 for [`InvocationKind::Event`].
    pub status: i32,
    /// `Handled` or `Unhandled` where the function failed.
    pub function_error: Option<String>,
    pub payload: String,
}

impl Lambda {
    /// Invokes a function by name or ARN.
    pub async fn invoke(
        &self,
        function: &str,
        payload: &str,
        kind: InvocationKind,
    ) -> Result<InvocationResult, AwsError> {
        let kind = match kind {
            InvocationKind::RequestResponse => InvocationType::RequestResponse,
            InvocationKind::Event => InvocationType::Event,
        };
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .invoke()
            .function_name(function)
            .invocation_type(kind)
            .log_type(LogType::None)
            .payload(Blob::new(payload));
        let answer = self.region.call(INVOKE, || request.clone().send()).await?;
        let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
        Ok(InvocationResult {
            status: answer.status_code,
            function_error: answer.function_error,
            payload: String::from_utf8_lossy(&payload).into_owned(),
        })
    }
}
