//! `ecs_target`: a task that is run on an ECS cluster.

use crate::provider::types::Type;
use crate::provider::{Attribute, Check, NestedBlock};

pub fn ecs() -> NestedBlock {
    let arguments = [
        Attribute::string("task_definition_arn")
            .required()
            .check(Check::arn())
            .describe("ARN of the task definition."),
        Attribute::number("task_count")
            .default(1)
            .check(Check::range(1, i64::from(i32::MAX)))
            .describe("How many tasks are run. Defaults to 1."),
        Attribute::string("launch_type")
            .optional()
            .check(Check::one_of(&["EC2", "FARGATE", "EXTERNAL"]))
            .describe(
                "`EC2`, `FARGATE` (needs `network_configuration`) or `EXTERNAL`. Conflicts with \
                 `capacity_provider_strategy`.",
            ),
        Attribute::string("platform_version")
            .optional()
            .check(Check::length(1, 1600))
            .describe("Platform version of Fargate tasks: the number alone, such as `1.1.0`."),
        Attribute::string("group")
            .optional()
            .check(Check::length(1, 255))
            .describe("Task group."),
        Attribute::bool("enable_ecs_managed_tags")
            .default(false)
            .describe("Whether ECS tags the tasks with cluster and service."),
        Attribute::bool("enable_execute_command")
            .default(false)
            .describe("Whether commands may be run in the tasks' containers."),
        Attribute::string("propagate_tags")
            .optional()
            .check(Check::one_of(&["TASK_DEFINITION"]))
            .describe("`TASK_DEFINITION`: tags of the task definition go to the tasks."),
        Attribute::new("tags", Type::map(Type::String))
            .optional()
            .describe("Tags of the tasks."),
    ];
    let mut block = NestedBlock::list("ecs_target")
        .max(1)
        .describe("For an ECS cluster: the task that is run.");
    for argument in arguments {
        block = block.attribute(argument);
    }
    block
        .block(network())
        .block(capacity_provider())
        .block(placement_constraint())
        .block(placement_strategy())
}

fn network() -> NestedBlock {
    NestedBlock::list("network_configuration")
        .max(1)
        .describe("Network of tasks in `awsvpc` mode; Fargate needs it.")
        .attribute(
            Attribute::new("subnets", Type::set(Type::String))
                .required()
                .describe("Subnets of the tasks."),
        )
        .attribute(
            Attribute::new("security_groups", Type::set(Type::String))
                .optional()
                .describe("Security groups of the tasks; the VPC's default without it."),
        )
        .attribute(
            Attribute::bool("assign_public_ip")
                .default(false)
                .describe("Whether tasks get a public IP address (Fargate only)."),
        )
}

fn capacity_provider() -> NestedBlock {
    NestedBlock::set("capacity_provider_strategy")
        .describe("Capacity providers, at most 6. Conflicts with `launch_type`.")
        .attribute(
            Attribute::string("capacity_provider")
                .required()
                .check(Check::length(1, 255))
                .describe("Short name of the capacity provider."),
        )
        .attribute(
            Attribute::number("base")
                .default(0)
                .check(Check::range(0, 100_000))
                .describe("How many tasks run on it at least."),
        )
        .attribute(
            Attribute::number("weight")
                .default(0)
                .check(Check::range(0, 1_000))
                .describe("Its share of the tasks, beside the other providers' weights."),
        )
}

fn placement_constraint() -> NestedBlock {
    NestedBlock::set("placement_constraint")
        .max(10)
        .describe("Where tasks may be placed, at most 10.")
        .attribute(
            Attribute::string("type")
                .required()
                .check(Check::one_of(&["distinctInstance", "memberOf"]))
                .describe("`distinctInstance` or `memberOf`."),
        )
        .attribute(
            Attribute::string("expression")
                .optional()
                .check(Check::length(1, 2000))
                .describe("Cluster query of `memberOf`."),
        )
}

fn placement_strategy() -> NestedBlock {
    NestedBlock::list("ordered_placement_strategy")
        .max(5)
        .describe("How instances are chosen, the first first, at most 5.")
        .attribute(
            Attribute::string("type")
                .required()
                .check(Check::one_of(&["random", "spread", "binpack"]))
                .describe("`random`, `spread` or `binpack`."),
        )
        .attribute(
            Attribute::string("field")
                .optional()
                .check(Check::length(1, 255))
                .describe("What tasks are spread over or packed by."),
        )
}
