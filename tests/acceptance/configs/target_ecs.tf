# Fargate with its network, and the two ways to leave the launch type open.
locals {
  cluster = "arn:aws:ecs:${var.region}:${var.account}:cluster/main"
  role    = "arn:aws:iam::${var.account}:role/events"
  task    = "arn:aws:ecs:${var.region}:${var.account}:task-definition/task"
}

resource "eventbridge_rule" "test" {
  name                = "tasks"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "fargate" {
  rule      = eventbridge_rule.test.name
  target_id = "fargate"
  arn       = local.cluster
  role_arn  = local.role

  ecs_target {
    task_count          = 1
    task_definition_arn = local.task
    launch_type         = "FARGATE"
    platform_version    = "1.4.0"

    network_configuration {
      subnets          = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
      security_groups  = ["sg-0a1b2c3d"]
      assign_public_ip = true
    }
  }
}

resource "eventbridge_target" "no_launch_type" {
  rule      = eventbridge_rule.test.name
  target_id = "no-launch-type"
  arn       = local.cluster
  role_arn  = local.role

  ecs_target {
    task_count          = 2
    task_definition_arn = local.task

    network_configuration {
      subnets = ["subnet-0a1b2c3d"]
    }
  }
}

resource "eventbridge_target" "blank" {
  rule      = eventbridge_rule.test.name
  target_id = "blank"
  arn       = local.cluster
  role_arn  = local.role

  ecs_target {
    task_definition_arn = local.task
    launch_type         = ""
  }
}
