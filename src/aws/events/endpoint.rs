//! Global endpoints: CreateEndpoint, UpdateEndpoint, DescribeEndpoint,
//! DeleteEndpoint. AWS grants five writes a second.

use aws_sdk_eventbridge::error::BuildError;
use aws_sdk_eventbridge::operation::describe_endpoint::DescribeEndpointOutput;
use aws_sdk_eventbridge::types as sdk;

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::{Begun, Events, set, text};

const CREATE: Operation = Operation::write(Service::Events, "CreateEndpoint");
const UPDATE: Operation = Operation::write(Service::Events, "UpdateEndpoint");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeEndpoint");
const DELETE: Operation = Operation::write(Service::Events, "DeleteEndpoint");

/// An endpoint as create and update take it. `None` is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointSettings {
    pub name: String,
    pub description: Option<String>,
    /// ARN of the Route 53 health check of the primary region.
    pub health_check: String,
    /// The secondary region.
    pub secondary_route: String,
    /// `ENABLED` or `DISABLED`.
    pub replication_state: Option<String>,
    /// Two ARNs, in order: primary, secondary.
    pub event_bus_arns: Vec<String>,
    pub role_arn: Option<String>,
}

/// An endpoint as EventBridge answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    pub name: String,
    pub arn: String,
    pub endpoint_id: Option<String>,
    pub endpoint_url: Option<String>,
    pub description: Option<String>,
    pub health_check: Option<String>,
    pub secondary_route: Option<String>,
    pub replication_state: Option<String>,
    pub event_bus_arns: Vec<String>,
    pub role_arn: Option<String>,
    /// `ACTIVE`, `CREATING`, `UPDATING`, `DELETING`, `CREATE_FAILED`,
    /// `UPDATE_FAILED` or `DELETE_FAILED`.
    pub state: String,
    pub state_reason: Option<String>,
}

impl Events {
    /// Creates an endpoint. It is `CREATING` at first.
    pub async fn create_endpoint(&self, endpoint: &EndpointSettings) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .create_endpoint()
            .name(&endpoint.name)
            .set_description(endpoint.description.clone())
            .routing_config(endpoint.routing()?)
            .set_replication_config(endpoint.replication())
            .set_event_buses(Some(endpoint.buses()?))
            .set_role_arn(endpoint.role_arn.clone());
        let answer = self.call(CREATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.arn),
            state: text(answer.state.map(|v| v.as_str().to_owned())),
        })
    }

    /// Updates everything but the name.
    pub async fn update_endpoint(&self, endpoint: &EndpointSettings) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .update_endpoint()
            .name(&endpoint.name)
            .set_description(endpoint.description.clone())
            .routing_config(endpoint.routing()?)
            .set_replication_config(endpoint.replication())
            .set_event_buses(Some(endpoint.buses()?))
            .set_role_arn(endpoint.role_arn.clone());
        let answer = self.call(UPDATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.arn),
            state: text(answer.state.map(|v| v.as_str().to_owned())),
        })
    }

    /// One endpoint; `None` when there is none of that name.
    pub async fn describe_endpoint(&self, name: &str) -> Result<Option<Endpoint>, AwsError> {
        let request = self.sdk().await?.describe_endpoint().name(name);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.map(Endpoint::from))
    }

    /// Starts the deletion; an endpoint that is not there is no error.
    pub async fn delete_endpoint(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.delete_endpoint().name(name);
        gone(self.call(DELETE, || request.clone().send()).await)
    }
}

impl EndpointSettings {
    fn routing(&self) -> Result<sdk::RoutingConfig, BuildError> {
        let primary = sdk::Primary::builder()
            .health_check(&self.health_check)
            .build()?;
        let secondary = sdk::Secondary::builder()
            .route(&self.secondary_route)
            .build()?;
        let failover = sdk::FailoverConfig::builder()
            .primary(primary)
            .secondary(secondary)
            .build();
        Ok(sdk::RoutingConfig::builder()
            .failover_config(failover)
            .build())
    }

    fn replication(&self) -> Option<sdk::ReplicationConfig> {
        let state = self.replication_state.as_deref()?;
        Some(
            sdk::ReplicationConfig::builder()
                .state(state.into())
                .build(),
        )
    }

    fn buses(&self) -> Result<Vec<sdk::EndpointEventBus>, BuildError> {
        self.event_bus_arns
            .iter()
            .map(|arn| sdk::EndpointEventBus::builder().event_bus_arn(arn).build())
            .collect()
    }
}

impl From<DescribeEndpointOutput> for Endpoint {
    fn from(sdk: DescribeEndpointOutput) -> Self {
        let failover = sdk.routing_config.and_then(|config| config.failover_config);
        let (primary, secondary) = match failover {
            Some(config) => (config.primary, config.secondary),
            None => (None, None),
        };
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            endpoint_id: set(sdk.endpoint_id),
            endpoint_url: set(sdk.endpoint_url),
            description: set(sdk.description),
            health_check: primary.map(|primary| primary.health_check),
            secondary_route: secondary.map(|secondary| secondary.route),
            replication_state: sdk
                .replication_config
                .and_then(|config| config.state)
                .map(|v| v.as_str().to_owned()),
            event_bus_arns: sdk
                .event_buses
                .unwrap_or_default()
                .into_iter()
                .map(|bus| bus.event_bus_arn)
                .collect(),
            role_arn: set(sdk.role_arn),
            state: text(sdk.state.map(|v| v.as_str().to_owned())),
            state_reason: set(sdk.state_reason),
        }
    }
}
