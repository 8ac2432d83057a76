//! A connection's authorisation blocks to and from the SDK's types.

use aws_sdk_eventbridge::error::BuildError;
use aws_sdk_eventbridge::types as sdk;

use super::super::secret::Secret;
use super::connection::{ConnectionAuth, ConnectionSettings, HttpParameter, HttpParameters, OAuth};

/// What was to be sent as a secret, in the clear.
fn reveal(secret: &Option<Secret>) -> Option<String> {
    secret.as_ref().map(|secret| secret.reveal().to_owned())
}

/// `AuthParameters` of CreateConnection.
pub(super) fn create_auth(
    connection: &ConnectionSettings,
) -> Result<sdk::CreateConnectionAuthRequestParameters, BuildError> {
    let auth = sdk::CreateConnectionAuthRequestParameters::builder()
        .set_invocation_http_parameters(http(&connection.invocation_http_parameters))
        .set_connectivity_parameters(resource(&connection.connectivity_arn)?);
    let auth = match &connection.auth {
        ConnectionAuth::ApiKey { key, value } => auth.api_key_auth_parameters(
            sdk::CreateConnectionApiKeyAuthRequestParameters::builder()
                .api_key_name(key)
                .set_api_key_value(reveal(value))
                .build()?,
        ),
        ConnectionAuth::Basic { username, password } => auth.basic_auth_parameters(
            sdk::CreateConnectionBasicAuthRequestParameters::builder()
                .username(username)
                .set_password(reveal(password))
                .build()?,
        ),
        ConnectionAuth::OAuth(oauth) => {
            let client = match &oauth.client_id {
                None => None,
                Some(id) => Some(
                    sdk::CreateConnectionOAuthClientRequestParameters::builder()
                        .client_id(id)
                        .set_client_secret(reveal(&oauth.client_secret))
                        .build()?,
                ),
            };
            auth.o_auth_parameters(
                sdk::CreateConnectionOAuthRequestParameters::builder()
                    .authorization_endpoint(&oauth.authorization_endpoint)
                    .http_method(oauth.http_method.as_str().into())
                    .set_client_parameters(client)
                    .set_o_auth_http_parameters(http(&oauth.http_parameters))
                    .build()?,
            )
        }
    };
    Ok(auth.build())
}

/// `AuthParameters` of UpdateConnection, where every part is optional.
pub(super) fn update_auth(
    connection: &ConnectionSettings,
) -> Result<sdk::UpdateConnectionAuthRequestParameters, BuildError> {
    let auth = sdk::UpdateConnectionAuthRequestParameters::builder()
        .set_invocation_http_parameters(http(&connection.invocation_http_parameters))
        .set_connectivity_parameters(resource(&connection.connectivity_arn)?);
    let auth = match &connection.auth {
        ConnectionAuth::ApiKey { key, value } => auth.api_key_auth_parameters(
            sdk::UpdateConnectionApiKeyAuthRequestParameters::builder()
                .api_key_name(key)
                .set_api_key_value(reveal(value))
                .build(),
        ),
        ConnectionAuth::Basic { username, password } => auth.basic_auth_parameters(
            sdk::UpdateConnectionBasicAuthRequestParameters::builder()
                .username(username)
                .set_password(reveal(password))
                .build(),
        ),
        ConnectionAuth::OAuth(oauth) => {
            let client = oauth.client_id.as_ref().map(|id| {
                sdk::UpdateConnectionOAuthClientRequestParameters::builder()
                    .client_id(id)
                    .set_client_secret(reveal(&oauth.client_secret))
                    .build()
            });
            auth.o_auth_parameters(
                sdk::UpdateConnectionOAuthRequestParameters::builder()
                    .authorization_endpoint(&oauth.authorization_endpoint)
                    .http_method(oauth.http_method.as_str().into())
                    .set_client_parameters(client)
                    .set_o_auth_http_parameters(http(&oauth.http_parameters))
                    .build(),
            )
        }
    };
    Ok(auth.build())
}

/// A VPC Lattice resource configuration as the API wraps it.
pub(super) fn resource(
    arn: &Option<String>,
) -> Result<Option<sdk::ConnectivityResourceParameters>, BuildError> {
    let Some(arn) = arn else {
        return Ok(None);
    };
    let configuration = sdk::ConnectivityResourceConfigurationArn::builder()
        .resource_configuration_arn(arn)
        .build()?;
    Ok(Some(
        sdk::ConnectivityResourceParameters::builder()
            .resource_parameters(configuration)
            .build(),
    ))
}

/// `ConnectionHttpParameters`; empty lists are left out.
fn http(parameters: &Option<HttpParameters>) -> Option<sdk::ConnectionHttpParameters> {
    let parameters = parameters.as_ref()?;
    let headers = parameters.header.iter().map(|parameter| {
        sdk::ConnectionHeaderParameter::builder()
            .key(&parameter.key)
            .set_value(reveal(&parameter.value))
            .is_value_secret(parameter.is_value_secret)
            .build()
    });
    let query = parameters.query_string.iter().map(|parameter| {
        sdk::ConnectionQueryStringParameter::builder()
            .key(&parameter.key)
            .set_value(reveal(&parameter.value))
            .is_value_secret(parameter.is_value_secret)
            .build()
    });
    let body = parameters.body.iter().map(|parameter| {
        sdk::ConnectionBodyParameter::builder()
            .key(&parameter.key)
            .set_value(reveal(&parameter.value))
            .is_value_secret(parameter.is_value_secret)
            .build()
    });
    Some(
        sdk::ConnectionHttpParameters::builder()
            .set_header_parameters(some(headers.collect()))
            .set_query_string_parameters(some(query.collect()))
            .set_body_parameters(some(body.collect()))
            .build(),
    )
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}

impl HttpParameter {
    fn answered(key: Option<String>, value: Option<String>, is_value_secret: bool) -> Self {
        Self {
            key: key.unwrap_or_default(),
            value: value.map(Secret::new),
            is_value_secret,
        }
    }
}

impl From<sdk::ConnectionHttpParameters> for HttpParameters {
    fn from(sdk: sdk::ConnectionHttpParameters) -> Self {
        Self {
            header: sdk
                .header_parameters
                .unwrap_or_default()
                .into_iter()
                .map(|p| HttpParameter::answered(p.key, p.value, p.is_value_secret))
                .collect(),
            query_string: sdk
                .query_string_parameters
                .unwrap_or_default()
                .into_iter()
                .map(|p| HttpParameter::answered(p.key, p.value, p.is_value_secret))
                .collect(),
            body: sdk
                .body_parameters
                .unwrap_or_default()
                .into_iter()
                .map(|p| HttpParameter::answered(p.key, p.value, p.is_value_secret))
                .collect(),
        }
    }
}

impl From<sdk::ConnectionOAuthResponseParameters> for OAuth {
    fn from(sdk: sdk::ConnectionOAuthResponseParameters) -> Self {
        Self {
            authorization_endpoint: sdk.authorization_endpoint.unwrap_or_default(),
            http_method: sdk
                .http_method
                .map(|v| v.as_str().to_owned())
                .unwrap_or_default(),
            client_id: sdk.client_parameters.and_then(|client| client.client_id),
            client_secret: None,
            http_parameters: sdk.o_auth_http_parameters.map(HttpParameters::from),
        }
    }
}
