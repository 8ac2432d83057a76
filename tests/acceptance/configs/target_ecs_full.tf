resource "eventbridge_rule" "test" {
  name                = "tasks"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "full"
  arn       = "arn:aws:ecs:${var.region}:${var.account}:cluster/main"
  role_arn  = "arn:aws:iam::${var.account}:role/events"
  input     = jsonencode({ containerOverrides = [{ name = "app", command = ["bin/run"] }] })

  ecs_target {
    task_count              = 1
    task_definition_arn     = "arn:aws:ecs:${var.region}:${var.account}:task-definition/task:3"
    launch_type             = "EC2"
    group                   = "service:app"
    enable_execute_command  = true
    enable_ecs_managed_tags = true
    propagate_tags          = "TASK_DEFINITION"
    tags                    = { Env = "test" }

    placement_constraint {
      type = "distinctInstance"
    }
    placement_constraint {
      type       = "memberOf"
      expression = "attribute:ecs.instance-type =~ t3.*"
    }

    ordered_placement_strategy {
      type  = "spread"
      field = "attribute:ecs.availability-zone"
    }
    ordered_placement_strategy {
      type  = "binpack"
      field = "memory"
    }
  }
}
