//! A target's parameter blocks to and from the SDK's types.

use aws_sdk_eventbridge::error::BuildError;
use aws_sdk_eventbridge::types as sdk;

use super::tagging;
use super::target::{
    AppSync, AwsVpc, Batch, CapacityProvider, DeadLetterConfig, Ecs, Http, InputTransformer,
    Kinesis, NetworkConfiguration, PlacementConstraint, PlacementStrategy, Redshift, RetryPolicy,
    RunCommandTarget, SageMakerParameter, Sqs, Target,
};

/// `None` for an empty list or map: an absent one is how AWS has "none".
fn some<C: IntoIterator + Default + PartialEq>(items: C) -> Option<C> {
    (items != C::default()).then_some(items)
}

impl Target {
    /// The request entry.
    pub(super) fn to_sdk(&self) -> Result<sdk::Target, BuildError> {
        sdk::Target::builder()
            .id(&self.id)
            .arn(&self.arn)
            .set_role_arn(self.role_arn.clone())
            .set_input(self.input.clone())
            .set_input_path(self.input_path.clone())
            .set_input_transformer(transpose(
                &self.input_transformer,
                InputTransformer::to_sdk,
            )?)
            .set_kinesis_parameters(transpose(&self.kinesis, Kinesis::to_sdk)?)
            .set_run_command_parameters(run_command(&self.run_command)?)
            .set_ecs_parameters(transpose(&self.ecs, Ecs::to_sdk)?)
            .set_batch_parameters(transpose(&self.batch, Batch::to_sdk)?)
            .set_sqs_parameters(self.sqs.as_ref().map(Sqs::to_sdk))
            .set_http_parameters(self.http.as_ref().map(Http::to_sdk))
            .set_redshift_data_parameters(transpose(&self.redshift, Redshift::to_sdk)?)
            .set_sage_maker_pipeline_parameters(transpose(&self.sagemaker, |v| sagemaker(v))?)
            .set_dead_letter_config(self.dead_letter.as_ref().map(DeadLetterConfig::to_sdk))
            .set_retry_policy(self.retry_policy.as_ref().map(RetryPolicy::to_sdk))
            .set_app_sync_parameters(self.appsync.as_ref().map(AppSync::to_sdk))
            .build()
    }
}

impl From<sdk::Target> for Target {
    fn from(from: sdk::Target) -> Self {
        Self {
            id: from.id,
            arn: from.arn,
            role_arn: from.role_arn.filter(|text| !text.is_empty()),
            input: from.input,
            input_path: from.input_path,
            input_transformer: from.input_transformer.map(|block| InputTransformer {
                input_paths: block
                    .input_paths_map
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
                input_template: block.input_template,
            }),
            kinesis: from.kinesis_parameters.map(|block| Kinesis {
                partition_key_path: block.partition_key_path,
            }),
            run_command: from
                .run_command_parameters
                .map(|block| block.run_command_targets)
                .unwrap_or_default()
                .into_iter()
                .map(|target| RunCommandTarget {
                    key: target.key,
                    values: target.values,
                })
                .collect(),
            ecs: from.ecs_parameters.map(Ecs::from),
            batch: from.batch_parameters.map(|block| Batch {
                job_definition: block.job_definition,
                job_name: block.job_name,
                array_size: block.array_properties.map(|array| array.size),
                job_attempts: block.retry_strategy.map(|retry| retry.attempts),
            }),
            sqs: from.sqs_parameters.map(|block| Sqs {
                message_group_id: block.message_group_id,
            }),
            http: from.http_parameters.map(|block| Http {
                path_parameter_values: block.path_parameter_values.unwrap_or_default(),
                header_parameters: block
                    .header_parameters
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
                query_string_parameters: block
                    .query_string_parameters
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
            }),
            redshift: from.redshift_data_parameters.map(|block| Redshift {
                database: block.database,
                db_user: block.db_user,
                secrets_manager_arn: block.secret_manager_arn,
                sql: block.sql,
                sqls: block.sqls.unwrap_or_default(),
                statement_name: block.statement_name,
                with_event: block.with_event,
            }),
            sagemaker: from.sage_maker_pipeline_parameters.map(|block| {
                block
                    .pipeline_parameter_list
                    .unwrap_or_default()
                    .into_iter()
                    .map(|parameter| SageMakerParameter {
                        name: parameter.name,
                        value: parameter.value,
                    })
                    .collect()
            }),
            dead_letter: from.dead_letter_config.map(|block| DeadLetterConfig {
                arn: block.arn.filter(|text| !text.is_empty()),
            }),
            retry_policy: from.retry_policy.map(|block| RetryPolicy {
                maximum_event_age_in_seconds: block.maximum_event_age_in_seconds,
                maximum_retry_attempts: block.maximum_retry_attempts,
            }),
            appsync: from.app_sync_parameters.map(|block| AppSync {
                graphql_operation: block.graph_ql_operation,
            }),
        }
    }
}

