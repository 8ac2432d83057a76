//! A function's resource policy: AddPermission, RemovePermission, GetPolicy.
//!
//! Lambda loses statements that are added at the same time: hold the
//! function's lock (`Region::locks`) around a write.

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::Lambda;

const ADD: Operation = Operation::write(Service::Lambda, "AddPermission");
const REMOVE: Operation = Operation::write(Service::Lambda, "RemovePermission");
const GET: Operation = Operation::read(Service::Lambda, "GetPolicy");

/// One statement that lets a service invoke a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Name or ARN.
    pub function: String,
    /// An alias or a version.
    pub qualifier: Option<String>,
    pub statement_id: String,
    /// `lambda:InvokeFunction`.
    pub action: String,
    /// `events.amazonaws.com`.
    pub principal: String,
    pub source_arn: Option<String>,
    pub source_account: Option<String>,
}

impl Lambda {
    /// Adds a statement.
    ///
    /// # Errors
    /// `AlreadyExists` when there is a statement of that id.
    pub async fn add_permission(&self, permission: &Permission) -> Result<(), AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .add_permission()
            .function_name(&permission.function)
            .set_qualifier(permission.qualifier.clone())
            .statement_id(&permission.statement_id)
            .action(&permission.action)
            .principal(&permission.principal)
            .set_source_arn(permission.source_arn.clone())
            .set_source_account(permission.source_account.clone());
        self.region
            .call(ADD, || request.clone().send())
            .await
            .map(drop)
    }

    /// Takes a statement away; one that is not there is no error.
    pub async fn remove_permission(
        &self,
        function: &str,
        qualifier: Option<&str>,
        statement_id: &str,
    ) -> Result<(), AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .remove_permission()
            .function_name(function)
            .set_qualifier(qualifier.map(str::to_owned))
            .statement_id(statement_id);
        gone(self.region.call(REMOVE, || request.clone().send()).await)
    }

    /// The whole policy, a JSON document; `None` when there is none.
    pub async fn get_policy(
        &self,
        function: &str,
        qualifier: Option<&str>,
    ) -> Result<Option<String>, AwsError> {
        let sdk = self.region.sdk_lambda().await?;
        let request = sdk
            .get_policy()
            .function_name(function)
            .set_qualifier(qualifier.map(str::to_owned));
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.and_then(|answer| answer.policy))
    }
}
