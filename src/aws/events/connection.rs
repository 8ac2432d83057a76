//! Connections: CreateConnection, UpdateConnection, DescribeConnection,
//! DeauthorizeConnection, DeleteConnection.
//!
//! AWS never answers a secret: what was sent as one is absent from answers.

use aws_sdk_eventbridge::operation::describe_connection::DescribeConnectionOutput;
use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, DescribeConnectionConnectivityParameters,
};

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::secret::Secret;
use super::super::service::Service;
use super::connection_auth::{create_auth, resource, update_auth};
use super::{Begun, Events, set, text};

const CREATE: Operation = Operation::write(Service::Events, "CreateConnection");
const UPDATE: Operation = Operation::write(Service::Events, "UpdateConnection");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeConnection");
const DEAUTHORIZE: Operation = Operation::write(Service::Events, "DeauthorizeConnection");
const DELETE: Operation = Operation::write(Service::Events, "DeleteConnection");

/// A connection as create and update take it. `None` is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionSettings {
    pub name: String,
    pub description: Option<String>,
    pub auth: ConnectionAuth,
    /// `Some` of empty lists sends an empty block: on update that removes it.
    pub invocation_http_parameters: Option<HttpParameters>,
    /// `AuthParameters.ConnectivityParameters`: a VPC Lattice resource
    /// configuration's ARN.
    pub connectivity_arn: Option<String>,
    /// `InvocationConnectivityParameters`: the same, for the invocation.
    pub invocation_connectivity_arn: Option<String>,
    /// `Some("")` on update returns to the key that AWS owns.
    pub kms_key_identifier: Option<String>,
}

/// How the connection authorises. On update a secret of `None` stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionAuth {
    ApiKey {
        key: String,
        value: Option<Secret>,
    },
    Basic {
        username: String,
        password: Option<Secret>,
    },
    OAuth(OAuth),
}

/// `OAuthParameters`: client credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OAuth {
    pub authorization_endpoint: String,
    /// `GET`, `POST` or `PUT`.
    pub http_method: String,
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    pub http_parameters: Option<HttpParameters>,
}

/// `ConnectionHttpParameters`: three lists, order kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpParameters {
    pub header: Vec<HttpParameter>,
    pub query_string: Vec<HttpParameter>,
    pub body: Vec<HttpParameter>,
}

/// One header, query string or body parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpParameter {
    pub key: String,
    /// `None` in answers where the value is secret.
    pub value: Option<Secret>,
    pub is_value_secret: bool,
}

/// A connection as EventBridge answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    /// `API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`.
    pub authorization_type: String,
    pub auth: ConnectionAuthAnswer,
    pub invocation_http_parameters: Option<HttpParameters>,
    /// Of the auth parameters.
    pub connectivity: Option<Connectivity>,
    pub invocation_connectivity: Option<Connectivity>,
    pub kms_key_identifier: Option<String>,
    pub secret_arn: Option<String>,
    /// `CREATING`, `UPDATING`, `DELETING`, `AUTHORIZED`, `DEAUTHORIZED`,
    /// `AUTHORIZING`, `DEAUTHORIZING`, `ACTIVE` or `FAILED_CONNECTIVITY`.
    pub state: String,
    pub state_reason: Option<String>,
}

/// What AWS tells of the authorisation: everything but the secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionAuthAnswer {
    pub api_key_name: Option<String>,
    pub basic_username: Option<String>,
    pub oauth: Option<OAuth>,
}

/// A private connection's way into a VPC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connectivity {
    pub resource_configuration_arn: String,
    pub resource_association_arn: String,
}

