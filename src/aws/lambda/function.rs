//! Functions: CreateFunction, GetFunction, UpdateFunctionCode,
//! UpdateFunctionConfiguration, DeleteFunction, tags, concurrency.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types as sdk;

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::Lambda;

/// Code travels with the request.
const UPLOAD: Duration = Duration::from_secs(120);

const CREATE: Operation =
    Operation::write(Service::Lambda, "CreateFunction").answering_within(UPLOAD);
const GET: Operation = Operation::read(Service::Lambda, "GetFunction");
const UPDATE_CODE: Operation =
    Operation::write(Service::Lambda, "UpdateFunctionCode").answering_within(UPLOAD);
const UPDATE_CONFIGURATION: Operation =
    Operation::write(Service::Lambda, "UpdateFunctionConfiguration");
const DELETE: Operation = Operation::write(Service::Lambda, "DeleteFunction");
const PUT_CONCURRENCY: Operation = Operation::write(Service::Lambda, "PutFunctionConcurrency");
const DELETE_CONCURRENCY: Operation =
    Operation::write(Service::Lambda, "DeleteFunctionConcurrency");
const LIST_TAGS: Operation = Operation::read(Service::Lambda, "ListTags");
const TAG: Operation = Operation::write(Service::Lambda, "TagResource");
const UNTAG: Operation = Operation::write(Service::Lambda, "UntagResource");

/// What UpdateFunctionConfiguration sets; all of it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionSettings {
    pub role_arn: String,
    /// `python3.13` and the like.
    pub runtime: String,
    pub handler: String,
    pub description: String,
    /// MB.
    pub memory_size: i32,
    /// Seconds.
    pub timeout: i32,
    pub environment: BTreeMap<String, String>,
    /// `PassThrough` or `Active`.
    pub tracing: String,
}

/// A function to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFunction {
    pub name: String,
    pub settings: FunctionSettings,
    /// A ZIP file.
    pub code: Vec<u8>,
    /// `arm64` or `x86_64`.
    pub architecture: String,
    pub tags: Tags,
}

/// A function as Lambda answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// Without a version.
    pub arn: String,
    pub settings: FunctionSettings,
    pub architecture: String,
    /// Base64 of the ZIP file's SHA-256.
    pub code_sha256: String,
    /// `Pending`, `Active`, `Inactive` or `Failed`.
    pub state: String,
    pub state_reason: Option<String>,
    /// `InProgress`, `Successful` or `Failed`.
    pub last_update_status: String,
    pub last_update_reason: Option<String>,
    pub reserved_concurrent_executions: Option<i32>,
    pub tags: Tags,
    /// Of the function's own dead-letter queue.
    pub dead_letter_arn: Option<String>,
}

impl Function {
    /// What made it fail, or its last update.
    pub fn failure(&self) -> Option<String> {
        let (what, reason) = match (self.state.as_str(), self.last_update_status.as_str()) {
            ("Failed", _) => (
                format!("function {} is Failed", self.name),
                &self.state_reason,
            ),
            (_, "Failed") => (
                format!("the last update of function {} failed", self.name),
                &self.last_update_reason,
            ),
            _ => return None,
        };
        Some(format!("{what}: {}", reason.as_deref().unwrap_or_default()))
    }
}

impl Lambda {
    /// Creates a function; the answer is its ARN. It is `Pending` at first.
    ///
    /// # Errors
    /// A fresh role is [`AwsError::cannot_be_assumed`].
    pub async fn create_function(&self, function: &NewFunction) -> Result<String, AwsError> {
        let settings = &function.settings;
        let code = sdk::FunctionCode::builder()
            .zip_file(Blob::new(function.code.clone()))
            .build();
        let tags = function.tags.clone().into_iter().collect();
        let request = self
            .region
            .sdk_lambda()
            .await?
            .create_function()
            .function_name(&function.name)
            .role(&settings.role_arn)
            .runtime(settings.runtime.as_str().into())
            .handler(&settings.handler)
            .description(&settings.description)
            .memory_size(settings.memory_size)
            .timeout(settings.timeout)
            .environment(environment(&settings.environment))
            .tracing_config(tracing(&settings.tracing))
            .architectures(function.architecture.as_str().into())
            .code(code)
            .set_tags((!function.tags.is_empty()).then_some(tags));
        let answer = self.region.call(CREATE, || request.clone().send()).await?;
        Ok(answer.function_arn.unwrap_or_default())
    }

