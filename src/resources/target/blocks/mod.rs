//! The blocks of a target, one for each kind of destination or delivery.

mod delivery;
mod ecs;
mod services;

use crate::provider::NestedBlock;

/// All of them, by name.
pub fn all() -> Vec<NestedBlock> {
    vec![
        services::appsync(),
        services::batch(),
        delivery::dead_letter(),
        ecs::ecs(),
        services::http(),
        delivery::input_transformer(),
        services::kinesis(),
        services::redshift(),
        delivery::retry_policy(),
        services::run_command(),
        services::sagemaker(),
        services::sqs(),
    ]
}