impl Events {
    /// Creates a connection. It is `CREATING` or
    /// `AUTHORIZING` at first.
    ///
    /// # Errors
    /// `LimitExceeded`: some accounts have 20 connections.
    pub async fn create_connection(
        &self,
        connection: &ConnectionSettings,
    ) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .create_connection()
            .name(&connection.name)
            .set_description(connection.description.clone())
            .authorization_type(connection.auth.authorization_type())
            .auth_parameters(create_auth(connection)?)
            .set_invocation_connectivity_parameters(resource(
                &connection.invocation_connectivity_arn,
            )?)
            .set_kms_key_identifier(connection.kms_key_identifier.clone());
        let answer = self.call(CREATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.connection_arn),
            state: text(answer.connection_state.map(|v| v.as_str().to_owned())),
        })
    }

    /// Updates everything but the name.
    pub async fn update_connection(
        &self,
        connection: &ConnectionSettings,
    ) -> Result<Begun, AwsError> {
        let request = self
            .sdk()
            .await?
            .update_connection()
            .name(&connection.name)
            .set_description(connection.description.clone())
            .authorization_type(connection.auth.authorization_type())
            .auth_parameters(update_auth(connection)?)
            .set_invocation_connectivity_parameters(resource(
                &connection.invocation_connectivity_arn,
            )?)
            .set_kms_key_identifier(connection.kms_key_identifier.clone());
        let answer = self.call(UPDATE, || request.clone().send()).await?;
        Ok(Begun {
            arn: text(answer.connection_arn),
            state: text(answer.connection_state.map(|v| v.as_str().to_owned())),
        })
    }

    /// One connection; `None` when there is none of that name.
    pub async fn describe_connection(&self, name: &str) -> Result<Option<Connection>, AwsError> {
        let request = self.sdk().await?.describe_connection().name(name);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.map(Connection::from))
    }

    /// Takes all authorisation from a connection.
    pub async fn deauthorize_connection(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.deauthorize_connection().name(name);
        gone(self.call(DEAUTHORIZE, || request.clone().send()).await)
    }

    /// Starts the deletion; a connection that is not there is no error.
    pub async fn delete_connection(&self, name: &str) -> Result<(), AwsError> {
        let request = self.sdk().await?.delete_connection().name(name);
        gone(self.call(DELETE, || request.clone().send()).await)
    }
}

impl ConnectionSettings {
    /// Everything in it that no message may show.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let (own, oauth) = match &self.auth {
            ConnectionAuth::ApiKey { value, .. } => (value.as_ref(), None),
            ConnectionAuth::Basic { password, .. } => (password.as_ref(), None),
            ConnectionAuth::OAuth(oauth) => {
                (oauth.client_secret.as_ref(), oauth.http_parameters.as_ref())
            }
        };
        let http = self.invocation_http_parameters.iter().chain(oauth);
        let values = http.flat_map(|http| {
            let lists = [&http.header, &http.query_string, &http.body];
            let all = lists.into_iter().flatten();
            all.filter_map(|parameter| parameter.value.as_ref())
        });
        own.into_iter().chain(values)
    }
}

impl ConnectionAuth {
    /// The API's name of the kind.
    fn authorization_type(&self) -> ConnectionAuthorizationType {
        match self {
            Self::ApiKey { .. } => ConnectionAuthorizationType::ApiKey,
            Self::Basic { .. } => ConnectionAuthorizationType::Basic,
            Self::OAuth(_) => ConnectionAuthorizationType::OauthClientCredentials,
        }
    }
}

impl From<DescribeConnectionOutput> for Connection {
    fn from(sdk: DescribeConnectionOutput) -> Self {
        let mut connection = Self {
            name: text(sdk.name),
            arn: text(sdk.connection_arn),
            description: set(sdk.description),
            authorization_type: text(sdk.authorization_type.map(|v| v.as_str().to_owned())),
            invocation_connectivity: sdk
                .invocation_connectivity_parameters
                .and_then(Connectivity::from_sdk),
            kms_key_identifier: set(sdk.kms_key_identifier),
            secret_arn: set(sdk.secret_arn),
            state: text(sdk.connection_state.map(|v| v.as_str().to_owned())),
            state_reason: set(sdk.state_reason),
            ..Self::default()
        };
        if let Some(auth) = sdk.auth_parameters {
            connection.auth = ConnectionAuthAnswer {
                api_key_name: auth
                    .api_key_auth_parameters
                    .and_then(|block| block.api_key_name),
                basic_username: auth.basic_auth_parameters.and_then(|block| block.username),
                oauth: auth.o_auth_parameters.map(OAuth::from),
            };
            connection.invocation_http_parameters =
                auth.invocation_http_parameters.map(HttpParameters::from);
            connection.connectivity = auth
                .connectivity_parameters
                .and_then(Connectivity::from_sdk);
        }
        connection
    }
}

impl Connectivity {
    fn from_sdk(sdk: DescribeConnectionConnectivityParameters) -> Option<Self> {
        sdk.resource_parameters.map(|block| Self {
            resource_configuration_arn: block.resource_configuration_arn,
            resource_association_arn: block.resource_association_arn,
        })
    }
}