    /// One function by name or ARN, a qualified one too; `None` when it is
    /// not there.
    pub async fn get_function(&self, name: &str) -> Result<Option<Function>, AwsError> {
        let request = self
            .region
            .sdk_lambda()
            .await?
            .get_function()
            .function_name(name);
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.map(Function::from))
    }

    /// Replaces the code; the function is `InProgress` meanwhile.
    pub async fn update_code(
        &self,
        name: &str,
        code: &[u8],
        architecture: &str,
    ) -> Result<(), AwsError> {
        let request = self
            .region
            .sdk_lambda()
            .await?
            .update_function_code()
            .function_name(name)
            .zip_file(Blob::new(code))
            .architectures(architecture.into());
        let result = self
            .region
            .call(UPDATE_CODE, || request.clone().send())
            .await;
        result.map(drop)
    }

    /// Replaces the settings; the function is `InProgress` meanwhile.
    pub async fn update_configuration(
        &self,
        name: &str,
        settings: &FunctionSettings,
    ) -> Result<(), AwsError> {
        let request = self
            .region
            .sdk_lambda()
            .await?
            .update_function_configuration()
            .function_name(name)
            .role(&settings.role_arn)
            .runtime(settings.runtime.as_str().into())
            .handler(&settings.handler)
            .description(&settings.description)
            .memory_size(settings.memory_size)
            .timeout(settings.timeout)
            .environment(environment(&settings.environment))
            .tracing_config(tracing(&settings.tracing));
        let result = self
            .region
            .call(UPDATE_CONFIGURATION, || request.clone().send())
            .await;
        result.map(drop)
    }

    /// Deletes a function; one that is not there is no error.
    pub async fn delete_function(&self, name: &str) -> Result<(), AwsError> {
        let request = self
            .region
            .sdk_lambda()
            .await?
            .delete_function()
            .function_name(name);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }

    /// Reserves concurrent executions, or (`None`) reserves none.
    pub async fn set_concurrency(&self, name: &str, reserved: Option<i32>) -> Result<(), AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        match reserved {
            Some(reserved) => {
                let request = sdk
                    .put_function_concurrency()
                    .function_name(name)
                    .reserved_concurrent_executions(reserved);
                let result = self
                    .region
                    .call(PUT_CONCURRENCY, || request.clone().send())
                    .await;
                result.map(drop)
            }
            None => {
                let request = sdk.delete_function_concurrency().function_name(name);
                gone(
                    self.region
                        .call(DELETE_CONCURRENCY, || request.clone().send())
                        .await,
                )
            }
        }
    }

    /// A function's tags; `None` when it is not there.
    pub async fn list_tags(&self, arn: &str) -> Result<Option<Tags>, AwsError> {
        let request = self.region.sdk_lambda().await?.list_tags().resource(arn);
        let answer = found(self.region.call(LIST_TAGS, || request.clone().send()).await)?;
        Ok(answer.map(|answer| answer.tags.unwrap_or_default().into_iter().collect()))
    }

    /// Adds tags to a function, or changes their values.
    pub async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), AwsError> {
        if tags.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .tag_resource()
            .resource(arn)
            .set_tags(Some(tags.clone().into_iter().collect()));
        self.region
            .call(TAG, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes tags off a function.
    pub async fn untag(&self, arn: &str, keys: &[String]) -> Result<(), AwsError> {
        if keys.is_empty() {
            return Ok(());
        }
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .untag_resource()
            .resource(arn)
            .set_tag_keys(Some(keys.to_vec()));
        self.region
            .call(UNTAG, || request.clone().send())
            .await
            .map(drop)
    }
}

fn environment(variables: &BTreeMap<String, String>) -> sdk::Environment {
    sdk::Environment::builder()
        .set_variables(Some(variables.clone().into_iter().collect()))
        .build()
}

fn tracing(mode: &str) -> sdk::TracingConfig {
    sdk::TracingConfig::builder().mode(mode.into()).build()
}

impl From<GetFunctionOutput> for Function {
    fn from(from: GetFunctionOutput) -> Self {
        let tags = from.tags.unwrap_or_default().into_iter().collect();
        let reserved = from
            .concurrency
            .and_then(|concurrency| concurrency.reserved_concurrent_executions);
        let Some(function) = from.configuration else {
            return Self::default();
        };
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let variables = function
            .environment
            .and_then(|environment| environment.variables);
        Self {
            name: function.function_name.unwrap_or_default(),
            arn: function.function_arn.unwrap_or_default(),
            settings: FunctionSettings {
                role_arn: function.role.unwrap_or_default(),
                runtime: text(function.runtime.as_ref().map(sdk::Runtime::as_str)),
                handler: function.handler.unwrap_or_default(),
                description: function.description.unwrap_or_default(),
                memory_size: function.memory_size.unwrap_or(128),
                timeout: function.timeout.unwrap_or(3),
                environment: variables.unwrap_or_default().into_iter().collect(),
                tracing: function
                    .tracing_config
                    .and_then(|config| config.mode)
                    .map_or("PassThrough".into(), |v| v.as_str().to_owned()),
            },
            architecture: function
                .architectures
                .and_then(|list| list.into_iter().next())
                .map_or("x86_64".into(), |v| v.as_str().to_owned()),
            code_sha256: function.code_sha256.unwrap_or_default(),
            state: text(function.state.as_ref().map(sdk::State::as_str)),
            state_reason: function.state_reason,
            last_update_status: text(
                function
                    .last_update_status
                    .as_ref()
                    .map(sdk::LastUpdateStatus::as_str),
            ),
            last_update_reason: function.last_update_status_reason,
            reserved_concurrent_executions: reserved,
            tags,
            dead_letter_arn: function
                .dead_letter_config
                .and_then(|config| config.target_arn),
        }
    }
}
