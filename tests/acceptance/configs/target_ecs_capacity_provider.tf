resource "eventbridge_rule" "test" {
  name                = "tasks"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "capacity"
  arn       = "arn:aws:ecs:${var.region}:${var.account}:cluster/main"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  ecs_target {
    task_definition_arn = "arn:aws:ecs:${var.region}:${var.account}:task-definition/task:3"

    capacity_provider_strategy {
      capacity_provider = "FARGATE_SPOT"
      base              = 1
      weight            = 100
    }
    capacity_provider_strategy {
      capacity_provider = "FARGATE"
      weight            = 1
    }

    network_configuration {
      subnets = ["subnet-0a1b2c3d"]
    }
  }
}
