//! API destinations: CreateApiDestination, UpdateApiDestination,
//! DescribeApiDestination, DeleteApiDestination.

use aws_sdk_eventbridge::operation::describe_api_destination::DescribeApiDestinationOutput;
use aws_sdk_eventbridge::types::ApiDestinationHttpMethod;

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::{Events, set, text};

const CREATE: Operation = Operation::write(Service::Events, "CreateApiDestination");
const UPDATE: Operation = Operation::write(Service::Events, "UpdateApiDestination");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeApiDestination");
const DELETE: Operation = Operation::write(Service::Events, "DeleteApiDestination");

/// An API destination as create and update take it. `None` is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiDestinationSettings {
    pub name: String,
    pub description: Option<String>,
    pub connection_arn: String,
    pub invocation_endpoint: String,
    /// `POST`, `GET`, `HEAD`, `OPTIONS`, `PUT`, `PATCH` or `DELETE`.
    pub http_method: String,
    pub invocation_rate_limit_per_second: Option<i32>,
}

/// An API destination as EventBridge answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiDestination {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub connection_arn: String,
    pub invocation_endpoint: String,
    pub http_method: String,
    pub invocation_rate_limit_per_second: Option<i32>,
    /// `ACTIVE` or `INACTIVE`.
    pub state: String,
}

impl Events {
    /// Creates an API destination; the answer is its ARN.
    pub async fn create_api_destination(
        &self,
        destination: &ApiDestinationSettings,
    ) -> Result<String, AwsError> {
        let request = self
            .sdk()
            .await?
            .create_api_destination()
            .name(&destination.name)
            .set_description(destination.description.clone())
            .connection_arn(&destination.connection_arn)
            .invocation_endpoint(&destination.invocation_endpoint)
            .http_method(ApiDestinationHttpMethod::from(
                destination.http_method.as_str(),
            ))
            .set_invocation_rate_limit_per_second(destination.invocation_rate_limit_per_second);
        let answer = self.call(CREATE, || request.clone().send()).await?;
        Ok(text(answer.api_destination_arn))
    }

    /// Updates everything but the name.
    pub async fn update_api_destination(
        &self,
        destination: &ApiDestinationSettings,
    ) -> Result<(), AwsError> {
        let request = self
            .sdk()
            .await?
            .update_api_destination()
            .name(&destination.name)
            .set_description(destination.description.clone())
            .connection_arn(&destination.connection_arn)
            .invocation_endpoint(&destination.invocation_endpoint)
            .http_method(ApiDestinationHttpMethod::from(
                destination.http_method.as_str(),
            ))
            .set_invocation_rate_limit_per_second(destination.invocation_rate_limit_per_second);
        self.call(UPDATE, || request.clone().send()).await.map(drop)
    }

    /// One API destination; `None` when there is none of that name.
    pub async fn describe_api_destination(
        &self,
        name: &str,
    ) -> Result<Option<ApiDestination>, AwsError> {
        let request = self.sdk().await?.describe_api_destination().name(name);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.map(ApiDestination::from))
    }

    /// Deletes an API destination; one that is not there is no error.
    pub async fn delete_api_destination(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.delete_api_destination().name(name);
        gone(self.call(DELETE, || request.clone().send()).await)
    }
}

impl From<DescribeApiDestinationOutput> for ApiDestination {
    fn from(sdk: DescribeApiDestinationOutput) -> Self {
        let state = sdk.api_destination_state.map(|v| v.as_str().to_owned());
        Self {
            name: text(sdk.name),
            arn: text(sdk.api_destination_arn),
            description: set(sdk.description),
            connection_arn: text(sdk.connection_arn),
            invocation_endpoint: text(sdk.invocation_endpoint),
            http_method: text(sdk.http_method.map(|v| v.as_str().to_owned())),
            invocation_rate_limit_per_second: sdk.invocation_rate_limit_per_second,
            state: text(state),
        }
    }
}
