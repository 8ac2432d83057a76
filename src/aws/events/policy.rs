//! A bus's resource policy: PutPermission and RemovePermission.
//!
//! The policy itself is read with the bus ([`super::Bus::policy`]). AWS loses
//! one of two writes made at once: hold a lock of the bus (`Region::locks`)
//! around a write.

use aws_sdk_eventbridge::types::Condition;

use super::super::call::{Operation, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::Events;

const PUT: Operation = Operation::write(Service::Events, "PutPermission");
const REMOVE: Operation = Operation::write(Service::Events, "RemovePermission");

/// One statement of a bus policy, as PutPermission makes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionStatement {
    pub statement_id: String,
    /// Twelve digits, or `*`.
    pub principal: String,
    /// `events:PutEvents` and the like.
    pub action: String,
    pub condition: Option<PermissionCondition>,
}

/// The condition of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionCondition {
    /// `aws:PrincipalOrgID`.
    pub key: String,
    /// `StringEquals`.
    pub kind: String,
    pub value: String,
}

impl Events {
    /// Puts one statement into the policy of a bus.
    ///
    /// # Errors
    /// `LimitExceeded` for a policy over 10,240 characters
    /// (PolicyLengthExceededException).
    pub async fn put_permission(
        &self,
        bus_name: &str,
        statement: &PermissionStatement,
    ) -> Result<(), AwsError> {
        let condition = statement
            .condition
            .as_ref()
            .map(|condition| {
                Condition::builder()
                    .key(&condition.key)
                    .r#type(&condition.kind)
                    .value(&condition.value)
                    .build()
            })
            .transpose()?;
        let request = self
            .sdk()
            .await?
            .put_permission()
            .event_bus_name(bus_name)
            .statement_id(&statement.statement_id)
            .principal(&statement.principal)
            .action(&statement.action)
            .set_condition(condition);
        let result = self.call(PUT, || request.clone().send()).await;
        self.pages().policy_written(bus_name);
        result.map(drop)
    }

    /// Replaces the whole policy of a bus.
    pub async fn put_policy(&self, bus_name: &str, policy: &str) -> Result<(), AwsError> {
        let request = self
            .sdk()
            .await?
            .put_permission()
            .event_bus_name(bus_name)
            .policy(policy);
        let result = self.call(PUT, || request.clone().send()).await;
        self.pages().policy_written(bus_name);
        result.map(drop)
    }

    /// Takes one statement out of the policy; one that is not there, or whose
    /// bus is not there, is no error.
    pub async fn remove_permission(
        &self,
        bus_name: &str,
        statement_id: &str,
    ) -> Result<(), AwsError> {
        let request = self
            .sdk()
            .await?
            .remove_permission()
            .event_bus_name(bus_name)
            .statement_id(statement_id);
        let result = gone(self.call(REMOVE, || request.clone().send()).await);
        self.pages().policy_written(bus_name);
        result
    }

    /// Takes the whole policy away; no policy, or no bus, is no error.
    pub async fn remove_policy(&self, bus_name: &str) -> Result<(), AwsError> {
        let request = self
            .sdk()
            .await?
            .remove_permission()
            .event_bus_name(bus_name)
            .remove_all_permissions(true);
        let result = gone(self.call(REMOVE, || request.clone().send()).await);
        self.pages().policy_written(bus_name);
        result
    }
}
