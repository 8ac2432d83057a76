//! Rules: PutRule, DescribeRule, ListRules, DeleteRule.

use aws_sdk_eventbridge::operation::describe_rule::DescribeRuleOutput;
use aws_sdk_eventbridge::types::{Rule as SdkRule, RuleState};

use tokio::sync::OwnedMutexGuard;

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::{Events, set, text};

const PUT: Operation = Operation::write(Service::Events, "PutRule");
const DESCRIBE: Operation = Operation::read(Service::Events, "DescribeRule");
const LIST: Operation = Operation::read(Service::Events, "ListRules");
const DELETE: Operation = Operation::write(Service::Events, "DeleteRule");

/// The most rules that ListRules answers at once.
pub(in crate::aws) const RULES_PER_CALL: u8 = 100;

/// A rule as PutRule takes it. PutRule replaces: what is `None` becomes unset
/// (save on emulators that keep old values; send `description` as `""`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    pub name: String,
    /// Name or ARN; always named, `default` included.
    pub event_bus_name: String,
    pub event_pattern: Option<String>,
    pub schedule_expression: Option<String>,
    /// `ENABLED`, `DISABLED` or
    /// `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub state: String,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    /// Sent on create; AWS ignores them on an existing rule.
    pub tags: Tags,
}

/// A rule as EventBridge answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub arn: String,
    pub event_bus_name: String,
    pub event_pattern: Option<String>,
    pub schedule_expression: Option<String>,
    pub state: String,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    /// The AWS service that owns a managed rule.
    pub managed_by: Option<String>,
    /// The account that made the rule. ListRules does not tell it.
    pub created_by: Option<String>,
}

impl Events {
    /// Creates or replaces a rule; the answer is its ARN.
    ///
    /// # Errors
    /// `LimitExceeded` (300 rules a bus) and `Validation` are final; a fresh
    /// role is [`AwsError::cannot_be_assumed`].
    pub async fn put_rule(&self, rule: &RuleSettings) -> Result<String, AwsError> {
        let sent = self.bus(&rule.event_bus_name).await?;
        let request = self
            .sdk()
            .await?
            .put_rule()
            .name(&rule.name)
            .event_bus_name(&sent)
            .state(RuleState::from(rule.state.as_str()))
            .set_event_pattern(rule.event_pattern.clone())
            .set_schedule_expression(rule.schedule_expression.clone())
            .set_description(rule.description.clone())
            .set_role_arn(rule.role_arn.clone())
            .set_tags(super::tagging::to_sdk(&rule.tags));
        let _turn = self.rule_turn(&sent, &rule.name).await;
        self.pages().rule_unclear(&sent, &rule.name);
        let answer = self.call(PUT, || request.clone().send()).await?;
        let arn = text(answer.rule_arn);
        self.learn_account(&sent, &arn);
        self.pages().rule_written(&sent, rule, &arn);
        if !rule.tags.is_empty() {
            self.pages().tags.made(&arn, &rule.tags);
        }
        Ok(arn)
    }

    /// One rule with everything AWS tells of it, asked directly.
    pub async fn describe_rule(&self, bus: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        let sent = self.bus(bus).await?;
        let request = self
            .sdk()
            .await?
            .describe_rule()
            .event_bus_name(&sent)
            .name(name);
        let answer = found(self.call(DESCRIBE, || request.clone().send()).await)?;
        let rule = answer.map(Rule::from);
        if let Some(rule) = &rule {
            self.learn_account(&sent, &rule.arn);
        }
        Ok(rule)
    }

    /// All rules of a bus whose names start with `name_prefix`; `None` when
    /// there is no such bus. Rules carry no `created_by`.
    pub async fn list_rules(
        &self,
        bus: &str,
        name_prefix: Option<&str>,
    ) -> Result<Option<Vec<Rule>>, AwsError> {
        let sent = self.bus(bus).await?;
        let request = self
            .sdk()
            .await?
            .list_rules()
            .event_bus_name(&sent)
            .limit(RULES_PER_CALL.into())
            .set_name_prefix(name_prefix.map(str::to_owned));
        let mut rules = Vec::new();
        let mut token = None;
        loop {
            let page = self
                .call(LIST, || {
                    request.clone().set_next_token(token.clone()).send()
                })
                .await;
            let Some(page) = found(page)? else {
                return Ok(None);
            };
            rules.extend(page.rules.unwrap_or_default().into_iter().map(Rule::from));
            token = set(page.next_token);
            if token.is_none() {
                if let Some(rule) = rules.first() {
                    self.learn_account(&sent, &rule.arn);
                }
                return Ok(Some(rules));
            }
        }
    }

    /// Deletes a rule; one that is not there is no error (AWS says success
    /// even for a wrong bus, so name the bus).
    ///
    /// `force` allows deleting a *managed* rule; it removes no targets.
    ///
    /// # Errors
    /// `Validation` "Rule can't be deleted since it has targets" (see
    /// [`AwsError::has_targets`]).
    pub async fn delete_rule(&self, bus: &str, name: &str, force: bool) -> Result<(), AwsError> {
        let sent = self.bus(bus).await?;
        let request = self
            .sdk()
            .await?
            .delete_rule()
            .event_bus_name(&sent)
            .name(name)
            .set_force(force.then_some(true));
        let _turn = self.rule_turn(&sent, name).await;
        self.pages().rule_unclear(&sent, name);
        gone(self.call(DELETE, || request.clone().send()).await)?;
        self.pages().rule_deleted(&sent, name);
        Ok(())
    }

    /// One writer a rule: AWS refuses others (ConcurrentModification).
    pub(super) async fn rule_turn(&self, sent: &str, rule: &str) -> OwnedMutexGuard<()> {
        let locks = self.region.locks();
        locks.hold(&format!("writing rule {sent}/{rule}")).await
    }
}

impl From<DescribeRuleOutput> for Rule {
    fn from(sdk: DescribeRuleOutput) -> Self {
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            event_bus_name: text(sdk.event_bus_name),
            event_pattern: set(sdk.event_pattern),
            schedule_expression: set(sdk.schedule_expression),
            state: sdk.state.map(|v| v.as_str().to_owned()).unwrap_or_default(),
            description: set(sdk.description),
            role_arn: set(sdk.role_arn),
            managed_by: set(sdk.managed_by),
            created_by: set(sdk.created_by),
        }
    }
}

impl From<SdkRule> for Rule {
    fn from(sdk: SdkRule) -> Self {
        Self {
            name: text(sdk.name),
            arn: text(sdk.arn),
            event_bus_name: text(sdk.event_bus_name),
            event_pattern: set(sdk.event_pattern),
            schedule_expression: set(sdk.schedule_expression),
            state: sdk.state.map(|v| v.as_str().to_owned()).unwrap_or_default(),
            description: set(sdk.description),
            role_arn: set(sdk.role_arn),
            managed_by: set(sdk.managed_by),
            created_by: None,
        }
    }
}
