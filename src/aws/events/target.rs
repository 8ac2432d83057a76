//! Targets of a rule: PutTargets, ListTargetsByRule, RemoveTargets.

use std::collections::BTreeMap;

use aws_sdk_eventbridge::operation::put_targets::PutTargetsOutput;
use aws_sdk_eventbridge::operation::remove_targets::RemoveTargetsOutput;

use super::super::call::{Operation, found, gone};
use super::super::error::{AwsError, FailedEntry};
use super::super::service::Service;
use super::super::tags::Tags;
use super::{Events, set};

const PUT: Operation = Operation::write(Service::Events, "PutTargets");
const LIST: Operation = Operation::read(Service::Events, "ListTargetsByRule");
const REMOVE: Operation = Operation::write(Service::Events, "RemoveTargets");

/// Entries that PutTargets and RemoveTargets take in one call.
pub(in super::super) const ENTRIES_PER_CALL: usize = 10;

/// One target, as PutTargets takes it and ListTargetsByRule answers it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Target {
    pub id: String,
    pub arn: String,
    pub role_arn: Option<String>,
    /// JSON text; excludes `input_path` and `input_transformer`.
    pub input: Option<String>,
    pub input_path: Option<String>,
    pub input_transformer: Option<InputTransformer>,
    pub kinesis: Option<Kinesis>,
    /// `RunCommandParameters`; absent and empty are the same.
    pub run_command: Vec<RunCommandTarget>,
    pub ecs: Option<Ecs>,
    pub batch: Option<Batch>,
    pub sqs: Option<Sqs>,
    pub http: Option<Http>,
    pub redshift: Option<Redshift>,
    /// `SageMakerPipelineParameters`; `None` where the block is absent.
    pub sagemaker: Option<Vec<SageMakerParameter>>,
    pub dead_letter: Option<DeadLetterConfig>,
    pub retry_policy: Option<RetryPolicy>,
    pub appsync: Option<AppSync>,
}

/// `InputTransformer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputTransformer {
    /// Placeholder to path; `InputPathsMap`.
    pub input_paths: BTreeMap<String, String>,
    pub input_template: String,
}

/// `KinesisParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinesis {
    pub partition_key_path: String,
}

/// One entry of `RunCommandParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunCommandTarget {
    pub key: String,
    pub values: Vec<String>,
}

/// `EcsParameters`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ecs {
    pub task_definition_arn: String,
    pub task_count: Option<i32>,
    pub launch_type: Option<String>,
    pub network_configuration: Option<NetworkConfiguration>,
    pub platform_version: Option<String>,
    pub group: Option<String>,
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    pub enable_ecs_managed_tags: bool,
    pub enable_execute_command: bool,
    pub placement_constraints: Vec<PlacementConstraint>,
    pub placement_strategy: Vec<PlacementStrategy>,
    pub propagate_tags: Option<String>,
    pub reference_id: Option<String>,
    pub tags: Tags,
}

/// `NetworkConfiguration`; the API has one kind, `awsvpcConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkConfiguration {
    pub aws_vpc: Option<AwsVpc>,
}

/// `AwsVpcConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsVpc {
    pub subnets: Vec<String>,
    pub security_groups: Vec<String>,
    /// `ENABLED` or `DISABLED`.
    pub assign_public_ip: Option<String>,
}

/// One `CapacityProviderStrategyItem`; AWS answers 0 for what was not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapacityProvider {
    pub capacity_provider: String,
    pub weight: i32,
    pub base: i32,
}

/// One `PlacementConstraint`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacementConstraint {
    /// `distinctInstance` or `memberOf`.
    pub kind: Option<String>,
    pub expression: Option<String>,
}

/// One `PlacementStrategy`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacementStrategy {
    /// `random`, `spread` or `binpack`.
    pub kind: Option<String>,
    pub field: Option<String>,
}

/// `BatchParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub job_definition: String,
    pub job_name: String,
    /// `ArrayProperties.Size`.
    pub array_size: Option<i32>,
    /// `RetryStrategy.Attempts`.
    pub job_attempts: Option<i32>,
}

/// `SqsParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sqs {
    pub message_group_id: Option<String>,
}

/// `HttpParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    pub path_parameter_values: Vec<String>,
    pub header_parameters: BTreeMap<String, String>,
    pub query_string_parameters: BTreeMap<String, String>,
}

/// `RedshiftDataParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redshift {
    pub database: String,
    pub db_user: Option<String>,
    pub secrets_manager_arn: Option<String>,
    pub sql: Option<String>,
    pub sqls: Vec<String>,
    pub statement_name: Option<String>,
    pub with_event: bool,
}

/// One entry of `SageMakerPipelineParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SageMakerParameter {
    pub name: String,
    pub value: String,
}

/// `DeadLetterConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeadLetterConfig {
    pub arn: Option<String>,
}

/// `RetryPolicy`; what is `None` is not sent (AWS then takes its default).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetryPolicy {
    pub maximum_event_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
}

/// `AppSyncParameters`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppSync {
    pub graphql_operation: Option<String>,
}