/// `Option::map` for a conversion that can fail.
fn transpose<T, S>(
    block: &Option<T>,
    to_sdk: impl FnOnce(&T) -> Result<S, BuildError>,
) -> Result<Option<S>, BuildError> {
    block.as_ref().map(to_sdk).transpose()
}

impl InputTransformer {
    fn to_sdk(&self) -> Result<sdk::InputTransformer, BuildError> {
        sdk::InputTransformer::builder()
            .set_input_paths_map(
                some(self.input_paths.clone()).map(|map| map.into_iter().collect()),
            )
            .input_template(&self.input_template)
            .build()
    }
}

impl Kinesis {
    fn to_sdk(&self) -> Result<sdk::KinesisParameters, BuildError> {
        sdk::KinesisParameters::builder()
            .partition_key_path(&self.partition_key_path)
            .build()
    }
}

fn run_command(
    targets: &[RunCommandTarget],
) -> Result<Option<sdk::RunCommandParameters>, BuildError> {
    if targets.is_empty() {
        return Ok(None);
    }
    let targets = targets
        .iter()
        .map(|target| {
            sdk::RunCommandTarget::builder()
                .key(&target.key)
                .set_values(Some(target.values.clone()))
                .build()
        })
        .collect::<Result<_, _>>()?;
    sdk::RunCommandParameters::builder()
        .set_run_command_targets(Some(targets))
        .build()
        .map(Some)
}