impl Events {
    /// Puts one target on a rule, replacing one of the same id.
    ///
    /// Targets of one rule put at about the same time travel in one call.
    ///
    /// # Errors
    /// What AWS says of this target in `FailedEntries` is its error, with code
    /// and message. `LimitExceeded`: the rule has five targets.
    pub async fn put_target(&self, bus: &str, rule: &str, target: &Target) -> Result<(), AwsError> {
        let sent = self.bus(bus).await?;
        let place = format!("{sent}\n{rule}");
        let gather = self.region.puts();
        loop {
            let sender = |targets: Vec<Target>| async {
                let _turn = self.rule_turn(&sent, rule).await;
                self.put_targets_as(&sent, rule, targets).await
            };
            let outcome = gather.send(&place, &target.id, target.clone(), sender);
            if let Some(outcome) = outcome.await {
                return outcome;
            }
        }
    }

    /// Takes one target off a rule; one that is not there, or whose rule is
    /// not there, is no error. `force` is for *managed* rules.
    pub async fn remove_target(
        &self,
        bus: &str,
        rule: &str,
        id: &str,
        force: bool,
    ) -> Result<(), AwsError> {
        let sent = self.bus(bus).await?;
        let place = format!("{sent}\n{rule}\n{force}");
        let gather = self.region.removals();
        loop {
            let sender = |ids: Vec<String>| async {
                let _turn = self.rule_turn(&sent, rule).await;
                self.remove_targets_as(&sent, rule, ids, force).await
            };
            if let Some(outcome) = gather.send(&place, id, id.to_owned(), sender).await {
                return outcome;
            }
        }
    }

    /// All targets of a rule, asked directly; `None` when there is no such
    /// rule (on emulators an empty list).
    pub async fn list_targets(
        &self,
        bus: &str,
        rule: &str,
    ) -> Result<Option<Vec<Target>>, AwsError> {
        let sent = self.bus(bus).await?;
        self.list_targets_as(&sent, rule).await
    }

    /// ListTargetsByRule of a bus as it is sent.
    pub(super) async fn list_targets_as(
        &self,
        sent: &str,
        rule: &str,
    ) -> Result<Option<Vec<Target>>, AwsError> {
        let request = self
            .sdk()
            .await?
            .list_targets_by_rule()
            .event_bus_name(sent)
            .rule(rule)
            .limit(100);
        let mut targets = Vec::new();
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
            targets.extend(
                page.targets
                    .unwrap_or_default()
                    .into_iter()
                    .map(Target::from),
            );
            token = set(page.next_token);
            if token.is_none() {
                return Ok(Some(targets));
            }
        }
    }

    /// PutTargets of up to [`ENTRIES_PER_CALL`] targets: one result each.
    pub(super) async fn put_targets_as(
        &self,
        sent: &str,
        rule: &str,
        targets: Vec<Target>,
    ) -> Vec<Result<(), AwsError>> {
        let entries = targets.iter().map(Target::to_sdk);
        let (sdk, entries) = match (self.sdk().await, entries.collect::<Result<Vec<_>, _>>()) {
            (Ok(sdk), Ok(entries)) => (sdk, entries),
            (Err(error), _) => return vec![Err(error); targets.len()],
            (_, Err(error)) => return vec![Err(error.into()); targets.len()],
        };
        let ids: Vec<&str> = targets.iter().map(|target| target.id.as_str()).collect();
        for id in &ids {
            self.pages().target_unclear(sent, rule, id);
        }
        let send = |wanted: Vec<usize>| {
            sdk.put_targets()
                .event_bus_name(sent)
                .rule(rule)
                .set_targets(Some(wanted.iter().map(|&i| entries[i].clone()).collect()))
                .send()
        };
        let results = self.call_entries(PUT, &ids, send, put_refused).await;
        for (result, target) in results.iter().zip(&targets) {
            if result.is_ok() {
                let written = Some(target.clone());
                self.pages().target_written(sent, rule, &target.id, written);
            }
        }
        results
    }

    /// RemoveTargets of up to [`ENTRIES_PER_CALL`] ids: one result each.
    async fn remove_targets_as(
        &self,
        sent: &str,
        rule: &str,
        ids: Vec<String>,
        force: bool,
    ) -> Vec<Result<(), AwsError>> {
        let sdk = match self.sdk().await {
            Ok(sdk) => sdk,
            Err(error) => return vec![Err(error); ids.len()],
        };
        let names: Vec<&str> = ids.iter().map(String::as_str).collect();
        for id in &ids {
            self.pages().target_unclear(sent, rule, id);
        }
        let send = |wanted: Vec<usize>| {
            sdk.remove_targets()
                .event_bus_name(sent)
                .rule(rule)
                .set_force(force.then_some(true))
                .set_ids(Some(wanted.iter().map(|&i| ids[i].clone()).collect()))
                .send()
        };
        let results = self
            .call_entries(REMOVE, &names, send, remove_refused)
            .await;
        // No target, or no rule: what was asked for is so.
        let results: Vec<_> = results.into_iter().map(gone).collect();
        for (result, id) in results.iter().zip(&ids) {
            if result.is_ok() {
                self.pages().target_written(sent, rule, id, None);
            }
        }
        results
    }
}

fn put_refused(answer: PutTargetsOutput) -> Vec<FailedEntry> {
    let entries = answer.failed_entries.unwrap_or_default().into_iter();
    entries
        .map(|entry| FailedEntry {
            id: entry.target_id,
            code: entry.error_code,
            message: entry.error_message,
        })
        .collect()
}

fn remove_refused(answer: RemoveTargetsOutput) -> Vec<FailedEntry> {
    let entries = answer.failed_entries.unwrap_or_default().into_iter();
    entries
        .map(|entry| FailedEntry {
            id: entry.target_id,
            code: entry.error_code,
            message: entry.error_message,
        })
        .collect()
}