impl Ecs {
    fn to_sdk(&self) -> Result<sdk::EcsParameters, BuildError> {
        let strategy = self
            .capacity_provider_strategy
            .iter()
            .map(|item| {
                sdk::CapacityProviderStrategyItem::builder()
                    .capacity_provider(&item.capacity_provider)
                    .weight(item.weight)
                    .base(item.base)
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()?;
        let constraints = self.placement_constraints.iter().map(|constraint| {
            sdk::PlacementConstraint::builder()
                .set_type(constraint.kind.as_deref().map(Into::into))
                .set_expression(constraint.expression.clone())
                .build()
        });
        let placement = self.placement_strategy.iter().map(|strategy| {
            sdk::PlacementStrategy::builder()
                .set_type(strategy.kind.as_deref().map(Into::into))
                .set_field(strategy.field.clone())
                .build()
        });
        sdk::EcsParameters::builder()
            .task_definition_arn(&self.task_definition_arn)
            .set_task_count(self.task_count)
            .set_launch_type(self.launch_type.as_deref().map(Into::into))
            .set_network_configuration(transpose(
                &self.network_configuration,
                NetworkConfiguration::to_sdk,
            )?)
            .set_platform_version(self.platform_version.clone())
            .set_group(self.group.clone())
            .set_capacity_provider_strategy(some(strategy))
            .enable_ecs_managed_tags(self.enable_ecs_managed_tags)
            .enable_execute_command(self.enable_execute_command)
            .set_placement_constraints(some(constraints.collect::<Vec<_>>()))
            .set_placement_strategy(some(placement.collect::<Vec<_>>()))
            .set_propagate_tags(self.propagate_tags.as_deref().map(Into::into))
            .set_reference_id(self.reference_id.clone())
            .set_tags(tagging::to_sdk(&self.tags))
            .build()
    }
}

impl From<sdk::EcsParameters> for Ecs {
    fn from(from: sdk::EcsParameters) -> Self {
        Self {
            task_definition_arn: from.task_definition_arn,
            task_count: from.task_count,
            launch_type: from.launch_type.map(|v| v.as_str().to_owned()),
            network_configuration: from
                .network_configuration
                .map(|block| NetworkConfiguration {
                    aws_vpc: block.awsvpc_configuration.map(|vpc| AwsVpc {
                        subnets: vpc.subnets,
                        security_groups: vpc.security_groups.unwrap_or_default(),
                        assign_public_ip: vpc.assign_public_ip.map(|v| v.as_str().to_owned()),
                    }),
                }),
            platform_version: from.platform_version,
            group: from.group,
            capacity_provider_strategy: from
                .capacity_provider_strategy
                .unwrap_or_default()
                .into_iter()
                .map(|item| CapacityProvider {
                    capacity_provider: item.capacity_provider,
                    weight: item.weight,
                    base: item.base,
                })
                .collect(),
            enable_ecs_managed_tags: from.enable_ecs_managed_tags,
            enable_execute_command: from.enable_execute_command,
            placement_constraints: from
                .placement_constraints
                .unwrap_or_default()
                .into_iter()
                .map(|constraint| PlacementConstraint {
                    kind: constraint.r#type.map(|v| v.as_str().to_owned()),
                    expression: constraint.expression,
                })
                .collect(),
            placement_strategy: from
                .placement_strategy
                .unwrap_or_default()
                .into_iter()
                .map(|strategy| PlacementStrategy {
                    kind: strategy.r#type.map(|v| v.as_str().to_owned()),
                    field: strategy.field,
                })
                .collect(),
            propagate_tags: from.propagate_tags.map(|v| v.as_str().to_owned()),
            reference_id: from.reference_id,
            tags: tagging::from_sdk(from.tags),
        }
    }
}

impl NetworkConfiguration {
    fn to_sdk(&self) -> Result<sdk::NetworkConfiguration, BuildError> {
        let vpc = transpose(&self.aws_vpc, |vpc| {
            sdk::AwsVpcConfiguration::builder()
                .set_subnets(Some(vpc.subnets.clone()))
                .set_security_groups(some(vpc.security_groups.clone()))
                .set_assign_public_ip(vpc.assign_public_ip.as_deref().map(Into::into))
                .build()
        })?;
        Ok(sdk::NetworkConfiguration::builder()
            .set_awsvpc_configuration(vpc)
            .build())
    }
}

impl Batch {
    fn to_sdk(&self) -> Result<sdk::BatchParameters, BuildError> {
        let array = |size| sdk::BatchArrayProperties::builder().size(size).build();
        let retry = |attempts| {
            sdk::BatchRetryStrategy::builder()
                .attempts(attempts)
                .build()
        };
        sdk::BatchParameters::builder()
            .job_definition(&self.job_definition)
            .job_name(&self.job_name)
            .set_array_properties(self.array_size.map(array))
            .set_retry_strategy(self.job_attempts.map(retry))
            .build()
    }
}

impl Sqs {
    fn to_sdk(&self) -> sdk::SqsParameters {
        sdk::SqsParameters::builder()
            .set_message_group_id(self.message_group_id.clone())
            .build()
    }
}

impl Http {
    fn to_sdk(&self) -> sdk::HttpParameters {
        sdk::HttpParameters::builder()
            .set_path_parameter_values(some(self.path_parameter_values.clone()))
            .set_header_parameters(
                some(self.header_parameters.clone()).map(|map| map.into_iter().collect()),
            )
            .set_query_string_parameters(
                some(self.query_string_parameters.clone()).map(|map| map.into_iter().collect()),
            )
            .build()
    }
}

impl Redshift {
    fn to_sdk(&self) -> Result<sdk::RedshiftDataParameters, BuildError> {
        sdk::RedshiftDataParameters::builder()
            .database(&self.database)
            .set_db_user(self.db_user.clone())
            .set_secret_manager_arn(self.secrets_manager_arn.clone())
            .set_sql(self.sql.clone())
            .set_sqls(some(self.sqls.clone()))
            .set_statement_name(self.statement_name.clone())
            .with_event(self.with_event)
            .build()
    }
}

fn sagemaker(
    parameters: &[SageMakerParameter],
) -> Result<sdk::SageMakerPipelineParameters, BuildError> {
    let parameters = parameters
        .iter()
        .map(|parameter| {
            sdk::SageMakerPipelineParameter::builder()
                .name(&parameter.name)
                .value(&parameter.value)
                .build()
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sdk::SageMakerPipelineParameters::builder()
        .set_pipeline_parameter_list(some(parameters))
        .build())
}

impl DeadLetterConfig {
    fn to_sdk(&self) -> sdk::DeadLetterConfig {
        sdk::DeadLetterConfig::builder()
            .set_arn(self.arn.clone())
            .build()
    }
}

impl RetryPolicy {
    fn to_sdk(&self) -> sdk::RetryPolicy {
        sdk::RetryPolicy::builder()
            .set_maximum_event_age_in_seconds(self.maximum_event_age_in_seconds)
            .set_maximum_retry_attempts(self.maximum_retry_attempts)
            .build()
    }
}

impl AppSync {
    fn to_sdk(&self) -> sdk::AppSyncParameters {
        sdk::AppSyncParameters::builder()
            .set_graph_ql_operation(self.graphql_operation.clone())
            .build()
    }
}
